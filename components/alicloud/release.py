"""How a version of a function goes live: leftovers cleared, ready, published, and the alias pointed to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_alicloud import fc

from components.alicloud.gaps.function_leftovers import FunctionLeftovers
from components.alicloud.gaps.function_ready import FunctionReady
from components.alicloud.gaps.release_history import ReleaseHistory
from components.base import Component, after
from components.errors import UserError
from components.function import Release

ALIAS = "live"
"""The name that calls go to. Frozen: gateways and triggers know the function by it."""


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """What is released, and how."""

    owner: Component
    """The function's component, parent of all that is declared here."""
    function: fc.V3Function
    """The function."""
    version_key: pulumi.Output[str]
    """What tells one version from the next."""
    release: Release
    """How the version takes over."""
    absent: Sequence[str]
    """What the function does not have, and may have had."""


@dataclass(frozen=True, kw_only=True)
class Live:
    """What serves calls."""

    alias: fc.V3Alias
    """What callers call."""
    version: pulumi.Output[str]
    """The version that serves most calls, known when the alias points to it and the service says so."""
    newest: pulumi.Output[str]
    """The version that was published last."""


def declare_rollout(rollout: Rollout) -> Live:
    """Declare the way from a function to a version that serves calls.

    Function -> leftovers -> ready -> version -> history -> alias: each needs the one before it done, and mostly no data
    says so. Another version replaces the version's record alone, and leaves the old version in the cloud; another
    weight changes history and alias in place.
    """
    leftovers = _declare_leftovers(rollout)
    ready = _declare_ready(rollout, leftovers)
    version = _declare_version(rollout, [leftovers, ready])
    history = _declare_history(rollout, version)
    weights = history.canary_version.apply(lambda canary: canary_weight(canary, rollout.release.weight))
    alias = _declare_alias(rollout, history, weights)
    settled = pulumi.Output.all(weights, alias.additional_version_weight).apply(
        lambda both: refuse_remainder(rollout.owner.logical_name, both[0], both[1])
    )
    serving = after(history.stable_version, alias.alias_name, settled)
    return Live(alias=alias, version=serving, newest=version.version_id)


def canary_weight(canary: str, percent: int) -> dict[str, float]:
    """The share of the version beside the stable one, in the alias's shape; none without such a version."""
    return {canary: percent / 100} if canary else {}


def refuse_remainder(name: str, asked: Mapping[str, float], reported: Mapping[str, float] | None) -> str:
    """Refuse a share of calls that nobody asked for: a canary that goes on after it was ended.

    The provider sends the whole map on every change, an empty one to end a canary, as the vendor's own tool does. That
    the service always takes the empty map for "nobody" is written nowhere, so what it answers is looked at.
    """
    found = {version: share for version, share in (reported or {}).items() if share and version not in asked}
    if found:
        shares = ", ".join(f"version {version} {share:.0%}" for version, share in found.items())
        what = f"the service still sends calls elsewhere ({shares})"
        raise UserError(f"Release of {name}", what, f"take them from alias {ALIAS} in the console, then `up` again")
    return ""


def _declare_leftovers(rollout: Rollout) -> FunctionLeftovers:
    return FunctionLeftovers(
        rollout.owner.child("leftovers"),
        function_name=rollout.function.function_name,
        absent=list(rollout.absent),
        revision_key=rollout.version_key,
        region=rollout.owner.scope.region,
        opts=rollout.owner.options(depends_on=[rollout.function]),
    )


def _declare_ready(rollout: Rollout, leftovers: pulumi.Resource) -> FunctionReady:
    # The service fetches an image on its own time, and refuses to publish before that.
    return FunctionReady(
        rollout.owner.child("ready"),
        function_name=rollout.function.function_name,
        revision_key=rollout.version_key,
        region=rollout.owner.scope.region,
        opts=rollout.owner.options(depends_on=[rollout.function, leftovers]),
    )


def _declare_version(rollout: Rollout, before: list[pulumi.Resource]) -> fc.V3FunctionVersion:
    return fc.V3FunctionVersion(
        rollout.owner.child("version"),
        function_name=rollout.function.function_name,
        # What is published is the function as it is, and only once: another description is what publishes again.
        description=rollout.version_key,
        opts=rollout.owner.options(
            depends_on=[rollout.function, *before],
            # The alias may point to the old version still, and a later release may go back to it. They all go with the
            # function, by FunctionLeftovers.
            retain_on_delete=True,
        ),
    )


def _declare_history(rollout: Rollout, version: fc.V3FunctionVersion) -> ReleaseHistory:
    release = rollout.release
    return ReleaseHistory(
        rollout.owner.child("history"),
        function_name=rollout.function.function_name,
        version_id=version.version_id,
        version_key=rollout.version_key,
        weight=release.weight,
        revision=release.revision,
        force=release.force,
        region=rollout.owner.scope.region,
        opts=rollout.owner.options(depends_on=[version]),
    )


def _declare_alias(rollout: Rollout, history: ReleaseHistory, weights: pulumi.Output[dict[str, float]]) -> fc.V3Alias:
    owner = rollout.owner
    return fc.V3Alias(
        owner.child("alias"),
        function_name=rollout.function.function_name,
        alias_name=ALIAS,
        version_id=history.stable_version,
        # Explicit when there is none: only a change is sent, and it is the empty map that ends a canary.
        additional_version_weight=weights,
        # Explicit: a description taken away later would stay.
        description=f"{owner.logical_name} of {owner.scope.project}/{owner.scope.stage}",
        # Its name is fixed: a replacement would meet the old one.
        opts=owner.options(depends_on=[history], delete_before_replace=True),
    )
