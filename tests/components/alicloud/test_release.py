"""Releases on Alibaba Cloud: the order of the steps, what a new version touches, gray release, going back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.alicloud import facts
from components.alicloud.function import FunctionNative
from components.alicloud.gaps.release_history import ReleaseHistoryProvider
from components.alicloud.release import canary_weight, refuse_remainder
from components.errors import UserError
from components.function import FunctionUrl, Initializer, Mount, Release, Timer
from components.scope import Scope
from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording
from qiao.plan.standins import StandIns
from qiao.testing.contract import check_hidden, differences
from tests.components.alicloud.function_support import (
    ALIAS,
    DATA,
    FILES,
    FUNCTION,
    HISTORY,
    LEFTOVERS,
    LOGS,
    OBJECT,
    POLICY,
    READY,
    TRIGGER,
    VERSION,
    WARM,
    Opts,
    build_function,
    code_folder,
    in_order,
    one_function,
)
from tests.components.alicloud.support import PASSWORD, no_network, recorded, scope_of, waits_for

NEXT = "registry.cn-hangzhou.aliyuncs.com/team/chat:2.0"
CHANGED_BY_VERSION = {
    f"{LEFTOVERS}.revision_key", f"{READY}.revision_key", f"{VERSION}.description", f"{HISTORY}.version_key",
}  # fmt: skip
"""What follows from another version, beside what was changed of the function itself."""


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def busy_function(**fields: Any) -> Recording:
    """A function with all that points to its alias."""
    given: dict[str, Any] = {
        "network": no_network(), "observability": LOGS, "url": FunctionUrl(), "kind": "microservice",
        "triggers": [Timer(name="nightly", schedule="0 4 * * *")], "async_retries": 1, "reserved_concurrency": 5,
    }  # fmt: skip
    return one_function(**{**given, **fields})


def answered(stable: str, canary: str) -> dict[str, dict[str, Any]]:
    """What the history says of a release."""
    return {HISTORY: {"stable_version": stable, "canary_version": canary}}


def changed(before: Recording, after: Recording) -> set[str]:
    return set(differences(before.resources, after.resources))


# ---- the order


def test_every_step_waits_for_all_steps_before_it() -> None:
    recording = one_function()
    in_order(recording, FUNCTION, LEFTOVERS, READY, VERSION, HISTORY, ALIAS)
    # Not by chance, through what they read: an image that is still being fetched cannot be published.
    version, ready = recording.get(VERSION), recording.get(READY)
    assert {"agent-chat-function", "agent-chat-leftovers", "agent-chat-ready"} <= waits_for(version)
    assert {"agent-chat-function", "agent-chat-leftovers"} <= waits_for(ready)


def test_code_takes_the_same_way(here: Path) -> None:
    recording = one_function(kind="event", code=code_folder(here / "app"))
    in_order(recording, OBJECT, FUNCTION, LEFTOVERS, READY, VERSION, HISTORY, ALIAS)


def test_each_step_is_about_this_function_and_region() -> None:
    recording = one_function()
    function = recording.get(FUNCTION)
    for token in (LEFTOVERS, READY, HISTORY):
        step = recording.get(token)
        assert (step.inputs["function_name"], step.inputs["region"]) == ("qiao-dev-agent-chat", "cn-hangzhou")
        assert step.input_dependencies["function_name"] == (function.urn,)
        assert step.parent == function.parent
    for token in (VERSION, ALIAS):
        assert recording.get(token).inputs["functionName"] == "qiao-dev-agent-chat"
        assert function.urn in recording.get(token).input_dependencies["functionName"]


def test_the_history_is_told_of_the_version_that_was_published() -> None:
    recording = one_function()
    version, history = recording.get(VERSION), recording.get(HISTORY)
    assert history.inputs["version_id"] == version.outputs["versionId"]
    assert history.input_dependencies["version_id"] == (version.urn,)
    assert (history.inputs["weight"], history.inputs["force"]) == (100, False)
    assert "revision" not in history.inputs
    keys = {recording.get(token).inputs["revision_key"] for token in (LEFTOVERS, READY)}
    assert keys == {version.inputs["description"]} == {history.inputs["version_key"]}


def test_the_alias_points_where_the_history_says() -> None:
    recording = one_function(answers=answered("7", ""))
    alias = recording.get(ALIAS, "agent-chat-alias")
    assert alias.inputs == {
        "functionName": "qiao-dev-agent-chat", "aliasName": "live", "versionId": "7", "additionalVersionWeight": {},
        "description": "agent-chat of qiao/dev",
    }  # fmt: skip
    assert alias.input_dependencies["versionId"] == (recording.get(HISTORY).urn,)
    assert alias.delete_before_replace is True


def test_dev_and_prod_serve_by_the_same_alias() -> None:
    for recording in (one_function(stage="dev"), one_function(stage="prod")):
        assert recording.get(ALIAS).inputs["aliasName"] == "live"
        assert recording.get(VERSION).retain_on_delete is True


# ---- a new version


def test_old_versions_stay_in_the_cloud() -> None:
    """The alias may point to the old one until the very end of an `up`, and a roll back wants it later."""
    version = one_function().get(VERSION)
    assert version.retain_on_delete is True
    # The provider replaces it for another description, the new one first.
    assert version.delete_before_replace is not True


def test_a_new_image_publishes_one_version_and_moves_nobody_else() -> None:
    """Function and waits change in place; alias, address, timers and warm instances not at all."""
    before, after = busy_function(), busy_function(image=NEXT)
    assert changed(before, after) == CHANGED_BY_VERSION | {f"{FUNCTION}.customContainerConfig"}
    assert [r.urn for r in before.of_type(VERSION)] == [r.urn for r in after.of_type(VERSION)]


def test_new_code_is_a_new_object_and_a_new_version(here: Path) -> None:
    before = one_function(kind="event", code=code_folder(here / "app"))
    after = one_function(kind="event", code=code_folder(here / "app", "def handler(event, context): return 2\n"))
    assert changed(before, after) == CHANGED_BY_VERSION | {f"{OBJECT}.key", f"{OBJECT}.source", f"{FUNCTION}.code"}
    assert changed(before, one_function(kind="event", code=code_folder(here / "app"))) == set()


SETTINGS: list[tuple[dict[str, Any], set[str]]] = [
    ({"env": {"MODE": "slow"}}, {"environmentVariables"}),
    ({"secret_env": {"KEY": "another-secret"}}, {"environmentVariables"}),
    ({"memory_mb": 2048}, {"memorySize", "cpu"}),
    ({"cpu": 1.0}, {"cpu"}),
    ({"timeout_seconds": 600}, {"timeout"}),
    ({"concurrency": 50}, {"instanceConcurrency"}),
    ({"port": 9000}, {"customContainerConfig"}),
    ({"command": "serve"}, {"customContainerConfig"}),
    ({"native": FunctionNative(disk_mb=10240)}, {"diskSize"}),
    ({"native": FunctionNative(internet_access=False)}, {"internetAccess"}),
    ({"native": FunctionNative(session_affinity="GENERATED_COOKIE")}, {"sessionAffinity"}),
]


@pytest.mark.parametrize(("fields", "properties"), SETTINGS)
def test_a_changed_setting_goes_live_by_a_version_too(fields: dict[str, Any], properties: set[str]) -> None:
    expected = CHANGED_BY_VERSION | {f"{FUNCTION}.{name}" for name in properties}
    assert changed(busy_function(), busy_function(**fields)) == expected


PARTS: list[tuple[dict[str, Any], set[str], set[str]]] = [
    ({"health_path": "/health"}, {"customContainerConfig"}, {f"{LEFTOVERS}.absent"}),
    ({"initializer": Initializer(command="pull")}, {"instanceLifecycleConfig"}, {f"{LEFTOVERS}.absent"}),
    ({"mounts": [Mount(path="/mnt/a", source=FILES)]}, {"nasConfig"}, {f"{LEFTOVERS}.absent"}),
    ({"mounts": [Mount(path="/mnt/b", source=DATA)]}, {"ossMountConfig"}, {f"{POLICY}.policyDocument"}),
]


@pytest.mark.parametrize(("fields", "properties", "more"), PARTS)
def test_a_part_that_comes_and_goes_is_a_version_each_time(
    fields: dict[str, Any], properties: set[str], more: set[str]
) -> None:
    expected = CHANGED_BY_VERSION | {f"{FUNCTION}.{name}" for name in properties} | more
    assert changed(busy_function(), busy_function(**fields)) == expected
    assert changed(busy_function(**fields), busy_function()) == expected


@pytest.mark.parametrize(
    "fields",
    [
        {"reserved_concurrency": 9},
        {"provisioned_concurrency": 4},
        {"async_retries": 3},
        {"triggers": [Timer(name="nightly", schedule="0 5 * * *")]},
        {"url": FunctionUrl(auth="app")},
    ],
)
def test_what_is_no_part_of_a_version_publishes_none(fields: dict[str, Any]) -> None:
    found = changed(busy_function(), busy_function(**fields))
    assert found
    assert not {token for token in (FUNCTION, VERSION, HISTORY, ALIAS) if any(f.startswith(token) for f in found)}


def test_order_of_variables_and_defaults_written_out_are_no_change() -> None:
    env = {"A": "1", "B": "2"}
    assert changed(one_function(env=env), one_function(env=dict(reversed(env.items())))) == set()
    assert changed(one_function(), one_function(cpu=0.5, release=Release(), memory_mb=1024)) == set()


# ---- the version's key


def key_with(salt: str, **fields: Any) -> str:
    def program() -> None:
        provider = facts.provider("explicit", "cn-hangzhou")
        build_function(scope_of(), pulumi.ResourceOptions(provider=provider), **fields)

    standins = StandIns(resources={PASSWORD: lambda _: {"result": salt}})
    return str(record(program, standins=standins).get(VERSION).inputs["description"])


def test_the_key_says_nothing_of_secrets_even_to_one_who_guesses_them() -> None:
    """It stands in clear in state and in the service's list of versions. Without the salt, no guess can be checked."""
    weak: dict[str, Any] = {"secret_env": {"PIN": "1234-canary"}}
    recording = busy_function(**weak)
    check_hidden(recording, ["1234-canary"])
    assert isinstance(recording.get(VERSION).inputs["description"], str)
    assert key_with("one-random-salt", **weak) != key_with("another-random-salt", **weak)
    assert key_with("one-random-salt", **weak) == key_with("one-random-salt", **weak)
    assert key_with("one-random-salt", **weak) != key_with("one-random-salt", secret_env={"PIN": "other"})
    salt = recording.get(PASSWORD, "agent-chat-version-salt")
    assert salt.urn in recording.get(VERSION).input_dependencies["description"]


