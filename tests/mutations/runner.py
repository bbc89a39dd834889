"""Breaks a copy of the tree on purpose and asks whether the suite notices."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SENSELESS = ("NameError", "SyntaxError", "ImportError", "ModuleNotFoundError", "AttributeError", "TypeError")
LEFT_OUT = {".git", ".venv", "__pycache__", ".mypy_cache", ".ruff_cache", ".hypothesis", "node_modules"}


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """One deliberate breakage."""

    id: str
    why: str
    """What would happen in a cloud, were it shipped."""
    file: str
    old: str
    """Text that occurs exactly once in the file."""
    new: str
    tests: tuple[str, ...]
    """pytest arguments: the selection that must catch it. Narrow, since each row is a run of its own."""

    def occurrences(self, root: Path = ROOT) -> int:
        return (root / self.file).read_text(encoding="utf-8").count(self.old)

    def apply(self, root: Path) -> None:
        path = root / self.file
        path.write_text(path.read_text(encoding="utf-8").replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True)
class Verdict:
    """How a pytest run ended."""

    code: int
    passed: int
    failed: int
    broken: int
    """Errors: a module that cannot be imported, a fixture that fails. No proof that a test caught anything."""
    reasons: tuple[str, ...]
    """First line of each failure."""
    text: str

    @property
    def caught(self) -> bool:
        """A test failed, and because of what the code does: not since it does not run at all."""
        senseless = [reason for reason in self.reasons if reason.startswith(SENSELESS)]
        return self.code == 1 and self.failed > 0 and self.broken == 0 and not senseless


def copy_tree(target: Path) -> Path:
    """All that is tracked, and all that is new and not ignored, as it stands now."""
    for name in _files():
        source = ROOT / name
        if source.is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target / name)
    return target


def _files() -> Iterable[str]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0:
        return [name for name in listed.stdout.decode().split("\0") if name]
    # An unpacked archive has no git: take everything but what tools leave behind.
    inside = (path.relative_to(ROOT) for path in ROOT.rglob("*"))
    return [str(path) for path in inside if not LEFT_OUT & set(path.parts)]


def run_tests(root: Path, tests: Iterable[str]) -> Verdict:
    """Run a selection in a tree of its own, in a process of its own, and read what pytest reports."""
    report = root / "report.xml"
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:xdist", f"--junitxml={report}", *tests]
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "PYTHONPATH", "COV"))}
    environment = clean | {"PYTHONDONTWRITEBYTECODE": "1"}
    ended = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, timeout=240, check=False
    )  # fmt: skip
    return _verdict(ended.returncode, report, (ended.stdout + ended.stderr)[-3000:])


def _verdict(code: int, report: Path, text: str) -> Verdict:
    if not report.exists():
        return Verdict(code, 0, 0, 0, (), text)
    suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314 - written by our own pytest run
    assert suite is not None
    total, failed, broken, skipped = (int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped"))
    reasons = tuple(failure.get("message", "").splitlines()[0] for failure in suite.iter("failure"))
    return Verdict(code, total - failed - broken - skipped, failed, broken, reasons, text)
