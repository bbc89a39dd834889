"""What a replacement draws after it: ids that are not known any more, and what cannot outlive what it stands on.

As the engine does it: a resource that is made anew has outputs that nobody knows in advance, so inputs made of them
count as changed. And where the old one is deleted first, whatever is bound to it is deleted before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from qiao.plan.diff.effects import effect, forced_by_deletion
from qiao.plan.diff.gap import provider_of
from qiao.plan.diff.model import FieldChange
from qiao.plan.diff.values import Spot
from qiao.plan.diff.work import Work
from qiao.plan.saved.model import SavedResource
from qiao.plan.saved.values import Origin, is_plain, is_secret, last_name, origins, plain_key
from qiao.plan.texts import SHORTEST

RENEWED_BY_UPDATE: Final = frozenset({"docker-build:index:Image"})
"""Types whose outputs are new after an update: a build has another digest. Gaps are such too."""


class Use(NamedTuple):
    """One place among a resource's inputs that is made of others' outputs."""

    path: str
    field: str
    value: Any
    made_of: tuple[Origin, ...]
    """The outputs, where the plan shows them."""
    behind: tuple[str, ...]
    """The resources, where it shows only what came out: a hash, an answer of a data source, a secret."""


class Spread:
    """Follows every replacement until nothing more is drawn after it.

    Args:
        works: the resources that both plans have.
        resources: the new plan's resources by URN.
    """

    def __init__(self, works: Sequence[Work], resources: Mapping[str, SavedResource]) -> None:
        self._works = {work.new.urn: work for work in works}
        uses = Uses(resources)
        self._uses = {work.new.urn: list(uses.of(work.new)) for work in works}

    def run(self) -> None:
        """Add what is drawn to the works."""
        news = True
        while news:
            replaced = {urn for urn, work in self._works.items() if work.replaced}
            updated = {urn for urn, work in self._works.items() if _renewed_in_place(work)}
            steps = (
                step
                for work in self._works.values()
                for step in (self._unknown(work, replaced, updated), self._bound(work), self._bidden(work, replaced))
            )
            news = any(list(steps))

    def _unknown(self, work: Work, replaced: set[str], updated: set[str]) -> bool:
        """Inputs that are made of what is not known any more."""
        news = False
        for use in self._uses[work.new.urn]:
            cause = _cause(use, replaced, updated)
            if cause:
                spot = Spot(use.path, use.field, use.value, use.value)
                found, why = effect(work.old, work.new, spot, unknown=True)
                news |= work.add(
                    FieldChange(path=use.path, old=use.value, new=use.value, effect=found, why=why, cause=cause)
                )
        return news

    def _bound(self, work: Work) -> bool:
        """Inputs that bind it to something that is deleted before the new one is there."""
        news = False
        for key, urns in sorted(work.old.input_dependencies.items()):
            for urn in urns:
                base = self._works.get(urn)
                gone = base is not None and base is not work and base.goes_first
                if gone and key in work.new.inputs and forced_by_deletion(work.old, work.new, key):
                    news |= work.force(f"{key}: {last_name(urn)} is deleted first", delete_first=True)
        return news

    def _bidden(self, work: Work, replaced: set[str]) -> bool:
        """Options that tie it to others."""
        news = False
        if work.old.options.provider != work.new.options.provider:
            news |= work.force("provider: another one manages it")
        elif work.new.options.provider in replaced:
            news |= work.force(f"provider: {last_name(work.new.options.provider)} is replaced")
        for urn in work.new.options.replace_with:
            if urn in replaced:
                news |= work.force(f"replace_with: {last_name(urn)} is replaced")
        return news


def _cause(use: Use, replaced: set[str], updated: set[str]) -> str:
    for origin in use.made_of:
        if origin.urn in replaced or (origin.urn in updated and origin.output != "id"):
            return origin.urn
    return next((urn for urn in use.behind if urn in replaced or (urn in updated and not is_secret(use.value))), "")


def _renewed_in_place(work: Work) -> bool:
    return work.updated and (work.new.type in RENEWED_BY_UPDATE or provider_of(work.new.type) is not None)


class Uses:
    """Finds what resources are made of.

    Args:
        resources: the new plan's resources by URN.
    """

    def __init__(self, resources: Mapping[str, SavedResource]) -> None:
        self._resources = resources
        self._near: dict[tuple[str, str], set[str]] = {}
        for resource in resources.values():
            near = self._near.setdefault(_home(resource), set())
            near.update({resource.urn, *(origin.urn for origin in origins(resource.inputs))})

    def of(self, resource: SavedResource) -> Iterator[Use]:
        """Every place among a resource's inputs that is made of others' outputs."""
        for key, value in resource.inputs.items():
            behind = resource.input_dependencies.get(key, ())
            for path, field, leaf in _leaves(value, key, key):
                made_of = tuple(origins(leaf))
                if made_of:
                    yield Use(path, field, leaf, made_of, tuple(self._hidden(leaf, made_of, behind)))
            given = [self._resources[urn] for urn in behind if urn in self._resources]
            if isinstance(value, str) and _is_derived(value, given):
                # Gates stand behind it too. What went into it is used beside it, or belongs to the same component.
                near = self._near[_home(resource)]
                yield Use(key, key, value, (), tuple(urn for urn in behind if urn in near))

    def _hidden(self, leaf: Any, made_of: Sequence[Origin], behind: Sequence[str]) -> Iterator[str]:
        if any(origin.urn not in self._resources for origin in made_of):
            # A data source asks again once what it waits for is there.
            yield from behind
        elif is_secret(leaf):
            # Names stand in a secret that the plan does not tell: a user's in a connection URL. They are those of the
            # component that the rest of it comes from.
            homes = {_home(self._resources[origin.urn]) for origin in made_of}
            yield from (urn for urn in behind if urn in self._resources and _home(self._resources[urn]) in homes)


def _home(resource: SavedResource) -> tuple[str, str]:
    return resource.app, resource.component


def _leaves(value: Any, path: str, field: str) -> Iterator[tuple[str, str, Any]]:
    if isinstance(value, list | tuple):
        for place, item in enumerate(value):
            name = next((item[n] for n in ("key", "name", "id") if isinstance(item.get(n), str)), place) \
                if is_plain(item) else place  # fmt: skip
            yield from _leaves(item, f"{path}[{name}]", field)
    elif is_plain(value):
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{plain_key(key)}", f"{field}.{plain_key(key)}")
    else:
        yield path, field, value


def _is_derived(text: str, behind: Sequence[SavedResource]) -> bool:
    """Whether a text was worked out from others (a hash) instead of repeating one of them (a name)."""
    if not behind or len(text) < SHORTEST:
        return False
    given = [item for each in behind for item in _texts(each.inputs)]
    return not any(item in text or text in item for item in given)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) >= SHORTEST:
            yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)
