"""`python3 -m qiao ...`: makes its own environment when there is none yet, then runs the command inside it."""

from __future__ import annotations

import sys


def run() -> int:
    """Run the command line; imports wait until the Python is known to be new enough, then until packages are there."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever has an older one gets a sentence, no SyntaxError
        version = ".".join(map(str, sys.version_info[:2]))
        sys.stderr.write("qiao: Python " + version + " is too old: use 3.11 or newer, as in python3.11 -m qiao\n")
        return 2

    from qiao.bootstrap import enter

    enter(sys.argv[1:])

    from qiao.cli import main

    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
