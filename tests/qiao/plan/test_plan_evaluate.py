"""A project's stage, evaluated from its files alone: what comes out, and what comes out wrong."""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc.aio
import pytest

from components.errors import UserError
from qiao.plan.evaluate import Plan, evaluate, plan_of
from qiao.plan.recorder import record
from qiao.plan.recording import Secret, reveal
from qiao.plan.report import render, show

ROOT = Path(__file__).parents[3]
PROJECTS = [ROOT, *sorted(path.parent for path in (ROOT / "examples").glob("*/Pulumi.yaml"))]
STAGES = [(project, path.name.split(".")[1]) for project in PROJECTS for path in sorted(project.glob("Pulumi.?*.yaml"))]

FUNCTIONS = {"alicloud": "alicloud:fc/v3Function:V3Function", "volcengine": "volcengine:vefaas/function:Function"}
Project = Callable[..., Path]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Makes a project of the given stage files."""

    def make(**stages: str) -> Path:
        (tmp_path / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
        for stage, text in stages.items():
            (tmp_path / f"Pulumi.{stage}.yaml").write_text(text)
        return tmp_path

    return make


REFERENCED = """
config:
  qiao:clouds:
    volcengine:
      cn-beijing:
        zones: [cn-beijing-a, cn-beijing-b]
  qiao:apps:
    agent:
      blueprint: agent
      cloud: volcengine
      region: cn-beijing
      image: registry.example.com/team/agent:1.0
      command: ./run.sh
