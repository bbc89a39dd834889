"""RSA keys for tests: real ones, made once in a run, the same for the same name."""

from __future__ import annotations

from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PRIVATE_KEY = "tls:index/privateKey:PrivateKey"


@cache
def pair(name: str) -> tuple[str, str]:
    """Private and public half, PEM, in the forms that the tls provider gives.

    Args:
        name: which key; another name is another key.
    """
    assert name
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return private.decode(), public.decode()