def test_the_key_is_not_known_before_what_it_hashes_is() -> None:
    """Never a hash of half the settings: the whole one at `up` would be a version too many."""

    def build(scope: Scope, opts: Opts) -> None:
        other = random.RandomId("other", byte_length=1)
        build_function(scope, opts, secret_env={"DSN": other.hex})

    first = recorded(build, preview=True)
    for token, key in ((VERSION, "description"), (HISTORY, "version_key"), (READY, "revision_key")):
        assert first.get(token).inputs[key] is UNKNOWN
    known = recorded(build)
    assert len(known.get(VERSION).inputs["description"]) == 32
    other = known.get("random:index/randomId:RandomId", "other").urn
    assert other in known.get(VERSION).input_dependencies["description"]


def test_a_role_of_another_name_is_another_version() -> None:
    """A version runs as the role it was published with."""
    arn = "acs:ram::1234567890123456:role/{}"
    one, other = (one_function(native=FunctionNative(role_arn=arn.format(name))) for name in ("a", "b"))
    assert changed(one, other) == CHANGED_BY_VERSION | {f"{FUNCTION}.role"}


# ---- gray release, promotion, going back


def test_a_gray_release_sends_its_share_to_the_newest_version() -> None:
    recording = busy_function(image=NEXT, release=Release(weight=10), answers=answered("4", "5"))
    assert recording.get(HISTORY).inputs["weight"] == 10
    alias = recording.get(ALIAS)
    assert (alias.inputs["versionId"], alias.inputs["additionalVersionWeight"]) == ("4", {"5": 0.1})
    history = recording.get(HISTORY)
    assert history.urn in alias.input_dependencies["additionalVersionWeight"]
    assert recording.outputs["version"] == "4", "the version that serves most calls"


