"""The saved form of a plan: what `--json` prints, `--save` writes and `--diff` reads.

The shape is a promise. A field may be added with a default; anything else is another `version`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

VERSION: Final = 1
"""Of the shape described here."""

Value = JsonValue
"""A plain JSON value, or one of the objects that `qiao.plan.saved.values` makes: their keys begin with `$`."""


class Part(BaseModel):
    """The base of everything in a document."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class FormerName(Part):
    """A former identity of a resource. What is left out is as it is now."""

    urn: str = ""
    """The whole former URN, where it was given as one."""
    name: str = ""
    type: str = ""
    project: str = ""
    stack: str = ""
    parent: str = ""
    """URN of the former parent."""
    no_parent: bool = False
    """Whether it lay directly under the stack."""


class Options(Part):
    """How the engine treats a resource. What is left out is Pulumi's default."""

    protect: bool = False
    retain_on_delete: bool = False
    delete_before_replace: bool | None = None
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    aliases: tuple[FormerName, ...] = ()
    provider: str = ""
    """URN of the explicit provider."""
    deleted_with: str = ""
    """URN of the resource whose deletion takes this one along."""
    replace_with: tuple[str, ...] = ()
    """URNs whose replacement replaces this one too."""
    additional_secret_outputs: tuple[str, ...] = ()
    custom_timeouts: Mapping[str, str] = Field(default_factory=dict)
    import_id: str = ""
    """Id of the existing thing that is taken over."""
    version: str = ""
    """Version of the provider's plugin."""


class SavedResource(Part):
    """One resource."""

    urn: str
    type: str
    name: str
    parent: str
    """URN of the parent; the stack's for one that was given none."""
    app: str = ""
    """Name of the application or foundation that it belongs to; empty for none."""
    component: str = ""
    """Name of the component that it belongs to: its own for a component; empty for none."""
    custom: bool
    """Whether a provider manages it; false for components."""
    read: bool = False
    """Whether an existing resource is only read, never created or deleted."""
    inputs: Mapping[str, Value] = Field(default_factory=dict)
    """Inputs under their wire names."""
    options: Options = Options()
    depends_on: tuple[str, ...] = ()
    """URNs of everything it waits for."""
    input_dependencies: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    """URNs behind each input; inputs without any are left out."""


class SavedFinding(Part):
    """Something that a rule found."""

    urn: str
    """URN of the resource; empty for a stack output."""
    name: str
    type: str
    path: str
    """Where in its inputs; empty for the resource as a whole."""
    message: str
    severity: Literal["error", "warning"]


class Line(Part):
    """Something that the program logged."""

    severity: str
    text: str
    urn: str = ""


class Counts(Part):
    """How much there is."""

    resources: int
    """Resources that a provider makes."""
    components: int
    protected: int
    """Of the resources."""
    findings: int
    packages: Mapping[str, int]
    """Resources by the package of their provider."""


class Document(Part):
    """A plan, saved."""

    format: Literal["qiao.plan"]
    version: Literal[1]
    project: str
    stage: str
    counts: Counts
    findings: tuple[SavedFinding, ...]
    checklist: tuple[str, ...]
    """What only a person can do."""
    outputs: Mapping[str, Value]
    """Stack outputs."""
    messages: tuple[Line, ...]
    resources: tuple[SavedResource, ...]
    """In the order of their URNs."""
