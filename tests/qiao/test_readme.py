"""The README and the pages say what is true: blocks run, files exist, excerpts are what is printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from qiao.bootstrap import ROOT
from qiao.plan.evaluate import evaluate
from qiao.plan.report import render
from qiao.testing import check, record

README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CONTRIBUTING.md", "docs/architecture.md"]
BLOCK = re.compile(r"(<!-- shown, not run: ([^>]+) -->\n)?( *)```(\w+)\n(.*?)^ *```", re.DOTALL | re.MULTILINE)


def blocks(language: str, *, shown: bool = False) -> list[str]:
    return [text for mark, _why, _, kind, text in BLOCK.findall(README) if kind == language and bool(mark) == shown]


def only(language: str) -> str:
    (block,) = blocks(language)
    return block


def test_the_two_commands_are_the_first_ones_shown() -> None:
    assert [block.strip() for block in blocks("bash")[:2]] == ["python3 -m qiao plan dev", "python3 -m qiao test"]


@pytest.mark.parametrize("block", [block for block in blocks("bash") if "qiao test" not in block])
def test_a_shown_command_runs(block: str, tmp_path: Path) -> None:
    words = shlex.split(block)
    assert words[:3] == ["python3", "-m", "qiao"]
    project = tmp_path / "project"
    project.mkdir()
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        (project / name).write_bytes((ROOT / name).read_bytes())
    (project / "examples").symlink_to(ROOT / "examples")
    command = [sys.executable, "-c", "import sys; from qiao.cli import main; sys.exit(main(sys.argv[1:]))"]
    ended = subprocess.run(
        [*command, *words[3:], "--project", str(project)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


def test_a_command_that_is_only_shown_is_one_that_exists() -> None:
    lines = [line.strip() for block in blocks("bash", shown=True) for line in block.splitlines()]
    own = [line.split() for line in lines if line.startswith("python3 -m qiao")]
    assert own == [["python3", "-m", "qiao", command, "dev"] for command in ("preview", "up")]


def test_the_excerpt_is_what_a_plan_prints() -> None:
    printed = iter(render(evaluate(ROOT, "dev")).splitlines())
    for line in only("text").splitlines():
        assert line == "" or any(line.rstrip() == found.rstrip() for found in printed), (
            f"not printed (any more): {line}"
        )


def test_the_settings_shown_are_valid(tmp_path: Path) -> None:
    stage = yaml.safe_load((ROOT / "Pulumi.dev.yaml").read_text())
    stage["config"]["qiao:apps"] = yaml.safe_load(only("yaml"))["config"]["qiao:apps"]
    (tmp_path / "Pulumi.yaml").write_text((ROOT / "Pulumi.yaml").read_text())
    (tmp_path / "Pulumi.dev.yaml").write_text(yaml.safe_dump(stage))
    plan = evaluate(tmp_path, "dev")
    assert plan.exit_status == 0
    function = plan.recording.get("volcengine:vefaas/function:Function")
    assert function.inputs["source"] == "registry.example.com/agents/helper:1.0.0"


def test_the_program_shown_runs_and_breaks_no_rule() -> None:
    recording = record(lambda: exec(compile(only("python"), "README.md", "exec"), {}), project="shop")  # noqa: S102
    assert check(recording) == []
    assert recording.get("volcengine:tos/bucket:Bucket").inputs["publicAcl"] == "private"
    assert set(recording.outputs) == {"bucket"}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_points_to_is_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    folder = (ROOT / page).parent
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    paths = re.findall(r"`((?:components|stacks|qiao|tests|examples|docs|benchmarks)/[\w/.-]*)`", text)
    assert links or paths
    for link in links:
        assert (folder / link).exists(), link
    for path in paths:
        assert (ROOT / path).exists(), path


def test_the_zen_has_eight_lines() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert len(re.findall(r"^\d\. .+\.$", text, re.MULTILINE)) == 8
