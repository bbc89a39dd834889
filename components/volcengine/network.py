"""Network on Volcengine: VPC, a subnet in each of two zones, security group, and a NAT gateway where asked."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
from pulumi_volcengine import eip, nat, vpc

from components import network
from components.checks import one_of
from components.network import IngressRule, NetworkArgs
from components.volcengine.facts import tag_list


@dataclass(frozen=True, kw_only=True)
class NetworkNative:
    """What only Volcengine knows about a network."""

    nat_spec: str | None = None
    """Size of the NAT gateway: Small, Medium or Large. Default: billed by usage, without a size. Going from the one to
    the other replaces the gateway; the fixed address stays."""
    eip_bandwidth_mbps: int = 100
    """Peak bandwidth of the fixed address. Default 100: billed by traffic, so the peak costs nothing."""

    def __post_init__(self) -> None:
        one_of("NetworkNative.nat_spec", self.nat_spec, ("Small", "Medium", "Large"))


class Network(network.Network):
    """A VPC with two subnets and a security group; with `egress`, a NAT gateway on one fixed address."""

    cloud = "volcengine"

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(NetworkNative, args.native)
        self._vpc = self._declare_vpc(args)
        self._subnets = {zone: self._declare_subnet(zone, block) for zone, block in args.blocks().items()}
        self._group = self._declare_security_group()
        for rule in args.ingress:
            self._declare_ingress(rule)
        self.finish(
            vpc_id=self._vpc.id,
            subnet_ids={zone: subnet.id for zone, subnet in self._subnets.items()},
            subnet_cidrs=args.blocks(),
            security_group_id=self._group.id,
            cidr=args.cidr,
            egress_ip=self._declare_egress() if args.egress else None,
        )

    def _declare_vpc(self, args: NetworkArgs) -> vpc.Vpc:
        return vpc.Vpc(
            self.child("vpc"),
            cidr_block=args.cidr,
            vpc_name=self.physical_name("volcengine:vpc/vpc:Vpc"),
            tags=tag_list(vpc.VpcTagArgs, self.tags()),
            opts=self.options(stateful=True, retain_on_delete=None),
        )

    def _declare_subnet(self, zone: str, block: str) -> vpc.Subnet:
        return vpc.Subnet(
            self.child("subnet", zone),
            vpc_id=self._vpc.id,
            zone_id=zone,
            cidr_block=block,
            subnet_name=self.physical_name("volcengine:vpc/subnet:Subnet", zone.rsplit("-", 1)[-1]),
            tags=tag_list(vpc.SubnetTagArgs, self.tags()),
            opts=self.options(stateful=True, retain_on_delete=None),
        )

    def _declare_security_group(self) -> vpc.SecurityGroup:
        # A new group already lets its own members in and everything out: declaring those again makes twins that share
        # one cloud rule, and deleting one twin deletes both.
        return vpc.SecurityGroup(
            self.child("security-group"),
            vpc_id=self._vpc.id,
            security_group_name=self.physical_name("volcengine:vpc/securityGroup:SecurityGroup"),
            tags=tag_list(vpc.SecurityGroupTagArgs, self.tags()),
            opts=self.options(),
        )

    def _declare_ingress(self, rule: IngressRule) -> None:
        vpc.SecurityGroupRule(
            self.child("ingress", rule.key),
            security_group_id=self._group.id,
            direction="ingress",
            protocol=rule.protocol,
            port_start=rule.port,
            port_end=rule.last_port,
            cidr_ip=rule.block,
            description=rule.description,
            opts=self.options(),
        )

    def _declare_egress(self) -> pulumi.Output[str]:
        """NAT gateway in the first zone, one fixed address, and a translation entry for each subnet."""
        first = next(iter(self._subnets.values()))
        sized = self._native.nat_spec
        gateway = nat.Gateway(
            self.child("nat"),
            vpc_id=self._vpc.id,
            subnet_id=first.id,
            # An unset name is reported back by the API and then differs on every preview.
            nat_gateway_name=self.physical_name("volcengine:nat/gateway:Gateway"),
            billing_type="PostPaid" if sized else "PostPaidByUsage",
            spec=sized,
            network_type="internet",
            tags=tag_list(nat.GatewayTagArgs, self.tags()),
            opts=self.options(stateful=True, retain_on_delete=None),
        )
        address = eip.Address(
            self.child("egress-ip"),
            billing_type="PostPaidByTraffic",
            bandwidth=self._native.eip_bandwidth_mbps,
            name=self.physical_name("volcengine:eip/address:Address"),
            tags=tag_list(eip.AddressTagArgs, self.tags()),
            # Callers allow-list this address: losing it is losing data.
            opts=self.options(stateful=True),
        )
        attached = eip.Associate(
            self.child("egress-ip-attached"),
            allocation_id=address.id,
            instance_id=gateway.id,
            instance_type="Nat",
            # An address is attached to one gateway at a time: it leaves the old one before it joins the new one.
            opts=self.options(delete_before_replace=True),
        )
        for zone, subnet in self._subnets.items():
            nat.SnatEntry(
                self.child("snat", zone),
                nat_gateway_id=gateway.id,
                subnet_id=subnet.id,
                eip_id=address.id,
                # No data edge says so, yet the entry is refused until the address is attached to the gateway.
                opts=self.options(depends_on=[attached]),
            )
        return address.eip_address
