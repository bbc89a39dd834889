"""The guide's chapter on Ollama (2.8): each step that infrastructure can do, as resource, property and value."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.errors import UserError
from qiao.plan.recording import UNKNOWN
from qiao.plan.wire import Secret
from tests.stacks.chat_support import waits_for
from tests.stacks.model_support import (
    ALIAS,
    BINDING,
    FILES,
    FUNCTION,
    GROUP,
    IMAGE,
    SWITCHES,
    TARGET,
    TRIGGER,
    VPC,
    ZONES,
    envs,
    function,
    get,
    guide,
    server,
    shared,
)
from tests.stacks.support import run
from tests.stacks.test_llm_chat_guide import look

STAGES = ["dev", "prod"]
RULES = [("nas/accessRule:AccessRule", f"models-files-allow-{zone}") for zone in ZONES]

STEPS: list[tuple[str, tuple[str, str], str, Any]] = [
    ("create: image", FUNCTION, "customContainerConfig.image", IMAGE),
    ("create: image", FUNCTION, "runtime", "custom-container"),
    ("create: its own start", FUNCTION, "customContainerConfig.entrypoints", []),
    ("create: port", FUNCTION, "customContainerConfig.port", 11434),
    ("create: T4", FUNCTION, "gpuConfig.gpuType", "fc.gpu.tesla.1"),
    ("create: whole card", FUNCTION, "gpuConfig.gpuMemorySize", 16 * 1024),
    ("create: 8C", FUNCTION, "cpu", 8),
    ("create: 32 GB", FUNCTION, "memorySize", 32768),
    ("create: room for its image", FUNCTION, "diskSize", 10240),
    ("address: inside", TRIGGER, "triggerType", "http"),
    ("NAS: network file system", FILES, "protocolType", "NFS"),
    ("NAS: general purpose", FILES, "fileSystemType", "standard"),
    ("NAS: in the network", TARGET, "networkType", "Vpc"),
    ("NAS: local folder", FUNCTION, "nasConfig.mountPoints.0.mountDir", "/ollama"),
    ("NAS: read and written", RULES[0], "rwAccessType", "RDWR"),
    ("NAS: read and written", RULES[1], "rwAccessType", "RDWR"),
    ("variables", FUNCTION, "environmentVariables.OLLAMA_MODELS", "/ollama"),
    ("variables", FUNCTION, "environmentVariables.OLLAMA_ORIGINS", "*"),
    ("variables: every interface", FUNCTION, "environmentVariables.OLLAMA_HOST", "0.0.0.0:11434"),
    ("variables: kept loaded", FUNCTION, "environmentVariables.OLLAMA_KEEP_ALIVE", "-1"),
    ("pull: time enough", FUNCTION, "instanceLifecycleConfig.initializer.timeout", 600),
    ("answers: long enough", FUNCTION, "timeout", 600),
    ("answers: few at once", FUNCTION, "instanceConcurrency", 4),
    ("answers: healthy when it says so", FUNCTION, "customContainerConfig.healthCheckConfig.httpGetUrl", "/"),
]  # fmt: skip


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize(("step", "resource", "path", "wanted"), STEPS, ids=[f"{s[0]} {s[2]}" for s in STEPS])
def test_step(step: str, resource: tuple[str, str], path: str, wanted: Any, stage: str, preview: bool) -> None:
    """The same in both stages, and seen before anything exists."""
    assert look(get(guide(stage, preview=preview), *resource).inputs, path) == wanted


# Create: the graphics card


@pytest.mark.parametrize(
    ("gpu", "kind", "card_mb", "cpu", "memory_mb"),
    [
        ({"model": "t4"}, "fc.gpu.tesla.1", 16384, 8, 32768),
        ({"model": "a10"}, "fc.gpu.ampere.1", 24576, 8, 32768),
        # Slices: what stands beside one fits it.
        ({"model": "t4", "memory_gb": 8}, "fc.gpu.tesla.1", 8192, 4, 8192),
        ({"model": "t4", "memory_gb": 2}, "fc.gpu.tesla.1", 2048, 1, 4096),
        ({"model": "t4", "memory_gb": 1}, "fc.gpu.tesla.1", 1024, 0.5, 2048),
        ({"model": "a10", "memory_gb": 12}, "fc.gpu.ampere.1", 12288, 6, 8192),
    ],
)
def test_cards_and_what_stands_beside_them(
    gpu: dict[str, Any], kind: str, card_mb: int, cpu: float, memory_mb: int
) -> None:
    given = function(run({"models": server(gpu=gpu)}, shared())).inputs
    assert given["gpuConfig"] == {"gpuType": kind, "gpuMemorySize": card_mb}
    assert (given["cpu"], given["memorySize"]) == (cpu, memory_mb)


def test_every_slice_of_every_card_is_one_that_the_service_gives_out() -> None:
    """The plan's own rules check sizes again: 1 to 4 GB a processor, both within the card's."""
    for model, size in (("t4", 16), ("a10", 24)):
        for memory_gb in range(1, size):
            given = function(run({"models": server(gpu={"model": model, "memory_gb": memory_gb})}, shared())).inputs
            assert 1 <= given["memorySize"] / 1024 / given["cpu"] <= 4
            assert given["memorySize"] <= 2 * memory_gb * 1024
            assert given["cpu"] <= memory_gb / 2


def test_sizes_can_be_said() -> None:
    settings = server(cpu=4, memory_mb=16384, concurrency=2, timeout_seconds=1200)
    given = function(run({"models": settings}, shared())).inputs
    sizes = [given[key] for key in ("cpu", "memorySize", "instanceConcurrency", "timeout")]
    assert sizes == [4, 16384, 2, 1200]


# Access: the address


@pytest.mark.parametrize("stage", STAGES)
def test_the_address_is_inside_the_cloud_alone_and_of_its_network(stage: str) -> None:
    recording = guide(stage)
    trigger, binding = get(recording, *TRIGGER), get(recording, *BINDING)
    config = json.loads(trigger.inputs["triggerConfig"])
    assert config["disableURLInternet"] is True
    assert config["authType"] == "anonymous"
    assert trigger.inputs["qualifier"] == "live"
    # Nobody is asked for anything there: so the network is what guards it, and stands first.
    assert binding.inputs["vpcId"] == get(recording, *VPC).id
    assert binding.inputs["functionName"] == get(recording, *FUNCTION).inputs["functionName"]
    assert binding.urn in trigger.depends_on
    assert recording.outputs["models"]["url"] == trigger.outputs["httpTrigger"]["urlIntranet"]
    assert trigger.outputs["httpTrigger"]["urlInternet"] not in json.dumps(recording.outputs["models"])


@pytest.mark.parametrize("stage", STAGES)
def test_by_default_no_gateway_and_no_token(stage: str) -> None:
    recording = guide(stage)
    assert not recording.of_type("alicloud:apig/gateway:Gateway")
    assert not recording.of_type("tls:index/privateKey:PrivateKey")
    assert "application_secrets" not in recording.outputs
    assert not {"gateway_id", "issuer", "audience", "cname"} & set(recording.outputs["models"])


def test_a_preview_names_no_address() -> None:
    assert guide(preview=True).outputs["models"]["url"] is UNKNOWN


# NAS


@pytest.mark.parametrize("stage", STAGES)
def test_the_function_is_in_the_network_of_all_and_mounts_its_own_file_system(stage: str) -> None:
    recording = guide(stage)
    switches = [get(recording, *switch) for switch in SWITCHES]
    given, target = function(recording).inputs, get(recording, *TARGET)
    assert given["vpcConfig"] == {
        "vpcId": get(recording, *VPC).id, "vswitchIds": [switch.id for switch in switches],
        "securityGroupId": get(recording, *GROUP).id,
    }  # fmt: skip
    (point,) = given["nasConfig"]["mountPoints"]
    assert point["serverAddr"] == f"{target.outputs['mountTargetDomain']}:/"
    assert target.inputs["fileSystemId"] == get(recording, *FILES).id
    assert target.inputs["vswitchId"] == switches[0].id
    for resource, switch in zip(RULES, switches, strict=True):
        rule = get(recording, *resource)
        assert rule.inputs["sourceCidrIp"] == switch.inputs["cidrBlock"]
        assert waits_for(recording, function(recording), rule), "a mount without a rule is refused"


def test_models_outlive_a_mistake_in_prod_alone() -> None:
    dev, prod = get(guide("dev"), *FILES), get(guide("prod"), *FILES)
    assert (dev.protect, dev.retain_on_delete) == (False, False)
    assert (prod.protect, prod.retain_on_delete) == (True, True)


def test_another_folder_is_one_setting() -> None:
    recording = run({"models": server(files={"path": "/mnt/models"})}, shared())
    assert envs(recording)["OLLAMA_MODELS"] == "/mnt/models"
    assert function(recording).inputs["nasConfig"]["mountPoints"][0]["mountDir"] == "/mnt/models"


@pytest.mark.parametrize(("directory", "seen"), [(None, "/"), ("/ollama", "/ollama")])
def test_a_file_system_that_is_there_is_adopted_and_none_made(directory: str | None, seen: str) -> None:
    files = {"existing_id": "0123abc", "existing_host": "0123abc-x.cn-hangzhou.nas.aliyuncs.com"}
    files |= {"directory": directory} if directory else {}
    recording = run({"models": server(files=files)}, shared(), stage="prod")
    assert not [r.type for r in recording.resources if r.type.startswith("alicloud:nas/")]
    (point,) = function(recording).inputs["nasConfig"]["mountPoints"]
    assert point["serverAddr"] == f"0123abc-x.cn-hangzhou.nas.aliyuncs.com:{seen}"
    assert point["mountDir"] == envs(recording)["OLLAMA_MODELS"] == "/ollama"
    assert recording.outputs["models"]["file_system_id"] == "0123abc"


# Variables


def test_pages_that_may_call_and_the_port_can_be_said() -> None:
    recording = run({"models": server(origins="https://a.example.com,https://b.example.com", port=8080)}, shared())
    given = envs(recording)
    assert given["OLLAMA_ORIGINS"] == "https://a.example.com,https://b.example.com"
    assert given["OLLAMA_HOST"] == "0.0.0.0:8080"
    assert function(recording).inputs["customContainerConfig"]["port"] == 8080


def test_variables_of_ones_own_stand_beside_them_and_secrets_are_secret() -> None:
    settings = server(env={"OLLAMA_FLASH_ATTENTION": "1"}, secret_env={"PROXY_KEY": None})
    given = envs(run({"models": settings}, shared()))
    assert given["OLLAMA_FLASH_ATTENTION"] == "1"
    assert isinstance(given["PROXY_KEY"], Secret)
    assert [name for name, value in given.items() if isinstance(value, Secret)] == ["PROXY_KEY"]
    for name in ("OLLAMA_HOST", "OLLAMA_MODELS", "OLLAMA_ORIGINS", "OLLAMA_KEEP_ALIVE"):
        with pytest.raises(UserError, match=rf"apps.models.env.{name}: Qiao writes this variable itself; leave it out"):
            run({"models": server(env={name: "x"})}, shared())


# Idle cost


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_waits_for_calls_at_a_price(stage: str) -> None:
    recording = guide(stage)
    assert not [r for r in recording.resources if r.type.endswith(":ProvisionedConcurrency")]
    assert not recording.of_type("alicloud:vpc/natGateway:NatGateway")
    assert not recording.of_type("alicloud:apig/gateway:Gateway")


def test_an_instance_kept_ready_is_frozen_between_calls() -> None:
    recording = run({"models": server(provisioned_concurrency=1)}, shared())
    kept = recording.get(
        "pulumi-python:dynamic/alicloud:ProvisionedConcurrency", "models-function-provisioned-concurrency"
    )
    assert kept.inputs["target"] == 1
    assert (kept.inputs["always_allocate_cpu"], kept.inputs["always_allocate_gpu"]) == (False, False)
    assert kept.inputs["qualifier"] == "live"
    assert get(recording, *ALIAS).urn in kept.depends_on


def test_a_lid_on_cards_is_one_setting() -> None:
    recording = run({"models": server(reserved_concurrency=2)}, shared())
    lid = get(recording, "fc/v3ConcurrencyConfig:V3ConcurrencyConfig", "models-function-reserved-concurrency")
    assert lid.inputs["reservedConcurrency"] == 2
    assert lid.inputs["functionName"] == function(recording).inputs["functionName"]
