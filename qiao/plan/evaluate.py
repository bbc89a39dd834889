"""Evaluates a stage offline: its settings, its program on the recorder with stand-ins, the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from components.checks import shown
from components.errors import UserError
from qiao.plan.recorder import record
from qiao.plan.recording import Message, Recording
from qiao.plan.rules import Finding, check
from qiao.plan.secrets import MASK, possible
from qiao.plan.standins import StandIns
from qiao.plan.texts import SHORTEST, Texts
from qiao.plan.wire import SIGNATURE, Secret, Unknown, leaves

if TYPE_CHECKING:
    from stacks.stagefile import StageFile

AFTER_UP = "<after up>"
"""What stands in print for a value that only the cloud knows: its stand-in would look like the real thing."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A stage, evaluated. Whatever is to be printed goes through `text` or `value`."""

    project: str
    """Name of the Pulumi project."""
    stage: str
    recording: Recording
    """Everything asked for, secrets included: for tools, never for printing."""
    findings: tuple[Finding, ...]
    """What is wrong, masked."""
    checklist: tuple[str, ...]
    """What only a person can do, masked."""
    outputs: Mapping[str, Any]
    """Stack outputs, ready for printing."""
    messages: tuple[Message, ...] = ()
    """What the program logged, masked."""
    secrets: Texts = field(repr=False)
    """Texts that are never printed."""
    computed: Computed = field(repr=False)
    """What stands in for the cloud's own choice."""

    @property
    def exit_status(self) -> int:
        """0 when nothing was found, else 1. (Wrong settings are no plan at all: a UserError, status 2.)"""
        return 1 if self.findings else 0

    def text(self, text: str) -> str:
        """A text with every secret masked, also inside something larger, and what the cloud chooses left open."""
        return self.computed.texts.replace(self.secrets.replace(text, MASK), AFTER_UP)

    def value(self, value: Any) -> Any:
        """A value as it may be printed: plain, masked, without what only the cloud knows."""
        return _printable(value, self)


@dataclass(frozen=True)
class Computed:
    """What stand-ins made up: ids, outputs that are no echo of an input, answers of data sources."""

    texts: Texts
    """Texts that are recognised inside others."""
    whole: frozenset[str | int]
    """Those too short for that, recognised where they are the whole value."""

    @classmethod
    def of(cls, recording: Recording) -> Computed:
        """All of a recording. Words (`Running`) and small numbers may be anything's: they are left alone."""
        made = {item for given, answered in _answers(recording) for item in _scalars(answered) - _scalars(given)}
        found = {item for item in made if len(str(item)) >= SHORTEST and any(map(str.isdigit, str(item)))}
        return cls(Texts(item for item in found if isinstance(item, str)), frozenset(found))


def _scalars(value: Any) -> set[str | int]:
    return {item for item, _ in leaves(value) if isinstance(item, str | int) and not isinstance(item, bool)}


def _answers(recording: Recording) -> Iterator[tuple[Any, Any]]:
    """What was given and what was answered, of every resource and data source."""
    for resource in recording.resources:
        if resource.custom:
            yield dict(resource.inputs), [resource.id, dict(resource.outputs)]
    for call in recording.invokes:
        yield dict(call.args), dict(call.answer)


def evaluate(project_dir: Path, stage: str) -> Plan:
    """Evaluate a stage without account, Pulumi CLI or network.

    Args:
        project_dir: folder of the project's `Pulumi.yaml` and its stage files.
        stage: the stage's name.

    Raises:
        UserError: the settings are wrong, or there are none.
        DuplicateUrnError: two resources have one name.
    """
    # Late: the program imports the clouds' SDKs, and a wrong stage file should not wait for them.
    from stacks.stagefile import file_of, load

    project = project_name(project_dir)
    file = load(file_of(project_dir, stage))
    recording = _record(project_dir, project, file)
    return plan_of(recording, placeholders=list(file.placeholders))


def plan_of(recording: Recording, *, placeholders: list[str] | None = None) -> Plan:
    """The plan of a recorded program.

    Args:
        recording: what it asked for.
        placeholders: texts that stand for encrypted settings.
    """
    hidden = placeholders or []
    secrets, computed = possible(recording, hidden), Computed.of(recording)
    bare = Plan(
        project=recording.project, stage=recording.stack, recording=recording, findings=(), checklist=(), outputs={},
        secrets=secrets, computed=computed,
    )  # fmt: skip
    mask = partial(secrets.replace, mask=MASK)
    outputs = dict(recording.outputs)
    lines = outputs.pop("checklist", [])
    return replace(
        bare,
        findings=tuple(_masked(finding, mask) for finding in check(recording, placeholders=hidden)),
        checklist=tuple(str(bare.value(line)) for line in (lines.value if isinstance(lines, Secret) else lines)),
        outputs=bare.value(outputs),
        messages=tuple(replace(message, text=mask(message.text)) for message in recording.messages),
    )


def project_name(project_dir: Path) -> str:
    """The project's name, as `Pulumi.yaml` has it."""
    from stacks.stagefile import STAGE, STAGE_WORDS, parse

    path = project_dir / "Pulumi.yaml"
    if not path.is_file():
        raise UserError(str(project_dir.name or project_dir), "holds no Pulumi.yaml", "name a Pulumi project's folder")
    name = parse(path, "begin it with `name: qiao`").get("name")
    if not isinstance(name, str) or not name:
        raise UserError("Pulumi.yaml", "gives the project no name", "put `name: qiao` into it")
    if not re.fullmatch(STAGE, name):
        raise UserError("Pulumi.yaml: name", f"{shown(name)} is not valid", f"use {STAGE_WORDS}")
    return name


def _record(project_dir: Path, project: str, file: StageFile) -> Recording:
    from stacks.foundation import reference_standin
    from stacks.loan import SECRET_OUTPUT
    from stacks.program import deploy

    borrowed = {
        name: {key: Secret(value) if key == SECRET_OUTPUT else value for key, value in outputs.items()}
        for name, outputs in reference_standin(file.config, project).items()
    }
    return record(
        partial(deploy, project_dir, offline=True),
        project=project, stack=file.stage, config=file.config,
        secret_keys=sorted({str(path[0]) for path in file.secret_paths}),
        standins=StandIns(stack_references=borrowed),
    )  # fmt: skip


def _masked(finding: Finding, mask: partial[str]) -> Finding:
    return replace(finding, name=mask(finding.name), path=mask(finding.path), message=mask(finding.message))


def _printable(value: Any, plan: Plan) -> Any:
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, Unknown):
        return AFTER_UP
    if isinstance(value, str | int) and not isinstance(value, bool) and value in plan.computed.whole:
        return AFTER_UP
    if isinstance(value, str):
        return plan.text(value)
    if isinstance(value, Mapping):
        if SIGNATURE in value:
            return "<file>"
        return {plan.text(key): _printable(item, plan) for key, item in value.items()}
    return [_printable(item, plan) for item in value] if isinstance(value, list) else value
