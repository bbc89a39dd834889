"""ServiceAccount on Tencent Cloud: a CAM user with its policies and API keys."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from tencentcloud_iac_pulumi import cam

from components import identity
from components.base import after
from components.checks import in_range, matches
from components.errors import UserError
from components.identity import ServiceAccountArgs, Statement

LONGEST_REMARK = 128
LONGEST_POLICY = 6144
"""Characters of one policy's document."""
PRESET = 2
"""What the API calls the cloud's ready policies."""


@dataclass(frozen=True, kw_only=True)
class ServiceAccountNative:
    """What only Tencent Cloud knows about a CAM user."""

    remark: str | None = None
    """What the console shows beside the user. Default: what it is for. Limit: 1 to 128 characters."""

    def __post_init__(self) -> None:
        if self.remark is not None:
            in_range("ServiceAccountNative.remark", len(self.remark), 1, LONGEST_REMARK, "characters")


class ServiceAccount(identity.ServiceAccount):
    """A CAM user, the same in every region; it has no password and cannot enter the console.

    Names are the whole account's, so that they carry the region. A key that is inactive from its very beginning is made
    active, and put to sleep by the `up` after: declare it active first. A key's secret is shown once, when it is made:
    it is in state and nowhere else. Ready policies are looked up by their names, so a preview needs the right to list
    policies.
    """

    cloud = "tencentcloud"

    def __init__(self, name: str, args: ServiceAccountArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(ServiceAccountNative, args.native)
        # The purpose is in the user's name once, also where the component is named for it.
        self._purpose = () if name.split("-")[-1] == args.purpose else (args.purpose,)
        self._user = self._declare_user(args.purpose)
        attached = [self._attach(self._ready_policy(policy), "system", policy) for policy in args.system_policies]
        if args.statements:
            attached.append(self._attach(self._declare_own_policy(args).id, "own"))
        gates = [attachment.user_name for attachment in attached]
        keys = {key: self._declare_key(key, active) for key, active in args.key_states.items()}
        first = next((keys[key] for key, active in args.key_states.items() if active), None)
        self.finish(
            user_name=after(self._user.name, *gates),
            access_key_id=after(first.access_key, *gates) if first else None,
            secret_access_key=after(first.secret_access_key, *gates) if first else None,
            keys=after(key_ring(keys), *gates),
        )

    @classmethod
    def check(cls, name: str, args: ServiceAccountArgs) -> None:
        """Actions and resources in this cloud's words."""
        cls.native_of(name, ServiceAccountNative, args.native)
        for statement in args.statements:
            refuse(name, statement)

    def _declare_user(self, purpose: str) -> cam.User:
        remark = self._native.remark or f"{purpose} of {self.scope.project} {self.scope.app} {self.scope.stage}"
        return cam.User(
            self.child("user"),
            name=self.physical_name("tencentcloud:Cam/user:User", *self._purpose, self.scope.region),
            remark=remark[:LONGEST_REMARK],
            console_login=False,
            # Left out, the user comes with a key of its own, which nobody rotates.
            use_api=False,
            # Deleted with the keys that somebody made by hand, where the stage is disposable.
            force_delete=not self.profile.protect,
            tags=self.tags(),
            opts=self.options(),
        )

    def _declare_own_policy(self, args: ServiceAccountArgs) -> cam.Policy:
        return cam.Policy(
            self.child("policy"),
            name=self.physical_name("tencentcloud:Cam/policy:Policy", *self._purpose, self.scope.region),
            description=f"what {args.purpose} of {self.scope.app} may do",
            document=policy_document(args.statements),
            # Another name is another policy: the attachment is what takes it away from the user.
            opts=self.options(),
        )

    def _ready_policy(self, policy: str) -> pulumi.Output[str]:
        """The id of a ready policy: attachments to users know no names."""
        found = cam.get_policies_output(name=policy, type=PRESET, opts=self.invoke_options())
        where = f"ServiceAccountArgs.system_policies of {self.logical_name}"
        return found.policy_lists.apply(lambda listed: _id_of(where, policy, listed))

    def _attach(self, policy: pulumi.Input[str], *name: str) -> cam.UserPolicyAttachment:
        return cam.UserPolicyAttachment(
            self.child("attached", *name),
            # By the name: the argument for an id is out of use.
            user_name=self._user.name,
            policy_id=policy,
            opts=self.options(),
        )

    def _declare_key(self, name: str, active: bool) -> cam.AccessKey:
        return cam.AccessKey(
            self.child("key", name),
            # Never `access_key`: it is the key's own id, and taken for an input by mistake.
            target_uin=self._user.uin,
            status="Active" if active else "Inactive",
            opts=self.options(
                # The provider takes another user and leaves the key with the old one.
                replace_on_changes=["targetUin"],
                # A replaced key lives on until its successor is there.
                delete_before_replace=False,
            ),
        )


def refuse(name: str, statement: Statement) -> None:
    """Refuse a permission in another cloud's words."""
    where = f"Statement of {name}"
    for action in statement.actions:
        matches(
            f"{where}: action", action, r"(name/)?[a-z0-9]+:[A-Za-z0-9*]+", "a service and an action: cos:GetObject"
        )  # fmt: skip
    for resource in statement.resources:
        matches(f"{where}: resource", resource, r"\*|qcs::[^:]*:[^:]*:[^:]*:.+", "*, or the six parts of qcs::...")


def key_ring(keys: Mapping[str, cam.AccessKey]) -> pulumi.Output[dict[str, Any]]:
    """Both halves of every key by its logical name."""
    return pulumi.Output.all(
        **{name: {"id": key.access_key, "secret": key.secret_access_key} for name, key in keys.items()}
    )


def policy_document(statements: Sequence[Statement]) -> pulumi.Output[str]:
    """The cloud's JSON of some permissions: sorted, so that the same permissions are the same text."""
    resources = [pulumi.Output.all(*statement.resources) for statement in statements]
    return pulumi.Output.all(*resources).apply(lambda known: _document(statements, known))


def _document(statements: Sequence[Statement], resources: Sequence[Sequence[Any]]) -> str:
    # Lists throughout: the provider refuses bare words, since the cloud answers with lists.
    written = [
        {"action": sorted(statement.actions), "effect": "allow", "resource": sorted(known)}
        for statement, known in zip(statements, resources, strict=True)
    ]
    document = json.dumps({"statement": written, "version": "2.0"}, separators=(",", ":"), ensure_ascii=False)
    if len(document) > LONGEST_POLICY:
        what = f"{len(document)} characters as one policy"
        raise UserError("ServiceAccountArgs.statements", what, f"stay below {LONGEST_POLICY}: name fewer resources")
    return document


def _id_of(where: str, policy: str, listed: Sequence[Any]) -> str:
    ids = [str(one["policy_id"] if isinstance(one, Mapping) else one.policy_id) for one in listed or ()]
    if not ids:
        raise UserError(where, f"there is no ready policy {policy}", "use a name of CAM's list of preset policies")
    return ids[0]
