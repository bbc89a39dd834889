"""Settings: what is wrong is named by its path with what is allowed, all of it at once, before anything is declared."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.errors import UserError
from stacks.model import SettingsError
from stacks.settings import read
from tests.stacks.support import app, config, region, run

BAD_APPS: list[tuple[Any, str]] = [
    (app(memory=1), "apps.agent.memory: there is no such setting; did you mean memory_mb?"),
    (
        app(zzz=1) | {"image": {"nam": "a", "tag": "1"}},
        "apps.agent.image.nam: there is no such setting; did you mean name?\n"
        "apps.agent.zzz: there is no such setting; use one of",
    ),
    (app(port="80"), "apps.agent.port: must be a whole number; write digits, without quotes"),
    (app(port=80.5), "apps.agent.port: must be a whole number; write digits, without quotes"),
    (app(port=True), "apps.agent.port: must be a whole number; write digits, without quotes"),
    (app(enabled="yes"), "apps.agent.enabled: must be true or false; write true or false, without quotes"),
    (app(account_id=2100000000), "apps.agent.account_id: must be text; put it in quotes"),
    (app(env={"A": 1}), "apps.agent.env.A: must be text; put it in quotes"),
    (app(env=[1]), "apps.agent.env: must be a mapping; write keys and values below it"),
    (app(links="other"), "apps.agent.links: must be a list; begin each item with a hyphen"),
    (app(auth="JWT"), "apps.agent.auth: is not one of the choices; use 'jwt', 'app', 'cloud' or 'public'"),
    (app(cloud=None), "apps.agent.cloud: is missing; give it"),
    ("agent", "apps.agent: must be a mapping; write keys and values below it"),
    (app(blueprint="agnet"), "apps.agent.blueprint: there is no such blueprint; did you mean agent?"),
    (app(cloud="volcengin"), "apps.agent.cloud: there is no such cloud; did you mean volcengine?"),
    (app(region="cn-biejing"), "apps.agent.region: there is no such region; did you mean cn-beijing?"),
    (
        app(region="cn-shanghai"),
        "clouds.volcengine.cn-shanghai: is missing, and agent runs there; give its zones: [<region>-a, <region>-b]",
    ),
    (app(image=None), "apps.agent.image: give exactly one of image and code; set the one, leave the other out"),
    (
        app(code={"path": "app"}),
        "apps.agent.image: give exactly one of image and code; set the one, leave the other out",
    ),
    (
        app(image={"name": "a"}),
        "apps.agent.image: is neither built nor pushed; give a full reference, or `context`, or `name` and `tag`",
    ),
    (
        app(image={"context": "app", "tag": "1"}),
        "apps.agent.image: is neither built nor pushed; give a full reference, or `context`, or `name` and `tag`",
    ),
    (
        app(image={"tag": "1", "dockerfile": "D"}),
        "apps.agent.image.dockerfile: there is no context to build; give `context` too",
    ),
    (
        app(image=None, code={"path": "app"}, enabled=False),
        "apps.agent.enabled: only an application of an image can wait for it; leave it out",
    ),
    (app(kind="event"), "apps.agent.kind: an event handler is code; give `code`, or take kind web"),
    (app(kind="task"), "apps.agent.kind: is not one of the choices; use 'web', 'microservice' or 'event'"),
    (app(env={"REGION": "x"}), "apps.agent.env.REGION: Qiao writes this variable itself; leave it out"),
    (app(env={"VOLC_ACCESSKEY": "x"}), "apps.agent.env.VOLC_ACCESSKEY: Qiao writes this variable itself; leave it out"),
    (
        app(secret_env={"VOLC_SECRETKEY": None}),
        "apps.agent.secret_env.VOLC_SECRETKEY: Qiao writes this variable itself; leave it out",
    ),
    (
        app(database={}, env={"DATABASE_URL": "x"}),
        "apps.agent.env.DATABASE_URL: Qiao writes this variable itself; leave it out",
    ),
    (
        app(knowledge_base={"code": {"path": "kb"}, "env": {"TRACE_TOPIC": "x"}}),
        "apps.agent.knowledge_base.env.TRACE_TOPIC: Qiao writes this variable itself; leave it out",
    ),
    (app(knowledge_base={}), "apps.agent.knowledge_base.code: is missing; give it"),
    (
        app(domain={"name": "a.example.com", "certificate": "hush"}),
        "apps.agent.domain.certificate: is not PEM; paste the chain, beginning with -----BEGIN CERTIFICATE-----",
    ),
    (app(native={"gatway": {}}), "apps.agent.native.gatway: there is no such concept here; did you mean gateway?"),
    (
        app(native={"gateway": {"replica": 2}}),
        "apps.agent.native.gateway.replica: there is no such setting; did you mean replicas?",
    ),
    (
        app(native={"gateway": {"replicas": "2"}}),
        "apps.agent.native.gateway.replicas: must be a whole number; write digits, without quotes",
    ),
    (
        app(native={"gateway": {"replicas": 1}}),
        "apps.agent.native.gateway.replicas: 1 is out of range; use 2 to 100",
    ),
    (
        app(native={"alerts": {"webhook": "https://hush.example.com"}}),
        "apps.agent.native.alerts.webhook: is a secret in clear; take it out and run "
        "`pulumi config set --secret --path 'qiao:apps.agent.native.alerts.webhook'`",
    ),
    (
        app(knowledge_base={"code": {"path": "kb"}, "native": {"gateway": {}}}),
        "apps.agent.knowledge_base.native.gateway: there is no such concept here; use one of function",
    ),
    (app(links=["b"]), "apps.agent.links[0]: there is no application b; leave it out"),
    (app(links=["agent"]), "apps: links go in a circle: agent -> agent; take one of them out"),
]  # fmt: skip

BAD_CLOUDS: list[tuple[Any, str]] = [
    ({"volcengin": {}}, "clouds.volcengin: there is no such cloud; did you mean volcengine?"),
    (
        {"volcengine": {"cn-bejing": {}}},
        "clouds.volcengine.cn-bejing: there is no such region; did you mean cn-beijing?",
    ),
    ({"volcengine": []}, "clouds.volcengine: must be a mapping; write keys and values below it"),
    ([], "clouds: must be a mapping; write keys and values below it"),
    (
        region(zones=None),
        "clouds.volcengine.cn-beijing.zones: has nothing behind it; "
        "give a value, or leave it out",
    ),
    (
        region(**{"from": "prod", "cidr": "10.0.0.0/16"}),
        "clouds.volcengine.cn-beijing.cidr: belongs to stage prod, which lends it; set it there",
    ),
    (
        region(**{"from": "dev"}),
        "clouds.volcengine.cn-beijing.from: a stage cannot borrow from itself; name another stage",
    ),
    (
        region(network={"vpc_id": "v", "subnet_ids": {"a": "1", "b": "2"}, "security_group_id": "s"}),
        "clouds.volcengine.cn-beijing.zones: an existing network has it already; leave it out",
    ),
    (
        region(registry={"namespace": "n", "existing": {"endpoint": "e", "namespace": "n"}}),
        "clouds.volcengine.cn-beijing.registry.existing: "
        "describes an own and an existing registry; keep one of the two",
    ),
    (
        region(logs={"existing": {"log_project": "p", "log_store": "s", "trace_store": "t"}}),
        "clouds.volcengine.cn-beijing.logs.existing.trace_endpoint: trace_store and trace_endpoint go together; "
        "give both or neither",
    ),
    (
        region(alerts={"rules": [{"name": "errors", "metric": "E", "treshold": 1}]}),
        "clouds.volcengine.cn-beijing.alerts.rules[0].treshold: there is no such setting; did you mean threshold?",
    ),
    (
        region(native={"function": {}}),
        "clouds.volcengine.cn-beijing.native.function: there is no such concept here; "
        "use one of bucket, network, observability, registry",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "message"), BAD_APPS, ids=[message.split(":")[0] for _, message in BAD_APPS])
def test_a_bad_application_is_named_by_path(settings: Any, message: str) -> None:
    check_refused(config({"agent": settings}), message)


@pytest.mark.parametrize(("clouds", "message"), BAD_CLOUDS, ids=[message.split(":")[0] for _, message in BAD_CLOUDS])
def test_a_bad_region_is_named_by_path(clouds: Any, message: str) -> None:
    check_refused({"qiao:apps": json.dumps({"agent": app()}), "qiao:clouds": json.dumps(clouds)}, message)


def check_refused(values: dict[str, str], message: str) -> None:
    with pytest.raises(UserError) as caught:
        read(values, "dev", offline=True)
    text = str(caught.value)
    assert text.startswith(message) if message.endswith("use one of") else text == message
    assert "hush" not in text


@pytest.mark.parametrize(
    ("values", "stage", "message"),
    [
        (config({"Agent": app()}), "dev", "apps.Agent: is no name for an application; use lower-case letters"),
        (config({"foundation": app()}), "dev", "apps.foundation: the stack uses this name itself; choose another"),
        (config({"shared-x": app()}), "dev", "apps.shared-x: the stack uses this name itself; choose another"),
        ({"qiao:apps": "{}"}, "dev", "apps: there is none; describe one below qiao:apps, as the examples do"),
        ({}, "dev", "apps: there is none; describe one below qiao:apps, as the examples do"),
        ({"qiao:apps": "hush"}, "dev", "apps: must be a mapping; write keys and values below it"),
        (config() | {"qiao:app": "{}"}, "dev", "qiao:app: there is no such setting; did you mean qiao:apps?"),
        (config(), "My_Stage", "stage: 'My_Stage' is not valid; use lower-case letters, digits and single hyphens"),
        (config(tags={"stage": "x"}), "dev", "tags.stage: Qiao writes this tag itself; choose another key"),
        (config(tags={"owner": 1}), "dev", "tags.owner: must be text; put it in quotes"),
        (config(profile={"protec": True}), "dev", "profile.protec: there is no such setting; did you mean protect?"),
        (config(profile={"backup_retention_days": 1}), "dev", "profile.backup_retention_days: 1 is out of range; "),
        (config(profile={"size": "tiny"}), "dev", "profile.size: is not one of the choices; use 'small', 'medium' or"),
    ],
)
def test_the_rest_is_named_by_path(values: dict[str, str], stage: str, message: str) -> None:
    with pytest.raises(UserError) as caught:
        read(values, stage, offline=True)
    assert str(caught.value).startswith(message)
    assert "hush" not in str(caught.value)


def test_everything_wrong_is_told_at_once() -> None:
    apps = {"one": app(port="80"), "two": app(memory=1)}
    with pytest.raises(SettingsError) as caught:
        read(config(apps, region(zone=1), profile={"sise": "small"}), "dev")
    assert [finding.where for finding in caught.value.findings] == [
        "profile.sise", "clouds.volcengine.cn-beijing.zone", "apps.one.port", "apps.two.memory",
    ]  # fmt: skip


ARGUMENTS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (app(timeout_seconds=60), {}, "apps.agent.timeout_seconds: 60 is out of range; use 180 to 86400"),
    (app(memory_mb=700), {}, "apps.agent.memory_mb: 700 is not a multiple of 512; use a multiple of 512"),
    (app(port=0), {}, "apps.agent.port: 0 is out of range; use 1 to 65535"),
    (app(env={"A-B": "x"}), {}, "apps.agent.env.A-B: 'A-B' is not valid; use letters"),
    (app(release={"weight": 101}), {}, "apps.agent.release.weight: 101 is out of range; use 0 to 100 percent"),
    (app(release={"weight": 5, "revision": 3}), {}, "apps.agent.release.revision: a roll back cannot be partial; "),
    (app(image="registry.example.com/a/b"), {}, "apps.agent.image: 'registry.example.com/a/b' has no tag; "),
    (app(image={"context": "nowhere"}), {}, "apps.agent.image.context: nowhere is not a folder; "),
    (app(image={"context": "app", "dockerfile": "../D"}), {}, "apps.agent.image.dockerfile: '../D' leads out of "),
    (app(image=None, code={"path": "nowhere"}), {}, "apps.agent.code.path: nowhere is not a folder; "),
    (app(knowledge_base={"code": {"path": "x"}}), {}, "apps.agent.knowledge_base.code.path: x is not a folder; "),
    (
        app(knowledge_base={"code": {"path": "app"}, "memory_mb": 100}), {},
        "apps.agent.knowledge_base.memory_mb: 100 is out of range; use 512 to 4096 MiB",
    ),
    (
        app(knowledge_base={"code": {"path": "app"}, "path": "kb"}), {},
        "apps.agent.knowledge_base.path: 'kb' is not valid; use a path that begins with '/'",
    ),
    (app(path="chat"), {}, "apps.agent.path: 'chat' is not valid; use a path that begins with '/'"),
    (app(auth="public"), {}, "apps.agent.reason: the route is public; say why nobody need be checked"),
    (app(domain={"name": "nodots", "certificate_id": "c"}), {}, "apps.agent.domain.name: 'nodots' is not valid; "),
    (app(domain={"name": "a.example.com"}), {}, "apps.agent.domain.certificate_id: HTTPS needs one certificate; "),
    (app(database={"name": "A"}), {}, "apps.agent.database.name: 'A' is not valid; "),
    (app(database={"user": "pgx"}), {}, "apps.agent.database.user: names beginning with pg are reserved; "),
    (app(database={"storage_gb": 5}), {}, "apps.agent.database.storage_gb: 5 is out of range; use 20 to 3000 GiB"),
    (app(bucket={"expire_days": 0}), {}, "apps.agent.bucket.expire_days: 0 is out of range; "),
    (app(bucket={"cors": [{"origins": []}]}), {}, "apps.agent.bucket.cors[0].origins: no origin given; "),
    (
        app(identity={"permissions": [{"actions": ["*"]}]}),
        {},
        "apps.agent.identity.permissions[0].actions: * allows too ",
    ),
    (app(identity={"keys": ["a", "b", "c"]}), {}, "apps.agent.identity.keys: 3 is out of range; use 0 to 2 keys"),
    (app(operator={"policies": ["CRFullAccess"]}), {}, "apps.agent.operator.policies: 'CRFullAccess' is given twice; "),
    (app(), {"zones": ["cn-beijing-a"]}, "clouds.volcengine.cn-beijing.zones: 1 zones given; give two zones"),
    (app(), {"zones": ["cn-beijing-a", "cn-shanghai-b"]}, "clouds.volcengine.cn-beijing.zones: 'cn-shanghai-b' is not"),
    (app(), {"cidr": "8.0.0.0/16"}, "clouds.volcengine.cn-beijing.cidr: 8.0.0.0/16 is not private; "),
    (
        app(), {"ingress": [{"port": 22, "cidr": "0.0.0.0/0"}]},
        "clouds.volcengine.cn-beijing.ingress[0].cidr: port 22 is open to the world; ",
    ),
    (app(), {"registry": {"namespace": "N"}}, "clouds.volcengine.cn-beijing.registry.namespace: 'N' is not valid; "),
    (app(), {"logs": {"retention_days": 0}}, "clouds.volcengine.cn-beijing.logs.retention_days: 0 is out of range; "),
    (
        app(), {"contacts": [{"name": "ann", "email": "nobody"}]},
        "clouds.volcengine.cn-beijing.contacts[ann].email: 'nobody' is not valid; use an e-mail address",
    ),
    (
        app(),
        {
            "contacts": [{"name": "ann", "email": "ann@example.com"}],
            "alerts": {"rules": [{"name": "e", "metric": "E", "threshold": 1}]},
        },
        "clouds.volcengine.cn-beijing.alerts.rules[e].namespace: missing, and metrics here are known by it; ",
    ),
    (
        app(),
        {"contacts": [{"name": "ann", "email": "ann@example.com"}], "alerts": {"log_alarm": {}}},
        "clouds.volcengine.cn-beijing.alerts.log_alarm.receivers: nobody to tell; name sub-users of the account",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("agent", "shared", "message"), ARGUMENTS, ids=[case[2].split(":")[0] for case in ARGUMENTS])
def test_what_a_component_refuses_names_the_setting(
    agent: dict[str, Any], shared: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError) as caught:
        run({"agent": agent}, region(**shared))
    assert str(caught.value).startswith(message)


def test_production_refuses_what_development_may(capsys: pytest.CaptureFixture[str]) -> None:
    world = region(registry={"public_cidrs": ["0.0.0.0/0"]})
    latest = {"agent": app(image={"name": "a", "tag": "latest"})}
    assert run(latest, world, stage="dev").of_type("volcengine:cr/endpointAclPolicy:EndpointAclPolicy")
    with pytest.raises(UserError, match=r"registry.public_cidrs: 0.0.0.0/0 opens the registry to the world"):
        run({"agent": app()}, world, stage="prod")
    with pytest.raises(UserError, match=r"apps.agent.image: 'a:latest' is not pinned"):
        run(latest, region(), stage="prod")
    assert not capsys.readouterr().out


def test_links_order_applications_and_a_circle_is_one_error() -> None:
    apps = {"a": app(links=["b", "c"]), "b": app(links=["c"]), "c": app(), "d": app()}
    assert list(read(config(apps), "dev").apps) == ["c", "d", "b", "a"]
    apps["c"] = app(links=["a"])
    with pytest.raises(UserError) as caught:
        read(config(apps), "dev")
    assert str(caught.value).startswith("apps: links go in a circle: ")
    assert {"a", "c"} <= set(str(caught.value).split("circle: ")[1].split(";")[0].split(" -> "))
    apps["c"] = app(links=["bb"])
    with pytest.raises(UserError, match=r"apps.c.links\[0\]: there is no application bb; did you mean b"):
        read(config(apps), "dev")


def test_a_profile_is_overridden_field_by_field() -> None:
    plain = read(config(), "feature-x").profile
    changed = read(config(profile={"protect": True, "log_retention_days": 30}), "feature-x").profile
    assert not plain.protect
    assert changed == plain.override(protect=True, log_retention_days=30)
    assert read(config(), "prod").profile.protect
    assert not read(config(profile={"protect": False}), "prod").profile.protect


def test_only_regions_in_use_are_kept() -> None:
    clouds = region()
    clouds["volcengine"]["cn-shanghai"] = {"zones": ["cn-shanghai-a", "cn-shanghai-b"]}
    assert list(read(config(clouds=clouds), "dev").regions) == [("volcengine", "cn-beijing")]
