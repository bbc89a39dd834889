"""The gaps as a component declares them: tokens, inputs, edges, and what is known in a preview."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.alicloud.gaps.any_host_domain import AnyHostDomain
from components.alicloud.gaps.async_invoke import AsyncInvoke
from components.alicloud.gaps.consumer import Consumer
from components.alicloud.gaps.consumer_grant import ConsumerGrant
from components.alicloud.gaps.function_ready import FunctionReady
from components.alicloud.gaps.gateway_address import GatewayAddress
from components.alicloud.gaps.logs_ready import LogsReady
from components.alicloud.gaps.provisioned_concurrency import ProvisionedConcurrency
from components.alicloud.gaps.release_history import ReleaseHistory
from components.alicloud.gaps.route_deployment import RouteDeployment
from components.alicloud.gaps.service_ready import ServiceReady
from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording
from tests.fakes.alicloud.wire import REGION

TOKEN = "pulumi-python:dynamic/alicloud:"
JWKS = '{"keys": [{"kty": "RSA", "n": "0vx7", "e": "AQAB"}]}'
ABOVE = "above"


class Part(pulumi.ComponentResource):
    """All gaps below one component, each fed by a resource above it or by another gap."""

    def __init__(self) -> None:
        super().__init__("test:Part", "part")
        more: dict[str, Any] = {"region": REGION, "opts": pulumi.ResourceOptions(parent=self)}
        above: Any = random.RandomId("above", byte_length=4).hex
        ready = FunctionReady("ready", function_name=above, revision_key="k1", **more)
        self.history = ReleaseHistory("history", function_name=ready.function_name, version_id="2", version_key="k2",
                                      weight=10, revision=None, force=False, **more)  # fmt: skip
        ProvisionedConcurrency("warm", function_name=above, qualifier="live", target=1, always_allocate_cpu=True,
                               always_allocate_gpu=False, **more)  # fmt: skip
        AsyncInvoke("async", function_name=above, qualifier="live", async_task=True, max_retries=1,
                    max_age_seconds=60, **more)  # fmt: skip
        LogsReady("logs", project=above, logstore="app", **more)
        service = ServiceReady("service", service_id=above, timeout_seconds=60, **more)
        self.address = GatewayAddress("address", gateway_id=above, internet=True, **more)
        self.any_host = AnyHostDomain("any-host", **more)
        published = RouteDeployment("published", http_api_id="api", route_id=above, gateway_id="gw",
                                    trigger=service.service_id, **more)  # fmt: skip
        self.consumer = Consumer("consumer", consumer_name=above, jwks=JWKS, payload_key="sub", payload_value="agent",
                                 secret_type="Symmetry", **more)  # fmt: skip
        self.grant = ConsumerGrant("grant", consumer_id=self.consumer.consumer_id, environment_id="env",
                                   http_api_id="api", route_id=published.route_id, **more)  # fmt: skip


def recorded(*, preview: bool) -> Recording:
    """All gaps, recorded."""

    def program() -> None:
        part = Part()
        outputs: dict[str, Any] = {
            "stable": part.history.stable_version, "canary": part.history.canary_version,
            "address": part.address.address, "consumer": part.consumer.consumer_id,
            "any_host": part.any_host.domain_id,
        }  # fmt: skip
        for name, value in outputs.items():
            pulumi.export(name, value)

    return record(program, preview=preview)


INPUTS: dict[str, dict[str, Any]] = {
    "FunctionReady": {"function_name": ABOVE, "revision_key": "k1", "timeout_seconds": 900},
    "ReleaseHistory": {"version_id": "2", "version_key": "k2", "weight": 10, "force": False},
    "ProvisionedConcurrency": {
        "function_name": ABOVE, "qualifier": "live", "target": 1, "always_allocate_cpu": True,
        "always_allocate_gpu": False,
    },
    "AsyncInvoke": {
        "function_name": ABOVE, "qualifier": "live", "async_task": True, "max_retries": 1, "max_age_seconds": 60,
    },
    "LogsReady": {"project": ABOVE, "logstore": "app", "timeout_seconds": 900},
    "ServiceReady": {"service_id": ABOVE, "timeout_seconds": 60},
    "GatewayAddress": {"gateway_id": ABOVE, "internet": True, "timeout_seconds": 600},
    "AnyHostDomain": {},
    "RouteDeployment": {"http_api_id": "api", "route_id": ABOVE, "gateway_id": "gw"},
    "Consumer": {
        "consumer_name": ABOVE, "jwks": JWKS, "payload_key": "sub", "payload_value": "agent",
        "secret_type": "Symmetry",
    },
    "ConsumerGrant": {"environment_id": "env", "http_api_id": "api"},
}  # fmt: skip
FED = {
    ("ReleaseHistory", "function_name"): "FunctionReady", ("RouteDeployment", "trigger"): "ServiceReady",
    ("ConsumerGrant", "consumer_id"): "Consumer", ("ConsumerGrant", "route_id"): "RouteDeployment",
}  # fmt: skip
"""Inputs that one gap has from another, and so waits for it."""


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
    fed = {key for gap_name, key in FED if gap_name == name}
    assert set(gap.inputs) == {*INPUTS[name], *fed, "region", "__provider"}
    assert isinstance(gap.inputs["__provider"], str)


@pytest.mark.parametrize(("name", "key"), FED)
def test_one_gap_waits_for_another_by_its_output(bare: pytest.MonkeyPatch, name: str, key: str) -> None:
    recording = recorded(preview=False)
    feeding = recording.get(TOKEN + FED[name, key])
    assert recording.get(TOKEN + name).input_dependencies[key] == (feeding.urn,)


def test_what_a_gap_finds_out_is_unknown_in_a_preview(bare: pytest.MonkeyPatch) -> None:
    outputs = recorded(preview=True).outputs
    assert {key: outputs[key] for key in ("stable", "canary", "address", "consumer", "any_host")} == {
        "stable": UNKNOWN, "canary": UNKNOWN, "address": UNKNOWN, "consumer": UNKNOWN, "any_host": UNKNOWN,
    }  # fmt: skip
