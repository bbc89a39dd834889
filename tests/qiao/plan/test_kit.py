"""The public test kit: what it exports, its example, and that it knows no application."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import qiao.testing

ROOT = Path(__file__).parents[3]


def example() -> str:
    """The indented lines of the module's docstring, as a program."""
    lines = inspect.getdoc(qiao.testing)
    assert lines is not None
    block = lines.split("\n\n    ", 1)[1].split("\n\n`qiao.testing.contract`")[0]
    return inspect.cleandoc("    " + block)


def test_the_example_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    code = example()
    assert "import pulumi" in code
    assert code.count("assert") == 3
    script = tmp_path / "example.py"
    script.write_text(code)
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)], capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)}
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_example_can_fail(tmp_path: Path) -> None:
    script = tmp_path / "example.py"
    script.write_text(example().replace("protect=True", "protect=False"))
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)})
    assert done.returncode == 1
    assert "assert password.protect" in done.stderr


def test_the_page_about_the_plan_runs(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(blocks) == 1
    script = tmp_path / "page.py"
    script.write_text(blocks[0])
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, env={"PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stderr) == (0, "")


def test_the_page_names_files_that_are_there() -> None:
    page = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8")
    for path in re.findall(r"`(qiao/[\w/.<>]+)`", page):
        assert (ROOT / path.replace("<cloud>", "volcengine")).is_file(), path


def test_what_is_public_is_there_and_documented() -> None:
    for name in qiao.testing.__all__:
        member = getattr(qiao.testing, name)
        assert name == "UNKNOWN" or inspect.getdoc(member), name
    assert {"record", "Recording", "Resource", "Secret", "UNKNOWN", "StandIns", "check", "Finding", "reveal"} <= set(
        qiao.testing.__all__
    )


def test_the_kit_knows_no_application_and_no_cloud() -> None:
    code = "import sys, qiao.testing; print([m for m in sys.modules if m.split('.')[0] in "
    code += "('stacks', 'components', 'rich', 'pulumi_volcengine', 'pydantic')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"
