"""Releases on Volcengine: the order of the steps, what a new version replaces, and that history is not rewritten."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components import cloud
from components.function import Release
from components.gateway import GatewayArgs, Route
from components.scope import Scope
from components.volcengine.function import FunctionNative
from components.volcengine.gaps.release_guard import ReleaseGuardProvider
from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording
from qiao.plan.standins import StandIns
from qiao.testing.contract import check_hidden, differences
from tests.components.volcengine.function_support import (
    EXTRAS,
    FUNCTION,
    GUARD,
    IMAGE_READY,
    LOGS,
    OBJECT,
    READY,
    RELEASE,
    SALT,
    Opts,
    build_function,
    build_network,
    code_folder,
    in_order,
    one_function,
)
from tests.components.volcengine.support import no_network, recorded, scope_of

NEXT = "cr.example.com/team/chat:2.0"
CHANGED_BY_VERSION = {f"{FUNCTION}.source", f"{IMAGE_READY}.source", f"{GUARD}.version_key", f"{RELEASE}.description"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def behind_a_gateway(**fields: Any) -> Recording:
    """A function in a network, with a route that leads to it."""

    def build(scope: Scope, opts: Opts) -> None:
        network = build_network(scope, opts)
        function = build_function(scope, opts, network=network, observability=LOGS, **fields)
        routes = [Route(name="chat", path="/api/v2/bots/chat", function=function)]
        cloud("volcengine").Gateway("agent-gateway", GatewayArgs(scope=scope, routes=routes, network=network), opts)

    return recorded(build)


def changed(before: Recording, after: Recording) -> set[str]:
    return set(differences(before.resources, after.resources))


# ---- the order


def test_every_step_waits_for_all_steps_before_it() -> None:
    recording = one_function(async_retries=1)
    in_order(recording, FUNCTION, EXTRAS, IMAGE_READY, GUARD, RELEASE)
    in_order(recording, RELEASE, READY)


def test_code_takes_the_same_way_without_an_image(here: Path) -> None:
    recording = one_function(kind="event", code=code_folder(here / "app"))
    in_order(recording, OBJECT, FUNCTION)
    in_order(recording, FUNCTION, GUARD, RELEASE)
    in_order(recording, RELEASE, READY)


def test_each_step_is_about_this_function_and_region() -> None:
    recording = one_function(async_retries=1)
    function = recording.get(FUNCTION)
    for token in (EXTRAS, IMAGE_READY, GUARD, READY):
        step = recording.get(token)
        assert (step.inputs["function_id"], step.inputs["region"]) == (function.id, "cn-beijing")
        assert step.input_dependencies["function_id"] == (function.urn,)
        assert step.parent == function.parent
    release = recording.get(RELEASE)
    assert release.inputs["functionId"] == function.id
    assert recording.get(READY).inputs["release_id"] == release.id
    assert recording.get(READY).input_dependencies["release_id"] == (release.urn,)


def test_the_image_waited_for_is_the_functions() -> None:
    recording = one_function()
    assert recording.get(IMAGE_READY).inputs["source"] == recording.get(FUNCTION).inputs["source"]


# ---- a new version


def test_a_first_release_takes_all_calls_of_the_newest_code() -> None:
    recording = one_function()
    release = recording.get(RELEASE)
    assert (release.inputs["revisionNumber"], release.inputs["targetTrafficWeight"]) == (0, 100)
    # Unset but reported, the provider's own step would be sent as text where the service wants a number.
    assert "rollingStep" not in release.inputs
    assert recording.get(GUARD).inputs["version_key"] == release.inputs["description"]
    for token in (GUARD, READY):
        assert recording.get(token).inputs["weight"] == 100


def test_a_new_description_replaces_the_release_after_the_old_one_is_gone() -> None:
    """Deleting a half-way release rolls the function back: after the new one is begun, that would hit the new one."""
    release = one_function().get(RELEASE)
    assert release.replace_on_changes == ("description",)
    assert release.delete_before_replace is True


def test_a_new_image_replaces_the_release_and_nothing_else() -> None:
    """Function and image change in place (`source` can), gateway and routes not at all."""
    assert changed(behind_a_gateway(), behind_a_gateway(image=NEXT)) == CHANGED_BY_VERSION


def test_new_code_is_a_new_object_and_a_new_release(here: Path) -> None:
    before = one_function(kind="event", code=code_folder(here / "app"))
    after = one_function(kind="event", code=code_folder(here / "app", "def handler(event, context): return 2\n"))
    assert changed(before, after) == {
        f"{OBJECT}.objectName", f"{OBJECT}.filePath",
        f"{FUNCTION}.source", f"{GUARD}.version_key", f"{RELEASE}.description",
    }  # fmt: skip
    assert changed(before, one_function(kind="event", code=code_folder(here / "app"))) == set()


SETTINGS: list[tuple[dict[str, Any], set[str]]] = [
    ({"env": {"MODE": "slow"}}, {"envs"}),
    ({"secret_env": {"KEY": "another-secret"}}, {"envs"}),
    ({"memory_mb": 2048}, {"memoryMb"}),
    ({"timeout_seconds": 600}, {"requestTimeout"}),
    ({"concurrency": 50}, {"maxConcurrency"}),
    ({"port": 9000}, {"port"}),
    ({"network": no_network()}, {"vpcConfig"}),
    ({"observability": LOGS}, {"tlsConfig"}),
    ({"native": FunctionNative(initializer_seconds=60)}, {"initializerSec"}),
]


@pytest.mark.parametrize(("fields", "properties"), SETTINGS)
def test_a_changed_setting_goes_live_by_a_release_too(fields: dict[str, Any], properties: set[str]) -> None:
    base: dict[str, Any] = {"env": {"MODE": "fast"}, "secret_env": {"KEY": "a-secret-value"}}
    expected = {f"{FUNCTION}.{key}" for key in properties} | {f"{GUARD}.version_key", f"{RELEASE}.description"}
    assert changed(one_function(**base), one_function(**{**base, **fields})) == expected


def test_changed_retries_go_live_by_a_release_too() -> None:
    before, after = one_function(async_retries=1), one_function(async_retries=2)
    expected = {f"{EXTRAS}.max_retries", f"{GUARD}.version_key", f"{RELEASE}.description"}
    assert changed(before, after) == expected


def test_what_does_not_concern_the_function_is_no_new_version() -> None:
    env = {"A": "1", "B": "2"}
    assert changed(one_function(env=env), one_function(env=dict(reversed(env.items())))) == set()
    prod, dev = one_function(stage="prod").get(RELEASE), one_function(stage="prod", release=Release()).get(RELEASE)
    assert prod.inputs == dev.inputs


# ---- the version's key


def key_with(salt: str, **fields: Any) -> str:
    def program() -> None:
        provider = cloud("volcengine").facts.provider("explicit", "cn-beijing")
        build_function(scope_of(), pulumi.ResourceOptions(provider=provider), **fields)

    standins = StandIns(resources={SALT: lambda _: {"result": salt}})
    return str(record(program, standins=standins).get(RELEASE).inputs["description"])


def test_the_key_says_nothing_of_secrets_even_to_one_who_guesses_them() -> None:
    """It stands in clear in state and in the service's console. Without the salt, a guess cannot be checked."""
    weak: dict[str, Any] = {"secret_env": {"PIN": "1234-canary"}}
    recording = one_function(**weak)
    check_hidden(recording, ["1234-canary"])
    assert recording.get(RELEASE).inputs["description"] == recording.get(GUARD).inputs["version_key"]
    assert key_with("one-random-salt", **weak) != key_with("another-random-salt", **weak)
    assert key_with("one-random-salt", **weak) == key_with("one-random-salt", **weak)
    salt = recording.get(SALT, "agent-chat-version-salt")
    assert salt.urn in recording.get(RELEASE).input_dependencies["description"]


