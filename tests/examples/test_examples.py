"""Every example is a whole project: Pulumi runs it, each stage shows what its page says, and no page lies."""

from __future__ import annotations

import re
import shlex
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from qiao.cli import main
from qiao.plan.evaluate import Plan, evaluate
from qiao.plan.recording import Recording, Resource, reveal
from qiao.plan.wire import Secret
from tests.stacks.support import ROOT, envs

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/Pulumi.yaml"))
STAGES = ("dev", "prod")
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=[path.name for path in EXAMPLES])
every_stage = pytest.mark.parametrize("stage", STAGES)


@cache
def planned(name: str, stage: str) -> Plan:
    return evaluate(ROOT / "examples" / name, stage)


def run(name: str, stage: str) -> Recording:
    return planned(name, stage).recording


def function(recording: Recording, name: str = "agent-function") -> Resource:
    return recording.get("volcengine:vefaas/function:Function", f"{name}-function")


def test_there_is_one_for_each_way() -> None:
    names = {path.name for path in EXAMPLES}
    assert names >= {"agent-image", "agent-build", "agent-code", "agent-gray", "agent-later"}
    folders = {path.name for path in (ROOT / "examples").iterdir() if path.is_dir()}
    assert folders == names


@every_example
def test_it_is_a_project_on_the_repositorys_program_and_environment(example: Path) -> None:
    project = yaml.safe_load((example / "Pulumi.yaml").read_text())
    own = yaml.safe_load((ROOT / "Pulumi.yaml").read_text())
    assert project["name"] == example.name
    assert project["description"]
    assert (example / project["main"]).resolve() == ROOT
    assert project["runtime"]["name"] == "python"
    assert project["runtime"]["options"] == own["runtime"]["options"]
    # The language host looks for it beside Pulumi.yaml, dynamic resources beside `main`: both must find it.
    link = example / project["runtime"]["options"]["virtualenv"]
    assert link.is_symlink()
    assert not link.readlink().is_absolute()
    assert link.parent / link.readlink() == example / ".." / ".." / ".venv"


@every_stage
@every_example
def test_its_plan_finds_nothing(example: Path, stage: str) -> None:
    plan = planned(example.name, stage)
    assert [str(finding) for finding in plan.findings] == []
    assert plan.exit_status == 0
    assert plan.project == example.name
    assert any(r.protect for r in plan.recording.resources) == (stage == "prod")


@every_example
def test_it_holds_no_ciphertext_and_both_stages(example: Path) -> None:
    assert {path.name for path in example.glob("Pulumi.?*.yaml")} == {f"Pulumi.{stage}.yaml" for stage in STAGES}
    for stage in STAGES:
        text = (example / f"Pulumi.{stage}.yaml").read_text()
        assert "secure:" not in text
        assert "encryptionsalt" not in text


@every_example
def test_its_page_says_what_is_there(example: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = (example / "README.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {example.name}: ")
    assert len(page.splitlines()) < 60
    for target in re.findall(r"\]\(([^)#]+)\)", page):
        assert (example / target).exists(), target
    shown = re.findall(r"<!-- shown, not run: [^>]+ -->\n\s*```bash\n.*?```", page, re.DOTALL)
    for block in shown:
        page = page.replace(block, "")
    commands = [line for block in re.findall(r"```bash\n(.*?)```", page, re.DOTALL) for line in block.splitlines()]
    assert commands
    for command in commands:
        python, flag, module, *arguments = shlex.split(command)
        assert (python, flag, module) == ("python3", "-m", "qiao")
        assert arguments[-1] == f"examples/{example.name}"
        assert main([*arguments[:-1], str(example)]) == 0
        assert capsys.readouterr().out.startswith(f"{example.name}, stage {arguments[1]}, planned offline\n")


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


def test_scripts_can_be_run() -> None:
    scripts = sorted((ROOT / "examples").glob("*/app/run.sh"))
    assert len(scripts) == 2
    for script in scripts:
        assert script.stat().st_mode & 0o111 == 0o111, script
        assert script.read_text().startswith("#!/bin/sh\n")
        assert "\r" not in script.read_text()


def test_an_archive_holds_the_code_and_no_litter() -> None:
    from components.packaging import listing

    def entries(folder: str) -> dict[str, Any]:
        found = listing("test", str(ROOT / "examples" / "agent-code" / folder), lambda name: "__pycache__" in name)
        return {entry.name: entry.executable for entry in found}

    assert entries("app") == {"main.py": False, "run.sh": True}
    assert entries("knowledge") == {"index.py": False}
