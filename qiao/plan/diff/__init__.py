"""What differs between two plans of a stage."""

from __future__ import annotations

from qiao.plan.diff.compare import compare
from qiao.plan.diff.model import Change, Difference, FieldChange, Problem

__all__ = ["Change", "Difference", "FieldChange", "Problem", "compare"]
