"""The signed client: signatures, repeats, errors, and what it needs from the environment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import requests

from components.errors import UserError
from components.gaps.calls import ATTEMPTS
from components.gaps.credentials import Credentials
from components.tencentcloud.gaps.client import SCF, STS, Client, Service
from components.tencentcloud.gaps.connect import connect
from components.tencentcloud.gaps.credentials import environment
from components.tencentcloud.gaps.errors import ApiError
from tests.fakes.tencentcloud.server import Fake, Fault
from tests.fakes.tencentcloud.wire import REGION, Clock


def look(name: str = "web", *, idempotent: bool = True) -> dict[str, Any]:
    """Call something."""
    asked = {"FunctionName": name, "Namespace": "default", "ShowCode": "FALSE"}
    return connect(REGION).call(SCF, "GetFunction", asked, idempotent=idempotent)


def test_a_call_is_signed_by_the_environment(cloud: Fake) -> None:
    cloud.scf.make_function()
    assert look()["Status"] == "Active"
    asked = {"FunctionName": "web", "Namespace": "default", "ShowCode": "FALSE"}
    assert [(call.service, call.action, call.body) for call in cloud.calls] == [("scf", "GetFunction", asked)]
    assert cloud.calls[0].key == environment().access_key


@pytest.mark.parametrize("name", ["a b/c", "名字 & more", '"quoted"', "100%"])
def test_odd_words_are_signed_as_they_are_sent(cloud: Fake, name: str) -> None:
    with pytest.raises(ApiError, match=r"ResourceNotFound\.Function"):
        look(name)
    assert [call.body["FunctionName"] for call in cloud.calls] == [name]


def test_a_session_token_is_sent(new_cloud: Callable[..., Fake]) -> None:
    cloud = new_cloud(token="a-session-token")
    cloud.scf.make_function()
    assert look()["Status"] == "Active"


def test_a_wrong_secret_is_one_error_without_the_secret(cloud: Fake, bare: pytest.MonkeyPatch, clock: Clock) -> None:
    bare.setenv("TENCENTCLOUD_SECRET_KEY", "not-the-secret")
    with pytest.raises(ApiError) as caught:
        look()
    assert (caught.value.code, caught.value.forbidden) == ("AuthFailure.SignatureFailure", True)
    assert "not-the-secret" not in str(caught.value)
    assert clock.pauses == []
    assert [complaint.split(":")[0] for complaint in cloud.complaints] == ["GetFunction"]
    cloud.complaints.clear()


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "text/plain"])
def test_an_error_names_action_code_message_and_request_id(cloud: Fake, kind: str) -> None:
    """Whatever the answer says it is: the SDK itself sees no error in some kinds of answers."""
    cloud.content_type = kind
    cloud.play("GetFunction", Fault(code="OddSomething", text="said by the service"))
    with pytest.raises(ApiError) as caught:
        look(idempotent=False)
    said = f"GetFunction failed: OddSomething (HTTP 200): said by the service [request id {cloud.request_ids[-1]}]"
    assert str(caught.value) == said
    shown = None if caught.value.__suppress_context__ else caught.value.__context__
    assert (caught.value.__cause__, shown) == (None, None), "the SDK's own exception would be printed too"
    assert (caught.value.forbidden, caught.value.transient, caught.value.throttled) == (False, False, False)


def test_a_secret_echoed_by_the_service_is_masked(cloud: Fake) -> None:
    secret = environment().secret_key
    cloud.play("GetFunction", Fault(code="Odd", text=f"bad request of {secret}"))
    with pytest.raises(ApiError, match=r"bad request of \*\*\*") as caught:
        look()
    assert secret not in str(caught.value) + repr(environment())


@pytest.mark.parametrize("code", ["RequestLimitExceeded", "RequestLimitExceeded.UinLimitExceeded"])
def test_throttling_is_waited_out_even_where_a_call_may_not_be_repeated(cloud: Fake, clock: Clock, code: str) -> None:
    cloud.scf.make_function()
    cloud.play("GetFunction", *[Fault(code=code)] * 3)
    assert look(idempotent=False)["FunctionName"] == "web"
    assert clock.pauses == [1, 2, 4]


@pytest.mark.parametrize("code", ["LimitExceeded.Function", "LimitExceeded.Trigger", "LimitExceeded"])
def test_a_quota_is_not_waited_for(cloud: Fake, clock: Clock, code: str) -> None:
    cloud.play("GetFunction", Fault(code=code))
    with pytest.raises(ApiError, match=code):
        look()
    assert clock.pauses == []


FAULTS = [
    Fault(), Fault(code="InternalError.System"), Fault(drop=True), Fault(effect=True),
    Fault(502, raw=b"<html>bad gateway</html>"), Fault(200, raw=b"<html>log in first</html>"),
    Fault(200, raw=b'{"half": '), Fault(200, raw=b'["a", "list"]'), Fault(200, raw=b'{"Response": null}'),
    Fault(200, raw=b""), Fault(404, raw=b"{}"),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_cloud_is_waited_out_where_a_call_may_be_repeated(
    cloud: Fake, clock: Clock, fault: Fault
) -> None:
    cloud.scf.make_function()
    cloud.play("GetFunction", fault, fault)
    assert look()["FunctionName"] == "web"
    assert clock.pauses == [1, 2]


@pytest.mark.parametrize("fault", FAULTS)
def test_after_a_fault_of_the_cloud_nothing_else_is_repeated(cloud: Fake, clock: Clock, fault: Fault) -> None:
    cloud.scf.make_function()
    cloud.play("GetFunction", fault)
    with pytest.raises(ApiError) as caught:
        look(idempotent=False)
    expected = "ConnectionFailed" if fault.drop else "UnreadableAnswer" if fault.raw is not None else fault.code
    assert caught.value.code == expected
    assert (caught.value.transient, caught.value.missing("Function")) == (True, False)
    assert len(cloud.calls) == 1, "the SDK's own repeats must be off"
    assert clock.pauses == []


def test_repeats_end(cloud: Fake, clock: Clock) -> None:
    cloud.play("GetFunction", *[Fault(code="RequestLimitExceeded")] * 50)
    with pytest.raises(ApiError, match="RequestLimitExceeded"):
        look()
    assert len(cloud.calls) == ATTEMPTS
    assert sum(clock.pauses) == 31


def test_a_refusal_is_not_repeated(cloud: Fake, clock: Clock) -> None:
    with pytest.raises(ApiError) as caught:
        look("nowhere")
    assert (caught.value.missing("Function"), caught.value.transient, caught.value.throttled) == (True, False, False)
    assert len(cloud.calls) == 1
    assert clock.pauses == []


@pytest.mark.parametrize("garbage", [b'{"Response": {"Triggers": {"a": 1}}}', b'{"Response": {"Triggers": ["x"]}}'])
def test_a_list_that_is_none_is_an_error(cloud: Fake, garbage: bytes) -> None:
    cloud.play("ListTriggers", Fault(200, raw=garbage))
    with pytest.raises(ApiError, match=r"UnreadableAnswer.*Triggers is no list of objects"):
        list(connect(REGION).listed("ListTriggers", {"FunctionName": "web", "Namespace": "default"}, "Triggers"))


@pytest.mark.parametrize(
    ("code", "nouns", "expected"),
    [
        ("ResourceNotFound.Function", ("Function",), True),
        ("ResourceNotFound.FunctionName", ("Function", "FunctionName"), True),
        ("ResourceNotFound.Function", ("Trigger",), False),
        ("ResourceNotFound.FunctionVersion", ("Function",), False),
        ("ResourceNotFound.Role", ("Function", "FunctionName", "Namespace"), False),
        ("ResourceNotFound", ("Function",), False),
        ("InvalidParameterValue.Function", ("Function",), False),
        ("UnauthorizedOperation", ("Function",), False),
        ("UnreadableAnswer", ("Function",), False),
    ],
)
def test_only_the_things_own_code_says_that_it_is_gone(code: str, nouns: tuple[str, ...], expected: bool) -> None:
    """A refresh must not drop what is alive because something beside it is gone."""
    assert ApiError("Get", code, "said", status=200).missing(*nouns) is expected


@pytest.mark.parametrize(
    ("code", "busy", "exists", "forbidden"),
    [
        ("FailedOperation.FunctionStatusError", True, False, False),
        ("FailedOperation.FunctionNameStatusError", True, False, False),
        ("FailedOperation.FunctionVersionStatusNotActive", True, False, False),
        ("FailedOperation.OperationConflict", True, False, False),
        ("FailedOperation", False, False, False),
        ("ResourceNotFound.CfsStatusError", False, False, False),
        ("ResourceInUse.Trigger", False, True, False),
        ("AuthFailure.SecretIdNotFound", False, False, True),
        ("UnauthorizedOperation.CAM", False, False, True),
    ],
)
def test_what_codes_mean(code: str, busy: bool, exists: bool, forbidden: bool) -> None:
    error = ApiError("Do", code, "said", status=200)
    assert (error.busy, error.exists, error.forbidden) == (busy, exists, forbidden)


def test_nobody_listening_is_an_error_that_says_so(bare: pytest.MonkeyPatch, clock: Clock) -> None:
    bare.setenv("QIAO_TENCENTCLOUD_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(ApiError, match="ConnectionFailed") as caught:
        Client(REGION, Credentials("a", "b")).call(SCF, "GetFunction", {}, idempotent=False)
    assert (caught.value.status, caught.value.transient) == (0, True)


@pytest.mark.parametrize("absent", ["TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"])
def test_missing_credentials_are_one_error_that_names_the_variable(
    cloud: Fake, bare: pytest.MonkeyPatch, absent: str
) -> None:
    bare.delenv(absent)
    with pytest.raises(UserError) as caught:
        connect(REGION)
    assert caught.value.what == f"no credentials for Tencent Cloud: {absent} not set"
    assert cloud.calls == []


@pytest.mark.parametrize(
    "given", ["http://example.com", "ftp://127.0.0.1", "127.0.0.1:80", "http://127.0.0.1.evil.com"]
)
def test_signed_calls_go_nowhere_unsafe(bare: pytest.MonkeyPatch, given: str) -> None:
    bare.setenv("QIAO_TENCENTCLOUD_ENDPOINT", given)
    with pytest.raises(UserError, match="not safe for signed calls"):
        Client(REGION, Credentials("a", "b"))


@pytest.mark.parametrize(
    ("service", "domain", "host"),
    [
        (SCF, "", "scf.tencentcloudapi.com"),
        (STS, "", "sts.tencentcloudapi.com"),
        (SCF, "internal.tencentcloudapi.com", "scf.internal.tencentcloudapi.com"),
    ],
)
def test_without_an_override_calls_go_where_the_plugins_go_by_https(
    bare: pytest.MonkeyPatch, service: Service, domain: str, host: str
) -> None:
    asked: list[requests.PreparedRequest] = []

    def refuse(_session: object, prepared: requests.PreparedRequest, **_more: object) -> None:
        asked.append(prepared)
        raise OSError("no network in tests")

    bare.setattr(requests.Session, "send", refuse)
    if domain:
        bare.setenv("TENCENTCLOUD_DOMAIN", domain)
    with pytest.raises(ApiError, match="ConnectionFailed"):
        Client("ap-beijing", Credentials("a", "b")).call(service, "GetIt", {}, idempotent=False)
    assert [(prepared.url, prepared.headers["Host"]) for prepared in asked] == [(f"https://{host}/", host)]
    assert asked[0].headers["X-TC-Region"] == "ap-beijing"
