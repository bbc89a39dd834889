"""Releases on Tencent Cloud: the order of the steps, what a new version replaces, the provider's silences guarded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pulumi_random as random
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.errors import UserError
from components.function import FunctionUrl, Release, Timer
from components.scope import Scope
from components.tencentcloud.function import FunctionNative
from components.tencentcloud.gaps.release_history import ReleaseHistoryProvider
from components.tencentcloud.release import NOBODY, Shares, refuse_other
from qiao.plan.recording import UNKNOWN, Recording
from qiao.testing.contract import check_hidden, differences
from tests.components.tencentcloud.function_support import (
    ALIAS,
    DIGEST,
    EXTRAS,
    FUNCTION,
    HISTORY,
    LOGS,
    OBJECT,
    READY,
    SALT,
    TRIGGER,
    URL,
    VERSION,
    WARM,
    Opts,
    build_function,
    code_folder,
    in_order,
    made,
    one_function,
)
from tests.components.tencentcloud.support import behind, no_network

NEXT = f"ccr.ccs.tencentyun.com/team/chat:2.0@{DIGEST}"
KEYS = {f"{EXTRAS}.revision_key", f"{READY}.revision_key", f"{HISTORY}.version_key", f"{VERSION}.description"}
"""What another version changes, whatever the version's change is."""
STABLE, CANARY = "41", "42"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def standing(stable: str, canary: str = "", **fields: Any) -> Recording:
    """A function of whose versions these serve."""
    history = {"stable_version": stable, "canary_version": canary}
    return one_function(answers={HISTORY: history}, **fields)


def changed(before: Recording, after: Recording) -> set[str]:
    return set(differences(before.resources, after.resources))


# ---- the order


def test_every_step_waits_for_all_steps_before_it() -> None:
    recording = one_function(url=FunctionUrl(), provisioned_concurrency=1)
    in_order(recording, FUNCTION, EXTRAS, READY, VERSION, HISTORY, WARM, ALIAS, URL)
    in_order(recording, SALT, EXTRAS)
    event = one_function(kind="event", triggers=[Timer(name="nightly", schedule="0 4 * * *")])
    in_order(event, FUNCTION, EXTRAS, READY, VERSION, HISTORY, ALIAS, TRIGGER)


def test_each_step_is_about_this_function_region_and_namespace() -> None:
    recording = one_function(provisioned_concurrency=1)
    function = recording.get(FUNCTION)
    for token in (EXTRAS, READY, HISTORY, WARM):
        step = recording.get(token)
        assert (step.inputs["function_name"], step.inputs["namespace"]) == (function.inputs["name"], "default")
        assert step.inputs["region"] == "ap-guangzhou"
        # By the function's own output: what is replaced with it goes before it does.
        assert function.urn in step.input_dependencies["function_name"]
        assert step.parent == function.parent
    for token in (VERSION, ALIAS):
        step = recording.get(token)
        assert (step.inputs["functionName"], step.inputs["namespace"]) == (function.inputs["name"], "default")
        assert function.urn in step.input_dependencies["functionName"]


# ---- a new version


def test_a_version_is_one_record_that_each_replaces_and_none_deletes() -> None:
    """Its description is what publishes again. The record goes; the version in the cloud stays, to go back to."""
    recording = one_function()
    version = recording.get(VERSION, "agent-chat-version")
    assert version.retain_on_delete is True
    assert version.delete_before_replace is None
    assert version.inputs["description"] == recording.get(HISTORY).inputs["version_key"]
    assert recording.get(HISTORY).inputs["version_id"] == version.outputs["functionVersion"]
    assert behind(recording.get(HISTORY), "version_id") == {"agent-chat-version"}


def test_a_publish_adds_exactly_one_version_and_destroys_none() -> None:
    before, after = standing(STABLE), standing(STABLE, image=NEXT)
    assert changed(before, after) == KEYS | {f"{FUNCTION}.imageConfigs"}
    names = [{r.urn for r in recording.resources} for recording in (before, after)]
    assert names[0] == names[1]
    assert len(after.of_type(VERSION)) == 1
    assert {r.name for r in after.resources if r.retain_on_delete} == {"agent-chat-version"}


