"""ProvisionedConcurrency: instances of a version, waited for, changed in place, taken away."""

from __future__ import annotations

from typing import Any

import pytest

from components.tencentcloud.gaps.errors import ApiError, GapError
from components.tencentcloud.gaps.provisioned_concurrency import WARM_SECONDS, ProvisionedConcurrencyProvider
from tests.fakes.tencentcloud.scf_settings import Settings
from tests.fakes.tencentcloud.server import Fake, Fault
from tests.fakes.tencentcloud.wire import REGION, UNKNOWN, Clock, wire

WARM = ProvisionedConcurrencyProvider()


def warm(target: int = 2, version: Any = "3", **more: Any) -> dict[str, Any]:
    """Inputs of ProvisionedConcurrency."""
    given = {"function_name": "web", "namespace": "default", "qualifier": version, "target": target, "region": REGION}
    return wire(**{**given, **more})


def look(ready: int, status: str = "InProgress", reason: str = "") -> dict[str, Any]:
    """What a look at them shows."""
    return {"AvailableProvisionedConcurrencyNum": ready, "Status": status, "StatusReason": reason}


@pytest.fixture
def settings(cloud: Fake) -> Settings:
    made = Settings(cloud.scf)
    made.make()
    return made


def test_they_are_asked_for_and_waited_for(cloud: Fake, settings: Settings, clock: Clock) -> None:
    settings.looks = [look(0), look(1), look(2, "Done")]
    created = WARM.create(warm())
    assert created.id == "default+web+3"
    assert created.outs == WARM.inputs(warm())
    assert cloud.bodies("PutProvisionedConcurrencyConfig") == [
        {"FunctionName": "web", "Namespace": "default", "Qualifier": "3", "VersionProvisionedConcurrencyNum": 2}
    ]
    assert clock.pauses == [1, 2]


def test_another_number_is_set_in_place(cloud: Fake, settings: Settings) -> None:
    state = wire(**(WARM.create(warm()).outs or {}))
    verdict = WARM.diff("x", state, warm(5))
    assert (verdict.changes, verdict.replaces) == (True, [])
    assert (WARM.update("x", state, warm(5)).outs or {})["target"] == 5
    assert settings.warm == {("web", "3"): {"asked": 5}}
    assert "DeleteProvisionedConcurrencyConfig" not in cloud.actions()


@pytest.mark.usefixtures("settings")
def test_another_version_is_another_thing_and_the_old_one_goes_alone(cloud: Fake) -> None:
    old = wire(**(WARM.create(warm()).outs or {}))
    assert WARM.diff("x", old, warm(version="4")).replaces == ["qualifier"]
    WARM.create(warm(version="4"))
    WARM.delete("x", old)
    assert cloud.bodies("DeleteProvisionedConcurrencyConfig") == [
        {"FunctionName": "web", "Namespace": "default", "Qualifier": "3"}
    ]
    assert WARM.read("x", warm(version="4")).outs == WARM.inputs(warm(version="4"))


def test_what_is_still_starting_is_no_change(settings: Settings) -> None:
    """The provider reads back what is ready at that moment, and replaces."""
    state = wire(**(WARM.create(warm()).outs or {}))
    settings.looks = [look(1)]
    assert WARM.read("x", state).outs == WARM.inputs(warm())


def test_a_change_by_hand_is_a_change(settings: Settings) -> None:
    state = wire(**(WARM.create(warm()).outs or {}))
    settings.warm["web", "3"] = {"asked": 9}
    assert (WARM.read("x", state).outs or {})["target"] == 9
    settings.warm.clear()
    assert WARM.read("x", state).id is None


def test_instances_that_cannot_start_are_an_error_at_once(settings: Settings, clock: Clock) -> None:
    settings.looks = [look(0), look(0, "Failed", "the image is not there")]
    message = r"2 warm instances of function web, version 3 cannot start: 0 there, Failed, the image is not there"
    with pytest.raises(GapError, match=message):
        WARM.create(warm())
    assert clock.pauses == [1]


def test_instances_that_never_come_are_an_error_with_what_was_seen(settings: Settings, clock: Clock) -> None:
    settings.looks = [look(1)]
    with pytest.raises(
        GapError, match=r"are not there after 900 s; last seen: 1 there, InProgress; see the function's"
    ):
        WARM.create(warm())
    assert clock.time == 1000 + WARM_SECONDS


@pytest.mark.usefixtures("settings")
def test_a_deletion_is_done_where_they_or_their_function_are_gone(cloud: Fake) -> None:
    state = wire(**(WARM.create(warm()).outs or {}))
    WARM.delete("x", state)
    WARM.delete("x", state)
    cloud.scf.functions.clear()
    WARM.delete("x", state)
    assert WARM.read("x", state).id is None


@pytest.mark.usefixtures("settings")
def test_another_refusal_is_an_error(cloud: Fake) -> None:
    cloud.play("GetProvisionedConcurrencyConfig", Fault(200, "UnauthorizedOperation"))
    with pytest.raises(ApiError, match="UnauthorizedOperation"):
        WARM.read("x", warm())
    cloud.play("DeleteProvisionedConcurrencyConfig", Fault(200, "LimitExceeded"))
    with pytest.raises(ApiError, match="LimitExceeded"):
        WARM.delete("x", warm())


def test_a_function_that_is_being_changed_is_waited_for(cloud: Fake, settings: Settings, clock: Clock) -> None:
    cloud.play("PutProvisionedConcurrencyConfig", Fault(200, "FailedOperation.FunctionStatusError"))
    WARM.create(warm())
    assert settings.warm == {("web", "3"): {"asked": 2}}
    assert clock.pauses == [1]


def test_what_cannot_be_is_refused_in_a_preview() -> None:
    [none] = WARM.check({}, warm(0)).failures
    assert none.reason == "0 instances kept warm: use 1 or more"
    for wrong in ("$LATEST", "live"):
        [failure] = WARM.check({}, warm(version=wrong)).failures
        assert failure.reason == f"{wrong} is no version: instances are kept for a number"
    assert WARM.check({}, warm(version=UNKNOWN)).failures == []
