"""TraceIndexKeys: our keys join the preset index, and nothing that was in it is ever lost."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.volcengine.gaps.errors import ApiError, GapError
from components.volcengine.gaps.trace_index_keys import TraceIndexKeysProvider, merged, standing
from tests.fakes.volcengine.logs import preset
from tests.fakes.volcengine.server import Fake, Fault
from tests.fakes.volcengine.wire import REGION, UNKNOWN, Clock, wire

KEYS = ["request_id", "input", "output"]
OURS = {"ValueType": "text", "SqlFlag": True}


def index_keys(topic_id: str, keys: Any = KEYS, **more: Any) -> dict[str, Any]:
    """Inputs of TraceIndexKeys; `added` makes a state of them."""
    return wire(topic_id=topic_id, keys=keys, region=REGION, **more)


def settings(cloud: Fake, topic_id: str) -> dict[str, Any]:
    """The topic's index, without its own dates."""
    index = copy.deepcopy(cloud.logs.indexes[topic_id])
    return {key: value for key, value in index.items() if not key.endswith("Time")}


def test_our_keys_join_and_everything_else_stays_to_the_letter(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    before, preset_keys = settings(cloud, topic), cloud.logs.json_keys(topic)
    created = TraceIndexKeysProvider().create(index_keys(topic))
    assert created.id == topic
    assert created.outs == {"region": REGION, "topic_id": topic, "keys": KEYS, "added": KEYS}
    assert cloud.logs.json_keys(topic) == {**preset_keys, **dict.fromkeys(KEYS, OURS)}
    after = settings(cloud, topic)
    for index in (before, after):
        next(entry for entry in index["KeyValue"] if entry["Key"] == "Attributes")["Value"].pop("JsonKeys")
    assert after == before, "delimiters, flags, full text and length too"
    assert cloud.actions() == ["DescribeIndex", "ModifyIndex", "DescribeIndex"]


@pytest.mark.parametrize("name", ["Attributes", "attributes", "ATTRIBUTES"])
def test_the_fields_own_spelling_is_kept(cloud: Fake, name: str) -> None:
    topic = cloud.logs.make_topic(attributes=name)
    TraceIndexKeysProvider().create(index_keys(topic))
    names = [entry["Key"] for entry in cloud.logs.indexes[topic]["KeyValue"]]
    assert names == ["TraceID", "SpanID", name, "Duration"]


def test_the_dates_of_the_index_are_not_sent_back(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    TraceIndexKeysProvider().create(index_keys(topic))
    (body,) = cloud.bodies("ModifyIndex")
    assert set(body) == {"TopicId", "FullText", "KeyValue", "MaxTextLen", "EnableAutoIndex"}


def test_delete_takes_away_what_was_added_and_nothing_else(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    before = settings(cloud, topic)
    state = wire(**TraceIndexKeysProvider().create(index_keys(topic)).outs or {})
    TraceIndexKeysProvider().delete(topic, state)
    assert settings(cloud, topic) == before


def test_a_key_that_the_index_already_had_is_never_taken_away(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    before = settings(cloud, topic)
    state = wire(**TraceIndexKeysProvider().create(index_keys(topic, ["http.status_code", "input"])).outs or {})
    assert state["added"] == ["input"]
    assert cloud.logs.json_keys(topic)["http.status_code"]["ValueType"] == "long", "its type is the index's own"
    TraceIndexKeysProvider().delete(topic, state)
    assert settings(cloud, topic) == before


def test_an_interrupted_create_is_resumed_and_changes_nothing_twice(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    cloud.play("ModifyIndex", *[Fault(500, effect=True)] * 6)
    with pytest.raises(ApiError, match="ModifyIndex failed: InternalError"):
        TraceIndexKeysProvider().create(index_keys(topic))
    after = settings(cloud, topic)
    again = TraceIndexKeysProvider().create(index_keys(topic)).outs
    assert again is not None
    assert (again["keys"], again["added"]) == (KEYS, [])
    assert settings(cloud, topic) == after
    assert len(cloud.bodies("ModifyIndex")) == 6, "nothing is written where everything stands"


def test_one_lost_answer_is_repeated_without_doubling_a_key(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    cloud.play("ModifyIndex", Fault(drop=True, effect=True))
    TraceIndexKeysProvider().create(index_keys(topic))
    entries = next(entry for entry in cloud.logs.indexes[topic]["KeyValue"] if entry["Key"] == "Attributes")
    names = [entry["Key"] for entry in entries["Value"]["JsonKeys"]]
    assert sorted(names) == sorted(set(names))


def test_keys_change_in_place(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    preset_keys = cloud.logs.json_keys(topic)
    state = wire(**TraceIndexKeysProvider().create(index_keys(topic)).outs or {})
    news = index_keys(topic, ["output", "user_id", "http.method"])
    plan = TraceIndexKeysProvider().diff(topic, state, news)
    assert (plan.changes, plan.replaces) == (True, [])
    state = wire(**TraceIndexKeysProvider().update(topic, state, news).outs or {})
    assert state["added"] == ["output", "user_id"]
    assert cloud.logs.json_keys(topic) == {**preset_keys, "output": OURS, "user_id": OURS}
    news = index_keys(topic, ["output", "user_id"])
    state = wire(**TraceIndexKeysProvider().update(topic, state, news).outs or {})
    assert set(preset_keys) <= set(cloud.logs.json_keys(topic)), "no longer asked for, and not ours to take away"
    TraceIndexKeysProvider().delete(topic, state)
    assert cloud.logs.json_keys(topic) == preset_keys


def test_only_our_keys_are_read_and_compared(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    state = wire(**TraceIndexKeysProvider().create(index_keys(topic)).outs or {})
    entries = next(entry for entry in cloud.logs.indexes[topic]["KeyValue"] if entry["Key"] == "Attributes")
    entries["Value"]["JsonKeys"].append({"Key": "of-somebody-else", "Value": OURS})
    read = TraceIndexKeysProvider().read(topic, state)
    assert TraceIndexKeysProvider().diff(topic, wire(**read.outs or {}), index_keys(topic)).changes is False
    entries["Value"]["JsonKeys"] = [entry for entry in entries["Value"]["JsonKeys"] if entry["Key"] != "input"]
    read = TraceIndexKeysProvider().read(topic, state)
    assert read.inputs is not None
    assert read.inputs["keys"] == ["request_id", "output"]
    assert "added" not in read.inputs
    state = wire(**read.outs or {})
    assert TraceIndexKeysProvider().diff(topic, state, index_keys(topic)).changes is True
    state = wire(**TraceIndexKeysProvider().update(topic, state, index_keys(topic)).outs or {})
    assert {"input", "of-somebody-else"} <= set(cloud.logs.json_keys(topic))
    assert sorted(state["added"]) == sorted(KEYS)


def test_the_order_of_keys_is_no_change_and_another_topic_replaces(cloud: Fake) -> None:
    state = index_keys("t1", added=KEYS)
    assert TraceIndexKeysProvider().diff("t1", state, index_keys("t1", KEYS[::-1])).changes is False
    assert TraceIndexKeysProvider().diff("t1", state, index_keys("t2")).replaces == ["topic_id"]
    assert TraceIndexKeysProvider().diff("t1", state, index_keys(UNKNOWN)).replaces == ["topic_id"]


def test_an_index_that_comes_late_is_waited_for_and_not_for_ever(cloud: Fake, clock: Clock) -> None:
    topic = cloud.logs.make_topic(late=3)
    TraceIndexKeysProvider().create(index_keys(topic))
    assert clock.pauses == [1, 2, 3]
    with pytest.raises(
        GapError, match="topic nowhere has no index after 300 s; last seen: DescribeIndex failed: TopicNot"
    ):
        TraceIndexKeysProvider().create(index_keys("nowhere"))
    assert clock.time == 1306


def test_a_topic_that_is_no_trace_topic_is_refused_untouched(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    cloud.logs.indexes[topic]["KeyValue"] = [{"Key": "Attributes", "Value": {"ValueType": "text"}}]
    with pytest.raises(GapError, match=r"has no json field Attributes \(fields: Attributes\)"):
        TraceIndexKeysProvider().create(index_keys(topic))
    assert cloud.bodies("ModifyIndex") == []


def test_a_write_that_lost_a_key_is_an_error(cloud: Fake, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = cloud.logs.make_topic()
    other = copy.deepcopy(cloud.logs.indexes[topic])
    monkeypatch.setitem(cloud.logs.actions, ("PUT", "ModifyIndex"),
                        (cloud.logs.actions["PUT", "ModifyIndex"][0], lambda _body: other))  # fmt: skip
    with pytest.raises(GapError, match="lacks input, output, request_id; somebody changed it at the same time"):
        TraceIndexKeysProvider().create(index_keys(topic))


def test_keys_end_with_their_topic(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    state = wire(**TraceIndexKeysProvider().create(index_keys(topic)).outs or {})
    del cloud.logs.indexes[topic]
    TraceIndexKeysProvider().delete(topic, state)
    assert TraceIndexKeysProvider().read(topic, state).id is None


@pytest.mark.parametrize(
    ("keys", "says"), [([], "at least one"), (["a", ""], "no empty one"), (["a", "b", "a"], "'a' is given twice")]
)
def test_wrong_keys_are_refused_in_the_preview(keys: list[str], says: str) -> None:
    (failure,) = TraceIndexKeysProvider().check({}, index_keys("t", keys)).failures
    assert failure.property == "keys"
    assert says in failure.reason


@pytest.mark.parametrize("keys", [KEYS, UNKNOWN, ["a", UNKNOWN, UNKNOWN]])
def test_keys_that_are_right_or_unknown_pass(keys: Any) -> None:
    assert TraceIndexKeysProvider().check({}, index_keys(UNKNOWN, keys)).failures == []


names = st.lists(st.text("abc._", min_size=1, max_size=4), max_size=6, unique=True)


@given(add=names, remove=names)
def test_whatever_is_added_and_removed_the_rest_is_untouched(add: list[str], remove: list[str]) -> None:
    index = preset("t")
    untouched = copy.deepcopy(index)
    changed, added = merged(index, add, remove)
    assert index == untouched
    keep = [key for key in standing(index) if key not in remove]
    assert standing(changed) == keep + added
    assert set(added) == set(add) - set(keep)
    assert [entry["Key"] for entry in changed["KeyValue"]] == [entry["Key"] for entry in index["KeyValue"]]
    again, more = merged(changed, add, [])
    assert (more, again) == ([], changed)
