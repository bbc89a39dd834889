"""ServiceReady: waits until a gateway's service is healthy."""

from __future__ import annotations

from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, GapProvider


class ServiceReadyProvider(GapProvider):
    """Waits on create."""

    IDENTITY = ("region", "service_id")
    SETTINGS = ()


class ServiceReady(Gap, module="alicloud", name="ServiceReady"):
    """Waits on create."""

    service_id: pulumi.Output[str]
    """The service, known when it is healthy."""

    def __init__(
        self,
        name: str,
        *,
        service_id: pulumi.Input[str],
        region: str,
        timeout_seconds: int = 600,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the wait.

        Args:
            name: logical name.
            service_id: the service.
            region: region code.
            timeout_seconds: longest wait. Default 600.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {"service_id": service_id, "region": region, "timeout_seconds": timeout_seconds}
        super().__init__(ServiceReadyProvider(), name, props, opts)
