"""Gateways on Volcengine: editions, who may pass, routes that outwait their function, the domain, the addresses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from components import cloud
from components.errors import UnsupportedError, UserError
from components.function import ExistingFunction
from components.gateway import Domain, GatewayArgs, Route
from components.network import ExistingNetwork
from components.observability import ExistingObservability
from components.scope import Scope
from components.volcengine.gateway import GatewayNative
from components.volcengine.gateway_settings import host, pem, pick_address, pick_zone
from components.volcengine.network import NetworkNative
from qiao.plan.goal import Goal
from qiao.plan.monitor import RecordingMonitor
from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording, Resource, Secret
from qiao.plan.standins import StandIns
from qiao.plan.wire import from_struct
from tests.components.volcengine.function_support import FUNCTION, LOGS, READY, Opts, build_function, build_network
from tests.components.volcengine.support import (
    GAP,
    Stage,
    behind,
    no_network,
    probe,
    probed,
    recorded,
    scope_of,
    tags_of,
    waits_for,
)

GATEWAY, SERVICE = "volcengine:apig/apigGateway:ApigGateway", "volcengine:apig/apigGatewayService:ApigGatewayService"
UPSTREAM, ROUTE = "volcengine:apig/apigUpstream:ApigUpstream", "volcengine:apig/apigRoute:ApigRoute"
DOMAIN, CERTIFICATE = (
    "volcengine:apig/apigCustomDomain:ApigCustomDomain",
    "volcengine:cdn/cdnCertificate:CdnCertificate",
)
RECORD, LOG = "volcengine:dns/record:Record", f"{GAP}GatewayLogs"
SERVICES, ZONES = "volcengine:apig/getGatewayServices:getGatewayServices", "volcengine:dns/getZones:getZones"
THERE = ExistingFunction(id="f-there", timeout_seconds=300)
CHAT = Route(name="chat", path="/api/v2/bots/chat", function=THERE)
PING = Route(name="ping", path="/v1/ping", function=THERE, auth="public", reason="health checks carry no token")
LOGIN = Route(name="login", path="/login", function=THERE, auth="app")


def one_gateway(
    *routes: Route, stage: Stage = "dev", preview: bool = False, profile: Mapping[str, Any] | None = None, **fields: Any
) -> Recording:
    """A program of one gateway in an existing network."""

    def build(scope: Scope, opts: Opts) -> None:
        args = GatewayArgs(scope=scope, routes=routes or (CHAT,), **{"network": no_network(), **fields})
        gateway = cloud("volcengine").Gateway("agent-gateway", args, opts)
        for key in ("gateway_id", "url", "urls", "domain", "cname"):
            pulumi.export(key, getattr(gateway, key))

    return recorded(build, stage, preview=preview, **(profile or {}))


def gateway_inputs(**fields: Any) -> Mapping[str, Any]:
    return one_gateway(**fields).get(GATEWAY).inputs


# ---- the gateway itself


def test_dev_has_no_nodes_and_is_disposable() -> None:
    gateway = one_gateway().get(GATEWAY, "agent-gateway-gateway")
    assert gateway.inputs["type"] == "serverless"
    assert "resourceSpec" not in gateway.inputs
    assert (gateway.protect, gateway.retain_on_delete) == (False, False)


def test_prod_has_nodes_to_spare_and_is_protected() -> None:
    gateway = one_gateway(stage="prod").get(GATEWAY)
    assert gateway.inputs["type"] == "standard"
    assert gateway.inputs["resourceSpec"] == {
        "replicas": 3, "instanceSpecCode": "2c4g", "clbSpecCode": "medium_1", "publicNetworkBillingType": "traffic",
        "networkType": {"enablePublicNetwork": True, "enablePrivateNetwork": False},
    }  # fmt: skip
    assert (gateway.protect, gateway.retain_on_delete) == (True, False)


def test_the_profile_and_not_the_stage_decides() -> None:
    inputs = one_gateway(profile={"high_availability": True, "protect": True}).get(GATEWAY)
    assert inputs.inputs["type"] == "standard"
    assert inputs.inputs["resourceSpec"]["instanceSpecCode"] == "1c2g"
    assert inputs.protect is True


def test_it_stands_in_both_zones() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        args = GatewayArgs(scope=scope, routes=(CHAT,), network=build_network(scope, opts))
        cloud("volcengine").Gateway("agent-gateway", args, opts)

    recording = recorded(build)
    gateway = recording.get(GATEWAY)
    subnets = [recording.get("volcengine:vpc/subnet:Subnet", f"net-subnet-cn-beijing-{zone}").id for zone in "ab"]
    vpc = recording.get("volcengine:vpc/vpc:Vpc").id
    assert gateway.inputs["networkSpec"] == {"vpcId": vpc, "subnetIds": subnets}
    assert behind(gateway, "networkSpec") == {"net-vpc", "net-subnet-cn-beijing-a", "net-subnet-cn-beijing-b"}


def test_what_only_this_cloud_knows_can_be_said() -> None:
    native = GatewayNative(
        type="standard", replicas=5, instance_spec="8c16g", clb_spec="large_2", private=True, public_bandwidth_mbps=20
    )
    assert gateway_inputs(native=native)["resourceSpec"] == {
        "replicas": 5, "instanceSpecCode": "8c16g", "clbSpecCode": "large_2", "publicNetworkBillingType": "bandwidth",
        "publicNetworkBandwidth": 20, "networkType": {"enablePublicNetwork": True, "enablePrivateNetwork": True},
    }  # fmt: skip
    assert gateway_inputs(stage="prod", native=GatewayNative(type="serverless"))["type"] == "serverless"
    inside = gateway_inputs(native=GatewayNative(type="standard", public=False, private=True))["resourceSpec"]
    assert inside["networkType"] == {"enablePublicNetwork": False, "enablePrivateNetwork": True}
    assert "publicNetworkBillingType" not in inside
    assert inside["replicas"] == 2


def test_fixed_names_never_meet_their_replacement() -> None:
    recording = one_gateway(CHAT, PING, domain=Domain(name="a.example.com", certificate_id="cert-1"))
    for token in (GATEWAY, SERVICE, UPSTREAM, ROUTE, DOMAIN):
        assert [r.delete_before_replace for r in recording.of_type(token)] == [True] * len(recording.of_type(token))
        assert recording.of_type(token)
    gateway = recording.get(GATEWAY)
    assert gateway.inputs["name"] == "qiao-dev-agent-gateway"
    assert gateway.inputs["tags"] == tags_of("agent-gateway")


# ---- logs


def test_logs_are_switched_on_by_a_step_of_their_own() -> None:
    """The provider's create would write logSpec into another field of the request."""
    recording = one_gateway(CHAT, PING, observability=LOGS)
    gateway, log = recording.get(GATEWAY), recording.get(LOG, "agent-gateway-logs")
    assert "logSpec" not in gateway.inputs
    assert gateway.ignore_changes == ("logSpec",)
    expected = {"gateway_id": gateway.id, "project_id": "project-1", "topic_id": "topic-access", "region": "cn-beijing"}
    assert {key: log.inputs[key] for key in expected} == expected
    assert gateway.urn in log.depends_on
    # While its log is switched on, the gateway takes no service.
    assert all(log.urn in service.depends_on for service in recording.of_type(SERVICE))


