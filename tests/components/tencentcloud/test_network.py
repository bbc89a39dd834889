from __future__ import annotations

import pulumi
import pytest

from components.errors import UserError
from components.network import IngressRule, NetworkArgs
from components.scope import Scope
from components.tencentcloud.network import Network, NetworkNative
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.tencentcloud.support import (
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

VPC, SUBNET = "tencentcloud:Vpc/instance:Instance", "tencentcloud:Subnet/instance:Instance"
GROUP, RULES = "tencentcloud:Security/group:Group", "tencentcloud:Security/groupRuleSet:GroupRuleSet"
NAT, ADDRESS = "tencentcloud:Nat/gateway:Gateway", "tencentcloud:Eip/instance:Instance"
ROUTE = "tencentcloud:Route/tableEntry:TableEntry"
OUT = {"action": "ACCEPT", "protocol": "ALL", "port": "ALL", "cidrBlock": "0.0.0.0/0"}


def network(stage: Stage = "dev", *, preview: bool = False, **args: object) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Network("agent-net", NetworkArgs(scope=scope, zones=ZONES, **args), opts)  # type: ignore[arg-type]
        probe("egress", it.egress_ip)
        probe("group", it.security_group_id)

    return recorded(build, stage, preview=preview)


def test_a_vpc_with_a_subnet_in_each_zone() -> None:
    recording = network(cidr="10.8.0.0/16")
    vpc = recording.get(VPC)
    assert vpc.name == "agent-net-vpc"
    assert vpc.inputs == {
        "name": "qiao-dev-agent-net", "cidrBlock": "10.8.0.0/16", "isMulticast": False, "tags": tags_of("agent-net")
    }  # fmt: skip
    for zone, block in zip(ZONES, ("10.8.8.0/22", "10.8.20.0/22"), strict=True):
        subnet = recording.get(SUBNET, f"agent-net-subnet-{zone}")
        assert subnet.inputs == {
            "name": f"qiao-dev-agent-net-{zone[-1]}", "cidrBlock": block, "availabilityZone": zone, "vpcId": vpc.id,
            "isMulticast": False, "tags": tags_of("agent-net"),
        }, "a route table of its own would leave it out of the way out"  # fmt: skip
        assert behind(subnet, "vpcId") == {"agent-net-vpc"}
    outputs = recording.get("qiao:tencentcloud:Network").outputs
    assert outputs["subnet_ids"] == {z: recording.get(SUBNET, f"agent-net-subnet-{z}").id for z in ZONES}
    assert outputs["subnet_cidrs"] == dict(zip(ZONES, ("10.8.8.0/22", "10.8.20.0/22"), strict=True))
    assert (outputs["vpc_id"], outputs["cidr"]) == (vpc.id, "10.8.0.0/16")


@pytest.mark.parametrize("zone", ["ap-guangzhou-17", "ap-guangzhou-0", "ap-guangzhou", "ap-shanghai-2"])
def test_what_is_no_zone_of_the_region_is_refused(zone: str) -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        Network("agent-net", NetworkArgs(scope=scope, zones=(ZONES[0], zone)), opts)

    with pytest.raises(UserError, match=r"NetworkArgs\.zones"):
        recorded(build)


def test_members_of_the_group_reach_each_other_and_everything_outside_and_nothing_else_comes_in() -> None:
    recording = network()
    group, rules = recording.get(GROUP), recording.get(RULES)
    assert group.inputs == {
        "name": "qiao-dev-agent-net", "description": "qiao dev agent-net", "tags": tags_of("agent-net")
    }  # fmt: skip
    assert rules.inputs == {
        "securityGroupId": group.id,
        "ingresses": [
            {
                "action": "ACCEPT", "protocol": "ALL", "port": "ALL", "sourceSecurityId": group.id,
                "description": "members of this group",
            }
        ],
        "egresses": [OUT],
    }, "without a rule a new group lets nothing in, and nothing out; in small letters they differ for ever"  # fmt: skip
    assert behind(rules, "ingresses") == {"agent-net-security-group"}


def test_what_joins_the_group_finds_its_rules() -> None:
    recording = network()
    value, gates = probed(recording, "group")
    assert value == recording.get(GROUP).id
    assert gates == {"agent-net-security-group", "agent-net-rules"}


def test_ingress_rules_follow_the_members_in_their_order() -> None:
    rules = [
        IngressRule(port=8000, cidr="10.0.0.0/16", protocol="udp"),
        IngressRule(port=443, to_port=444, cidr="203.0.113.7", description="the office"),
    ]
    found = network(ingress=rules).get(RULES).inputs
    assert found["ingresses"][0]["description"] == "members of this group"
    assert found["ingresses"][1:] == [
        {"action": "ACCEPT", "protocol": "UDP", "port": "8000", "cidrBlock": "10.0.0.0/16", "description": ""},
        {
            "action": "ACCEPT", "protocol": "TCP", "port": "443-444", "cidrBlock": "203.0.113.7/32",
            "description": "the office",
        },
    ]  # fmt: skip
    assert found["egresses"] == [OUT]


def test_the_group_has_one_list_of_rules_however_many_there_are() -> None:
    rules = [IngressRule(port=port, cidr="10.0.0.0/16") for port in range(8000, 8099)]
    found = network(ingress=rules)
    assert [r.name for r in found.of_type(RULES)] == ["agent-net-rules"]
    assert len(found.get(RULES).inputs["ingresses"]) == 100


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (
            [IngressRule(port=port, cidr="10.0.0.0/16") for port in range(8000, 8100)],
            "NetworkArgs.ingress of agent-net: 100 rules given; give at most 99: join their blocks",
        ),
        (
            [IngressRule(port=443, cidr="10.0.0.0/16", description="x" * 101)],
            "NetworkArgs.ingress of agent-net: the description of tcp-443-443-10.0.0.0-16 has 101 characters;"
            " use at most 100",
        ),
        (
            [IngressRule(port=443, cidr="203.0.113.7"), IngressRule(port=443, cidr="203.0.113.7/32")],
            "NetworkArgs.ingress: 'tcp-443-443-203.0.113.7-32' is given twice; give each once",
        ),
    ],
)
def test_rules_that_the_group_would_not_take_are_refused(rules: list[IngressRule], message: str) -> None:
    with pytest.raises(UserError) as error:
        network(ingress=rules)
    assert str(error.value) == message