def test_a_secret_image_reference_leaves_no_mark_on_the_key() -> None:
    """A reference that comes from a secret output must not make the whole release one: guards read it in previews."""
    recording = one_function(image=pulumi.Output.secret("cr.example.com/team/chat:3.0"))
    assert isinstance(recording.get(RELEASE).inputs["description"], str)


def test_the_key_is_not_known_before_what_it_hashes_is() -> None:
    """Never a hash of half the settings: it would be replaced by the whole one at `up`, and be a release too many."""

    def build(scope: Scope, opts: Opts) -> None:
        other = random.RandomId("other", byte_length=1)
        build_function(scope, opts, "agent-chat", secret_env={"DSN": other.hex})

    first = recorded(build, preview=True)
    assert first.get(GUARD).inputs["version_key"] is UNKNOWN
    assert first.get(RELEASE).inputs["description"] is UNKNOWN
    known = recorded(build)
    assert len(known.get(RELEASE).inputs["description"]) == 32
    other = known.get("random:index/randomId:RandomId", "other").urn
    assert other in known.get(RELEASE).input_dependencies["description"]


# ---- gray release, promotion, rolling back


def test_promoting_changes_the_weight_in_place_and_nothing_else() -> None:
    gray = behind_a_gateway(image=NEXT, release=Release(weight=10))
    full = behind_a_gateway(image=NEXT, release=Release(weight=100))
    assert gray.get(RELEASE).inputs["targetTrafficWeight"] == 10
    assert changed(gray, full) == {f"{RELEASE}.targetTrafficWeight", f"{GUARD}.weight", f"{READY}.weight"}


