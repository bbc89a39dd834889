"""`python3 -m benchmarks [start] [growth] [chains]`: prints ratios, asserts nothing: times are the machine's."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from qiao.bootstrap import MAIN_LOCK, ROOT, BootstrapError, Environment

NAMES = ("start", "growth", "chains")


def run(names: list[str]) -> int:
    """Run the named benchmarks, or all."""
    wrong = [name for name in names if name not in NAMES]
    if wrong:
        sys.stderr.write(f"benchmarks: there is no {', '.join(wrong)}: use {', '.join(NAMES)}\n")
        return 2
    _enter(names)
    from importlib import import_module

    for name in names or NAMES:
        import_module(f"benchmarks.{name}").main()
    return 0


def _enter(names: list[str]) -> None:
    """Go on inside `.venv`, as `python3 -m qiao` does: figures of other packages would be of another program."""
    environment = Environment(ROOT)
    if Path(sys.prefix).resolve() == environment.folder.resolve():
        return
    try:
        environment.prepare([MAIN_LOCK])
    except BootstrapError as error:
        sys.exit(f"benchmarks: {error}")
    os.execv(environment.interpreter, [str(environment.interpreter), "-m", "benchmarks", *names])  # noqa: S606


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