def test_new_code_is_a_new_object_and_a_new_version(here: Path) -> None:
    before = standing(STABLE, code=code_folder(here / "app"))
    after = standing(STABLE, code=code_folder(here / "app", "#!/bin/sh\nexec node other.js\n"))
    place = {f"{OBJECT}.key", f"{OBJECT}.source", f"{FUNCTION}.cosObjectName"}
    assert changed(before, after) == KEYS | place
    assert changed(before, standing(STABLE, code=code_folder(here / "app"))) == set()


SETTINGS: list[tuple[dict[str, Any], set[str]]] = [
    ({"env": {"MODE": "slow"}}, {f"{FUNCTION}.environment"}),
    ({"secret_env": {"KEY": "another-secret"}}, {f"{FUNCTION}.environment"}),
    ({"memory_mb": 2048}, {f"{FUNCTION}.memSize"}),
    ({"timeout_seconds": 600}, {f"{FUNCTION}.timeout"}),
    ({"concurrency": 50}, {f"{EXTRAS}.concurrency"}),
    ({"port": 9000}, {f"{FUNCTION}.imageConfigs"}),
    (
        {"network": no_network()},
        {f"{FUNCTION}.vpcId", f"{FUNCTION}.subnetId", f"{EXTRAS}.vpc_id", f"{EXTRAS}.subnet_id"},
    ),
    (
        {"observability": LOGS},
        {f"{FUNCTION}.clsLogsetId", f"{FUNCTION}.clsTopicId", f"{EXTRAS}.logset_id", f"{EXTRAS}.topic_id"},
    ),
    ({"native": FunctionNative(role_name="there")}, {f"{FUNCTION}.role"}),
]


@pytest.mark.parametrize(("fields", "properties"), SETTINGS)
def test_a_changed_setting_goes_live_by_a_version_too(fields: dict[str, Any], properties: set[str]) -> None:
    base: dict[str, Any] = {"env": {"MODE": "fast"}, "secret_env": {"KEY": "a-secret-value"}}
    assert changed(standing(STABLE, **base), standing(STABLE, **{**base, **fields})) == KEYS | properties


def test_retries_are_frozen_with_the_code_so_they_go_live_by_a_version_too() -> None:
    retries = "tencentcloud:Scf/functionEventInvokeConfig:FunctionEventInvokeConfig"
    before, after = standing(STABLE, async_retries=1), standing(STABLE, async_retries=2)
    assert changed(before, after) == KEYS | {f"{retries}.asyncTriggerConfig"}


def test_what_does_not_concern_the_code_is_no_new_version() -> None:
    env = {"A": "1", "B": "2"}
    assert changed(standing(STABLE, env=env), standing(STABLE, env=dict(reversed(env.items())))) == set()
    warm = standing(STABLE, provisioned_concurrency=1), standing(STABLE, provisioned_concurrency=2)
    assert changed(*warm) == {f"{WARM}.target"}
    # The age of calls is nothing where nothing is said of their retries.
    patient = standing(STABLE, native=FunctionNative(async_max_age_seconds=60))
    assert changed(standing(STABLE), patient) == set()


# ---- the version's key


def key_with(salt: str, **fields: Any) -> str:
    return str(one_function(answers={SALT: {"result": salt}}, **fields).get(VERSION).inputs["description"])


def test_the_key_says_nothing_of_secrets_even_to_one_who_guesses_them() -> None:
    """It stands in clear in state and in the service's console. Without the salt, a guess cannot be checked."""
    weak: dict[str, Any] = {"secret_env": {"PIN": "1234-canary"}}
    recording = one_function(**weak)
    check_hidden(recording, ["1234-canary"])
    assert key_with("one-random-salt", **weak) != key_with("another-random-salt", **weak)
    assert key_with("one-random-salt", **weak) == key_with("one-random-salt", **weak)
    assert recording.get(SALT, "agent-chat-version-salt").urn in recording.get(VERSION).depends_on


def test_a_secret_image_reference_leaves_no_mark_on_the_key() -> None:
    recording = one_function(image=pulumi.Output.secret(NEXT))
    assert isinstance(recording.get(VERSION).inputs["description"], str)
    assert isinstance(recording.get(HISTORY).inputs["version_key"], str)


