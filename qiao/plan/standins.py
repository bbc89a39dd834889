"""Stand-in outputs: what a provider would answer, in the right type and shape, never equal to an answer looked for.

Every value is derived from the resource's URN, so two resources never share one and two runs always agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Protocol, cast

from qiao.plan.wire import UNKNOWN, is_secret, reveal

Outputs = dict[str, Any]
InvokeAnswer = Callable[[Mapping[str, Any]], Outputs]


def mark(*parts: str, length: int = 12) -> str:
    """Hexadecimal digits that stand for these parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:length]


def number(*parts: str, digits: int = 10) -> int:
    """A decimal number of so many digits that stands for these parts."""
    floor = 10 ** (digits - 1)
    return int(floor + int(mark(*parts, length=16), 16) % (9 * floor))


def uuid(*parts: str) -> str:
    """A UUID that stands for these parts."""
    digits = mark(*parts, length=32)
    return "-".join((digits[:8], digits[8:12], f"4{digits[13:16]}", f"a{digits[17:20]}", digits[20:]))


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One resource that wants an answer."""

    urn: str
    type: str
    name: str
    inputs: Mapping[str, Any]
    """Its inputs; `Secret` and `UNKNOWN` mark such values."""
    import_id: str = ""
    """Id of the existing thing that it reads or takes over, or empty."""

    def mark(self, *parts: str, length: int = 12) -> str:
        """Hexadecimal digits that stand for this resource (and part of it)."""
        return mark(self.urn, *parts, length=length)

    def number(self, *parts: str, digits: int = 10) -> int:
        """A decimal number that stands for this resource (and part of it)."""
        return number(self.urn, *parts, digits=digits)

    def uuid(self, *parts: str) -> str:
        """A UUID that stands for this resource (and part of it)."""
        return uuid(self.urn, *parts)

    def text(self, key: str, default: str = "") -> str:
        """A string input, secret or not; the default where it is not there or not known."""
        value = reveal(self.inputs.get(key))
        return value if isinstance(value, str) else default

    def integer(self, key: str, default: int) -> int:
        """A number among the inputs; the default where it is not there or not known."""
        value = reveal(self.inputs.get(key))
        return value if isinstance(value, int) else default


ResourceAnswer = Callable[[Asked], Outputs]


class Table(Protocol):
    """What a module of stand-ins holds for the types of one provider."""

    RESOURCES: Mapping[str, ResourceAnswer]
    """What a type's provider adds to its inputs; the key `id` sets the id."""
    INVOKES: Mapping[str, InvokeAnswer]
    """Answers of data sources."""


TABLES = {
    "alicloud": "qiao.plan.standins_alicloud",
    "tencentcloud": "qiao.plan.standins_tencentcloud",
    "volcengine": "qiao.plan.standins_volcengine",
    "random": "qiao.plan.standins_common",
    "docker-build": "qiao.plan.standins_common",
    "tls": "qiao.plan.standins_common",
    "qiao": "qiao.plan.standins_common",
}
"""Modules of stand-ins by package; those of dynamic resources by their owner. Each is imported when first met."""
DYNAMIC = "pulumi-python:dynamic/"


def _table(token: str) -> Table | None:
    """The stand-ins of a type's, or a data source's, package: of a gap's cloud, where it is one."""
    package = token.removeprefix(DYNAMIC).partition(":")[0]
    return _loaded(TABLES[package]) if package in TABLES else None


@cache
def _loaded(module: str) -> Table:
    return cast("Table", import_module(module))


class StandIns:
    """Answers in place of providers.

    Args:
        resources: further resource types by token: a function of what is asked that gives the outputs beyond the
            inputs; the key `id` sets the id.
        invokes: further data sources by token: a function of the arguments.
        stack_references: outputs of other stacks by their full name, for `StackReference`; or a function of the name.
    """

    def __init__(
        self,
        *,
        resources: Mapping[str, ResourceAnswer] | None = None,
        invokes: Mapping[str, InvokeAnswer] | None = None,
        stack_references: Mapping[str, Mapping[str, Any]] | Callable[[str], Mapping[str, Any]] | None = None,
    ) -> None:
        self.resources = dict(resources or {})
        self.invokes = dict(invokes or {})
        self.stack_references = stack_references if stack_references is not None else {}

    def resource(self, asked: Asked) -> tuple[str, Outputs]:
        """Id and outputs of a resource: its inputs, and what the provider computes.

        A type that nobody declared gets an id and its inputs back.
        """
        table = _table(asked.type)
        answer = self.resources.get(asked.type) or (table.RESOURCES.get(asked.type) if table else None)
        computed = answer(asked) if answer else {}
        own = f"{asked.type.rsplit(':', 1)[-1].lower()}-{asked.mark('id')}"
        identity = asked.import_id or computed.pop("id", own)
        return identity, {**asked.inputs, **computed}

    def invoke(self, token: str, args: Mapping[str, Any]) -> Outputs:
        """Answer of a data source; one that nobody declared is an error, never an empty answer."""
        table = _table(token)
        answer = self.invokes.get(token) or (table.INVOKES.get(token) if table else None)
        if answer is None:
            raise LookupError(f"data source {token} has no stand-in: a plan cannot answer it, declare one")
        return answer(args)

    def stack_reference(self, name: str) -> Outputs:
        """Outputs of another stack; an unknown one is an error that says which there are."""
        if callable(self.stack_references):
            outputs = self.stack_references(name)
        elif name in self.stack_references:
            outputs = self.stack_references[name]
        else:
            there = ", ".join(sorted(self.stack_references)) or "none"
            raise LookupError(f"stack {name} has no stand-in outputs; known stacks: {there}")
        secrets = [key for key, value in outputs.items() if is_secret(value)]
        return {"name": name, "outputs": dict(outputs), "secretOutputNames": secrets}


def known(value: Any, default: Any) -> Any:
    """A value, or the default where it is missing or not known."""
    return default if value is None or value is UNKNOWN else value
