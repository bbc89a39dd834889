"""Files that a plan is written to: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from components.errors import UserError


def write(path: Path, text: str) -> None:
    """Write a file of ours. It is there whole or as it was, whatever interrupts.

    Raises:
        UserError: the folder is missing or closed.
    """
    try:
        _replace(path, text)
    except OSError as error:
        what = f"cannot be written: {error.strerror or 'the system refuses'}"
        raise UserError(path.name, what, "name a file in a folder that you may write to") from None


def _replace(path: Path, text: str) -> None:
    # Where the name is a link, what it leads to is replaced, not the link.
    target = path.resolve()
    handle, draft = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(draft).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o644)
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
