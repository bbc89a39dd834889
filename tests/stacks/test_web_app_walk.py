"""The gray release as the guide walks it, over saved plans: 0 -> 0.1 -> 1.0 -> publish -> roll back.

A step of a share is in place; a publish adds one version and takes none away; going back makes nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from components.gaps import history
from qiao.cli import main
from qiao.plan.diff import compare
from qiao.plan.diff.model import Change, Difference
from qiao.plan.evaluate import evaluate
from qiao.plan.recording import Recording
from qiao.plan.saved import Document, document, load, save
from tests.stacks.web_app_support import CloudWords, every_cloud, lay_out, shared, web

every_stage = pytest.mark.parametrize("stage", ["dev", "prod"])


class Walk:
    """One stage, taken from step to step; each step's plan is saved, and read again for the next."""

    def __init__(self, folder: Path, words: CloudWords, stage: str) -> None:
        self.folder, self.words, self.stage = lay_out(folder), words, stage
        (folder / "Pulumi.yaml").write_text("name: qiao\nruntime: python\n")
        self.before: Document | None = None

    @property
    def file(self) -> Path:
        """The plan of the last step."""
        return self.folder / "last.json"

    def write(self, release: dict[str, Any] | None, page: str | None = None) -> None:
        """The stage's settings and code as a step has them."""
        if page is not None:
            lay_out(self.folder, page)
        config = {"qiao:apps": {"web": web(self.words, release=release)}, "qiao:clouds": shared(self.words)}
        (self.folder / f"Pulumi.{self.stage}.yaml").write_text(yaml.safe_dump({"config": config}))

    def step(self, release: dict[str, Any] | None, page: str | None = None) -> tuple[Difference, Recording]:
        """What a step changes, and all that it asks for."""
        self.write(release, page)
        plan = evaluate(self.folder, self.stage)
        assert plan.findings == ()
        new = document(plan)
        old = load(self.file) if self.file.exists() else new
        save(new, self.file)
        return compare(old, new), plan.recording

    def released(self) -> None:
        """The first two releases: version 1 serves, and version 2 is there without calls."""
        self.step(None, "one")
        self.step({"weight": 0}, "two")


def kinds(difference: Difference, *ignored: str) -> dict[str, str]:
    """What becomes of each resource, by its name."""
    return {change.name: change.kind for change in difference.changes if change.name not in ignored}


def change(difference: Difference, name: str) -> Change:
    (found,) = [one for one in difference.changes if one.name == name]
    return found


def shares(recording: Recording, words: CloudWords) -> dict[str, float]:
    """Who takes a share of calls beside the main version."""
    return words.shares(recording.get(words.alias).inputs)


@every_cloud
@every_stage
def test_the_same_again_changes_nothing(words: CloudWords, stage: str, tmp_path: Path) -> None:
    walk = Walk(tmp_path, words, stage)
    walk.step(None, "one")
    difference, recording = walk.step(None, "one")
    assert difference.is_empty
    assert shares(recording, words) == {}


@every_cloud
@every_stage
@pytest.mark.parametrize("weight", [0, 10, 100])
def test_a_publish_adds_one_version_and_destroys_none(
    words: CloudWords, stage: str, weight: int, tmp_path: Path
) -> None:
    walk = Walk(tmp_path, words, stage)
    walk.step(None, "one")
    difference, _ = walk.step({"weight": weight}, "two")
    assert difference.problems == ()
    assert (difference.of("destroy"), difference.of("create")) == ([], [])
    replaced = {one.type: one for one in difference.of("replace")}
    assert set(replaced) == {words.version, words.archive}
    version = replaced[words.version]
    assert version.retained, "the alias may still lead to it, and a later release go back to it"
    assert not replaced[words.archive].delete_first, "the function would be without its code"
    function = change(difference, "web-function")
    assert function.kind == "update"
    assert change(difference, "web-alias").kind == "update"


