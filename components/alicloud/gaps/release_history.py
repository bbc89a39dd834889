"""ReleaseHistory: keeps which version of a function last took all calls; its laws are `components.gaps.history`'s."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, Props
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.versions import versions_of
from components.gaps import history
from components.gaps.history import after
from components.gaps.releases import Refusals

__all__ = ["ReleaseHistory", "ReleaseHistoryProvider", "after", "refusals"]


def refusals(olds: Props, news: Props) -> Refusals:
    """What a release may not be on this cloud."""
    return history.refusals(ReleaseHistoryProvider.IDENTITY, olds, news)


class ReleaseHistoryProvider(history.HistoryProvider):
    """The history of a function of one region."""

    IDENTITY = ("region", "function_name")

    def versions(self, props: Props) -> Iterator[str]:
        """Numbers of all versions of the function, the newest first."""
        return versions_of(connect(props["region"]), str(props["function_name"]))


class ReleaseHistory(Gap, module="alicloud", name="ReleaseHistory"):
    """Which version of a function takes its calls, and which one a share of them: what its alias is to say."""

    stable_version: pulumi.Output[str]
    """The version that takes the calls that the canary does not."""
    canary_version: pulumi.Output[str]
    """The version that takes its share; empty for none."""

    def __init__(
        self,
        name: str,
        *,
        function_name: pulumi.Input[str],
        version_id: pulumi.Input[str],
        version_key: pulumi.Input[str],
        weight: pulumi.Input[int],
        revision: pulumi.Input[int] | None,
        force: pulumi.Input[bool],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the history.

        Args:
            name: logical name.
            function_name: the function.
            version_id: number of the newest version, as text.
            version_key: what tells one version from the next.
            weight: percent of calls for the newest version.
            revision: number of the version to go back to; None for the newest.
            force: whether an unfinished canary may be given up.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_name": function_name,
            "version_id": version_id,
            "version_key": version_key,
            "weight": weight,
            "revision": revision,
            "force": force,
            "region": region,
            "stable_version": None,
            "canary_version": None,
        }
        super().__init__(ReleaseHistoryProvider(), name, props, opts)
