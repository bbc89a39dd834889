"""What the change of one field does: nothing, an update, or a new resource in the old one's place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from qiao.plan.diff.gap import as_sent, provider_of, replaces, sees
from qiao.plan.diff.model import Effect
from qiao.plan.diff.unseen import Sides, dropped, refused, unseen
from qiao.plan.diff.values import Spot
from qiao.plan.rules.table import rules_for
from qiao.plan.saved.model import SavedResource

NO_RULES: Final = "this type has no rules: it may be a replacement"
NOT_SENT: Final = "the provider takes it and never sends it"
FAILS: Final = "the provider fails this change"
WAIT: Final = "it concerns the wait alone"


def effect(old: SavedResource, new: SavedResource, spot: Spot, *, unknown: bool = False) -> tuple[Effect, str]:
    """The effect of a change, and why where the field does not say it.

    Args:
        old: the resource before.
        new: the resource after.
        spot: where they differ.
        unknown: whether nobody knows the new value until `up` is through.
    """
    if covered(spot.field, new.options.ignore_changes):
        return "ignored", "ignore_changes"
    if provider_of(new.type) is not None:
        found, why = _of_gap(old, new, spot, unknown=unknown)
    else:
        found, why = _of_provider(old, new, spot)
    if found == "update" and covered(spot.field, new.options.replace_on_changes):
        return "replace", "replace_on_changes"
    if found == "update" and dropped(new.type, spot.field):
        return "unseen", NOT_SENT
    if found == "update" and refused(new.type, spot.field):
        return "update", FAILS
    return found, why


def _of_provider(old: SavedResource, new: SavedResource, spot: Spot) -> tuple[Effect, str]:
    reason = unseen(new.type, spot, Sides(old.inputs, new.inputs))
    if reason:
        return "unseen", reason
    rules = rules_for(new.type)
    if rules is None:
        return "update", NO_RULES
    return ("replace", "") if any(forces(rules.replaces, field) for field in spot.fields) else ("update", "")


def _of_gap(old: SavedResource, new: SavedResource, spot: Spot, *, unknown: bool) -> tuple[Effect, str]:
    key = top(spot.field)
    before, after = as_sent(old.inputs), as_sent(new.inputs, {key} if unknown else ())
    if key in replaces(new.type, before, after):
        return "replace", ""
    return ("update", "") if sees(new.type, key, before.get(key), after.get(key)) else ("unseen", WAIT)


def forces(listed: Sequence[str], field: str) -> bool:
    """Whether a field's change replaces its resource.

    A field listed alone stands for all below it. Where single ones below it are listed too, only those do, and the
    field itself where the whole of it comes or goes: so providers treat nested objects.
    """
    if field in listed:
        return True
    return any(
        field.startswith(f"{above}.") and not any(other.startswith(f"{above}.") for other in listed) for above in listed
    )


def forced_by_deletion(old: SavedResource, new: SavedResource, key: str) -> bool:
    """Whether the deletion of what an input depends on replaces a resource: the engine asks the provider with that
    input unknown, whatever `ignore_changes` says."""
    if provider_of(new.type) is not None:
        return key in replaces(new.type, as_sent(old.inputs), as_sent(new.inputs, {key}))
    rules = rules_for(new.type)
    return rules is not None and key in rules.replaces


def covered(field: str, options: Iterable[str]) -> bool:
    """Whether a field lies at or below one of those that an option names."""
    for option in options:
        named = re.sub(r"\[[^\]]*\]", "", option)
        if named == "*" or field == named or field.startswith(f"{named}."):
            return True
    return False


def top(field: str) -> str:
    """The input that a field lies in."""
    return field.split(".", 1)[0]
