"""Which resources an application is, in the words of `pulumi --target`.

The engine refuses to create a resource whose parent or dependency is neither targeted nor there, so a target is a whole
top-level component, with everything that it leans on. Patterns rather than the planned URNs: what an application had
before and has no longer (an older release) must be matched too, or it would stay behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from components.errors import UserError
from qiao.plan.recording import Recording, Resource

APP = "qiao:app:"
FOUNDATION = "qiao:app:Foundation"


class Targets:
    """The top-level resources of a plan, and what each leans on."""

    def __init__(self, recording: Recording) -> None:
        self._all = {resource.urn: resource for resource in recording.resources}
        self._top = {urn: self._climb(resource) for urn, resource in self._all.items()}
        self._needs: dict[str, set[str]] = {urn: set() for urn in self._top.values()}
        for urn, resource in self._all.items():
            self._needs[self._top[urn]] |= set(self._neighbours(resource)) - {self._top[urn]}
        tops = [self._all[urn] for urn in self._needs]
        self.apps = {x.name: x.urn for x in tops if x.type.startswith(APP) and x.type != FOUNDATION}
        """URN of each application by its name."""

    def _climb(self, resource: Resource) -> str:
        while resource.parent in self._all:
            resource = self._all[resource.parent]
        return resource.urn

    def _neighbours(self, resource: Resource) -> Iterable[str]:
        provider = resource.provider.rpartition("::")[0]
        return (self._top[urn] for urn in (*resource.depends_on, provider) if urn in self._top)

    def of(self, apps: Sequence[str]) -> list[str]:
        """Targets for `preview` and `up`: the applications with all that they lean on. Raises UserError."""
        wanted = {self._app(name) for name in apps}
        while more := {need for urn in wanted for need in self._needs[urn]} - wanted:
            wanted |= more
        return [pattern for urn in sorted(wanted) for pattern in self._patterns(urn)]

    def to_destroy(self, apps: Sequence[str]) -> list[str]:
        """Targets for `destroy`: the applications alone; none for the whole stage.

        Raises UserError where another application leans on them, and where anything among them is protected: the engine
        would delete all the rest before it came to that and refused.
        """
        wanted = {self._app(name) for name in apps}
        self._refuse_protected(wanted or set(self._needs))
        for name, urn in sorted(self.apps.items()):
            if urn not in wanted and self._needs[urn] & wanted:
                used = ", ".join(sorted(self._all[need].name for need in self._needs[urn] & wanted))
                raise UserError("destroy", f"{name} uses {used}", f"name {name} too, or take the link out of it first")
        return [pattern for urn in sorted(wanted) for pattern in self._patterns(urn)]

    def _refuse_protected(self, wanted: set[str]) -> None:
        kept = sorted(urn for urn, top in self._top.items() if top in wanted and self._all[urn].protect)
        if kept:
            names = [self._all[urn].name for urn in kept]
            few = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
            way = "set protect: false in qiao:profile and run `up` first, if its data may go"
            raise UserError("destroy", f"protected: {few}", way)

    def _app(self, name: str) -> str:
        if name not in self.apps:
            there = ", ".join(sorted(self.apps)) or "none"
            raise UserError("APP", f"{name} is no enabled application of this stage", f"there are: {there}")
        return self.apps[name]

    def _patterns(self, top: str) -> list[str]:
        """A top-level resource and its descendants: by pattern, unless that would reach into another one."""
        members = [urn for urn, ancestor in self._top.items() if ancestor == top]
        prefix, _, name = top.rpartition("::")
        patterns = [top, f"{prefix}$**::{name}-**"] if len(members) > 1 else [top]
        reached = {urn for urn in self._all if any(matches(pattern, urn) for pattern in patterns)}
        return patterns if reached == set(members) else sorted(members)


def matches(pattern: str, urn: str) -> bool:
    """Whether the engine takes a URN for a target: `**` is anything, `*` anything without a colon."""
    parts = [r"[^:]*".join(re.escape(part) for part in piece.split("*")) for piece in pattern.split("**")]
    return re.fullmatch(".*".join(parts), urn) is not None
