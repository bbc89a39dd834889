"""From the environment to a signed client: by its key pair, or by a role that it asks to take on."""

from __future__ import annotations

from typing import Final

from components.gaps.credentials import Credentials, ShortLived
from components.volcengine.gaps.client import STS, Client, endpoint, sdk
from components.volcengine.gaps.credentials import Role, environment, role

_taken: Final = ShortLived()


def connect(region: str) -> Client:
    """A client of a region, signing as the environment says at this moment."""
    wanted = role()
    if wanted is None:
        return Client(region, environment())
    pair = None if wanted.token else environment()

    def take() -> Credentials:
        return _by_token(region, wanted) if pair is None else _by_keys(region, wanted, pair)

    return Client(region, _taken.get((wanted, pair, endpoint()), wanted.seconds, take))


def _by_keys(region: str, wanted: Role, pair: Credentials) -> Credentials:
    parameters = {"RoleTrn": wanted.trn, "RoleSessionName": wanted.session, "DurationSeconds": wanted.seconds}
    answer = Client(region, pair).call(STS, "AssumeRole", parameters, idempotent=True, method="GET")
    taken = answer["Credentials"]
    return Credentials(taken["AccessKeyId"], taken["SecretAccessKey"], taken["SessionToken"])


def _by_token(region: str, wanted: Role) -> Credentials:
    # The provider's plugin sends the token over plain http; the SDK's own class uses https.
    source = sdk().auth.providers.sts_oidc_provider.StsOidcCredentialProvider(
        role_trn=wanted.trn, oidc_token=wanted.token, session_name=wanted.session, duration_seconds=wanted.seconds,
        host=endpoint() or STS.host, scheme=endpoint().partition(":")[0] or "https", region=region,
    )  # fmt: skip
    # This client signs nothing; it keeps the token out of an error's text.
    taken = Client(region, Credentials("", wanted.token)).guarded("AssumeRoleWithOIDC", source.get_credentials)
    return Credentials(taken.ak, taken.sk, taken.session_token)
