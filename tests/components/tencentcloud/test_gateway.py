"""Gateways behind EdgeOne: the site, the domain, the edge function, and the order in which nothing is ever open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components import tokens
from components.errors import UnsupportedError, UserError
from components.function import ExistingFunction, FunctionArgs
from components.gateway import Domain, GatewayArgs, Route
from components.observability import ExistingObservability
from components.scope import Scope
from components.tencentcloud.gateway import Gateway, GatewayNative
from components.tencentcloud.gateway_edge import SCRIPT
from components.tokens import jwks_of
from components.volcengine.gateway import Gateway as OtherGateway
from components.volcengine.gateway import GatewayNative as OtherNative
from qiao.plan.recording import UNKNOWN, Recording, Secret
from tests.components.keys import PRIVATE_KEY, pair
from tests.components.tencentcloud.edge_support import call, refused
from tests.components.tencentcloud.gateway_support import (
    ACCELERATED,
    ALIAS,
    ANSWERS,
    CERTIFICATE,
    CHAT,
    DOMAIN,
    ELSEWHERE,
    ENVIRONMENT,
    FREE,
    FUNCTION,
    HOST,
    HOSTS,
    HTTPS,
    LOG,
    LOGIN,
    ON_PLAN,
    ON_ZONE,
    OWNERSHIP,
    RECORD,
    RULE,
    THERE,
    ZONE,
    Opts,
    everything_before,
    names_of,
    one_gateway,
    own,
    signer,
    table,
    variables,
)
from tests.components.tencentcloud.support import (
    PASSWORD,
    behind,
    marked,
    no_network,
    probe,
    probed,
    recorded,
    tags_of,
    waits_for,
)

LOGS = ExistingObservability(log_project="logset-1", log_store="app", access_log_store="topic-access")


# ---- the site


def test_a_site_that_is_there_is_used_and_not_owned() -> None:
    recording = one_gateway()
    assert recording.of_type(ZONE) == []
    assert recording.of_type(OWNERSHIP) == []
    for kind in (ACCELERATED, FUNCTION, ENVIRONMENT, RULE, HTTPS):
        assert recording.get(kind).inputs["zoneId"] == "zone-there"


def test_a_plan_gives_it_a_site_of_its_own() -> None:
    recording = one_gateway(native=ON_PLAN)
    zone = recording.get(ZONE, "agent-gateway-zone")
    assert zone.inputs == {
        "zoneName": "example.com", "type": "partial", "area": "mainland", "planId": "edgeone-1",
        "tags": tags_of("agent-gateway"),
    }  # fmt: skip
    # An account holds a name once: two at a time are refused.
    assert zone.delete_before_replace is True
    for kind in (ACCELERATED, FUNCTION, ENVIRONMENT, RULE, HTTPS):
        assert recording.get(kind).inputs["zoneId"] == zone.id
        # Nothing is asked of a site whose owner is not verified: the service would let it wait for ever.
        assert behind(recording.get(kind), "zoneId") == {"agent-gateway-ownership"}


def test_its_owner_is_proved_by_a_record() -> None:
    recording = one_gateway(native=ON_PLAN)
    record = recording.get(RECORD, "agent-gateway-ownership-record")
    assert record.inputs == {
        "domain": "example.com", "subDomain": "edgeonereclaim", "recordType": "TXT", "recordLine": "默认",
        "value": "reclaim-abc", "ttl": 600, "status": "ENABLE",
    }  # fmt: skip
    ownership = recording.get(OWNERSHIP)
    assert waits_for(ownership) >= {"agent-gateway-zone", "agent-gateway-ownership-record"}
    expected = {
        "zone_id": recording.get(ZONE).id, "zone_name": "example.com", "region": "ap-guangzhou",
        "record": "TXT edgeonereclaim.example.com = reclaim-abc", "timeout_seconds": 600,
    }  # fmt: skip
    assert {key: ownership.inputs[key] for key in expected} == expected


def test_a_site_below_the_zone_has_its_record_there() -> None:
    domain = replace(DOMAIN, name="chat.ai.example.com")
    native = GatewayNative(plan_id="edgeone-1", zone_name="ai.example.com", hosts=HOSTS)
    recording = one_gateway(domain=domain, native=native)
    assert recording.get(ZONE).inputs["zoneName"] == "ai.example.com"
    assert recording.get(RECORD, "agent-gateway-ownership-record").inputs["subDomain"] == "edgeonereclaim.ai"
    assert recording.get(RECORD, "agent-gateway-record").inputs["subDomain"] == "chat.ai"


def test_where_dns_is_elsewhere_the_record_is_named_and_not_waited_for_long() -> None:
    native = GatewayNative(plan_id="edgeone-1", zone_name="example.com", hosts=HOSTS)
    recording = one_gateway(domain=ELSEWHERE, native=native)
    assert recording.of_type(RECORD) == []
    ownership = recording.get(OWNERSHIP)
    assert ownership.inputs["record"] == "TXT edgeonereclaim.example.com = reclaim-abc"
    assert ownership.inputs["timeout_seconds"] == 20
    assert recording.outputs["cname"] == recording.get(ACCELERATED).outputs["cname"]


def test_a_site_that_names_no_record_yet_is_no_crash() -> None:
    recording = one_gateway(native=ON_PLAN, answers={ZONE: {"ownershipVerifications": []}})
    assert recording.get(RECORD, "agent-gateway-ownership-record").inputs["value"] == ""


@pytest.mark.parametrize(
    ("region", "native", "area"),
    [
        ("ap-guangzhou", None, "mainland"), ("ap-singapore", None, "overseas"), ("ap-guangzhou", "global", "global"),
    ],
)  # fmt: skip
def test_where_a_site_is_served(region: str, native: Any, area: str) -> None:
    def build(scope: Scope, opts: Opts) -> None:
        extras = GatewayNative(plan_id="edgeone-1", area=native, hosts=HOSTS)
        here = replace(scope, region=region)
        Gateway("agent-gateway", GatewayArgs(scope=here, routes=[CHAT], domain=DOMAIN, native=extras), opts)

    assert recorded(build, answers=ANSWERS).get(ZONE).inputs["area"] == area


# ---- the domain


def test_the_domains_origin_answers_nobody() -> None:
    """A function's address under another name: without the edge function in front, the service finds nobody there."""
    accelerated = one_gateway().get(ACCELERATED, "agent-gateway-domain")
    assert accelerated.inputs == {
        "zoneId": "zone-there", "domainName": "chat.example.com", "originProtocol": "HTTPS", "httpOriginPort": 80,
        "httpsOriginPort": 443, "ipv6Status": "follow",
        "originInfo": {"originType": "IP_DOMAIN", "origin": HOST, "hostHeader": "chat.example.com"},
    }  # fmt: skip


