"""Whose credentials the gaps use: those of the environment, exactly as the provider's plugin picks them.

They are read inside a method when a call is made. Nothing of them is in a provider object, in inputs or in state.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from components.errors import UserError
from components.gaps.credentials import Carried, Credentials, first_set

ACCESS_KEY: Final = ("ALICLOUD_ACCESS_KEY", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABACLOUD_ACCESS_KEY_ID")
SECRET_KEY: Final = ("ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABACLOUD_ACCESS_KEY_SECRET")
TOKEN: Final = ("ALICLOUD_SECURITY_TOKEN", "ALIBABA_CLOUD_SECURITY_TOKEN", "ALIBABACLOUD_SECURITY_TOKEN")
"""Names of each part, in the plugin's own order. Each part is picked for itself, so names may be mixed."""
PROFILE: Final = ("ALICLOUD_PROFILE", "ALIBABA_CLOUD_PROFILE")

ROLE: Final = "ALICLOUD_ASSUME_ROLE_ARN"
ROLE_SESSION: Final = ("ALICLOUD_ASSUME_ROLE_SESSION_NAME", "ALIBABA_CLOUD_ROLE_SESSION_NAME")
ROLE_SECONDS: Final = "ALICLOUD_ASSUME_ROLE_SESSION_EXPIRATION"
OIDC_PROVIDER: Final = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN"
OIDC_ROLE: Final = "ALIBABA_CLOUD_ROLE_ARN"
OIDC_SESSION: Final = "ALIBABA_CLOUD_ROLE_SESSION_NAME"
OIDC_TOKEN: Final = "ALIBABA_CLOUD_OIDC_TOKEN"  # noqa: S105 - a name
OIDC_TOKEN_FILE: Final = "ALIBABA_CLOUD_OIDC_TOKEN_FILE"  # noqa: S105 - a name
SESSION: Final = "qiao"
"""Name of a role's session where the environment has none."""

KEYS: Final = f"{ACCESS_KEY[0]} and {SECRET_KEY[0]}"

CARRIED: Final = Carried(
    package="alicloud",
    arguments={
        "access_key": ("accessKey", ACCESS_KEY),
        "secret_key": ("secretKey", SECRET_KEY),
        "security_token": ("securityToken", TOKEN),
        "profile": ("profile", PROFILE),
    },
    roles={"assumeRole": ROLE, "assumeRoleWithOidc": f"{OIDC_PROVIDER} and its companions"},
)


@dataclass(frozen=True)
class Role:
    """A role that the environment asks to take on."""

    arn: str
    session: str
    seconds: int
    oidc_provider: str = ""
    """The identity provider whose token proves the caller; empty where the key pair does."""
    token_file: str = ""
    """Where its token stands; empty where it is a variable."""
    token: str = field(default="", repr=False)


def environment() -> Credentials:
    """The key pair of the environment, with its session token where there is one; a clear error where none is."""
    _refuse_profiles()
    access_key, secret_key, token = (first_set(names).strip() for names in (ACCESS_KEY, SECRET_KEY, TOKEN))
    if not access_key or not secret_key:
        pairs = ((ACCESS_KEY, access_key), (SECRET_KEY, secret_key))
        absent = " and ".join(f"{names[0]} (or {names[1]})" for names, value in pairs if not value)
        what = f"no credentials for Alibaba Cloud: {absent} not set"
        raise UserError("environment", what, "set both before `up`; roles of servers and credential URIs are not read")
    return Credentials(access_key, secret_key, token)


def role() -> Role | None:
    """The role of the environment: by OIDC where there is no access key, else by the key pair.

    A role by OIDC is ignored beside an access key, as the plugin does. An incomplete set of variables is no role.
    """
    if first_set(ACCESS_KEY):
        arn = os.environ.get(ROLE, "")
        seconds = int(os.environ.get(ROLE_SECONDS) or 3600)
        return Role(arn, first_set(ROLE_SESSION) or SESSION, seconds) if arn else None
    provider, arn, token, file = (
        os.environ.get(name, "") for name in (OIDC_PROVIDER, OIDC_ROLE, OIDC_TOKEN, OIDC_TOKEN_FILE)
    )
    if not (provider and arn and (token or file)):
        return None
    session = os.environ.get(OIDC_SESSION) or SESSION
    return Role(arn, session, 3600, oidc_provider=provider, token_file="" if token else file, token=token)


def token_of(wanted: Role) -> str:
    """The OIDC token of a role, read anew each time: what renews it writes the file again."""
    if wanted.token:
        return wanted.token
    try:
        return Path(wanted.token_file).read_text(encoding="utf-8").strip()
    except OSError as error:
        what = f"the file cannot be read: {error.strerror or type(error).__name__}"
        raise UserError(OIDC_TOKEN_FILE, what, f"name a file that holds the token, or set {OIDC_TOKEN}") from None


def _refuse_profiles() -> None:
    if first_set(PROFILE):
        name = next(name for name in PROFILE if os.environ.get(name))
        what = "the provider's plugin acts as this profile of the CLI, which may hold a role beside its keys"
        raise UserError(name, what, f"unset it, and set {KEYS}")
