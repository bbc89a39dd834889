"""Key pairs of stand-ins are real: they sign, are checked with, and are the same in every run."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from components import tokens
from qiao.plan.keys import Pair, pair
from qiao.plan.recording import Secret, reveal
from qiao.plan.standins import Asked, StandIns

KEY, TOKEN = "tls:index/privateKey:PrivateKey", "pulumi-python:dynamic/qiao:ServiceToken"


def ask(type_token: str, name: str, **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:dev::p::{type_token}::{name}"
    return StandIns().resource(Asked(urn=urn, type=type_token, name=name, inputs=inputs))[1]


@pytest.mark.parametrize(
    ("algorithm", "size", "kind", "begins"),
    [
        ("RSA", 2048, rsa.RSAPrivateKey, "RSA PRIVATE KEY"),
        ("ECDSA", "P256", ec.EllipticCurvePrivateKey, "EC PRIVATE KEY"),
        ("ECDSA", "P521", ec.EllipticCurvePrivateKey, "EC PRIVATE KEY"),
        ("ED25519", "", ed25519.Ed25519PrivateKey, "PRIVATE KEY"),
    ],
)
def test_both_halves_belong_together(algorithm: str, size: Any, kind: type, begins: str) -> None:
    made = pair(algorithm, size, "one")
    key = serialization.load_pem_private_key(made.private.encode(), password=None)
    assert isinstance(key, kind)
    assert made.private.startswith(f"-----BEGIN {begins}-----\n")
    same = serialization.load_pem_private_key(made.pkcs8.encode(), password=None)
    for half in (key, same):
        public = half.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        assert public.decode() == made.public
    opened = serialization.load_ssh_public_key(made.openssh.encode())
    assert opened == serialization.load_pem_public_key(made.public.encode())
    assert made.sha256.startswith("SHA256:")
    assert len(made.md5.split(":")) == 16
    other = pair(algorithm, size, "two")
    assert not {made.private, made.public, made.md5} & {other.private, other.public, other.md5}


def test_a_key_has_the_size_asked_for_and_sound_numbers() -> None:
    for bits in (2048, 3072):
        key = serialization.load_pem_private_key(pair("RSA", bits, "sized").private.encode(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        assert key.key_size == bits
        numbers = key.private_numbers()
        assert numbers.public_numbers.e == 65537
        assert numbers.p != numbers.q
        assert pow(pow(2, 65537, numbers.public_numbers.n), numbers.d, numbers.public_numbers.n) == 2


def test_another_process_makes_the_same_key() -> None:
    code = "from qiao.plan.keys import pair; print(pair('RSA', 2048, 'steady').public)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == pair("RSA", 2048, "steady").public.strip()


def test_every_resource_has_a_key_of_its_own() -> None:
    one, other = (ask(KEY, name, algorithm="RSA", rsaBits=2048) for name in ("one", "other"))
    assert one["publicKeyPem"] != other["publicKeyPem"]
    assert ask(KEY, "one", algorithm="RSA", rsaBits=2048) == one
    assert isinstance(one["privateKeyPem"], Secret)
    assert isinstance(one["privateKeyOpenssh"], Secret)


def test_a_token_of_the_plan_is_signed_by_its_key_and_long_over() -> None:
    key = ask(KEY, "signing", algorithm="RSA", rsaBits=2048)
    asked = {"signing_key": key["privateKeyPem"], "issuer": "urn:i", "audience": "urn:a", "subject": "app", "days": 90}
    answer = ask(TOKEN, "token", **asked)
    token = reveal(answer["token"])
    claims = jwt.decode(
        token, key["publicKeyPem"], algorithms=["RS256"], audience="urn:a", issuer="urn:i",
        options={"verify_exp": False},
    )  # fmt: skip
    assert (claims["sub"], claims["exp"] - claims["iat"], claims["exp"]) == ("app", 90 * 86400, answer["expires"])
    with pytest.raises(jwt.ExpiredSignatureError):
        tokens.verify(token, tokens.jwks_of(key["publicKeyPem"]), issuer="urn:i", audience="urn:a")


def test_a_pair_holds_texts_alone() -> None:
    assert {type(value) for value in vars(pair("ED25519", "", "texts")).values()} == {str}
    assert isinstance(pair("ED25519", "", "texts"), Pair)
