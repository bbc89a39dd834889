"""LogsReady: waits until a log store can be searched."""

from __future__ import annotations

from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, GapProvider


class LogsReadyProvider(GapProvider):
    """Waits on create."""

    IDENTITY = ("region", "project", "logstore")
    SETTINGS = ()


class LogsReady(Gap, module="alicloud", name="LogsReady"):
    """Waits on create."""

    logstore: pulumi.Output[str]
    """The store, known when its index answers."""

    def __init__(
        self,
        name: str,
        *,
        project: pulumi.Input[str],
        logstore: pulumi.Input[str],
        region: str,
        timeout_seconds: int = 900,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the wait.

        Args:
            name: logical name.
            project: the log project.
            logstore: the store in it.
            region: region code.
            timeout_seconds: longest wait. Default 900: a new store may take ten minutes.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "project": project,
            "logstore": logstore,
            "region": region,
            "timeout_seconds": timeout_seconds,
        }
        super().__init__(LogsReadyProvider(), name, props, opts)
