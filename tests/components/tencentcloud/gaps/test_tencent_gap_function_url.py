"""FunctionUrl: one address an alias, made, changed, read back and taken away, whatever happens on the way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.tencentcloud.gaps.errors import ApiError, GapError
from components.tencentcloud.gaps.function_url import SETTLE_SECONDS, FunctionUrlProvider
from tests.fakes.tencentcloud.server import Fake, Fault
from tests.fakes.tencentcloud.wire import REGION, UNKNOWN, Clock, wire

URL = FunctionUrlProvider()
CORS = {"Enable": True, "Origins": ["https://a.example"], "Methods": ["GET"], "MaxAge": 10, "Credentials": True}
NO_CORS = {"Enable": False, "Credentials": False, "MaxAge": 0}


def url(**more: Any) -> dict[str, Any]:
    """Inputs of FunctionUrl."""
    given = {"function_name": "web", "namespace": "default", "qualifier": "live", "auth_type": "NONE",
             "internet": True, "intranet": False, "cors": None, "region": REGION}  # fmt: skip
    return wire(**{**given, **more})


def made(cloud: Fake, **more: Any) -> dict[str, Any]:
    """An address that is there; its state."""
    cloud.scf.make_function()
    outs = URL.create(url(**more)).outs or {}
    cloud.calls.clear()
    return wire(**outs)


def test_an_address_is_made_for_the_alias(cloud: Fake) -> None:
    cloud.scf.make_function()
    created = URL.create(url(cors=json.dumps(CORS)))
    assert created.id == "default+web+live"
    (asked,) = cloud.bodies("CreateTrigger")
    said = json.loads(asked.pop("TriggerDesc"))
    assert asked == {"FunctionName": "web", "Namespace": "default", "Qualifier": "live", "TriggerName": "url-trigger",
                     "Type": "http", "Enable": "OPEN"}  # fmt: skip
    net = {"EnableExtranet": True, "EnableIntranet": False}
    assert said == {"AuthType": "NONE", "NetConfig": net, "CorsConfig": CORS}
    host = cloud.scf.triggers["default", "web"][0]["host"]
    assert created.outs == {
        **URL.inputs(url(cors=json.dumps(CORS))), "internet_url": f"https://{host}.{REGION}.tencentscf.com",
        "intranet_url": "",
    }  # fmt: skip


@pytest.mark.parametrize(("internet", "intranet"), [(True, False), (False, True), (True, True)])
def test_each_address_is_told_where_it_is_open(cloud: Fake, internet: bool, intranet: bool) -> None:
    state = made(cloud, internet=internet, intranet=intranet, auth_type="CAM")
    assert (bool(state["internet_url"]), bool(state["intranet_url"])) == (internet, intranet)
    assert state["internet_url"] != state["intranet_url"]
    assert cloud.scf.address()["AuthType"] == "CAM"
    assert cloud.scf.address()["CorsConfig"] == NO_CORS


def test_the_address_is_waited_for(cloud: Fake, clock: Clock) -> None:
    cloud.scf.make_function()
    cloud.scf.late = 4
    created = URL.create(url())
    assert created.outs is not None
    assert created.outs["internet_url"].startswith("https://")
    assert clock.pauses == [1, 2, 3]


def test_an_address_that_never_comes_is_one_clear_error_and_the_next_up_takes_it_on(cloud: Fake, clock: Clock) -> None:
    cloud.scf.make_function()
    cloud.scf.late = 1000
    with pytest.raises(GapError) as caught:
        URL.create(url())
    assert caught.value.what.startswith(
        f"function web:live has no address as asked for after {SETTLE_SECONDS} s; last seen: AuthType NONE, NetConfig"
    )
    assert clock.time == 1000 + SETTLE_SECONDS
    cloud.scf.late = 0
    cloud.calls.clear()
    assert URL.create(url()).id == "default+web+live"
    assert cloud.actions() == ["ListTriggers", "UpdateTrigger", "ListTriggers"]


@pytest.mark.parametrize("fault", [Fault(effect=True), Fault(drop=True, effect=True), Fault(502, raw=b"", effect=True)])
def test_a_lost_answer_makes_no_second_address(cloud: Fake, fault: Fault) -> None:
    cloud.scf.make_function()
    cloud.play("CreateTrigger", fault)
    created = URL.create(url())
    assert len(cloud.scf.triggers["default", "web"]) == 1
    assert created.outs is not None
    assert created.outs["internet_url"].startswith("https://")
    assert cloud.actions().count("CreateTrigger") == 1


@pytest.mark.parametrize("fault", [Fault(), Fault(drop=True), Fault(code="FailedOperation.CreateTrigger")])
def test_a_create_that_had_no_effect_is_an_error(cloud: Fake, fault: Fault) -> None:
    cloud.scf.make_function()
    cloud.play("CreateTrigger", fault)
    with pytest.raises(ApiError, match="CreateTrigger failed"):
        URL.create(url())
    assert cloud.actions().count("CreateTrigger") == 1


def test_a_function_that_is_being_changed_is_waited_for(cloud: Fake, clock: Clock) -> None:
    cloud.scf.make_function()
    cloud.play("CreateTrigger", *[Fault(code="FailedOperation.FunctionStatusError")] * 2)
    URL.create(url())
    cloud.play("UpdateTrigger", Fault(code="FailedOperation.OperationConflict"))
    URL.update("x", url(), url(auth_type="CAM"))
    cloud.play("DeleteTrigger", Fault(code="FailedOperation.FunctionStatusError"), Fault(code="RequestLimitExceeded"))
    URL.delete("x", url())
    assert cloud.scf.triggers["default", "web"] == []
    assert clock.pauses == [1, 2, 1, 1, 1]


def test_other_triggers_and_other_aliases_are_left_alone(cloud: Fake) -> None:
    cloud.scf.make_function()
    latest = {"FunctionName": "web", "Namespace": "default", "Enable": "OPEN", "TriggerDesc": "{}", "host": "h",
              "late": 0}  # fmt: skip
    crowd = [{**latest, "TriggerName": f"timer-{n}", "Type": "timer", "Qualifier": "live"} for n in range(25)]
    cloud.scf.triggers["default", "web"] = [
        *crowd, {**latest, "TriggerName": "url-trigger", "Type": "http", "Qualifier": "$LATEST",
                 "TriggerDesc": '{"AuthType": "CAM", "NetConfig": {"EnableExtranet": true, "EnableIntranet": true}, '
                                '"CorsConfig": {"Enable": false}}'},
    ]  # fmt: skip
    URL.create(url())
    URL.update("x", url(), url(intranet=True))
    URL.delete("x", url())
    left = cloud.scf.triggers["default", "web"]
    assert [one["TriggerName"] for one in left] == [*(f"timer-{n}" for n in range(25)), "url-trigger"]
    assert json.loads(left[-1]["TriggerDesc"])["AuthType"] == "CAM"


def test_the_name_that_the_service_gives_is_the_one_that_counts(cloud: Fake) -> None:
    cloud.scf.url_name = "url-trigger-live"
    made(cloud)
    URL.update("x", url(), url(auth_type="CAM"))
    URL.delete("x", url())
    assert cloud.bodies("UpdateTrigger")[0]["TriggerName"] == "url-trigger-live"
    assert cloud.bodies("DeleteTrigger") == [
        {"FunctionName": "web", "Namespace": "default", "Qualifier": "live", "TriggerName": "url-trigger-live",
         "Type": "http"}
    ]  # fmt: skip


def test_a_change_is_made_in_place_and_keeps_the_host(cloud: Fake, clock: Clock) -> None:
    state = made(cloud, cors=json.dumps(CORS))
    cloud.scf.late = 3
    outs = URL.update("x", state, url(auth_type="CAM", intranet=True)).outs or {}
    assert outs["internet_url"] == state["internet_url"]
    assert outs["intranet_url"].startswith("https://in-")
    assert "cors" not in outs
    assert cloud.scf.address() == {
        "AuthType": "CAM", "NetConfig": {"EnableExtranet": True, "EnableIntranet": True}, "CorsConfig": NO_CORS,
    }  # fmt: skip
    assert clock.pauses == [1, 2, 3]


def test_an_address_that_was_deleted_by_hand_is_made_again_by_a_change(cloud: Fake) -> None:
    state = made(cloud)
    cloud.scf.triggers["default", "web"].clear()
    assert URL.update("x", state, url(auth_type="CAM")).outs is not None
    assert cloud.scf.address()["AuthType"] == "CAM"


def test_a_refresh_finds_what_stands_and_no_change(cloud: Fake) -> None:
    for cors in (None, json.dumps(CORS), json.dumps(CORS, indent=1)):
        state = made(cloud, cors=cors)
        read = URL.read("x", state)
        assert read.outs == {key: value for key, value in state.items() if key != "__provider"}
        assert URL.diff("x", read.outs, url(cors=cors)).changes is False


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"AuthType": "CAM"}, "auth_type"),
        ({"NetConfig": {"EnableExtranet": False, "EnableIntranet": True}}, "internet"),
        ({"NetConfig": {"EnableExtranet": True, "EnableIntranet": True}}, "intranet"),
        ({"CorsConfig": {**CORS, "Origins": ["*"]}}, "cors"),
        ({"CorsConfig": {"Enable": False}}, "cors"),
    ],
)
def test_a_refresh_shows_what_was_changed_by_hand(cloud: Fake, change: dict[str, Any], key: str) -> None:
    state = made(cloud, cors=json.dumps(CORS))
    trigger = cloud.scf.triggers["default", "web"][0]
    trigger["TriggerDesc"] = json.dumps({**json.loads(trigger["TriggerDesc"]), **change})
    outs = URL.read("x", state).outs or {}
    assert outs[key] != state[key]
    plan = URL.diff("x", outs, url(cors=json.dumps(CORS)))
    assert (plan.changes, plan.replaces) == (True, [])


def test_cors_that_was_switched_on_by_hand_is_seen_where_none_was_asked_for(cloud: Fake) -> None:
    state = made(cloud)
    trigger = cloud.scf.triggers["default", "web"][0]
    trigger["TriggerDesc"] = json.dumps({**json.loads(trigger["TriggerDesc"]), "CorsConfig": CORS})
    assert URL.diff("x", URL.read("x", state).outs or {}, url()).changes is True


@pytest.mark.parametrize("garbage", ["", "no json", "[]", "{}"])
def test_a_description_that_cannot_be_read_drops_nothing(cloud: Fake, garbage: str) -> None:
    state = made(cloud)
    body = {"Triggers": [{"Type": "http", "Qualifier": "live", "TriggerName": "url-trigger", "TriggerDesc": garbage}]}
    cloud.play("ListTriggers", Fault(200, raw=json.dumps({"Response": body}).encode()))
    read = URL.read("x", state)
    assert read.id == "x"
    assert read.outs is not None
    assert URL.inputs(read.outs) == URL.inputs(state)


def test_what_is_gone_goes(cloud: Fake) -> None:
    state = made(cloud)
    cloud.scf.triggers["default", "web"].clear()
    assert URL.read("x", state).id is None
    URL.delete("x", state)
    cloud.scf.functions.clear()
    assert URL.read("x", state).id is None
    URL.delete("x", state)
    assert "DeleteTrigger" not in cloud.actions()


@pytest.mark.parametrize("code", ["ResourceNotFound", "UnauthorizedOperation.CAM", "FailedOperation.QueryError"])
def test_a_refresh_drops_nothing_for_another_reason(cloud: Fake, code: str) -> None:
    state = made(cloud)
    cloud.play("ListTriggers", Fault(code=code), Fault(code=code))
    with pytest.raises(ApiError, match=code):
        URL.read("x", state)
    with pytest.raises(ApiError, match=code):
        URL.delete("x", state)


@pytest.mark.parametrize("noun", ["Trigger", "Alias", "Qualifier", "Function"])
def test_a_delete_that_meets_nothing_is_done(cloud: Fake, noun: str) -> None:
    state = made(cloud)
    cloud.play("DeleteTrigger", Fault(drop=True), Fault(code=f"ResourceNotFound.{noun}"))
    URL.delete("x", state)
    assert cloud.actions() == ["ListTriggers", "DeleteTrigger", "DeleteTrigger"]


def test_another_alias_is_another_address() -> None:
    diff = URL.diff
    assert diff("x", url(), url()).changes is False
    for key, value in (("qualifier", "1"), ("function_name", UNKNOWN), ("namespace", "n"), ("region", "ap-beijing")):
        assert diff("x", url(), url(**{key: value})).replaces == [key]
    for key, setting in (("auth_type", "CAM"), ("internet", False), ("intranet", True), ("cors", json.dumps(CORS))):
        assert (diff("x", url(), url(**{key: setting})).changes, diff("x", url(), url(**{key: setting})).replaces) == (
            True, [],
        )  # fmt: skip


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ({"auth_type": "JWT"}, "auth_type"),
        ({"internet": False}, "internet"),
        ({"cors": "*"}, "cors"),
        ({"cors": '["*"]'}, "cors"),
    ],
)
def test_what_the_service_would_refuse_is_refused_in_a_preview(more: dict[str, Any], key: str) -> None:
    assert [failure.property for failure in URL.check({}, url(**more)).failures] == [key]
    unknown = dict.fromkeys(more, UNKNOWN)
    assert URL.check({}, url(**unknown)).failures == []
