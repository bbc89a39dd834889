"""A plan as the document that is printed and saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from functools import partial

from qiao.plan.evaluate import Plan
from qiao.plan.recording import Alias, Resource
from qiao.plan.saved.encode import Encoder
from qiao.plan.saved.model import (
    VERSION,
    Counts,
    Document,
    FormerName,
    Line,
    Options,
    SavedFinding,
    SavedResource,
)
from qiao.plan.saved.values import MASK

APPLICATION = "qiao:app:"
"""How the types of applications and foundations begin."""


def document(plan: Plan) -> Document:
    """The document of a plan: the same plan is the same document, on every machine."""
    mask = partial(plan.secrets.replace, mask=MASK)
    encode = Encoder(plan.recording, mask)
    outputs = {key: value for key, value in plan.recording.outputs.items() if key != "checklist"}
    known = {each.urn: each for each in plan.recording.resources}
    resources = [_resource(each, known, encode, mask) for each in plan.recording.resources]
    return Document(
        format="qiao.plan",
        version=VERSION,
        project=plan.project,
        stage=plan.stage,
        counts=_counts(plan),
        findings=tuple(SavedFinding(**{**asdict(each), "urn": mask(each.urn)}) for each in plan.findings),
        checklist=plan.checklist,
        outputs=encode(outputs),
        messages=tuple(Line(severity=m.severity, text=plan.text(m.text), urn=mask(m.urn)) for m in plan.messages),
        resources=tuple(sorted(resources, key=lambda each: each.urn)),
    )


def _resource(resource: Resource, known: Mapping[str, Resource], encode: Encoder, mask: partial[str]) -> SavedResource:
    app, component = _home(resource, known)
    behind = {key: urns for key, urns in resource.input_dependencies.items() if urns}
    return SavedResource(
        urn=mask(resource.urn),
        type=resource.type,
        name=mask(resource.name),
        parent=mask(resource.parent),
        app=mask(app),
        component=mask(component),
        custom=resource.custom,
        read=resource.read,
        # How a gap's own code is found is no setting of it, and nothing to be loaded from a file.
        inputs={key: encode(value) for key, value in sorted(resource.inputs.items()) if key != "__provider"},
        options=_options(resource, mask),
        depends_on=tuple(mask(urn) for urn in resource.depends_on),
        input_dependencies={key: tuple(map(mask, behind[key])) for key in sorted(behind) if key != "__provider"},
    )


def _home(resource: Resource, known: Mapping[str, Resource]) -> tuple[str, str]:
    """Names of the application and of the component that a resource belongs to."""
    component, here = "", resource
    while True:
        if not here.custom:
            component = component or here.name
            if here.type.startswith(APPLICATION):
                return here.name, component
        if here.parent not in known:
            return "", component
        here = known[here.parent]


def _options(resource: Resource, mask: partial[str]) -> Options:
    return Options(
        protect=resource.protect,
        retain_on_delete=resource.retain_on_delete,
        delete_before_replace=resource.delete_before_replace,
        ignore_changes=resource.ignore_changes,
        replace_on_changes=resource.replace_on_changes,
        aliases=tuple(_former(alias, mask) for alias in resource.aliases),
        # A provider's reference ends in its id, which a plan does not know.
        provider=mask(resource.provider.rpartition("::")[0]),
        deleted_with=mask(resource.deleted_with),
        replace_with=tuple(map(mask, resource.replace_with)),
        additional_secret_outputs=resource.additional_secret_outputs,
        custom_timeouts=dict(sorted(resource.custom_timeouts.items())),
        import_id=mask(resource.import_id),
        version=resource.version,
    )


def _former(alias: Alias, mask: partial[str]) -> FormerName:
    return FormerName(
        urn=mask(alias.urn), name=mask(alias.name), type=alias.type, project=alias.project, stack=alias.stack,
        parent=mask(alias.parent), no_parent=alias.no_parent,
    )  # fmt: skip


def _counts(plan: Plan) -> Counts:
    made = [each for each in plan.recording.resources if each.custom and not each.read]
    return Counts(
        resources=len(made),
        components=sum(not each.custom for each in plan.recording.resources),
        protected=sum(each.protect for each in made),
        findings=len(plan.findings),
        packages=dict(sorted(Counter(each.type.split(":", 1)[0] for each in made).items())),
    )
