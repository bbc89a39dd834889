"""Settings to begin from, and a stage's program run on the recorder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording, Resource
from qiao.plan.standins import StandIns
from qiao.plan.wire import Secret
from stacks.foundation import reference_standin
from stacks.program import deploy
from stacks.stagefile import file_of, load

ROOT = Path(__file__).parents[2]
IMAGE = "registry.example.com/agents/bot:1.0.0"
ZONES = ["cn-beijing-a", "cn-beijing-b"]
PLACE = "shared-volcengine-cn-beijing"


def app(**settings: Any) -> dict[str, Any]:
    """An agent's settings; `image` is a reference unless `image=None`."""
    base = {"blueprint": "agent", "cloud": "volcengine", "region": "cn-beijing", "image": IMAGE}
    return {key: value for key, value in (base | settings).items() if value is not None}


def region(**settings: Any) -> dict[str, Any]:
    """Settings of one cloud with one region."""
    return {"volcengine": {"cn-beijing": {"zones": list(ZONES)} | settings}}


def config(
    apps: Mapping[str, Any] | None = None, clouds: Mapping[str, Any] | None = None, **more: Any
) -> dict[str, str]:
    """Configuration as Pulumi hands it to programs."""
    values = {"apps": apps or {"agent": app()}, "clouds": clouds or region(), **more}
    return {f"qiao:{key}": json.dumps(value) for key, value in values.items()}


def run(
    apps: Mapping[str, Any] | None = None,
    clouds: Mapping[str, Any] | None = None,
    *,
    stage: str = "dev",
    preview: bool = False,
    project_dir: Path = ROOT / "examples" / "agent-build",
    offline: bool = True,
    **more: Any,
) -> Recording:
    """A stage's program on the recorder, its settings given as mappings."""
    values = config(apps, clouds, **more)
    return run_config(values, stage=stage, preview=preview, project_dir=project_dir, offline=offline)


def run_config(
    values: Mapping[str, str], *, stage: str, project_dir: Path, preview: bool = False, offline: bool = True
) -> Recording:
    """The same, its settings given as Pulumi hands them over."""
    standins = StandIns(stack_references=reference_standin(values, "qiao"))
    return record(
        lambda: deploy(project_dir, offline=offline),
        stack=stage, config=values, preview=preview, standins=standins,
    )  # fmt: skip


def run_file(project_dir: Path, stage: str, *, preview: bool = False) -> Recording:
    """A project's stage, its settings read from its stack file as a plan does."""
    file = load(file_of(project_dir, stage))
    return run_config(file.config, stage=stage, project_dir=project_dir, preview=preview)


def write_stage(folder: Path, apps: Any, clouds: Any, stage: str = "dev", **more: Any) -> Path:
    """A project of one stack file."""
    path = file_of(folder, stage)
    path.write_text(yaml.safe_dump({"config": {"qiao:apps": apps, "qiao:clouds": clouds, **more}}))
    return path


def child(recording: Recording, type_token: str, name: str) -> Resource:
    """The one resource of a type and name."""
    return recording.get(f"volcengine:{type_token}", name)


def envs(function: Resource) -> dict[str, Any]:
    """A function's environment variables by name."""
    return {item["key"]: item["value"] for item in function.inputs["envs"]}


def in_clear(value: Any) -> Iterator[str]:
    """Every text of a value that is not inside a secret."""
    if isinstance(value, Secret) or value is UNKNOWN:
        return
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield str(key)
            yield from in_clear(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from in_clear(item)
    else:
        yield str(value)


def all_in_clear(recording: Recording) -> Iterator[tuple[str, str]]:
    """Every text in clear that a run asked for, got back, or published, and where."""
    for resource in recording.resources:
        for values in (resource.inputs, resource.outputs, {"id": resource.id, "description": resource.name}):
            for text in in_clear(values):
                yield resource.urn, text
    for call in recording.invokes:
        for text in in_clear(call.args):
            yield call.token, text
    for text in in_clear(recording.outputs):
        yield "stack outputs", text
