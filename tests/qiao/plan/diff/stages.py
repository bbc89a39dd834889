"""Stages to compare: one that has most of what there is, and variants of it by the settings that differ."""

from __future__ import annotations

import copy
import shutil
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from qiao.plan.evaluate import evaluate
from qiao.plan.saved import Document, document

ROOT: Final = Path(__file__).parents[4]
REGION: Final = "clouds.volcengine.cn-beijing"

BASE: Final[Mapping[str, Any]] = {
    "clouds": {
        "volcengine": {
            "cn-beijing": {
                "zones": ["cn-beijing-a", "cn-beijing-b"],
                "registry": {"public_cidrs": ["203.0.113.0/24"]},
                "contacts": [{"name": "on-call", "email": "on-call@example.com"}],
                "alerts": {
                    "rules": [{"name": "errors", "metric": "FunctionErrors", "namespace": "function", "threshold": 0}],
                    "log_alarm": {"receivers": ["on-call"]},
                },
            }
        }
    },
    "apps": {
        "agent": {
            "blueprint": "agent",
            "cloud": "volcengine",
            "region": "cn-beijing",
            "image": {"name": "agent", "tag": "1.0.0"},
            "command": "./run.sh",
            "memory_mb": 1024,
            "env": {"LOG_LEVEL": "info"},
            "secret_env": {"API_KEY": {"secure": "v1:one"}},
            "database": {"name": "agent", "user": "agent"},
            "bucket": {},
            "domain": {"name": "chat.example.com", "certificate_id": "cert-0123456789ab", "dns_zone": "example.com"},
            "identity": {"keys": {"primary": True, "secondary": True}},
        }
    },
}
"""A stage with everything but code, an address of its own and a knowledge base."""

ALICLOUD: Final[Mapping[str, Any]] = {
    "clouds": {
        "alicloud": {
            "cn-hangzhou": {
                "zones": ["cn-hangzhou-h", "cn-hangzhou-i"],
                "egress": True,
                "contacts": [{"name": "on-call", "email": "on-call@example.com"}],
                "alerts": {"rules": [{"name": "errors", "metric": "FunctionFunctionErrors", "threshold": 0}]},
            }
        }
    },
    "apps": {
        "agent": {
            "blueprint": "agent",
            "cloud": "alicloud",
            "region": "cn-hangzhou",
            "image": {"name": "agent", "tag": "1.0.0"},
            "command": "./run.sh",
            "memory_mb": 1024,
            "cpu": 1,
            "env": {"LOG_LEVEL": "info"},
            "secret_env": {"API_KEY": {"secure": "v1:one"}},
            "database": {"name": "agent", "user": "agent"},
            "bucket": {},
            "domain": {"name": "chat.example.com", "certificate_id": "1234567", "dns_zone": "example.com"},
            "policies": {"rate_limit": 100},
        }
    },
}
"""A stage with much the same on the cloud whose functions publish versions."""
BASES: Final = {"volcengine": BASE, "alicloud": ALICLOUD}

Changes = Mapping[str, Any]
"""Settings by their dotted path; None takes one out."""


def settings(changes: Changes, cloud: str = "volcengine") -> dict[str, Any]:
    """The base of a cloud, changed."""
    config: dict[str, Any] = copy.deepcopy(dict(BASES[cloud]))
    for path, value in changes.items():
        *above, last = path.split(".")
        place = config
        for name in above:
            place = place.setdefault(name, {})
        if value is None:
            del place[last]
        else:
            place[last] = copy.deepcopy(value)
    return config


def write(folder: Path, changes: Changes, stage: str = "dev", cloud: str = "volcengine") -> Path:
    """A project with one stage: the base, changed."""
    (folder / "Pulumi.yaml").write_text("name: qiao\nruntime: python\n")
    if not (folder / "app").exists():
        shutil.copytree(ROOT / "examples" / "agent-build" / "app", folder / "app")
    config = {f"qiao:{key}": value for key, value in settings(changes, cloud).items()}
    (folder / f"Pulumi.{stage}.yaml").write_text(yaml.safe_dump({"config": config}))
    return folder


def planned(changes: Changes | None = None, stage: str = "dev", cloud: str = "volcengine") -> Document:
    """The saved plan of a variant."""
    return _planned(yaml.safe_dump(dict(changes or {})), stage, cloud)


@cache
def _planned(changes: str, stage: str, cloud: str) -> Document:
    with tempfile.TemporaryDirectory() as folder:
        return document(evaluate(write(Path(folder).resolve(), yaml.safe_load(changes), stage, cloud), stage))
