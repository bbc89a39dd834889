"""From the environment to a signed client: by its key pair, or by a role that it asks to take on."""

from __future__ import annotations

import threading
from typing import Final

from components.volcengine.gaps import polling
from components.volcengine.gaps.client import STS, Client, endpoint, sdk
from components.volcengine.gaps.credentials import Credentials, Role, environment, role

EARLY: Final = 300.0
"""Seconds before their end at which a role's credentials are renewed: a call may take that long with its repeats."""

_kept: dict[tuple[Role, Credentials | None, str], tuple[float, Credentials]] = {}
_lock = threading.Lock()


def connect(region: str) -> Client:
    """A client of a region, signing as the environment says at this moment."""
    wanted = role()
    if wanted is None:
        return Client(region, environment())
    pair = None if wanted.token else environment()
    key = (wanted, pair, endpoint())
    # Short-lived credentials are kept for the life of this process and nowhere else.
    with _lock:
        until, taken = _kept.get(key, (0.0, None))
        if taken is None or until - EARLY <= polling.now():
            taken = _by_token(region, wanted) if pair is None else _by_keys(region, wanted, pair)
            _kept[key] = (polling.now() + wanted.seconds, taken)
    return Client(region, taken)


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
