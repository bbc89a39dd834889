"""The guide's three applications, each alone: its steps as resource, property and value, and what its page says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from components import tokens
from qiao.plan.recording import reveal
from qiao.plan.wire import Secret
from tests.examples.alicloud import (
    BUCKET,
    DATABASE,
    FILES,
    FUNCTION,
    GATEWAY,
    PLACE,
    POLICY,
    ROUTE,
    TRIGGER,
    VPC,
    Stage,
    environment,
    every,
    gap,
    gaps,
    one,
    switches,
)
from tests.examples.support import every_stage, look, planned, run
from tests.stacks.chat_support import waits_for

Step = tuple[str, str, str, str, str, Any]
AGENT, CHAT, MODELS = (f"{app}-function-function" for app in ("agent", "chat", "models"))
EACH: list[Step] = [
    ("agent-web", "2.9 a web function", FUNCTION, AGENT, "runtime", "custom.debian12"),
    ("agent-web", "2.9 its port", FUNCTION, AGENT, "customRuntimeConfig.port", 9000),
    ("agent-web", "2.9 its start", FUNCTION, AGENT, "customRuntimeConfig.commands", ["./run.sh"]),
    (
        "agent-web", "3.1 what OpenAI's clients call", ROUTE, "agent-gateway-route-chat", "match",
        {"path": {"type": "Exact", "value": "/v1/chat/completions"}, "methods": ["POST"]},
    ),
    (
        "agent-web", "it says that it lives", ROUTE, "agent-gateway-route-health", "match",
        {"path": {"type": "Exact", "value": "/v1/ping"}, "methods": ["GET"]},
    ),
    ("chat", "2.1 database", DATABASE, "chat-database-instance", "engine", "PostgreSQL"),
    ("chat", "2.1 highest privilege", "rds/rdsAccount:RdsAccount", "chat-database-user", "accountType", "Super"),
    ("chat", "2.1 name", "rds/database:Database", "chat-database-database", "dataBaseName", "lobechat"),
    ("chat", "2.2 private", "oss/bucketAcl:BucketAcl", "chat-bucket-acl", "acl", "private"),
    (
        "chat", "2.2 never public", "oss/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "chat-bucket-public-access-block", "blockPublicAccess", True,
    ),
    ("chat", "2.3 an image", FUNCTION, CHAT, "runtime", "custom-container"),
    ("chat", "2.3 port", FUNCTION, CHAT, "customContainerConfig.port", 3210),
    ("chat", "2.3 1 vCPU", FUNCTION, CHAT, "cpu", 1.0),
    ("chat", "2.3 2048 MB", FUNCTION, CHAT, "memorySize", 2048),
    ("chat", "2.3 300 seconds", FUNCTION, CHAT, "timeout", 300),
    ("chat", "2.4 internet", GATEWAY, "chat-gateway-gateway", "networkAccessConfig.type", "Internet"),
    ("chat", "2.4 route", ROUTE, "chat-gateway-route-site", "match", {"path": {"type": "Prefix", "value": "/"}}),
    ("chat", "2.4 one service", ROUTE, "chat-gateway-route-site", "backend.scene", "SingleService"),
    ("model-server", "2.8 an image", FUNCTION, MODELS, "runtime", "custom-container"),
    ("model-server", "2.8 8 vCPU", FUNCTION, MODELS, "cpu", 8.0),
    ("model-server", "2.8 32 GB", FUNCTION, MODELS, "memorySize", 32768),
    ("model-server", "2.8 files", FILES, "models-files-files", "protocolType", "NFS"),
    ("model-server", "2.8 seen as", FUNCTION, MODELS, "nasConfig.mountPoints.0.mountDir", "/ollama"),
    ("model-server", "2.8 models", FUNCTION, MODELS, "environmentVariables.OLLAMA_MODELS", "/ollama"),
    ("model-server", "2.8 origins", FUNCTION, MODELS, "environmentVariables.OLLAMA_ORIGINS", "*"),
    ("model-server", "its port", FUNCTION, MODELS, "customContainerConfig.port", 11434),
]  # fmt: skip
"""What holds in both stages: example, step, type, name, property, value."""

DIFFERS: list[tuple[str, str, str, str, Any, Any]] = [
    ("agent-web", FUNCTION, AGENT, "timeout", 180, 300),
    ("agent-web", FUNCTION, AGENT, "memorySize", 1024, 2048),
    ("chat", DATABASE, "chat-database-instance", "category", "serverless_basic", "HighAvailability"),
    ("chat", FUNCTION, CHAT, "environmentVariables.NEXT_AUTH_SSO_PROVIDERS", "github", "auth0"),
    ("model-server", FUNCTION, MODELS, "gpuConfig.gpuType", "fc.gpu.tesla.1", "fc.gpu.ampere.1"),
    ("model-server", FUNCTION, MODELS, "gpuConfig.gpuMemorySize", 16384, 24576),
]
"""What the pages say that stages differ in: example, type, name, property, dev's value, prod's."""


@every_stage
@pytest.mark.parametrize(
    ("name", "step", "kind", "resource", "path", "wanted"), EACH, ids=[f"{s[0]} {s[1]} {s[4]}" for s in EACH]
)
def test_step(name: str, step: str, kind: str, resource: str, path: str, wanted: Any, stage: str) -> None:
    assert look(one(run(name, stage), kind, resource).inputs, path) == wanted


@pytest.mark.parametrize(
    ("name", "kind", "resource", "path", "dev", "prod"), DIFFERS, ids=[f"{d[0]} {d[3]}" for d in DIFFERS]
)
def test_stages_differ(name: str, kind: str, resource: str, path: str, dev: Any, prod: Any) -> None:
    assert [look(one(run(name, stage), kind, resource).inputs, path) for stage in ("dev", "prod")] == [dev, prod]


# The custom agent


@every_stage
def test_the_agent_is_code_in_a_private_bucket_under_its_hash(stage: str) -> None:
    recording = run("agent-web", stage)
    function, archive = one(recording, FUNCTION, AGENT), one(recording, "oss/bucketObject:BucketObject")
    bucket = one(recording, BUCKET, f"{PLACE}-artifacts-bucket")
    assert function.inputs["code"]["ossBucketName"] == archive.inputs["bucket"] == bucket.inputs["bucket"]
    assert function.inputs["code"]["ossObjectName"] == archive.inputs["key"]
    assert waits_for(recording, function, archive)
    assert not recording.of_type("qiao:alicloud:Registry"), "code needs none"


@every_stage
def test_the_agent_is_called_with_tokens_of_its_own_key_alone(stage: str) -> None:
    recording = run("agent-web", stage)
    outputs, keys = recording.outputs["agent"], reveal(recording.outputs["application_secrets"])
    assert isinstance(recording.outputs["application_secrets"]["agent"]["signing_key"], Secret)
    consumer = gap(recording, "Consumer")
    claims = {name: outputs[name] for name in ("issuer", "audience")}
    token = tokens.mint(keys["agent"]["signing_key"], **claims, subject="me", lifetime_seconds=60)
    assert tokens.verify(token, consumer.inputs["jwks"], **claims)["sub"] == "me"
    assert (consumer.inputs["payload_key"], consumer.inputs["payload_value"]) == ("iss", outputs["issuer"])
    checks = {p.name: p for p in every(recording, POLICY) if p.inputs["policyClassName"] == "Authentication"}
    for route in ("chat", "health"):
        check = checks[f"agent-gateway-policy-{route}-jwt"]
        assert json.loads(check.inputs["policyConfig"]) == {"authenticationType": "Jwt", "enable": True}
        published = gap(recording, "RouteDeployment", f"agent-gateway-deployment-{route}")
        assert check.urn in published.depends_on, "before it stands, everybody would be let through"
        grant = gap(recording, "ConsumerGrant", f"agent-gateway-grant-{route}")
        assert grant.inputs["consumer_id"] == consumer.outputs["consumer_id"]
        assert published.urn in grant.depends_on, "nobody is granted a route that is not published"


def test_the_agents_address_and_its_way_out() -> None:
    dev, prod = run("agent-web", "dev"), run("agent-web", "prod")
    assert prod.outputs["agent"]["chat_url"] == "https://agent.example.com/v1/chat/completions"
    address = gap(dev, "GatewayAddress").outputs["address"]
    assert dev.outputs["agent"]["chat_url"] == f"http://{address}/v1/chat/completions"
    any_host = gap(dev, "AnyHostDomain").outputs["domain_id"]
    assert [route.inputs["domainIds"] for route in every(dev, ROUTE)] == [[any_host]] * 2
    assert not every(dev, "apig/domain:Domain")
    nat = one(prod, "vpc/natGateway:NatGateway")
    assert {entry.inputs["snatTableId"] for entry in every(prod, "vpc/snatEntry:SnatEntry")} == {
        nat.outputs["snatTableIds"]
    }
    assert one(prod, FUNCTION, AGENT).inputs["internetAccess"] is False, "past it, callers would see other addresses"
    assert not every(dev, "vpc/natGateway:NatGateway")
    assert one(dev, FUNCTION, AGENT).inputs["internetAccess"] is True


# The chat


@every_stage
def test_the_chat_has_every_variable_of_the_guide(stage: str) -> None:
    recording = run("chat", stage)
    given = environment(recording, "chat")
    login = {"dev": {"GITHUB_CLIENT_ID", "GITHUB_CLIENT_SECRET"}, "prod": {
        "AUTH0_CLIENT_ID", "AUTH0_CLIENT_SECRET", "AUTH0_ISSUER",
    }}[stage]  # fmt: skip
    clear = {
        "NEXT_PUBLIC_S3_DOMAIN", "NEXT_PUBLIC_SERVICE_MODE", "S3_BUCKET", "S3_ENDPOINT", "S3_REGION",
        "NEXT_AUTH_SSO_PROVIDERS",
    }  # fmt: skip
    secret = {
        "DATABASE_URL", "KEY_VAULTS_SECRET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY", "NEXT_AUTH_SECRET",
        "ACCESS_CODE",
    }  # fmt: skip
    assert clear | secret | login <= set(given)
    for name in secret | {name for name in login if name.endswith("SECRET")}:
        assert isinstance(given[name], Secret), name
    assert given["NEXT_PUBLIC_SERVICE_MODE"] == "server"
    assert ("NEXTAUTH_URL" in given) == (stage == "prod"), "dev learns its address from the first `up`"
    if stage == "prod":
        assert given["NEXTAUTH_URL"] == "https://chat.example.com/api/auth"
        assert given["AUTH0_ISSUER"].startswith("https://")


@every_stage
def test_the_chats_database_is_told_by_its_private_address_in_the_chats_network(stage: str) -> None:
    recording = run("chat", stage)
    database, user = one(recording, DATABASE), one(recording, "rds/rdsAccount:RdsAccount")
    url = reveal(environment(recording, "chat")["DATABASE_URL"])
    password = reveal(user.inputs["accountPassword"])
    host, port = (database.outputs[key] for key in ("connectionString", "port"))
    assert url == f"postgresql://lobechat:{password}@{host}:{port}/lobechat"
    assert database.inputs["vpcId"] == one(recording, FUNCTION, CHAT).inputs["vpcConfig"]["vpcId"]
    assert database.inputs["securityIps"] == [switch.inputs["cidrBlock"] for switch in switches(recording)]


@every_stage
def test_the_chats_key_opens_its_bucket_alone(stage: str) -> None:
    recording = run("chat", stage)
    bucket = one(recording, BUCKET, "chat-bucket-bucket").inputs["bucket"]
    rights = json.loads(one(recording, "ram/policy:Policy", "chat-storage-policy").inputs["policyDocument"])
    resources = {resource for statement in rights["Statement"] for resource in statement["Resource"]}
    assert resources == {f"acs:oss:*:*:{bucket}", f"acs:oss:*:*:{bucket}/*"}
    key = one(recording, "ram/accessKey:AccessKey", "chat-storage-key-primary")
    assert environment(recording, "chat")["S3_SECRET_ACCESS_KEY"] == Secret(reveal(key.outputs["secret"]))


def test_the_chats_callback_is_told_and_who_is_to_enter_it() -> None:
    prod, dev = planned("chat", "prod"), planned("chat", "dev")
    assert prod.outputs["chat"]["callback_url"] == "https://chat.example.com/api/auth/callback/auth0"
    line = "chat: in the Auth0 application, allow the callback URL https://chat.example.com/api/auth/callback/auth0"
    assert line in prod.checklist
    assert dev.outputs["chat"]["callback_url"].endswith("/api/auth/callback/github")
    assert [line for line in dev.checklist if line.startswith("chat: set apps.chat.site_url to http://")]
    assert [line for line in dev.checklist if "the permission to read e-mail addresses" in line]


@every_stage
def test_the_chats_repository_is_private(stage: str) -> None:
    recording = run("chat", stage)
    kind = {"dev": "cr/repo:Repo", "prod": "cs/registryEnterpriseRepo:RegistryEnterpriseRepo"}[stage]
    repository = one(recording, kind, f"{PLACE}-registry-repository-lobe-chat-database")
    assert (repository.inputs["name"], repository.inputs["repoType"]) == ("lobe-chat-database", "PRIVATE")
    outputs = recording.outputs["chat"]
    image = one(recording, FUNCTION, CHAT).inputs["customContainerConfig"]["image"]
    assert image.endswith("/lobe-chat-database:1.143.3")
    # Pushed to the public host, pulled by the one inside.
    public, inner = outputs["push_target"].split("/")[0], image.split("/")[0]
    assert inner.replace("-vpc.", ".") == public
    assert "-vpc." in inner
    if stage == "prod":
        allowed = one(recording, "cr/endpointAclPolicy:EndpointAclPolicy")
        assert allowed.inputs["entry"] == "203.0.113.10/32"


# The model server


def test_models_are_reached_from_the_network_in_dev_and_with_a_token_in_prod() -> None:
    dev, prod = run("model-server", "dev"), run("model-server", "prod")
    assert not every(dev, GATEWAY)
    assert dev.outputs["models"]["url"] == one(dev, TRIGGER).outputs["httpTrigger"]["urlIntranet"]
    assert not every(prod, TRIGGER)
    assert not every(prod, "fc/v3VpcBinding:V3VpcBinding"), "a gateway's calls would be refused too"
    assert prod.outputs["models"]["url"] == "https://models.example.com"
    assert one(prod, ROUTE).inputs["match"] == {"path": {"type": "Prefix", "value": "/"}}
    assert [grant.name for grant in gaps(prod, "ConsumerGrant")] == ["models-gateway-grant-models"]
    assert isinstance(prod.outputs["application_secrets"]["models"]["signing_key"], Secret)


@every_stage
def test_models_lie_on_a_file_system_that_the_subnets_alone_may_mount(stage: str) -> None:
    recording = run("model-server", stage)
    function, target = one(recording, FUNCTION, MODELS), one(recording, "nas/mountTarget:MountTarget")
    (point,) = function.inputs["nasConfig"]["mountPoints"]
    assert point["serverAddr"] == f"{target.outputs['mountTargetDomain']}:/"
    assert target.inputs["vpcId"] == one(recording, VPC).id == function.inputs["vpcConfig"]["vpcId"]
    rules = every(recording, "nas/accessRule:AccessRule")
    assert [rule.inputs["sourceCidrIp"] for rule in rules] == [s.inputs["cidrBlock"] for s in switches(recording)]
    assert {rule.inputs["accessGroupName"] for rule in rules} == {target.inputs["accessGroupName"]}
    assert all(waits_for(recording, function, rule) for rule in rules), "a mount before is refused"


@every_stage
def test_an_instance_pulls_what_settings_name_before_its_first_call(stage: str) -> None:
    recording = run("model-server", stage)
    named = {"dev": ["llama3.1:8b"], "prod": ["llama3.1:8b", "qwen2.5:7b"]}[stage]
    assert recording.outputs["models"]["models"] == named
    starts = one(recording, FUNCTION, MODELS).inputs["instanceLifecycleConfig"]["initializer"]
    assert starts["timeout"] == 600
    steps = starts["commands"][-1].split("; ")
    assert [step.partition(" || ")[2] for step in steps if "ollama pull" in step] == [
        f"ollama pull {model}" for model in named
    ]
    assert not gaps(recording, "ProvisionedConcurrency"), "no card waits for calls"


def test_cards_have_a_lid_in_prod() -> None:
    lid = one(run("model-server", "prod"), "fc/v3ConcurrencyConfig:V3ConcurrencyConfig")
    assert lid.inputs["reservedConcurrency"] == 4
    assert lid.inputs["functionName"] == "model-server-prod-models-function"


# What pages offer beyond the files


def test_another_domain_can_be_named_for_any_host(tmp_path: Path) -> None:
    native = {"gateway": {"any_host_domain_id": "d-0123456789abcdef"}}
    recording = Stage("agent-web", "dev", tmp_path).set("agent", native=native)
    assert not every(recording, "apig/domain:Domain")
    assert not gaps(recording, "AnyHostDomain")
    assert [route.inputs["domainIds"] for route in every(recording, ROUTE)] == [["d-0123456789abcdef"]] * 2


def test_the_address_that_the_first_up_puts_out_completes_the_chat(tmp_path: Path) -> None:
    site = "http://gateway.example.com"
    recording = Stage("chat", "dev", tmp_path).set("chat", site_url=site)
    given = environment(recording, "chat")
    assert (given["APP_URL"], given["NEXTAUTH_URL"]) == (site, f"{site}/api/auth")
    assert recording.outputs["chat"]["callback_url"] == f"{site}/api/auth/callback/github"
    (rule,) = one(recording, BUCKET, "chat-bucket-bucket").inputs["corsRules"]
    assert rule["allowedOrigins"] == [site]
    assert not [line for line in recording.outputs["checklist"] if "set apps.chat.site_url" in line]


def test_an_instance_can_be_kept_ready_its_card_frozen_between_calls(tmp_path: Path) -> None:
    recording = Stage("model-server", "prod", tmp_path).set("models", provisioned_concurrency=1)
    kept = gap(recording, "ProvisionedConcurrency")
    assert (kept.inputs["target"], kept.inputs["qualifier"]) == (1, "live")
    assert kept.inputs["always_allocate_gpu"] is False
