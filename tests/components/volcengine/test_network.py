from __future__ import annotations

import pulumi
import pytest

from components.errors import UserError
from components.network import IngressRule, NetworkArgs
from components.scope import Scope
from components.volcengine.network import Network, NetworkNative
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.volcengine.support import ZONES, behind, marked, probe, probed, recorded, tags_of, waits_for

VPC, SUBNET = "volcengine:vpc/vpc:Vpc", "volcengine:vpc/subnet:Subnet"
GROUP, RULE = "volcengine:vpc/securityGroup:SecurityGroup", "volcengine:vpc/securityGroupRule:SecurityGroupRule"
NAT, SNAT = "volcengine:nat/gateway:Gateway", "volcengine:nat/snatEntry:SnatEntry"
ADDRESS, ATTACHED = "volcengine:eip/address:Address", "volcengine:eip/associate:Associate"


def network(stage: str = "dev", *, preview: bool = False, **args: object) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Network("agent-net", NetworkArgs(scope=scope, zones=ZONES, **args), opts)  # type: ignore[arg-type]
        probe("egress", it.egress_ip)

    return recorded(build, stage, preview=preview)  # type: ignore[arg-type]


def test_a_vpc_with_a_subnet_in_each_zone() -> None:
    recording = network(cidr="10.8.0.0/16")
    vpc = recording.get(VPC)
    assert (vpc.name, vpc.inputs["vpcName"]) == ("agent-net-vpc", "qiao-dev-agent-net")
    assert (vpc.inputs["cidrBlock"], vpc.inputs["tags"]) == ("10.8.0.0/16", tags_of("agent-net"))
    for zone, block in zip(ZONES, ("10.8.0.0/22", "10.8.4.0/22"), strict=True):
        subnet = recording.get(SUBNET, f"agent-net-subnet-{zone}")
        assert (subnet.inputs["zoneId"], subnet.inputs["cidrBlock"]) == (zone, block)
        assert subnet.inputs["subnetName"] == f"qiao-dev-agent-net-{zone[-1]}"
        assert subnet.inputs["vpcId"] == vpc.id
        assert behind(subnet, "vpcId") == {"agent-net-vpc"}
    group = recording.get(GROUP)
    assert group.inputs["vpcId"] == vpc.id
    assert recording.of_type(RULE) == [], "a group lets its own members in by itself; a twin rule would share that one"


def test_no_way_out_of_its_own_unless_asked() -> None:
    recording = network()
    assert [recording.of_type(kind) for kind in (NAT, SNAT, ADDRESS, ATTACHED)] == [[], [], [], []]
    assert recording.get("qiao:volcengine:Network").outputs.get("egress_ip") is None


def test_egress_goes_through_one_fixed_address() -> None:
    recording = network(egress=True)
    nat, address, attached = recording.get(NAT), recording.get(ADDRESS), recording.get(ATTACHED)
    assert nat.inputs["subnetId"] == recording.get(SUBNET, f"agent-net-subnet-{ZONES[0]}").id
    assert nat.inputs["natGatewayName"] == "qiao-dev-agent-net"
    assert (nat.inputs["billingType"], nat.inputs["networkType"]) == ("PostPaidByUsage", "internet")
    assert "spec" not in nat.inputs
    assert (address.inputs["billingType"], address.inputs["bandwidth"]) == ("PostPaidByTraffic", 100)
    assert attached.inputs == {"allocationId": address.id, "instanceId": nat.id, "instanceType": "Nat"}
    assert attached.delete_before_replace is True, "one gateway at a time has the address"
    assert probed(recording, "egress")[0] == address.outputs["eipAddress"]


def test_each_subnet_is_translated_once_the_address_is_attached() -> None:
    recording = network(egress=True)
    for zone in ZONES:
        entry = recording.get(SNAT, f"agent-net-snat-{zone}")
        assert entry.inputs["subnetId"] == recording.get(SUBNET, f"agent-net-subnet-{zone}").id
        assert entry.inputs["eipId"] == recording.get(ADDRESS).id
        assert entry.inputs["natGatewayId"] == recording.get(NAT).id
        assert "agent-net-egress-ip-attached" in waits_for(entry)


def test_a_sized_gateway_is_billed_by_the_hour() -> None:
    nat = network(egress=True, native=NetworkNative(nat_spec="Medium", eip_bandwidth_mbps=50)).get(NAT)
    assert (nat.inputs["billingType"], nat.inputs["spec"]) == ("PostPaid", "Medium")


def test_ingress_rules() -> None:
    rules = [IngressRule(port=8000, cidr="10.0.0.0/16"), IngressRule(port=443, to_port=444, cidr="203.0.113.7")]
    recording = network(ingress=rules)
    one = recording.get(RULE, "agent-net-ingress-tcp-8000-8000-10.0.0.0-16").inputs
    other = recording.get(RULE, "agent-net-ingress-tcp-443-444-203.0.113.7-32").inputs
    assert one["securityGroupId"] == recording.get(GROUP).id
    assert (one["direction"], one["protocol"]) == ("ingress", "tcp")
    assert (one["portStart"], one["portEnd"], one["cidrIp"]) == (8000, 8000, "10.0.0.0/16")
    assert (other["portStart"], other["portEnd"], other["cidrIp"]) == (443, 444, "203.0.113.7/32")


def test_two_spellings_of_one_rule_are_refused() -> None:
    rules = [IngressRule(port=443, cidr="203.0.113.7"), IngressRule(port=443, to_port=443, cidr="203.0.113.7/32")]
    with pytest.raises(UserError) as error:
        network(ingress=rules)
    assert str(error.value) == "NetworkArgs.ingress: 'tcp-443-443-203.0.113.7-32' is given twice; give each once"


def test_prod_protects_what_is_long_to_rebuild_and_keeps_the_address() -> None:
    recording = network("prod", egress=True)
    subnets = {f"agent-net-subnet-{zone}" for zone in ZONES}
    assert marked(recording, "protect") == subnets | {"agent-net-vpc", "agent-net-nat", "agent-net-egress-ip"}
    assert marked(recording, "retain_on_delete") == {"agent-net-egress-ip"}


def test_dev_is_disposable() -> None:
    recording = network(egress=True)
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()


def test_the_first_preview_knows_the_plan_but_no_id() -> None:
    recording = network(preview=True, egress=True)
    subnet = recording.get(SUBNET, f"agent-net-subnet-{ZONES[1]}")
    assert (subnet.inputs["cidrBlock"], subnet.inputs["vpcId"]) == ("10.0.4.0/22", UNKNOWN)
    assert behind(subnet, "vpcId") == {"agent-net-vpc"}
    assert recording.get(ATTACHED).inputs["instanceId"] is UNKNOWN
    assert recording.get("qiao:volcengine:Network").outputs["subnet_ids"] == dict.fromkeys(ZONES, UNKNOWN)


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
        (lambda: "big", "NetworkArgs.native of agent-net: str is not for volcengine; give a NetworkNative"),
        (
            lambda: NetworkNative(nat_spec="Tiny"),
            "NetworkNative.nat_spec: 'Tiny' is unknown; use one of Large, Medium, Small",
        ),
    ],
)
def test_wrong_extras_are_refused(native: object, message: str) -> None:
    with pytest.raises(UserError) as error:
        network(native=native())  # type: ignore[operator]
    assert str(error.value) == message
