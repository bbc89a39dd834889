from __future__ import annotations

from typing import Any

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.alicloud.observability import (
    DELIMITERS,
    FUNCTION_KEYS,
    Observability,
    ObservabilityNative,
    hot_days,
)
from components.errors import UnsupportedError, UserError
from components.observability import ObservabilityArgs
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Recording, Secret, is_secret
from tests.components.alicloud.support import (
    GAP,
    PROBE,
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

PROJECT, STORE = "alicloud:log/project:Project", "alicloud:log/store:Store"
INDEX, READY = "alicloud:log/storeIndex:StoreIndex", f"{GAP}LogsReady"
STORES = pytest.mark.parametrize("kind", ["app", "access"])
OUTPUTS = pytest.mark.parametrize(("output", "kind"), [("log_store", "app"), ("access_log_store", "access")])
TOKEN, COLLECTOR = "b6fcb0a9f8e1@5d21", "http://traces.example.com:8090"


def logs(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None, **args: Any
) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Observability("agent-logs", ObservabilityArgs(scope=scope, **args), opts)
        for name in it.OUTPUTS:
            probe(name, getattr(it, name))

    return recorded(build, stage, preview=preview, **(profile or {}))


def traced(**more: Any) -> ObservabilityNative:
    return ObservabilityNative(**{"trace_endpoint": COLLECTOR, "trace_token": TOKEN, **more})


def test_the_project_is_uniquely_named_and_replaced_only_once_the_old_one_is_gone() -> None:
    recording = logs()
    project, suffix = recording.get(PROJECT), recording.get(PROBE, "agent-logs-suffix")
    assert project.inputs["projectName"] == f"qiao-dev-agent-logs-{suffix.outputs['hex']}"
    assert behind(project, "projectName") == {"agent-logs-suffix"}
    assert project.inputs["tags"] == tags_of("agent-logs")
    assert project.delete_before_replace is True
    value, gates = probed(recording, "log_project")
    assert value == project.inputs["projectName"], "the name, not the id of a log store or an address"
    assert gates == {"agent-logs-project"}


@STORES
def test_each_store_lies_in_the_project_and_outlives_what_the_cloud_reports(kind: str) -> None:
    recording = logs()
    store = recording.get(STORE, f"agent-logs-{kind}-store")
    assert store.inputs["projectName"] == recording.get(PROJECT).inputs["projectName"]
    assert behind(store, "projectName") == {"agent-logs-project"}
    assert (store.inputs["logstoreName"], store.inputs["mode"]) == (f"qiao-dev-agent-logs-{kind}", "standard")
    assert store.inputs["appendMeta"] is False, "senders' addresses"
    assert {"name", "project", "telemetryType"}.isdisjoint(store.inputs), "deprecated, or a replacement"
    assert store.ignore_changes == ("shardCount", "telemetryType"), "both are reported back and would replace it"
    assert store.delete_before_replace is True, "the name is taken as long as the old one is there"


@STORES
def test_each_store_has_an_index_of_full_text(kind: str) -> None:
    recording = logs()
    store, index = recording.get(STORE, f"agent-logs-{kind}-store"), recording.get(INDEX, f"agent-logs-{kind}-index")
    assert index.inputs["project"] == store.inputs["projectName"]
    assert index.inputs["logstore"] == store.inputs["logstoreName"]
    assert behind(index, "logstore") == {store.name}
    assert index.inputs["fullText"] == {"caseSensitive": False, "includeChinese": True, "token": DELIMITERS}
    assert index.inputs["maxTextLen"] == 2048, "unset, it differs on every preview"
    assert index.delete_before_replace is True, "a store has one index"


def test_what_functions_write_can_be_counted_and_grouped() -> None:
    recording = logs()
    index = recording.get(INDEX, "agent-logs-app-index")
    found = {key["name"]: key for key in index.inputs["fieldSearches"]}
    assert list(found) == sorted(FUNCTION_KEYS)
    assert found["functionName"] == {
        "name": "functionName", "type": "text", "enableAnalytics": True, "caseSensitive": False,
        "includeChinese": True, "token": DELIMITERS,
    }  # fmt: skip
    assert (found["durationMs"]["type"], found["durationMs"]["token"]) == ("double", "")
    assert found["statusCode"]["type"] == "long"
    assert {"requestId", "message", "versionId", "qualifier", "hasFunctionError"} <= set(found)
    assert "fieldSearches" not in recording.get(INDEX, "agent-logs-access-index").inputs


@OUTPUTS
@pytest.mark.parametrize("preview", [False, True])
def test_a_store_is_known_once_it_can_be_searched(output: str, kind: str, preview: bool) -> None:
    recording = logs(preview=preview)
    store = recording.get(STORE, f"agent-logs-{kind}-store")
    value, gates = probed(recording, output)
    assert value == (UNKNOWN if preview else store.inputs["logstoreName"])
    assert gates == {store.name, f"agent-logs-{kind}-ready"}
    ready = recording.get(READY, f"agent-logs-{kind}-ready")
    assert ready.inputs["region"] == REGION
    assert behind(ready, "logstore") >= {f"agent-logs-{kind}-index"}, "a store without an index never answers"
    assert behind(ready, "project") >= {f"agent-logs-{kind}-index"}
    if not preview:
        assert (ready.inputs["project"], ready.inputs["logstore"]) == (
            recording.get(PROJECT).inputs["projectName"],
            store.inputs["logstoreName"],
        )


@STORES
def test_dev_keeps_a_week_hot_and_in_clear(kind: str) -> None:
    inputs = logs().get(STORE, f"agent-logs-{kind}-store").inputs
    assert (inputs["retentionPeriod"], inputs["shardCount"]) == (7, 1)
    assert (inputs["autoSplit"], inputs["maxSplitShardCount"]) == (True, 10)
    assert {"hotTtl", "encryptConf", "infrequentAccessTtl"}.isdisjoint(inputs)


@STORES
def test_prod_keeps_half_a_year_encrypted_and_a_month_of_it_hot(kind: str) -> None:
    inputs = logs("prod").get(STORE, f"agent-logs-{kind}-store").inputs
    assert (inputs["retentionPeriod"], inputs["hotTtl"]) == (180, 30)
    assert inputs["encryptConf"] == {"enable": True, "encryptType": "default"}
    assert (inputs["shardCount"], inputs["maxSplitShardCount"]) == (2, 50)


def test_retention_and_shards_of_its_own() -> None:
    inputs = logs(retention_days=59, native=ObservabilityNative(shards=3)).get(STORE, "agent-logs-app-store").inputs
    assert (inputs["retentionPeriod"], inputs["shardCount"]) == (59, 3)
    assert "hotTtl" not in inputs


def test_without_an_endpoint_nothing_is_traced_whatever_is_asked() -> None:
    recording = logs(traces=True)
    assert [probed(recording, name)[0] for name in ("trace_endpoint", "trace_store", "trace_token")] == [None] * 3
    registered = recording.get("qiao:alicloud:Observability").outputs
    assert {"trace_endpoint", "trace_store", "trace_token"}.isdisjoint(registered)


@pytest.mark.parametrize("preview", [False, True])
def test_endpoint_and_token_of_the_tracing_service_are_handed_on_the_token_as_a_secret(preview: bool) -> None:
    recording = logs(preview=preview, native=traced(trace_store="spans"))
    assert probed(recording, "trace_endpoint")[0] == COLLECTOR
    assert probed(recording, "trace_store")[0] == "spans"
    assert probed(recording, "trace_token")[0] == Secret(TOKEN)
    assert recording.get("qiao:alicloud:Observability").outputs["trace_token"] == Secret(TOKEN)
    assert TOKEN not in repr(traced())


def test_without_traces_there_is_nothing_of_them() -> None:
    recording = logs(traces=False, native=traced(trace_store="spans"))
    assert [probed(recording, name)[0] for name in ("trace_endpoint", "trace_store", "trace_token")] == [None] * 3


def test_no_resource_holds_a_secret() -> None:
    recording = logs("prod", native=traced())
    holders = [r.name for r in recording.resources if r.type != PROBE and is_secret(r.inputs)]
    assert holders == []


def test_prod_protects_what_was_logged() -> None:
    recording = logs("prod")
    kept = {"agent-logs-project", "agent-logs-app-store", "agent-logs-access-store"}
    assert marked(recording, "protect") == kept
    assert marked(recording, "retain_on_delete") == set()
    assert marked(logs(), "protect") == set()


def test_fields_of_ones_own_stand_beside_those_of_functions() -> None:
    native = ObservabilityNative(
        access_log_keys={"status": "long", "path": "text"}, log_keys={"cost": "double", "statusCode": "text"}
    )
    recording = logs(native=native)
    app = {key["name"]: key["type"] for key in recording.get(INDEX, "agent-logs-app-index").inputs["fieldSearches"]}
    assert app == {**FUNCTION_KEYS, "cost": "double", "statusCode": "text"}
    access = recording.get(INDEX, "agent-logs-access-index").inputs["fieldSearches"]
    assert [(key["name"], key["type"]) for key in access] == [("path", "text"), ("status", "long")]


def test_search_keys_of_traces_are_refused() -> None:
    with pytest.raises(UnsupportedError) as error:
        logs(trace_keys=("user",))
    assert str(error.value) == (
        "alicloud Observability.trace_keys: not supported on alicloud;"
        " spans lie in the tracing service: choose search keys in its console"
    )


def test_extras_of_another_cloud_are_refused() -> None:
    with pytest.raises(UserError) as error:
        logs(native="tracing")
    assert str(error.value) == (
        "ObservabilityArgs.native of agent-logs: str is not for alicloud; give a ObservabilityNative"
    )


@pytest.mark.parametrize(
    ("native", "message"),
    [
        ({"shards": 11}, "ObservabilityNative.shards: 11 is out of range; use 1 to 10 shards"),
        ({"log_keys": {"a": "int"}}, "ObservabilityNative.log_keys: 'int' is unknown; use one of double, long, text"),
        (
            {"trace_endpoint": COLLECTOR},
            "ObservabilityNative.trace_endpoint: an endpoint and its token go together;"
            " give trace_endpoint and trace_token",
        ),
        (
            {"trace_token": TOKEN},
            "ObservabilityNative.trace_endpoint: an endpoint and its token go together;"
            " give trace_endpoint and trace_token",
        ),
        (
            {"trace_endpoint": COLLECTOR, "trace_token": ""},
            "ObservabilityNative.trace_token: it is empty; give the token that the console shows",
        ),
        (
            {"trace_endpoint": "traces.example.com:8090", "trace_token": TOKEN},
            "ObservabilityNative.trace_endpoint: 'traces.example.com:8090' is not valid;"
            " use an address such as http://host:8090",
        ),
        (
            {"trace_endpoint": f"traces.example.com/adapt_{TOKEN}/api/otlp/traces", "trace_token": TOKEN},
            "ObservabilityNative.trace_endpoint: it has the token in its path;"
            " give the address of the gRPC form, without a path",
        ),
    ],
)
def test_wrong_extras_are_refused_and_never_show_the_token(native: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        ObservabilityNative(**native)
    assert str(error.value) == message
    assert TOKEN not in message


@given(st.integers(1, 3650))
def test_hot_storage_is_within_the_services_least_stays(days: int) -> None:
    hot = hot_days(days)
    assert hot is None if days < 60 else hot is not None and hot >= 30 and days - hot >= 30


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-logs", "agent-audit"):
            Observability(name, ObservabilityArgs(scope=scope), opts)

    recording = recorded(build)
    assert len({r.inputs["projectName"] for r in recording.of_type(PROJECT)}) == 2
    audit = [r for r in recording.resources if r.name.startswith("agent-audit-")]
    assert {name for r in audit for name in waits_for(r) if name.startswith("agent-logs")} == set()
