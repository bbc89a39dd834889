"""Gateways without EdgeOne: functions' own addresses, and the function service's own domain that leads to them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi
import pytest

from components.errors import UnsupportedError, UserError
from components.function import ExistingFunction, FunctionArgs, FunctionUrl
from components.gateway import Domain, GatewayArgs, Route
from components.scope import Scope
from components.tencentcloud.function import Function
from components.tencentcloud.gateway import Gateway, GatewayNative
from components.tencentcloud.gateway_domain import paths
from qiao.plan.recording import UNKNOWN, Recording, Secret
from tests.components.keys import PRIVATE_KEY, pair
from tests.components.tencentcloud.gateway_support import (
    ACCELERATED,
    ALIAS,
    ANSWERS,
    CERTIFICATE,
    CHAT,
    CUSTOM_DOMAIN,
    DOMAIN,
    ELSEWHERE,
    ENVIRONMENT,
    FUNCTION,
    HOST,
    HOSTS,
    LOGIN,
    RECORD,
    THERE,
    Opts,
    one_gateway,
    own,
    signer,
    table,
    variables,
)
from tests.components.tencentcloud.support import (
    GAP,
    PASSWORD,
    Stage,
    behind,
    probe,
    probed,
    recorded,
    tags_of,
    waits_for,
)

SCF, ALIAS_OF_OURS = "tencentcloud:Scf/function:Function", "tencentcloud:Scf/functionAlias:FunctionAlias"
ALONE = GatewayNative(hosts=HOSTS)
BOTH = GatewayNative(hosts={"chat": HOST, "login": HOST})


def addresses(*routes: Route, **fields: Any) -> Recording:
    """A gateway without EdgeOne and without a domain."""
    return one_gateway(*routes, **{"domain": None, "native": ALONE, "signed": False, **fields})


def led(*routes: Route, **fields: Any) -> Recording:
    """A gateway without EdgeOne, by the function service's own domain."""
    return one_gateway(*routes, **{"native": ALONE, "signed": False, **fields})


# ---- functions' own addresses


def test_without_a_domain_nothing_stands_in_front() -> None:
    recording = addresses()
    assert [
        resource.type
        for resource in recording.resources
        if resource.custom and resource.parent.endswith("agent-gateway")
    ] == []
    outputs = recording.outputs
    assert outputs["url"] == f"https://{HOST}"
    assert outputs["urls"] == {"chat": f"https://{HOST}/chat"}
    assert outputs["gateway_id"] == "default+chat"
    assert "domain" not in outputs
    assert "cname" not in outputs


def test_each_route_has_its_own_functions_address() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        routes = [
            Route(name="chat", path="/chat", function=own(scope, opts, "agent-chat")),
            Route(name="kb", path="/kb", function=own(scope, opts, "agent-kb"), auth="app"),
        ]
        gateway = Gateway("agent-gateway", GatewayArgs(scope=scope, routes=routes, signer=signer(origin=False)), opts)
        for name in ("chat", "kb"):
            probe(name, gateway.urls[name])
        probe("url", gateway.url)

    recording = recorded(build, answers=ANSWERS)
    for name, path in (("chat", "/chat"), ("kb", "/kb"), ("url", "")):
        function = "agent-chat-alias" if name == "url" else f"agent-{name}-alias"
        host = f"https://{recording.get(ALIAS, function).outputs['result']}.ap-guangzhou.tencentscf.com"
        assert probed(recording, name) == (host + path, {function})


def test_applications_that_check_tokens_are_called_without_anybody_in_front() -> None:
    recording = addresses()
    outputs = recording.outputs
    assert outputs["issuer"] == "urn:qiao:qiao:dev:chat:signer"
    assert outputs["signing_key"] == Secret(pair("stack")[0])
    # No key of its own: applications would check another one.
    assert recording.of_type(PRIVATE_KEY) == []


@pytest.mark.parametrize("domain", [None, ELSEWHERE])
def test_who_does_not_check_tokens_is_not_opened_to_the_world(domain: Domain | None) -> None:
    with pytest.raises(UnsupportedError, match=r"routes\[chat\]\.auth=jwt: not supported on tencentcloud") as error:
        one_gateway(domain=domain, native=ALONE)
    for way in ("native.plan_id or zone_id", "GatewayArgs.signer", "auth cloud"):
        assert way in error.value.instead


