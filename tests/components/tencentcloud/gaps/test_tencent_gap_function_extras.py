"""FunctionExtras: network, logs, files and concurrency are made what the program says, both ways, and looked at."""

from __future__ import annotations

from typing import Any

import pytest

from components.tencentcloud.gaps.errors import ApiError, GapError
from components.tencentcloud.gaps.function_extras import FunctionExtrasProvider
from tests.fakes.tencentcloud.scf_settings import Settings
from tests.fakes.tencentcloud.server import Fake, Fault
from tests.fakes.tencentcloud.wire import REGION, Clock, wire

EXTRAS = FunctionExtrasProvider()
NETWORK = {"VpcId": "vpc-1", "SubnetId": "subnet-1"}
LOGS = {"ClsLogsetId": "logset-1", "ClsTopicId": "topic-1"}


def mount(path: str = "/mnt/a", cfs: str = "cfs-1") -> dict[str, str]:
    """A mount in the program's words."""
    return {
        "user_id": "10000", "user_group_id": "10000", "cfs_id": cfs, "mount_ins_id": cfs, "local_mount_dir": path,
        "remote_mount_dir": "/",
    }  # fmt: skip


def mounted(path: str = "/mnt/a", cfs: str = "cfs-1", **more: str) -> dict[str, str]:
    """The same in the service's."""
    return {
        "UserId": "10000", "UserGroupId": "10000", "CfsId": cfs, "MountInsId": cfs, "LocalMountDir": path,
        "RemoteMountDir": "/", **more,
    }  # fmt: skip


def extras(**more: Any) -> dict[str, Any]:
    """Inputs of FunctionExtras: a handler without anything where nothing else is said."""
    given: dict[str, Any] = {
        "function_name": "web", "namespace": "default", "vpc_id": "", "subnet_id": "", "logset_id": "", "topic_id": "",
        "files": [], "concurrency": None, "revision_key": "k1", "region": REGION,
    }  # fmt: skip
    return wire(**{**given, **more})


@pytest.fixture
def settings(cloud: Fake) -> Settings:
    return Settings(cloud.scf)


FULL = extras(
    vpc_id="vpc-1", subnet_id="subnet-1", logset_id="logset-1", topic_id="topic-1", files=[mount()], concurrency=100
)
ALL: dict[str, Any] = {
    "VpcConfig": NETWORK, **LOGS, "CfsConfig": {"CfsInsList": [mounted(IpAddress="10.0.0.4")]},
    "InstanceConcurrencyConfig": {"DynamicEnabled": "FALSE", "MaxConcurrency": 100, "MixNodeConfig": None},
}  # fmt: skip


def test_a_function_that_is_what_the_program_says_is_looked_at_once(cloud: Fake, settings: Settings) -> None:
    settings.make(**ALL)
    created = EXTRAS.create(FULL)
    assert created.id == "web"
    assert created.outs == EXTRAS.inputs(FULL)
    assert cloud.actions() == ["GetFunction"]


def test_a_handler_without_anything_is_left_alone_whatever_the_service_calls_nothing(
    cloud: Fake, settings: Settings
) -> None:
    for nothing in ({}, {"VpcConfig": None, "CfsConfig": None}, {"VpcConfig": {"VpcId": ""}, "ClsTopicId": ""}):
        settings.make(**nothing)
        EXTRAS.create(extras())
    assert set(cloud.actions()) == {"GetFunction"}


