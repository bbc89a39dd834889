"""What a gateway's arguments mean on this cloud: its form, and what no form carries. Nothing is declared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import pulumi

from components.base import as_output
from components.checks import is_plain, matches, one_of
from components.errors import UnsupportedError, UserError
from components.function import Function
from components.gateway import Domain, GatewayArgs, Route
from components.tencentcloud.facts import is_mainland

Form = Literal["edge", "domain", "addresses"]
"""edge: EdgeOne in front, which checks tokens. domain: a domain of the function service, which only leads. addresses:
the functions' own, with nothing in front."""
Area = Literal["mainland", "overseas", "global"]

FREE_CERTIFICATE = "eofreecert"
"""Given as a certificate's id: EdgeOne issues one itself, and renews it."""
LONGEST_WAIT = 300
"""Seconds that an edge function waits for the next part of an answer, at most."""
OURS = r"(?i)host|x-(edge|jwt|forwarded)-.*"
"""Headers that the edge function itself sets."""
METHOD = r"[A-Z]{1,20}"

UNSUPPORTED = {
    "Route.rate_limit": "limit calls in the application, or set a rate limiting rule of EdgeOne's on the site: it "
    "counts each caller's calls, not all of them",
}  # fmt: skip
BEHIND_EDGE = ("allow_cidrs", "request_headers", "response_headers", "strip_prefix")
"""What a route asks of a gateway that only EdgeOne can do."""


@dataclass(frozen=True, kw_only=True)
class GatewayNative:
    """What only Tencent Cloud knows about a gateway. With a domain, `plan_id` or `zone_id` puts EdgeOne in front."""

    plan_id: pulumi.Input[str] | None = None
    """Id of the EdgeOne plan (`edgeone-...`) that a site of its own is bound to; plans are bought in the console. A
    change replaces the site. Default: no site of its own."""
    zone_id: pulumi.Input[str] | None = None
    """Id of an EdgeOne site (`zone-...`) that is there already and whose owner is verified. An account holds a site
    once by its name, so stages of one domain share it by this. Default: none."""
    zone_name: str | None = None
    """Name of the site of its own: the registered domain (`example.com`). Default: the domain's `dns_zone`."""
    area: Area | None = None
    """Where that site is served: mainland and global need an ICP filing. Default: mainland for regions in mainland
    China, else overseas."""
    force_https: bool = True
    """Whether EdgeOne answers plain HTTP with a redirect. Default True."""
    access_log: bool = False
    """Whether EdgeOne delivers its log of calls to the topic for access logs of `observability`. Default False: not
    every plan has real-time logs."""
    hosts: Mapping[str, str] = field(default_factory=dict)
    """Host of an existing function's own address, by its route's name. Functions of ours know theirs."""
    qualifiers: Mapping[str, str] = field(default_factory=dict)
    """Version or alias of an existing function behind a domain of the function service, by its route's name. Default:
    $DEFAULT."""
    cname: str | None = None
    """What the record of a domain of the function service points to, where another host than the first function's own
    is to be named. Default: that host."""
    token_issuer: str = ""
    """Issuer of tokens that an identity provider of yours signs, in place of the stack. EdgeOne alone checks them;
    `token_audience` and either `token_jwks` or `token_secret` go with it. Default: the stack signs."""
    token_audience: str = ""
    """Audience that they name."""
    token_jwks: str | None = None
    """That provider's key set, JSON: tokens are RS256."""
    token_secret: pulumi.Input[str] | None = field(default=None, repr=False)
    """The secret that it shares, at least 32 characters: tokens are HS256."""

    def __post_init__(self) -> None:
        where = "GatewayNative"
        matches(f"{where}.zone_id", self.zone_id, r"zone-[a-z0-9]+", "a site's id such as zone-2zpqp7qztest")
        matches(f"{where}.plan_id", self.plan_id, r"edgeone-[a-z0-9]+", "a plan's id such as edgeone-2wdo315m2y4c")
        one_of(f"{where}.area", self.area, ("mainland", "overseas", "global"))
        for name, host in [*self.hosts.items(), ("cname", self.cname)]:
            matches(f"{where}.hosts.{name}", host, r"[A-Za-z0-9.-]{1,253}", "a host without scheme and path")
        if self.plan_id is not None and self.zone_id is not None:
            raise UserError(f"{where}.zone_id", "a site of its own was asked for too", "give plan_id or zone_id")
        if self.zone_id is not None and (self.zone_name is not None or self.area is not None):
            raise UserError(f"{where}.zone_id", "the site is there already", "leave zone_name and area out")
        self._check_tokens(where)

    def _check_tokens(self, where: str) -> None:
        given = [bool(self.token_issuer), bool(self.token_audience), (self.token_jwks or self.token_secret) is not None]
        if any(given) and not all(given):
            raise UserError(
                f"{where}.token_issuer", "the tokens' issuer, audience and key go together", "give all or none"
            )
        if self.token_jwks is not None and self.token_secret is not None:
            raise UserError(f"{where}.token_jwks", "tokens are signed in one way", "give token_jwks or token_secret")
        if is_plain(self.token_secret) and len(str(self.token_secret).encode()) < 32:
            raise UserError(f"{where}.token_secret", "it is too short", "use 32 characters or more")

    @property
    def on_edge(self) -> bool:
        """Whether there is an EdgeOne plan or site."""
        return self.plan_id is not None or self.zone_id is not None

    @property
    def foreign_tokens(self) -> bool:
        """Whether somebody else signs tokens."""
        return bool(self.token_issuer)


