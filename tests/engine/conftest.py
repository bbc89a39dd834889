"""A checkout with a project of its own below `examples`, and the real CLI to run it: a local backend, no account."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from qiao.plan.recorder import record
from qiao.targets import Targets
from tests.engine.house import program

ROOT = Path(__file__).resolve().parents[2]

PROJECT = """
name: house
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: .venv
main: ../..
"""


class House:
    """The checkout. Its environment is the one that tests run in, reached as ours is: by links named `.venv`."""

    def __init__(self, root: Path) -> None:
        self.root, self.project = root / "checkout", root / "checkout" / "examples" / "house"
        self.project.mkdir(parents=True)
        (self.root / "__main__.py").write_text("from tests.engine.house import program\n\nprogram()\n")
        (self.root / ".venv").symlink_to(sys.prefix)
        (self.project / ".venv").symlink_to("../../.venv")
        (self.project / "Pulumi.yaml").write_text(PROJECT)
        (root / "state").mkdir()
        self.env = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"} | {
            "PULUMI_BACKEND_URL": (root / "state").as_uri(),
            "PULUMI_HOME": str(root / "pulumi-home"),
            "PULUMI_CONFIG_PASSPHRASE": "p",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(ROOT),
        }
        self.run("stack", "init", "dev")

    def run(self, *arguments: str, fails: bool = False) -> str:
        """Run the CLI in the project's folder and return all that it says."""
        ran = subprocess.run(
            ["pulumi", *arguments, "--non-interactive", "--color", "never"], cwd=self.project, env=self.env,
            capture_output=True, text=True, timeout=240, check=False,
        )  # fmt: skip
        assert (ran.returncode != 0) is fails, ran.stdout + ran.stderr
        return ran.stdout + ran.stderr

    def configure(self, key: str, value: str) -> None:
        """Set a value of the stack's configuration."""
        self.run("config", "set", f"house:{key}", value)

    def up(self, *targets: str) -> None:
        """Bring it up, or some targets."""
        self.run("up", "--yes", "--skip-preview", *(word for target in targets for word in ("--target", target)))

    def destroy(self, *targets: str) -> None:
        """Take it down, or some targets."""
        self.run("destroy", "--yes", "--skip-preview", *(word for target in targets for word in ("--target", target)))

    def state(self) -> str:
        """The stored state, as it lies in the backend."""
        return self.run("stack", "export")

    def names(self) -> set[str]:
        """Names of all resources there are, without the stack and default providers."""
        resources = json.loads(self.state())["deployment"].get("resources", [])
        own = [each["urn"] for each in resources if not each["type"].startswith("pulumi:")]
        return {urn.rpartition("::")[2] for urn in own}

    @property
    def targets(self) -> Targets:
        """What the plan knows of the same program."""
        return Targets(record(program, project="house", stack="dev"))


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A stack that is not up yet."""
    return House(tmp_path)
