from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.errors import UnsupportedError, UserError
from components.function import ExistingFunction
from components.function import Function as AnyFunction
from components.observability import ExistingObservability, ObservabilityArgs
from components.scope import Scope
from components.tencentcloud.alerts import Alerts, AlertsNative
from components.tencentcloud.alerts_settings import contact_mark, decimal_text
from components.tencentcloud.observability import Observability
from qiao.plan.recording import Recording, is_secret, reveal
from tests.components.tencentcloud import support
from tests.components.tencentcloud.support import (
    REGION,
    Stage,
    behind,
    marked,
    recorded,
    scope_of,
    tags_of,
    waits_for,
)

CONTACT = "tencentcloud:Cam/messageReceiver:MessageReceiver"
NOTICE, POLICY = "tencentcloud:Monitor/alarmNotice:AlarmNotice", "tencentcloud:Monitor/alarmPolicy:AlarmPolicy"
BOUND = "tencentcloud:Monitor/policyBindingObject:PolicyBindingObject"
ALARM, LOG_NOTICE = "tencentcloud:Cls/alarm:Alarm", "tencentcloud:Cls/alarmNotice:AlarmNotice"
OPS = Contact(name="ops", email="ops@example.com", phone="13800000000")
DEV = Contact(name="dev", email="dev@example.com")
ERRORS = MetricRule(name="errors", metric="Error", threshold=5)
CHAT = ExistingFunction(id="default+qiao-dev-chat", name="qiao-dev-chat")
HOOK = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=0d5c2f"
STAGES: tuple[Stage, Stage] = ("dev", "prod")


