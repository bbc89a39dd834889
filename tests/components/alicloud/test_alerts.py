from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.alicloud.alerts import Alerts, AlertsNative
from components.alicloud.alerts_settings import contact_mark, decimal_text
from components.errors import UnsupportedError, UserError
from components.function import ExistingFunction
from components.observability import ExistingObservability
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Recording, Secret, is_secret
from tests.components.alicloud.support import REGION, Stage, behind, marked, recorded, tags_of, waits_for

CONTACT, GROUP = "alicloud:cms/alarmContact:AlarmContact", "alicloud:cms/alarmContactGroup:AlarmContactGroup"
RULE, ALARM = "alicloud:cms/alarm:Alarm", "alicloud:sls/alert:Alert"
OPS, DEV = Contact(name="ops", email="ops@example.com", phone="13800000000"), Contact(name="dev", email="d@example.com")
ERRORS = MetricRule(name="errors", metric="FunctionFunctionErrors", threshold=5)
CHAT = ExistingFunction(id="f-chat", name="qiao-dev-chat")
HOOK = "http://hooks.example.com/alarm-0d5c2f"
DING = "https://oapi.dingtalk.com/robot/send?access_token=7e11aa"
STAGES: tuple[Stage, Stage] = ("dev", "prod")
TOLD = AlertsNative(action_policy="sls.builtin")


def alerts(stage: Stage = "dev", *, preview: bool = False, logs: bool = False, **args: Any) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        given: dict[str, Any] = {"scope": scope, "contacts": [OPS, DEV]} | args
        if logs:
            index = random.RandomId("index", byte_length=2)
            given["observability"] = ExistingObservability(log_project="logs-1f", log_store=index.hex)
        Alerts("agent-alerts", AlertsArgs(**given), opts)

    return recorded(build, stage, preview=preview)


def contact(recording: Recording, name: str) -> Any:
    return recording.get(CONTACT, f"agent-alerts-{name}")


def rule(recording: Recording, name: str = "errors.chat") -> Any:
    return recording.get(RULE, f"agent-alerts-rule-{name}").inputs


def test_everybody_is_in_the_one_group() -> None:
    recording = alerts()
    ops, dev = contact(recording, "contact-ops"), contact(recording, "contact-dev")
    names = {one.name: f"qiao-dev-agent-alerts-{one.name}-{contact_mark(one, 'zh-cn')}" for one in (OPS, DEV)}
    assert ops.inputs == {
        "alarmContactName": names["ops"], "describe": "ops of agent dev", "channelsMail": "ops@example.com",
        "channelsSms": "13800000000", "lang": "zh-cn",
    }  # fmt: skip
    assert dev.inputs == {
        "alarmContactName": names["dev"], "describe": "dev of agent dev", "channelsMail": "d@example.com",
        "lang": "zh-cn",
    }  # fmt: skip
    group = recording.get(GROUP)
    assert group.inputs == {
        "alarmContactGroupName": "qiao-dev-agent-alerts", "contacts": list(names.values()), "describe": "agent dev",
        "enableSubscribed": False,
    }  # fmt: skip
    assert behind(group, "contacts") == {"agent-alerts-contact-ops", "agent-alerts-contact-dev"}
    outputs = recording.get("qiao:alicloud:Alerts").outputs
    assert outputs == {"contact_ids": {"ops": ops.id, "dev": dev.id}, "contact_group_id": group.id}


def test_what_an_unconfirmed_contact_reads_back_changes_nothing() -> None:
    assert contact(alerts(), "contact-ops").ignore_changes == ("channelsMail", "channelsSms")


