"""One bad input: a change to a stage that is good, or a whole file, and the one message that answers it."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

CANARY = "canary-Zq7wPx"
"""What stands for a secret: no message, nor anything else that is printed, may hold it."""
OUT = "take this key out"
"""The value of a change that takes a key out."""

APP = {
    "blueprint": "agent",
    "cloud": "volcengine",
    "region": "cn-beijing",
    "image": "cr.example.com/team/bot:1.0.0",
}
REGION = {"zones": ["cn-beijing-a", "cn-beijing-b"]}


@dataclass(frozen=True, kw_only=True)
class Row:
    """One bad input."""

    id: str
    message: str
    """The whole of what is said, after `qiao: `. Several mistakes are several lines."""
    apps: Mapping[str, Any] = field(default_factory=lambda: {"agent": APP})
    """`qiao:apps`."""
    clouds: Any = field(default_factory=lambda: {"volcengine": {"cn-beijing": REGION}})
    """`qiao:clouds`."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """Further configuration, or instead of the above, by full key."""
    text: str | bytes | None = None
    """The whole stage file, instead of all above."""
    stage: str = "dev"
    arguments: tuple[str, ...] = ()
    """The command line, instead of `plan <stage>`; the project is added."""
    project: str | None = "name: qiao\nruntime: python\n"
    """Text of Pulumi.yaml, or None for none."""

    def write(self, folder: Path) -> list[str]:
        """Write the project; returns the command line."""
        lay_out(folder)
        if self.project is not None:
            (folder / "Pulumi.yaml").write_text(self.project, encoding="utf-8")
        content = self.text
        if content is None:
            config = {"qiao:clouds": self.clouds, "qiao:apps": self.apps, **self.config}
            content = yaml.safe_dump({"config": {k: v for k, v in config.items() if v != OUT}}, sort_keys=False)
        path = folder / f"Pulumi.{self.stage}.yaml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return [*(self.arguments or ("plan", self.stage)), "--project", str(folder)]


def lay_out(folder: Path) -> None:
    """What settings may point at: a folder to build, one of code, one without a Dockerfile, an empty one."""
    for name, text in (("app/Dockerfile", "FROM scratch\n"), ("code/run.sh", "exec true\n"), ("bare/x", "x\n")):
        (folder / name).parent.mkdir()
        (folder / name).write_text(text)
    (folder / "empty").mkdir()


def changed(good: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with some keys set, or taken out."""
    return {key: value for key, value in {**copy.deepcopy(dict(good)), **changes}.items() if value != OUT}


def app(id: str, message: str, *, stage: str = "dev", **changes: Any) -> Row:  # noqa: A002
    """The good application, changed."""
    return Row(id=id, message=message, stage=stage, apps={"agent": changed(APP, changes)})


def two(id: str, message: str, *, name: str = "other", **changes: Any) -> Row:  # noqa: A002
    """A good application and another one, changed."""
    return Row(id=id, message=message, apps={"agent": APP, name: changed(APP, changes)})


def region(id: str, message: str, *, stage: str = "dev", **changes: Any) -> Row:  # noqa: A002
    """The good region, changed: its keys are given with `from_` for `from`."""
    given = {key.rstrip("_"): value for key, value in changes.items()}
    return Row(id=id, message=message, stage=stage, clouds={"volcengine": {"cn-beijing": changed(REGION, given)}})


def top(id: str, message: str, *, stage: str = "dev", **config: Any) -> Row:  # noqa: A002
    """Configuration keys of namespace `qiao`."""
    return Row(id=id, message=message, stage=stage, config={f"qiao:{key}": value for key, value in config.items()})


def text(id: str, message: str, content: str | bytes) -> Row:  # noqa: A002
    """A whole stage file."""
    return Row(id=id, message=message, text=content)


def command(id: str, message: str, *arguments: str, project: str | None = Row.project) -> Row:  # noqa: A002
    """A command line on a good project."""
    return Row(id=id, message=message, arguments=arguments, project=project)
