"""Development is disposable, production is hard to hurt, and the same settings always ask for the same."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from qiao.plan.recording import Recording
from tests.stacks.support import ROOT, app, child, region, run, run_file

EVERYTHING = {
    "agent": app(
        image={"context": "app"}, database={}, bucket={}, operator={}, knowledge_base={"code": {"path": "app"}},
        domain={"name": "a.example.com", "certificate_id": "cert-1", "dns_zone": "example.com"},
    )
}  # fmt: skip
SHARED = region(egress=True, registry={"public_cidrs": ["203.0.113.0/24"]})

STATEFUL = {
    "volcengine:vpc/vpc:Vpc", "volcengine:vpc/subnet:Subnet", "volcengine:nat/gateway:Gateway",
    "volcengine:eip/address:Address", "volcengine:cr/registry:Registry", "volcengine:cr/namespace:Namespace",
    "volcengine:tls/project:Project", "volcengine:tls/topic:Topic", "volcengine:tls/traceInstance:TraceInstance",
    "volcengine:tos/bucket:Bucket", "volcengine:rds_postgresql/instance:Instance",
    "volcengine:rds_postgresql/database:Database", "volcengine:apig/apigGateway:ApigGateway",
    "random:index/randomPassword:RandomPassword",
}  # fmt: skip
"""What holds data, or an address that others know, or a password to it."""

HOLDS_DATA = {
    "volcengine:cr/registry:Registry", "volcengine:tos/bucket:Bucket", "volcengine:rds_postgresql/instance:Instance",
    "volcengine:eip/address:Address",
}  # fmt: skip


@pytest.fixture(name="dev", scope="module")
def _dev() -> Recording:
    return run(EVERYTHING, SHARED, stage="dev")


@pytest.fixture(name="prod", scope="module")
def _prod() -> Recording:
    return run(EVERYTHING, SHARED, stage="prod")


def test_production_protects_all_that_holds_data(prod: Recording) -> None:
    there = {resource.type for resource in prod.resources}
    assert there >= STATEFUL
    for resource in prod.resources:
        assert resource.protect == (resource.type in STATEFUL), resource.urn
        if resource.type in HOLDS_DATA:
            assert resource.retain_on_delete, resource.urn


def test_development_protects_nothing(dev: Recording) -> None:
    assert [resource.urn for resource in dev.resources if resource.protect or resource.retain_on_delete] == []


def test_a_feature_stage_is_as_disposable_as_development() -> None:
    recording = run(EVERYTHING, SHARED, stage="feature-x")
    assert not any(resource.protect for resource in recording.resources)


@pytest.mark.parametrize(
    ("type_token", "name", "path", "in_dev", "in_prod"),
    [
        ("cr/registry:Registry", "registry-instance", "type", "Micro", "Enterprise"),
        ("cr/registry:Registry", "registry-instance", "deleteImmediately", True, False),
        ("tls/topic:Topic", "logs-app-topic", "ttl", 7, 180),
        ("tls/traceInstance:TraceInstance", "logs-trace", "backendConfig.ttl", 7, 180),
        ("apig/apigGateway:ApigGateway", "agent-gateway-gateway", "type", "serverless", "standard"),
        (
            "rds_postgresql/instance:Instance",
            "agent-database-instance",
            "secondaryZoneId",
            "cn-beijing-a",
            "cn-beijing-b",
        ),
        ("rds_postgresql/instance:Instance", "agent-database-instance", "storageSpace", 20, 100),
        ("tos/bucket:Bucket", "agent-bucket-bucket", "azRedundancy", "single-az", "multi-az"),
        ("tos/bucket:Bucket", "agent-bucket-bucket", "enableVersion", False, True),
    ],
)
def test_the_stages_differ_as_the_cloud_advises(
    dev: Recording, prod: Recording, type_token: str, name: str, path: str, in_dev: Any, in_prod: Any
) -> None:
    for recording, wanted in ((dev, in_dev), (prod, in_prod)):
        (resource,) = [r for r in recording.of_type(f"volcengine:{type_token}") if r.name.endswith(name)]
        value: Any = resource.inputs
        for part in path.split("."):
            value = value.get(part)
        # Some properties say `false` by not being there.
        assert (value or False) == wanted or value == wanted


def test_backups_are_kept_longer_in_production(dev: Recording, prod: Recording) -> None:
    gap = "pulumi-python:dynamic/volcengine:PostgresBackup"
    assert [recording.get(gap).inputs["retention_days"] for recording in (dev, prod)] == [7, 30]


def test_alarms_are_notices_in_development_and_call_in_production() -> None:
    shared = region(
        contacts=[{"name": "ann", "email": "ann@example.com", "phone": "13800000000"}],
        alerts={"rules": [{"name": "errors", "metric": "E", "namespace": "f", "threshold": 0}]},
    )
    levels = {}
    for stage in ("dev", "prod"):
        rule = child(run(clouds=shared, stage=stage), "cloud_monitor/rule:Rule", "agent-alerts-rule-errors.chat")
        levels[stage] = (rule.inputs["level"], rule.inputs["alertMethods"])
    assert levels == {"dev": ("notice", ["Email"]), "prod": ("critical", ["Email", "Phone", "SMS"])}


def test_one_field_of_the_profile_changes_alone() -> None:
    recording = run(EVERYTHING, SHARED, stage="dev", profile={"protect": True})
    for resource in recording.resources:
        assert resource.protect == (resource.type in STATEFUL), resource.urn
        assert not resource.retain_on_delete
    registry = recording.of_type("volcengine:cr/registry:Registry")[0]
    assert registry.inputs["type"] == "Micro"


def test_tags_reach_everything_that_takes_tags() -> None:
    recording = run(EVERYTHING, SHARED, tags={"owner": "platform"})
    tagged = [
        # An image's `tags` are its references.
        resource
        for resource in recording.resources
        if "tags" in resource.inputs and ":index:Image" not in resource.type
    ]
    assert len({resource.type for resource in tagged}) > 8
    for resource in tagged:
        assert {"key": "owner", "value": "platform"} in resource.inputs["tags"], resource.urn


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
def test_two_runs_of_the_same_settings_ask_for_the_same(preview: bool) -> None:
    one, two = (run(EVERYTHING, SHARED, stage="prod", preview=preview) for _ in range(2))
    assert repr(one) == repr(two)


def test_the_order_of_keys_changes_nothing() -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = random.Random(7).sample(list(value), len(value))  # noqa: S311 - no secret depends on it
            return {key: shuffled(value[key]) for key in keys}
        return value

    apps = {"agent": EVERYTHING["agent"] | {"env": {"B": "1", "A": "2"}}}
    straight, mixed = run(apps, SHARED), run(shuffled(apps), shuffled(SHARED))
    assert json.dumps(shuffled(apps)) != json.dumps(apps)
    assert repr(straight.resources) == repr(mixed.resources)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_projects_own_stages_need_no_secret_and_show_the_application(stage: str) -> None:
    recording = run_file(ROOT, stage)
    assert not any("set a secret" in line for line in recording.outputs["checklist"])
    outputs = recording.outputs["agent"]
    assert outputs["chat_url"].endswith("/api/v2/bots/chat")
    assert {"gateway_id", "push_target", "trace_topic"} <= set(outputs)
    assert any(resource.protect for resource in recording.resources) == (stage == "prod")
    assert bool(recording.of_type("qiao:volcengine:Alerts")) == (stage == "prod")
    assert bool(recording.of_type("volcengine:nat/gateway:Gateway")) == (stage == "prod")
