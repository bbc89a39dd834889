from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest
from pulumi_alicloud import vpc

from components.alicloud.filesystem import FileSystem, FileSystemNative
from components.errors import UserError
from components.filesystem import FileSystemArgs
from components.network import ExistingNetwork
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.alicloud.support import (
    ZONES,
    Stage,
    behind,
    marked,
    no_network,
    probe,
    probed,
    recorded,
    scope_of,
    tags_of,
    waits_for,
)

FILES, GROUP = "alicloud:nas/fileSystem:FileSystem", "alicloud:nas/accessGroup:AccessGroup"
RULE, TARGET = "alicloud:nas/accessRule:AccessRule", "alicloud:nas/mountTarget:MountTarget"
GATES = {"agent-models-mount-target", *(f"agent-models-allow-{zone}" for zone in ZONES)}


def files(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None, **args: Any
) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        given: dict[str, Any] = {"scope": scope, "network": no_network()} | args
        it = FileSystem("agent-models", FileSystemArgs(**given), opts)
        probe("id", it.id)
        probe("host", it.host)

    return recorded(build, stage, preview=preview, **(profile or {}))


def refused(stage: Stage = "dev", **args: Any) -> str:
    with pytest.raises(UserError) as error:
        files(stage, **args)
    return str(error.value)


@pytest.mark.parametrize(("stage", "kind", "encrypted"), [("dev", "Capacity", 0), ("prod", "Performance", 1)])
def test_disks_and_encryption_follow_the_profile(stage: Stage, kind: str, encrypted: int) -> None:
    inputs = files(stage).get(FILES).inputs
    assert (inputs["protocolType"], inputs["fileSystemType"]) == ("NFS", "standard")
    assert (inputs["storageType"], inputs["encryptType"]) == (kind, encrypted)
    assert inputs["tags"] == tags_of("agent-models", stage)
    assert {"zoneId", "vpcId", "vswitchId", "kmsKeyId"}.isdisjoint(inputs)


def test_encryption_can_be_said() -> None:
    assert files(encrypted=True).get(FILES).inputs["encryptType"] == 1
    assert files("prod", encrypted=False).get(FILES).inputs["encryptType"] == 0
    inputs = files("prod", native=FileSystemNative(kms_key_id="key-1")).get(FILES).inputs
    assert (inputs["encryptType"], inputs["kmsKeyId"]) == (2, "key-1")


def test_a_key_that_encrypts_nothing_is_refused() -> None:
    assert refused(native=FileSystemNative(kms_key_id="key-1")) == (
        "FileSystemNative.kms_key_id of agent-models: there is a key, and nothing is encrypted;"
        " set FileSystemArgs.encrypted, or leave it out"
    )


def test_its_description_stands_for_a_name_and_is_one_that_the_service_takes() -> None:
    description = files().get(FILES).inputs["description"]
    assert description == "qiao-dev-agent-models", "unset, it is reported back and differs on every preview"
    assert re.fullmatch(r"[A-Za-z][A-Za-z0-9:_-]{1,127}", description)


def test_a_reported_network_does_not_replace_it() -> None:
    assert files().get(FILES).ignore_changes == ("vpcId", "vswitchId", "redundancyVswitchIds")


def test_disks_zone_and_group_of_ones_own() -> None:
    native = FileSystemNative(storage_type="Premium", zone_id=ZONES[1], resource_group_id="rg-1")
    inputs = files(native=native).get(FILES).inputs
    assert (inputs["storageType"], inputs["zoneId"], inputs["resourceGroupId"]) == ("Premium", ZONES[1], "rg-1")


def test_a_zone_of_another_region_is_refused() -> None:
    assert refused(native=FileSystemNative(zone_id="cn-beijing-a")) == (
        "FileSystemNative.zone_id of agent-models: cn-beijing-a is not in cn-hangzhou; give a zone of it"
    )


def test_unknown_disks() -> None:
    with pytest.raises(UserError) as error:
        FileSystemNative(storage_type="advance")  # type: ignore[arg-type]
    assert str(error.value) == (
        "FileSystemNative.storage_type: 'advance' is unknown; use one of Capacity, Performance, Premium"
    )


