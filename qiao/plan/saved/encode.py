"""Recorded values into their saved form: secrets masked, stand-ins named by what they stand for."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePath
from typing import Any, Final

from qiao.plan.recording import Recording
from qiao.plan.saved.values import FILE, NUMBER, OF, SECRET, TEXT, UNKNOWN, Origin, escaped
from qiao.plan.secrets import spellings
from qiao.plan.texts import SHORTEST, Texts
from qiao.plan.wire import SIGNATURE, Secret, Unknown, leaves

PLACEHOLDER: Final = "[encrypted: "
"""How the stand-in for an encrypted setting begins (`stacks.stagefile`)."""
LONGEST_SETTING: Final = 500
ASSETS: Final = {"c44067f5952c0a294b673a41bacd8c17": "asset", "0def7320c3a5731c473e5ecbe6d01bc7": "archive"}
"""What Pulumi's signatures stand for."""

Mask = Callable[[str], str]


class Encoder:
    """Encodes the values of one recording.

    Args:
        recording: where the values come from.
        mask: replaces secrets inside a text that is not one as a whole.
    """

    def __init__(self, recording: Recording, mask: Mask) -> None:
        self._mask = mask
        self._origins: dict[Any, Origin] = {}
        self._secrets: dict[str, Origin] = {}
        for value, origin, secret in _computed(recording):
            if not secret:
                self._origins.setdefault(value, origin)
            elif isinstance(value, str):
                self._secrets.update(dict.fromkeys(spellings([value]), origin))
        self._texts = Texts(value for value in self._origins if isinstance(value, str))
        self._within = Texts([*self._secrets, *(value for value in self._origins if isinstance(value, str))])

    def __call__(self, value: Any) -> Any:
        """A value in its saved form."""
        if isinstance(value, Secret):
            return self._secret(value.value)
        if isinstance(value, Unknown):
            return {UNKNOWN: True}
        if isinstance(value, Mapping):
            return self._object(value)
        if isinstance(value, list | tuple):
            return [self(item) for item in value]
        if value is None or isinstance(value, bool):
            return value
        return self._number(value) if isinstance(value, int | float) else self._text(str(value))

    def _secret(self, value: Any) -> dict[str, Any]:
        """No digest of it: whoever holds one can try words until it fits. Instead, what it is made of."""
        texts = [text for text, _ in leaves(value) if isinstance(text, str)]
        inside = {text[start:end] for text in texts for start, end in self._within.spans(text)}
        made_of = {self._secrets.get(part) or self._origins[part] for part in inside}
        settings = dict(sorted(pair for text in texts for pair in _settings(text)))
        return {SECRET: True, "settings": settings, "of": [_reference(origin) for origin in sorted(made_of)]}

    def _object(self, value: Mapping[str, Any]) -> dict[str, Any]:
        if value.get(SIGNATURE) in ASSETS:
            inside = {key: item for key, item in sorted(value.items()) if key != SIGNATURE}
            return {FILE: ASSETS[value[SIGNATURE]], **{escaped(k): self(_portable(i)) for k, i in inside.items()}}
        pairs = ((escaped(self._mask(str(key))), item) for key, item in value.items())
        return {key: self(item) for key, item in sorted(pairs, key=lambda pair: pair[0])}

    def _number(self, value: float) -> Any:
        if value in self._origins:
            return _reference(self._origins[value])
        return value if math.isfinite(value) else {NUMBER: str(value)}

    def _text(self, text: str) -> Any:
        text, parts, last = self._mask(text), list[Any](), 0
        for start, end in self._texts.spans(text):
            parts += [text[last:start], _reference(self._origins[text[start:end]])]
            last = end
        parts = [part for part in [*parts, text[last:]] if part != ""]
        if len(parts) == 1:
            return parts[0]
        return {TEXT: parts} if parts else ""


def _reference(origin: Origin) -> dict[str, Any]:
    return {OF: origin.urn, "output": origin.output}


def _computed(recording: Recording) -> Iterator[tuple[str | int, Origin, bool]]:
    """What stand-ins made up, with where it came from and whether it is secret: recognisable texts and numbers that
    are no echo of an input."""
    for resource in recording.resources:
        if resource.custom:
            given = {item for item, _ in leaves(dict(resource.inputs))}
            yield from _made({"id": resource.id, **resource.outputs}, given, resource.urn)
    for call in recording.invokes:
        yield from _made(call.answer, {item for item, _ in leaves(dict(call.args))}, call.token)


def _made(answered: Mapping[str, Any], given: set[Any], source: str) -> Iterator[tuple[str | int, Origin, bool]]:
    for path, item, secret in _paths(answered, "", secret=False):
        scalar = isinstance(item, str | int) and not isinstance(item, bool)
        # Words (`Running`) and small numbers may be anything's.
        if scalar and item not in given and len(str(item)) >= SHORTEST and (secret or any(map(str.isdigit, str(item)))):
            yield item, Origin(source, path), secret


def _paths(value: Any, at: str, *, secret: bool) -> Iterator[tuple[str, Any, bool]]:
    """Scalars with their paths, and whether they are secret."""
    if isinstance(value, Secret):
        yield from _paths(value.value, at, secret=True)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _paths(item, f"{at}.{key}" if at else str(key), secret=secret)
    elif isinstance(value, list | tuple):
        for place, item in enumerate(value):
            yield from _paths(item, f"{at}[{place}]", secret=secret)
    elif not isinstance(value, Unknown):
        yield at, value, secret


def _settings(text: str) -> Iterator[tuple[str, str]]:
    """The encrypted settings that a secret is made of, each with the fingerprint of its ciphertext."""
    for inside in _placeholders(text):
        path, _, fingerprint = inside.partition(" #")
        yield path, fingerprint


def _placeholders(text: str) -> Iterator[str]:
    start = text.find(PLACEHOLDER)
    while start >= 0:
        begin, depth = start + len(PLACEHOLDER), 1
        for place in range(begin, min(len(text), begin + LONGEST_SETTING)):
            depth += (text[place] == "[") - (text[place] == "]")
            if depth == 0:
                yield text[begin:place]
                break
        start = text.find(PLACEHOLDER, begin)


def _portable(value: Any) -> Any:
    """Where a file lies on this machine is nobody's business, and would differ on the next one."""
    if isinstance(value, str) and PurePath(value).is_absolute():
        return PurePath(value).name
    return value
