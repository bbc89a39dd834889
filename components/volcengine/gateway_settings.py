"""What a gateway's arguments mean on APIG: pure planning, no resource is declared here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from components.checks import in_range, one_of
from components.errors import UnsupportedError, UserError
from components.gateway import GatewayArgs, Route
from components.network import NetworkLike
from components.scope import Profile

Door = Literal["jwt", "open"]
"""A service of the gateway: one that lets only valid bearer tokens through, and one that lets everybody through. The
check is a switch of the whole service, so routes of different auth lie on different services."""

DOORS: dict[str, Door] = {"jwt": "jwt", "app": "open", "public": "open"}
"""The service of each auth."""

SIZES = {"small": ("1c2g", "small_1"), "medium": ("2c4g", "medium_1"), "large": ("4c8g", "large_1")}
"""Nodes and load balancer of a standard gateway, by the profile's size."""

INSTANCE_SPECS = ("1c2g", "2c4g", "4c8g", "8c16g")
CLB_SPECS = ("small_1", "small_2", "medium_1", "medium_2", "large_1", "large_2")
UNSUPPORTED = {
    "Route.rate_limit": "limit calls in the application",
    "Route.allow_cidrs": "check the caller's address in the application",
    "Route.request_headers": "set them in the application",
    "Route.response_headers": "set them in the application",
    "Route.strip_prefix": "answer the whole path in the application",
}
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "CONNECT")
"""What a route can be limited to."""


@dataclass(frozen=True, kw_only=True)
class GatewayNative:
    """What only Volcengine knows about a gateway. All but replicas and instance_spec replace the gateway."""

    type: Literal["standard", "serverless"] | None = None
    """Edition: standard has nodes of its own, billed by the hour; serverless is billed by calls. Default: standard
    where the profile asks for high availability, else serverless."""
    replicas: int | None = None
    """Nodes of a standard gateway. Default: 3 with high availability, else 2. Limit: 2 to 100."""
    instance_spec: str | None = None
    """Size of its nodes: 1c2g, 2c4g, 4c8g or 8c16g. Default: by the profile's size."""
    clb_spec: str | None = None
    """Size of its load balancer: small_1 to large_2. Default: by the profile's size."""
    public: bool = True
    """Whether a standard gateway has a public address. Default True."""
    private: bool = False
    """Whether a standard gateway has an address inside the network too. Default False."""
    public_bandwidth_mbps: int | None = None
    """Bandwidth of the public address, paid for whether used or not. Default: billed by traffic. Limit: 1 to 500."""
    domain_door: Door | None = None
    """Which routes the domain serves where the gateway has both kinds, since a domain can stand before one service
    only: `jwt`, or `open` (auth app and public). The others keep the generated address (see the output `urls`).
    Default: jwt. The output `url` follows it."""
    dns_zone_id: int | None = None
    """Id of the domain's DNS zone. Default: looked up by its name."""

    def __post_init__(self) -> None:
        where = "GatewayNative"
        one_of(f"{where}.type", self.type, ("standard", "serverless"))
        in_range(f"{where}.replicas", self.replicas, 2, 100)
        one_of(f"{where}.instance_spec", self.instance_spec, INSTANCE_SPECS)
        one_of(f"{where}.clb_spec", self.clb_spec, CLB_SPECS)
        in_range(f"{where}.public_bandwidth_mbps", self.public_bandwidth_mbps, 1, 500, "Mbit/s")
        one_of(f"{where}.domain_door", self.domain_door, ("jwt", "open"))
        if not self.public and not self.private:
            raise UserError(f"{where}.public", "the gateway has no address", "leave public or private on")
        if not self.public and self.public_bandwidth_mbps is not None:
            raise UserError(f"{where}.public_bandwidth_mbps", "there is no public address", "leave it out")


def check(args: GatewayArgs, native: GatewayNative) -> None:
    """Refuse what the gateway cannot carry."""
    for route in args.routes:
        if route.auth == "cloud":
            raise UnsupportedError(
                "volcengine", "Gateway", f"routes[{route.name}].auth=cloud",
                "use jwt: the gateway checks tokens that it issues itself (`qiao token`)",
            )  # fmt: skip
        methods(route)
    if native.domain_door is not None and native.domain_door not in doors(args.routes):
        raise UserError("GatewayNative.domain_door", f"no route is {native.domain_door}", "leave it out")
    if kind(native, args.scope.profile) == "serverless":
        _refuse_sizes(native)
    network(args)


