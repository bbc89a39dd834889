"""Reads `Pulumi.<stage>.yaml` without Pulumi: what a stage is configured with, and which values of it are encrypted.

The file is the user's, perhaps half-edited: every way it can be wrong is one clear error, and no error repeats its
text, which may hold a secret.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent

from components.checks import shown
from components.errors import UserError

SettingPath = tuple[str | int, ...]
"""Where a value stands: the configuration key (`qiao:apps`), then keys and places inside it."""

STAGE = r"(?=[a-z0-9-]{1,32}(?![a-z0-9-]))[a-z][a-z0-9]*(-[a-z0-9]+)*"
"""A stage's name, and an application's: longer ones would leave of a physical name little but its hash."""
STAGE_WORDS = "lower-case letters, digits and single hyphens, beginning with a letter, at most 32 characters"

LARGEST_BYTES = 256 * 1024
DEEPEST = 40
MOST_VALUES = 20_000

PLACEHOLDER = "[encrypted: "
"""How the stand-in for a value begins that only Pulumi can decrypt."""


@dataclass(frozen=True, kw_only=True)
class StageFile:
    """A stage's configuration as it is stored."""

    stage: str
    """The stage: what stands between `Pulumi.` and `.yaml`."""
    path: Path
    """The file."""
    config: Mapping[str, str]
    """Every value by its full key (`qiao:apps`), objects as JSON. Encrypted values are placeholders, told by
    `is_placeholder`."""
    secret_paths: frozenset[SettingPath]
    """Where the encrypted values stand."""
    placeholders: tuple[str, ...] = ()
    """What stands for them in `config`."""


def file_of(project: Path, stage: str) -> Path:
    """Where a stage's configuration lies. Raises UserError when that is no stage's name."""
    if not re.fullmatch(STAGE, stage):
        raise UserError("stage", f"{shown(stage)} is not valid", f"use {STAGE_WORDS}")
    return project / f"Pulumi.{stage}.yaml"


def stages(project: Path) -> list[str]:
    """The stages that a project has files for."""
    return sorted(path.name.removeprefix("Pulumi.").removesuffix(".yaml") for path in project.glob("Pulumi.?*.yaml"))


def load(path: Path) -> StageFile:
    """Read a stage file. Raises UserError when it is missing, no YAML, no stage file, too large or too deep."""
    match = re.fullmatch(rf"Pulumi\.({STAGE})\.yaml", path.name)
    if not match:
        raise UserError(path.name, "is not a stage file", f"name it Pulumi.<stage>.yaml; a stage has {STAGE_WORDS}")
    document = parse(path)
    stored = document.get("config")
    if not isinstance(stored, dict) or not stored:
        raise UserError(path.name, "holds no configuration", FILL)
    reader = _Reader(path.name)
    config = {key: _as_config(reader.plain(value, (key,))) for key, value in stored.items() if reader.is_key(key)}
    return StageFile(
        stage=match[1], path=path, config=config, secret_paths=frozenset(reader.secrets),
        placeholders=tuple(reader.placeholders),
    )  # fmt: skip


BEGIN = "begin it with `config:`"
FILL = "put qiao:apps and qiao:clouds below `config:`"


def parse(path: Path, begin: str = BEGIN) -> dict[str, Any]:
    """The YAML document of a file as plain values, refused when it is no mapping or built to exhaust memory.

    Args:
        path: the file.
        begin: how such a file begins, for errors.
    """
    text = read_text(path)
    # YAML 1.2, as Pulumi's own parser reads it: a plain `on` or `yes` is text, not a truth value.
    yaml = YAML(typ="safe", pure=True)
    try:
        _refuse_bombs(path.name, yaml, text)
        document = yaml.load(text)
    except MarkedYAMLError as error:
        line = f" near line {error.problem_mark.line + 1}" if error.problem_mark else ""
        twice = "duplicate" in (error.problem or "")
        what = f"a key stands twice{line}" if twice else f"is not YAML{line}"
        raise UserError(path.name, what, "keep one of them" if twice else "mend that line") from None
    except (YAMLError, ValueError):
        raise UserError(path.name, "is not YAML", "mend it, or begin again from another file") from None
    if document is None:
        raise UserError(path.name, "is empty", FILL if begin == BEGIN else begin)
    if not isinstance(document, dict):
        raise UserError(path.name, "is not a mapping", begin)
    return document


