"""Compares two plans of one stage as the engine would: what is made, changed, replaced and destroyed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components.errors import UserError
from qiao.plan.diff.effects import effect
from qiao.plan.diff.match import Pair, match
from qiao.plan.diff.model import KINDS, Change, Difference, FieldChange, Problem
from qiao.plan.diff.problems import problems
from qiao.plan.diff.spread import Spread
from qiao.plan.diff.unseen import is_set
from qiao.plan.diff.values import differences
from qiao.plan.diff.work import Work, described
from qiao.plan.saved.model import Document, SavedResource
from qiao.plan.saved.values import moved


def compare(old: Document, new: Document) -> Difference:
    """What becomes of a stage that stands as the old plan says when the new one is carried out.

    Reads nothing but its arguments, and the rules. Knows the old plan, not the cloud: what somebody changed there is
    for `pulumi preview` to find.

    Raises:
        UserError: they are plans of different stages.
    """
    if (old.project, old.stage) != (new.project, new.stage):
        what = f"is of {old.project}, stage {old.stage}, and the new one of {new.project}, stage {new.stage}"
        raise UserError("the old plan", what, "compare plans of one stage")
    pairs = match(old.resources, new.resources)
    managed = [pair for pair in pairs if pair.either.custom and not pair.either.read]
    works = [work for pair in managed if (work := _work(pair)) is not None]
    Spread(works, {each.urn: each for each in new.resources}).run()
    made = [pair.new for pair in managed if pair.new is not None and _managed(pair.old) is None]
    gone = [pair.old for pair in pairs if _managed(pair.old) is not None and pair.old and _managed(pair.new) is None]
    found = [*(work.change() for work in works), *map(_created, made), *map(_destroyed, gone)]
    changes = sorted((each for each in found if each), key=lambda each: (KINDS.index(each.kind), each.urn))
    trouble = problems(changes, works, made, gone)
    renamed = {pair.former_urn: pair.either.urn for pair in pairs if pair.former_urn}
    return Difference(
        format="qiao.diff",
        version=1,
        project=new.project,
        stage=new.stage,
        counts=_counts(changes, trouble, new),
        changes=tuple(changes),
        outputs=tuple(_outputs(moved(old.outputs, renamed), new.outputs)),
        problems=tuple(trouble),
        checklist=tuple(line for line in new.checklist if line not in old.checklist),
        findings=new.findings,
    )


def _managed(resource: SavedResource | None) -> SavedResource | None:
    return resource if resource is not None and resource.custom and not resource.read else None


def _work(pair: Pair) -> Work | None:
    old, new = _managed(pair.old), _managed(pair.new)
    if old is None or new is None:
        return None
    work = Work(pair, old, new)
    for spot in differences(old.inputs, new.inputs, lambda field: is_set(new.type, field)):
        found, why = effect(old, new, spot)
        work.add(FieldChange(path=spot.path, old=spot.old, new=spot.new, effect=found, why=why))
    return work


def _created(resource: SavedResource) -> Change:
    return described("create", resource, imported=resource.options.import_id)


def _destroyed(resource: SavedResource) -> Change:
    options = resource.options
    return described("destroy", resource, protected=options.protect, retained=options.retain_on_delete)


def _outputs(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[FieldChange]:
    spots = differences(old, new, lambda _: False)
    return [FieldChange(path=spot.path, old=spot.old, new=spot.new, effect="update") for spot in spots]


def _counts(changes: Sequence[Change], trouble: Sequence[Problem], new: Document) -> dict[str, int]:
    kinds: dict[str, int] = {kind: sum(change.kind == kind for change in changes) for kind in KINDS}
    return {**kinds, "problems": len(trouble), "findings": len(new.findings)}
