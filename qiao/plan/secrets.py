"""Which texts of a recording are secret, where they stand in clear, and how to keep them out of what is printed."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from qiao.plan.recording import Recording, Resource
from qiao.plan.wire import Secret, leaves

MASK = "[secret]"
SHORTEST = 6
"""Shorter secrets are not looked for: `on` or `8000` would be found everywhere."""
GRAM = 4


class Secrets:
    """Secret texts, and finding them inside other texts in time that does not grow with their number.

    Args:
        texts: the secrets.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_start: dict[str, list[str]] = {}
        for text in sorted({*texts}, key=len, reverse=True):
            if len(text) >= SHORTEST:
                self._by_start.setdefault(text[:GRAM], []).append(text)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Where secrets begin and end in a text, from left to right, the longest of those that begin at one place."""
        if not self._by_start:
            return
        place = 0
        while place <= len(text) - SHORTEST:
            candidates = self._by_start.get(text[place : place + GRAM], ())
            found = next((each for each in candidates if text.startswith(each, place)), None)
            if found is None:
                place += 1
            else:
                yield place, place + len(found)
                place += len(found)

    def inside(self, text: str) -> bool:
        """Whether a text holds a secret."""
        return next(self.spans(text), None) is not None

    def mask(self, text: str) -> str:
        """A text with every secret in it masked."""
        parts, last = [], 0
        for start, end in self.spans(text):
            parts += [text[last:start], MASK]
            last = end
        return "".join([*parts, text[last:]])


def certain(recording: Recording, more: Iterable[str] = ()) -> Secrets:
    """Texts that are secrets beyond doubt: whole values marked secret, and how they look once encoded.

    Args:
        recording: where they come from: inputs, outputs, exports.
        more: further secrets (placeholders of encrypted settings).
    """
    found = set(more)
    for value in _values(recording):
        found.update(_scalars(value))
    return Secrets(_spellings(found - _public(recording)))


def possible(recording: Recording, more: Iterable[str] = ()) -> Secrets:
    """The certain ones, and every text inside a larger value that is secret as a whole: for masking what is printed."""
    found = set(more)
    for value in _values(recording):
        found.update(text for text, secret in leaves(value) if secret and isinstance(text, str))
    return Secrets(_spellings(found - _public(recording)))


def in_clear(value: Any, at: str, secrets: Secrets) -> Iterator[str]:
    """Paths at which a value holds a secret in clear."""
    if isinstance(value, str):
        if secrets.inside(value):
            yield at
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from in_clear(item, f"{at}.{key}" if at else key, secrets)
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from in_clear(item, f"{at}[{place}]", secrets)


def _values(recording: Recording) -> Iterator[Any]:
    for resource in recording.resources:
        yield from resource.inputs.values()
        yield from resource.outputs.values()
    yield from recording.outputs.values()


def _scalars(value: Any) -> Iterator[str]:
    """Texts that are marked secret themselves, not only as part of something larger."""
    if isinstance(value, Secret):
        if isinstance(value.value, str):
            yield value.value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _scalars(item)
    elif isinstance(value, list):
        for item in value:
            yield from _scalars(item)


def _public(recording: Recording) -> set[str]:
    """Texts that a provider answers in clear: not secret, though a program may have wrapped one."""
    return {text for resource in recording.resources for text in _answered_in_clear(resource)}


def _answered_in_clear(resource: Resource) -> Iterator[str]:
    if resource.custom:
        computed = {key: value for key, value in resource.outputs.items() if key not in resource.inputs}
        yield from (text for text, secret in leaves(computed) if isinstance(text, str) and not secret)


def _spellings(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from {text, quote(text, safe=""), quote_plus(text), base64.b64encode(text.encode()).decode()}
