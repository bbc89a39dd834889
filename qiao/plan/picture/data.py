"""A recording as the plain, masked, JSON-ready data that the picture embeds. The only place where values pass."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Protocol

from qiao.plan.recording import Recording, Resource
from qiao.plan.wire import SIGNATURE, Secret, Unknown

FORMAT: Final = 1
"""Version of the embedded data's shape; the page refuses another."""
LONGEST: Final = 20_000
"""Characters of one string that are shown; a longer one (inlined code, a certificate bundle) is cut and says so."""
SAFE_INTEGER: Final = 2**53
"""From here on JavaScript's numbers lose digits."""
ASSETS: Final = {
    "c44067f5952c0a294b673a41bacd8c17": "asset",
    "0def7320c3a5731c473e5ecbe6d01bc7": "archive",
    "5cf8f73096256a8f31e491e813e4eb8e": "resource",
}
"""What Pulumi's signatures stand for."""

CODE: Final = "__provider"
"""Input of a dynamic resource: its pickled provider, encoded. Nothing to read, and whatever the code closed over."""

Mask = Callable[[str], str]


class Finding(Protocol):
    """Something to mark on the picture: what a rule found, or a line that the program logged (`Message` fits)."""

    @property
    def severity(self) -> str:
        """`error`, `warning` or `info`."""

    @property
    def text(self) -> str:
        """What is wrong and what to write instead, in one line; holds no secret."""

    @property
    def urn(self) -> str:
        """The resource it is about; empty where it is about the whole stack."""


def document(recording: Recording, title: str, findings: Sequence[Finding], mask: Mask) -> dict[str, Any]:
    """All that the page knows. Resources name each other by their place in the list, so masking breaks no link."""
    places = {resource.urn: place for place, resource in enumerate(recording.resources)}

    def clean(text: str) -> str:
        # A lone surrogate cannot be written as UTF-8, and no JSON or HTML reader agrees on what it means.
        return mask(text).encode("utf-8", "replace").decode("utf-8")

    return {
        "format": FORMAT,
        "title": clean(title),
        "project": clean(recording.project),
        "stack": clean(recording.stack),
        "preview": recording.preview,
        "resources": [_resource(resource, places, clean) for resource in recording.resources],
        "findings": [
            {"severity": clean(found.severity), "text": clean(found.text), "at": places.get(found.urn, -1)}
            for found in findings
        ],
        "outputs": encode(recording.outputs, clean),
    }


def _resource(resource: Resource, places: Mapping[str, int], clean: Mask) -> dict[str, Any]:
    reasons = _dependencies(resource)
    return {
        "urn": clean(resource.urn),
        "type": clean(resource.type),
        "name": clean(resource.name),
        "kind": _kind(resource),
        "parent": places.get(resource.parent, -1),
        "protect": resource.protect,
        "inputs": ["m", _inputs(resource, clean)],
        "options": [[label, value] for label, value in _options(resource, places, clean)],
        "needs": [
            [places[urn], [clean(reason) for reason in reasons[urn]]]
            for urn in sorted(reasons, key=lambda urn: places.get(urn, -1))
            if urn in places
        ],
        "outside": [clean(urn) for urn in sorted(reasons) if urn not in places],
    }


def _inputs(resource: Resource, clean: Mask) -> list[list[Any]]:
    pairs = resource.inputs.items()
    return [[clean(key), ["c"] if key == CODE else encode(value, clean)] for key, value in sorted(pairs)]


def _kind(resource: Resource) -> str:
    if not resource.custom:
        return "component"
    if resource.type.startswith("pulumi:providers:"):
        return "provider"
    return "read" if resource.read else "resource"


def _dependencies(resource: Resource) -> dict[str, list[str]]:
    """Every URN it waits for, with the inputs that bring it in; none means an explicit `dependsOn`."""
    reasons: dict[str, list[str]] = {urn: [] for urn in resource.depends_on}
    for key, urns in sorted(resource.input_dependencies.items()):
        for urn in urns:
            reasons.setdefault(urn, []).append(key)
    return reasons


def _options(resource: Resource, places: Mapping[str, int], clean: Mask) -> Iterator[tuple[str, Any]]:
    """The options that are not at their default, under Pulumi's own names."""

    def link(reference: str) -> Any:
        return ["at", places[reference]] if reference in places else encode(reference, clean)

    if resource.provider:
        yield "provider", link(resource.provider.rpartition("::")[0])
    if resource.providers:
        each = sorted(resource.providers.items())
        yield "providers", ["m", [[clean(package), link(it.rpartition("::")[0])] for package, it in each]]
    if resource.deleted_with:
        yield "deletedWith", link(resource.deleted_with)
    if resource.replace_with:
        yield "replaceWith", ["l", [link(urn) for urn in resource.replace_with]]
    plain = {
        "protect": resource.protect or None,
        "retainOnDelete": resource.retain_on_delete or None,
        "deleteBeforeReplace": resource.delete_before_replace,
        "ignoreChanges": resource.ignore_changes,
        "replaceOnChanges": resource.replace_on_changes,
        "hideDiffs": resource.hide_diffs,
        "additionalSecretOutputs": resource.additional_secret_outputs,
        "customTimeouts": resource.custom_timeouts,
        "aliases": [{k: v for k, v in vars(alias).items() if v} for alias in resource.aliases],
        "import": resource.import_id,
        "version": resource.version,
        "pluginDownloadURL": resource.plugin_download_url,
    }
    for label, value in plain.items():
        if value is not None and (value is False or value):
            yield label, encode(value, clean)


def encode(value: Any, clean: Mask) -> Any:
    """A value in a form that JSON carries without confusion: whatever is not a plain scalar is a tagged list.

    `["m", pairs]` a map, `["l", items]` a list, `["s"]` a secret, `["u"]` an unknown, `["n", text]` a number that JSON
    or JavaScript cannot hold, `["t", text, length]` the beginning of an overlong text; beside them `["at", place]` is a
    resource and `["c"]` code. Nothing of a secret is kept: not its length, its type or its place inside a map.
    """
    if isinstance(value, Secret):
        return ["s"]
    if isinstance(value, Unknown):
        return ["u"]
    if isinstance(value, Mapping):
        pairs = [[clean(str(key)), encode(item, clean)] for key, item in _named(value)]
        return ["m", sorted(pairs, key=lambda pair: str(pair[0]))]
    if isinstance(value, list | tuple):
        return ["l", [encode(item, clean) for item in value]]
    if value is None or isinstance(value, bool):
        return value
    return _number(value) if isinstance(value, int | float) else _text(clean(str(value)))


def _named(value: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """A map's pairs; Pulumi's signature of an asset, archive or reference becomes a word."""
    for key, item in value.items():
        if key != SIGNATURE:
            yield key, item
        elif isinstance(item, str) and item in ASSETS:
            yield "kind", ASSETS[item]


def _number(value: float) -> Any:
    if math.isfinite(value) and abs(value) < SAFE_INTEGER:
        return value
    return ["n", str(value)]


def _text(text: str) -> Any:
    # Cut after masking: a secret cut in two would no longer be found.
    return text if len(text) <= LONGEST else ["t", text[:LONGEST], len(text)]
