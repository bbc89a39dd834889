"""Who passes a route of auth jwt: bearers of tokens that the stack's own key has signed.

The gateway knows them as one consumer, by the key's public half and by the issuer that their tokens name. A route that
asks for consumers and has none granted lets nobody through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
from pulumi_alicloud import apig

from components import tokens
from components.alicloud.gaps.consumer import Consumer
from components.alicloud.gaps.consumer_grant import ConsumerGrant
from components.alicloud.gaps.route_deployment import RouteDeployment
from components.base import Component
from components.gateway import Route
from components.tokens import Signer

CONSUMER = "pulumi-python:dynamic/alicloud:Consumer"


@dataclass(frozen=True, kw_only=True)
class Bearers:
    """Those who have a token."""

    signer: Signer
    """The key of their tokens."""
    consumer: Consumer
    """What the gateway knows them as."""


def declare_bearers(owner: Component, routes: Sequence[Route], words: Mapping[str, str]) -> Bearers | None:
    """Declare key and consumer, where a route asks for tokens.

    Args:
        owner: the gateway.
        routes: its routes.
        words: the service's words, where the built-in ones do not hold.
    """
    if all(route.auth != "jwt" for route in routes):
        return None
    signer = tokens.declare_signer(owner)
    consumer = Consumer(
        owner.child("consumer"),
        # Consumers belong to account and region: the name tells this gateway's from others'.
        consumer_name=owner.physical_name(CONSUMER),
        jwks=signer.jwks,
        # Which consumer a token is of. The signature alone makes it valid.
        payload_key="iss",
        payload_value=signer.issuer,
        region=owner.scope.region,
        **words,
        opts=owner.options(),
    )
    return Bearers(signer=signer, consumer=consumer)


def declare_grant(
    owner: Component, bearers: Bearers, route: Route, target: apig.Route, environment_id: pulumi.Input[str],
    published: RouteDeployment,
) -> ConsumerGrant:  # fmt: skip
    """Declare that bearers may call a route.

    Args:
        owner: the gateway.
        bearers: those who may.
        route: the route as asked for.
        target: the route as declared.
        environment_id: the gateway's environment.
        published: the route's publication: nobody is granted a route before it.
    """
    return ConsumerGrant(
        owner.child("grant", route.name),
        consumer_id=bearers.consumer.consumer_id,
        environment_id=environment_id,
        http_api_id=target.http_api_id,
        route_id=target.route_id,
        region=owner.scope.region,
        opts=owner.options(depends_on=[published]),
    )
