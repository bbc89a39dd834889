"""ReleaseHistory: which version last took all calls, and what a next release may be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.alicloud.gaps.errors import ApiError, GapError
from components.alicloud.gaps.release_history import ReleaseHistoryProvider, after, refusals
from tests.fakes.alicloud.server import Fake, Fault
from tests.fakes.alicloud.wire import REGION, UNKNOWN, wire

HISTORY = ReleaseHistoryProvider()


def release(version: Any = "1", weight: Any = 100, key: Any = None, **more: Any) -> dict[str, Any]:
    """Inputs of ReleaseHistory; a version's key is its own unless said otherwise."""
    given = {"function_name": "web", "version_id": version, "version_key": key or f"k{version}", "weight": weight,
             "revision": None, "force": False, "region": REGION}  # fmt: skip
    return wire(**{**given, **more})


def refused(olds: dict[str, Any], news: dict[str, Any]) -> list[tuple[str, str]]:
    """What `check` refuses, as the engine asks it."""
    return [(failure.property, failure.reason) for failure in HISTORY.check(olds, news).failures]


FIRST = "a function's first release must take all calls (release.weight 10): set release.weight to 100"
HALF_WAY = "the last version stands at 10 percent, and a new release would give it up half-way: promote it first"


@pytest.mark.parametrize(
    ("olds", "news", "key", "said"),
    [
        ({}, release(weight=10), "weight", FIRST),
        ({}, release(UNKNOWN, 10, "k1"), "weight", FIRST),
        (release(), release(function_name="other", weight=10), "weight", FIRST),
        (release(), release(function_name=UNKNOWN, weight=10), "weight", FIRST),
        ({}, release(revision=3), "revision", "has no release yet, so none to go back to (release.revision 3)"),
        ({}, release(weight=101), "weight", "release.weight 101 is out of range: use 0 to 100"),
        ({}, release(weight=-1), "weight", "release.weight -1 is out of range: use 0 to 100"),
        (release(), release(revision=0), "revision", "release.revision 0 is no version"),
        (release(), release("2", 10, revision=1), "weight", "going back to revision 1 cannot be partial"),
        (release("2", 10), release("3", 10), "version_key", HALF_WAY),
        (release("2", 10), release("3"), "version_key", HALF_WAY),
        (release("2", 10), release(UNKNOWN, 10, "k3"), "version_key", HALF_WAY),
        (release("2", 0), release("3", 10), "version_key", "the last version stands at 0 percent"),
        (release("2", revision=1), release("3", revision=1), "revision", "release.revision 1 is still set"),
        (release("2"), release("2", 10), "weight", "the version already takes all calls, so it cannot go back to 10"),
        (release("2", revision=2), release("2", 10), "weight", "the version already takes all calls"),
    ],
)
def test_what_would_go_wrong_is_refused_with_the_way_out(
    olds: dict[str, Any], news: dict[str, Any], key: str, said: str
) -> None:
    ((found, reason),) = refused(olds, news)
    assert found == key
    assert said in reason
    assert refusals(olds, news) == [(found, reason)]


@pytest.mark.parametrize(
    ("olds", "news"),
    [
        ({}, release()),
        ({}, release(UNKNOWN, UNKNOWN, UNKNOWN, revision=UNKNOWN, force=UNKNOWN)),
        (release(), release("2")),
        (release(), release("2", 10)),
        (release(), release(UNKNOWN, 10, "k2")),
        (release("2", 10), release("2", 50)),
        (release("2", 10), release("2", 0)),
        (release("2", 10), release("2")),
        (release("2", 10), release("2", revision=1)),
        (release("2", 10), release("3", 10, force=True)),
        (release("2", 10), release("3", 10, force=UNKNOWN)),
        (release("2", 10), release(UNKNOWN, 10, UNKNOWN)),
        (release("2", revision=1), release("3", 10)),
        (release("2", revision=1), release("2", 10)),
        (release("2", revision=1), release("3", revision=2)),
        (release("2"), release("2", force=True)),
    ],
)
def test_the_rest_is_let_through(olds: dict[str, Any], news: dict[str, Any]) -> None:
    assert refused(olds, news) == []


@pytest.mark.parametrize(
    ("stable", "news", "expected"),
    [
        ("", release("1"), ("1", "")),
        ("1", release("2", 10), ("1", "2")),
        ("1", release("2", 0), ("1", "")),
        ("1", release("2"), ("2", "")),
        ("2", release("3", revision=1), ("1", "")),
        ("1", release("1", 10), ("1", "")),
    ],
)
def test_who_takes_calls_after_a_release(stable: str, news: dict[str, Any], expected: tuple[str, str]) -> None:
    assert after(stable, news) == expected


def test_a_history_begins_without_a_call(cloud: Fake) -> None:
    created = HISTORY.create(release())
    assert created.id == "web"
    assert created.outs == {
        "region": REGION, "function_name": "web", "version_id": "1", "version_key": "k1", "weight": 100,
        "force": False, "stable_version": "1", "canary_version": "",
    }  # fmt: skip
    assert cloud.calls == []


def test_what_a_preview_could_not_know_is_refused_by_a_create(cloud: Fake) -> None:
    with pytest.raises(GapError, match="a function's first release must take all calls"):
        HISTORY.create(release(weight=10))
    with pytest.raises(GapError, match="would give it up half-way"):
        HISTORY.update("web", release("2", 10, stable_version="1"), release("3", 10))


