from __future__ import annotations

from typing import Any

import pulumi
import pytest
from tencentcloud_iac_pulumi import subnet

from components.errors import UnsupportedError, UserError
from components.filesystem import FileSystemArgs
from components.network import ExistingNetwork
from components.scope import Scope
from components.tencentcloud.filesystem import FileSystem, FileSystemNative
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.tencentcloud.support import (
    ZONES,
    Answers,
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

FILES, GROUP = "tencentcloud:Cfs/fileSystem:FileSystem", "tencentcloud:Cfs/accessGroup:AccessGroup"
RULE, POLICY = "tencentcloud:Cfs/accessRule:AccessRule", "tencentcloud:Cfs/autoSnapshotPolicy:AutoSnapshotPolicy"
ATTACHMENT = "tencentcloud:Cfs/autoSnapshotPolicyAttachment:AutoSnapshotPolicyAttachment"
GATES = {f"agent-models-allow-{zone}" for zone in ZONES}


def files(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None,
    answers: Answers | None = None, **args: Any,
) -> Recording:  # fmt: skip
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        given: dict[str, Any] = {"scope": scope, "network": no_network()} | args
        it = FileSystem("agent-models", FileSystemArgs(**given), opts)
        probe("id", it.id)
        probe("host", it.host)

    return recorded(build, stage, preview=preview, answers=answers, **(profile or {}))


def refused(stage: Stage = "dev", **args: Any) -> str:
    with pytest.raises(UserError) as error:
        FileSystem.check("agent-models", FileSystemArgs(**{"scope": scope_of(stage), "network": no_network(), **args}))
    return str(error.value)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_it_stands_in_the_first_zones_subnet(stage: Stage) -> None:
    recording = files(stage)
    assert recording.get(FILES).inputs == {
        "name": f"qiao-{stage}-agent-models", "protocol": "NFS", "storageType": "SD", "netInterface": "VPC",
        "availabilityZone": ZONES[0], "vpcId": "vpc-there", "subnetId": "subnet-a",
        "accessGroupId": recording.get(GROUP).id, "tags": tags_of("agent-models", stage),
    }, "capacity and a mount address are not for this kind, and fail every update"  # fmt: skip


def test_disks_and_zone_of_ones_own() -> None:
    inputs = files(native=FileSystemNative(storage_type="HP", zone=ZONES[1])).get(FILES).inputs
    assert (inputs["storageType"], inputs["availabilityZone"], inputs["subnetId"]) == ("HP", ZONES[1], "subnet-b")


def test_it_is_never_encrypted_and_says_so() -> None:
    with pytest.raises(UnsupportedError) as error:
        files(encrypted=True)
    assert str(error.value) == (
        "tencentcloud FileSystem.encrypted=true: not supported on tencentcloud;"
        " leave it out, or encrypt what the application writes"
    )
    assert "encrypted" not in files("prod", encrypted=False).get(FILES).inputs


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "zone": (
        {"native": FileSystemNative(zone="ap-guangzhou-7")},
        "FileSystemNative.zone of agent-models: ap-guangzhou-7 is not one of the network's zones;"
        " use ap-guangzhou-3 or ap-guangzhou-6",
    ),
    "another cloud's extras": (
        {"native": "big"},
        "FileSystemArgs.native of agent-models: str is not for tencentcloud; give a FileSystemNative",
    ),
    "public block": (
        {"network": ExistingNetwork(
            vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "subnet-a"}, subnet_cidrs={ZONES[0]: "0.0.0.0/0"}
        )},
        "FileSystemArgs.network.subnet_cidrs: 0.0.0.0/0 is not private;"
        " give the subnets' own blocks: a database is never public",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_anything_is_declared(case: str) -> None:
    args, message = REFUSED[case]
    assert refused(**args) == message


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("storage_type", "TB", "'TB' is unknown; use one of HP, SD"),
        (
            "user_permission", "root",
            "'root' is unknown; use one of all_squash, no_all_squash, no_root_squash, root_squash",
        ),
        ("snapshot_hour", 24, "24 is out of range; use 0 to 23"),
    ],
)  # fmt: skip
def test_extras_are_refused_where_they_are_written(field: str, value: Any, message: str) -> None:
    with pytest.raises(UserError) as error:
        FileSystemNative(**{field: value})
    assert str(error.value) == f"FileSystemNative.{field}: {message}"


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_only_the_subnets_may_mount_it(stage: Stage) -> None:
    recording = files(stage)
    group = recording.get(GROUP)
    assert group.inputs == {"name": f"qiao-{stage}-agent-models", "description": "the subnets of its network"}
    found = {rule.name: rule.inputs for rule in recording.of_type(RULE)}
    common = {"accessGroupId": group.id, "priority": 1, "rwPermission": "RW", "userPermission": "no_root_squash"}
    assert found == {
        f"agent-models-allow-{ZONES[0]}": {"authClientIp": "10.7.0.0/20", **common},
        f"agent-models-allow-{ZONES[1]}": {"authClientIp": "10.7.16.0/20", **common},
    }, "left out, they may only read"