@pytest.mark.parametrize(
    ("there", "asked", "sent"),
    [
        ({"VpcConfig": NETWORK}, {}, {"VpcConfig": {"VpcId": "", "SubnetId": ""}}),
        ({}, {"vpc_id": "vpc-1", "subnet_id": "subnet-1"}, {"VpcConfig": NETWORK}),
        (
            {"VpcConfig": NETWORK}, {"vpc_id": "vpc-1", "subnet_id": "subnet-2"},
            {"VpcConfig": {**NETWORK, "SubnetId": "subnet-2"}},
        ),
        (LOGS, {}, {"ClsLogsetId": "", "ClsTopicId": ""}),
        ({}, {"logset_id": "logset-1", "topic_id": "topic-1"}, LOGS),
        ({"CfsConfig": {"CfsInsList": [mounted()]}}, {}, {"CfsConfig": {"CfsInsList": []}}),
        ({}, {"files": [mount()]}, {"CfsConfig": {"CfsInsList": [mounted()]}}),
        (
            {"CfsConfig": {"CfsInsList": [mounted()]}}, {"files": [mount(cfs="cfs-2")]},
            {"CfsConfig": {"CfsInsList": [mounted(cfs="cfs-2")]}},
        ),
        ({}, {"concurrency": 50}, {"InstanceConcurrencyConfig": {"DynamicEnabled": "FALSE", "MaxConcurrency": 50}}),
        (
            {"InstanceConcurrencyConfig": {"DynamicEnabled": "FALSE", "MaxConcurrency": 50}}, {"concurrency": 1},
            {"InstanceConcurrencyConfig": {"DynamicEnabled": "", "MaxConcurrency": 1}},
        ),
        (
            {"InstanceConcurrencyConfig": {"DynamicEnabled": "TRUE", "MaxConcurrency": 50}}, {"concurrency": 50},
            {"InstanceConcurrencyConfig": {"DynamicEnabled": "FALSE", "MaxConcurrency": 50}},
        ),
    ],
)  # fmt: skip
def test_what_differs_is_sent_and_nothing_else(
    cloud: Fake, settings: Settings, there: dict[str, Any], asked: dict[str, Any], sent: dict[str, Any]
) -> None:
    settings.make(**there)
    EXTRAS.update("web", extras(revision_key="k0"), extras(**asked))
    assert cloud.bodies("UpdateFunctionConfiguration") == [{"FunctionName": "web", "Namespace": "default", **sent}]
    assert {key: settings.shown()[key] for key in sent} == sent


def test_what_a_handler_serves_at_once_is_not_touched(cloud: Fake, settings: Settings) -> None:
    settings.make(InstanceConcurrencyConfig={"DynamicEnabled": "FALSE", "MaxConcurrency": 7})
    EXTRAS.create(extras())
    assert cloud.actions() == ["GetFunction"]


def test_mounts_in_the_services_own_order_are_the_same(cloud: Fake, settings: Settings) -> None:
    settings.make(CfsConfig={"CfsInsList": [mounted("/mnt/b"), mounted("/mnt/a")]})
    EXTRAS.create(extras(files=[mount("/mnt/a"), mount("/mnt/b")]))
    assert cloud.actions() == ["GetFunction"]


def test_all_at_once_is_one_change_and_a_second_look_finds_nothing(cloud: Fake, settings: Settings) -> None:
    settings.make(**ALL)
    EXTRAS.update("web", FULL, extras(revision_key="k2", concurrency=1))
    [asked] = cloud.bodies("UpdateFunctionConfiguration")
    assert set(asked) == {
        "FunctionName", "Namespace", "VpcConfig", "ClsLogsetId", "ClsTopicId", "CfsConfig", "InstanceConcurrencyConfig"
    }  # fmt: skip
    cloud.calls.clear()
    EXTRAS.update("web", extras(), extras(revision_key="k3", concurrency=1))
    assert cloud.actions() == ["GetFunction"]


def test_it_waits_before_it_looks_and_until_its_change_is_done(cloud: Fake, settings: Settings, clock: Clock) -> None:
    settings.make()
    cloud.scf.functions["default", "web"].insert(0, {"Status": "Updating", "VpcConfig": NETWORK})
    settings.slow = 2
    EXTRAS.create(extras(concurrency=9))
    assert len(cloud.bodies("UpdateFunctionConfiguration")) == 1
    assert cloud.actions().count("GetFunction") == 5
    assert clock.pauses == [1, 1, 2]


