"""`python3 -m qiao ...`: makes its own environment when there is none yet, then runs the command inside it."""

from __future__ import annotations

import atexit
import gc
import sys


def run() -> int:
    """Run the command line; imports wait until the Python is known to be new enough, then until packages are there."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one gets a sentence, no SyntaxError
        version = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write("qiao: Python " + version + " is too old: use 3.11 or newer, as in python3.11 -m qiao\n")
        return 2

    from qiao.bootstrap import enter

    enter(sys.argv[1:])
    _collect_no_garbage()

    from qiao.cli import main

    return main(sys.argv[1:])


def _collect_no_garbage() -> None:
    """A command is short and nearly all it makes lives to its end: looking for garbage cost a plan a fifth of its time.

    The interpreter's last look, on its way out, is what freezing spares.
    """
    gc.disable()
    atexit.register(gc.freeze)


if __name__ == "__main__":
    sys.exit(run())
