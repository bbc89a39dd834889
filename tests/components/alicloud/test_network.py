from __future__ import annotations

import pulumi
import pytest

from components.alicloud.network import Network, NetworkNative
from components.errors import UserError
from components.network import IngressRule, NetworkArgs
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.alicloud.support import (
    ZONES,
    Stage,
    behind,
    marked,
    probe,
    probed,
    recorded,
    tags_of,
    waits_for,
)

VPC, SWITCH = "alicloud:vpc/network:Network", "alicloud:vpc/switch:Switch"
GROUP, RULE = "alicloud:ecs/securityGroup:SecurityGroup", "alicloud:ecs/securityGroupRule:SecurityGroupRule"
NAT, SNAT = "alicloud:vpc/natGateway:NatGateway", "alicloud:vpc/snatEntry:SnatEntry"
ADDRESS, ATTACHED = "alicloud:ecs/eipAddress:EipAddress", "alicloud:ecs/eipAssociation:EipAssociation"


def network(stage: Stage = "dev", *, preview: bool = False, **args: object) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Network("agent-net", NetworkArgs(scope=scope, zones=ZONES, **args), opts)  # type: ignore[arg-type]
        probe("egress", it.egress_ip)
        probe("group", it.security_group_id)

    return recorded(build, stage, preview=preview)


def test_a_vpc_with_a_vswitch_in_each_zone() -> None:
    recording = network(cidr="10.8.0.0/16")
    vpc = recording.get(VPC)
    assert (vpc.name, vpc.inputs["vpcName"]) == ("agent-net-vpc", "qiao-dev-agent-net")
    assert (vpc.inputs["cidrBlock"], vpc.inputs["tags"]) == ("10.8.0.0/16", tags_of("agent-net"))
    for zone, block in zip(ZONES, ("10.8.28.0/22", "10.8.40.0/22"), strict=True):
        switch = recording.get(SWITCH, f"agent-net-vswitch-{zone}")
        assert (switch.inputs["zoneId"], switch.inputs["cidrBlock"]) == (zone, block)
        assert switch.inputs["vswitchName"] == f"qiao-dev-agent-net-{zone[-1]}"
        assert (switch.inputs["vpcId"], switch.inputs["tags"]) == (vpc.id, tags_of("agent-net"))
        assert behind(switch, "vpcId") == {"agent-net-vpc"}
    outputs = recording.get("qiao:alicloud:Network").outputs
    assert outputs["subnet_ids"] == {z: recording.get(SWITCH, f"agent-net-vswitch-{z}").id for z in ZONES}
    assert outputs["subnet_cidrs"] == dict(zip(ZONES, ("10.8.28.0/22", "10.8.40.0/22"), strict=True))


def test_members_of_the_group_reach_each_other_and_everything_outside_with_no_rule_at_all() -> None:
    recording = network()
    group = recording.get(GROUP)
    assert group.inputs == {
        "vpcId": recording.get(VPC).id, "securityGroupName": "qiao-dev-agent-net", "securityGroupType": "normal",
        "innerAccessPolicy": "Accept", "tags": tags_of("agent-net"),
    }, "an enterprise group lets nothing out and no member in"  # fmt: skip
    assert recording.of_type(RULE) == []
    assert probed(recording, "group")[0] == group.id


def test_a_network_goes_only_once_what_stood_in_it_let_go() -> None:
    recording = network(egress=True)
    patient = {r.name: r.custom_timeouts for r in recording.resources if r.custom_timeouts}
    names = {"agent-net-vpc", "agent-net-security-group", *(f"agent-net-vswitch-{zone}" for zone in ZONES)}
    assert set(patient) == names
    assert {timeouts["delete"] for timeouts in patient.values()} == {"20m"}


def test_no_way_out_of_its_own_unless_asked() -> None:
    recording = network()
    assert [recording.of_type(kind) for kind in (NAT, SNAT, ADDRESS, ATTACHED)] == [[], [], [], []]
    assert recording.get("qiao:alicloud:Network").outputs.get("egress_ip") is None


def test_egress_goes_through_one_fixed_address() -> None:
    recording = network(egress=True)
    nat, address, attached = recording.get(NAT), recording.get(ADDRESS), recording.get(ATTACHED)
    assert nat.inputs["vswitchId"] == recording.get(SWITCH, f"agent-net-vswitch-{ZONES[0]}").id
    assert (nat.inputs["vpcId"], nat.inputs["natGatewayName"]) == (recording.get(VPC).id, "qiao-dev-agent-net")
    assert (nat.inputs["natType"], nat.inputs["internetChargeType"]) == ("Enhanced", "PayByLcu")
    assert (nat.inputs["paymentType"], nat.inputs["networkType"]) == ("PayAsYouGo", "internet")
    assert nat.replace_on_changes == ("networkType", "vswitchId"), "in place, neither is done"
    assert (address.inputs["paymentType"], address.inputs["internetChargeType"]) == ("PayAsYouGo", "PayByTraffic")
    assert address.inputs["bandwidth"] == "100", "a string"
    assert (nat.inputs["tags"], address.inputs["tags"]) == (tags_of("agent-net"), tags_of("agent-net"))
    assert attached.inputs == {"allocationId": address.id, "instanceId": nat.id, "instanceType": "Nat"}
    assert probed(recording, "egress")[0] == address.outputs["ipAddress"]


def test_where_the_cloud_put_the_address_is_no_change() -> None:
    attached = network(egress=True).get(ATTACHED)
    assert attached.ignore_changes == ("privateIpAddress", "vpcId"), "reported though unset, and either would replace"
    assert attached.delete_before_replace is True, "one gateway at a time has the address"


