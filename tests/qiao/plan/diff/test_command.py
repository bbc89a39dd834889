"""`qiao plan --json`, `--save` and `--diff`: statuses, one line for a mistake, and pages that are true."""

from __future__ import annotations

import io
import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from qiao.cli import main
from qiao.plan.diff import compare
from qiao.plan.diff.show import render, show
from qiao.plan.saved import load
from tests.qiao.plan.diff.sketch import BUCKET, VPC, of, plan, resource
from tests.qiao.plan.diff.stages import ROOT, planned, write

PAGES = [ROOT / "docs" / "plan-json.md", ROOT / "docs" / "plan-diff.md"]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a stage, and the folder that commands are run in."""
    monkeypatch.chdir(tmp_path)
    return write(tmp_path, {})


def run(project: Path, *words: str) -> int:
    return main(["plan", *words, "--project", str(project)])


def test_json_is_the_saved_plan(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(project, "dev", "--save", "dev.json") == 0
    assert capsys.readouterr().out.startswith("qiao, stage dev, planned offline")
    assert run(project, "dev", "--json") == 0
    assert capsys.readouterr().out == (project / "dev.json").read_text()
    assert load(project / "dev.json") == planned()


def test_a_change_is_shown_and_status_3_where_it_is_asked_for(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(project, "dev", "--save", "old.json") == 0
    assert run(project, "dev", "--diff", "old.json", "--exit-code") == 0
    capsys.readouterr()
    write(project, {"apps.agent.memory_mb": 2048})
    assert run(project, "dev", "--diff", "old.json") == 0
    shown = capsys.readouterr().out
    assert "  ~ agent-function-function Function\n      memoryMb: 1024 -> 2048\n" in shown
    assert shown.endswith("1 REPLACED, 3 updated: 0 problems, 0 findings\n" + shown.splitlines()[-1] + "\n")
    assert run(project, "dev", "--diff", "old.json", "--exit-code") == 3
    capsys.readouterr()
    # Compared, then moved on.
    assert run(project, "dev", "--diff", "old.json", "--save", "old.json", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["format"], told["version"], told["counts"]["update"]) == ("qiao.diff", 1, 3)
    assert run(project, "dev", "--diff", "old.json", "--exit-code") == 0


def test_two_files_are_compared_without_a_project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, {})
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    assert run(tmp_path, "dev", "--save", str(old)) == 0
    write(tmp_path, {"apps.agent.env.LOG_LEVEL": "debug"})
    assert run(tmp_path, "dev", "--save", str(new)) == 0
    capsys.readouterr()
    assert main(["plan", "--diff", str(old), str(new)]) == 0
    assert "      envs[LOG_LEVEL].value: info -> debug\n" in capsys.readouterr().out


def test_a_problem_is_status_1(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(project, {"profile.protect": True})
    assert run(project, "dev", "--save", "old.json") == 0
    write(project, {"profile.protect": True, "apps.agent.database": None})
    capsys.readouterr()
    assert run(project, "dev", "--diff", "old.json", "--exit-code") == 1
    shown = capsys.readouterr().out
    assert "  - agent-database-instance Instance\n      REFUSED: it is protected\n" in shown
    assert "agent-database-instance (Instance): is protected and would be destroyed:" in shown


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["dev", "--exit-code"], "--exit-code: stands without --diff; add --diff OLD, or leave it out"),
        (["dev", "--diff", "no.json"], "no.json: there is no such file; save one with `qiao plan STAGE --save FILE`"),
        (["dev", "--diff", "Pulumi.yaml"], "Pulumi.yaml: is no JSON; save one with `qiao plan STAGE --save FILE`"),
        (["dev", "--save", "Pulumi.yaml"], "Pulumi.yaml: is there, and is no saved plan; give another name; nothing "
                                           "was written"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(project: Path, capsys: pytest.CaptureFixture[str], words: list[str], line: str) -> None:
    assert run(project, *words) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", f"qiao: {line}\n")


def test_a_bad_old_plan_is_refused_before_anything_is_written(project: Path) -> None:
    (project / "old.json").write_text("{}")
    assert run(project, "dev", "--diff", "old.json", "--save", "new.json") == 2
    assert not (project / "new.json").exists()


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_commands_of_the_pages_run(page: Path, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.strip() for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("    python3")]
    assert lines
    assert run(project, "dev", "--save", "new.json") == 0
    for line in lines:
        words = shlex.split(line)
        assert words[:4] == ["python3", "-m", "qiao", "plan"]
        assert run(project, *words[4:]) == 0, line


def test_the_pages_name_what_there_is() -> None:
    fields = PAGES[0].read_text(encoding="utf-8")
    shape = json.loads((ROOT / "docs" / "plan.schema.json").read_text())
    for model in (shape, shape["$defs"]["SavedResource"]):
        named = set(re.findall(r"`(\w+)`", fields))
        assert set(model["properties"]) <= named
    for page in PAGES:
        for link in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / link).is_file(), link


PICTURE = """\
qiao, stage dev: what changes since old.json

