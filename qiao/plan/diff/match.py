"""Which resource of the new plan is which of the old one: by URN, else by an alias, as the engine finds it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qiao.plan.saved.model import FormerName, SavedResource
from qiao.plan.saved.values import last_name, moved

STACK = "pulumi:pulumi:Stack"


@dataclass(frozen=True)
class Pair:
    """A resource in both plans, or in one. The old one speaks of others by their new URNs."""

    old: SavedResource | None
    new: SavedResource | None
    former_urn: str = ""
    """Its URN in the old plan, where that is another."""

    @property
    def either(self) -> SavedResource:
        """The new one, else the old one."""
        found = self.new or self.old
        assert found is not None  # noqa: S101 - a pair has one at least
        return found


def match(olds: Sequence[SavedResource], news: Sequence[SavedResource]) -> list[Pair]:
    """Pair the resources of two plans, in the order of their URNs."""
    by_old, by_new = {each.urn: each for each in olds}, {each.urn: each for each in news}
    renamed: dict[str, str] = {}
    for urn in sorted(by_new.keys() - by_old.keys()):
        former = (name for name in former_urns(by_new[urn], by_new) if name in by_old and name not in by_new)
        found = next((name for name in former if name not in renamed), None)
        if found is not None:
            renamed[found] = urn
    here = {renamed.get(urn, urn): _renamed(old, renamed) for urn, old in by_old.items()}
    before = {urn: former for former, urn in renamed.items()}
    return [Pair(here.get(urn), by_new.get(urn), before.get(urn, "")) for urn in sorted({*here, *by_new})]


def former_urns(resource: SavedResource, known: Mapping[str, SavedResource]) -> list[str]:
    """Every URN that a resource may have had: by its own aliases, by its ancestors', and by both."""
    return list(dict.fromkeys(_former(resource, known, frozenset())))


def _former(resource: SavedResource, known: Mapping[str, SavedResource], below: frozenset[str]) -> Iterator[str]:
    parent = known.get(resource.parent)
    above = [resource.parent]
    if parent is not None and parent.urn not in below:
        above += dict.fromkeys(_former(parent, known, below | {resource.urn}))
    for alias in (*resource.options.aliases, FormerName()):
        if alias.urn:
            yield alias.urn
            continue
        places = [""] if alias.no_parent else [alias.parent] if alias.parent else above
        for place in places:
            urn = _urn(resource, alias, place)
            if urn != resource.urn:
                yield urn


def _urn(resource: SavedResource, alias: FormerName, parent: str) -> str:
    head, project, _, _ = _parts(resource.urn)
    stack = f"urn:pulumi:{alias.stack}" if alias.stack else head
    inside = _parts(parent)[2] if parent else ""
    prefix = "" if inside in ("", STACK) else f"{inside}$"
    name = alias.name or _inherited_name(resource, parent)
    return f"{stack}::{alias.project or project}::{prefix}{alias.type or resource.type}::{name}"


def _inherited_name(resource: SavedResource, parent: str) -> str:
    """A child is named after its parent, so it was named after the parent's former name."""
    now, before = last_name(resource.parent), last_name(parent)
    if now and parent and resource.name.startswith(now):
        return before + resource.name[len(now) :]
    return resource.name


def _parts(urn: str) -> tuple[str, str, str, str]:
    parts = [*urn.split("::", 3), "", "", ""]
    return parts[0], parts[1], parts[2], parts[3]


def _renamed(old: SavedResource, renamed: Mapping[str, str]) -> SavedResource:
    if not renamed:
        return old

    def now(urns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(renamed.get(urn, urn) for urn in urns))

    options = old.options.model_copy(
        update={
            "provider": renamed.get(old.options.provider, old.options.provider),
            "deleted_with": renamed.get(old.options.deleted_with, old.options.deleted_with),
            "replace_with": now(old.options.replace_with),
        }
    )
    return old.model_copy(
        update={
            "inputs": moved(old.inputs, renamed),
            "options": options,
            "depends_on": now(old.depends_on),
            "input_dependencies": {key: now(urns) for key, urns in old.input_dependencies.items()},
        }
    )
