"""The picture of a plan: one HTML file that needs nothing else, not even a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from qiao.plan.picture.data import Finding, document
from qiao.plan.picture.page import assemble
from qiao.plan.recording import Recording

__all__ = ["Finding", "is_picture", "render"]

GENERATOR = b'<meta name="generator" content="qiao plan --html">'
HEAD_BYTES = 8192
"""Where the mark stands: in front of styles and scripts."""


def render(
    recording: Recording,
    *,
    title: str,
    findings: Sequence[Finding] = (),
    mask: Callable[[str], str] = str,
) -> str:
    """Draw a recording as one self-contained HTML page: boxes by app and component, arrows by dependency.

    Args:
        recording: what a program asked for.
        title: heading of the page; by habit project and stack.
        findings: what to mark; anything with `severity`, `text` and `urn`, so rule findings and logged `Message`s.
        mask: replaces secrets inside a string. `Secret` values never reach the page anyway; this is for text that
            quotes one. It is given every name, key, value, title and finding.

    The same input gives the same bytes. Write the result as UTF-8; it opens from disk, loads nothing and sends nothing.
    """
    return assemble(document(recording, title, findings, mask))


def is_picture(path: Path) -> bool:
    """Whether a file is a picture that Qiao drew: only such a one may be drawn over."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return GENERATOR in file.read(HEAD_BYTES)
