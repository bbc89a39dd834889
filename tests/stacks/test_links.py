"""Links: what a caller gets of an application whose tokens the stack signs, from where, and where there is no way."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from components import tokens
from components.errors import UserError
from components.service_token import minted
from qiao.plan.recording import UNKNOWN, Recording, Resource, reveal
from qiao.plan.wire import Secret
from tests.stacks.chat_support import waits_for
from tests.stacks.model_support import server
from tests.stacks.support import all_in_clear, app, child, envs, region, run

TOKEN = "pulumi-python:dynamic/qiao:ServiceToken"
ALI, VOLC = "alicloud", "volcengine"
HOME, AWAY = "cn-hangzhou", "cn-shanghai"
IMAGE = "registry.example.com/agents/bot:1.0.0"


def agent(**settings: Any) -> dict[str, Any]:
    """An agent whose tokens the stack signs."""
    base = {"blueprint": "agent", "cloud": ALI, "region": HOME, "image": IMAGE}
    return {key: value for key, value in (base | settings).items() if value is not None}


def clouds(*regions: str, volcengine: bool = False) -> dict[str, Any]:
    """What is shared in some regions of the one cloud, and in the other."""
    there = {name: {"zones": [f"{name}-h", f"{name}-k"]} for name in regions or (HOME,)}
    return {ALI: there} | (region() if volcengine else {})


@cache
def linked(stage: str = "dev", *, preview: bool = False) -> Recording:
    """Two callers of one application that checks tokens."""
    domains = {
        name: {"name": f"{name}.example.com", "certificate_id": "1"} for name in ("deep-search", "front", "back")
    }
    apps = {
        "front": agent(links=["deep-search"], domain=domains["front"]),
        "back": agent(links=["deep-search"], domain=domains["back"]),
        "deep-search": agent(domain=domains["deep-search"]),
    }
    return run(apps, clouds(), stage=stage, preview=preview)


def function(recording: Recording, app_name: str) -> Resource:
    return recording.get("alicloud:fc/v3Function:V3Function", f"{app_name}-function-function")


def variables(recording: Recording, app_name: str) -> dict[str, Any]:
    return dict(function(recording, app_name).inputs.get("environmentVariables") or {})


def refused(apps: dict[str, Any], shared: dict[str, Any]) -> str:
    with pytest.raises(UserError) as caught:
        run(apps, shared)
    return str(caught.value)


# Tokens


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize("caller", ["front", "back"])
def test_each_caller_gets_the_address_and_a_token_of_its_own(caller: str, stage: str) -> None:
    recording, given = linked(stage), variables(linked(stage), caller)
    told, token = recording.outputs["deep-search"], recording.get(TOKEN, f"{caller}-token-deep-search")
    assert given["DEEP_SEARCH_URL"] == told["chat_url"]
    assert given["DEEP_SEARCH_TOKEN"] == Secret(reveal(token.outputs["token"]))
    assert "DEEP_SEARCH_GATEWAY_ID" not in given, "no API is asked for a token"
    assert (token.inputs["issuer"], token.inputs["audience"]) == (told["issuer"], told["audience"])
    assert (token.inputs["subject"], token.inputs["days"]) == (caller, 90)
    assert isinstance(token.inputs["signing_key"], Secret)
    assert token.parent == recording.get("qiao:app:Agent", caller).urn
    assert token.urn in function(recording, caller).input_dependencies["environmentVariables"]


def test_what_up_makes_of_it_passes_the_called_gateway_and_says_who_calls() -> None:
    recording = linked()
    consumer = recording.get("pulumi-python:dynamic/alicloud:Consumer", "deep-search-gateway-consumer")
    whom = {key: recording.outputs["deep-search"][key] for key in ("issuer", "audience")}
    for caller in ("front", "back"):
        token = recording.get(TOKEN, f"{caller}-token-deep-search")
        made = minted({key: reveal(value) for key, value in token.inputs.items()})["token"]
        assert tokens.verify(made, consumer.inputs["jwks"], **whom)["sub"] == caller


def test_who_links_to_nobody_gets_no_token() -> None:
    recording = linked()
    names = {token.name for token in recording.of_type(TOKEN)}
    assert names == {"front-token-deep-search", "back-token-deep-search"}
    assert not [name for name in variables(recording, "deep-search") if name.endswith(("_URL", "_TOKEN"))]


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
def test_neither_key_nor_token_is_in_clear(stage: str, preview: bool) -> None:
    recording = linked(stage, preview=preview)
    secrets = [reveal(token.outputs.get("token", UNKNOWN)) for token in recording.of_type(TOKEN)]
    secrets += [reveal(token.inputs["signing_key"]) for token in recording.of_type(TOKEN)]
    known = [one for one in secrets if one is not UNKNOWN]
    assert preview or len(known) == 4
    assert [where for where, text in all_in_clear(recording) if any(one in text for one in known)] == []
    assert isinstance(variables(recording, "front")["DEEP_SEARCH_TOKEN"], Secret)


def test_a_caller_stands_when_the_door_is_open_and_never_before() -> None:
    recording = linked()
    for kind, name in (("RouteDeployment", "deployment-chat"), ("ConsumerGrant", "grant-chat")):
        opened = recording.get(f"pulumi-python:dynamic/alicloud:{kind}", f"deep-search-gateway-{name}")
        assert waits_for(recording, function(recording, "front"), opened)


def test_links_have_no_second_end() -> None:
    """The called one does not wait for its callers, or two that call one would wait for each other."""
    recording = linked()
    assert not waits_for(recording, function(recording, "deep-search"), function(recording, "front"))


def test_one_that_asks_nobody_is_called_without_a_token() -> None:
    recording = run({"front": agent(links=["back"]), "back": agent(auth="app")}, clouds())
    assert variables(recording, "front") == {"BACK_URL": recording.outputs["back"]["chat_url"]}
    assert not recording.of_type(TOKEN)


def test_a_model_server_behind_a_gateway_is_called_with_one() -> None:
    apps = {"front": agent(links=["models"]), "models": server(access="gateway")}
    recording = run(apps, clouds())
    given = variables(recording, "front")
    assert given["MODELS_URL"] == recording.outputs["models"]["url"]
    assert isinstance(given["MODELS_TOKEN"], Secret)
    assert recording.get(TOKEN).inputs["audience"] == recording.outputs["models"]["audience"]


# Across clouds and regions


def test_a_caller_on_another_cloud_gets_a_token_too() -> None:
    apps = {"front": app(links=["search"]), "search": agent()}
    recording = run(apps, clouds(volcengine=True))
    caller = child(recording, "vefaas/function:Function", "front-function-function")
    token = recording.get(TOKEN, "front-token-search")
    given = envs(caller)
    assert given["SEARCH_URL"] == recording.outputs["search"]["chat_url"]
    assert given["SEARCH_TOKEN"] == Secret(reveal(token.outputs["token"]))
    assert "SEARCH_GATEWAY_ID" not in given
    assert token.urn in caller.input_dependencies["envs"]
    # A key that may ask a gateway of its own cloud for tokens would be a right for nothing.
    policy = child(recording, "iam/policy:Policy", "front-runtime-policy")
    assert "apig" not in str(reveal(policy.inputs["policyDocument"]))


def test_a_caller_in_another_region_gets_a_token_too() -> None:
    apps = {"front": agent(links=["search"]), "search": agent(region=AWAY)}
    recording = run(apps, clouds(HOME, AWAY))
    assert variables(recording, "front")["SEARCH_URL"] == recording.outputs["search"]["chat_url"]
    assert recording.get(TOKEN).inputs["issuer"] == recording.outputs["search"]["issuer"]


def test_one_whose_cloud_signs_tokens_is_not_called_from_another() -> None:
    apps = {"front": agent(links=["search"]), "search": app()}
    assert refused(apps, clouds(volcengine=True)) == (
        "apps.front.links[0]: search runs on another cloud, which gives front no token; take auth app for search, or "
        "run both on one cloud"
    )
    apps["search"] = app(auth="app")
    recording = run(apps, clouds(volcengine=True))
    assert variables(recording, "front") == {"SEARCH_URL": recording.outputs["search"]["chat_url"]}


# The network alone


def test_inside_the_network_a_model_server_needs_no_token() -> None:
    recording = run({"front": agent(links=["models"]), "models": server()}, clouds())
    trigger = recording.get("alicloud:fc/v3Trigger:V3Trigger", "models-function-url")
    assert variables(recording, "front") == {"MODELS_URL": trigger.outputs["httpTrigger"]["urlIntranet"]}
    binding = recording.get("alicloud:fc/v3VpcBinding:V3VpcBinding")
    assert binding.inputs["vpcId"] == function(recording, "front").inputs["vpcConfig"]["vpcId"]
    assert not recording.of_type(TOKEN)


@pytest.mark.parametrize(
    ("caller", "shared", "message"),
    [
        (
            agent(region=AWAY), clouds(HOME, AWAY),
            "models is reached from its own network alone; run both in one cloud and region",
        ),
        (
            app(), clouds(volcengine=True),
            "models is reached from its own network alone; run both in one cloud and region",
        ),
        (
            agent(private_network=False), clouds(),
            "models is reached from its own network alone; take front into the network",
        ),
    ],
    ids=["another region", "another cloud", "outside the network"],
)  # fmt: skip
def test_from_anywhere_else_it_is_refused(caller: dict[str, Any], shared: dict[str, Any], message: str) -> None:
    apps = {"front": caller | {"links": ["models"]}, "models": server()}
    assert refused(apps, shared) == f"apps.front.links[0]: {message}"


# Variables


@pytest.mark.parametrize(
    ("mine", "message"),
    [
        ({"env": {"SEARCH_URL": "x"}}, "apps.front.env.SEARCH_URL: the link to search writes it; take one of them out"),
        (
            {"env": {"SEARCH_TOKEN": "x"}},
            "apps.front.env.SEARCH_TOKEN: the link to search writes it; take one of them out",
        ),
        (
            {"secret_env": {"SEARCH_TOKEN": None}},
            "apps.front.secret_env.SEARCH_TOKEN: the link to search writes it; take one of them out",
        ),
        (
            {"bucket": {"env": "SEARCH_URL"}},
            "apps.front.links[0]: what search is called by goes into SEARCH_URL, which another setting fills; choose "
            "another variable there",
        ),
        (
            {"database": {"env": "SEARCH_TOKEN"}},
            "apps.front.links[0]: what search is called by goes into SEARCH_TOKEN, which another setting fills; choose "
            "another variable there",
        ),
    ],
)  # fmt: skip
def test_nothing_that_settings_write_is_written_over(mine: dict[str, Any], message: str) -> None:
    assert refused({"front": agent(links=["search"], **mine), "search": agent()}, clouds()) == message


def test_without_a_token_its_variable_is_free() -> None:
    apps = {"front": agent(links=["search"], env={"SEARCH_TOKEN": "mine"}), "search": agent(auth="app")}
    recording = run(apps, clouds())
    assert variables(recording, "front")["SEARCH_TOKEN"] == "mine"


def test_a_knowledge_base_that_calls_nobody_is_told_of_nobody() -> None:
    front = agent(links=["search"], knowledge_base={"code": {"path": "app"}})
    recording = run({"front": front, "search": agent()}, clouds())
    behind = recording.get("alicloud:fc/v3Function:V3Function", "front-knowledge-base-function")
    assert behind.inputs.get("environmentVariables", {}) == {}
    assert set(variables(recording, "front")) == {"SEARCH_URL", "SEARCH_TOKEN"}
