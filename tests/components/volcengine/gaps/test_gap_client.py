"""The signed client: signatures, repeats, errors, and what it needs from the environment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import urllib3

from components.errors import UserError
from components.gaps.calls import ATTEMPTS
from components.gaps.credentials import Credentials
from components.volcengine.gaps.client import VEFAAS, Client
from components.volcengine.gaps.connect import connect
from components.volcengine.gaps.credentials import environment
from components.volcengine.gaps.errors import ApiError
from tests.fakes.volcengine.server import Fake, Fault
from tests.fakes.volcengine.wire import REGION, Clock


def look(function_id: str, *, idempotent: bool = True) -> dict[str, object]:
    """Call something."""
    return connect(REGION).call(VEFAAS, "GetFunction", {"Id": function_id}, idempotent=idempotent)


def test_a_call_is_signed_by_the_environment(cloud: Fake) -> None:
    made = cloud.vefaas.make_function(Name="名字 & more")
    assert look(made)["Name"] == "名字 & more"
    assert [(call.service, call.action, call.body) for call in cloud.calls] == [("vefaas", "GetFunction", {"Id": made})]
    assert cloud.calls[0].key == environment().access_key


def test_the_log_service_is_called_by_path_with_a_signed_query_and_body(cloud: Fake) -> None:
    topic = cloud.logs.make_topic()
    client = connect(REGION)
    index = client.log_service("GET", "DescribeIndex", query={"TopicId": topic}, idempotent=True)
    changed = {key: value for key, value in index.items() if key in ("TopicId", "KeyValue")}
    client.log_service("PUT", "ModifyIndex", body={**changed, "MaxTextLen": 4096}, idempotent=True)
    assert cloud.logs.indexes[topic]["MaxTextLen"] == 4096
    assert {call.service for call in cloud.calls} == {"TLS"}


def test_a_session_token_is_sent_and_signed(new_cloud: Callable[..., Fake]) -> None:
    cloud = new_cloud(token="a-session-token")
    topic = cloud.logs.make_topic()
    assert look(cloud.vefaas.make_function())["MemoryMB"] == 2048
    assert (
        connect(REGION).log_service("GET", "DescribeIndex", query={"TopicId": topic}, idempotent=True)["TopicId"]
        == topic
    )


def test_a_wrong_secret_is_one_error_without_the_secret(cloud: Fake, bare: pytest.MonkeyPatch, clock: Clock) -> None:
    bare.setenv("VOLCENGINE_SECRET_KEY", "not-the-secret")
    with pytest.raises(ApiError) as caught:
        look(cloud.vefaas.make_function())
    assert (caught.value.status, caught.value.code) == (403, "SignatureDoesNotMatch")
    assert caught.value.forbidden
    assert "not-the-secret" not in str(caught.value)
    assert clock.pauses == []
    assert [complaint.split(":")[0] for complaint in cloud.complaints] == ["GetFunction"]
    cloud.complaints.clear()


@pytest.mark.parametrize("inside_200", [False, True])
def test_an_error_names_action_code_message_and_request_id(cloud: Fake, inside_200: bool) -> None:
    cloud.play("GetFunction", Fault(400, "InvalidSomething", text="said by the service", inside_200=inside_200))
    with pytest.raises(ApiError) as caught:
        look(cloud.vefaas.make_function())
    for part in ("GetFunction", "InvalidSomething", "said by the service", cloud.request_ids[-1]):
        assert part in str(caught.value)
    assert caught.value.__suppress_context__, "the SDK's own exception would print headers and body"


def test_an_error_of_the_log_service_names_the_same(cloud: Fake) -> None:
    with pytest.raises(ApiError) as caught:
        connect(REGION).log_service("GET", "DescribeIndex", query={"TopicId": "none"}, idempotent=True)
    assert caught.value.missing
    for part in ("DescribeIndex", "TopicNotExist", cloud.request_ids[-1]):
        assert part in str(caught.value)


def test_a_secret_echoed_by_the_service_is_masked(cloud: Fake) -> None:
    echoed = f"bad request of {environment().secret_key}"
    cloud.play("GetFunction", Fault(400, "Odd", text=echoed), Fault(400, "Odd", text=echoed, inside_200=True))
    for _ in range(2):
        with pytest.raises(ApiError, match=r"bad request of \*\*\*") as caught:
            look("x")
        assert environment().secret_key not in str(caught.value)
    assert environment().secret_key not in repr(environment())


@pytest.mark.parametrize(
    "fault",
    [Fault(429, "TooMany"), Fault(400, "AccountFlowLimitExceeded"), Fault(429, "FlowLimitExceeded", inside_200=True)],
)
def test_throttling_is_waited_out_even_where_a_call_may_not_be_repeated(
    cloud: Fake, clock: Clock, fault: Fault
) -> None:
    made = cloud.vefaas.make_function()
    cloud.play("GetFunction", fault, fault, fault)
    assert look(made, idempotent=False)["Id"] == made
    assert clock.pauses == [1, 2, 4]


@pytest.mark.parametrize("fault", [Fault(500), Fault(503, "ServiceUnavailable"), Fault(drop=True), Fault(effect=True)])
def test_a_fault_of_the_cloud_is_waited_out_where_a_call_may_be_repeated(
    cloud: Fake, clock: Clock, fault: Fault
) -> None:
    made = cloud.vefaas.make_function()
    cloud.play("GetFunction", fault, fault)
    assert look(made)["Id"] == made
    assert clock.pauses == [1, 2]


@pytest.mark.parametrize("fault", [Fault(500), Fault(drop=True)])
def test_after_a_fault_of_the_cloud_nothing_else_is_repeated(cloud: Fake, clock: Clock, fault: Fault) -> None:
    cloud.play("GetFunction", fault)
    with pytest.raises(ApiError) as caught:
        look(cloud.vefaas.make_function(), idempotent=False)
    assert caught.value.transient
    assert len(cloud.calls) == 1, "the SDK's own repeats must be off"
    assert clock.pauses == []


def test_repeats_end(cloud: Fake, clock: Clock) -> None:
    cloud.play("GetFunction", *[Fault(429, "FlowLimitExceeded")] * 50)
    with pytest.raises(ApiError, match="FlowLimitExceeded"):
        look(cloud.vefaas.make_function())
    assert len(cloud.calls) == ATTEMPTS
    assert sum(clock.pauses) == 31


def test_a_refusal_is_not_repeated(cloud: Fake, clock: Clock) -> None:
    with pytest.raises(ApiError) as caught:
        look("nowhere")
    assert (caught.value.missing, caught.value.transient, caught.value.throttled) == (True, False, False)
    assert len(cloud.calls) == 1
    assert clock.pauses == []


def test_an_invalid_parameter_is_no_proof_of_absence() -> None:
    error = ApiError("DeleteFunction", "InvalidParameter.Id", "invalid", status=400)
    assert (error.missing, error.busy, error.forbidden) == (False, False, False)


def test_nobody_listening_is_an_error_that_says_so(bare: pytest.MonkeyPatch, clock: Clock) -> None:
    bare.setenv("QIAO_VOLCENGINE_ENDPOINT", "http://127.0.0.1:1")
    client = Client(REGION, Credentials("a", "b"))
    with pytest.raises(ApiError, match="ConnectionFailed") as by_action:
        client.call(VEFAAS, "GetFunction", {"Id": "x"}, idempotent=False)
    with pytest.raises(ApiError, match="ConnectionFailed") as by_path:
        client.log_service("GET", "DescribeIndex", idempotent=False)
    for caught in (by_action, by_path):
        assert (caught.value.status, caught.value.transient) == (0, True)


@pytest.mark.parametrize("absent", ["VOLCENGINE_ACCESS_KEY", "VOLCENGINE_SECRET_KEY"])
def test_missing_credentials_are_one_error_that_names_the_variable(
    cloud: Fake, bare: pytest.MonkeyPatch, absent: str
) -> None:
    bare.delenv(absent)
    with pytest.raises(UserError, match=f"no credentials for Volcengine: {absent} not set"):
        connect(REGION)
    assert cloud.calls == []


@pytest.mark.parametrize(
    "given", ["http://example.com", "ftp://127.0.0.1", "127.0.0.1:80", "http://127.0.0.1.evil.com"]
)
def test_signed_calls_go_nowhere_unsafe(bare: pytest.MonkeyPatch, given: str) -> None:
    bare.setenv("QIAO_VOLCENGINE_ENDPOINT", given)
    with pytest.raises(UserError, match="not safe for signed calls"):
        Client(REGION, Credentials("a", "b"))


@pytest.mark.parametrize(
    ("log_service", "url"),
    [(False, "https://open.volcengineapi.com/"), (True, "https://tls-cn-shanghai.volces.com/DescribeIndex")],
)
def test_without_an_override_calls_go_to_the_cloud_by_https(
    bare: pytest.MonkeyPatch, log_service: bool, url: str
) -> None:
    asked: list[str] = []

    def refuse(_pool: object, _method: str, where: str, **_more: object) -> None:
        asked.append(where.partition("?")[0])
        raise urllib3.exceptions.ProtocolError("no network in tests")

    bare.setattr(urllib3.PoolManager, "request", refuse)
    client = Client("cn-shanghai", Credentials("a", "b"))
    calls: dict[bool, Callable[[], object]] = {
        False: lambda: client.call(VEFAAS, "GetFunction", {"Id": "x"}, idempotent=False),
        True: lambda: client.log_service("GET", "DescribeIndex", idempotent=False),
    }
    with pytest.raises(ApiError, match="ConnectionFailed"):
        calls[log_service]()
    assert asked == [url]
