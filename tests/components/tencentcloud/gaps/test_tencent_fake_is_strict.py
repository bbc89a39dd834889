"""The fake must fail where the cloud would: a fake that lets things pass proves nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import urllib.request
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.fakes.http import Request
from tests.fakes.tencentcloud.server import Fake
from tests.fakes.tencentcloud.signature import sign
from tests.fakes.tencentcloud.wire import REGION

BODY: dict[str, Any] = {"FunctionName": "web", "Namespace": "default", "ShowCode": "FALSE"}


def test_the_documented_example_of_the_signature() -> None:
    """Key, request and signature are those of the documentation of signature method v3."""
    body = rb'{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}'
    assert hashlib.sha256(body).hexdigest() == "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064"
    headers = {"content-type": "application/json; charset=utf-8", "host": "cvm.tencentcloudapi.com"}
    request = Request("POST", "/", "", headers, body)
    signature = sign("Gu5t9xGARNpq86cd98joQYCN3EXAMPLE", request, headers, 1551113065, "cvm")
    assert signature == "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"


def send(fake: Fake, **changes: Any) -> dict[str, Any]:
    """Send a request signed by hand, as the public description says; `changes` spoils it afterwards."""
    key = next(iter(fake.keys))
    body = changes.get("body", json.dumps(BODY)).encode()
    stamp = int(time.time()) - changes.get("seconds_old", 0)
    date = changes.get("date") or datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%d")
    service = changes.get("service", "scf")
    headers = {"content-type": changes.get("kind", "application/json"), "host": fake.endpoint.removeprefix("http://")}
    names = changes.get("signed", ["content-type", "host"])
    lines = "".join(f"{name}:{headers.get(name, '')}\n" for name in names)
    canonical = f"POST\n/\n\n{lines}\n{';'.join(names)}\n{hashlib.sha256(body).hexdigest()}"
    text = f"TC3-HMAC-SHA256\n{stamp}\n{date}/{service}/tc3_request\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    derived = b"TC3" + changes.get("secret", fake.keys[key].secret).encode()
    for word in (date, service, "tc3_request"):
        derived = hmac.new(derived, word.encode(), "sha256").digest()
    signature = hmac.new(derived, text.encode(), "sha256").hexdigest()
    proof = f"Credential={changes.get('key', key)}/{date}/{service}/tc3_request"
    headers |= {
        "authorization": f"TC3-HMAC-SHA256 {proof}, SignedHeaders={';'.join(names)}, Signature={signature}",
        "x-tc-action": "GetFunction", "x-tc-version": "2018-04-16", "x-tc-region": REGION,
        "x-tc-timestamp": str(stamp), **changes.get("more", {}),
    }  # fmt: skip
    sent = changes.get("sent", body.decode()).encode()
    with urllib.request.urlopen(  # noqa: S310
        urllib.request.Request(fake.endpoint + "/", data=sent, headers=headers, method="POST"), timeout=5  # noqa: S310
    ) as answer:  # fmt: skip
        assert answer.status == 200, "this cloud's errors have no status of their own"
        said: dict[str, Any] = json.load(answer)["Response"]
        return said


def test_a_signature_made_by_hand_is_accepted(cloud: Fake) -> None:
    cloud.scf.make_function()
    assert send(cloud)["Status"] == "Active"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"secret": "another"}, "AuthFailure.SignatureFailure"),
        ({"sent": json.dumps({**BODY, "FunctionName": "other"})}, "AuthFailure.SignatureFailure"),
        ({"signed": ["host"]}, "AuthFailure.SignatureFailure"),
        ({"signed": ["host", "content-type"]}, "AuthFailure.SignatureFailure"),
        ({"date": "2019-02-25"}, "AuthFailure.SignatureFailure"),
        ({"more": {"authorization": "SKIP"}}, "AuthFailure.SignatureFailure"),
        ({"more": {"host": "scf.tencentcloudapi.com"}}, "AuthFailure.SignatureFailure"),
        ({"more": {"x-tc-token": "t"}}, "AuthFailure.TokenFailure"),
        ({"key": "AKIDunknown"}, "AuthFailure.SecretIdNotFound"),
        ({"seconds_old": 301}, "AuthFailure.SignatureExpire"),
        ({"service": "sts"}, "InvalidAction"),
        ({"service": "cvm"}, "InvalidAction"),
        ({"more": {"x-tc-action": "GetFunctions"}}, "InvalidAction"),
        ({"more": {"x-tc-version": "2018-08-13"}}, "InvalidAction"),
        ({"more": {"x-tc-region": "ap-beijing"}}, "UnsupportedRegion"),
        ({"kind": "application/x-www-form-urlencoded"}, "UnsupportedProtocol"),
        ({"body": json.dumps({**BODY, "Other": 1})}, "InvalidParameter"),
        ({"body": json.dumps({**BODY, "ShowCode": False})}, "InvalidParameter"),
        ({"body": '{"FunctionName": "web"}'}, "InvalidParameter"),
    ],
)
def test_what_the_cloud_would_refuse_is_refused(cloud: Fake, changes: dict[str, Any], code: str) -> None:
    cloud.scf.make_function()
    assert send(cloud, **changes)["Error"]["Code"] == code
    assert len(cloud.complaints) == 1
    assert cloud.calls == []
    cloud.complaints.clear()
