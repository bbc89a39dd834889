"""The saved form of a plan: complete, portable, the same every time, and without a secret."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pulumi
import pytest
import yaml

from components.errors import UserError
from qiao.plan.diff import Difference
from qiao.plan.evaluate import Plan, evaluate, plan_of
from qiao.plan.recorder import record
from qiao.plan.saved import Document, SavedResource, document, load, save, text_of_document
from qiao.plan.saved.values import origins
from qiao.plan.wire import Secret
from stacks.stagefile import stages
from tests.qiao.plan.program import Box, Thing

ROOT = Path(__file__).parents[3]
PROJECTS = [ROOT, *sorted(path.parent for path in (ROOT / "examples").glob("*/Pulumi.yaml"))]
STAGES = [pytest.param(project, stage, id=f"{project.name}-{stage}") for project in PROJECTS
          for stage in stages(project)]  # fmt: skip
KINDS = {"$secret", "$of", "$text", "$file", "$number", "$unknown"}


def one(saved: Document, name: str) -> SavedResource:
    (found,) = [each for each in saved.resources if each.name == name]
    return found


def marks(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {key for key in value if key.startswith("$")} | {m for item in value.values() for m in marks(item)}
    return {mark for item in value for mark in marks(item)} if isinstance(value, list) else set()


@pytest.mark.parametrize(("project", "stage"), STAGES)
def test_every_committed_stage_is_saved_whole(project: Path, stage: str, tmp_path: Path) -> None:
    plan = evaluate(project, stage)
    saved = document(plan)
    text = text_of_document(saved)
    save(saved, tmp_path / "plan.json")
    assert load(tmp_path / "plan.json") == saved
    assert [each.urn for each in saved.resources] == [each.urn for each in plan.recording.resources]
    assert saved.counts.resources == sum(each.custom and not each.read for each in plan.recording.resources)
    assert marks(json.loads(text)) <= KINDS
    known = {each.urn for each in saved.resources}
    asked = {call.token for call in plan.recording.invokes}
    assert {origin.urn for each in saved.resources for origin in origins(each.inputs)} <= known | asked
    for each in plan.recording.resources:
        assert set(one_of(saved, each.urn).inputs) == set(each.inputs) - {"__provider"}


def one_of(saved: Document, urn: str) -> SavedResource:
    return next(each for each in saved.resources if each.urn == urn)


@pytest.mark.parametrize(("project", "stage"), STAGES)
def test_no_secret_no_stand_in_and_no_path_of_this_machine_is_saved(project: Path, stage: str) -> None:
    plan = evaluate(project, stage)
    text = text_of_document(document(plan))
    assert not plan.secrets.inside(text)
    assert not plan.computed.texts.inside(text)
    assert str(ROOT) not in text
    assert "[encrypted" not in text


def test_two_processes_save_the_same_bytes(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from qiao.plan.evaluate import evaluate; "
        "from qiao.plan.saved import document, save; "
        "save(document(evaluate(Path('examples/agent-code').resolve(), 'prod')), Path(sys.argv[1]))"
    )
    for seed, name in (("1", "a.json"), ("2", "b.json")):
        command = [sys.executable, "-c", script, str(tmp_path / name)]
        subprocess.run(command, cwd=ROOT, check=True, env={"PYTHONHASHSEED": seed, "PATH": ""})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_facts_of_a_stage_are_where_the_page_says() -> None:
    saved = document(evaluate(ROOT / "examples" / "agent-gray", "prod"))
    function, release = one(saved, "agent-function-function"), one(saved, "agent-function-release")
    assert (function.app, function.component) == ("agent", "agent-function")
    assert function.inputs["memoryMb"] == 2048
    assert release.inputs["functionId"] == {"$of": function.urn, "output": "id"}
    assert release.input_dependencies["functionId"] == (function.urn,)
    assert release.options.replace_on_changes == ("description",)
    assert release.options.delete_before_replace is True
    assert release.options.provider.endswith("shared-volcengine-cn-beijing-provider")
    assert release.depends_on == tuple(sorted(release.depends_on))
    vpc = one(saved, "shared-volcengine-cn-beijing-network-vpc")
    assert vpc.options.protect
    assert (vpc.app, vpc.component) == ("shared-volcengine-cn-beijing", "shared-volcengine-cn-beijing-network")
    component = one(saved, "agent-function")
    assert (component.custom, component.component) == (False, "agent-function")
    assert saved.checklist
    assert isinstance(saved.outputs["agent"], dict)


STACKFILE = {
    "qiao:clouds": {"volcengine": {"cn-beijing": {"zones": ["cn-beijing-a", "cn-beijing-b"]}}},
    "qiao:apps": {
        "agent": {
            "blueprint": "agent", "cloud": "volcengine", "region": "cn-beijing", "database": {},
            "image": "registry.example.com/agents/bot:1.0.0",
            "secret_env": {"API_KEY": {"secure": "v1:aaaa"}, "OTHER": {"secure": "v1:bbbb"}},
        }
    },
}  # fmt: skip


def stage(folder: Path, api_key: str = "v1:aaaa") -> Document:
    config = json.loads(json.dumps(STACKFILE).replace("v1:aaaa", api_key))
    (folder / "Pulumi.yaml").write_text("name: qiao\nruntime: python\n")
    (folder / "Pulumi.dev.yaml").write_text(yaml.safe_dump({"config": config}))
    return document(evaluate(folder.resolve(), "dev"))


def env(saved: Document, key: str) -> Any:
    (found,) = [item for item in envs(saved) if item["key"] == key]
    return found["value"]


def envs(saved: Document) -> Any:
    return one(saved, "agent-function-function").inputs["envs"]


def test_a_secret_is_told_by_what_it_is_made_of(tmp_path: Path) -> None:
    first, second = stage(tmp_path), stage(tmp_path, "v1:cccc")
    path = "qiao:apps.agent.secret_env.API_KEY"
    assert set(env(first, "API_KEY")) == {"$secret", "settings", "of"}
    assert list(env(first, "API_KEY")["settings"]) == [path]
    # Encrypted anew is new; what was not is not.
    assert env(first, "API_KEY")["settings"][path] != env(second, "API_KEY")["settings"][path]
    assert env(first, "OTHER") == env(second, "OTHER")
    made_of = {(origin.urn.rpartition("::")[2], origin.output) for origin in origins(env(first, "DATABASE_URL"))}
    assert ("agent-database-password", "result") in made_of
    assert {name for name, _ in made_of} == {"agent-database-password", "agent-database-instance"}


def test_no_digest_of_a_secret_is_saved() -> None:
    """Two secrets of a program differ, and their documents do not: nothing in one can be tried against a word list."""

    def plan(word: str) -> Plan:
        def program() -> None:
            Thing("thing", token=pulumi.Output.secret(word), list=["a", pulumi.Output.secret(word)])

        return plan_of(record(program))

    assert text_of_document(document(plan("correct-horse"))) == text_of_document(document(plan("battery-staple")))
    saved = document(plan("correct-horse"))
    assert one(saved, "thing").inputs["token"] == {"$secret": True, "settings": {}, "of": []}


def test_a_secret_inside_a_text_is_masked_wherever_it_stands() -> None:
    def program() -> None:
        Thing("one", token=pulumi.Output.secret("correct-horse"))
        Thing("two", url="https://user:correct-horse@host/", map={"correct-horse": 1})

    saved = document(plan_of(record(program)))
    assert "correct-horse" not in text_of_document(saved)
    assert one(saved, "two").inputs["url"] == "https://user:[secret]@host/"


def test_values_that_look_like_marks_are_told_from_marks() -> None:
    given: dict[str, Any] = {
        "a": {"$secret": True, "$$x": 1, "y": 2},
        "number": 1.5,
        "words": "\u4e2d\u6587 \U0001f600\x00\u2028",
    }
    saved = document(plan_of(record(lambda: Thing("thing", **given) and None)))
    inputs = one(saved, "thing").inputs
    assert inputs["a"] == {"$$secret": True, "$$$x": 1, "y": 2}
    assert inputs["number"] == 1.5
    assert inputs["words"] == given["words"]
    assert Document.model_validate_json(text_of_document(saved)) == saved


def test_files_are_named_without_where_they_lie(tmp_path: Path) -> None:
    (tmp_path / "code.zip").write_bytes(b"x")

    def program() -> None:
        Thing("thing", source=pulumi.FileAsset(str(tmp_path / "code.zip")), text=pulumi.StringAsset("body"))

    saved = document(plan_of(record(program)))
    assert one(saved, "thing").inputs["source"] == {"$file": "asset", "path": "code.zip"}
    assert str(tmp_path) not in text_of_document(saved)


def test_a_preview_says_what_nobody_knows() -> None:
    def program() -> None:
        box = Box("box")
        first = Thing("first", pulumi.ResourceOptions(parent=box, protect=True, ignore_changes=["a"]), a=1)
        Thing("second", of=first.id)

    saved = document(plan_of(record(program, preview=True)))
    assert one(saved, "second").inputs["of"] == {"$unknown": True}
    first = one(saved, "first")
    assert first.options.protect
    assert first.options.ignore_changes == ("a",)
    assert first.component == "box"
    assert first.app == ""


def test_a_plan_is_saved_whole_over_plans_only(tmp_path: Path) -> None:
    saved = document(plan_of(record(lambda: None)))
    path = tmp_path / "plan.json"
    save(saved, path)
    save(saved, path)
    assert load(path) == saved
    assert [each.name for each in tmp_path.iterdir()] == ["plan.json"]
    for name, text in (("notes.json", "{}"), ("Pulumi.dev.yaml", "config: {}\n"), ("empty", "")):
        other = tmp_path / name
        other.write_text(text)
        with pytest.raises(UserError, match="is there, and is no saved plan; give another name; nothing was written"):
            save(saved, other)
        assert other.read_text() == text
    with pytest.raises(UserError, match=r"plan.json: cannot be written"):
        save(saved, tmp_path / "missing" / "plan.json")


def test_a_file_that_is_no_plan_is_one_clear_line(tmp_path: Path) -> None:
    good = json.loads(text_of_document(document(evaluate(ROOT, "dev"))))
    resource = {**good["resources"][0], "inputs": {"password": "hush-hush"}}

    def damaged(**changes: Any) -> str:
        return json.dumps({**good, **changes})

    broken: dict[str, list[str | None]] = {
        "is no JSON": ["{", "[" * 100_000, '{"a": NaN}', "\x00", ""],
        "is no saved plan": ["[]", "1", '"x"', "{}", '{"format": "qiao.diff", "version": 1}'],
        "is a saved plan of another version than 1": [damaged(version=2), damaged(version="1"), damaged(version=None)],
        "is a damaged plan (at stage)": [damaged(stage=None)],
        "is a damaged plan (at resources.0.urn)": [damaged(resources=[{**resource, "urn": 5}])],
        "is a damaged plan (at resources.0.extra)": [damaged(resources=[{**resource, "extra": "hush-hush"}])],
        "is a damaged plan: a resource stands twice": [damaged(resources=[resource, resource])],
        "there is no such file": [None],
    }
    for message, texts in broken.items():
        for text in texts:
            path = tmp_path / "old.json"
            path.unlink(missing_ok=True)
            if text is not None:
                path.write_text(text)
            with pytest.raises(UserError) as caught:
                load(path)
            assert str(caught.value).startswith(f"old.json: {message}"), text
            assert "hush-hush" not in str(caught.value)


@pytest.mark.parametrize(("name", "model"), [("plan", Document), ("diff", Difference)])
def test_the_committed_schemas_are_those_of_the_code(name: str, model: type[Document] | type[Difference]) -> None:
    committed = json.loads((ROOT / "docs" / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert committed == model.model_json_schema(mode="serialization")


def test_secrets_of_outputs_are_masked_too() -> None:
    def program() -> None:
        pulumi.export("a", {"b": pulumi.Output.secret("correct-horse"), "c": "clear"})
        pulumi.export("checklist", ["do this"])

    recording = record(program)
    assert isinstance(recording.outputs["a"], dict | Secret)
    saved = document(plan_of(recording))
    assert "correct-horse" not in text_of_document(saved)
    assert saved.checklist == ("do this",)
    assert "checklist" not in saved.outputs
