"""The gaps as a component declares them: tokens, inputs, edges, and what is known in a preview."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.tencentcloud.gaps.function_ready import FunctionReady
from components.tencentcloud.gaps.function_url import FunctionUrl
from components.tencentcloud.gaps.release_history import ReleaseHistory
from qiao.plan.recorder import record
from qiao.plan.recording import Recording
from tests.fakes.tencentcloud.wire import REGION

TOKEN = "pulumi-python:dynamic/tencentcloud:"
ABOVE = "above"


class Part(pulumi.ComponentResource):
    """The gaps below one component, each fed by a resource above it or by another gap."""

    def __init__(self) -> None:
        super().__init__("test:Part", "part")
        more: dict[str, Any] = {"region": REGION, "opts": pulumi.ResourceOptions(parent=self)}
        above: Any = random.RandomId("above", byte_length=4).hex
        ready = FunctionReady("ready", function_name=above, namespace="default", revision_key="k1", **more)
        history = ReleaseHistory("history", function_name=ready.function_name, version_id="2", version_key="k2",
                                 weight=10, revision=None, force=False, **more)  # fmt: skip
        address = FunctionUrl("address", function_name=above, namespace="default", qualifier="live", auth_type="CAM",
                              internet=True, intranet=False, cors=None, **more)  # fmt: skip
        for name, value in (("stable", history.stable_version), ("url", address.internet_url)):
            random.RandomId(f"reads-{name}", byte_length=1, keepers={"value": value})


def recorded(*, preview: bool) -> Recording:
    """The gaps, recorded."""
    return record(Part, preview=preview)


INPUTS: dict[str, dict[str, Any]] = {
    "FunctionReady": {"revision_key": "k1", "timeout_seconds": 900},
    "ReleaseHistory": {"version_id": "2", "version_key": "k2", "weight": 10, "force": False},
    "FunctionUrl": {"qualifier": "live", "auth_type": "CAM", "internet": True, "intranet": False},
}
COMES_FROM = {"FunctionReady": ABOVE, "ReleaseHistory": "ready", "FunctionUrl": ABOVE}


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize("kind", INPUTS)
def test_a_gap_as_it_is_declared(kind: str, preview: bool) -> None:
    gap = recorded(preview=preview).get(TOKEN + kind)
    given = {key: value for key, value in gap.inputs.items() if key not in ("__provider", "function_name")}
    assert given == {**INPUTS[kind], "namespace": "default", "region": REGION}
    assert {urn.rsplit("::", 1)[-1] for urn in gap.input_dependencies["function_name"]} == {COMES_FROM[kind]}
    assert gap.parent is not None
    assert gap.parent.endswith("::part")


@pytest.mark.parametrize("preview", [False, True])
@pytest.mark.parametrize(("reader", "gap"), [("stable", "history"), ("url", "address")])
def test_what_reads_an_output_waits_for_its_gap(reader: str, gap: str, preview: bool) -> None:
    found = recorded(preview=preview).get("random:index/randomId:RandomId", f"reads-{reader}")
    assert {urn.rsplit("::", 1)[-1] for urn in found.input_dependencies["keepers"]} == {gap}
