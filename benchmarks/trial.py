"""Finds out what a resource is told by another: runs the program with altered answers and compares."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from qiao.plan.evaluate import project_name
from qiao.plan.recorder import record
from qiao.plan.recording import Recording
from qiao.plan.standins import Asked, Outputs, StandIns
from qiao.plan.wire import Secret
from stacks.foundation import reference_standin
from stacks.loan import SECRET_OUTPUT
from stacks.program import deploy
from stacks.stagefile import file_of, load

Run = Callable[[StandIns], Recording]


class Altered(StandIns):
    """Stand-ins that answer otherwise for one resource.

    Args:
        urn: the resource.
        echoes: whether what it merely gives back of its inputs is altered too.
        more: as of `StandIns`.
    """

    def __init__(self, urn: str, *, echoes: bool, **more: Any) -> None:
        super().__init__(**more)
        self.urn, self.echoes = urn, echoes

    def resource(self, asked: Asked) -> tuple[str, Outputs]:
        """The usual answer, altered for the one."""
        identity, outputs = super().resource(asked)
        if asked.urn != self.urn:
            return identity, outputs
        own = {key: value for key, value in outputs.items() if key not in asked.inputs}
        return altered(identity), {**outputs, **altered(own if not self.echoes else outputs)}


def altered(value: Any) -> Any:
    """A value of the same form that is another: the program must not stumble over it. Switches stay as they are, and
    so do words by themselves (`Running`, `Private`), which are the cloud's and name nothing of ours.
    """
    if isinstance(value, Secret):
        return Secret(altered(value.value))
    if isinstance(value, Mapping):
        return {key: altered(item) for key, item in value.items()}
    if isinstance(value, list):
        return [altered(item) for item in value]
    if isinstance(value, str):
        return value if value.isalpha() else _other_text(value)
    return value + 1 if isinstance(value, int) and not isinstance(value, bool) else value


def _other_text(text: str) -> str:
    """The text with its last letter or digit replaced by another of its kind (and of hexadecimal ones, by such)."""
    place = next((i for i in range(len(text) - 1, -1, -1) if text[i].isascii() and text[i].isalnum()), None)
    if place is None:
        return text
    old = text[place]
    new = ("1" if old == "0" else "0") if old.isdigit() else ("b" if old == "a" else "a")
    return text[:place] + (new.upper() if old.isupper() else new) + text[place + 1 :]


@dataclass
class Trial:
    """One program, and what becomes of it when one resource answers otherwise."""

    run: Run
    """Records the program with the given stand-ins."""
    references: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Stand-in outputs of other stacks."""

    def __post_init__(self) -> None:
        self.recording = self.run(StandIns(stack_references=self.references))
        self._told: dict[str, frozenset[str]] = {}

    @classmethod
    def of(cls, project: Path, stage: str) -> Trial:
        """The program of a stage."""
        file, name = load(file_of(project, stage)), project_name(project)
        borrowed = {
            stack: {key: Secret(value) if key == SECRET_OUTPUT else value for key, value in outputs.items()}
            for stack, outputs in reference_standin(file.config, name).items()
        }
        secret_keys = sorted({str(path[0]) for path in file.secret_paths})

        def run(standins: StandIns) -> Recording:
            program = partial(deploy, project, offline=True)
            return record(program, project=name, stack=stage, config=file.config, secret_keys=secret_keys,
                          standins=standins)  # fmt: skip

        return cls(run, borrowed)

    def told_by(self, urn: str) -> frozenset[str]:
        """URNs of the resources whose inputs differ when this one answers otherwise."""
        if urn not in self._told:
            other = self._altered(urn)
            before = {resource.urn: resource.inputs for resource in self.recording.resources}
            self._told[urn] = frozenset(r.urn for r in other.resources if r.inputs != before.get(r.urn))
        return self._told[urn]

    def _altered(self, urn: str) -> Recording:
        try:
            return self.run(Altered(urn, echoes=True, stack_references=self.references))
        except Exception:
            # Some words that a resource gives back can be no others (`linux/amd64`), and the SDK refuses the altered.
            return self.run(Altered(urn, echoes=False, stack_references=self.references))