def test_what_the_provider_refuses_to_change_is_replaced() -> None:
    recording = one_gateway(observability=LOGS, native=replace(ON_ZONE, access_log=True))
    assert set(recording.get(ACCELERATED).replace_on_changes) == {"httpsOriginPort"}
    # A domain is on one site, once.
    assert recording.get(ACCELERATED).delete_before_replace is True
    assert set(recording.get(FUNCTION).replace_on_changes) == {"name"}
    assert set(recording.get(LOG).replace_on_changes) == {"taskType", "logType", "area", "cls"}


def test_the_record_leads_to_edgeone_last_of_all() -> None:
    recording = one_gateway()
    record = recording.get(RECORD, "agent-gateway-record")
    assert record.inputs == {
        "domain": "example.com", "subDomain": "chat", "recordType": "CNAME", "recordLine": "默认", "ttl": 600,
        "value": recording.get(ACCELERATED).outputs["cname"], "status": "ENABLE",
    }  # fmt: skip
    assert waits_for(record) == {"agent-gateway-domain", "agent-gateway-rule", "agent-gateway-https"}


def test_a_zone_itself_can_be_the_domain() -> None:
    recording = one_gateway(domain=replace(DOMAIN, name="example.com"))
    assert recording.get(RECORD).inputs["subDomain"] == "@"


def test_a_certificate_that_is_there_is_used() -> None:
    https = one_gateway().get(HTTPS, "agent-gateway-https")
    assert https.inputs == {
        "zoneId": "zone-there", "host": "chat.example.com", "mode": "sslcert", "serverCertInfos": [{"certId": "cert-1"}]
    }  # fmt: skip
    assert waits_for(https) == {"agent-gateway-domain"}


