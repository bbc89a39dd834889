"""Tokens that one application calls another with: made once, kept, renewed at half-time, secret everywhere."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import dill
import jwt
import pulumi
import pulumi_tls as tls
import pytest
from pulumi.dynamic.dynamic import serialize_provider

from components import service_token, tokens
from components.service_token import DAY, ServiceToken, ServiceTokenProvider
from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording, Secret
from qiao.plan.standins import StandIns
from tests.components.keys import PRIVATE_KEY, pair

NOW = 1_900_000_000
TYPE = "pulumi-python:dynamic/qiao:ServiceToken"
FROZEN = "components.service_token ServiceTokenProvider"
"""Where state finds the provider. Never change it: a class that moves leaves an importable name where it was."""
PRIVATE, PUBLIC = pair("stack")
ASKED: dict[str, Any] = {
    "signing_key": PRIVATE, "issuer": "urn:signer", "audience": "urn:gateway", "subject": "chat", "days": 90,
}  # fmt: skip
provider = ServiceTokenProvider()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets what time it is for the provider."""
    return lambda moment: monkeypatch.setattr("components.service_token.time.time", lambda: moment)


def verified(token: str, key: str = PUBLIC, **other: str) -> dict[str, Any]:
    """What the key set says of a token."""
    said = {"issuer": "urn:signer", "audience": "urn:gateway"} | other
    return tokens.verify(token, tokens.jwks_of(key), **said)


def minted(**other: Any) -> dict[str, Any]:
    """The outputs of a new token."""
    outs = provider.create({**ASKED, **other}).outs
    assert outs is not None
    return outs


def renewed(olds: dict[str, Any], **other: Any) -> dict[str, Any]:
    """The outputs of an update of one."""
    outs = provider.update("id", olds, {**ASKED, **other}).outs
    assert outs is not None
    return outs


def created(**other: Any) -> dict[str, Any]:
    """The outputs of a new token, as state keeps them: numbers are floats."""
    outs = minted(**other)
    return {key: float(value) if isinstance(value, int) else value for key, value in outs.items()}


def changes(olds: dict[str, Any], **other: Any) -> bool:
    """Whether a program that asks for this changes a token in state."""
    diff = provider.diff("id", olds, {**ASKED, **other})
    assert not diff.replaces
    assert isinstance(diff.changes, bool)
    return diff.changes


def test_a_new_token_is_valid_for_its_days_and_bears_its_caller() -> None:
    outs = created(days=30)
    said = verified(outs["token"])
    assert (said["sub"], said["exp"] - said["iat"]) == ("chat", 30 * DAY)
    assert outs["expires"] == said["exp"]


def test_state_keeps_what_was_asked_so_that_a_change_is_seen() -> None:
    outs = created()
    assert {key: outs[key] for key in ASKED} == ASKED
    assert provider.create(ASKED).id == "chat@urn:gateway"


def test_the_same_again_changes_nothing() -> None:
    assert changes(created()) is False


def test_numbers_of_the_engine_are_floats() -> None:
    assert verified(minted(days=2.0)["token"])["sub"] == "chat"
    assert changes(created(), days=90.0) is False


@pytest.mark.parametrize(
    "other",
    [
        {"signing_key": pair("foreign")[0]}, {"issuer": "urn:other"}, {"audience": "urn:other"}, {"subject": "agent"},
        {"days": 30},
    ],
)  # fmt: skip
def test_another_key_or_claim_makes_another_token(other: dict[str, Any]) -> None:
    olds = created()
    assert changes(olds, **other) is True
    outs = renewed(olds, **other)
    assert outs["token"] != olds["token"]
    key = pair("foreign")[1] if "signing_key" in other else PUBLIC
    said = verified(outs["token"], key, **{name: other[name] for name in ("issuer", "audience") if name in other})
    assert said["sub"] == other.get("subject", "chat")
    assert said["exp"] - said["iat"] == other.get("days", 90) * DAY


