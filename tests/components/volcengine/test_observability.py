from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.errors import UserError
from components.observability import ObservabilityArgs
from components.scope import Scope
from components.volcengine.observability import MAX_TEXT_LENGTH, Observability, ObservabilityNative, plan_tiers
from qiao.plan.recording import UNKNOWN, Recording, is_secret
from tests.components.volcengine.support import (
    GAP,
    REGION,
    Stage,
    behind,
    marked,
    probe,
    probed,
    recorded,
    tags_of,
    waits_for,
)

PROJECT, TOPIC, INDEX = "volcengine:tls/project:Project", "volcengine:tls/topic:Topic", "volcengine:tls/index:Index"
TRACES = "volcengine:tls/traceInstance:TraceInstance"
MADE, KEYS = f"{GAP}TraceTopic", f"{GAP}TraceIndexKeys"
STORES = pytest.mark.parametrize("kind", ["app", "access"])


def logs(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None, **args: Any
) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Observability("agent-logs", ObservabilityArgs(scope=scope, **args), opts)
        for name in ("log_project", "log_store", "access_log_store", "trace_store", "trace_endpoint", "trace_token"):
            probe(name, getattr(it, name))

    return recorded(build, stage, preview=preview, **(profile or {}))


def test_the_project_is_of_the_region_and_uniquely_named() -> None:
    recording = logs()
    project = recording.get(PROJECT)
    suffix = recording.get("random:index/randomId:RandomId", "agent-logs-suffix")
    assert project.inputs["region"] == REGION
    assert project.inputs["projectName"] == f"qiao-dev-agent-logs-{suffix.outputs['hex']}"
    assert project.inputs["tags"] == tags_of("agent-logs")
    assert probed(recording, "log_project") == (project.id, {project.name})


@STORES
def test_each_topic_has_an_index_of_its_own(kind: str) -> None:
    recording = logs()
    topic, index = recording.get(TOPIC, f"agent-logs-{kind}-topic"), recording.get(INDEX, f"agent-logs-{kind}-index")
    assert (topic.inputs["projectId"], topic.inputs["topicName"]) == (
        recording.get(PROJECT).id,
        f"qiao-dev-agent-logs-{kind}",
    )
    assert topic.inputs["tags"] == tags_of("agent-logs")
    assert index.inputs["topicId"] == topic.id
    assert index.inputs["fullText"]["includeChinese"] is True
    assert index.inputs["maxTextLen"] == MAX_TEXT_LENGTH, "unset, it differs on every preview"
    assert "keyValues" not in index.inputs


@pytest.mark.parametrize(("output", "kind"), [("log_store", "app"), ("access_log_store", "access")])
@pytest.mark.parametrize("preview", [False, True])
def test_a_store_is_known_once_it_can_be_searched(output: str, kind: str, preview: bool) -> None:
    recording = logs(preview=preview)
    value, gates = probed(recording, output)
    assert value == (UNKNOWN if preview else recording.get(TOPIC, f"agent-logs-{kind}-topic").id)
    assert gates >= {f"agent-logs-{kind}-topic", f"agent-logs-{kind}-index"}


@STORES
def test_dev_keeps_a_week(kind: str) -> None:
    inputs = logs().get(TOPIC, f"agent-logs-{kind}-topic").inputs
    assert (inputs["ttl"], inputs["enableHotTtl"], inputs["hotTtl"]) == (7, False, 7)
    assert (inputs["shardCount"], inputs["maxSplitShard"], inputs["autoSplit"]) == (1, 10, True)
    assert inputs["logPublicIp"] is False, "unset, it differs on every preview"
    assert {"coldTtl", "archiveTtl", "encryptConf", "enableTracking"}.isdisjoint(inputs)


@STORES
def test_prod_keeps_half_a_year_encrypted_in_cheaper_and_cheaper_storage(kind: str) -> None:
    inputs = logs("prod").get(TOPIC, f"agent-logs-{kind}-topic").inputs
    assert (inputs["ttl"], inputs["enableHotTtl"]) == (180, True)
    assert (inputs["hotTtl"], inputs["coldTtl"], inputs["archiveTtl"]) == (30, 90, 60)
    assert inputs["encryptConf"] == {"enable": True, "encryptType": "default"}
    assert (inputs["shardCount"], inputs["maxSplitShard"]) == (2, 50)


def test_the_trace_instance_says_everything_of_its_storage() -> None:
    recording = logs("prod")
    traces = recording.get(TRACES)
    assert (traces.inputs["projectId"], traces.inputs["traceInstanceName"]) == (
        recording.get(PROJECT).id, "qiao-prod-agent-logs"
    )  # fmt: skip
    assert traces.inputs["backendConfig"] == {
        "ttl": 180, "enableHotTtl": True, "hotTtl": 30, "coldTtl": 90, "archiveTtl": 60, "autoSplit": True,
        "maxSplitPartitions": 50,
    }  # fmt: skip
    assert logs().get(TRACES).inputs["backendConfig"] == {
        "ttl": 7, "enableHotTtl": False, "hotTtl": 7, "coldTtl": 0, "archiveTtl": 0, "autoSplit": True,
        "maxSplitPartitions": 10,
    }, "whatever is left out is sent as 0 or false"  # fmt: skip


