"""What the edge function is told: the table of routes, how tokens are checked, and what it shows the functions."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.errors import UserError
from components.gateway import GatewayArgs, Route
from components.tencentcloud.gateway_settings import GatewayNative
from components.tokens import Signer

LONGEST_VALUE = 5000
"""Bytes of a variable's value."""
LONGEST_HOST = 100
"""Characters of a function's own host, more than any has: what a table is measured with before hosts are known."""
OWN_CLAIMS = ("iss", "aud", "sub", "exp", "nbf", "iat")
"""What every token of the stack's key says."""
FOREIGN_CLAIMS = ("iss", "aud", "sub", "exp")
"""What every token of somebody else's says at least."""

OPEN = ("JWT_AUDIENCE", "JWT_ISSUER")
"""Variables that are no secret: they stand in the gateway's outputs too."""

Variables = dict[str, pulumi.Input[str]]
"""Values by name."""


def ordered(routes: Sequence[Route]) -> list[Route]:
    """The most particular route first: exact ones before prefixes, longer ones before shorter."""
    return sorted(routes, key=lambda route: (route.match != "exact", -len(route.path.rstrip("/")), route.path))


def row(route: Route, host: str) -> dict[str, Any]:
    """A route as the edge function reads it."""
    every = set(route.methods) >= set(Route.methods)
    return {
        "name": route.name, "path": route.path, "prefix": route.match == "prefix", "strip": route.strip_prefix,
        "origin": f"https://{host}", "auth": route.auth, "seconds": route.timeout,
        "methods": None if every else list(route.methods), "allow": route.allowed_blocks,
        "request": dict(route.request_headers), "response": dict(route.response_headers),
    }  # fmt: skip


def table(routes: Sequence[Route], hosts: Mapping[str, str]) -> str:
    """The table of routes, as one line of JSON: the most particular first, which is the first that matches.

    Args:
        routes: the routes.
        hosts: host of each route's function, by the route's name.
    """
    return _line([row(route, hosts[route.name]) for route in ordered(routes)])


def check_size(routes: Sequence[Route]) -> None:
    """Refuse a table that no variable holds, before hosts are known."""
    size = len(table(routes, {route.name: "h" * LONGEST_HOST for route in routes}).encode())
    if size > LONGEST_VALUE:
        instead = "declare fewer routes, or fewer and shorter headers; a second gateway takes the rest"
        raise UserError(
            "GatewayArgs.routes", f"together they take {size} bytes of an edge function's {LONGEST_VALUE}", instead
        )


def variables(
    args: GatewayArgs, native: GatewayNative, hosts: Mapping[str, pulumi.Output[str]], signer: Signer | None
) -> Variables:
    """The edge function's environment.

    Args:
        args: the gateway's arguments.
        native: what only this cloud knows.
        hosts: host of each route's function, by the route's name.
        signer: what the stack's tokens are checked by; None where no route asks for one, or somebody else signs them.
    """
    rows = pulumi.Output.all(**hosts).apply(lambda known: table(args.routes, known))
    found: Variables = {"ROUTES": rows, "HTTPS_ONLY": str(native.force_https).lower()}
    found |= _foreign(native) if native.foreign_tokens else _own(signer)
    return found | (args.signer.secret_env() if args.signer else {})


def _own(signer: Signer | None) -> Variables:
    return {} if signer is None else {**signer.env(), "JWT_REQUIRED": _line(list(OWN_CLAIMS))}


def _foreign(native: GatewayNative) -> Variables:
    if native.token_secret is not None:
        key: Variables = {"JWT_ALG": "HS256", "JWT_SECRET": native.token_secret}
    else:
        key = {"JWT_ALG": "RS256", "JWT_JWKS": native.token_jwks or ""}
    named = {"JWT_ISSUER": native.token_issuer, "JWT_AUDIENCE": native.token_audience}
    return {**key, **named, "JWT_REQUIRED": _line(list(FOREIGN_CLAIMS))}


def _line(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))
