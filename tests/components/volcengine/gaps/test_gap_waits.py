"""ImageReady and TraceTopic: they wait for what the provider does not wait for, and always come to an end."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from components.volcengine.gaps.errors import ApiError, GapError
from components.volcengine.gaps.image_ready import ImageReadyProvider, verdict
from components.volcengine.gaps.trace_topic import TraceTopicProvider
from tests.fakes.volcengine.server import Fake, Fault
from tests.fakes.volcengine.wire import REGION, UNKNOWN, Clock, wire

IMAGE = "registry-cn-beijing.cr.volces.com/team/agent:1.4.2"
COPYING = {"Status": "Running", "Description": "42 percent", "ImageCacheEnabled": True, "ImageCacheStatus": ""}
COPIED = {"Status": "Succeeded", "ImageCacheEnabled": True, "ImageCacheStatus": "Ready"}


def image(function_id: str, source: str = IMAGE, **more: Any) -> dict[str, Any]:
    """Inputs of ImageReady."""
    return wire(**{"function_id": function_id, "source": source, "region": REGION, "timeout_seconds": 900, **more})


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"Status": "Succeeded", "ImageCacheStatus": "Ready"}, True),
        ({"Status": "success"}, True),
        ({"Status": "Done", "ImageCacheStatus": ""}, True),
        ({"Status": "Success", "ImageCacheEnabled": False, "ImageCacheStatus": "Pending"}, True),
        ({"Status": "Success", "ImageCacheEnabled": True, "ImageCacheStatus": "Caching"}, None),
        ({"Status": "Running", "ImageCacheStatus": "Ready"}, None),
        ({"Status": "a word nobody knows"}, None),
        ({}, None),
        ({"Status": "Failed"}, False),
        ({"Status": "Succeeded", "ImageCacheStatus": "Failed"}, False),
    ],
)
def test_words_of_an_image_copy(answer: dict[str, Any], expected: bool | None) -> None:
    assert verdict(answer) is expected


def test_a_release_can_follow_when_the_image_is_copied(cloud: Fake, clock: Clock) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.copy_image(made, IMAGE, COPYING, COPYING, {**COPIED, "ImageCacheStatus": "Caching"}, COPIED)
    created = ImageReadyProvider().create(image(made))
    assert created.id == made
    assert created.outs == {"region": REGION, "function_id": made, "source": IMAGE}
    assert cloud.bodies("GetImageSyncStatus") == [{"FunctionId": made, "Source": IMAGE}] * 4
    assert clock.pauses == [1, 2, 3]


def test_a_copy_that_never_ends_is_one_clear_error(cloud: Fake, clock: Clock) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.copy_image(made, IMAGE, COPYING)
    with pytest.raises(GapError) as caught:
        ImageReadyProvider().create(image(made, timeout_seconds=120))
    assert f"image {IMAGE} of function {made} is not ready after 120 s" in caught.value.what
    assert "Status Running, Description 42 percent" in caught.value.what
    assert "run `up` again" in caught.value.instead
    assert clock.time == 1120


def test_an_interrupted_wait_is_resumed(cloud: Fake, bare: pytest.MonkeyPatch) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.copy_image(made, IMAGE, COPYING)
    with pytest.raises(GapError):
        ImageReadyProvider().create(image(made))
    cloud.vefaas.copy_image(made, IMAGE, COPYING, COPIED)
    assert ImageReadyProvider().create(image(made)).id == made


def test_a_copy_that_fails_ends_the_wait_at_once(cloud: Fake, clock: Clock) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.copy_image(made, IMAGE, COPYING, {"Status": "Failed", "Description": "manifest unknown"})
    with pytest.raises(GapError, match=f"image {IMAGE} of function {made} cannot be copied: .*manifest unknown"):
        ImageReadyProvider().create(image(made))
    assert clock.pauses == [1]


def test_a_copy_that_the_service_learns_of_late_is_waited_for(cloud: Fake, clock: Clock) -> None:
    made = cloud.vefaas.make_function()
    cloud.play("GetImageSyncStatus", *[Fault(404, "ImageSyncTaskNotFound")] * 3)
    cloud.vefaas.copy_image(made, IMAGE, COPIED)
    assert ImageReadyProvider().create(image(made)).id == made


def test_a_function_that_is_not_there_does_not_take_the_whole_wait(cloud: Fake, clock: Clock) -> None:
    with pytest.raises(ApiError, match="FunctionNotFound"):
        ImageReadyProvider().create(image("nowhere"))
    assert clock.time - 1000 < 90


def test_throttling_in_the_middle_of_a_wait_does_not_end_it(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.copy_image(made, IMAGE, COPYING, COPIED)
    cloud.play("GetImageSyncStatus", Fault(429, "FlowLimitExceeded"), Fault(503), Fault(drop=True))
    assert ImageReadyProvider().create(image(made)).id == made


def test_another_image_is_waited_for_in_place(cloud: Fake) -> None:
    made, newer = cloud.vefaas.make_function(), IMAGE + "-next"
    cloud.vefaas.copy_image(made, newer, COPYING, COPIED)
    olds, news = image(made), image(made, newer)
    plan = ImageReadyProvider().diff(made, olds, news)
    assert (plan.changes, plan.replaces) == (True, [])
    outs = ImageReadyProvider().update(made, olds, news).outs
    assert outs is not None
    assert outs["source"] == newer
    assert len(cloud.bodies("GetImageSyncStatus")) == 2


def test_another_function_replaces_the_wait_and_another_timeout_does_nothing() -> None:
    plan = ImageReadyProvider().diff("f", image("f"), image("g"))
    assert (plan.changes, plan.replaces) == (True, ["function_id"])
    assert ImageReadyProvider().diff("f", image("f"), {**image("f"), "timeout_seconds": 5.0}).changes is False
    assert ImageReadyProvider().diff("f", image("f"), image(UNKNOWN)).replaces == ["function_id"]


def test_a_refresh_keeps_what_was_reached_until_the_function_is_gone(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    read = ImageReadyProvider().read(made, image(made))
    assert (read.id, read.outs) == (made, {"region": REGION, "function_id": made, "source": IMAGE})
    del cloud.vefaas.functions[made]
    assert ImageReadyProvider().read(made, image(made)).id is None


def topic(project: str, instance: str, **more: Any) -> dict[str, Any]:
    """Inputs of TraceTopic."""
    given = {"project_id": project, "trace_instance_id": instance, "region": REGION, "timeout_seconds": 300}
    return wire(**{**given, **more})


def test_the_trace_topic_is_waited_for(cloud: Fake, clock: Clock) -> None:
    made = str(uuid.uuid4())
    instance = cloud.logs.make_instance(
        "p1", {"TraceInstanceStatus": "CREATING"}, {"TraceInstanceStatus": "CREATING", "TraceTopicId": made},
        {"TraceInstanceStatus": "CREATED", "TraceTopicId": made},
    )  # fmt: skip
    created = TraceTopicProvider().create(topic("p1", instance))
    assert created.id == instance
    assert created.outs == {"region": REGION, "project_id": "p1", "trace_instance_id": instance, "topic_id": made}
    assert clock.pauses == [1, 2]


def test_a_trace_topic_that_never_comes_is_one_clear_error(cloud: Fake, clock: Clock) -> None:
    instance = cloud.logs.make_instance("p1", {"TraceInstanceStatus": "CREATING"})
    with pytest.raises(GapError, match=f"trace instance {instance} has no topic after 300 s; last seen: CREATING"):
        TraceTopicProvider().create(topic("p1", instance))
    assert clock.time == 1300


def test_a_trace_instance_that_fails_ends_the_wait_at_once(cloud: Fake, clock: Clock) -> None:
    instance = cloud.logs.make_instance("p1", {"TraceInstanceStatus": "CREATE_FAILED"})
    with pytest.raises(GapError, match="is CREATE_FAILED"):
        TraceTopicProvider().create(topic("p1", instance))
    assert clock.pauses == []


def test_a_stranger_in_the_answer_is_not_taken(cloud: Fake) -> None:
    instance = cloud.logs.make_instance("another project", {"TraceInstanceStatus": "CREATED", "TraceTopicId": "t"})
    with pytest.raises(GapError, match="unknown to the service"):
        TraceTopicProvider().create(topic("p1", instance, timeout_seconds=10))


def test_a_refresh_reads_the_trace_topic_again(cloud: Fake) -> None:
    instance = cloud.logs.make_instance("p1", {"TraceInstanceStatus": "CREATED", "TraceTopicId": "t-now"})
    read = TraceTopicProvider().read(instance, topic("p1", instance, topic_id="t-before"))
    assert read.id == instance
    assert read.outs is not None
    assert read.outs["topic_id"] == "t-now"
    cloud.logs.instances.clear()
    assert TraceTopicProvider().read(instance, topic("p1", instance)).id is None


@pytest.mark.parametrize("key", ["region", "project_id", "trace_instance_id"])
def test_a_trace_topic_of_anything_else_is_another(key: str) -> None:
    olds = topic("p1", "i1", topic_id="t")
    plan = TraceTopicProvider().diff("i1", olds, {**topic("p1", "i1"), key: "other"})
    assert (plan.changes, plan.replaces) == (True, [key])
    assert TraceTopicProvider().diff("i1", olds, topic("p1", "i1")).changes is False
