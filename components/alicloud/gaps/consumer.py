"""Consumer: a caller of the gateway, known by tokens that a key of ours has signed.

The provider has no such resource. Names are unique, and a consumer of ours carries a mark: an interrupted create is
found by name and adopted, and somebody else's is never touched.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.alicloud.gaps.base import Gap, GapProvider, Props, gone, known
from components.alicloud.gaps.client import APIG, Client
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import ApiError, GapError
from components.gaps.polling import when_free

GATEWAY_TYPE: Final = "API"
MARK: Final = "Made by Qiao: changes by hand are overwritten"
"""Description of a consumer of ours."""

JWT: Final = {
    "identity_type": "Jwt",
    "secret_type": "Asymmetry",
    "token_position": "HEADER",
    "token_key": "Authorization",
    "token_prefix": "Bearer ",
}
"""The service's words, each of which an optional input replaces. The first three are from its API documentation, tried
on no account; whether the prefix ends in a space is not said anywhere, and the gateway's open-source kin needs one."""

CONFIG: Final = {
    "identity_type": ("type",),
    "secret_type": ("secretType",),
    "jwks": ("jwks",),
    "token_position": ("jwtTokenConfig", "position"),
    "token_key": ("jwtTokenConfig", "key"),
    "token_prefix": ("jwtTokenConfig", "prefix"),
    "payload_key": ("jwtPayloadConfig", "payloadKeyName"),
    "payload_value": ("jwtPayloadConfig", "payloadKeyValue"),
}
"""Each input, and where it stands in a consumer's `jwtIdentityConfig`."""
DISABLED: Final = "(disabled)"
"""Stands for the keys in the state of a consumer that somebody has switched off."""


class ConsumerProvider(GapProvider):
    """Makes, adopts by name, changes and deletes a consumer."""

    IDENTITY = ("region", "consumer_name")
    SETTINGS = tuple(CONFIG)

    def problems(self, _olds: Props, news: Props) -> list[tuple[str, str]]:
        """Keys that are no key set, or hold a private key: the gateway checks tokens, and state is no place for one."""
        if not known(news, "jwks"):
            return []
        keys = _parsed(news["jwks"])
        found = keys.get("keys") if isinstance(keys, dict) else None
        if not isinstance(found, list) or not found or not all(isinstance(key, dict) for key in found):
            return [("jwks", 'the keys are no JSON Web Key Set: give {"keys": [...]} with one public key at least')]
        if any({"d", "k"} & set(key) for key in found):
            return [("jwks", "the keys hold a private or shared one: give public keys only")]
        return []

    def differs(self, key: str, old: Any, new: Any) -> bool:
        """Keys differ by what they say; a word left out is the one of `JWT`."""
        if key == "jwks":
            return bool(_parsed(old) != _parsed(new))
        return bool((old or JWT.get(key)) != (new or JWT.get(key)))

    def create(self, props: Props) -> CreateResult:
        """Make it, or adopt the one that an interrupted create left."""
        client = connect(props["region"])
        found = _adopted(client, props) or _make(client, props)
        return CreateResult(found, {**self.inputs(props), "consumer_id": found})

    def update(self, id_: str, _olds: Props, news: Props) -> UpdateResult:
        """Give it other keys, or another claim."""
        _change(connect(news["region"]), id_, news)
        return UpdateResult({**self.inputs(news), "consumer_id": id_})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read it back, so that a change by hand is a difference in the next preview."""
        try:
            found = _get(connect(props["region"]), id_)
        except ApiError as error:
            if error.missing("Consumer"):
                return gone()
            raise
        inputs = {**self.inputs(props), **self._changed(props, found)}
        return ReadResult(id_, {**inputs, "consumer_id": id_}, inputs)

    def delete(self, id_: str, props: Props) -> None:
        """Delete it; one that is gone needs nothing."""
        client = connect(props["region"])
        try:
            when_free(lambda: client.call(APIG, "DeleteConsumer", id_, idempotent=True))
        except ApiError as error:
            if not error.missing("Consumer"):
                raise

    def _changed(self, props: Props, found: Mapping[str, Any]) -> dict[str, Any]:
        """The inputs that the service shows otherwise. What it does not show has not changed."""
        if found.get("enable") is False:
            return {"jwks": DISABLED}
        config = found.get("jwtIdentityConfig") or {}
        shown = {key: _at(config, path) for key, path in CONFIG.items()}
        return {
            key: value for key, value in shown.items() if value is not None and self.differs(key, props.get(key), value)
        }


def _parsed(text: Any) -> Any:
    try:
        return json.loads(text)
    except (TypeError, ValueError):
        return text


def _at(config: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = config
    for name in path:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def _config(props: Props) -> dict[str, Any]:
    config: dict[str, Any] = {"jwtTokenConfig": {"pass": True}}
    for key, path in CONFIG.items():
        place = config
        for name in path[:-1]:
            place = place.setdefault(name, {})
        place[path[-1]] = str(props.get(key) or JWT.get(key, ""))
    return config


def _get(client: Client, consumer_id: str) -> dict[str, Any]:
    return client.data("GetConsumer", consumer_id, idempotent=True)


def _change(client: Client, consumer_id: str, props: Props) -> None:
    asked = {"enable": True, "description": MARK, "jwtIdentityConfig": _config(props)}
    when_free(lambda: client.call(APIG, "UpdateConsumer", consumer_id, request=asked, idempotent=True))


def _adopted(client: Client, props: Props) -> str | None:
    """The id of a consumer of ours by this name, given what is asked for; None where there is none."""
    found = _named(client, str(props["consumer_name"]))
    if found is None:
        return None
    if found.get("description") != MARK:
        what = f"consumer {props['consumer_name']} is there already, and not by Qiao"
        raise GapError(what, "delete it, or give ours another name")
    consumer_id = str(found["consumerId"])
    _change(client, consumer_id, props)
    return consumer_id


def _named(client: Client, name: str) -> dict[str, Any] | None:
    there = client.pages("ListConsumers", {"gatewayType": GATEWAY_TYPE, "nameLike": name})
    # A name that only contains ours is another's.
    return next((one for one in there if one.get("name") == name), None)


def _make(client: Client, props: Props) -> str:
    asked = {
        "name": str(props["consumer_name"]), "gatewayType": GATEWAY_TYPE, "enable": True, "description": MARK,
        "jwtIdentityConfig": _config(props),
        # Makes the call safe to repeat. Never derived from the inputs: within a day the service would answer with the
        # id of a consumer that has been deleted since.
        "clientToken": str(uuid.uuid4()),
    }  # fmt: skip
    try:
        return str(when_free(lambda: client.data("CreateConsumer", request=asked, idempotent=True))["consumerId"])
    except ApiError as error:
        # A lost answer whose repeat met the first call's work.
        found = _adopted(client, props) if error.exists or error.transient else None
        if found is None:
            raise
        return found
    except KeyError:
        raise ApiError("CreateConsumer", "UnreadableAnswer", "no consumer id in the answer", status=200) from None


class Consumer(Gap, module="alicloud", name="Consumer"):
    """A caller of the gateway. One is shared by all gateways of a region: its name tells it from others there."""

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
