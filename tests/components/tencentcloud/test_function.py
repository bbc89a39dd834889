"""Functions on Tencent Cloud: what the service is told, what must be explicit, secrets, places, counts, outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.filesystem import ExistingFileSystem
from components.function import FunctionUrl, Mount, Timer
from components.network import ExistingNetwork, NetworkArgs
from components.observability import ObservabilityArgs
from components.scope import Scope
from components.tencentcloud.function import Function, FunctionNative
from components.tencentcloud.network import Network
from components.tencentcloud.observability import Observability
from qiao.plan.recording import UNKNOWN, Secret
from qiao.testing.contract import check_hidden
from tests.components.tencentcloud.function_support import (
    ALIAS,
    ASYNC,
    EXTRAS,
    FILES,
    FUNCTION,
    READY,
    RESERVED,
    VERSION,
    WARM,
    Opts,
    behind_all,
    build_function,
    code_folder,
    in_order,
    inputs_of,
    made,
    one_function,
)
from tests.components.tencentcloud.support import ZONES, behind, no_network, probe, probed, tags_of


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---- what is started


@pytest.mark.parametrize("kind", ["web", "microservice"])
def test_a_server_is_a_function_of_requests(kind: str) -> None:
    inputs = inputs_of(FUNCTION, kind=kind)
    assert (inputs["funcType"], inputs["timeout"], inputs["memSize"]) == ("HTTP", 300, 1024)
    # Of events alone: the service is told it for no server.
    assert "asyncRunEnable" not in inputs


def test_an_event_calls_a_handler_of_code(here: Path) -> None:
    inputs = inputs_of(FUNCTION, kind="event", code=code_folder(here / "app"), native=FunctionNative(handler="app.go"))
    assert (inputs["funcType"], inputs["runtime"], inputs["handler"]) == ("Event", "Python3.10", "app.go")
    assert inputs["timeout"] == 60
    assert "imageConfigs" not in inputs
    usual = inputs_of(FUNCTION, kind="event", code=code_folder(here / "app"), runtime="Nodejs16.13")
    assert (usual["runtime"], usual["handler"]) == ("Nodejs16.13", "index.main_handler")


def test_only_a_task_runs_asynchronously_and_the_others_say_so() -> None:
    """Left out, what was reported last stays: a task that becomes an event would go on as a task."""
    assert inputs_of(FUNCTION, kind="task")["asyncRunEnable"] == "TRUE"
    assert inputs_of(FUNCTION, kind="event")["asyncRunEnable"] == "FALSE"
    assert inputs_of(FUNCTION, kind="task")["funcType"] == "Event"


def test_a_server_of_code_runs_node_and_is_told_no_handler(here: Path) -> None:
    inputs = inputs_of(FUNCTION, code=code_folder(here / "app"))
    assert inputs["runtime"] == "Nodejs18.15"
    assert "handler" not in inputs


# ---- names, tags, what the provider cannot change


def test_names_tags_and_description_are_explicit_and_a_replacement_never_meets_the_old_one() -> None:
    function = one_function().get(FUNCTION, "agent-chat-function")
    assert (function.inputs["name"], function.inputs["namespace"]) == ("qiao-dev-agent-chat", "default")
    # The service takes letters, digits, spaces and full stops.
    assert function.inputs["description"] == "Function of qiao dev"
    assert function.inputs["tags"] == tags_of("agent-chat")
    assert function.delete_before_replace is True
    assert function.parent.endswith("qiao:tencentcloud:Function::agent-chat")


def test_what_is_refused_in_place_replaces_and_what_is_only_reported_does_not(here: Path) -> None:
    """An image is reported with a runtime that nobody set: to replace the function for that would lose its versions."""
    image = one_function().get(FUNCTION)
    assert image.replace_on_changes == ("funcType",)
    assert image.ignore_changes == ("cfsConfigs", "handler", "runtime")
    server = one_function(code=code_folder(here / "app")).get(FUNCTION)
    assert server.replace_on_changes == ("funcType", "runtime")
    assert server.ignore_changes == ("cfsConfigs", "handler")
    event = one_function(kind="event", code=code_folder(here / "app")).get(FUNCTION)
    assert event.replace_on_changes == ("funcType", "runtime")
    assert event.ignore_changes == ("cfsConfigs",)


def test_triggers_and_layers_are_never_the_functions_own() -> None:
    """Its triggers call what is not published, and one that changes makes all anew; its layers change silently."""
    recording = one_function(url=FunctionUrl(), kind="event", triggers=[Timer(name="nightly", schedule="0 4 * * *")])
    assert not {"triggers", "layers", "zipFile", "l5Enable"} & set(recording.get(FUNCTION).inputs)


# ---- secrets


def test_environment_is_sorted_and_its_secrets_are_secret_inside_and_out() -> None:
    recording = one_function(
        env={"REGION": "ap-guangzhou", "APP": "chat", "DSN": pulumi.Output.secret("already-secret")},
        secret_env={"AUTH_SECRET": "s3cret-key", "MODEL_KEY": pulumi.Output.from_input("s3cret-model")},
    )
    function = recording.get(FUNCTION)
    variables = function.inputs["environment"]
    assert list(variables) == ["APP", "AUTH_SECRET", "DSN", "MODEL_KEY", "REGION"]
    assert variables == {
        "APP": "chat", "AUTH_SECRET": Secret("s3cret-key"), "DSN": Secret("already-secret"),
        "MODEL_KEY": Secret("s3cret-model"), "REGION": "ap-guangzhou",
    }  # fmt: skip
    # The provider does not know that they are: what it answers is marked by the program.
    assert function.additional_secret_outputs == ("environment",)
    check_hidden(recording, ["s3cret-key", "s3cret-model", "already-secret"])


def test_no_variables_are_said_too() -> None:
    assert inputs_of(FUNCTION)["environment"] == {}


# ---- network, logs, files: told to the provider, and held by what can change them

NOTHING = {"vpc_id": "", "subnet_id": "", "logset_id": "", "topic_id": "", "files": []}


def test_without_settings_the_old_ones_are_taken_away() -> None:
    """The provider leaves network and logs as they were, and cannot close the internet without a network."""
    inputs = inputs_of(FUNCTION)
    assert not {"vpcId", "subnetId", "clsLogsetId", "clsTopicId", "cfsConfigs"} & set(inputs)
    assert inputs["enablePublicNet"] is True
    extras = inputs_of(EXTRAS)
    assert {key: extras[key] for key in NOTHING} == NOTHING


def networked(*, egress: bool = False, **fields: Any) -> dict[str, Any]:
    def more(scope: Scope, opts: Opts) -> dict[str, Any]:
        return {"network": Network("net", NetworkArgs(scope=scope, zones=ZONES, egress=egress), opts), **fields}

    recording = one_function(more=more)
    function, extras = recording.get(FUNCTION), recording.get(EXTRAS)
    vpc = recording.get("tencentcloud:Vpc/instance:Instance").id
    subnet = recording.get("tencentcloud:Subnet/instance:Instance", f"net-subnet-{ZONES[0]}").id
    assert (function.inputs["vpcId"], function.inputs["subnetId"]) == (vpc, subnet)
    assert behind(function, "subnetId") == {f"net-subnet-{ZONES[0]}"}
    assert (extras.inputs["vpc_id"], extras.inputs["subnet_id"]) == (vpc, subnet)
    return dict(function.inputs)


def test_in_a_network_it_stands_in_the_first_zones_subnet_and_leaves_by_the_services_way() -> None:
    assert networked()["enablePublicNet"] is True


def test_with_a_fixed_address_calls_leave_by_that_address_alone() -> None:
    assert networked(egress=True)["enablePublicNet"] is False
    assert networked(egress=True, native=FunctionNative(internet_access=True))["enablePublicNet"] is True
    assert networked(native=FunctionNative(internet_access=False))["enablePublicNet"] is False


def test_an_existing_network_is_joined_in_its_first_zone_whatever_their_order() -> None:
    a, b = ZONES
    turned = ExistingNetwork(vpc_id="vpc-1", security_group_id="sg-1", subnet_ids={b: "subnet-b", a: "subnet-a"})
    assert inputs_of(FUNCTION, network=turned)["subnetId"] == "subnet-a"
    # Nobody knows whether it has a way out of its own.
    assert inputs_of(FUNCTION, network=turned)["enablePublicNet"] is True


def test_logs_go_to_a_topic_that_can_be_searched() -> None:
    def more(scope: Scope, opts: Opts) -> dict[str, Any]:
        return {"observability": Observability("logs", ObservabilityArgs(scope=scope, traces=False), opts)}

    recording = one_function(more=more)
    function, extras = recording.get(FUNCTION), recording.get(EXTRAS)
    assert function.inputs["clsLogsetId"] == recording.get("tencentcloud:Cls/logset:Logset").id
    topic = recording.get("tencentcloud:Cls/topic:Topic", "logs-app-topic").id
    assert (function.inputs["clsTopicId"], extras.inputs["topic_id"]) == (topic, topic)
    assert behind(function, "clsTopicId") == {"logs-app-topic", "logs-app-index"}


def test_file_systems_are_folders_of_the_services_own_user() -> None:
    mounts = [Mount(path="/mnt/models", source=FILES), Mount(path="/mnt/out", source=FILES, directory="/out")]
    recording = one_function(network=no_network(), mounts=mounts)
    assert recording.get(FUNCTION).inputs["cfsConfigs"] == [
        {
            "userId": "10000", "userGroupId": "10000", "cfsId": "cfs-1", "mountInsId": "cfs-1",
            "localMountDir": path, "remoteMountDir": directory,
        }
        for path, directory in (("/mnt/models", "/"), ("/mnt/out", "/out"))
    ]  # fmt: skip
    assert recording.get(EXTRAS).inputs["files"] == [
        {
            "user_id": "10000", "user_group_id": "10000", "cfs_id": "cfs-1", "mount_ins_id": "cfs-1",
            "local_mount_dir": path, "remote_mount_dir": directory,
        }
        for path, directory in (("/mnt/models", "/"), ("/mnt/out", "/out"))
    ]  # fmt: skip


def test_a_file_system_that_is_not_there_yet_is_waited_for() -> None:
    def more(scope: Scope, opts: Opts) -> dict[str, Any]:
        made_now = random.RandomId("made", byte_length=1)
        mount = Mount(path="/mnt/a", source=ExistingFileSystem(id=made_now.hex, host="h"))
        return {"network": no_network(), "mounts": [mount]}

    for preview in (False, True):
        recording = one_function(more=more, preview=preview)
        assert "made" in behind(recording.get(FUNCTION), "cfsConfigs")
        mount = recording.get(EXTRAS).inputs["files"][0]
        assert (mount["cfs_id"] is UNKNOWN) == preview


def test_servers_take_many_calls_at_once_and_handlers_one(here: Path) -> None:
    assert inputs_of(EXTRAS)["concurrency"] == 100
    assert inputs_of(EXTRAS, concurrency=8)["concurrency"] == 8
    assert "concurrency" not in inputs_of(EXTRAS, kind="event", code=code_folder(here / "app"))
    assert "concurrency" not in inputs_of(EXTRAS, kind="task")


def test_what_the_provider_leaves_is_mended_before_anything_is_published() -> None:
    recording = one_function(async_retries=1)
    in_order(recording, FUNCTION, EXTRAS, ASYNC, READY, VERSION, ALIAS)
    extras = recording.get(EXTRAS)
    assert (extras.inputs["function_name"], extras.inputs["region"]) == ("qiao-dev-agent-chat", "ap-guangzhou")
    assert extras.inputs["namespace"] == "default"


# ---- how many, and how often


def test_a_lid_counts_memory_and_its_change_never_takes_the_new_one_away() -> None:
    lid = one_function(reserved_concurrency=20, memory_mb=2048).get(RESERVED, "agent-chat-reserved-concurrency")
    assert lid.inputs == {
        "functionName": "qiao-dev-agent-chat",
        "namespace": "default",
        "reservedConcurrencyMem": 40960,
    }
    assert lid.delete_before_replace is True
    assert one_function().of_type(RESERVED) == []


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"provisioned_concurrency": 3}, 3),
        ({"kind": "microservice"}, 1),
        ({"kind": "microservice", "provisioned_concurrency": 4}, 4),
    ],
)
def test_instances_are_kept_for_the_version_that_serves_and_before_it_does(fields: Any, target: int) -> None:
    recording = one_function(**fields)
    warm = recording.get(WARM, "agent-chat-provisioned-concurrency")
    stable = recording.get(f"{WARM.rsplit(':', 1)[0]}:ReleaseHistory").outputs["stable_version"]
    assert (warm.inputs["qualifier"], warm.inputs["target"]) == (stable, target)
    # Another version's are made before the old one's go: their names differ, so nothing is taken away twice.
    assert warm.delete_before_replace is None
    in_order(recording, VERSION, WARM, ALIAS)
    assert one_function().of_type(WARM) == []


def test_retries_are_said_once_and_stay_with_another_function_of_that_name() -> None:
    recording = one_function(async_retries=1, native=FunctionNative(async_max_age_seconds=600))
    retries = recording.get(ASYNC, "agent-chat-async")
    assert retries.inputs == {
        "functionName": "qiao-dev-agent-chat", "namespace": "default",
        "asyncTriggerConfig": {"msgTtl": 600, "retryConfigs": [{"retryNum": 1}]},
    }  # fmt: skip
    assert retries.replace_on_changes == ("functionName", "namespace")
    assert retries.replace_with == (recording.get(FUNCTION).urn,)
    assert one_function().of_type(ASYNC) == []
    assert one_function(kind="task", async_retries=0).of_type(ASYNC) == []


# ---- outputs


def test_outputs_are_known_when_the_release_is_done() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        function = build_function(scope, opts)
        for key in ("id", "name", "version", "last_version"):
            probe(key, getattr(function, key))

    recording = made(build)
    for key in ("id", "name"):
        value, waits = probed(recording, key)
        assert value == "qiao-dev-agent-chat"
        assert {"agent-chat-function", "agent-chat-alias"} <= waits
    version, waits = probed(recording, "version")
    assert version == recording.get(ALIAS).inputs["functionVersion"]
    assert {"agent-chat-history", "agent-chat-alias"} <= waits
    newest, waits = probed(recording, "last_version")
    assert newest == recording.get(VERSION).outputs["functionVersion"] != version
    assert waits == {"agent-chat-version"}


def test_what_serves_is_not_known_before_it_is_there() -> None:
    recording = one_function(preview=True)
    assert recording.outputs["version"] is UNKNOWN
    assert recording.get(FUNCTION).inputs["name"] == "qiao-dev-agent-chat"
    assert recording.outputs.get("url") is None


def test_callers_name_the_alias() -> None:
    assert Function.qualifier == one_function().get(ALIAS).inputs["name"] == "live"


def test_only_the_version_outlives_its_record_in_dev_as_in_prod() -> None:
    dev, prod = one_function(), one_function(stage="prod")
    assert {r.name for r in dev.resources if r.protect} == set()
    assert {r.name for r in prod.resources if r.protect} == {"agent-chat-version-salt"}
    for recording in (dev, prod):
        assert {r.name for r in recording.resources if r.retain_on_delete} == {"agent-chat-version"}


def test_two_functions_of_one_application_share_nothing() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        build_function(scope, opts, "agent-chat")
        build_function(scope, opts, "agent-kb")

    recording = made(build)
    assert sorted(r.inputs["name"] for r in recording.of_type(FUNCTION)) == ["qiao-dev-agent-chat", "qiao-dev-agent-kb"]
    chat = {r.urn for r in recording.resources if r.name.startswith("agent-chat")}
    for resource in recording.resources:
        if resource.name.startswith("agent-kb"):
            assert chat.isdisjoint(behind_all(recording, resource))
