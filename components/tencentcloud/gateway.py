"""Gateway on Tencent Cloud: EdgeOne in front of functions' own addresses, or these alone, or a domain that leads to
them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

import pulumi

from components import gateway, tokens
from components.base import Component, after, as_output
from components.gateway import Domain, GatewayArgs
from components.tencentcloud import gateway_settings as planning
from components.tencentcloud import gateway_table
from components.tencentcloud.gateway_domain import declare_custom_domain, declare_record, record_name
from components.tencentcloud.gateway_edge import EdgeBuilder
from components.tencentcloud.gateway_settings import GatewayNative
from components.tokens import Signer

__all__ = ["Gateway", "GatewayNative"]


@dataclass(frozen=True, kw_only=True)
class Door:
    """What callers are told."""

    gateway_id: pulumi.Output[str]
    """The gateway's id."""
    bases: Mapping[str, pulumi.Output[str]]
    """Address in front of each route's path, by the route's name."""
    cname: pulumi.Output[str] | None = None
    """What the domain's record points to."""
    gates: list[pulumi.Output[Any]] = field(default_factory=list)
    """What callers wait for."""


class Gateway(gateway.Gateway):
    """The front door of functions, in one of three forms. The cloud's own API gateway is closed for good.

    With a domain and EdgeOne (`plan_id` or `zone_id` of `GatewayNative`), an edge function checks tokens, addresses,
    methods and paths, and calls the functions by their own addresses: one domain leads to several functions, each call
    with the Host that its function answers to, and nothing is cached. The domain's own origin answers nobody, so that
    nothing is open where the edge function is not. A call's body has 1 MB at most, and an answer comes piece by piece,
    each within 300 seconds. On a route of auth jwt, OPTIONS passes without a token where a browser asks whether it may
    call.

    With a domain alone, the function service leads its paths to functions. Without a domain, callers use the functions'
    own addresses, `url` being the first route's. Nothing checks a token in front of these two: a route of auth jwt
    wants applications that do (`signer`). Methods, and without a domain paths, are the application's affair too.

    Functions' own addresses can be called past EdgeOne by who knows them. Applications that got the variables of
    `declare_signer` close that way: they refuse calls whose header `x-edge-auth` is not ORIGIN_SECRET.
    """

    cloud = "tencentcloud"
    UNSUPPORTED: ClassVar[Mapping[str, str]] = planning.UNSUPPORTED
    CALLS_ADDRESSES: ClassVar[bool] = True

    def __init__(self, name: str, args: GatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(GatewayNative, args.native)
        self._hosts = planning.hosts(args, self._native)
        self._signer = self._find_signer(args)
        door = self._declare_door(args)
        signs = self._signer
        self.finish(
            gateway_id=door.gateway_id,
            url=after(door.bases[args.routes[0].name], *door.gates),
            urls={r.name: after(pulumi.Output.concat(door.bases[r.name], r.path), *door.gates) for r in args.routes},
            domain=args.domain.name if args.domain else None,
            cname=door.cname,
            issuer=signs.issuer if signs else None,
            audience=signs.audience if signs else None,
            signing_key=signs.private_key if signs else None,
        )

    @classmethod
    def check(cls, name: str, args: GatewayArgs) -> None:
        """Refuse what the gateway's form cannot carry, and a table of routes that EdgeOne would not hold."""
        for route in args.routes:
            cls.refuse_unsupported(route, f"routes[{route.name}].")
        planning.check(args, cls.native_of(name, GatewayNative, args.native))
        gateway_table.check_size(args.routes)

    @classmethod
    def declare_signer(cls, owner: Component, domain: Domain | None, native: object | None) -> Signer | None:
        """Declare what applications check their callers by: always a key; behind EdgeOne, a secret that it shows too.

        None where an identity provider of yours signs tokens: EdgeOne checks those alone.
        """
        extras = cls.native_of(owner.logical_name, GatewayNative, native)
        if extras.foreign_tokens:
            return None
        return tokens.declare_signer(owner, origin_secret=planning.form_of(domain, extras) == "edge")

    def _find_signer(self, args: GatewayArgs) -> Signer | None:
        """Who signs the tokens that routes ask for: what the applications check by too, or a key of the gateway's."""
        if self._native.foreign_tokens or all(route.auth != "jwt" for route in args.routes):
            return None
        return args.signer or tokens.declare_signer(self)

    def _declare_door(self, args: GatewayArgs) -> Door:
        if args.domain is None:
            return self._find_addresses(args)
        bases = dict.fromkeys([route.name for route in args.routes], as_output(f"https://{args.domain.name}"))
        if planning.form_of(args.domain, self._native) == "domain":
            return self._declare_domain(args, args.domain, bases)
        self._warn_of_way_past(args)
        variables = gateway_table.variables(args, self._native, self._hosts, self._signer)
        edge = EdgeBuilder(self, args.domain, self._native).declare(
            self._hosts[args.routes[0].name], variables, args.observability
        )
        return Door(gateway_id=edge.gateway_id, bases=bases, cname=edge.cname, gates=edge.gates)

    def _find_addresses(self, args: GatewayArgs) -> Door:
        """The functions' own addresses, with nothing in front of them."""
        bases = {name: pulumi.Output.concat("https://", host) for name, host in self._hosts.items()}
        return Door(gateway_id=as_output(args.routes[0].function.id), bases=bases)

    def _declare_domain(self, args: GatewayArgs, domain: Domain, bases: Mapping[str, pulumi.Output[str]]) -> Door:
        """The function service's own domain, and the record that leads to it.

        The record comes first: before its domain is there, the service answers nobody by that name.
        """
        target = as_output(self._native.cname) if self._native.cname else self._hosts[args.routes[0].name]
        before: list[pulumi.Resource] = [
            cast("pulumi.Resource", route.function) for route in args.routes if isinstance(route.function, Component)
        ]
        if domain.dns_zone is not None:
            name = record_name(domain.name, domain.dns_zone)
            before.append(declare_record(self, "record", zone=domain.dns_zone, name=name, value=target))
        led = declare_custom_domain(self, domain, args.routes, self._native, before)
        return Door(gateway_id=led.id, bases=bases, cname=target, gates=[led.domain])

    def _warn_of_way_past(self, args: GatewayArgs) -> None:
        open_ones = [route.name for route in args.routes if route.auth == "jwt"]
        if args.signer is None and open_ones:
            pulumi.log.warn(
                f"routes {', '.join(open_ones)}: EdgeOne checks their tokens, but whoever knows the functions' own "
                "addresses calls them past it. Applications that check tokens and ORIGIN_SECRET themselves close that "
                "way (GatewayArgs.signer).",
                resource=self,
            )
