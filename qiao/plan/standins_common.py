"""Stand-ins of what every cloud's components use: random, docker-build, tls, and the stack's own service tokens."""

from __future__ import annotations

import base64
import hashlib
import string
from collections.abc import Iterator, Mapping
from typing import Any

from qiao.plan.standins import Asked, InvokeAnswer, Outputs, ResourceAnswer
from qiao.plan.wire import Secret, reveal

LETTERS = {"lower": string.ascii_lowercase, "upper": string.ascii_uppercase, "numeric": string.digits}
LONG_AGO = 1_577_836_800
"""The beginning of 2020, in seconds since 1970."""
SPECIAL = "!@#$%&*()-_=+[]{}<>:?"


def _dice(asked: Asked) -> Iterator[int]:
    """Endless numbers that stand for a resource."""
    round_ = 0
    while True:
        yield from hashlib.sha256(f"{asked.urn}\0{round_}".encode()).digest()
        round_ += 1


def _text(asked: Asked) -> str:
    """Characters of the classes and the length asked for, the least number of each among them."""
    classes = {name: chars for name, chars in LETTERS.items() if asked.inputs.get(name) is not False}
    if asked.inputs.get("special") is not False:
        classes["special"] = asked.text("overrideSpecial") or SPECIAL
    dice, chosen = _dice(asked), list[str]()
    for name, chars in classes.items():
        least = asked.integer(f"min{name.capitalize()}", 0)
        chosen += [chars[next(dice) % len(chars)] for _ in range(least)]
    every = "".join(classes.values()) or "0"
    length = asked.integer("length", 16)
    while len(chosen) < length:
        chosen.append(every[next(dice) % len(every)])
    return "".join(sorted(chosen, key=lambda _: next(dice)))


def random_id(asked: Asked) -> Outputs:
    """Random bytes in the usual spellings, the prefix before each."""
    prefix = asked.text("prefix")
    raw = bytes.fromhex(asked.mark("bytes", length=64))[: asked.integer("byteLength", 8)]
    url = base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return {
        "id": url, "hex": prefix + raw.hex(), "dec": f"{prefix}{int.from_bytes(raw)}",
        "b64Url": prefix + url, "b64Std": prefix + base64.b64encode(raw).decode(),
    }  # fmt: skip


def random_bytes(asked: Asked) -> Outputs:
    """As many bytes as asked for, in base64 and in hexadecimal; secret whatever the program says."""
    dice = _dice(asked)
    raw = bytes(next(dice) for _ in range(asked.integer("length", 16)))
    return {"id": "none", "base64": Secret(base64.b64encode(raw).decode()), "hex": Secret(raw.hex())}


def random_password(asked: Asked) -> Outputs:
    """A password of the classes asked for; its outputs are secret whatever the program says."""
    return {"id": "none", "result": Secret(_text(asked)), "bcryptHash": Secret("$2a$10$" + asked.mark("b", length=53))}


def random_string(asked: Asked) -> Outputs:
    """Characters of the classes asked for."""
    text = _text(asked)
    return {"id": text, "result": text}


def random_integer(asked: Asked) -> Outputs:
    """A number within the limits asked for."""
    low, high = asked.integer("min", 0), asked.integer("max", 1)
    result = low + asked.number("result", digits=12) % max(high - low + 1, 1)
    return {"id": str(result), "result": result}


def random_uuid(asked: Asked) -> Outputs:
    """A UUID."""
    return {"id": asked.uuid(), "result": asked.uuid()}


def image(asked: Asked) -> Outputs:
    """A pushed image: a digest of the real form, and the first tag pinned to it."""
    digest = f"sha256:{asked.mark('digest', length=64)}"
    tags = [tag for tag in reveal(asked.inputs.get("tags")) or [] if isinstance(tag, str)]
    # The provider's `ref` is the tag without its label, with the digest.
    repository = _without_tag(tags[0]) if tags else f"image-{asked.mark()}"
    return {"id": asked.mark(), "digest": digest, "ref": f"{repository}@{digest}", "contextHash": asked.mark(length=64)}


