"""The token service: roles, by key pair or by token."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from tests.fakes.alicloud.acts import Act, Acts
from tests.fakes.http import Key, Refused

ROLE = {"RoleArn": str, "RoleSessionName": str, "DurationSeconds": str}


class Sts:
    """State of the token service, and its actions."""

    version = "2015-04-01"
    unsigned = ("AssumeRoleWithOIDC",)
    """Actions whose proof is in the body."""

    def __init__(self, issue: Callable[[str, Key], None]) -> None:
        self.issue = issue
        self.roles: dict[str, tuple[str, str]] = {}
        """Identity provider and token that each role asks for; both empty for one that a key pair takes on."""
        self.issued: list[str] = []
        self.answer: dict[str, Any] | None = None
        """What is answered in place of credentials."""
        self.acts: Acts = {
            "AssumeRole": Act("POST", "/", self.assume_role, body=ROLE),
            "AssumeRoleWithOIDC": Act(
                "POST", "/", self.assume_role, {"Format": str}, {**ROLE, "OIDCProviderArn": str, "OIDCToken": str}
            ),
        }

    def assume_role(self, asked: dict[str, Any]) -> dict[str, Any]:
        """AssumeRole and AssumeRoleWithOIDC."""
        if self.roles.get(asked["RoleArn"]) != (asked.get("OIDCProviderArn", ""), asked.get("OIDCToken", "")):
            raise Refused(403, "NoPermission", f"not to be had by this proof: {asked.get('OIDCToken')}")
        if self.answer is not None:
            return self.answer
        key, secret, token = (secrets.token_hex(12) for _ in range(3))
        self.issue(key, Key(secret, token))
        self.issued.append(key)
        granted = {
            "AccessKeyId": key,
            "AccessKeySecret": secret,
            "SecurityToken": token,
            "Expiration": "2036-01-01T00:00:00Z",
        }
        return {"Credentials": granted}