def test_a_certificate_that_is_given_is_uploaded() -> None:
    pem, key = "-----BEGIN CERTIFICATE-----\r\nabc\r\n-----END CERTIFICATE-----\r\n", pulumi.Output.secret("  KEY \n")
    recording = one_gateway(domain=Domain(name="chat.example.com", certificate=pem, private_key=key))
    uploaded = recording.get(CERTIFICATE, "agent-gateway-certificate")
    assert uploaded.inputs["cert"] == "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----"
    assert uploaded.inputs["key"] == Secret("KEY")
    assert uploaded.inputs["type"] == "SVR"
    assert uploaded.inputs["tags"] == tags_of("agent-gateway")
    assert "key" in uploaded.additional_secret_outputs
    # A renewal is there before the domain turns to it, so it has another name.
    assert uploaded.delete_before_replace is False
    renewed = one_gateway(domain=Domain(name="chat.example.com", certificate=pem + "x", private_key=key))
    assert renewed.get(CERTIFICATE).inputs["name"] != uploaded.inputs["name"]
    assert recording.get(HTTPS).inputs["serverCertInfos"] == [{"certId": uploaded.id}]


def test_edgeone_issues_a_certificate_once_the_record_leads_to_it() -> None:
    recording = one_gateway(domain=FREE)
    https = recording.get(HTTPS)
    assert https.inputs == {"zoneId": "zone-there", "host": "chat.example.com", "mode": "eofreecert"}
    assert waits_for(https) == {"agent-gateway-domain", "agent-gateway-record"}
    assert waits_for(recording.get(RECORD)) == {"agent-gateway-domain", "agent-gateway-rule"}


# ---- the edge function


def test_the_function_is_the_file() -> None:
    function = one_gateway().get(FUNCTION, "agent-gateway-function")
    assert function.inputs["content"] == SCRIPT.read_text(encoding="utf-8")
    assert function.inputs["name"] == "qiao-dev-agent-gateway"
    assert function.inputs["remark"] == "qiao dev agent-gateway"
    assert "passThroughOnException(" not in function.inputs["content"].replace("`event.passThroughOnException()`", "")


def test_a_long_name_fits_what_edgeone_takes() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        name = "a-very-long-name-of-a-gateway-of-an-application"
        Gateway(name, GatewayArgs(scope=scope, routes=[CHAT], domain=DOMAIN, native=ON_ZONE), opts)

    inputs = recorded(build, answers=ANSWERS).get(FUNCTION).inputs
    assert len(inputs["name"]) == 30
    assert len(inputs["remark"]) <= 60


def test_its_calls_are_the_domains_and_come_last() -> None:
    recording = one_gateway()
    rule = recording.get(RULE, "agent-gateway-rule")
    assert rule.inputs["functionId"] == recording.get(FUNCTION).outputs["functionId"]
    assert rule.inputs["functionRuleConditions"] == [
        {"ruleConditions": [{"target": "host", "operator": "equals", "values": ["chat.example.com"]}]}
    ]
    # Without its environment it lets nobody in; with half of it, who knows.
    assert waits_for(rule) == {"agent-gateway-function", "agent-gateway-environment"}


def test_callers_are_told_an_address_only_when_all_of_it_stands() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        gateway = Gateway("agent-gateway", GatewayArgs(scope=scope, routes=[CHAT], domain=DOMAIN, native=ON_ZONE), opts)
        probe("url", gateway.url)
        probe("chat", gateway.urls["chat"])

    recording = recorded(build, answers=ANSWERS)
    for name, expected in (("url", "https://chat.example.com"), ("chat", "https://chat.example.com/chat")):
        value, gates = probed(recording, name)
        assert value == expected
        assert gates == {"agent-gateway-rule", "agent-gateway-https", "agent-gateway-record"}
        assert "agent-gateway-environment" in everything_before(recording, recording.get(RULE))


def test_the_environment_says_how_tokens_are_checked() -> None:
    recording = one_gateway()
    told = variables(recording)
    assert {key: value for key, value in told.items() if key != "ROUTES"} == {
        "JWT_ALG": "RS256", "JWT_JWKS": jwks_of(pair("stack")[1]),
        "JWT_ISSUER": "urn:qiao:qiao:dev:agent-gateway:signer",
        "JWT_AUDIENCE": "urn:qiao:qiao:dev:agent-gateway", "HTTPS_ONLY": "true",
        "JWT_REQUIRED": '["iss","aud","sub","exp","nbf","iat"]',
    }  # fmt: skip
    environment = recording.get(ENVIRONMENT, "agent-gateway-environment")
    assert environment.inputs["functionId"] == recording.get(FUNCTION).outputs["functionId"]
    assert "environmentVariables" in environment.additional_secret_outputs