def test_the_trace_topic_is_waited_for_and_its_preset_index_only_added_to() -> None:
    recording = logs()
    made, keys = recording.get(MADE), recording.get(KEYS)
    assert made.inputs["trace_instance_id"] == recording.get(TRACES).id
    assert (made.inputs["project_id"], made.inputs["region"]) == (recording.get(PROJECT).id, REGION)
    assert keys.inputs["topic_id"] == made.outputs["topic_id"]
    assert (keys.inputs["keys"], keys.inputs["region"]) == (["request_id", "input", "output"], REGION)
    assert [r.name for r in recording.of_type(INDEX) if "trace" in r.name] == [], "it would replace the preset index"
    value, gates = probed(recording, "trace_store")
    assert value == made.outputs["topic_id"]
    assert gates >= {made.name, keys.name}


def test_without_keys_nothing_touches_the_preset_index() -> None:
    recording = logs(trace_keys=())
    assert recording.of_type(KEYS) == []
    assert probed(recording, "trace_store")[1] == {"agent-logs-trace-topic"}


def test_applications_send_traces_to_the_private_host() -> None:
    recording = logs()
    assert probed(recording, "trace_endpoint")[0] == "https://tls-cn-beijing.ivolces.com:4317"
    assert probed(recording, "trace_token")[0] is None


def test_without_traces_there_is_nothing_of_them() -> None:
    recording = logs(traces=False)
    assert [recording.of_type(kind) for kind in (TRACES, MADE, KEYS)] == [[], [], []]
    assert [probed(recording, name)[0] for name in ("trace_store", "trace_endpoint")] == [None, None]


def test_a_first_preview_waits_for_the_same() -> None:
    recording = logs(preview=True)
    assert probed(recording, "trace_store") == (
        UNKNOWN,
        probed(logs(), "trace_store")[1],
    )
    assert recording.get(MADE).inputs["trace_instance_id"] is UNKNOWN
    assert behind(recording.get(MADE), "trace_instance_id") == {"agent-logs-trace"}
    assert recording.get(TOPIC, "agent-logs-app-topic").inputs["ttl"] == 7


def test_nothing_here_is_a_secret() -> None:
    assert [r.name for r in logs("prod").resources if is_secret(r.inputs) or r.additional_secret_outputs] == []


def test_prod_protects_what_was_logged() -> None:
    recording = logs("prod")
    kept = {"agent-logs-project", "agent-logs-app-topic", "agent-logs-access-topic", "agent-logs-trace"}
    assert marked(recording, "protect") == kept
    assert marked(recording, "retain_on_delete") == set()
    assert marked(logs(), "protect") == set()


def test_fields_that_queries_count_by() -> None:
    native = ObservabilityNative(
        access_log_keys={"status": "long", "path": "text"}, log_keys={"cost": "double"}, shards=3
    )
    recording = logs(native=native)
    path, status = recording.get(INDEX, "agent-logs-access-index").inputs["keyValues"]
    assert (path["key"], path["valueType"], path["sqlFlag"], path["includeChinese"]) == ("path", "text", True, True)
    assert (status["key"], status["valueType"], status["sqlFlag"]) == ("status", "long", True)
    assert recording.get(INDEX, "agent-logs-app-index").inputs["keyValues"][0]["key"] == "cost"
    assert recording.get(TOPIC, "agent-logs-app-topic").inputs["shardCount"] == 3


def test_retention_of_its_own() -> None:
    inputs = logs(retention_days=90).get(TOPIC, "agent-logs-app-topic").inputs
    assert (inputs["ttl"], inputs["hotTtl"], inputs["coldTtl"]) == (90, 30, 60)


def test_less_than_a_week_is_kept_without_a_word_on_hot_storage() -> None:
    topic = logs(retention_days=3).get(TOPIC, "agent-logs-app-topic")
    assert topic.inputs["ttl"] == 3
    assert "hotTtl" not in topic.inputs, "the service refuses fewer than 7"
    assert topic.ignore_changes == ("hotTtl",), "and reports its own all the same"
    assert logs().get(TOPIC, "agent-logs-app-topic").ignore_changes == ()


@pytest.mark.parametrize(
    ("native", "message"),
    [
        ({"shards": 11}, "ObservabilityNative.shards: 11 is out of range; use 1 to 10 shards"),
        ({"log_keys": {"a": "int"}}, "ObservabilityNative.log_keys: 'int' is unknown; use one of double, long, text"),
    ],
)
def test_wrong_extras_are_refused(native: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        ObservabilityNative(**native)
    assert str(error.value) == message


@given(st.integers(1, 3650))
def test_tiers_always_sum_to_the_whole_and_keep_the_services_least(days: int) -> None:
    tiers = plan_tiers(days)
    assert tiers.hot + tiers.cold + tiers.archive == tiers.days == days
    assert tiers.cold == 0 or tiers.cold >= 30
    assert tiers.archive == 0 or tiers.archive >= 60
    assert not tiers.tiered or tiers.hot >= 7
    assert tiers.tiered is (tiers.cold > 0)


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-logs", "agent-audit"):
            Observability(name, ObservabilityArgs(scope=scope), opts)

    recording = recorded(build)
    assert len({r.inputs["projectName"] for r in recording.of_type(PROJECT)}) == 2
    audit = [r for r in recording.resources if r.name.startswith("agent-audit-")]
    assert {name for r in audit for name in waits_for(r) if name.startswith("agent-logs")} == set()
