"""What applications share: made once, taken as it is, or borrowed from another stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from components.errors import UserError
from components.registry import Registry
from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording
from qiao.plan.standins import StandIns
from qiao.plan.wire import Secret
from stacks.foundation import reference_standin
from stacks.loan import LOGS, NETWORK, REGISTRY
from stacks.program import deploy
from tests.stacks.support import PLACE, ROOT, ZONES, app, child, config, envs, region, run

BORROWED = region(**{"from": "dev"})
STACK = "organization/qiao/dev"


def test_each_cloud_and_region_has_one_provider_of_its_own() -> None:
    clouds = region()
    clouds["volcengine"]["cn-shanghai"] = {"zones": ["cn-shanghai-a", "cn-shanghai-b"]}
    recording = run({"north": app(), "south": app(region="cn-shanghai")}, clouds)
    providers = {r.inputs["region"]: r for r in recording.of_type("pulumi:providers:volcengine")}
    assert set(providers) == {"cn-beijing", "cn-shanghai"}
    for name, where in (("north", "cn-beijing"), ("south", "cn-shanghai")):
        function = child(recording, "vefaas/function:Function", f"{name}-function-function")
        assert function.provider == f"{providers[where].urn}::{providers[where].id}"
        assert envs(function)["TRACE_ENDPOINT"] == f"https://tls-{where}.ivolces.com:4317"
    names = [r.inputs["vpcName"] for r in recording.of_type("volcengine:vpc/vpc:Vpc")]
    assert len(set(names)) == 2
    assert all("accessKey" not in provider.inputs for provider in providers.values())


def test_an_unused_region_is_not_built() -> None:
    clouds = region()
    clouds["volcengine"]["cn-shanghai"] = {"zones": ["cn-shanghai-a", "cn-shanghai-b"]}
    recording = run(clouds=clouds)
    assert [r.name for r in recording.of_type("qiao:app:Foundation")] == [PLACE]


def test_a_registry_is_there_for_images_or_when_described() -> None:
    code = {"agent": app(image=None, code={"path": "app"})}
    assert not run(code).of_type("qiao:volcengine:Registry")
    assert run(code, region(registry={})).of_type("qiao:volcengine:Registry")
    assert run({"agent": app()}).of_type("qiao:volcengine:Registry")


def test_a_bucket_for_archives_is_there_for_code_only() -> None:
    assert not run({"agent": app()}).of_type("volcengine:tos/bucket:Bucket")
    recording = run({"agent": app(knowledge_base={"code": {"path": "app"}})})
    bucket = child(recording, "tos/bucket:Bucket", f"{PLACE}-artifacts-bucket")
    assert recording.get("qiao:app:Foundation").outputs["artifacts_bucket"] == bucket.inputs["bucketName"]


def test_settings_reach_the_network() -> None:
    shared = region(
        cidr="10.8.0.0/16", egress=True, subnet_cidrs={ZONES[0]: "10.8.128.0/24"},
        ingress=[{"port": 8000, "cidr": "10.9.0.0/16"}], native={"network": {"eip_bandwidth_mbps": 5}},
    )  # fmt: skip
    recording = run(clouds=shared)
    assert child(recording, "vpc/vpc:Vpc", f"{PLACE}-network-vpc").inputs["cidrBlock"] == "10.8.0.0/16"
    subnet = child(recording, "vpc/subnet:Subnet", f"{PLACE}-network-subnet-{ZONES[0]}")
    assert subnet.inputs["cidrBlock"] == "10.8.128.0/24"
    address = child(recording, "eip/address:Address", f"{PLACE}-network-egress-ip")
    assert address.inputs["bandwidth"] == 5
    assert recording.get("qiao:app:Foundation").outputs["egress_ip"] == address.outputs["eipAddress"]
    (rule,) = recording.of_type("volcengine:vpc/securityGroupRule:SecurityGroupRule")
    assert (rule.inputs["portStart"], rule.inputs["cidrIp"]) == (8000, "10.9.0.0/16")
    function = child(recording, "vefaas/function:Function", "agent-function-function")
    assert function.inputs["vpcConfig"]["enableSharedInternetAccess"] is False


def test_settings_reach_the_logs() -> None:
    recording = run(clouds=region(logs={"retention_days": 14, "trace_keys": ["request_id"]}))
    assert child(recording, "tls/topic:Topic", f"{PLACE}-logs-app-topic").inputs["ttl"] == 14
    keys = recording.get("pulumi-python:dynamic/volcengine:TraceIndexKeys")
    assert keys.inputs["keys"] == ["request_id"]
    silent = run({"agent": app(traces=True)}, region(logs={"traces": False}))
    assert not silent.of_type("volcengine:tls/traceInstance:TraceInstance")
    function = child(silent, "vefaas/function:Function", "agent-function-function")
    assert not {"REGION", "TRACE_ENDPOINT", "TRACE_TOPIC"} & set(envs(function))


EXISTING = {
    "volcengine": {
        "cn-beijing": {
            "network": {
                "vpc_id": "vpc-1", "subnet_ids": {"cn-beijing-a": "subnet-1", "cn-beijing-b": "subnet-2"},
                "security_group_id": "sg-1",
                "subnet_cidrs": {"cn-beijing-a": "10.1.0.0/24", "cn-beijing-b": "10.1.1.0/24"},
            },
            "logs": {
                "existing": {
                    "log_project": "project-1", "log_store": "topic-1", "access_log_store": "topic-2",
                    "trace_store": "topic-3", "trace_endpoint": "https://traces.example.com:4317",
                }
            },
            "registry": {"existing": {"endpoint": "cr.example.com", "namespace": "agents"}},
        }
    }
}  # fmt: skip


def test_what_is_there_already_is_taken_and_not_touched() -> None:
    recording = run({"agent": app(database={}, image={"name": "bot", "tag": "1"})}, EXISTING)
    for made in ("vpc/vpc:Vpc", "vpc/subnet:Subnet", "cr/registry:Registry", "tls/project:Project"):
        assert not recording.of_type(f"volcengine:{made}")
    function = child(recording, "vefaas/function:Function", "agent-function-function")
    assert function.inputs["vpcConfig"]["subnetIds"] == ["subnet-1", "subnet-2"]
    assert function.inputs["tlsConfig"]["tlsTopicId"] == "topic-1"
    assert function.inputs["source"] == "cr.example.com/agents/bot:1"
    assert envs(function)["TRACE_TOPIC"] == "topic-3"
    logs = recording.get("pulumi-python:dynamic/volcengine:GatewayLogs")
    assert (logs.inputs["project_id"], logs.inputs["topic_id"]) == ("project-1", "topic-2")
    allowed = child(recording, "rds_postgresql/allowlist:Allowlist", "agent-database-allow-list")
    assert set(allowed.inputs["allowLists"]) == {"10.1.0.0/24", "10.1.1.0/24"}


def test_repositories_that_settings_name_are_declared() -> None:
    recording = run({"agent": app()}, region(registry={"repositories": ["agent", "job"]}))
    names = {one.inputs["name"] for one in recording.of_type("volcengine:cr/repository:Repository")}
    assert names == {"agent", "job"}


@pytest.mark.parametrize(
    ("more", "host"), [({}, "cr.example.com"), ({"pull_endpoint": "in.example.com"}, "in.example.com")]
)
def test_a_lent_registry_says_where_functions_pull_from(more: dict[str, str], host: str) -> None:
    there = {"existing": {"endpoint": "cr.example.com", "namespace": "agents", **more}}
    outputs = run({"agent": app()}, region(registry=there)).outputs
    assert outputs["foundation"]["volcengine"]["cn-beijing"]["registry"] == {
        "endpoint": "cr.example.com", "pull_endpoint": host, "namespace": "agents", "username": "",
    }  # fmt: skip


def test_a_login_that_nobody_told_the_stack_is_asked_for_by_docker() -> None:
    waiting = app(enabled=False, image={"name": "bot", "tag": "1"})
    assert run({"agent": waiting}, EXISTING).outputs["agent"]["login"] == "docker login cr.example.com"


def test_an_image_is_not_built_where_only_a_person_knows_the_login(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Registry, "login_known", classmethod(lambda _, args: args.namespace != "closed"))
    built = {"agent": app(image={"context": "app"})}
    assert run(built, region(registry={"namespace": "open"})).of_type("docker-build:index:Image")
    with pytest.raises(UserError) as error:
        run(built, region(registry={"namespace": "closed"}))
    assert str(error.value) == (
        "clouds.volcengine.cn-beijing.native.registry.username: agent is to be built and pushed without a login;"
        " give the registry's username and password, or push the image yourself and name it by its tag"
    )


def test_functions_take_an_image_under_the_host_that_they_pull_from() -> None:
    there = {"existing": {"endpoint": "cr.example.com", "pull_endpoint": "in.example.com", "namespace": "agents"}}
    recording = run({"agent": app(image={"name": "bot", "tag": "1"})}, region(registry=there))
    function = child(recording, "vefaas/function:Function", "agent-function-function")
    assert function.inputs["source"] == "in.example.com/agents/bot:1"


def test_a_lender_exports_what_a_borrower_reads() -> None:
    outputs = run({"agent": app()}, region(registry={})).outputs
    lent = outputs["foundation"]["volcengine"]["cn-beijing"]
    assert set(lent["network"]) == set(NETWORK)
    assert set(lent["registry"]) == set(REGISTRY)
    assert set(lent["logs"]) == set(LOGS)
    secret = outputs["foundation_secrets"]["volcengine"]["cn-beijing"]
    assert isinstance(secret["registry_password"], Secret)
    stand_in = reference_standin(config(clouds=BORROWED), "qiao")[STACK]
    assert _keys(stand_in["foundation"]["volcengine"]["cn-beijing"]) == _keys(lent)
    # Secrets differ by cloud and settings; a plan answers for each that there may be.
    assert set(secret) <= set(stand_in["foundation_secrets"]["volcengine"]["cn-beijing"])


def _keys(value: Any) -> Any:
    return {key: _keys(item) for key, item in value.items()} if isinstance(value, Mapping) else None


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
def test_a_feature_stage_borrows_network_registry_and_logs(preview: bool) -> None:
    agent = app(image={"context": "app"}, database={}, knowledge_base={"code": {"path": "app"}})
    recording = run({"agent": agent}, BORROWED, stage="feature-x", preview=preview)
    for made in ("vpc/vpc:Vpc", "vpc/subnet:Subnet", "cr/registry:Registry", "tls/project:Project", "tls/topic:Topic"):
        assert not recording.of_type(f"volcengine:{made}")
    assert recording.get("pulumi:pulumi:StackReference").id == STACK
    function = child(recording, "vefaas/function:Function", "agent-function-function")
    assert function.inputs["vpcConfig"]["subnetIds"] == [f"subnet-of-{zone}" for zone in ZONES]
    assert function.inputs["tlsConfig"]["tlsTopicId"] == "log-store-of-volcengine-cn-beijing"
    assert envs(function)["TRACE_TOPIC"] == "trace-store-of-volcengine-cn-beijing"
    image = recording.get("docker-build:index:Image")
    assert image.inputs["tags"][0].startswith("registry.volcengine-cn-beijing.example/lent/agent:")
    password = image.inputs["registries"]
    assert "password-of-volcengine-cn-beijing" not in repr(password)
    # Archives of the feature stage are its own: they go with it.
    assert child(recording, "tos/bucket:Bucket", f"{PLACE}-artifacts-bucket").name
    assert "foundation" not in recording.outputs
    assert "foundation_secrets" not in recording.outputs


def lender_without(*path: str) -> dict[str, Any]:
    outputs = reference_standin(config(clouds=BORROWED), "qiao")[STACK]
    place = outputs
    for part in path[:-1]:
        place = place[part]
    del place[path[-1]]
    return {STACK: outputs}


def borrow(lent: Mapping[str, Any], **agent: Any) -> Recording:
    values = config({"agent": app(**agent)}, BORROWED)
    project = ROOT / "examples" / "agent-build"
    return record(
        lambda: deploy(project, offline=True),
        stack="feature-x",
        config=values,
        standins=StandIns(stack_references=lent),
    )


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (("foundation",), ""),
        (("foundation", "volcengine", "cn-beijing"), ""),
        (
            ("foundation", "volcengine", "cn-beijing", "network", "subnet_ids", ZONES[1]),
            f"network.subnet_ids.{ZONES[1]}",
        ),
        (("foundation", "volcengine", "cn-beijing", "registry"), "registry."),
        (("foundation", "volcengine", "cn-beijing", "logs", "trace_store"), "logs.trace_store"),
        (("foundation_secrets",), "registry_password"),
    ],
)
def test_what_the_lender_lacks_is_one_clear_error(path: tuple[str, ...], what: str) -> None:
    with pytest.raises(UserError) as caught:
        borrow(lender_without(*path), image={"context": "app"})
    assert caught.value.where == "clouds.volcengine.cn-beijing.from"
    place = "volcengine cn-beijing"
    assert str(caught.value).endswith("bring it up there first: `pulumi up -s dev`, with the same zones")
    if not what or what.endswith("."):  # without all of it, whichever part is asked for first is named
        assert caught.value.what.startswith(f"stage dev lends no {what}")
    else:
        assert caught.value.what == f"stage dev lends no {what} in {place}"


def test_what_is_not_used_need_not_be_lent() -> None:
    place = ("foundation", "volcengine", "cn-beijing")
    assert borrow(lender_without(*place, "registry"), image=None, code={"path": "app"}).resources
    assert borrow(lender_without(*place, "logs", "trace_store"), traces=False).resources


def test_a_lender_that_was_never_there_is_not_invented() -> None:
    with pytest.raises(LookupError, match=STACK):
        borrow({})


def test_nothing_of_a_first_preview_is_made_up() -> None:
    outputs = run(preview=True).outputs
    assert outputs["foundation"]["volcengine"]["cn-beijing"]["network"]["vpc_id"] is UNKNOWN
    assert outputs["agent"]["gateway_id"] is UNKNOWN
