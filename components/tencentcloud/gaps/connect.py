"""From the environment to a signed client: by its key pair, or by a role that it asks to take on."""

from __future__ import annotations

from typing import Any, Final

from components.gaps.credentials import Credentials, ShortLived
from components.tencentcloud.gaps.client import STS, Client, endpoint
from components.tencentcloud.gaps.credentials import Role, environment, role
from components.tencentcloud.gaps.errors import ApiError

_taken: Final = ShortLived()


def connect(region: str) -> Client:
    """A client of a region, signing as the environment says at this moment."""
    wanted = role()
    if wanted is None:
        return Client(region, environment())
    pair = None if wanted.token else environment()

    def take() -> Credentials:
        return _by_token(region, wanted) if pair is None else _by_keys(region, wanted, pair)

    return Client(region, _taken.get((wanted, pair, region, endpoint()), wanted.seconds, take))


def _by_keys(region: str, wanted: Role, pair: Credentials) -> Credentials:
    further = {"ExternalId": wanted.external_id, "SourceIdentity": wanted.source_identity}
    asked = {**_asked(wanted), **{key: value for key, value in further.items() if value}}
    return _taken_on(Client(region, pair), "AssumeRole", asked)


def _by_token(region: str, wanted: Role) -> Credentials:
    asked = {**_asked(wanted), "WebIdentityToken": wanted.token, "ProviderId": wanted.provider}
    return _taken_on(Client(region, None, hidden=wanted.token), "AssumeRoleWithWebIdentity", asked)


def _asked(wanted: Role) -> dict[str, Any]:
    return {"RoleArn": wanted.arn, "RoleSessionName": wanted.session, "DurationSeconds": wanted.seconds}


def _taken_on(client: Client, action: str, asked: dict[str, Any]) -> Credentials:
    answer = client.call(STS, action, asked, idempotent=True)
    try:
        taken = answer["Credentials"]
        return Credentials(taken["TmpSecretId"], taken["TmpSecretKey"], taken["Token"])
    except (KeyError, TypeError):
        raise ApiError(action, "UnreadableAnswer", "no credentials in the answer", status=200) from None
