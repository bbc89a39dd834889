"""The token service: roles taken on by a key pair or by an OIDC token. Each gives a new short-lived key."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from tests.fakes.shapes import Actions
from tests.fakes.volcengine.signature import Key, Refused

ROLE = {"RoleTrn": str, "RoleSessionName": str, "DurationSeconds": str}


class Sts:
    """State of the token service, and its actions."""

    code, version = "sts", "2018-01-01"
    unsigned = ("AssumeRoleWithOIDC",)
    """Actions whose proof is in the body."""

    def __init__(self, issue: Callable[[str, Key], None]) -> None:
        self.issue = issue
        self.roles: dict[str, str] = {}
        """Token that each role asks for; empty for a role that a key pair takes on."""
        self.issued: list[str] = []
        self.actions: Actions = {
            "AssumeRole": (ROLE, self.assume_role),
            "AssumeRoleWithOIDC": ({**ROLE, "OIDCToken": str}, self.assume_role),
        }

    def assume_role(self, parameters: dict[str, Any]) -> dict[str, Any]:
        """AssumeRole and AssumeRoleWithOIDC."""
        if self.roles.get(parameters["RoleTrn"]) != parameters.get("OIDCToken", ""):
            raise Refused(403, "AccessDenied", "the role is not to be had by this proof")
        key, secret, token = (secrets.token_hex(12) for _ in range(3))
        self.issue(key, Key(secret, token))
        self.issued.append(key)
        end = "2036-01-01T00:00:00+08:00"
        granted = {
            "AccessKeyId": key,
            "SecretAccessKey": secret,
            "SessionToken": token,
            "ExpiredTime": end,
            "Expiration": end,
        }
        return {"Credentials": granted}
