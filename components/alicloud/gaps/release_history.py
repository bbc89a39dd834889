"""ReleaseHistory: keeps which version of a function last took all calls."""

from __future__ import annotations

from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, GapProvider


class ReleaseHistoryProvider(GapProvider):
    """Remembers the last version that took all calls."""

    IDENTITY = ("region", "function_name")
    SETTINGS = ("version_id", "version_key", "weight", "revision", "force")


class ReleaseHistory(Gap, module="alicloud", name="ReleaseHistory"):
    """Remembers the last version that took all calls."""

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