@pytest.mark.parametrize(
    ("changed", "native"),
    [
        (Contact(name="ops", email="new@example.com", phone="13800000000"), None),
        (Contact(name="ops", email="ops@example.com", phone="13900000000"), None),
        (Contact(name="ops", email="ops@example.com"), None),
        (OPS, AlertsNative(language="en")),
    ],
)
def test_another_address_is_another_contact(changed: Contact, native: AlertsNative | None) -> None:
    """The change itself is ignored, and a contact's name cannot be changed: another name makes it anew."""
    before, after = alerts(), alerts(contacts=[changed, DEV], native=native)
    names = [contact(recording, "contact-ops").inputs["alarmContactName"] for recording in (before, after)]
    assert names[0] != names[1]
    assert contact(after, "contact-ops").delete_before_replace is None, "the group is told of the new one first"
    assert names[1] in after.get(GROUP).inputs["contacts"]


def test_names_fit_however_long_the_application_is() -> None:
    long = Contact(name="o" + "p" * 30, email="ops@example.com")
    other = Contact(name="o" + "p" * 30, email="other@example.com")
    names = {contact(alerts(contacts=[one]), f"contact-{one.name}").inputs["alarmContactName"] for one in (long, other)}
    assert len(names) == 2
    assert all(2 <= len(name) <= 40 for name in names)


def test_a_rule_watches_one_function() -> None:
    recording = alerts(functions={"chat": CHAT}, rules=[ERRORS])
    inputs = rule(recording)
    assert (inputs["project"], inputs["metric"], inputs["period"]) == ("acs_fc", "FunctionFunctionErrors", 60)
    assert inputs["metricDimensions"] == f'[{{"functionName":"qiao-dev-chat","region":"{REGION}"}}]'
    assert inputs["contactGroups"] == ["qiao-dev-agent-alerts"]
    assert inputs["name"] == "qiao-dev-agent-alerts-errors.chat"
    assert (inputs["enabled"], inputs["effectiveInterval"]) == (True, "00:00-23:59")
    assert inputs["tags"] == tags_of("agent-alerts")
    assert "webhook" not in inputs
    assert behind(recording.get(RULE), "contactGroups") == {"agent-alerts-contacts"}
    assert recording.get(RULE).delete_before_replace is True, "two rules of one name would both tell"


def test_a_level_is_never_left_behind() -> None:
    """The provider keeps an escalation that the program leaves out: the rule is made anew."""
    dev, prod = (alerts(stage, functions={"chat": CHAT}, rules=[ERRORS]).get(RULE) for stage in STAGES)
    assert {key for key in dev.inputs if key.startswith("escalations")} == {"escalationsInfo"}
    assert {key for key in prod.inputs if key.startswith("escalations")} == {"escalationsCritical"}
    for it in (dev, prod):
        assert {"escalationsInfo", "escalationsCritical"} <= set(it.replace_on_changes)


@pytest.mark.parametrize(
    ("function", "known"), [(ExistingFunction(id="f-1"), "f-1"), (ExistingFunction(id="f-1", name="there"), "there")]
)
def test_a_function_that_is_there_is_known_by_name_or_id(function: ExistingFunction, known: str) -> None:
    inputs = rule(alerts(functions={"chat": function}, rules=[ERRORS]))
    assert json.loads(inputs["metricDimensions"]) == [{"region": REGION, "functionName": known}]


def test_its_condition_is_the_settings_own() -> None:
    slow = MetricRule(
        name="slow", metric="FunctionAvgDuration", threshold=0.05, comparison="==", statistic="avg", periods=3
    )
    inputs = rule(alerts(functions={"chat": CHAT}, rules=[slow]), "slow.chat")
    assert inputs["escalationsInfo"] == {
        "comparisonOperator": "==", "statistics": "Average", "threshold": "0.05", "times": 3
    }  # fmt: skip


@pytest.mark.parametrize(("statistic", "word"), [("avg", "Average"), ("max", "Maximum"), ("min", "Minimum")])
def test_statistics_have_the_clouds_names(statistic: Any, word: str) -> None:
    one = MetricRule(name="errors", metric="M", threshold=1, statistic=statistic)
    assert rule(alerts(functions={"chat": CHAT}, rules=[one]))["escalationsInfo"]["statistics"] == word


