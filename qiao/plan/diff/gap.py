"""The gaps' own code, asked about a change as the engine would ask it: what it replaces, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final, Protocol, cast

from qiao.plan.saved.values import NUMBER, OF, SECRET, TEXT, UNKNOWN, is_absent, plain_key, text_of

GAP: Final = re.compile(r"pulumi-python:dynamic/([a-z]+):([A-Z][A-Za-z]*)")
"""Type of a gap: its cloud and its name, and so its module."""

Props = Mapping[str, Any]


class Answer(Protocol):
    """What a dynamic provider says of a change."""

    changes: bool
    replaces: list[str]


class GapProvider(Protocol):
    """What is asked of a gap."""

    IDENTITY: tuple[str, ...]
    SETTINGS: tuple[str, ...]

    def diff(self, _id: str, olds: Props, news: Props) -> Answer:
        """What a change does."""

    def differs(self, key: str, old: Any, new: Any) -> bool:
        """Whether a setting has changed."""

    def problems(self, olds: Props, news: Props) -> list[tuple[str, str]]:
        """What it refuses: the property, and why."""


@cache
def provider_of(type_token: str) -> GapProvider | None:
    """The code of a gap; None for any other type. Found by name among our own modules: a plan may come from anybody,
    and carries no code."""
    match = GAP.fullmatch(type_token)
    if match is None:
        return None
    cloud, name = match.groups()
    module = f"components.{cloud}.gaps.{re.sub(r'(?<!^)(?=[A-Z])', '_', name).lower()}"
    try:
        found = getattr(import_module(module), f"{name}Provider", None)
    except ModuleNotFoundError:
        return None
    return cast("Callable[[], GapProvider]", found)() if found is not None else None


MALFORMED: Final = (LookupError, TypeError, ValueError, AttributeError)
"""What a gap's code raises over inputs that it never gets from our components: a plan may come from anybody."""
ODD: Final = "its inputs are not those of this version of Qiao"


def replaces(type_token: str, olds: Props, news: Props) -> list[str]:
    """Inputs of a gap whose change replaces it."""
    provider = provider_of(type_token)
    try:
        return list(provider.diff("", olds, news).replaces) if provider is not None else []
    except MALFORMED:
        return []


def sees(type_token: str, key: str, old: Any, new: Any) -> bool:
    """Whether a gap carries out the change of an input in place."""
    provider = provider_of(type_token)
    try:
        return provider is not None and key in provider.SETTINGS and provider.differs(key, old, new)
    except MALFORMED:
        return True


def refusals(type_token: str, olds: Props, news: Props) -> list[tuple[str, str]]:
    """What a gap refuses: the input, and why."""
    provider = provider_of(type_token)
    try:
        return list(provider.problems(olds, news)) if provider is not None else []
    except MALFORMED:
        return [("", ODD)]


def as_sent(inputs: Props, unknown: Collection[str] = ()) -> dict[str, Any]:
    """A gap's inputs as the engine would send them: what is not known yet as an `Unknown`, nothing for None.

    Args:
        inputs: as a plan has them.
        unknown: inputs that nobody knows until `up` is through.
    """
    values = {key: _unknown() if key in unknown else _sent(value) for key, value in inputs.items()}
    return {key: value for key, value in values.items() if value is not None}


def _unknown() -> Any:
    from pulumi.output import Unknown

    return Unknown()  # type: ignore[no-untyped-call]


def _sent(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_sent(item) for item in value]
    if not isinstance(value, Mapping):
        return value
    if is_absent(value):
        return None
    if UNKNOWN in value or SECRET in value:
        return _unknown()
    if OF in value or TEXT in value:
        return text_of(value)
    return float(value[NUMBER]) if NUMBER in value else {plain_key(key): _sent(item) for key, item in value.items()}