@every_cloud
@every_stage
def test_steps_of_a_share_are_in_place(words: CloudWords, stage: str, tmp_path: Path) -> None:
    walk = Walk(tmp_path, words, stage)
    walk.released()
    for weight, share in ((10, 0.1), (50, 0.5)):
        difference, recording = walk.step({"weight": weight})
        assert kinds(difference) == {"web-alias": "update", "web-history": "update"}
        assert difference.problems == ()
        (given,) = shares(recording, words).values()
        assert given == share
        assert recording.outputs["web"]["traffic"] == share
    difference, recording = walk.step({"weight": 100})
    assert kinds(difference) == {"web-alias": "update", "web-history": "update"}
    assert shares(recording, words) == {}
    assert recording.outputs["web"]["traffic"] == 1
    assert recording.outputs["web"]["version"] == recording.outputs["web"]["last_version"]


@every_cloud
@every_stage
def test_a_version_that_gets_nothing_yet_leaves_all_calls_where_they_were(
    words: CloudWords, stage: str, tmp_path: Path
) -> None:
    walk = Walk(tmp_path, words, stage)
    walk.step(None, "one")
    difference, recording = walk.step({"weight": 0}, "two")
    assert shares(recording, words) == {}
    assert recording.outputs["web"]["traffic"] == 0
    outputs = {field.path: field.new for field in difference.outputs}
    assert outputs["web.traffic"] == 0


@every_cloud
@every_stage
def test_going_back_makes_nothing_and_takes_nothing_away(words: CloudWords, stage: str, tmp_path: Path) -> None:
    walk = Walk(tmp_path, words, stage)
    walk.released()
    walk.step({"weight": 100})
    difference, recording = walk.step({"revision": 1})
    assert kinds(difference) == {"web-alias": "update", "web-history": "update"}
    assert shares(recording, words) == {}
    outputs = recording.outputs["web"]
    assert (outputs["version"], outputs["traffic"]) == ("1", 0)
    # And forward again: the newest code is still there.
    difference, recording = walk.step({"weight": 100})
    assert kinds(difference) == {"web-alias": "update", "web-history": "update"}
    assert recording.outputs["web"]["version"] == recording.outputs["web"]["last_version"]


@every_cloud
@every_stage
def test_a_publish_while_another_is_half_way_is_a_problem_unless_that_one_is_given_up(
    words: CloudWords, stage: str, tmp_path: Path
) -> None:
    walk = Walk(tmp_path, words, stage)
    walk.released()
    walk.step({"weight": 10})
    saved = walk.file.read_text()
    difference, _ = walk.step({"weight": 10}, "three")
    assert difference.exit_status == 1
    (problem,) = difference.problems
    assert (problem.kind, problem.name) == ("guard", "web-history")
    assert "the last version stands at 10 percent" in problem.message
    walk.file.write_text(saved)
    difference, _ = walk.step({"weight": 10, "force": True}, "three")
    assert difference.problems == ()


@every_cloud
def test_a_first_release_in_part_is_refused_where_there_is_nothing_before_it(words: CloudWords, tmp_path: Path) -> None:
    walk = Walk(tmp_path, words, "prod")
    walk.write({"weight": 10}, "one")
    said = [str(finding) for finding in evaluate(tmp_path, "prod").findings]
    # A plan does not know that it is the first one: what is refused, the history's own law refuses in the preview.
    assert said == []
    inputs = evaluate(tmp_path, "prod").recording.get(f"{words.gap}ReleaseHistory").inputs
    (refused,) = history.refusals(("region", "function_name"), {}, dict(inputs))
    assert refused[0] == "weight"


@every_cloud
@every_stage
def test_the_command_line_walks_likewise(
    words: CloudWords, stage: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk = Walk(tmp_path, words, stage)
    project = ["--project", str(tmp_path)]
    file = str(tmp_path / "plan.json")
    walk.write(None, "one")
    assert main(["plan", stage, "--save", file, *project]) == 0
    walk.write({"weight": 0}, "two")
    capsys.readouterr()
    assert main(["plan", stage, "--diff", file, "--save", file, "--exit-code", *project]) == 3
    shown = capsys.readouterr().out
    assert "2 REPLACED" in shown
    assert not [line for line in shown.splitlines() if line.startswith("  - ")], "nothing is destroyed"
    walk.write({"weight": 10})
    assert main(["plan", stage, "--diff", file, "--exit-code", *project]) == 3
    assert "2 updated: 0 problems, 0 findings" in capsys.readouterr().out
