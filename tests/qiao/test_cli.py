"""The command line: exit statuses, one line for a user's mistake, and commands that do what they say."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any, NoReturn

import pytest

from components.errors import UserError
from qiao.cli import checks, main
from qiao.plan import evaluate, report
from qiao.plan.evaluate import Plan
from qiao.plan.rules import Finding
from tests.qiao.command import ROOT, Machine

FINDING = Finding(urn="urn", name="net", type="x:y:Z", path="cidrBlock", message="is no range")


def raising(error: BaseException) -> Any:
    def raises(*_: object, **__: object) -> NoReturn:
        raise error

    return raises


def test_plan_prints_the_plan_and_nothing_else(tmp_path: Path) -> None:
    ran = Machine(tmp_path).qiao("plan", "dev")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == report.render(evaluate.evaluate(ROOT, "dev"))


def test_a_project_is_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["plan", "dev", "--project", str(ROOT / "examples" / "agent-image")]) == 0
    assert capsys.readouterr().out.startswith("agent-image, stage dev, planned offline\n")


def test_a_finding_is_status_1_and_stops_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = evaluate.evaluate(ROOT, "dev")
    shown = Plan(**{**vars(plan), "findings": (FINDING,)})
    monkeypatch.setattr(evaluate, "evaluate", lambda *_: shown)
    machine = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(machine.add_pulumi().parent))
    assert main(["plan", "dev"]) == 1
    planned = capsys.readouterr().out
    assert str(FINDING) in planned
    for command in ("preview", "up", "destroy"):
        assert main([command, "dev"]) == 1
        assert capsys.readouterr().out == planned
    assert machine.handed_over is None


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["plan", "nowhere"], "qiao: Pulumi.nowhere.yaml: there is no such file; stages here: dev, prod;"),
        (["plan", "Dev"], "qiao: stage: 'Dev' is not valid;"),
        (["plan", "dev", "--project", "docs"], "qiao: --project: docs has no Pulumi.yaml;"),
        (["stage", "new", "dev", "--from", "prod"], "qiao: "),
        (["stage", "new", "x", "--from", "nowhere"], "qiao: Pulumi.nowhere.yaml: there is no such file;"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    arguments: list[str], line: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(line)
    assert captured.err.count("\n") == 1


def test_a_mistake_told_in_several_lines_is_still_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(evaluate, "evaluate", raising(UserError("apps.agent", "is\nwrong", "mend\tit")))
    assert main(["plan", "dev"]) == 2
    assert capsys.readouterr().err == "qiao: apps.agent: is wrong; mend it\n"


@pytest.mark.parametrize(
    ("arguments", "word"), [(["plam"], "plam"), (["plan"], "STAGE"), (["plan", "dev", "--nonsense"], "--nonsense")]
)
def test_wrong_usage_is_status_2(arguments: list[str], word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert word in captured.err
    assert "Traceback" not in captured.err


def test_ctrl_c_is_status_130(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evaluate, "evaluate", raising(KeyboardInterrupt()))
    assert main(["plan", "dev"]) == 130


def test_our_own_mistake_keeps_its_traceback_but_shows_no_values(tmp_path: Path) -> None:
    """A traceback with local variables could print a secret."""
    ran = Machine(tmp_path).qiao("plan", "dev", PYTHONPATH=str(_breaking(tmp_path)))
    assert ran.returncode == 1
    assert "RuntimeError: ours" in ran.stderr
    assert "canary-of-a-secret" not in ran.stdout + ran.stderr


BREAKING = """
import sys
sys.path.insert(0, {root!r})
from qiao.plan import evaluate

def broken(*_):
    value = "canary-of" + "-a-secret"
    raise RuntimeError("ours")

evaluate.evaluate = broken
"""


def _breaking(folder: Path) -> Path:
    """A folder that, on PYTHONPATH, makes every plan fail in a way that nobody foresaw."""
    (folder / "sitecustomize.py").write_text(BREAKING.format(root=str(ROOT)))
    return folder


def test_versions_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == "qiao 0.1.0, pulumi SDK 3.272.0\n"


def test_every_command_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    listed = [line.split()[0] for line in text.partition("Commands:\n")[2].splitlines()]
    assert listed == ["plan", "preview", "up", "destroy", "test", "stage"]


def test_a_new_stage_is_written_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("Pulumi.yaml", "Pulumi.dev.yaml"):
        shutil.copy(ROOT / name, tmp_path / name)
    assert main(["stage", "new", "feature-x", "--from", "dev", "--project", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("wrote Pulumi.feature-x.yaml")
    assert "next: pulumi stack init feature-x" in lines
    assert (tmp_path / "Pulumi.feature-x.yaml").is_file()


class Steps:
    """Stands for the tools that `qiao test` runs: each notes its arguments and ends as told."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.log = folder / "steps"
        monkeypatch.setattr(checks, "CHECKS", {"style": self._step("style", 0), "types": self._step("types", 1)})
        monkeypatch.setattr(checks, "PYTEST", self._step("pytest", 0))

    def _step(self, name: str, status: int) -> list[str]:
        code = f"import sys; open({str(self.log)!r}, 'a').write(repr(sys.argv[1:]) + '\\n'); sys.exit({status})"
        return [sys.executable, "-c", code, name]

    @property
    def ran(self) -> list[str]:
        return self.log.read_text().splitlines()


def test_all_checks_run_and_one_that_fails_fails_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps = Steps(tmp_path, monkeypatch)
    assert main(["test", "--fast", "-k", "network", "-x"]) == 1
    assert steps.ran == ["['style']", "['types']", "['pytest', '-m', 'not mutation', '-k', 'network', '-x']"]
    out = capsys.readouterr().out
    assert "qiao: types FAILED in" in out
    assert out.endswith("qiao: 2 of 3 passed; FAILED: types\n")


def test_all_checks_that_pass_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(tmp_path, monkeypatch)
    monkeypatch.setattr(checks, "CHECKS", {"style": checks.CHECKS["style"]})
    assert main(["test"]) == 0
    assert steps.ran == ["['style']", "['pytest']"], "breakages are included"


def test_the_checks_are_the_promised_ones() -> None:
    words = [" ".join(command[1:]) for command in checks.CHECKS.values()]
    assert words[:3] == ["-m ruff check .", "-m ruff format --check .", "-m mypy"]
    assert checks.CHECKS["import contracts"][0].endswith("lint-imports")
    assert checks.PYTEST[1:3] == ["-m", "pytest"]
