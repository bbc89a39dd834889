"""Writes `docs/components.md` from the vocabulary's own docstrings: `python -m tests.contract.document`."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from types import ModuleType

from components import cloud as cloud_named
from components.clouds import CLOUDS, CONCEPTS, LACKING
from tests.contract.sources import Field, concept_module, dataclasses_of, fields

PAGE = Path(__file__).parents[2] / "docs" / "components.md"
HEAD = """# Components

The vocabulary: what each component takes and gives. Every Args also takes `scope`. A component of a cloud is
`cloud("volcengine").Network(name, NetworkArgs(...), opts)`; pass `opts` an explicit provider of that cloud and region.

What a cloud does not carry, and what to do instead, is [the last table](#what-a-cloud-does-not-carry): asking for it
is one error that says the same, before anything is created.

This page is written from the source by `python -m tests.contract.document`; a test keeps the two equal.
"""


LACK = """## What a cloud does not carry

| cloud | what | instead |
|---|---|---|"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *(_concept(concept) for concept in CONCEPTS), _lacking()])


def _lacking() -> str:
    rows = [f"| {cloud} | {what} | {_plain(instead)} |" for cloud in CLOUDS for what, instead in _refused(cloud)]
    return "\n".join([LACK, *rows, ""])


def _refused(cloud: str) -> list[tuple[str, str]]:
    """What a cloud refuses, concept by concept, and the way round."""
    whole = [(CONCEPTS[concept], instead) for concept, instead in LACKING.get(cloud, {}).items()]
    tables = [cloud_named(cloud).component(concept).UNSUPPORTED for concept in cloud_named(cloud).concepts]
    return whole + [(f"`{field}`", instead) for table in tables for field, instead in table.items()]


def _concept(concept: str) -> str:
    module, name = concept_module(concept), CONCEPTS[concept]
    kind = getattr(module, name)
    found = fields(module, name)
    lines = [f"## {name}", "", inspect.getdoc(kind) or "", "", "| output | what it is |", "|---|---|"]
    lines += [_row(found[output], secret=output in kind.SECRET_OUTPUTS) for output in kind.OUTPUTS]
    for args in dataclasses_of(module):
        lines += _table(module, args)
    for cloud in CLOUDS:
        if concept not in cloud_named(cloud).concepts:
            continue
        extras = importlib.import_module(f"components.{cloud}.{concept}")
        for args in dataclasses_of(extras):
            lines += _table(extras, args) if args.__name__ == f"{name}Native" else []
    return "\n".join([*lines, ""])


def _table(module: ModuleType, kind: type) -> list[str]:
    title = f"### {kind.__name__}"
    if module.__name__.count(".") == 2:
        title += f" ({module.__name__.split('.')[1]})"
    rows = [_row(item) for item in fields(module, kind.__name__).values()]
    return ["", title, "", inspect.getdoc(kind) or "", "", "| field | what it is |", "|---|---|", *rows]


def _row(item: Field, *, secret: bool = False) -> str:
    kind = _plain(item.annotation.replace("pulumi.", ""))
    return f"| `{item.name}`{' (secret)' if secret else ''} `{kind}` | {_plain(item.doc)} |"


def _plain(text: str) -> str:
    """A text as a cell of a table holds it."""
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
