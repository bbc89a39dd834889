"""FunctionLeftovers: settings that the provider keeps are taken away; versions that were kept go with the function."""

from __future__ import annotations

from typing import Any

import pytest

from components.alicloud.gaps.errors import ApiError, GapError
from components.alicloud.gaps.function_leftovers import FunctionLeftoversProvider
from tests.fakes.alicloud.fc import READY
from tests.fakes.alicloud.server import Fake, Fault
from tests.fakes.alicloud.wire import REGION, UNKNOWN, Clock, wire

LEFTOVERS = FunctionLeftoversProvider()
ALL = ["network", "files", "initializer", "health"]
NETWORK = {"vpcId": "vpc-1", "vSwitchIds": ["vsw-1", "vsw-2"], "securityGroupId": "sg-1"}
NO_NETWORK = {"vpcId": "", "vSwitchIds": [], "securityGroupId": ""}
FILES = {"userId": 0, "groupId": 0, "mountPoints": [{"mountDir": "/mnt/a", "serverAddr": "host:/", "enableTLS": False}]}
NO_FILES = {"userId": 0, "groupId": 0, "mountPoints": []}
INITIALIZER = {"initializer": {"command": ["/bin/sh", "-c", "pull"], "timeout": 300}}
NO_INITIALIZER = {"initializer": {"handler": "", "command": [], "timeout": 3}}
HEALTH = {"httpGetUrl": "/health", "periodSeconds": 3}
CONTAINER = {"image": "cr.example.com/a:1", "port": 8000, "entrypoint": [], "command": []}
PROGRAM = {"command": ["./run.sh"], "args": [], "port": 9000}


def function(*absent: str, revision: Any = "k1", name: Any = "web") -> dict[str, Any]:
    """Inputs of FunctionLeftovers."""
    return wire(function_name=name, absent=list(absent), revision_key=revision, region=REGION)


def state_of(result: Any) -> dict[str, Any]:
    """Outputs as the engine hands them back later."""
    assert isinstance(result.outs, dict)
    return wire(**result.outs)


def test_a_function_without_leftovers_is_looked_at_once_and_left_alone(cloud: Fake) -> None:
    cloud.fc.make_function({**READY, "vpcConfig": NO_NETWORK, "nasConfig": NO_FILES, "logConfig": {"project": ""}})
    created = LEFTOVERS.create(function(*ALL))
    assert created.id == "web"
    assert created.outs == {"region": REGION, "function_name": "web", "absent": ALL, "revision_key": "k1"}
    assert cloud.actions() == ["GetFunction"]


@pytest.mark.parametrize(
    ("part", "place", "there", "empty"),
    [
        ("network", "vpcConfig", NETWORK, NO_NETWORK),
        ("files", "nasConfig", FILES, NO_FILES),
        ("initializer", "instanceLifecycleConfig", INITIALIZER, NO_INITIALIZER),
    ],
)
def test_what_is_not_wanted_goes_by_the_vendors_words_and_what_is_wanted_stays(
    cloud: Fake, part: str, place: str, there: dict[str, Any], empty: dict[str, Any]
) -> None:
    for name in ("web", "other"):
        cloud.fc.make_function({**READY, place: dict(there)}, name=name)
    LEFTOVERS.update("web", function(revision="k0"), function(part))
    assert cloud.bodies("UpdateFunction") == [{"functionName": "web", place: empty}]
    others = [word for word in ALL if word not in (part, "health")]
    LEFTOVERS.update("other", function(revision="k0"), function(*others, name="other"))
    assert cloud.fc.functions["other"][-1][place] == there


def test_all_at_once_is_one_change_and_a_second_look_finds_nothing(cloud: Fake) -> None:
    cloud.fc.make_function({**READY, "vpcConfig": NETWORK, "nasConfig": FILES, "instanceLifecycleConfig": INITIALIZER})
    LEFTOVERS.create(function("network", "files", "initializer"))
    assert cloud.bodies("UpdateFunction") == [
        {
            "functionName": "web", "vpcConfig": NO_NETWORK, "nasConfig": NO_FILES,
            "instanceLifecycleConfig": NO_INITIALIZER,
        }
    ]  # fmt: skip
    LEFTOVERS.update("web", function(revision="k1"), function("network", "files", "initializer", revision="k2"))
    assert cloud.actions() == ["GetFunction", "UpdateFunction", "GetFunction"]


