"""What differs between two plans of a stage, as data: what `--diff ... --json` prints."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import Field

from qiao.plan.saved.model import Part, SavedFinding, Value

VERSION: Final = 1
"""Of the shape described here."""

Kind = Literal["destroy", "replace", "create", "update", "options", "unseen"]
"""What becomes of a resource. `options`: only how the engine treats it; `unseen`: it differs, and nothing happens."""
KINDS: Final[tuple[Kind, ...]] = ("destroy", "replace", "create", "update", "options", "unseen")
"""All of them, what hurts most first."""

Effect = Literal["replace", "update", "unseen", "ignored", "engine"]
"""What the change of one field does. `unseen`: the provider does not see it; `ignored`: by `ignore_changes`; `engine`:
it is an option, and no call to the cloud."""


class FieldChange(Part):
    """One field that differs."""

    path: str
    """Where (`envs[LOG_LEVEL].value`): items of a list that have keys or names are called by them."""
    old: Value
    """As a saved plan has it; `{"$absent": true}` for none."""
    new: Value
    effect: Effect
    why: str = ""
    """Why it has that effect, where the field alone does not say so."""
    cause: str = ""
    """URN of the resource whose renewal changes it: the plan has the same, the cloud will not."""


class Change(Part):
    """One resource that differs."""

    kind: Kind
    urn: str
    """Its URN; of one that is destroyed, the old one."""
    former_urn: str = ""
    """Its URN in the old plan, where an alias connects the two."""
    type: str
    name: str
    app: str = ""
    component: str = ""
    fields: tuple[FieldChange, ...] = ()
    reasons: tuple[str, ...] = ()
    """What forces a replacement, one a line."""
    delete_first: bool = False
    """Whether the old one goes before the new one comes: it is away in between."""
    protected: bool = False
    """Whether `protect` refuses it."""
    retained: bool = False
    """Whether the old one stays in the cloud, out of Pulumi's sight."""
    imported: str = ""
    """Id of the existing thing that is taken over instead of made."""


class Problem(Part):
    """Something in the change itself that `up` would trip over."""

    kind: Literal["guard", "protected", "collision"]
    urn: str
    type: str
    name: str
    path: str = ""
    message: str


class Difference(Part):
    """What differs between two plans of one stage."""

    format: Literal["qiao.diff"] = Field()
    version: Literal[1] = Field()
    project: str
    stage: str
    counts: dict[str, int]
    """How many resources change in each way, how many problems and findings there are."""
    changes: tuple[Change, ...]
    """In the order of `KINDS`, then of URNs."""
    outputs: tuple[FieldChange, ...]
    """Stack outputs that differ."""
    problems: tuple[Problem, ...]
    checklist: tuple[str, ...]
    """What a person must do that the old plan did not ask."""
    findings: tuple[SavedFinding, ...]
    """What is wrong with the new plan by itself."""

    @property
    def is_empty(self) -> bool:
        """Whether the plans are one as far as engine, cloud and people are concerned."""
        return not (self.changes or self.outputs or self.problems or self.checklist)

    @property
    def exit_status(self) -> int:
        """1 where `up` would trip over something, else 0."""
        return 1 if self.problems or self.findings else 0

    def of(self, kind: Kind) -> list[Change]:
        """The changes of a kind."""
        return [change for change in self.changes if change.kind == kind]