def test_no_way_out_of_its_own_unless_asked() -> None:
    recording = network()
    assert [recording.of_type(kind) for kind in (NAT, ADDRESS, ROUTE)] == [[], [], []]
    assert recording.get("qiao:tencentcloud:Network").outputs.get("egress_ip") is None


def test_egress_goes_through_one_fixed_address() -> None:
    recording = network(egress=True)
    nat, address = recording.get(NAT), recording.get(ADDRESS)
    assert address.inputs == {
        "name": "qiao-dev-agent-net", "internetChargeType": "TRAFFIC_POSTPAID_BY_HOUR", "internetMaxBandwidthOut": 100,
        "tags": tags_of("agent-net"),
    }  # fmt: skip
    assert nat.inputs == {
        "name": "qiao-dev-agent-net", "vpcId": recording.get(VPC).id, "natProductVersion": 2,
        "assignedEipSets": [address.outputs["publicIp"]], "tags": tags_of("agent-net"),
    }, "addresses, not ids; bandwidth and connections are refused by the standard kind"  # fmt: skip
    assert behind(nat, "assignedEipSets") == {"agent-net-egress-ip"}
    assert nat.delete_before_replace is True, "one gateway at a time has the address"
    value, gates = probed(recording, "egress")
    assert value == address.outputs["publicIp"]
    assert gates == {"agent-net-egress-ip"}


