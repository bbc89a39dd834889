"""ServiceAccount on Volcengine: an IAM user with its policies and access keys."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_volcengine import iam

from components import identity
from components.base import after
from components.identity import ServiceAccountArgs, Statement
from components.volcengine.facts import tag_list


@dataclass(frozen=True, kw_only=True)
class ServiceAccountNative:
    """What only Volcengine knows about a sub-user."""

    display_name: str | None = None
    """Name that the console shows. Default: the user's name."""


class ServiceAccount(identity.ServiceAccount):
    """An IAM user of the account, the same in every region; it has no password and cannot enter the console.

    A fresh key may be refused for some seconds: the service tells its regions one after the other.
    """

    cloud = "volcengine"

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
            user_name=after(self._user.user_name, *gates),
            access_key_id=after(first.access_key_id, *gates) if first else None,
            secret_access_key=after(first.secret_access_key, *gates) if first else None,
            keys=after(key_ring(keys), *gates),
        )

    def _declare_user(self, purpose: str) -> iam.User:
        return iam.User(
            self.child("user"),
            user_name=self.physical_name("volcengine:iam/user:User", *self._purpose),
            display_name=self._native.display_name,
            description=f"{purpose} of {self.scope.project} {self.scope.app} {self.scope.stage}",
            tags=tag_list(iam.UserTagArgs, self.tags()),
            opts=self.options(),
        )

    def _declare_own_policy(self, args: ServiceAccountArgs) -> iam.UserPolicyAttachment:
        policy = iam.Policy(
            self.child("policy"),
            policy_name=self.physical_name("volcengine:iam/policy:Policy", *self._purpose),
            description=f"what {args.purpose} of {self.scope.app} may do",
            policy_document=policy_document(args.statements),
            opts=self.options(),
        )
        return self._attach(policy.policy_name, "Custom", "own")

    def _attach(self, policy: pulumi.Input[str], kind: str, *name: str) -> iam.UserPolicyAttachment:
        return iam.UserPolicyAttachment(
            self.child("attached", *name),
            user_name=self._user.user_name,
            policy_name=policy,
            policy_type=kind,
            opts=self.options(),
        )

    def _declare_key(self, name: str, active: bool) -> iam.AccessKey:
        return iam.AccessKey(
            self.child("key", name),
            user_name=self._user.user_name,
            status="active" if active else "inactive",
            # Only the secret half is marked by the SDK. A replaced key lives on until its successor is there.
            opts=self.options(
                delete_before_replace=False, additional_secret_outputs=["accessKeyId", "secretAccessKey"]
            ),
        )


def key_ring(keys: Mapping[str, iam.AccessKey]) -> pulumi.Output[dict[str, Any]]:
    """Both halves of every key by its logical name."""
    halves = {name: {"id": key.access_key_id, "secret": key.secret_access_key} for name, key in keys.items()}
    return pulumi.Output.all(**halves)


def policy_document(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """The cloud's JSON of some permissions: sorted, so that the same permissions are the same text."""
    resources = [pulumi.Output.all(*statement.resources) for statement in statements]
    return pulumi.Output.all(*resources).apply(lambda known: _document(statements, known))


def _document(statements: Sequence[Statement], resources: Sequence[Sequence[Any]]) -> str:
    written = [
        {"Action": sorted(statement.actions), "Effect": "Allow", "Resource": sorted(known)}
        for statement, known in zip(statements, resources, strict=True)
    ]
    return json.dumps({"Statement": written}, separators=(",", ":"), ensure_ascii=False)
