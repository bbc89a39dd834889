"""The token service: roles, by key pair or by an OIDC token."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from tests.fakes.http import Key, Refused
from tests.fakes.shapes import Actions

ROLE = {"RoleArn": str, "RoleSessionName": str, "DurationSeconds": int}


class Sts:
    """State of the token service, and its actions."""

    version = "2018-08-13"
    unsigned = ("AssumeRoleWithWebIdentity",)
    """Actions whose proof is in the body."""

    def __init__(self, issue: Callable[[str, Key], None]) -> None:
        self.issue = issue
        self.roles: dict[str, tuple[str, str]] = {}
        """Identity provider and token that each role asks for; both empty for one that a key pair takes on."""
        self.issued: list[str] = []
        self.answer: dict[str, Any] | None = None
        """What is answered in place of credentials."""
        self.actions: Actions = {
            "AssumeRole": ({**ROLE, "ExternalId?": str, "SourceIdentity?": str}, self.assume_role),
            "AssumeRoleWithWebIdentity": ({**ROLE, "ProviderId": str, "WebIdentityToken": str}, self.assume_role),
        }

    def assume_role(self, asked: dict[str, Any]) -> dict[str, Any]:
        """AssumeRole and AssumeRoleWithWebIdentity."""
        if self.roles.get(asked["RoleArn"]) != (asked.get("ProviderId", ""), asked.get("WebIdentityToken", "")):
            token = asked.get("WebIdentityToken")
            raise Refused(200, "UnauthorizedOperation", f"not to be had by this proof: {token}")
        if self.answer is not None:
            return self.answer
        key, secret, token = (secrets.token_hex(12) for _ in range(3))
        self.issue(key, Key(secret, token))
        self.issued.append(key)
        granted = {"TmpSecretId": key, "TmpSecretKey": secret, "Token": token}
        return {"Credentials": granted, "ExpiredTime": 2_000_000_000, "Expiration": "2033-05-18T03:33:20Z"}
