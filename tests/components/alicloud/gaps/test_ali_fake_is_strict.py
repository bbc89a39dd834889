"""The fake must fail where the cloud would: a fake that lets things pass proves nothing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.fakes.alicloud.server import Fake
from tests.fakes.alicloud.signature import sign_log, sign_v3
from tests.fakes.alicloud.wire import REGION

PATH, QUERY = "/2023-03-30/functions/web/provision-config", "qualifier=live"
BODY = '{"defaultTarget": 1, "target": 1, "alwaysAllocateCPU": true, "alwaysAllocateGPU": false}'


def test_the_documented_example_of_signature_v3() -> None:
    """Key, request and signature are those of the documentation of the signature method V3."""
    headers = {
        "host": "ecs.cn-shanghai.aliyuncs.com", "x-acs-action": "RunInstances", "x-acs-version": "2014-05-26",
        "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "x-acs-date": "2023-10-26T10:22:32Z", "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
    }  # fmt: skip
    query = "ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai"
    signature = sign_v3("YourAccessKeySecret", "POST", "/", query, headers, headers["x-acs-content-sha256"])
    assert signature == "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"


def test_the_log_service_signs_what_its_documentation_lists() -> None:
    """The request is the documentation's own; its signature is not printed there in full, so the text is put together
    here by hand, line by line."""
    digest = hashlib.md5(b'{"hello": "world"}').hexdigest().upper()  # noqa: S324 - the service's own digest
    headers = {
        "date": "Tue, 23 Aug 2022 12:12:03 GMT", "content-type": "application/json", "x-log-apiversion": "0.6.0",
        "content-md5": digest, "x-log-signaturemethod": "hmac-sha1",
        "host": "ali-test-project.cn-hangzhou.log.aliyuncs.com",
    }  # fmt: skip
    assert digest == "49DFDD54B01CBCD2D2AB5E9E5EE6B9B9"
    text = (
        "POST\n49DFDD54B01CBCD2D2AB5E9E5EE6B9B9\napplication/json\nTue, 23 Aug 2022 12:12:03 GMT\n"
        "x-log-apiversion:0.6.0\nx-log-signaturemethod:hmac-sha1\n/logstores/test-logstore/shards/0?action=split"
    )
    wanted = base64.b64encode(hmac.new(b"a-secret", text.encode(), "sha1").digest()).decode()
    path = "/logstores/test-logstore/shards/0"
    assert sign_log("a-secret", "sha1", "POST", path, "action=split", headers) == wanted


def exchange(request: urllib.request.Request) -> tuple[int, dict[str, Any]]:
    """Status and answer."""
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def send(fake: Fake, **changes: Any) -> tuple[int, dict[str, Any]]:
    """Send a request signed by hand, as the public description says; `changes` spoils it afterwards."""
    key = next(iter(fake.keys))
    body = changes.get("body", BODY).encode()
    stamp = datetime.now(UTC) - timedelta(minutes=changes.get("minutes_old", 0))
    headers = {
        "content-type": "application/json", "host": fake.endpoint.removeprefix("http://"),
        "x-acs-action": changes.get("action", "PutProvisionConfig"),
        "x-acs-content-sha256": changes.get("digest", hashlib.sha256(body).hexdigest()),
        "x-acs-date": stamp.strftime("%Y-%m-%dT%H:%M:%SZ"), "x-acs-signature-nonce": changes.get("nonce", "once"),
        "x-acs-version": changes.get("version", "2023-03-30"),
    }  # fmt: skip
    names = ";".join(sorted(headers))
    lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
    path, query = changes.get("path", PATH), changes.get("query", QUERY)
    canonical = f"PUT\n{path}\n{query}\n{lines}\n{names}\n{headers['x-acs-content-sha256']}"
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    secret = changes.get("secret", fake.keys[key].secret)
    signature = hmac.new(secret.encode(), text.encode(), "sha256").hexdigest()
    signed = changes.get("signed", names)
    proof = f"Credential={changes.get('key', key)},SignedHeaders={signed},Signature={signature}"
    headers |= {"authorization": f"ACS3-HMAC-SHA256 {proof}", **changes.get("more", {})}
    url = f"{fake.endpoint}{path}?{changes.get('sent_query', query)}"
    sent = changes.get("sent", body.decode()).encode()
    return exchange(urllib.request.Request(url, data=sent, headers=headers, method="PUT"))  # noqa: S310


def test_a_signature_made_by_hand_is_accepted(cloud: Fake) -> None:
    cloud.fc.make_function()
    status, answer = send(cloud)
    assert (status, answer["defaultTarget"]) == (200, 1)
    assert cloud.fc.provisions["web", "live"]["target"] == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"secret": "another"}, (400, "SignatureDoesNotMatch")),
        ({"sent": BODY.replace("1", "2")}, (400, "SignatureDoesNotMatch")),
        ({"digest": hashlib.sha256(b"other").hexdigest()}, (400, "SignatureDoesNotMatch")),
        ({"sent_query": "qualifier=other"}, (400, "SignatureDoesNotMatch")),
        ({"signed": "host;x-acs-date"}, (400, "SignatureDoesNotMatch")),
        ({"more": {"x-acs-late": "unsigned"}}, (400, "SignatureDoesNotMatch")),
        ({"more": {"x-acs-security-token": "t"}}, (400, "SignatureDoesNotMatch")),
        ({"key": "AKunknown"}, (404, "InvalidAccessKeyId.NotFound")),
        ({"minutes_old": 16}, (400, "InvalidTimeStamp.Expired")),
        ({"more": {"authorization": "LOG a:b"}}, (400, "MissingSignature")),
        ({"action": "PutProvision"}, (404, "InvalidAction.NotFound")),
        ({"version": "2024-03-27"}, (404, "InvalidAction.NotFound")),
        ({"path": "/2023-03-30/functions/web"}, (404, "InvalidAction.NotFound")),
        ({"action": "GetProvisionConfig"}, (404, "InvalidAction.NotFound")),
        ({"query": "more=1&qualifier=live"}, (400, "InvalidParameter")),
        ({"query": ""}, (400, "InvalidParameter")),
        ({"body": BODY.replace("true", '"yes"')}, (400, "InvalidParameter")),
        ({"body": BODY.replace("1,", "1.0,", 1)}, (400, "InvalidParameter")),
        ({"body": '{"target": 1}'}, (400, "InvalidParameter")),
        ({"body": "target=1"}, (400, "InvalidJson")),
    ],
)
def test_what_the_cloud_would_refuse_is_refused(
    cloud: Fake, changes: dict[str, Any], expected: tuple[int, str]
) -> None:
    cloud.fc.make_function()
    status, answer = send(cloud, **changes)
    assert (status, answer.get("Code") or answer.get("code")) == expected
    assert len(cloud.complaints) == 1
    assert cloud.calls == []
    cloud.complaints.clear()


def test_a_request_is_taken_once(cloud: Fake) -> None:
    cloud.fc.make_function()
    assert [send(cloud, nonce=nonce)[0] for nonce in ("a", "b", "a")] == [200, 200, 400]
    assert cloud.complaints.pop().endswith("SignatureNonceUsed: this request was here before")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, (200, None)),
        ({"x-log-bodyrawsize": "1"}, (401, "SignatureNotMatch")),
        ({"x-log-apiversion": "0.5.0"}, (400, "InvalidAPIVersion")),
        ({"x-forwarded-host": f"qiao-dev-logs.{REGION}.aliyuncs.com"}, (404, "InvalidAction.NotFound")),
        ({"authorization": "LOG"}, (401, "Unauthorized")),
        ({"date": "Mon, 03 Jan 2011 08:33:47 GMT"}, (400, "InvalidTimeStamp.Expired")),
    ],
)
def test_the_log_services_own_signature(cloud: Fake, changes: dict[str, str], expected: tuple[int, str | None]) -> None:
    _, logstore = cloud.sls.make_store()
    (name, key), path = next(iter(cloud.keys.items())), f"/logstores/{logstore}/index"
    date = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
    text = f"GET\n\n\n{date}\nx-log-apiversion:0.6.0\nx-log-signaturemethod:hmac-sha256\n{path}"
    proof = base64.b64encode(hmac.new(key.secret.encode(), text.encode(), "sha256").digest()).decode()
    headers = {
        "date": date, "x-log-apiversion": "0.6.0", "x-log-signaturemethod": "hmac-sha256",
        "authorization": f"LOG {name}:{proof}",
        "x-forwarded-host": f"qiao-dev-logs.{REGION}.log.aliyuncs.com", **changes,
    }  # fmt: skip
    status, answer = exchange(urllib.request.Request(cloud.endpoint + path, headers=headers))  # noqa: S310
    assert (status, answer.get("errorCode")) == expected
    cloud.complaints.clear()