def _without_tag(reference: str) -> str:
    head, slash, last = reference.rpartition("/")
    return head + slash + last.split("@")[0].split(":")[0]


def _pem(asked: Asked, kind: str) -> str:
    body = base64.b64encode(b"".join(bytes.fromhex(asked.mark(kind, str(n), length=64)) for n in range(36))).decode()
    lines = "\n".join(body[start : start + 64] for start in range(0, len(body), 64))
    return f"-----BEGIN {kind}-----\n{lines}\n-----END {kind}-----\n"


def private_key(asked: Asked) -> Outputs:
    """A real key pair of the algorithm and size asked for."""
    from qiao.plan.keys import pair  # a slow import, for stacks that sign tokens alone

    algorithm = asked.text("algorithm", "RSA")
    size = asked.text("ecdsaCurve", "P224") if algorithm == "ECDSA" else asked.integer("rsaBits", 2048)
    made = pair(algorithm, size, asked.urn)
    return {
        "id": asked.mark(length=40),
        "privateKeyPem": Secret(made.private),
        "privateKeyPemPkcs8": Secret(made.pkcs8),
        # Its real form holds random bytes, and would differ from run to run.
        "privateKeyOpenssh": Secret(_pem(asked, "OPENSSH PRIVATE KEY")),
        "publicKeyPem": made.public,
        "publicKeyOpenssh": made.openssh,
        "publicKeyFingerprintMd5": made.md5,
        "publicKeyFingerprintSha256": made.sha256,
    }


def service_token(asked: Asked) -> Outputs:
    """A bearer token with the signature and the claims asked for, that ended long ago."""
    from components.tokens import mint

    claims = {name: asked.text(name) for name in ("issuer", "audience", "subject")}
    days, key = asked.integer("days", 90), asked.text("signing_key")
    seconds = days * 86400
    token = mint(key, **claims, lifetime_seconds=seconds, now=LONG_AGO) if key else asked.mark("token", length=64)
    return {
        "id": f"{claims['subject']}@{claims['audience']}@{asked.mark()}", "token": Secret(token),
        "expires": LONG_AGO + seconds,
    }  # fmt: skip


def certificate(asked: Asked) -> Outputs:
    """A certificate in PEM's form."""
    return {
        "id": str(asked.number(digits=18)), "certPem": _pem(asked, "CERTIFICATE"), "readyForRenewal": False,
        "validityStartTime": "2020-01-01T00:00:00Z", "validityEndTime": "2099-01-01T00:00:00Z",
    }  # fmt: skip


def _request(asked: Asked) -> Outputs:
    return {"id": asked.mark(length=40), "certRequestPem": _pem(asked, "CERTIFICATE REQUEST")}


def _pet(asked: Asked) -> Outputs:
    return {"id": f"pet-{asked.mark(length=6)}"}


def _shuffle(asked: Asked) -> Outputs:
    given: list[Any] = list(reveal(asked.inputs.get("inputs")) or [])
    order = sorted(given, key=lambda item: asked.mark(str(item)))
    return {"id": "-", "results": order[: asked.integer("resultCount", len(order))]}


RESOURCES: Mapping[str, ResourceAnswer] = {
    "random:index/randomId:RandomId": random_id,
    "random:index/randomBytes:RandomBytes": random_bytes,
    "random:index/randomPassword:RandomPassword": random_password,
    "random:index/randomString:RandomString": random_string,
    "random:index/randomInteger:RandomInteger": random_integer,
    "random:index/randomUuid:RandomUuid": random_uuid,
    "random:index/randomPet:RandomPet": _pet,
    "random:index/randomShuffle:RandomShuffle": _shuffle,
    "docker-build:index:Image": image,
    "tls:index/privateKey:PrivateKey": private_key,
    "tls:index/selfSignedCert:SelfSignedCert": certificate,
    "tls:index/locallySignedCert:LocallySignedCert": certificate,
    "tls:index/certRequest:CertRequest": _request,
    "pulumi-python:dynamic/qiao:ServiceToken": service_token,
}
INVOKES: Mapping[str, InvokeAnswer] = {}
