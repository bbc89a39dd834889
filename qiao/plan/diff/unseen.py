"""What providers do not see change, and what they see and never send; lists whose order means nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from qiao.plan.diff import unseen_alicloud, unseen_tencentcloud, unseen_volcengine
from qiao.plan.diff.reasons import Sides, When
from qiao.plan.diff.values import Spot
from qiao.plan.rules.table import rules_for

__all__ = ["SETS", "WHEN", "Sides", "dropped", "is_set", "refused", "unseen"]

WHEN: Final[Mapping[str, Mapping[str, When]]] = {
    **unseen_alicloud.WHEN, **unseen_tencentcloud.WHEN, **unseen_volcengine.WHEN,
}  # fmt: skip
"""When a change of a field is not seen, by type."""
SETS: Final[Mapping[str, frozenset[str]]] = {
    **unseen_alicloud.SETS, **unseen_tencentcloud.SETS, **unseen_volcengine.SETS,
}  # fmt: skip
"""Lists whose order means nothing, by type."""
TAGS: Final = frozenset({"tags", "resourceTags"})
"""Tags too, where they are lists."""


def is_set(type_token: str, field: str) -> bool:
    """Whether a field's order means nothing."""
    return field in SETS.get(type_token, ()) or (type_token.startswith("volcengine:") and field in TAGS)


def unseen(type_token: str, spot: Spot, sides: Sides) -> str:
    """Why the provider does not see a change; empty where it does."""
    table = WHEN.get(type_token, {})
    # Where a whole object comes or goes, all of it must be unseen.
    fields = {spot.field} if spot.field in table else spot.fields - {spot.field}
    reasons = [table[field](spot, sides) if field in table else "" for field in sorted(fields)]
    return reasons[0] if reasons and all(reasons) else ""


def dropped(type_token: str, field: str) -> bool:
    """Whether the provider shows a change of a field, and never sends it."""
    rules = rules_for(type_token)
    return rules is not None and _at_or_below(field, rules.dropped)


def refused(type_token: str, field: str) -> bool:
    """Whether the provider fails a change of a field."""
    rules = rules_for(type_token)
    return rules is not None and _at_or_below(field, rules.refused)


def _at_or_below(field: str, listed: Iterable[str]) -> bool:
    return any(field == each or field.startswith(f"{each}.") for each in listed)