def test_it_waits_while_the_function_is_being_changed(cloud: Fake, clock: Clock) -> None:
    cloud.fc.make_function({**READY, "vpcConfig": NETWORK})
    cloud.play("UpdateFunction", Fault(409, "ConcurrentUpdateError"))
    LEFTOVERS.create(function("network"))
    assert cloud.fc.functions["web"][-1]["vpcConfig"] == NO_NETWORK
    assert clock.pauses == [1]


@pytest.mark.parametrize(("place", "start"), [("customContainerConfig", CONTAINER), ("customRuntimeConfig", PROGRAM)])
def test_a_health_check_that_is_no_longer_wanted_is_ended(cloud: Fake, place: str, start: dict[str, Any]) -> None:
    cloud.fc.make_function({**READY, place: {**start, "healthCheckConfig": HEALTH, "resolvedImageUri": "x"}})
    LEFTOVERS.update("web", function("network"), function("network", "health", revision="k2"))
    assert cloud.bodies("UpdateFunction") == [{"functionName": "web", place: {**start, "healthCheckConfig": {}}}]


def test_a_health_check_that_stays_is_an_error_with_the_way_out(cloud: Fake) -> None:
    cloud.fc.make_function({**READY, "customContainerConfig": {**CONTAINER, "healthCheckConfig": HEALTH}})
    cloud.fc.keeps_health = True
    with pytest.raises(GapError, match="function web keeps its health check; keep health_path, or replace"):
        LEFTOVERS.update("web", function(), function("health"))


def test_a_check_that_was_never_ours_is_not_touched(cloud: Fake) -> None:
    """The service may show one of its own accord; only one that the program had and has no more is ended."""
    cloud.fc.make_function({**READY, "customContainerConfig": {**CONTAINER, "healthCheckConfig": HEALTH}})
    LEFTOVERS.create(function("health"))
    LEFTOVERS.update("web", function("health"), function("health", revision="k2"))
    assert "UpdateFunction" not in cloud.actions()


def test_all_versions_go_before_the_function_does(cloud: Fake) -> None:
    cloud.fc.make_function(versions=8)
    cloud.fc.make_function(name="other", versions=2)
    LEFTOVERS.delete("web", state_of(LEFTOVERS.create(function())))
    assert cloud.fc.versions == {"web": [], "other": [1, 2]}


def test_a_deletion_that_was_cut_goes_on_where_it_was(cloud: Fake) -> None:
    cloud.fc.make_function(versions=3)
    state = state_of(LEFTOVERS.create(function()))
    cloud.play("DeleteFunctionVersion", Fault(404, "VersionNotFound"))
    LEFTOVERS.delete("web", state)
    assert cloud.fc.versions["web"] == [3]
    LEFTOVERS.delete("web", state)
    assert cloud.fc.versions["web"] == []


def test_a_function_that_is_gone_has_no_versions(cloud: Fake) -> None:
    LEFTOVERS.delete("web", function())
    assert cloud.actions() == ["ListFunctionVersions"]


def test_a_version_that_something_points_to_is_an_error(cloud: Fake) -> None:
    cloud.fc.make_function(versions=1)
    cloud.play("DeleteFunctionVersion", Fault(409, "VersionInUse", text="alias by-hand points there"))
    with pytest.raises(ApiError, match="DeleteFunctionVersion failed: VersionInUse"):
        LEFTOVERS.delete("web", function())
    assert cloud.fc.versions["web"] == [1]


def test_it_is_looked_at_again_for_each_revision_and_replaced_with_the_function() -> None:
    same = LEFTOVERS.diff("web", function("health"), function("health"))
    assert same.changes is False
    for news in (
        function("health", revision="k2"),
        function("health", "network"),
        function("health", revision=UNKNOWN),
    ):
        changed = LEFTOVERS.diff("web", function("health"), news)
        assert (changed.changes, changed.replaces) == (True, [])
    assert LEFTOVERS.diff("web", function(), function(name="other")).replaces == ["function_name"]


def test_reading_asks_nothing(cloud: Fake) -> None:
    read = LEFTOVERS.read("web", function("health"))
    assert (read.id, read.outs) == (
        "web", {"region": REGION, "function_name": "web", "absent": ["health"], "revision_key": "k1"},
    )  # fmt: skip
    assert cloud.actions() == []


def test_errors_never_show_the_functions_environment(cloud: Fake) -> None:
    cloud.fc.make_function({**READY, "customContainerConfig": {**CONTAINER, "healthCheckConfig": HEALTH}})
    cloud.fc.keeps_health = True
    with pytest.raises(GapError) as error:
        LEFTOVERS.update("web", function(), function("health"))
    assert "clear-text-of-an-env" not in str(error.value)
