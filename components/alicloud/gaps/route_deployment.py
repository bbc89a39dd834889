"""RouteDeployment: publishes a route.

The provider saves a route and never publishes it. Publishing one again does no harm: an interrupted create is done
once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.alicloud.gaps.base import Gap, GapProvider, Props, gone
from components.alicloud.gaps.client import APIG, Client
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import ApiError, GapError
from components.gaps.polling import wait_until, when_free

# All words of the service's own list.
PUBLISHED: Final = "Deployed"
WITHDRAWN: Final = "NotDeployed"
UNDER_WAY: Final = frozenset({"Deploying", "Undeploying"})
FAILED: Final = frozenset({"DeployFailed", "UndeployFailed"})

PARTS: Final = ("Route", "HttpApi")
"""Whose absence takes the publication along, by the nouns of the service's codes."""
SECONDS: Final = 600
"""Longest wait for a route to be published, or taken back."""
STALE_LOOKS: Final = 3
"""How often a failure of before may still be shown after a new try."""
UNPUBLISHED: Final = "(not published as it is)"
"""Stands for the trigger in the state of a route that was changed or broken since it was published."""


class RouteDeploymentProvider(GapProvider):
    """Publishes on create and for another trigger, and takes back in the end."""

    IDENTITY = ("region", "http_api_id", "route_id", "gateway_id")
    SETTINGS = ("trigger",)

    def create(self, props: Props) -> CreateResult:
        """Publish the route, whatever its status says: saving one may publish it, and then without its policies."""
        client = connect(props["region"])
        _settled(client, props)
        _publish(client, props)
        return CreateResult(f"{props['http_api_id']}:{props['route_id']}", self.inputs(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Publish it again. What the trigger stands for may lie outside the route, whose status then says nothing."""
        client = connect(news["region"])
        _settled(client, news)
        _publish(client, news)
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """A route changed since then is a difference; one that is taken back, or gone, is published anew."""
        try:
            status = _status(_route(connect(props["region"]), props))
        except ApiError as error:
            if error.missing(*PARTS):
                return gone()
            raise
        if status == WITHDRAWN:
            return gone()
        inputs = self.inputs(props)
        if status != PUBLISHED and status not in UNDER_WAY:
            inputs["trigger"] = UNPUBLISHED
        return ReadResult(id_, inputs, dict(inputs))

    def delete(self, _id: str, props: Props) -> None:
        """Take it back, since a published route cannot be deleted; one that is gone needs nothing."""
        client = connect(props["region"])
        asked = {"routeId": str(props["route_id"]), "gatewayId": str(props["gateway_id"])}
        try:
            if _settled(client, props) == WITHDRAWN:
                return
            api = str(props["http_api_id"])
            when_free(lambda: client.call(APIG, "UndeployHttpApi", api, request=asked, idempotent=True))
            _reach(client, props, WITHDRAWN)
        except ApiError as error:
            if not error.missing(*PARTS):
                raise


def _route(client: Client, props: Props) -> dict[str, Any]:
    return client.data("GetHttpApiRoute", str(props["http_api_id"]), str(props["route_id"]), idempotent=True)


def _status(route: Mapping[str, Any]) -> str:
    return str(route.get("deployStatus") or "no status")


def _settled(client: Client, props: Props) -> str:
    """The status, once nothing is under way."""
    seen: list[str] = []

    def probe() -> str | None:
        seen.append(_status(_route(client, props)))
        return None if seen[-1] in UNDER_WAY else seen[-1]

    return wait_until(probe, seconds=SECONDS, late=lambda: _late(props, seen[-1]))


def _publish(client: Client, props: Props) -> None:
    route_id, gateway_id = str(props["route_id"]), str(props["gateway_id"])
    try:
        _deploy(client, props, {"routeId": route_id})
    except ApiError as first:
        # By its id alone, a route that has only domains of its own is refused, says the documentation. Whether the
        # form that names the gateway takes it is not known: the first refusal is the one to tell of.
        if first.status != 400 or first.missing(*PARTS):
            raise
        try:
            _deploy(client, props, {"httpApiConfig": {"gatewayId": gateway_id, "routeIds": [route_id]}})
        except ApiError as second:
            raise first from second
    _reach(client, props, PUBLISHED)


def _deploy(client: Client, props: Props, asked: dict[str, Any]) -> None:
    api = str(props["http_api_id"])
    when_free(lambda: client.call(APIG, "DeployHttpApi", api, request=asked, idempotent=True))


def _reach(client: Client, props: Props, wanted: str) -> None:
    seen: list[str] = []

    def probe() -> bool | None:
        route = _route(client, props)
        seen.append(_status(route))
        if seen[-1] in FAILED and (len(seen) > STALE_LOOKS or UNDER_WAY & set(seen)):
            more = f" ({route['gatewayStatus']})" if route.get("gatewayStatus") else ""
            what = f"route {props['route_id']} is {seen[-1]}{more}, not {wanted}"
            raise GapError(what, "see its domain, backend and policies in the console, and run `up` again")
        return True if seen[-1] == wanted else None

    wait_until(probe, seconds=SECONDS, late=lambda: _late(props, seen[-1]))


def _late(props: Props, status: str) -> GapError:
    what = f"route {props['route_id']} has not settled after {SECONDS} s; last seen: {status}"
    return GapError(what, "look at it in the console, and run `up` again: it goes on")


class RouteDeployment(Gap, module="alicloud", name="RouteDeployment"):
    """A route's publication. It must come after the route's policies, whose change belongs into the trigger."""

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
