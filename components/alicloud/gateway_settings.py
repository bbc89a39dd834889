"""What a gateway's arguments mean on the cloud-native API gateway: pure planning, no resource is declared here."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import pulumi

from components.alicloud import gateway_policies
from components.alicloud.gateway_policies import TEMPLATES, canonical, prefix
from components.checks import is_plain, matches, one_of, unique
from components.errors import UnsupportedError, UserError
from components.function import ExistingFunction, Function, FunctionLike
from components.gateway import GatewayArgs, Route
from components.network import NetworkLike
from components.observability import ObservabilityLike
from components.scope import Profile

Access = Literal["Internet", "Intranet", "InternetAndIntranet"]

SPECS = {"small": "apigw.small.x1", "medium": "apigw.medium.x1", "large": "apigw.large.x1"}
"""Nodes of a gateway, by the profile's size."""

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT")
"""What a route can be limited to."""

LATEST = "LATEST"

CONSUMER_WORDS = ("identity_type", "secret_type", "token_position", "token_key", "token_prefix")
"""What the Consumer gap says in the service's words."""


@dataclass(frozen=True, kw_only=True)
class GatewayNative:
    """What only Alibaba Cloud knows about a gateway."""

    gateway_id: pulumi.Input[str] | None = None
    """Id of a gateway that is there already: routes go on it, and it is not owned. `environment_id` goes with it; its
    size, addresses and access log are its owner's. Default: a gateway of its own."""
    environment_id: pulumi.Input[str] | None = None
    """Id of that gateway's one environment (its overview in the console; output `environments` of the resource)."""
    address: pulumi.Input[str] | None = None
    """The gateway's entry address, a host name or an IPv4 address. Default: asked from the gateway."""
    network_access: Access = "Internet"
    """Which addresses the gateway has: Internet, Intranet (from inside the network alone) or InternetAndIntranet. Of
    two, the one on the internet is meant. The cloud ignores a change, so it replaces the gateway. Default Internet."""
    spec: str | None = None
    """Size of its nodes (`apigw.small.x1`). A change replaces the gateway, and with it its address: choose before the
    first `up`. Default: by the profile's size."""
    access_log: bool | None = None
    """Whether it writes an access log. The cloud keeps it in a log project that it makes for gateways itself, whatever
    store is given as `observability`; a change replaces the gateway. Default: where `observability` has a store for
    access logs."""
    tls_min: Literal["TLS 1.2", "TLS 1.3"] = "TLS 1.2"
    """Oldest TLS that the domain answers. Default TLS 1.2."""
    any_host_domain_id: pulumi.Input[str] | None = None
    """Id of the domain to answer any host by. Without a domain of its own, a gateway does so by the domain `*`, which
    an account has once in a region, for all its gateways. Default: that one is found, or made where there is none,
    and never deleted."""
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    """Version or alias of existing functions, by their route's name. Default: LATEST. Functions of ours have an alias
    of their own, which their `release` moves."""
    policy_templates: Mapping[str, str | Mapping[str, Any]] = field(default_factory=dict)
    """The gateway's own form of a class of policies, in place of the built-in one, by class: Authentication (no
    values), IpAccessControl (${blocks}, ${blocks_text}), RateLimit (${calls}), Timeout (${seconds}), HeaderModify
    ({"$each": "headers", "item": ...} with ${direction}, ${action}, ${name}, ${value}), HttpRewrite (${prefix}). The
    service's own examples are in the answer of ListPolicyClasses."""

    consumer_words: Mapping[str, str] = field(default_factory=dict)
    """The service's words for how bearers of tokens are known, where the built-in ones do not hold: identity_type,
    secret_type, token_position, token_key, token_prefix."""

    def __post_init__(self) -> None:
        where = "GatewayNative"
        for word in self.consumer_words:
            one_of(f"{where}.consumer_words", word, CONSUMER_WORDS)
        one_of(f"{where}.network_access", self.network_access, ("Internet", "Intranet", "InternetAndIntranet"))
        matches(f"{where}.spec", self.spec, r"apigw\.[a-z]+\.x[0-9]+", "a size such as apigw.small.x1")
        one_of(f"{where}.tls_min", self.tls_min, ("TLS 1.2", "TLS 1.3"))
        matches(f"{where}.address", self.address, r"[A-Za-z0-9.-]{1,253}", "a host without scheme and port")
        gateway_policies.check_templates(f"{where}.policy_templates", self.policy_templates)
        if (self.gateway_id is None) != (self.environment_id is None):
            raise UserError(f"{where}.gateway_id", "gateway_id and environment_id go together", "give both or neither")
        if self.gateway_id is not None and (self.spec is not None or self.access_log is not None):
            name = "spec" if self.spec is not None else "access_log"
            raise UserError(f"{where}.{name}", "the gateway is there already", "leave it out")

    @property
    def internet(self) -> bool:
        """Whether the gateway is reached from the internet."""
        return self.network_access != "Intranet"


