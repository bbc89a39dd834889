"""The signed client: signatures, repeats, errors, and what it needs from the environment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from components.alicloud.gaps.client import APIG, FC, SLS, Client, Service
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.credentials import environment
from components.alicloud.gaps.errors import ApiError
from components.errors import UserError
from components.gaps.calls import ATTEMPTS
from components.gaps.credentials import Credentials
from tests.fakes.alicloud.server import Fake, Fault
from tests.fakes.alicloud.wire import REGION, Clock


def look(name: str, *, idempotent: bool = True) -> dict[str, object]:
    """Call something."""
    return connect(REGION).call(FC, "GetFunction", name, request={}, idempotent=idempotent)


def test_a_call_is_signed_by_the_environment(cloud: Fake) -> None:
    made = cloud.fc.make_function()
    assert look(made)["state"] == "Active"
    assert [(call.service, call.action, call.body) for call in cloud.calls] == [
        ("fc", "GetFunction", {"functionName": made})
    ]
    assert cloud.calls[0].key == environment().access_key


@pytest.mark.parametrize("name", ["a b/c", "名字 & more", "100%", "~-_.!*'()"])
def test_odd_names_in_path_and_query_are_signed_as_they_are_sent(cloud: Fake, name: str) -> None:
    with pytest.raises(ApiError, match=r"NotFound\.ConsumerNotFound"):
        connect(REGION).call(APIG, "GetConsumer", name, idempotent=True)
    asked = {"gatewayType": "API", "nameLike": name, "pageNumber": 1, "pageSize": 1}
    connect(REGION).call(APIG, "ListConsumers", request=asked, idempotent=True)
    assert [call.body.get("consumerId") or call.body.get("nameLike") for call in cloud.calls] == [name, name]


def test_the_log_service_is_told_its_project_and_signed_its_own_way(cloud: Fake) -> None:
    project, logstore = cloud.sls.make_store(project="qiao-prod-logs")
    index = connect(REGION).call(SLS, "GetIndex", project, logstore, idempotent=True)
    assert index["line"]["token"] == [",", " "]
    assert [(call.service, call.body) for call in cloud.calls] == [
        ("sls", {"project": "qiao-prod-logs", "logstore": logstore})
    ]


def test_a_session_token_is_sent_and_signed(new_cloud: Callable[..., Fake]) -> None:
    cloud = new_cloud(token="a-session-token")
    assert look(cloud.fc.make_function())["state"] == "Active"
    connect(REGION).call(SLS, "GetIndex", *cloud.sls.make_store(), idempotent=True)
    assert [call.service for call in cloud.calls] == ["fc", "sls"]


def test_a_wrong_secret_is_one_error_without_the_secret(cloud: Fake, bare: pytest.MonkeyPatch, clock: Clock) -> None:
    bare.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "not-the-secret")
    with pytest.raises(ApiError) as caught:
        look(cloud.fc.make_function())
    assert (caught.value.status, caught.value.code) == (400, "SignatureDoesNotMatch")
    assert "not-the-secret" not in str(caught.value)
    assert clock.pauses == []
    assert [complaint.split(":")[0] for complaint in cloud.complaints] == ["GetFunction"]
    cloud.complaints.clear()


@pytest.mark.parametrize("status", [400, 403, 500])
@pytest.mark.parametrize("service", ["fc", "apig", "sls"])
def test_an_error_names_action_code_message_and_request_id(cloud: Fake, service: str, status: int) -> None:
    client = connect(REGION)
    calls: dict[str, tuple[str, Callable[[], object]]] = {
        "fc": ("GetFunction", lambda: look("web", idempotent=False)),
        "apig": ("GetGateway", lambda: client.call(APIG, "GetGateway", "gw-1", idempotent=False)),
        "sls": ("GetIndex", lambda: client.call(SLS, "GetIndex", "p", "s", idempotent=False)),
    }
    action, call = calls[service]
    cloud.play(action, Fault(status, "OddSomething", text="said by the service"))
    with pytest.raises(ApiError) as caught:
        call()
    said = f"{action} failed: OddSomething (HTTP {status}): said by the service [request id {cloud.request_ids[-1]}]"
    assert str(caught.value) == said
    assert caught.value.__suppress_context__, "the SDK's own exception would print headers and body"
    assert (caught.value.forbidden, caught.value.transient) == (status == 403, status == 500)


def test_an_error_inside_an_answer_of_status_200_is_one(cloud: Fake) -> None:
    cloud.play("GetGateway", Fault(400, "Conflict.Odd", inside_200=True))
    with pytest.raises(ApiError, match=r"GetGateway failed: Conflict.Odd \(HTTP 200\): played by the fake"):
        connect(REGION).call(APIG, "GetGateway", "gw-1", idempotent=True)


def test_a_secret_echoed_by_the_service_is_masked(cloud: Fake) -> None:
    secret = environment().secret_key
    cloud.play("GetFunction", Fault(400, "Odd", text=f"bad request of {secret}"))
    cloud.play("GetIndex", Fault(400, "Odd", text=f"bad request of {secret}"))
    calls: list[Callable[[], object]] = [
        lambda: look("x"),
        lambda: connect(REGION).call(SLS, "GetIndex", "p", "s", idempotent=True),
    ]
    for call in calls:
        with pytest.raises(ApiError, match=r"bad request of \*\*\*") as caught:
            call()
        assert secret not in str(caught.value)
    assert secret not in repr(environment())


@pytest.mark.parametrize(
    "fault",
    [
        Fault(429, "TooMany"), Fault(400, "Throttling.User"), Fault(429, "ResourceThrottled"),
        Fault(503, "ServiceUnavailable"), Fault(403, "ReadQuotaExceed"),
    ],
)  # fmt: skip
def test_throttling_is_waited_out_even_where_a_call_may_not_be_repeated(
    cloud: Fake, clock: Clock, fault: Fault
) -> None:
    made = cloud.fc.make_function()
    cloud.play("GetFunction", fault, fault, fault)
    assert look(made, idempotent=False)["functionName"] == made
    assert clock.pauses == [1, 2, 4]


@pytest.mark.parametrize(
    "fault",
    [
        Fault(500), Fault(502, "BadGateway"), Fault(drop=True), Fault(effect=True),
        Fault(502, raw=b"<html>bad gateway</html>"), Fault(200, raw=b"<html>log in first</html>"),
        Fault(200, raw=b'{"half": '), Fault(200, raw=b'["a", "list"]'),
    ],
)  # fmt: skip
def test_a_fault_of_the_cloud_is_waited_out_where_a_call_may_be_repeated(
    cloud: Fake, clock: Clock, fault: Fault
) -> None:
    made = cloud.fc.make_function()
    cloud.play("GetFunction", fault, fault)
    assert look(made)["functionName"] == made
    assert clock.pauses == [1, 2]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault(500), "InternalError"), (Fault(drop=True), "ConnectionFailed"),
        (Fault(200, raw=b"<html>"), "UnreadableAnswer"), (Fault(404, raw=b"<html>"), "UnreadableAnswer"),
    ],
)  # fmt: skip
def test_after_a_fault_of_the_cloud_nothing_else_is_repeated(
    cloud: Fake, clock: Clock, fault: Fault, code: str
) -> None:
    cloud.play("GetFunction", fault)
    with pytest.raises(ApiError) as caught:
        look(cloud.fc.make_function(), idempotent=False)
    assert (caught.value.code, caught.value.transient, caught.value.missing("Function")) == (code, True, False)
    assert len(cloud.calls) == 1, "the SDK's own repeats must be off"
    assert clock.pauses == []


def test_repeats_end(cloud: Fake, clock: Clock) -> None:
    cloud.play("GetFunction", *[Fault(429, "Throttling")] * 50)
    with pytest.raises(ApiError, match="Throttling"):
        look(cloud.fc.make_function())
    assert len(cloud.calls) == ATTEMPTS
    assert sum(clock.pauses) == 31


def test_a_refusal_is_not_repeated(cloud: Fake, clock: Clock) -> None:
    with pytest.raises(ApiError) as caught:
        look("nowhere")
    assert (caught.value.missing("Function"), caught.value.transient, caught.value.throttled) == (True, False, False)
    assert len(cloud.calls) == 1
    assert clock.pauses == []


@pytest.mark.parametrize(
    ("code", "nouns", "expected"),
    [
        ("FunctionNotFound", ("Function",), True),
        ("NotFound.RouteNotFound", ("Route", "HttpApi"), True),
        ("LogStoreNotExist", ("LogStore",), True),
        ("AsyncConfigNotExists", ("Async",), True),
        ("DatabaseError.RecordNotFound", ("Consumer",), True),
        ("Error.DatabaseError.RecordNotFound", ("Consumer",), True),
        ("FunctionNotFound", ("Route",), False),
        ("NotFound", ("Function",), False),
        ("InvalidAction.NotFound", ("Action",), False),
        ("InvalidFunction.NotFound", ("Function",), False),
        ("FunctionInvalid", ("Function",), False),
        ("UnreadableAnswer", ("Function",), False),
    ],
)
def test_only_the_things_own_code_says_that_it_is_gone(code: str, nouns: tuple[str, ...], expected: bool) -> None:
    """A status of 404 alone comes from proxies and wrong paths too: a refresh would drop what is alive."""
    assert ApiError("Get", code, "said", status=404).missing(*nouns) is expected


@pytest.mark.parametrize(
    ("code", "busy", "exists"),
    [
        ("Conflict.LockFailed", True, False),
        ("ConcurrentUpdateError", True, False),
        ("Conflict.ConsumerExisted", False, True),
        ("ConsumerAlreadyExists", False, True),
        ("Consumer.DuplicateName", False, True),
        ("LogStoreNotExist", False, False),
    ],
)
def test_a_lock_is_waited_for_and_a_name_that_is_taken_is_not(code: str, busy: bool, exists: bool) -> None:
    error = ApiError("Do", code, "said", status=409)
    assert (error.busy, error.exists) == (busy, exists)


def test_nobody_listening_is_an_error_that_says_so(bare: pytest.MonkeyPatch, clock: Clock) -> None:
    bare.setenv("QIAO_ALICLOUD_ENDPOINT", "http://127.0.0.1:1")
    client = Client(REGION, Credentials("a", "b"))
    calls: list[Callable[[], object]] = [
        lambda: client.call(FC, "GetFunction", "x", request={}, idempotent=False),
        lambda: client.call(SLS, "GetIndex", "p", "s", idempotent=False),
    ]
    for call in calls:
        with pytest.raises(ApiError, match="ConnectionFailed") as caught:
            call()
        assert (caught.value.status, caught.value.transient) == (0, True)


@pytest.mark.parametrize(
    ("absent", "said"),
    [
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALICLOUD_ACCESS_KEY (or ALIBABA_CLOUD_ACCESS_KEY_ID) not set"),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALICLOUD_SECRET_KEY (or ALIBABA_CLOUD_ACCESS_KEY_SECRET) not set"),
    ],
)
def test_missing_credentials_are_one_error_that_names_the_variable(
    cloud: Fake, bare: pytest.MonkeyPatch, absent: str, said: str
) -> None:
    bare.delenv(absent)
    with pytest.raises(UserError) as caught:
        connect(REGION)
    assert caught.value.what == f"no credentials for Alibaba Cloud: {said}"
    assert cloud.calls == []


@pytest.mark.parametrize(
    "given", ["http://example.com", "ftp://127.0.0.1", "127.0.0.1:80", "http://127.0.0.1.evil.com"]
)
def test_signed_calls_go_nowhere_unsafe(bare: pytest.MonkeyPatch, given: str) -> None:
    bare.setenv("QIAO_ALICLOUD_ENDPOINT", given)
    with pytest.raises(UserError, match="not safe for signed calls"):
        Client(REGION, Credentials("a", "b"))


@pytest.mark.parametrize(
    ("service", "action", "path", "body", "url"),
    [
        (FC, "GetFunction", ["x"], {}, "https://fcv3.ap-southeast-5.aliyuncs.com/2023-03-30/functions/x"),
        (APIG, "GetGateway", ["g"], None, "https://apig.ap-southeast-5.aliyuncs.com/v1/gateways/g"),
        (SLS, "GetIndex", ["p", "s"], None, "https://p.ap-southeast-5.log.aliyuncs.com/logstores/s/index"),
    ],
)
def test_without_an_override_calls_go_to_the_cloud_by_https(
    bare: pytest.MonkeyPatch,
    service: Service,
    action: str,
    path: list[str],
    body: dict[str, object] | None,
    url: str,
) -> None:
    """The SDK's own host of the function service in this region ends in a tab."""
    asked: list[requests.PreparedRequest] = []

    def refuse(_session: object, prepared: requests.PreparedRequest, **_more: object) -> None:
        asked.append(prepared)
        raise OSError("no network in tests")

    bare.setattr(requests.Session, "send", refuse)
    client = Client("ap-southeast-5", Credentials("a", "b"))
    with pytest.raises(ApiError, match="ConnectionFailed"):
        client.call(service, action, *path, request=body, idempotent=False)
    assert [prepared.url for prepared in asked] == [url]
    assert "x-forwarded-host" not in asked[0].headers
