"""Strict bodies: every field known, every required one there, every type exact (True is no number, 1.0 no integer)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

Shape = Mapping[str, Any]
"""Field names (an optional one ends in `?`) and for each a type, a Shape, or a list of one Shape. `Any` is anything."""

Actions = dict[str, tuple[Shape, Callable[[dict[str, Any]], dict[str, Any]]]]
"""An API's actions: the shape of the body, and what answers it."""


def troubles(shape: Shape, body: Any, path: str = "") -> Iterator[str]:
    """What is wrong with a body, field by field."""
    if not isinstance(body, dict):
        yield f"{path or 'body'} is no object"
        return
    fields = {name.rstrip("?"): kind for name, kind in shape.items()}
    for name in sorted(set(body) - set(fields)):
        yield f"{path}{name} is unknown"
    for name in shape:
        if not name.endswith("?") and name not in body:
            yield f"{path}{name} is missing"
    for name in sorted(set(body) & set(fields)):
        yield from _of_kind(fields[name], body[name], f"{path}{name}")


def _of_kind(kind: Any, value: Any, path: str) -> Iterator[str]:
    if isinstance(kind, list):
        if not isinstance(value, list):
            yield f"{path} is no list"
            return
        for place, item in enumerate(value):
            yield from _of_kind(kind[0], item, f"{path}[{place}]")
    elif isinstance(kind, Mapping):
        yield from troubles(kind, value, f"{path}.")
    elif kind is not Any and type(value) is not kind:
        yield f"{path} is {type(value).__name__}, not {kind.__name__}"