def test_a_token_of_the_old_key_does_not_pass_the_new_one() -> None:
    old = created()["token"]
    with pytest.raises(jwt.InvalidTokenError):
        verified(old, pair("foreign")[1])


@pytest.mark.parametrize(
    ("days_later", "expected"), [(0, False), (44.99, False), (45.01, True), (89, True), (90, True), (400, True)]
)
def test_it_is_renewed_from_half_of_its_time_on(days_later: float, expected: bool, at: Callable[[float], None]) -> None:
    at(NOW)
    olds = created()
    at(NOW + days_later * DAY)
    assert changes(olds) is expected


def test_a_renewed_token_lives_its_whole_time_from_then_on(at: Callable[[float], None]) -> None:
    at(NOW)
    olds = created()
    at(NOW + 60 * DAY)
    outs = renewed(olds)
    assert outs["expires"] == NOW + 150 * DAY
    assert changes(outs) is False
    assert jwt.decode(outs["token"], options={"verify_signature": False})["exp"] == NOW + 150 * DAY


def test_a_state_without_its_end_is_renewed() -> None:
    assert service_token.due({"days": 90}, time.time()) is True


# ---- in a program


def program(*, preview: bool = False) -> Recording:
    def declare() -> None:
        key = tls.PrivateKey("key", algorithm="RSA", rsa_bits=2048)
        token = ServiceToken(
            "chat-token", signing_key=key.private_key_pem, issuer="urn:signer", audience="urn:gateway", subject="chat"
        )
        pulumi.export("token", token.token)

    def answer(asked: Any) -> dict[str, Any]:
        return {"token": f"token-of-{asked.text('subject')}", "expires": 1.0}

    answers: Any = {
        PRIVATE_KEY: lambda _: {"privateKeyPem": Secret(PRIVATE), "publicKeyPem": PUBLIC},
        TYPE: answer,
    }
    return record(declare, preview=preview, standins=StandIns(resources=answers))


def test_key_and_token_are_secrets_wherever_they_go() -> None:
    recording = program()
    found = recording.get(TYPE, "chat-token")
    assert found.inputs["signing_key"] == Secret(PRIVATE)
    assert {"token", "signing_key"} <= set(found.additional_secret_outputs)
    assert found.outputs["token"] == Secret("token-of-chat")
    assert recording.outputs["token"] == Secret("token-of-chat")
    assert {key: found.inputs[key] for key in ("issuer", "audience", "subject", "days")} == {
        "issuer": "urn:signer", "audience": "urn:gateway", "subject": "chat", "days": 90,
    }  # fmt: skip
    assert found.input_dependencies["signing_key"] == (recording.get(PRIVATE_KEY).urn,)


def test_a_preview_makes_no_token() -> None:
    recording = program(preview=True)
    assert recording.get(TYPE).inputs["signing_key"] in (UNKNOWN, Secret(UNKNOWN))
    assert recording.outputs["token"] in (UNKNOWN, Secret(UNKNOWN))


# ---- in state


def test_state_finds_the_provider_by_a_frozen_path() -> None:
    module, name = FROZEN.split()
    assert getattr(import_module(module), name) is ServiceTokenProvider
    assert f"pulumi-python:{ServiceToken._resource_type_name}" == TYPE
    stored = f"c{module}\n{name}\n)\x81.".encode("latin-1")
    assert type(dill.loads(stored)) is ServiceTokenProvider  # noqa: S301 - written just above


def test_the_stored_provider_is_a_path_and_holds_no_secret() -> None:
    outs, used = minted(), provider
    first, second = serialize_provider(used), serialize_provider(ServiceTokenProvider())
    assert first == second
    text = base64.b64decode(first)
    for word in FROZEN.split():
        assert word.encode() in text
    for secret in (outs["token"], "PRIVATE KEY", PRIVATE.splitlines()[1]):
        assert secret.encode() not in text
    # As a secret, its stored form would ask for the passphrase of every stack that shows its outputs.
    assert ServiceTokenProvider.serialize_as_secret_always is False
