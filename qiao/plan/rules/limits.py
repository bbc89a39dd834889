"""Limits of single values: each takes a value and what the table says, and returns what is wrong, or nothing."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any

PRIVATE = [ipaddress.ip_network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")]
LONGEST_SHOWN = 60


def shown(value: Any, *, secret: bool) -> str:
    """A value as a message shows it; a secret is a mask."""
    if secret:
        return "[secret]"
    text = json.dumps(value, ensure_ascii=False, default=repr)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}..."


def _one_of(value: Any, allowed: Sequence[Any]) -> str | None:
    return None if value in allowed else "must be " + " or ".join(json.dumps(each) for each in allowed)


def _between(value: Any, limits: Sequence[float | None]) -> str | None:
    low, high = limits
    if not isinstance(value, int | float) or ((low is None or value >= low) and (high is None or value <= high)):
        return None
    if high is None:
        return f"must be {low} or more"
    return f"must be {high} or less" if low is None else f"must be {low} to {high}"


def _step(value: Any, step: float) -> str | None:
    # Steps of 0.05 have no exact binary form.
    fits = not isinstance(value, int | float) or abs(value / step - round(value / step)) < 1e-9
    return None if fits else f"must be a multiple of {step}"


def _length(value: Any, limits: Sequence[int | None]) -> str | None:
    if not isinstance(value, str) or _between(len(value), limits) is None:
        return None
    return f"has {len(value)} characters, {_between(len(value), limits)}"


def _pattern(value: Any, pattern: str) -> str | None:
    return None if not isinstance(value, str) or re.fullmatch(pattern, value) else f"must match {pattern}"


def _items(value: Any, limits: Sequence[int | None]) -> str | None:
    if not isinstance(value, list | dict) or _between(len(value), limits) is None:
        return None
    what = "items" if isinstance(value, list) else "entries"
    return f"has {len(value)} {what}, {_between(len(value), limits)}"


def _form(value: Any, form: str) -> str | None:
    checks, words = FORMS[form]
    return None if not isinstance(value, str) or checks(value) else f"must be {words}"


@cache
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text, strict=True)
    except ValueError:
        return None


def _is_private(text: str) -> bool:
    network = _network(text)
    return isinstance(network, ipaddress.IPv4Network) and any(network.subnet_of(block) for block in PRIVATE)  # type: ignore[arg-type]


def _is_json(text: str, kind: type = dict) -> bool:
    try:
        return isinstance(json.loads(text), kind)
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


HOURS = frozenset(f"{hour:02}:00Z-{hour + 1:02}:00Z" for hour in range(24))

FORMS: Mapping[str, tuple[Callable[[str], bool], str]] = {
    "cidr": (lambda text: _network(text) is not None, "an address block whose host bits are zero (10.0.0.0/16)"),
    "private-cidr": (_is_private, "an IPv4 block inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, host bits zero"),
    "ipv4": (lambda text: isinstance(_network(text), ipaddress.IPv4Network), "an IPv4 address or block"),
    "json": (_is_json, "a JSON object"),
    "json-list": (partial(_is_json, kind=list), "a JSON list"),
    "hh:mm": (lambda text: re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text) is not None, "a time of day (HH:MM)"),
    "hh:mm:ss": (lambda text: re.fullmatch(r"([01]\d|2[0-3])(:[0-5]\d){2}", text) is not None, "a time (HH:MM:SS)"),
    "hour": (lambda text: text in HOURS, "a whole hour, in UTC (02:00Z-03:00Z)"),
    "number": (_is_number, "a number, written as text"),
}
"""Checks of text that has a form, and how a message calls the form."""

LIMITS: Mapping[str, Callable[[Any, Any], str | None]] = {
    "in": _one_of, "between": _between, "step": _step, "length": _length, "pattern": _pattern, "form": _form,
}  # fmt: skip
"""Limits of a scalar; on a list they hold for every item."""


def broken_limit(value: Any, limits: Mapping[str, Any]) -> str | None:
    """The first limit that a scalar breaks, in words."""
    for name, check in LIMITS.items():
        if name in limits:
            problem = check(value, limits[name])
            if problem is not None:
                return problem
    return None


def broken_size(value: Any, limits: Mapping[str, Any]) -> str | None:
    """What is wrong with the number of items of a list, or of entries of a map."""
    return _items(value, limits["items"]) if "items" in limits else None
