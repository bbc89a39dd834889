"""The lines of a difference: short enough for a narrow terminal, with the part of a long value that differs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from qiao.plan.diff.losses import LOSSES
from qiao.plan.diff.model import Change, Difference, FieldChange, Kind
from qiao.plan.diff.values import same
from qiao.plan.saved.values import (
    ABSENT,
    FILE,
    MASK,
    NUMBER,
    UNKNOWN,
    is_absent,
    is_plain,
    is_secret,
    last_name,
    plain_key,
    settings_of,
    text_of,
)

WIDTH: Final = 80
LONGEST: Final = 66
"""Characters of one value; the JSON form has all of it."""
CONTEXT: Final = 10
"""Characters that are left before and after what differs inside a long text."""
SIGNS: Final[dict[Kind, str]] = {
    "destroy": "-", "replace": "-/+", "create": "+", "update": "~", "options": "o", "unseen": "."
}  # fmt: skip
AFTER_UP: Final = "<after up>"


class Line(NamedTuple):
    """One line, and how it is drawn on a terminal."""

    text: str
    style: str = ""


def change_lines(change: Change, style: str) -> Iterator[Line]:
    """A resource that differs, and where."""
    yield Line(f"  {SIGNS[change.kind]} {change.name} {change.type.rpartition(':')[2]}", style)
    inside = "      "
    if change.protected:
        yield Line(f"{inside}REFUSED: it is protected", "bold red")
    if change.retained:
        yield Line(f"{inside}the old one stays in the cloud, and Pulumi forgets it", "bold")
    elif change.kind in ("destroy", "replace") and change.type in LOSSES:
        yield Line(f"{inside}lost with it: {LOSSES[change.type]}", "bold")
    if change.imported:
        yield Line(f"{inside}not made: {change.imported} is taken over")
    if change.former_urn:
        yield Line(f"{inside}was {last_name(change.former_urn)}")
    if change.kind == "replace":
        order = "the old one goes first: away in between" if change.delete_first else "the new one comes first"
        yield Line(f"{inside}{order}")
    yield from (Line(f"{inside}! {reason}", "red") for reason in change.reasons)
    told = {reason.partition(":")[0] for reason in change.reasons}
    for field in change.fields:
        if not (field.cause and field.path in told):
            yield from field_lines(field, inside)


def field_lines(field: FieldChange, inside: str) -> Iterator[Line]:
    """A field that differs: in one line where it fits."""
    mark = {"replace": "! ", "unseen": ". ", "ignored": ". "}.get(field.effect, "  " if inside.strip(" ") else "")
    style = {"replace": "red", "unseen": "magenta", "ignored": "dim"}.get(field.effect, "")
    by_option = f" ({field.why})" if field.effect == "replace" and field.why else ""
    head, note = f"{inside}{mark}{field.path}{by_option}", _note(field)
    if field.cause:
        yield from _folded(f"{head}: {AFTER_UP}", f"{last_name(field.cause)} is made anew", inside, style)
    elif isinstance(field.old, list | tuple) and isinstance(field.new, list | tuple):
        yield Line(f"{head}:", style)
        yield from (Line(f"{inside}    {line}", style) for line in _items(field.old, field.new))
    else:
        old, new = shown(field.old, field.new)
        line = f"{head}: {old} -> {new}"
        if len(line) <= WIDTH:
            yield Line(line, style)
        else:
            yield Line(f"{head}:", style)
            yield from (Line(f"{inside}    {each}", style) for each in (f"- {old}", f"+ {new}"))
    if note:
        yield Line(f"{inside}    {note}", style)


def _folded(line: str, rest: str, inside: str, style: str) -> Iterator[Line]:
    if len(f"{line}, {rest}") <= WIDTH:
        yield Line(f"{line}, {rest}", style)
    else:
        yield Line(line, style)
        yield Line(f"{inside}    {rest}", style)


def _note(field: FieldChange) -> str:
    if field.effect == "unseen":
        return f"the provider does not see this: {field.why}"
    if field.effect == "ignored":
        return "ignored, as ignore_changes says"
    return "" if field.effect == "replace" else field.why


def _items(old: Any, new: Any) -> Iterator[str]:
    gone = [item for item in old if not any(same(item, other) for other in new)]
    come = [item for item in new if not any(same(item, other) for other in old)]
    yield from (f"- {_cut(_words(item))}" for item in gone)
    yield from (f"+ {_cut(_words(item))}" for item in come)
    if not gone and not come:
        yield "in another order"


def shown(old: Any, new: Any) -> tuple[str, str]:
    """Both values as they are printed."""
    if is_secret(old) and is_secret(new):
        return MASK, f"{MASK} {_what_is_new(old, new)}"
    here, there = _words(old), _words(new)
    if len(here) > LONGEST and len(there) > LONGEST:
        return _around(here, there)
    return _cut(here), _cut(there)


def _what_is_new(old: Any, new: Any) -> str:
    before, after = settings_of(old), settings_of(new)
    anew = sorted(path for path in after if path in before and after[path] != before[path])
    return f"({', '.join(anew)} was set anew)" if anew else "(made of other parts)"


def _words(value: Any) -> str:
    if value is None or is_absent(value):
        return "none"
    if is_secret(value):
        return MASK
    text = text_of(value)
    if text is not None:
        # What would break the line, or move the cursor, is written as it is in JSON.
        return text if text.isprintable() and text else json.dumps(text, ensure_ascii=not text.isprintable())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_words, value))}]"
    return _object(value) if isinstance(value, dict) else str(value)


def _object(value: dict[str, Any]) -> str:
    if UNKNOWN in value:
        return AFTER_UP
    if NUMBER in value:
        return str(value[NUMBER])
    if FILE in value:
        return f"<{value[FILE]}>"
    assert is_plain(value) and ABSENT not in value  # noqa: S101, PT018 - the marks are all above
    return f"{{{', '.join(f'{plain_key(key)}: {_words(item)}' for key, item in value.items())}}}"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _around(old: str, new: str) -> tuple[str, str]:
    """The parts of two long texts that differ, with a little of what they share."""
    shared = next(
        (place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new))
    )
    start = max(shared - CONTEXT, 0)
    lead = "…" if start else ""
    return _cut(f"{lead}{old[start:]}"), _cut(f"{lead}{new[start:]}")


def summary(difference: Difference) -> str:
    """All in one line."""
    counts = difference.counts
    words = {"destroy": "DESTROYED", "replace": "REPLACED", "create": "created", "update": "updated"}
    parts = [f"{counts[kind]} {words[kind]}" for kind in words if counts[kind]]
    quiet = counts["options"] + counts["unseen"]
    parts += [f"{quiet} different without effect in the cloud"] if quiet else []
    trouble = [f"{counts[each]} {each if counts[each] != 1 else each[:-1]}" for each in ("problems", "findings")]
    return f"{', '.join(parts) or 'No resource changes'}: {', '.join(trouble)}"