def test_no_logs_where_nobody_asks_or_no_store_is_there() -> None:
    assert one_gateway().of_type(LOG) == []
    nowhere = ExistingObservability(log_project="p", log_store="t")
    assert one_gateway(observability=nowhere).of_type(LOG) == []


# ---- who may pass


def service_of(recording: Recording, route: str) -> Resource:
    """The service that a route lies on."""
    [urn] = recording.get(ROUTE, f"agent-gateway-route-{route}").input_dependencies["serviceId"]
    service = recording.by_urn(urn)
    assert recording.get(ROUTE, f"agent-gateway-route-{route}").inputs["serviceId"] == service.id
    return service


def test_routes_lie_on_a_service_of_their_auth() -> None:
    recording = one_gateway(CHAT, PING, LOGIN)
    checked, unchecked = service_of(recording, "chat"), service_of(recording, "ping")
    assert checked.inputs["authSpec"] == {"enable": True}
    assert unchecked.inputs["authSpec"] == {"enable": False}
    assert service_of(recording, "login") == unchecked
    assert checked.inputs["serviceName"] == "qiao-dev-agent-gateway-jwt"
    assert unchecked.inputs["serviceName"] == "qiao-dev-agent-gateway-open"
    for service in (checked, unchecked):
        assert service.inputs["protocols"] == ["HTTP", "HTTPS"]
        assert service.inputs["gatewayId"] == recording.get(GATEWAY).id


