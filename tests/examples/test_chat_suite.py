"""One stack, three applications: what they share, how the chat calls the other two, and that nobody else can."""

from __future__ import annotations

import json
import time
from typing import Any

import jwt
import pytest

from components import tokens
from components.service_token import minted
from qiao.plan.recording import Recording, reveal
from qiao.plan.wire import Secret
from tests.examples.alicloud import (
    FUNCTION,
    GATEWAY,
    PLACE,
    TOKEN,
    TRIGGER,
    VPC,
    environment,
    every,
    gap,
    one,
)
from tests.examples.support import every_stage, run
from tests.stacks.chat_support import waits_for

APPS = ("agent", "chat", "models")


def suite(stage: str) -> Recording:
    return run("chat-suite", stage)


def claims(recording: Recording) -> dict[str, Any]:
    """What a token for the agent must name."""
    return {name: recording.outputs["agent"][name] for name in ("issuer", "audience")}


# What they share


@every_stage
def test_one_network_one_registry_one_log_project(stage: str) -> None:
    recording = suite(stage)
    assert [r.name for r in recording.of_type("qiao:app:Foundation")] == [PLACE]
    assert one(recording, VPC).name == f"{PLACE}-network-vpc"
    assert recording.get("qiao:alicloud:Registry").name == f"{PLACE}-registry"
    assert one(recording, "log/project:Project").name == f"{PLACE}-logs-project"
    kinds = {"agent": "Agent", "chat": "LlmChat", "models": "ModelServer"}
    assert {app: recording.get(f"qiao:app:{kind}").name for app, kind in kinds.items()} == {app: app for app in APPS}
    assert {r.name for r in every(recording, FUNCTION)} == {f"{app}-function-function" for app in APPS}


@every_stage
@pytest.mark.parametrize("app", APPS)
def test_every_application_stands_on_it(app: str, stage: str) -> None:
    recording = suite(stage)
    function, vpc = one(recording, FUNCTION, f"{app}-function-function"), one(recording, VPC)
    project = one(recording, "log/project:Project")
    assert function.inputs["vpcConfig"]["vpcId"] == vpc.id
    assert function.inputs["logConfig"]["project"] == project.inputs["projectName"]
    assert {vpc.urn, project.urn} <= set(function.depends_on)
    provider = recording.get("pulumi:providers:alicloud")
    assert function.provider == f"{provider.urn}::{provider.id}"


@every_stage
def test_both_images_lie_in_the_one_registry(stage: str) -> None:
    recording = suite(stage)
    images = [
        one(recording, FUNCTION, f"{app}-function-function").inputs["customContainerConfig"]["image"]
        for app in ("chat", "models")
    ]
    assert [image.rsplit("/", 1)[1] for image in images] == ["lobe-chat-database:1.143.3", "ollama:0.9.6"]
    assert len({image.rsplit("/", 1)[0] for image in images}) == 1
    assert recording.outputs["chat"]["push_target"] == recording.outputs["models"]["push_target"]
    kind = {"dev": "cr/repo:Repo", "prod": "cs/registryEnterpriseRepo:RegistryEnterpriseRepo"}[stage]
    assert {r.inputs["name"] for r in every(recording, kind)} == {"lobe-chat-database", "ollama"}


# The agent, as OpenAI


@every_stage
def test_the_agent_is_the_chats_openai(stage: str) -> None:
    recording = suite(stage)
    given, agent = environment(recording, "chat"), recording.outputs["agent"]
    assert agent["chat_url"].endswith("/v1/chat/completions")
    assert given["OPENAI_PROXY_URL"] == agent["chat_url"].removesuffix("/chat/completions")
    assert (given["ENABLED_OPENAI"], given["OPENAI_MODEL_LIST"]) == ("1", "-all,+custom-agent")
    published = gap(recording, "RouteDeployment", "agent-gateway-deployment-chat")
    assert waits_for(recording, one(recording, FUNCTION, "chat-function-function"), published)


@every_stage
def test_its_model_is_the_one_that_the_sample_answers(stage: str) -> None:
    assert "AGENT_MODEL" not in environment(suite(stage), "agent"), "its own default is the name"


@every_stage
def test_the_chats_key_is_a_token_that_the_agents_gateway_accepts(stage: str) -> None:
    recording = suite(stage)
    given, consumer, token = environment(recording, "chat"), gap(recording, "Consumer"), recording.get(TOKEN)
    assert given["OPENAI_API_KEY"] == Secret(reveal(token.outputs["token"]))
    assert token.name == "chat-token-agent"
    # A plan is the same every day, so its stand-in was made long ago: this is what `up` makes of the same inputs.
    asked = {key: reveal(value) for key, value in token.inputs.items()}
    found = tokens.verify(minted(asked)["token"], consumer.inputs["jwks"], **claims(recording))
    assert found["sub"] == "chat"
    assert found["exp"] - found["iat"] == 90 * 86400
    # That gateway knows bearers by the issuer they name, and the key by its public half alone.
    assert (consumer.inputs["payload_key"], consumer.inputs["payload_value"]) == ("iss", found["iss"])
    (key,) = json.loads(consumer.inputs["jwks"])["keys"]
    assert set(key) == {"alg", "e", "kid", "kty", "n", "use"}
    assert consumer.name == "agent-gateway-consumer"
    assert isinstance(token.inputs["signing_key"], Secret)
    assert waits_for(recording, one(recording, FUNCTION, "chat-function-function"), token)