def test_whom_files_belong_to() -> None:
    found = files(native=FileSystemNative(user_permission="all_squash")).of_type(RULE)
    assert {rule.inputs["userPermission"] for rule in found} == {"all_squash"}


def test_a_public_block_that_is_known_late_is_refused_as_well() -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "subnet-a"},
        subnet_cidrs={ZONES[0]: pulumi.Output.from_input("0.0.0.0/0")},
    )  # fmt: skip
    with pytest.raises(UserError, match=r"0\.0\.0\.0/0 is not private"):
        files(network=network)


def test_who_mounts_it_waits_for_the_rules() -> None:
    recording = files()
    made = recording.get(FILES)
    assert probed(recording, "id") == (made.id, {made.name, *GATES})
    assert probed(recording, "host") == (made.outputs["mountIp"], {made.name, *GATES})


@pytest.mark.parametrize("address", [None, ""])
def test_no_address_to_mount_it_from_is_an_error(address: str | None) -> None:
    with pytest.raises(UserError, match="there is no private address yet"):
        files(answers={FILES: {"mountIp": address}})


def test_prod_takes_a_snapshot_every_day_and_keeps_it_for_a_month() -> None:
    recording = files("prod")
    policy, attachment = recording.get(POLICY), recording.get(ATTACHMENT)
    assert policy.inputs == {
        "policyName": "qiao-prod-agent-models", "intervalDays": 1, "hour": "2", "aliveDays": 30
    }  # fmt: skip
    assert attachment.inputs == {"autoSnapshotPolicyId": policy.id, "fileSystemIds": recording.get(FILES).id}
    assert attachment.deleted_with == recording.get(FILES).urn
    assert attachment.delete_before_replace is True, "a file system has one policy at a time"


def test_dev_takes_none_unless_asked() -> None:
    assert (files().of_type(POLICY), files().of_type(ATTACHMENT)) == ([], [])
    asked = files(native=FileSystemNative(snapshots=True, snapshot_hour=4)).get(POLICY).inputs
    assert (asked["hour"], asked["aliveDays"]) == ("4", 7)
    refusing = files("prod", native=FileSystemNative(snapshots=False))
    assert (refusing.of_type(POLICY), refusing.of_type(ATTACHMENT)) == ([], [])


def test_a_first_preview_knows_the_settings_and_no_id() -> None:
    recording = files("prod", preview=True)
    assert (probed(recording, "id")[0], probed(recording, "host")[0]) == (UNKNOWN, UNKNOWN)
    assert probed(recording, "host")[1] >= GATES
    assert recording.get(FILES).inputs["accessGroupId"] is UNKNOWN
    assert recording.get(ATTACHMENT).inputs == {"autoSnapshotPolicyId": UNKNOWN, "fileSystemIds": UNKNOWN}
    assert {rule.inputs["authClientIp"] for rule in recording.of_type(RULE)} == {"10.7.0.0/20", "10.7.16.0/20"}


def test_it_waits_for_its_subnet_alone() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        ids = {
            zone: subnet.Instance(
                f"in-{zone}", vpc_id="vpc-there", availability_zone=zone, cidr_block=block, opts=opts
            ).id
            for zone, block in zip(ZONES, ("10.0.0.0/24", "10.0.1.0/24"), strict=True)
        }
        network = ExistingNetwork(
            vpc_id="vpc-there", security_group_id="s", subnet_ids=ids,
            subnet_cidrs=dict(zip(ZONES, ("10.0.0.0/24", "10.0.1.0/24"), strict=True)),
        )  # fmt: skip
        FileSystem("agent-models", FileSystemArgs(scope=scope, network=network), opts)

    made = recorded(build).get(FILES)
    assert behind(made, "subnetId") == {f"in-{ZONES[0]}"}
    assert behind(made, "accessGroupId") == {"agent-models-access-group"}


def test_prod_protects_the_files_and_keeps_who_may_mount_them() -> None:
    recording = files("prod")
    assert marked(recording, "protect") == {"agent-models-files"}
    assert marked(recording, "retain_on_delete") == {
        "agent-models-files", "agent-models-access-group", "agent-models-snapshots", "agent-models-snapshots-of-files",
        *GATES,
    }  # fmt: skip
    assert marked(files(), "protect") | marked(files(), "retain_on_delete") == set()


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-models", "agent-cache"):
            FileSystem(name, FileSystemArgs(scope=scope, network=no_network()), opts)

    recording = recorded(build, "prod")
    assert {group.inputs["name"] for group in recording.of_type(GROUP)} == {
        "qiao-prod-agent-models", "qiao-prod-agent-cache"
    }  # fmt: skip
    cache = [resource for resource in recording.resources if resource.name.startswith("agent-cache-")]
    assert {name for one in cache for name in waits_for(one) if name.startswith("agent-models")} == set()
