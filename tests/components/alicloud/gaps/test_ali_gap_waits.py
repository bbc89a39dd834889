"""FunctionReady, LogsReady, ServiceReady and GatewayAddress: they wait for what the provider does not wait for, and
always come to an end."""

from __future__ import annotations

from typing import Any

import pytest

from components.alicloud.gaps.errors import ApiError, GapError
from components.alicloud.gaps.function_ready import FunctionReadyProvider, verdict
from components.alicloud.gaps.gateway_address import GatewayAddressProvider
from components.alicloud.gaps.logs_ready import STEADY, LogsReadyProvider
from components.alicloud.gaps.service_ready import SETTLE_SECONDS, ServiceReadyProvider
from components.gaps.base import GapProvider
from tests.fakes.alicloud.fc import PENDING, READY, UPDATING
from tests.fakes.alicloud.server import Fake, Fault
from tests.fakes.alicloud.wire import REGION, UNKNOWN, Clock, wire


def function(name: str = "web", key: Any = "k1", **more: Any) -> dict[str, Any]:
    """Inputs of FunctionReady."""
    return wire(**{"function_name": name, "revision_key": key, "region": REGION, "timeout_seconds": 900, **more})


@pytest.mark.parametrize(
    ("state", "update", "expected"),
    [
        ("Active", "Successful", True),
        ("Inactive", "Successful", True),
        (None, None, True),
        ("Active", None, True),
        ("Pending", "Successful", None),
        ("Active", "InProgress", None),
        ("Failed", "InProgress", None),
        ("a word nobody knows", "Successful", None),
        ("Active", "another word", None),
        ("Failed", "Successful", False),
        ("Active", "Failed", False),
        ("Pending", "Failed", False),
    ],
)
def test_words_of_a_function(state: str | None, update: str | None, expected: bool | None) -> None:
    assert verdict({"state": state, "lastUpdateStatus": update}) is expected


def test_a_version_can_follow_when_the_function_is_ready(cloud: Fake, clock: Clock) -> None:
    made = cloud.fc.make_function(PENDING, PENDING, UPDATING, READY)
    created = FunctionReadyProvider().create(function(made))
    assert created.id == made
    assert created.outs == {"region": REGION, "function_name": made, "revision_key": "k1"}
    assert cloud.bodies("GetFunction") == [{"functionName": made}] * 4
    assert clock.pauses == [1, 2, 3]


def test_a_function_that_is_never_ready_is_one_clear_error(cloud: Fake, clock: Clock) -> None:
    made = cloud.fc.make_function(PENDING)
    with pytest.raises(GapError) as caught:
        FunctionReadyProvider().create(function(made, timeout_seconds=120))
    last = "state Pending, stateReasonCode Initializing, lastUpdateStatus Successful"
    assert caught.value.what == f"function {made} is not ready after 120 s; last seen: {last}"
    assert "run `up` again" in caught.value.instead
    assert clock.time == 1120
    cloud.fc.make_function(PENDING, READY)
    assert FunctionReadyProvider().create(function(made)).id == made, "the next `up` waits on"


def test_a_function_that_fails_ends_the_wait_at_once_and_its_environment_is_not_shown(
    cloud: Fake, clock: Clock
) -> None:
    broken = {"state": "Failed", "stateReasonCode": "ImageNotFound", "stateReason": "no such tag"}
    made = cloud.fc.make_function(PENDING, broken)
    with pytest.raises(GapError, match=r"cannot be prepared: state Failed.*ImageNotFound.*no such tag") as caught:
        FunctionReadyProvider().create(function(made))
    assert clock.pauses == [1]
    assert "clear-text-of-an-env" not in str(caught.value)


def test_the_environment_of_a_function_never_gets_into_state(cloud: Fake) -> None:
    made = cloud.fc.make_function()
    created, read = FunctionReadyProvider().create(function(made)), FunctionReadyProvider().read(made, function(made))
    assert "clear-text-of-an-env" not in str(created.outs) + str(read.outs) + str(read.inputs)


def test_throttling_in_the_middle_of_a_wait_does_not_end_it(cloud: Fake) -> None:
    made = cloud.fc.make_function(PENDING, READY)
    cloud.play("GetFunction", Fault(429, "ResourceThrottled"), Fault(503), Fault(drop=True))
    assert FunctionReadyProvider().create(function(made)).id == made


def test_another_revision_is_waited_for_in_place(cloud: Fake) -> None:
    made = cloud.fc.make_function(UPDATING, READY)
    olds, news = function(made), function(made, "k2")
    plan = FunctionReadyProvider().diff(made, olds, news)
    assert (plan.changes, plan.replaces) == (True, [])
    outs = FunctionReadyProvider().update(made, olds, news).outs
    assert outs == {"region": REGION, "function_name": made, "revision_key": "k2"}
    assert len(cloud.calls) == 2


def test_another_function_replaces_the_wait_and_another_timeout_does_nothing() -> None:
    diff = FunctionReadyProvider().diff
    assert diff("f", function("f"), function("g")).replaces == ["function_name"]
    assert diff("f", function("f"), function(UNKNOWN)).replaces == ["function_name"]
    assert diff("f", function("f"), function("f", UNKNOWN)).changes is True
    assert diff("f", function("f"), function("f", timeout_seconds=5)).changes is False