def test_without_tokens_there_is_nothing_to_check() -> None:
    recording = addresses(LOGIN, native=GatewayNative(hosts={"login": HOST}), signed=None)
    assert recording.outputs["urls"] == {"login": f"https://{HOST}/login"}
    assert recording.of_type(PRIVATE_KEY) == []


def test_signed_requests_are_the_functions_own_affair() -> None:
    def build(scope: Scope, opts: Opts, auth: str, url: str) -> None:
        route = Route(name="chat", path="/", function=own(scope, opts, "agent-chat", auth=url), auth=auth, reason="x")  # type: ignore[arg-type]
        Gateway("agent-gateway", GatewayArgs(scope=scope, routes=[route], signer=signer(origin=False)), opts)

    recorded(lambda scope, opts: build(scope, opts, "cloud", "cloud"), answers=ANSWERS)
    for auth, url in (("cloud", "app"), ("cloud", "public"), ("jwt", "cloud"), ("app", "cloud"), ("public", "cloud")):
        with pytest.raises(UserError, match=r"routes\[chat\]\.function: its own address has the auth"):
            recorded(lambda scope, opts, auth=auth, url=url: build(scope, opts, auth, url), answers=ANSWERS)  # type: ignore[misc]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("allow_cidrs", ["10.0.0.0/8"]), ("request_headers", {"X-A": "b"}), ("response_headers", {"X-A": None}),
        ("strip_prefix", True),
    ],
)  # fmt: skip
@pytest.mark.parametrize("domain", [None, DOMAIN])
def test_what_only_edgeone_can_do_is_refused(domain: Domain | None, field: str, value: Any) -> None:
    with pytest.raises(UnsupportedError, match=rf"routes\[chat\]\.{field}: not supported on tencentcloud"):
        one_gateway(replace(CHAT, **{field: value}), domain=domain, native=ALONE, signed=False)


@pytest.mark.parametrize("domain", [None, DOMAIN])
def test_a_long_answer_is_no_affair_of_a_gateway_that_only_leads(domain: Domain | None) -> None:
    long = replace(CHAT, function=ExistingFunction(id="default+f", name="f", timeout_seconds=900))
    assert one_gateway(long, domain=domain, native=ALONE, signed=False).outputs["url"].startswith("https://")


@pytest.mark.parametrize(
    ("native", "message"),
    [
        (
            GatewayNative(token_issuer="i", token_audience="a", token_jwks="{}", hosts=HOSTS),
            "only EdgeOne checks such tokens",
        ),
        (GatewayNative(access_log=True, hosts=HOSTS), "only EdgeOne has one"),
    ],
)
@pytest.mark.parametrize("domain", [None, DOMAIN])
def test_extras_of_edgeone_need_edgeone(native: GatewayNative, message: str, domain: Domain | None) -> None:
    with pytest.raises(UserError, match=message):
        one_gateway(LOGIN, domain=domain, native=native)


# ---- the function service's own domain


def test_a_domain_leads_paths_to_functions() -> None:
    recording = led(CHAT, LOGIN, native=BOTH)
    domain = recording.get(CUSTOM_DOMAIN, "agent-gateway-domain")
    usual = {"functionName": "chat-there", "namespace": "default", "qualifier": "$DEFAULT"}
    assert domain.inputs == {
        "domain": "chat.example.com", "protocol": "HTTPS", "certConfig": {"certificateId": "cert-1"},
        "wafConfig": {"wafOpen": "CLOSE"},
        "endpointsConfigs": [
            {**usual, "pathMatch": path} for path in ("/login", "/login/*", "/chat", "/chat/*")
        ],
    }  # fmt: skip
    for kind in (ACCELERATED, FUNCTION, ENVIRONMENT, PASSWORD):
        assert recording.of_type(kind) == []


def test_another_name_replaces_it_since_the_provider_refuses_the_change() -> None:
    domain = led().get(CUSTOM_DOMAIN)
    assert set(domain.replace_on_changes) == {"domain"}


@pytest.mark.parametrize(
    ("path", "match", "expected"),
    [
        ("/chat", "prefix", ["/chat", "/chat/*"]), ("/chat/", "prefix", ["/chat", "/chat/*"]), ("/", "prefix", ["/*"]),
        ("/chat", "exact", ["/chat"]), ("/", "exact", ["/"]), ("/a/b", "exact", ["/a/b"]),
    ],
)  # fmt: skip
def test_paths_in_the_services_words(path: str, match: Any, expected: list[str]) -> None:
    assert paths(Route(name="a", path=path, match=match, function=THERE)) == expected


