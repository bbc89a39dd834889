"""The gray release that agent-gray's page describes, step by step, past the guard that judges it in every preview."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from components.volcengine.gaps.release_guard import refusals
from qiao.plan.evaluate import evaluate
from qiao.plan.recording import Recording, reveal
from tests.stacks.support import ROOT

GRAY = ROOT / "examples" / "agent-gray"
GUARD = "pulumi-python:dynamic/volcengine:ReleaseGuard"
RELEASE = "volcengine:vefaas/release:Release"
PRESENT = re.compile(r"\n +release: \{[^}]*\}")


def table() -> list[tuple[str, str, str]]:
    """The page's steps: name, tag and release."""
    rows = re.findall(
        r"^\| (\w[\w ]*?) +\| ([\d.]+) +\| (.+?) +\|.*\|$", (GRAY / "README.md").read_text(), re.MULTILINE
    )
    return [(step, tag, release.strip("`")) for step, tag, release in rows]


class Stage:
    """A copy of one stage of the example, taken from step to step."""

    def __init__(self, folder: Path, stage: str) -> None:
        shutil.copy(GRAY / "Pulumi.yaml", folder)
        self.text = (GRAY / f"Pulumi.{stage}.yaml").read_text()
        self.folder, self.stage, self.accepted = folder, stage, dict[str, Any]()
        assert len(PRESENT.findall(self.text)) == 1

    def ask(self, tag: str, release: str | None) -> Recording:
        """What the settings of a step ask for."""
        line = "" if release is None else f"\n      release: {release}"
        text = re.sub(r"tag: [\d.]+", f"tag: {tag}", PRESENT.sub(line, self.text))
        (self.folder / f"Pulumi.{self.stage}.yaml").write_text(text)
        plan = evaluate(self.folder, self.stage)
        assert plan.findings == ()
        return plan.recording

    def refused(self, tag: str, release: str | None) -> list[str]:
        """What the guard says to a step; one that it accepts is taken."""
        news = {key: reveal(value) for key, value in self.ask(tag, release).get(GUARD).inputs.items()}
        said = [reason for _, reason in refusals(self.accepted, news)]
        if not said:
            self.accepted = news
        return said


@pytest.fixture(params=["dev", "prod"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Stage:
    return Stage(tmp_path, request.param)


def test_the_page_walks_from_a_whole_first_release_to_a_tenth_a_half_and_all() -> None:
    steps = {step: (tag, release) for step, tag, release in table()}
    weights = [release for _, release in steps.values()]
    assert weights[:4] == ["(left out)", "{weight: 10}", "{weight: 50}", "{weight: 100}"]
    assert "{revision: N}" in weights
    tags = [tag for tag, _ in steps.values()]
    assert tags[0] != tags[1]
    assert len(set(tags[1:])) == 1


def test_the_guard_lets_every_step_of_the_page_pass(stage: Stage) -> None:
    for step, tag, release in table():
        asked = None if release == "(left out)" else release.replace("N", "1")
        assert stage.refused(tag, asked) == [], step
        weight = int((re.findall(r"weight: (\d+)", release) or ["100"])[0])
        revision = int((re.findall(r"revision: (\d+)", release.replace("N", "1")) or ["0"])[0])
        inputs = stage.ask(tag, asked).get(RELEASE).inputs
        assert (inputs["targetTrafficWeight"], inputs["revisionNumber"]) == (weight, revision), step


def test_the_files_as_they_are_want_a_function_that_is_released_already(stage: Stage) -> None:
    (tag,) = re.findall(r"tag: ([\d.]+)", stage.text)
    (reason,) = stage.refused(tag, "{weight: 10}")
    assert reason.startswith("a function's first release must take all calls (release.weight 10)")
    assert stage.refused("1.0.0", None) == []
    assert stage.refused(tag, "{weight: 10}") == []


@pytest.mark.parametrize(("tag", "release"), [("1.2.0", "{weight: 10}"), ("1.0.0", None), ("1.1.0", "{revision: 1}")])
def test_nothing_else_may_come_while_a_version_is_half_way(stage: Stage, tag: str, release: str | None) -> None:
    assert stage.refused("1.0.0", None) == []
    assert stage.refused("1.1.0", "{weight: 10}") == []
    (said,) = stage.refused(tag, release)
    assert said.startswith("the last version stands at 10 percent, and a new release would roll it back half-way")
    # What the page says gives it up.
    forced = "{force: true}" if release is None else release.replace("}", ", force: true}")
    assert stage.refused(tag, forced) == []


def test_a_version_that_takes_all_calls_cannot_go_back_to_fewer(stage: Stage) -> None:
    assert stage.refused("1.0.0", None) == []
    (said,) = stage.refused("1.0.0", "{weight: 10}")
    assert said.startswith("the version already takes all calls, so it cannot go back to 10 percent")


def test_after_a_roll_back_the_next_version_needs_the_revision_taken_out(stage: Stage) -> None:
    for tag, release in (("1.0.0", None), ("1.1.0", None), ("1.1.0", "{revision: 1}")):
        assert stage.refused(tag, release) == []
    (said,) = stage.refused("1.2.0", "{revision: 1}")
    assert said.startswith("release.revision 1 is still set, so the new version would not go live")
    assert stage.refused("1.2.0", "{weight: 10}") == []


def test_a_step_touches_the_release_and_the_image_alone(stage: Stage) -> None:
    before, after = stage.ask("1.1.0", "{weight: 10}"), stage.ask("1.1.0", "{weight: 50}")
    changed = {new.name for old, new in zip(before.resources, after.resources, strict=True) if old.inputs != new.inputs}
    assert changed == {"agent-function-release-guard", "agent-function-release", "agent-function-release-ready"}
