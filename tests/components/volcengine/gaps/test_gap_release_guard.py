"""ReleaseGuard: what the cloud would punish is refused in the preview, and once more at `up` by what the cloud says."""

from __future__ import annotations

from typing import Any

import pytest

from components.volcengine.gaps.errors import ApiError, GapError
from components.volcengine.gaps.release_guard import ReleaseGuardProvider
from tests.fakes.volcengine.server import Fake, Fault
from tests.fakes.volcengine.signature import Refused
from tests.fakes.volcengine.wire import REGION, UNKNOWN, wire


def guard(function_id: str = "f1", key: str = "v1", weight: Any = 100, **more: Any) -> dict[str, Any]:
    """Inputs of ReleaseGuard."""
    given = {"force": False, "revision": None, **more}
    return wire(function_id=function_id, version_key=key, weight=weight, region=REGION, **given)


def refused(olds: dict[str, Any], news: dict[str, Any]) -> list[tuple[str, str]]:
    """What the engine is told in a preview."""
    result = ReleaseGuardProvider().check(olds, news)
    assert result.inputs == news, "a check changes no input"
    return [(failure.property, failure.reason) for failure in result.failures]


FIRST: dict[str, Any] = {}
CANARY = guard(weight=10)
BACK = guard(revision=3)


@pytest.mark.parametrize(
    ("olds", "news"),
    [
        (FIRST, guard()),
        (guard(), guard()),
        (guard(), guard(key="v2")),
        (guard(), guard(key="v2", weight=10)),
        (guard(), guard(key="v2", weight=0)),
        (CANARY, guard(weight=50)),
        (CANARY, guard(weight=5)),
        (CANARY, guard(weight=100)),
        (CANARY, guard(key="v2", weight=10, force=True)),
        (CANARY, guard(revision=3, force=True)),
        (guard(), BACK),
        (BACK, guard(revision=2)),
        (BACK, guard()),
        (BACK, guard(key="v2")),
        (BACK, guard(key="v2", weight=10)),
        (guard(), guard(key="v2", revision=3)),
        (guard("f1", weight=10), guard("f2", key="v2")),
    ],
)
def test_what_the_cloud_can_do_passes(olds: dict[str, Any], news: dict[str, Any]) -> None:
    assert refused(olds, news) == []


NOT_FIRST, NO_PAST = "first release must take all calls", "none to go back to (release.revision 3)"
WHOLE, OUT, PROMOTE = "set release.weight to 100", "leave release.revision out", "promote it first (release.weight: 100"
HALF_WAY = "stands at 10 percent, and a new release would roll it back half-way"


@pytest.mark.parametrize(
    ("olds", "news", "key", "says", "instead"),
    [
        (FIRST, guard(weight=10), "weight", f"{NOT_FIRST} (release.weight 10)", WHOLE),
        (guard("f1"), guard("f2", weight=10), "weight", NOT_FIRST, WHOLE),
        (FIRST, guard(function_id=UNKNOWN, weight=10), "weight", NOT_FIRST, WHOLE),
        (guard("f1"), guard(function_id=UNKNOWN, weight=10), "weight", NOT_FIRST, WHOLE),
        (FIRST, guard(revision=3), "revision", NO_PAST, OUT),
        (guard("f1"), guard("f2", revision=3), "revision", NO_PAST, OUT),
        (CANARY, guard(key="v2", weight=10), "version_key", HALF_WAY, PROMOTE),
        (CANARY, guard(key="v2", weight=100), "version_key", HALF_WAY, "release.force: true"),
        (guard(weight=0), guard(key="v2"), "version_key", "stands at 0 percent", PROMOTE),
        (CANARY, guard(revision=3), "revision", HALF_WAY, "release.force: true"),
        (BACK, guard(key="v2", revision=3), "revision", "release.revision 3 is still set", OUT),
        (guard(), guard(weight=50), "weight", "cannot go back to 50 percent", "set release.revision to an earlier one"),
        (guard(), guard(revision=3, weight=50), "weight", "cannot be partial", "leave release.weight at 100"),
        (guard(), guard(weight=101), "weight", "101 is out of range", "use 0 to 100"),
        (guard(), guard(key="v2", weight=-1), "weight", "-1 is out of range", "use 0 to 100"),
    ],
)
def test_what_the_cloud_would_punish_is_refused_with_the_way_out(
    olds: dict[str, Any], news: dict[str, Any], key: str, says: str, instead: str
) -> None:
    (found,) = refused(olds, news)
    assert found[0] == key
    assert says in found[1].partition(": ")[0]
    assert instead in found[1].partition(": ")[2]