@pytest.mark.parametrize(("route", "names"), [(CHAT, ["jwt"]), (PING, ["open"]), (LOGIN, ["open"])])
def test_only_services_that_are_needed(route: Route, names: Sequence[str]) -> None:
    services = one_gateway(route).of_type(SERVICE)
    assert [service.name for service in services] == [f"agent-gateway-service-{name}" for name in names]


def test_a_route_is_checked_unless_it_says_otherwise() -> None:
    route = Route(name="kb", path="/api/v2/kb", function=THERE)
    assert service_of(one_gateway(route), "kb").inputs["authSpec"] == {"enable": True}


def test_the_clouds_request_signing_is_not_for_gateways() -> None:
    route = Route(name="kb", path="/kb", function=THERE, auth="cloud")
    with pytest.raises(UnsupportedError, match=r"volcengine Gateway\.routes\[kb\]\.auth=cloud: not supported") as error:
        one_gateway(route)
    assert "use jwt" in error.value.instead


# ---- upstreams and routes


def route_inputs(route: Route) -> Mapping[str, Any]:
    return one_gateway(route).get(ROUTE).inputs


def test_a_route_is_on_and_leads_to_its_function() -> None:
    recording = one_gateway()
    route, upstream = recording.get(ROUTE, "agent-gateway-route-chat"), recording.get(UPSTREAM)
    assert route.inputs["enable"] is True
    assert route.inputs["name"] == "qiao-dev-agent-gateway-chat"
    assert route.inputs["resourceType"] == "Console"
    assert route.inputs["upstreamLists"] == [{"upstreamId": upstream.id, "weight": 100}]
    assert route.input_dependencies["upstreamLists"] == (upstream.urn,)
    assert upstream.inputs["upstreamSpec"] == {"veFaas": {"functionId": "f-there"}}
    assert upstream.inputs["gatewayId"] == recording.get(GATEWAY).id
    assert (upstream.inputs["sourceType"], upstream.inputs["protocol"]) == ("VeFaas", "HTTP")
    # Unset but reported, it would replace the upstream on every `up`.
    assert upstream.inputs["resourceType"] == "Console"


