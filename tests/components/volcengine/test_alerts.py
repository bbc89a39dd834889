from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.errors import UserError
from components.function import ExistingFunction
from components.observability import ObservabilityArgs
from components.scope import Scope
from components.volcengine.alerts import Alerts, AlertsNative, decimal_text
from components.volcengine.observability import Observability
from qiao.plan.recording import UNKNOWN, Recording, Secret, is_secret
from tests.components.volcengine.support import REGION, Stage, behind, marked, recorded, tags_of, waits_for

MONITOR = "volcengine:cloud_monitor"
CONTACT, GROUP, RULE = f"{MONITOR}/contact:Contact", f"{MONITOR}/contactGroup:ContactGroup", f"{MONITOR}/rule:Rule"
ALARM, RECEIVERS = "volcengine:tls/alarm:Alarm", "volcengine:tls/alarmNotifyGroup:AlarmNotifyGroup"
OPS, DEV = Contact(name="ops", email="ops@example.com", phone="13800000000"), Contact(name="dev", email="d@example.com")
ERRORS = MetricRule(name="errors", metric="FunctionErrors", threshold=5, namespace="function")
CHAT = ExistingFunction(id="f-chat")
HOOK = "https://hooks.example.com/robot-0d5c2f"


def alerts(stage: Stage = "dev", *, preview: bool = False, logs: bool = False, **args: Any) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        given: dict[str, Any] = {"scope": scope, "contacts": [OPS, DEV]} | args
        if logs:
            given["observability"] = Observability("agent-logs", ObservabilityArgs(scope=scope), opts)
        Alerts("agent-alerts", AlertsArgs(**given), opts)

    return recorded(build, stage, preview=preview)


def rule(recording: Recording, name: str = "errors.chat") -> Any:
    return recording.get(RULE, f"agent-alerts-rule-{name}").inputs


def test_everybody_is_in_the_one_group() -> None:
    recording = alerts()
    ops, dev = (recording.get(CONTACT, f"agent-alerts-contact-{name}") for name in ("ops", "dev"))
    assert ops.inputs == {"name": "qiao-dev-agent-alerts-ops", "email": "ops@example.com", "phone": "13800000000"}
    assert dev.inputs == {"name": "qiao-dev-agent-alerts-dev", "email": "d@example.com"}
    group = recording.get(GROUP)
    assert group.inputs["contactsIdLists"] == [ops.id, dev.id]
    assert group.inputs["name"] == "qiao-dev-agent-alerts"
    outputs = recording.get("qiao:volcengine:Alerts").outputs
    assert outputs == {"contact_ids": {"ops": ops.id, "dev": dev.id}, "contact_group_id": group.id}


def test_a_rule_watches_one_function() -> None:
    recording = alerts(functions={"chat": CHAT}, rules=[ERRORS])
    inputs = rule(recording)
    assert (inputs["namespace"], inputs["subNamespace"], inputs["regions"]) == ("VCM_veFaaS", "function", [REGION])
    assert inputs["originalDimensions"] == [{"key": "ResourceID", "values": ["f-chat"]}]
    assert inputs["contactGroupIds"] == [recording.get(GROUP).id]
    assert inputs["ruleName"] == "qiao-dev-agent-alerts-errors.chat"
    assert (inputs["enableState"], inputs["effectStartAt"], inputs["effectEndAt"]) == ("enable", "00:00", "23:59")
    assert inputs["recoveryNotify"] == {"enable": True}
    assert inputs["tags"] == tags_of("agent-alerts")
    assert "webHook" not in inputs
    assert recording.get(RULE).delete_before_replace is True, "another sub-namespace makes one of the same name"


def test_its_condition_is_the_settings_own() -> None:
    slow = MetricRule(
        name="slow", metric="Latency", threshold=0.05, comparison="==", statistic="avg", unit="Millisecond", periods=3,
        namespace="function",
    )  # fmt: skip
    inputs = rule(alerts(functions={"chat": CHAT}, rules=[slow]), "slow.chat")
    assert inputs["conditions"] == [
        {
            "metricName": "Latency", "metricUnit": "Millisecond", "statistics": "avg", "comparisonOperator": "=",
            "threshold": "0.05",
        }
    ]  # fmt: skip
    assert inputs["evaluationCount"] == 3


