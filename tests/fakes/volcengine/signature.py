"""Volcengine's signature V4, checked from its public description alone: no line of any SDK takes part.

canonical request = method, path, sorted query, signed headers in order, their names, sha256 of the body
string to sign    = HMAC-SHA256, X-Date, date/region/service/request, sha256 of the canonical request
key               = secret -> date -> region -> service -> "request", each step an HMAC-SHA256
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from tests.fakes.http import Key, Refused, Request

__all__ = ["Key", "Refused", "Request", "verify"]

AUTHORIZATION = re.compile(
    r"HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>[^/]+)/(?P<service>[^/]+)/request, "
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), Signature=(?P<signature>[0-9a-f]{64})"
)
MUST_BE_SIGNED = {"host", "x-date", "x-content-sha256"}


def verify(request: Request, keys: Mapping[str, Key], region: str) -> str:
    """The service that a request is signed for; Refused where anything about the signature is wrong."""
    found = AUTHORIZATION.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise Refused(401, "MissingSignature", "no well-formed Authorization header")
    if found["key"] not in keys:
        raise Refused(401, "InvalidAccessKey", f"access key {found['key']} is unknown")
    key, names = keys[found["key"]], found["headers"].split(";")
    _check_headers(request, names, key, found["date"])
    if found["region"] != region:
        raise Refused(403, "InvalidCredential", f"signed for region {found['region']}, this is {region}")
    canonical = "\n".join([
        request.method, request.path, _canonical_query(request.query),
        "".join(f"{name}:{request.headers[name].strip()}\n" for name in names), ";".join(names),
        hashlib.sha256(request.body).hexdigest(),
    ])  # fmt: skip
    scope = f"{found['date']}/{found['region']}/{found['service']}/request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    to_sign = f"HMAC-SHA256\n{request.headers['x-date']}\n{scope}\n{digest}"
    if not hmac.compare_digest(_sign(key.secret, scope, to_sign), found["signature"]):
        raise Refused(403, "SignatureDoesNotMatch", "the signature is not that of this request")
    return found["service"]


def _check_headers(request: Request, names: list[str], key: Key, date: str) -> None:
    must = MUST_BE_SIGNED | ({"x-security-token"} if key.token else set())
    if names != sorted(names) or not must <= set(names) or any(name not in request.headers for name in names):
        raise Refused(403, "SignatureDoesNotMatch", f"signed headers {names} are not sorted, complete and present")
    if request.headers["x-content-sha256"] != hashlib.sha256(request.body).hexdigest():
        raise Refused(403, "SignatureDoesNotMatch", "X-Content-Sha256 is not that of the body")
    if request.headers.get("x-security-token", "") != key.token:
        raise Refused(403, "InvalidSecurityToken", "the session token is not that of the key")
    stamp = datetime.strptime(request.headers["x-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    if abs(datetime.now(UTC) - stamp) > timedelta(minutes=15) or not request.headers["x-date"].startswith(date):
        raise Refused(403, "InvalidTimestamp", "X-Date is off, or not of the scope's day")


def _canonical_query(query: str) -> str:
    pairs = sorted((quote(key, safe="-_.~"), quote(value, safe="-_.~")) for key, value in parse_qsl(query, True))
    return "&".join(f"{key}={value}" for key, value in pairs)


def _sign(secret: str, scope: str, to_sign: str) -> str:
    key = secret.encode()
    for step in scope.split("/"):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()
