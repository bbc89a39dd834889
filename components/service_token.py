"""ServiceToken: a bearer token that one application calls another with, renewed by `up` before it ends.

A dynamic resource: a token has a time in it, so it must be kept, and not be made anew by every run.
"""

from __future__ import annotations

import time
from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, DiffResult, Resource, ResourceProvider, UpdateResult

from components import tokens

DAY = 86400


class ServiceTokenProvider(ResourceProvider):
    """Mints tokens. State stores it as the import path of this class: module and class names are frozen."""

    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        """A new token."""
        return CreateResult(f"{props['subject']}@{props['audience']}", minted(props))

    def update(self, _id: str, _olds: dict[str, Any], news: dict[str, Any]) -> UpdateResult:
        """A token in place of the one that is about to end, or of other claims."""
        return UpdateResult(minted(news))

    def diff(self, _id: str, olds: dict[str, Any], news: dict[str, Any]) -> DiffResult:
        """Another key or claim, or half of its time is over."""
        keys = ("signing_key", "issuer", "audience", "subject", "days")
        changed = any(olds.get(key) != news.get(key) for key in keys)
        return DiffResult(changes=changed or due(olds, time.time()))


def minted(props: dict[str, Any]) -> dict[str, Any]:
    """Inputs, token and the moment that it ends."""
    now, seconds = int(time.time()), int(props["days"]) * DAY
    names = ("issuer", "audience", "subject")
    token = tokens.mint(
        props["signing_key"], **{name: props[name] for name in names}, lifetime_seconds=seconds, now=now
    )
    return {**props, "token": token, "expires": now + seconds}


def due(props: dict[str, Any], now: float) -> bool:
    """Whether half of a token's time is over."""
    return bool(float(props.get("expires") or 0) - now < float(props.get("days") or 0) * DAY / 2)


class ServiceToken(Resource, module="qiao", name="ServiceToken"):
    """A bearer token for one caller of one gateway.

    Args:
        name: logical name.
        signing_key: the gateway's private key, PEM; a secret.
        issuer: claim `iss`.
        audience: claim `aud`.
        subject: who calls: claim `sub`.
        days: how long it is valid. `up` renews it from the half on, so the caller must be brought up that often.
        opts: options.
    """

    token: pulumi.Output[str]
    """The token. Secret."""
    expires: pulumi.Output[float]
    """When it ends, in seconds since 1970."""

    def __init__(
        self, name: str, *, signing_key: pulumi.Input[str], issuer: pulumi.Input[str], audience: pulumi.Input[str],
        subject: str, days: int = 90, opts: pulumi.ResourceOptions | None = None,
    ) -> None:  # fmt: skip
        props = {
            "signing_key": pulumi.Output.secret(signing_key), "issuer": issuer, "audience": audience,
            "subject": subject, "days": days, "token": None, "expires": None,
        }  # fmt: skip
        secret = pulumi.ResourceOptions(additional_secret_outputs=["token", "signing_key"])
        super().__init__(ServiceTokenProvider(), name, props, pulumi.ResourceOptions.merge(opts, secret))
