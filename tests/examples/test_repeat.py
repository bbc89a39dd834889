"""The same settings give the same plan, to the byte: in one process, and in two whose sets are ordered differently."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qiao.plan.evaluate import evaluate
from qiao.plan.report import render
from tests.stacks.support import ROOT

STAGES = sorted((path.parent, path.name.split(".")[1]) for path in (ROOT / "examples").glob("*/Pulumi.?*.yaml"))
every_stage = pytest.mark.parametrize(("example", "stage"), STAGES, ids=[f"{p.name}-{s}" for p, s in STAGES])

PROGRAM = """
import sys
from pathlib import Path
from qiao.plan.evaluate import evaluate
from qiao.plan.report import render

for path in sorted(Path("examples").glob("*/Pulumi.?*.yaml"), key=lambda path: (path.parent, path.name)):
    sys.stdout.write(render(evaluate(path.parent, path.name.split(".")[1])))
"""


def in_a_process(seed: str) -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"}
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240,
        check=False, encoding="utf-8",
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@every_stage
def test_two_plans_are_the_same_bytes(example: Path, stage: str) -> None:
    first = render(evaluate(example, stage))
    assert first.startswith(f"{example.name}, stage {stage}, planned offline\n")
    assert render(evaluate(example, stage)) == first


def test_two_processes_print_the_same_bytes() -> None:
    assert len(STAGES) >= 2 * len({example for example, _ in STAGES})
    one, other = in_a_process("1"), in_a_process("2")
    assert one == other
    assert one == "".join(render(evaluate(example, stage)) for example, stage in STAGES)
