"""What calls a function on Alibaba Cloud: its own address and who passes it, timers, objects of a bucket."""

from __future__ import annotations

import json
from typing import Any

import pulumi_random as random
import pytest

from components.bucket import ExistingBucket
from components.errors import UserError
from components.function import BucketEvent, FunctionUrl, Timer
from components.scope import Scope
from qiao.plan.recording import UNKNOWN
from tests.components.alicloud.function_support import (
    ALIAS,
    BINDING,
    DATA,
    ROLE,
    TRIGGER,
    Opts,
    build_function,
    in_order,
    one_function,
    statements,
    trigger_config,
)
from tests.components.alicloud.support import behind, no_network, probe, probed, recorded, waits_for

NIGHTLY = Timer(name="nightly", schedule="0 4 * * 1", payload="tidy up")
ARRIVED = BucketEvent(name="arrived", bucket=DATA, prefix="in/", suffix=".pdf")

# ---- an address of its own


@pytest.mark.parametrize(
    ("url", "auth", "closed"),
    [
        (FunctionUrl(), "function", True),
        (FunctionUrl(auth="cloud", internet=True), "function", False),
        (FunctionUrl(auth="app"), "anonymous", True),
        (FunctionUrl(auth="app", internet=True), "anonymous", False),
        (FunctionUrl(auth="public", internet=True, reason="a health page"), "anonymous", False),
        (FunctionUrl(auth="network"), "anonymous", True),
    ],
)
def test_who_may_call_an_address_and_from_where(url: FunctionUrl, auth: str, closed: bool) -> None:
    recording = one_function(url=url, network=no_network())
    trigger = recording.get(TRIGGER, "agent-chat-url")
    assert trigger_config(recording, "agent-chat-url") == {
        "authType": auth, "disableURLInternet": closed,
        "methods": ["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"],
    }  # fmt: skip
    assert {key: trigger.inputs[key] for key in ("functionName", "qualifier", "triggerType", "triggerName")} == {
        "functionName": "qiao-dev-agent-chat", "qualifier": "live", "triggerType": "http",
        "triggerName": "function_url",
    }  # fmt: skip
    side = "urlIntranet" if closed else "urlInternet"
    assert recording.outputs["url"] == trigger.outputs["httpTrigger"][side]
    in_order(recording, ALIAS, TRIGGER)


def test_for_the_network_alone_it_is_bound_before_it_has_an_address() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        function = build_function(scope, opts, url=FunctionUrl(auth="network"), network=no_network())
        probe("url", function.url)

    recording = recorded(build)
    binding = recording.get(BINDING, "agent-chat-network-only")
    assert binding.inputs == {"functionName": "qiao-dev-agent-chat", "vpcId": "vpc-there"}
    # Nobody is checked at the address itself: for a moment without the binding, every network could call it.
    assert binding.urn in recording.get(TRIGGER).depends_on
    assert "agent-chat-network-only" in probed(recording, "url")[1]


@pytest.mark.parametrize("auth", ["cloud", "app"])
def test_no_other_address_shuts_the_gateway_out(auth: Any) -> None:
    assert one_function(url=FunctionUrl(auth=auth), network=no_network()).of_type(BINDING) == []


def test_without_one_there_is_no_address() -> None:
    recording = one_function()
    assert recording.outputs.get("url") is None
    assert recording.of_type(TRIGGER) == []


def test_an_address_is_not_known_before_it_is_there() -> None:
    assert one_function(url=FunctionUrl(), preview=True).outputs["url"] is UNKNOWN


# ---- timers


def test_a_timer_calls_what_is_live() -> None:
    recording = one_function(triggers=[NIGHTLY])
    trigger = recording.get(TRIGGER, "agent-chat-timer-nightly")
    assert trigger_config(recording, "agent-chat-timer-nightly") == {
        "payload": "tidy up", "cronExpression": "CRON_TZ=Asia/Shanghai 0 0 4 * * MON", "enable": True,
    }  # fmt: skip
    assert (trigger.inputs["triggerType"], trigger.inputs["triggerName"]) == ("timer", "nightly")
    assert (trigger.inputs["functionName"], trigger.inputs["qualifier"]) == ("qiao-dev-agent-chat", "live")
    assert not {"sourceArn", "invocationRole"} & set(trigger.inputs)
    # Everything but its words makes it anew, under the same name.
    assert trigger.delete_before_replace is True
    in_order(recording, ALIAS, TRIGGER)


def test_a_timer_can_stand_still() -> None:
    recording = one_function(triggers=[Timer(name="nightly", schedule="0 4 * * *", enabled=False)])
    assert trigger_config(recording, "agent-chat-timer-nightly")["enable"] is False


