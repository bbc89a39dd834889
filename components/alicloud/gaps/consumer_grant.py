"""ConsumerGrant: lets a consumer call a route."""

from __future__ import annotations

from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, GapProvider


class ConsumerGrantProvider(GapProvider):
    """Makes, finds and takes back one authorisation."""

    IDENTITY = ("region", "consumer_id", "environment_id", "http_api_id", "route_id")
    SETTINGS = ()


class ConsumerGrant(Gap, module="alicloud", name="ConsumerGrant"):
    """Makes, finds and takes back one authorisation."""

    route_id: pulumi.Output[str]
    """The route, known when the consumer may call it."""

    def __init__(
        self,
        name: str,
        *,
        consumer_id: pulumi.Input[str],
        environment_id: pulumi.Input[str],
        http_api_id: pulumi.Input[str],
        route_id: pulumi.Input[str],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the grant.

        Args:
            name: logical name.
            consumer_id: the consumer.
            environment_id: the gateway's environment.
            http_api_id: the HTTP API that the route belongs to.
            route_id: the route's own id.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "consumer_id": consumer_id,
            "environment_id": environment_id,
            "http_api_id": http_api_id,
            "route_id": route_id,
            "region": region,
        }
        super().__init__(ConsumerGrantProvider(), name, props, opts)
