"""Conditions: where some inputs have certain values, limits of others hold, alone or against one another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from qiao.plan.rules.finding import Findings
from qiao.plan.rules.limits import broken_limit, shown
from qiao.plan.wire import Secret, Unknown, reveal


def is_set(value: Any) -> bool:
    """Whether a value is there: unknown counts, nothing and an empty list do not."""
    value = value.value if isinstance(value, Secret) else value
    return isinstance(value, Unknown) or (value is not None and value != [])


def value_at(inputs: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path through objects; None where there is none."""
    value: Any = inputs
    for name in path.split("."):
        value = value.value if isinstance(value, Secret) else value
        if isinstance(value, Unknown):
            return value
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def last(path: str) -> str:
    """The last name of a path."""
    return path.rpartition(".")[2]


def check_condition(
    inputs: Mapping[str, Any], condition: Mapping[str, Any], placeholders: Collection[str], findings: Findings
) -> None:
    """Check what holds where some inputs have certain values; always, where none is named."""
    if not all(_is_met(value_at(inputs, path), wanted) for path, wanted in condition["if"].items()):
        return
    because = " and ".join(f"{path} is {_valued(inputs, path, wanted)}" for path, wanted in condition["if"].items())
    for path, limits in condition["then"].items():
        problem = _broken(value_at(inputs, path), limits, inputs, placeholders)
        if problem is not None:
            findings.add(path, f"{problem} where {because}" if because else problem.removesuffix(","))


def _is_met(value: Any, wanted: Collection[Any]) -> bool:
    # An empty text takes a setting away: it asks for nothing.
    return is_set(value) and reveal(value) != "" if "set" in wanted else reveal(value) in wanted


def _valued(inputs: Mapping[str, Any], path: str, wanted: Collection[Any]) -> str:
    if "set" in wanted:
        return "set"
    value = value_at(inputs, path)
    return "not set" if value is None else shown(reveal(value), secret=isinstance(value, Secret))


def _broken(
    value: Any, limits: Mapping[str, Any], inputs: Mapping[str, Any], placeholders: Collection[str]
) -> str | None:
    secret, plain = isinstance(value, Secret), reveal(value)
    if "set" in limits:
        return _unset(value, limits["set"], inputs)
    if "unset" in limits:
        return "must not be set" if is_set(value) else None
    if plain is None or isinstance(plain, Unknown) or any(text in str(plain) for text in placeholders):
        return None
    if "sum" in limits:
        return _broken_sum(plain, [reveal(value_at(inputs, path)) or 0 for path in limits["sum"]], limits["sum"])
    problem = broken_limit(plain, limits) or _broken_relation(plain, limits, inputs)
    return None if problem is None else f"{problem}, is {shown(plain, secret=secret)},"


def _unset(value: Any, instead: Any, inputs: Mapping[str, Any]) -> str | None:
    others = instead if isinstance(instead, list) else []
    if is_set(value) or any(is_set(value_at(inputs, path)) for path in others):
        return None
    return "must be set" + "".join(f", or {path}," for path in others)


def _broken_sum(total: Any, parts: list[Any], paths: Sequence[str]) -> str | None:
    if not all(isinstance(part, int) for part in parts) or sum(parts) == total:
        return None
    return f"must be the sum of {', '.join(map(last, paths))} ({sum(parts)}), is {total},"


def _broken_relation(value: Any, limits: Mapping[str, Any], inputs: Mapping[str, Any]) -> str | None:
    """What is wrong with a number beside another."""
    for kind in RELATIONS.keys() & limits.keys():
        path, *bounds = limits[kind] if isinstance(limits[kind], list) else [limits[kind]]
        other = reveal(value_at(inputs, path))
        if _is_number(value) and _is_number(other):
            return RELATIONS[kind](value, other, path, *bounds)
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _below(value: float, other: float, path: str) -> str | None:
    return None if value < other else f"must be below {path} ({other:g})"


def _most(value: float, other: float, path: str) -> str | None:
    return None if value <= other else f"must be at most {path} ({other:g})"


def _ratio(value: float, other: float, path: str, least: float | None, most: float | None) -> str | None:
    if (least is None or value >= least * other) and (most is None or value <= most * other):
        return None
    low, high = ("" if times is None else f"{times * other:g}" for times in (least, most))
    span = f"{low} to {high}" if low and high else f"{low} or more" if low else f"{high} or less"
    return f"must be {span} with {path} {other:g}"


RELATIONS: Mapping[str, Callable[..., str | None]] = {"below": _below, "most": _most, "ratio": _ratio}
"""Limits against another number, by their word."""