def test_the_environment_lists_the_routes_the_most_particular_first() -> None:
    routes = [
        Route(name="site", path="/", function=THERE, auth="app"),
        Route(name="api", path="/api/", function=THERE, allow_cidrs=["10.1.2.3"], methods=("POST",), strip_prefix=True),
        Route(name="files", path="/api/files", function=THERE, timeout_seconds=200, request_headers={"X-A": "b"}),
        Route(name="ping", path="/ping", function=THERE, auth="public", reason="health", match="exact",
              response_headers={"Server": None}),
    ]  # fmt: skip
    native = replace(ON_ZONE, hosts={route.name: f"{route.name}.tencentscf.com" for route in routes})
    usual: dict[str, Any] = {
        "methods": None,
        "allow": [],
        "request": {},
        "response": {},
        "strip": False,
        "seconds": 120,
    }
    assert table(one_gateway(*routes, native=native)) == [
        {**usual, "name": "ping", "path": "/ping", "prefix": False, "auth": "public", "response": {"Server": None},
         "origin": "https://ping.tencentscf.com"},
        {**usual, "name": "files", "path": "/api/files", "prefix": True, "auth": "jwt", "request": {"X-A": "b"},
         "seconds": 200, "origin": "https://files.tencentscf.com"},
        {**usual, "name": "api", "path": "/api/", "prefix": True, "auth": "jwt", "allow": ["10.1.2.3/32"],
         "methods": ["POST"], "strip": True, "origin": "https://api.tencentscf.com"},
        {**usual, "name": "site", "path": "/", "prefix": True, "auth": "app", "origin": "https://site.tencentscf.com"},
    ]  # fmt: skip


def test_what_is_declared_is_what_the_file_understands() -> None:
    """The whole way: the component's own environment, a token of the stack's key, the real file."""
    recording = one_gateway(CHAT, LOGIN, native=replace(ON_ZONE, hosts={"chat": HOST, "login": HOST}), signed=True)
    told = variables(recording)
    refused(call(told), 401)
    assert call(told, "/login").status == 200
    own_key = variables(one_gateway())
    outputs = one_gateway().outputs
    token = tokens.mint(
        pair("stack")[0], issuer=outputs["issuer"], audience=outputs["audience"], subject="me", lifetime_seconds=60
    )
    answer = call(own_key, token=token)
    assert answer.forwarded is not None
    assert answer.forwarded.url == f"https://{HOST}/chat"


def test_a_function_of_ours_is_called_at_its_own_address_once_it_is_released() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        routes = [
            Route(name="chat", path="/chat", function=own(scope, opts, "agent-chat")),
            Route(name="kb", path="/kb", function=own(scope, opts, "agent-kb"), auth="app"),
        ]
        args = GatewayArgs(scope=scope, routes=routes, domain=DOMAIN, native=GatewayNative(zone_id="zone-there"))
        Gateway("agent-gateway", args, opts)

    recording = recorded(build, answers=ANSWERS)
    hosts = {
        name: f"{recording.get(ALIAS, f'agent-{name}-alias').outputs['result']}.ap-guangzhou.tencentscf.com"
        for name in ("chat", "kb")
    }
    assert {row["name"]: row["origin"] for row in table(recording)} == {
        name: f"https://{host}" for name, host in hosts.items()
    }
    assert recording.get(ACCELERATED).inputs["originInfo"]["origin"] == hosts["chat"]
    assert behind(recording.get(ENVIRONMENT), "environmentVariables") >= {"agent-chat-alias", "agent-kb-alias"}


# ---- who signs


def test_without_a_route_that_asks_for_tokens_nobody_signs_any() -> None:
    recording = one_gateway(LOGIN, native=replace(ON_ZONE, hosts={"login": HOST}))
    assert recording.of_type(PRIVATE_KEY) == []
    assert set(variables(recording)) == {"ROUTES", "HTTPS_ONLY"}
    assert [recording.outputs.get(key) for key in ("issuer", "audience", "signing_key")] == [None, None, None]


def test_its_own_key_is_kept_as_data_is() -> None:
    recording = one_gateway(stage="prod")
    assert names_of(recording.of_type(PRIVATE_KEY)) == ["agent-gateway-signing-key"]
    assert recording.outputs["signing_key"] == Secret(pair("stack")[0])
    assert marked(recording, "protect") == {"agent-gateway-signing-key"}
    assert marked(one_gateway(stage="prod", native=ON_PLAN), "protect") == {
        "agent-gateway-signing-key", "agent-gateway-zone"
    }  # fmt: skip
    assert marked(one_gateway(native=ON_PLAN), "protect") == set()


