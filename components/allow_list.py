"""Whom a database lets in: the blocks of its network's subnets, all private, and nobody else."""

from __future__ import annotations

from functools import partial

import pulumi

from components import cidr
from components.base import as_output
from components.checks import is_plain
from components.errors import UserError
from components.network import NetworkLike


def blocks(where: str, network: NetworkLike) -> list[pulumi.Output[str]]:
    """The subnets' blocks; each refused as soon as it is known unless it is private.

    Args:
        where: the setting, for errors (`PostgresArgs.network.subnet_cidrs`).
        network: the database's network.
    """
    return [as_output(block).apply(partial(_refuse_public, where)) for block in network.subnet_cidrs.values()]


def check(where: str, network: NetworkLike) -> None:
    """Refuse blocks that are known now and not private."""
    for block in network.subnet_cidrs.values():
        if is_plain(block):
            _refuse_public(where, str(block))


def _refuse_public(where: str, block: str) -> str:
    if not any(cidr.parse(where, block).subnet_of(private) for private in cidr.PRIVATE):
        raise UserError(where, f"{block} is not private", "give the subnets' own blocks: a database is never public")
    return block
