"""An agent where functions have roles and the stack signs tokens: its settings, recorded, and its parts by name."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from qiao.plan.recording import Recording, Resource, reveal
from stacks.stagefile import placeholder
from tests.stacks.support import ROOT, run

REGION = "cn-hangzhou"
ZONES = ["cn-hangzhou-j", "cn-hangzhou-k"]
PLACE = f"shared-alicloud-{REGION}"
DOMAIN = {"name": "agent.example.com", "certificate_id": "1234567", "dns_zone": "example.com"}
PROJECT = ROOT / "examples" / "agent-code"
"""Its folders `app` and `knowledge` are what runs."""
ENDPOINT = "http://tracing-analysis-dc-hz-internal.aliyuncs.com:8090"
TOKEN = placeholder(("qiao:clouds", "alicloud", REGION, "native", "observability", "trace_token"), "ciphertext")
TRACES = {"observability": {"trace_endpoint": ENDPOINT, "trace_token": TOKEN}}
GAP = "pulumi-python:dynamic/alicloud:"
FUNCTION = "fc/v3Function:V3Function"


def agent(**settings: Any) -> dict[str, Any]:
    """The guide's own agent: code with a server on port 9000; without `code` where an image is given."""
    base = {"blueprint": "agent", "cloud": "alicloud", "region": REGION, "code": {"path": "app"}, "port": 9000}
    base |= {"domain": DOMAIN}
    return {key: value for key, value in (base | settings).items() if value is not None}


def shared(**settings: Any) -> dict[str, Any]:
    """What it shares with others."""
    return {"alicloud": {REGION: {"zones": list(ZONES)} | settings}}


def ran(stage: str = "dev", *, preview: bool = False, native: Any = None, **settings: Any) -> Recording:
    """A stage of one agent."""
    region = shared(native=native) if native else shared()
    return run({"agent": agent(**settings)}, region, stage=stage, preview=preview, project_dir=PROJECT)


@cache
def full(stage: str = "dev", *, preview: bool = False) -> Recording:
    """One with all that it may have."""
    return ran(
        stage, preview=preview, native=TRACES, knowledge_base={"code": {"path": "knowledge"}, "async_retries": 1},
        database={}, bucket={}, identity={"permissions": [ASKED]}, operator={},
    )  # fmt: skip


ASKED = {"actions": ["fc:InvokeFunction"], "resources": ["acs:fc:*:*:functions/search"]}


def get(recording: Recording, type_token: str, name: str) -> Resource:
    return recording.get(f"alicloud:{type_token}", name)


def gap(recording: Recording, kind: str, name: str) -> Resource:
    return recording.get(f"{GAP}{kind}", name)


def function(recording: Recording, name: str = "agent-function") -> Resource:
    return get(recording, FUNCTION, f"{name}-function")


def envs(recording: Recording, name: str = "agent-function") -> dict[str, Any]:
    """A function's environment variables."""
    return dict(function(recording, name).inputs.get("environmentVariables") or {})


def rights(recording: Recording, name: str = "agent-function") -> list[dict[str, Any]]:
    """What the role of a function may do."""
    document = reveal(get(recording, "ram/policy:Policy", f"{name}-policy").inputs["policyDocument"])
    statements: list[dict[str, Any]] = json.loads(document)["Statement"]
    return statements
