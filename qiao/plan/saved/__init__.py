"""A plan in a form that lasts: printed by `--json`, written by `--save`, read by `--diff`."""

from __future__ import annotations

from qiao.plan.saved.file import load, save, text_of_document
from qiao.plan.saved.make import document
from qiao.plan.saved.model import VERSION, Document, Options, SavedFinding, SavedResource

__all__ = [
    "VERSION",
    "Document",
    "Options",
    "SavedFinding",
    "SavedResource",
    "document",
    "load",
    "save",
    "text_of_document",
]
