"""The production chat's guide, its models (chapter 3) and what it asks of production (chapter 1): zones, gray releases,
a database that is private and kept, a domain, guarded routes."""

from __future__ import annotations

import json

import pytest

from components.errors import UserError
from qiao.plan.recording import UNKNOWN, reveal
from qiao.plan.wire import Secret
from tests.stacks.chat_support import (
    BUCKET,
    DATABASE,
    DOMAIN,
    FUNCTION,
    GATEWAY,
    REGION,
    SITE,
    SWITCHES,
    ZONES,
    chat,
    envs,
    guide,
    one,
    shared,
)
from tests.stacks.support import run

# 3 Its models


def test_3_1_the_custom_agent_is_called_with_a_token_of_its_own() -> None:
    agent = {
        "blueprint": "agent", "cloud": "alicloud", "region": REGION, "image": "registry.example.com/team/agent:1.0.0",
        "path": "/v1/chat/completions", "domain": DOMAIN | {"name": "agent.example.com"},
    }  # fmt: skip
    provider = {"app": "agent", "models": ["custom-agent"]}
    recording = run({"chat": chat(links=["agent"], providers={"openai": provider}), "agent": agent}, shared())
    given = envs(recording)
    assert given["OPENAI_PROXY_URL"] == "https://agent.example.com/v1"
    assert given["OPENAI_MODEL_LIST"] == "-all,+custom-agent"
    token = recording.get("pulumi-python:dynamic/qiao:ServiceToken", "chat-token-agent")
    assert given["OPENAI_API_KEY"] == Secret(reveal(token.outputs["token"]))
    assert token.inputs["audience"] == recording.outputs["agent"]["audience"]
    assert token.inputs["subject"] == "chat"


def test_3_2_the_model_server_is_called_inside_the_network_without_one() -> None:
    server = {
        "blueprint": "model-server", "cloud": "alicloud", "region": REGION, "models": ["llama3.1:8b"],
        "image": "registry.example.com/team/ollama:0.5.13",
    }  # fmt: skip
    recording = run({"chat": chat(links=["models"], providers={"ollama": "models"}), "models": server}, shared())
    given = envs(recording)
    assert given["ENABLED_OLLAMA"] == "1"
    assert given["OLLAMA_PROXY_URL"] == recording.outputs["models"]["url"].rstrip("/")
    assert given["OLLAMA_MODEL_LIST"] == "-all,+llama3.1:8b"
    gated = server | {"access": "gateway", "domain": DOMAIN | {"name": "models.example.com"}}
    with pytest.raises(UserError, match=r"apps.chat.providers.ollama: models asks for a token"):
        run({"chat": chat(links=["models"], providers={"ollama": "models"}), "models": gated}, shared())
    tokened = run({"chat": chat(links=["models"], providers={"openai": "models"}), "models": gated}, shared())
    assert envs(tokened)["OPENAI_PROXY_URL"] == "https://models.example.com/v1"
    assert envs(tokened)["OPENAI_MODEL_LIST"] == "-all,+llama3.1:8b"


# 1 What production demands


def test_1_two_zones_for_everything_that_stands() -> None:
    switches = [one(*switch, "prod") for switch in SWITCHES]
    assert [switch.inputs["zoneId"] for switch in switches] == ZONES
    database, gateway = one(*DATABASE, "prod"), one(*GATEWAY, "prod")
    assert database.inputs["category"] == "HighAvailability"
    assert (database.inputs["zoneId"], database.inputs["zoneIdSlaveA"]) == tuple(ZONES)
    assert database.inputs["vswitchId"] == ",".join(str(switch.id) for switch in switches)
    assert gateway.inputs["zoneConfig"]["selectOption"] == "Manual"
    assert [(zone["zoneId"], zone["vswitchId"]) for zone in gateway.inputs["zones"]] == [
        (zone, switch.id) for zone, switch in zip(ZONES, switches, strict=True)
    ]
    assert one(*FUNCTION, "prod").inputs["vpcConfig"]["vswitchIds"] == [switch.id for switch in switches]
    assert one(*BUCKET, "prod").inputs["redundancyType"] == "ZRS"


def test_1_a_gray_release_is_one_setting() -> None:
    full = run({"chat": chat()}, shared(), stage="prod")
    gray = run({"chat": chat(release={"weight": 10})}, shared(), stage="prod")
    changed = {a.name for a, b in zip(full.resources, gray.resources, strict=True) if a.inputs != b.inputs}
    assert changed
    assert {name for name in changed if not name.startswith("chat-function-")} == set()
    assert "chat-function-function" not in changed
    history = gray.get("pulumi-python:dynamic/alicloud:ReleaseHistory", "chat-function-history")
    assert history.inputs["weight"] == 10


def test_1_the_database_is_reached_privately_and_kept() -> None:
    database = one(*DATABASE, "prod")
    assert database.inputs["securityIps"] == [one(*switch, "prod").inputs["cidrBlock"] for switch in SWITCHES]
    assert database.inputs["deletionProtection"] is True
    assert database.protect
    assert not guide("prod").of_type("alicloud:rds/connection:Connection")
    backup = one("rds/backupPolicy:BackupPolicy", "chat-database-backup", "prod")
    assert (backup.inputs["enableBackupLog"], backup.inputs["backupRetentionPeriod"]) == (True, 30)


def test_1_production_wants_a_domain_for_sessions_to_cross_the_internet_encrypted() -> None:
    with pytest.raises(UserError, match=r"domain: without one, tokens and sessions would cross the internet in clear"):
        run({"chat": chat(domain=None)}, shared(), stage="prod")


def test_1_what_users_keys_are_encrypted_with_is_kept() -> None:
    assert guide("prod").get("random:index/randomBytes:RandomBytes", "chat-vaults-key").protect
    assert one(*BUCKET, "prod").protect
    assert not one(*BUCKET).protect


def test_1_its_errors_are_told() -> None:
    rule = one("cms/alarm:Alarm", "chat-alerts-rule-errors.chat", "prod")
    assert rule.inputs["metric"] == "FunctionFunctionErrors"
    assert one(*FUNCTION, "prod").inputs["functionName"] in json.dumps(rule.inputs["metricDimensions"])


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_preview_of_the_first_up_knows_what_can_be_known(stage: str) -> None:
    recording = guide(stage, preview=True)
    outputs = recording.outputs["chat"]
    assert (outputs["site_url"], outputs["callback_url"]) == (SITE, f"{SITE}/api/auth/callback/auth0")
    assert outputs["function_id"] is UNKNOWN or outputs["function_id"]
    assert outputs["cname"] is UNKNOWN
    assert recording.get("alicloud:fc/v3Function:V3Function", "chat-function-function").inputs["memorySize"] == 2048
