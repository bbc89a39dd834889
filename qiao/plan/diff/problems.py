"""What `up` would trip over in the change itself: what refuses it, and what gets into its own way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from ipaddress import IPv4Network, ip_network
from typing import Any, Final

from qiao.plan.diff.effects import FAILS
from qiao.plan.diff.gap import as_sent, refusals
from qiao.plan.diff.model import Change, Problem
from qiao.plan.diff.work import Work
from qiao.plan.rules.table import rules_for
from qiao.plan.saved.model import SavedResource
from qiao.plan.saved.values import origins

SUBNETS: Final = frozenset(
    {"alicloud:vpc/switch:Switch", "tencentcloud:Subnet/instance:Instance", "volcengine:vpc/subnet:Subnet"}
)
UNPROTECT: Final = "where that is meant, run `up` with `protect` off first"


def problems(
    changes: Sequence[Change], works: Sequence[Work], made: Sequence[SavedResource], gone: Sequence[SavedResource]
) -> list[Problem]:
    """Everything that refuses the change or collides in it.

    Args:
        changes: what becomes of each resource.
        works: the resources that both plans have.
        made: those that only the new plan has.
        gone: those that only the old plan has.
    """
    touched = {change.urn for change in changes}
    found = [
        *_protected(changes),
        *_guards(works, made, touched),
        *_failures(works),
        *_same_identity(works, made, gone),
        *_overlaps(works, made, gone),
    ]
    return sorted(found, key=lambda each: (each.urn, each.kind, each.path, each.message))


def _problem(kind: str, about: Any, message: str, path: str = "") -> Problem:
    who = {name: getattr(about, name) for name in ("urn", "type", "name")}
    return Problem.model_validate({"kind": kind, **who, "path": path, "message": message})


def _protected(changes: Sequence[Change]) -> Iterator[Problem]:
    for change in changes:
        if change.protected:
            what = "destroyed" if change.kind == "destroy" else "replaced"
            yield _problem("protected", change, f"is protected and would be {what}: {UNPROTECT}")


def _guards(works: Sequence[Work], made: Sequence[SavedResource], touched: set[str]) -> Iterator[Problem]:
    """What a gap refuses by what was asked for last. What did not change was accepted then."""
    for work in works:
        if work.replaced:
            # What it works on is another thing, or soon will be: for that one nothing was asked for before.
            yield from _refused(work.new, {}, as_sent(work.new.inputs))
        elif work.new.urn in touched:
            unknown = {re.split(r"[.\[:]", change.path)[0] for change in work.fields.values() if change.cause}
            yield from _refused(work.new, as_sent(work.old.inputs), as_sent(work.new.inputs, unknown))
    for resource in made:
        yield from _refused(resource, {}, as_sent(resource.inputs))


def _refused(resource: SavedResource, olds: Mapping[str, Any], news: Mapping[str, Any]) -> Iterator[Problem]:
    for path, reason in refusals(resource.type, olds, news):
        yield _problem("guard", resource, reason, path)


def _failures(works: Sequence[Work]) -> Iterator[Problem]:
    """Changes in place that the provider is known to fail. Where the resource is replaced anyway, it never tries."""
    for work in works:
        for change in work.fields.values() if not work.replaced else ():
            if change.effect == "update" and change.why == FAILS:
                what = f"{FAILS}: `up` would end half-way; leave it, or replace the resource"
                yield _problem("guard", work.new, what, change.path)


def _same_identity(
    works: Sequence[Work], made: Sequence[SavedResource], gone: Sequence[SavedResource]
) -> Iterator[Problem]:
    """A new one that comes while the old one is still there, under the same name."""
    renewed = {work.new.urn for work in works if work.replaced}
    for work in works:
        if work.replaced and _collide(work.old, work.new, renewed):
            if not work.goes_first:
                what = "the new one is made before the old one is gone, under the same name: set delete_before_replace"
                yield _problem("collision", work.new, what, _identity_path(work.new))
            elif work.old.options.retain_on_delete:
                what = "the old one stays (retain_on_delete), and the new one wants its name: give it another"
                yield _problem("collision", work.new, what, _identity_path(work.new))
    for new in made:
        for old in gone if _is_one_of_a_kind(new) else ():
            if _collide(old, new, renewed):
                what = f"it is made before {old.name} is gone, under the same name: if it is the same, give it an alias"
                yield _problem("collision", new, what, _identity_path(new))


def _collide(old: SavedResource, new: SavedResource, renewed: set[str]) -> bool:
    """Whether two resources are one thing in the cloud, and the cloud wants one of them only."""
    rules = rules_for(new.type)
    if rules is None or old.type != new.type or not _is_one_of_a_kind(new):
        return False
    mine = [new.inputs.get(path) for path in rules.identity]
    if any(origin.urn in renewed for value in mine for origin in origins(value)):
        return False
    return any(value is not None for value in mine) and mine == [old.inputs.get(path) for path in rules.identity]


def _is_one_of_a_kind(resource: SavedResource) -> bool:
    """Whether the cloud refuses a second one of the same identity."""
    rules = rules_for(resource.type)
    return rules is not None and (rules.exclusive or "name" in rules.identity)


def _identity_path(resource: SavedResource) -> str:
    rules = rules_for(resource.type)
    return rules.identity[-1] if rules is not None and rules.identity else ""


def _overlaps(works: Sequence[Work], made: Sequence[SavedResource], gone: Sequence[SavedResource]) -> Iterator[Problem]:
    """A new subnet that takes addresses of one that is deleted only after it."""
    renewed = {work.new.urn for work in works if work.replaced}
    coming = [*made, *(work.new for work in works if work.replaced and not work.goes_first)]
    going = [*gone, *(work.old for work in works if work.replaced and not work.goes_first)]
    for new in coming:
        block = _block(new)
        if block is None:
            continue
        moves = any(origin.urn in renewed for origin in origins(new.inputs.get("vpcId")))
        for old in () if moves else going:
            other = _block(old)
            if other is not None and block.overlaps(other) and old.inputs.get("vpcId") == new.inputs.get("vpcId"):
                what = f"{block} is made while {old.name} still has {other}: take another block, or go in two steps"
                yield _problem("collision", new, what, "cidrBlock")


def _block(resource: SavedResource) -> IPv4Network | None:
    text = resource.inputs.get("cidrBlock")
    if resource.type not in SUBNETS or not isinstance(text, str):
        return None
    try:
        found = ip_network(text)
    except ValueError:
        return None
    return found if isinstance(found, IPv4Network) else None
