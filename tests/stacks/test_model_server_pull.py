"""What an instance runs before its first call: the very command, by real shells, on a server that logs its calls."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from stacks.model_server_args import pull_command
from tests.stacks.model_support import function, guide, server, shared
from tests.stacks.support import run

SHELLS = [path for name in ("sh", "dash", "bash") if (path := shutil.which(name))]
every_shell = pytest.mark.parametrize("shell", SHELLS, ids=lambda path: Path(path).name)

FAKE = """#!/bin/sh
printf '%s\\n' "$*" >> "$LOG"
case "$1" in
list)
  left=$(cat "$STATE/starting" 2>/dev/null || echo 0)
  [ "$left" -gt 0 ] || exit 0
  echo $((left - 1)) > "$STATE/starting"
  exit 1 ;;
show)
  [ "$2" = --modelfile ] || exit 2
  grep -qxF -- "$3" "$STATE/there" 2>/dev/null ;;
pull)
  if grep -qxF -- "$2" "$STATE/broken" 2>/dev/null; then echo "pull: no route" >&2; exit 7; fi
  echo "$2" >> "$STATE/there" ;;
esac
"""
"""Ollama, as far as an initializer calls it: one that starts up, has models, and cannot reach some."""


class Instance:
    """One instance, with a fake `ollama` on its path."""

    def __init__(self, folder: Path, *, starting: int = 0, there: str = "", broken: str = "") -> None:
        self.log, self.state = folder / "log", folder
        binary = folder / "bin" / "ollama"
        binary.parent.mkdir()
        binary.write_text(FAKE)
        binary.chmod(0o755)
        # The wait between two looks is not waited for here, and each is written down.
        sleep = folder / "bin" / "sleep"
        sleep.write_text('#!/bin/sh\nprintf \'sleep %s\\n\' "$*" >> "$LOG"\n')
        sleep.chmod(0o755)
        for name, text in (("starting", str(starting)), ("there", there), ("broken", broken)):
            (folder / name).write_text(text and f"{text}\n")

    def run(self, shell: str, command: str) -> subprocess.CompletedProcess[str]:
        path = f"{self.state / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {"PATH": path, "LOG": str(self.log), "STATE": str(self.state)}
        return subprocess.run(
            [shell, "-c", command], env=environment, capture_output=True, text=True, timeout=30, check=False
        )

    @property
    def calls(self) -> list[str]:
        return self.log.read_text().splitlines()


def command_of(models: list[str]) -> str:
    """The command that reaches the function."""
    recording = run({"models": server(models=models)}, shared())
    shell, flag, command = function(recording).inputs["instanceLifecycleConfig"]["initializer"]["commands"]
    assert (shell, flag) == ("/bin/sh", "-c")
    return str(command)


TWO = ["llama3.1:8b", "qwen2.5:7b"]


def test_the_command_is_this() -> None:
    assert command_of(TWO) == (
        "set -e; until ollama list > /dev/null 2>&1; do sleep 1; done; "
        "ollama show --modelfile llama3.1:8b > /dev/null 2>&1 || ollama pull llama3.1:8b; "
        "ollama show --modelfile qwen2.5:7b > /dev/null 2>&1 || ollama pull qwen2.5:7b"
    )


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_it_is_known_in_a_preview(stage: str) -> None:
    known, before = (function(guide(stage, preview=preview)).inputs for preview in (False, True))
    assert known["instanceLifecycleConfig"] == before["instanceLifecycleConfig"]


def test_without_models_nothing_is_run() -> None:
    assert pull_command([]) is None
    recording = run({"models": server()}, shared())
    assert "instanceLifecycleConfig" not in function(recording).inputs
    leftovers = recording.get("pulumi-python:dynamic/alicloud:FunctionLeftovers", "models-function-leftovers")
    assert leftovers.inputs["absent"] == ["initializer"], "one that was there is taken away"


@every_shell
def test_shells_take_it(shell: str) -> None:
    checked = subprocess.run([shell, "-n", "-c", command_of(TWO)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


@every_shell
def test_the_server_is_waited_for_then_models_come_in_order(shell: str, tmp_path: Path) -> None:
    instance = Instance(tmp_path, starting=3)
    ran = instance.run(shell, command_of(TWO))
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert instance.calls == [
        *["list", "sleep 1"] * 3, "list",
        "show --modelfile llama3.1:8b", "pull llama3.1:8b", "show --modelfile qwen2.5:7b", "pull qwen2.5:7b",
    ]  # fmt: skip


@every_shell
def test_a_model_that_is_there_is_left_alone_whoever_cannot_be_reached(shell: str, tmp_path: Path) -> None:
    """An instance starts with the models that it has, though their registry does not answer."""
    instance = Instance(tmp_path, there="\n".join(TWO), broken="\n".join(TWO))
    assert instance.run(shell, command_of(TWO)).returncode == 0
    assert not [call for call in instance.calls if call.startswith("pull")]


@every_shell
def test_the_first_failed_pull_ends_it_and_says_why(shell: str, tmp_path: Path) -> None:
    instance = Instance(tmp_path, broken="llama3.1:8b")
    ran = instance.run(shell, command_of(TWO))
    assert ran.returncode == 7, "an instance without its models takes no calls"
    assert ran.stderr == "pull: no route\n"
    assert instance.calls[-1] == "pull llama3.1:8b"


@every_shell
def test_a_failed_pull_of_the_last_one_fails_too(shell: str, tmp_path: Path) -> None:
    instance = Instance(tmp_path, there="llama3.1:8b", broken="qwen2.5:7b")
    assert instance.run(shell, command_of(TWO)).returncode == 7
    assert instance.calls[-1] == "pull qwen2.5:7b"


@every_shell
def test_the_next_instance_goes_on_where_one_was_cut(shell: str, tmp_path: Path) -> None:
    instance = Instance(tmp_path, broken="qwen2.5:7b")
    assert instance.run(shell, command_of(TWO)).returncode == 7
    (tmp_path / "broken").write_text("")
    instance.log.write_text("")
    assert instance.run(shell, command_of(TWO)).returncode == 0
    assert [call for call in instance.calls if call.startswith("pull")] == ["pull qwen2.5:7b"]


HOSTILE: list[Any] = [
    "a b",
    "$(touch harm)",
    "`touch harm`",
    "x; touch harm",
    "it's",
    'say "hi"',
    "a\nb",
    "*",
    "-x",
    "!1",
]


@every_shell
@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_a_name_holds_it_stays_one_word(shell: str, name: str, tmp_path: Path) -> None:
    """Settings refuse such names; the command would not do what they say either."""
    instance = Instance(tmp_path)
    command = pull_command([name])
    assert command
    assert shlex.split(command)[-1] == name
    ran = instance.run(shell, f"cd {shlex.quote(str(tmp_path))}; {command}")
    assert ran.returncode == 0
    assert instance.calls == ["list", *f"show --modelfile {name}\npull {name}".splitlines()]
    assert not (tmp_path / "harm").exists()