def check(args: GatewayArgs, native: GatewayNative) -> None:
    """Refuse what the gateway cannot carry, and what would open a production stage."""
    for route in args.routes:
        if route.auth == "cloud":
            raise UnsupportedError(
                "alicloud", "Gateway", f"routes[{route.name}].auth=cloud",
                "use jwt: the gateway checks tokens of the stack's own key (`qiao token`)",
            )  # fmt: skip
        methods(route)
    unique("GatewayArgs.routes", [" ".join(match(route)["path"].values()) for route in args.routes])
    if native.gateway_id is None:
        _check_network(args)
    _check_host(args, native)
    _check_qualifiers(args.routes, native)


def network(args: GatewayArgs) -> NetworkLike:
    """The network, which this cloud's gateways need."""
    if args.network is None:
        raise UserError(
            "GatewayArgs.network", "a gateway of this cloud stands in a network", "give a Network or an ExistingNetwork"
        )
    return args.network


def _check_network(args: GatewayArgs) -> None:
    count = len(network(args).subnet_ids)
    least = 2 if args.scope.profile.high_availability else 1
    if not least <= count <= 2:
        raise UserError("GatewayArgs.network", f"it has {count} subnets", "give one with a subnet in each of two zones")


def _check_host(args: GatewayArgs, native: GatewayNative) -> None:
    if args.domain is not None and native.any_host_domain_id is not None:
        raise UserError("GatewayNative.any_host_domain_id", "the gateway has a domain of its own", "leave it out")
    if args.domain is None and native.internet and not args.scope.profile.open_to_world:
        raise UserError(
            "GatewayArgs.domain", "without one, tokens and sessions would cross the internet in clear: the generated "
            "address has no certificate",
            "give a domain with a certificate, or network_access: Intranet in native",
        )  # fmt: skip


def _is_own(function: FunctionLike) -> bool:
    return isinstance(function, Function) or function.own


def _check_qualifiers(routes: Sequence[Route], native: GatewayNative) -> None:
    where, known = "GatewayNative.qualifiers", {route.name: _is_own(route.function) for route in routes}
    for name, value in native.qualifiers.items():
        one_of(where, name, known)
        if known[name]:
            what = "its function is of this stack, and has an alias that its release moves"
            raise UserError(f"{where}.{name}", what, "leave it out")
        matches(f"{where}.{name}", value, r"[A-Za-z0-9_-]{1,128}", "a version's number, an alias, or LATEST")
    chosen: dict[str, str] = {}
    for route in routes:
        key = function_key(route)
        if chosen.setdefault(key, qualifier(route, native)) != qualifier(route, native):
            # A gateway's service bears its function's name: it can hold one of them.
            raise UserError(
                f"{where}.{route.name}", "another route leads to this function by another one", "name one for both"
            )


def select(native: GatewayNative, profile: Profile) -> dict[str, Any]:
    """What a gateway of its own is by kind and size."""
    return {
        "gateway_type": "API",
        # Subscription gateways outlive their stack: destroying one only forgets it.
        "payment_type": "PayAsYouGo",
        "spec": native.spec or SPECS[profile.size],
        "network_access_config": {"type": native.network_access},
    }