def test_an_upstream_waits_for_the_functions_release() -> None:
    """A function without a release answers every call with an error."""

    def build(scope: Scope, opts: Opts) -> None:
        chat, kb = build_function(scope, opts, "agent-chat"), build_function(scope, opts, "agent-kb")
        routes = [
            Route(name="chat", path="/chat", function=chat),
            Route(name="history", path="/history", function=chat),
            Route(name="kb", path="/kb", function=kb),
        ]
        args = GatewayArgs(scope=scope, routes=routes, network=no_network())
        cloud("volcengine").Gateway("agent-gateway", args, opts)

    recording = recorded(build)
    assert [r.name for r in recording.of_type(UPSTREAM)] == [
        "agent-gateway-upstream-agent-chat", "agent-gateway-upstream-agent-kb"
    ]  # fmt: skip
    for name in ("agent-chat", "agent-kb"):
        upstream = recording.get(UPSTREAM, f"agent-gateway-upstream-{name}")
        function = recording.get(FUNCTION, f"{name}-function")
        assert upstream.inputs["upstreamSpec"] == {"veFaas": {"functionId": function.id}}
        assert recording.get(READY, f"{name}-release-ready").urn in upstream.depends_on
    upstreams = {
        route.name: behind(route, "upstreamLists").pop().removeprefix("agent-gateway-upstream-")
        for route in recording.of_type(ROUTE)
    }
    assert upstreams == {
        "agent-gateway-route-chat": "agent-chat",
        "agent-gateway-route-history": "agent-chat",
        "agent-gateway-route-kb": "agent-kb",
    }


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (ExistingFunction(id="f-1", name="search"), "existing-search"),
        (ExistingFunction(id="f-1"), "route-kb"),
        (ExistingFunction(id="f-1", name=pulumi.Output.from_input("search")), "route-kb"),
    ],
)
def test_functions_that_are_there_already_are_reached_by_id(function: ExistingFunction, expected: str) -> None:
    upstream = one_gateway(Route(name="kb", path="/kb", function=function)).get(UPSTREAM)
    assert upstream.name == f"agent-gateway-upstream-{expected}"
    assert upstream.inputs["upstreamSpec"] == {"veFaas": {"functionId": "f-1"}}


@pytest.mark.parametrize(("match", "expected"), [("exact", "Exact"), ("prefix", "Prefix")])
def test_paths_match_as_asked(match: Any, expected: str) -> None:
    rule = route_inputs(Route(name="chat", path="/api/v2/bots/chat", function=THERE, match=match))["matchRule"]
    assert rule == {"path": {"matchType": expected, "matchContent": "/api/v2/bots/chat"}}


def test_methods_are_limited_where_asked_and_all_pass_by_default() -> None:
    """The provider has no word for PATCH: only without any limit does it pass."""
    assert "methods" not in route_inputs(CHAT)["matchRule"]
    limited = Route(name="chat", path="/chat", function=THERE, methods=("POST", "OPTIONS"))
    assert route_inputs(limited)["matchRule"]["methods"] == ["POST", "OPTIONS"]
    with pytest.raises(UnsupportedError, match=r"routes\[chat\]\.methods=PATCH"):
        one_gateway(Route(name="chat", path="/chat", function=THERE, methods=("PATCH",)))


@pytest.mark.parametrize(("own", "expected"), [(None, 300), (700, 700)])
def test_a_route_waits_at_least_as_long_as_its_function(own: int | None, expected: int) -> None:
    setting = route_inputs(Route(name="chat", path="/chat", function=THERE, timeout_seconds=own))["advancedSetting"]
    assert setting["timeoutSetting"] == {"enable": True, "timeout": expected}
    # A chat is not idempotent.
    assert setting["retryPolicySetting"] == {"enable": False}


# ---- addresses


def test_addresses_are_what_the_cloud_gave_each_service() -> None:
    recording = one_gateway(CHAT, PING)
    answers = {call.args["name"]: call.args for call in recording.invokes if call.token == SERVICES}
    gateway_id = recording.get(GATEWAY).id
    assert answers == {
        name: {"gatewayId": gateway_id, "name": name}
        for name in ("qiao-dev-agent-gateway-jwt", "qiao-dev-agent-gateway-open")
    }
    assert all("::explicit::" in call.provider for call in recording.invokes)
    outputs = recording.outputs
    assert outputs["gateway_id"] == gateway_id
    assert outputs["urls"]["chat"] == outputs["url"] + "/api/v2/bots/chat"
    assert outputs["urls"]["ping"].endswith("/v1/ping")
    assert not outputs["urls"]["ping"].startswith(outputs["url"])
    assert outputs["url"].startswith("https://")
    assert (outputs.get("domain"), outputs.get("cname")) == (None, None)


