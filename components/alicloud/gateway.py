"""Gateway on Alibaba Cloud: a cloud-native API gateway, a service by function, routes with their policies, published
once whoever calls them is checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
from pulumi_alicloud import apig

from components import gateway
from components.alicloud import gateway_settings as planning
from components.alicloud.gaps.consumer_grant import ConsumerGrant
from components.alicloud.gaps.gateway_address import GatewayAddress
from components.alicloud.gaps.route_deployment import RouteDeployment
from components.alicloud.gaps.service_ready import ServiceReady
from components.alicloud.gateway_auth import declare_bearers, declare_grant
from components.alicloud.gateway_domain import declare_domain, declare_record
from components.alicloud.gateway_policies import AUTHENTICATION, Policy, policies
from components.alicloud.gateway_settings import GatewayNative
from components.base import after, as_output
from components.function import Function
from components.gateway import Domain, GatewayArgs, Route

__all__ = ["Gateway", "GatewayNative"]

IGNORED_BY_UPDATES = ["networkAccessConfig", "logConfig", "zoneConfig"]
"""Settings of a gateway that the provider takes a change of, and does nothing about."""


class Gateway(gateway.Gateway):
    """A cloud-native API gateway with its routes, one of its own or on one that is there already (`GatewayNative`).

    Tokens are signed by a key of the stack (`qiao token`) and checked by the gateway, route by route. A route is
    published last, once its checks and policies stand; until then nobody is let through to its function. A route whose
    auth changes to or from jwt is taken away and made anew, and answers nobody for some seconds.

    Without a domain it answers any host over plain HTTP, which is for trying out: a stage that is not open to the world
    is refused it. Its size cannot be changed in place: another one is another gateway, with another address.
    """

    cloud = "alicloud"

    def __init__(self, name: str, args: GatewayArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(GatewayNative, args.native)
        self._owned = self._declare_gateway(args) if self._native.gateway_id is None else None
        self._environment_id = self._find_environment()
        address = self._find_address()
        self._api = self._declare_api()
        self._domain_id = declare_domain(self, args.domain, self._native, self._standing)
        self._bearers = declare_bearers(self, args.routes, self._native.consumer_words)
        self._services: dict[str, tuple[apig.Service, ServiceReady]] = {}
        opened = {route.name: self._declare_route(route) for route in args.routes}
        record = self._declare_record(args.domain, address, [gate for gates in opened.values() for gate in gates])
        base = as_output(f"https://{args.domain.name}") if args.domain else pulumi.Output.concat("http://", address)
        gates = {name: [*(gate.route_id for gate in found), *record] for name, found in opened.items()}
        self._warn_of_unsure(args)
        signer = self._bearers.signer if self._bearers else None
        self.finish(
            gateway_id=self._gateway_id,
            url=after(base, *(gate for each in gates.values() for gate in each)),
            urls={r.name: after(pulumi.Output.concat(base, r.path), *gates[r.name]) for r in args.routes},
            domain=args.domain.name if args.domain else None,
            cname=address if args.domain else None,
            issuer=signer.issuer if signer else None,
            audience=signer.audience if signer else None,
            signing_key=signer.private_key if signer else None,
        )

    @classmethod
    def check(cls, name: str, args: GatewayArgs) -> None:
        """Routes, network, what is there already, and no plain HTTP in production."""
        planning.check(args, cls.native_of(name, GatewayNative, args.native))

    @property
    def _standing(self) -> list[pulumi.Resource]:
        """The gateway itself, where it is ours."""
        return [self._owned] if self._owned else []

    @property
    def _gateway_id(self) -> pulumi.Output[str]:
        return self._owned.id if self._owned else as_output(self._native.gateway_id or "")

    def _declare_gateway(self, args: GatewayArgs) -> apig.Gateway:
        placed = planning.standing(planning.network(args), self.profile)
        # Of two zones the cloud reports the first one's vswitch too: unset, it would replace the gateway.
        ignored = [] if "vswitch" in placed else ["vswitch"]
        return apig.Gateway(
            self.child("gateway"),
            gateway_name=self.physical_name("alicloud:apig/gateway:Gateway"),
            log_config={"sls": {"enable": planning.logs(args.observability, self._native)}},
            tags=self.tags(),
            **planning.select(self._native, self.profile),
            **placed,
            opts=self.options(
                stateful=True,
                retain_on_delete=None,
                delete_before_replace=True,
                replace_on_changes=IGNORED_BY_UPDATES,
                ignore_changes=ignored,
            ),
        )

    def _find_environment(self) -> pulumi.Output[str]:
        """The gateway's one environment: what routes and policies are attached in."""
        if self._owned:
            return self._owned.environments.apply(planning.pick_environment)
        return as_output(self._native.environment_id or "")

    def _find_address(self) -> pulumi.Output[str]:
        """The entry address, which a gateway may not have at once when it is there."""
        if self._native.address is not None:
            return as_output(self._native.address)
        return GatewayAddress(
            self.child("address"),
            gateway_id=self._gateway_id,
            internet=self._native.internet,
            region=self.scope.region,
            opts=self.options(),
        ).address

    def _declare_api(self) -> apig.HttpApi:
        return apig.HttpApi(
            self.child("api"),
            http_api_name=self.physical_name("alicloud:apig/httpApi:HttpApi"),
            type="Http",
            protocols=["HTTP", "HTTPS"],
            description=f"{self.logical_name} of {self.scope.project}/{self.scope.stage}",
            opts=self.options(
                delete_before_replace=True,
                # Changes of these are dropped without a word.
                replace_on_changes=["basePath", "enableAuth", "aiProtocols", "modelCategory"],
                # No input names the gateway, which must be deleted after it.
                depends_on=self._standing,
            ),
        )

    def _declare_service(self, route: Route) -> tuple[apig.Service, ServiceReady]:
        """The service of a route's function and the wait for it, declared once however many routes lead to it."""
        key, chosen = planning.function_key(route), planning.qualifier(route, self._native)
        if key not in self._services:
            # Another version or alias is another service, which is there before routes leave the old one.
            words = (key,) if isinstance(route.function, Function) or chosen == planning.LATEST else (key, chosen)
            service = apig.Service(
                self.child("service", *words),
                gateway_id=self._gateway_id,
                source_type="FC3",
                # The function's own name: the service finds the function by it.
                service_name=planning.function_name(route.function),
                qualifier=chosen,
                # An alias is there only once a version is released.
                opts=self.options(depends_on=[route.function] if isinstance(route.function, Function) else []),
            )
            ready = ServiceReady(
                self.child("service-ready", *words),
                service_id=service.id,
                region=self.scope.region,
                opts=self.options(),
            )
            self._services[key] = (service, ready)
        return self._services[key]

    def _declare_route(self, route: Route) -> list[RouteDeployment | ConsumerGrant]:
        """A route: its policies, after all of them its publication, and after that those who may pass.

        The service grants nobody a route that is not published. One that checks and has nobody granted is closed, so
        nothing is open in between.
        """
        service, ready = self._declare_service(route)
        match: Any = planning.match(route)
        backend: Any = planning.backend(service.id)
        target = apig.Route(
            self.child("route", route.name),
            route_name=self.physical_name("alicloud:apig/route:Route", *planning.route_words(route)),
            http_api_id=self._api.id,
            environment_info={"environment_id": self._environment_id},
            domain_ids=[self._domain_id],
            match=match,
            backend=backend,
            opts=self.options(
                delete_before_replace=True,
                # An update may act at once: it must not lead to a service that does not answer yet.
                depends_on=[ready],
                # Reported though unset, each of these would replace the route, and open it while it is made anew.
                ignore_changes=[f"backend.services[0].{key}" for key in ("port", "protocol", "version")],
            ),
        )
        planned = policies(route, self._native.policy_templates)
        attached = {policy.kind: self._declare_policy(route, policy, target) for policy in planned}
        published = self._declare_deployment(route, target, planned, [*attached.values(), ready])
        return [published, *self._declare_grants(route, target, published)]

    def _declare_deployment(
        self, route: Route, target: apig.Route, planned: Sequence[Policy], before: list[pulumi.Resource]
    ) -> RouteDeployment:
        bearers = self._bearers if route.auth == "jwt" else None
        return RouteDeployment(
            self.child("deployment", route.name),
            http_api_id=self._api.id,
            route_id=target.route_id,
            gateway_id=self._gateway_id,
            trigger=pulumi.Output.all(
                match=planning.match(route), service=self._declare_service(route)[0].id, domain=self._domain_id,
                auth=route.auth, policies={policy.kind: policy.config for policy in planned},
                # Consumers take effect with the next publication.
                jwks=bearers.signer.jwks if bearers else "",
            ).apply(planning.fingerprint),
            region=self.scope.region,
            # The security of it all: what is published before its check stands is open.
            opts=self.options(depends_on=[*before, *([bearers.consumer] if bearers else [])]),
        )  # fmt: skip

    def _declare_policy(self, route: Route, policy: Policy, target: apig.Route) -> apig.Policy:
        return apig.Policy(
            self.child("policy", route.name, policy.slug),
            policy_name=self.physical_name("alicloud:apig/policy:Policy", route.name, policy.slug),
            policy_class_name=policy.kind,
            policy_config=policy.config,
            gateway_id=self._gateway_id,
            environment_id=self._environment_id,
            attach_resource_type="GatewayRoute",
            attach_resource_ids=[target.route_id],
            # Names of some classes are unique in a gateway. The check of tokens alone never leaves before its successor
            # stands: between the two, the route would be open.
            opts=self.options(delete_before_replace=policy.kind != AUTHENTICATION),
        )

    def _declare_grants(self, route: Route, target: apig.Route, published: RouteDeployment) -> list[ConsumerGrant]:
        bearers = self._bearers
        if bearers is None or route.auth != "jwt":
            return []
        return [declare_grant(self, bearers, route, target, self._environment_id, published)]

    def _declare_record(
        self, domain: Domain | None, address: pulumi.Output[str], opened: Sequence[pulumi.Resource]
    ) -> list[pulumi.Output[str]]:
        """The record of a domain whose zone is here; what those who read an address wait for."""
        if domain is None or domain.dns_zone is None:
            return []
        # Nobody should be sent to a gateway whose routes are not there yet, with all that guards them.
        return [declare_record(self, domain, domain.dns_zone, address, [*opened]).rr]

    def _warn_of_unsure(self, args: GatewayArgs) -> None:
        for name in planning.unsure(args.routes, self._native):
            pulumi.log.warn(
                f"routes[{name}].allow_cidrs: the service documents no form of this policy, so it may have no effect. "
                "Call the route from another address once; then write the form that works in native.policy_templates "
                "(IpAccessControl).",
                resource=self,
            )
