"""ServiceAccount on Alibaba Cloud: a RAM user with its policies and access keys."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_alicloud import ram

from components import identity
from components.base import after
from components.checks import in_range, matches
from components.errors import UserError
from components.identity import ServiceAccountArgs, Statement

LONGEST_COMMENT = 128
LONGEST_POLICY = 6144
"""Characters of one policy's document."""


@dataclass(frozen=True, kw_only=True)
class ServiceAccountNative:
    """What only Alibaba Cloud knows about a RAM user."""

    display_name: str | None = None
    """Name that the console shows. Default: the user's name. Limit: 1 to 128 characters."""

    def __post_init__(self) -> None:
        if self.display_name is not None:
            in_range("ServiceAccountNative.display_name", len(self.display_name), 1, 128, "characters")


class ServiceAccount(identity.ServiceAccount):
    """A RAM user, the same in every region; it has no password and cannot enter the console.

    A fresh key may be refused for some ten seconds. Names are the whole account's, so that they carry the region. A
    policy whose creation timed out may exist without being known: `pulumi import` takes it in by its name.
    """

    cloud = "alicloud"

    def __init__(self, name: str, args: ServiceAccountArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(ServiceAccountNative, args.native)
        # The purpose is in the user's name once, also where the component is named for it.
        self._purpose = () if name.split("-")[-1] == args.purpose else (args.purpose,)
        self._user = self._declare_user(args.purpose)
        attached = [self._attach(policy, "System", "system", policy) for policy in args.system_policies]
        if args.statements:
            attached.append(self._declare_own_policy(args))
        gates = [attachment.user_name for attachment in attached]
        keys = {key: self._declare_key(key, active) for key, active in args.key_states.items()}
        first = next((keys[key] for key, active in args.key_states.items() if active), None)
        self.finish(
            user_name=after(self._user.name, *gates),
            access_key_id=after(first.id, *gates) if first else None,
            secret_access_key=after(first.secret, *gates) if first else None,
            keys=after(key_ring(keys), *gates),
        )

    @classmethod
    def check(cls, name: str, args: ServiceAccountArgs) -> None:
        """Actions and resources in this cloud's words."""
        cls.native_of(name, ServiceAccountNative, args.native)
        for statement in args.statements:
            refuse(name, statement)

    def _declare_user(self, purpose: str) -> ram.User:
        user_name = self.physical_name("alicloud:ram/user:User", *self._purpose, self.scope.region)
        comment = f"{purpose} of {self.scope.project} {self.scope.app} {self.scope.stage}"
        return ram.User(
            self.child("user"),
            name=user_name,
            # Left out, it is read back as the user's name, and every preview shows a change.
            display_name=self._native.display_name or user_name,
            comments=comment[:LONGEST_COMMENT],
            # Deleted with what hangs on it, should somebody have made a key by hand.
            force=True,
            tags=self.tags(),
            # The provider renames a user in place, but keys and attachments know it by its name: they would be made
            # anew on the renamed user beside the old ones, which nobody could delete under the name that is gone.
            opts=self.options(replace_on_changes=["name"]),
        )

    def _declare_own_policy(self, args: ServiceAccountArgs) -> ram.UserPolicyAttachment:
        policy = ram.Policy(
            self.child("policy"),
            policy_name=self.physical_name("alicloud:ram/policy:Policy", *self._purpose, self.scope.region),
            description=f"what {args.purpose} of {self.scope.app} may do",
            policy_document=policy_document(args.statements),
            # A policy keeps five versions, and a change is a new one: the sixth is refused unless the oldest goes.
            rotate_strategy="DeleteOldestNonDefaultVersionWhenLimitExceeded",
            force=True,
            tags=self.tags(),
            opts=self.options(),
        )
        return self._attach(policy.policy_name, "Custom", "own")

    def _attach(self, policy: pulumi.Input[str], kind: str, *name: str) -> ram.UserPolicyAttachment:
        return ram.UserPolicyAttachment(
            self.child("attached", *name),
            user_name=self._user.name,
            policy_name=policy,
            policy_type=kind,
            opts=self.options(),
        )

    def _declare_key(self, name: str, active: bool) -> ram.AccessKey:
        # Never `secret_file`: it writes the secret in clear to the disk of whoever deploys.
        return ram.AccessKey(
            self.child("key", name),
            user_name=self._user.name,
            status="Active" if active else "Inactive",
            # The SDK marks the secret. The key's id is the resource's id, which state holds in clear; what hands it on
            # here is secret. A replaced key lives on until its successor is there.
            opts=self.options(delete_before_replace=False),
        )


def refuse(name: str, statement: Statement) -> None:
    """Refuse a permission in another cloud's words: RAM would take some such and never grant anything by them."""
    where = f"Statement of {name}"
    for action in statement.actions:
        matches(f"{where}: action", action, r"[a-z0-9-]+:[A-Za-z0-9*]+", "a service and an action: oss:GetObject")
    for resource in statement.resources:
        matches(f"{where}: resource", resource, r"\*|acs:.+", "*, or a name that begins with acs:")


def key_ring(keys: Mapping[str, ram.AccessKey]) -> pulumi.Output[dict[str, Any]]:
    """Both halves of every key by its logical name."""
    return pulumi.Output.all(**{name: {"id": key.id, "secret": key.secret} for name, key in keys.items()})


def policy_document(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """The cloud's JSON of some permissions: sorted, so that the same permissions are the same text."""
    resources = [pulumi.Output.all(*statement.resources) for statement in statements]
    return pulumi.Output.all(*resources).apply(lambda known: _document(statements, known))


def _document(statements: Sequence[Statement], resources: Sequence[Sequence[Any]]) -> str:
    written = [
        {"Action": sorted(statement.actions), "Effect": "Allow", "Resource": sorted(known)}
        for statement, known in zip(statements, resources, strict=True)
    ]
    document = json.dumps({"Statement": written, "Version": "1"}, separators=(",", ":"), ensure_ascii=False)
    if len(document) > LONGEST_POLICY:
        what = f"{len(document)} characters as one policy"
        raise UserError("ServiceAccountArgs.statements", what, f"stay below {LONGEST_POLICY}: name fewer resources")
    return document