def test_a_schedule_that_never_comes_is_refused() -> None:
    with pytest.raises(UserError, match=r"Timer\.schedule of never"):
        one_function(triggers=[Timer(name="never", schedule="0 4 31 2 *")])


def test_an_address_and_triggers_never_share_a_name() -> None:
    timers = [Timer(name=name, schedule="0 4 * * *") for name in ("url", "http", "function-url")]
    recording = one_function(triggers=timers, url=FunctionUrl())
    names = [trigger.inputs["triggerName"] for trigger in recording.of_type(TRIGGER)]
    assert sorted(names) == ["function-url", "function_url", "http", "url"]


# ---- objects of a bucket


def test_objects_call_what_is_live() -> None:
    recording = one_function(triggers=[ARRIVED])
    trigger = recording.get(TRIGGER, "agent-chat-event-arrived")
    assert trigger_config(recording, "agent-chat-event-arrived") == {
        "events": ["oss:ObjectCreated:*"], "filter": {"key": {"prefix": "in/", "suffix": ".pdf"}},
    }  # fmt: skip
    [account] = {invoke.answer["id"] for invoke in recording.invokes}
    assert trigger.inputs["sourceArn"] == f"acs:oss:cn-hangzhou:{account}:data"
    assert (trigger.inputs["triggerType"], trigger.inputs["qualifier"]) == ("oss", "live")
    assert trigger.delete_before_replace is True


def test_an_object_that_is_removed_is_no_upload_that_is_given_up() -> None:
    both = BucketEvent(name="both", bucket=DATA, events=["removed", "created"])
    recording = one_function(triggers=[both])
    assert trigger_config(recording, "agent-chat-event-both")["events"] == [
        "oss:ObjectCreated:*", "oss:ObjectRemoved:DeleteObject", "oss:ObjectRemoved:DeleteObjects",
    ]  # fmt: skip


def test_the_storage_service_may_call_this_function_and_no_other() -> None:
    recording = one_function(triggers=[ARRIVED])
    role = recording.get(ROLE, "agent-chat-event-arrived-role")
    [trusted] = json.loads(role.inputs["assumeRolePolicyDocument"])["Statement"]
    assert trusted["Principal"] == {"Service": ["oss.aliyuncs.com"]}
    account = recording.invokes[0].answer["id"]
    function = f"acs:fc:cn-hangzhou:{account}:functions/qiao-dev-agent-chat"
    assert statements(recording, "agent-chat-event-arrived-policy") == [
        {"Action": ["fc:InvokeFunction"], "Resource": [function, f"{function}/*"]}
    ]
    trigger = recording.get(TRIGGER)
    assert trigger.inputs["invocationRole"] == role.outputs["arn"]
    assert {"agent-chat-event-arrived-role", "agent-chat-event-arrived-role-attached"} <= waits_for(trigger)
    assert role.inputs["roleName"] == "qiao-dev-agent-chat-event-arrived-cn-hangzhou"


def test_the_account_is_asked_by_the_callers_provider() -> None:
    recording = one_function(triggers=[ARRIVED])
    [invoke] = recording.invokes
    assert invoke.token == "alicloud:index/getAccount:getAccount"
    assert "::explicit::" in invoke.provider
    assert one_function(triggers=[NIGHTLY]).invokes == ()


def test_a_bucket_that_is_not_there_yet_is_waited_for() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        made = random.RandomId("made", byte_length=1)
        event = BucketEvent(name="arrived", bucket=ExistingBucket(name=made.hex))
        build_function(scope, opts, triggers=[event])

    for preview in (False, True):
        trigger = recorded(build, preview=preview).get(TRIGGER)
        assert "made" in behind(trigger, "sourceArn")
        assert (trigger.inputs["sourceArn"] is UNKNOWN) == preview


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
        (event("a"), event("b", bucket=ExistingBucket(name="data"))),
    ],
)
def test_the_storage_service_takes_no_two_events_that_one_object_meets(one: BucketEvent, other: BucketEvent) -> None:
    with pytest.raises(UserError, match=r"FunctionArgs\.triggers: a and b are met by the same objects"):
        one_function(triggers=[one, other])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (event("a", prefix="in/"), event("b", prefix="out/")),
        (event("a", suffix=".pdf"), event("b", suffix=".png")),
        (event("a", events=["created"]), event("b", events=["removed"])),
        (event("a"), event("b", bucket=ExistingBucket(name="other"))),
    ],
)
def test_events_that_exclude_each_other_stand_side_by_side(one: BucketEvent, other: BucketEvent) -> None:
    names = {r.inputs["triggerName"] for r in one_function(triggers=[one, other]).of_type(TRIGGER)}
    assert names == {"a", "b"}
