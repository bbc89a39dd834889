"""What a program asked of the engine, as plain values that tests and the plan read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from google.protobuf import struct_pb2

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - Pulumi's wire marker, not a secret
UNKNOWN_MARKS: Final = frozenset(
    {
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string; the next are Pulumi's bool, number, array and so on
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


@dataclass(frozen=True)
class Secret:
    """A value that the engine keeps encrypted. Never printed: its text is a mask."""

    value: Any

    def __repr__(self) -> str:
        return "[secret]"


class Unknown:
    """A value that is not known before the resource exists."""

    def __repr__(self) -> str:
        return "[unknown]"


UNKNOWN: Final = Unknown()


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as the engine would register it, inherited options included."""

    urn: str
    type: str
    name: str
    custom: bool
    parent: str
    """URN of the parent; empty for the stack itself."""
    inputs: Mapping[str, Any]
    """Inputs under their wire names (camelCase); `Secret` and `UNKNOWN` mark such values."""
    outputs: Mapping[str, Any]
    """Stand-in outputs of a custom resource; registered outputs of a component."""
    id: str | None = None
    provider: str = ""
    """`urn::id` of the explicit provider, or empty."""
    providers: Mapping[str, str] = field(default_factory=dict)
    protect: bool = False
    retain_on_delete: bool = False
    depends_on: tuple[str, ...] = ()
    """URNs of everything it waits for: explicit dependencies and those of its inputs."""
    input_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URNs behind each input."""
    aliases: tuple[str, ...] = ()
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    additional_secret_outputs: tuple[str, ...] = ()
    custom_timeouts: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    import_id: str = ""
    outputs_registered: int = 0
    """How often a component registered its outputs: must be once."""


@dataclass(frozen=True, kw_only=True)
class Invoke:
    """One data-source call."""

    token: str
    args: Mapping[str, Any]
    provider: str


@dataclass(frozen=True, kw_only=True)
class Recording:
    """All that one run of a program asked for, in a fixed order (by URN, whatever the threads did)."""

    project: str
    stack: str
    preview: bool
    resources: tuple[Resource, ...]
    invokes: tuple[Invoke, ...]
    outputs: Mapping[str, Any]
    """Stack outputs; `Secret` and `UNKNOWN` mark such values."""

    def of_type(self, type_token: str) -> list[Resource]:
        """All resources of a type."""
        return [resource for resource in self.resources if resource.type == type_token]

    def get(self, type_token: str, name: str | None = None) -> Resource:
        """The one resource of a type (and name); LookupError says what there is instead."""
        found = [r for r in self.of_type(type_token) if name is None or r.name == name]
        if len(found) != 1:
            there = ", ".join(f"{r.type} {r.name}" for r in self.resources if r.type == type_token) or "none"
            raise LookupError(f"{len(found)} resources match {type_token} {name or ''}; of that type: {there}")
        return found[0]

    def by_urn(self, urn: str) -> Resource:
        """The resource with a URN."""
        for resource in self.resources:
            if resource.urn == urn:
                return resource
        raise LookupError(urn)

    def children(self, urn: str) -> list[Resource]:
        """Direct children of a resource."""
        return [resource for resource in self.resources if resource.parent == urn]

    def descendants(self, urn: str) -> Iterator[Resource]:
        """Everything below a resource."""
        for child in self.children(urn):
            yield child
            yield from self.descendants(child.urn)


def from_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """A protobuf struct as plain values: secrets as `Secret`, unknowns as `UNKNOWN`, whole numbers as int."""
    return {key: _plain(value) for key, value in sorted(struct.fields.items())}


def _plain(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return _unwrap(from_struct(value.struct_value))
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number == int(number) else number
    if kind == "string_value":
        return UNKNOWN if value.string_value in UNKNOWN_MARKS else value.string_value
    return value.bool_value if kind == "bool_value" else None


def _unwrap(fields: dict[str, Any]) -> Any:
    return Secret(fields["value"]) if fields.get(SIGNATURE) == SECRET else fields


def reveal(value: Any) -> Any:
    """A value with every `Secret` replaced by what it holds: for checks that must see it, never for printing."""
    if isinstance(value, Secret):
        return reveal(value.value)
    if isinstance(value, Mapping):
        return {key: reveal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [reveal(item) for item in value]
    return value


def is_secret(value: Any) -> bool:
    """Whether a value is a secret or holds one."""
    if isinstance(value, Secret):
        return True
    if isinstance(value, Mapping):
        return any(is_secret(item) for item in value.values())
    return isinstance(value, list | tuple) and any(is_secret(item) for item in value)
