"""Where a component stands (project, stage, application, region) and what its stage asks of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, Literal

from components.checks import in_range, matches
from components.errors import UserError

Tier = Literal["small", "medium", "large"]

RESERVED_TAGS = ("project", "stage", "app", "component")
"""Tag keys that Qiao writes itself on everything that takes tags."""


MOST_TAGS = 16
"""The user's own tags: clouds take 20 a resource."""


def check_tags(where: str, tags: Mapping[str, str]) -> None:
    """Refuse tags that Qiao writes itself, and what some cloud would not take."""
    if len(tags) > MOST_TAGS:
        raise UserError(where, f"{len(tags)} tags given", f"use at most {MOST_TAGS}: clouds take 20, and 4 are Qiao's")
    for key, value in tags.items():
        here = f"{where}.{key}"
        if key in RESERVED_TAGS:
            raise UserError(here, "Qiao writes this tag itself", "choose another key")
        matches(where, key, r"[\w .:/=+@-]{1,128}", "1 to 128 letters, digits, spaces and .:/=+@_- as a key")
        if re.match(r"(?i)(volc|sys|acs|aliyun|qcs|qcloud):", key):
            raise UserError(here, "the cloud keeps keys that begin so for itself", "choose another key")
        matches(here, value, r"[\w .:/=+@-]{0,256}", "at most 256 letters, digits, spaces and .:/=+@_-")


@dataclass(frozen=True, kw_only=True)
class Profile:
    """What a stage asks of everything in it. Components read these facts and never ask for the stage's name.

    Every field can be overridden alone (`qiao:profile` in the stack file), so a stage may be `dev` with protection.
    """

    high_availability: bool
    """Whether stateful services and gateways span two zones. Billed accordingly."""
    protect: bool
    """Whether stateful children refuse deletion: Pulumi's `protect` and the cloud's own deletion protection."""
    retain: bool
    """Whether data (registry, bucket, database) outlives the stack when it is taken out of the program."""
    private_access: bool
    """Whether services get private endpoints of their own (registry VPC endpoint) beside the public one."""
    open_to_world: bool
    """Whether an address list may hold 0.0.0.0/0. Never for databases, whatever this says."""
    encrypt: bool
    """Whether stored logs are encrypted too. Buckets always are."""
    versioned: bool
    """Whether buckets keep old versions of their objects."""
    log_retention_days: int
    """Days that logs and traces are kept. Limit: 1 to 3650."""
    backup_retention_days: int
    """Days that database backups are kept. Limit: 7 to 365."""
    size: Tier
    """How large services with machine sizes are by default; each cloud says what that means."""
    urgent_alerts: bool
    """Whether alarms are critical and call phones (True), or notices by e-mail (False)."""

    def __post_init__(self) -> None:
        in_range("profile.log_retention_days", self.log_retention_days, 1, 3650, "days")
        in_range("profile.backup_retention_days", self.backup_retention_days, 7, 365, "days")

    @classmethod
    def dev(cls) -> Profile:
        """One zone's worth of everything, all of it disposable."""
        return cls(
            high_availability=False, protect=False, retain=False, private_access=False, open_to_world=True,
            encrypt=False, versioned=False, log_retention_days=7, backup_retention_days=7, size="small",
            urgent_alerts=False,
        )  # fmt: skip

    @classmethod
    def prod(cls) -> Profile:
        """Two zones, protected, backed up, closed."""
        return cls(
            high_availability=True, protect=True, retain=True, private_access=True, open_to_world=False,
            encrypt=True, versioned=True, log_retention_days=180, backup_retention_days=30, size="medium",
            urgent_alerts=True,
        )  # fmt: skip

    @classmethod
    def for_stage(cls, stage: str) -> Profile:
        """`prod` gets the production profile; every other stage is disposable until its settings say otherwise."""
        return cls.prod() if stage == "prod" else cls.dev()

    def override(self, **fields: Any) -> Profile:
        """A copy with the given fields set; None leaves a field as it is."""
        return replace(self, **{key: value for key, value in fields.items() if value is not None})


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What names, tags and protection derive from. Every Args begins with one."""

    project: str
    """The project's short name, first part of every physical name. Default in settings: `qiao`."""
    stage: str
    """The stage (`dev`, `prod`, `feature-x`): the Pulumi stack's name."""
    app: str
    """The application, or `shared` for what applications of one cloud and region share."""
    region: str
    """The cloud's region code (`cn-beijing`)."""
    profile: Profile
    """What the stage asks of its resources."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """The user's own tags, put on every resource that takes tags. Default: none."""

    def __post_init__(self) -> None:
        for part in ("project", "stage", "app"):
            matches(
                f"scope.{part}", getattr(self, part), r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
                "lower-case letters, digits and single hyphens, beginning with a letter",
            )  # fmt: skip
        check_tags("tags", self.tags)
        object.__setattr__(self, "tags", MappingProxyType(dict(self.tags)))

    def for_app(self, app: str) -> Scope:
        """The same place, for another application."""
        return replace(self, app=app)

    def component_tags(self, component: str) -> dict[str, str]:
        """All tags of one component's resources, in a fixed order: ours, then the user's."""
        own = {"project": self.project, "stage": self.stage, "app": self.app, "component": component}
        return own | dict(sorted(self.tags.items()))
