"""Which texts of a recording are secret, and where they stand in clear."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import quote, quote_plus

from qiao.plan.recording import Recording, Resource
from qiao.plan.texts import Texts
from qiao.plan.wire import Secret, leaves

MASK = "[secret]"


def certain(recording: Recording, more: Iterable[str] = ()) -> Texts:
    """Texts that are secrets beyond doubt: whole values marked secret, and how they look once encoded.

    Args:
        recording: where they come from: inputs, outputs, exports.
        more: further secrets (placeholders of encrypted settings).
    """
    found = {text for value in _values(recording) for text in _scalars(value)}
    return Texts(spellings((found - _public(recording)).union(more)))


def possible(recording: Recording, more: Iterable[str] = ()) -> Texts:
    """The certain ones, and every text inside a larger value that is secret as a whole: for masking what is printed."""
    found = set(_hidden([*recording.outputs.values(), *(r.inputs for r in recording.resources)]))
    for resource in recording.resources:
        # A map of variables is secret as a whole once the cloud repeats it; what went in, in clear, is none of it.
        said = {text for text, secret in leaves(resource.inputs) if isinstance(text, str) and not secret}
        found |= set(_hidden(resource.outputs.values())) - said
    return Texts(spellings((found - _public(recording)).union(more)))


def in_clear(value: Any, at: str, secrets: Texts) -> Iterator[str]:
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


def _hidden(values: Iterable[Any]) -> Iterator[str]:
    return (text for value in values for text, secret in leaves(value) if secret and isinstance(text, str))


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


def spellings(texts: Iterable[str]) -> Iterator[str]:
    """Texts, each as it is and as it looks inside a URL or as base64."""
    for text in texts:
        yield from {text, quote(text, safe=""), quote_plus(text), base64.b64encode(text.encode()).decode()}
