"""What no cloud's release may be, in the words of the settings that ask for it."""

from __future__ import annotations

from typing import Final

from components.gaps.base import Props, known

PROMOTE: Final = "promote it first (release.weight: 100, then `up`), or give it up with release.force: true"
"""The way out of an unfinished version."""

Refusals = list[tuple[str, str]]
"""The property and the reason, with what to do."""


def in_itself(news: Props) -> Refusals:
    """A share that is none, or going back in part. Unknown values pass."""
    if not known(news, "weight") or not known(news, "revision"):
        return []
    weight, revision = news["weight"], news.get("revision")
    if not 0 <= weight <= 100:
        return [("weight", f"release.weight {weight:g} is out of range: use 0 to 100")]
    if revision is not None and weight != 100:
        return [("weight", f"going back to revision {revision:g} cannot be partial: leave release.weight at 100")]
    return []


def first(news: Props) -> Refusals:
    """A function's first release that goes back, or takes less than all calls."""
    if known(news, "revision") and news.get("revision") is not None:
        what = f"this function has no release yet, so none to go back to (release.revision {news['revision']:g})"
        return [("revision", f"{what}: leave release.revision out")]
    if known(news, "weight") and news["weight"] < 100:
        what = f"a function's first release must take all calls (release.weight {news['weight']:g})"
        return [("weight", f"{what}: set release.weight to 100, and use less from the next version on")]
    return []


def still_set(revision: float) -> Refusals:
    """A new version while an earlier one is asked for."""
    what = f"release.revision {revision:g} is still set, so the new version would not go live"
    return [("revision", f"{what}: leave release.revision out")]


def already_full(weight: float) -> Refusals:
    """Less than all calls for the version that has them all."""
    what = f"the version already takes all calls, so it cannot go back to {weight:g} percent"
    return [("weight", f"{what}: keep release.weight at 100; to go back, set release.revision to an earlier one")]
