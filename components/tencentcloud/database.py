"""What the databases of Tencent Cloud share: who may reach them, where they stand, what their passwords are made of."""

from __future__ import annotations

from typing import Any

import pulumi
from tencentcloud_iac_pulumi import security

from components import allow_list
from components.base import Component, after
from components.errors import UserError
from components.mysql import MysqlArgs
from components.network import NetworkLike
from components.postgres import PostgresArgs
from components.redis import RedisArgs

Args = PostgresArgs | MysqlArgs | RedisArgs
PASSWORD_SPECIAL = "_-"  # noqa: S105 - an alphabet, not a password
"""Those special characters that all three services take and that need no encoding in an address."""
LONGEST_DESCRIPTION = 100
"""Characters of a security group's description."""


def allowed(args: Args) -> str:
    """The setting that the allow-list comes from, for errors."""
    return f"{type(args).__name__}.network.subnet_cidrs"


def zones(args: Args) -> tuple[str, str]:
    """Zone of the first node and of the second: the same one where the profile does not ask for high availability."""
    known = list(args.network.subnet_ids)
    if not args.scope.profile.high_availability:
        return known[0], known[0]
    if len(known) < 2:
        where = f"{type(args).__name__}.network"
        raise UserError(where, "high availability wants two zones", "give a network of two subnets")
    return known[0], known[1]


def group(owner: Component, args: Args, port: int) -> pulumi.Output[str]:
    """Id of a security group of the database's own, known when its rules are in force: the subnets, and nobody else.

    A database on this cloud has no allow-list. Functions in a network are no members of its group either, so the rules
    name the subnets' blocks. The network's own group is left out: whatever its `ingress` lets in would reach the
    database too.

    Args:
        owner: the component; the group and its list of rules are its children.
        args: its arguments.
        port: the database's port.
    """
    made = security.Group(
        owner.child("security-group"),
        name=owner.physical_name("tencentcloud:Security/group:Group"),
        description=f"{owner.scope.project} {owner.scope.stage} {owner.logical_name}"[:LONGEST_DESCRIPTION],
        tags=owner.tags(),
        # A database that outlives the stack keeps the group that guards it.
        opts=owner.options(retain_on_delete=owner.profile.retain or None),
    )
    rules = _declare_rules(owner, args, made, port)
    return after(made.id, rules.security_group_id)


def _declare_rules(owner: Component, args: Args, made: security.Group, port: int) -> security.GroupRuleSet:
    network: NetworkLike = args.network
    blocks = list(zip(network.subnet_cidrs, allow_list.blocks(allowed(args), network), strict=True))
    return security.GroupRuleSet(
        owner.child("rules"),
        security_group_id=made.id,
        # Protocol and port in full and in capitals: what is left out, or small, differs on every preview.
        ingresses=[
            security.GroupRuleSetIngressArgs(
                action="ACCEPT", protocol="TCP", port=str(port), cidr_block=block, description=f"subnet in {zone}"
            )
            for zone, block in blocks
        ],
        # A database answers, which needs no rule. An empty list is not sure to be taken; this one is as good as empty.
        egresses=[
            security.GroupRuleSetEgressArgs(
                action="ACCEPT", protocol="ALL", port="ALL", cidr_block=block, description=f"subnet in {zone}"
            )
            for zone, block in blocks
        ],
        opts=owner.options(retain_on_delete=owner.profile.retain or None),
    )


def attached(
    owner: Component, instance: pulumi.CustomResource, last: pulumi.Resource, **more: Any
) -> pulumi.ResourceOptions:
    """Options of what belongs to an instance: one operation after the other, and all gone with the instance.

    The services refuse an operation while the instance is busy with another. An instance that outlives the stack keeps
    what belongs to it.

    Args:
        owner: the component.
        instance: what it belongs to.
        last: what was declared before it.
        more: further options.
    """
    return owner.options(
        depends_on=[last], deleted_with=instance, retain_on_delete=owner.profile.retain or None, **more
    )


def private_host(address: str | None) -> str:
    """The private address that an instance or a file system reports; an error where it reports none."""
    if not address:
        raise UserError("tencentcloud", "there is no private address yet", "run `up` again in a minute")
    return address
