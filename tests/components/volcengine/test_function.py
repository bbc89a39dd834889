"""Functions on Volcengine: what each argument becomes on the wire, what waits for what, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.errors import UnsupportedError, UserError
from components.function import CodeFolder
from components.network import ExistingNetwork
from components.scope import Scope
from components.volcengine.function import FunctionNative
from components.volcengine.network import NetworkNative
from qiao.plan.recording import UNKNOWN, Secret
from tests.components.volcengine.function_support import (
    EXTRAS,
    FUNCTION,
    IMAGE,
    IMAGE_READY,
    LOGS,
    OBJECT,
    READY,
    RELEASE,
    Opts,
    build_function,
    build_network,
    code_folder,
    in_order,
    inputs_of,
    one_function,
)
from tests.components.volcengine.support import no_network, recorded, tags_of, waits_for


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


# ---- kinds


SERVER = {"port": 8000, "requestTimeout": 300, "exclusiveMode": False, "maxConcurrency": 100, "memoryMb": 1024}
OWN = {"port": 9000, "command": "./serve"}
KINDS: list[tuple[str, dict[str, Any], Mapping[str, Any]]] = [
    ("web", {}, SERVER | {"runtime": "native/v1", "sourceType": "image", "source": IMAGE}),
    ("web", OWN | {"concurrency": 10}, OWN | {"maxConcurrency": 10}),
    ("microservice", {"command": "./svc"}, SERVER | {"cpuStrategy": "always", "command": "./svc"}),
    ("task", {"timeout_seconds": 900}, {"runtime": "native/v1", "exclusiveMode": True, "requestTimeout": 900}),
]


@pytest.mark.parametrize(("kind", "fields", "expected"), KINDS)
def test_each_kind_from_an_image(kind: str, fields: dict[str, Any], expected: Mapping[str, Any]) -> None:
    inputs = inputs_of(FUNCTION, kind=kind, **fields)
    assert {key: inputs.get(key) for key in expected} == expected


HANDLER = {"command": None, "port": None, "requestTimeout": 60, "cpuStrategy": None}
CODE_KINDS: list[tuple[str, dict[str, Any], Mapping[str, Any]]] = [
    ("event", {}, HANDLER | {"runtime": "python3.12/v1"}),
    ("event", {"runtime": "golang/v1"}, HANDLER | {"runtime": "golang/v1"}),
    ("web", {}, SERVER | {"runtime": "native-python3.12/v1", "command": "./run.sh", "sourceType": "tos"}),
    ("web", {"runtime": "native/v1", "command": "./app"}, {"runtime": "native/v1", "command": "./app"}),
    ("microservice", {}, {"runtime": "native-python3.12/v1", "command": "./run.sh", "cpuStrategy": "always"}),
    ("task", {}, {"runtime": "native-python3.12/v1", "command": "./run.sh", "exclusiveMode": True}),
    ("task", {"runtime": "python3.12/v1"}, {"runtime": "python3.12/v1", "command": None}),
]


@pytest.mark.parametrize(("kind", "fields", "expected"), CODE_KINDS)
def test_each_kind_from_a_folder(here: Path, kind: str, fields: dict[str, Any], expected: Mapping[str, Any]) -> None:
    inputs = inputs_of(FUNCTION, kind=kind, code=code_folder(here / "app"), **fields)
    assert {key: inputs.get(key) for key in expected} == expected


def test_an_exclusive_instance_has_no_concurrency() -> None:
    """The service drops the value, and a dropped value would differ in every preview."""
    assert "maxConcurrency" not in inputs_of(FUNCTION, kind="task")
    native = FunctionNative(exclusive=False, warm=True, max_instances=7, initializer_seconds=120)
    recording = one_function(kind="task", native=native)
    inputs = recording.get(FUNCTION).inputs
    assert (inputs["maxConcurrency"], inputs["exclusiveMode"]) == (100, False)
    assert (inputs["cpuStrategy"], inputs["initializerSec"]) == ("always", 120)
    assert recording.get(RELEASE).inputs["maxInstance"] == 7


@pytest.mark.parametrize(
    ("fields", "ignored"),
    [
        ({}, ("command", "cpuStrategy")),
        ({"command": "./serve"}, ("cpuStrategy",)),
        ({"kind": "microservice"}, ("command",)),
        ({"kind": "microservice", "command": "./serve"}, ()),
    ],
)
def test_what_is_unset_never_replaces_the_function(fields: dict[str, Any], ignored: tuple[str, ...]) -> None:
    """The service reports both though nobody set them, and either would then replace the function on every `up`."""
    recording = one_function(**fields)
    assert recording.get(FUNCTION).ignore_changes == ignored


# ---- names, settings that must be explicit


def test_names_and_description_are_explicit_and_a_replacement_never_meets_the_old_one() -> None:
    function = one_function().get(FUNCTION)
    assert function.inputs["name"] == "qiao-dev-agent-chat"
    assert function.inputs["description"] == "agent-chat of qiao/dev"
    assert function.delete_before_replace is True
    assert function.parent.endswith("qiao:volcengine:Function::agent-chat")


def test_without_settings_the_old_ones_are_taken_away() -> None:
    """Absent from the request, the service keeps what was there before."""
    inputs = inputs_of(FUNCTION)
    assert inputs["envs"] == []
    assert inputs["vpcConfig"] == {"enableVpc": False}
    assert inputs["tlsConfig"] == {"enableLog": False}


def test_environment_is_sorted_and_its_secrets_are_secret() -> None:
    inputs = inputs_of(
        FUNCTION,
        env={"REGION": "cn-beijing", "APP": "chat", "DSN": pulumi.Output.secret("already-secret")},
        secret_env={"VOLC_SECRETKEY": "s3cret-key", "MODEL_KEY": pulumi.Output.from_input("s3cret-model")},
    )
    assert inputs["envs"] == [
        {"key": "APP", "value": "chat"},
        {"key": "DSN", "value": Secret("already-secret")},
        {"key": "MODEL_KEY", "value": Secret("s3cret-model")},
        {"key": "REGION", "value": "cn-beijing"},
        {"key": "VOLC_SECRETKEY", "value": Secret("s3cret-key")},
    ]


# ---- network and logs


def networked(*, egress: bool = False, **fields: Any) -> dict[str, Any]:
    def more(scope: Scope, opts: Opts) -> dict[str, Any]:
        return {"network": build_network(scope, opts, egress=egress), **fields}

    recording = one_function(more=more)
    function = recording.get(FUNCTION)
    ids = {urn.rsplit("::", 1)[-1] for urn in function.input_dependencies["vpcConfig"]}
    assert ids == {"net-vpc", "net-subnet-cn-beijing-a", "net-subnet-cn-beijing-b", "net-security-group"}
    config = dict(function.inputs["vpcConfig"])
    subnets = [recording.get("volcengine:vpc/subnet:Subnet", f"net-subnet-cn-beijing-{zone}").id for zone in "ab"]
    assert config.pop("subnetIds") == subnets
    assert config.pop("vpcId") == recording.get("volcengine:vpc/vpc:Vpc").id
    assert config.pop("securityGroupIds") == [recording.get("volcengine:vpc/securityGroup:SecurityGroup").id]
    assert config.pop("enableVpc") is True
    return config


def test_in_a_network_it_reaches_both_zones_and_the_internet_by_the_shared_way() -> None:
    assert networked() == {"enableSharedInternetAccess": True}


def test_with_a_fixed_address_calls_leave_by_that_address_alone() -> None:
    assert networked(egress=True) == {"enableSharedInternetAccess": False}
    assert networked(egress=True, native=FunctionNative(shared_internet=True)) == {"enableSharedInternetAccess": True}
    assert networked(native=FunctionNative(shared_internet=False)) == {"enableSharedInternetAccess": False}


def test_an_existing_network_is_joined_by_its_ids_in_a_fixed_order() -> None:
    place = ExistingNetwork(
        vpc_id="vpc-9", subnet_ids={"cn-beijing-b": "s-b", "cn-beijing-a": "s-a"}, security_group_id="sg-9"
    )
    assert inputs_of(FUNCTION, network=place)["vpcConfig"] == {
        "enableVpc": True, "vpcId": "vpc-9", "subnetIds": ["s-a", "s-b"], "securityGroupIds": ["sg-9"],
        "enableSharedInternetAccess": True,
    }  # fmt: skip


def test_logs_go_to_the_store_of_applications() -> None:
    config = {"enableLog": True, "tlsProjectId": "project-1", "tlsTopicId": "topic-app"}
    assert inputs_of(FUNCTION, observability=LOGS)["tlsConfig"] == config


# ---- code


def test_code_is_uploaded_under_its_hash_by_a_relative_path(here: Path) -> None:
    recording = one_function(kind="event", code=code_folder(here / "app"))
    uploaded = recording.get(OBJECT, "agent-chat-code")
    digest = Path(uploaded.inputs["filePath"]).stem
    assert uploaded.inputs["filePath"] == f".qiao/build/{digest}.zip"
    assert (here / uploaded.inputs["filePath"]).is_file()
    assert uploaded.inputs["objectName"] == f"qiao-dev-agent-chat-{digest}.zip"
    assert uploaded.inputs["bucketName"] == "code-bucket"
    assert uploaded.inputs["contentType"] == "application/zip"
    assert uploaded.inputs["tags"] == tags_of("agent-chat")
    # An encrypted bucket reports encryption for each object: unset but reported would replace it on every `up`.
    assert uploaded.ignore_changes == ("encryption",)
    assert uploaded.delete_before_replace is True
    assert uploaded.parent.endswith("qiao:volcengine:Function::agent-chat")
    function = recording.get(FUNCTION)
    assert function.inputs["sourceType"] == "tos"
    assert function.inputs["source"] == f"code-bucket:qiao-dev-agent-chat-{digest}.zip"
    assert function.input_dependencies["source"] == (uploaded.urn,)


def test_code_waits_for_no_image(here: Path) -> None:
    recording = one_function(kind="event", code=code_folder(here / "app"))
    assert recording.of_type(IMAGE_READY) == []


def test_patterns_of_the_settings_reach_the_archive(here: Path) -> None:
    def objects(*ignore: str) -> str:
        return str(inputs_of(OBJECT, kind="event", code=code_folder(here / "app", ignore=ignore))["objectName"])

    alone = objects()
    (here / "app" / "notes.md").write_text("x")
    assert objects() != alone
    assert objects("*.md") == alone


def test_a_missing_folder_is_named_with_its_function(here: Path) -> None:
    nowhere = CodeFolder(path="nowhere", bucket=code_folder(here / "app").bucket)
    with pytest.raises(UserError, match=r"CodeFolder\.path of agent-chat: nowhere is not a folder"):
        one_function(kind="event", code=nowhere)


# ---- images


def test_the_function_waits_for_the_image_that_is_built() -> None:
    """An image that is still to be pushed is an output: its resource stands behind `source`."""

    def build(scope: Scope, opts: Opts) -> None:
        pushed = random.RandomId("image", byte_length=1)
        build_function(scope, opts, image=pulumi.Output.concat("cr.example.com/team/chat@sha256:", pushed.hex))

    for preview in (False, True):
        recording = recorded(build, preview=preview)
        urn = recording.get("random:index/randomId:RandomId", "image").urn
        assert recording.get(FUNCTION).input_dependencies["source"] == (urn,)
        assert recording.get(IMAGE_READY).input_dependencies["source"] == (urn,)
        assert (recording.get(FUNCTION).inputs["source"] is UNKNOWN) == preview


# ---- asynchronous calls


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({"kind": "task"}, 0), ({"kind": "task", "async_retries": 3}, 3), ({"kind": "web", "async_retries": 1}, 1)],
)
def test_asynchronous_calls_are_switched_on_before_the_release(fields: dict[str, Any], expected: int) -> None:
    recording = one_function(**fields)
    extras = recording.get(EXTRAS, "agent-chat-extras")
    function = recording.get(FUNCTION)
    assert extras.inputs["function_id"] == function.id
    assert (extras.inputs["async_enabled"], extras.inputs["max_retries"]) == (True, expected)
    assert extras.inputs["region"] == "cn-beijing"
    in_order(recording, FUNCTION, EXTRAS, IMAGE_READY)


@pytest.mark.parametrize("kind", ["web", "microservice"])
def test_no_asynchronous_calls_where_nobody_asks(kind: str) -> None:
    assert one_function(kind=kind).of_type(EXTRAS) == []


# ---- outputs


def test_outputs_are_handed_on_after_the_release() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        function = build_function(scope, opts)
        random.RandomId("reader", byte_length=1, keepers={"id": function.id, "version": function.version})
        assert function.url is None
        assert function.timeout_seconds == 300

    recording = recorded(build)
    reader, ready = recording.get("random:index/randomId:RandomId", "reader"), recording.get(READY)
    assert ready.urn in reader.depends_on
    keepers = reader.inputs["keepers"]
    assert keepers == {"id": recording.get(FUNCTION).id, "version": ready.outputs["version"]}


def test_nothing_of_a_first_version_is_known_in_a_preview() -> None:
    outputs = one_function(preview=True).outputs
    assert (outputs["id"], outputs["version"]) == (UNKNOWN, UNKNOWN)


def test_prod_keeps_the_same_shape_and_protects_only_what_cannot_be_made_again() -> None:
    dev, prod = one_function(stage="dev"), one_function(stage="prod")
    assert [r.type for r in dev.resources] == [r.type for r in prod.resources]
    assert {r.name for r in prod.resources if r.protect} == {"agent-chat-version-salt"}
    assert not any(r.protect or r.retain_on_delete for r in dev.resources)


def test_two_functions_of_one_application_share_nothing() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        build_function(scope, opts, "agent-chat")
        build_function(scope, opts, "agent-kb")

    recording = recorded(build)
    assert sorted(r.inputs["name"] for r in recording.of_type(FUNCTION)) == ["qiao-dev-agent-chat", "qiao-dev-agent-kb"]
    chat = {r.urn for r in recording.resources if r.name.startswith("agent-chat")}
    for resource in recording.resources:
        if resource.name.startswith("agent-kb"):
            assert chat.isdisjoint(resource.depends_on)
            assert not any("chat" in name for name in waits_for(resource))


# ---- refusals


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"memory_mb": 256}, r"FunctionArgs\.memory_mb: 256 is out of range; use 512 to 4096 MiB"),
    ({"memory_mb": 8192}, r"FunctionArgs\.memory_mb: 8192 is out of range"),
    ({"memory_mb": 1000}, r"FunctionArgs\.memory_mb: 1000 is not a multiple of 512"),
    ({"concurrency": 5}, r"FunctionArgs\.concurrency: 5 is out of range; use 10 to 1000"),
    ({"runtime": "python3.12/v1"}, r"FunctionArgs\.runtime: 'python3.12/v1' is unknown; use one of native/v1"),
    ({"native": NetworkNative()}, "NetworkNative is not for volcengine; give a FunctionNative"),
]


@pytest.mark.parametrize(("fields", "message"), REFUSED)
def test_what_the_service_would_refuse_is_refused_first(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        one_function(**fields)


@pytest.mark.parametrize("memory", [512, 1024, 4096])
def test_memory_goes_in_steps(memory: int) -> None:
    assert inputs_of(FUNCTION, memory_mb=memory)["memoryMb"] == memory


def test_runtimes_and_commands_fit_their_kind(here: Path) -> None:
    code = code_folder(here / "app")
    with pytest.raises(UserError, match=r"FunctionArgs\.runtime: 'native/v1' is unknown"):
        one_function(kind="event", code=code, runtime="native/v1")
    with pytest.raises(UserError, match=r"FunctionArgs\.runtime: 'python3.9/v1' is unknown"):
        one_function(kind="web", code=code, runtime="python3.9/v1")
    with pytest.raises(UserError, match=r"FunctionArgs\.command: runtime python3.12/v1 calls a handler"):
        one_function(kind="event", code=code, command="./x")


def test_what_this_cloud_cannot_do_says_what_to_use_instead() -> None:
    with pytest.raises(UnsupportedError, match="use at most 900 seconds, and split longer work") as error:
        one_function(kind="task", timeout_seconds=901)
    assert (error.value.cloud, error.value.concept) == ("volcengine", "Function")
    assert inputs_of(FUNCTION, kind="task", timeout_seconds=900)["requestTimeout"] == 900
    with pytest.raises(UnsupportedError, match="use code, or kind web with an image"):
        one_function(kind="event", image=IMAGE)


@pytest.mark.parametrize("fields", [{"max_instances": 0}, {"initializer_seconds": 901}])
def test_extras_have_limits(fields: dict[str, int]) -> None:
    with pytest.raises(UserError, match=rf"FunctionNative\.{next(iter(fields))}"):
        FunctionNative(**fields)  # type: ignore[arg-type]


def test_a_refusal_comes_before_anything_is_declared() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        with pytest.raises(UserError):
            build_function(scope, opts, memory_mb=100, network=no_network())

    assert [r.type for r in recorded(build).resources if r.custom] == ["pulumi:providers:volcengine"]
