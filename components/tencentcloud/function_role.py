"""The role that a function runs as: what its application asks for, and nothing else.

The platform fetches images, writes logs and joins networks as a role of its own (SCF_QcsRole), which a person allows
once an account. So a function without `permissions` has no role, and its code no keys.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from tencentcloud_iac_pulumi import cam

from components.base import Component
from components.function import FunctionArgs
from components.tencentcloud.identity import policy_document

ROLE, POLICY = "tencentcloud:Cam/role:Role", "tencentcloud:Cam/policy:Policy"
SERVICE = "scf.qcloud.com"


@dataclass(frozen=True, kw_only=True)
class RunsAs:
    """Who a function is."""

    name: pulumi.Input[str] | None
    """The role; None where it needs no rights."""
    attached: Sequence[pulumi.Resource] = ()
    """What must stand before the role may do what it has to."""


def declare_role(owner: Component, args: FunctionArgs, adopted: pulumi.Input[str] | None) -> RunsAs:
    """Declare the function's own role, or take one that is there.

    Roles are the account's, not the region's, so names carry the region.

    Args:
        owner: the function's component.
        args: its arguments.
        adopted: a role that is there already.
    """
    if adopted is not None:
        return RunsAs(name=adopted)
    if not args.permissions:
        return RunsAs(name=None)
    region = owner.scope.region
    what = f"{owner.logical_name} of {owner.scope.project}/{owner.scope.stage}"
    role = cam.Role(
        owner.child("role"),
        name=owner.physical_name(ROLE, region),
        description=f"what the function runs as: {what}",
        document=trust(SERVICE),
        tags=owner.tags(),
        # Its name is taken as long as the old one is there.
        opts=owner.options(delete_before_replace=True),
    )
    policy = cam.Policy(
        owner.child("policy"),
        name=owner.physical_name(POLICY, region),
        description=f"what the role may do: {what}",
        document=policy_document(args.permissions),
        opts=owner.options(delete_before_replace=True),
    )
    attachment = cam.RolePolicyAttachmentByName(
        owner.child("role", "attached"),
        role_name=role.name,
        policy_name=policy.name,
        opts=owner.options(delete_before_replace=True),
    )
    return RunsAs(name=role.name, attached=[attachment])


def trust(service: str) -> str:
    """Who may take a role on: one service, and nobody else. Lists throughout: bare words come back as lists."""
    statement = {"action": ["name/sts:AssumeRole"], "effect": "allow", "principal": {"service": [service]}}
    return json.dumps({"statement": [statement], "version": "2.0"}, separators=(",", ":"))
