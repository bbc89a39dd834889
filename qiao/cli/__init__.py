"""The command line: one module a command, each thin. Work is done in `qiao.plan`, `qiao.stage` and `qiao.engine`."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from components.errors import UserError


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit status.

    0 is well; 1 a finding or a failed test; 2 a mistake of the user's, each said in one line on stderr; 130 Ctrl-C.
    A command that hands over to `pulumi` ends with that one's status.
    """
    # Commands load the SDKs; what goes wrong before that is still told.
    from qiao.cli.app import app

    try:
        app(args=list(arguments), prog_name="qiao")
    except UserError as error:
        # Settings may hold several mistakes: a line each.
        for finding in getattr(error, "findings", (error,)):
            sys.stderr.write(f"qiao: {_line(str(finding))}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except SystemExit as ending:
        return ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    return 0


def _line(text: str) -> str:
    """A text on one line, without what a terminal would obey: paths and names in it are the user's."""
    return "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
