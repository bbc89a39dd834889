"""What tests of examples share: which there are, their stages evaluated, their pages."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from qiao.plan.evaluate import Plan, evaluate
from qiao.plan.recording import Recording
from tests.stacks.support import ROOT

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/Pulumi.yaml"))
STAGES = ("dev", "prod")
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=[path.name for path in EXAMPLES])
every_stage = pytest.mark.parametrize("stage", STAGES)


@cache
def planned(name: str, stage: str) -> Plan:
    """A stage of an example, evaluated once."""
    return evaluate(ROOT / "examples" / name, stage)


def run(name: str, stage: str) -> Recording:
    """All that a stage of an example asks for."""
    return planned(name, stage).recording


def page(name: str) -> str:
    """An example's page."""
    return (ROOT / "examples" / name / "README.md").read_text(encoding="utf-8")


def bash(text: str) -> list[list[str]]:
    """The lines of each block of shell commands, their indentation off."""
    blocks = re.findall(r"^( *)```bash\n(.*?)^ *```", text, re.DOTALL | re.MULTILINE)
    return [[line.removeprefix(indent) for line in block.splitlines()] for indent, block in blocks]


def program(text: str) -> str:
    """The one Python program that a page's shell commands run."""
    (found,) = re.findall(r"<<'PYTHON'\n(.*?)PYTHON\n", text, re.DOTALL)
    return str(found)


def look(value: Any, path: str) -> Any:
    """What stands at a dotted path of properties."""
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value
