"""A stack of gaps under the real engine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]

ENGINE = [
    pytest.mark.engine,
    pytest.mark.skipif(shutil.which("pulumi") is None, reason="the pulumi CLI is not on PATH"),
]
"""Marks of a test that needs it."""


class Stack:
    """A stack with a local backend, whose program lies elsewhere (`main`), as in the examples.

    Args:
        home: an empty folder.
        program: the program's text; it finds in the variable ASK, as JSON, what is asked for.
    """

    def __init__(self, home: Path, program: str) -> None:
        self.project = home / "examples" / "one"
        self.project.mkdir(parents=True)
        (home / "__main__.py").write_text(program)
        (home / "components").symlink_to(ROOT / "components")
        (self.project / "Pulumi.yaml").write_text("name: gaps\nruntime: python\nmain: ../..\n")
        self.env = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
        self.env |= {
            "PULUMI_BACKEND_URL": home.as_uri(),
            "PULUMI_HOME": str(home / "pulumi-home"),
            "PULUMI_CONFIG_PASSPHRASE": "p",
            "PULUMI_PYTHON_CMD": sys.executable,
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.run("stack init --secrets-provider passphrase", {})

    def run(self, command: str, ask: dict[str, Any], *, fails: bool = False) -> str:
        """Run the CLI and return what it prints."""
        line = ["pulumi", "--non-interactive", "--color", "never", *command.split(), "--stack", "dev"]
        env = {**self.env, "ASK": json.dumps(ask)}
        ran = subprocess.run(line, cwd=self.project, env=env, capture_output=True, text=True, timeout=120, check=False)
        assert (ran.returncode != 0) is fails, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs."""
        resources = json.loads(self.run("stack export", {}))["deployment"]["resources"]
        (root,) = [resource for resource in resources if resource["type"] == "pulumi:pulumi:Stack"]
        found: dict[str, Any] = root["outputs"]
        return found
