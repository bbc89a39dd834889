"""What the guide asks of production, held for every example of its applications: two zones, gray releases, a database
that is private and kept, a domain, guarded routes, and people who are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from components.alicloud.gaps.release_history import refusals
from qiao.plan.recording import Recording, Resource, reveal
from qiao.plan.report import render
from tests.examples import alicloud
from tests.examples.alicloud import (
    ALIAS,
    BUCKET,
    DATABASE,
    DOMAIN,
    FILES,
    FUNCTION,
    GATEWAY,
    NAMES,
    POLICY,
    ROUTE,
    TRIGGER,
    VPC,
    ZONES,
    Stage,
    every,
    gap,
    gaps,
    one,
    switches,
)
from tests.examples.support import planned, run
from tests.stacks.chat_support import waits_for

every_name = pytest.mark.parametrize("name", NAMES)
APPS = [
    ("agent-web", "agent"), ("chat", "chat"), ("model-server", "models"),
    ("chat-suite", "agent"), ("chat-suite", "chat"), ("chat-suite", "models"),
]  # fmt: skip
every_app = pytest.mark.parametrize(("name", "app"), APPS)
GATED = [(name, app) for name, app in APPS if (name, app) != ("chat-suite", "models")]
every_gated_app = pytest.mark.parametrize(("name", "app"), GATED)


def test_these_are_all_of_them() -> None:
    found = [(name, f.name.removesuffix("-function-function")) for name in NAMES for f in every(prod(name), FUNCTION)]
    assert sorted(found) == sorted(APPS)
    doors = [(name, g.name.removesuffix("-gateway-gateway")) for name in NAMES for g in every(prod(name), GATEWAY)]
    assert sorted(doors) == sorted(GATED)
    assert [name for name in NAMES if every(prod(name), DATABASE)] == ["chat", "chat-suite"]


def prod(name: str) -> Recording:
    return run(name, "prod")


def policies(recording: Recording, route: Resource) -> dict[str, dict[str, Any]]:
    """What is attached to a route, by class."""
    attached = [p for p in every(recording, POLICY) if p.inputs["attachResourceIds"] == [route.outputs["routeId"]]]
    return {p.inputs["policyClassName"]: json.loads(p.inputs["policyConfig"]) for p in attached}


# Two zones


@every_name
def test_the_network_has_a_subnet_in_each_of_two_zones(name: str) -> None:
    recording = prod(name)
    vpc = one(recording, VPC)
    assert [switch.inputs["zoneId"] for switch in switches(recording)] == ZONES
    assert {switch.inputs["vpcId"] for switch in switches(recording)} == {vpc.id}


@every_app
def test_a_function_runs_in_both(name: str, app: str) -> None:
    recording = prod(name)
    network = one(recording, FUNCTION, f"{app}-function-function").inputs["vpcConfig"]
    assert network["vswitchIds"] == [switch.id for switch in switches(recording)]
    assert network["vpcId"] == one(recording, VPC).id


@every_gated_app
def test_a_gateway_stands_in_both(name: str, app: str) -> None:
    recording = prod(name)
    gateway = one(recording, GATEWAY, f"{app}-gateway-gateway")
    assert gateway.inputs["zoneConfig"] == {"selectOption": "Manual"}
    placed = [(zone["zoneId"], zone["vswitchId"]) for zone in gateway.inputs["zones"]]
    assert placed == [(switch.inputs["zoneId"], switch.id) for switch in switches(recording)]
    assert gateway.inputs["paymentType"] == "PayAsYouGo"
    assert gateway.protect


@pytest.mark.parametrize("name", ["chat", "chat-suite"])
def test_a_database_has_a_second_node_in_the_other(name: str) -> None:
    recording = prod(name)
    database = one(recording, DATABASE)
    assert database.inputs["category"] == "HighAvailability"
    assert [database.inputs["zoneId"], database.inputs["zoneIdSlaveA"]] == ZONES
    assert database.inputs["vswitchId"] == ",".join(str(switch.id) for switch in switches(recording))


@every_name
def test_what_is_stored_lies_in_several_and_outlives_mistakes(name: str) -> None:
    recording = prod(name)
    for bucket in every(recording, BUCKET):
        assert bucket.inputs["redundancyType"] == "ZRS", bucket.name
        assert bucket.inputs["versioning"] == {"status": "Enabled"}
        assert bucket.protect
    for files in every(recording, FILES):
        assert files.protect, files.name
        assert files.inputs["encryptType"] == 1


# Gray releases


@every_app
def test_a_new_version_gets_a_tenth_then_half_then_all_and_can_go_back(name: str, app: str, tmp_path: Path) -> None:
    stage = Stage(name, "prod", tmp_path)
    first = accepted = _inputs(stage.evaluate(), app)
    assert refusals({}, accepted) == [], "the files as they are can be a stage's first `up`"
    _new_version(stage, app)
    for release in ({"weight": 10}, {"weight": 50}, {"weight": 100}, {"weight": 100, "revision": 1}):
        recording = stage.set(app, release=release)
        # It is published whichever share it gets; its number is the cloud's.
        asked = {**_inputs(recording, app), "version_id": "2"}
        assert (asked["weight"], asked.get("revision")) == (release["weight"], release.get("revision"))
        assert asked["version_key"] != first["version_key"], "it is another version"
        assert refusals(accepted, asked) == []
        accepted = asked


@every_app
def test_another_share_touches_the_release_alone(name: str, app: str, tmp_path: Path) -> None:
    stage = Stage(name, "prod", tmp_path)
    before = stage.evaluate()
    after = stage.set(app, release={"weight": 10})
    changed = {new.name for old, new in zip(before.resources, after.resources, strict=True) if old.inputs != new.inputs}
    assert changed <= {f"{app}-function-history", f"{app}-function-alias"}
    assert f"{app}-function-history" in changed


@every_app
def test_a_first_release_below_all_is_refused(name: str, app: str, tmp_path: Path) -> None:
    recording = Stage(name, "prod", tmp_path).set(app, release={"weight": 10})
    ((where, reason),) = refusals({}, _inputs(recording, app))
    assert where == "weight"
    assert reason.startswith("a function's first release must take all calls (release.weight 10)")


@every_gated_app
def test_the_gateway_knows_the_alias_and_never_a_version(name: str, app: str) -> None:
    recording = prod(name)
    service = one(recording, "apig/service:Service", f"{app}-gateway-service-{app}-function")
    alias = one(recording, ALIAS, f"{app}-function-alias")
    assert service.inputs["qualifier"] == alias.inputs["aliasName"] == "live"
    assert service.inputs["serviceName"] == one(recording, FUNCTION, f"{app}-function-function").inputs["functionName"]
    assert waits_for(recording, service, alias), "an alias that is not there yet cannot be called"


def _inputs(recording: Recording, app: str) -> dict[str, Any]:
    history = gap(recording, "ReleaseHistory", f"{app}-function-history")
    return {key: reveal(value) for key, value in history.inputs.items()}


def _new_version(stage: Stage, app: str) -> None:
    """Another tag, or another file of code."""
    stage.change(lambda apps: apps[app]["image"].update(tag="1.200.0") if "image" in apps[app] else None)
    if (stage.folder / "app").is_dir() and app == "agent":
        (stage.folder / "app" / "version.txt").write_text("2")


# A database that is private and kept


@pytest.mark.parametrize("name", ["chat", "chat-suite"])
def test_the_database_lets_the_subnets_in_and_nobody_else(name: str) -> None:
    recording = prod(name)
    database = one(recording, DATABASE)
    assert database.inputs["securityIps"] == [switch.inputs["cidrBlock"] for switch in switches(recording)]
    assert not every(recording, "rds/connection:Connection"), "no public address"
    assert database.inputs["deletionProtection"] is True
    assert database.protect
    backup = one(recording, "rds/backupPolicy:BackupPolicy")
    assert (backup.inputs["backupRetentionPeriod"], backup.inputs["enableBackupLog"]) == (30, True)


@every_name
def test_nothing_is_open_to_the_world(name: str) -> None:
    for stage in ("dev", "prod"):
        for resource in run(name, stage).resources:
            assert "0.0.0.0/0" not in json.dumps(resource.inputs, default=str), resource.name


@every_name
def test_no_function_has_an_address_on_the_internet(name: str) -> None:
    for stage in ("dev", "prod"):
        recording = run(name, stage)
        for trigger in every(recording, TRIGGER):
            config = json.loads(trigger.inputs["triggerConfig"])
            assert (trigger.inputs["triggerType"], config["disableURLInternet"]) == ("http", True), trigger.name
            # Nobody is checked there, so nobody from outside the network may come by any way.
            binding = one(recording, "fc/v3VpcBinding:V3VpcBinding", trigger.name.removesuffix("url") + "network-only")
            assert binding.inputs["functionName"] == trigger.inputs["functionName"]
            assert binding.inputs["vpcId"] == one(recording, VPC).id
            assert waits_for(recording, trigger, binding)
        assert not every(recording, "fc/v3CustomDomain:V3CustomDomain")


# A domain and guarded routes


@every_gated_app
def test_the_domain_is_https_alone_and_leads_to_the_gateway(name: str, app: str) -> None:
    recording = prod(name)
    host = {"agent": "agent", "chat": "chat", "models": "models"}[app]
    domain = one(recording, DOMAIN, f"{app}-gateway-domain")
    assert domain.inputs["domainName"] == f"{host}.example.com"
    assert (domain.inputs["protocol"], domain.inputs["forceHttps"]) == ("HTTPS", True)
    assert (domain.inputs["tlsMin"], domain.inputs["tlsMax"]) == ("TLS 1.2", "TLS 1.3")
    record = one(recording, "dns/alidnsRecord:AlidnsRecord", f"{app}-gateway-record")
    assert (record.inputs["domainName"], record.inputs["rr"], record.inputs["type"]) == ("example.com", host, "CNAME")
    assert record.inputs["value"] == gap(recording, "GatewayAddress", f"{app}-gateway-address").outputs["address"]
    for route in _routes(recording, app):
        assert route.inputs["domainIds"] == [domain.id]
        published = gap(recording, "RouteDeployment", route.name.replace("-route-", "-deployment-"))
        assert waits_for(recording, record, published), "nobody is sent to a gateway that has no guarded route yet"


@every_gated_app
def test_every_route_is_guarded_before_it_is_published(name: str, app: str) -> None:
    recording = prod(name)
    function = one(recording, FUNCTION, f"{app}-function-function")
    routes = _routes(recording, app)
    assert routes
    for route in routes:
        found = policies(recording, route)
        most = 10 if app == "models" else 100
        limit = {"enable": True, "limit": most, "responseStatusCode": 429, "unit": "Second"}
        assert found["RateLimit"] == limit
        assert found["Timeout"] == {"enable": True, "timeUnit": "s", "unitNum": function.inputs["timeout"]}
        (hsts, *others) = found["HeaderModify"]["headerOpItems"]
        assert (hsts["directionType"], hsts["key"], hsts["value"]) == (
            "Response", "Strict-Transport-Security", "max-age=31536000",
        )  # fmt: skip
        assert [item["key"] for item in others] == (["X-Frame-Options"] if app == "chat" else [])
        # LobeChat logs its users in itself; whoever calls a machine shows a token.
        assert ("Authentication" in found) == (app != "chat")
        published = gap(recording, "RouteDeployment", route.name.replace("-route-", "-deployment-"))
        attached = [p for p in every(recording, POLICY) if p.inputs["attachResourceIds"] == [route.outputs["routeId"]]]
        assert {p.urn for p in attached} <= set(published.depends_on)


@every_gated_app
def test_a_machines_route_lets_bearers_of_the_stacks_own_tokens_in_and_nobody_else(name: str, app: str) -> None:
    recording = prod(name)
    grants = {grant.name for grant in gaps(recording, "ConsumerGrant") if grant.name.startswith(f"{app}-")}
    routes = _routes(recording, app)
    if app == "chat":
        assert grants == set()
        return
    assert grants == {route.name.replace("-route-", "-grant-") for route in routes}
    consumer = gap(recording, "Consumer", f"{app}-gateway-consumer")
    for route in routes:
        grant = gap(recording, "ConsumerGrant", route.name.replace("-route-", "-grant-"))
        assert grant.inputs["consumer_id"] == consumer.outputs["consumer_id"]
        assert grant.inputs["route_id"] == route.outputs["routeId"]
        assert policies(recording, route)["Authentication"] == {"authenticationType": "Jwt", "enable": True}


def _routes(recording: Recording, app: str) -> list[Resource]:
    return [route for route in every(recording, ROUTE) if route.name.startswith(f"{app}-gateway-route-")]


@every_gated_app
def test_the_plan_shows_what_each_route_takes_and_no_share_where_there_is_none(name: str, app: str) -> None:
    printed = render(planned(name, "prod"))
    for route in _routes(prod(name), app):
        path = route.inputs["match"]["path"]
        shown = " · ".join([*route.inputs["match"].get("methods", []), f"{path['value']} ({path['type']})"])
        assert f" {route.name.removeprefix(f'{app}-gateway-')} Route  {shown}\n" in printed
    assert "shared with" not in printed


# People who are told


@every_app
def test_errors_of_every_function_are_told(name: str, app: str) -> None:
    recording = prod(name)
    group = one(recording, "cms/alarmContactGroup:AlarmContactGroup", f"{app}-alerts-contacts")
    contact = one(recording, "cms/alarmContact:AlarmContact", f"{app}-alerts-contact-on-call")
    assert (contact.inputs["channelsMail"], contact.inputs["channelsSms"]) == ("on-call@example.com", "13800000000")
    assert group.inputs["contacts"] == [contact.inputs["alarmContactName"]]
    label = "chat" if app == "agent" else app
    rule = one(recording, "cms/alarm:Alarm", f"{app}-alerts-rule-errors.{label}")
    assert (rule.inputs["project"], rule.inputs["metric"]) == ("acs_fc", "FunctionFunctionErrors")
    watched = one(recording, FUNCTION, f"{app}-function-function").inputs["functionName"]
    assert json.loads(rule.inputs["metricDimensions"]) == [{"functionName": watched, "region": alicloud.REGION}]
    assert rule.inputs["contactGroups"] == [group.inputs["alarmContactGroupName"]]
    assert rule.inputs["escalationsCritical"]["threshold"] == "0"
    lines = one(recording, "sls/alert:Alert", f"{app}-alerts-log-alarm").inputs["configuration"]
    assert lines["policyConfiguration"]["actionPolicyId"] == "sls.builtin"
    (query,) = lines["queryLists"]
    assert query["project"] == one(recording, "log/project:Project").inputs["projectName"]


@every_name
def test_dev_is_disposable_and_tells_nobody(name: str) -> None:
    recording = run(name, "dev")
    assert [resource.name for resource in recording.resources if resource.protect] == []
    assert not every(recording, "cms/alarmContact:AlarmContact")
    for database in every(recording, DATABASE):
        assert database.inputs["category"] == "serverless_basic"
        assert database.inputs["deletionProtection"] is False
    for gateway in every(recording, GATEWAY):
        assert gateway.inputs["zoneConfig"] == {"selectOption": "Auto"}