def test_the_whole_network_is_routed_to_the_gateway() -> None:
    recording = network(egress=True)
    route = recording.get(ROUTE)
    assert route.inputs == {
        "routeTableId": recording.get(VPC).outputs["defaultRouteTableId"], "destinationCidrBlock": "0.0.0.0/0",
        "nextType": "NAT", "nextHub": recording.get(NAT).id,
    }  # fmt: skip
    assert behind(route, "nextHub") == {"agent-net-nat"}
    assert behind(route, "routeTableId") == {"agent-net-vpc"}
    assert route.delete_before_replace is True, "a table has one route to the same place"


def test_a_peak_of_its_own_or_none_for_accounts_of_the_old_kind() -> None:
    assert network(egress=True, native=NetworkNative(eip_bandwidth_mbps=50)).get(ADDRESS).inputs[
        "internetMaxBandwidthOut"
    ] == 50  # fmt: skip
    old = network(egress=True, native=NetworkNative(eip_bandwidth_mbps=None)).get(ADDRESS).inputs
    assert {"internetMaxBandwidthOut", "internetChargeType"}.isdisjoint(old)


def test_prod_protects_what_is_long_to_rebuild_and_keeps_the_address() -> None:
    recording = network("prod", egress=True)
    subnets = {f"agent-net-subnet-{zone}" for zone in ZONES}
    assert marked(recording, "protect") == subnets | {"agent-net-vpc", "agent-net-nat", "agent-net-egress-ip"}
    assert marked(recording, "retain_on_delete") == {"agent-net-egress-ip"}


def test_dev_is_disposable() -> None:
    recording = network(egress=True)
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_first_preview_knows_the_plan_but_no_id(stage: Stage) -> None:
    recording = network(stage, preview=True, egress=True)
    subnet = recording.get(SUBNET, f"agent-net-subnet-{ZONES[1]}")
    assert (subnet.inputs["cidrBlock"], subnet.inputs["vpcId"]) == ("10.0.20.0/22", UNKNOWN)
    assert behind(subnet, "vpcId") == {"agent-net-vpc"}
    assert recording.get(RULES).inputs["ingresses"][0]["sourceSecurityId"] is UNKNOWN
    assert recording.get(RULES).inputs["egresses"] == [OUT]
    assert recording.get(NAT).inputs["assignedEipSets"] == [UNKNOWN]
    route = recording.get(ROUTE)
    assert (route.inputs["nextHub"], route.inputs["routeTableId"]) == (UNKNOWN, UNKNOWN)
    assert behind(route, "nextHub") == {"agent-net-nat"}
    assert recording.get("qiao:tencentcloud:Network").outputs["subnet_ids"] == dict.fromkeys(ZONES, UNKNOWN)


def test_two_side_by_side_share_no_name() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-net", "agent-lab"):
            Network(name, NetworkArgs(scope=scope, zones=ZONES, egress=True), opts)

    recording = recorded(build)
    assert {r.inputs["name"] for r in recording.of_type(VPC)} == {"qiao-dev-agent-net", "qiao-dev-agent-lab"}
    lab = [r for r in recording.resources if r.name.startswith("agent-lab-")]
    assert {name for r in lab for name in waits_for(r) if name.startswith("agent-net-")} == set()


@pytest.mark.parametrize(
    ("native", "message"),
    [
        (lambda: "big", "NetworkArgs.native of agent-net: str is not for tencentcloud; give a NetworkNative"),
        (
            lambda: NetworkNative(eip_bandwidth_mbps=200),
            "NetworkNative.eip_bandwidth_mbps: 200 is out of range; use 1 to 100 Mbit/s",
        ),
        (
            lambda: NetworkNative(eip_bandwidth_mbps=0),
            "NetworkNative.eip_bandwidth_mbps: 0 is out of range; use 1 to 100 Mbit/s",
        ),
    ],
)
def test_wrong_extras_are_refused(native: object, message: str) -> None:
    with pytest.raises(UserError) as error:
        network(native=native())  # type: ignore[operator]
    assert str(error.value) == message