def test_what_applications_check_by_is_what_the_edge_checks_by() -> None:
    recording = one_gateway(signed=True)
    assert recording.of_type(PRIVATE_KEY) == []
    told = variables(recording)
    assert told["JWT_ISSUER"] == "urn:qiao:qiao:dev:chat:signer"
    assert told["JWT_AUDIENCE"] == "urn:qiao:qiao:dev:chat"
    assert told["JWT_JWKS"] == '{"keys":[]}'
    assert told["ORIGIN_SECRET"] == "shown-to-functions"
    assert recording.outputs["issuer"] == "urn:qiao:qiao:dev:chat:signer"
    assert recording.outputs["signing_key"] == Secret(pair("stack")[0])
    assert recording.messages == ()


def test_functions_are_shown_the_secret_though_no_route_asks_for_tokens() -> None:
    recording = one_gateway(LOGIN, native=replace(ON_ZONE, hosts={"login": HOST}), signed=True)
    assert set(variables(recording)) == {"ROUTES", "HTTPS_ONLY", "ORIGIN_SECRET"}
    assert recording.outputs.get("signing_key") is None


def test_a_way_past_the_edge_is_warned_of() -> None:
    [message] = one_gateway().messages
    assert message.severity == "warning"
    assert "routes chat: EdgeOne checks their tokens, but whoever knows the functions' own addresses" in message.text
    assert one_gateway(LOGIN, native=replace(ON_ZONE, hosts={"login": HOST})).messages == ()


def declared(domain: Domain | None, native: Any = None, stage: Any = "dev") -> tuple[Recording, Any]:
    found: list[Any] = []

    def build(scope: Scope, opts: Opts) -> None:
        chat = own(scope, opts, "chat")
        found.append(Gateway.declare_signer(chat, domain, native))

    return recorded(build, stage, answers=ANSWERS), found[0]


def test_behind_edgeone_applications_get_a_key_and_a_secret() -> None:
    recording, given = declared(DOMAIN, ON_ZONE, "prod")
    secret = recording.get(PASSWORD, "chat-origin-secret")
    assert secret.inputs["length"] == 48
    # It stands in a header.
    assert secret.inputs["special"] is False
    assert marked(recording, "protect") == {"chat-origin-secret", "chat-signing-key"}
    assert marked(recording, "retain_on_delete") == set()
    assert set(given.env()) == {"JWT_ALG", "JWT_JWKS", "JWT_ISSUER", "JWT_AUDIENCE"}
    assert given.env()["JWT_ISSUER"] == "urn:qiao:qiao:prod:chat:signer"
    assert set(given.secret_env()) == {"ORIGIN_SECRET"}


@pytest.mark.parametrize(("domain", "native"), [(None, None), (DOMAIN, None), (DOMAIN, GatewayNative())])
def test_without_edgeone_there_is_nobody_who_could_show_a_secret(domain: Domain | None, native: Any) -> None:
    recording, given = declared(domain, native)
    assert recording.of_type(PASSWORD) == []
    assert given.secret_env() == {}
    assert set(given.env()) == {"JWT_ALG", "JWT_JWKS", "JWT_ISSUER", "JWT_AUDIENCE"}


def test_what_applications_get_is_secret_and_lets_them_check() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        given = Gateway.declare_signer(own(scope, opts, "chat"), DOMAIN, ON_ZONE)
        assert given is not None
        for key, value in {**given.env(), **given.secret_env()}.items():
            pulumi.export(key, value)

    outputs = recorded(build, answers={**ANSWERS, PASSWORD: {"result": "x" * 48}}).outputs
    assert outputs["ORIGIN_SECRET"] == Secret("x" * 48)
    assert outputs["JWT_JWKS"] == jwks_of(pair("stack")[1])
    token = tokens.mint(
        pair("stack")[0], issuer=outputs["JWT_ISSUER"], audience=outputs["JWT_AUDIENCE"], subject="me",
        lifetime_seconds=60,
    )  # fmt: skip
    said = tokens.verify(token, outputs["JWT_JWKS"], issuer=outputs["JWT_ISSUER"], audience=outputs["JWT_AUDIENCE"])
    assert said["sub"] == "me"


