"""The role that a function runs as: what its settings need, what its application asks for, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_alicloud import ram

from components.alicloud.identity import policy_document
from components.base import Component
from components.bucket import BucketLike
from components.function import FunctionArgs, Mount
from components.identity import Statement

ROLE, POLICY = "alicloud:ram/role:Role", "alicloud:ram/policy:Policy"
NETWORK_ACTIONS = (
    "ecs:CreateNetworkInterface", "ecs:DeleteNetworkInterface", "ecs:DescribeNetworkInterfaces",
    "ecs:CreateNetworkInterfacePermission", "ecs:DeleteNetworkInterfacePermission",
    "ecs:DescribeNetworkInterfacePermissions", "vpc:DescribeVSwitchAttributes", "vpc:DescribeVpcAttribute",
)  # fmt: skip
"""What the platform does as the role to put a network card of its own into the function's subnets."""
PULL_ACTIONS = (
    "cr:GetAuthorizationToken", "cr:PullRepository", "cr:GetRepository", "cr:GetRepositoryTag", "cr:GetArtifactTag",
    "cr:GetInstance", "cr:ListInstance", "cr:GetInstanceVpcEndpoint",
)  # fmt: skip
"""What the platform does as the role to find an image and fetch it; reading alone."""
READ_OBJECTS, WRITE_OBJECTS = (
    ("oss:GetObject",),
    ("oss:PutObject", "oss:DeleteObject", "oss:AbortMultipartUpload", "oss:ListParts"),
)
LIST_OBJECTS = ("oss:ListObjects", "oss:GetBucketInfo")


@dataclass(frozen=True, kw_only=True)
class RunsAs:
    """Who a function is."""

    arn: pulumi.Input[str] | None
    """The role; None where it needs no rights."""
    attached: Sequence[pulumi.Resource] = ()
    """What must stand before the role may do what it has to."""


def declare_role(owner: Component, args: FunctionArgs, adopted: pulumi.Input[str] | None) -> RunsAs:
    """Declare the function's own role, or take one that is there.

    RAM is the account's, not the region's, so names carry the region. A right may take seconds until it holds: where
    the service refuses the first function for it, the next `up` goes on. A role or policy whose creation timed out may
    exist without being known: `pulumi import` takes it in by its name.

    Args:
        owner: the function's component.
        args: its arguments.
        adopted: a role that is there already.
    """
    if adopted is not None:
        return RunsAs(arn=adopted)
    allowed = list(needed(args))
    if not allowed:
        return RunsAs(arn=None)
    role = service_role(owner, "fc.aliyuncs.com", "what the function runs as", allowed)
    return RunsAs(arn=role.role.arn, attached=[role.attachment])


@dataclass(frozen=True, kw_only=True)
class ServiceRole:
    """A role that a service takes on."""

    role: ram.Role
    """The role."""
    attachment: ram.RolePolicyAttachment
    """What makes its rights hold."""


def service_role(
    owner: Component, service: str, purpose: str, allowed: Sequence[Statement], *parts: str
) -> ServiceRole:
    """Declare a role that one service may take on, with a policy of its own.

    Args:
        owner: the function's component.
        service: who takes it on (`fc.aliyuncs.com`).
        purpose: what it is for, for its description.
        allowed: what it may do.
        parts: what tells it from another role of the same function.
    """
    region = owner.scope.region
    role = ram.Role(
        owner.child(*parts, "role"),
        role_name=owner.physical_name(ROLE, *parts, region),
        description=f"{purpose}: {owner.logical_name} of {owner.scope.project}/{owner.scope.stage}",
        assume_role_policy_document=trust(service),
        # Deleted with what hangs on it, should somebody have attached something by hand.
        force=True,
        tags=owner.tags(),
        opts=owner.options(),
    )
    policy = ram.Policy(
        owner.child(*parts, "policy"),
        policy_name=owner.physical_name(POLICY, *parts, region),
        description=f"what the role of {owner.logical_name} may do",
        policy_document=policy_document(allowed),
        # A policy keeps five versions, and a change is a new one: the sixth is refused unless the oldest goes.
        rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded",
        force=True,
        tags=owner.tags(),
        opts=owner.options(),
    )
    attachment = ram.RolePolicyAttachment(
        owner.child(*parts, "role", "attached"),
        role_name=role.role_name,
        policy_name=policy.policy_name,
        policy_type="Custom",
        opts=owner.options(),
    )
    return ServiceRole(role=role, attachment=attachment)


def trust(service: str) -> str:
    """Who may take a role on: one service, and nobody else."""
    statement = {"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": [service]}}
    return json.dumps({"Statement": [statement], "Version": "1"}, separators=(",", ":"))


def needed(args: FunctionArgs) -> Iterator[Statement]:
    """What a function's settings need, then what its application asks for."""
    if args.network is not None:
        # Cards are made and found by their subnets: the service knows no narrower resource beforehand.
        yield Statement(actions=NETWORK_ACTIONS)
    if args.observability is not None:
        logs = args.observability
        store = pulumi.Output.concat(
            "acs:log:", args.scope.region, ":*:project/", logs.log_project, "/logstore/", logs.log_store
        )
        yield Statement(actions=["log:PostLogStoreLogs"], resources=[store])
    if args.image is not None:
        # A reference names no instance id, which an enterprise registry's resources begin with.
        yield Statement(actions=PULL_ACTIONS)
    for mount in args.mounts:
        if isinstance(mount.source, BucketLike):
            yield from _mounted(mount, mount.source)
    yield from args.permissions


def _mounted(mount: Mount, bucket: BucketLike) -> Iterator[Statement]:
    below = mount.directory.rstrip("/")
    objects = pulumi.Output.concat("acs:oss:*:*:", bucket.name, below, "/*")
    yield Statement(actions=LIST_OBJECTS, resources=[pulumi.Output.concat("acs:oss:*:*:", bucket.name)])
    actions = READ_OBJECTS if mount.read_only else (*READ_OBJECTS, *WRITE_OBJECTS)
    yield Statement(actions=actions, resources=[objects])