def test_a_metrics_own_statistic_and_period_can_be_named() -> None:
    native = AlertsNative(statistics={"errors": "Sum"}, period_seconds=300)
    other = MetricRule(name="slow", metric="M", threshold=1)
    recording = alerts(functions={"chat": CHAT}, rules=[ERRORS, other], native=native)
    assert rule(recording)["escalationsInfo"]["statistics"] == "Sum"
    assert rule(recording, "slow.chat")["escalationsInfo"]["statistics"] == "Maximum"
    assert {r.inputs["period"] for r in recording.of_type(RULE)} == {300}


def test_a_rule_may_be_in_another_namespace() -> None:
    one = MetricRule(name="errors", metric="M", threshold=1, namespace="acs_serverless")
    assert rule(alerts(functions={"chat": CHAT}, rules=[one]))["project"] == "acs_serverless"


def test_each_rule_is_declared_for_each_function() -> None:
    rules = [MetricRule(name=name, metric="M", threshold=1) for name in ("a", "a-b")]
    functions = {"b-c": ExistingFunction(id="f-1"), "c": ExistingFunction(id="f-2")}
    recording = alerts(functions=functions, rules=rules)
    watched = {
        r.name.removeprefix("agent-alerts-rule-"): json.loads(r.inputs["metricDimensions"])[0]["functionName"]
        for r in recording.of_type(RULE)
    }
    assert watched == {"a.b-c": "f-1", "a.c": "f-2", "a-b.b-c": "f-1", "a-b.c": "f-2"}, "`a` on `b-c` is not `a-b`"
    assert len({r.inputs["name"] for r in recording.of_type(RULE)}) == len(watched)


@pytest.mark.parametrize(
    ("stage", "native", "seconds"),
    [
        ("dev", None, 3600),
        ("prod", None, 300),
        ("prod", AlertsNative(silence_minutes=30), 1800),
        ("dev", AlertsNative(silence_minutes=1440), 86400),
    ],
)
def test_prod_is_told_again_sooner(stage: Stage, native: AlertsNative | None, seconds: int) -> None:
    inputs = rule(alerts(stage, functions={"chat": CHAT}, rules=[ERRORS], native=native))
    assert inputs["silenceTime"] == seconds


def test_an_address_is_posted_to_and_stays_secret() -> None:
    native = AlertsNative(webhook=HOOK)
    assert HOOK not in repr(native)
    it = alerts(functions={"chat": CHAT}, rules=[ERRORS], native=native).get(RULE)
    assert it.inputs["webhook"] == Secret(HOOK)
    assert it.additional_secret_outputs == ("webhook",)
    assert "webhook" in it.replace_on_changes, "one that is taken out is not taken away in place"


def test_a_groups_robot_is_a_contact_whose_address_stays_secret() -> None:
    native = AlertsNative(ding_webhook=pulumi.Output.from_input(DING))
    assert DING not in repr(AlertsNative(ding_webhook=DING))
    recording = alerts(native=native)
    robot = contact(recording, "robot")
    assert robot.inputs == {
        "alarmContactName": "qiao-dev-agent-alerts-ding", "describe": "robot of agent dev",
        "channelsDingWebHook": Secret(DING), "lang": "zh-cn",
    }  # fmt: skip
    assert robot.additional_secret_outputs == ("channelsDingWebHook",)
    assert "qiao-dev-agent-alerts-ding" in recording.get(GROUP).inputs["contacts"]
    assert set(recording.get("qiao:alicloud:Alerts").outputs["contact_ids"]) == {"ops", "dev"}


def test_without_addresses_nothing_is_secret() -> None:
    recording = alerts(functions={"chat": CHAT}, rules=[ERRORS], logs=True, log_alarm=LogAlarm(), native=TOLD)
    assert [r.name for r in recording.resources if is_secret(r.inputs) or r.additional_secret_outputs] == []
    assert "agent-alerts-robot" not in {r.name for r in recording.resources}