def test_a_cloud_whose_gateway_checks_alone_takes_no_signer() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        assert OtherGateway.declare_signer(own(scope, opts, "chat"), DOMAIN, None) is None
        args = GatewayArgs(scope=scope, routes=[CHAT], network=no_network(), signer=signer())
        OtherGateway("agent-gateway", args)

    with pytest.raises(UnsupportedError, match=r"volcengine Gateway\.signer: not supported on volcengine"):
        recorded(build)


# ---- tokens of somebody else

SHARED: dict[str, Any] = {"token_issuer": "https://id.example.com/", "token_audience": "chat"}


def test_an_identity_provider_can_sign_with_its_keys() -> None:
    recording = one_gateway(native=replace(ON_ZONE, **SHARED, token_jwks='{"keys":[1]}'))
    told = variables(recording)
    assert (told["JWT_ALG"], told["JWT_JWKS"]) == ("RS256", '{"keys":[1]}')
    assert (told["JWT_ISSUER"], told["JWT_AUDIENCE"]) == ("https://id.example.com/", "chat")
    assert told["JWT_REQUIRED"] == '["iss","aud","sub","exp"]'
    assert recording.of_type(PRIVATE_KEY) == []
    assert [recording.outputs.get(key) for key in ("issuer", "audience", "signing_key")] == [None, None, None]


def test_or_with_a_secret_that_it_shares() -> None:
    native = replace(ON_ZONE, **SHARED, token_secret=pulumi.Output.secret("s" * 40))
    told = variables(one_gateway(native=native))
    assert (told["JWT_ALG"], told["JWT_SECRET"]) == ("HS256", "s" * 40)
    assert "JWT_JWKS" not in told
    assert "sssss" not in repr(native)


def test_applications_cannot_check_those() -> None:
    native = replace(ON_ZONE, **SHARED, token_jwks="{}")
    with pytest.raises(UserError, match=r"GatewayNative\.token_issuer: applications check the stack's own tokens"):
        one_gateway(native=native, signed=True)
    assert declared(DOMAIN, native)[1] is None


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"token_issuer": "i"}, "issuer, audience and key go together"),
        ({"token_issuer": "i", "token_audience": "a"}, "issuer, audience and key go together"),
        ({"token_jwks": "{}"}, "issuer, audience and key go together"),
        ({**SHARED, "token_jwks": "{}", "token_secret": "s" * 40}, "signed in one way"),
        ({**SHARED, "token_secret": "s" * 31}, "too short; use 32 characters"),
        ({"plan_id": "edgeone-1", "zone_id": "zone-1"}, "give plan_id or zone_id"),
        ({"zone_id": "zone-1", "zone_name": "example.com"}, "leave zone_name and area out"),
        ({"zone_id": "zone-1", "area": "global"}, "leave zone_name and area out"),
        ({"zone_id": "example.com"}, "a site's id such as"),
        ({"plan_id": "free"}, "a plan's id such as"),
        ({"area": "china"}, "global, mainland, overseas"),
        ({"hosts": {"chat": "https://a.example.com"}}, "a host without scheme and path"),
        ({"cname": "a/b"}, "a host without scheme and path"),
    ],
)
def test_extras_that_make_no_sense_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message) as error:
        GatewayNative(**fields)
    assert "sssss" not in str(error.value)


# ---- its log


def test_calls_are_logged_where_it_is_asked_for() -> None:
    recording = one_gateway(observability=LOGS, native=replace(ON_ZONE, access_log=True))
    log = recording.get(LOG, "agent-gateway-access-log-mainland")
    expected = {
        "zoneId": "zone-there", "taskType": "cls", "logType": "domain", "area": "mainland", "sample": 1000,
        "entityLists": ["chat.example.com"], "deliveryStatus": "enabled",
        "cls": {"logSetId": "logset-1", "logSetRegion": "ap-guangzhou", "topicId": "topic-access"},
    }  # fmt: skip
    assert {key: log.inputs[key] for key in expected} == expected
    # Keys and tokens may stand in those.
    assert not {"RequestUrlQueryString", "RequestReferer", "RequestHeaders"} & set(log.inputs["fields"])
    assert one_gateway(observability=LOGS).of_type(LOG) == []