def test_the_most_particular_path_comes_first() -> None:
    routes = [
        Route(name="site", path="/", function=THERE, auth="app"),
        Route(name="api", path="/api", function=THERE, auth="app"),
        Route(name="health", path="/api/health", function=THERE, auth="public", reason="health", match="exact"),
    ]
    recording = led(*routes, native=GatewayNative(hosts={route.name: HOST for route in routes}), signed=None)
    given = [one["pathMatch"] for one in recording.get(CUSTOM_DOMAIN).inputs["endpointsConfigs"]]
    assert given == ["/api/health", "/api", "/api/*", "/*"]


def test_a_function_of_ours_is_led_to_by_its_alias_once_it_is_released() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        route = Route(name="chat", path="/", function=own(scope, opts, "agent-chat"))
        args = GatewayArgs(scope=scope, routes=[route], domain=DOMAIN, signer=signer(origin=False))
        gateway = Gateway("agent-gateway", args, opts)
        probe("url", gateway.url)

    recording = recorded(build, answers=ANSWERS)
    domain = recording.get(CUSTOM_DOMAIN)
    assert domain.inputs["endpointsConfigs"] == [
        {"functionName": "qiao-agent-chat", "namespace": "default", "qualifier": "live", "pathMatch": "/*"}
    ]
    assert waits_for(domain) >= {"agent-chat-alias", "agent-gateway-record"}
    value, gates = probed(recording, "url")
    assert (value, gates) == ("https://chat.example.com", {"agent-gateway-domain"})


def test_functions_behind_a_domain_need_no_address_of_their_own_but_the_one_that_the_record_names() -> None:
    def build(scope: Scope, opts: Opts, native: GatewayNative, *, first: str | None) -> None:
        routes = [
            Route(name="chat", path="/", function=own(scope, opts, "agent-chat", auth=first), auth="app"),
            Route(name="kb", path="/kb", function=own(scope, opts, "agent-kb", auth=None), auth="app"),
        ]
        Gateway("agent-gateway", GatewayArgs(scope=scope, routes=routes, domain=DOMAIN, native=native), opts)

    named = GatewayNative(cname="scf.example.com")
    recording = recorded(lambda scope, opts: build(scope, opts, named, first=None), answers=ANSWERS)
    assert recording.get(RECORD).inputs["value"] == "scf.example.com"
    functions = [one["functionName"] for one in recording.get(CUSTOM_DOMAIN).inputs["endpointsConfigs"]]
    assert functions == ["qiao-agent-kb", "qiao-agent-kb", "qiao-agent-chat"]
    # Who signs requests does so for the address, not for the domain.
    recorded(lambda scope, opts: build(scope, opts, GatewayNative(), first="cloud"), answers=ANSWERS)
    with pytest.raises(UserError, match=r"routes\[chat\]\.function: its own address is not known"):
        recorded(lambda scope, opts: build(scope, opts, GatewayNative(), first=None), answers=ANSWERS)


def test_an_existing_function_can_be_led_to_by_a_version() -> None:
    native = GatewayNative(hosts=HOSTS, qualifiers={"chat": "3"})
    [one] = led(native=native).get(CUSTOM_DOMAIN).inputs["endpointsConfigs"][:1]
    assert one["qualifier"] == "3"
    unnamed = replace(CHAT, function=ExistingFunction(id="chat-by-id", timeout_seconds=60))
    [one] = led(unnamed).get(CUSTOM_DOMAIN).inputs["endpointsConfigs"][:1]
    assert (one["functionName"], one["qualifier"]) == ("chat-by-id", "$DEFAULT")
    with pytest.raises(UserError, match=r"GatewayNative\.qualifiers: 'other' is unknown"):
        led(native=GatewayNative(hosts=HOSTS, qualifiers={"other": "3"}))


def test_the_record_is_there_before_the_domain_that_the_service_may_look_for() -> None:
    recording = led()
    record = recording.get(RECORD, "agent-gateway-record")
    assert record.inputs == {
        "domain": "example.com", "subDomain": "chat", "recordType": "CNAME", "recordLine": "默认", "ttl": 600,
        "value": HOST, "status": "ENABLE",
    }  # fmt: skip
    assert waits_for(recording.get(CUSTOM_DOMAIN)) == {"agent-gateway-record"}
    assert recording.outputs["cname"] == HOST
    assert recording.outputs["domain"] == "chat.example.com"
    assert recording.outputs["gateway_id"] == recording.get(CUSTOM_DOMAIN).id