def test_a_new_service_is_not_asked_for_before_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A preview that adds a route of another auth: the gateway is there, all inputs are known, the service is not.

    The cloud would answer that there is no such service, and the preview would fail.
    """

    def answer(_: RecordingMonitor, __: str, goal: Goal) -> tuple[str | None, dict[str, Any]]:
        return ("gateway-1" if goal.request.type == GATEWAY else None), from_struct(goal.properties)

    monkeypatch.setattr(RecordingMonitor, "_answer", answer)
    recording = one_gateway(CHAT, PING, preview=True)
    assert recording.get(SERVICE, "agent-gateway-service-jwt").inputs["gatewayId"] == "gateway-1"
    assert [call for call in recording.invokes if call.token == SERVICES] == []
    assert recording.outputs["url"] is UNKNOWN


def addressed(domains: list[dict[str, str]], native: GatewayNative | None = None) -> Recording:
    """A gateway whose cloud also lists another service whose name merely contains this one's."""

    def program() -> None:
        opts = Opts(provider=cloud("volcengine").facts.provider("explicit", "cn-beijing"))
        args = GatewayArgs(scope=scope, routes=(CHAT,), network=no_network(), native=native)
        pulumi.export("url", cloud("volcengine").Gateway("agent-gateway", args, opts).url)

    def answer(args: Mapping[str, Any]) -> dict[str, Any]:
        other = {"name": args["name"] + "-2", "domains": [{"type": "public", "domain": "other.example.net"}]}
        mine = {"name": args["name"], "domains": domains}
        return {**args, "id": "x", "totalCount": 2, "gatewayServices": [other, mine]}

    scope = scope_of()
    return record(program, standins=StandIns(invokes={SERVICES: answer}))


BOTH = [{"type": "private", "domain": "in.example.net"}, {"type": "public", "domain": "http://out.example.net/"}]


def test_the_address_is_that_of_exactly_this_service_and_always_https() -> None:
    assert addressed(BOTH).outputs["url"] == "https://out.example.net"
    inside = GatewayNative(type="standard", public=False, private=True)
    assert addressed(BOTH, inside).outputs["url"] == "https://in.example.net"


def test_a_service_without_address_is_an_error_and_no_empty_url() -> None:
    with pytest.raises(UserError, match="it has no public address yet"):
        addressed(BOTH[:1])
    with pytest.raises(UserError, match="Gateway service api"):
        pick_address([SimpleNamespace(name="api-2", domains=BOTH)], "api", public=True)


@pytest.mark.parametrize("address", ["a.example.net", "https://a.example.net", "http://a.example.net/"])
def test_hosts_come_with_or_without_scheme(address: str) -> None:
    assert host(address) == "a.example.net"


# ---- the domain


PAIR = {"certificate": "-----BEGIN CERTIFICATE-----\nMIIB\n", "private_key": "-----BEGIN KEY-----\nMIIE-canary\n"}


def test_a_domain_stands_before_its_service_with_its_certificate() -> None:
    recording = one_gateway(domain=Domain(name="chat.example.com", certificate_id="cert-1"))
    domain = recording.get(DOMAIN, "agent-gateway-domain")
    assert domain.inputs == {
        "domain": "chat.example.com", "serviceId": recording.get(SERVICE).id, "certificateId": "cert-1",
        "protocols": ["HTTP", "HTTPS"], "sslRedirect": True, "resourceType": "Console",
        "comments": "agent-gateway of qiao/dev",
    }  # fmt: skip
    assert recording.of_type(CERTIFICATE) == []
    assert recording.of_type(RECORD) == []
    outputs = recording.outputs
    assert outputs["url"] == "https://chat.example.com"
    assert outputs["urls"] == {"chat": "https://chat.example.com/api/v2/bots/chat"}
    assert outputs["domain"] == "chat.example.com"
    assert outputs["cname"] == one_gateway().outputs["url"].removeprefix("https://")


