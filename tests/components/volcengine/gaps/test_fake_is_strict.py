"""The fake must fail where the cloud would: a fake that lets things pass proves nothing."""

from __future__ import annotations

import hashlib
import hmac
import json
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fakes.volcengine.server import Fake
from tests.fakes.volcengine.wire import REGION

QUERY = "Action=GetFunction&Version=2024-06-06"


def send(fake: Fake, path: str = f"/?{QUERY}", body: str = '{"Id": "x"}', **changes: Any) -> tuple[int, dict[str, Any]]:
    """Send a request signed by hand, as the public description says; `changes` spoils it afterwards."""
    key = next(iter(fake.keys))
    stamp = datetime.now(UTC) - timedelta(minutes=changes.get("minutes_old", 0))
    date, digest = stamp.strftime("%Y%m%dT%H%M%SZ"), hashlib.sha256(body.encode()).hexdigest()
    host = fake.endpoint.removeprefix("http://")
    scope = f"{date[:8]}/{changes.get('region', REGION)}/{changes.get('service', 'vefaas')}/request"
    signed = f"host:{host}\nx-content-sha256:{digest}\nx-date:{date}\n\nhost;x-content-sha256;x-date"
    canonical = f"POST\n/\n{QUERY}\n{signed}\n{digest}"
    signing = changes.get("secret", fake.keys[key].secret).encode()
    for step in scope.split("/"):
        signing = hmac.new(signing, step.encode(), "sha256").digest()
    text = f"HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(signing, text.encode(), "sha256").hexdigest()
    names = changes.get("signed", "host;x-content-sha256;x-date")
    proof = f"Credential={changes.get('key', key)}/{scope}, SignedHeaders={names}, Signature={signature}"
    headers = {"Authorization": f"HMAC-SHA256 {proof}", "X-Date": date, "X-Content-Sha256": digest,
               "Content-Type": "application/json"}  # fmt: skip
    sent = changes.get("sent", body).encode()
    request = urllib.request.Request(fake.endpoint + path, data=sent, headers=headers, method="POST")  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def refusal(answer: tuple[int, dict[str, Any]]) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer[0], answer[1]["ResponseMetadata"]["Error"]["Code"]


def test_a_signature_made_by_hand_is_accepted(cloud: Fake) -> None:
    made = cloud.vefaas.make_function()
    status, answer = send(cloud, body=json.dumps({"Id": made}))
    assert (status, answer["Result"]["Id"]) == (200, made)
    assert answer["ResponseMetadata"]["RequestId"] == cloud.request_ids[-1]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"secret": "another"}, (403, "SignatureDoesNotMatch")),
        ({"sent": '{"Id": "y"}'}, (403, "SignatureDoesNotMatch")),
        ({"path": f"/?{QUERY}&Limit=1"}, (403, "SignatureDoesNotMatch")),
        ({"signed": "host;x-date"}, (403, "SignatureDoesNotMatch")),
        ({"region": "cn-shanghai"}, (403, "InvalidCredential")),
        ({"service": "apig"}, (404, "UnknownAction")),
        ({"minutes_old": 20}, (403, "InvalidTimestamp")),
        ({"key": "AKnobody"}, (401, "InvalidAccessKey")),
        ({"body": '{"Id": 1}'}, (400, "InvalidParameter")),
        ({"body": '{"Id": "x", "Name": "y"}'}, (400, "InvalidParameter")),
        ({"body": "{}"}, (400, "InvalidParameter")),
        ({"body": "no json"}, (400, "InvalidJson")),
    ],
)
def test_anything_wrong_is_refused_and_written_down(
    cloud: Fake, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    assert refusal(send(cloud, **changes)) == expected
    assert [complaint.split()[1:3] for complaint in cloud.complaints] == [[str(expected[0]), expected[1] + ":"]]
    assert cloud.calls == []
    cloud.complaints.clear()
