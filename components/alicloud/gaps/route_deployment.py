"""RouteDeployment: publishes a route."""

from __future__ import annotations

from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, GapProvider


class RouteDeploymentProvider(GapProvider):
    """Publishes on create and for another trigger, and takes back in the end."""

    IDENTITY = ("region", "http_api_id", "route_id", "gateway_id")
    SETTINGS = ("trigger",)


class RouteDeployment(Gap, module="alicloud", name="RouteDeployment"):
    """Publishes on create and for another trigger, and takes back in the end."""

    route_id: pulumi.Output[str]
    """The route, known when it is published."""

    def __init__(
        self,
        name: str,
        *,
        http_api_id: pulumi.Input[str],
        route_id: pulumi.Input[str],
        gateway_id: pulumi.Input[str],
        trigger: pulumi.Input[str],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the publication.

        Args:
            name: logical name.
            http_api_id: the HTTP API that the route belongs to.
            route_id: the route's own id, without the API's in front.
            gateway_id: the gateway to publish on.
            trigger: a hash of all that must be published again when it changes.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "http_api_id": http_api_id,
            "route_id": route_id,
            "gateway_id": gateway_id,
            "trigger": trigger,
            "region": region,
        }
        super().__init__(RouteDeploymentProvider(), name, props, opts)
