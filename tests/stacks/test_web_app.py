"""The web application: one function a stage, reached by its own address or through a gateway, told what it needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components import tokens
from components.errors import UserError
from qiao.plan.recording import UNKNOWN, reveal
from qiao.plan.wire import Secret
from tests.stacks.chat_support import waits_for
from tests.stacks.support import all_in_clear, run
from tests.stacks.web_app_support import (
    DOMAIN,
    Bench,
    CloudWords,
    environment,
    every_cloud,
    function,
    own_addresses,
    web,
)

STAGES = ("prod", "testing", "dev", "feature-x", "hotfix-x")
every_stage = pytest.mark.parametrize("stage", STAGES)
GATEWAY: dict[str, Any] = {"access": "gateway", "domain": DOMAIN}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


# One function a stage


@every_cloud
@every_stage
def test_each_stage_has_a_function_of_its_own_named_after_project_stage_and_application(
    words: CloudWords, stage: str, bench: Bench
) -> None:
    recording = bench.run(words, stage=stage)
    assert function(recording, words).inputs[words.name] == f"qiao-{stage}-web"
    outputs = recording.outputs["web"]
    assert outputs["function_name"] == f"qiao-{stage}-web"
    assert (outputs["blueprint"], outputs["cloud"], outputs["region"]) == ("web-app", words.cloud, words.region)
    assert any(resource.protect for resource in recording.resources) == (stage == "prod")


@every_cloud
def test_a_gateway_names_the_function_alike(words: CloudWords, bench: Bench) -> None:
    recording = bench.run(words, **GATEWAY)
    assert function(recording, words).inputs[words.name] == "qiao-dev-web"


@every_cloud
@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_code_is_an_object_under_its_hash_and_another_code_another(
    words: CloudWords, stage: str, bench: Bench
) -> None:
    first = bench.run(words, stage=stage)
    archive = first.get(words.archive)
    assert str(archive.inputs[words.archive_key]).startswith(f"qiao-{stage}-web-")
    assert waits_for(first, function(first, words), archive)
    assert bench.run(words, stage=stage).get(words.archive).inputs == archive.inputs
    (bench.folder / "app" / "server.js").write_text("// another")
    assert (
        bench.run(words, stage=stage).get(words.archive).inputs[words.archive_key] != archive.inputs[words.archive_key]
    )


# How it is reached


@every_cloud
@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_everybody_calls_the_alias_by_an_address_of_its_own(words: CloudWords, stage: str, bench: Bench) -> None:
    recording = bench.run(words, stage=stage)
    (address,) = own_addresses(recording, words)
    alias = recording.get(words.alias)
    assert words.open_address(address.inputs) == (True, True)
    assert words.address_names(address.inputs) == (f"qiao-{stage}-web", "live")
    assert alias.inputs[words.alias_name] == "live"
    assert waits_for(recording, address, alias), "before it there is nothing to call"
    assert recording.outputs["web"]["url"] == words.url(address)
    assert not recording.of_type(f"qiao:{words.cloud}:Gateway")
    assert {"gateway_id", "cname", "issuer"}.isdisjoint(recording.outputs["web"])


@every_cloud
@pytest.mark.parametrize(("auth", "unchecked"), [("app", True), ("cloud", False)])
def test_its_own_address_checks_signatures_where_it_is_to(
    words: CloudWords, auth: str, unchecked: bool, bench: Bench
) -> None:
    (address,) = own_addresses(bench.run(words, auth=auth, reason=None), words)
    assert words.open_address(address.inputs) == (unchecked, True)


@every_cloud
@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_behind_a_gateway_the_domain_is_its_address(words: CloudWords, stage: str, bench: Bench) -> None:
    recording = bench.run(words, stage=stage, **GATEWAY)
    assert recording.outputs["web"]["url"] == "https://www.example.com"
    assert recording.get(words.door).inputs[words.door_name] == "www.example.com"
    assert recording.outputs["web"]["gateway_id"]
    assert recording.outputs["web"]["cname"]
    # A second door would be one that nobody asked for.
    assert bool(own_addresses(recording, words)) == words.gateway_needs_address
    lines = recording.outputs["checklist"]
    assert "www.example.com: file it (ICP) with the cloud before it serves mainland China" in lines


@every_cloud
def test_a_gateway_that_calls_signed_requests_on_gets_a_function_that_checks_them(
    words: CloudWords, bench: Bench
) -> None:
    if not words.gateway_needs_address:
        with pytest.raises(UserError, match=r"apps\.web\.auth: cloud is not supported"):
            bench.run(words, access="gateway", auth="cloud", reason=None)
        return
    (address,) = own_addresses(bench.run(words, access="gateway", auth="cloud", reason=None), words)
    assert words.open_address(address.inputs) == (False, True)


@every_cloud
@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_who_has_a_token_of_the_stacks_key_is_let_through(words: CloudWords, stage: str, bench: Bench) -> None:
    recording = bench.run(words, stage=stage, auth="jwt", reason=None, checks_tokens=True, **GATEWAY)
    outputs, keys = recording.outputs["web"], recording.outputs["application_secrets"]["web"]
    assert isinstance(keys["signing_key"], Secret)
    claims = {name: outputs[name] for name in ("issuer", "audience")}
    token = tokens.mint(reveal(keys["signing_key"]), **claims, subject="me", lifetime_seconds=60)
    given = environment(recording, words)
    if words.signs_for_applications:
        assert (given["JWT_ALG"], given["JWT_ISSUER"], given["JWT_AUDIENCE"]) == ("RS256", *claims.values())
        assert tokens.verify(token, reveal(given["JWT_JWKS"]), **claims)["sub"] == "me"
        assert recording.of_type("tls:index/privateKey:PrivateKey")[0].name == "web-signing-key"
    else:
        assert set(given) == {"PORT"}, "the gateway checks alone"
    leaks = [where for where, text in all_in_clear(recording) if "PRIVATE KEY" in text]
    assert leaks == []


@every_cloud
def test_an_application_that_checks_no_tokens_is_told_nothing_of_them(words: CloudWords, bench: Bench) -> None:
    if words.signs_for_applications:
        with pytest.raises(UserError, match=r"apps\.web\.auth: jwt is not supported"):
            bench.run(words, access="gateway", auth="jwt", reason=None)
        return
    recording = bench.run(words, access="gateway", auth="jwt", reason=None)
    assert set(environment(recording, words)) == {"PORT"}


# What it is told, and what it is given


@every_cloud
@pytest.mark.parametrize("port", [None, 9000])
def test_its_port_is_told(words: CloudWords, port: int | None, bench: Bench) -> None:
    assert environment(bench.run(words, port=port), words)["PORT"] == "9000"


@every_cloud
@pytest.mark.parametrize("preview", [False, True])
def test_its_variables_arrive_and_secret_ones_stay_secret(words: CloudWords, preview: bool, bench: Bench) -> None:
    recording = bench.run(words, preview=preview, env={"LOG_LEVEL": "info"}, secret_env={"API_KEY": None})
    given = environment(recording, words)
    assert given["LOG_LEVEL"] == "info"
    assert isinstance(given["API_KEY"], Secret)
    assert set(given) == {"PORT", "LOG_LEVEL", "API_KEY"}
    line = "set a secret: pulumi config set --secret --path 'qiao:apps.web.secret_env.API_KEY'"
    assert line in recording.outputs["checklist"]


@every_cloud
def test_sizes_are_as_settings_say(words: CloudWords, bench: Bench) -> None:
    inputs = function(bench.run(words, memory_mb=512, timeout_seconds=200), words).inputs
    assert (inputs[words.memory], inputs[words.timeout]) == (512, 200)


@every_cloud
def test_it_joins_the_network_only_where_it_is_to(words: CloudWords, bench: Bench) -> None:
    outside, inside = bench.run(words), bench.run(words, private_network=True)
    assert words.network(function(outside, words).inputs) is None
    vpc = words.network(function(inside, words).inputs)
    assert vpc is not None
    assert vpc == inside.outputs["foundation"][words.cloud][words.region]["network"]["vpc_id"]


@every_cloud
def test_another_application_is_told_where_it_is(words: CloudWords, bench: Bench) -> None:
    caller = web(words, links=["web"], code={"path": "app"})
    recording = bench.run(words, others={"caller": caller})
    told = recording.get(words.function, "caller-function").inputs[words.environment]
    assert told["WEB_URL"] == recording.outputs["web"]["url"]
    assert not [key for key in told if key.endswith(("_TOKEN", "_GATEWAY_ID"))]


@every_cloud
def test_another_application_gets_a_token_where_one_is_needed(words: CloudWords, bench: Bench) -> None:
    caller = web(words, links=["web"])
    recording = bench.run(
        words, access="gateway", auth="jwt", reason=None, checks_tokens=True, others={"caller": caller}
    )
    told = recording.get(words.function, "caller-function").inputs[words.environment]
    assert told["WEB_URL"] == recording.outputs["web"]["url"]
    assert isinstance(told["WEB_TOKEN"], Secret)
    (token,) = recording.of_type("pulumi-python:dynamic/qiao:ServiceToken")
    assert token.inputs["audience"] == recording.outputs["web"]["audience"]


@every_cloud
def test_alarms_watch_it_where_there_is_somebody_to_tell(words: CloudWords, bench: Bench) -> None:
    ann = {"contacts": [{"name": "ann", "email": "ann@example.com", "phone": "13800000000"}]}
    assert not bench.run(words).of_type(f"qiao:{words.cloud}:Alerts")
    recording = bench.run(words, region=ann)
    assert recording.get(f"qiao:{words.cloud}:Alerts").name == "web-alerts"
    assert "ann: confirm the address ann@example.com in the mail that the cloud sends" in recording.outputs["checklist"]


# Image


@every_cloud
def test_an_image_that_is_not_there_yet_is_waited_for(words: CloudWords, bench: Bench) -> None:
    bench.clear()
    recording = bench.run(words, code=None, image={"name": "web", "tag": "1.0.0"}, enabled=False)
    assert not recording.of_type(words.function)
    outputs = recording.outputs["web"]
    assert outputs["enabled"] is False
    assert outputs["push"] == f"docker push {outputs['push_target']}/web:1.0.0"


# What it says


@every_cloud
@pytest.mark.parametrize(
    ("release", "traffic"),
    [(None, 1), ({"weight": 100}, 1), ({"revision": 3}, 0), ({"weight": 100, "force": True}, 1)],
)
def test_its_outputs_say_which_versions_there_are_and_what_the_last_one_gets(
    words: CloudWords, release: dict[str, Any] | None, traffic: float, bench: Bench
) -> None:
    recording = bench.run(words, release=release)
    outputs, history = recording.outputs["web"], recording.get(f"{words.gap}ReleaseHistory")
    assert outputs["traffic"] == traffic
    assert outputs["last_version"] == reveal(history.inputs["version_id"])
    assert outputs["version"] == history.outputs["stable_version"]
    assert set(outputs) == {
        "blueprint", "cloud", "region", "url", "function_id", "function_name", "version", "last_version", "traffic",
    }  # fmt: skip


@every_cloud
@pytest.mark.parametrize("settings", [{}, GATEWAY], ids=["url", "gateway"])
def test_a_preview_asks_for_the_same_with_nothing_known(
    words: CloudWords, settings: dict[str, Any], bench: Bench
) -> None:
    known, unknown = bench.run(words, **settings), bench.run(words, preview=True, **settings)
    assert [r.urn for r in unknown.resources] == [r.urn for r in known.resources]
    outputs = unknown.outputs["web"]
    assert outputs["last_version"] is UNKNOWN
    assert outputs["traffic"] == 1


# A cloud whose functions have no address of their own


ELSEWHERE: dict[str, Any] = {
    "blueprint": "web-app", "cloud": "volcengine", "region": "cn-beijing", "code": {"path": "app"},
    "auth": "public", "reason": "pages", "runtime": "native-node20/v1",
}  # fmt: skip


def test_where_functions_have_no_address_the_gateway_is_the_way(bench: Bench) -> None:
    with pytest.raises(UserError) as caught:
        run({"web": ELSEWHERE}, project_dir=bench.folder)
    assert str(caught.value) == "apps.web.access: is not supported on volcengine; put a Gateway before it"
    recording = run({"web": ELSEWHERE | {"access": "gateway"}}, project_dir=bench.folder)
    made = recording.get("volcengine:vefaas/function:Function", "web-function")
    assert (made.inputs["name"], made.inputs["port"], made.inputs["command"]) == ("qiao-dev-web", 9000, "./run.sh")
    assert {"key": "PORT", "value": "9000"} in made.inputs["envs"]
    route = recording.get("volcengine:apig/apigRoute:ApigRoute")
    assert route.name == "web-gateway-route-site"
    assert recording.outputs["web"]["url"].startswith("https://")


def test_what_starts_it_and_what_keeps_it_warm(bench: Bench) -> None:
    app = ELSEWHERE | {"access": "gateway", "command": "node server.js", "kind": "microservice", "port": 8080}
    made = run({"web": app}, project_dir=bench.folder).get("volcengine:vefaas/function:Function", "web-function")
    assert (made.inputs["command"], made.inputs["port"], made.inputs["cpuStrategy"]) == (
        "node server.js",
        8080,
        "always",
    )
    assert {"key": "PORT", "value": "8080"} in made.inputs["envs"]
    assert made.inputs["runtime"] == "native-node20/v1"


def test_an_image_runs_by_its_own_command(bench: Bench) -> None:
    app = {key: value for key, value in ELSEWHERE.items() if key not in ("code", "runtime")}
    image = "cr.example.com/team/web:1.0.0"
    recording = run({"web": app | {"access": "gateway", "image": image}}, project_dir=bench.folder)
    made = recording.get("volcengine:vefaas/function:Function", "web-function")
    assert (made.inputs["source"], made.inputs["sourceType"]) == (image, "image")
    assert made.inputs.get("command") is None
    assert recording.outputs["web"]["image"] == image
    assert recording.outputs["web"]["push_target"]
