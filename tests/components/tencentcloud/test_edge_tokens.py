"""Which bearer tokens the edge function lets through: the real file in Node, against tokens made in Python."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from components import tokens
from components.tencentcloud.gateway_table import FOREIGN_CLAIMS, OWN_CLAIMS
from tests.components.keys import pair
from tests.components.tencentcloud.edge_support import call, environment, refused

PRIVATE, PUBLIC = pair("stack")
FOREIGN, FOREIGN_PUBLIC = pair("foreign")
JWKS = tokens.jwks_of(PUBLIC)
KID = json.loads(JWKS)["keys"][0]["kid"]
ISSUER, AUDIENCE = "urn:qiao:qiao:prod:chat:signer", "urn:qiao:qiao:prod:chat"
SECRET = "a-shared-secret-of-more-than-32-characters"
HOUR = 3600
CLAIMS = {"JWT_ISSUER": ISSUER, "JWT_AUDIENCE": AUDIENCE, "JWT_REQUIRED": json.dumps(OWN_CLAIMS)}
RS256 = {**environment(), "JWT_ALG": "RS256", "JWT_JWKS": JWKS, **CLAIMS}
HS256 = {**environment(), "JWT_ALG": "HS256", "JWT_SECRET": SECRET, **CLAIMS}
PINNED = {"RS256": RS256, "HS256": HS256}


def claims(**other: Any) -> dict[str, Any]:
    """What a valid token says, with other claims in their place; None takes one out."""
    now = int(time.time())
    said = {"iss": ISSUER, "aud": AUDIENCE, "sub": "me", "iat": now, "nbf": now, "exp": now + HOUR} | other
    return {name: value for name, value in said.items() if value is not None}


def encoded(value: Any) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def hmac_signed(header: Mapping[str, Any], said: Any, secret: bytes) -> str:
    signed = f"{encoded(dict(header))}.{encoded(said)}"
    return f"{signed}.{encoded(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"


def rsa_signed(header: Mapping[str, Any], said: Any) -> str:
    signed = f"{encoded(dict(header))}.{encoded(said)}"
    key = serialization.load_pem_private_key(PRIVATE.encode(), password=None)
    assert isinstance(key, RSAPrivateKey)
    return f"{signed}.{encoded(key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def made(alg: str = "RS256", said: Mapping[str, Any] | None = None, **headers: Any) -> str:
    """A token signed as the gateway that is pinned to `alg` wants it."""
    body = dict(claims() if said is None else said)
    if alg == "HS256":
        return jwt.encode(body, SECRET, algorithm="HS256", headers=headers or None)
    return jwt.encode(body, PRIVATE, algorithm="RS256", headers={"kid": KID, **headers})


def changed(token: str, place: int, value: Any) -> str:
    parts = token.split(".")
    parts[place] = encoded(value)
    return ".".join(parts)


def header_of(token: str) -> dict[str, Any]:
    return dict(jwt.get_unverified_header(token))


# ---- what passes

VALID: dict[str, Callable[[], dict[str, Any]]] = {
    "as minted": claims,
    "one of several audiences": lambda: claims(aud=["urn:other", AUDIENCE]),
    "expired within the skew": lambda: claims(exp=int(time.time()) - 20),
    "valid from within the skew": lambda: claims(nbf=int(time.time()) + 20),
    "fractions of seconds": lambda: claims(exp=int(time.time()) + HOUR + 0.5),
    "more than is asked for": lambda: claims(scope="chat", name="\u738b"),
}
"""What valid tokens say, worked out when they are sent."""


@pytest.mark.parametrize("alg", PINNED)
@pytest.mark.parametrize("said", VALID.values(), ids=VALID)
def test_a_valid_token_passes(alg: str, said: Callable[[], dict[str, Any]]) -> None:
    token = made(alg, said())
    answer = call(PINNED[alg], token=token)
    assert (answer.status, answer.body) == (200, "hello")
    assert answer.forwarded is not None
    assert answer.forwarded.header("x-jwt-sub") == "me"
    # Applications check it themselves too.
    assert answer.forwarded.header("authorization") == f"Bearer {token}"


def test_a_token_of_qiao_token_passes() -> None:
    token = tokens.mint(PRIVATE, issuer=ISSUER, audience=AUDIENCE, subject="ops", lifetime_seconds=60)
    answer = call(RS256, token=token)
    assert answer.status == 200
    assert answer.forwarded is not None
    assert answer.forwarded.header("x-jwt-sub") == "ops"


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_known_in_any_case(scheme: str) -> None:
    assert call(RS256, headers=[("Authorization", f"{scheme} {made()}")]).status == 200


@pytest.mark.parametrize(
    ("subject", "shown"),
    [("\u738b\u5c0f", "%E7%8E%8B%E5%B0%8F"), ("a b\r\nx-edge-auth: 1", "a%20b%0D%0Ax-edge-auth%3A%201")],
)
def test_a_subject_cannot_write_headers(subject: str, shown: str) -> None:
    answer = call(RS256, token=made(said=claims(sub=subject)))
    assert answer.forwarded is not None
    assert answer.forwarded.header("x-jwt-sub") == shown
    assert answer.forwarded.header("x-edge-auth") is None


def test_a_key_is_found_by_its_id_among_several() -> None:
    both = {"keys": json.loads(tokens.jwks_of(FOREIGN_PUBLIC))["keys"] + json.loads(JWKS)["keys"]}
    env = {**RS256, "JWT_JWKS": json.dumps(both)}
    assert call(env, token=made()).status == 200
    other = both["keys"][0]["kid"]
    assert call(env, token=jwt.encode(claims(), FOREIGN, algorithm="RS256", headers={"kid": other})).status == 200
    # The right key under the other one's id.
    refused(call(env, token=made(kid=other)), 401)


def test_variables_of_the_type_json_come_parsed() -> None:
    env = {
        key: json.loads(value) if key in ("ROUTES", "JWT_JWKS", "JWT_REQUIRED") else value
        for key, value in RS256.items()
    }
    assert call(env, token=made()).status == 200
    refused(call(env, token=made(said=claims(exp=1))), 401)


# ---- what does not

Make = Callable[[str], str]
SAID: dict[str, Callable[[], Any]] = {
    "expired": lambda: claims(exp=int(time.time()) - 61),
    "expired long ago": lambda: claims(exp=1),
    "not valid yet": lambda: claims(nbf=int(time.time()) + 120),
    "another issuer": lambda: claims(iss=ISSUER + "-2"),
    "another stage's issuer": lambda: claims(iss=ISSUER.replace("prod", "dev")),
    "an issuer in another case": lambda: claims(iss=ISSUER.upper()),
    "another audience": lambda: claims(aud="urn:other"),
    "several other audiences": lambda: claims(aud=["urn:other", "urn:more"]),
    "an audience that begins like it": lambda: claims(aud=AUDIENCE + "-2"),
    "an audience inside a text": lambda: claims(aud=f"urn:other {AUDIENCE}"),
    "an audience as an object": lambda: claims(aud={AUDIENCE: True}),
    "no audience at all": lambda: claims(aud=[]),
    "no end": lambda: claims(exp=None),
    "no beginning": lambda: claims(nbf=None),
    "no issuer": lambda: claims(iss=None),
    "no audience claim": lambda: claims(aud=None),
    "no subject": lambda: claims(sub=None),
    "no time of issue": lambda: claims(iat=None),
    "an end in words": lambda: {**claims(), "exp": "2099-01-01"},
    "an end as a number in words": lambda: {**claims(), "exp": str(2**33)},
    "an end that is true": lambda: {**claims(), "exp": True},
    "an end in a list": lambda: {**claims(), "exp": [2**33]},
    "a beginning in words": lambda: {**claims(), "nbf": "0"},
    "an empty subject": lambda: {**claims(), "sub": ""},
    "a subject that is no text": lambda: {**claims(), "sub": {"id": 1}},
    "nothing": dict,
    "a list": list,
    "null": lambda: None,
    "a text": lambda: "claims",
    "no JSON": lambda: b"{not json",
    "half of a JSON": lambda: b'{"iss": "urn',
    "no text": lambda: b"\xff\xfe\x00\x80",
}
"""Rightly signed, and yet not valid: what a token says."""


def sealed(pinned: str, said: Any, /, **headers: Any) -> str:
    """A rightly signed token of any header and payload, which PyJWT would not sign."""
    header = {"alg": pinned, "typ": "JWT", "kid": KID, **headers}
    if pinned == "HS256":
        return hmac_signed(header, said, SECRET.encode())
    return rsa_signed(header, said)


@pytest.mark.parametrize("alg", PINNED)
def test_what_the_next_test_seals_would_pass(alg: str) -> None:
    assert call(PINNED[alg], token=sealed(alg, claims())).status == 200


@pytest.mark.parametrize("alg", PINNED)
@pytest.mark.parametrize("said", SAID.values(), ids=SAID)
def test_a_rightly_signed_token_that_says_something_else_is_refused(alg: str, said: Callable[[], Any]) -> None:
    refused(call(PINNED[alg], token=sealed(alg, said())), 401)


FORGED: dict[str, Make] = {
    "signed by a foreign key": lambda alg: _foreign(alg, kid=KID),
    "signed by a foreign key that it names": lambda alg: _foreign(alg, kid="foreign"),
    "bringing its own key": lambda alg: _foreign(
        alg, kid=KID, jwk=json.loads(tokens.jwks_of(FOREIGN_PUBLIC))["keys"][0], jku="https://evil.example.com/jwks"
    ),
    "a changed subject": lambda alg: changed(made(alg), 1, claims(sub="root")),
    "a later end": lambda alg: changed(made(alg, claims(exp=1)), 1, claims()),
    "a changed header": lambda alg: changed(made(alg), 0, {**header_of(made(alg)), "cty": "JWT"}),
    "a changed signature": lambda alg: _turned(made(alg)),
    "a signature cut short": lambda alg: made(alg)[:-4],
    "a longer signature": lambda alg: made(alg) + "AAAA",
    "another token's signature": lambda alg: ".".join(
        [*made(alg).split(".")[:2], made(alg, claims(sub="you")).split(".")[2]]
    ),
    "no signature": lambda alg: ".".join([*made(alg).split(".")[:2], ""]),
    "two parts": lambda alg: ".".join(made(alg).split(".")[:2]),
    "four parts": lambda alg: made(alg) + ".more",
    "encrypted, by its five parts": lambda alg: made(alg) + ".more.parts",
    "a header that is no base64": lambda alg: "@@@." + made(alg).split(".", 1)[1],
    "a header of one character": lambda alg: "e." + made(alg).split(".", 1)[1],
    "plain base64 with its signs": lambda alg: made(alg).replace("-", "+").replace("_", "/") + "==",
    "a header that is no JSON": lambda alg: changed(made(alg), 0, b"{alg"),
    "a header that is a list": lambda alg: changed(made(alg), 0, [alg]),
    "a header that is null": lambda alg: changed(made(alg), 0, None),
    "an extension that is not understood": lambda alg: sealed(alg, claims(), crit=["exp"]),
    "a huge one": lambda alg: made(alg, claims(more="x" * 9000)),
    "nothing": lambda _: "",
    "dots": lambda _: "..",
    "a word": lambda _: "token",
    "blanks around it": lambda alg: f" {made(alg)}",
    "two, with a blank": lambda alg: f"{made(alg)} {made(alg)}",
    "none": lambda alg: _unsigned("none", made(alg)),
    "None": lambda alg: _unsigned("None", made(alg)),
    "NONE": lambda alg: _unsigned("NONE", made(alg)),
    "nOnE": lambda alg: _unsigned("nOnE", made(alg)),
    "no algorithm": lambda alg: changed(made(alg), 0, {"typ": "JWT", "kid": KID}),
    "an empty algorithm": lambda alg: changed(made(alg), 0, {"alg": "", "kid": KID}),
    "a list of algorithms": lambda alg: changed(made(alg), 0, {"alg": [alg], "kid": KID}),
    "the algorithm in small letters": lambda alg: changed(made(alg), 0, {"alg": alg.lower(), "kid": KID}),
    "none, rightly signed": lambda alg: sealed(alg, claims(), alg="none"),
    "no algorithm, rightly signed": lambda alg: sealed(alg, claims(), alg=None),
    "another word, rightly signed": lambda alg: sealed(alg, claims(), alg="HS256" if alg == "RS256" else "RS256"),
    "the other algorithm, rightly signed": lambda alg: made("HS256" if alg == "RS256" else "RS256"),
}


def _foreign(alg: str, **headers: Any) -> str:
    if alg == "HS256":
        return jwt.encode(claims(), "another-secret-of-more-than-32-characters", algorithm="HS256", headers=headers)
    return jwt.encode(claims(), FOREIGN, algorithm="RS256", headers=headers)


def _unsigned(word: str, token: str) -> str:
    """A token that asks for no check, with a signature left in place so that it has three parts."""
    return changed(token, 0, {"alg": word, "typ": "JWT", "kid": KID})


def _turned(token: str) -> str:
    start, signature = token.rsplit(".", 1)
    return f"{start}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


@pytest.mark.parametrize("alg", PINNED)
@pytest.mark.parametrize("make", FORGED.values(), ids=FORGED)
def test_a_forged_or_broken_token_is_refused(alg: str, make: Make) -> None:
    answer = call(PINNED[alg], token=make(alg))
    refused(answer, 401)
    assert answer.header("www-authenticate") == "Bearer"


@pytest.mark.parametrize("word", ["none", "None", "NONE", ""])
def test_a_token_that_asks_for_no_check_and_has_no_signature_is_refused(word: str) -> None:
    unsigned = f"{encoded({'alg': word, 'typ': 'JWT', 'kid': KID})}.{encoded(claims())}."
    refused(call(RS256, token=unsigned), 401)
    refused(call(HS256, token=unsigned), 401)


@pytest.mark.parametrize(
    "secret",
    [PUBLIC, PUBLIC.strip(), JWKS, KID, json.loads(JWKS)["keys"][0]["n"]],
    # The key is made anew by every process, and the ids of tests must be the same in all.
    ids=["PEM", "PEM without its last line's end", "JWKS", "key's id", "modulus"],
)
@pytest.mark.parametrize("word", ["HS256", "RS256"])
def test_the_public_key_is_no_shared_secret(secret: str, word: str) -> None:
    """Who takes the algorithm from the token would check an HMAC with what everybody knows."""
    refused(call(RS256, token=hmac_signed({"alg": word, "kid": KID}, claims(), secret.encode())), 401)


@pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256"])
def test_another_algorithm_of_the_same_key_is_refused(algorithm: str) -> None:
    refused(call(RS256, token=jwt.encode(claims(), PRIVATE, algorithm=algorithm, headers={"kid": KID})), 401)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_another_algorithm_of_the_same_secret_is_refused(algorithm: str) -> None:
    secret = SECRET * 2
    token = jwt.encode(claims(), secret, algorithm=algorithm)
    refused(call({**HS256, "JWT_SECRET": secret}, token=token), 401)


@pytest.mark.parametrize(
    "kid",
    [None, "", "unknown", 7, KID[:-1], KID.swapcase()],
    ids=["none", "empty", "unknown", "a number", "cut", "in other letters"],
)
def test_a_key_that_is_not_known_checks_nothing(kid: Any) -> None:
    header = {"alg": "RS256", "typ": "JWT", **({} if kid is None else {"kid": kid})}
    refused(call(RS256, token=rsa_signed(header, claims())), 401)


# ---- how it is sent

SENT: dict[str, list[tuple[str, str]]] = {
    "not at all": [],
    "empty": [("authorization", "")],
    "a scheme alone": [("authorization", "Bearer")],
    "a scheme and a blank": [("authorization", "Bearer ")],
    "without a scheme": [("authorization", made())],
    "Basic": [("authorization", f"Basic {made()}")],
    "Token": [("authorization", f"Token {made()}")],
    "a longer scheme": [("authorization", f"XBearer {made()}")],
    "two blanks": [("authorization", f"Bearer  {made()}")],
    "a tab": [("authorization", f"Bearer\t{made()}")],
    "in quotes": [("authorization", f'Bearer "{made()}"')],
    "twice, both valid": [("authorization", f"Bearer {made()}"), ("authorization", f"Bearer {made()}")],
    "twice, the first valid": [("authorization", f"Bearer {made()}"), ("authorization", "Bearer x.y.z")],
    "twice, the second valid": [("authorization", "Bearer x.y.z"), ("Authorization", f"Bearer {made()}")],
    "with a comma behind": [("authorization", f"Bearer {made()},")],
    "in another header": [("x-authorization", f"Bearer {made()}")],
    "in a cookie": [("cookie", f"authorization=Bearer {made()}")],
    "as the edge's own word": [("x-jwt-sub", "me"), ("x-edge-auth", "me")],
}


@pytest.mark.parametrize("headers", SENT.values(), ids=SENT)
def test_a_valid_token_sent_otherwise_is_refused(headers: list[tuple[str, str]]) -> None:
    refused(call(RS256, headers=headers), 401)


def test_a_valid_token_in_the_query_is_refused() -> None:
    refused(call(RS256, f"/chat?access_token={made()}&authorization=Bearer%20{made()}"), 401)


# ---- what is wrong with the edge function itself

BROKEN: dict[str, dict[str, Any]] = {
    "no algorithm": {"JWT_ALG": None},
    "an unknown algorithm": {"JWT_ALG": "none"},
    "no key set": {"JWT_JWKS": None},
    "an empty key set": {"JWT_JWKS": '{"keys":[]}'},
    "a key set that is no JSON": {"JWT_JWKS": "{"},
    "a key of another kind": {"JWT_JWKS": JWKS.replace('"kty":"RSA"', '"kty":"oct"')},
    "a key for encryption": {"JWT_JWKS": JWKS.replace('"use":"sig"', '"use":"enc"')},
    "a key for another algorithm": {"JWT_JWKS": JWKS.replace('"alg":"RS256"', '"alg":"RS512"')},
    "two keys of one id": {"JWT_JWKS": json.dumps({"keys": json.loads(JWKS)["keys"] * 2})},
    "a broken key": {"JWT_JWKS": json.dumps({"keys": [{**json.loads(JWKS)["keys"][0], "n": "AQAB"}]})},
    "no issuer": {"JWT_ISSUER": None},
    "an empty issuer": {"JWT_ISSUER": ""},
    "no audience": {"JWT_AUDIENCE": None},
    "an empty audience": {"JWT_AUDIENCE": ""},
    "no list of claims": {"JWT_REQUIRED": None},
    "a list of claims that is none": {"JWT_REQUIRED": "{}"},
    "no routes": {"ROUTES": None},
    "routes that are no JSON": {"ROUTES": "["},
}


@pytest.mark.parametrize("wrong", BROKEN.values(), ids=BROKEN)
def test_a_broken_environment_lets_nobody_in(wrong: dict[str, Any]) -> None:
    env = {key: value for key, value in {**RS256, **wrong}.items() if value is not None}
    refused(call(env, token=made()), 401)
    # Tokens that would fit what is missing.
    for said in (claims(iss=None), claims(aud=None), claims(iss=""), claims(aud=""), claims(aud=[""])):
        refused(call(env, token=made(said=said)), 401)


def test_a_key_without_an_id_checks_no_token_without_one() -> None:
    [key] = json.loads(JWKS)["keys"]
    env = {**RS256, "JWT_JWKS": json.dumps({"keys": [{name: key[name] for name in ("kty", "n", "e")}]})}
    refused(call(env, token=rsa_signed({"alg": "RS256"}, claims())), 401)


@pytest.mark.parametrize("secret", [None, "", "short", "x" * 31])
def test_a_secret_that_can_be_guessed_checks_nothing(secret: str | None) -> None:
    env = {key: value for key, value in HS256.items() if key != "JWT_SECRET"}
    env |= {} if secret is None else {"JWT_SECRET": secret}
    refused(call(env, token=hmac_signed({"alg": "HS256"}, claims(), (secret or "undefined").encode())), 401)


@pytest.mark.parametrize("alg", PINNED)
def test_what_cannot_be_checked_does_not_pass(alg: str) -> None:
    refused(call(PINNED[alg], token=made(alg), crypto="throws"), 401)


def test_tokens_of_somebody_else_need_fewer_claims() -> None:
    env = {**RS256, "JWT_REQUIRED": json.dumps(FOREIGN_CLAIMS)}
    assert call(env, token=made(said=claims(nbf=None, iat=None))).status == 200
    for name in FOREIGN_CLAIMS:
        refused(call(env, token=made(said=claims(**{name: None}))), 401)
    refused(call(env, token=made(said=claims(nbf=int(time.time()) + 120))), 401)