@pytest.mark.parametrize(
    ("olds", "news"),
    [
        (FIRST, guard(weight=UNKNOWN)),
        (CANARY, guard(key=UNKNOWN)),
        (CANARY, guard(key="v2", force=UNKNOWN)),
        (CANARY, guard(function_id=UNKNOWN, key="v2")),
        (guard(), guard(key=UNKNOWN, weight=10)),
        (guard(), guard(weight=50, revision=UNKNOWN)),
        (BACK, guard(key="v2", revision=UNKNOWN)),
        (FIRST, wire(function_id=UNKNOWN, version_key=UNKNOWN, weight=UNKNOWN, force=UNKNOWN, revision=UNKNOWN,
                     region=UNKNOWN)),
    ],
)  # fmt: skip
def test_what_is_not_known_yet_passes(olds: dict[str, Any], news: dict[str, Any]) -> None:
    assert refused(olds, news) == []


def test_a_gray_release_goes_its_whole_way_and_back(cloud: Fake) -> None:
    """10, 50, 100, the next one, and back: the state of one step is the `olds` of the next."""
    made = cloud.vefaas.make_function()
    state = guard(made)
    ReleaseGuardProvider().create(state)
    cloud.vefaas.release(made, looks=5)
    for step in (guard(made, "v2", 10), guard(made, "v2", 50), guard(made, "v2", 100)):
        assert refused(state, step) == []
        ReleaseGuardProvider().update(made, state, step)
        if state["version_key"] == "v1":
            cloud.vefaas.release(made, 10, looks=5)
        else:
            cloud.vefaas.rollouts[made][-1].retarget(int(step["weight"]))
            cloud.vefaas.rollouts[made][-1].looks = 5
        state = step
    back = guard(made, "v2", revision=cloud.vefaas.rollouts[made][0].revision)
    assert refused(state, back) == []
    outs = ReleaseGuardProvider().update(made, state, back).outs
    assert outs == {**{key: value for key, value in back.items() if key != "__provider"},
                    "before": cloud.vefaas.rollouts[made][-1].record}  # fmt: skip


