"""ProvisionedConcurrency and AsyncInvoke: one qualifier's own configuration, read with its qualifier."""

from __future__ import annotations

from typing import Any

import pytest

from components.alicloud.gaps.async_invoke import AsyncInvokeProvider
from components.alicloud.gaps.errors import ApiError, GapError
from components.alicloud.gaps.provisioned_concurrency import PATIENCE, ProvisionedConcurrencyProvider
from components.gaps.base import GapProvider
from tests.fakes.alicloud.server import Fake, Fault
from tests.fakes.alicloud.wire import REGION, UNKNOWN, Clock, wire

PROVISION, ASYNC = ProvisionedConcurrencyProvider(), AsyncInvokeProvider()


def warm(target: Any = 2, qualifier: str = "live", **more: Any) -> dict[str, Any]:
    """Inputs of ProvisionedConcurrency."""
    given = {"function_name": "web", "qualifier": qualifier, "target": target, "always_allocate_cpu": True,
             "always_allocate_gpu": False, "region": REGION}  # fmt: skip
    return wire(**{**given, **more})


def calls(retries: Any = 3, age: Any = 3600, qualifier: str = "live", **more: Any) -> dict[str, Any]:
    """Inputs of AsyncInvoke."""
    given = {"function_name": "web", "qualifier": qualifier, "async_task": True, "max_retries": retries,
             "max_age_seconds": age, "region": REGION}  # fmt: skip
    return wire(**{**given, **more})


def state_of(result: Any) -> dict[str, Any]:
    """Outputs as the engine hands them back later: a delete sees nothing else."""
    assert isinstance(result.outs, dict)
    return wire(**result.outs)


def test_warm_instances_are_asked_for_and_waited_for(cloud: Fake, clock: Clock) -> None:
    cloud.fc.make_function()
    created = PROVISION.create(warm())
    assert created.id == "web:live"
    assert created.outs == {
        "region": REGION, "function_name": "web", "qualifier": "live", "target": 2, "always_allocate_cpu": True,
        "always_allocate_gpu": False,
    }  # fmt: skip
    there = cloud.fc.provisions["web", "live"]
    assert (there["defaultTarget"], there["target"], there["current"]) == (2, 2, 2)
    assert (there["alwaysAllocateCPU"], there["alwaysAllocateGPU"]) == (True, False)
    assert clock.pauses == [1], "not done before both are there"


def test_qualifiers_have_their_own_and_read_their_own(cloud: Fake) -> None:
    """The provider reads without the qualifier, and so another's numbers."""
    cloud.fc.make_function()
    PROVISION.create(warm(1, "live"))
    PROVISION.create(warm(3, "beta"))
    for qualifier, target in (("live", 1), ("beta", 3)):
        read = PROVISION.read(f"web:{qualifier}", warm(7, qualifier))
        assert read.inputs == read.outs
        assert state_of(read)["target"] == target
        assert PROVISION.diff("x", state_of(read), warm(target, qualifier)).changes is False
    PROVISION.delete("web:live", warm(1, "live"))
    assert list(cloud.fc.provisions) == [("web", "beta")]


def test_a_schedule_set_in_the_console_stays_and_does_not_count_as_the_number(cloud: Fake) -> None:
    cloud.fc.make_function()
    state = state_of(PROVISION.create(warm(1)))
    schedule = [{"name": "day", "scheduleExpression": "cron(0 0 8 * * *)", "target": 9}]
    cloud.fc.provisions["web", "live"] |= {"scheduledActions": schedule, "target": 9}
    assert state_of(PROVISION.read("web:live", state))["target"] == 1
    PROVISION.update("web:live", state, warm(2))
    assert cloud.fc.provisions["web", "live"]["scheduledActions"] == schedule
    assert cloud.fc.provisions["web", "live"]["defaultTarget"] == 2


def test_instances_that_never_start_are_one_clear_error_with_the_services_reason(cloud: Fake, clock: Clock) -> None:
    cloud.fc.make_function()
    cloud.fc.stuck = "ImagePullFailed: no such tag"
    with pytest.raises(GapError, match="2 warm instances of function web \\(live\\) cannot start: 0 there, ImagePull"):
        PROVISION.create(warm())
    assert len(clock.pauses) == PATIENCE - 1
    cloud.fc.stuck = ""
    assert PROVISION.create(warm()).id == "web:live", "the next `up` sets the same, and waits on"


