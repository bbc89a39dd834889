"""Key pairs of stand-ins: real ones, so that what reads, signs and checks with them works, the same in every run.

A key is worked out from text that anybody can read. It signs nothing outside a plan: the stack's own key is made by
its provider, of real chance.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

EXPONENT = 65537
WINDOW = 4096
"""Odd numbers looked at from one start. One in some 350 of 1024 bits is a prime."""
CURVES: dict[str, ec.EllipticCurve] = {
    "P224": ec.SECP224R1(), "P256": ec.SECP256R1(), "P384": ec.SECP384R1(), "P521": ec.SECP521R1(),
}  # fmt: skip

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


@dataclass(frozen=True)
class Pair:
    """A key pair as a provider gives it: all texts."""

    private: str
    """In the algorithm's own form, PEM."""
    pkcs8: str
    """The same as PKCS #8."""
    public: str
    """PEM."""
    openssh: str
    """The public half as one line of `authorized_keys`."""
    md5: str
    """Fingerprint of the public half."""
    sha256: str
    """The other fingerprint."""


@cache
def pair(algorithm: str, size: int | str, seed: str) -> Pair:
    """The key pair of a seed.

    Args:
        algorithm: RSA, ECDSA or ED25519.
        size: bits of an RSA key, or name of a curve (`P256`).
        seed: what it is for.
    """
    key = _key(algorithm, size, seed)
    own = (
        serialization.PrivateFormat.PKCS8 if algorithm == "ED25519" else serialization.PrivateFormat.TraditionalOpenSSL
    )
    public = key.public_key()
    line = public.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()
    body = base64.b64decode(line.split()[1])
    digest = hashlib.md5(body, usedforsecurity=False).hexdigest()
    return Pair(
        private=_pem(key, own),
        pkcs8=_pem(key, serialization.PrivateFormat.PKCS8),
        public=public.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        ).decode(),
        openssh=f"{line}\n",
        md5=":".join(digest[place : place + 2] for place in range(0, len(digest), 2)),
        sha256="SHA256:" + base64.b64encode(hashlib.sha256(body).digest()).decode().rstrip("="),
    )  # fmt: skip


def _pem(key: Key, form: serialization.PrivateFormat) -> str:
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def _key(algorithm: str, size: int | str, seed: str) -> Key:
    if algorithm == "ED25519":
        return ed25519.Ed25519PrivateKey.from_private_bytes(_bytes(seed, 32))
    if algorithm == "ECDSA":
        curve = CURVES.get(str(size), CURVES["P224"])
        # One byte less than the curve's order has, so that the number lies below it.
        return ec.derive_private_key(int.from_bytes(_bytes(seed, curve.key_size // 8 - 1)) + 1, curve)
    return _rsa(int(size), seed)


def _rsa(bits: int, seed: str) -> rsa.RSAPrivateKey:
    p, q = (_prime(bits // 2, f"{seed}\0{half}") for half in "pq")
    private = pow(EXPONENT, -1, (p - 1) * (q - 1))
    return rsa.RSAPrivateNumbers(
        p=p, q=q, d=private, dmp1=private % (p - 1), dmq1=private % (q - 1), iqmp=pow(q, -1, p),
        public_numbers=rsa.RSAPublicNumbers(EXPONENT, p * q),
    ).private_key()  # fmt: skip


def _prime(bits: int, seed: str) -> int:
    """The first prime from a number on that the seed gives. Its two highest bits are set: two of them fill a key."""
    for attempt in count():
        start = int.from_bytes(_bytes(f"{seed}\0{attempt}", bits // 8)) | (3 << (bits - 2)) | 1
        for candidate in _sieved(start):
            if pow(2, candidate - 1, candidate) == 1 and candidate % EXPONENT != 1:
                return candidate
    raise AssertionError("unreachable")


def _sieved(start: int) -> Iterator[int]:
    """Odd numbers from a start on that no small prime divides: a tenth of them all."""
    left = bytearray([1]) * WINDOW
    for prime in _small_primes():
        first = -start * ((prime + 1) // 2) % prime
        left[first::prime] = bytes(len(left[first::prime]))
    return (start + 2 * place for place in range(WINDOW) if left[place])


@cache
def _small_primes() -> tuple[int, ...]:
    found: list[int] = []
    for number in range(3, 8192, 2):
        if all(number % prime for prime in found if prime * prime <= number):
            found.append(number)
    return tuple(found)


def _bytes(seed: str, length: int) -> bytes:
    return hashlib.shake_256(seed.encode()).digest(length)