def test_a_first_create_asks_the_cloud_and_repeats_its_inputs(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    created = ReleaseGuardProvider().create(guard(made))
    assert created.id == made
    assert created.outs == {
        "region": REGION, "function_id": made, "version_key": "v1", "weight": 100, "force": False, "before": "",
    }  # fmt: skip
    assert cloud.actions() == ["GetReleaseStatus"]


@pytest.mark.parametrize("never", [{}, {"StableRevisionNumber": -1}, Refused(404, "ReleaseNotFound", "none"),
                                   Refused(400, "InvalidParameter", "function was never released")])  # fmt: skip
def test_however_the_service_tells_of_no_release_a_first_up_goes_on(cloud: Fake, never: Any) -> None:
    cloud.vefaas.never_released = never
    made = cloud.vefaas.make_function()
    assert ReleaseGuardProvider().create(guard(made)).id == made
    cloud.complaints.clear()


@pytest.mark.parametrize("fault", [Fault(403, "AccessDenied"), Fault(500), Fault(429, "FlowLimitExceeded")])
def test_a_first_create_does_not_hide_that_the_cloud_could_not_be_asked(cloud: Fake, fault: Fault) -> None:
    cloud.play("GetReleaseStatus", *[fault] * 6)
    with pytest.raises(ApiError, match=fault.code):
        ReleaseGuardProvider().create(guard(cloud.vefaas.make_function()))


@pytest.mark.parametrize("ends", ["done", "inprogress"])
def test_a_canary_begun_in_the_console_stops_a_new_version_at_up(cloud: Fake, ends: str) -> None:
    made = cloud.vefaas.make_function()
    canary = cloud.vefaas.release(made, 20, ends=ends, looks=5)
    assert refused(guard(made), guard(made, "v2")) == [], "state knows nothing of it"
    with pytest.raises(GapError) as caught:
        ReleaseGuardProvider().update(made, guard(made), guard(made, "v2"))
    assert f"release {canary.record} is {ends}, at 20 of 20 percent" in caught.value.what
    assert "promote it first" in caught.value.instead
    with pytest.raises(GapError):
        ReleaseGuardProvider().create(guard(made))
    with pytest.raises(GapError):
        ReleaseGuardProvider().update(made, guard(made), guard(made, revision=3))


def test_a_full_release_still_going_on_stops_the_next_one(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.release(made, looks=1)
    with pytest.raises(GapError, match="is inprogress, at 50 of 100 percent"):
        ReleaseGuardProvider().update(made, guard(made), guard(made, "v2"))


@pytest.mark.parametrize("ends", ["failed", "rollbacked"])
def test_a_release_that_failed_stops_nothing(cloud: Fake, ends: str) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.release(made, 20, ends=ends, trouble={"StatusMessage": "broken"}, looks=5)
    outs = ReleaseGuardProvider().update(made, guard(made), guard(made, "v2")).outs
    assert outs is not None
    assert outs["version_key"] == "v2"


def test_force_passes_what_is_half_way_and_a_promotion_asks_nothing(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.release(made, 20, looks=5)
    ReleaseGuardProvider().create(guard(made, force=True))
    ReleaseGuardProvider().update(made, guard(made), guard(made, "v2", force=True))
    asked = len(cloud.actions())
    ReleaseGuardProvider().update(made, guard(made, weight=20), guard(made, weight=100))
    assert len(cloud.actions()) == asked


def test_a_refresh_learns_what_the_console_did(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    cloud.vefaas.release(made, 100, looks=5)
    read = ReleaseGuardProvider().read(made, guard(made, weight=10))
    assert read.id == made
    assert read.inputs is not None
    assert read.outs == {**read.inputs, "before": ""}
    assert read.inputs["weight"] == 100
    assert refused(read.inputs, guard(made, "v2", 10)) == [], "promoted by hand: the next version may come"
    cloud.vefaas.release(made, 30, looks=5)
    begun = ReleaseGuardProvider().read(made, guard(made)).inputs
    assert begun is not None
    assert refused(begun, guard(made, "v2"))[0][0] == "version_key"


def accepted(cloud: Fake) -> tuple[str, dict[str, Any]]:
    """A function released in full, and the state of its guard after a canary of v2 was accepted."""
    made = cloud.vefaas.make_function()
    cloud.vefaas.release(made, looks=5)
    return made, wire(**ReleaseGuardProvider().update(made, guard(made), guard(made, "v2", 10)).outs or {})


def refreshed(function_id: str, state: dict[str, Any]) -> dict[str, Any]:
    """Inputs after a refresh."""
    read = ReleaseGuardProvider().read(function_id, state)
    assert read.inputs is not None
    assert read.outs == {**read.inputs, "before": state["before"]}
    return wire(**read.inputs)


def test_a_release_that_never_came_about_stops_nothing_after_a_refresh(cloud: Fake) -> None:
    made, state = accepted(cloud)
    assert refused(state, guard(made, "v3", 10)) != [], "state alone cannot know"
    after = refreshed(made, state)
    for again in (guard(made, "v2", 10), guard(made, "v3", 10), guard(made, "v3")):
        assert refused(after, again) == []
        assert ReleaseGuardProvider().diff(made, after, again).changes is True


@pytest.mark.parametrize("ends", ["failed", "rollbacked"])
def test_a_canary_that_failed_stops_nothing_after_a_refresh(cloud: Fake, ends: str) -> None:
    made, state = accepted(cloud)
    cloud.vefaas.release(made, 10, ends=ends, trouble={"StatusMessage": "broken"}, looks=5)
    after = refreshed(made, state)
    assert refused(after, guard(made, "v2", 10)) == []
    assert refused(after, guard(made, "v3", 10)) == []


def test_a_canary_that_stands_still_stops_the_next_after_a_refresh(cloud: Fake) -> None:
    made, state = accepted(cloud)
    cloud.vefaas.release(made, 10, looks=5)
    after = refreshed(made, state)
    assert ReleaseGuardProvider().diff(made, after, guard(made, "v2", 10)).changes is False
    assert refused(after, guard(made, "v3", 10))[0][0] == "version_key"


def test_a_promotion_keeps_what_was_before(cloud: Fake) -> None:
    made, state = accepted(cloud)
    promoted = wire(**ReleaseGuardProvider().update(made, state, guard(made, "v2", 50)).outs or {})
    assert promoted["before"] == state["before"] == cloud.vefaas.rollouts[made][0].record


def test_changes() -> None:
    diff = ReleaseGuardProvider().diff
    assert diff("f1", guard(), guard()).changes is False
    assert diff("f1", guard(), guard("f2")).replaces == ["function_id"]
    for news in (guard(key="v2"), guard(weight=50), guard(force=True), guard(revision=2)):
        assert (diff("f1", guard(), news).changes, diff("f1", guard(), news).replaces) == (True, [])


def test_delete_leaves_the_cloud_alone(cloud: Fake) -> None:
    ReleaseGuardProvider().delete("f1", guard())
    assert cloud.actions() == []
