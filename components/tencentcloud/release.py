"""How a version of a function goes live: ready, published, kept warm, and the alias pointed to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from tencentcloud_iac_pulumi import scf

from components.base import Component, after
from components.errors import UserError
from components.function import Release
from components.tencentcloud.function_settings import NAMESPACE
from components.tencentcloud.gaps.function_ready import FunctionReady
from components.tencentcloud.gaps.provisioned_concurrency import ProvisionedConcurrency
from components.tencentcloud.gaps.release_history import ReleaseHistory

ALIAS = "live"
"""The name that calls go to. Frozen: gateways and triggers know the function by it."""
NOBODY = "$LATEST"
"""What stands beside the main version where nothing takes a share, at weight 0: the unpublished code, which is there
from the first release on, and never the main version."""


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """What is released, and how."""

    owner: Component
    """The function's component, parent of all that is declared here."""
    function: scf.Function
    """The function."""
    settled: Sequence[pulumi.Resource]
    """What must be done before the function is published as it is."""
    version_key: pulumi.Output[str]
    """What tells one version from the next."""
    release: Release
    """How the version takes over."""
    warm_instances: int
    """Instances of the stable version kept ready; 0 for none."""


@dataclass(frozen=True, kw_only=True)
class Live:
    """What serves calls."""

    alias: scf.FunctionAlias
    """What callers call."""
    version: pulumi.Output[str]
    """The version that serves most calls, known when the alias points to it and the service says so."""
    newest: pulumi.Output[str]
    """The version that was published last."""


def declare_rollout(rollout: Rollout) -> Live:
    """Declare the way from a function to a version that serves calls.

    Function -> ready -> version -> history -> warm instances -> alias: each needs the one before it done, and mostly no
    data says so. Another version replaces the version's record alone, and leaves the old version in the cloud; another
    weight changes history and alias in place.
    """
    ready = _declare_ready(rollout)
    version = _declare_version(rollout, ready)
    history = _declare_history(rollout, version)
    warm = _declare_warm(rollout, history)
    asked = pulumi.Output.all(history.stable_version, history.canary_version).apply(
        lambda both: Shares(both[0], both[1], rollout.release.weight)
    )
    alias = _declare_alias(rollout, history, asked, warm)
    settled = pulumi.Output.all(asked, alias.function_version, alias.routing_config).apply(
        lambda three: refuse_other(rollout.owner.logical_name, three[0], three[1], three[2])
    )
    serving = after(history.stable_version, alias.name, settled)
    return Live(alias=alias, version=serving, newest=version.function_version)


@dataclass(frozen=True)
class Shares:
    """Who takes calls."""

    stable: str
    """The main version."""
    canary: str
    """The version beside it; empty for none."""
    percent: int
    """What the canary takes of all calls, where there is one."""

    @property
    def beside(self) -> tuple[str, float]:
        """The one version beside the main one, and its weight.

        There always is one: the provider sends nothing where there is none, and the service would keep what was.
        """
        return (self.canary, round(self.percent / 100, 2)) if self.canary else (NOBODY, 0.0)

    @property
    def words(self) -> str:
        """The same in words. They differ whenever the shares do: only another description, or another share, makes the
        provider send the main version."""
        also = f", version {self.canary} at {self.percent} percent" if self.canary else ""
        return f"Version {self.stable}{also}."


def refuse_other(name: str, asked: Shares, main: str | None, routing: Mapping[str, Any] | None) -> str:
    """Refuse what nobody asked for: another main version, or a share for another one than the canary.

    The provider takes another main version and sends nothing, unless something else changes too; and what the service
    makes of a weight of 0 stands in no document. So what it answers is looked at.

    Args:
        name: the function's own name, for the error.
        asked: what was asked for.
        main: the main version that the service reports.
        routing: what it reports beside.
    """
    beside = (routing or {}).get("additional_version_weights") or []
    wrong = [] if main in (None, asked.stable) else [f"version {main} is its main one"]
    wrong += [
        f"version {one['version']} takes {one['weight']:.0%}"
        for one in beside
        if one["weight"] and one["version"] != asked.canary
    ]
    if wrong:
        what = f"alias {ALIAS} is not what was asked for ({asked.words[:-1].lower()}): {', '.join(wrong)}"
        raise UserError(f"Release of {name}", what, "set it so in the console, then `pulumi refresh` and `up` again")
    return ""


