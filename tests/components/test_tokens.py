"""Tokens of the stack's key: valid ones are accepted, and no others, by the very key set that the gateway gets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from functools import cache
from typing import Any

import jwt
import pulumi
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from components import tokens
from components.alicloud.gateway import Gateway
from components.function import ExistingFunction
from components.gateway import GatewayArgs, Route
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Recording, Secret
from tests.components.alicloud.support import GAP, Stage, no_network, recorded
from tests.components.keys import PRIVATE_KEY, pair

CONSUMER = f"{GAP}Consumer"
CHAT = Route(name="chat", path="/chat", function=ExistingFunction(id="f-there"))
HOUR = 3600


def gateways(*names: str, stage: Stage = "dev", preview: bool = False) -> Recording:
    """A program of gateways whose routes check tokens, with a real key each."""

    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in names:
            args = GatewayArgs(scope=scope, routes=[CHAT], network=no_network())
            gateway = Gateway(name, args, opts)
            for key in ("issuer", "audience", "signing_key"):
                pulumi.export(f"{name}.{key}", getattr(gateway, key))

    private, public = pair("stack")
    answers = {PRIVATE_KEY: {"privateKeyPem": Secret(private), "publicKeyPem": public}}
    return recorded(build, stage, preview=preview, answers=answers, open_to_world=True)


@cache
def the_stack() -> tuple[str, str, str, str]:
    """Key set as the Consumer gets it; issuer, audience and key as the gateway's outputs have them."""
    recording = gateways("agent-gateway")
    jwks = recording.get(CONSUMER).inputs["jwks"]
    outputs = recording.outputs
    key = outputs["agent-gateway.signing_key"]
    assert isinstance(key, Secret)
    return jwks, outputs["agent-gateway.issuer"], outputs["agent-gateway.audience"], str(key.value)


def made(**other: Any) -> str:
    """A token as `qiao token` makes it; keywords change what it says."""
    _, issuer, audience, key = the_stack()
    given: dict[str, Any] = {"issuer": issuer, "audience": audience, "subject": "me", "lifetime_seconds": HOUR}
    return tokens.mint(other.pop("key", key), **{**given, **other})


def accepted(token: str) -> dict[str, Any]:
    """What the stack's key set says of a token."""
    jwks, issuer, audience, _ = the_stack()
    return tokens.verify(token, jwks, issuer=issuer, audience=audience)


def header_of(token: str) -> dict[str, Any]:
    return dict(jwt.get_unverified_header(token))


def encoded(value: Mapping[str, Any] | bytes) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def claims(**other: Any) -> dict[str, Any]:
    """What a valid token says, with other claims in their place; None takes one out."""
    _, issuer, audience, _ = the_stack()
    now = int(time.time())
    said = {"iss": issuer, "aud": audience, "sub": "me", "iat": now, "nbf": now, "exp": now + HOUR} | other
    return {name: value for name, value in said.items() if value is not None}


# ---- accepted


def test_a_token_of_the_stacks_key_is_accepted() -> None:
    said = accepted(made(subject="ops", lifetime_seconds=60))
    _, issuer, audience, _ = the_stack()
    assert (said["iss"], said["aud"], said["sub"]) == (issuer, audience, "ops")
    assert said["exp"] - said["iat"] == 60
    assert said["nbf"] == said["iat"]
    assert abs(said["iat"] - time.time()) < 60


def test_its_header_names_key_and_algorithm() -> None:
    [key] = json.loads(the_stack()[0])["keys"]
    assert header_of(made()) == {"alg": "RS256", "kid": key["kid"], "typ": "JWT"}


# ---- refused


def refused(token: str, kind: type[jwt.InvalidTokenError] = jwt.InvalidTokenError) -> None:
    with pytest.raises(kind):
        accepted(token)


def test_an_expired_token_is_refused() -> None:
    refused(made(now=time.time() - 2 * HOUR), jwt.ExpiredSignatureError)


def test_a_token_of_tomorrow_is_refused() -> None:
    refused(made(now=time.time() + HOUR), jwt.ImmatureSignatureError)


def test_a_token_of_another_key_is_refused_whatever_its_header_says() -> None:
    foreign, _ = pair("foreign")
    refused(made(key=foreign))
    # The same, pretending to be signed by the stack's key.
    kid = header_of(made())["kid"]
    refused(jwt.encode(claims(), foreign, algorithm="RS256", headers={"kid": kid}), jwt.InvalidSignatureError)