def test_only_the_vswitches_may_mount_it() -> None:
    recording = files()
    group = recording.get(GROUP)
    assert group.inputs == {
        "accessGroupName": "qiao-dev-agent-models", "accessGroupType": "Vpc", "fileSystemType": "standard",
        "description": "the subnets of its network",
    }  # fmt: skip
    found = {rule.name: rule for rule in recording.of_type(RULE)}
    assert {name: rule.inputs["sourceCidrIp"] for name, rule in found.items()} == {
        f"agent-models-allow-{ZONES[0]}": "10.7.0.0/20", f"agent-models-allow-{ZONES[1]}": "10.7.16.0/20"
    }  # fmt: skip
    for rule in found.values():
        assert rule.inputs["accessGroupName"] == "qiao-dev-agent-models"
        assert group.name in waits_for(rule)
        assert (rule.inputs["rwAccessType"], rule.inputs["userAccessType"]) == ("RDWR", "no_squash")
        assert (rule.inputs["fileSystemType"], rule.inputs["priority"]) == ("standard", 1)


@pytest.mark.parametrize("block", ["0.0.0.0/0", "203.0.113.0/24"])
def test_a_public_block_is_refused(block: str) -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "vsw-a"}, subnet_cidrs={ZONES[0]: block}
    )
    with pytest.raises(UserError) as error:
        FileSystem.check("agent-models", FileSystemArgs(scope=scope_of(), network=network))
    assert str(error.value) == (
        f"FileSystemArgs.network.subnet_cidrs: {block} is not private;"
        " give the subnets' own blocks: a database is never public"
    )


def test_a_public_block_that_is_known_late_is_refused_as_well() -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "vsw-a"},
        subnet_cidrs={ZONES[0]: pulumi.Output.from_input("0.0.0.0/0")},
    )  # fmt: skip
    assert "0.0.0.0/0 is not private" in refused(network=network)


def test_it_is_mounted_in_the_networks_first_zone() -> None:
    recording = files()
    target = recording.get(TARGET)
    assert target.inputs == {
        "fileSystemId": recording.get(FILES).id, "accessGroupName": "qiao-dev-agent-models", "networkType": "Vpc",
        "vpcId": "vpc-there", "vswitchId": "vsw-a",
    }  # fmt: skip
    assert {"agent-models-files", "agent-models-access-group"} <= waits_for(target)


def test_the_mount_target_waits_for_a_vswitch_of_ours() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        made = vpc.Switch("vsw", vpc_id="vpc-there", zone_id=ZONES[0], cidr_block="10.0.0.0/24", opts=opts)
        network = ExistingNetwork(
            vpc_id="vpc-there", security_group_id="s", subnet_ids={ZONES[0]: made.id},
            subnet_cidrs={ZONES[0]: made.cidr_block.apply(str)},
        )  # fmt: skip
        FileSystem("agent-models", FileSystemArgs(scope=scope, network=network), opts)

    recording = recorded(build)
    assert behind(recording.get(TARGET), "vswitchId") == {"vsw"}
    assert recording.get(RULE).inputs["sourceCidrIp"] == "10.0.0.0/24"
    preview = recorded(build, preview=True)
    assert preview.get(TARGET).inputs["vswitchId"] is preview.get(RULE).inputs["sourceCidrIp"] is UNKNOWN


def test_outputs_are_known_when_it_can_be_mounted() -> None:
    recording = files()
    identity, behind_id = probed(recording, "id")
    host, behind_host = probed(recording, "host")
    assert (identity, host) == (recording.get(FILES).id, recording.get(TARGET).outputs["mountTargetDomain"])
    assert behind_id >= GATES | {"agent-models-files"}, "no data edge leads from a rule to who mounts"
    assert behind_host >= GATES


def test_a_first_preview_knows_its_shape_and_no_host() -> None:
    recording = files("prod", preview=True)
    assert (probed(recording, "id")[0], probed(recording, "host")[0]) == (UNKNOWN, UNKNOWN)
    assert probed(recording, "host")[1] >= GATES
    assert recording.get(GROUP).inputs["accessGroupName"] == "qiao-prod-agent-models"
    assert recording.get(FILES).inputs["storageType"] == "Performance"
    blocks = {rule.inputs["sourceCidrIp"] for rule in recording.of_type(RULE)}
    assert blocks == {"10.7.0.0/20", "10.7.16.0/20"}


def test_prod_keeps_the_files_and_only_them() -> None:
    recording = files("prod")
    assert marked(recording, "protect") == marked(recording, "retain_on_delete") == {"agent-models-files"}
    assert marked(files(), "protect") | marked(files(), "retain_on_delete") == set()


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-models", "agent-cache"):
            FileSystem(name, FileSystemArgs(scope=scope, network=no_network()), opts)

    recording = recorded(build)
    groups = {group.name: group.inputs["accessGroupName"] for group in recording.of_type(GROUP)}
    assert len(set(groups.values())) == 2
    target = recording.get(TARGET, "agent-cache-mount-target")
    assert target.inputs["accessGroupName"] == groups["agent-cache-access-group"]
    assert {name for name in waits_for(target) if name.startswith("agent-models")} == set()