def test_another_weight_changes_history_and_alias_in_place_and_publishes_nothing() -> None:
    ten = busy_function(image=NEXT, release=Release(weight=10), answers=answered("4", "5"))
    fifty = busy_function(image=NEXT, release=Release(weight=50), answers=answered("4", "5"))
    assert changed(ten, fifty) == {f"{HISTORY}.weight", f"{ALIAS}.additionalVersionWeight"}
    assert fifty.get(ALIAS).inputs["additionalVersionWeight"] == {"5": 0.5}


def test_promoting_moves_the_alias_and_ends_the_canary_by_an_empty_map() -> None:
    gray = busy_function(image=NEXT, release=Release(weight=50), answers=answered("4", "5"))
    full = busy_function(image=NEXT, answers=answered("5", ""))
    assert changed(gray, full) == {f"{HISTORY}.weight", f"{ALIAS}.versionId", f"{ALIAS}.additionalVersionWeight"}
    # Left out, the provider would see no change and send none.
    assert full.get(ALIAS).inputs["additionalVersionWeight"] == {}
    assert full.outputs["version"] == "5"


def test_rolling_back_names_an_earlier_version_and_leaves_the_rest() -> None:
    before = busy_function(answers=answered("5", ""))
    after = busy_function(release=Release(revision=3), answers=answered("3", ""))
    assert changed(before, after) == {f"{HISTORY}.revision", f"{ALIAS}.versionId"}
    assert (after.get(HISTORY).inputs["revision"], after.get(ALIAS).inputs["versionId"]) == (3, "3")


