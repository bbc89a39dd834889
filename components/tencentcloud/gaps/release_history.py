"""ReleaseHistory: keeps which version of a function last took all calls; its laws are `components.gaps.history`'s."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pulumi

from components.gaps import history
from components.tencentcloud.gaps.base import Gap, Props
from components.tencentcloud.gaps.connect import connect

__all__ = ["ReleaseHistory", "ReleaseHistoryProvider"]


class ReleaseHistoryProvider(history.HistoryProvider):
    """The history of a function of one region and namespace."""

    IDENTITY = ("region", "namespace", "function_name")

    def versions(self, props: Props) -> Iterator[str]:
        """Numbers of all versions of the function, the newest first. What is not published has no number."""
        asked = {
            "FunctionName": str(props["function_name"]), "Namespace": str(props["namespace"]),
            "OrderBy": "AddTime", "Order": "DESC",
        }  # fmt: skip
        listed = connect(props["region"]).listed("ListVersionByFunction", asked, "Versions")
        return (version for one in listed if (version := str(one.get("Version"))).isdecimal())


class ReleaseHistory(Gap, module="tencentcloud", name="ReleaseHistory"):
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
        namespace: pulumi.Input[str] = "default",
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
            namespace: the function's namespace.
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
            "namespace": namespace,
            "stable_version": None,
            "canary_version": None,
        }
        super().__init__(ReleaseHistoryProvider(), name, props, opts)