@every_stage
def test_an_expired_a_foreign_and_an_unsigned_token_are_refused(stage: str) -> None:
    recording = suite(stage)
    jwks, whom = gap(recording, "Consumer").inputs["jwks"], claims(recording)
    key = reveal(recording.outputs["application_secrets"])["agent"]["signing_key"]
    old = tokens.mint(key, **whom, subject="chat", lifetime_seconds=60, now=time.time() - 3600)
    elsewhere = tokens.mint(key, issuer=whom["issuer"], audience="urn:other", subject="chat", lifetime_seconds=60)
    other = reveal(run("agent-web", stage).outputs["application_secrets"])["agent"]["signing_key"]
    foreign = tokens.mint(other, **whom, subject="chat", lifetime_seconds=60)
    good = tokens.mint(key, **whom, subject="chat", lifetime_seconds=60)
    payload = jwt.decode(good, options={"verify_signature": False})
    kid = jwt.get_unverified_header(good)["kid"]
    unsigned = jwt.encode(payload, "", algorithm="none", headers={"kid": kid})
    stripped = good.rsplit(".", 1)[0] + "."
    assert tokens.verify(good, jwks, **whom)["sub"] == "chat"
    for bad in (old, elsewhere, foreign, unsigned, stripped):
        with pytest.raises(jwt.InvalidTokenError):
            tokens.verify(bad, jwks, **whom)


def test_the_agent_has_no_address_on_the_internet_in_dev() -> None:
    recording = suite("dev")
    gateway = one(recording, GATEWAY, "agent-gateway-gateway")
    assert gateway.inputs["networkAccessConfig"] == {"type": "Intranet"}
    address = gap(recording, "GatewayAddress", "agent-gateway-address")
    assert address.inputs["internet"] is False
    assert environment(recording, "chat")["OPENAI_PROXY_URL"] == f"http://{address.outputs['address']}/v1"
    # Whoever calls it has to be in its network.
    chat = one(recording, FUNCTION, "chat-function-function")
    assert chat.inputs["vpcConfig"]["vpcId"] == gateway.inputs["vpc"]["vpcId"]


def test_a_token_never_crosses_the_internet_in_clear_in_prod() -> None:
    assert environment(suite("prod"), "chat")["OPENAI_PROXY_URL"] == "https://agent.example.com/v1"


# The models, as Ollama


@every_stage
def test_the_model_server_is_the_chats_ollama_inside_the_network(stage: str) -> None:
    recording = suite(stage)
    given, door = environment(recording, "chat"), one(recording, TRIGGER)
    assert door.name == "models-function-url"
    inside = door.outputs["httpTrigger"]["urlIntranet"]
    assert given["OLLAMA_PROXY_URL"] == inside.rstrip("/")
    assert given["OLLAMA_PROXY_URL"] != door.outputs["httpTrigger"]["urlInternet"].rstrip("/")
    named = ",".join(f"+{model}" for model in recording.outputs["models"]["models"])
    assert (given["ENABLED_OLLAMA"], given["OLLAMA_MODEL_LIST"]) == ("1", f"-all,{named}")
    binding = one(recording, "fc/v3VpcBinding:V3VpcBinding")
    assert binding.inputs["vpcId"] == one(recording, FUNCTION, "chat-function-function").inputs["vpcConfig"]["vpcId"]
    assert waits_for(recording, one(recording, FUNCTION, "chat-function-function"), binding)


@every_stage
def test_no_function_of_the_model_server_is_open(stage: str) -> None:
    recording = suite(stage)
    assert not [gateway.name for gateway in every(recording, GATEWAY) if gateway.name.startswith("models-")]
    for trigger in every(recording, TRIGGER):
        config = json.loads(trigger.inputs["triggerConfig"])
        assert config["disableURLInternet"] is True
        bound = one(recording, "fc/v3VpcBinding:V3VpcBinding").inputs["functionName"]
        assert bound == trigger.inputs["functionName"] == f"chat-suite-{stage}-models-function"


# The chat


@every_stage
def test_the_chat_has_a_login_a_domain_and_its_own_stores(stage: str) -> None:
    recording = suite(stage)
    host = {"dev": "chat-dev.example.com", "prod": "chat.example.com"}[stage]
    outputs = recording.outputs["chat"]
    provider = {"dev": "github", "prod": "auth0"}[stage]
    assert outputs["site_url"] == f"https://{host}"
    assert outputs["callback_url"] == f"https://{host}/api/auth/callback/{provider}"
    assert one(recording, "apig/domain:Domain", "chat-gateway-domain").inputs["domainName"] == host
    given = environment(recording, "chat")
    assert given["S3_BUCKET"] == one(recording, "oss/bucket:Bucket", "chat-bucket-bucket").inputs["bucket"]
    assert reveal(given["DATABASE_URL"]).endswith("/lobechat")


@every_stage
def test_what_people_enter_and_keep_is_told_and_nothing_secret_with_it(stage: str) -> None:
    outputs = suite(stage).outputs
    assert set(outputs) == {
        "agent", "application_secrets", "chat", "checklist", "foundation", "foundation_secrets", "models",
    }  # fmt: skip
    assert set(outputs["application_secrets"]) == {"agent"}
    assert isinstance(outputs["application_secrets"]["agent"]["signing_key"], Secret)
