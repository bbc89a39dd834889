from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.errors import UnsupportedError, UserError
from components.observability import ObservabilityArgs
from components.scope import Scope
from components.tencentcloud.observability import (
    DELIMITERS,
    FUNCTION_KEYS,
    Observability,
    ObservabilityNative,
    collector,
    hot_days,
)
from qiao.plan.recording import UNKNOWN, Recording, Secret, is_secret
from tests.components.tencentcloud.support import (
    PROBE,
    Stage,
    behind,
    marked,
    probe,
    probed,
    recorded,
    scope_of,
    tags_of,
    waits_for,
)

LOGSET, TOPIC = "tencentcloud:Cls/logset:Logset", "tencentcloud:Cls/topic:Topic"
INDEX, TRACES = "tencentcloud:Cls/index:Index", "tencentcloud:Apm/instance:Instance"
STORES = pytest.mark.parametrize("kind", ["app", "access"])
OUTPUTS = pytest.mark.parametrize(("output", "kind"), [("log_store", "app"), ("access_log_store", "access")])
INSIDE = "http://pl.ap-guangzhou.apm.tencentcs.com:4317"


def logs(
    stage: Stage = "dev",
    *,
    preview: bool = False,
    profile: dict[str, Any] | None = None,
    answers: dict[str, dict[str, Any]] | None = None,
    **args: Any,
) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Observability("agent-logs", ObservabilityArgs(scope=scope, **args), opts)
        for name in it.OUTPUTS:
            probe(name, getattr(it, name))

    return recorded(build, stage, preview=preview, answers=answers, **(profile or {}))


def test_the_log_set_is_named_tagged_and_makes_room_for_its_replacement() -> None:
    recording = logs()
    logset = recording.get(LOGSET)
    assert logset.inputs == {"logsetName": "qiao-dev-agent-logs", "tags": tags_of("agent-logs")}
    assert logset.delete_before_replace is True, "no two of an account have one name"
    assert probed(recording, "log_project") == (logset.id, {"agent-logs-logset"})


@STORES
def test_each_topic_lies_in_the_log_set_and_outlives_what_the_cloud_reports(kind: str) -> None:
    recording = logs()
    topic = recording.get(TOPIC, f"agent-logs-{kind}-topic")
    assert topic.inputs["logsetId"] == recording.get(LOGSET).id
    assert behind(topic, "logsetId") == {"agent-logs-logset"}
    assert (topic.inputs["topicName"], topic.inputs["storageType"]) == (f"qiao-dev-agent-logs-{kind}", "hot")
    assert topic.inputs["isWebTracking"] is False, "nobody reads or writes without a name"
    assert topic.inputs["tags"] == tags_of("agent-logs")
    assert topic.ignore_changes == ("partitionCount",), "a split topic reports more, and the change is refused"
    assert topic.replace_on_changes == ("logsetId", "storageType"), "ignored in place, and refused in place"
    assert topic.delete_before_replace is True, "the name is taken as long as the old one is there"


@STORES
def test_each_topic_has_an_index_of_full_text(kind: str) -> None:
    recording = logs()
    topic, index = recording.get(TOPIC, f"agent-logs-{kind}-topic"), recording.get(INDEX, f"agent-logs-{kind}-index")
    assert index.inputs["topicId"] == topic.id
    assert behind(index, "topicId") == {topic.name}
    assert index.inputs["rule"]["fullText"] == {"caseSensitive": False, "containZH": True, "tokenizer": DELIMITERS}
    found = index.inputs["status"], index.inputs["includeInternalFields"], index.inputs["metadataFlag"]
    assert found == (True, True, 1)
    assert index.replace_on_changes == ("topicId",), "refused in place"
    assert index.delete_before_replace is True, "a topic has one index"


def test_what_functions_write_can_be_counted_and_grouped() -> None:
    recording = logs()
    keys = recording.get(INDEX, "agent-logs-app-index").inputs["rule"]["keyValue"]
    assert keys["caseSensitive"] is False
    found = {key["key"]: key["value"] for key in keys["keyValues"]}
    assert list(found) == sorted(FUNCTION_KEYS), "one order, or the list differs"
    assert found["SCF_FunctionName"] == {
        "type": "text", "sqlFlag": True, "containZH": True, "tokenizer": DELIMITERS
    }  # fmt: skip
    assert found["SCF_Duration"] == {"type": "long", "sqlFlag": True, "containZH": False, "tokenizer": ""}
    assert (found["SCF_MemUsage"]["type"], found["SCF_StatusCode"]["type"]) == ("double", "long")
    assert {"SCF_RequestId", "SCF_Message", "SCF_Qualifier", "SCF_Type", "SCF_Level"} <= set(found)
    assert "keyValue" not in recording.get(INDEX, "agent-logs-access-index").inputs["rule"]