def test_a_gray_release_of_a_new_image() -> None:
    expected = CHANGED_BY_VERSION | {f"{RELEASE}.targetTrafficWeight", f"{GUARD}.weight", f"{READY}.weight"}
    assert changed(behind_a_gateway(), behind_a_gateway(image=NEXT, release=Release(weight=10))) == expected


def test_rolling_back_publishes_an_earlier_revision_and_leaves_the_rest() -> None:
    before, after = behind_a_gateway(), behind_a_gateway(release=Release(revision=3))
    assert after.get(RELEASE).inputs["revisionNumber"] == 3
    assert changed(before, after) == {f"{RELEASE}.revisionNumber", f"{GUARD}.revision"}


def refusals(before: Recording, after: Recording) -> list[str]:
    """What the guard itself says in a preview of the second after an `up` of the first."""
    verdict = ReleaseGuardProvider().check(dict(before.get(GUARD).inputs), dict(after.get(GUARD).inputs))
    return [failure.reason for failure in verdict.failures]


def test_the_guard_judges_by_what_the_function_gives_it() -> None:
    full, gray = one_function(), one_function(image=NEXT, release=Release(weight=10))
    third: dict[str, Any] = {"image": "cr.example.com/team/chat:3.0"}
    assert refusals(full, gray) == []
    assert refusals(gray, one_function(image=NEXT)) == []
    [reason] = refusals(gray, one_function(**third))
    assert "the last version stands at 10 percent" in reason
    assert refusals(gray, one_function(**third, release=Release(force=True))) == []
    [reason] = refusals(gray, one_function(image=NEXT, secret_env={"KEY": "a-new-secret"}, release=Release(weight=10)))
    assert "the last version stands at 10 percent" in reason
    assert refusals(full, one_function(release=Release(revision=2))) == []


def test_a_first_release_below_all_calls_is_refused_at_once() -> None:
    [failure] = (
        ReleaseGuardProvider().check({}, dict(one_function(release=Release(weight=10)).get(GUARD).inputs)).failures
    )
    assert "first release must take all calls" in failure.reason