def standing(where: NetworkLike, profile: Profile) -> dict[str, Any]:
    """Where it stands: in both zones, or in one subnet and the zones that the cloud picks."""
    zones = sorted(where.subnet_ids)
    placed = {"vpc": {"vpc_id": where.vpc_id}}
    if not profile.high_availability:
        return placed | {
            "zone_config": {"select_option": "Auto"}, "vswitch": {"vswitch_id": where.subnet_ids[zones[0]]}
        }  # fmt: skip
    return placed | {
        "zone_config": {"select_option": "Manual"},
        "zones": [{"zone_id": zone, "vswitch_id": where.subnet_ids[zone]} for zone in zones],
    }


def logs(place: ObservabilityLike | None, native: GatewayNative) -> bool:
    """Whether the gateway writes an access log."""
    if native.access_log is not None:
        return native.access_log
    return place is not None and place.access_log_store is not None


def match(route: Route) -> dict[str, Any]:
    """What calls a route takes.

    One that strips its prefix takes what lies below it: without the slash at its end, two would be left at the front.
    """
    path = {"type": "Exact" if route.match == "exact" else "Prefix", "value": prefix(route) or route.path}
    limited = methods(route)
    return {"path": path} | ({} if limited is None else {"methods": limited})


def backend(service_id: pulumi.Input[str]) -> dict[str, Any]:
    """Where a route leads: all of it to one service. How calls are shared between versions is the alias' affair."""
    return {"scene": "SingleService", "services": [{"service_id": service_id, "weight": 100}]}


def methods(route: Route) -> list[str] | None:
    """The methods that a route is limited to; None for the usual ones: then every method passes."""
    if set(route.methods) >= set(Route.methods):
        return None
    other = sorted(set(route.methods) - set(METHODS))
    if other:
        raise UnsupportedError(
            "alicloud", "Gateway", f"routes[{route.name}].methods={other[0]}", f"choose of {', '.join(METHODS)}"
        )
    return list(route.methods)


def route_words(route: Route) -> tuple[str, ...]:
    """What tells a route's name from another's; a route that checks tokens never has the name of one that does not.

    A name cannot be changed in place. So a route whose auth changes is taken away and made anew, checked from its first
    moment, instead of being led to another function or path a moment before its check is there.
    """
    return (route.name, "jwt") if route.auth == "jwt" else (route.name,)


def function_key(route: Route) -> str:
    """What tells a route's function from another: part of a resource's name, so it must not change by itself.

    A function of ours goes by its name; an existing one by its own, or by the route where nothing is known in clear.
    """
    target = route.function
    if isinstance(target, Function):
        return target.logical_name
    name = function_name(target)
    return f"existing-{name}" if is_plain(name) else f"route-{route.name}"


def function_name(target: FunctionLike) -> pulumi.Input[str]:
    """The name of a function, which is its id on this cloud."""
    if isinstance(target, ExistingFunction) and is_plain(target.name) and not target.name:
        return target.id
    return target.name


def qualifier(route: Route, native: GatewayNative) -> str:
    """The version or alias that a route leads to."""
    if isinstance(route.function, Function):
        return str(cast("Any", route.function).qualifier)  # this cloud's own Function has one
    return native.qualifiers.get(route.name, LATEST)


def unsure(routes: Sequence[Route], native: GatewayNative) -> list[str]:
    """Names of routes whose allow-list stands on a form that nobody has confirmed."""
    kind = "IpAccessControl"
    if TEMPLATES[kind].known != "inferred" or kind in native.policy_templates:
        return []
    return [route.name for route in routes if route.allow_cidrs]


def fingerprint(parts: Mapping[str, Any]) -> str:
    """A short hash of what must be published again when it changes."""
    return hashlib.sha256(canonical(parts).encode()).hexdigest()[:32]


def pick_environment(environments: Sequence[Any] | None) -> str:
    """The id of a gateway's one environment."""
    for environment in environments or []:
        found = getattr(environment, "environment_id", None)
        if found:
            return str(found)
    raise UserError("the gateway", "it reports no environment yet", "run `up` again in a minute")


def identifier(certificate: str, region: str) -> str:
    """A certificate as the gateway names it: its number with the certificate service's region behind it.

    Args:
        certificate: its number, or already the whole.
        region: where the certificate service keeps it.
    """
    return f"{certificate}-{region}" if re.fullmatch(r"[0-9]+", certificate) else certificate
