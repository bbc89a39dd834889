"""ReleaseReady: a release is done when it takes its share, and a release that fails is an error."""

from __future__ import annotations

from typing import Any

import pytest

from components.volcengine.gaps.errors import GapError
from components.volcengine.gaps.release_ready import ReleaseReadyProvider
from components.volcengine.gaps.releases import LOG_EXCERPT
from tests.fakes.volcengine.server import Fake, Fault
from tests.fakes.volcengine.wire import REGION, Clock, wire

TROUBLE = {"ErrorCode": "FunctionStartFailed", "StatusMessage": "instances exit at once",
           "FailedInstanceLogs": "early noise " * 900 + "ModuleNotFoundError: no module named app"}  # fmt: skip


def inputs(function_id: str, release_id: str, weight: int = 100, **more: Any) -> dict[str, Any]:
    """Inputs of ReleaseReady."""
    return wire(function_id=function_id, release_id=release_id, weight=weight, region=REGION, **more)


def outs_of(result: Any) -> dict[str, Any]:
    """Outputs of a result."""
    assert isinstance(result.outs, dict)
    return result.outs


@pytest.mark.parametrize("prefix", ["", "{}:"])
def test_a_full_release_is_waited_for(cloud: Fake, clock: Clock, prefix: str) -> None:
    made = cloud.vefaas.make_function()
    rollout = cloud.vefaas.release(made)
    release_id = prefix.format(made) + rollout.record
    created = ReleaseReadyProvider().create(inputs(made, release_id))
    assert created.id == made
    assert outs_of(created) == {
        "region": REGION, "function_id": made, "release_id": release_id, "weight": 100,
        "version": str(rollout.revision),
    }  # fmt: skip
    assert cloud.bodies("GetReleaseStatus") == [{"FunctionId": made}] * 3
    assert clock.pauses == [1, 2]


@pytest.mark.parametrize("ends", ["done", "inprogress", "rolling"])
def test_a_canary_is_done_when_it_takes_its_share(cloud: Fake, ends: str) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.release(made)
    canary = cloud.vefaas.release(made, 10, ends=ends)
    created = ReleaseReadyProvider().create(inputs(made, canary.record, 10))
    assert outs_of(created)["version"] == str(canary.revision)
    assert canary.looks == 3, "not before the share is reached"


def test_a_full_release_is_not_done_before_the_service_says_so(cloud: Fake, clock: Clock) -> None:
    made = cloud.vefaas.make_function()
    rollout = cloud.vefaas.release(made, ends="inprogress")
    with pytest.raises(GapError) as caught:
        ReleaseReadyProvider().create(inputs(made, rollout.record, timeout_seconds=60))
    assert f"release {rollout.record} of function {made} is not at 100 percent after 60 s" in caught.value.what
    assert "is inprogress, at 100 of 100 percent" in caught.value.what
    assert clock.time == 1060


def test_a_canary_that_gets_stuck_is_one_clear_error(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.release(made)
    canary = cloud.vefaas.release(made, 10, ends="inprogress and stuck")
    with pytest.raises(GapError, match="at 5 of 10 percent; see the function's releases"):
        ReleaseReadyProvider().create(inputs(made, canary.record, 10))


@pytest.mark.parametrize("ends", ["failed", "Aborted", "rollbacked"])
def test_a_release_that_fails_is_an_error_with_its_reason_and_the_end_of_a_log(
    cloud: Fake, clock: Clock, ends: str
) -> None:
    made = cloud.vefaas.make_function()
    rollout = cloud.vefaas.release(made, ends=ends, trouble=TROUBLE)
    with pytest.raises(GapError) as caught:
        ReleaseReadyProvider().create(inputs(made, rollout.record))
    for part in (
        rollout.record,
        made,
        ends.lower(),
        "FunctionStartFailed: instances exit at once",
        "no module named app",
    ):
        assert part in caught.value.what
    assert len(caught.value.what) < LOG_EXCERPT + 400
    assert clock.pauses == [1, 2]


def test_a_mended_release_after_a_failed_one_goes_through(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    broken = cloud.vefaas.release(made, ends="failed", trouble=TROUBLE)
    with pytest.raises(GapError):
        ReleaseReadyProvider().create(inputs(made, broken.record))
    mended = cloud.vefaas.release(made)
    assert outs_of(ReleaseReadyProvider().create(inputs(made, mended.record)))["version"] == str(mended.revision)


def test_an_interrupted_wait_is_resumed(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    rollout = cloud.vefaas.release(made)
    cloud.play("GetReleaseStatus", *[Fault(500)] * 6)
    with pytest.raises(Exception, match="InternalError"):
        ReleaseReadyProvider().create(inputs(made, rollout.record))
    assert outs_of(ReleaseReadyProvider().create(inputs(made, rollout.record)))["version"] == str(rollout.revision)


def test_the_answer_of_another_release_is_not_taken_for_ours(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.release(made).looks = 5
    with pytest.raises(GapError, match="the latest is another: release"):
        ReleaseReadyProvider().create(inputs(made, "a-record-of-ours"))


def test_a_promotion_is_waited_for_even_under_another_record(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    canary = cloud.vefaas.release(made, 10, looks=5)
    olds = inputs(made, canary.record, 10, version=str(canary.revision))
    canary.retarget(100)
    canary.record = "renamed-by-the-service"
    news = inputs(made, olds["release_id"], 100)
    assert ReleaseReadyProvider().diff(made, olds, news).changes is True
    outs = outs_of(ReleaseReadyProvider().update(made, olds, news))
    assert (outs["weight"], outs["version"]) == (100, str(canary.revision))
    assert canary.looks == 3


def test_an_answer_from_before_the_promotion_is_not_taken_for_it(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    canary = cloud.vefaas.release(made, 10, looks=5)
    olds = inputs(made, canary.record, 10)
    with pytest.raises(GapError, match="at 10 of 10 percent"):
        ReleaseReadyProvider().update(made, olds, inputs(made, canary.record, 50))


def test_a_further_release_is_waited_for_by_its_own_record(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    first = cloud.vefaas.release(made, looks=5)
    olds = inputs(made, f"{made}:{first.record}", version=str(first.revision))
    with pytest.raises(GapError, match="the latest is another"):
        ReleaseReadyProvider().update(made, olds, inputs(made, f"{made}:next"))
    second = cloud.vefaas.release(made)
    news = inputs(made, f"{made}:{second.record}")
    assert (
        outs_of(ReleaseReadyProvider().update(made, olds, news))["version"] == str(second.revision) != olds["version"]
    )


def test_changes(cloud: Fake) -> None:
    olds = inputs("f", "f:r1", 10, version="3")
    diff = ReleaseReadyProvider().diff
    assert diff("f", olds, inputs("f", "f:r1", 10)).changes is False
    assert diff("f", olds, inputs("g", "g:r1", 10)).replaces == ["function_id"]
    for news in (inputs("f", "f:r2", 10), inputs("f", "f:r1", 50)):
        assert (diff("f", olds, news).changes, diff("f", olds, news).replaces) == (True, [])


def test_a_refresh_keeps_the_version_until_the_function_is_gone(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    rollout = cloud.vefaas.release(made)
    state = inputs(made, rollout.record, version="41")
    read = ReleaseReadyProvider().read(made, state)
    assert read.id == made
    assert outs_of(read)["version"] == "41"
    del cloud.vefaas.functions[made]
    assert ReleaseReadyProvider().read(made, state).id is None
