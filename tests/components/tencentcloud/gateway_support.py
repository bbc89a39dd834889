"""What the tests of gateways share: a program of one gateway, functions before and behind it, names of types."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
import pulumi_random as random

from components import function
from components.function import ExistingFunction, FunctionArgs
from components.gateway import Domain, GatewayArgs, Route
from components.scope import Scope
from components.tencentcloud.gateway import Gateway, GatewayNative
from components.tokens import Signer
from qiao.plan.recording import Recording, Resource, Secret, reveal
from tests.components.keys import PRIVATE_KEY, pair
from tests.components.tencentcloud.support import GAP, Stage, recorded

Opts = pulumi.ResourceOptions

ZONE, ACCELERATED = "tencentcloud:Teo/zone:Zone", "tencentcloud:Teo/accelerationDomain:AccelerationDomain"
FUNCTION, RULE = "tencentcloud:Teo/function:Function", "tencentcloud:Teo/functionRule:FunctionRule"
ENVIRONMENT = "tencentcloud:Teo/functionRuntimeEnvironment:FunctionRuntimeEnvironment"
HTTPS = "tencentcloud:Teo/certificateConfig:CertificateConfig"
LOG = "tencentcloud:Teo/realtimeLogDelivery:RealtimeLogDelivery"
OWNERSHIP = f"{GAP}ZoneOwnership"
CUSTOM_DOMAIN = "tencentcloud:Scf/customDomain:CustomDomain"
RECORD, CERTIFICATE = "tencentcloud:Dnspod/record:Record", "tencentcloud:Ssl/certificate:Certificate"
ALIAS = "random:index/randomUuid:RandomUuid"
"""What stands for the alias of a function of ours."""

THERE = ExistingFunction(id="default+chat", name="chat-there", timeout_seconds=120)
HOST = "1250000000-there.ap-guangzhou.tencentscf.com"
CHAT = Route(name="chat", path="/chat", function=THERE)
LOGIN = Route(name="login", path="/login", function=THERE, auth="app")
HOSTS = {"chat": HOST}
DOMAIN = Domain(name="chat.example.com", certificate_id="cert-1", dns_zone="example.com")
ELSEWHERE = Domain(name="chat.example.com", certificate_id="cert-1")
FREE = Domain(name="chat.example.com", certificate_id="eofreecert", dns_zone="example.com")
ON_ZONE = GatewayNative(zone_id="zone-there", hosts=HOSTS)
ON_PLAN = GatewayNative(plan_id="edgeone-1", hosts=HOSTS)

PROOF = [{"dnsVerifications": [{"subdomain": "edgeonereclaim", "recordType": "TXT", "recordValue": "reclaim-abc"}]}]
ANSWERS: dict[str, Mapping[str, Any]] = {
    PRIVATE_KEY: {"privateKeyPem": Secret(pair("stack")[0]), "publicKeyPem": pair("stack")[1]},
    ZONE: {"ownershipVerifications": PROOF, "status": "pending"},
}
"""A real key, of which a real key set is made; and what proves whose a site is."""


class OwnFunction(function.Function):
    """A function of ours, as this cloud's Function shows itself to a gateway."""

    cloud = "tencentcloud"
    qualifier = "live"
    namespace = "default"

    def __init__(self, name: str, args: FunctionArgs, opts: Opts | None = None) -> None:
        super().__init__(name, args, opts)
        alias = random.RandomUuid(self.child("alias"), opts=self.options())
        self.finish(
            id=pulumi.Output.concat("default+", alias.result),
            name=pulumi.Output.from_input(f"qiao-{name}"),
            version=alias.result,
            last_version=alias.result,
            url=pulumi.Output.concat("https://", alias.result, ".ap-guangzhou.tencentscf.com/") if args.url else None,
        )


def own(
    scope: Scope, opts: Opts, name: str, auth: str | None = "app", *, internet: bool = True, **fields: Any
) -> OwnFunction:  # fmt: skip
    """A function of ours, with an address of its own unless `auth` is None."""
    reason = "nobody need be checked" if auth == "public" else ""
    url = function.FunctionUrl(auth=auth, internet=internet, reason=reason) if auth else None  # type: ignore[arg-type]
    return OwnFunction(name, FunctionArgs(scope=scope, image="cr.example.com/team/chat:1.0", url=url, **fields), opts)


def signer(*, origin: bool = True) -> Signer:
    """What applications check their callers by, declared before."""
    shown = pulumi.Output.secret("shown-to-functions") if origin else None
    return Signer(
        issuer="urn:qiao:qiao:dev:chat:signer", audience="urn:qiao:qiao:dev:chat", origin_secret=shown,
        private_key=pulumi.Output.secret(pair("stack")[0]), jwks=pulumi.Output.from_input('{"keys":[]}'),
    )  # fmt: skip


def one_gateway(
    *routes: Route, stage: Stage = "dev", preview: bool = False, profile: Mapping[str, Any] | None = None,
    answers: Mapping[str, Mapping[str, Any]] | None = None, native: Any = ON_ZONE, signed: bool | None = None,
    **fields: Any,
) -> Recording:  # fmt: skip
    """A program of one gateway, behind EdgeOne on a site that is there unless something else is said.

    Args:
        routes: its routes. Default: CHAT.
        stage: which profile.
        preview: whether nothing is known yet.
        profile: fields of the profile to override.
        answers: outputs of a resource type.
        native: what only this cloud knows.
        signed: whether applications check tokens too, with or without a secret that EdgeOne shows.
        fields: fields of its arguments.
    """

    def build(scope: Scope, opts: Opts) -> None:
        given: dict[str, Any] = {"domain": DOMAIN, "native": native, **fields}
        if signed is not None:
            given["signer"] = signer(origin=signed)
        gateway = Gateway("agent-gateway", GatewayArgs(scope=scope, routes=routes or (CHAT,), **given), opts)
        for key in gateway.OUTPUTS:
            pulumi.export(key, getattr(gateway, key))

    return recorded(build, stage, preview=preview, answers={**ANSWERS, **(answers or {})}, **(profile or {}))


def variables(recording: Recording) -> dict[str, Any]:
    """The edge function's environment; every value a secret, but for what the gateway's outputs say too."""
    told = recording.get(ENVIRONMENT).inputs["environmentVariables"]
    assert {one["type"] for one in told} == {"string"}
    clear = {one["key"] for one in told if not isinstance(one["value"], Secret)}
    assert clear <= {"JWT_AUDIENCE", "JWT_ISSUER"}
    assert [one["key"] for one in told] == sorted(one["key"] for one in told)
    return {one["key"]: reveal(one["value"]) for one in told}


def table(recording: Recording) -> list[dict[str, Any]]:
    """The edge function's routes, in their order."""
    rows: list[dict[str, Any]] = json.loads(variables(recording)["ROUTES"])
    return rows


def everything_before(recording: Recording, resource: Resource) -> set[str]:
    """Logical names of all that a resource waits for, directly or through others."""
    found: set[str] = set()
    waiting = list(resource.depends_on)
    while waiting:
        urn = waiting.pop()
        if urn not in found:
            found.add(urn)
            waiting += recording.by_urn(urn).depends_on
    return {urn.rsplit("::", 1)[-1] for urn in found}


def names_of(resources: Iterable[Resource]) -> list[str]:
    """Logical names."""
    return sorted(resource.name for resource in resources)
