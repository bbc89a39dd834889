"""ReleaseHistory on this cloud: what identifies a function, and which versions there are. Its laws are held by the
tests of the sibling's; here a whole walk shows that they are the same."""

from __future__ import annotations

from typing import Any

import pytest

from components.tencentcloud.gaps.errors import ApiError, GapError
from components.tencentcloud.gaps.release_history import ReleaseHistoryProvider
from tests.fakes.tencentcloud.server import Fake, Fault
from tests.fakes.tencentcloud.wire import REGION, UNKNOWN, wire

HISTORY = ReleaseHistoryProvider()


def release(version: Any = "1", weight: Any = 100, key: Any = None, **more: Any) -> dict[str, Any]:
    """Inputs of ReleaseHistory; a version's key is its own unless said otherwise."""
    given = {"function_name": "web", "namespace": "default", "version_id": version, "version_key": key or f"k{version}",
             "weight": weight, "revision": None, "force": False, "region": REGION}  # fmt: skip
    return wire(**{**given, **more})


def refused(olds: dict[str, Any], news: dict[str, Any]) -> list[str]:
    """Properties that `check` refuses, as the engine asks it."""
    return [failure.property for failure in HISTORY.check(olds, news).failures]


def test_a_history_begins_without_a_call(cloud: Fake) -> None:
    created = HISTORY.create(release())
    assert created.id == "web"
    assert created.outs == {
        "region": REGION, "namespace": "default", "function_name": "web", "version_id": "1", "version_key": "k1",
        "weight": 100, "force": False, "stable_version": "1", "canary_version": "",
    }  # fmt: skip
    assert cloud.calls == []


@pytest.mark.parametrize(
    ("olds", "news", "expected"),
    [
        ({}, release(weight=10), ["weight"]),
        ({}, release(revision=3), ["revision"]),
        (release(), release(namespace="other", weight=10), ["weight"]),
        (release(), release(function_name=UNKNOWN, weight=10), ["weight"]),
        (release("2", 10), release("3", 10), ["version_key"]),
        (release("2", 10), release(UNKNOWN, 10, "k3"), ["version_key"]),
        (release("2"), release("2", 10), ["weight"]),
        (release("2", revision=1), release("3", revision=1), ["revision"]),
        (release("2", 10), release("3", 10, force=True), []),
        (release(), release("2", 10), []),
        ({}, release(UNKNOWN, UNKNOWN, UNKNOWN, revision=UNKNOWN, force=UNKNOWN), []),
    ],
)
def test_what_would_go_wrong_is_refused_already_in_a_preview(
    olds: dict[str, Any], news: dict[str, Any], expected: list[str]
) -> None:
    assert refused(olds, news) == expected


def test_a_walk_through_a_gray_release(cloud: Fake) -> None:
    cloud.scf.make_function(versions=4)
    state = wire(**HISTORY.create(release("1")).outs or {})
    walk = [
        (release("2", 10), "1", "2"), (release("2", 50), "1", "2"), (release("2"), "2", ""),
        (release("3", 20), "2", "3"), (release("3", 0), "2", ""), (release("3", 20), "2", "3"),
        (release("3", revision=2), "2", ""), (release("4", 5), "2", "4"), (release("4", revision=1), "1", ""),
    ]  # fmt: skip
    for news, stable, canary in walk:
        assert refused(HISTORY.inputs(state), news) == []
        plan = HISTORY.diff("web", state, news)
        assert (plan.changes, plan.replaces) == (True, [])
        outs = HISTORY.update("web", state, news).outs
        assert outs == {**HISTORY.inputs(news), "stable_version": stable, "canary_version": canary}
        state = wire(**outs or {})
    assert set(cloud.actions()) == {"ListVersionByFunction"}, "asked for going back alone"


def test_a_version_that_is_not_there_is_one_error_that_names_those_that_are(cloud: Fake) -> None:
    cloud.scf.make_function(versions=45)
    cloud.scf.versions["default", "web"].remove("7")
    with pytest.raises(GapError) as caught:
        HISTORY.update("web", release("45", stable_version="45"), release("45", revision=7))
    there = "there are 45, 44, 43, 42, 41, 40, 39, 38, 37, 36"
    assert caught.value.what == f"function web has no version 7; {there}"
    assert [body["Offset"] for body in cloud.bodies("ListVersionByFunction")] == [0, 20, 40]
    outs = HISTORY.update("web", release("45", stable_version="45"), release("45", revision=1)).outs
    assert outs is not None
    assert outs["stable_version"] == "1"


def test_what_is_not_published_is_no_version(cloud: Fake) -> None:
    cloud.scf.make_function()
    with pytest.raises(GapError, match="has no version 1; there are none"):
        HISTORY.update("web", release("2", stable_version="2"), release("2", revision=1))


def test_a_call_that_fails_is_told_and_nothing_is_written_down(cloud: Fake) -> None:
    cloud.scf.make_function(versions=2)
    cloud.play("ListVersionByFunction", Fault(code="UnauthorizedOperation.CAM"))
    with pytest.raises(ApiError, match="UnauthorizedOperation"):
        HISTORY.update("web", release("2", stable_version="2"), release("2", revision=1))
    cloud.play("ListVersionByFunction", Fault(code="RequestLimitExceeded"), Fault(drop=True))
    outs = HISTORY.update("web", release("2", stable_version="2"), release("2", revision=1)).outs
    assert outs is not None
    assert outs["stable_version"] == "1"


def test_changes() -> None:
    diff = HISTORY.diff
    state = release(stable_version="1", canary_version="")
    assert diff("web", state, release()).changes is False
    for key, value in (("function_name", "other"), ("namespace", "other"), ("region", "ap-beijing")):
        assert diff("web", state, release(**{key: value})).replaces == [key]
    for news in (release("2"), release(key="k9"), release(weight=50), release(revision=1), release(force=True)):
        assert (diff("web", state, news).changes, diff("web", state, news).replaces) == (True, [])


def test_a_refresh_and_a_delete_ask_nothing(cloud: Fake) -> None:
    state = release("2", 10, stable_version="1", canary_version="2")
    read = HISTORY.read("web", state)
    assert read.outs == {**HISTORY.inputs(state), "stable_version": "1", "canary_version": "2"}
    HISTORY.delete("web", state)
    assert cloud.calls == []
