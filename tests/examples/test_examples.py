"""Every example is a whole project: Pulumi runs it, each stage shows what its page says, and no page lies."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import yaml

from qiao.cli import main
from stacks.stagefile import stages
from tests.examples import alicloud
from tests.examples.support import EXAMPLES, STAGES, every_example, every_stage, planned
from tests.stacks.support import ROOT

VOLCENGINE = ("agent-build", "agent-code", "agent-gray", "agent-image", "agent-later")
WEB = {"web-express": "alicloud"}
"""The cloud of each that is written for more than one."""
TITLES = {"alicloud": "Alibaba Cloud", "tencentcloud": "Tencent Cloud"}


def test_there_is_one_for_each_way() -> None:
    names = {path.name for path in EXAMPLES}
    assert names == {*VOLCENGINE, *alicloud.NAMES, *WEB}
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
    assert set(stages(example)) >= set(STAGES)
    for stage in stages(example):
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


def test_the_readme_lists_each_with_its_cloud() -> None:
    clouds = {"Volcengine": VOLCENGINE, "Alibaba Cloud": alicloud.NAMES}
    wanted = [(name, cloud) for cloud, names in clouds.items() for name in names]
    wanted += [(name, TITLES[cloud]) for name, cloud in WEB.items()]
    rows = re.findall(r"^\| \[([\w-]+)\]\(examples/([\w-]+)\) \| ([\w ]+) \|", (ROOT / "README.md").read_text(), re.M)
    assert sorted(rows) == sorted((name, name, cloud) for name, cloud in wanted)


def test_a_stage_stands_on_one_cloud() -> None:
    for name, own, other in (
        *((name, "volcengine", "alicloud") for name in VOLCENGINE),
        *((name, "alicloud", "volcengine") for name in alicloud.NAMES),
    ):
        for stage in STAGES:
            types = {resource.type for resource in planned(name, stage).recording.resources}
            assert f"pulumi:providers:{own}" in types
            assert not [kind for kind in types if kind.split(":")[0] == other or f":{other}:" in kind], name


def test_scripts_can_be_run() -> None:
    scripts = sorted((ROOT / "examples").glob("*/app/run.sh"))
    assert [script.parent.parent.name for script in scripts] == [
        "agent-build", "agent-code", "agent-web", "chat-suite", "web-express",
    ]  # fmt: skip
    for script in scripts:
        assert script.stat().st_mode & 0o111 == 0o111, script
        assert script.read_text().startswith("#!/bin/sh\n")
        assert "\r" not in script.read_text()
