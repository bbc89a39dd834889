"""Whose credentials the gaps use: those of the environment, exactly as the provider's plugin picks them.

They are read inside a method when a call is made. Nothing of them is in a provider object, in inputs or in state.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final

from components.errors import UserError
from components.gaps.credentials import Carried, Credentials

KEYS: Final = ("VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY")
ROLE: Final = ("VOLCENGINE_ASSUME_ROLE_TRN", "VOLCENGINE_ASSUME_ROLE_SESSION_NAME")
ROLE_SECONDS: Final = "VOLCENGINE_ASSUME_ROLE_DURATION_SECONDS"
OIDC: Final = (
    "VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TRN",
    "VOLCENGINE_ASSUME_ROLE_WITH_OIDC_SESSION_NAME",
    "VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TOKEN",
)
OIDC_SECONDS: Final = "VOLCENGINE_ASSUME_ROLE_WITH_OIDC_DURATION_SECONDS"

CARRIED: Final = Carried(
    package="volcengine",
    arguments={
        "access_key": ("accessKey", (KEYS[0],)),
        "secret_key": ("secretKey", (KEYS[1],)),
        "session_token": ("sessionToken", ("VOLCENGINE_SESSION_TOKEN",)),
    },
    roles={"assumeRole": f"{ROLE[0]} and its companions", "assumeRoleWithOidc": f"{OIDC[0]} and its companions"},
)


def environment() -> Credentials:
    """The key pair of the environment, with its session token where there is one; a clear error where none is."""
    access_key, secret_key = (os.environ.get(name, "") for name in KEYS)
    if not access_key or not secret_key:
        absent = " and ".join(name for name in KEYS if not os.environ.get(name))
        raise UserError("environment", f"no credentials for Volcengine: {absent} not set", "set both before `up`")
    return Credentials(access_key, secret_key, os.environ.get("VOLCENGINE_SESSION_TOKEN", ""))


@dataclass(frozen=True)
class Role:
    """A role that the environment asks to take on."""

    trn: str
    session: str
    seconds: int
    token: str = field(default="", repr=False)
    """The OIDC token that proves the caller; empty where the key pair does."""


def role() -> Role | None:
    """The role of the environment: by OIDC where there is no access key, else by the key pair. Both as the plugin does.

    A role by OIDC is ignored beside an access key, and an incomplete set of variables is no role: so does the plugin,
    and a gap that decided otherwise would act as somebody else.
    """
    if os.environ.get(KEYS[0]):
        values, seconds = [os.environ.get(name, "") for name in ROLE], ROLE_SECONDS
    else:
        values, seconds = [os.environ.get(name, "") for name in OIDC], OIDC_SECONDS
    if not all(values):
        return None
    return Role(values[0], values[1], int(os.environ.get(seconds) or 3600), *values[2:])