def logs(project: str, logstore: str, **more: Any) -> dict[str, Any]:
    """Inputs of LogsReady."""
    return wire(**{"project": project, "logstore": logstore, "region": REGION, "timeout_seconds": 900, **more})


def test_a_store_is_ready_when_its_index_answers_steadily(cloud: Fake, clock: Clock) -> None:
    store = cloud.sls.make_store("ProjectNotExist", "LogStoreNotExist", "", "IndexConfigNotExist", "")
    created = LogsReadyProvider().create(logs(*store))
    assert created.id == ":".join(store)
    assert created.outs == {"region": REGION, "project": store[0], "logstore": store[1]}
    assert len(cloud.calls) == 4 + STEADY, "one answer from a host that knows it is not enough"
    assert clock.pauses == [1, 2, 3, 5, 10, 10]


def test_a_store_that_never_answers_is_one_clear_error(cloud: Fake, clock: Clock) -> None:
    store = cloud.sls.make_store("IndexConfigNotExist")
    with pytest.raises(GapError) as caught:
        LogsReadyProvider().create(logs(*store, timeout_seconds=60))
    assert f"log store {store[1]} of project {store[0]} cannot be searched after 60 s" in caught.value.what
    assert "IndexConfigNotExist" in caught.value.what
    assert clock.time == 1060


def test_a_refusal_ends_the_wait_for_a_store(cloud: Fake, clock: Clock) -> None:
    cloud.play("GetIndex", Fault(403, "Unauthorized"))
    with pytest.raises(ApiError, match="Unauthorized"):
        LogsReadyProvider().create(logs(*cloud.sls.make_store()))
    assert clock.pauses == []


@pytest.mark.parametrize("code", ["ProjectNotExist", "LogStoreNotExist", "IndexConfigNotExist"])
def test_a_refresh_of_a_store_that_is_gone(cloud: Fake, code: str) -> None:
    store = cloud.sls.make_store("", code)
    read = LogsReadyProvider().read(":".join(store), logs(*store))
    assert (read.id, read.outs) == (":".join(store), {"region": REGION, "project": store[0], "logstore": store[1]})
    assert LogsReadyProvider().read(":".join(store), logs(*store)).id is None


def test_another_store_is_another_wait() -> None:
    diff = LogsReadyProvider().diff
    assert diff("p:a", logs("p", "a"), logs("p", "b")).replaces == ["logstore"]
    assert diff("p:a", logs("p", "a"), logs("q", "a")).replaces == ["project"]
    assert diff("p:a", logs("p", "a"), logs("p", "a", timeout_seconds=1)).changes is False


def service(service_id: str, **more: Any) -> dict[str, Any]:
    """Inputs of ServiceReady."""
    return wire(**{"service_id": service_id, "region": REGION, "timeout_seconds": 600, **more})


def test_a_service_is_ready_when_it_is_healthy(cloud: Fake, clock: Clock) -> None:
    sick = {"healthStatus": "Unhealthy", "unhealthyEndpoints": ["web"]}
    cloud.apig.services["svc-1"] = [sick, sick, {"healthStatus": "Healthy"}]
    created = ServiceReadyProvider().create(service("svc-1"))
    assert (created.id, created.outs) == ("svc-1", {"region": REGION, "service_id": "svc-1"})
    assert clock.pauses == [1, 2]


@pytest.mark.parametrize("shown", [{}, {"healthStatus": ""}, {"healthStatus": "Unknown"}])
def test_a_service_that_never_says_a_word_of_its_health_is_taken_after_a_while(
    cloud: Fake, clock: Clock, shown: dict[str, Any]
) -> None:
    """Whether one that stands for a function ever says `Healthy` is not known: an `up` must not hang on that."""
    cloud.apig.services["svc-1"] = [shown]
    assert ServiceReadyProvider().create(service("svc-1")).id == "svc-1"
    assert SETTLE_SECONDS <= clock.time - 1000 < SETTLE_SECONDS + 10


def test_a_service_that_stays_unhealthy_is_one_clear_error(cloud: Fake, clock: Clock) -> None:
    cloud.apig.services["svc-1"] = [{"healthStatus": "Unhealthy", "runtimeDetailErrorCode": "FunctionNotReachable"}]
    with pytest.raises(GapError) as caught:
        ServiceReadyProvider().create(service("svc-1"))
    said = "service svc-1 is not healthy after 600 s; last seen: healthStatus Unhealthy, runtimeDetailErrorCode "
    assert caught.value.what == said + "FunctionNotReachable"
    assert clock.time == 1600


def gateway(gateway_id: str, internet: bool = True, **more: Any) -> dict[str, Any]:
    """Inputs of GatewayAddress."""
    return wire(**{"gateway_id": gateway_id, "internet": internet, "region": REGION, "timeout_seconds": 600, **more})


