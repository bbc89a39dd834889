"""GatewayAddress: the address by which callers reach a gateway, once it has one.

The provider's gateway may be done before its load balancer is, and then has no address to give. Nothing is created
here: an interrupted create left nothing behind.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult

from components.alicloud.gaps.base import Gap, GapProvider, Props, gone
from components.alicloud.gaps.client import Client
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import ApiError, GapError
from components.gaps.polling import wait_until

KINDS: Final = {True: "Internet", False: "Intranet"}
"""The service's words for the address outside and inside the network."""


def address_of(gateway: Mapping[str, Any], *, internet: bool) -> str:
    """A gateway's address of one kind, its default one where it has several; empty where it has none yet."""
    found = [
        one for one in gateway.get("loadBalancers") or [] if one.get("addressType") == KINDS[internet] and _entry(one)
    ]
    found.sort(key=lambda one: not one.get("gatewayDefault"))
    return _entry(found[0]) if found else ""


class GatewayAddressProvider(GapProvider):
    """Waits for the address on create, and reads it after that."""

    IDENTITY = ("region", "gateway_id", "internet")

    def create(self, props: Props) -> CreateResult:
        """Wait for the address."""
        client, gateway_id, internet = connect(props["region"]), str(props["gateway_id"]), bool(props["internet"])
        seconds = float(props.get("timeout_seconds") or 600)
        seen = [""]

        def late() -> GapError:
            what = f"gateway {gateway_id} has no {KINDS[internet]} address after {seconds:.0f} s"
            return GapError(f"{what}; last seen: {seen[-1]}", "see its network access, and run `up` again: it waits on")

        def probe() -> str | None:
            gateway = _gateway(client, gateway_id)
            seen.append(_shown(gateway))
            if "fail" in str(gateway.get("status")).lower():
                raise GapError(f"gateway {gateway_id} is {seen[-1]}", "mend it in the console, and run `up` again")
            return address_of(gateway, internet=internet) or None

        address = wait_until(probe, seconds=seconds, late=late)
        return CreateResult(gateway_id, {**self.inputs(props), "address": address})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read the address again. A gateway that shows none just now keeps the one it had: callers still use it."""
        try:
            gateway = _gateway(connect(props["region"]), str(props["gateway_id"]))
        except ApiError as error:
            if error.missing("Gateway"):
                return gone()
            raise
        address = address_of(gateway, internet=bool(props["internet"])) or props.get("address")
        return ReadResult(id_, {**self.inputs(props), "address": address})


def _gateway(client: Client, gateway_id: str) -> dict[str, Any]:
    return client.data("GetGateway", gateway_id, idempotent=True)


def _entry(balancer: Mapping[str, Any]) -> str:
    addresses = balancer.get("ipv4Addresses") or [""]
    return str(balancer.get("address") or addresses[0] or "")


def _shown(gateway: Mapping[str, Any]) -> str:
    kinds = [str(one.get("addressType")) for one in gateway.get("loadBalancers") or [] if _entry(one)]
    return f"{gateway.get('status')}, addresses: {', '.join(kinds) or 'none'}"


class GatewayAddress(Gap, module="alicloud", name="GatewayAddress"):
    """The address by which callers reach a gateway."""

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