@pytest.fixture(autouse=True)
def numbers_of_people(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cloud numbers whom it may tell."""
    monkeypatch.setitem(support.ANSWERS, CONTACT, lambda asked: {"uid": asked.number("uid", digits=8)})
    return


def alerts(stage: Stage = "dev", *, preview: bool = False, logs: bool = False, **args: Any) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        given: dict[str, Any] = {"scope": scope, "contacts": [OPS]} | args
        if logs:
            index = random.RandomId("index", byte_length=2)
            given["observability"] = ExistingObservability(log_project="logs-1f", log_store=index.hex)
        it = Alerts("agent-alerts", AlertsArgs(**given), opts)
        pulumi.export("group", it.contact_group_id)
        for name, uid in it.contact_ids.items():
            pulumi.export(f"contact-{name}", uid)

    return recorded(build, stage, preview=preview)


def rule_of(recording: Recording, name: str = "errors.chat") -> Any:
    return recording.get(POLICY, f"agent-alerts-rule-{name}")


def condition(recording: Recording) -> Any:
    (found,) = rule_of(recording).inputs["conditions"]["rules"]
    return found


def people(recording: Recording) -> Any:
    (found,) = recording.get(NOTICE).inputs["userNotices"]
    return found


def test_a_contact_is_a_message_receiver() -> None:
    recording = alerts()
    receiver = recording.get(CONTACT, "agent-alerts-contact-ops")
    assert receiver.inputs == {
        "name": f"qiao-dev-agent-alerts-ops-{contact_mark(OPS)}", "remark": "ops of agent dev", "countryCode": "86",
        "phoneNumber": "13800000000", "email": "ops@example.com",
    }  # fmt: skip
    assert recording.outputs["contact-ops"] == str(receiver.outputs["uid"])


def test_what_is_read_back_with_stars_makes_nobody_anew_and_a_new_address_does() -> None:
    """The API hides phone and address, and any change of either replaces the person, who must confirm again."""
    recording = alerts()
    receiver = recording.get(CONTACT)
    assert set(receiver.ignore_changes) == {"phoneNumber", "email"}
    assert receiver.delete_before_replace is False, "the notice names the old one until the new one is there"
    names = {
        alerts(contacts=[Contact(name="ops", email=email, phone=phone)]).get(CONTACT).inputs["name"]
        for email, phone in (("a@x.io", "13800000000"), ("b@x.io", "13800000000"), ("a@x.io", "13900000000"))
    }
    assert len(names) == 3


@pytest.mark.parametrize(
    ("phone", "country", "number"),
    [
        ("13800000000", "86", "13800000000"),
        ("138-0000-0000", "86", "13800000000"),
        ("+8613800000000", "86", "13800000000"),
        ("+86-13800000000", "86", "13800000000"),
        ("+44-20-79460958", "44", "2079460958"),
        ("+1-4155550100", "1", "4155550100"),
    ],
)
def test_a_phone_is_told_apart(phone: str, country: str, number: str) -> None:
    inputs = alerts(contacts=[Contact(name="ops", email="o@x.io", phone=phone)]).get(CONTACT).inputs
    assert (inputs["countryCode"], inputs["phoneNumber"]) == (country, number)


def test_a_phone_whose_code_nothing_tells_is_refused() -> None:
    with pytest.raises(UserError, match=r"Contact\.phone of ops: the country's code cannot be told from the number"):
        alerts(contacts=[Contact(name="ops", email="o@x.io", phone="+442079460958")])


def test_a_contact_without_a_phone_must_be_a_user() -> None:
    with pytest.raises(UserError) as caught:
        alerts(contacts=[OPS, DEV])
    assert caught.value.where == "Contact.phone of dev"
    assert "native users {dev: <uid>}" in caught.value.instead
    recording = alerts(contacts=[OPS, DEV], native=AlertsNative(users={"dev": 1234567}))
    assert [one.name for one in recording.of_type(CONTACT)] == ["agent-alerts-contact-ops"]
    assert recording.outputs["contact-dev"] == "1234567"
    assert people(recording)["userIds"] == [recording.get(CONTACT).outputs["uid"], 1234567]


def test_a_user_who_is_no_contact_is_refused() -> None:
    with pytest.raises(UserError, match=r"AlertsNative\.users of agent-alerts: there is no contact somebody"):
        alerts(native=AlertsNative(users={"somebody": 1}))


@pytest.mark.parametrize(
    ("stage", "ways", "frequency"), [("dev", ["EMAIL"], 3600), ("prod", ["EMAIL", "SMS", "CALL"], 300)]
)
def test_urgent_stages_call_phones(stage: Stage, ways: list[str], frequency: int) -> None:
    recording = alerts(stage, rules=[ERRORS], functions={"chat": CHAT})
    uid = recording.get(CONTACT).outputs["uid"]
    assert people(recording) == {
        "receiverType": "USER", "startTime": 0, "endTime": 86399, "weekdays": [1, 2, 3, 4, 5, 6, 7],
        "noticeWays": ways, "userIds": [uid], "phoneOrders": [uid], "phoneCallType": "CIRCLE", "phoneCircleTimes": 2,
        "phoneInnerInterval": 180, "phoneCircleInterval": 180, "needPhoneArriveNotice": 0,
    }  # fmt: skip
    assert condition(recording)["noticeFrequency"] == frequency


def test_the_notice() -> None:
    recording = alerts("prod", native=AlertsNative(language="en-US", channels=["WECHAT"]))
    notice = recording.get(NOTICE)
    assert notice.inputs["name"] == "qiao-prod-agent-alerts"
    assert (notice.inputs["noticeType"], notice.inputs["noticeLanguage"]) == ("ALL", "en-US")
    assert people(recording)["noticeWays"] == ["WECHAT"]
    assert "urlNotices" not in notice.inputs
    assert recording.outputs["group"] == notice.id
    assert behind(notice, "userNotices") == {"agent-alerts-contact-ops"}


def test_a_webhook_is_secret_in_both_services() -> None:
    recording = alerts(
        logs=True, log_alarm=LogAlarm(), native=AlertsNative(webhook=HOOK, webhook_kind="WeCom", language="en-US")
    )  # fmt: skip
    notice, log_notice = recording.get(NOTICE), recording.get(LOG_NOTICE)
    assert is_secret(notice.inputs["urlNotices"])
    assert reveal(notice.inputs["urlNotices"]) == [
        {"url": HOOK, "startTime": 0, "endTime": 86399, "weekdays": [1, 2, 3, 4, 5, 6, 7]}
    ]
    assert "urlNotices" in notice.additional_secret_outputs
    assert is_secret(log_notice.inputs["webCallbacks"])
    assert reveal(log_notice.inputs["webCallbacks"]) == [
        {"url": HOOK, "callbackType": "WeCom", "noticeContentId": "Default-en"}
    ]
    assert "webCallbacks" in log_notice.additional_secret_outputs
    assert HOOK not in repr(AlertsNative(webhook=HOOK))


def test_an_address_of_ones_own_is_posted_to() -> None:
    recording = alerts(logs=True, log_alarm=LogAlarm(), native=AlertsNative(webhook="http://h.example.com/a"))
    (callback,) = reveal(recording.get(LOG_NOTICE).inputs["webCallbacks"])
    assert (callback["callbackType"], callback["method"]) == ("Http", "POST")


@pytest.mark.parametrize("preview", [False, True])
def test_a_rule_watches_what_serves_calls(preview: bool) -> None:
    recording = alerts(rules=[ERRORS], functions={"chat": CHAT}, preview=preview)
    policy = rule_of(recording)
    given = {key: value for key, value in policy.inputs.items() if key not in ("conditions", "noticeIds")}
    assert given == {
        "policyName": "qiao-dev-agent-alerts-errors.chat", "monitorType": "MT_QCE", "namespace": "scf_alias",
        "remark": "agent-dev", "enable": 1, "projectId": -1,
    }  # fmt: skip
    assert policy.inputs["conditions"] == {"isUnionRule": 0, "rules": [{
        "metricName": "Error", "period": 60, "operator": "gt", "value": "5", "continuePeriod": 1,
        "noticeFrequency": 3600, "isPowerNotice": 0, "ruleType": "STATIC",
    }]}  # fmt: skip
    assert behind(policy, "noticeIds") == {"agent-alerts-notice"}
    bound = recording.get(BOUND, "agent-alerts-rule-errors.chat-bound")
    assert behind(bound, "policyId") == {"agent-alerts-rule-errors.chat"}
    (dimension,) = bound.inputs["dimensions"]
    assert dimension == {
        "dimensionsJson": '{"alias":"live","functionName":"qiao-dev-chat","namespace":"default"}', "region": REGION
    }  # fmt: skip


def test_each_policy_has_one_function() -> None:
    """The provider reads all objects of a policy as one resource's, and deleting it takes all of them off."""
    other = ExistingFunction(id="default+qiao-dev-search", name="qiao-dev-search")
    slow = MetricRule(name="slow", metric="Duration", threshold=3000)
    recording = alerts(rules=[ERRORS, slow], functions={"chat": CHAT, "search": other})
    names = {f"agent-alerts-rule-{rule}.{function}" for rule in ("errors", "slow") for function in ("chat", "search")}
    assert {one.name for one in recording.of_type(POLICY)} == names
    assert {one.name for one in recording.of_type(BOUND)} == {f"{name}-bound" for name in names}
    for bound in recording.of_type(BOUND):
        assert len(bound.inputs["dimensions"]) == 1
        assert bound.delete_before_replace is True, "what is deleted takes the new one's object off"
        policy = recording.get(POLICY, bound.name.removesuffix("-bound"))
        assert bound.deleted_with == policy.urn


def test_what_is_not_published_can_be_watched_too() -> None:
    rule = MetricRule(name="errors", metric="Error", threshold=1, namespace="SCF")
    recording = alerts(rules=[rule], functions={"chat": CHAT})
    assert rule_of(recording).inputs["namespace"] == "SCF"
    (dimension,) = recording.get(BOUND).inputs["dimensions"]
    assert json.loads(dimension["dimensionsJson"]) == {
        "functionName": "qiao-dev-chat", "namespace": "default", "version": "$LATEST"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("function", "namespace", "name"),
    [
        (ExistingFunction(id="default+chat"), "default", "chat"),
        (ExistingFunction(id="team+chat"), "team", "chat"),
        (ExistingFunction(id="chat"), "default", "chat"),
        (ExistingFunction(id="team+chat", name="chat"), "default", "chat"),
    ],
)
def test_a_function_that_is_there_is_known_by_its_id(function: ExistingFunction, namespace: str, name: str) -> None:
    recording = alerts(rules=[ERRORS], functions={"chat": function}, native=AlertsNative(alias="prod"))
    (dimension,) = recording.get(BOUND).inputs["dimensions"]
    assert json.loads(dimension["dimensionsJson"]) == {"alias": "prod", "functionName": name, "namespace": namespace}


class Made(AnyFunction):
    """A function as a component has it: a release behind its name."""

    cloud = "tencentcloud"

    def __init__(self, name: str, opts: pulumi.ResourceOptions) -> None:
        pulumi.ComponentResource.__init__(self, "qiao:tencentcloud:Function", name, None, opts)
        self.logical_name, self.scope = name, scope_of()
        below = pulumi.ResourceOptions(parent=self)
        self.name = random.RandomId(f"{name}-function", byte_length=2, opts=below).hex
        self.id = self.name
        random.RandomId(f"{name}-release", byte_length=2, opts=below)
        self.register_outputs({})


@pytest.mark.parametrize("preview", [False, True])
def test_a_policy_comes_after_the_whole_function(preview: bool) -> None:
    """Where the plugin dies on a policy, it takes along whatever is being made at that moment."""

    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        chat = Made("chat", opts)
        args = AlertsArgs(scope=scope, contacts=[OPS], rules=[ERRORS], functions={"chat": chat})
        Alerts("agent-alerts", args, opts)

    recording = recorded(build, preview=preview)
    assert {"chat-function", "chat-release", "agent-alerts-notice"} <= waits_for(rule_of(recording))
    bound = recording.get(BOUND)
    assert behind(bound, "dimensions") == {"chat-function"}


@pytest.mark.parametrize(
    ("comparison", "operator"), [(">", "gt"), (">=", "ge"), ("<", "lt"), ("<=", "le"), ("==", "eq"), ("!=", "ne")]
)
def test_comparisons(comparison: Any, operator: str) -> None:
    rule = MetricRule(name="errors", metric="Error", threshold=0.5, comparison=comparison, periods=5)
    found = condition(alerts(rules=[rule], functions={"chat": CHAT}))
    assert (found["operator"], found["value"], found["continuePeriod"]) == (operator, "0.5", 5)


@pytest.mark.parametrize(
    ("number", "text"), [(5, "5"), (5.0, "5"), (0.05, "0.05"), (1e-05, "0.00001"), (1e6, "1000000")]
)
def test_numbers_are_written_as_people_do(number: float, text: str) -> None:
    assert decimal_text(number) == text


@pytest.mark.parametrize(("stage", "level", "minutes"), [("dev", 1, 60), ("prod", 2, 5)])
def test_the_log_alarm(stage: Stage, level: int, minutes: int) -> None:
    alarm = LogAlarm(query="error", more_than=3, window_minutes=10)
    recording = alerts(stage, logs=True, log_alarm=alarm)
    found = recording.get(ALARM)
    targets = found.inputs["alarmTargets"]
    assert targets == [{
        "logsetId": "logs-1f", "topicId": recording.get("random:index/randomId:RandomId", "index").outputs["hex"],
        "query": "error | select count(*) as hits", "number": 1, "startTimeOffset": -10, "endTimeOffset": 0,
        "syntaxRule": 1,
    }]  # fmt: skip
    given = {key: value for key, value in found.inputs.items() if key not in ("alarmTargets", "alarmNoticeIds")}
    assert given == {
        "name": f"qiao-{stage}-agent-alerts", "monitorTime": {"type": "Period", "time": 10},
        "condition": "$1.hits > 3", "alarmLevel": level, "triggerCount": 1, "alarmPeriod": minutes, "status": True,
        "tags": tags_of("agent-alerts", stage),
    }  # fmt: skip
    assert behind(found, "alarmTargets") == {"index"}
    assert behind(found, "alarmNoticeIds") == {"agent-alerts-log-notice"}


def test_the_log_service_tells_the_same_people_in_its_own_words() -> None:
    recording = alerts("prod", logs=True, log_alarm=LogAlarm())
    notice = recording.get(LOG_NOTICE)
    assert notice.inputs["noticeReceivers"] == [{
        "receiverType": "Uin", "receiverIds": [recording.get(CONTACT).outputs["uid"]], "startTime": "00:00:00",
        "endTime": "23:59:59", "receiverChannels": ["Email", "Sms", "Phone"], "noticeContentId": "Default-zh",
    }]  # fmt: skip
    assert (notice.inputs["type"], notice.inputs["tags"]) == ("All", tags_of("agent-alerts", "prod"))
    assert "webCallbacks" not in notice.inputs
    assert behind(notice, "noticeReceivers") == {"agent-alerts-contact-ops"}


@pytest.mark.parametrize("preview", [False, True])
def test_a_log_alarm_comes_after_the_index(preview: bool) -> None:
    """The query is looked at when the alarm is made; without an index it is refused."""

    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        logs = Observability("agent-logs", ObservabilityArgs(scope=scope, traces=False), opts)
        args = AlertsArgs(scope=scope, contacts=[OPS], log_alarm=LogAlarm(), observability=logs)
        Alerts("agent-alerts", args, opts)

    alarm = recorded(build, preview=preview).get(ALARM)
    assert {"agent-logs-app-index", "agent-logs-app-topic", "agent-logs-logset"} <= behind(alarm, "alarmTargets")


def test_without_rules_and_log_alarm_people_are_there_alone() -> None:
    recording = alerts(functions={"chat": CHAT})
    for kind in (POLICY, BOUND, ALARM, LOG_NOTICE):
        assert recording.of_type(kind) == []
    assert recording.get(NOTICE).inputs["name"] == "qiao-dev-agent-alerts"


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_holds_data(stage: Stage) -> None:
    recording = alerts(stage, logs=True, rules=[ERRORS], functions={"chat": CHAT}, log_alarm=LogAlarm())
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({"log_alarm": LogAlarm(receivers=["ops"])}, "log_alarm.receivers"),
        ({"rules": [MetricRule(name="e", metric="Error", threshold=1, statistic="avg")]}, "rules[e].statistic"),
        ({"rules": [MetricRule(name="e", metric="Error", threshold=1, unit="Percent")]}, "rules[e].unit"),
    ],
)
def test_what_this_cloud_cannot_carry_is_refused(args: dict[str, Any], said: str) -> None:
    with pytest.raises(UnsupportedError) as caught:
        alerts(logs=True, **args)
    assert caught.value.field == said


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"periods": 6}, r"MetricRule\.periods of e: 6 is out of range; use 1 to 5"),
        ({"periods": 0}, r"MetricRule\.periods of e: 0 is out of range"),
        ({"namespace": "acs_fc"}, r"MetricRule\.namespace of e: 'acs_fc' is unknown; use one of SCF, scf_alias"),
    ],
)
def test_a_rule_that_would_never_tell_is_refused(rule: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        alerts(rules=[MetricRule(name="e", metric="Error", threshold=1, **rule)], functions={"chat": CHAT})


def test_a_log_alarm_takes_ten_tags() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        crowded = Scope(
            project="qiao", stage="dev", app="agent", region=REGION, profile=scope.profile,
            tags={f"tag-{number}": "x" for number in range(7)},
        )  # fmt: skip
        logs = ExistingObservability(log_project="p", log_store="s")
        Alerts("a", AlertsArgs(scope=crowded, contacts=[OPS], log_alarm=LogAlarm(), observability=logs), opts)

    with pytest.raises(UserError, match="tags: 7 tags given; use at most 6: log alarms take 10, and 4 are Qiao's"):
        recorded(build)


@pytest.mark.parametrize(
    ("native", "said"),
    [
        ({"silence_minutes": 7}, r"AlertsNative\.silence_minutes: 7 is not taken; use 5, 10"),
        ({"period_seconds": 90}, r"AlertsNative\.period_seconds: 90 is not taken"),
        ({"language": "fr"}, r"AlertsNative\.language: 'fr' is unknown"),
        ({"webhook_kind": "Slack"}, r"AlertsNative\.webhook_kind: 'Slack' is unknown"),
        ({"channels": []}, r"AlertsNative\.channels: nobody could be told"),
        ({"channels": ["PIGEON"]}, r"AlertsNative\.channels: 'PIGEON' is unknown"),
        ({"channels": ["SMS", "SMS"]}, r"AlertsNative\.channels: 'SMS' is given twice"),
        ({"webhook": "ftp://secret"}, r"AlertsNative\.webhook: no http:// or https:// address"),
        ({"webhook": "https://" + "x" * 300}, r"AlertsNative\.webhook: 308 is out of range"),
    ],
)
def test_extras_that_the_cloud_does_not_take_are_refused(native: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        AlertsNative(**native)
    assert "secret" not in str(caught.value).replace("AlertsNative", "")


def test_an_alias_that_is_none_is_refused() -> None:
    with pytest.raises(UserError, match=r"AlertsNative\.alias: 'a b' is not valid"):
        alerts(native=AlertsNative(alias="a b"))
