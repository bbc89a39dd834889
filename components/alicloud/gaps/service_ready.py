"""ServiceReady: waits until a gateway's service is healthy.

The provider returns as soon as the service is written down; a route to it answers 503 until the gateway has found its
backend. Nothing is created here: an interrupted create left nothing behind.
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
from components.gaps import polling
from components.gaps.polling import wait_until

HEALTHY: Final = "healthy"
UNHEALTHY: Final = "unhealthy"
SETTLE_SECONDS: Final = 30.0
"""How long a service may say neither. Whether one that stands for a function ever says `Healthy` is not known: after
that, one without a word of ill health counts as ready."""


class ServiceReadyProvider(GapProvider):
    """Waits on create."""

    IDENTITY = ("region", "service_id")

    def create(self, props: Props) -> CreateResult:
        """Wait for the service."""
        client, service_id = connect(props["region"]), str(props["service_id"])
        seconds = float(props.get("timeout_seconds") or 600)
        begun, seen = polling.now(), [""]

        def late() -> GapError:
            what = f"service {service_id} is not healthy after {seconds:.0f} s; last seen: {seen[-1]}"
            return GapError(what, "see that its function answers on its port, and run `up` again: it waits on")

        def probe() -> bool | None:
            service = _service(client, service_id)
            seen.append(_shown(service))
            health = str(service.get("healthStatus") or "").lower()
            settled = polling.now() - begun >= min(SETTLE_SECONDS, seconds)
            return True if health == HEALTHY or (health != UNHEALTHY and settled) else None

        wait_until(probe, seconds=seconds, late=late)
        return CreateResult(service_id, self.inputs(props))

    def read(self, id_: str, props: Props) -> ReadResult:
        """What was reached stays true; only a service that is gone takes it along."""
        try:
            _service(connect(props["region"]), str(props["service_id"]))
        except ApiError as error:
            if error.missing("Service"):
                return gone()
            raise
        return ReadResult(id_, self.inputs(props))


def _service(client: Client, service_id: str) -> dict[str, Any]:
    return client.data("GetService", service_id, idempotent=True)


def _shown(service: Mapping[str, Any]) -> str:
    keys = ("healthStatus", "unhealthyEndpoints", "runtimeDetailStatus", "runtimeDetailErrorCode")
    return ", ".join(f"{key} {service[key]}" for key in keys if service.get(key)) or "no health status"


class ServiceReady(Gap, module="alicloud", name="ServiceReady"):
    """A gateway's service, once calls reach its backend."""

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