def test_the_log_alarm_counts_lines() -> None:
    alarm = LogAlarm(query="timeout", more_than=2, window_minutes=10)
    recording = alerts(logs=True, log_alarm=alarm, native=TOLD)
    it = recording.get(ALARM)
    assert it.inputs["schedule"] == {"type": "FixedRate", "interval": "10m", "timeZone": "+0800"}
    assert (it.inputs["projectName"], it.inputs["status"]) == ("logs-1f", "ENABLED")
    assert it.inputs["alertName"] == it.inputs["displayName"] == "qiao-dev-agent-alerts"
    configuration = it.inputs["configuration"]
    (query,) = configuration["queryLists"]
    assert query.pop("store") == recording.get("random:index/randomId:RandomId", "index").outputs["hex"]
    assert query == {
        "storeType": "log", "region": REGION, "project": "logs-1f", "query": "timeout | select count(*) as hits",
        "timeSpanType": "Relative", "start": "-10m", "end": "now", "powerSqlMode": "auto",
    }  # fmt: skip
    assert configuration["severityConfigurations"] == [{"severity": 6, "evalCondition": {"condition": "hits > 2"}}]
    assert (configuration["version"], configuration["type"]) == ("2.0", "default")
    assert (configuration["threshold"], configuration["groupConfiguration"]) == (1, {"type": "no_group"})
    assert (configuration["sendResolved"], configuration["noDataFire"]) == (True, False)
    assert {one["key"]: one["value"] for one in configuration["annotations"]} == {
        "title": "qiao-dev-agent-alerts", "desc": "More than 2 lines match in 10 minutes: timeout"
    }  # fmt: skip
    assert it.delete_before_replace is True, "the name is taken as long as the old alert is there"


def test_the_alert_centre_tells_by_the_named_policy() -> None:
    native = AlertsNative(action_policy="on-call", silence_minutes=15)
    configuration = alerts(logs=True, log_alarm=LogAlarm(), native=native).get(ALARM).inputs["configuration"]
    assert configuration["policyConfiguration"] == {
        "alertPolicyId": "sls.builtin.dynamic", "actionPolicyId": "on-call", "repeatInterval": "15m"
    }  # fmt: skip
    sinks = {sink: configuration[sink]["enabled"] for sink in ("sinkAlerthub", "sinkCms", "sinkEventStore")}
    assert sinks == {"sinkAlerthub": True, "sinkCms": False, "sinkEventStore": False}


@pytest.mark.parametrize(("stage", "severity", "again"), [("dev", 6, "60m"), ("prod", 10, "5m")])
def test_the_log_alarm_is_urgent_where_the_profile_is(stage: Stage, severity: int, again: str) -> None:
    configuration = alerts(stage, logs=True, log_alarm=LogAlarm(), native=TOLD).get(ALARM).inputs["configuration"]
    assert configuration["severityConfigurations"][0]["severity"] == severity
    assert configuration["policyConfiguration"]["repeatInterval"] == again


@pytest.mark.parametrize("preview", [False, True])
def test_the_log_alarm_waits_for_the_index(preview: bool) -> None:
    recording = alerts(logs=True, log_alarm=LogAlarm(), native=TOLD, preview=preview)
    assert behind(recording.get(ALARM), "configuration") == {"index"}


def test_alarms_are_disposable_in_prod_too() -> None:
    recording = alerts("prod", functions={"chat": CHAT}, rules=[ERRORS], logs=True, log_alarm=LogAlarm(), native=TOLD)
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()


