"""FunctionReady: it waits for what a version needs, and always comes to an end."""

from __future__ import annotations

from typing import Any

import pytest

from components.tencentcloud.gaps.errors import ApiError, GapError
from components.tencentcloud.gaps.function_ready import FunctionReadyProvider, verdict
from tests.fakes.tencentcloud.scf import ACTIVE, CREATING, PUBLISHING, UPDATING
from tests.fakes.tencentcloud.server import Fake, Fault
from tests.fakes.tencentcloud.wire import REGION, UNKNOWN, Clock, wire

READY = FunctionReadyProvider()


def function(name: Any = "web", key: Any = "k1", **more: Any) -> dict[str, Any]:
    """Inputs of FunctionReady."""
    given = {"function_name": name, "namespace": "default", "revision_key": key, "region": REGION}
    return wire(**{**given, "timeout_seconds": 900, **more})


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("Active", True), ("PublishFailed", True), ("Creating", None), ("Updating", None), ("Publishing", None),
        ("a word nobody knows", None), (None, None), ("CreateFailed", False), ("UpdateFailed", False),
        ("Deleting", False), ("DeleteFailed", False),
    ],
)  # fmt: skip
def test_words_of_a_function(status: str | None, expected: bool | None) -> None:
    assert verdict({"Status": status}) is expected


def test_a_version_can_follow_when_the_function_is_active(cloud: Fake, clock: Clock) -> None:
    cloud.scf.make_function(CREATING, CREATING, UPDATING, PUBLISHING, ACTIVE)
    created = READY.create(function())
    assert created.id == "web"
    assert created.outs == {"region": REGION, "namespace": "default", "function_name": "web", "revision_key": "k1"}
    asked = {"FunctionName": "web", "Namespace": "default", "ShowCode": "FALSE"}
    assert cloud.bodies("GetFunction") == [asked] * 5
    assert clock.pauses == [1, 2, 3, 5]


def test_a_function_that_is_never_active_is_one_clear_error(cloud: Fake, clock: Clock) -> None:
    cloud.scf.make_function(CREATING)
    with pytest.raises(GapError) as caught:
        READY.create(function(timeout_seconds=120))
    last = "Status Creating, StatusDesc copying the image"
    assert caught.value.what == f"function web is not active after 120 s; last seen: {last}"
    assert "run `up` again" in caught.value.instead
    assert clock.time == 1120
    cloud.scf.make_function(CREATING, ACTIVE)
    assert READY.create(function()).id == "web", "the next `up` waits on"


def test_a_function_that_fails_ends_the_wait_at_once_and_its_environment_is_not_shown(
    cloud: Fake, clock: Clock
) -> None:
    reasons = [{"ErrorCode": "InvalidParameterValue.ImageUri", "ErrorMessage": "no such tag"}]
    cloud.scf.make_function(CREATING, {"Status": "CreateFailed", "StatusReasons": reasons})
    said = "Status CreateFailed, ErrorCode InvalidParameterValue.ImageUri, ErrorMessage no such tag"
    with pytest.raises(GapError) as caught:
        READY.create(function())
    assert caught.value.what == f"function web cannot be prepared: {said}"
    assert clock.pauses == [1]
    assert "clear-text-of-an-env" not in str(caught.value)


def test_the_environment_of_a_function_never_gets_into_state(cloud: Fake) -> None:
    cloud.scf.make_function()
    created, read = READY.create(function()), READY.read("web", function())
    assert "clear-text-of-an-env" not in str(created.outs) + str(read.outs) + str(read.inputs)


def test_throttling_in_the_middle_of_a_wait_does_not_end_it(cloud: Fake) -> None:
    cloud.scf.make_function(CREATING, ACTIVE)
    cloud.play("GetFunction", Fault(code="RequestLimitExceeded"), Fault(drop=True), Fault(502, raw=b"<html>"))
    assert READY.create(function()).id == "web"


def test_a_function_that_is_not_there_ends_the_wait(cloud: Fake, clock: Clock) -> None:
    with pytest.raises(ApiError, match=r"ResourceNotFound\.Function"):
        READY.create(function())
    assert clock.pauses == []


def test_another_revision_is_waited_for_in_place(cloud: Fake) -> None:
    cloud.scf.make_function(UPDATING, ACTIVE)
    olds, news = function(), function(key="k2")
    plan = READY.diff("web", olds, news)
    assert (plan.changes, plan.replaces) == (True, [])
    outs = READY.update("web", olds, news).outs
    assert outs == {"region": REGION, "namespace": "default", "function_name": "web", "revision_key": "k2"}
    assert len(cloud.calls) == 2


def test_another_function_replaces_the_wait_and_another_timeout_does_nothing() -> None:
    diff = READY.diff
    assert diff("f", function("f"), function("g")).replaces == ["function_name"]
    assert diff("f", function("f"), function(UNKNOWN)).replaces == ["function_name"]
    assert diff("f", function("f"), function("f", namespace="other")).replaces == ["namespace"]
    assert diff("f", function("f"), function("f", region="ap-beijing")).replaces == ["region"]
    assert diff("f", function("f"), function("f", UNKNOWN)).changes is True
    assert diff("f", function("f"), function("f", timeout_seconds=5)).changes is False


@pytest.mark.parametrize("noun", ["Function", "FunctionName", "Namespace"])
def test_a_function_that_is_gone_takes_the_wait_along(cloud: Fake, noun: str) -> None:
    cloud.scf.make_function()
    read = READY.read("web", function())
    assert (read.id, read.outs) == ("web", READY.inputs(function()))
    cloud.play("GetFunction", Fault(code=f"ResourceNotFound.{noun}"))
    assert READY.read("web", function()).id is None


@pytest.mark.parametrize("code", ["ResourceNotFound", "ResourceNotFound.Role", "UnauthorizedOperation.CAM"])
def test_a_refresh_drops_nothing_for_another_reason(cloud: Fake, code: str) -> None:
    cloud.scf.make_function()
    cloud.play("GetFunction", Fault(code=code))
    with pytest.raises(ApiError, match=code):
        READY.read("web", function())


def test_a_delete_asks_nothing(cloud: Fake) -> None:
    READY.delete("web", function())
    assert cloud.calls == []