def test_a_site_of_the_whole_world_logs_both_halves() -> None:
    native = GatewayNative(plan_id="edgeone-1", area="global", hosts=HOSTS, access_log=True)
    recording = one_gateway(observability=LOGS, native=native)
    assert {log.inputs["area"]: log.name for log in recording.of_type(LOG)} == {
        "mainland": "agent-gateway-access-log-mainland", "overseas": "agent-gateway-access-log-overseas"
    }  # fmt: skip


# ---- what is refused


def no(message: str, *routes: Route, kind: type[UserError] = UserError, **fields: Any) -> None:
    with pytest.raises(kind, match=message):
        one_gateway(*routes, **fields)


def test_nothing_is_declared_before_it_is_refused() -> None:
    seen: list[Recording] = []

    def build(scope: Scope, opts: Opts) -> None:
        with pytest.raises(UserError, match=r"routes\[chat\]\.function: its own address is not known"):
            Gateway(
                "agent-gateway",
                GatewayArgs(scope=scope, routes=[CHAT], domain=DOMAIN, native=GatewayNative(plan_id="edgeone-1")),
                opts,
            )

    seen.append(recorded(build, answers=ANSWERS))
    assert [
        resource.type for resource in seen[0].resources if resource.custom and "pulumi:providers" not in resource.type
    ] == []


@pytest.mark.parametrize(
    ("route", "message"),
    [
        (replace(CHAT, auth="cloud"), r"routes\[chat\]\.auth=cloud: not supported on tencentcloud; use jwt"),
        (replace(CHAT, rate_limit=5), r"routes\[chat\]\.rate_limit: not supported on tencentcloud"),
        (replace(CHAT, timeout_seconds=301), r"routes\[chat\]\.timeout_seconds=301: not supported .* 300 seconds"),
        (
            replace(CHAT, function=ExistingFunction(id="f", timeout_seconds=900)),
            r"routes\[chat\]\.timeout_seconds=900: not supported",
        ),
    ],
)
def test_what_edgeone_cannot_do_is_refused(route: Route, message: str) -> None:
    no(message, route, kind=UnsupportedError)


@pytest.mark.parametrize("header", ["x-edge-auth", "X-Edge-Other", "x-jwt-sub", "Host", "X-Forwarded-For"])
def test_headers_that_the_gateway_vouches_for_are_its_own(header: str) -> None:
    no(
        rf"routes\[chat\]\.request_headers: the gateway itself sets {header}",
        replace(CHAT, request_headers={header: "1"}),
    )
    no("the gateway itself sets", replace(CHAT, request_headers={header: None}))


def test_methods_are_written_in_capitals() -> None:
    no(r"routes\[chat\]\.methods: 'get' is not valid", replace(CHAT, methods=("get",)))


def test_a_table_that_no_variable_holds_is_refused() -> None:
    routes = [Route(name=f"r{number}", path=f"/{number}", function=THERE) for number in range(30)]
    where = GatewayNative(zone_id="zone-there")
    no(r"GatewayArgs\.routes: together they take [0-9]+ bytes of an edge function's 5000", *routes, native=where)
    few: Sequence[Route] = routes[:15]
    told = table(one_gateway(*few, native=replace(ON_ZONE, hosts={route.name: HOST for route in few})))
    assert [row["name"] for row in told] == sorted(
        (route.name for route in few), key=lambda name: (-len(name), name[1:])
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"domain": None}, "EdgeOne stands in front of a domain alone"),
        ({"domain": replace(ELSEWHERE, certificate_id="eofreecert")}, "only once the record leads to it"),
        ({"native": ON_PLAN, "domain": ELSEWHERE}, "the site of its own has no name"),
        (
            {"native": replace(ON_PLAN, zone_name="example.org"), "domain": ELSEWHERE},
            r"chat\.example\.com is not in example\.org",
        ),
        ({"native": replace(ON_ZONE, access_log=True)}, "there is nowhere to deliver it to"),
        (
            {
                "native": replace(ON_ZONE, access_log=True),
                "observability": ExistingObservability(log_project="p", log_store="app"),
            },
            "there is nowhere to deliver it to",
        ),
        ({"native": replace(ON_ZONE, hosts={"other": "a.example.com"})}, "GatewayNative.hosts: 'other' is unknown"),
        ({"native": OtherNative()}, "GatewayNative is not for tencentcloud"),
    ],
)
def test_what_makes_no_sense_is_refused(fields: dict[str, Any], message: str) -> None:
    no(message, **fields)


