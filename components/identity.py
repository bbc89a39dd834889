"""ServiceAccount: an identity for a program or a person, with the least it needs, and keys that can be rotated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.base import Args, Component
from components.checks import in_range, unique
from components.errors import UserError


@dataclass(frozen=True, kw_only=True)
class Statement:
    """One permission: actions on resources, in the cloud's own words."""

    actions: Sequence[str]
    """Actions (`tls:PutLogs`). A bare `*`, and a whole service (`tls:*`) on every resource, are refused."""
    resources: Sequence[pulumi.Input[str]] = ("*",)
    """What they may be done to. Default: everything the actions apply to."""

    def __post_init__(self) -> None:
        if not self.actions:
            raise UserError("Statement.actions", "no action given", "name what is to be allowed")
        for action in self.actions:
            everywhere = "*" in list(self.resources)
            if action == "*" or (action.endswith(":*") and everywhere):
                raise UserError("Statement.actions", f"{action} allows too much", "name the actions that are needed")


@dataclass(frozen=True, kw_only=True)
class ServiceAccountArgs(Args):
    """What a ServiceAccount takes."""

    purpose: str
    """What it is for, in a word (`runtime`, `operator`): part of its name."""
    statements: Sequence[Statement] = ()
    """Permissions, written as one policy of its own. Default: none."""
    system_policies: Sequence[str] = ()
    """Names of the cloud's ready policies to attach. Default: none; they are wide."""
    keys: Mapping[str, bool] | Sequence[str] = ("primary",)
    """Logical names of its access keys; a mapping says which are active. Two at most, for rotation without downtime:
    add `secondary`, move over, take `primary` out. Default: one, `primary`. Empty: none."""
    native: object | None = None
    """What only one cloud knows (`ServiceAccountNative` of its module)."""

    def __post_init__(self) -> None:
        in_range("ServiceAccountArgs.keys", len(self.keys), 0, 2, "keys")
        unique("ServiceAccountArgs.keys", list(self.keys))
        unique("ServiceAccountArgs.system_policies", self.system_policies)

    @property
    def key_states(self) -> dict[str, bool]:
        """Each key's logical name and whether it is active."""
        return dict(self.keys) if isinstance(self.keys, Mapping) else dict.fromkeys(self.keys, True)


class ServiceAccount(Component):
    """A sub-user with its policies and keys. Free."""

    concept = "ServiceAccount"
    OUTPUTS = ("user_name", "access_key_id", "secret_access_key", "keys")
    SECRET_OUTPUTS = ("access_key_id", "secret_access_key", "keys")

    user_name: pulumi.Output[str]
    """The sub-user's name; its policies are attached when this is known."""
    access_key_id: pulumi.Output[str] | None
    """Id of the first active key, or None without keys. Secret."""
    secret_access_key: pulumi.Output[str] | None
    """Secret half of the first active key. Secret."""
    keys: pulumi.Output[dict[str, dict[str, str]]]
    """All keys by logical name: `{primary: {id, secret}}`. Secret."""

    def __init__(self, name: str, args: ServiceAccountArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
