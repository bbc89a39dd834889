"""FunctionTrigger: timers and bucket events of an alias, told apart by what they say."""

from __future__ import annotations

from typing import Any

import pytest

from components.tencentcloud.gaps.errors import ApiError
from components.tencentcloud.gaps.function_trigger import FunctionTriggerProvider
from tests.fakes.tencentcloud.scf_settings import Settings
from tests.fakes.tencentcloud.server import Fake, Fault
from tests.fakes.tencentcloud.wire import REGION, UNKNOWN, Clock, wire

TRIGGER = FunctionTriggerProvider()
HOST = "data-1250000000.cos.ap-guangzhou.myqcloud.com"
CREATED = '{"event":"cos:ObjectCreated:*","filter":{"Prefix":"in/","Suffix":""}}'
REMOVED = '{"event":"cos:ObjectRemove:*","filter":{"Prefix":"in/","Suffix":""}}'


def timer(**more: Any) -> dict[str, Any]:
    """Inputs of a timer."""
    given = {
        "function_name": "web", "namespace": "default", "qualifier": "live", "type": "timer", "trigger_name": "nightly",
        "desc": "0 0 4 * * * *", "enabled": True, "argument": "tidy up", "region": REGION,
    }  # fmt: skip
    return wire(**{**given, **more})


def event(desc: str = CREATED, **more: Any) -> dict[str, Any]:
    """Inputs of a bucket's event."""
    return timer(**{"type": "cos", "trigger_name": HOST, "desc": desc, "argument": "", **more})


@pytest.fixture
def settings(cloud: Fake) -> Settings:
    made = Settings(cloud.scf)
    made.make()
    return made


def there(cloud: Fake) -> list[tuple[str, str]]:
    return [(one["TriggerName"], one["TriggerDesc"]) for one in cloud.scf.triggers["default", "web"]]


@pytest.mark.usefixtures("settings")
def test_a_timer_is_made_for_the_alias(cloud: Fake) -> None:
    created = TRIGGER.create(timer())
    assert created.id == "default+web+live+timer+nightly"
    assert created.outs == TRIGGER.inputs(timer())
    assert cloud.bodies("CreateTrigger") == [
        {
            "FunctionName": "web", "Namespace": "default", "Qualifier": "live", "Type": "timer",
            "TriggerName": "nightly", "TriggerDesc": "0 0 4 * * * *", "Enable": "OPEN", "CustomArgument": "tidy up",
        }
    ]  # fmt: skip


@pytest.mark.usefixtures("settings")
def test_one_that_stands_still_and_says_nothing_is_made_so(cloud: Fake) -> None:
    TRIGGER.create(timer(enabled=False, argument=""))
    [asked] = cloud.bodies("CreateTrigger")
    assert asked["Enable"] == "CLOSE"
    assert "CustomArgument" not in asked


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize("inputs", [timer(), timer(enabled=False, argument=""), event()])
def test_one_that_an_interrupted_create_left_is_taken_on(cloud: Fake, inputs: dict[str, Any]) -> None:
    TRIGGER.create(inputs)
    TRIGGER.create(inputs)
    assert len(cloud.bodies("CreateTrigger")) == 1
    assert len(there(cloud)) == 1


@pytest.mark.usefixtures("settings")
def test_a_lost_answer_is_looked_for_and_not_asked_for_twice(cloud: Fake) -> None:
    cloud.play("CreateTrigger", Fault(200, "InternalError", effect=True))
    TRIGGER.create(timer())
    assert len(there(cloud)) == 1
    cloud.play("CreateTrigger", Fault(200, "InternalError"))
    with pytest.raises(ApiError, match="CreateTrigger failed: InternalError"):
        TRIGGER.create(timer(trigger_name="other"))


@pytest.mark.usefixtures("settings")
def test_one_of_the_same_name_that_says_something_else_is_an_error() -> None:
    TRIGGER.create(timer())
    with pytest.raises(ApiError, match=r"CreateTrigger failed: ResourceInUse\.Trigger"):
        TRIGGER.create(timer(desc="0 0 5 * * * *"))