def test_each_vswitch_is_translated_once_the_address_is_attached() -> None:
    recording = network(egress=True)
    for zone in ZONES:
        entry = recording.get(SNAT, f"agent-net-snat-{zone}")
        assert entry.inputs["sourceVswitchId"] == recording.get(SWITCH, f"agent-net-vswitch-{zone}").id
        assert "sourceCidr" not in entry.inputs
        assert entry.inputs["snatIp"] == recording.get(ADDRESS).outputs["ipAddress"]
        assert entry.inputs["snatTableId"] == recording.get(NAT).outputs["snatTableIds"]
        # By the property whose change replaces it, so that it goes before the address leaves, too.
        assert behind(entry, "snatTableId") == {"agent-net-nat", "agent-net-egress-ip-attached"}
        assert waits_for(entry) >= {"agent-net-egress-ip-attached"}


def test_a_peak_of_its_own() -> None:
    native = NetworkNative(eip_bandwidth_mbps=50)
    assert network(egress=True, native=native).get(ADDRESS).inputs["bandwidth"] == "50"


def test_ingress_rules() -> None:
    rules = [
        IngressRule(port=8000, cidr="10.0.0.0/16", protocol="udp"),
        IngressRule(port=443, to_port=444, cidr="203.0.113.7", description="the office"),
    ]
    recording = network(ingress=rules)
    one = recording.get(RULE, "agent-net-ingress-udp-8000-8000-10.0.0.0-16").inputs
    other = recording.get(RULE, "agent-net-ingress-tcp-443-444-203.0.113.7-32").inputs
    assert one == {
        "securityGroupId": recording.get(GROUP).id, "type": "ingress", "ipProtocol": "udp", "portRange": "8000/8000",
        "cidrIp": "10.0.0.0/16", "nicType": "intranet", "policy": "accept",
    }  # fmt: skip
    assert (other["ipProtocol"], other["portRange"], other["cidrIp"]) == ("tcp", "443/444", "203.0.113.7/32")
    assert (other["nicType"], other["description"]) == ("intranet", "the office")


def test_two_spellings_of_one_rule_are_refused() -> None:
    rules = [IngressRule(port=443, cidr="203.0.113.7"), IngressRule(port=443, to_port=443, cidr="203.0.113.7/32")]
    with pytest.raises(UserError) as error:
        network(ingress=rules)
    assert str(error.value) == "NetworkArgs.ingress: 'tcp-443-443-203.0.113.7-32' is given twice; give each once"


def test_prod_protects_what_is_long_to_rebuild_and_keeps_the_address() -> None:
    recording = network("prod", egress=True)
    switches = {f"agent-net-vswitch-{zone}" for zone in ZONES}
    assert marked(recording, "protect") == switches | {"agent-net-vpc", "agent-net-nat", "agent-net-egress-ip"}
    assert marked(recording, "retain_on_delete") == {"agent-net-egress-ip"}
    assert [recording.get(kind).inputs["deletionProtection"] for kind in (NAT, ADDRESS)] == [True, True]


def test_dev_is_disposable() -> None:
    recording = network(egress=True)
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()
    # Said, not left out: unset, a protection once on would stay on.
    assert [recording.get(kind).inputs["deletionProtection"] for kind in (NAT, ADDRESS)] == [False, False]


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_first_preview_knows_the_plan_but_no_id(stage: Stage) -> None:
    recording = network(stage, preview=True, egress=True)
    switch = recording.get(SWITCH, f"agent-net-vswitch-{ZONES[1]}")
    assert (switch.inputs["cidrBlock"], switch.inputs["vpcId"]) == ("10.0.40.0/22", UNKNOWN)
    assert behind(switch, "vpcId") == {"agent-net-vpc"}
    assert recording.get(ATTACHED).inputs["instanceId"] is UNKNOWN
    entry = recording.get(SNAT, f"agent-net-snat-{ZONES[0]}")
    assert (entry.inputs["snatTableId"], entry.inputs["snatIp"]) == (UNKNOWN, UNKNOWN)
    assert behind(entry, "snatTableId") == {"agent-net-nat", "agent-net-egress-ip-attached"}
    assert recording.get("qiao:alicloud:Network").outputs["subnet_ids"] == dict.fromkeys(ZONES, UNKNOWN)


def test_two_side_by_side_share_no_name() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-net", "agent-lab"):
            Network(name, NetworkArgs(scope=scope, zones=ZONES, egress=True), opts)

    recording = recorded(build)
    assert {r.inputs["vpcName"] for r in recording.of_type(VPC)} == {"qiao-dev-agent-net", "qiao-dev-agent-lab"}
    lab = [r for r in recording.resources if r.name.startswith("agent-lab-")]
    assert {name for r in lab for name in waits_for(r) if name.startswith("agent-net-")} == set()


@pytest.mark.parametrize(
    ("native", "message"),
    [
        (lambda: "big", "NetworkArgs.native of agent-net: str is not for alicloud; give a NetworkNative"),
        (
            lambda: NetworkNative(eip_bandwidth_mbps=500),
            "NetworkNative.eip_bandwidth_mbps: 500 is out of range; use 1 to 200 Mbit/s",
        ),
    ],
)
def test_wrong_extras_are_refused(native: object, message: str) -> None:
    with pytest.raises(UserError) as error:
        network(native=native())  # type: ignore[operator]
    assert str(error.value) == message