def test_it_waits_while_somebody_else_changes_the_function(cloud: Fake, settings: Settings, clock: Clock) -> None:
    settings.make(**LOGS)
    cloud.play("UpdateFunctionConfiguration", Fault(200, "FailedOperation.FunctionStatusError"))
    EXTRAS.create(extras())
    assert settings.shown()["ClsTopicId"] == ""
    assert clock.pauses == [1]


@pytest.mark.parametrize(
    ("there", "asked", "deaf", "word"),
    [
        ({"VpcConfig": NETWORK}, {}, "VpcConfig", "network"),
        (LOGS, {}, "ClsTopicId", "logs"),
        ({"CfsConfig": {"CfsInsList": [mounted()]}}, {}, "CfsConfig", "mounts"),
        (
            {"InstanceConcurrencyConfig": {"DynamicEnabled": "FALSE", "MaxConcurrency": 7}}, {"concurrency": 8},
            "InstanceConcurrencyConfig", "concurrency",
        ),
    ],
)  # fmt: skip
def test_what_stays_as_it_was_is_an_error_with_the_way_out(
    settings: Settings, there: dict[str, Any], asked: dict[str, Any], deaf: str, word: str
) -> None:
    settings.make(**there)
    settings.deaf = {deaf}
    with pytest.raises(GapError, match=rf"function web keeps its {word} as they were; change them in the console"):
        EXTRAS.create(extras(**asked))


def test_what_the_service_does_not_tell_is_no_error(settings: Settings) -> None:
    """A function that shows no concurrency at all may have it all the same."""
    settings.make()
    settings.deaf = {"InstanceConcurrencyConfig"}
    assert EXTRAS.create(extras(concurrency=100)).id == "web"


def test_a_change_without_end_is_an_error(settings: Settings, clock: Clock) -> None:
    settings.make(Status="Updating")
    with pytest.raises(GapError, match="function web is still Updating after 300 s; run `up` again"):
        EXTRAS.create(extras())
    assert clock.time == 1300


def test_a_function_that_failed_is_left_to_the_gap_that_says_why(cloud: Fake, settings: Settings) -> None:
    settings.make(Status="UpdateFailed")
    EXTRAS.create(extras())
    assert cloud.actions() == ["GetFunction"]


def test_another_function_replaces_and_another_setting_or_revision_does_not() -> None:
    for key in ("function_name", "namespace", "region"):
        assert EXTRAS.diff("web", extras(), extras(**{key: "other"})).replaces == [key]
    for key, value in {
        "vpc_id": "vpc-2",
        "topic_id": "t",
        "files": [mount()],
        "concurrency": 2,
        "revision_key": "k2",
    }.items():
        verdict = EXTRAS.diff("web", extras(), extras(**{key: value}))
        assert (verdict.changes, verdict.replaces) == (True, [])
    assert EXTRAS.diff("web", FULL, FULL).changes is False


def test_a_refresh_and_a_deletion_ask_for_nothing(cloud: Fake) -> None:
    state = wire(**EXTRAS.inputs(FULL))
    assert EXTRAS.read("web", state).outs == EXTRAS.inputs(FULL)
    EXTRAS.delete("web", state)
    assert cloud.actions() == []


def test_an_error_never_shows_what_the_function_holds(settings: Settings) -> None:
    """The fake shows an environment in clear, as the service does."""
    settings.make(VpcConfig=NETWORK)
    settings.deaf = {"VpcConfig"}
    with pytest.raises(GapError) as raised:
        EXTRAS.create(extras())
    assert "clear-text-of-an-env" not in str(raised.value)


def test_what_is_not_there_cannot_be_settled(settings: Settings) -> None:
    with pytest.raises(ApiError, match=r"GetFunction failed: ResourceNotFound\.Function"):
        EXTRAS.create(extras(function_name="gone"))
