"""Gateway on Volcengine: an APIG gateway, a service by way of checking, an upstream by function, and the routes."""

from __future__ import annotations

import pulumi
from pulumi_volcengine import apig

from components import gateway
from components.base import after
from components.function import Function, FunctionLike
from components.gateway import GatewayArgs, Route
from components.network import NetworkLike
from components.observability import ObservabilityLike
from components.volcengine import gateway_settings as planning
from components.volcengine.facts import tag_list
from components.volcengine.gaps.gateway_logs import GatewayLogs
from components.volcengine.gateway_domain import declare_domain
from components.volcengine.gateway_settings import Door, GatewayNative

__all__ = ["Gateway", "GatewayNative"]


class Gateway(gateway.Gateway):
    """An APIG gateway with its routes.

    Routes with auth jwt lie on one service, which lets only tokens through that the gateway issued (`qiao token`);
    routes with auth app and public on another, which checks nothing. Each has an address of its own: see `urls`. A
    domain stands before one of the two: the checked one, unless `native.domain_door` says otherwise.
    """

    cloud = "volcengine"
    UNSUPPORTED = planning.UNSUPPORTED

    def __init__(self, name: str, args: GatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(GatewayNative, args.native)
        network = planning.network(args)
        self._gateway = self._declare_gateway(network)
        logs = self._declare_logs(args.observability)
        self._services = {door: self._declare_service(door, logs) for door in planning.doors(args.routes)}
        self._upstreams: dict[str, apig.ApigUpstream] = {}
        routes = {route.name: self._declare_route(route) for route in args.routes}
        hosts = {door: self._generated_host(door) for door in self._services}
        main = planning.main_door(args.routes, self._native)
        cname = hosts[main]
        if args.domain is not None:
            hosts[main] = declare_domain(self, args.domain, self._services[main].id, cname, self._native.dns_zone_id)
        bases = {door: pulumi.Output.concat("https://", host) for door, host in hosts.items()}
        self.finish(
            gateway_id=self._gateway.id,
            url=after(bases[main], *(route.name for route in routes.values())),
            urls={route.name: self._url(route, bases, routes[route.name]) for route in args.routes},
            domain=args.domain.name if args.domain else None,
            cname=cname if args.domain else None,
            # The gateway signs and checks tokens of its own.
            issuer=None, audience=None, signing_key=None,
        )  # fmt: skip

    @classmethod
    def check(cls, name: str, args: GatewayArgs) -> None:
        """Routes, edition and network."""
        for route in args.routes:
            cls.refuse_unsupported(route, f"routes[{route.name}].")
        planning.check(args, cls.native_of(name, GatewayNative, args.native))

    def _declare_gateway(self, network: NetworkLike) -> apig.ApigGateway:
        return apig.ApigGateway(
            self.child("gateway"),
            name=self.physical_name("volcengine:apig/apigGateway:ApigGateway"),
            # Both explicit: unset, the service chooses, and a later choice of ours would replace the gateway.
            type=planning.kind(self._native, self.profile),
            resource_spec=planning.resource_spec(self._native, self.profile),
            # Two subnets in two zones are what makes a gateway outlive a zone; there is no other switch.
            network_spec={
                "vpc_id": network.vpc_id,
                "subnet_ids": [network.subnet_ids[zone] for zone in sorted(network.subnet_ids)],
            },
            tags=tag_list(apig.ApigGatewayTagArgs, self.tags()),
            # The provider's create writes logSpec into another field: GatewayLogs sets it, and it stays out of here.
            opts=self.options(
                stateful=True, retain_on_delete=None, delete_before_replace=True, ignore_changes=["logSpec"]
            ),
        )

    def _declare_logs(self, place: ObservabilityLike | None) -> list[pulumi.Resource]:
        if place is None or place.access_log_store is None:
            return []
        logs = GatewayLogs(
            self.child("logs"),
            gateway_id=self._gateway.id,
            project_id=place.log_project,
            topic_id=place.access_log_store,
            region=self.scope.region,
            opts=self.options(depends_on=[self._gateway]),
        )
        return [logs]

    def _declare_service(self, door: Door, before: list[pulumi.Resource]) -> apig.ApigGatewayService:
        return apig.ApigGatewayService(
            self.child("service", door),
            gateway_id=self._gateway.id,
            service_name=self._service_name(door),
            protocols=["HTTP", "HTTPS"],
            auth_spec={"enable": door == "jwt"},
            # While its log is switched on, a gateway is not Running and takes no service.
            opts=self.options(delete_before_replace=True, depends_on=before),
        )

    def _service_name(self, door: Door) -> str:
        return self.physical_name("volcengine:apig/apigGatewayService:ApigGatewayService", door)

    def _declare_upstream(self, target: FunctionLike, route: Route) -> apig.ApigUpstream:
        """The upstream of a function, declared once however many routes lead to it."""
        key = upstream_key(target, route)
        if key not in self._upstreams:
            self._upstreams[key] = apig.ApigUpstream(
                self.child("upstream", key),
                gateway_id=self._gateway.id,
                name=self.physical_name("volcengine:apig/apigUpstream:ApigUpstream", key),
                source_type="VeFaas",
                protocol="HTTP",
                # Unset but reported, it would replace the upstream on every `up`.
                resource_type="Console",
                # The id of a Function of ours waits for its release: only a released one answers.
                upstream_spec={"ve_faas": {"function_id": target.id}},
                opts=self.options(delete_before_replace=True),
            )
        return self._upstreams[key]

    def _declare_route(self, route: Route) -> apig.ApigRoute:
        upstream = self._declare_upstream(route.function, route)
        return apig.ApigRoute(
            self.child("route", route.name),
            service_id=self._services[planning.DOORS[route.auth]].id,
            name=self.physical_name("volcengine:apig/apigRoute:ApigRoute", route.name),
            resource_type="Console",
            enable=True,  # off by default
            upstream_lists=[{"upstream_id": upstream.id, "weight": 100}],
            match_rule=planning.match_rule(route),
            advanced_setting={
                # Shorter than the function's, it would cut a streamed answer.
                "timeout_setting": {"enable": True, "timeout": route.timeout},
                # Calls cost money and are not idempotent: whoever called may call again.
                "retry_policy_setting": {"enable": False},
            },
            opts=self.options(delete_before_replace=True),
        )

    def _generated_host(self, door: Door) -> pulumi.Output[str]:
        """The address that the cloud gave a service: the resource does not know it."""
        service, name = self._services[door], self._service_name(door)
        found = apig.get_gateway_services_output(
            # Not asked before the service is there: its id is the one thing that a preview does not know of a new one.
            gateway_id=after(service.gateway_id, service.id), name=name, opts=self.invoke_options(),
        )  # fmt: skip
        return found.gateway_services.apply(
            lambda services: planning.pick_address(services, name, public=self._native.public)
        )

    def _url(self, route: Route, bases: dict[Door, pulumi.Output[str]], declared: apig.ApigRoute) -> pulumi.Output[str]:
        base = bases[planning.DOORS[route.auth]]
        return after(pulumi.Output.concat(base, route.path), declared.name)


def upstream_key(target: FunctionLike, route: Route) -> str:
    """What tells a function's upstream from another's: part of its resource's name, so it must not change by itself.

    A function of ours goes by its name; an existing one by its own, or by the route where only an id is known.
    """
    if isinstance(target, Function):
        return target.logical_name
    if isinstance(target.name, str) and target.name:
        return f"existing-{target.name}"
    return f"route-{route.name}"
