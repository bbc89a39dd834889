"""Links: what an application gets to call another of the same stage, and the order that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter

import pulumi

from components.errors import UserError
from components.gateway import Gateway
from stacks.model import join, nearest


@dataclass(frozen=True, kw_only=True)
class Signing:
    """What a bearer token for an application is signed with, where the stack signs tokens."""

    issuer: str
    """Claim `iss`."""
    audience: str
    """Claim `aud`."""
    key: pulumi.Input[str] = field(repr=False)
    """Private key, PEM. A secret."""


def signing_of(gateway: Gateway) -> Signing | None:
    """What a gateway's tokens are signed with, or None where the cloud signs them or nobody needs one."""
    if gateway.signing_key is None or gateway.issuer is None or gateway.audience is None:
        return None
    return Signing(issuer=gateway.issuer, audience=gateway.audience, key=gateway.signing_key)


@dataclass(frozen=True, kw_only=True)
class Link:
    """How to call an application."""

    cloud: str
    """The cloud it runs on."""
    url: pulumi.Input[str]
    """Its address."""
    gateway_id: pulumi.Input[str] | None
    """Gateway that a token is asked of, or None where the cloud signs none, or none is needed."""
    signing: Signing | None = None
    """What a token is signed with, or None where the stack signs none, or none is needed."""
    models: Sequence[str] = ()
    """Names of the models that it serves. Default: it serves none."""
    network_only: bool = False
    """Whether only callers inside its private network reach it."""
    path: str = ""
    """The path that its address ends with, where it answers one alone. Default: all of them."""

    def env(self, app: str) -> dict[str, pulumi.Input[str]]:
        """Environment variables for the caller: `<APP>_URL`, and `<APP>_GATEWAY_ID` where a token is needed."""
        named = {f"{_prefix(app)}_URL": self.url}
        return named | ({f"{_prefix(app)}_GATEWAY_ID": self.gateway_id} if self.gateway_id is not None else {})

    def secret_env(self, app: str, token: pulumi.Input[str]) -> dict[str, pulumi.Input[str]]:
        """Secret environment variables for the caller: `<APP>_TOKEN`, a bearer token of its own."""
        return {f"{_prefix(app)}_TOKEN": token}


def _prefix(app: str) -> str:
    return app.upper().replace("-", "_")


def order(links: Mapping[str, Sequence[str]]) -> list[str]:
    """Applications, each after those it links to, otherwise as written; unknown ones and cycles are one error."""
    for app, targets in links.items():
        for place, target in enumerate(targets):
            if target not in links:
                others = sorted(set(links) - {app})
                where = join("apps", app, "links", place)
                raise UserError(where, f"there is no application {target}", nearest(target, others))
    try:
        return _ordered(links)
    except CycleError as error:
        ring = " -> ".join(reversed(error.args[1]))
        raise UserError("apps", f"links go in a circle: {ring}", "take one of them out") from None


def _ordered(links: Mapping[str, Sequence[str]]) -> list[str]:
    sorter = TopologicalSorter({app: sorted(set(targets)) for app, targets in links.items()})
    sorter.prepare()
    result: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=list(links).index)
        result += ready
        sorter.done(*ready)
    return result