def test_the_key_is_not_known_before_what_it_hashes_is() -> None:
    """Never a hash of half the settings: it would be replaced by the whole one at `up`, and be a version too many."""

    def build(scope: Scope, opts: Opts) -> None:
        other = random.RandomId("other", byte_length=1)
        build_function(scope, opts, secret_env={"DSN": other.hex})

    first = made(build, preview=True)
    assert first.get(HISTORY).inputs["version_key"] is UNKNOWN
    assert first.get(VERSION).inputs["description"] is UNKNOWN
    known = made(build)
    assert len(known.get(VERSION).inputs["description"]) == 32
    assert "other" in behind(known.get(VERSION), "description")


# ---- the alias


def alias_of(stable: str, canary: str = "", **fields: Any) -> dict[str, Any]:
    return dict(standing(stable, canary, **fields).get(ALIAS, "agent-chat-alias").inputs)


def beside(alias: dict[str, Any]) -> list[tuple[str, float]]:
    return [(one["version"], one["weight"]) for one in alias["routingConfig"]["additionalVersionWeights"]]


def test_at_the_first_release_the_unpublished_code_stands_beside_and_takes_nothing() -> None:
    """There always is one entry: without it the provider sends nothing, and the old share would stay."""
    alias = alias_of("1")
    assert (alias["name"], alias["functionVersion"]) == ("live", "1")
    assert beside(alias) == [("$LATEST", 0)]
    assert alias["description"] == "Version 1."


def test_a_canary_takes_its_share() -> None:
    alias = alias_of(STABLE, CANARY, release=Release(weight=10))
    assert alias["functionVersion"] == STABLE
    assert beside(alias) == [(CANARY, 0.1)]
    assert alias["description"] == "Version 41, version 42 at 10 percent."


def test_a_version_without_calls_yet_stands_apart() -> None:
    alias = alias_of(STABLE, release=Release(weight=0))
    assert (alias["functionVersion"], beside(alias)) == (STABLE, [("$LATEST", 0)])


VERSIONS = st.integers(1, 999).map(str)


@given(stable=VERSIONS, canary=VERSIONS | st.just(""), percent=st.integers(1, 99))
def test_there_is_one_other_version_with_a_share_the_service_takes(stable: str, canary: str, percent: int) -> None:
    shares = Shares(stable, "" if canary == stable else canary, percent)
    version, weight = shares.beside
    assert version != stable
    assert 0 <= weight <= 1
    assert weight == (pytest.approx(percent / 100) if shares.canary else 0)


@given(st.lists(st.tuples(VERSIONS, VERSIONS | st.just(""), st.integers(1, 99)), min_size=2, max_size=2))
def test_every_move_changes_what_makes_the_provider_send_it(moves: list[tuple[str, str, int]]) -> None:
    """Another main version alone is sent nowhere: the provider looks at the description and the shares."""
    one, other = (Shares(stable, canary, percent if canary else 0) for stable, canary, percent in moves)
    assert (one.words == other.words) == (one == other)


def test_the_provider_is_made_to_notice_another_name_and_another_function() -> None:
    recording = one_function()
    alias = recording.get(ALIAS)
    assert alias.replace_on_changes == ("name", "functionName", "namespace")
    assert alias.delete_before_replace is True
    # It never asks whether the function is still the one that the alias was of.
    assert alias.replace_with == (recording.get(FUNCTION).urn,)


# ---- gray release, promotion, rolling back: the guide's walk


def test_promoting_changes_the_alias_in_place_and_publishes_nothing() -> None:
    gray = standing(STABLE, CANARY, image=NEXT, release=Release(weight=10))
    half = standing(STABLE, CANARY, image=NEXT, release=Release(weight=50))
    full = standing(CANARY, image=NEXT, release=Release(weight=100))
    in_place = {f"{HISTORY}.weight", f"{ALIAS}.routingConfig", f"{ALIAS}.description"}
    assert changed(gray, half) == in_place
    assert changed(half, full) == in_place | {f"{ALIAS}.functionVersion"}
    assert alias_of(CANARY, image=NEXT)["description"] == "Version 42."


def test_a_gray_release_of_a_new_image() -> None:
    before, after = standing(STABLE), standing(STABLE, CANARY, image=NEXT, release=Release(weight=10))
    shares = {f"{HISTORY}.weight", f"{ALIAS}.routingConfig", f"{ALIAS}.description"}
    assert changed(before, after) == KEYS | shares | {f"{FUNCTION}.imageConfigs"}