def test_an_uploaded_certificate_keeps_its_key_secret_and_is_renewed_before_the_old_one_goes() -> None:
    recording = one_gateway(domain=Domain(name="chat.example.com", **PAIR))
    certificate = recording.get(CERTIFICATE, "agent-gateway-certificate")
    assert certificate.inputs == {
        "certificate": "-----BEGIN CERTIFICATE-----\r\nMIIB",
        "privateKey": Secret("-----BEGIN KEY-----\r\nMIIE-canary"),
        "source": "volc_cert_center",
        "desc": "chat.example.com of qiao/dev",
    }
    assert certificate.delete_before_replace is not True
    assert recording.get(DOMAIN).inputs["certificateId"] == certificate.id
    assert recording.get(DOMAIN).input_dependencies["certificateId"] == (certificate.urn,)


def test_line_ends_of_a_checkout_make_no_other_certificate() -> None:
    assert pem("a\nb\n") == pem("a\r\nb") == pem("\na\nb\n\n") == "a\r\nb"


def test_a_record_leads_to_the_service_once_the_domain_is_bound() -> None:
    domain = Domain(name="chat.team.example.com", certificate_id="cert-1", dns_zone="example.com")
    recording = one_gateway(domain=domain)
    found = recording.get(RECORD, "agent-gateway-record")
    assert (found.inputs["host"], found.inputs["type"], found.inputs["line"]) == ("chat.team", "CNAME", "default")
    assert found.inputs["value"] == recording.outputs["cname"]
    assert found.inputs["ttl"] == 600
    assert isinstance(found.inputs["zid"], int)
    assert recording.get(DOMAIN).urn in found.depends_on
    [asked] = [call for call in recording.invokes if call.token == ZONES]
    assert asked.args == {"key": "example.com"}
    assert "::explicit::" in asked.provider


def test_the_zone_itself_can_be_the_domain() -> None:
    recording = one_gateway(domain=Domain(name="example.com", certificate_id="cert-1", dns_zone="example.com"))
    assert recording.get(RECORD, "agent-gateway-record").inputs["host"] == "@"


def test_a_known_zone_is_not_looked_up() -> None:
    domain = Domain(name="chat.example.com", certificate_id="cert-1", dns_zone="example.com")
    recording = one_gateway(domain=domain, native=GatewayNative(dns_zone_id=4711))
    assert recording.get(RECORD).inputs["zid"] == 4711
    assert [call for call in recording.invokes if call.token == ZONES] == []


def test_only_the_zone_of_exactly_that_name_is_taken() -> None:
    zones = [SimpleNamespace(zone_name="my-example.com", zid=1), SimpleNamespace(zone_name="example.com", zid=2)]
    assert pick_zone(zones, "example.com") == 2
    with pytest.raises(UserError, match=r"Domain\.dns_zone: the account has no zone example\.com"):
        pick_zone(zones[:1], "example.com")


def test_a_domain_before_two_services_serves_the_checked_one_unless_told_otherwise() -> None:
    """A domain stands before one service. The routes of the other keep their generated address."""
    domain = Domain(name="chat.example.com", certificate_id="cert-1")
    generated = one_gateway(CHAT, PING).outputs["urls"]
    checked = one_gateway(CHAT, PING, domain=domain)
    assert checked.get(DOMAIN).inputs["serviceId"] == service_of(checked, "chat").id
    assert checked.outputs["urls"] == {"chat": "https://chat.example.com/api/v2/bots/chat", "ping": generated["ping"]}
    unchecked = one_gateway(CHAT, PING, domain=domain, native=GatewayNative(domain_door="open"))
    assert unchecked.get(DOMAIN).inputs["serviceId"] == service_of(unchecked, "ping").id
    assert unchecked.outputs["urls"] == {"chat": generated["chat"], "ping": "https://chat.example.com/v1/ping"}
    assert unchecked.outputs["url"] == "https://chat.example.com"


