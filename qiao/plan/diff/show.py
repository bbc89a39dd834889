"""Prints a difference: what hurts first. The same difference is the same bytes; colours are for terminals alone."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from textwrap import wrap
from typing import IO, TYPE_CHECKING, Final

from qiao.plan.diff.lines import WIDTH, Line, change_lines, field_lines, summary
from qiao.plan.diff.model import KINDS, Difference, Kind

if TYPE_CHECKING:
    from rich.console import Console

TITLES: Final[dict[Kind, str]] = {
    "destroy": "Destroyed",
    "replace": "Replaced",
    "create": "Created",
    "update": "Updated in place",
    "options": "Treated otherwise by Pulumi, untouched in the cloud",
    "unseen": "Different, and nothing happens",
}
LOUD: Final = "bold red"
STYLES: Final[dict[Kind, str]] = {
    "destroy": LOUD, "replace": LOUD, "create": "green", "update": "yellow", "options": "", "unseen": "dim",
}  # fmt: skip
LIMITS_OF_A_DIFFERENCE: Final = "Two plans were compared, not the cloud: `pulumi preview` finds changes by hand."


def show(difference: Difference, old: str, file: IO[str] | None = None) -> None:
    """Print a difference.

    Args:
        difference: the difference.
        old: what the old plan is called.
        file: where to. Default: standard output.
    """
    from rich.text import Text

    console = _console(file or sys.stdout)
    for line in _lines(difference, old):
        for part in _wrapped(line.text):
            console.print(Text(part, style=line.style), soft_wrap=True)


def render(difference: Difference, old: str) -> str:
    """A difference as plain text."""
    text = io.StringIO()
    show(difference, old, text)
    return text.getvalue()


def _console(file: IO[str]) -> Console:
    from rich.console import Console

    if file.isatty():
        return Console(file=file, highlight=False, emoji=False)
    return Console(file=file, force_terminal=False, color_system=None, width=10_000, highlight=False, emoji=False)


def _lines(difference: Difference, old: str) -> Iterator[Line]:
    yield Line(f"{difference.project}, stage {difference.stage}: what changes since {old}")
    for kind in KINDS:
        changes = difference.of(kind)
        if changes:
            yield from _title(f"{TITLES[kind]} ({len(changes)})", STYLES[kind])
            for change in changes:
                yield from change_lines(change, STYLES[kind])
    if difference.outputs:
        yield from _title("Outputs", "")
        for output in difference.outputs:
            yield from field_lines(output, "  ")
    yield from _rest(difference)
    yield Line("")
    yield Line(summary(difference), LOUD if difference.exit_status or difference.counts["destroy"] else "bold")
    yield Line(LIMITS_OF_A_DIFFERENCE, "dim")


def _rest(difference: Difference) -> Iterator[Line]:
    if difference.checklist:
        yield from _title("To do by hand, new", "")
        yield from (Line(f"  [ ] {line}") for line in difference.checklist)
    if difference.problems:
        yield from _title("Problems: `up` would fail, or do harm", LOUD)
        for problem in difference.problems:
            where = f"{problem.path}: " if problem.path else ""
            yield Line(f"  {problem.name} ({_kind(problem.type)}): {where}{problem.message}", LOUD)
    if difference.findings:
        yield from _title("Findings of the new plan", LOUD)
        for found in difference.findings:
            where = f"{found.path}: " if found.path else ""
            yield Line(f"  {found.name} ({_kind(found.type)}): {where}{found.message}", LOUD)


def _wrapped(text: str) -> list[str]:
    """A line in as many as it needs, broken between words: everywhere the same, whatever the terminal's width."""
    inside = " " * (len(text) - len(text.lstrip()))
    parts = wrap(text, WIDTH, subsequent_indent=f"{inside}  ", break_long_words=False, break_on_hyphens=False)
    return parts if len(text) > WIDTH else [text]


def _title(text: str, style: str) -> Iterator[Line]:
    yield Line("")
    yield Line(text, style)


def _kind(type_token: str) -> str:
    return type_token.rpartition(":")[2]
