"""`qiao test`: everything that says whether the code is right, in one command."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from qiao.bootstrap import ROOT

_PYTHON = sys.executable
CHECKS: dict[str, list[str]] = {
    "ruff check": [_PYTHON, "-m", "ruff", "check", "."],
    "ruff format --check": [_PYTHON, "-m", "ruff", "format", "--check", "."],
    "mypy --strict": [_PYTHON, "-m", "mypy"],
    "import contracts": [str(Path(_PYTHON).parent / "lint-imports"), "--no-cache"],
}
"""What runs before the tests, by the name it is told under."""

PYTEST = [_PYTHON, "-m", "pytest", "--numprocesses", "2", "--dist", "worksteal"]


def run(
    context: typer.Context,
    fast: Annotated[bool, typer.Option("--fast", help="Leave out the deliberate breakages (tests/mutations).")] = False,
) -> None:
    """Run ruff, mypy, the import contracts and the tests. What follows goes to pytest, as -k network."""
    extra = ["-m", "not mutation"] if fast else []
    steps = CHECKS | {"pytest": [*PYTEST, *extra, *context.args]}
    failed = [name for name, command in steps.items() if not _passes(name, command)]
    typer.echo(f"qiao: {len(steps) - len(failed)} of {len(steps)} passed" + "".join(f"; FAILED: {x}" for x in failed))
    if failed:
        raise typer.Exit(1)


def _passes(name: str, command: list[str]) -> bool:
    """Run one step in the open; only its exit status counts."""
    typer.echo(f"qiao: {name}")
    sys.stdout.flush()
    begun = time.monotonic()
    status = subprocess.run(command, cwd=ROOT, check=False).returncode  # noqa: S603 - our own table
    typer.echo(f"qiao: {name} {'passed' if status == 0 else 'FAILED'} in {time.monotonic() - begun:.0f} s")
    return status == 0
