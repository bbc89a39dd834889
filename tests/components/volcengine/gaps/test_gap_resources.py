"""The gaps as a component declares them: tokens, inputs, edges, and what is known in a preview."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.volcengine.gaps.function_extras import FunctionExtras
from components.volcengine.gaps.gateway_logs import GatewayLogs
from components.volcengine.gaps.image_ready import ImageReady
from components.volcengine.gaps.postgres_backup import PostgresBackup
from components.volcengine.gaps.release_guard import ReleaseGuard
from components.volcengine.gaps.release_ready import ReleaseReady
from components.volcengine.gaps.trace_index_keys import TraceIndexKeys
from components.volcengine.gaps.trace_topic import TraceTopic
from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording
from tests.fakes.volcengine.wire import REGION

TOKEN = "pulumi-python:dynamic/volcengine:"
ABOVE = "function_id"


class Part(pulumi.ComponentResource):
    """All gaps below one component, each fed by a resource above it."""

    def __init__(self) -> None:
        super().__init__("test:Part", "part")
        own = pulumi.ResourceOptions(parent=self)
        above: Any = random.RandomId("above", byte_length=4).hex
        self.image = ImageReady("image", function_id=above, source="h/n/i:1", region=REGION, opts=own)
        guard = ReleaseGuard("guard", function_id=above, version_key=self.image.source, weight=10, force=False,
                             revision=7, region=REGION, opts=own)  # fmt: skip
        self.ready = ReleaseReady("ready", function_id=above, release_id="f:r", weight=guard.weight, region=REGION,
                                  timeout_seconds=60, opts=own)  # fmt: skip
        FunctionExtras("extras", function_id=above, async_enabled=True, max_retries=1, region=REGION, opts=own)
        GatewayLogs("logs", gateway_id=above, project_id="p", topic_id="t", region=REGION, opts=own)
        self.topic = TraceTopic("topic", project_id="p", trace_instance_id=above, region=REGION, opts=own)
        self.keys = TraceIndexKeys("keys", topic_id=self.topic.topic_id, keys=["input"], region=REGION, opts=own)
        PostgresBackup("backup", instance_id=above, retention_days=30, region=REGION, opts=own)


def recorded(*, preview: bool) -> Recording:
    """All gaps, recorded."""

    def program() -> None:
        part = Part()
        for name in ("image", "ready", "topic", "keys"):
            output = {"image": "source", "ready": "version", "topic": "topic_id", "keys": "added"}[name]
            pulumi.export(output, getattr(getattr(part, name), output))

    return record(program, preview=preview)


INPUTS: dict[str, dict[str, Any]] = {
    "ImageReady": {"function_id": ABOVE, "source": "h/n/i:1", "timeout_seconds": 900},
    "ReleaseGuard": {"function_id": ABOVE, "weight": 10, "force": False, "revision": 7},
    "ReleaseReady": {"function_id": ABOVE, "release_id": "f:r", "timeout_seconds": 60},
    "FunctionExtras": {"function_id": ABOVE, "async_enabled": True, "max_retries": 1},
    "GatewayLogs": {"gateway_id": ABOVE, "project_id": "p", "topic_id": "t"},
    "TraceTopic": {"project_id": "p", "trace_instance_id": ABOVE, "timeout_seconds": 300},
    "TraceIndexKeys": {"keys": ["input"]},
    "PostgresBackup": {"instance_id": ABOVE, "retention_days": 30},
}


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize("name", INPUTS)
def test_token_parent_inputs_and_edges(bare: pytest.MonkeyPatch, name: str, preview: bool) -> None:
    recording = recorded(preview=preview)
    above = recording.get("random:index/randomId:RandomId")
    gap = recording.get(TOKEN + name)
    assert gap.parent == recording.get("test:Part").urn
    assert gap.inputs["region"] == REGION
    for key, value in INPUTS[name].items():
        if value == ABOVE:
            assert gap.input_dependencies[key] == (above.urn,)
        else:
            assert gap.inputs[key] == value
    assert set(gap.inputs) - {*INPUTS[name], "region", "__provider", "version_key", "weight", "topic_id"} == set()
    assert all(isinstance(value, str) for key, value in gap.inputs.items() if key == "__provider")


def test_what_a_gap_finds_out_is_unknown_in_a_preview(bare: pytest.MonkeyPatch) -> None:
    outputs = recorded(preview=True).outputs
    assert {key: outputs[key] for key in ("version", "topic_id", "added")} == {
        "version": UNKNOWN, "topic_id": UNKNOWN, "added": UNKNOWN,
    }  # fmt: skip


def test_one_gap_waits_for_another_by_its_output(bare: pytest.MonkeyPatch) -> None:
    recording = recorded(preview=False)
    urns = {name: recording.get(TOKEN + name).urn for name in INPUTS}
    edges = {name: recording.get(TOKEN + name).input_dependencies for name in INPUTS}
    assert edges["ReleaseGuard"]["version_key"] == (urns["ImageReady"],)
    assert edges["ReleaseReady"]["weight"] == (urns["ReleaseGuard"],)
    assert edges["TraceIndexKeys"]["topic_id"] == (urns["TraceTopic"],)
