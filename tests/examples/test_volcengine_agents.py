"""The agents on Volcengine: each example shows its way of coming by code, image and release."""

from __future__ import annotations

from typing import Any

from components.packaging import listing
from qiao.plan.recording import Recording, Resource, reveal
from qiao.plan.wire import Secret
from tests.examples.support import every_stage, planned, run
from tests.stacks.support import ROOT, envs


def function(recording: Recording, name: str = "agent-function") -> Resource:
    return recording.get("volcengine:vefaas/function:Function", f"{name}-function")


@every_stage
def test_agent_image_has_everything_that_the_guide_names(stage: str) -> None:
    recording = run("agent-image", stage)
    assert set(envs(function(recording))) == {
        "VOLC_ACCESSKEY", "VOLC_SECRETKEY", "REGION", "TRACE_ENDPOINT", "TRACE_TOPIC", "ACCOUNT_ID", "RESOURCE_TYPE",
        "RESOURCE_ID",
    }  # fmt: skip
    assert function(recording).inputs["source"] == recording.outputs["agent"]["image"]
    kinds = {r.type.rsplit(":", 1)[1] for r in recording.resources}
    assert kinds >= {
        "Vpc", "Subnet", "Registry", "Namespace", "EndpointAclPolicy", "Project", "Topic", "TraceInstance",
        "TraceIndexKeys", "Release", "ReleaseReady", "ImageReady", "ApigRoute", "ApigGatewayService", "Contact", "Rule",
        "Alarm", "AccessKey", "UserPolicyAttachment",
    }  # fmt: skip
    assert bool(recording.of_type("volcengine:nat/gateway:Gateway")) == (stage == "prod")
    gateway = recording.get("volcengine:apig/apigGateway:ApigGateway")
    assert gateway.inputs["type"] == {"dev": "serverless", "prod": "standard"}[stage]


@every_stage
def test_agent_build_pushes_before_the_function_turns_to_it(stage: str) -> None:
    recording = run("agent-build", stage)
    image = recording.get("docker-build:index:Image")
    assert image.inputs["context"]["location"].endswith("examples/agent-build/app")
    assert image.inputs["platforms"] == ["linux/amd64"]
    assert function(recording).inputs["source"] == image.outputs["ref"]
    assert image.urn in function(recording).input_dependencies["source"]


@every_stage
def test_agent_code_runs_two_folders_on_a_private_database_behind_a_domain(stage: str) -> None:
    recording = run("agent-code", stage)
    assert not recording.of_type("qiao:volcengine:Registry")
    for name in ("agent-function", "agent-knowledge-base"):
        assert function(recording, name).inputs["sourceType"] == "tos"
        assert reveal(envs(function(recording, name))["DATABASE_URL"]).endswith("/agent")
    assert isinstance(envs(function(recording))["SEARCH_API_KEY"], Secret)
    domain = {"dev": "chat-dev.example.com", "prod": "chat.example.com"}[stage]
    assert recording.get("volcengine:apig/apigCustomDomain:ApigCustomDomain").inputs["domain"] == domain
    assert recording.outputs["agent"]["kb_url"] == f"https://{domain}/api/v2/kb"
    line = "set a secret: pulumi config set --secret --path 'qiao:apps.agent.secret_env.SEARCH_API_KEY'"
    assert line in planned("agent-code", stage).checklist
    keys = [key.name for key in recording.of_type("volcengine:iam/accessKey:AccessKey")]
    assert len(keys) == {"dev": 1, "prod": 2}[stage]
    assert ("bucket" in recording.outputs["agent"]) == (stage == "prod")


@every_stage
def test_agent_gray_gives_a_tenth(stage: str) -> None:
    recording = run("agent-gray", stage)
    release = recording.get("volcengine:vefaas/release:Release")
    assert release.inputs["targetTrafficWeight"] == 10
    guard = recording.get("pulumi-python:dynamic/volcengine:ReleaseGuard")
    assert (guard.inputs["weight"], guard.inputs["force"]) == (10, False)
    assert guard.urn in release.depends_on


def test_agent_later_waits_in_production_alone() -> None:
    waiting, there = run("agent-later", "prod"), run("agent-later", "dev")
    assert not waiting.of_type("qiao:app:Agent")
    assert waiting.of_type("qiao:volcengine:Registry")
    outputs = waiting.outputs["agent"]
    assert outputs["enabled"] is False
    assert outputs["push"] == f"docker push {outputs['push_target']}/agent:1.0.0"
    assert function(there).inputs["source"] == f"{there.outputs['agent']['push_target']}/agent:0.3.0"


def test_the_server_of_both_ways_is_the_same_program() -> None:
    """Two copies, since each example stands alone; they must not drift apart."""
    built, code = ROOT / "examples" / "agent-build" / "app" / "code", ROOT / "examples" / "agent-code" / "app"
    assert (built / "main.py").read_text() == (code / "main.py").read_text()


def test_an_archive_holds_the_code_and_no_litter() -> None:
    def entries(folder: str) -> dict[str, Any]:
        found = listing("test", str(ROOT / "examples" / "agent-code" / folder), lambda name: "__pycache__" in name)
        return {entry.name: entry.executable for entry in found}

    assert entries("app") == {"main.py": False, "run.sh": True}
    assert entries("knowledge") == {"index.py": False}