@OUTPUTS
@pytest.mark.parametrize("preview", [False, True])
def test_a_topic_is_known_once_it_can_be_searched(output: str, kind: str, preview: bool) -> None:
    recording = logs(preview=preview)
    topic = recording.get(TOPIC, f"agent-logs-{kind}-topic")
    value, gates = probed(recording, output)
    assert value == (UNKNOWN if preview else topic.id)
    assert gates == {topic.name, f"agent-logs-{kind}-index"}


@STORES
def test_dev_keeps_a_week_all_of_it_hot(kind: str) -> None:
    inputs = logs().get(TOPIC, f"agent-logs-{kind}-topic").inputs
    assert (inputs["period"], inputs["hotPeriod"]) == (7, 0), "said, not left out: an old one would stay"
    assert (inputs["partitionCount"], inputs["autoSplit"], inputs["maxSplitPartitions"]) == (1, True, 10)


@STORES
def test_prod_keeps_half_a_year_and_two_weeks_of_it_hot(kind: str) -> None:
    inputs = logs("prod").get(TOPIC, f"agent-logs-{kind}-topic").inputs
    assert (inputs["period"], inputs["hotPeriod"]) == (180, 14)
    assert (inputs["partitionCount"], inputs["maxSplitPartitions"]) == (2, 50)


def test_retention_and_partitions_of_its_own() -> None:
    inputs = logs(retention_days=30, native=ObservabilityNative(partitions=3)).get(TOPIC, "agent-logs-app-topic").inputs
    assert (inputs["period"], inputs["hotPeriod"], inputs["partitionCount"]) == (30, 0, 3)


def test_traces_have_an_instance_whose_token_is_a_secret() -> None:
    recording = logs()
    traces = recording.get(TRACES)
    assert traces.inputs == {
        "name": "qiao-dev-agent-logs", "description": "qiao dev", "traceDuration": 7, "spanDailyCounters": 0,
        "tags": tags_of("agent-logs"),
    }, "how it is paid for may be said by chosen accounts alone"  # fmt: skip
    assert traces.additional_secret_outputs == ("token",), "the SDK does not know"
    assert isinstance(traces.outputs["token"], Secret)
    assert probed(recording, "trace_store") == (traces.id, {"agent-logs-traces"})
    assert probed(recording, "trace_token") == (traces.outputs["token"], {"agent-logs-traces"})
    assert recording.get("qiao:tencentcloud:Observability").outputs["trace_token"] == traces.outputs["token"]
    assert probed(recording, "trace_endpoint") == (traces.outputs["publicCollectorUrl"], {"agent-logs-traces"})


def test_a_first_preview_knows_no_token_and_keeps_it_secret() -> None:
    recording = logs(preview=True)
    assert probed(recording, "trace_token") == (Secret(UNKNOWN), {"agent-logs-traces"})
    assert probed(recording, "trace_endpoint") == (UNKNOWN, {"agent-logs-traces"})


@pytest.mark.parametrize("preview", [False, True])
def test_an_address_inside_the_network_takes_the_public_ones_place(preview: bool) -> None:
    recording = logs(preview=preview, native=ObservabilityNative(trace_endpoint=INSIDE))
    assert probed(recording, "trace_endpoint")[0] == INSIDE
    assert recording.get(TRACES).name == "agent-logs-traces"


@pytest.mark.parametrize(
    ("stage", "args", "days"),
    [
        ("dev", {}, 7),
        ("prod", {}, 30),
        ("prod", {"native": ObservabilityNative(trace_days=90)}, 90),
        ("dev", {"retention_days": 20}, 20),
    ],
)
def test_traces_stay_as_long_as_logs_but_a_month_at_most(stage: Stage, args: dict[str, Any], days: int) -> None:
    assert logs(stage, **args).get(TRACES).inputs["traceDuration"] == days


def test_without_traces_there_is_nothing_of_them() -> None:
    recording = logs(traces=False)
    assert recording.of_type(TRACES) == []
    assert [probed(recording, name)[0] for name in ("trace_endpoint", "trace_store", "trace_token")] == [None] * 3
    registered = recording.get("qiao:tencentcloud:Observability").outputs
    assert {"trace_endpoint", "trace_store", "trace_token"}.isdisjoint(registered)


def test_an_instance_that_reports_no_address_is_one_clear_error() -> None:
    with pytest.raises(UserError) as error:
        logs(answers={TRACES: {"token": "tk", "publicCollectorUrl": ""}})
    assert str(error.value) == (
        "tencentcloud Observability: the trace instance reports no address;"
        " run `pulumi refresh` and `up` again, or give ObservabilityNative.trace_endpoint"
    )


@pytest.mark.parametrize(
    ("reported", "address"),
    [
        ("http://ap-guangzhou.apm.tencentcs.com:4317", "http://ap-guangzhou.apm.tencentcs.com:4317"),
        ("https://a.example.com:4317", "https://a.example.com:4317"),
        ("ap-guangzhou.apm.tencentcs.com:4317", "http://ap-guangzhou.apm.tencentcs.com:4317"),
    ],
)
def test_senders_want_a_scheme(reported: str, address: str) -> None:
    assert collector(reported) == address


