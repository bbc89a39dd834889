"""Gateways on Alibaba Cloud: where they stand, what is there already, services, routes, addresses."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from components.alicloud.gateway import Gateway, GatewayNative
from components.alicloud.gateway_settings import pick_environment
from components.errors import UnsupportedError, UserError
from components.function import ExistingFunction
from components.gateway import Domain, GatewayArgs, Route
from components.network import ExistingNetwork
from components.observability import ExistingObservability
from components.scope import Scope
from components.volcengine.gateway import GatewayNative as OtherNative
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.alicloud.gateway_support import (
    ADDRESS,
    ALIAS,
    ANY_HOST,
    API,
    CHAT,
    DEPLOYMENT,
    DOMAIN,
    GATEWAY,
    KEY,
    LOGIN,
    PING,
    POLICY,
    READY,
    ROUTE,
    SERVICE,
    THERE,
    Opts,
    everything_before,
    of_route,
    one_gateway,
    own,
)
from tests.components.alicloud.support import behind, marked, no_network, probe, probed, recorded, tags_of, waits_for
from tests.components.keys import PRIVATE_KEY

OWN_DOMAIN = Domain(name="chat.example.com", certificate_id="1234")
LOGS = ExistingObservability(log_project="project-1", log_store="app", access_log_store="access")
ALREADY = GatewayNative(gateway_id="gw-there", environment_id="env-there", address="nlb-1.example.com")


def gateway_inputs(**fields: Any) -> Mapping[str, Any]:
    return one_gateway(**fields).get(GATEWAY).inputs


# ---- the gateway itself


def test_dev_stands_in_one_subnet_and_is_disposable() -> None:
    gateway = one_gateway().get(GATEWAY, "agent-gateway-gateway")
    assert gateway.inputs == {
        "gatewayName": "qiao-dev-agent-gateway", "gatewayType": "API", "paymentType": "PayAsYouGo",
        "spec": "apigw.small.x1", "networkAccessConfig": {"type": "Internet"}, "vpc": {"vpcId": "vpc-there"},
        "zoneConfig": {"selectOption": "Auto"}, "vswitch": {"vswitchId": "vsw-a"},
        "logConfig": {"sls": {"enable": False}}, "tags": tags_of("agent-gateway"),
    }  # fmt: skip
    assert (gateway.protect, gateway.retain_on_delete) == (False, False)
    assert gateway.ignore_changes == ()


def test_prod_stands_in_both_zones_and_is_protected() -> None:
    recording = one_gateway(stage="prod", domain=OWN_DOMAIN)
    gateway = recording.get(GATEWAY)
    expected = {
        "spec": "apigw.medium.x1", "zoneConfig": {"selectOption": "Manual"}, "paymentType": "PayAsYouGo",
        "zones": [
            {"zoneId": "cn-hangzhou-h", "vswitchId": "vsw-a"}, {"zoneId": "cn-hangzhou-k", "vswitchId": "vsw-b"},
        ],
    }  # fmt: skip
    assert {key: gateway.inputs[key] for key in expected} == expected
    assert "vswitch" not in gateway.inputs
    assert marked(recording, "protect") == {"agent-gateway-gateway", "agent-gateway-signing-key"}
    assert marked(recording, "retain_on_delete") == set()
    # The cloud reports the first zone's vswitch, which would replace the gateway.
    assert gateway.ignore_changes == ("vswitch",)


def test_the_profile_and_not_the_stage_decides() -> None:
    gateway = one_gateway(profile={"high_availability": True, "protect": True, "size": "large"}).get(GATEWAY)
    assert gateway.inputs["zoneConfig"] == {"selectOption": "Manual"}
    assert gateway.inputs["spec"] == "apigw.large.x1"
    assert gateway.protect is True


def test_what_the_provider_would_silently_not_change_replaces_the_gateway() -> None:
    gateway = one_gateway().get(GATEWAY)
    assert set(gateway.replace_on_changes) == {"networkAccessConfig", "logConfig", "zoneConfig"}
    assert gateway.delete_before_replace is True


def test_what_only_this_cloud_knows_can_be_said() -> None:
    native = GatewayNative(spec="apigw.small.x4", network_access="InternetAndIntranet", access_log=True)
    recording = one_gateway(native=native)
    inputs = recording.get(GATEWAY).inputs
    assert inputs["spec"] == "apigw.small.x4"
    assert inputs["networkAccessConfig"] == {"type": "InternetAndIntranet"}
    assert inputs["logConfig"] == {"sls": {"enable": True}}
    assert recording.get(ADDRESS).inputs["internet"] is True


@pytest.mark.parametrize(
    ("place", "native", "expected"),
    [
        (LOGS, None, True), (None, None, False), (LOGS, GatewayNative(access_log=False), False),
        (ExistingObservability(log_project="p", log_store="app"), None, False),
    ],
)  # fmt: skip
def test_an_access_log_is_written_where_there_is_a_store_for_it(place: Any, native: Any, expected: bool) -> None:
    inputs = gateway_inputs(observability=place, native=native)
    assert inputs["logConfig"] == {"sls": {"enable": expected}}


def test_a_gateway_of_the_network_alone_has_no_address_on_the_internet() -> None:
    recording = one_gateway(native=GatewayNative(network_access="Intranet"))
    assert recording.get(GATEWAY).inputs["networkAccessConfig"] == {"type": "Intranet"}
    assert recording.get(ADDRESS).inputs["internet"] is False


# ---- one that is there already


def test_nothing_of_a_gateway_that_is_there_is_made() -> None:
    recording = one_gateway(CHAT, PING, native=ALREADY, network=None)
    assert recording.of_type(GATEWAY) == []
    assert recording.of_type(ADDRESS) == []
    assert recording.get(SERVICE).inputs["gatewayId"] == "gw-there"
    for found in recording.of_type(ROUTE):
        assert found.inputs["environmentInfo"] == {"environmentId": "env-there"}
    for found in recording.of_type(DEPLOYMENT):
        assert found.inputs["gateway_id"] == "gw-there"
    for found in recording.of_type(POLICY):
        assert (found.inputs["gatewayId"], found.inputs["environmentId"]) == ("gw-there", "env-there")
    outputs = recording.outputs
    assert outputs["gateway_id"] == "gw-there"
    assert outputs["url"] == "http://nlb-1.example.com"


def test_its_address_is_asked_where_nobody_gives_it() -> None:
    native = GatewayNative(gateway_id="gw-there", environment_id="env-there")
    asked = one_gateway(native=native).get(ADDRESS, "agent-gateway-address")
    expected = {"gateway_id": "gw-there", "internet": True, "region": "cn-hangzhou"}
    assert {key: asked.inputs[key] for key in expected} == expected


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"gateway_id": "gw-1"}, "gateway_id and environment_id go together"),
        ({"environment_id": "env-1"}, "gateway_id and environment_id go together"),
        ({"gateway_id": "g", "environment_id": "e", "spec": "apigw.small.x1"}, r"spec: the gateway is there already"),
        ({"gateway_id": "g", "environment_id": "e", "access_log": True}, "access_log: the gateway is there already"),
        ({"spec": "small"}, "a size such as apigw.small.x1"),
        ({"network_access": "Public"}, "Internet, InternetAndIntranet, Intranet"),
        ({"tls_min": "TLS 1.0"}, "TLS 1.2, TLS 1.3"),
        ({"address": "https://a.example.com"}, "without scheme and port"),
    ],
)
def test_native_settings_that_make_no_sense_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        GatewayNative(**fields)


# ---- what is refused


def test_production_does_not_speak_plain_http() -> None:
    with pytest.raises(UserError, match=r"GatewayArgs\.domain: without one, tokens and sessions .* in clear") as error:
        one_gateway(stage="prod")
    assert "give a domain with a certificate" in error.value.instead
    # Neither behind the `*` of somebody else's, nor on a gateway that is there already.
    for native in (GatewayNative(any_host_domain_id="d-1"), ALREADY):
        with pytest.raises(UserError, match=r"GatewayArgs\.domain"):
            one_gateway(stage="prod", native=native)
    assert one_gateway(stage="prod", domain=OWN_DOMAIN).outputs["url"] == "https://chat.example.com"
    inside = one_gateway(stage="prod", native=GatewayNative(network_access="Intranet"))
    assert inside.get(GATEWAY).inputs["networkAccessConfig"] == {"type": "Intranet"}


def test_a_gateway_needs_a_network_of_two_zones() -> None:
    with pytest.raises(UserError, match=r"GatewayArgs\.network: a gateway of this cloud stands in a network"):
        one_gateway(network=None)
    one = ExistingNetwork(vpc_id="vpc-1", security_group_id="sg-1", subnet_ids={"cn-hangzhou-h": "vsw-1"})
    assert gateway_inputs(network=one)["vswitch"] == {"vswitchId": "vsw-1"}
    with pytest.raises(UserError, match=r"GatewayArgs\.network: it has 1 subnets"):
        one_gateway(network=one, profile={"high_availability": True})


def test_extras_of_another_cloud_are_refused() -> None:
    with pytest.raises(UserError, match="GatewayNative is not for alicloud"):
        one_gateway(native=OtherNative())


def test_what_is_refused_is_refused_before_anything_is_declared() -> None:
    seen: list[str] = []

    def build(scope: Scope, opts: Opts) -> None:
        with pytest.raises(UserError):
            Gateway("agent-gateway", GatewayArgs(scope=scope, routes=[CHAT]), opts)
        seen.append("refused")

    recording = recorded(build)
    assert seen == ["refused"]
    assert [found.name for found in recording.resources if "gateway" in found.name] == []


def test_two_routes_that_take_the_same_calls_are_refused() -> None:
    """One that strips its prefix takes what lies below it, however it is written."""
    first = Route(name="a", path="/app", function=THERE, strip_prefix=True)
    with pytest.raises(UserError, match="'Prefix /app/' is given twice"):
        one_gateway(first, Route(name="b", path="/app/", function=THERE))


# ---- the API


def test_the_api_goes_before_the_gateway_in_the_end() -> None:
    recording = one_gateway()
    api = recording.get(API, "agent-gateway-api")
    assert api.inputs == {
        "httpApiName": "qiao-dev-agent-gateway", "type": "Http", "protocols": ["HTTP", "HTTPS"],
        "description": "agent-gateway of qiao/dev",
    }  # fmt: skip
    # No input names the gateway: without this edge it would be deleted before what stands on it.
    assert recording.get(GATEWAY).urn in api.depends_on
    assert set(api.replace_on_changes) == {"basePath", "enableAuth", "aiProtocols", "modelCategory"}


def test_everything_goes_in_the_order_that_the_cloud_wants() -> None:
    """Publication, policy, route, then service, API and domain, last the gateway: each waits for what outlives it."""
    recording = one_gateway(domain=OWN_DOMAIN)
    gateway, target, published = recording.get(GATEWAY), of_route(recording, ROUTE), of_route(recording, DEPLOYMENT)
    for kind in (API, SERVICE, DOMAIN):
        found = recording.get(kind)
        assert gateway.urn in everything_before(recording, found), kind
        assert found.urn in everything_before(recording, target), kind
    for found in recording.of_type(POLICY):
        assert target.urn in found.depends_on, found.name
        assert found.urn in published.depends_on, found.name


# ---- services


def test_a_function_of_ours_is_reached_by_its_alias_once_that_is_there() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        chat, kb = own(scope, opts, "agent-chat"), own(scope, opts, "agent-kb")
        routes = [
            Route(name="chat", path="/chat", function=chat), Route(name="history", path="/history", function=chat),
            Route(name="kb", path="/kb", function=kb),
        ]  # fmt: skip
        Gateway("agent-gateway", GatewayArgs(scope=scope, routes=routes, network=no_network()), opts)

    recording = recorded(build, answers=KEY)
    services = {found.name: found for found in recording.of_type(SERVICE)}
    assert set(services) == {"agent-gateway-service-agent-chat", "agent-gateway-service-agent-kb"}
    for name in ("agent-chat", "agent-kb"):
        service = services[f"agent-gateway-service-{name}"]
        assert service.inputs == {
            "serviceName": f"qiao-{name}", "sourceType": "FC3", "qualifier": "live",
            "gatewayId": recording.get(GATEWAY).id,
        }  # fmt: skip
        assert recording.get(ALIAS, f"{name}-alias").urn in service.depends_on
    led = {found.name.rsplit("-", 1)[-1]: behind(found, "backend") for found in recording.of_type(ROUTE)}
    assert led == {
        "chat": {"agent-gateway-service-agent-chat"}, "history": {"agent-gateway-service-agent-chat"},
        "kb": {"agent-gateway-service-agent-kb"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("function", "words", "called"),
    [
        (ExistingFunction(id="f-1", name="search"), "existing-search", "search"),
        (ExistingFunction(id="f-1"), "existing-f-1", "f-1"),
        (ExistingFunction(id="f-1", name=pulumi.Output.from_input("search")), "route-kb", "search"),
    ],
)
def test_functions_that_are_there_already_are_reached_by_name(
    function: ExistingFunction, words: str, called: str
) -> None:
    service = one_gateway(Route(name="kb", path="/kb", function=function)).get(SERVICE)
    assert service.name == f"agent-gateway-service-{words}"
    assert (service.inputs["serviceName"], service.inputs["qualifier"]) == (called, "LATEST")


def test_an_existing_function_may_be_reached_by_a_version_or_an_alias() -> None:
    kb = Route(name="kb", path="/kb", function=ExistingFunction(id="search"))
    recording = one_gateway(CHAT, kb, native=GatewayNative(qualifiers={"kb": "prod"}))
    # Another one is another service, which is there before the route leaves this one.
    service = recording.get(SERVICE, "agent-gateway-service-existing-search-prod")
    assert service.inputs["qualifier"] == "prod"
    assert service.delete_before_replace is not True
    assert recording.get(SERVICE, "agent-gateway-service-existing-f-there").inputs["qualifier"] == "LATEST"


def test_a_function_has_one_version_on_a_gateway() -> None:
    routes = [Route(name=name, path=f"/{name}", function=THERE) for name in ("a", "b")]
    with pytest.raises(UserError, match="another route leads to this function by another one"):
        one_gateway(*routes, native=GatewayNative(qualifiers={"b": "2"}))
    recording = one_gateway(*routes, native=GatewayNative(qualifiers={"a": "2", "b": "2"}))
    assert recording.get(SERVICE).inputs["qualifier"] == "2"


def test_a_version_is_named_for_routes_of_existing_functions_alone() -> None:
    with pytest.raises(UserError, match=r"GatewayNative\.qualifiers: 'chta' is unknown; use one of chat"):
        one_gateway(native=GatewayNative(qualifiers={"chta": "1"}))
    with pytest.raises(UserError, match=r"GatewayNative\.qualifiers\.chat: 'a b' is not valid"):
        one_gateway(native=GatewayNative(qualifiers={"chat": "a b"}))

    def build(scope: Scope, opts: Opts) -> None:
        routes = [Route(name="chat", path="/", function=own(scope, opts, "agent-chat"))]
        native = GatewayNative(qualifiers={"chat": "1"})
        Gateway("agent-gateway", GatewayArgs(scope=scope, routes=routes, network=no_network(), native=native), opts)

    with pytest.raises(UserError, match=r"GatewayNative\.qualifiers\.chat: its function is of this stack, and has"):
        recorded(build, answers=KEY)


# ---- routes


def test_a_route_leads_all_its_calls_to_its_function() -> None:
    recording = one_gateway()
    target, service = of_route(recording, ROUTE), recording.get(SERVICE)
    assert target.inputs == {
        "routeName": "qiao-dev-agent-gateway-chat-jwt", "httpApiId": recording.get(API).id,
        "environmentInfo": {"environmentId": recording.get(GATEWAY).outputs["environments"][0]["environmentId"]},
        "domainIds": [recording.get(ANY_HOST).outputs["domain_id"]],
        "match": {"path": {"type": "Prefix", "value": "/api/v2/bots/chat"}},
        "backend": {"scene": "SingleService", "services": [{"serviceId": service.id, "weight": 100}]},
    }  # fmt: skip
    assert target.delete_before_replace is True
    # The cloud may report what is not set; it would replace the route.
    assert set(target.ignore_changes) == {f"backend.services[0].{key}" for key in ("port", "protocol", "version")}


def test_a_route_is_led_to_a_service_that_answers() -> None:
    recording = one_gateway()
    ready = recording.get(READY, "agent-gateway-service-ready-existing-f-there")
    assert behind(ready, "service_id") == {"agent-gateway-service-existing-f-there"}
    assert ready.urn in of_route(recording, ROUTE).depends_on
    assert ready.urn in of_route(recording, DEPLOYMENT).depends_on


@pytest.mark.parametrize(("match", "expected"), [("exact", "Exact"), ("prefix", "Prefix")])
def test_paths_match_as_asked(match: Any, expected: str) -> None:
    recording = one_gateway(Route(name="chat", path="/v1/chat", function=THERE, match=match))
    assert of_route(recording, ROUTE).inputs["match"] == {"path": {"type": expected, "value": "/v1/chat"}}


def test_methods_are_limited_where_asked_and_all_pass_by_default() -> None:
    assert "methods" not in of_route(one_gateway(), ROUTE).inputs["match"]
    limited = Route(name="chat", path="/chat", function=THERE, methods=("POST", "OPTIONS"))
    assert of_route(one_gateway(limited), ROUTE).inputs["match"]["methods"] == ["POST", "OPTIONS"]
    with pytest.raises(UnsupportedError, match=r"routes\[chat\]\.methods=BREW"):
        one_gateway(Route(name="chat", path="/chat", function=THERE, methods=("BREW",)))


def test_a_publication_names_route_api_and_gateway() -> None:
    recording = one_gateway()
    expected = {
        "http_api_id": recording.get(API).id, "route_id": of_route(recording, ROUTE).outputs["routeId"],
        "gateway_id": recording.get(GATEWAY).id, "region": "cn-hangzhou",
    }  # fmt: skip
    deployment = of_route(recording, DEPLOYMENT)
    assert {key: deployment.inputs[key] for key in expected} == expected


# ---- addresses


def outputs_of(recording: Recording) -> Mapping[str, Any]:
    return recording.outputs


def test_the_address_is_asked_from_the_gateway() -> None:
    recording = one_gateway(CHAT, PING)
    address = recording.get(ADDRESS).outputs["address"]
    outputs = outputs_of(recording)
    assert outputs["gateway_id"] == recording.get(GATEWAY).id
    assert outputs["url"] == f"http://{address}"
    assert outputs["urls"] == {"chat": f"http://{address}/api/v2/bots/chat", "ping": f"http://{address}/v1/ping"}
    assert (outputs.get("domain"), outputs.get("cname")) == (None, None)


def test_an_address_given_is_taken_and_known_in_a_preview() -> None:
    recording = one_gateway(native=GatewayNative(address="nlb-1.example.com"), domain=OWN_DOMAIN, preview=True)
    assert recording.of_type(ADDRESS) == []
    assert recording.outputs["cname"] == "nlb-1.example.com"


def waited() -> Recording:
    def build(scope: Scope, opts: Opts) -> None:
        domain = Domain(name="a.example.com", certificate_id="1", dns_zone="example.com")
        args = GatewayArgs(scope=scope, routes=[CHAT, LOGIN], network=no_network(), domain=domain)
        gateway = Gateway("agent-gateway", args, opts)
        probe("url", gateway.url)
        probe("chat", gateway.urls["chat"])

    return recorded(build, answers=KEY)


def test_whoever_reads_an_address_waits_for_what_stands_behind_it() -> None:
    recording = waited()
    url, gates = probed(recording, "url")
    assert url == "https://a.example.com"
    both = {"agent-gateway-deployment-chat", "agent-gateway-deployment-login", "agent-gateway-record"}
    assert both <= gates
    chat, gates = probed(recording, "chat")
    assert chat == "https://a.example.com/api/v2/bots/chat"
    assert {"agent-gateway-deployment-chat", "agent-gateway-record"} <= gates


def test_a_preview_of_a_new_gateway_knows_no_address() -> None:
    recording = one_gateway(CHAT, PING, preview=True)
    assert recording.outputs["url"] is UNKNOWN
    assert of_route(recording, DEPLOYMENT).inputs["trigger"] is UNKNOWN
    assert recording.get(SERVICE).inputs["serviceName"] == "f-there"
    assert waits_for(of_route(recording, DEPLOYMENT)) >= {"agent-gateway-policy-chat-jwt", "agent-gateway-consumer"}


def test_a_gateway_without_environment_is_an_error_and_no_empty_id() -> None:
    found = [SimpleNamespace(environment_id=None), SimpleNamespace(environment_id="env-1")]
    assert pick_environment(found) == "env-1"
    for nothing in (None, [], found[:1]):
        with pytest.raises(UserError, match="it reports no environment yet"):
            pick_environment(nothing)


def test_only_what_checks_tokens_needs_a_key() -> None:
    assert one_gateway(PING).of_type(PRIVATE_KEY) == []
    assert [found.name for found in one_gateway().of_type(PRIVATE_KEY)] == ["agent-gateway-signing-key"]
