"""Network: a private network over two zones, with its security group and, where asked, a fixed way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi

from components import cidr
from components.base import Args, Component
from components.checks import in_range, shown, unique
from components.errors import UserError


@dataclass(frozen=True, kw_only=True)
class IngressRule:
    """Traffic let in to the security group."""

    port: int
    """First port. Limit: 1 to 65535."""
    to_port: int | None = None
    """Last port. Default: the first, for a single port."""
    cidr: str
    """Who may come, as a block. 0.0.0.0/0 to ports 22 and 3389 is refused everywhere."""
    protocol: Literal["tcp", "udp"] = "tcp"
    """Transport. Default tcp."""
    description: str = ""
    """Shown in the cloud's console."""

    def __post_init__(self) -> None:
        in_range("IngressRule.port", self.port, 1, 65535)
        in_range("IngressRule.to_port", self.to_port, self.port, 65535)
        cidr.parse("IngressRule.cidr", self.cidr)
        admin = [port for port in (22, 3389) if self.port <= port <= self.last_port]
        if admin and cidr.is_world(self.cidr):
            raise UserError("IngressRule.cidr", f"port {admin[0]} is open to the world", "name the block that needs it")

    @property
    def last_port(self) -> int:
        """Last port of the range."""
        return self.to_port or self.port

    @property
    def block(self) -> str:
        """The block in its one spelling: a single address as /32."""
        return str(cidr.parse("IngressRule.cidr", self.cidr))

    @property
    def key(self) -> str:
        """What tells one rule from another: a cloud keeps two equal ones as one, and deleting either deletes it."""
        return f"{self.protocol}-{self.port}-{self.last_port}-{self.block.replace('/', '-')}"


@dataclass(frozen=True, kw_only=True)
class NetworkArgs(Args):
    """What a Network takes."""

    zones: Sequence[str]
    """Exactly two zones of the scope's region (`cn-beijing-a`, `cn-beijing-b`). No default: zone order differs by
    account and a zone cannot be changed in place."""
    cidr: str = "10.0.0.0/16"
    """The network's block: private, /8 to /22. Default 10.0.0.0/16. Cannot be changed in place."""
    subnet_cidrs: Mapping[str, str] = field(default_factory=dict)
    """A block by zone, where the address plan must be another. Default: planned, with room for more zones and tiers."""
    egress: bool = False
    """Whether to own a NAT gateway with one fixed address (callers that allow-list you need it). Billed by the hour.
    Default False: functions use the cloud's shared way out."""
    ingress: Sequence[IngressRule] = ()
    """Traffic let in to the security group. Default: none beyond the group itself."""
    native: object | None = None
    """What only one cloud knows (`NetworkNative` of its module)."""

    def __post_init__(self) -> None:
        check_zones("NetworkArgs.zones", self.zones, self.scope.region)
        unique("NetworkArgs.ingress", [rule.key for rule in self.ingress])
        self.blocks()

    def blocks(self) -> dict[str, str]:
        """The subnet block of each zone, planned or given; refused when outside the network or overlapping."""
        network = cidr.parse_private("NetworkArgs.cidr", self.cidr)
        where = "NetworkArgs.subnet_cidrs"
        for zone in self.subnet_cidrs:
            if zone not in self.zones:
                raise UserError(where, f"{shown(zone)} is not one of the zones", "use " + ", ".join(self.zones))
        blocks = cidr.plan("NetworkArgs.zones", self.cidr, self.zones) | dict(self.subnet_cidrs)
        for block in blocks.values():
            if not cidr.parse(where, block).subnet_of(network):
                raise UserError(where, f"{block} lies outside {self.cidr}", "give a block inside the network")
        cidr.refuse_overlap(where, list(blocks.values()))
        return {zone: blocks[zone] for zone in self.zones}


def check_zones(where: str, zones: Sequence[str], region: str) -> None:
    """Refuse anything but two zones of the region."""
    unique(where, zones)
    if len(zones) != 2:
        raise UserError(where, f"{len(zones)} zones given", "give two zones of the region")
    for zone in zones:
        if not zone.startswith(region + "-"):
            raise UserError(where, f"{shown(zone)} is not in {region}", "give zones of that region")
        cidr.zone_slot(where, zone)


class Network(Component):
    """A private network with a subnet in each of two zones and a security group.

    Billed by the hour: the NAT gateway and its address, where `egress` asks for them. The rest is free.
    """

    concept = "Network"
    OUTPUTS = ("vpc_id", "subnet_ids", "subnet_cidrs", "security_group_id", "cidr", "egress_ip")

    vpc_id: pulumi.Output[str]
    """Id of the network."""
    subnet_ids: dict[str, pulumi.Output[str]]
    """Id of the subnet in each zone."""
    subnet_cidrs: dict[str, str]
    """Block of the subnet in each zone: what allow-lists of databases hold."""
    security_group_id: pulumi.Output[str]
    """Id of the security group that functions and databases join."""
    cidr: str
    """The network's block."""
    egress_ip: pulumi.Output[str] | None
    """The fixed address that outbound calls come from, or None without `egress`."""

    def __init__(self, name: str, args: NetworkArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)


@dataclass(frozen=True, kw_only=True)
class ExistingNetwork:
    """A network that is there already, made by anyone, given by its ids."""

    vpc_id: pulumi.Input[str]
    """Id of the network."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Id of a subnet in each of two zones."""
    security_group_id: pulumi.Input[str]
    """Id of the security group to join."""
    subnet_cidrs: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Block of each subnet; needed by databases, whose allow-list it is."""
    cidr: pulumi.Input[str] = ""
    """The network's block, where known."""


NetworkLike = Network | ExistingNetwork
"""What an argument that names a network takes."""
