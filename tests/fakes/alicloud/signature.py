"""Alibaba Cloud's signature V3 and the log service's own, checked from their public descriptions alone.

V3: canonical request = method, path, sorted query, signed headers in order, their names, sha256 of the body;
    signature = HMAC-SHA256 by the secret of "ACS3-HMAC-SHA256", newline, sha256 of the canonical request.
Log service: method, MD5 of the body, content type, date, its own headers in order, path with sorted query;
    signature = base64 of HMAC-SHA256 by the secret.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote

from tests.fakes.http import Key, Refused, Request

V3 = re.compile(
    r"ACS3-HMAC-SHA256 Credential=(?P<key>[^,]+),SignedHeaders=(?P<headers>[a-z0-9;-]+),Signature=(?P<sig>[0-9a-f]{64})"
)
LOG = re.compile(r"LOG (?P<key>[^:]+):(?P<sig>[A-Za-z0-9+/=]+)")
MUST_BE_SIGNED = {
    "host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version",
}  # fmt: skip
DRIFT = timedelta(minutes=15)


def verify_v3(request: Request, keys: Mapping[str, Key]) -> str:
    """The access key that signed a request; Refused where anything about the signature is wrong."""
    found = V3.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise Refused(400, "MissingSignature", "no well-formed Authorization header")
    key, names = _key(keys, found["key"]), found["headers"].split(";")
    present = {name for name in request.headers if name.startswith("x-acs-")} | (
        {"content-type"} & set(request.headers)
    )
    if names != sorted(names) or not MUST_BE_SIGNED | present <= set(names) <= set(request.headers):
        raise Refused(400, "SignatureDoesNotMatch", f"signed headers {names} are not sorted, complete and present")
    if request.headers["x-acs-content-sha256"] != hashlib.sha256(request.body).hexdigest():
        raise Refused(400, "SignatureDoesNotMatch", "x-acs-content-sha256 is not that of the body")
    _check_token(request, key)
    _check_date(datetime.strptime(request.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ"))
    wanted = sign_v3(
        key.secret, request.method, request.path, request.query, {name: request.headers[name] for name in names},
        request.headers["x-acs-content-sha256"],
    )  # fmt: skip
    if not hmac.compare_digest(wanted, found["sig"]):
        raise Refused(400, "SignatureDoesNotMatch", "the signature is not that of this request")
    return found["key"]


def sign_v3(secret: str, method: str, path: str, query: str, headers: Mapping[str, str], payload: str) -> str:
    """The signature V3 of a request."""
    names = sorted(headers)
    canonical = "\n".join([
        method, path, _canonical_query(parse_qsl(query, keep_blank_values=True)),
        "".join(f"{name}:{headers[name].strip()}\n" for name in names), ";".join(names), payload,
    ])  # fmt: skip
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


def verify_log(request: Request, keys: Mapping[str, Key]) -> str:
    """The same for a request of the log service."""
    found = LOG.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise Refused(401, "Unauthorized", "no well-formed Authorization header")
    key, headers = _key(keys, found["key"]), request.headers
    if (headers.get("x-log-apiversion"), headers.get("x-log-signaturemethod")) != ("0.6.0", "hmac-sha256"):
        raise Refused(400, "InvalidAPIVersion", "the API's version or the signature's method is missing or unknown")
    if request.body and headers.get("content-md5") != hashlib.md5(request.body).hexdigest().upper():  # noqa: S324
        raise Refused(400, "InvalidContentMD5", "Content-MD5 is not that of the body")
    _check_token(request, key)
    _check_date(datetime.strptime(headers["date"], "%a, %d %b %Y %H:%M:%S GMT"))
    wanted = sign_log(key.secret, "sha256", request.method, request.path, request.query, headers)
    if not hmac.compare_digest(wanted, found["sig"]):
        raise Refused(401, "SignatureNotMatch", "the signature is not that of this request")
    return found["key"]


def sign_log(secret: str, digest: str, method: str, path: str, query: str, headers: Mapping[str, str]) -> str:
    """The log service's signature of a request."""
    own = sorted(name for name in headers if name.startswith(("x-log-", "x-acs-")))
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    resource = path + ("?" + "&".join(f"{name}={value}" for name, value in pairs) if pairs else "")
    to_sign = "\n".join([
        method, headers.get("content-md5", ""), headers.get("content-type", ""), headers["date"],
        *(f"{name}:{headers[name]}" for name in own), resource,
    ])  # fmt: skip
    return base64.b64encode(hmac.new(secret.encode(), to_sign.encode(), digest).digest()).decode()


def _key(keys: Mapping[str, Key], name: str) -> Key:
    if name not in keys:
        raise Refused(404, "InvalidAccessKeyId.NotFound", f"access key {name} is unknown")
    return keys[name]


def _check_token(request: Request, key: Key) -> None:
    if request.headers.get("x-acs-security-token", "") != key.token:
        raise Refused(400, "InvalidSecurityToken", "the session token is not that of the key")


def _check_date(stamp: datetime) -> None:
    if abs(datetime.now(UTC) - stamp.replace(tzinfo=UTC)) > DRIFT:
        raise Refused(400, "InvalidTimeStamp.Expired", "the date is off")


def _canonical_query(pairs: Iterable[tuple[str, str]]) -> str:
    encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)
