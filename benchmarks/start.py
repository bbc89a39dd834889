"""What a plan costs, against a bare interpreter that imports pulumi and the SDK modules which that plan loads."""

from __future__ import annotations

import json

from benchmarks.timing import Pairs, processes, python

STAGE = "dev"
RUNS = 9

LOADED = """
import json, sys, types

def loaded():
    # A generated SDK puts each of its modules into sys.modules at once and runs it when it is first used. Until then
    # it has another type; asked for anything (its __path__ too) it would run.
    real = {name: module for name, module in list(sys.modules.items()) if type(module) is types.ModuleType}
    return sorted(name for name, module in real.items()
                  if name.startswith("pulumi_") and name.count(".") < 2 and hasattr(module, "__path__"))
"""
PLANNED = """
from pathlib import Path
from qiao.plan.evaluate import evaluate
evaluate(Path.cwd(), sys.argv[1])
print(json.dumps(loaded()))
"""
BARE = """
import sys
from importlib import import_module
import pulumi
for name in {modules}:
    getattr(import_module(name), "anything", None)
"""
"""Asking a module for an attribute is what runs a lazy one."""


def modules(stage: str = STAGE) -> list[str]:
    """The SDK modules that planning a stage of this checkout loads, found out by planning it."""
    return list(json.loads(python(["-c", LOADED + PLANNED, stage])))


def bare_program(names: list[str]) -> str:
    """A program that imports pulumi and these modules, and does nothing else. Raises when it loads others."""
    program = BARE.format(modules=names)
    found = json.loads(python(["-c", LOADED + program + "print(json.dumps(loaded()))"]))
    if found != names:
        raise RuntimeError(f"the bare program loads {found}, the plan {names}")
    return program


def measure(runs: int = RUNS) -> Pairs:
    """Wall times of the plan and of the bare program, in turn."""
    return processes(["-m", "qiao", "plan", STAGE], ["-c", bare_program(modules())], runs=runs)


def main(runs: int = RUNS) -> None:
    """Print the ratio."""
    names = modules()
    found = measure(runs)
    low, high = found.spread
    print(f"start: qiao plan {STAGE} against a bare import of pulumi and {len(names)} SDK modules, whole processes")
    print(f"  {found.ratio:.2f} times ({low:.2f} to {high:.2f} over {runs} pairs); the most allowed is 3, the aim 2")
    print(f"  modules: {', '.join(names)}")
