"""Address plans: which block a subnet gets. A zone's block never moves when zones or tiers are added.

A network is cut into 64 equal slots: four tiers of sixteen zones. The slot of a zone is its letter or number, not its
place in a list, so adding a zone, or a tier, leaves every other subnet where it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import IPv4Network, ip_network

from components.checks import shown
from components.errors import UserError

ZONES, TIERS = 16, 4
LARGEST, SMALLEST = 8, 22
WORLD = 8
PRIVATE = tuple(IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))


def parse(where: str, cidr: str) -> IPv4Network:
    """An IPv4 block, refused when it is no block or has bits set to the right of its prefix."""
    try:
        network = ip_network(cidr)
    except ValueError:
        network = None
    # Python takes a mask behind the slash too; clouds do not.
    if network is None or not re.fullmatch(r"[^/]+(/[0-9]{1,3})?", cidr):
        raise UserError(where, f"{shown(cidr)} is not a network address", "write a block such as 10.0.0.0/16")
    if not isinstance(network, IPv4Network):
        raise UserError(where, f"{shown(cidr)} is IPv6", "write an IPv4 block such as 10.0.0.0/16")
    return network


def parse_private(where: str, cidr: str) -> IPv4Network:
    """A private IPv4 block large enough for the plan (/8 to /22)."""
    network = parse(where, cidr)
    if not any(network.subnet_of(block) for block in PRIVATE):
        raise UserError(where, f"{cidr} is not private", "use a block inside 10/8, 172.16/12 or 192.168/16")
    if not LARGEST <= network.prefixlen <= SMALLEST:
        raise UserError(where, f"/{network.prefixlen} cannot hold the plan", f"use /{LARGEST} to /{SMALLEST}")
    return network


def zone_slot(where: str, zone: str) -> int:
    """The slot of a zone, from its last part: `cn-beijing-a` is 0, `ap-guangzhou-3` is 2."""
    match = re.search(r"-(?:([a-p])|([1-9]|1[0-6]))$", zone)
    if not match:
        raise UserError(where, f"{shown(zone)} is not a zone", "write a zone such as cn-beijing-a")
    letter, number = match.groups()
    return ord(letter) - ord("a") if letter else int(number) - 1


def plan(where: str, cidr: str, zones: Sequence[str], tier: int = 0) -> dict[str, str]:
    """The subnet block of each zone in one tier of a network.

    Args:
        where: the field the user wrote, for errors.
        cidr: the network's block, private, /8 to /22.
        zones: the zones, each once.
        tier: 0 to 3; tier 0 is for applications.
    """
    if not 0 <= tier < TIERS:
        raise UserError(where, f"tier {tier} does not exist", f"use 0 to {TIERS - 1}")
    network = parse_private(where, cidr)
    slots = (ZONES * TIERS).bit_length() - 1
    size = 1 << (32 - network.prefixlen - slots)
    first = int(network.network_address)
    return {
        zone: str(IPv4Network((first + (tier * ZONES + zone_slot(where, zone)) * size, network.prefixlen + slots)))
        for zone in zones
    }


def refuse_overlap(where: str, blocks: Sequence[str]) -> None:
    """Refuse blocks that share an address."""
    networks = [parse(where, block) for block in blocks]
    for index, one in enumerate(networks):
        for other in networks[index + 1 :]:
            if one.overlaps(other):
                raise UserError(where, f"{one} overlaps {other}", "give blocks that share no address")


def is_world(cidr: str) -> bool:
    """Whether a block is the whole internet, or so large a part of it (wider than /8) that it makes no difference.

    `0.0.0.0/1` and `128.0.0.0/1` together are the world; a list that refused only `0.0.0.0/0` would take both.
    """
    return ip_network(cidr.strip(), strict=False).prefixlen < WORLD
