"""What a program asked of the engine, as plain values that tests and the plan read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from qiao.plan.wire import UNKNOWN, Secret, Unknown, from_struct, is_known, is_secret, reveal

__all__ = [
    "UNKNOWN",
    "Alias",
    "Invoke",
    "Message",
    "Recording",
    "Resource",
    "Secret",
    "Unknown",
    "from_struct",
    "is_known",
    "is_secret",
    "reveal",
]


@dataclass(frozen=True, kw_only=True)
class Alias:
    """A former identity of a resource. An empty field means the present one."""

    urn: str = ""
    """The whole former URN, where the alias was given as one."""
    name: str = ""
    type: str = ""
    project: str = ""
    stack: str = ""
    parent: str = ""
    """URN of the former parent."""
    no_parent: bool = False
    """Whether it lay directly under the stack."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as the engine would register it, transforms run and inherited options included."""

    urn: str
    type: str
    name: str
    custom: bool
    """Whether a provider manages it; False for components."""
    parent: str
    """URN of the parent; the stack's for a resource that was given none."""
    inputs: Mapping[str, Any]
    """Inputs under their wire names (camelCase); `Secret` and `UNKNOWN` mark such values."""
    outputs: Mapping[str, Any]
    """Stand-in outputs of a custom resource; registered outputs of a component."""
    id: str | None = None
    """Stand-in id; None where it is not known (a preview) or there is none (a component)."""
    read: bool = False
    """Whether an existing resource is only read (`X.get(...)`, `StackReference`), never created or deleted."""
    provider: str = ""
    """`urn::id` of the explicit provider, or empty."""
    providers: Mapping[str, str] = field(default_factory=dict)
    """Providers a component hands to its children, by package."""
    protect: bool = False
    retain_on_delete: bool = False
    depends_on: tuple[str, ...] = ()
    """URNs of everything it waits for: explicit dependencies and those of its inputs."""
    input_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """URNs behind each input."""
    aliases: tuple[Alias, ...] = ()
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    delete_before_replace: bool | None = None
    deleted_with: str = ""
    """URN of the resource whose deletion takes this one along."""
    replace_with: tuple[str, ...] = ()
    """URNs whose replacement replaces this one too."""
    hide_diffs: tuple[str, ...] = ()
    additional_secret_outputs: tuple[str, ...] = ()
    custom_timeouts: Mapping[str, str] = field(default_factory=dict)
    version: str = ""
    """Version of the provider plugin that it asks for."""
    plugin_download_url: str = ""
    import_id: str = ""
    """Id of the existing thing that is taken over, or empty."""
    outputs_registered: int = 0
    """How often a component registered its outputs: must be once."""


@dataclass(frozen=True, kw_only=True)
class Invoke:
    """One data-source call."""

    token: str
    args: Mapping[str, Any]
    provider: str
    """`urn::id` of the provider that answers it: the caller's own, or its parent's; empty for the default one."""
    depends_on: tuple[str, ...] = ()
    """URNs it waits for: explicit dependencies and those of its arguments."""
    answer: Mapping[str, Any] = field(default_factory=dict)
    """The stand-in answer; empty where a preview does not know it yet."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """One line that the program logged (`pulumi.log`)."""

    severity: str
    """`info`, `warning` or `error`."""
    text: str
    urn: str = ""


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
    messages: tuple[Message, ...] = ()

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_parent(self) -> dict[str, list[Resource]]:
        families: dict[str, list[Resource]] = {}
        for resource in self.resources:
            families.setdefault(resource.parent, []).append(resource)
        return families

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
        if urn not in self._by_urn:
            raise LookupError(urn)
        return self._by_urn[urn]

    def children(self, urn: str) -> list[Resource]:
        """Direct children of a resource."""
        return self._by_parent.get(urn, [])

    def descendants(self, urn: str) -> Iterator[Resource]:
        """Everything below a resource."""
        for child in self.children(urn):
            yield child
            yield from self.descendants(child.urn)
