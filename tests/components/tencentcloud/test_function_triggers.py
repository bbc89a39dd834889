"""What calls a function on Tencent Cloud: its own address and who passes it, timers, objects of a bucket."""

from __future__ import annotations

import json
from typing import Any

import pulumi_random as random
import pytest

from components.bucket import ExistingBucket
from components.errors import UserError
from components.function import BucketEvent, FunctionUrl, Timer
from components.scope import Scope
from components.tencentcloud.function import FunctionNative
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.tencentcloud.function_support import (
    ALIAS,
    DATA,
    FUNCTION,
    TRIGGER,
    URL,
    Opts,
    build_function,
    in_order,
    made,
    one_function,
)
from tests.components.tencentcloud.support import behind, no_network, probe, probed

NIGHTLY = Timer(name="nightly", schedule="0 4 * * 1", payload="tidy up")
ARRIVED = BucketEvent(name="arrived", bucket=DATA, prefix="in/", suffix=".pdf")
PLACE = {"function_name": "qiao-dev-agent-chat", "namespace": "default", "qualifier": "live", "region": "ap-guangzhou"}


def an_event(**fields: Any) -> Recording:
    return one_function(kind="event", **fields)


# ---- an address of its own


@pytest.mark.parametrize(
    ("url", "auth", "internet"),
    [
        (FunctionUrl(), "CAM", False),
        (FunctionUrl(auth="cloud", internet=True), "CAM", True),
        (FunctionUrl(auth="app"), "NONE", False),
        (FunctionUrl(auth="app", internet=True), "NONE", True),
        (FunctionUrl(auth="public", internet=True, reason="a health page"), "NONE", True),
        (FunctionUrl(auth="network"), "NONE", False),
    ],
)
def test_who_may_call_an_address_and_from_where(url: FunctionUrl, auth: str, internet: bool) -> None:
    recording = one_function(url=url, network=no_network(), native=FunctionNative(url_for_region=True))
    address = recording.get(URL, "agent-chat-url")
    assert {key: address.inputs[key] for key in PLACE} == PLACE
    assert (address.inputs["auth_type"], address.inputs["internet"]) == (auth, internet)
    # One of the two, never both: the other is a door that nobody asked for.
    assert address.inputs["intranet"] is not internet
    side = "internet_url" if internet else "intranet_url"
    assert recording.outputs["url"] == address.outputs[side]
    in_order(recording, ALIAS, URL)


def test_an_address_goes_before_its_function_does() -> None:
    """It is by the function's own name: a function that is replaced takes it along, and it is made again."""
    assert behind(one_function(url=FunctionUrl()).get(URL), "function_name") == {"agent-chat-function"}


def test_an_address_is_handed_on_when_it_is_there() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        probe("url", build_function(scope, opts, url=FunctionUrl(auth="app", internet=True)).url)

    assert "agent-chat-url" in probed(made(build), "url")[1]
    assert one_function(url=FunctionUrl(), preview=True).outputs["url"] is UNKNOWN


def test_without_one_there_is_no_address() -> None:
    recording = one_function()
    assert recording.outputs.get("url") is None
    assert recording.of_type(URL) == []


# ---- timers


def test_a_timer_calls_what_is_live() -> None:
    recording = an_event(triggers=[NIGHTLY])
    trigger = recording.get(TRIGGER, "agent-chat-timer-nightly")
    assert {key: trigger.inputs[key] for key in PLACE} == PLACE
    assert {key: trigger.inputs[key] for key in ("type", "trigger_name", "desc", "enabled", "argument")} == {
        "type": "timer", "trigger_name": "nightly", "desc": "0 0 4 * * MON *", "enabled": True, "argument": "tidy up",
    }  # fmt: skip
    # Every change makes it anew, under the same name.
    assert trigger.delete_before_replace is True
    assert behind(trigger, "function_name") == {"agent-chat-function"}
    in_order(recording, FUNCTION, ALIAS, TRIGGER)


def test_a_timer_can_stand_still() -> None:
    still = Timer(name="nightly", schedule="0 4 * * *", enabled=False)
    assert an_event(triggers=[still]).get(TRIGGER).inputs["enabled"] is False