def test_a_key_that_a_token_brings_along_is_not_used() -> None:
    foreign, public = pair("foreign")
    brought = json.loads(tokens.jwks_of(public))["keys"][0]
    headers = {"kid": header_of(made())["kid"], "jwk": brought, "jku": "https://example.com/keys"}
    refused(jwt.encode(claims(), foreign, algorithm="RS256", headers=headers), jwt.InvalidSignatureError)


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", ""])
def test_a_token_that_asks_for_no_check_is_refused(algorithm: str) -> None:
    header = {"alg": algorithm, "typ": "JWT", "kid": header_of(made())["kid"]}
    refused(f"{encoded(header)}.{encoded(claims())}.")
    # With the signature of a valid one left in place.
    refused(f"{encoded(header)}.{encoded(claims())}.{made().rsplit('.', 1)[-1]}")


def test_an_unsigned_token_is_refused() -> None:
    header, payload, _ = made().split(".")
    refused(f"{header}.{payload}.")
    refused(f"{header}.{payload}")


@pytest.mark.parametrize("secret", ["pem", "stripped", "jwks"])
def test_the_public_key_is_no_shared_secret(secret: str) -> None:
    """Who takes the algorithm from the token would check an HMAC with what everybody knows."""
    _, public = pair("stack")
    shared = {"pem": public, "stripped": public.strip(), "jwks": the_stack()[0]}[secret]
    signed = f"{encoded({'alg': 'HS256', 'typ': 'JWT', 'kid': header_of(made())['kid']})}.{encoded(claims())}"
    mac = hmac.new(shared.encode(), signed.encode(), hashlib.sha256).digest()
    refused(f"{signed}.{encoded(mac)}", jwt.InvalidAlgorithmError)


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_another_algorithm_of_the_same_key_is_refused(algorithm: str) -> None:
    key, kid = the_stack()[3], header_of(made())["kid"]
    refused(jwt.encode(claims(), key, algorithm=algorithm, headers={"kid": kid}), jwt.InvalidAlgorithmError)


@pytest.mark.parametrize("change", [{"sub": "root"}, {"exp": 2**33}, {"aud": "urn:other"}])
def test_a_changed_payload_is_refused(change: dict[str, Any]) -> None:
    header, payload, signature = made().split(".")
    said = json.loads(base64.urlsafe_b64decode(payload + "=="))
    assert {**said, **change} != said
    refused(f"{header}.{encoded({**said, **change})}.{signature}", jwt.InvalidSignatureError)


def test_a_changed_header_is_refused() -> None:
    token = made()
    _, payload, signature = token.split(".")
    refused(f"{encoded({**header_of(token), 'cty': 'JWT'})}.{payload}.{signature}", jwt.InvalidSignatureError)
    refused(f"{encoded({**header_of(token), 'kid': 'other'})}.{payload}.{signature}")
    refused(f"{encoded({'alg': 'RS256', 'typ': 'JWT'})}.{payload}.{signature}")


def test_a_token_of_another_signer_or_for_another_gateway_is_refused() -> None:
    _, issuer, audience, _ = the_stack()
    refused(made(issuer=f"{issuer}-2"), jwt.InvalidIssuerError)
    refused(made(audience=f"{audience}-2"), jwt.InvalidAudienceError)


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "exp", "nbf", "iat"])
def test_a_token_that_leaves_a_claim_out_is_refused(claim: str) -> None:
    key, kid = the_stack()[3], header_of(made())["kid"]
    whole = jwt.encode(claims(), key, algorithm="RS256", headers={"kid": kid})
    assert accepted(whole)["sub"] == "me"
    refused(
        jwt.encode(claims(**{claim: None}), key, algorithm="RS256", headers={"kid": kid}), jwt.MissingRequiredClaimError
    )


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "Bearer x", "{}", "\u00e9.\u00e9.\u00e9", "x" * 4096])
def test_what_is_no_token_is_refused(text: str) -> None:
    refused(text, jwt.DecodeError)


def test_a_token_with_more_behind_it_is_refused() -> None:
    refused(made() + ".more")
    refused(made() + "AAAA", jwt.InvalidSignatureError)


# ---- the key set


