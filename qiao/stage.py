"""`qiao stage new`: a feature stage beside an existing one, on that one's network, registry and logs."""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from components.errors import UserError
from stacks import settings
from stacks.stagefile import STAGE, STAGE_WORDS, file_of, load, read_text

NOT_COPIED = {
    "domain": "one stage serves a domain",
    "release": "a function's first release is a whole one",
}
"""Settings of an application that belong to one stage, and why."""


def new_stage(project_dir: Path, name: str, source: str) -> list[str]:
    """Write `Pulumi.<name>.yaml` from another stage's file, borrowing that stage's foundation.

    Nothing encrypted is copied: a secret is there as a key with nothing behind it. Comments stay. The file appears
    whole or not at all, and only when its settings are valid.

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
    draft = _Draft(read_text(old), source)
    text = draft.text()
    with tempfile.TemporaryDirectory(dir=project_dir, prefix=".stage-") as folder:
        made = file_of(Path(folder), name)
        made.write_text(text, encoding="utf-8")
        stage = load(made)
        checked = settings.read(_own(stage.config), name, offline=True)
        _put(made, target)
    secrets = [*checked.unset, *draft.scalars]
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
    """The new stage's file, being made out of the old one's text."""

    def __init__(self, text: str, source: str) -> None:
        self.yaml = YAML()
        self.yaml.preserve_quotes = True
        self.yaml.width = 120
        self.yaml.indent(mapping=2, sequence=4, offset=2)
        self.source, self.lenders = source, set[str]()
        self.left_out: list[tuple[str, str]] = []
        self.scalars: list[str] = []
        self._document = self.yaml.load(text)

    def text(self) -> str:
        """The new file's text."""
        config = self._document["config"]
        for key in list(self._document):
            if key != "config":  # the old stage's salt and key
                del self._document[key]
        for key in list(config):
            if _is_secure(config[key]):
                self.scalars.append(key)
                del config[key]
            else:
                _empty_secrets(config[key])
        for cloud, regions in config.get("qiao:clouds", {}).items():
            for region in regions:
                self._borrow(f"clouds.{cloud}.{region}", regions[region])
        for app, content in config.get("qiao:apps", {}).items():
            for key in [key for key in NOT_COPIED if key in content]:
                self.left_out.append((f"apps.{app}.{key}", NOT_COPIED[key]))
                _drop(content, key)
        stream = io.StringIO()
        self.yaml.dump(self._document, stream)
        return stream.getvalue()

    def _borrow(self, where: str, region: CommentedMap) -> None:
        """Keep the zones, borrow the rest."""
        lender = region.get("from", self.source)
        self.lenders.add(str(lender))
        zones = region.get("zones") or list(region["network"]["subnet_ids"])
        for key in [key for key in region if key not in ("from", "zones")]:
            self.left_out.append((f"{where}.{key}", f"stage {lender} has it"))
            _drop(region, key)
        region["zones"] = zones
        region["from"] = lender


def _drop(mapping: CommentedMap, key: str) -> None:
    """Take a key out with the comment above it.

    The comment above a key hangs on the last value before it, and so the comment above the next key on this one's.
    """
    keys = list(mapping)
    before = keys[: keys.index(key)]
    own = _comment_below(mapping, key)
    above = _comment_below(mapping, before[-1]) if before else None
    if above is not None:
        following = own.value.partition("\n")[2] if own is not None else ""
        above.value = above.value.partition("\n")[0] + "\n" + following
    del mapping[key]


def _comment_below(node: Any, key: Any) -> Any:
    """The comment that hangs on the last value of a key: what is behind it on its line, and all lines below."""
    while isinstance(node[key], CommentedMap | CommentedSeq) and node[key] and not node[key].fa.flow_style():
        node = node[key]
        key = list(node)[-1] if isinstance(node, CommentedMap) else len(node) - 1
    hung = node.ca.items.get(key)
    return hung[2 if isinstance(node, CommentedMap) else 0] if hung else None


def _is_secure(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"secure"}


def _empty_secrets(value: Any) -> None:
    """Take the ciphertext out, and leave the keys: they say what is to be set."""
    items: Iterator[tuple[Any, Any]] = iter(())
    if isinstance(value, dict):
        items = iter(list(value.items()))
    elif isinstance(value, list):
        items = iter(list(enumerate(value)))
    for key, item in items:
        if _is_secure(item):
            value[key] = None
        else:
            _empty_secrets(item)
