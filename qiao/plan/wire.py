"""Pulumi's wire values as plain Python values and back: secrets, unknowns, numbers, assets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from google.protobuf import struct_pb2

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""The key that makes a struct something special: a secret, an asset, a reference to a resource."""
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - Pulumi's wire marker, not a secret
UNKNOWN_MARK: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
UNKNOWN_MARKS: Final = frozenset(
    {
        UNKNOWN_MARK,  # a string; the next are Pulumi's bool, number, array and so on
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


def from_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """A protobuf struct as plain values: secrets as `Secret`, unknowns as `UNKNOWN`, whole numbers as int."""
    return {key: _plain(value) for key, value in sorted(struct.fields.items())}


def _plain(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        fields = from_struct(value.struct_value)
        return Secret(fields["value"]) if fields.get(SIGNATURE) == SECRET else fields
    if kind == "list_value":
        return [_plain(item) for item in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "string_value":
        return UNKNOWN if value.string_value in UNKNOWN_MARKS else value.string_value
    return value.bool_value if kind == "bool_value" else None


def to_struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """Plain values as a protobuf struct, `Secret` and `UNKNOWN` in their wire form."""
    struct = struct_pb2.Struct()
    for key, value in values.items():
        struct.fields[key].CopyFrom(_value(value))
    return struct


def _value(value: Any) -> struct_pb2.Value:
    if isinstance(value, Secret):
        return _value({SIGNATURE: SECRET, "value": value.value})
    if isinstance(value, Unknown):
        return struct_pb2.Value(string_value=UNKNOWN_MARK)
    if value is None:
        return struct_pb2.Value(null_value=struct_pb2.NULL_VALUE)
    if isinstance(value, bool):
        return struct_pb2.Value(bool_value=value)
    if isinstance(value, int | float):
        return struct_pb2.Value(number_value=value)
    if isinstance(value, str):
        return struct_pb2.Value(string_value=value)
    if isinstance(value, Mapping):
        return struct_pb2.Value(struct_value=to_struct(value))
    if isinstance(value, list | tuple):
        return struct_pb2.Value(list_value=struct_pb2.ListValue(values=[_value(item) for item in value]))
    raise TypeError(f"a stand-in answer holds a {type(value).__name__}: give plain values, Secret or UNKNOWN")


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


def is_known(value: Any) -> bool:
    """Whether a value holds no unknown, also inside secrets."""
    if isinstance(value, Secret):
        return is_known(value.value)
    if isinstance(value, Mapping):
        return all(is_known(item) for item in value.values())
    if isinstance(value, list | tuple):
        return all(is_known(item) for item in value)
    return not isinstance(value, Unknown)


def leaves(value: Any, *, secret: bool = False) -> Iterator[tuple[Any, bool]]:
    """Every scalar inside a value, with whether it lies inside a `Secret`."""
    if isinstance(value, Secret):
        yield from leaves(value.value, secret=True)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from leaves(item, secret=secret)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from leaves(item, secret=secret)
    else:
        yield value, secret
