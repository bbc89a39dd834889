"""Functions on Alibaba Cloud: what the service is told, what must be explicit, secrets, code, images, outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.alicloud.function import Function, FunctionNative
from components.alicloud.network import Network, NetworkNative
from components.bucket import ExistingBucket
from components.errors import UnsupportedError, UserError
from components.filesystem import ExistingFileSystem
from components.function import CodeFolder, Initializer, Mount
from components.network import ExistingNetwork, NetworkArgs
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Secret
from qiao.testing.contract import check_hidden
from tests.components.alicloud.function_support import (
    ALIAS,
    ASYNC,
    DATA,
    FILES,
    FUNCTION,
    HISTORY,
    IMAGE,
    LEFTOVERS,
    LOGS,
    OBJECT,
    RESERVED,
    WARM,
    Opts,
    build_function,
    code_folder,
    in_order,
    inputs_of,
    one_function,
)
from tests.components.alicloud.support import ZONES, behind, no_network, probe, probed, recorded, tags_of


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---- what is started


def test_an_image_is_a_server_on_its_port_started_by_its_own_command() -> None:
    inputs = inputs_of(FUNCTION)
    assert (inputs["runtime"], inputs["handler"]) == ("custom-container", "index.handler")
    assert inputs["customContainerConfig"] == {"image": IMAGE, "port": 8000, "entrypoints": [], "commands": []}
    assert "customRuntimeConfig" not in inputs
    assert "code" not in inputs


def test_a_command_of_an_image_is_split_as_a_shell_splits_it() -> None:
    config = inputs_of(FUNCTION, command="python3 -m 'my server' --port 3210", port=3210)["customContainerConfig"]
    assert config["entrypoints"] == ["python3", "-m", "my server", "--port", "3210"]
    assert (config["commands"], config["port"]) == ([], 3210)


@pytest.mark.parametrize("kind", ["web", "microservice"])
def test_a_code_folder_with_a_server_is_started_by_its_script(kind: str, here: Path) -> None:
    inputs = inputs_of(FUNCTION, kind=kind, code=code_folder(here / "app"), port=9000)
    assert inputs["runtime"] == "custom.debian12"
    assert inputs["customRuntimeConfig"] == {"commands": ["./run.sh"], "args": [], "port": 9000}
    assert "customContainerConfig" not in inputs


def test_the_guides_python_server_runs_on_a_layer(here: Path) -> None:
    layer = "acs:fc:cn-hangzhou:official:layers/Python310/versions/3"
    native = FunctionNative(layers=[layer])
    fields = {"code": code_folder(here / "app"), "command": "/opt/python3.10/bin/python3 app.py", "port": 9000}
    inputs = inputs_of(FUNCTION, native=native, **fields)
    assert inputs["layers"] == [layer]
    assert inputs["customRuntimeConfig"]["commands"] == ["/opt/python3.10/bin/python3", "app.py"]


def test_an_event_calls_a_handler_one_call_at_a_time(here: Path) -> None:
    inputs = inputs_of(FUNCTION, kind="event", code=code_folder(here / "app"), native=FunctionNative(handler="app.go"))
    assert (inputs["runtime"], inputs["handler"]) == ("python3.12", "app.go")
    assert inputs["timeout"] == 60
    assert not {"customRuntimeConfig", "customContainerConfig", "instanceConcurrency"} & set(inputs)


@pytest.mark.parametrize("kind", ["event", "task"])
def test_events_and_tasks_of_an_image_come_to_its_server(kind: str) -> None:
    assert inputs_of(FUNCTION, kind=kind)["customContainerConfig"]["port"] == 9000


def test_a_task_takes_one_call_at_a_time_and_hours(here: Path) -> None:
    inputs = inputs_of(FUNCTION, kind="task", code=code_folder(here / "app"), timeout_seconds=86400)
    assert (inputs["instanceConcurrency"], inputs["timeout"]) == (1, 86400)
    assert inputs["customRuntimeConfig"]["port"] == 9000


def test_health_is_asked_where_the_application_says(here: Path) -> None:
    asked = {
        "httpGetUrl": "/health", "initialDelaySeconds": 20, "periodSeconds": 3, "timeoutSeconds": 3,
        "failureThreshold": 10, "successThreshold": 1,
    }  # fmt: skip
    native = FunctionNative(health_delay_seconds=20)
    fields: dict[str, Any] = {"health_path": "/health", "native": native}
    assert inputs_of(FUNCTION, **fields)["customContainerConfig"]["healthCheckConfig"] == asked
    with_code = inputs_of(FUNCTION, code=code_folder(here / "app"), **fields)
    assert with_code["customRuntimeConfig"]["healthCheckConfig"] == asked


def test_an_initializer_is_run_by_a_shell() -> None:
    given = Initializer(command="ollama pull a && ollama pull b", timeout_seconds=600)
    assert inputs_of(FUNCTION, initializer=given)["instanceLifecycleConfig"] == {
        "initializer": {"commands": ["/bin/sh", "-c", "ollama pull a && ollama pull b"], "timeout": 600}
    }


# ---- names, tags, what must be explicit


def test_names_tags_and_descriptions_are_explicit_and_a_replacement_never_meets_the_old_one() -> None:
    function = one_function().get(FUNCTION, "agent-chat-function")
    assert function.inputs["functionName"] == "qiao-dev-agent-chat"
    assert function.inputs["description"] == "agent-chat of qiao/dev"
    assert function.inputs["tags"] == tags_of("agent-chat")
    assert function.delete_before_replace is True
    assert function.parent.endswith("qiao:alicloud:Function::agent-chat")


def test_a_reported_idle_time_never_replaces_the_function() -> None:
    assert one_function().get(FUNCTION).ignore_changes == ("idleTimeout",)


def test_without_settings_the_old_ones_are_taken_away() -> None:
    """Optional and reported: what is left out stays as it was, and logs left out are a change on every `up`."""
    inputs = inputs_of(FUNCTION)
    assert inputs["environmentVariables"] == {}
    assert inputs["layers"] == []
    assert inputs["ossMountConfig"] == {"mountPoints": []}
    assert inputs["internetAccess"] is True
    assert inputs["sessionAffinity"] == "NONE"
    assert (inputs["diskSize"], inputs["instanceConcurrency"], inputs["cpu"]) == (512, 100, 0.5)
    assert inputs["logConfig"] == {
        "project": "", "logstore": "", "enableRequestMetrics": False, "enableInstanceMetrics": False,
        "logBeginRule": "None",
    }  # fmt: skip


def test_what_the_provider_cannot_take_away_is_left_to_what_can() -> None:
    """Sent empty words for a network or files, the provider drops them and keeps the old ones."""
    inputs = inputs_of(FUNCTION)
    assert not {"vpcConfig", "nasConfig", "instanceLifecycleConfig"} & set(inputs)
    assert inputs_of(LEFTOVERS)["absent"] == ["network", "files", "initializer", "health"]
    everything: dict[str, Any] = {
        "network": no_network(), "mounts": [Mount(path="/mnt/a", source=FILES)], "health_path": "/",
        "initializer": Initializer(command="true"),
    }  # fmt: skip
    assert inputs_of(LEFTOVERS, **everything)["absent"] == []
    assert inputs_of(LEFTOVERS, mounts=[Mount(path="/mnt/a", source=DATA)], network=no_network())["absent"] == [
        "files", "initializer", "health",
    ]  # fmt: skip


def test_native_words_reach_the_function() -> None:
    native = FunctionNative(
        disk_mb=10240, session_affinity="HEADER_FIELD", session_affinity_config='{"affinityHeaderFieldName":"x-id"}',
        resource_group_id="rg-1", concurrency=3,
    )  # fmt: skip
    inputs = inputs_of(FUNCTION, native=native)
    assert (inputs["diskSize"], inputs["resourceGroupId"], inputs["instanceConcurrency"]) == (10240, "rg-1", 3)
    assert inputs["sessionAffinity"] == "HEADER_FIELD"
    assert inputs["sessionAffinityConfig"] == '{"affinityHeaderFieldName":"x-id"}'


# ---- secrets


def test_environment_is_sorted_and_its_secrets_are_secret_inside_and_out() -> None:
    recording = one_function(
        env={"REGION": "cn-hangzhou", "APP": "chat", "DSN": pulumi.Output.secret("already-secret")},
        secret_env={"AUTH_SECRET": "s3cret-key", "MODEL_KEY": pulumi.Output.from_input("s3cret-model")},
    )
    function = recording.get(FUNCTION)
    variables = function.inputs["environmentVariables"]
    assert list(variables) == ["APP", "AUTH_SECRET", "DSN", "MODEL_KEY", "REGION"]
    assert variables == {
        "APP": "chat", "AUTH_SECRET": Secret("s3cret-key"), "DSN": Secret("already-secret"),
        "MODEL_KEY": Secret("s3cret-model"), "REGION": "cn-hangzhou",
    }  # fmt: skip
    # The provider does not know that they are: what it answers is marked by the program.
    assert function.additional_secret_outputs == ("environmentVariables",)
    check_hidden(recording, ["s3cret-key", "s3cret-model", "already-secret"])


# ---- network and logs


def networked(*, egress: bool = False, **fields: Any) -> dict[str, Any]:
    def more(scope: Scope, opts: Opts) -> dict[str, Any]:
        network = Network("net", NetworkArgs(scope=scope, zones=ZONES, egress=egress), opts)
        return {"network": network, **fields}

    recording = one_function(more=more)
    function = recording.get(FUNCTION)
    ids = behind(function, "vpcConfig")
    assert ids == {"net-vpc", *(f"net-vswitch-{zone}" for zone in ZONES), "net-security-group"}
    config = function.inputs["vpcConfig"]
    subnets = [recording.get("alicloud:vpc/switch:Switch", f"net-vswitch-{zone}").id for zone in ZONES]
    assert config["vswitchIds"] == subnets
    assert config["vpcId"] == recording.get("alicloud:vpc/network:Network").id
    assert config["securityGroupId"] == recording.get("alicloud:ecs/securityGroup:SecurityGroup").id
    return dict(function.inputs)


def test_in_a_network_it_stands_in_both_zones_and_leaves_by_the_services_way() -> None:
    assert networked()["internetAccess"] is True


def test_with_a_fixed_address_calls_leave_by_that_address_alone() -> None:
    assert networked(egress=True)["internetAccess"] is False
    assert networked(egress=True, native=FunctionNative(internet_access=True))["internetAccess"] is True
    assert networked(native=FunctionNative(internet_access=False))["internetAccess"] is False


def test_an_existing_network_is_joined_by_its_ids_in_a_fixed_order() -> None:
    b, a = "cn-hangzhou-b", "cn-hangzhou-a"
    place = ExistingNetwork(vpc_id="vpc-9", subnet_ids={b: "s-b", a: "s-a"}, security_group_id="sg-9")
    assert inputs_of(FUNCTION, network=place)["vpcConfig"] == {
        "vpcId": "vpc-9", "vswitchIds": ["s-a", "s-b"], "securityGroupId": "sg-9",
    }  # fmt: skip


def test_logs_go_to_the_store_of_applications_with_their_metrics() -> None:
    assert inputs_of(FUNCTION, observability=LOGS)["logConfig"] == {
        "project": "project-1", "logstore": "app", "enableRequestMetrics": True, "enableInstanceMetrics": True,
        "logBeginRule": "None",
    }  # fmt: skip


# ---- mounts


def test_file_systems_are_mounted_by_host_and_directory_as_root() -> None:
    mounts = [
        Mount(path="/mnt/ollama", source=FILES),
        Mount(path="/mnt/part", source=FILES, directory="/part/a"),
        Mount(path="/mnt/data", source=DATA),
    ]
    inputs = inputs_of(FUNCTION, network=no_network(), mounts=mounts)
    assert inputs["nasConfig"] == {
        "userId": 0, "groupId": 0,
        "mountPoints": [
            {"serverAddr": "fs-1.nas.example.com:/", "mountDir": "/mnt/ollama", "enableTls": False},
            {"serverAddr": "fs-1.nas.example.com:/part/a", "mountDir": "/mnt/part", "enableTls": False},
        ],
    }  # fmt: skip


def test_buckets_are_mounted_by_the_inner_endpoint() -> None:
    mounts = [
        Mount(path="/mnt/data", source=DATA, directory="/in", read_only=True),
        Mount(path="/mnt/bare", source=ExistingBucket(name="bare")),
    ]
    inputs = inputs_of(FUNCTION, mounts=mounts)
    assert inputs["ossMountConfig"] == {
        "mountPoints": [
            {
                "bucketName": "data", "bucketPath": "/in", "endpoint": "http://data-inner.example.com",
                "mountDir": "/mnt/data", "readOnly": True,
            },
            {
                "bucketName": "bare", "bucketPath": "/", "mountDir": "/mnt/bare", "readOnly": False,
                "endpoint": "http://oss-cn-hangzhou-internal.aliyuncs.com",
            },
        ]
    }  # fmt: skip
    assert "nasConfig" not in inputs


def test_the_function_waits_until_a_file_system_can_be_mounted() -> None:
    def more(scope: Scope, opts: Opts) -> dict[str, Any]:
        host = random.RandomId("target", byte_length=1)
        files = ExistingFileSystem(id="fs", host=host.hex)
        return {"network": no_network(), "mounts": [Mount(path="/mnt/a", source=files)]}

    assert behind(one_function(more=more).get(FUNCTION), "nasConfig") == {"target"}


# ---- code and images


def test_code_is_uploaded_under_its_hash_by_a_relative_path(here: Path) -> None:
    recording = one_function(kind="event", code=code_folder(here / "app"))
    uploaded = recording.get(OBJECT, "agent-chat-code")
    digest = Path(uploaded.inputs["source"]).stem
    assert uploaded.inputs["source"] == f".qiao/build/{digest}.zip"
    assert (here / uploaded.inputs["source"]).is_file()
    key = f"qiao-dev-agent-chat-{digest}.zip"
    assert (uploaded.inputs["bucket"], uploaded.inputs["key"]) == ("code-bucket", key)
    assert (uploaded.inputs["acl"], uploaded.inputs["serverSideEncryption"]) == ("private", "AES256")
    assert uploaded.inputs["contentType"] == "application/zip"
    function = recording.get(FUNCTION)
    assert function.inputs["code"] == {"ossBucketName": "code-bucket", "ossObjectName": key}
    assert function.input_dependencies["code"] == (uploaded.urn,)


def test_new_code_is_a_new_object_that_comes_before_the_old_one_goes(here: Path) -> None:
    """The function still reads the old one when its code is changed by mistake only: both names are there meanwhile."""
    before = one_function(kind="event", code=code_folder(here / "app")).get(OBJECT)
    after = one_function(kind="event", code=code_folder(here / "app", "def handler(event, context): return 2\n"))
    assert after.get(OBJECT).inputs["key"] != before.inputs["key"]
    assert after.get(OBJECT).delete_before_replace is not True


def test_a_missing_folder_is_named_with_its_function(here: Path) -> None:
    nowhere = CodeFolder(path="nowhere", bucket=code_folder(here / "app").bucket)
    with pytest.raises(UserError, match=r"CodeFolder\.path of agent-chat: nowhere is not a folder"):
        one_function(kind="event", code=nowhere)


def test_the_function_waits_for_the_image_that_is_built() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        pushed = random.RandomId("image", byte_length=1)
        build_function(scope, opts, image=pulumi.Output.concat("cr.example.com/team/chat@sha256:", pushed.hex))

    for preview in (False, True):
        recording = recorded(build, preview=preview)
        function = recording.get(FUNCTION)
        assert "image" in behind(function, "customContainerConfig")
        assert (function.inputs["customContainerConfig"]["image"] is UNKNOWN) == preview


# ---- instances kept ready, lids, asynchronous calls


def test_a_microservice_keeps_an_instance_of_what_is_live() -> None:
    recording = one_function(kind="microservice")
    warm = recording.get(WARM, "agent-chat-provisioned-concurrency")
    assert {key: warm.inputs[key] for key in ("function_name", "qualifier", "target", "region")} == {
        "function_name": "qiao-dev-agent-chat", "qualifier": "live", "target": 1, "region": "cn-hangzhou",
    }  # fmt: skip
    assert (warm.inputs["always_allocate_cpu"], warm.inputs["always_allocate_gpu"]) == (True, False)
    in_order(recording, FUNCTION, ALIAS, WARM)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kind": "microservice", "provisioned_concurrency": 3}, (3, True, False)),
        ({"provisioned_concurrency": 2}, (2, False, False)),
        ({"provisioned_concurrency": 2, "native": FunctionNative(always_allocate_cpu=True)}, (2, True, False)),
        ({"kind": "microservice", "native": FunctionNative(always_allocate_cpu=False)}, (1, False, False)),
        ({"provisioned_concurrency": 1, "native": FunctionNative(always_allocate_gpu=True)}, (1, False, True)),
    ],
)
def test_kept_instances_idle_cheaply_unless_told(fields: dict[str, Any], expected: tuple[int, bool, bool]) -> None:
    inputs = inputs_of(WARM, **fields)
    assert (inputs["target"], inputs["always_allocate_cpu"], inputs["always_allocate_gpu"]) == expected


def test_nothing_is_kept_limited_or_asynchronous_unless_asked() -> None:
    recording = one_function()
    assert [found for token in (WARM, RESERVED, ASYNC) for found in recording.of_type(token)] == []


def test_reserved_concurrency_is_a_lid_on_the_function() -> None:
    recording = one_function(reserved_concurrency=20)
    lid = recording.get(RESERVED, "agent-chat-reserved-concurrency")
    assert lid.inputs == {"functionName": "qiao-dev-agent-chat", "reservedConcurrency": 20}
    assert recording.get(FUNCTION).urn in lid.depends_on


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"kind": "task"}, (True, 0, 86_400)),
        ({"kind": "task", "async_retries": 3}, (True, 3, 86_400)),
        ({"async_retries": 1, "native": FunctionNative(async_max_age_seconds=600)}, (False, 1, 600)),
    ],
)
def test_asynchronous_calls_of_what_is_live(fields: dict[str, Any], expected: tuple[bool, int, int]) -> None:
    recording = one_function(**fields)
    calls = recording.get(ASYNC, "agent-chat-async")
    assert tuple(calls.inputs[key] for key in ("async_task", "max_retries", "max_age_seconds")) == expected
    place = [calls.inputs[key] for key in ("function_name", "qualifier", "region")]
    assert place == ["qiao-dev-agent-chat", "live", "cn-hangzhou"]
    in_order(recording, ALIAS, ASYNC)


# ---- outputs and stages


def test_outputs_are_handed_on_after_the_release() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        function = build_function(scope, opts)
        for output in ("id", "name", "version"):
            probe(output, getattr(function, output))
        assert function.url is None
        assert function.qualifier == Function.qualifier == "live"

    recording = recorded(build)
    for output in ("id", "name"):
        value, waits = probed(recording, output)
        assert value == "qiao-dev-agent-chat"
        assert "agent-chat-alias" in waits
    value, waits = probed(recording, "version")
    assert value == recording.get(HISTORY).outputs["stable_version"]
    assert {"agent-chat-alias", "agent-chat-history"} <= waits


def test_nothing_of_a_first_version_is_known_in_a_preview() -> None:
    assert one_function(preview=True).outputs["version"] is UNKNOWN


def test_prod_keeps_the_same_shape_and_protects_only_what_cannot_be_made_again() -> None:
    dev, prod = one_function(stage="dev"), one_function(stage="prod")
    assert [r.type for r in dev.resources] == [r.type for r in prod.resources]
    assert {r.name for r in prod.resources if r.protect} == {"agent-chat-version-salt"}
    for recording in (dev, prod):
        assert {r.name for r in recording.resources if r.retain_on_delete} == {"agent-chat-version"}


def test_two_functions_of_one_application_share_nothing() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        build_function(scope, opts, "agent-chat")
        build_function(scope, opts, "agent-kb")

    recording = recorded(build)
    names = sorted(r.inputs["functionName"] for r in recording.of_type(FUNCTION))
    assert names == ["qiao-dev-agent-chat", "qiao-dev-agent-kb"]
    chat = {r.urn for r in recording.resources if r.name.startswith("agent-chat")}
    for resource in recording.resources:
        if resource.name.startswith("agent-kb"):
            assert chat.isdisjoint(resource.depends_on)


# ---- refusals

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"runtime": "python3.12"}, r"FunctionArgs\.runtime: 'python3.12' is unknown; use one of custom-container"),
    ({"command": "serve 'half"}, r"FunctionArgs\.command: a quotation is not closed"),
    ({"command": "  "}, r"FunctionArgs\.command: is empty"),
    ({"concurrency": 201}, r"FunctionArgs\.concurrency: 201 is out of range; use 1 to 200 calls"),
    ({"native": NetworkNative()}, "NetworkNative is not for alicloud; give a FunctionNative"),
    (
        {"native": FunctionNative(layers=["acs:fc:cn-hangzhou:official:layers/Python310/versions/3"])},
        r"FunctionNative\.layers: an image has its own",
    ),
    (
        {"mounts": [Mount(path=f"/mnt/{n}", source=DATA) for n in range(6)]},
        r"FunctionArgs\.mounts: 6 buckets given; use at most 5",
    ),
]


@pytest.mark.parametrize(("fields", "message"), REFUSED)
def test_what_the_service_would_refuse_is_refused_first(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        one_function(**fields)


def test_runtimes_commands_and_starts_fit_their_kind(here: Path) -> None:
    code = code_folder(here / "app")
    with pytest.raises(UserError, match=r"FunctionArgs\.runtime: 'python3.12' is unknown"):
        one_function(kind="web", code=code, runtime="python3.12")
    misfits: dict[str, Any] = {"command": "./x", "port": 80, "initializer": Initializer(command="true")}
    for field, value in misfits.items():
        with pytest.raises(UserError, match=rf"FunctionArgs\.{field}: runtime python3.12 calls a handler"):
            one_function(kind="event", code=code, **{field: value})
    with pytest.raises(UserError, match=r"FunctionNative\.concurrency: runtime python3.12 calls a handler"):
        one_function(kind="event", code=code, native=FunctionNative(concurrency=2))
    started = inputs_of(FUNCTION, kind="event", code=code, runtime="custom.debian12", command="./x")
    assert started["customRuntimeConfig"]["commands"] == ["./x"]


def test_layers_are_the_regions_own(here: Path) -> None:
    native = FunctionNative(layers=["acs:fc:cn-shanghai:official:layers/Python310/versions/3"])
    with pytest.raises(UserError, match="is not in cn-hangzhou; give layers of the function's region"):
        one_function(code=code_folder(here / "app"), native=native)


def test_a_file_system_cannot_be_mounted_for_reading_alone() -> None:
    mounts = [Mount(path="/mnt/a", source=FILES, read_only=True)]
    with pytest.raises(UnsupportedError, match=r"mounts\[/mnt/a\]\.read_only=true: not supported on alicloud"):
        one_function(network=no_network(), mounts=mounts)


EXTRAS: list[tuple[dict[str, Any], str]] = [
    ({"disk_mb": 1024}, "disk_mb: 1024 is not given out; use 512 or 10240"),
    ({"concurrency": 0}, "concurrency: 0 is out of range"),
    ({"health_delay_seconds": 121}, "health_delay_seconds: 121 is out of range"),
    ({"async_max_age_seconds": 604_801}, "async_max_age_seconds"),
    ({"session_affinity": "STICKY"}, "session_affinity: 'STICKY' is unknown; use one of NONE"),
    ({"session_affinity": "HEADER_FIELD"}, "session_affinity_config: which header is not said"),
    ({"session_affinity_config": "{}"}, "session_affinity_config: there is no affinity"),
    ({"role_arn": "my-role"}, "role_arn: 'my-role' is not valid; use the role's ARN"),
    ({"layers": ["Python310"]}, "layers: 'Python310' is not valid"),
    ({"handler": "two words"}, "handler: 'two words' is not valid"),
]


@pytest.mark.parametrize(("fields", "message"), EXTRAS)
def test_extras_have_limits(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=rf"FunctionNative\.{message}"):
        FunctionNative(**fields)


def test_a_refusal_comes_before_anything_is_declared() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        with pytest.raises(UserError):
            build_function(scope, opts, memory_mb=100, network=no_network())

    assert [r.type for r in recorded(build).resources if r.custom] == ["pulumi:providers:alicloud"]
