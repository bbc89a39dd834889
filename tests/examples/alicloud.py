"""What tests of Alibaba Cloud's examples share: its types by short names, and stages whose settings are altered."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from qiao.plan.evaluate import evaluate
from qiao.plan.recording import Recording, Resource
from tests.stacks.support import ROOT

NAMES = ("agent-web", "chat", "model-server", "chat-suite")
REGION = "cn-hangzhou"
ZONES = ["cn-hangzhou-h", "cn-hangzhou-i"]
PLACE = f"shared-alicloud-{REGION}"
GAP = "pulumi-python:dynamic/alicloud"
TOKEN = "pulumi-python:dynamic/qiao:ServiceToken"

VPC, SWITCH = "vpc/network:Network", "vpc/switch:Switch"
FUNCTION, ALIAS, TRIGGER = "fc/v3Function:V3Function", "fc/v3Alias:V3Alias", "fc/v3Trigger:V3Trigger"
GATEWAY, ROUTE, POLICY, DOMAIN = (
    "apig/gateway:Gateway", "apig/route:Route", "apig/policy:Policy", "apig/domain:Domain",
)  # fmt: skip
DATABASE, BUCKET, FILES = "rds/instance:Instance", "oss/bucket:Bucket", "nas/fileSystem:FileSystem"


def one(recording: Recording, kind: str, name: str | None = None) -> Resource:
    """The one resource of a type (and name)."""
    return recording.get(f"alicloud:{kind}", name)


def every(recording: Recording, kind: str) -> list[Resource]:
    """All resources of a type."""
    return recording.of_type(f"alicloud:{kind}")


def gap(recording: Recording, kind: str, name: str | None = None) -> Resource:
    """The one gap of a class (and name)."""
    return recording.get(f"{GAP}:{kind}", name)


def gaps(recording: Recording, kind: str) -> list[Resource]:
    """All gaps of a class."""
    return recording.of_type(f"{GAP}:{kind}")


def environment(recording: Recording, app: str) -> dict[str, Any]:
    """Environment variables of an application's function."""
    return dict(one(recording, FUNCTION, f"{app}-function-function").inputs["environmentVariables"])


def switches(recording: Recording) -> list[Resource]:
    """The network's subnets, in the order of their zones."""
    return sorted(every(recording, SWITCH), key=lambda switch: str(switch.inputs["zoneId"]))


class Stage:
    """A copy of an example's stage, to be taken from step to step."""

    def __init__(self, name: str, stage: str, folder: Path) -> None:
        self.folder, self.stage = folder / name, stage
        shutil.copytree(ROOT / "examples" / name, self.folder, symlinks=True)
        self.path = self.folder / f"Pulumi.{stage}.yaml"

    def change(self, alter: Callable[[dict[str, Any]], object]) -> Recording:
        """The stage with its applications' settings altered, which lasts."""
        settings = yaml.safe_load(self.path.read_text())
        alter(settings["config"]["qiao:apps"])
        self.path.write_text(yaml.safe_dump(settings, sort_keys=False))
        return self.evaluate()

    def set(self, app: str, **given: Any) -> Recording:
        """The stage with some settings of one application given, which lasts."""
        return self.change(lambda apps: apps[app].update(given))

    def evaluate(self) -> Recording:
        """The stage as it is."""
        plan = evaluate(self.folder, self.stage)
        assert plan.findings == ()
        return plan.recording
