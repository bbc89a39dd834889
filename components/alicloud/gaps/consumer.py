"""Consumer: a caller of the gateway, known by tokens that a key of ours has signed."""

from __future__ import annotations

from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, GapProvider


class ConsumerProvider(GapProvider):
    """Makes, adopts by name, changes and deletes a consumer."""

    IDENTITY = ("region", "consumer_name")
    SETTINGS = (
        "jwks",
        "payload_key",
        "payload_value",
        "identity_type",
        "secret_type",
        "token_position",
        "token_key",
        "token_prefix",
    )


class Consumer(Gap, module="alicloud", name="Consumer"):
    """Makes, adopts by name, changes and deletes a consumer."""

    consumer_id: pulumi.Output[str]
    """The consumer's id."""

    def __init__(
        self,
        name: str,
        *,
        consumer_name: pulumi.Input[str],
        jwks: pulumi.Input[str],
        payload_key: pulumi.Input[str],
        payload_value: pulumi.Input[str],
        region: str,
        identity_type: pulumi.Input[str] | None = None,
        secret_type: pulumi.Input[str] | None = None,
        token_position: pulumi.Input[str] | None = None,
        token_key: pulumi.Input[str] | None = None,
        token_prefix: pulumi.Input[str] | None = None,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the consumer.

        Args:
            name: logical name.
            consumer_name: its name.
            jwks: the public keys, as a JSON Web Key Set.
            payload_key: the claim that tells this consumer from others (`sub`).
            payload_value: what that claim says.
            region: region code.
            identity_type: the service's word for tokens; None for the one in `JWT`.
            secret_type: the service's word for the kind of key; None for the one in `JWT`.
            token_position: where the token stands; None for the one in `JWT`.
            token_key: name of the header; None for the one in `JWT`.
            token_prefix: what stands before the token; None for the one in `JWT`.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "consumer_name": consumer_name,
            "jwks": jwks,
            "payload_key": payload_key,
            "payload_value": payload_value,
            "region": region,
            "identity_type": identity_type,
            "secret_type": secret_type,
            "token_position": token_position,
            "token_key": token_key,
            "token_prefix": token_prefix,
            "consumer_id": None,
        }
        super().__init__(ConsumerProvider(), name, props, opts)
