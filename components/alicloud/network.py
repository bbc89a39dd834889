"""Network on Alibaba Cloud: VPC, a vswitch in each of two zones, security group, and a NAT gateway where asked."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_alicloud import ecs, vpc

from components import network
from components.base import after
from components.checks import in_range
from components.network import IngressRule, NetworkArgs

PATIENCE = "20m"
"""How long a deletion goes on trying: the network cards of a deleted function, and the security group that a deleted
gateway made for itself, hold vswitch, group and network for minutes more."""


@dataclass(frozen=True, kw_only=True)
class NetworkNative:
    """What only Alibaba Cloud knows about a network."""

    eip_bandwidth_mbps: int = 100
    """Peak bandwidth of the fixed address. Default 100: billed by traffic, so the peak costs nothing. Limit: 1 to
    200."""

    def __post_init__(self) -> None:
        in_range("NetworkNative.eip_bandwidth_mbps", self.eip_bandwidth_mbps, 1, 200, "Mbit/s")


class Network(network.Network):
    """A VPC with two vswitches and a security group; with `egress`, an enhanced NAT gateway on one fixed address.

    Functions in it reach the internet with or without `egress`; with it, callers that allow-list see one address, once
    the function's own way out (its `internet_access`) is closed.

    Pick zones that every product in use has: those of functions, gateway, databases and file systems differ, and
    another zone means another vswitch, with all that stands in it.
    """

    cloud = "alicloud"

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(NetworkNative, args.native)
        self._vpc = self._declare_vpc(args)
        self._switches = {zone: self._declare_switch(zone, block) for zone, block in args.blocks().items()}
        self._group = self._declare_security_group()
        for rule in args.ingress:
            self._declare_ingress(rule)
        self.finish(
            vpc_id=self._vpc.id,
            subnet_ids={zone: switch.id for zone, switch in self._switches.items()},
            subnet_cidrs=args.blocks(),
            security_group_id=self._group.id,
            cidr=args.cidr,
            egress_ip=self._declare_egress() if args.egress else None,
        )

    @classmethod
    def check(cls, name: str, args: NetworkArgs) -> None:
        """Refuse extras of another cloud."""
        cls.native_of(name, NetworkNative, args.native)

    def _declare_vpc(self, args: NetworkArgs) -> vpc.Network:
        return vpc.Network(
            self.child("vpc"),
            cidr_block=args.cidr,
            vpc_name=self.physical_name("alicloud:vpc/network:Network"),
            tags=self.tags(),
            opts=self._slow_to_go(),
        )

    def _declare_switch(self, zone: str, block: str) -> vpc.Switch:
        return vpc.Switch(
            self.child("vswitch", zone),
            vpc_id=self._vpc.id,
            zone_id=zone,
            cidr_block=block,
            vswitch_name=self.physical_name("alicloud:vpc/switch:Switch", zone.rsplit("-", 1)[-1]),
            tags=self.tags(),
            opts=self._slow_to_go(),
        )

    def _slow_to_go(self) -> pulumi.ResourceOptions:
        return self.options(
            stateful=True, retain_on_delete=None, custom_timeouts=pulumi.CustomTimeouts(delete=PATIENCE)
        )

    def _declare_security_group(self) -> ecs.SecurityGroup:
        return ecs.SecurityGroup(
            self.child("security-group"),
            vpc_id=self._vpc.id,
            security_group_name=self.physical_name("alicloud:ecs/securityGroup:SecurityGroup"),
            # A normal group lets everything out with no rule at all, and so calls to databases, caches and file
            # systems (NFS on 2049 and 111) need none. An enterprise group lets nothing out, nor its members in.
            security_group_type="normal",
            # The vocabulary's promise: what joins the group reaches what joined it, and nothing else comes in. Left
            # out, the policy could not be set back once somebody changed it in the console.
            inner_access_policy="Accept",
            tags=self.tags(),
            opts=self.options(custom_timeouts=pulumi.CustomTimeouts(delete=PATIENCE)),
        )

    def _declare_ingress(self, rule: IngressRule) -> None:
        ecs.SecurityGroupRule(
            self.child("ingress", rule.key),
            security_group_id=self._group.id,
            type="ingress",
            ip_protocol=rule.protocol,
            port_range=f"{rule.port}/{rule.last_port}",
            cidr_ip=rule.block,
            # In a VPC the other kind is refused, though the internet comes in by this one too.
            nic_type="intranet",
            policy="accept",
            description=rule.description or None,
            opts=self.options(),
        )

    def _declare_egress(self) -> pulumi.Output[str]:
        """NAT gateway in the first zone, one fixed address, and a translation entry for each vswitch."""
        gateway, address = self._declare_nat(), self._declare_address()
        attached = ecs.EipAssociation(
            self.child("egress-ip-attached"),
            allocation_id=address.id,
            instance_id=gateway.id,
            instance_type="Nat",
            # An address is attached to one gateway at a time: it leaves the old one before it joins the new one. The
            # cloud reports where it put the address; both unset, a refreshed stack would attach it anew every time.
            opts=self.options(delete_before_replace=True, ignore_changes=["privateIpAddress", "vpcId"]),
        )
        # An entry is refused until the address is attached, and the address cannot leave before its entries. As what
        # replaces an entry comes by way of the attachment, the engine keeps both orders; `depends_on` keeps the first.
        table = after(gateway.snat_table_ids, attached.instance_id)
        for zone, switch in self._switches.items():
            vpc.SnatEntry(
                self.child("snat", zone),
                snat_table_id=table,
                source_vswitch_id=switch.id,
                snat_ip=address.ip_address,
                opts=self.options(),
            )
        return address.ip_address

    def _declare_nat(self) -> vpc.NatGateway:
        return vpc.NatGateway(
            self.child("nat"),
            vpc_id=self._vpc.id,
            vswitch_id=next(iter(self._switches.values())).id,
            nat_gateway_name=self.physical_name("alicloud:vpc/natGateway:NatGateway"),
            # The two others, Normal and PayBySpec, are no longer sold.
            nat_type="Enhanced",
            internet_charge_type="PayByLcu",
            payment_type="PayAsYouGo",
            network_type="internet",
            deletion_protection=self.profile.protect,
            tags=self.tags(),
            # Another vswitch is sent as a change of the gateway's type, which one of this type is refused; another kind
            # of network is not sent at all.
            opts=self.options(stateful=True, retain_on_delete=None, replace_on_changes=["networkType", "vswitchId"]),
        )

    def _declare_address(self) -> ecs.EipAddress:
        return ecs.EipAddress(
            self.child("egress-ip"),
            address_name=self.physical_name("alicloud:ecs/eipAddress:EipAddress"),
            payment_type="PayAsYouGo",
            internet_charge_type="PayByTraffic",
            bandwidth=str(self._native.eip_bandwidth_mbps),
            deletion_protection=self.profile.protect,
            tags=self.tags(),
            # Callers allow-list this address: losing it is losing data.
            opts=self.options(stateful=True),
        )
