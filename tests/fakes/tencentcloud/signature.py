"""Tencent Cloud's signature TC3-HMAC-SHA256, checked from its public description alone.

Canonical request = method, path, query, the signed headers in order (values in lower case), their names, sha256 of the
body. Text = "TC3-HMAC-SHA256", timestamp, `date/service/tc3_request`, sha256 of the canonical request. The key is
derived by date, service and "tc3_request" from "TC3" and the secret; the signature is the text's HMAC-SHA256 by it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime

from tests.fakes.http import Key, Refused, Request

FORM = re.compile(
    r"TC3-HMAC-SHA256 Credential=(?P<key>[^/]+)/(?P<date>\d{4}-\d\d-\d\d)/(?P<service>[a-z]+)/tc3_request, "
    r"SignedHeaders=(?P<headers>[a-z0-9;-]+), Signature=(?P<sig>[0-9a-f]{64})"
)
DRIFT = 300
"""Seconds that a timestamp may be off."""


def verify(request: Request, keys: Mapping[str, Key]) -> tuple[str, str]:
    """The key that signed a request, and the service that it was signed for; Refused where anything is wrong."""
    found = FORM.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise Refused(200, "AuthFailure.SignatureFailure", "no well-formed Authorization header")
    if found["key"] not in keys:
        raise Refused(200, "AuthFailure.SecretIdNotFound", "the SecretId is not found")
    names = found["headers"].split(";")
    if names != sorted(names) or not {"content-type", "host"} <= set(names) <= set(request.headers):
        raise Refused(200, "AuthFailure.SignatureFailure", "content-type and host must be signed, in order")
    key, stamp = keys[found["key"]], request.headers.get("x-tc-timestamp", "")
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > DRIFT:
        raise Refused(200, "AuthFailure.SignatureExpire", "the timestamp is off")
    if datetime.fromtimestamp(int(stamp), UTC).strftime("%Y-%m-%d") != found["date"]:
        raise Refused(200, "AuthFailure.SignatureFailure", "the date is not that of the timestamp")
    wanted = sign(
        key.secret, request, {name: request.headers[name] for name in names}, int(stamp), found["service"]
    )  # fmt: skip
    if not hmac.compare_digest(wanted, found["sig"]):
        raise Refused(200, "AuthFailure.SignatureFailure", "the signature is not that of this request")
    if request.headers.get("x-tc-token", "") != key.token:
        raise Refused(200, "AuthFailure.TokenFailure", "the token is not that of the key")
    return found["key"], found["service"]


def sign(secret: str, request: Request, headers: Mapping[str, str], stamp: int, service: str) -> str:
    """The signature of a request."""
    names = sorted(headers)
    lines = "".join(f"{name}:{headers[name].strip().lower()}\n" for name in names)
    canonical = "\n".join([
        request.method, request.path, request.query, lines, ";".join(names), hashlib.sha256(request.body).hexdigest(),
    ])  # fmt: skip
    date = datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d")
    text = f"TC3-HMAC-SHA256\n{stamp}\n{date}/{service}/tc3_request\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    derived = f"TC3{secret}".encode()
    for word in (date, service, "tc3_request"):
        derived = hmac.new(derived, word.encode(), hashlib.sha256).digest()
    return hmac.new(derived, text.encode(), hashlib.sha256).hexdigest()