def test_a_first_preview_keeps_every_edge() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        function = ExistingFunction(id=random.RandomId("function", byte_length=2).hex)
        args = AlertsArgs(scope=scope, contacts=[OPS, DEV], functions={"chat": function}, rules=[ERRORS])
        Alerts("agent-alerts", args, opts)

    recording = recorded(build, preview=True)
    it = recording.get(RULE)
    assert it.inputs["metricDimensions"] is UNKNOWN
    assert behind(it, "metricDimensions") == {"function"}
    assert waits_for(it) == {"function", "agent-alerts-contacts"}
    assert behind(recording.get(GROUP), "contacts") == {"agent-alerts-contact-ops", "agent-alerts-contact-dev"}


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            {"rules": [MetricRule(name="errors", metric="M", threshold=1, periods=0)]},
            "MetricRule.periods of errors: 0 is out of range; use 1 to 180",
        ),
        (
            {"rules": [ERRORS], "native": AlertsNative(statistics={"eror": "Sum"})},
            "AlertsNative.statistics of agent-alerts: there is no rule eror; name rules that are there: errors",
        ),
        (
            {"logs": True, "log_alarm": LogAlarm()},
            "AlertsNative.action_policy of agent-alerts: missing, and a log alarm tells nobody without one;"
            " name an action policy of the log service; sls.builtin is there from the start",
        ),
    ],
)  # fmt: skip
def test_what_the_cloud_would_refuse_is_refused_before(args: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        alerts(**args)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("args", "field"),
    [
        ({"rules": [MetricRule(name="slow", metric="M", threshold=1, unit="Second")]}, "rules[slow].unit"),
        ({"logs": True, "log_alarm": LogAlarm(receivers=["ops"]), "native": TOLD}, "log_alarm.receivers"),
    ],
)
def test_what_the_cloud_lacks_is_refused(args: dict[str, Any], field: str) -> None:
    with pytest.raises(UnsupportedError) as error:
        alerts(**args)
    assert (error.value.cloud, error.value.concept, error.value.field) == ("alicloud", "Alerts", field)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"silence_minutes": 4}, "AlertsNative.silence_minutes: 4 is out of range; use 5 to 1440 minutes"),
        ({"period_seconds": 90}, "AlertsNative.period_seconds: 90 is not a multiple of 60; use a multiple of 60"),
        ({"period_seconds": 3660}, "AlertsNative.period_seconds: 3660 is out of range; use 60 to 3600 seconds"),
        ({"language": "fr"}, "AlertsNative.language: 'fr' is unknown; use one of en, zh-cn"),
        (
            {"statistics": {"errors": "sum"}},
            "AlertsNative.statistics: 'sum' is not valid; use a word of CloudMonitor: Sum, Value",
        ),
        ({"action_policy": "on call"}, "AlertsNative.action_policy: 'on call' is not valid; use the policy's id"),
        (
            {"webhook": HOOK.replace("http:", "https:")},
            "AlertsNative.webhook: no http:// address;"
            " CloudMonitor posts to http:// alone; a DingTalk robot's address is ding_webhook",
        ),
        (
            {"ding_webhook": DING.removeprefix("https://")},
            "AlertsNative.ding_webhook: no https:// address; copy it from the robot's settings",
        ),
    ],
)
def test_extras_that_the_cloud_does_not_take_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        AlertsNative(**fields)
    assert str(error.value) == message, "which repeats no address"


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
        logs = ExistingObservability(log_project="logs-1f", log_store="app")
        for name in ("agent-alerts", "agent-night"):
            args = AlertsArgs(
                scope=scope, contacts=[OPS], functions={"chat": CHAT}, rules=[ERRORS], log_alarm=LogAlarm(),
                observability=logs, native=AlertsNative(action_policy="sls.builtin", ding_webhook=DING),
            )  # fmt: skip
            Alerts(name, args, opts)

    recording = recorded(build)
    for kind, key in (
        (CONTACT, "alarmContactName"),
        (GROUP, "alarmContactGroupName"),
        (RULE, "name"),
        (ALARM, "alertName"),
    ):
        found = recording.of_type(kind)
        assert len({r.inputs[key] for r in found}) == len(found) >= 2
