"""ZoneOwnership: EdgeOne is asked until it has seen the record, and a refusal is no success."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from components.gaps import polling
from components.tencentcloud.gaps import zone_ownership
from components.tencentcloud.gaps.errors import ApiError, GapError
from components.tencentcloud.gaps.zone_ownership import ZoneOwnershipProvider

PROPS = {
    "zone_id": "zone-1", "zone_name": "example.com", "region": "ap-guangzhou", "timeout_seconds": 60.0,
    "record": "TXT edgeonereclaim.example.com = reclaim-abc",
}  # fmt: skip


class Answers:
    """A client that answers from a list, the last answer for ever, and a clock that goes by the pauses."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked, self.clock = list(answers), 0, 0.0

    def call(self, service: Any, action: str, request: Mapping[str, Any], *, idempotent: bool) -> dict[str, Any]:
        assert (service.name, service.version, action) == ("teo", "2022-09-01", "VerifyOwnership")
        assert (dict(request), idempotent) == ({"Domain": "example.com"}, True)
        answer = self.answers[min(self.asked, len(self.answers) - 1)]
        self.asked += 1
        if isinstance(answer, Exception):
            raise answer
        return dict(answer)

    def sleep(self, seconds: float) -> None:
        self.clock += seconds


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Any:
    def answering(*answers: Any) -> Answers:
        client = Answers(*answers)
        monkeypatch.setattr(zone_ownership, "connect", lambda region: client)
        monkeypatch.setattr(polling, "sleep", client.sleep)
        monkeypatch.setattr(polling, "now", lambda: client.clock)
        return client

    return answering


FAIL, SUCCESS = {"Status": "fail", "Result": "no TXT record"}, {"Status": "success", "Result": ""}


def test_it_asks_until_the_record_is_seen(service: Any) -> None:
    client = service(FAIL, FAIL, SUCCESS)
    created = ZoneOwnershipProvider().create(PROPS)
    assert client.asked == 3
    assert created.id == "zone-1"
    assert created.outs == {"zone_id": "zone-1", "zone_name": "example.com", "region": "ap-guangzhou"}


def test_it_asks_no_more_than_once_where_the_site_is_verified(service: Any) -> None:
    client = service(SUCCESS)
    ZoneOwnershipProvider().create(PROPS)
    assert (client.asked, client.clock) == (1, 0.0)


def test_a_refusal_is_an_error_that_says_which_record_to_set(service: Any) -> None:
    client = service(FAIL)
    with pytest.raises(GapError) as error:
        ZoneOwnershipProvider().create(PROPS)
    assert "nobody has proved to own the site example.com after 60 s; EdgeOne says: no TXT record" in str(error.value)
    assert "TXT edgeonereclaim.example.com = reclaim-abc" in str(error.value)
    assert client.clock == 60.0


@pytest.mark.parametrize("answer", [{}, {"Status": "Success!"}, {"Status": None}])
def test_what_is_not_success_is_none(service: Any, answer: Mapping[str, Any]) -> None:
    service(answer)
    with pytest.raises(GapError, match="nobody has proved"):
        ZoneOwnershipProvider().create(PROPS)


def test_the_services_own_error_is_not_waited_out(service: Any) -> None:
    client = service(ApiError("VerifyOwnership", "UnauthorizedOperation", "no", status=200))
    with pytest.raises(ApiError, match="UnauthorizedOperation"):
        ZoneOwnershipProvider().create(PROPS)
    assert client.asked == 1


@pytest.mark.parametrize(
    ("change", "replaces"),
    [
        ({}, None), ({"timeout_seconds": 5.0}, None), ({"record": "TXT other"}, None),
        ({"zone_id": "zone-2"}, ["zone_id"]), ({"zone_name": "example.org"}, ["zone_name"]),
    ],
)  # fmt: skip
def test_another_site_is_verified_anew_and_another_wait_is_no_change(
    change: dict[str, Any], replaces: list[str] | None
) -> None:
    olds = {key: PROPS[key] for key in ("zone_id", "zone_name", "region")}
    found = ZoneOwnershipProvider().diff("zone-1", olds, {**PROPS, **change})
    assert (found.changes, found.replaces) == (bool(replaces), replaces or [])


def test_a_refresh_asks_nobody(service: Any) -> None:
    client = service(FAIL)
    read = ZoneOwnershipProvider().read("zone-1", {key: PROPS[key] for key in ("zone_id", "zone_name", "region")})
    assert (read.id, client.asked) == ("zone-1", 0)
    assert read.outs == {"zone_id": "zone-1", "zone_name": "example.com", "region": "ap-guangzhou"}
