"""Bearer tokens that a stack signs itself: its key, the JWKS that a gateway checks against, and tokens for callers.

For clouds whose gateways check tokens and issue none. RS256 alone: a gateway holds the public half, and signs nothing.

What signs and checks (pulumi_tls, jwt, cryptography) is imported by the function that uses it: this module is loaded by
every stack, and most sign no token. They would pay for the imports at each start.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_random as random

from components.base import Component

ALGORITHM = "RS256"
KEY_BITS = 2048
ORIGIN_SECRET_LENGTH = 48


@dataclass(frozen=True, kw_only=True)
class Signer:
    """A key that signs tokens, and what tokens of it must say."""

    issuer: str
    """Who signs: one gateway's key. Claim `iss`. Gateways of a stage differ in it, since each has a key of its own and
    a cloud may tell callers apart by it."""
    audience: str
    """Whom tokens are for: that gateway. Claim `aud`."""
    private_key: pulumi.Output[str]
    """The key, PEM. A secret."""
    jwks: pulumi.Output[str]
    """Its public half as a JSON Web Key Set, in one canonical line: what a gateway checks against."""
    origin_secret: pulumi.Output[str] | None = None
    """What the gateway puts before each call that it lets through, in the header `x-edge-auth`, where functions can be
    reached past it: an application that answers no call without it is reached through the gateway alone. A secret.
    Default: nothing is put."""

    def env(self) -> dict[str, pulumi.Input[str]]:
        """Environment variables of an application that checks tokens itself: JWT_ALG, JWT_JWKS, JWT_ISSUER and
        JWT_AUDIENCE."""
        return {
            "JWT_ALG": ALGORITHM, "JWT_JWKS": self.jwks, "JWT_ISSUER": self.issuer, "JWT_AUDIENCE": self.audience
        }  # fmt: skip

    def secret_env(self) -> dict[str, pulumi.Input[str]]:
        """Its secret ones: ORIGIN_SECRET, where the gateway has one to show. Compare it in constant time."""
        return {} if self.origin_secret is None else {"ORIGIN_SECRET": self.origin_secret}


def declare_signer(owner: Component, *, origin_secret: bool = False) -> Signer:
    """Declare the signing key of a gateway as a child of its component, and say what its tokens must claim.

    Losing the key loses no data, but makes every token invalid: it is protected as data is.

    Args:
        owner: the gateway's component, or the application's where functions check tokens too: they stand before it.
        origin_secret: whether functions can be reached past the gateway, which then shows them a secret.
    """
    import pulumi_tls as tls  # only where a token is signed: see the head of this module

    scope = owner.scope
    key = tls.PrivateKey(
        owner.child("signing-key"),
        algorithm="RSA",
        rsa_bits=KEY_BITS,
        opts=owner.options(
            stateful=True,
            retain_on_delete=None,
            # The SDK forgets none of these today; a later one must not either.
            additional_secret_outputs=["privateKeyPem", "privateKeyOpenssh", "privateKeyPemPkcs8"],
        ),
    )
    gateway = f"urn:qiao:{scope.project}:{scope.stage}:{owner.logical_name}"
    return Signer(
        issuer=f"{gateway}:signer",
        audience=gateway,
        private_key=pulumi.Output.secret(key.private_key_pem),
        jwks=pulumi.Output.unsecret(key.public_key_pem.apply(jwks_of)),
        origin_secret=_declare_origin_secret(owner) if origin_secret else None,
    )


def _declare_origin_secret(owner: Component) -> pulumi.Output[str]:
    return pulumi.Output.secret(
        random.RandomPassword(
            owner.child("origin-secret"),
            length=ORIGIN_SECRET_LENGTH,
            # It stands in a header.
            special=False,
            opts=owner.options(stateful=True, retain_on_delete=None),
        ).result
    )


def jwks_of(public_key: str) -> str:
    """The JSON Web Key Set of one public key, PEM: sorted, in one line, so that it never differs by itself."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from jwt.algorithms import RSAAlgorithm

    loaded = serialization.load_pem_public_key(public_key.encode())
    if not isinstance(loaded, RSAPublicKey):
        raise TypeError("the public key is not RSA")
    numbers = RSAAlgorithm.to_jwk(loaded, as_dict=True)
    key = {name: numbers[name] for name in ("e", "kty", "n")}
    named = {**key, "alg": ALGORITHM, "kid": thumbprint(key), "use": "sig"}
    return json.dumps({"keys": [named]}, sort_keys=True, separators=(",", ":"))


def thumbprint(key: Mapping[str, str]) -> str:
    """A key's id: the hash of its required members (RFC 7638), the same wherever it is worked out."""
    text = json.dumps(dict(key), sort_keys=True, separators=(",", ":"))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


def mint(
    private_key: str, *, issuer: str, audience: str, subject: str, lifetime_seconds: int, now: float | None = None
) -> str:
    """A signed bearer token.

    Args:
        private_key: the signing key, PEM.
        issuer: claim `iss`.
        audience: claim `aud`.
        subject: who the bearer is: claim `sub`, which logs show.
        lifetime_seconds: how long it is valid.
        now: when it is made, in seconds since 1970. Default: now.
    """
    import jwt
    from cryptography.hazmat.primitives import serialization

    loaded = serialization.load_pem_private_key(private_key.encode(), password=None)
    public = loaded.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    kid = json.loads(jwks_of(public.decode()))["keys"][0]["kid"]
    made = int(time.time() if now is None else now)
    claims = {"iss": issuer, "aud": audience, "sub": subject, "iat": made, "nbf": made, "exp": made + lifetime_seconds}
    return jwt.encode(claims, private_key, algorithm=ALGORITHM, headers={"kid": kid})


def verify(token: str, jwks: str, *, issuer: str, audience: str) -> dict[str, Any]:
    """The claims of a valid token; `jwt.InvalidTokenError` for every other.

    What an application does that checks its callers itself, and what tests hold the JWKS against.

    Args:
        token: the token.
        jwks: the key set.
        issuer: who must have signed it.
        audience: whom it must be for.
    """
    import jwt

    keys = jwt.PyJWKSet.from_json(jwks)
    named = jwt.get_unverified_header(token).get("kid")
    matching = [key for key in keys.keys if key.key_id == named]
    if not matching:
        raise jwt.InvalidTokenError("signed with a key that is not in the set")
    required = ["iss", "aud", "sub", "exp", "nbf", "iat"]
    return dict(
        jwt.decode(
            token, matching[0].key, algorithms=[ALGORITHM], issuer=issuer, audience=audience,
            options={"require": required},
        )
    )  # fmt: skip
