"""Checks on plain values that several Args share. An Output is not known yet and passes unchecked."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import Any

import pulumi

from components.errors import UserError


def is_plain(value: Any) -> bool:
    """Whether a value is known now: neither an Output, nor None."""
    return value is not None and not isinstance(value, pulumi.Output)


MOST_SHOWN = 60
"""Characters of a wrong value that an error repeats."""


def shown(value: Any) -> str:
    """A wrong value as an error repeats it: quoted, on one line, not the whole of a long one."""
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


def in_range(where: str, value: Any, low: float, high: float, unit: str = "") -> None:
    """Refuse a known number outside `low..high` (both allowed)."""
    if is_plain(value) and not low <= value <= high:
        raise UserError(where, f"{value} is out of range", f"use {low} to {high}{' ' + unit if unit else ''}")


def multiple_of(where: str, value: Any, step: int) -> None:
    """Refuse a known number that is no multiple of `step`."""
    if is_plain(value) and value % step:
        raise UserError(where, f"{value} is not a multiple of {step}", f"use a multiple of {step}")


def one_of(where: str, value: Any, allowed: Collection[str]) -> None:
    """Refuse a known word that is not in `allowed`."""
    if is_plain(value) and value not in allowed:
        raise UserError(where, f"{shown(value)} is unknown", "use one of " + ", ".join(sorted(allowed)))


def matches(where: str, value: Any, pattern: str, meaning: str) -> None:
    """Refuse a known text that does not match `pattern` whole; `meaning` says the pattern in words."""
    if is_plain(value) and not re.fullmatch(pattern, value):
        raise UserError(where, f"{shown(value)} is not valid", f"use {meaning}")


def unique(where: str, values: Iterable[str]) -> None:
    """Refuse a value given twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise UserError(where, f"{shown(value)} is given twice", "give each once")
        seen.add(value)
