"""From the environment to a signed client: by its key pair, or by a role that it asks to take on."""

from __future__ import annotations

from typing import Final

from components.alicloud.gaps.client import STS, Client, endpoint
from components.alicloud.gaps.credentials import Role, environment, role, token_of
from components.alicloud.gaps.errors import ApiError
from components.gaps.credentials import Credentials, ShortLived

STS_VERSION: Final = "2015-04-01"

_taken: Final = ShortLived()


def connect(region: str) -> Client:
    """A client of a region, signing as the environment says at this moment."""
    wanted = role()
    if wanted is None:
        return Client(region, environment())
    pair = None if wanted.oidc_provider else environment()

    def take() -> Credentials:
        return _by_token(region, wanted) if pair is None else _by_keys(region, wanted, pair)

    return Client(region, _taken.get((wanted, pair, region, endpoint()), wanted.seconds, take))


def _by_keys(region: str, wanted: Role, pair: Credentials) -> Credentials:
    return _taken_on(Client(region, pair), "AssumeRole", _asked(wanted), signed=True)


def _by_token(region: str, wanted: Role) -> Credentials:
    token = token_of(wanted)
    asked = {**_asked(wanted), "OIDCProviderArn": wanted.oidc_provider, "OIDCToken": token}
    # This client signs nothing; the token in place of a secret keeps it out of an error's text.
    return _taken_on(Client(region, Credentials("", token)), "AssumeRoleWithOIDC", asked, signed=False)


def _asked(wanted: Role) -> dict[str, str]:
    return {"RoleArn": wanted.arn, "RoleSessionName": wanted.session, "DurationSeconds": str(wanted.seconds)}


def _taken_on(client: Client, action: str, asked: dict[str, str], *, signed: bool) -> Credentials:
    answer = client.generic(STS, action, STS_VERSION, asked, signed=signed)
    try:
        taken = answer["Credentials"]
        return Credentials(taken["AccessKeyId"], taken["AccessKeySecret"], taken["SecurityToken"])
    except (KeyError, TypeError):
        raise ApiError(action, "UnreadableAnswer", "no credentials in the answer", status=200) from None