def test_a_function_whose_address_wants_signed_requests_lets_no_edge_in() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        route = Route(name="chat", path="/", function=own(scope, opts, "agent-chat", auth="cloud"))
        Gateway("agent-gateway", GatewayArgs(scope=scope, routes=[route], domain=DOMAIN, native=ON_ZONE), opts)

    message = r"routes\[chat\]\.function: its own address has the auth cloud, the route jwt; give its url auth app"
    with pytest.raises(UserError, match=message):
        recorded(build)


def test_a_function_that_only_its_region_reaches_is_out_of_edgeones_reach() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        route = Route(name="chat", path="/", function=own(scope, opts, "agent-chat", internet=False))
        Gateway("agent-gateway", GatewayArgs(scope=scope, routes=[route], domain=DOMAIN, native=ON_ZONE), opts)

    with pytest.raises(UserError, match=r"routes\[chat\]\.function: EdgeOne reaches it over the internet alone"):
        recorded(build)


def test_a_function_without_an_address_cannot_be_called() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        route = Route(name="chat", path="/", function=own(scope, opts, "agent-chat", auth=None), auth="app")
        native = GatewayNative(zone_id="zone-there")
        Gateway("agent-gateway", GatewayArgs(scope=scope, routes=[route], domain=DOMAIN, native=native), opts)

    with pytest.raises(UserError, match=r"routes\[chat\]\.function: its own address is not known; give its"):
        recorded(build)


def test_rehearsed_on_a_function_that_is_only_named_nothing_is_missing() -> None:
    """Blueprints check arguments on stand-ins, whose address nobody knows yet."""

    def build(scope: Scope, opts: Opts) -> None:
        named = ExistingFunction(id="stand-in", name="stand-in", timeout_seconds=300)
        args = GatewayArgs(
            scope=scope, routes=[replace(CHAT, function=named)], domain=DOMAIN, native=GatewayNative(zone_id="zone-1")
        )
        Gateway.check("agent-gateway", args)

    assert recorded(build).of_type(FUNCTION) == []


# ---- a preview


@pytest.mark.parametrize("native", [ON_ZONE, ON_PLAN])
def test_a_preview_of_an_empty_stack_knows_what_does_not_hang_on_the_cloud(native: GatewayNative) -> None:
    recording = one_gateway(preview=True, native=native)
    for kind in (ACCELERATED, FUNCTION, ENVIRONMENT, RULE, HTTPS):
        assert recording.get(kind).name.startswith("agent-gateway-")
    assert recording.get(ACCELERATED).inputs["domainName"] == "chat.example.com"
    assert recording.get(RECORD, "agent-gateway-record").inputs["value"] is UNKNOWN
    assert recording.outputs["domain"] == "chat.example.com"
    assert recording.outputs["issuer"] == "urn:qiao:qiao:dev:agent-gateway:signer"
    assert recording.outputs["cname"] is UNKNOWN


def test_every_child_names_the_provider_and_the_gateway() -> None:
    recording = one_gateway(native=ON_PLAN)
    parent = recording.get("qiao:tencentcloud:Gateway")
    for kind in (ZONE, OWNERSHIP, ACCELERATED, FUNCTION, ENVIRONMENT, RULE, HTTPS, RECORD):
        for found in recording.of_type(kind):
            assert found.parent == parent.urn
            assert kind == OWNERSHIP or "explicit" in found.provider
    assert set(parent.outputs) == set(Gateway.OUTPUTS)
    assert parent.outputs["gateway_id"] == recording.get(FUNCTION).outputs["functionId"]


def test_a_second_gateway_of_an_application_meets_the_first_nowhere() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        for name in ("agent-gateway", "agent-admin"):
            Gateway(name, GatewayArgs(scope=scope, routes=[CHAT], domain=DOMAIN, native=ON_ZONE), opts)

    recording = recorded(build, answers=ANSWERS)
    assert len({found.inputs["name"] for found in recording.of_type(FUNCTION)}) == 2


def test_arguments_of_functions_stay_what_they_are() -> None:
    """The variables of a signer fit a function's environment."""

    def build(scope: Scope, opts: Opts) -> None:
        given = Gateway.declare_signer(own(scope, opts, "chat"), DOMAIN, ON_ZONE)
        assert given is not None
        args = FunctionArgs(scope=scope, image="a.example.com/b/c:1", env=given.env(), secret_env=given.secret_env())
        assert "ORIGIN_SECRET" not in args.env

    recorded(build, answers=ANSWERS)