def test_no_resource_holds_a_secret() -> None:
    recording = logs("prod")
    assert [r.name for r in recording.resources if r.type != PROBE and is_secret(r.inputs)] == []


def test_prod_protects_what_was_logged_and_keeps_traces() -> None:
    recording = logs("prod")
    stores = {"agent-logs-logset", "agent-logs-app-topic", "agent-logs-access-topic"}
    assert marked(recording, "protect") == stores | {"agent-logs-traces"}
    assert marked(recording, "retain_on_delete") == {"agent-logs-traces"}
    assert marked(logs(), "protect") | marked(logs(), "retain_on_delete") == set()


def test_fields_of_ones_own_stand_beside_those_of_functions() -> None:
    native = ObservabilityNative(
        access_log_keys={"status": "long", "path": "text"}, log_keys={"cost": "double", "SCF_Duration": "double"}
    )
    recording = logs(native=native)

    def kinds(kind: str) -> list[tuple[str, str]]:
        rule = recording.get(INDEX, f"agent-logs-{kind}-index").inputs["rule"]
        return [(key["key"], key["value"]["type"]) for key in rule["keyValue"]["keyValues"]]

    assert dict(kinds("app")) == {**FUNCTION_KEYS, "cost": "double", "SCF_Duration": "double"}
    assert kinds("access") == [("path", "text"), ("status", "long")]


def test_search_keys_of_traces_are_refused() -> None:
    with pytest.raises(UnsupportedError) as error:
        logs(trace_keys=("user",))
    assert str(error.value) == (
        "tencentcloud Observability.trace_keys: not supported on tencentcloud;"
        " spans lie in the tracing service: choose search keys in its console"
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            {"retention_days": 3640},
            "ObservabilityArgs.retention_days of agent-logs: 3640 is out of range; use 1 to 3600 days on this cloud",
        ),
        (
            {"native": "tracing"},
            "ObservabilityArgs.native of agent-logs: str is not for tencentcloud; give a ObservabilityNative",
        ),
    ],
)
def test_what_the_service_would_refuse_or_misread_is_refused_before(args: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        logs(**args)
    assert str(error.value) == message


@pytest.mark.parametrize(("tags", "fits"), [(6, True), (7, False)])
def test_a_topic_takes_ten_tags(tags: int, fits: bool) -> None:
    scope = scope_of()
    many = Scope(
        project=scope.project, stage=scope.stage, app=scope.app, region=scope.region, profile=scope.profile,
        tags={f"key{index}": "x" for index in range(tags)},
    )  # fmt: skip

    def check() -> None:
        Observability.check("agent-logs", ObservabilityArgs(scope=many))

    if fits:
        check()
        return
    with pytest.raises(UserError) as error:
        check()
    assert str(error.value) == "tags: 7 tags given; use at most 6: log topics take 10, and 4 are Qiao's"


@pytest.mark.parametrize(
    ("native", "message"),
    [
        ({"partitions": 11}, "ObservabilityNative.partitions: 11 is out of range; use 1 to 10 partitions"),
        ({"trace_days": 0}, "ObservabilityNative.trace_days: 0 is out of range; use 1 to 3600 days"),
        ({"log_keys": {"a": "int"}}, "ObservabilityNative.log_keys: 'int' is unknown; use one of double, long, text"),
        (
            {"log_keys": {f"key{index}": "text" for index in range(87)}},
            "ObservabilityNative.log_keys: 87 is out of range; use 0 to 86 fields",
        ),
        (
            {"access_log_keys": {f"key{index}": "text" for index in range(101)}},
            "ObservabilityNative.access_log_keys: 101 is out of range; use 0 to 100 fields",
        ),
        (
            {"trace_endpoint": "pl.ap-guangzhou.apm.tencentcs.com:4317"},
            "ObservabilityNative.trace_endpoint: 'pl.ap-guangzhou.apm.tencentcs.com:4317' is not valid;"
            " use an address such as http://host:4317",
        ),
    ],
)
def test_wrong_extras_are_refused(native: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        ObservabilityNative(**native)
    assert str(error.value) == message


@given(st.integers(1, 3600))
def test_hot_storage_is_within_what_the_service_takes(days: int) -> None:
    hot = hot_days(days)
    assert hot == 0 or 7 <= hot < days


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-logs", "agent-audit"):
            Observability(name, ObservabilityArgs(scope=scope), opts)

    recording = recorded(build)
    assert {r.inputs["logsetName"] for r in recording.of_type(LOGSET)} == {
        "qiao-dev-agent-logs",
        "qiao-dev-agent-audit",
    }
    audit = [r for r in recording.resources if r.name.startswith("agent-audit-")]
    assert {name for r in audit for name in waits_for(r) if name.startswith("agent-logs")} == set()
