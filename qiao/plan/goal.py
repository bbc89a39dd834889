"""One registration as the engine makes of it: options inherited from the parent, transforms run up the chain.

The order and the quirks are the engine's (`RegisterResource` of its resource monitor): inheritance first, then the
resource's own transforms, then each ancestor's from the nearest up, then the stack's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from google.protobuf import struct_pb2
from pulumi.runtime.proto import resource_pb2

from qiao.plan.recording import Alias

Transform = Callable[[resource_pb2.TransformRequest], resource_pb2.TransformResponse]


@dataclass
class Goal:
    """What a registration asks for once the engine's part is done."""

    request: Any
    """The request as the program sent it."""
    parent: Goal | None
    properties: struct_pb2.Struct
    options: resource_pb2.TransformResourceOptions
    dependencies: list[str] = field(default_factory=list)

    @property
    def transforms(self) -> list[str]:
        """Tokens of the transforms that run on it: its own, then each ancestor's."""
        own = [callback.token for callback in self.request.transforms]
        return own + (self.parent.transforms if self.parent else [])


def make_goal(
    request: Any, parent: Goal | None, stack_transforms: list[str], transform: Callable[[str], Transform]
) -> Goal:
    """Inherit, then transform."""
    properties = struct_pb2.Struct()
    properties.CopyFrom(request.object)
    goal = Goal(request, parent, properties, _options(request), list(request.dependencies))
    if parent is not None:
        _inherit(goal, parent)
    for token in [*goal.transforms, *stack_transforms]:
        _apply(goal, transform(token))
    if request.transforms:
        # Only a resource's own transforms change what it waits for: the engine reads `depends_on` back for no other.
        by_input = {urn for urns in request.propertyDependencies.values() for urn in urns.urns}
        goal.dependencies = sorted({*goal.options.depends_on, *by_input})
    _pass_providers_on(goal)
    return goal


def _options(request: Any) -> resource_pb2.TransformResourceOptions:
    options = resource_pb2.TransformResourceOptions(
        depends_on=request.dependencies, ignore_changes=request.ignoreChanges, provider=request.provider,
        providers=request.providers, replace_on_changes=request.replaceOnChanges, version=request.version,
        aliases=request.aliases, plugin_download_url=request.pluginDownloadURL, deleted_with=request.deletedWith,
        additional_secret_outputs=request.additionalSecretOutputs, hide_diff=request.hideDiffs,
        replace_with=request.replace_with,
    )  # fmt: skip
    setattr(options, "import", request.importId)
    if request.HasField("protect"):
        options.protect = request.protect
    if request.HasField("retainOnDelete"):
        options.retain_on_delete = request.retainOnDelete
    if request.deleteBeforeReplaceDefined:
        options.delete_before_replace = request.deleteBeforeReplace
    for ours, theirs in (("custom_timeouts", "customTimeouts"), ("hooks", "hooks")):
        if request.HasField(theirs):
            getattr(options, ours).CopyFrom(getattr(request, theirs))
    return options


def _inherit(goal: Goal, parent: Goal) -> None:
    options, above = goal.options, parent.options
    options.deleted_with = options.deleted_with or above.deleted_with
    if not options.HasField("protect") and above.HasField("protect"):
        options.protect = above.protect
    if not options.HasField("retain_on_delete") and above.HasField("retain_on_delete"):
        options.retain_on_delete = above.retain_on_delete
    if not options.provider:
        options.provider = _inherited_provider(goal, above)


def _inherited_provider(goal: Goal, above: resource_pb2.TransformResourceOptions) -> str:
    package = goal.request.type.split(":", 1)[0]
    same_package = f"pulumi:providers:{package}::" in above.provider
    if same_package or not (goal.request.custom or goal.request.remote):
        return str(above.provider)
    return str(goal.options.providers.get(package, "") or above.providers.get(package, ""))


def _apply(goal: Goal, transform: Transform) -> None:
    request = goal.request
    question = resource_pb2.TransformRequest(
        type=request.type, name=request.name, custom=request.custom, parent=request.parent,
        properties=goal.properties, options=goal.options,
    )  # fmt: skip
    answer = transform(question)
    if answer.HasField("properties"):
        goal.properties.CopyFrom(answer.properties)
    if answer.HasField("options"):
        goal.options.CopyFrom(answer.options)


def _pass_providers_on(goal: Goal) -> None:
    if goal.request.custom or goal.parent is None:
        return
    for package, provider in goal.parent.options.providers.items():
        if package not in goal.options.providers:
            goal.options.providers[package] = provider


def aliases(options: resource_pb2.TransformResourceOptions) -> tuple[Alias, ...]:
    """All former identities, whole."""
    return tuple(_alias(alias) for alias in options.aliases)


def _alias(alias: Any) -> Alias:
    if alias.urn:
        return Alias(urn=alias.urn)
    spec = alias.spec
    return Alias(
        name=spec.name, type=spec.type, project=spec.project, stack=spec.stack,
        parent=spec.parentUrn, no_parent=spec.noParent,
    )  # fmt: skip


def timeouts(options: resource_pb2.TransformResourceOptions) -> Mapping[str, str]:
    """The custom timeouts that are set."""
    asked = options.custom_timeouts
    every = {"create": asked.create, "update": asked.update, "delete": asked.delete, "read": asked.read}
    return {step: value for step, value in every.items() if value}