Destroyed (1)
  - assets Bucket
      REFUSED: it is protected
      lost with it: the objects in it

Replaced (2)
  -/+ near Subnet
      the new one comes first
      ! vpcId: <after up>, net is made anew
  -/+ net Vpc
      the new one comes first
      ! cidrBlock: 10.0.0.0/16 -> 10.1.0.0/16

Updated in place (1)
  ~ talk Function
      . description: "two\\nlines" -> none
          the provider does not see this: taking it away changes nothing in the
            cloud: give an empty one
      envs[KEY].value:
          - [secret]
          + [secret] (qiao:apps.a.secret_env.KEY was set anew)
      envs[NEW]: none -> {key: NEW, value: <net.id>}
      vpcConfig.subnetIds:
          - <far.id>
          + <near.id>

Problems: `up` would fail, or do harm
  assets (Bucket): is protected and would be destroyed: where that is meant, run
    `up` with `protect` off first

1 DESTROYED, 2 REPLACED, 1 updated: 1 problem, 0 findings
Two plans were compared, not the cloud: `pulumi preview` finds changes by hand.
"""


def test_how_a_difference_looks() -> None:
    subnet, function = "volcengine:vpc/subnet:Subnet", "volcengine:vefaas/function:Function"

    def secret(mark: str) -> dict[str, Any]:
        return {"key": "KEY", "value": {"$secret": True, "settings": {"qiao:apps.a.secret_env.KEY": mark}, "of": []}}

    new = {"key": "NEW", "value": of(VPC, "net")}
    old_inputs = {"description": "two\nlines", "envs": [secret("1")], "vpcConfig": {"subnetIds": [of(subnet, "far")]}}
    new_inputs = {"envs": [secret("2"), new], "vpcConfig": {"subnetIds": [of(subnet, "near")]}}

    def stage(cidr: str, inputs: dict[str, Any]) -> list[Any]:
        network = resource(VPC, "net", {"cidrBlock": cidr})
        return [network, resource(subnet, "near", {"vpcId": of(VPC, "net")}), resource(function, "talk", inputs)]

    bucket = resource(BUCKET, "assets", {"bucketName": "assets"}, protect=True)
    old, now = plan(*stage("10.0.0.0/16", old_inputs), bucket), plan(*stage("10.1.0.0/16", new_inputs))
    assert render(compare(old, now), "old.json") == PICTURE


def test_lines_are_short_and_colours_for_terminals_alone() -> None:
    old, new = planned(), planned({"clouds.volcengine.cn-beijing.cidr": "10.8.0.0/16", "apps.agent.bucket": None})
    difference = compare(old, new)
    text = render(difference, "old.json")
    assert [line for line in text.splitlines() if len(line) > 80] == []
    assert "\x1b" not in text

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    show(difference, "old.json", screen)
    assert re.sub(r"\x1b\[[0-9;]*m", "", screen.getvalue()) == text


def test_a_value_cannot_draw_on_the_terminal() -> None:
    old, new = (plan(resource(VPC, "v", {"vpcName": name})) for name in ("a", "\x1b[31mred\r\n[bold]x"))
    text = render(compare(old, new), "old.json")
    assert "\x1b" not in text
    assert '"\\u001b[31mred\\r\\n[bold]x"' in text
