"""A model server's doors: the network or a token, never an open one; what its settings refuse; what it tells others."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components import tokens
from components.errors import UserError
from qiao.plan.recording import UNKNOWN, Recording, reveal
from qiao.plan.wire import Secret
from tests.stacks.chat_support import waits_for
from tests.stacks.model_support import (
    ALIAS,
    GAP,
    GATEWAY,
    ROUTE,
    SERVICE,
    function,
    gap,
    gateway,
    get,
    guarded,
    guide,
    server,
    shared,
)
from tests.stacks.support import all_in_clear, run

STAGES = ["dev", "prod"]
every_stage = pytest.mark.parametrize("stage", STAGES)
known_or_not = pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])


# Behind a gateway


@known_or_not
@every_stage
def test_behind_a_gateway_it_has_no_address_of_its_own(stage: str, preview: bool) -> None:
    """A second door would be one past the check of tokens; a binding to the network would shut the gateway out."""
    recording = guarded(stage, preview=preview)
    assert not recording.of_type("alicloud:fc/v3Trigger:V3Trigger")
    assert not recording.of_type("alicloud:fc/v3VpcBinding:V3VpcBinding")


@known_or_not
@every_stage
def test_everything_of_it_is_behind_one_route_that_checks_tokens(stage: str, preview: bool) -> None:
    recording = guarded(stage, preview=preview)
    (route,) = recording.of_type("alicloud:apig/route:Route")
    assert route.inputs["match"] == {"path": {"type": "Prefix", "value": "/"}}
    check = get(recording, "apig/policy:Policy", "models-gateway-policy-models-jwt")
    assert check.inputs["policyClassName"] == "Authentication"
    assert json.loads(check.inputs["policyConfig"])["enable"] is True
    assert check.inputs["attachResourceType"] == "GatewayRoute"


@every_stage
def test_the_route_is_published_when_its_check_stands_and_granted_after(stage: str) -> None:
    recording = guarded(stage)
    check = get(recording, "apig/policy:Policy", "models-gateway-policy-models-jwt")
    published = gap(recording, "RouteDeployment", "models-gateway-deployment-models")
    grant = gap(recording, "ConsumerGrant", "models-gateway-grant-models")
    assert check.inputs["attachResourceIds"] == [get(recording, *ROUTE).outputs["routeId"]]
    assert check.urn in published.depends_on
    assert gap(recording, "Consumer", "models-gateway-consumer").urn in published.depends_on
    assert published.urn in grant.depends_on
    assert waits_for(
        recording, published, gap(recording, "ServiceReady", "models-gateway-service-ready-models-function")
    )


@every_stage
def test_it_leads_to_what_is_live_and_waits_as_long_as_the_function(stage: str) -> None:
    recording = guarded(stage)
    service = get(recording, *SERVICE)
    assert service.inputs["qualifier"] == "live"
    assert service.inputs["serviceName"] == function(recording).inputs["functionName"]
    assert waits_for(recording, service, get(recording, *ALIAS))
    waits = get(recording, "apig/policy:Policy", "models-gateway-policy-models-timeout")
    assert json.loads(waits.inputs["policyConfig"])["unitNum"] == function(recording).inputs["timeout"] == 600


def test_policies_reach_its_route() -> None:
    policies = {"rate_limit": 7, "timeout_seconds": 900, "response_headers": {"X-Model": "mine"}}
    recording = run({"models": gateway(policies=policies)}, shared())
    configs = {
        policy.name.removeprefix("models-gateway-policy-models-"): json.loads(policy.inputs["policyConfig"])
        for policy in recording.of_type("alicloud:apig/policy:Policy")
    }
    assert set(configs) == {"jwt", "rate-limit", "timeout", "headers"}
    assert configs["rate-limit"]["limit"] == 7
    assert configs["timeout"]["unitNum"] == 900
    assert configs["headers"]["headerOpItems"][0]["value"] == "mine"


@every_stage
def test_a_token_of_the_key_that_is_put_out_passes_the_gateway_s_check(stage: str) -> None:
    recording = guarded(stage)
    told, key = recording.outputs["models"], recording.outputs["application_secrets"]["models"]["signing_key"]
    assert isinstance(key, Secret)
    consumer = gap(recording, "Consumer", "models-gateway-consumer")
    token = tokens.mint(
        reveal(key), issuer=told["issuer"], audience=told["audience"], subject="me", lifetime_seconds=60
    )
    claims = tokens.verify(token, consumer.inputs["jwks"], issuer=told["issuer"], audience=told["audience"])
    assert claims["sub"] == "me"
    assert (consumer.inputs["payload_key"], consumer.inputs["payload_value"]) == ("iss", told["issuer"])
    assert [where for where, text in all_in_clear(recording) if "PRIVATE KEY" in text] == []


def test_its_address_is_its_domain_or_the_gateway_s_own() -> None:
    told = guarded("prod").outputs["models"]
    assert told["url"] == "https://models.example.com"
    entry = gap(guarded("prod"), "GatewayAddress", "models-gateway-address").outputs["address"]
    assert told["cname"] == entry
    record = get(guarded("prod"), "dns/alidnsRecord:AlidnsRecord", "models-gateway-record")
    assert (record.inputs["rr"], record.inputs["domainName"], record.inputs["value"]) == (
        "models",
        "example.com",
        entry,
    )
    bare = run({"models": server(access="gateway")}, shared())
    address = gap(bare, "GatewayAddress", "models-gateway-address").outputs["address"]
    assert bare.outputs["models"]["url"] == f"http://{address}"
    assert "cname" not in bare.outputs["models"]
    assert get(guarded("prod"), *GATEWAY).protect


def test_a_domain_whose_zone_is_elsewhere_is_a_line_for_a_person() -> None:
    domain = {"name": "models.example.com", "certificate_id": "1234567"}
    recording = run({"models": server(access="gateway", domain=domain)}, shared())
    entry = gap(recording, "GatewayAddress", "models-gateway-address").outputs["address"]
    lines = [str(line) for line in recording.outputs["checklist"] if "models.example.com" in str(line)]
    assert any("CNAME" in line and entry in line for line in lines)
    assert any("ICP" in line for line in lines)


# What it tells


def test_outputs_are_all_that_there_is_to_know() -> None:
    told = guide().outputs["models"]
    assert told["models"] == ["llama3.1:8b"]
    assert told["image"] == "registry.example.com/team/ollama:0.9.6"
    assert told["file_system_id"] == get(guide(), "nas/fileSystem:FileSystem", "models-files-files").id
    history = guide().get(f"{GAP}ReleaseHistory", "models-function-history")
    assert told["version"] == history.outputs["stable_version"]
    assert told["function_id"] == function(guide()).inputs["functionName"]
    assert set(told) == {
        "blueprint", "cloud", "region", "url", "models", "function_id", "version", "image", "push_target",
        "file_system_id",
    }  # fmt: skip
    unknown = guarded(preview=True).outputs["models"]
    assert [unknown[key] for key in ("url", "gateway_id", "version")] == [UNKNOWN] * 3


def test_alarms_watch_it_where_there_is_somebody_to_tell() -> None:
    assert not guide().of_type("alicloud:cms/alarm:Alarm")
    region = shared(
        contacts=[{"name": "ann", "email": "ann@example.com"}],
        alerts={"rules": [{"name": "errors", "metric": "FunctionFunctionErrors", "threshold": 0}]},
    )
    recording = run({"models": server()}, region)
    alarm = recording.get("alicloud:cms/alarm:Alarm")
    assert function(recording).inputs["functionName"] in str(alarm.inputs["metricDimensions"])


def test_a_release_is_walked_as_any_function_s() -> None:
    recording = run({"models": server(release={"weight": 10})}, shared())
    history = gap(recording, "ReleaseHistory", "models-function-history")
    assert (history.inputs["weight"], history.inputs["force"]) == (10, False)
    back = gap(run({"models": server(release={"revision": 3})}, shared()), "ReleaseHistory", "models-function-history")
    assert back.inputs["revision"] == 3


def test_one_whose_image_is_not_there_yet_says_how_to_push_it() -> None:
    waiting = server(enabled=False, image={"name": "ollama", "tag": "0.9.6"})
    recording = run({"models": waiting}, shared())
    assert not recording.of_type("alicloud:fc/v3Function:V3Function")
    assert not recording.of_type("alicloud:nas/fileSystem:FileSystem")
    assert recording.outputs["models"]["push"].endswith("/ollama:0.9.6")


# What is refused


def refused(**settings: Any) -> str:
    """The message about a model server's settings."""
    with pytest.raises(UserError) as caught:
        run({"models": server(**settings)}, shared())
    return str(caught.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"access": "gateway", "policies": {"timeout_seconds": 599}},
            "apps.models.policies.timeout_seconds: 599 is out of range; use 600 to 86400 seconds: never shorter than "
            "its function",
        ),
        (
            {"access": "gateway", "policies": {"request_headers": {"X-A": "a\nb"}}},
            "apps.models.policies.request_headers.X-A: 'a\\nb' is not valid; use one line of at most 512 plain "
            "characters",
        ),
        (
            {"policies": {"rate_limit": 1}},
            "apps.models.policies: there is no gateway; set access: gateway, or leave it out",
        ),
        (
            {"files": {"directory": "/ollama"}},
            "apps.models.files.directory: a new file system has no folders; leave it out",
        ),
        ({"gpu": {"model": "h100"}}, "apps.models.gpu.model: 'h100' is unknown; use one of a10, t4"),
        (
            {"files": {"path": "/usr"}},
            "apps.models.files.path: /usr hides a system folder; use a folder such as /mnt/data",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_names_its_setting(settings: dict[str, Any], message: str) -> None:
    assert refused(**settings) == message


def test_in_prod_tokens_never_cross_the_internet_in_clear() -> None:
    with pytest.raises(
        UserError, match=r"apps.models.domain: without one, tokens and sessions would cross the internet"
    ):
        run({"models": server(access="gateway")}, shared(), stage="prod")
    inside = server(access="gateway", native={"gateway": {"network_access": "Intranet"}})
    recording = run({"models": inside}, shared(), stage="prod")
    assert get(recording, *GATEWAY).inputs["networkAccessConfig"] == {"type": "Intranet"}


def test_a_cloud_without_file_systems_says_so_first() -> None:
    there = server(cloud="volcengine", region="cn-beijing")
    clouds = {"volcengine": {"cn-beijing": {"zones": ["cn-beijing-a", "cn-beijing-b"]}}}
    with pytest.raises(UserError) as caught:
        run({"models": there}, clouds)
    assert str(caught.value) == "apps.models.files: is not supported on volcengine; keep files in a bucket"


@every_stage
def test_no_way_in_is_open_to_everybody(stage: str) -> None:
    """Whatever its settings: an address of its own is inside the network, and every route checks."""
    for recording in (guide(stage), guarded(stage)):
        assert opened(recording) == []


def opened(recording: Recording) -> list[str]:
    """Names of doors that let in anybody: addresses on the internet, routes without a check before they open."""
    found = []
    for trigger in recording.of_type("alicloud:fc/v3Trigger:V3Trigger"):
        config = json.loads(trigger.inputs["triggerConfig"])
        bound = any(
            binding.urn in trigger.depends_on for binding in recording.of_type("alicloud:fc/v3VpcBinding:V3VpcBinding")
        )
        if not config["disableURLInternet"] or (config["authType"] == "anonymous" and not bound):
            found.append(trigger.name)
    checks = [
        p for p in recording.of_type("alicloud:apig/policy:Policy") if p.inputs["policyClassName"] == "Authentication"
    ]
    for published in recording.of_type(f"{GAP}RouteDeployment"):
        if not any(check.urn in published.depends_on for check in checks):
            found.append(published.name)
    return found
