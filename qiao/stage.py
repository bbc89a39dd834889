"""`qiao stage new`: a feature stage beside an existing one, on that one's network, registry and logs."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, SequenceNode

from components.errors import UserError
from stacks import settings
from stacks.stagefile import STAGE, STAGE_WORDS, SettingPath, file_of, load, read_text, written

NOT_COPIED = {
    "domain": "one stage serves a domain",
    "release": "a function's first release is a whole one",
}
"""Settings of an application that belong to one stage, and why."""


def new_stage(project_dir: Path, name: str, source: str) -> list[str]:
    """Write `Pulumi.<name>.yaml` from another stage's file, borrowing that stage's foundation.

    Nothing encrypted is copied: a secret is there as a key with nothing behind it, or left out where the whole value
    is one. Comments and spelling stay. The file appears whole or not at all, and only when its settings are valid.

    Args:
        project_dir: folder of the project's `Pulumi.yaml`.
        name: the new stage: lower-case letters, digits and single hyphens.
        source: the stage to begin from. Where that one borrows itself, the new one borrows from the same lender.

    Returns what was left out and what to do next, a line each.

    Raises:
        UserError: a bad name, a file that is there already, or a source that is missing or not valid.
    """
    target, old = file_of(project_dir, name), file_of(project_dir, source)
    _check_name(name, source, target)
    original = load(old)
    settings.read(_own(original.config), source, secret_paths=original.secret_paths, offline=True)
    draft = _Draft(read_text(old), source, json.loads(original.config.get("qiao:clouds", "{}")))
    text = draft.text()
    with tempfile.TemporaryDirectory(dir=project_dir, prefix=".stage-") as folder:
        made = file_of(Path(folder), name)
        made.write_text(text, encoding="utf-8")
        stage = load(made)
        if stage.secret_paths:  # never, but a secret that leaks cannot be taken back
            raise UserError(
                old.name, "holds an encrypted value that cannot be taken out", "write it on lines of its own"
            )
        checked = settings.read(_own(stage.config), name, offline=True)
        _put(made, target)
    secrets = dict.fromkeys([*draft.secrets, *checked.unset])
    return [
        f"wrote {target.name}, on the network, registry and logs of stage {', '.join(sorted(draft.lenders))}",
        *(f"left out {where}: {why}" for where, why in draft.left_out),
        f"next: pulumi stack init {name}",
        *(f"next: pulumi config set --stack {name} --secret --path '{path}'" for path in secrets),
    ]


def _check_name(name: str, source: str, target: Path) -> None:
    if not re.fullmatch(STAGE, name):
        raise UserError("stage", f"{name!r} is not valid", f"use {STAGE_WORDS}")
    if name == "prod":
        raise UserError("stage", "prod must not stand on another stage's network", "write Pulumi.prod.yaml by hand")
    if name == source:
        raise UserError("stage", f"{name} cannot borrow from itself", "name another stage to begin from")
    if target.exists():
        raise UserError(target.name, "is there already", "choose another name, or remove the file")


def _own(config: Any) -> dict[str, str]:
    return {key: value for key, value in config.items() if key.startswith("qiao:")}


def _put(made: Path, target: Path) -> None:
    """Move a file into place, never over one that has appeared meanwhile."""
    try:
        os.link(made, target)
    except FileExistsError:
        raise UserError(target.name, "is there already", "choose another name, or remove the file") from None
    except OSError:  # a file system without hard links
        made.rename(target)


class _Draft:
    """The new stage's file: the old one's text with parts cut out, so that everything else stays as people wrote it.

    YAML's own parser says where each part begins and ends.

    Args:
        text: the old file's text.
        source: the old stage.
        clouds: its `qiao:clouds`.
    """

    def __init__(self, text: str, source: str, clouds: dict[str, Any]) -> None:
        self._text = text if text.endswith("\n") else text + "\n"
        self._cuts: dict[tuple[int, int], str] = {}
        self._source, self._clouds = source, clouds
        self.lenders = set[str]()
        self.left_out: list[tuple[str, str]] = []
        self.secrets: list[str] = []

    def text(self) -> str:
        """The new file's text."""
        root: MappingNode = YAML(typ="safe", pure=True).compose(self._text)
        for key, value in root.value:
            if key.value != "config":  # the old stage's salt and key
                self._drop(root, key.value, comment=False)
            else:
                self._configure(value)
        kept, place = "", 0
        for (start, end), new in sorted(self._cuts.items()):
            kept, place = kept + self._text[place:start] + new, max(place, end)
        return kept + self._text[place:]

    def _configure(self, config: MappingNode) -> None:
        parts = _entries(config)
        for cloud, regions in self._clouds.items():
            for region, given in regions.items():
                name, node = _entries(_entries(parts["qiao:clouds"][1])[cloud][1])[region]
                self._borrow(f"clouds.{cloud}.{region}", name, node, given)
        for app, (_, content) in _entries(parts["qiao:apps"][1]).items():
            for key in (key for key in NOT_COPIED if key in _entries(content)):
                self.left_out.append((f"apps.{app}.{key}", NOT_COPIED[key]))
                self._drop(content, key)
        for key, (_, value) in parts.items():
            if _is_secure(value):
                self.secrets.append(key)
                self._drop(config, key)
            else:
                self._empty(value, (key,))

    def _borrow(self, where: str, key: Node, region: Node, given: dict[str, Any]) -> None:
        """Keep the zones, borrow the rest."""
        lender = str(given.get("from", self._source))
        self.lenders.add(lender)
        self.left_out += [(f"{where}.{name}", f"stage {lender} has it") for name in given if name not in BORROWER]
        zones = given.get("zones") or list(given["network"]["subnet_ids"])
        wanted = {"zones": f"zones: {_flow(zones)}", "from": f"from: {lender}"}
        assert isinstance(region, MappingNode)  # noqa: S101 - settings say so
        if region.flow_style:
            self._cuts[region.start_mark.index, region.end_mark.index] = f"{{{', '.join(wanted.values())}}}"
        elif region.start_mark.index > key.start_mark.index:  # else an alias: done where it stands
            kept = [name for name in _entries(region) if name in BORROWER]
            place = self._line_end(self._end_of(region, kept[-1]) if kept else key.end_mark.index)
            margin = " " * region.start_mark.column
            lines = [f"{margin}{line}\n" for name, line in wanted.items() if name not in kept]
            self._cuts[place, place] = "".join(lines)
            for name in _entries(region):
                if name not in BORROWER:
                    self._drop(region, name)

    def _drop(self, mapping: Node, name: str, *, comment: bool = True) -> None:
        """Cut a key out, on lines of its own with the comment above it."""
        key, end = _entries(mapping)[name][0], self._end_of(mapping, name)
        start, column = key.start_mark.index, key.start_mark.column
        if isinstance(mapping, MappingNode) and mapping.flow_style:
            names = list(_entries(mapping))
            place = names.index(name)
            if place + 1 < len(names):
                end = mapping.value[place + 1][0].start_mark.index
            elif place:
                start = self._end_of(mapping, names[place - 1])
            self._cuts[start, end] = ""
            return
        start, end = start - column, self._line_end(end)
        while comment and start and self._comment_column(before := self._text.rfind("\n", 0, start - 1) + 1) == column:
            start = before
        while self._comment_column(end) > column:
            end = self._text.find("\n", end) + 1
        self._cuts[start, end] = ""

    def _empty(self, node: Node, path: SettingPath) -> None:
        """Take the ciphertext out, and leave the keys: they say what is to be set."""
        if any(start <= node.start_mark.index < end for start, end in self._cuts):
            return
        if isinstance(node, MappingNode):
            for name, (key, value) in _entries(node).items():
                if _is_secure(value):
                    self.secrets.append(written((*path, name)))
                    colon = self._text.index(":", key.end_mark.index) + 1
                    self._cuts[colon, self._end_of(node, name)] = " null" if node.flow_style else ""
                elif name != "<<":  # emptied where it stands
                    self._empty(value, (*path, name))
        elif isinstance(node, SequenceNode):
            for place, value in enumerate(node.value):
                if _is_secure(value):
                    self.secrets.append(written((*path, place)))
                    self._cuts[value.start_mark.index, _end(value)] = "null"
                else:
                    self._empty(value, (*path, place))

    def _end_of(self, mapping: Node, name: str) -> int:
        """Where a key's value ends: an alias is a name, and its value stands elsewhere."""
        key, value = _entries(mapping)[name]
        behind: int = key.end_mark.index
        if value.start_mark.index >= behind:
            return max(_end(value), behind)
        alias = re.compile(r"\s*:\s*\*[^\s,\[\]{}]+").match(self._text, behind)
        return alias.end() if alias else behind

    def _line_end(self, place: int) -> int:
        """Where the next line begins, after the text that ends at a place."""
        return self._text.find("\n", len(self._text[:place].rstrip())) + 1

    def _comment_column(self, line: int) -> int:
        """Where a line's `#` stands; -1 where the line is no comment."""
        found = re.compile(r" *(?=#)").match(self._text, line)
        return len(found[0]) if found else -1


BORROWER = ("zones", "from")
"""Settings of a region that a stage has which borrows it."""


def _entries(node: Node) -> dict[str, tuple[Node, Node]]:
    """A mapping's keys and values by key."""
    return {str(key.value): (key, value) for key, value in node.value} if isinstance(node, MappingNode) else {}


def _end(node: Node) -> int:
    """Where a value's last character stands: the parser says of a block only where the next one begins."""
    if isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _is_secure(node: Node) -> bool:
    return set(_entries(node)) == {"secure"}


def _flow(words: Iterable[str]) -> str:
    return "[" + ", ".join(word if re.fullmatch(r"[a-z][a-z0-9-]*", word) else json.dumps(word) for word in words) + "]"
