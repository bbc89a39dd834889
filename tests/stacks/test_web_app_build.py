"""A folder of code that is not built: a line for a person in a plan, refused before `up`, and never built from here."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from components.errors import UserError
from tests.stacks.web_app_support import Bench, CloudWords, every_cloud, function

EXPRESS = {"dependencies": {"express": "5.3.0"}}


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def manifest(bench: Bench, content: Any) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (bench.folder / "app" / "package.json").write_text(text, encoding="utf-8")


def install(bench: Bench, *names: str) -> None:
    for name in names:
        folder = bench.folder / "app" / "node_modules" / name
        folder.mkdir(parents=True)
        (folder / "package.json").write_text("{}")


def undone(bench: Bench, words: CloudWords, **settings: Any) -> list[str]:
    """What a plan says is to be done about the code."""
    lines = bench.run(words, **settings).outputs["checklist"]
    return [line for line in lines if "package.json" in line]


@every_cloud
def test_a_plan_of_a_fresh_checkout_says_what_to_run(words: CloudWords, bench: Bench) -> None:
    manifest(bench, EXPRESS)
    assert undone(bench, words) == [
        "web: app lacks what its package.json depends on (express): run `npm ci --omit=dev` in it before `up`"
    ]


@every_cloud
@pytest.mark.parametrize("preview", [False, True])
def test_before_up_it_is_refused_and_nothing_is_declared(words: CloudWords, preview: bool, bench: Bench) -> None:
    manifest(bench, EXPRESS)
    with pytest.raises(UserError) as caught:
        bench.run(words, offline=False, preview=preview, build="npm run build")
    assert str(caught.value) == (
        "apps.web.code.path: app lacks what its package.json depends on (express); run `npm run build` in it before "
        "`up`"
    )


@every_cloud
def test_once_it_is_built_it_is_packed_with_what_it_needs(words: CloudWords, bench: Bench) -> None:
    manifest(bench, EXPRESS)
    before = bench.run(words).get(words.archive).inputs[words.archive_key]
    install(bench, "express")
    recording = bench.run(words, offline=False)
    assert function(recording, words)
    assert recording.get(words.archive).inputs[words.archive_key] != before
    assert undone(bench, words) == []


@every_cloud
def test_what_is_named_like_a_command_is_never_run(words: CloudWords, bench: Bench) -> None:
    manifest(bench, EXPRESS | {"scripts": {"preinstall": "touch ../ran"}})
    told = undone(bench, words, build="touch ../ran; touch ran")
    assert told == [
        "web: app lacks what its package.json depends on (express): run `touch ../ran; touch ran` in it before `up`"
    ]
    assert not list(bench.folder.rglob("ran"))


@every_cloud
@pytest.mark.parametrize(
    "content",
    [
        {}, {"dependencies": {}}, {"dependencies": None}, {"dependencies": ["express"]},
        {"devDependencies": {"eslint": "9.0.0"}}, {"optionalDependencies": {"fsevents": "2.0.0"}}, [], "{", "\x00",
    ],
    ids=str,
)  # fmt: skip
def test_nothing_is_missing_where_nothing_is_needed_or_known(words: CloudWords, content: Any, bench: Bench) -> None:
    manifest(bench, content)
    assert undone(bench, words) == []
    assert function(bench.run(words, offline=False), words)


@every_cloud
def test_names_with_a_scope_are_folders_in_folders(words: CloudWords, bench: Bench) -> None:
    manifest(bench, {"dependencies": {"@scope/one": "1.0.0", "@scope/two": "1.0.0"}})
    install(bench, "@scope/one")
    (line,) = undone(bench, words)
    assert "(@scope/two)" in line


@every_cloud
def test_a_few_names_stand_for_many(words: CloudWords, bench: Bench) -> None:
    manifest(bench, {"dependencies": dict.fromkeys("edcba", "1.0.0")})
    (line,) = undone(bench, words)
    assert "(a, b, c and 2 more)" in line


@every_cloud
def test_a_folder_that_was_begun_and_not_finished_is_not_built(words: CloudWords, bench: Bench) -> None:
    manifest(bench, EXPRESS)
    (bench.folder / "app" / "node_modules" / "express").mkdir(parents=True)
    assert len(undone(bench, words)) == 1


@every_cloud
def test_packages_that_the_archive_would_not_hold_are_missing(words: CloudWords, bench: Bench) -> None:
    manifest(bench, EXPRESS)
    install(bench, "express")
    assert len(undone(bench, words, code={"path": "app", "ignore": ["node_modules"]})) == 1


@every_cloud
def test_a_bundle_needs_nothing_and_says_so_by_leaving_its_package_out(words: CloudWords, bench: Bench) -> None:
    manifest(bench, EXPRESS)
    code = {"path": "app", "ignore": ["package.json"]}
    assert undone(bench, words, code=code) == []
    assert function(bench.run(words, code=code, offline=False), words)


@every_cloud
def test_a_folder_that_is_not_there_is_said_as_such(words: CloudWords, bench: Bench) -> None:
    bench.clear()
    for offline in (True, False):
        with pytest.raises(UserError, match=r"^apps\.web\.code\.path: app is not a folder; "):
            bench.run(words, offline=offline)


@every_cloud
def test_what_cannot_be_read_is_no_reason_to_fail(words: CloudWords, bench: Bench) -> None:
    if os.geteuid() == 0:
        pytest.skip("root reads everything")
    manifest(bench, EXPRESS)
    (bench.folder / "app" / "package.json").chmod(0)
    assert undone(bench, words) == []
