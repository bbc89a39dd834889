"""Rules: what the clouds' providers accept, and checking a recording against it."""

from qiao.plan.rules.check import check
from qiao.plan.rules.finding import Finding
from qiao.plan.rules.table import Rules

__all__ = ["Finding", "Rules", "check"]