def form_of(domain: Domain | None, native: GatewayNative) -> Form:
    """Which form a gateway has."""
    if domain is None:
        return "addresses"
    return "edge" if native.on_edge else "domain"


def check(args: GatewayArgs, native: GatewayNative) -> None:
    """Refuse what the gateway's form cannot carry."""
    form = form_of(args.domain, native)
    if form != "edge":
        _check_without_edge(args, native)
    elif native.access_log and (args.observability is None or args.observability.access_log_store is None):
        instead = "give observability with a store for access logs"
        raise UserError("GatewayNative.access_log", "there is nowhere to deliver it to", instead)
    if args.domain is not None:
        _check_domain(args.domain, native, form)
    if args.signer is not None and native.foreign_tokens:
        raise UserError("GatewayNative.token_issuer", "applications check the stack's own tokens", "leave it out")
    for route in args.routes:
        _check_edge_route(route) if form == "edge" else _check_plain_route(args, route, form)
        _check_own_url(route, form)
    routes = {route.name for route in args.routes if not isinstance(route.function, Function)}
    for name in ("hosts", "qualifiers"):
        for key in getattr(native, name):
            one_of(f"GatewayNative.{name}", key, routes)


def _check_without_edge(args: GatewayArgs, native: GatewayNative) -> None:
    if args.domain is None and native.on_edge:
        instead = "give a domain, or leave plan_id and zone_id out"
        raise UserError("GatewayNative.zone_id", "EdgeOne stands in front of a domain alone", instead)
    if native.foreign_tokens:
        instead = "give domain with native.plan_id or native.zone_id"
        raise UserError("GatewayNative.token_issuer", "only EdgeOne checks such tokens", instead)
    if native.access_log:
        raise UserError("GatewayNative.access_log", "only EdgeOne has one", "leave it out: functions log their calls")


def _check_domain(domain: Domain, native: GatewayNative, form: Form) -> None:
    if native.plan_id is not None and zone_name(domain, native) is None:
        instead = "give native.zone_name (the registered domain), or the domain's dns_zone"
        raise UserError("GatewayNative.zone_name", "the site of its own has no name", instead)
    name = zone_name(domain, native)
    if native.plan_id is not None and name and domain.name != name and not domain.name.endswith("." + name):
        raise UserError("GatewayNative.zone_name", f"{domain.name} is not in {name}", "give the site that holds it")
    if domain.certificate_id == FREE_CERTIFICATE and (form == "domain" or domain.dns_zone is None):
        what = (
            "only EdgeOne issues certificates itself"
            if form == "domain"
            else "EdgeOne issues one only once the record leads to it"
        )
        instead = "give a certificate's id, or chain and key" + ("" if form == "domain" else ", or dns_zone")
        raise UserError("Domain.certificate_id", what, instead)