def test_the_gateway_gets_the_public_half_and_nothing_else() -> None:
    jwks = the_stack()[0]
    assert isinstance(jwks, str)  # in clear: there is nothing to hide
    [key] = json.loads(jwks)["keys"]
    assert set(key) == {"alg", "e", "kid", "kty", "n", "use"}
    assert (key["alg"], key["kty"], key["use"], key["e"]) == ("RS256", "RSA", "sig", "AQAB")
    numbers = serialization.load_pem_public_key(pair("stack")[1].encode()).public_numbers()  # type: ignore[union-attr]
    assert int.from_bytes(base64.urlsafe_b64decode(key["n"] + "=="), "big") == numbers.n  # type: ignore[union-attr]


def test_the_key_set_is_one_canonical_line() -> None:
    jwks = the_stack()[0]
    assert jwks == json.dumps(json.loads(jwks), sort_keys=True, separators=(",", ":"))
    assert jwks == tokens.jwks_of(pair("stack")[1]) == tokens.jwks_of(pair("stack")[1].replace("\n", "\r\n"))
    assert jwks != tokens.jwks_of(pair("foreign")[1])


def test_a_key_of_another_kind_is_an_error() -> None:
    public = ec.generate_private_key(ec.SECP256R1()).public_key()
    text = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with pytest.raises(TypeError, match="not RSA"):
        tokens.jwks_of(text.decode())


def test_a_keys_id_is_the_published_thumbprint() -> None:
    """The example of RFC 7638, 3.1."""
    n = (
        "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3ok"
        "njhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu"
        "6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8a"
        "wapJzKnqDKgw"
    )
    assert tokens.thumbprint({"e": "AQAB", "kty": "RSA", "n": n}) == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def test_a_keys_id_hangs_on_the_key_alone() -> None:
    [key] = json.loads(the_stack()[0])["keys"]
    assert key["kid"] == tokens.thumbprint({name: key[name] for name in ("n", "kty", "e")})


# ---- the key in the stack


def test_each_gateway_has_a_key_and_a_name_of_its_own() -> None:
    recording = gateways("a-gateway", "b-gateway")
    assert [key.name for key in recording.of_type(PRIVATE_KEY)] == ["a-gateway-signing-key", "b-gateway-signing-key"]
    assert recording.outputs["a-gateway.audience"] == "urn:qiao:qiao:dev:a-gateway"
    assert recording.outputs["a-gateway.issuer"] == "urn:qiao:qiao:dev:a-gateway:signer"
    # A cloud tells callers apart by what their tokens name: two gateways of a stage must not share it.
    assert recording.outputs["b-gateway.issuer"] == "urn:qiao:qiao:dev:b-gateway:signer"
    assert recording.outputs["b-gateway.audience"] == "urn:qiao:qiao:dev:b-gateway"


@pytest.mark.parametrize(("stage", "protect"), [("dev", False), ("prod", True)])
def test_the_key_is_rsa_secret_and_kept_as_data_is(stage: Stage, protect: bool) -> None:
    recording = gateways("agent-gateway", stage=stage)
    key = recording.get(PRIVATE_KEY)
    assert key.inputs == {"algorithm": "RSA", "rsaBits": 2048}
    assert (key.protect, key.retain_on_delete) == (protect, False)
    assert {"privateKeyPem", "privateKeyOpenssh", "privateKeyPemPkcs8"} <= set(key.additional_secret_outputs)
    assert recording.outputs["agent-gateway.signing_key"] == Secret(pair("stack")[0])


def test_the_private_half_is_in_no_input_of_anything() -> None:
    body = "".join(pair("stack")[0].splitlines()[1:-1])
    for resource in gateways("agent-gateway").resources:
        # Its first third is the public half, which may well stand in a key set.
        assert body[640:704] not in str(resource.inputs), resource.name
        assert body[-128:-64] not in str(resource.inputs), resource.name


def test_a_preview_does_not_know_the_key_but_what_tokens_must_say() -> None:
    outputs = gateways("agent-gateway", preview=True).outputs
    assert outputs["agent-gateway.issuer"] == the_stack()[1]
    assert outputs["agent-gateway.audience"] == the_stack()[2]
    assert outputs["agent-gateway.signing_key"] in (UNKNOWN, Secret(UNKNOWN))
    assert gateways("agent-gateway", preview=True).get(CONSUMER).inputs["jwks"] is UNKNOWN
