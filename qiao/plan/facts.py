"""The facts of each resource type that matter when reading a plan: sizes, addresses, weights, retention, doors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from qiao.plan import facts_alicloud, facts_tencentcloud, facts_volcengine
from qiao.plan.recording import Resource
from qiao.plan.rules.conditions import value_at
from qiao.plan.wire import Secret, Unknown

Show = Callable[[Any], Any]

CONDITION = re.compile(r"(?P<path>[\w.]+)\?(?P<yes>[^:]*)(:(?P<no>.*))?")
PLACE = re.compile(r"\{([\w.]+)\}")

COMMON: Mapping[str, Sequence[str]] = {
    "docker-build:index:Image": ["{platforms}", "{context.location}"],
    "pulumi:pulumi:StackReference": ["{name}"],
    "tls:index/privateKey:PrivateKey": ["{algorithm}", "{rsaBits} bits"],
    "pulumi-python:dynamic/qiao:ServiceToken": ["{subject} at {audience}", "{days} days"],
}
FACTS: Mapping[str, Sequence[str]] = {
    **COMMON, **facts_alicloud.FACTS, **facts_tencentcloud.FACTS, **facts_volcengine.FACTS,
}  # fmt: skip
"""By type. `{path}` is an input; a fact with one that is not set, or empty, is left out. `path?yes:no` says which way a
switch stands."""


def facts(resource: Resource, show: Show) -> Iterator[str]:
    """The facts of a resource in the table's order, then how the engine treats it.

    Args:
        resource: the resource.
        show: makes a value printable.
    """
    for fact in FACTS.get(resource.type, ()):
        text = _fact(fact, resource.inputs, show)
        if text:
            yield text
    yield from _treatment(resource)


def _fact(fact: str, inputs: Mapping[str, Any], show: Show) -> str:
    condition = CONDITION.fullmatch(fact)
    if condition is not None:
        return (condition["yes"] if value_at(inputs, condition["path"]) is True else condition["no"]) or ""
    values = {path: _found(inputs, path.split(".")) for path in PLACE.findall(fact)}
    if any(value in (None, [], {}) for value in values.values()):
        return ""
    return PLACE.sub(lambda match: _words(show(values[match[1]])), fact)


def _found(value: Any, path: Sequence[str]) -> Any:
    """The value at a path; through a list of objects, those of all that have one."""
    value = value.value if isinstance(value, Secret) else value
    if not path or isinstance(value, Unknown):
        return value
    if isinstance(value, list):
        return [each for item in value if (each := _found(item, path)) not in (None, [], {})]
    return _found(value.get(path[0]), path[1:]) if isinstance(value, Mapping) else None


def _words(value: Any) -> str:
    if isinstance(value, Mapping):
        return ",".join(f"{key}: {_words(item)}" for key, item in sorted(value.items()))
    return ",".join(_words(item) for item in value) if isinstance(value, list) else str(value)


def _treatment(resource: Resource) -> Iterator[str]:
    if resource.read:
        yield "read, not made"
    if resource.import_id:
        yield "taken over"
    if resource.protect and resource.custom:
        yield "protected"
    if resource.retain_on_delete and resource.custom:
        yield "outlives the stack"
