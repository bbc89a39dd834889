"""The project's own table of what each cloud's types accept beyond their shape: one JSON file a cloud.

A file maps packages to the provider version that its facts were read from, and types to their rules. The keys of a
type's entry are the fields of `Rules`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from qiao.plan.rules.shape import ANY, Kind, Shape, shape_of

FILES = {
    "alicloud": "alicloud.json",
    "tencentcloud": "tencentcloud.json",
    "volcengine": "volcengine.json",
    "random": "common.json",
    "tls": "common.json",
    "docker-build": "common.json",
    "pulumi": "common.json",
}
"""File of each package."""

DYNAMIC = "pulumi-python"
"""The package of all resources that are our own code."""
OWNERS = {
    "alicloud": "alicloud.json",
    "tencentcloud": "tencentcloud.json",
    "volcengine": "volcengine.json",
    "qiao": "common.json",
}
"""File of the dynamic resources of each owner: a cloud for its gaps (`pulumi-python:dynamic/<owner>:<Name>`)."""

Group = Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What one resource type accepts. Paths are dotted wire names; lists and maps are passed through."""

    identity: Sequence[str] = ()
    """Inputs that tell one from the next in the cloud. Two resources equal in all of them are one, or refused."""
    exclusive: bool = False
    """Whether the old one must be gone before a new one of the same identity can be made."""
    always: Mapping[str, str] = field(default_factory=dict)
    """Inputs to set, or to ignore changes of. What happens otherwise: `name` (Pulumi adds random letters), `update` or
    `replace` (the provider reports a value that nobody set, so each preview wants that)."""
    needed: Sequence[str] = ()
    """Inputs that the SDK lets one leave out and the cloud, or sense, does not. Nested: where the parent is given."""
    never: str = ""
    """Why the type cannot be created at all."""
    replaces: Sequence[str] = ()
    """Inputs whose change replaces the resource."""
    unread: Sequence[str] = ()
    """Inputs that are sent and never read back: no drift is seen."""
    unheard: Sequence[str] = ()
    """Inputs whose change the provider does not see, always or at times."""
    dropped: Sequence[str] = ()
    """Inputs whose change the provider shows, and never sends: set, they must be in `replace_on_changes` or
    `ignore_changes`, or a change is lost without a word."""
    refused: Sequence[str] = ()
    """Inputs whose change the provider shows, and fails: set to one of several values, they must be in
    `replace_on_changes` or `ignore_changes`, or a change ends an `up` half-way."""
    drifting: Mapping[str, str] = field(default_factory=dict)
    """Inputs that read back as something else, and why: set, they must be in `ignore_changes`."""
    any_of: Sequence[Group] = ()
    """Of each group at least one is set."""
    one_of: Sequence[Group] = ()
    """Of each group exactly one is set."""
    not_both: Sequence[Group] = ()
    """Of each group at most one is set."""
    when: Sequence[Mapping[str, Any]] = ()
    """`if` some inputs have one of the values listed (null: unset), or just are `set`, `then` the limits of others
    hold. Beside those of `fields` there are `set` (true, or others that may be set instead), `unset`, `sum`, and what
    holds against another input: `below` it, at `most` it, in a `ratio` of it (the input, least, most)."""
    fields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Limits of single inputs: `in`, `between`, `step`, `length`, `pattern`, `form`, `items`, `secret`, `avoid`."""
    secret_pairs: Mapping[str, Group] = field(default_factory=dict)
    """Lists of name and value, such as environment variables: a value whose name says secret must be one."""
    secret_maps: Sequence[str] = ()
    """The same for maps."""
    shape: Mapping[str, str] | None = None
    """Kinds of the inputs, `!` for required, where no SDK describes the type."""


@cache
def rules_for(type_token: str) -> Rules | None:
    """The rules of a type, or None where the table has none."""
    package = package_of(type_token)
    entry = _types(package, _file(package, type_token)).get(type_token)
    return None if entry is None else Rules(**entry)


def shape_for(type_token: str, rules: Rules | None) -> Shape | None:
    """The shape of a type's inputs: as its rules have it where they do, else from the SDK."""
    return shape_of(type_token) if rules is None or rules.shape is None else _declared(tuple(rules.shape.items()))


@cache
def _declared(kinds: tuple[tuple[str, str], ...]) -> Shape:
    shapes = {name: _named(word.removesuffix("!")) for name, word in kinds}
    required = frozenset(name for name, word in kinds if word.endswith("!"))
    # A dynamic resource carries its provider along, as code.
    return Shape("object", declared={**shapes, "__provider": ANY}, declared_required=required)


def _named(kind: str) -> Shape:
    kinds: dict[str, Kind] = {"string": "string", "integer": "integer", "number": "number", "boolean": "boolean"}
    if kind in ("list", "map"):
        return Shape("list" if kind == "list" else "map", item=ANY)
    return Shape(kinds[kind])


def package_of(type_token: str) -> str:
    """The Pulumi package whose file holds a type."""
    package, _, rest = type_token.partition(":")
    return rest.rpartition(":")[2] if rest.startswith("providers:") else package


def version_of(package: str) -> str:
    """The version of a package that its rules were read from; empty for none."""
    return str(_load(FILES[package]).get(package, {}).get("version", "")) if package in FILES else ""


def types_of(package: str) -> list[str]:
    """All types of a package that have rules."""
    names = set(OWNERS.values()) if package == DYNAMIC else {FILES[package]}
    return sorted(type_token for name in names for type_token in _types(package, name))


def _file(package: str, type_token: str) -> str:
    """The file that holds a type; empty for none."""
    if package != DYNAMIC:
        return FILES.get(package, "")
    owner = type_token.removeprefix(f"{DYNAMIC}:dynamic/").partition(":")[0]
    return OWNERS.get(owner, "")


def _types(package: str, name: str) -> Mapping[str, Mapping[str, Any]]:
    types: Mapping[str, Mapping[str, Any]] = _load(name).get(package, {}).get("types", {}) if name else {}
    return types


@cache
def _load(name: str) -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return table
