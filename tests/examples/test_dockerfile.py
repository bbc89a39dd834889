"""The sample's Dockerfile, and what the stage files start in it: nothing here can be built without Docker, but read."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from qiao.plan.evaluate import evaluate
from tests.stacks.support import ROOT

BUILD = ROOT / "examples" / "agent-build"
FILES = sorted((ROOT / "examples").rglob("Dockerfile"))


def instructions(path: Path) -> list[tuple[str, str]]:
    """Its instructions, comments out and continued lines joined."""
    text = re.sub(r"\\\n", " ", "\n".join(line for line in path.read_text().splitlines() if not line.startswith("#")))
    return [
        (word.upper(), rest.strip()) for word, _, rest in (line.partition(" ") for line in text.splitlines() if line)
    ]


def one(path: Path, word: str) -> str:
    """The one instruction of its kind."""
    (rest,) = [rest for name, rest in instructions(path) if name == word]
    return rest


@pytest.fixture(params=FILES, ids=lambda path: path.parent.parent.name)
def dockerfile(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_there_is_one() -> None:
    assert FILES == [BUILD / "app" / "Dockerfile"]


def test_it_begins_from_one_release_of_a_slim_python(dockerfile: Path) -> None:
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-[a-z]+", one(dockerfile, "FROM"))


def test_it_runs_as_nobody_in_particular(dockerfile: Path) -> None:
    user = one(dockerfile, "USER")
    assert re.fullmatch(r"\d+:\d+", user), "a number: the runtime cannot look names up"
    assert int(user.partition(":")[0]) > 0
    words = [word for word, _ in instructions(dockerfile)]
    # What prepares the files needs to be root, what starts must not.
    assert words.index("RUN") < words.index("USER") < words.index("CMD")


def test_it_starts_the_script_that_the_stages_start(dockerfile: Path) -> None:
    folder, command = one(dockerfile, "WORKDIR"), json.loads(one(dockerfile, "CMD"))
    assert command == [f"{folder}/run.sh"]
    for stage in ("dev", "prod"):
        function = evaluate(BUILD, stage).recording.get("volcengine:vefaas/function:Function")
        assert function.inputs["command"] == "./run.sh"
        assert function.inputs["port"] == 8000


def test_what_it_copies_is_there_and_what_it_starts_is_copied(dockerfile: Path) -> None:
    copies = [rest.split() for word, rest in instructions(dockerfile) if word == "COPY"]
    for source, target in copies:
        assert (dockerfile.parent / source).exists(), source
        assert target.startswith(one(dockerfile, "WORKDIR") + "/")
    script = dockerfile.parent / "run.sh"
    assert "run.sh" in [source for source, _ in copies]
    assert re.search(r"^exec python3 code/main\.py$", script.read_text(), re.MULTILINE)
    assert (dockerfile.parent / "code" / "main.py").is_file()
    ignored = (dockerfile.parent / ".dockerignore").read_text().split()
    assert "__pycache__" in ignored or "**/__pycache__" in ignored