def test_instances_that_come_too_slowly_are_one_clear_error(cloud: Fake, clock: Clock) -> None:
    cloud.fc.make_function()
    with pytest.raises(GapError, match=r"10000 warm instances .* are not there after 900 s; last seen: [0-9]+ there"):
        PROVISION.create(warm(10_000))
    assert clock.time == 1900


def test_none_is_a_number_too(cloud: Fake, clock: Clock) -> None:
    cloud.fc.make_function()
    state = state_of(PROVISION.create(warm(0)))
    assert clock.pauses == []
    assert PROVISION.diff("web:live", state_of(PROVISION.read("web:live", state)), warm(0)).changes is False


def test_asynchronous_calls_are_set_and_where_results_go_is_kept(cloud: Fake) -> None:
    cloud.fc.make_function()
    target = {
        "onFailure": {"destination": "acs:mns:cn-hangzhou:1:/queues/q/messages"},
        "onSuccess": {"destination": ""},
    }
    cloud.fc.asyncs["web", "live"] = {"asyncTask": False, "maxAsyncRetryAttempts": 0,
                                      "maxAsyncEventAgeInSeconds": 60, "destinationConfig": target}  # fmt: skip
    created = ASYNC.create(calls())
    assert created.id == "web:live"
    assert created.outs == {
        "region": REGION, "function_name": "web", "qualifier": "live", "async_task": True, "max_retries": 3,
        "max_age_seconds": 3600,
    }  # fmt: skip
    assert cloud.fc.asyncs["web", "live"] == {
        "asyncTask": True, "maxAsyncRetryAttempts": 3, "maxAsyncEventAgeInSeconds": 3600, "destinationConfig": target,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("provider", "olds", "news", "drift", "shown"),
    [
        (PROVISION, warm(1), warm(2), {"defaultTarget": 5, "target": 5}, {"target": 5}),
        (PROVISION, warm(1), warm(1, always_allocate_cpu=False), {"alwaysAllocateGPU": True},
         {"always_allocate_gpu": True}),
        (ASYNC, calls(1), calls(2), {"maxAsyncRetryAttempts": 0}, {"max_retries": 0}),
        (ASYNC, calls(1), calls(1, 7200), {"asyncTask": False}, {"async_task": False}),
    ],
)  # fmt: skip
def test_changes_in_place_and_changes_by_hand(
    cloud: Fake, provider: Any, olds: dict[str, Any], news: dict[str, Any], drift: dict[str, Any], shown: dict[str, Any]
) -> None:
    cloud.fc.make_function()
    state = state_of(provider.create(olds))
    plan = provider.diff("web:live", state, news)
    assert (plan.changes, plan.replaces) == (True, [])
    assert provider.diff("web:live", state, olds).changes is False
    state = state_of(provider.update("web:live", state, news))
    assert provider.diff("web:live", state_of(provider.read("web:live", state)), news).changes is False
    (cloud.fc.provisions | cloud.fc.asyncs)["web", "live"].update(drift)
    read = state_of(provider.read("web:live", state))
    assert {key: read[key] for key in shown} == shown
    assert provider.diff("web:live", read, news).changes is True


@pytest.mark.parametrize(("provider", "inputs"), [(PROVISION, warm()), (ASYNC, calls())])
@pytest.mark.parametrize("key", ["function_name", "qualifier", "region"])
def test_another_qualifier_is_another_configuration(provider: GapProvider, inputs: dict[str, Any], key: str) -> None:
    assert provider.diff("web:live", inputs, {**inputs, key: "other"}).replaces == [key]
    assert provider.diff("web:live", inputs, {**inputs, key: wire(it=UNKNOWN)["it"]}).replaces == [key]