def read_text(path: Path) -> str:
    """The text of a stage file; one clear error where it is missing, unreadable or far too large."""
    if not path.is_file():
        there = ", ".join(stages(path.parent)) or "none"
        instead = f"stages here: {there}; make one with `qiao stage new NAME --from STAGE`"
        raise UserError(path.name, "there is no such file", instead)
    if path.stat().st_size > LARGEST_BYTES:
        raise UserError(path.name, f"is larger than {LARGEST_BYTES // 1024} KiB", "keep settings only in it")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(path.name, "is not UTF-8 text", "save it as UTF-8") from None
    except OSError as error:
        raise UserError(path.name, f"cannot be read: {error.strerror}", "mend its permissions") from None


def _refuse_bombs(where: str, yaml: YAML, text: str) -> None:
    """Refuse nesting that would exhaust the stack, before anything recursive sees it."""
    depth = 0
    for event in yaml.parse(text):
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > DEEPEST:
            raise UserError(where, f"is nested deeper than {DEEPEST} levels", "settings need no more than ten")


class _Reader:
    """Turns parsed YAML into plain values, collecting where encrypted ones stand."""

    def __init__(self, where: str) -> None:
        self.where, self.secrets, self._seen = where, list[SettingPath](), 0
        self.placeholders: list[str] = []

    def is_key(self, key: Any) -> bool:
        """Refuse a configuration key without a namespace, as Pulumi does."""
        if not isinstance(key, str) or not re.fullmatch(r"[^:\s]+:[^:\s]+", key):
            raise UserError(f"{self.where}: config", "a key has no namespace", "write it as qiao:apps")
        return True

    def plain(self, value: Any, path: SettingPath) -> Any:
        """A value with encrypted parts replaced by placeholders."""
        self._seen += 1
        if self._seen > MOST_VALUES:
            raise UserError(self.where, f"holds more than {MOST_VALUES} values", "do without nested YAML aliases")
        if isinstance(value, dict):
            if set(value) == {"secure"}:
                if not isinstance(value["secure"], str):
                    command = "run `pulumi config set --secret --path`, which writes it"
                    raise UserError(f"{self.where}: {written(path)}", "holds no ciphertext behind `secure:`", command)
                self.secrets.append(path)
                self.placeholders.append(placeholder(path, value["secure"]))
                return self.placeholders[-1]
            return {self._key(key, path): self.plain(item, (*path, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.plain(item, (*path, place)) for place, item in enumerate(value)]
        if value is None or isinstance(value, str | int | bool):
            return value
        if isinstance(value, float) and abs(value) < float("inf"):
            return value
        raise UserError(f"{self.where}: {written(path)}", "is neither text, number nor true/false", "put it in quotes")

    def _key(self, key: Any, path: SettingPath) -> str:
        if not isinstance(key, str):
            raise UserError(f"{self.where}: {written(path)}", f"the key {key!r} is not text", "put it in quotes")
        return key


def placeholder(path: SettingPath, ciphertext: str = "") -> str:
    """What stands for the encrypted value at a path: another for each, so that two never look equal.

    It ends in a fingerprint of the ciphertext, so that a value that was set anew looks new to whatever depends on it.
    Of the secret it tells nothing: Pulumi encrypts with a fresh nonce every time.
    """
    fingerprint = f" #{hashlib.sha256(ciphertext.encode()).hexdigest()[:12]}" if ciphertext else ""
    return f"{PLACEHOLDER}{written(path)}{fingerprint}]"


def is_placeholder(value: object) -> bool:
    """Whether a value stands for one that only Pulumi can decrypt."""
    return isinstance(value, str) and value.startswith(PLACEHOLDER)


def placeholders(value: Any, path: SettingPath) -> Iterator[SettingPath]:
    """Where placeholders stand in a configuration value."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from placeholders(item, (*path, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from placeholders(item, (*path, place))
    elif is_placeholder(value):
        yield path


def written(path: SettingPath) -> str:
    """A path as `pulumi config set --path` takes it: `qiao:apps.agent.secret_env.KEY`, `x[0]`, `x["a.b"]`."""
    words = [str(path[0])]
    for part in path[1:]:
        if isinstance(part, int):
            words.append(f"[{part}]")
        else:
            words.append(f".{part}" if re.fullmatch(r"[^.\[\]\"']+", part) else f"[{json.dumps(part)}]")
    return "".join(words)


def _as_config(value: Any) -> str:
    """A configuration value as Pulumi hands it to programs: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, allow_nan=False)