def _declare_ready(rollout: Rollout) -> FunctionReady:
    # The service fetches an image on its own time, and refuses to publish before that.
    return FunctionReady(
        rollout.owner.child("ready"),
        function_name=rollout.function.name,
        namespace=NAMESPACE,
        revision_key=rollout.version_key,
        region=rollout.owner.scope.region,
        opts=rollout.owner.options(depends_on=[rollout.function, *rollout.settled]),
    )


def _declare_version(rollout: Rollout, ready: pulumi.Resource) -> scf.FunctionVersion:
    """One record for all versions, replaced by each.

    A record a version, under a name with its key, would do the same to the cloud. But the key is a hash of secrets and
    of what is not built yet, so that no preview could say which record is meant.
    """
    return scf.FunctionVersion(
        rollout.owner.child("version"),
        function_name=rollout.function.name,
        namespace=NAMESPACE,
        # What is published is the function as it is: another description is what publishes again.
        description=rollout.version_key,
        opts=rollout.owner.options(
            depends_on=[rollout.function, ready],
            # The alias may point to the old version still, and a later release may go back to it. They all go with the
            # function.
            retain_on_delete=True,
        ),
    )


def _declare_history(rollout: Rollout, version: scf.FunctionVersion) -> ReleaseHistory:
    release = rollout.release
    return ReleaseHistory(
        rollout.owner.child("history"),
        function_name=rollout.function.name,
        namespace=NAMESPACE,
        version_id=version.function_version,
        version_key=rollout.version_key,
        weight=release.weight,
        revision=release.revision,
        force=release.force,
        region=rollout.owner.scope.region,
        opts=rollout.owner.options(depends_on=[version]),
    )


def _declare_warm(rollout: Rollout, history: ReleaseHistory) -> list[pulumi.Resource]:
    """Instances of the version that is to take calls: there before it does, and the old one's go after that."""
    if not rollout.warm_instances:
        return []
    warm = ProvisionedConcurrency(
        rollout.owner.child("provisioned-concurrency"),
        function_name=rollout.function.name,
        namespace=NAMESPACE,
        qualifier=history.stable_version,
        target=rollout.warm_instances,
        region=rollout.owner.scope.region,
        opts=rollout.owner.options(depends_on=[history]),
    )
    return [warm]


def _declare_alias(
    rollout: Rollout, history: ReleaseHistory, shares: pulumi.Output[Shares], warm: Sequence[pulumi.Resource]
) -> scf.FunctionAlias:
    return scf.FunctionAlias(
        rollout.owner.child("alias"),
        name=ALIAS,
        namespace=NAMESPACE,
        function_name=rollout.function.name,
        function_version=history.stable_version,
        routing_config=scf.FunctionAliasRoutingConfigArgs(
            additional_version_weights=[
                scf.FunctionAliasRoutingConfigAdditionalVersionWeightArgs(
                    version=shares.apply(lambda one: one.beside[0]), weight=shares.apply(lambda one: one.beside[1])
                )
            ]
        ),
        description=shares.apply(lambda one: one.words),
        opts=rollout.owner.options(
            depends_on=[history, *warm],
            # The provider takes others, and does nothing.
            replace_on_changes=["name", "functionName", "namespace"],
            # And it would try to change one that went with its function.
            replace_with=[rollout.function],
            # Its name is fixed: a replacement would meet the old one.
            delete_before_replace=True,
        ),
    )
