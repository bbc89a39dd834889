"""Whose credentials the gaps use: those of the environment, exactly as the provider's plugin picks them.

They are read inside a method when a call is made. Nothing of them is in a provider object, in inputs or in state.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi

from components.errors import UserError

KEYS: Final = ("VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY")
ROLE: Final = ("VOLCENGINE_ASSUME_ROLE_TRN", "VOLCENGINE_ASSUME_ROLE_SESSION_NAME")
ROLE_SECONDS: Final = "VOLCENGINE_ASSUME_ROLE_DURATION_SECONDS"
OIDC: Final = (
    "VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TRN",
    "VOLCENGINE_ASSUME_ROLE_WITH_OIDC_SESSION_NAME",
    "VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TOKEN",
)
OIDC_SECONDS: Final = "VOLCENGINE_ASSUME_ROLE_WITH_OIDC_DURATION_SECONDS"

OWN: Final = {
    "access_key": ("accessKey", KEYS[0]),
    "secret_key": ("secretKey", KEYS[1]),
    "session_token": ("sessionToken", "VOLCENGINE_SESSION_TOKEN"),
}
"""Arguments by which a provider carries credentials of its own: the same as stack configuration of the default
provider (`volcengine:accessKey`), and the variable that each must agree with."""
OWN_ROLES: Final = {"assumeRole": ROLE[0], "assumeRoleWithOidc": OIDC[0]}
"""Stack configuration by which the default provider takes on a role that the environment does not know of. The same
arguments of an explicit provider cannot be seen: its SDK gives them no output."""


@dataclass(frozen=True)
class Credentials:
    """What signs a call."""

    access_key: str
    secret_key: str = field(repr=False)
    session_token: str = field(default="", repr=False)

    def redact(self, text: str) -> str:
        """A text in which neither secret stands, whatever a service may have echoed."""
        for secret in (self.secret_key, self.session_token):
            text = text.replace(secret, "***") if secret else text
        return text


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


def same_credentials(provider: pulumi.ProviderResource | None, where: str) -> pulumi.Output[None]:
    """Refuse a gap whose provider acts as somebody else than the environment says.

    The gaps know the environment only. Were the explicit provider to carry keys or a role of its own, the gaps would
    silently work in another account: one clear error instead, and no value of a credential in it.

    Args:
        provider: the explicit provider of the component, or None for the default one, which stack config may configure.
        where: what to name in the error.

    Returns: an Output without a value, edge or secret, that fails where they differ; waiting for it gates a resource.
    """
    outputs = {} if provider is None else {name: provider.__dict__.get(name) for name in OWN}
    if provider is None:
        _default_provider(where)

    async def verdict() -> None:
        known = {name: await value.future() for name, value in outputs.items() if isinstance(value, pulumi.Output)}
        _compare(known, where)

    # Made from a coroutine, not by Output.all: the gap must get neither an edge to the provider nor its secretness.
    return pulumi.Output.from_input(verdict())


def _default_provider(where: str) -> None:
    config = pulumi.Config("volcengine")
    _compare({name: config.get(word) for name, (word, _) in OWN.items()}, where)
    for word, variable in OWN_ROLES.items():
        if config.get(word):
            raise _stranger(where, f"volcengine:{word}", f"{variable} and its companions")


def _compare(carried: Mapping[str, Any], where: str) -> None:
    """Refuse credentials that a provider carries and the environment does not have. Unknown values pass."""
    for name, (_, variable) in OWN.items():
        if carried.get(name) and carried[name] != os.environ.get(variable, ""):
            raise _stranger(where, name, variable)


def _stranger(where: str, name: str, variable: str) -> UserError:
    what = f"its provider is given {name}, but this resource's own calls are signed by what the environment holds"
    return UserError(where, what, f"leave {name} out of the provider and set {variable}")