def test_where_dns_is_elsewhere_the_output_says_what_to_set() -> None:
    recording = led(domain=ELSEWHERE)
    assert recording.of_type(RECORD) == []
    assert recording.outputs["cname"] == HOST
    named = led(domain=ELSEWHERE, native=GatewayNative(hosts=HOSTS, cname="scf.ap-guangzhou.example.com"))
    assert named.outputs["cname"] == "scf.ap-guangzhou.example.com"


def test_its_certificate_can_be_uploaded() -> None:
    key = pulumi.Output.secret("KEY")
    recording = led(domain=Domain(name="chat.example.com", certificate="CERT", private_key=key))
    uploaded = recording.get(CERTIFICATE)
    assert uploaded.inputs["tags"] == tags_of("agent-gateway")
    assert uploaded.inputs["key"] == Secret("KEY")
    assert recording.get(CUSTOM_DOMAIN).inputs["certConfig"] == {"certificateId": uploaded.id}
    assert behind(recording.get(CUSTOM_DOMAIN), "certConfig") == {"agent-gateway-certificate"}


def test_nobody_but_edgeone_issues_certificates() -> None:
    with pytest.raises(UserError, match="only EdgeOne issues certificates itself"):
        led(domain=replace(DOMAIN, certificate_id="eofreecert"))


def test_signed_requests_do_not_come_through_a_domain() -> None:
    with pytest.raises(UnsupportedError, match=r"routes\[chat\]\.auth=cloud: not supported on tencentcloud; leave the"):
        led(replace(CHAT, auth="cloud"))


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_preview_of_an_empty_stack(stage: Stage) -> None:
    def build(scope: Scope, opts: Opts) -> None:
        route = Route(name="chat", path="/", function=own(scope, opts, "agent-chat"), auth="app")
        for name, domain in (("agent-gateway", DOMAIN), ("agent-plain", None)):
            gateway = Gateway(name, GatewayArgs(scope=scope, routes=[route], domain=domain), opts)
            pulumi.export(name, gateway.url)

    recording = recorded(build, stage, preview=True, answers=ANSWERS)
    assert recording.get(RECORD).inputs["value"] is UNKNOWN
    assert recording.get(CUSTOM_DOMAIN).inputs["domain"] == "chat.example.com"
    assert recording.outputs["agent-plain"] is UNKNOWN


@pytest.mark.parametrize("native", [GatewayNative(), GatewayNative(zone_id="zone-there")])
def test_this_clouds_own_function_is_what_a_gateway_leads_to(native: GatewayNative) -> None:
    """The real component, not what stands for it in other tests."""

    def build(scope: Scope, opts: Opts) -> None:
        given = Gateway.declare_signer(own(scope, opts, "owner"), DOMAIN, native)
        assert given is not None
        args = FunctionArgs(
            scope=scope, image=f"ccr.ccs.tencentyun.com/team/chat@sha256:{'0' * 64}", env=given.env(),
            secret_env=given.secret_env(), url=FunctionUrl(auth="app", internet=True),
        )  # fmt: skip
        route = Route(name="chat", path="/", function=Function("agent-chat", args, opts))
        Gateway(
            "agent-gateway", GatewayArgs(scope=scope, routes=[route], domain=DOMAIN, signer=given, native=native), opts
        )

    recording = recorded(build, answers=ANSWERS)
    host = recording.get(f"{GAP}FunctionUrl").outputs["internet_url"].removeprefix("https://")
    if native.on_edge:
        assert recording.get(ACCELERATED).inputs["originInfo"]["origin"] == host
        assert table(recording)[0]["origin"] == f"https://{host}"
        assert variables(recording)["ORIGIN_SECRET"]
        shown = recording.get(SCF).inputs["environment"]["ORIGIN_SECRET"]
        assert shown == Secret(variables(recording)["ORIGIN_SECRET"])
    else:
        [endpoint] = recording.get(CUSTOM_DOMAIN).inputs["endpointsConfigs"]
        assert endpoint == {
            "functionName": recording.get(SCF).inputs["name"], "namespace": "default", "qualifier": "live",
            "pathMatch": "/*",
        }  # fmt: skip
        assert recording.get(ALIAS_OF_OURS).name in waits_for(recording.get(CUSTOM_DOMAIN))
        assert recording.get(RECORD).inputs["value"] == host