INSIDE = {"address": "nlb-in.cn-hangzhou.nlb.aliyuncs.com", "addressType": "Intranet", "gatewayDefault": True}
OUTSIDE = {"address": "nlb-out.cn-hangzhou.nlb.aliyuncs.com", "addressType": "Internet", "gatewayDefault": True}
SECOND = {"address": "nlb-second.cn-hangzhou.nlb.aliyuncs.com", "addressType": "Internet", "gatewayDefault": False}
NAMELESS = {"addressType": "Internet", "ipv4Addresses": ["47.0.0.1"]}
NOT_YET = {"addressType": "Internet", "status": "NotCreate"}


@pytest.mark.parametrize(
    ("balancers", "internet", "address"),
    [
        ([INSIDE, SECOND, OUTSIDE], True, OUTSIDE["address"]),
        ([INSIDE, SECOND, OUTSIDE], False, INSIDE["address"]),
        ([SECOND], True, SECOND["address"]),
        ([NAMELESS], True, "47.0.0.1"),
        ([NOT_YET, SECOND], True, SECOND["address"]),
    ],
)
def test_the_address_is_waited_for(
    cloud: Fake, clock: Clock, balancers: list[dict[str, Any]], internet: bool, address: str
) -> None:
    other = INSIDE if internet else OUTSIDE
    cloud.apig.gateways["gw-1"] = [
        {"status": "Creating"}, {"status": "Running", "loadBalancers": [other, NOT_YET]},
        {"status": "Running", "loadBalancers": balancers},
    ]  # fmt: skip
    created = GatewayAddressProvider().create(gateway("gw-1", internet))
    assert created.id == "gw-1"
    assert created.outs == {"region": REGION, "gateway_id": "gw-1", "internet": internet, "address": address}
    assert clock.pauses == [1, 2]


def test_a_gateway_that_fails_or_never_has_an_address_is_one_clear_error(cloud: Fake, clock: Clock) -> None:
    cloud.apig.gateways["gw-1"] = [{"status": "CreateFailed"}]
    with pytest.raises(GapError, match="gateway gw-1 is CreateFailed, addresses: none"):
        GatewayAddressProvider().create(gateway("gw-1"))
    assert clock.pauses == []
    cloud.apig.gateways["gw-1"] = [{"status": "Running", "loadBalancers": [INSIDE]}]
    with pytest.raises(GapError) as caught:
        GatewayAddressProvider().create(gateway("gw-1"))
    last = "last seen: Running, addresses: Intranet"
    assert caught.value.what == f"gateway gw-1 has no Internet address after 600 s; {last}"


def test_a_refresh_reads_the_address_again_and_keeps_it_while_none_is_shown(cloud: Fake) -> None:
    cloud.apig.gateways["gw-1"] = [{"status": "Running", "loadBalancers": [SECOND]}, {"status": "Restarting"}]
    state = gateway("gw-1", address="of-before")
    for address in (SECOND["address"], "of-before"):
        read = GatewayAddressProvider().read("gw-1", state)
        assert read.id == "gw-1"
        assert read.outs == {"region": REGION, "gateway_id": "gw-1", "internet": True, "address": address}


GONE: list[tuple[GapProvider, str, str, dict[str, Any]]] = [
    (FunctionReadyProvider(), "GetFunction", "web", function()),
    (ServiceReadyProvider(), "GetService", "svc-1", service("svc-1")),
    (GatewayAddressProvider(), "GetGateway", "gw-1", gateway("gw-1")),
]


@pytest.mark.parametrize(("provider", "action", "id_", "state"), GONE)
def test_what_is_gone_goes_and_a_stray_404_drops_nothing(
    cloud: Fake, provider: GapProvider, action: str, id_: str, state: dict[str, Any]
) -> None:
    cloud.fc.make_function()
    cloud.apig.services["svc-1"] = [{"healthStatus": "Unhealthy"}]
    cloud.apig.gateways["gw-1"] = [{"status": "Running", "loadBalancers": [OUTSIDE]}]
    assert provider.read(id_, state).id == id_
    for stray in (Fault(404, "InvalidAction.NotFound"), Fault(404, "NotFound"), Fault(403, "Forbidden")):
        cloud.play(action, stray)
        with pytest.raises(ApiError, match=stray.code):
            provider.read(id_, state)
    cloud.fc.functions.clear()
    cloud.apig.services.clear()
    cloud.apig.gateways.clear()
    assert provider.read(id_, state).id is None


@pytest.mark.parametrize(
    ("provider", "key"), [(ServiceReadyProvider(), "service_id"), (GatewayAddressProvider(), "gateway_id")]
)
def test_a_wait_for_another_thing_is_another_wait(provider: GapProvider, key: str) -> None:
    olds = wire(service_id="s", gateway_id="g", internet=True, region=REGION)
    assert provider.diff("x", olds, olds).changes is False
    assert provider.diff("x", olds, {**olds, key: "other"}).replaces == [key]
    assert provider.diff("x", olds, {**olds, "region": "cn-beijing"}).replaces == ["region"]


def test_the_other_kind_of_address_is_another_wait() -> None:
    assert GatewayAddressProvider().diff("g", gateway("g"), gateway("g", False)).replaces == ["internet"]