def test_addresses_are_handed_on_when_the_routes_stand() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        domain = Domain(name="chat.example.com", certificate_id="cert-1", dns_zone="example.com")
        args = GatewayArgs(scope=scope, routes=(CHAT, PING), network=no_network(), domain=domain)
        gateway = cloud("volcengine").Gateway("agent-gateway", args, opts)
        probe("url", gateway.url)
        probe("chat", gateway.urls["chat"])

    recording = recorded(build)
    _, waits = probed(recording, "url")
    assert {"agent-gateway-route-chat", "agent-gateway-route-ping", "agent-gateway-record"} <= waits
    _, waits = probed(recording, "chat")
    assert {"agent-gateway-route-chat", "agent-gateway-domain", "agent-gateway-record"} <= waits


# ---- refusals and previews


def test_a_gateway_needs_a_network_here() -> None:
    with pytest.raises(UserError, match=r"GatewayArgs\.network: a gateway of this cloud stands in a network"):
        one_gateway(network=None)
    three = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={f"cn-beijing-{zone}": f"s-{zone}" for zone in "abc"}
    )
    with pytest.raises(UserError, match="it has 3 subnets"):
        one_gateway(network=three)


NATIVES: list[tuple[dict[str, Any], str]] = [
    ({"type": "classic"}, r"GatewayNative\.type: 'classic' is unknown"),
    ({"replicas": 1}, r"GatewayNative\.replicas: 1 is out of range; use 2 to 100"),
    ({"instance_spec": "1c1g"}, r"GatewayNative\.instance_spec: '1c1g' is unknown"),
    ({"clb_spec": "huge"}, r"GatewayNative\.clb_spec: 'huge' is unknown"),
    ({"public_bandwidth_mbps": 501}, r"GatewayNative\.public_bandwidth_mbps: 501 is out of range"),
    ({"public": False}, r"GatewayNative\.public: the gateway has no address"),
    ({"public": False, "private": True, "public_bandwidth_mbps": 5}, "there is no public address"),
    ({"domain_door": "side"}, r"GatewayNative\.domain_door: 'side' is unknown"),
]


@pytest.mark.parametrize(("fields", "message"), NATIVES)
def test_extras_have_limits(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        GatewayNative(**fields)


@pytest.mark.parametrize(
    "fields", [{"replicas": 2}, {"instance_spec": "1c2g"}, {"clb_spec": "small_1"}, {"private": True}]
)
def test_a_serverless_gateway_has_nothing_to_size(fields: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=rf"GatewayNative\.{next(iter(fields))}: a serverless gateway has none"):
        one_gateway(native=GatewayNative(**fields))
    assert gateway_inputs(stage="prod", native=GatewayNative(**fields))["type"] == "standard"


def test_other_mistakes_are_named() -> None:
    with pytest.raises(UserError, match=r"GatewayNative\.domain_door: no route is open"):
        one_gateway(CHAT, native=GatewayNative(domain_door="open"))
    with pytest.raises(UserError, match="NetworkNative is not for volcengine; give a GatewayNative"):
        one_gateway(native=NetworkNative())


def test_everything_hangs_together_before_anything_is_known() -> None:
    domain = Domain(name="chat.example.com", dns_zone="example.com", **PAIR)
    known = one_gateway(CHAT, PING, observability=LOGS, domain=domain, stage="prod")
    unknown = one_gateway(CHAT, PING, observability=LOGS, domain=domain, stage="prod", preview=True)
    assert [r.urn for r in unknown.resources] == [r.urn for r in known.resources]
    for before, after in zip(unknown.resources, known.resources, strict=True):
        assert waits_for(before) == waits_for(after), before.name
    assert unknown.get(CERTIFICATE).inputs["privateKey"] == Secret("-----BEGIN KEY-----\r\nMIIE-canary")
    assert unknown.get(RECORD).inputs["value"] is UNKNOWN
    assert unknown.outputs["urls"] == {"chat": UNKNOWN, "ping": UNKNOWN}
