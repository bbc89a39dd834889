"""Who serves LobeChat models: addresses, tokens and names of the applications that it links to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pytest

from components import cloud
from components.errors import UserError
from components.network import ExistingNetwork
from components.observability import ExistingObservability
from components.scope import Profile, Scope
from qiao.plan.recorder import record
from stacks import llm_chat_env
from stacks.links import Link, Signing
from stacks.llm_chat_settings import LlmChatSettings
from stacks.model import parse
from stacks.region_settings import RegionSettings
from stacks.site import Site
from tests.stacks.support import app, child, envs, run
from tests.stacks.test_llm_chat import chat, function


def site(links: Mapping[str, Link]) -> Site:
    """Where planners are tried: nothing of it is declared."""
    blocks = {"cn-beijing-a": "10.0.0.0/24", "cn-beijing-b": "10.0.1.0/24"}
    return Site(
        name="chat", cloud=cloud("volcengine"), links=links,
        scope=Scope(project="qiao", stage="dev", app="chat", region="cn-beijing", profile=Profile.for_stage("dev")),
        region=parse(RegionSettings, {"zones": list(blocks)}, ""),
        shared_network=ExistingNetwork(
            vpc_id="vpc", subnet_ids=dict.fromkeys(blocks, "s"), security_group_id="sg", subnet_cidrs=blocks
        ),
        shared_logs=ExistingObservability(log_project="p", log_store="s"),
    )  # fmt: skip


AGENT = "https://agent.example.com/v1/chat/completions"
SIGNING = Signing(issuer="i", audience="a", key="k")


def link(url: str = AGENT, **more: Any) -> Link:
    return Link(**({"cloud": "volcengine", "url": url, "gateway_id": None, "path": "/v1/chat/completions"} | more))


def served(providers: Any, links: Mapping[str, Link], tokens: Mapping[str, str] | None = None) -> tuple[Any, Any]:
    """What the planner of providers writes: clear variables and secret ones, their values known."""
    settings = parse(LlmChatSettings, chat(providers=providers, links=list(links)), "")
    found: dict[str, Any] = {}

    def program() -> None:
        clear, secret = llm_chat_env.provider_environment(site(links), settings, tokens or {})
        pulumi.Output.from_input({"clear": clear, "secret": secret}).apply(found.update)

    record(program, stack="dev")
    return found["clear"], found["secret"]


def test_an_agent_is_called_with_its_token_at_what_stands_before_chat_completions() -> None:
    clear, secret = served({"openai": "agent"}, {"agent": link(signing=SIGNING)}, {"agent": "t0k3n"})
    assert clear == {
        "ENABLED_OPENAI": "1", "OPENAI_PROXY_URL": "https://agent.example.com/v1", "OPENAI_MODEL_LIST": "-all,+agent",
    }  # fmt: skip
    assert secret == {"OPENAI_API_KEY": "t0k3n"}


def test_one_that_asks_for_no_token_is_called_with_a_word_in_its_place() -> None:
    """LobeChat takes a provider without any key for one that is not set up."""
    clear, secret = served({"openai": "agent"}, {"agent": link()})
    assert clear["OPENAI_API_KEY"] == "not-asked"
    assert secret == {}


def test_models_are_those_of_the_settings_or_of_the_server_or_one_by_its_name() -> None:
    named = {"app": "agent", "models": ["custom-agent", "custom-agent-2"]}
    clear, _ = served({"openai": named}, {"agent": link(models=("m",))})
    assert clear["OPENAI_MODEL_LIST"] == "-all,+custom-agent,+custom-agent-2"
    clear, _ = served({"openai": "agent"}, {"agent": link(models=("qwen2.5:7b",))})
    assert clear["OPENAI_MODEL_LIST"] == "-all,+qwen2.5:7b"


def test_a_model_server_is_called_at_its_address_and_offers_its_models() -> None:
    server = link("http://models.example.internal/", path="", models=("llama3.1:8b", "qwen2.5:7b"), network_only=True)
    clear, secret = served({"ollama": "models"}, {"models": server})
    assert clear == {
        "ENABLED_OLLAMA": "1", "OLLAMA_PROXY_URL": "http://models.example.internal",
        "OLLAMA_MODEL_LIST": "-all,+llama3.1:8b,+qwen2.5:7b",
    }  # fmt: skip
    assert secret == {}


def test_a_model_server_without_named_models_is_asked_for_them() -> None:
    clear, _ = served({"ollama": "models"}, {"models": link("http://m.internal", path="")})
    assert "OLLAMA_MODEL_LIST" not in clear


def test_a_model_server_behind_a_token_serves_the_openai_way() -> None:
    server = link("https://models.example.com", path="", models=("llama3.1:8b",), signing=SIGNING)
    clear, secret = served({"openai": "models"}, {"models": server}, {"models": "t0k3n"})
    assert clear["OPENAI_PROXY_URL"] == "https://models.example.com/v1"
    assert clear["OPENAI_MODEL_LIST"] == "-all,+llama3.1:8b"
    assert secret == {"OPENAI_API_KEY": "t0k3n"}
    with pytest.raises(UserError, match="models asks for a token, and LobeChat sends Ollama none"):
        served({"ollama": "models"}, {"models": server}, {"models": "t0k3n"})


def test_both_providers_at_once_and_none() -> None:
    links = {"agent": link(), "models": link("http://m.internal", path="")}
    clear, _ = served({"openai": "agent", "ollama": "models"}, links)
    assert (clear["OPENAI_PROXY_URL"], clear["OLLAMA_PROXY_URL"]) == (
        "https://agent.example.com/v1", "http://m.internal",
    )  # fmt: skip
    assert served({}, links) == ({}, {})


def test_a_linked_agent_of_this_cloud_is_a_provider_where_it_needs_no_token() -> None:
    agent = app(auth="app", path="/v1/chat/completions")
    recording = run({"chat": chat(links=["agent"], providers={"openai": "agent"}), "agent": agent})
    given = envs(function(recording))
    url = recording.outputs["agent"]["chat_url"]
    assert given["AGENT_URL"] == url
    assert given["OPENAI_PROXY_URL"] == url.removesuffix("/chat/completions")
    assert given["OPENAI_MODEL_LIST"] == "-all,+agent"
    route = child(recording, "apig/apigRoute:ApigRoute", "agent-gateway-route-chat")
    assert route.urn in function(recording).input_dependencies["envs"]
