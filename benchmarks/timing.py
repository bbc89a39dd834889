"""Timing whole processes in turn, so that a machine that speeds up or slows down does so for both."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from qiao.bootstrap import ROOT


@dataclass(frozen=True)
class Pairs:
    """Times of two things, measured in turn: first, second, first, second ..."""

    first: Sequence[float]
    second: Sequence[float]

    @property
    def ratio(self) -> float:
        """How many times the second the first takes: the median over pairs, each taken under the same load."""
        return median(one / other for one, other in zip(self.first, self.second, strict=True))

    @property
    def spread(self) -> tuple[float, float]:
        """The lowest and the highest ratio of a pair: far apart, they say that the machine was busy."""
        ratios = [one / other for one, other in zip(self.first, self.second, strict=True)]
        return min(ratios), max(ratios)


def processes(first: Sequence[str], second: Sequence[str], *, runs: int) -> Pairs:
    """Wall time of two Python command lines, interpreter start and end included, after one run that does not count.

    Args:
        first: arguments of the interpreter.
        second: the other's.
        runs: how often each is timed.
    """
    seconds: tuple[list[float], list[float]] = ([], [])
    for turn in range(runs + 1):
        for arguments, taken in zip((first, second), seconds, strict=True):
            begun = time.perf_counter()
            python(arguments, quiet=True)
            if turn:
                taken.append(time.perf_counter() - begun)
    return Pairs(*seconds)


def python(arguments: Sequence[str], *, quiet: bool = False) -> str:
    """Run this interpreter on the checkout and return what it prints; raises when it fails.

    Args:
        arguments: after `python`.
        quiet: whether the output is thrown away, and "" returned.
    """
    # As on a user's machine: whoever forbids compiled modules would time the compiler.
    unwanted = ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED", "PYTHONPATH")
    environ = {key: value for key, value in os.environ.items() if key not in unwanted}
    output = subprocess.DEVNULL if quiet else subprocess.PIPE
    done = subprocess.run(  # noqa: S603 - this very interpreter
        [sys.executable, *arguments], cwd=ROOT, env=environ, check=True, stdout=output, text=True,
    )  # fmt: skip
    return done.stdout or ""