def test_rolling_back_points_the_alias_to_an_earlier_version_and_leaves_the_rest() -> None:
    before, after = standing(STABLE), standing("3", release=Release(revision=3))
    assert after.get(HISTORY).inputs["revision"] == 3
    assert changed(before, after) == {f"{HISTORY}.revision", f"{ALIAS}.functionVersion", f"{ALIAS}.description"}


def test_promoting_makes_the_new_versions_instances_before_it_takes_calls() -> None:
    """Another version's instances are another thing: made first, the old ones taken away when nobody calls them."""
    before = standing(STABLE, CANARY, provisioned_concurrency=2, release=Release(weight=10))
    after = standing(CANARY, provisioned_concurrency=2)
    assert before.get(WARM).inputs["qualifier"] == STABLE
    assert after.get(WARM).inputs["qualifier"] == CANARY
    assert f"{WARM}.qualifier" in changed(before, after)
    in_order(after, HISTORY, WARM, ALIAS)


def refusals(before: Recording, after: Recording) -> list[str]:
    """What the history itself says in a preview of the second after an `up` of the first."""
    olds, news = dict(before.get(HISTORY).inputs), dict(after.get(HISTORY).inputs)
    return [failure.reason for failure in ReleaseHistoryProvider().check(olds, news).failures]


def published(number: str, **fields: Any) -> Recording:
    """A function whose newest version has this number."""
    return one_function(answers={VERSION: {"functionVersion": number}}, **fields)


def test_the_history_judges_by_what_the_function_gives_it() -> None:
    full, gray = published("1"), published("2", image=NEXT, release=Release(weight=10))
    third: dict[str, Any] = {"image": f"ccr.ccs.tencentyun.com/team/chat:3.0@{DIGEST}"}
    assert refusals(full, gray) == []
    assert refusals(gray, published("2", image=NEXT)) == []
    [reason] = refusals(gray, published("3", **third))
    assert "the last version stands at 10 percent" in reason
    assert refusals(gray, published("3", **third, release=Release(force=True))) == []
    assert refusals(full, published("1", release=Release(revision=2))) == []
    [reason] = refusals(full, published("1", release=Release(weight=10)))
    assert "the version already takes all calls" in reason
    news = dict(published("1", release=Release(weight=10)).get(HISTORY).inputs)
    [failure] = ReleaseHistoryProvider().check({}, news).failures
    assert "first release must take all calls" in failure.reason


# ---- what the service says afterwards


def reported(version: str, *weights: tuple[str, float]) -> dict[str, Any]:
    shares = [{"version": other, "weight": weight} for other, weight in weights]
    return {"functionVersion": version, "routingConfig": {"additionalVersionWeights": shares}}


def serving(alias: dict[str, Any], **fields: Any) -> Recording:
    history = {"stable_version": STABLE, "canary_version": CANARY if fields else ""}
    return one_function(answers={HISTORY: history, ALIAS: alias}, **fields)


@pytest.mark.parametrize(
    "alias",
    [reported(STABLE, (NOBODY, 0)), reported(STABLE), {"functionVersion": STABLE, "routingConfig": None}],
)
def test_a_release_is_done_when_the_service_says_so(alias: dict[str, Any]) -> None:
    assert serving(alias).outputs["version"] == STABLE


def test_a_main_version_that_was_never_sent_is_an_error() -> None:
    with pytest.raises(
        UserError, match=r"Release of agent-chat: alias live is not .*\(version 41\): version 40 is its"
    ):
        serving(reported("40", (NOBODY, 0)))


def test_a_share_that_nobody_asked_for_is_an_error() -> None:
    with pytest.raises(UserError, match=r"Release of agent-chat: .*: version 40 takes 10%; set it so in the console"):
        serving(reported(STABLE, ("40", 0.1)))
    gray = Release(weight=10)
    assert serving(reported(STABLE, (CANARY, 0.1)), release=gray).outputs["version"] == STABLE


def test_nothing_is_judged_before_it_is_known() -> None:
    assert one_function(preview=True).outputs["version"] is UNKNOWN
    assert refuse_other("agent-chat", Shares(STABLE, "", 100), None, None) == ""
