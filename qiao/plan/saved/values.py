"""Values in their saved form, and back apart again.

An object whose one kind is told by a key that begins with `$` is no plain value:

    {"$secret": true, "settings": {path: fingerprint}, "of": [...]}
                                                         a secret: the encrypted settings and the outputs in it
    {"$of": urn, "output": "id"}                         what only the cloud knows: that output of that resource
    {"$text": ["https://", {"$of": ...}, "/v1"]}         a text with such parts
    {"$file": kind, ...}                                 an asset or archive
    {"$number": "inf"}                                   a number that JSON has no word for
    {"$unknown": true}                                   a value of a preview that nothing more is known of
    {"$absent": true}                                    in a difference: not set

A plain object's own key that begins with `$` is written with one `$` more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

SECRET, OF, TEXT, FILE, NUMBER, UNKNOWN, ABSENT = "$secret", "$of", "$text", "$file", "$number", "$unknown", "$absent"
MARKS: Final = frozenset({SECRET, OF, TEXT, FILE, NUMBER, UNKNOWN, ABSENT})
NOTHING: Final[Mapping[str, Any]] = {ABSENT: True}
MASK: Final = "[secret]"


class Origin(NamedTuple):
    """Where a value that only the cloud knows comes from."""

    urn: str
    """The resource, or the token of a data source."""
    output: str
    """Path of the output; `id` for the id."""


def is_plain(value: Any) -> bool:
    """Whether a value is an ordinary object of names and values."""
    return isinstance(value, Mapping) and not any(mark in value for mark in MARKS)


def is_secret(value: Any) -> bool:
    """Whether a value is a secret."""
    return isinstance(value, Mapping) and SECRET in value


def is_absent(value: Any) -> bool:
    """Whether a value stands for none."""
    return isinstance(value, Mapping) and ABSENT in value


def escaped(key: str) -> str:
    """A plain object's key, so that it is never taken for a mark."""
    return f"${key}" if key.startswith("$") else key


def plain_key(key: str) -> str:
    """The key as it was."""
    return key[1:] if key.startswith("$$") else key


def settings_of(value: Any) -> Mapping[str, str]:
    """The encrypted settings that a secret is made of, with their fingerprints."""
    return value.get("settings", {}) if is_secret(value) else {}


def origins(value: Any) -> Iterator[Origin]:
    """Every resource's output that a value is made of."""
    if isinstance(value, Mapping):
        if OF in value:
            yield Origin(value[OF], value["output"])
        else:
            for item in value.values():
                yield from origins(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from origins(item)


def text_of(value: Any) -> str | None:
    """A value as one text, parts that only the cloud knows named in it; None where it is no text."""
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return None
    if OF in value:
        return f"<{last_name(value[OF])}.{value['output']}>"
    return "".join(str(text_of(part)) for part in value[TEXT]) if TEXT in value else None


def last_name(urn: str) -> str:
    """A resource's name, from its URN; a data source's token as it is."""
    return urn.split("::", 3)[-1]


def moved(value: Any, places: Mapping[str, str]) -> Any:
    """A value with the resources that it comes from renamed."""
    if isinstance(value, Mapping):
        if OF in value:
            return {**value, OF: places.get(value[OF], value[OF])}
        return {key: moved(item, places) for key, item in value.items()}
    return [moved(item, places) for item in value] if isinstance(value, list | tuple) else value