def test_a_walk_through_a_gray_release(cloud: Fake) -> None:
    cloud.fc.make_function(versions=4)
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
    assert set(cloud.actions()) == {"ListFunctionVersions"}, "asked for going back alone"


def test_a_version_that_is_not_there_is_one_error_that_names_those_that_are(cloud: Fake) -> None:
    cloud.fc.make_function(versions=12)
    cloud.fc.versions["web"].remove(7)
    with pytest.raises(GapError) as caught:
        HISTORY.update("web", release("12", stable_version="12"), release("12", revision=7))
    there = "there are 12, 11, 10, 9, 8, 6, 5, 4, 3, 2"
    assert caught.value.what == f"function web has no version 7; {there}"
    assert [body.get("nextToken") for body in cloud.bodies("ListFunctionVersions")] == [None, "3", "6", "9"]
    HISTORY.update("web", release("12", stable_version="12"), release("12", revision=1))


def test_without_any_version_the_error_says_so(cloud: Fake) -> None:
    cloud.fc.make_function()
    with pytest.raises(GapError, match="has no version 1; there are none"):
        HISTORY.update("web", release("2", stable_version="2"), release("2", revision=1))


def test_a_call_that_fails_is_told_and_nothing_is_written_down(cloud: Fake) -> None:
    cloud.fc.make_function(versions=2)
    cloud.play("ListFunctionVersions", Fault(403, "AccessDenied"))
    with pytest.raises(ApiError, match="AccessDenied"):
        HISTORY.update("web", release("2", stable_version="2"), release("2", revision=1))
    cloud.play("ListFunctionVersions", Fault(429, "Throttling"), Fault(500))
    outs = HISTORY.update("web", release("2", stable_version="2"), release("2", revision=1)).outs
    assert outs is not None
    assert outs["stable_version"] == "1"


def test_changes() -> None:
    diff = HISTORY.diff
    state = release(stable_version="1", canary_version="")
    assert diff("web", state, release()).changes is False
    assert diff("web", state, release(function_name="other")).replaces == ["function_name"]
    assert diff("web", state, release(region="cn-beijing")).replaces == ["region"]
    for news in (release("2"), release(key="k9"), release(weight=50), release(revision=1), release(force=True)):
        assert (diff("web", state, news).changes, diff("web", state, news).replaces) == (True, [])


def test_a_refresh_and_a_delete_ask_nothing(cloud: Fake) -> None:
    state = release("2", 10, stable_version="1", canary_version="2")
    read = HISTORY.read("web", state)
    assert read.id == "web"
    assert read.outs == {**HISTORY.inputs(state), "stable_version": "1", "canary_version": "2"}
    HISTORY.delete("web", state)
    assert cloud.calls == []


@dataclass
class Stage:
    """A function and its releases, as a user goes through them."""

    state: dict[str, Any]
    newest: int = 1
    full: set[str] = field(default_factory=lambda: {"1"})
    """Versions that took all calls at some time."""

    def asks(self, *, publish: bool, weight: int, revision: int | None, force: bool) -> bool:
        """Ask for a release; whether it was let through."""
        newest = self.newest + publish
        if revision is not None and revision > newest:
            return False  # an update asks the cloud whether it is there
        news = release(str(newest), weight, revision=revision, force=force)
        if refusals(HISTORY.inputs(self.state), news):
            return False
        stable, canary = after(str(self.state["stable_version"]), news)
        self.newest = newest
        self.state = {**news, "stable_version": stable, "canary_version": canary}
        if weight == 100:
            self.full.add(stable)
        return True


ASKED = st.fixed_dictionaries({
    "publish": st.booleans(), "weight": st.sampled_from([0, 1, 10, 50, 99, 100, 100, 100]),
    "revision": st.none() | st.integers(1, 6), "force": st.booleans(),
})  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(ASKED, max_size=12))
def test_laws_of_any_sequence_of_releases(asked: list[dict[str, Any]]) -> None:
    stage = Stage(release(stable_version="1", canary_version=""))
    for ask in asked:
        before = dict(stage.state)
        passed = stage.asks(**ask)
        stable, canary = stage.state["stable_version"], stage.state["canary_version"]
        assert stable in stage.full, "the stable version is one that had all calls"
        assert canary != stable
        if not passed:
            assert stage.state == before
            continue
        if ask["revision"] is not None:
            assert (stable, canary) == (str(ask["revision"]), ""), "going back lands on the version asked for"
        elif ask["weight"] == 100:
            assert (stable, canary) == (str(stage.newest), "")
            if before["canary_version"] and not ask["publish"]:
                assert stable == before["canary_version"], "a promotion makes the canary the stable one"
        else:
            assert stable == before["stable_version"], "a share moves nobody but the canary"
            assert canary in ("", str(stage.newest))
            assert (canary == "") is (ask["weight"] == 0)
        if ask["publish"] and before["weight"] < 100:
            assert ask["force"], "an unfinished version is never given up unasked"


@settings(max_examples=200, deadline=None)
@given(st.lists(ASKED, max_size=8))
def test_the_way_out_is_always_open(asked: list[dict[str, Any]]) -> None:
    """Wherever releases have led: promoting, or giving up by force, is never refused."""
    stage = Stage(release(stable_version="1", canary_version=""))
    for ask in asked:
        stage.asks(**ask)
    forced = Stage(dict(stage.state), stage.newest, set(stage.full))
    assert stage.asks(publish=False, weight=100, revision=None, force=False)
    assert stage.asks(publish=True, weight=10, revision=None, force=False)
    assert forced.asks(publish=True, weight=100, revision=None, force=True)
