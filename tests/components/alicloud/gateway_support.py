"""What the tests of gateways share: a program of one gateway, functions before and behind it, names of types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_random as random

from components import function
from components.alicloud.gateway import Gateway
from components.function import ExistingFunction, FunctionArgs
from components.gateway import GatewayArgs, Route
from components.scope import Scope
from qiao.plan.recording import Recording, Resource, Secret
from tests.components.alicloud.support import GAP, Stage, no_network, recorded
from tests.components.keys import PRIVATE_KEY, pair

Opts = pulumi.ResourceOptions

GATEWAY, API = "alicloud:apig/gateway:Gateway", "alicloud:apig/httpApi:HttpApi"
SERVICE, ROUTE, POLICY = "alicloud:apig/service:Service", "alicloud:apig/route:Route", "alicloud:apig/policy:Policy"
DOMAIN, CERTIFICATE = "alicloud:apig/domain:Domain", "alicloud:cas/serviceCertificate:ServiceCertificate"
RECORD = "alicloud:dns/alidnsRecord:AlidnsRecord"
ADDRESS, READY, DEPLOYMENT = f"{GAP}GatewayAddress", f"{GAP}ServiceReady", f"{GAP}RouteDeployment"
ANY_HOST = f"{GAP}AnyHostDomain"
CONSUMER, GRANT = f"{GAP}Consumer", f"{GAP}ConsumerGrant"
ALIAS = "random:index/randomUuid:RandomUuid"
"""What stands for the alias of a function of ours."""

THERE = ExistingFunction(id="f-there", timeout_seconds=300)
CHAT = Route(name="chat", path="/api/v2/bots/chat", function=THERE)
PING = Route(name="ping", path="/v1/ping", function=THERE, auth="public", reason="health checks carry no token")
LOGIN = Route(name="login", path="/login", function=THERE, auth="app")

KEY = {PRIVATE_KEY: {"privateKeyPem": Secret(pair("stack")[0]), "publicKeyPem": pair("stack")[1]}}
"""A real key, of which a real key set is made."""


class OwnFunction(function.Function):
    """A function of ours, as this cloud's Function shows itself to a gateway."""

    cloud = "alicloud"
    qualifier = "live"

    def __init__(self, name: str, args: FunctionArgs, opts: Opts | None = None) -> None:
        super().__init__(name, args, opts)
        alias = random.RandomUuid(self.child("alias"), opts=self.options())
        self.finish(
            id=alias.result,
            name=pulumi.Output.from_input(f"qiao-{name}"),
            version=alias.result,
            last_version=alias.result,
            url=None,
        )


def own(scope: Scope, opts: Opts, name: str, **fields: Any) -> OwnFunction:
    """A function of ours."""
    return OwnFunction(name, FunctionArgs(scope=scope, image="cr.example.com/team/chat:1.0", **fields), opts)


def one_gateway(
    *routes: Route,
    stage: Stage = "dev",
    preview: bool = False,
    profile: Mapping[str, Any] | None = None,
    answers: Mapping[str, Mapping[str, Any]] | None = None,
    **fields: Any,
) -> Recording:
    """A program of one gateway in an existing network.

    Args:
        routes: its routes. Default: CHAT.
        stage: which profile. A production stage wants a domain.
        preview: whether nothing is known yet.
        profile: fields of the profile to override.
        answers: outputs of a resource type.
        fields: fields of its arguments.
    """

    def build(scope: Scope, opts: Opts) -> None:
        given: dict[str, Any] = {"network": no_network(), **fields}
        gateway = Gateway("agent-gateway", GatewayArgs(scope=scope, routes=routes or (CHAT,), **given), opts)
        for key in gateway.OUTPUTS:
            pulumi.export(key, getattr(gateway, key))

    return recorded(build, stage, preview=preview, answers={**KEY, **(answers or {})}, **(profile or {}))


def of_route(recording: Recording, kind: str, route: str = "chat") -> Resource:
    """The one resource of a type that belongs to a route."""
    part = {ROUTE: "route", DEPLOYMENT: "deployment", GRANT: "grant"}[kind]
    return recording.get(kind, f"agent-gateway-{part}-{route}")


def policy(recording: Recording, slug: str, route: str = "chat") -> Resource:
    """A policy of a route by its short name."""
    return recording.get(POLICY, f"agent-gateway-policy-{route}-{slug}")


def slugs(recording: Recording, route: str = "chat") -> set[str]:
    """Short names of the policies of a route."""
    start = f"agent-gateway-policy-{route}-"
    return {found.name.removeprefix(start) for found in recording.of_type(POLICY) if found.name.startswith(start)}


def everything_before(recording: Recording, resource: Resource) -> set[str]:
    """URNs of all that a resource waits for, directly or through others."""
    found: set[str] = set()
    waiting = list(resource.depends_on)
    while waiting:
        urn = waiting.pop()
        if urn not in found:
            found.add(urn)
            waiting += recording.by_urn(urn).depends_on
    return found
