"""How a version of a function goes live: extras, image, guard, release, and the wait until it is done."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_volcengine import vefaas

from components.base import Component
from components.function import Release
from components.volcengine.function_settings import Source
from components.volcengine.gaps.function_extras import FunctionExtras
from components.volcengine.gaps.image_ready import ImageReady
from components.volcengine.gaps.release_guard import ReleaseGuard
from components.volcengine.gaps.release_ready import ReleaseReady


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """What is released, and how."""

    owner: Component
    """The function's component, parent of all that is declared here."""
    function: vefaas.Function
    """The function."""
    source: Source
    """Its code."""
    version_key: pulumi.Output[str]
    """What tells one version from the next."""
    release: Release
    """How the version takes over."""
    retries: int | None = None
    """Retries of asynchronous calls; None: they are off."""
    max_instances: int | None = None
    """Most instances of the version."""


def declare_rollout(rollout: Rollout) -> ReleaseReady:
    """Declare the way from a function to a version that serves calls.

    Function -> extras -> image -> guard -> release -> ready: each needs the one before it done, and mostly no data
    says so. A new version replaces the release alone; a new weight changes it in place.
    """
    extras = _declare_extras(rollout)
    image = _declare_image(rollout, extras)
    guard = _declare_guard(rollout, [*extras, *image])
    release = _declare_release(rollout, [*extras, *image, guard])
    return ReleaseReady(
        rollout.owner.child("release-ready"),
        function_id=rollout.function.id,
        release_id=release.id,
        weight=rollout.release.weight,
        region=rollout.owner.scope.region,
        opts=rollout.owner.options(depends_on=[release]),
    )


def _declare_extras(rollout: Rollout) -> list[pulumi.Resource]:
    if rollout.retries is None:
        return []
    extras = FunctionExtras(
        rollout.owner.child("extras"),
        function_id=rollout.function.id,
        async_enabled=True,
        max_retries=rollout.retries,
        region=rollout.owner.scope.region,
        opts=rollout.owner.options(depends_on=[rollout.function]),
    )
    return [extras]


def _declare_image(rollout: Rollout, before: list[pulumi.Resource]) -> list[pulumi.Resource]:
    if rollout.source.type != "image":
        return []
    # The service copies the image on its own time, and refuses to release before that.
    image = ImageReady(
        rollout.owner.child("image-ready"),
        function_id=rollout.function.id,
        source=rollout.source.value,
        region=rollout.owner.scope.region,
        opts=rollout.owner.options(depends_on=[rollout.function, *before]),
    )
    return [image]


def _declare_guard(rollout: Rollout, before: list[pulumi.Resource]) -> ReleaseGuard:
    return ReleaseGuard(
        rollout.owner.child("release-guard"),
        function_id=rollout.function.id,
        version_key=rollout.version_key,
        weight=rollout.release.weight,
        force=rollout.release.force,
        revision=rollout.release.revision,
        region=rollout.owner.scope.region,
        opts=rollout.owner.options(depends_on=[rollout.function, *before]),
    )


def _declare_release(rollout: Rollout, before: list[pulumi.Resource]) -> vefaas.Release:
    return vefaas.Release(
        rollout.owner.child("release"),
        function_id=rollout.function.id,
        # 0 cuts a revision from what the function is now; another number publishes that revision again.
        revision_number=rollout.release.revision or 0,
        target_traffic_weight=rollout.release.weight,
        max_instance=rollout.max_instances,
        description=rollout.version_key,
        opts=rollout.owner.options(
            depends_on=[rollout.function, *before],
            # Nothing else in a release changes when the code does.
            replace_on_changes=["description"],
            # Deleting a finished release does nothing; deleting one that is half-way rolls the function back. That may
            # only happen (with `force`) before the next one is begun, never after it.
            delete_before_replace=True,
        ),
    )
