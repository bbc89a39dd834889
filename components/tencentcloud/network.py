"""Network on Tencent Cloud: VPC, a subnet in each of two zones, security group, and a NAT gateway where asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from tencentcloud_iac_pulumi import eip, nat, route, security, subnet, vpc

from components import network
from components.base import after
from components.checks import in_range
from components.errors import UserError
from components.network import IngressRule, NetworkArgs

MOST_RULES = 99
"""A group takes 100 rules a direction, and one of them lets its own members in."""
LONGEST_DESCRIPTION = 100
"""Characters of a rule's description."""


@dataclass(frozen=True, kw_only=True)
class NetworkNative:
    """What only Tencent Cloud knows about a network."""

    eip_bandwidth_mbps: int | None = 100
    """Peak bandwidth of the fixed address. Default 100: billed by traffic, so the peak costs nothing. Limit: 1 to 100.
    None where the account is of the old kind, billed by machine (传统账户类型): it then takes neither."""

    def __post_init__(self) -> None:
        in_range("NetworkNative.eip_bandwidth_mbps", self.eip_bandwidth_mbps, 1, 100, "Mbit/s")


class Network(network.Network):
    """A VPC with two subnets and a security group; with `egress`, a standard NAT gateway on one fixed address.

    Functions in it reach the internet with or without `egress`; with it, callers that allow-list see one address, once
    the function's own way out (its `internet_access`) is closed.

    Rules that anyone adds to the group by hand are taken away by the next `up`: the list is one, and Qiao's. Name them
    in `ingress`.

    The cards of a deleted function hold subnet and group for minutes more, and the provider tries for three: where
    `destroy` stops there, run it once more.
    """

    cloud = "tencentcloud"

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(NetworkNative, args.native)
        self._vpc = self._declare_vpc(args)
        self._subnets = {zone: self._declare_subnet(zone, block) for zone, block in args.blocks().items()}
        group = self._declare_security_group()
        rules = self._declare_rules(group, args.ingress)
        self.finish(
            vpc_id=self._vpc.id,
            subnet_ids={zone: subnet.id for zone, subnet in self._subnets.items()},
            subnet_cidrs=args.blocks(),
            # What joins a group without a rule reaches nothing, and some services look only once.
            security_group_id=after(group.id, rules.security_group_id),
            cidr=args.cidr,
            egress_ip=self._declare_egress() if args.egress else None,
        )

    @classmethod
    def check(cls, name: str, args: NetworkArgs) -> None:
        """Refuse more rules than a group takes, descriptions that are too long, and extras of another cloud."""
        cls.native_of(name, NetworkNative, args.native)
        where = f"NetworkArgs.ingress of {name}"
        if len(args.ingress) > MOST_RULES:
            raise UserError(where, f"{len(args.ingress)} rules given", f"give at most {MOST_RULES}: join their blocks")
        for rule in args.ingress:
            length = len(rule.description)
            if length > LONGEST_DESCRIPTION:
                instead = f"use at most {LONGEST_DESCRIPTION}"
                raise UserError(where, f"the description of {rule.key} has {length} characters", instead)

    def _declare_vpc(self, args: NetworkArgs) -> vpc.Instance:
        return vpc.Instance(
            self.child("vpc"),
            cidr_block=args.cidr,
            name=self.physical_name("tencentcloud:Vpc/instance:Instance"),
            # Left out, it is on.
            is_multicast=False,
            tags=self.tags(),
            opts=self.options(stateful=True, retain_on_delete=None),
        )

    def _declare_subnet(self, zone: str, block: str) -> subnet.Instance:
        return subnet.Instance(
            self.child("subnet", zone),
            vpc_id=self._vpc.id,
            availability_zone=zone,
            cidr_block=block,
            name=self.physical_name("tencentcloud:Subnet/instance:Instance", zone.rsplit("-", 1)[-1]),
            is_multicast=False,
            tags=self.tags(),
            # Without a route table of its own it follows the network's, where `egress` has its route.
            opts=self.options(stateful=True, retain_on_delete=None),
        )

    def _declare_security_group(self) -> security.Group:
        return security.Group(
            self.child("security-group"),
            name=self.physical_name("tencentcloud:Security/group:Group"),
            description=f"{self.scope.project} {self.scope.stage} {self.logical_name}"[:LONGEST_DESCRIPTION],
            tags=self.tags(),
            opts=self.options(),
        )

    def _declare_rules(self, group: security.Group, rules: Sequence[IngressRule]) -> security.GroupRuleSet:
        """All rules of the group in one list: a resource a rule would each rewrite what the others wrote."""
        return security.GroupRuleSet(
            self.child("rules"),
            security_group_id=group.id,
            ingresses=[_members(group.id), *(_ingress(rule) for rule in rules)],
            # A new group lets nothing out: calls to databases, caches and file systems too need this.
            egresses=[
                security.GroupRuleSetEgressArgs(action="ACCEPT", protocol="ALL", port="ALL", cidr_block="0.0.0.0/0")
            ],
            opts=self.options(),
        )

    def _declare_egress(self) -> pulumi.Output[str]:
        """NAT gateway on one fixed address, and the route of the whole network to it."""
        address = self._declare_address()
        gateway = nat.Gateway(
            self.child("nat"),
            vpc_id=self._vpc.id,
            # Addresses, not ids.
            assigned_eip_sets=[address.public_ip],
            name=self.physical_name("tencentcloud:Nat/gateway:Gateway"),
            # The standard kind, billed by use: bandwidth and connections are not chosen, and refused where they are.
            nat_product_version=2,
            tags=self.tags(),
            # An address is on one gateway at a time: the old one goes before the new one is made.
            opts=self.options(stateful=True, retain_on_delete=None, delete_before_replace=True),
        )
        route.TableEntry(
            self.child("egress-route"),
            route_table_id=self._vpc.default_route_table_id,
            destination_cidr_block="0.0.0.0/0",
            next_type="NAT",
            next_hub=gateway.id,
            # A table takes one route to the same place.
            opts=self.options(delete_before_replace=True),
        )
        return address.public_ip

    def _declare_address(self) -> eip.Instance:
        return eip.Instance(
            self.child("egress-ip"),
            name=self.physical_name("tencentcloud:Eip/instance:Instance"),
            internet_charge_type="TRAFFIC_POSTPAID_BY_HOUR" if self._native.eip_bandwidth_mbps else None,
            internet_max_bandwidth_out=self._native.eip_bandwidth_mbps,
            tags=self.tags(),
            # Callers allow-list this address: losing it is losing data.
            opts=self.options(stateful=True),
        )


def _members(group: pulumi.Input[str]) -> security.GroupRuleSetIngressArgs:
    """What joined the group reaches what joined it: on this cloud only where a rule says so."""
    # Capitals: of "all" the cloud makes "ALL", and every preview would tell the two apart.
    return security.GroupRuleSetIngressArgs(
        action="ACCEPT", protocol="ALL", port="ALL", source_security_id=group, description="members of this group"
    )


def _ingress(rule: IngressRule) -> security.GroupRuleSetIngressArgs:
    port = str(rule.port) if rule.last_port == rule.port else f"{rule.port}-{rule.last_port}"
    return security.GroupRuleSetIngressArgs(
        action="ACCEPT", protocol=rule.protocol.upper(), port=port, cidr_block=rule.block,
        description=rule.description,
    )  # fmt: skip