def test_each_rule_is_declared_for_each_function() -> None:
    rules = [MetricRule(name=name, metric="M", threshold=1, namespace="n") for name in ("a", "a-b")]
    functions = {"b-c": ExistingFunction(id="f-1"), "c": ExistingFunction(id="f-2")}
    recording = alerts(functions=functions, rules=rules)
    watched = {r.name: r.inputs["originalDimensions"][0]["values"] for r in recording.of_type(RULE)}
    assert watched == {
        "agent-alerts-rule-a.b-c": ["f-1"], "agent-alerts-rule-a.c": ["f-2"], "agent-alerts-rule-a-b.b-c": ["f-1"],
        "agent-alerts-rule-a-b.c": ["f-2"],
    }, "`a` on `b-c` is not `a-b` on `c`"  # fmt: skip
    assert len({r.inputs["ruleName"] for r in recording.of_type(RULE)}) == len(watched)


@pytest.mark.parametrize(
    ("stage", "contacts", "told"),
    [
        ("dev", [OPS], ("notice", 60, ["Email"])),
        ("prod", [OPS, DEV], ("critical", 5, ["Email", "Phone", "SMS"])),
        ("prod", [DEV], ("critical", 5, ["Email"])),
    ],
)
def test_prod_calls_phones_where_there_are_numbers(stage: Stage, contacts: list[Contact], told: Any) -> None:
    inputs = rule(alerts(stage, contacts=contacts, functions={"chat": CHAT}, rules=[ERRORS]))
    assert (inputs["level"], inputs["silenceTime"], inputs["alertMethods"]) == told


def test_a_robot_is_told_too_and_its_address_stays_secret() -> None:
    native = AlertsNative(webhook=HOOK, silence_minutes=30)
    assert HOOK not in repr(native)
    recording = alerts(
        functions={"chat": CHAT}, rules=[ERRORS], native=native, logs=True, log_alarm=LogAlarm(receivers=["ops"])
    )
    inputs = rule(recording)
    assert (inputs["webHook"], inputs["alertMethods"], inputs["silenceTime"]) == (
        Secret(HOOK),
        ["Email", "Webhook"],
        30,
    )
    assert recording.get(RULE).additional_secret_outputs == ("webHook",)
    receivers = recording.get(RECEIVERS)
    assert receivers.inputs["receivers"][0]["generalWebhookUrl"] == Secret(HOOK)
    assert receivers.inputs["receivers"][0]["receiverChannels"] == ["Email", "GeneralWebhook"]
    assert receivers.additional_secret_outputs == ("receivers",)


def test_without_a_robot_nothing_is_secret() -> None:
    recording = alerts(
        "prod", functions={"chat": CHAT}, rules=[ERRORS], logs=True, log_alarm=LogAlarm(receivers=["ops"])
    )
    assert [r.name for r in recording.resources if is_secret(r.inputs) or r.additional_secret_outputs] == []


def test_the_log_alarm_counts_lines() -> None:
    alarm = LogAlarm(query="error", more_than=2, window_minutes=10, receivers=["ops-user"])
    recording = alerts(logs=True, log_alarm=alarm)
    it, receivers = recording.get(ALARM), recording.get(RECEIVERS)
    topic = recording.get("volcengine:tls/topic:Topic", "agent-logs-app-topic")
    assert it.inputs["queryRequests"] == [
        {
            "number": 1, "topicId": topic.id, "query": "error | select count(*) as hits", "startTimeOffset": -10,
            "endTimeOffset": 0,
        }
    ]  # fmt: skip
    assert (it.inputs["condition"], it.inputs["severity"]) == ("$1.hits>2", "notice")
    assert it.inputs["requestCycle"] == {"type": "Period", "time": 10}
    assert (it.inputs["triggerPeriod"], it.inputs["status"]) == (1, True)
    assert it.inputs["projectId"] == recording.get("volcengine:tls/project:Project").id
    assert it.inputs["alarmNotifyGroups"] == [receivers.id]
    assert it.delete_before_replace is True, "the name is taken as long as the old alarm is there"