def network(args: GatewayArgs) -> NetworkLike:
    """The network, which this cloud's gateways need."""
    if args.network is None:
        raise UserError(
            "GatewayArgs.network", "a gateway of this cloud stands in a network", "give a Network or an ExistingNetwork"
        )
    if not 1 <= len(args.network.subnet_ids) <= 2:
        count = len(args.network.subnet_ids)
        raise UserError("GatewayArgs.network", f"it has {count} subnets", "give one with a subnet in each of two zones")
    return args.network


def _refuse_sizes(native: GatewayNative) -> None:
    sized = ("replicas", "instance_spec", "clb_spec", "public_bandwidth_mbps")
    given = [key for key in sized if getattr(native, key) is not None]
    if given or native.private or not native.public:
        field = given[0] if given else "private"
        raise UserError(
            f"GatewayNative.{field}", "a serverless gateway has none", "set type: standard, or leave it out"
        )


def kind(native: GatewayNative, profile: Profile) -> str:
    """The edition, the profile's default filled in."""
    return native.type or ("standard" if profile.high_availability else "serverless")


def resource_spec(native: GatewayNative, profile: Profile) -> dict[str, Any] | None:
    """Nodes and addresses of a standard gateway; None for a serverless one, which has no nodes to size."""
    if kind(native, profile) == "serverless":
        return None
    nodes, balancer = SIZES[profile.size]
    billing = "traffic" if native.public_bandwidth_mbps is None else "bandwidth"
    spec = {
        "replicas": native.replicas or (3 if profile.high_availability else 2),
        "instance_spec_code": native.instance_spec or nodes,
        "clb_spec_code": native.clb_spec or balancer,
        "public_network_billing_type": billing if native.public else None,
        "public_network_bandwidth": native.public_bandwidth_mbps,
        "network_type": {"enable_public_network": native.public, "enable_private_network": native.private},
    }
    return {key: value for key, value in spec.items() if value is not None}


def doors(routes: Sequence[Route]) -> list[Door]:
    """The services that the routes need."""
    return sorted({DOORS[route.auth] for route in routes})


def main_door(routes: Sequence[Route], native: GatewayNative) -> Door:
    """The service that the domain, and the output `url`, stand for: the checked one where there is one."""
    return native.domain_door or doors(routes)[0]


def match_rule(route: Route) -> dict[str, Any]:
    """What calls a route takes."""
    match = "Exact" if route.match == "exact" else "Prefix"
    limited = methods(route)
    return {
        "path": {"match_type": match, "match_content": route.path},
        **({} if limited is None else {"methods": limited}),
    }


def methods(route: Route) -> list[str] | None:
    """The methods that a route is limited to; None for the usual ones: then every method passes."""
    if set(route.methods) >= set(Route.methods):
        return None
    other = sorted(set(route.methods) - set(METHODS))
    if other:
        raise UnsupportedError(
            "volcengine", "Gateway", f"routes[{route.name}].methods={other[0]}",
            f"leave methods out, so that every method passes, or choose of {', '.join(METHODS)}",
        )  # fmt: skip
    return list(route.methods)


def host(address: str) -> str:
    """The host of an address, whether the service gives it with a scheme or without."""
    return re.sub(r"^[a-z]+://", "", address).rstrip("/")


def pick_address(services: Sequence[Any], name: str, *, public: bool) -> str:
    """The generated host of a service.

    Args:
        services: what the cloud lists: it matches names loosely, so others may be among them.
        name: the service's name.
        public: whether the public address is wanted, or the one inside the network.
    """
    wanted = "public" if public else "private"
    for service in services:
        if service.name == name:
            for domain in service.domains or []:
                if domain.type == wanted:
                    return host(domain.domain)
    raise UserError(f"Gateway service {name}", f"it has no {wanted} address yet", "run `up` again in a minute")


def pick_zone(zones: Sequence[Any], name: str) -> int:
    """The id of the DNS zone of exactly that name: the cloud's search is loose."""
    for zone in zones:
        if zone.zone_name == name:
            return int(zone.zid)
    where = "Domain.dns_zone"
    raise UserError(
        where, f"the account has no zone {name}", "create it, or leave dns_zone out and set the record there"
    )


def pem(text: str | None) -> str:
    """A PEM text with the line ends that the certificate service asks for, whatever the checkout made of them."""
    return "\r\n".join((text or "").strip().splitlines())
