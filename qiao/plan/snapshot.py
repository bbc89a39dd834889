"""A request and its answer as the plain record that tests and the plan read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qiao.plan.goal import Goal, aliases, timeouts
from qiao.plan.recording import Resource
from qiao.plan.wire import from_struct

Answer = tuple[str | None, dict[str, Any]]
"""Id and outputs."""


def registered(urn: str, goal: Goal, answer: Answer, published: Sequence[Mapping[str, Any]]) -> Resource:
    """A registered resource.

    Args:
        urn: its URN.
        goal: what was asked for, once the engine's part is done.
        answer: its id and outputs.
        published: what it registered as outputs, each time that it did.
    """
    request, options = goal.request, goal.options
    identity, outputs = answer
    by_input = {key: tuple(sorted(value.urns)) for key, value in sorted(request.propertyDependencies.items())}
    return Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        custom=request.custom,
        parent=request.parent,
        inputs=from_struct(goal.properties),
        outputs=outputs if request.custom or not published else published[-1],
        id=identity,
        provider=options.provider if request.custom else "",
        providers=dict(sorted(options.providers.items())),
        protect=options.protect,
        retain_on_delete=options.retain_on_delete,
        depends_on=tuple(sorted(goal.dependencies)),
        input_dependencies=by_input,
        aliases=aliases(options),
        ignore_changes=tuple(options.ignore_changes),
        replace_on_changes=tuple(options.replace_on_changes),
        delete_before_replace=options.delete_before_replace if options.HasField("delete_before_replace") else None,
        deleted_with=options.deleted_with,
        replace_with=tuple(options.replace_with),
        hide_diffs=tuple(options.hide_diff),
        additional_secret_outputs=tuple(options.additional_secret_outputs),
        custom_timeouts=timeouts(options),
        version=options.version,
        plugin_download_url=options.plugin_download_url,
        import_id=getattr(options, "import"),
        outputs_registered=len(published),
    )


def read(urn: str, request: Any, answer: Answer) -> Resource:
    """A resource that is there already and only read."""
    identity, outputs = answer
    return Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        custom=True,
        parent=request.parent,
        inputs=from_struct(request.properties),
        outputs=outputs,
        id=identity,
        read=True,
        provider=request.provider,
        depends_on=tuple(sorted(request.dependencies)),
        additional_secret_outputs=tuple(request.additionalSecretOutputs),
        version=request.version,
    )
