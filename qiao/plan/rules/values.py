"""Checks every value of a resource's inputs, at any depth, against its shape and its limits."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from qiao.plan.rules.finding import Findings
from qiao.plan.rules.limits import broken_limit, broken_size, shown
from qiao.plan.rules.shape import Shape
from qiao.plan.rules.table import Rules
from qiao.plan.wire import SIGNATURE, Secret, Unknown

WORDS = {
    "string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
    "list": "a list", "map": "a map", "object": "an object",
}  # fmt: skip
KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "list": list, "map": dict, "object": dict,
}  # fmt: skip


@dataclass(frozen=True)
class Walk:
    """One walk through a resource's inputs."""

    rules: Rules
    placeholders: Collection[str]
    """Texts that stand for secrets nobody here can see: whatever holds one is not checked for its content."""
    findings: Findings

    def properties(self, value: Mapping[str, Any], shape: Shape, path: str, at: str, *, secret: bool = False) -> None:
        """Check an object: which properties it has, and each of them.

        Args:
            value: the object.
            shape: its shape.
            path: its dotted path, as the table has it; empty for the inputs as a whole.
            at: its path with indices, as messages have it.
            secret: whether it lies inside a secret.
        """
        for name, item in value.items():
            inner = f"{at}.{name}" if at else name
            known = shape.properties.get(name)
            if known is None:
                self.findings.add(inner, f"unknown property{_meant(name, shape.properties)}")
            elif item is not None:
                self.value(item, known, f"{path}.{name}" if path else name, inner, secret=secret)
        for name in sorted(shape.required):
            if value.get(name) is None:
                self.findings.add(f"{at}.{name}" if at else name, "missing, and required")

    def value(self, value: Any, shape: Shape, path: str, at: str, *, secret: bool) -> None:
        """Check one property's value."""
        limits = self.rules.fields.get(path, {})
        if isinstance(value, Secret):
            value, secret = value.value, True
        elif "secret" in limits and not isinstance(value, Unknown) and not secret:
            self.findings.add(at, "a secret in clear: wrap it in pulumi.Output.secret")
        if "avoid" in limits and value is not None:
            self.findings.add(at, f"leave it out: {limits['avoid']}")
        self._content(value, shape, path, at, secret=secret)

    def _content(self, value: Any, shape: Shape, path: str, at: str, *, secret: bool) -> None:
        if isinstance(value, Secret):
            value, secret = value.value, True
        if value is None or isinstance(value, Unknown) or shape.kind == "any" or self._is_special(value):
            return
        if not _is_kind(value, shape):
            is_now = "" if isinstance(value, dict | list) else f", is {shown(value, secret=secret)}"
            self.findings.add(at, f"must be {WORDS[shape.kind]}{is_now or ', is ' + _word(value)}")
        elif shape.kind == "object":
            self.properties(value, shape, path, at, secret=secret)
        elif shape.kind == "map":
            self._size(value, path, at)
            for key, item in value.items():
                self._content(item, shape.item or shape, path, f'{at}["{key}"]', secret=secret)
        elif shape.kind == "list":
            self._list(value, shape, path, at, secret=secret)
        else:
            self._scalar(value, path, at, secret=secret)

    def _list(self, value: list[Any], shape: Shape, path: str, at: str, *, secret: bool) -> None:
        self._size(value, path, at)
        for place, item in enumerate(value):
            self._content(item, shape.item or shape, path, f"{at}[{place}]", secret=secret)

    def _size(self, value: Any, path: str, at: str) -> None:
        problem = broken_size(value, self.rules.fields.get(path, {}))
        if problem is not None:
            self.findings.add(at, problem)

    def _scalar(self, value: Any, path: str, at: str, *, secret: bool) -> None:
        limits = self.rules.fields.get(path)
        if limits and not self._is_placeholder(value):
            problem = broken_limit(value, limits)
            if problem is not None:
                is_now = "" if problem.startswith("has ") else f", is {shown(value, secret=secret)}"
                self.findings.add(at, problem + is_now)

    def _is_placeholder(self, value: Any) -> bool:
        return isinstance(value, str) and any(text in value for text in self.placeholders)

    @staticmethod
    def _is_special(value: Any) -> bool:
        """An asset, an archive or a reference to a resource: opaque here."""
        return isinstance(value, dict) and SIGNATURE in value


def _is_kind(value: Any, shape: Shape) -> bool:
    if isinstance(value, bool) and shape.kind != "boolean":
        return False
    return isinstance(value, KINDS[shape.kind])


def _word(value: Any) -> str:
    return "a list" if isinstance(value, list) else "an object"


def _meant(name: str, known: Collection[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f": did you mean {close[0]}?" if close else ""
