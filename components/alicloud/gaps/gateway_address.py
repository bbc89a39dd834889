"""GatewayAddress: the address by which callers reach a gateway, once it has one."""

from __future__ import annotations

from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, GapProvider


class GatewayAddressProvider(GapProvider):
    """Waits for the address on create, and reads it after that."""

    IDENTITY = ("region", "gateway_id", "internet")
    SETTINGS = ()


class GatewayAddress(Gap, module="alicloud", name="GatewayAddress"):
    """Waits for the address on create, and reads it after that."""

    address: pulumi.Output[str]
    """Host name or IP address."""

    def __init__(
        self,
        name: str,
        *,
        gateway_id: pulumi.Input[str],
        internet: bool,
        region: str,
        timeout_seconds: int = 600,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the wait.

        Args:
            name: logical name.
            gateway_id: the gateway.
            internet: whether the public address is meant, not the one inside the network.
            region: region code.
            timeout_seconds: longest wait. Default 600.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "gateway_id": gateway_id,
            "internet": internet,
            "region": region,
            "timeout_seconds": timeout_seconds,
            "address": None,
        }
        super().__init__(GatewayAddressProvider(), name, props, opts)
