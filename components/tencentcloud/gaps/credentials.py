"""Whose credentials the gaps use: those of the environment, exactly as the provider's plugin picks them.

They are read inside a method when a call is made. Nothing of them is in a provider object, in inputs or in state.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final

from components.errors import UserError
from components.gaps.credentials import Carried, Credentials

SECRET_ID: Final = "TENCENTCLOUD_SECRET_ID"  # noqa: S105 - a name
SECRET_KEY: Final = "TENCENTCLOUD_SECRET_KEY"  # noqa: S105 - a name
TOKEN: Final = "TENCENTCLOUD_SECURITY_TOKEN"  # noqa: S105 - a name
CVM_ROLE: Final = "TENCENTCLOUD_CAM_ROLE_NAME"

ROLE: Final = "TENCENTCLOUD_ASSUME_ROLE_ARN"
ROLE_SESSION: Final = "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME"
ROLE_SECONDS: Final = "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION"
EXTERNAL_ID: Final = "TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID"
SOURCE_IDENTITY: Final = "TENCENTCLOUD_ASSUME_ROLE_SOURCE_IDENTITY"
WEB_TOKEN: Final = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN"  # noqa: S105 - a name
WEB_PROVIDER: Final = "TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID"
DEFAULT_PROVIDER: Final = "OIDC"
DEFAULT_SECONDS: Final = 7200

STRANGE: Final = (
    CVM_ROLE,
    "TENCENTCLOUD_ASSUME_ROLE_SAML_ASSERTION",
    "TENCENTCLOUD_ASSUME_ROLE_PRINCIPAL_ARN",
    "TENCENTCLOUD_ASSUME_ROLE_SERIAL_NUMBER",
    "TENCENTCLOUD_ASSUME_ROLE_TOKEN_CODE",
    "TENCENTCLOUD_MFA_CERTIFICATION_SERIAL_NUMBER",
)
"""Variables by which the plugin acts as somebody that the gaps cannot act as: a server's role, SAML, one-time codes."""

CARRIED: Final = Carried(
    package="tencentcloud",
    arguments={
        "secret_id": ("secretId", (SECRET_ID,)),
        "secret_key": ("secretKey", (SECRET_KEY,)),
        "security_token": ("securityToken", (TOKEN,)),
        # The plugin lets it win over a key pair. Where the environment has it too, the first call is refused.
        "cam_role_name": ("camRoleName", (CVM_ROLE,)),
    },
    # Not `profile`: the plugin looks at it only where there is no key pair, and then the gaps' calls are refused.
    roles={
        "assumeRole": f"{ROLE} and {ROLE_SESSION}",
        "assumeRoleWithWebIdentity": f"{ROLE}, {ROLE_SESSION} and {WEB_TOKEN}",
        "assumeRoleWithSaml": f"{ROLE}, {ROLE_SESSION} and {WEB_TOKEN}",
        "mfaCertification": f"{TOKEN}, from a session that the code was used for,",
        "enablePodOidc": f"{ROLE}, {ROLE_SESSION} and {WEB_TOKEN}",
    },
)


@dataclass(frozen=True)
class Role:
    """A role that the environment asks to take on."""

    arn: str
    session: str
    seconds: int
    external_id: str = ""
    source_identity: str = ""
    provider: str = ""
    """The identity provider whose token proves the caller; empty where the key pair does."""
    token: str = field(default="", repr=False)


def environment() -> Credentials:
    """The key pair of the environment, with its session token where there is one; a clear error where none is."""
    secret_id, secret_key, token = (os.environ.get(name, "").strip() for name in (SECRET_ID, SECRET_KEY, TOKEN))
    if not secret_id or not secret_key:
        absent = " and ".join(
            name for name, value in ((SECRET_ID, secret_id), (SECRET_KEY, secret_key)) if not value
        )  # fmt: skip
        what = f"no credentials for Tencent Cloud: {absent} not set"
        raise UserError("environment", what, "set both before `up`; profiles of the CLI are not read")
    return Credentials(secret_id, secret_key, token)


def role() -> Role | None:
    """The role of the environment: by an OIDC token where there is one, even beside a key pair, else by the key pair.

    Without role or session name there is none, as with the plugin.
    """
    _refuse_strangers()
    arn, session = os.environ.get(ROLE, ""), os.environ.get(ROLE_SESSION, "")
    if not arn or not session:
        return None
    token = os.environ.get(WEB_TOKEN, "")
    if token:
        provider = os.environ.get(WEB_PROVIDER) or DEFAULT_PROVIDER
        return Role(arn, session, _seconds(), provider=provider, token=token)
    return Role(
        arn, session, _seconds(), os.environ.get(EXTERNAL_ID, ""), os.environ.get(SOURCE_IDENTITY, "")
    )  # fmt: skip


def _seconds() -> int:
    text = os.environ.get(ROLE_SECONDS) or str(DEFAULT_SECONDS)
    if not text.isdecimal():
        raise UserError(ROLE_SECONDS, f"{text!r} is no number", "use seconds: 7200")
    # The plugin takes 0 for its default.
    return int(text) or DEFAULT_SECONDS


def _refuse_strangers() -> None:
    for name in STRANGE:
        if os.environ.get(name):
            what = "the provider's plugin acts by it as somebody whom the gaps' own calls cannot act as"
            raise UserError(name, what, f"unset it, and set {SECRET_ID} and {SECRET_KEY}, or {ROLE} and {WEB_TOKEN}")