"""


@pytest.mark.parametrize(("folder", "stage"), STAGES, ids=[f"{p.name}-{s}" for p, s in STAGES])
def test_every_stage_of_ours_is_sound(folder: Path, stage: str) -> None:
    plan = evaluate(folder, stage)
    assert plan.findings == ()
    assert plan.exit_status == 0
    assert plan.stage == stage
    apps = {name: app for name, app in plan.outputs.items() if {"blueprint", "enabled"} & set(app)}
    assert apps
    for name, app in apps.items():
        waits = app.get("enabled") is False
        functions = {made.name for kind in FUNCTIONS.values() for made in plan.recording.of_type(kind)}
        assert waits or functions & {f"{name}-function-function", f"{name}-function"}
        assert not waits or [r for r in plan.recording.resources if r.type.startswith("qiao:") and "Registry" in r.type]


def test_the_plan_is_of_the_projects_own_name_and_stage(project: Project) -> None:
    plan = evaluate(project(dev=REFERENCED), "dev")
    assert (plan.project, plan.stage) == ("acme", "dev")
    function = plan.recording.get("volcengine:vefaas/function:Function")
    assert function.inputs["name"].startswith("acme-dev-agent")
    assert function.inputs["source"] == "registry.example.com/team/agent:1.0"
    assert plan.outputs["agent"]["chat_url"].startswith("https://<after up>/")
    assert "checklist" not in plan.outputs


def test_a_finding_sets_the_exit_status(project: Project) -> None:
    plan = evaluate(project(dev=REFERENCED), "dev")
    found = plan_of(plan.recording)
    assert found.exit_status == 0
    broken = plan.recording.get("volcengine:vefaas/function:Function").inputs
    assert isinstance(broken, dict)
    broken["memoryMb"] = 700
    again = plan_of(plan.recording)
    assert again.exit_status == 1
    assert [finding.text for finding in again.findings] == ["memoryMb: must be a multiple of 512, is 700"]


def test_encrypted_settings_are_exempt_masked_and_never_in_clear(project: Project) -> None:
    secret = REFERENCED + "      secret_env:\n        MODEL_KEY:\n          secure: AAABAAbCdEf==\n"
    plan = evaluate(project(dev=secret), "dev")
    assert plan.findings == ()
    envs = plan.recording.get("volcengine:vefaas/function:Function").inputs["envs"]
    values = {reveal(env)["key"]: env for env in reveal(envs)}
    assert "encrypted" in values["MODEL_KEY"]["value"]
    assert isinstance(envs, Secret) or any(isinstance(env.get("value"), Secret) for env in envs)
    assert "encrypted" not in render(plan)
    assert "AAABAAbCdEf" not in repr(plan.recording)


def test_a_borrowed_foundation_is_read_and_not_made(project: Project) -> None:
    borrowed = REFERENCED.replace("        zones:", "        from: dev\n        zones:")
    plan = evaluate(project(dev=REFERENCED, feature=borrowed), "feature")
    assert plan.findings == ()
    assert plan.recording.get("pulumi:pulumi:StackReference").read
    assert plan.recording.of_type("volcengine:vpc/vpc:Vpc") == []
    vpc = plan.recording.get("volcengine:vefaas/function:Function").inputs["vpcConfig"]
    assert vpc["vpcId"] == "vpc-of-volcengine-cn-beijing"


@pytest.mark.parametrize(
    ("files", "stage", "message"),
    [
        ({}, "dev", "Pulumi.dev.yaml: there is no such file; "),
        ({"prod": REFERENCED}, "dev", "stages here: prod"),
        ({"dev": ""}, "dev", "Pulumi.dev.yaml: is empty; "),
        ({"dev": REFERENCED.replace("blueprint: agent", "blueprint: teapot")}, "dev", "apps.agent.blueprint: "),
    ],
)
def test_wrong_settings_are_a_user_error(project: Project, files: dict[str, str], stage: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        evaluate(project(**files), stage)
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "holds no Pulumi.yaml; name a Pulumi project's folder"),
        ("a: [", "Pulumi.yaml: is not YAML near line 1; mend that line"),
        ("runtime: python", "Pulumi.yaml: gives the project no name; put `name: qiao` into it"),
        ("- a", "Pulumi.yaml: is not a mapping; begin it with `name: qiao`"),
    ],
)
def test_a_folder_that_is_no_project_is_a_user_error(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "Pulumi.yaml").write_text(text)
    with pytest.raises(UserError) as caught:
        evaluate(tmp_path, "dev")
    assert str(caught.value).endswith(message)


def test_two_plans_are_the_same_bytes(tmp_path: Path) -> None:
    here = render(evaluate(ROOT, "prod"))
    assert render(evaluate(ROOT, "prod")) == here
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(ROOT / "examples" / "agent-gray", elsewhere)
    assert render(evaluate(elsewhere, "dev")) == render(evaluate(ROOT / "examples" / "agent-gray", "dev"))


def test_no_socket_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*args: Any, **kwargs: Any) -> None:
        raise AssertionError(f"a socket was used: {args}")

    for name in ("connect", "connect_ex", "bind", "listen", "sendto"):
        monkeypatch.setattr(socket.socket, name, forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    for module, name in ((grpc.aio, "server"), (grpc, "server"), (grpc, "insecure_channel"), (grpc, "secure_channel")):
        monkeypatch.setattr(module, name, forbidden)
    for stage in ("dev", "prod"):
        assert evaluate(ROOT, stage).findings == ()


def test_credentials_of_the_environment_are_not_needed_and_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    canary = "canary-5f1c02aa"
    for name in ("VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY", "VOLCENGINE_SESSION_TOKEN", "VOLC_SECRETKEY"):
        monkeypatch.setenv(name, canary)
    plan = evaluate(ROOT, "dev")
    monkeypatch.undo()
    for name in ("VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY", "VOLCENGINE_SESSION_TOKEN", "VOLC_SECRETKEY"):
        monkeypatch.delenv(name, raising=False)
    assert render(evaluate(ROOT, "dev")) == render(plan)
    provider = plan.recording.get("pulumi:providers:volcengine")
    assert canary not in repr([reveal(dict(resource.inputs)) for resource in plan.recording.resources])
    assert set(provider.inputs) == {"region"}


class Terminal:
    """A file that says it is a terminal."""

    encoding = "utf-8"

    def __init__(self) -> None:
        self.text = ""

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def prod() -> Plan:
    return evaluate(ROOT, "prod")


def test_colours_are_for_terminals_alone(prod: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = render(prod)
    assert "\x1b" not in plain
    for name, value in (("FORCE_COLOR", "1"), ("COLUMNS", "40"), ("TERM", "xterm-256color"), ("CI", "1")):
        monkeypatch.setenv(name, value)
    assert render(prod) == plain
    monkeypatch.delenv("NO_COLOR", raising=False)
    terminal = Terminal()
    show(prod, terminal)  # type: ignore[arg-type]
    assert "\x1b[" in terminal.text


def test_the_tree_shows_what_matters(prod: Plan) -> None:
    lines = render(prod).splitlines()
    assert lines[0] == "qiao, stage prod, planned offline"
    assert lines[2] == "agent Agent"
    assert "shared-volcengine-cn-beijing Foundation" in lines
    for wanted in (
        "vpc Vpc  10.16.0.0/16 · protected",
        "subnet-cn-beijing-b Subnet  10.16.4.0/22 · cn-beijing-b · protected",
        "instance Registry  Enterprise · protected · outlives the stack",
        "allow-203.0.113.10-32 EndpointAclPolicy  open to 203.0.113.10/32",
        "gateway ApigGateway  standard · 3 x 2c4g · protected",
        "service-jwt ApigGatewayService  JWT · HTTP,HTTPS",
        "release Release  100 % of calls",
        "trace TraceInstance  kept 180 days · protected",
    ):
        assert any(line.endswith(wanted) for line in lines), wanted
    function = next(line for line in lines if " Function  native/v1" in line)
    assert "2048 MB · 300 s · 100 at once · image <after up>/" in function
    assert function.endswith("agent:1.0.0 · in the network")


def test_outputs_checklist_counts_and_limits_are_told(prod: Plan) -> None:
    text = render(prod)
    assert "\nOutputs\n" in text
    assert "https://<after up>/api/v2/bots/chat" in text
    assert "\nTo do by hand\n  [ ] once an account: " in text
    assert "confirm the address on-call@example.com" in text
    assert "Findings" not in text
    last = text.splitlines()[-2:]
    custom = [resource for resource in prod.recording.resources if resource.custom]
    assert last[0].startswith(f"{len(custom)} resources in ")
    assert last[0].endswith(f"{sum(resource.protect for resource in custom)} of them protected: 0 findings")
    assert "quotas, stock and prices" in last[1]


def test_dev_is_not_protected() -> None:
    plan = evaluate(ROOT, "dev")
    assert "protected ·" not in render(plan)
    assert ", 0 of them protected: 0 findings" in render(plan)


def test_findings_are_listed_and_marked_in_the_tree(project: Project) -> None:
    plan = evaluate(project(dev=REFERENCED), "dev")
    function = plan.recording.get("volcengine:vefaas/function:Function")
    assert isinstance(function.inputs, dict)
    function.inputs.update(memoryMb=700, requestTimeout=1000)
    text = render(plan_of(plan.recording))
    label = next(line for line in text.splitlines() if " Function  native/v1" in line)
    assert label.endswith("✗ 2 findings")
    assert f"\nFindings\n  {function.name} (volcengine:vefaas/function:Function): memoryMb: must be a multiple" in text
    assert ": 2 findings\n" in text


def test_a_foreign_program_can_be_planned() -> None:
    import pulumi_random as random

    plan = plan_of(record(lambda: random.RandomPassword("p", length=16), project="theirs", stack="test"))
    assert plan.findings == ()
    assert render(plan).startswith("theirs, stage test, planned offline\n\np RandomPassword\n")