def refusals(before: Recording, after: Recording) -> list[str]:
    """What the history itself says in a preview of the second after an `up` of the first."""
    verdict = ReleaseHistoryProvider().check(dict(before.get(HISTORY).inputs), dict(after.get(HISTORY).inputs))
    return [failure.reason for failure in verdict.failures]


def test_the_history_judges_by_what_the_function_gives_it() -> None:
    published: list[dict[str, Any]] = [{VERSION: {"versionId": str(number)}} for number in (1, 2, 3)]
    full, gray = (
        one_function(answers=published[0]),
        one_function(image=NEXT, release=Release(weight=10), answers=published[1]),
    )
    third: dict[str, Any] = {"image": "registry.cn-hangzhou.aliyuncs.com/team/chat:3.0", "answers": published[2]}
    assert refusals(full, gray) == []
    assert refusals(gray, one_function(image=NEXT, answers=published[1])) == []
    [reason] = refusals(gray, one_function(**third))
    assert "the last version stands at 10 percent" in reason
    assert refusals(gray, one_function(**third, release=Release(force=True))) == []
    assert refusals(full, one_function(release=Release(revision=1), answers=published[0])) == []
    first = ReleaseHistoryProvider().check({}, dict(gray.get(HISTORY).inputs))
    assert "first release must take all calls" in first.failures[0].reason


@pytest.mark.parametrize(
    ("canary", "percent", "weights"),
    [("", 100, {}), ("", 0, {}), ("5", 1, {"5": 0.01}), ("5", 7, {"5": 0.07}), ("5", 99, {"5": 0.99})],
)
def test_a_share_in_the_services_words(canary: str, percent: int, weights: dict[str, float]) -> None:
    assert canary_weight(canary, percent) == weights


# ---- a canary that does not end


@pytest.mark.parametrize(
    ("asked", "reported"),
    [({}, {}), ({}, None), ({"5": 0.1}, {"5": 0.1}), ({}, {"5": 0.0}), ({"5": 0.1}, {"5": 0.10000000149})],
)
def test_what_was_asked_for_passes(asked: dict[str, float], reported: dict[str, float] | None) -> None:
    assert refuse_remainder("agent-chat", asked, reported) == ""


def test_a_canary_that_goes_on_after_its_end_is_an_error_and_no_silence() -> None:
    answers = {**answered("5", ""), ALIAS: {"additionalVersionWeight": {"4": 0.1}}}
    with pytest.raises(UserError, match=r"Release of agent-chat: .*elsewhere \(version 4 10%\); take them from alias"):
        one_function(answers=answers)


# ---- previews


def test_in_a_first_preview_the_version_is_unknown_and_who_is_called_is_not() -> None:
    recording = busy_function(preview=True)
    alias = recording.get(ALIAS)
    assert alias.inputs["aliasName"] == "live"
    assert (alias.inputs["versionId"], alias.inputs["additionalVersionWeight"]) == (UNKNOWN, UNKNOWN)
    assert recording.get(HISTORY).inputs["version_id"] is UNKNOWN
    assert recording.get(HISTORY).inputs["weight"] == 100
    assert recording.get(TRIGGER, "agent-chat-timer-nightly").inputs["triggerName"] == "nightly"
    assert recording.get(WARM).inputs["target"] == 1
    assert recording.outputs["version"] is UNKNOWN