def test_a_schedule_that_never_comes_is_refused() -> None:
    with pytest.raises(UserError, match=r"Timer\.schedule of never"):
        an_event(triggers=[Timer(name="never", schedule="0 4 31 2 *")])


# ---- objects of a bucket


def test_objects_call_what_is_live() -> None:
    recording = an_event(triggers=[ARRIVED])
    trigger = recording.get(TRIGGER, "agent-chat-event-arrived-created")
    assert json.loads(trigger.inputs["desc"]) == {
        "event": "cos:ObjectCreated:*", "filter": {"Prefix": "in/", "Suffix": ".pdf"}
    }  # fmt: skip
    assert (trigger.inputs["type"], trigger.inputs["qualifier"]) == ("cos", "live")
    assert trigger.inputs["trigger_name"] == "data-1250000000.cos.ap-guangzhou.myqcloud.com"
    assert (trigger.inputs["enabled"], trigger.inputs["argument"]) == (True, "")
    assert trigger.delete_before_replace is True
    in_order(recording, ALIAS, TRIGGER)


def test_each_event_is_a_trigger_of_its_own_in_the_services_spelling() -> None:
    recording = an_event(triggers=[BucketEvent(name="both", bucket=DATA, events=["removed", "created"])])
    said = {trigger.name: json.loads(trigger.inputs["desc"])["event"] for trigger in recording.of_type(TRIGGER)}
    assert said == {
        "agent-chat-event-both-created": "cos:ObjectCreated:*", "agent-chat-event-both-removed": "cos:ObjectRemove:*"
    }  # fmt: skip


def test_a_bucket_that_is_not_there_yet_is_waited_for() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        bucket = random.RandomId("made", byte_length=1)
        event = BucketEvent(name="arrived", bucket=ExistingBucket(name=bucket.hex))
        build_function(scope, opts, kind="event", triggers=[event])

    for preview in (False, True):
        trigger = made(build, preview=preview).get(TRIGGER)
        assert behind(trigger, "trigger_name") == {"made"}
        assert (trigger.inputs["trigger_name"] is UNKNOWN) == preview


def test_triggers_of_one_function_never_share_a_name() -> None:
    """A timer called `arrived-created` is no event, and the address no timer."""
    timers = [Timer(name=name, schedule="0 4 * * *") for name in ("url", "arrived-created", "event-arrived")]
    recording = an_event(triggers=[*timers, ARRIVED], url=FunctionUrl())
    assert {r.name for r in recording.of_type(TRIGGER)} == {
        "agent-chat-timer-url", "agent-chat-timer-arrived-created", "agent-chat-timer-event-arrived",
        "agent-chat-event-arrived-created",
    }  # fmt: skip
    assert [r.name for r in recording.of_type(URL)] == ["agent-chat-url"]


def event(name: str, **fields: Any) -> BucketEvent:
    return BucketEvent(name=name, **{"bucket": DATA, **fields})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (event("a"), event("b")),
        (event("a", prefix="in/"), event("b", prefix="in/pdf/")),
        (event("a", suffix=".pdf"), event("b", suffix="f")),
        (event("a", prefix="in/"), event("b", suffix=".pdf")),
        (event("a", events=["created", "removed"]), event("b", events=["removed"])),
        (event("a"), event("b", bucket=ExistingBucket(name="data-1250000000"))),
    ],
)
def test_the_storage_service_takes_no_two_events_that_one_object_meets(one: BucketEvent, other: BucketEvent) -> None:
    with pytest.raises(UserError, match=r"FunctionArgs\.triggers: a and b are met by the same objects"):
        an_event(triggers=[one, other])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (event("a", prefix="in/"), event("b", prefix="out/")),
        (event("a", suffix=".pdf"), event("b", suffix=".png")),
        (event("a", events=["created"]), event("b", events=["removed"])),
        (event("a"), event("b", bucket=ExistingBucket(name="other-1250000000"))),
    ],
)
def test_events_that_exclude_each_other_stand_side_by_side(one: BucketEvent, other: BucketEvent) -> None:
    names = {r.name.removeprefix("agent-chat-event-")[0] for r in an_event(triggers=[one, other]).of_type(TRIGGER)}
    assert names == {"a", "b"}