@pytest.mark.usefixtures("settings")
def test_events_of_one_bucket_are_told_apart_by_what_they_say(cloud: Fake) -> None:
    """They all have the bucket's name."""
    states = [wire(**(TRIGGER.create(inputs).outs or {})) for inputs in (event(), event(REMOVED))]
    assert there(cloud) == [(HOST, CREATED), (HOST, REMOVED)]
    TRIGGER.delete("x", states[0])
    assert there(cloud) == [(HOST, REMOVED)]
    assert TRIGGER.read("x", states[0]).id is None
    assert TRIGGER.read("x", states[1]).outs == TRIGGER.inputs(event(REMOVED))


@pytest.mark.usefixtures("settings")
def test_what_comes_back_in_other_words_is_no_change() -> None:
    """A schedule inside JSON, switches as numbers, JSON with words of the service's own."""
    for inputs in (timer(), timer(trigger_name="still", enabled=False), event()):
        state = wire(**(TRIGGER.create(inputs).outs or {}))
        assert TRIGGER.read("x", state).outs == TRIGGER.inputs(inputs)
        assert TRIGGER.diff("x", state, inputs).changes is False


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("TriggerDesc", "0 0 5 * * * *"), ("Enable", "CLOSE"), ("CustomArgument", "other"), ("Qualifier", "$LATEST"),
    ],
)  # fmt: skip
def test_one_that_was_changed_by_hand_is_made_anew(cloud: Fake, key: str, value: str) -> None:
    state = wire(**(TRIGGER.create(timer()).outs or {}))
    cloud.scf.triggers["default", "web"][0][key] = value
    assert TRIGGER.read("x", state).id is None


@pytest.mark.usefixtures("settings")
def test_one_on_a_later_page_is_found(cloud: Fake) -> None:
    for number in range(25):
        TRIGGER.create(timer(trigger_name=f"t{number}"))
    state = TRIGGER.inputs(timer(trigger_name="t24"))
    assert TRIGGER.read("x", wire(**state)).outs == state
    assert len(there(cloud)) == 25


@pytest.mark.usefixtures("settings")
def test_every_change_makes_one_anew_and_no_other() -> None:
    changes = {
        "function_name": "other", "namespace": "other", "qualifier": "other", "type": "cos", "trigger_name": "other",
        "desc": "0 0 5 * * * *", "enabled": False, "argument": "other", "region": "ap-beijing",
    }  # fmt: skip
    for key, value in changes.items():
        assert TRIGGER.diff("x", timer(), timer(**{key: value})).replaces == [key]
    assert TRIGGER.diff("x", timer(), timer()).changes is False


@pytest.mark.usefixtures("settings")
def test_a_deletion_is_done_where_it_or_its_function_is_gone(cloud: Fake) -> None:
    state = wire(**(TRIGGER.create(timer()).outs or {}))
    TRIGGER.delete("x", state)
    TRIGGER.delete("x", state)
    cloud.scf.functions.clear()
    TRIGGER.delete("x", state)
    assert TRIGGER.read("x", state).id is None


@pytest.mark.usefixtures("settings")
def test_a_function_that_is_being_changed_is_waited_for(cloud: Fake, clock: Clock) -> None:
    cloud.play("CreateTrigger", Fault(200, "FailedOperation.FunctionStatusError"))
    state = wire(**(TRIGGER.create(timer()).outs or {}))
    cloud.play("DeleteTrigger", Fault(200, "FailedOperation.FunctionStatusError"))
    TRIGGER.delete("x", state)
    assert clock.pauses == [1, 1]
    assert there(cloud) == []


def test_another_refusal_is_an_error(cloud: Fake, settings: Settings) -> None:
    settings.make()
    cloud.play("ListTriggers", Fault(200, "UnauthorizedOperation"))
    with pytest.raises(ApiError, match="UnauthorizedOperation"):
        TRIGGER.read("x", timer())
    cloud.play("DeleteTrigger", Fault(200, "UnauthorizedOperation"))
    with pytest.raises(ApiError, match="UnauthorizedOperation"):
        TRIGGER.delete("x", timer())


def test_an_address_is_none_of_them() -> None:
    [failure] = TRIGGER.check({}, timer(type="http")).failures
    assert (failure.property, failure.reason) == ("type", "'http' is unknown: use timer or cos")
    assert TRIGGER.check({}, timer(type=UNKNOWN)).failures == []
    assert TRIGGER.check({}, event()).failures == []
