"""Workflows as their runner sees them: parsed, their scripts run by bash beside stand-ins for the tools they call."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from qiao.bootstrap import ROOT

FOLDER = ROOT / ".github" / "workflows"
FILES = sorted(FOLDER.glob("*.yml"))

QIAO = f"""#!/bin/sh
# `python3 -m qiao ...` without its bootstrap.
shift 2
cd {ROOT}
exec {sys.executable} -c 'import sys; from qiao.cli import main; sys.exit(main(sys.argv[1:]))' "$@"
"""
TELLS = """#!/bin/sh
{{ echo "{name} $*"; env | sort | sed 's/^/  /'; }} >> "$TOLD"
{then}
"""
"""A stand-in that writes down how it was called, and its environment."""


def parsed(path: Path) -> dict[str, Any]:
    """A workflow. YAML 1.1 reads its key `on` as a truth value."""
    found: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    found["on"] = found.pop(True)
    return found


def steps(workflow: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step, with the name of its job."""
    for name, job in workflow["jobs"].items():
        yield from ((name, step) for step in job["steps"])


def script(workflow: Mapping[str, Any], name: str) -> str:
    """The script of the one step of a name."""
    (found,) = [step["run"] for _, step in steps(workflow) if step.get("name") == name]
    return str(found)


def filled(values: Mapping[str, Any], known: Mapping[str, str]) -> dict[str, str]:
    """Variables of a step, each expression filled in; what is not known is empty, as a runner has it."""
    expression = re.compile(r"\$\{\{ ([\w.]+) \}\}")
    return {key: expression.sub(lambda match: known.get(match[1], ""), str(value)) for key, value in values.items()}


@dataclass(frozen=True)
class Ran:
    """What became of a script."""

    status: int
    out: str
    outputs: Mapping[str, str]
    """What it said to later steps."""
    calls: tuple[str, ...]
    """How stand-ins were called."""
    environments: tuple[Mapping[str, str], ...]
    """What each of them saw."""


class Runner:
    """A machine that runs scripts of steps, with the stand-ins that were put there before its own tools."""

    def __init__(self, folder: Path) -> None:
        self.bin, self.told, self.said = folder / "bin", folder / "told", folder / "said"
        self.bin.mkdir()

    def add(self, name: str, text: str) -> None:
        """Put a program there."""
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def tells(self, name: str, then: str = "exit 0") -> None:
        """Put a stand-in there that writes down its calls."""
        self.add(name, TELLS.format(name=name, then=then))

    def run(self, script: str, cwd: Path = ROOT, **environment: str) -> Ran:
        """Run a script as the workflow's default shell does."""
        for file in (self.told, self.said):
            file.write_text("")
        path = f"{self.bin}{os.pathsep}{os.environ['PATH']}"
        variables = {"PATH": path, "TOLD": str(self.told), "GITHUB_OUTPUT": str(self.said), **environment}
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=cwd, env=variables,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        told = re.split(r"^(?=\S)", self.told.read_text(), flags=re.MULTILINE)[1:]
        return Ran(
            status=ended.returncode, out=ended.stdout + ended.stderr,
            outputs=dict(line.split("=", 1) for line in self.said.read_text().splitlines()),
            calls=tuple(call.splitlines()[0] for call in told),
            environments=tuple(
                dict(line.strip().split("=", 1) for line in call.splitlines()[1:] if "=" in line) for call in told
            ),
        )  # fmt: skip