BOTH = [(PROVISION, warm(1), "PutProvisionConfig", "GetProvisionConfig", "DeleteProvisionConfig"),
        (ASYNC, calls(), "PutAsyncInvokeConfig", "GetAsyncInvokeConfig", "DeleteAsyncInvokeConfig")]  # fmt: skip


@pytest.mark.parametrize(("provider", "inputs", "put", "get", "delete"), BOTH)
def test_an_interrupted_create_is_made_again(
    cloud: Fake, provider: Any, inputs: dict[str, Any], put: str, get: str, delete: str
) -> None:
    cloud.fc.make_function()
    cloud.play(put, *[Fault(500, effect=True)] * 6)
    with pytest.raises(ApiError, match=f"{put} failed: InternalError"):
        provider.create(inputs)
    assert provider.create(inputs).id == "web:live"
    assert len(cloud.fc.provisions | cloud.fc.asyncs) == 1


@pytest.mark.parametrize(("provider", "inputs", "put", "get", "delete"), BOTH)
def test_a_function_that_is_being_changed_is_waited_for(
    cloud: Fake, clock: Clock, provider: Any, inputs: dict[str, Any], put: str, get: str, delete: str
) -> None:
    cloud.fc.make_function()
    locked = Fault(409, "ConcurrentUpdateError")
    cloud.play(put, locked, locked)
    provider.create(inputs)
    assert clock.pauses == [1, 2]
    cloud.play(delete, locked)
    provider.delete("web:live", inputs)
    assert len(cloud.fc.provisions | cloud.fc.asyncs) == 0


@pytest.mark.parametrize(("provider", "inputs", "put", "get", "delete"), BOTH)
def test_what_is_gone_is_made_again_deleted_without_a_word_and_never_dropped_by_a_stray_404(
    cloud: Fake, provider: Any, inputs: dict[str, Any], put: str, get: str, delete: str
) -> None:
    cloud.fc.make_function()
    state = state_of(provider.create(inputs))
    for stray in (Fault(404, "NotFound"), Fault(404, "InvalidApi.NotFound"), Fault(404, raw=b"<html>")):
        cloud.play(get, *[stray] * 6)
        with pytest.raises(ApiError):
            provider.read("web:live", state)
        cloud.faults[get].clear()
        cloud.play(delete, *[stray] * 6)
        with pytest.raises(ApiError):
            provider.delete("web:live", state)
        cloud.faults[delete].clear()
    assert provider.read("web:live", state).id == "web:live"
    for _ in range(2):
        provider.delete("web:live", state)
        assert provider.read("web:live", state).id is None
    cloud.fc.functions.clear()
    provider.delete("web:live", state)
    assert provider.read("web:live", state).id is None
    with pytest.raises(ApiError, match="FunctionNotFound"):
        provider.create(inputs)


@pytest.mark.parametrize(
    ("provider", "news", "key", "said"),
    [
        (PROVISION, warm(-1), "target", "-1 instances kept warm: use 0 to 10000"),
        (PROVISION, warm(10_001), "target", "10001 instances kept warm: use 0 to 10000"),
        (ASYNC, calls(-1), "max_retries", "use 0 to 8"),
        (ASYNC, calls(9), "max_retries", "use 0 to 8"),
        (ASYNC, calls(3, 0), "max_age_seconds", "use 1 to 604800"),
        (ASYNC, calls(3, 604_801), "max_age_seconds", "use 1 to 604800"),
    ],
)
def test_values_out_of_range_are_refused_in_the_preview(
    provider: GapProvider, news: dict[str, Any], key: str, said: str
) -> None:
    (failure,) = provider.check({}, news).failures
    assert failure.property == key
    assert said in failure.reason


@pytest.mark.parametrize(
    ("provider", "news"),
    [
        (PROVISION, warm(0)), (PROVISION, warm(10_000)), (PROVISION, warm(UNKNOWN)),
        (ASYNC, calls(0, 1)), (ASYNC, calls(8, 604_800)), (ASYNC, calls(UNKNOWN, UNKNOWN)),
    ],
)  # fmt: skip
def test_values_in_range_and_unknown_ones_pass(provider: GapProvider, news: dict[str, Any]) -> None:
    assert provider.check({}, news).failures == []