def _check_own_url(route: Route, form: Form) -> None:
    """Who calls functions at their own addresses must be let in there, and nobody whom the route keeps out."""
    asked = route.function.own_url if isinstance(route.function, Function) else None
    if asked is None or form == "domain":
        return
    where = f"routes[{route.name}].function"
    signed = asked.auth == "cloud"
    if signed != (route.auth == "cloud"):
        word = "cloud" if route.auth == "cloud" else "app"
        raise UserError(
            where, f"its own address has the auth {asked.auth}, the route {route.auth}", f"give its url auth {word}"
        )
    if form == "edge" and not asked.internet:
        raise UserError(where, "EdgeOne reaches it over the internet alone", "give its url internet: True")


def _check_edge_route(route: Route) -> None:
    where = f"routes[{route.name}]"
    if route.auth == "cloud":
        instead = "use jwt: EdgeOne changes the host that a request was signed for"
        raise UnsupportedError("tencentcloud", "Gateway", f"{where}.auth=cloud", instead)
    if route.timeout > LONGEST_WAIT:
        instead = f"let the function run for at most {LONGEST_WAIT} seconds, or call it asynchronously"
        raise UnsupportedError("tencentcloud", "Gateway", f"{where}.timeout_seconds={route.timeout}", instead)
    for method in route.methods:
        matches(f"{where}.methods", method, METHOD, "a method in capitals")
    for header in route.request_headers:
        if re.fullmatch(OURS, header):
            raise UserError(f"{where}.request_headers", f"the gateway itself sets {header}", "leave it out")


def _check_plain_route(args: GatewayArgs, route: Route, form: Form) -> None:
    where = f"routes[{route.name}]"
    for name in BEHIND_EDGE:
        if getattr(route, name):
            instead = "do it in the application, or put EdgeOne in front (a domain and native.plan_id or zone_id)"
            raise UnsupportedError("tencentcloud", "Gateway", f"{where}.{name}", instead)
    if route.auth == "jwt" and args.signer is None:
        instead = (
            "put EdgeOne in front (a domain and native.plan_id or zone_id), let the application check tokens itself "
            "(GatewayArgs.signer), or use auth cloud"
        )
        raise UnsupportedError("tencentcloud", "Gateway", f"{where}.auth=jwt", instead)
    if form == "domain" and route.auth == "cloud":
        instead = "leave the domain out: requests are signed for the function's own address"
        raise UnsupportedError("tencentcloud", "Gateway", f"{where}.auth=cloud", instead)


def zone_name(domain: Domain, native: GatewayNative) -> str | None:
    """Name of the site of its own."""
    return native.zone_name or domain.dns_zone


def area(region: str, native: GatewayNative) -> Area:
    """Where the site of its own is served."""
    return native.area or ("mainland" if is_mainland(region) else "overseas")


def hosts(args: GatewayArgs, native: GatewayNative) -> dict[str, pulumi.Output[str]]:
    """Hosts of the functions' own addresses, by their routes' names: of those that the gateway's form needs."""
    form = form_of(args.domain, native)
    if form == "domain":
        # It leads to functions by their names; a host is what its record points to.
        return {} if native.cname else {args.routes[0].name: host(args.routes[0], native)}
    return {route.name: host(route, native) for route in args.routes}


def host(route: Route, native: GatewayNative) -> pulumi.Output[str]:
    """Host of the own address of a route's function."""
    if route.name in native.hosts:
        return as_output(native.hosts[route.name])
    url = route.function.url if isinstance(route.function, Function) else None
    if url is None:
        ours = isinstance(route.function, Function)
        instead = "give its FunctionArgs.url, internet: True" if ours else f"give native.hosts.{route.name}"
        raise UserError(f"routes[{route.name}].function", "its own address is not known", instead)
    return url.apply(lambda known: re.sub(r"^https?://", "", known).split("/")[0])


def endpoint(route: Route, native: GatewayNative) -> dict[str, Any]:
    """A route's function as a domain of the function service names it."""
    target = cast("Any", route.function)  # this cloud's own Function has these
    named = is_plain(target.name) and not target.name
    return {
        "function_name": target.id if named else target.name,
        "namespace": getattr(target, "namespace", "default"),
        "qualifier": getattr(target, "qualifier", None) or native.qualifiers.get(route.name, "$DEFAULT"),
    }