@pytest.mark.parametrize("preview", [False, True])
def test_the_log_alarm_waits_for_the_index(preview: bool) -> None:
    recording = alerts(logs=True, log_alarm=LogAlarm(receivers=["ops"]), preview=preview)
    assert "agent-logs-app-index" in behind(recording.get(ALARM), "queryRequests")
    assert "agent-alerts-log-receivers" in behind(recording.get(ALARM), "alarmNotifyGroups")


@pytest.mark.parametrize(
    ("stage", "channels", "period"), [("dev", ["Email"], 60), ("prod", ["Email", "Phone", "Sms"], 10)]
)
def test_the_log_service_tells_sub_users(stage: Stage, channels: list[str], period: int) -> None:
    recording = alerts(stage, logs=True, log_alarm=LogAlarm(receivers=["ops-user", "dev-user"]))
    assert recording.get(RECEIVERS).inputs["receivers"] == [
        {
            "receiverType": "User", "receiverNames": ["ops-user", "dev-user"], "receiverChannels": channels,
            "startTime": "00:00:00", "endTime": "23:59:59",
        }
    ]  # fmt: skip
    assert recording.get(RECEIVERS).inputs["notifyTypes"] == ["Trigger", "Recovery"]
    alarm = recording.get(ALARM).inputs
    assert alarm["alarmPeriod"] == period, "the log service repeats after 10 minutes at the soonest"
    assert alarm["severity"] == ("critical" if stage == "prod" else "notice")


def test_alarms_are_disposable_in_prod_too() -> None:
    recording = alerts("prod", functions={"chat": CHAT}, rules=[ERRORS])
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()


def test_a_first_preview_keeps_every_edge() -> None:
    recording = alerts(preview=True, functions={"chat": CHAT}, rules=[ERRORS])
    assert rule(recording)["contactGroupIds"] == [UNKNOWN]
    assert "agent-alerts-contacts" in waits_for(recording.get(RULE))
    assert behind(recording.get(GROUP), "contactsIdLists") == {"agent-alerts-contact-ops", "agent-alerts-contact-dev"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            {"contacts": [Contact(name=f"c{n}", email="a@example.com") for n in range(11)]},
            "AlertsArgs.contacts of agent-alerts: 11 contacts in one group; give at most 10",
        ),
        (
            {"rules": [MetricRule(name="errors", metric="M", threshold=1)]},
            "MetricRule.namespace of errors: missing, and metrics here are known by it;"
            " copy it from the console's rule form",
        ),
        (
            {"rules": [MetricRule(name="errors", metric="M", threshold=1, namespace="n", periods=4)]},
            "MetricRule.periods of errors: 4 is not taken; use one of 1, 3, 5, 10, 15, 30, 60, 120",
        ),
        (
            {"logs": True, "log_alarm": LogAlarm()},
            "LogAlarm.receivers of agent-alerts: nobody to tell; name sub-users of the account",
        ),
    ],
)  # fmt: skip
def test_what_the_cloud_would_refuse_is_refused_before(args: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        alerts(**args)
    assert str(error.value) == message


def test_a_silence_that_the_cloud_does_not_know_is_refused() -> None:
    with pytest.raises(UserError) as error:
        AlertsNative(silence_minutes=7)
    assert str(error.value) == (
        "AlertsNative.silence_minutes: 7 is not taken; use one of 5, 10, 15, 30, 60, 180, 360, 720, 1440"
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (5, "5"), (5.0, "5"), (0.05, "0.05"), (1e6, "1000000"), (1e-7, "0.0000001"), (100, "100"), (-2.5, "-2.5"),
        (1e22, "1" + "0" * 22),
    ],
)  # fmt: skip
def test_thresholds_are_written_as_people_write_them(number: float, text: str) -> None:
    assert decimal_text(number) == text


def test_two_side_by_side_share_no_name() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-alerts", "agent-night"):
            Alerts(name, AlertsArgs(scope=scope, contacts=[OPS], functions={"chat": CHAT}, rules=[ERRORS]), opts)

    recording = recorded(build)
    for kind, key in ((CONTACT, "name"), (GROUP, "name"), (RULE, "ruleName")):
        assert len({r.inputs[key] for r in recording.of_type(kind)}) == 2
