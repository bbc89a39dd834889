"""The agent where functions have roles and the stack signs tokens: who it is, what it is told, who may call it."""

from __future__ import annotations

import base64
import json
import time
from typing import Any

import jwt
import pytest

from components import tokens
from components.errors import UserError
from qiao.plan.recording import UNKNOWN, Recording, reveal
from qiao.plan.wire import Secret
from tests.stacks.agent_support import (
    ASKED,
    ENDPOINT,
    FUNCTION,
    PLACE,
    PROJECT,
    TOKEN,
    TRACES,
    ZONES,
    agent,
    envs,
    full,
    function,
    gap,
    get,
    ran,
    rights,
    shared,
)
from tests.stacks.chat_support import waits_for
from tests.stacks.support import all_in_clear, run

STAGES = ["dev", "prod"]
BOTH = ["agent-function", "agent-knowledge-base"]
KEYS = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
every_stage = pytest.mark.parametrize("stage", STAGES)
known_or_not = pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])


# Who it is


@every_stage
@pytest.mark.parametrize("name", BOTH)
def test_a_function_is_a_role_of_its_own_that_may_do_what_it_needs_and_no_more(name: str, stage: str) -> None:
    recording = full(stage)
    bucket = reveal(get(recording, "oss/bucket:Bucket", "agent-bucket-bucket").inputs["bucket"])
    project = get(recording, "log/project:Project", f"{PLACE}-logs-project").inputs["projectName"]
    store = get(recording, "log/store:Store", f"{PLACE}-logs-app-store").inputs["logstoreName"]
    network, logs, *asked = rights(recording, name)
    assert {action.split(":")[0] for action in network["Action"]} == {"ecs", "vpc"}
    assert logs == {
        "Action": ["log:PostLogStoreLogs"], "Effect": "Allow",
        "Resource": [f"acs:log:cn-hangzhou:*:project/{reveal(project)}/logstore/{reveal(store)}"],
    }  # fmt: skip
    assert asked == [
        {"Action": ["oss:ListObjects"], "Effect": "Allow", "Resource": [f"acs:oss:*:*:{bucket}"]},
        {
            "Action": [
                "oss:AbortMultipartUpload", "oss:DeleteObject", "oss:GetObject", "oss:ListParts", "oss:PutObject",
            ],
            "Effect": "Allow", "Resource": [f"acs:oss:*:*:{bucket}/*"],
        },
        {"Action": ASKED["actions"], "Effect": "Allow", "Resource": ASKED["resources"]},
    ]  # fmt: skip


@pytest.mark.parametrize("name", BOTH)
def test_only_the_functions_service_takes_its_role_on_and_no_call_comes_before_its_rights(name: str) -> None:
    recording = full()
    role = get(recording, "ram/role:Role", f"{name}-role")
    (statement,) = json.loads(role.inputs["assumeRolePolicyDocument"])["Statement"]
    assert statement["Principal"] == {"Service": ["fc.aliyuncs.com"]}
    assert function(recording, name).inputs["role"] == role.outputs["arn"]
    attached = get(recording, "ram/rolePolicyAttachment:RolePolicyAttachment", f"{name}-role-attached")
    assert attached.urn in function(recording, name).depends_on


@every_stage
@known_or_not
def test_no_key_for_good_is_made_where_a_role_does(stage: str, preview: bool) -> None:
    recording = full(stage, preview=preview)
    assert not recording.of_type("alicloud:ram/accessKey:AccessKey")
    assert [user.name for user in recording.of_type("alicloud:ram/user:User")] == ["agent-operator-user"]
    for name in BOTH:
        assert not set(KEYS) & set(envs(recording, name)), "the platform fills them for the role"


def test_a_key_is_made_where_settings_ask_for_one() -> None:
    recording = ran(identity={"keys": ["primary"], "permissions": [ASKED]})
    key = get(recording, "ram/accessKey:AccessKey", "agent-runtime-key-primary")
    given = envs(recording)
    assert [given[name] for name in KEYS] == [Secret(key.id), key.outputs["secret"]]
    assert isinstance(key.outputs["secret"], Secret)
    policy = json.loads(reveal(get(recording, "ram/policy:Policy", "agent-runtime-policy").inputs["policyDocument"]))
    asked = {"Action": ASKED["actions"], "Effect": "Allow", "Resource": ASKED["resources"]}
    assert policy["Statement"] == [asked]
    assert asked in rights(recording)


def test_a_key_that_replaces_another_is_the_active_one() -> None:
    recording = ran(identity={"keys": {"primary": False, "secondary": True}})
    states = {
        key.name: key.inputs["status"] for key in recording.of_type("alicloud:ram/accessKey:AccessKey")
    }  # fmt: skip
    assert states == {"agent-runtime-key-primary": "Inactive", "agent-runtime-key-secondary": "Active"}
    key = get(recording, "ram/accessKey:AccessKey", "agent-runtime-key-secondary")
    assert envs(recording)[KEYS[1]] == key.outputs["secret"]


def test_who_operates_it_is_another_user_without_a_key() -> None:
    attached = full().of_type("alicloud:ram/userPolicyAttachment:UserPolicyAttachment")
    system = {one.inputs["policyName"] for one in attached if one.inputs["policyType"] == "System"}
    assert "AliyunFCFullAccess" in system
    assert not {policy for policy in system if policy in ("AdministratorAccess", "AliyunRAMFullAccess")}


def test_variables_of_keys_are_qiaos_to_write() -> None:
    for name in KEYS:
        with pytest.raises(UserError, match=rf"apps.agent.env.{name}: Qiao writes this variable itself; leave it out"):
            ran(env={name: "x"})


# What it is told


@every_stage
@pytest.mark.parametrize("name", BOTH)
def test_traces_go_where_settings_say_with_a_secret_token(name: str, stage: str) -> None:
    given = envs(full(stage), name)
    assert given["OTEL_EXPORTER_OTLP_ENDPOINT"] == ENDPOINT
    assert given["OTEL_EXPORTER_OTLP_PROTOCOL"] == "grpc"
    assert given["OTEL_SERVICE_NAME"] == "agent"
    assert given["OTEL_RESOURCE_ATTRIBUTES"] == f"service.namespace=qiao,deployment.environment={stage}"
    assert given["OTEL_EXPORTER_OTLP_HEADERS"] == Secret(f"Authentication={TOKEN}")


@pytest.mark.parametrize(
    ("native", "settings"), [(None, {}), (TRACES, {"traces": False})], ids=["none to send to", "not wanted"]
)
def test_without_a_place_or_a_wish_it_is_told_nothing_of_traces(native: Any, settings: dict[str, Any]) -> None:
    recording = ran(native=native, **settings)
    assert not [name for name in envs(recording) if name.startswith("OTEL")]


@every_stage
@known_or_not
def test_nothing_secret_is_in_clear(stage: str, preview: bool) -> None:
    recording = full(stage, preview=preview)
    secret = {name for name, value in envs(recording).items() if isinstance(value, Secret)}
    assert secret == {"DATABASE_URL", "OTEL_EXPORTER_OTLP_HEADERS"}
    password = get(recording, "rds/rdsAccount:RdsAccount", "agent-database-user").inputs["accountPassword"]
    assert isinstance(password, Secret)
    secrets = [text for text in (TOKEN, reveal(password)) if text is not UNKNOWN]
    found = [(where, text) for where, text in all_in_clear(recording) if any(one in text for one in secrets)]
    assert found == []


def test_its_database_and_bucket_are_told_and_waited_for() -> None:
    recording = full()
    account = get(recording, "rds/rdsAccount:RdsAccount", "agent-database-user")
    instance = get(recording, "rds/instance:Instance", "agent-database-instance")
    password, outputs = reveal(account.inputs["accountPassword"]), instance.outputs
    address = f"postgresql://app:{password}@{outputs['connectionString']}:{outputs['port']}/app"
    bucket = get(recording, "oss/bucket:Bucket", "agent-bucket-bucket")
    block = get(recording, "oss/bucketPublicAccessBlock:BucketPublicAccessBlock", "agent-bucket-public-access-block")
    for name in BOTH:
        assert envs(recording, name)["DATABASE_URL"] == Secret(address)
        assert envs(recording, name)["BUCKET_NAME"] == reveal(bucket.inputs["bucket"])
        assert waits_for(recording, function(recording, name), account)
        assert waits_for(recording, function(recording, name), block)
    switches = [get(recording, "vpc/switch:Switch", f"{PLACE}-network-vswitch-{zone}") for zone in ZONES]
    assert instance.inputs["securityIps"] == [switch.inputs["cidrBlock"] for switch in switches]


# What runs


@every_stage
@known_or_not
def test_its_folder_is_a_server_on_port_9000(stage: str, preview: bool) -> None:
    recording = full(stage, preview=preview)
    given = function(recording).inputs
    assert given["runtime"] == "custom.debian12"
    assert given["customRuntimeConfig"]["port"] == 9000
    assert given["customRuntimeConfig"]["commands"] == ["./run.sh"]
    assert "customContainerConfig" not in given
    archive = get(recording, "oss/bucketObject:BucketObject", "agent-function-code")
    artifacts = get(recording, "oss/bucket:Bucket", f"{PLACE}-artifacts-bucket")
    assert artifacts.urn in archive.depends_on or waits_for(recording, archive, artifacts)
    assert given["code"]["ossObjectName"] == (UNKNOWN if preview else archive.inputs["key"])
    assert archive.urn in function(recording).input_dependencies["code"]


def test_the_knowledge_base_is_a_handler_called_behind() -> None:
    recording = full()
    given = function(recording, "agent-knowledge-base").inputs
    assert (given["runtime"], given["handler"], given["timeout"]) == ("python3.12", "index.handler", 300)
    calls = gap(recording, "AsyncInvoke", "agent-knowledge-base-async")
    assert (calls.inputs["max_retries"], calls.inputs["qualifier"]) == (1, "live")
    route = get(recording, "apig/route:Route", "agent-gateway-route-knowledge-base")
    assert route.inputs["match"] == {"path": {"type": "Prefix", "value": "/api/v2/kb"}, "methods": ["POST"]}
    assert recording.outputs["agent"]["kb_url"] == "https://agent.example.com/api/v2/kb"


def test_an_image_in_the_stacks_registry_is_pulled_from_inside() -> None:
    native = {"registry": {"host": "crpi-1.cn-hangzhou.personal.cr.aliyuncs.com"}}
    recording = ran(code=None, image={"name": "bot", "tag": "1.0.0"}, native=native)
    given = function(recording).inputs
    assert given["runtime"] == "custom-container"
    space = get(recording, "cr/namespace:Namespace", f"{PLACE}-registry-namespace").inputs["name"]
    image = given["customContainerConfig"]["image"]
    assert image == f"crpi-1-vpc.cn-hangzhou.personal.cr.aliyuncs.com/{space}/bot:1.0.0"
    pulls = [one for one in rights(recording) if "cr:PullRepository" in one["Action"]]
    assert [action for one in pulls for action in one["Action"] if not action.startswith(("cr:Get", "cr:List"))] == [
        "cr:PullRepository"
    ]


@pytest.mark.parametrize(
    ("release", "weight", "force"), [({}, 100, False), ({"weight": 10}, 10, False), ({"weight": 0}, 0, False)]
)
def test_a_release_takes_over_by_shares_behind_one_alias(release: dict[str, int], weight: int, force: bool) -> None:
    recording = ran(release=release)
    history = gap(recording, "ReleaseHistory", "agent-function-history")
    assert (history.inputs["weight"], history.inputs["force"]) == (weight, force)
    alias = get(recording, "fc/v3Alias:V3Alias", "agent-function-alias")
    assert (alias.inputs["aliasName"], alias.inputs["versionId"]) == ("live", history.outputs["stable_version"])
    version = get(recording, "fc/v3FunctionVersion:V3FunctionVersion", "agent-function-version")
    assert version.retain_on_delete, "the alias may point to it still"
    assert gap(recording, "FunctionReady", "agent-function-ready").urn in version.depends_on
    service = get(recording, "apig/service:Service", "agent-gateway-service-agent-function")
    assert service.inputs["qualifier"] == "live"


def test_going_back_is_one_number() -> None:
    recording = ran(release={"revision": 3})
    assert gap(recording, "ReleaseHistory", "agent-function-history").inputs["revision"] == 3


# Who may call it


def bearer(recording: Recording, key: str | None = None, **claims: Any) -> str:
    """A token by the stack's key, or another; its claims as asked."""
    told = recording.outputs["agent"]
    given = {"issuer": told["issuer"], "audience": told["audience"], "subject": "me", "lifetime_seconds": 60} | claims
    return tokens.mint(key or reveal(recording.outputs["application_secrets"]["agent"]["signing_key"]), **given)


def passes(recording: Recording, token: str) -> bool:
    """Whether a token is one that the gateway's consumer knows."""
    told = recording.outputs["agent"]
    jwks = gap(recording, "Consumer", "agent-gateway-consumer").inputs["jwks"]
    try:
        tokens.verify(token, jwks, issuer=told["issuer"], audience=told["audience"])
    except jwt.InvalidTokenError:
        return False
    return True


@every_stage
def test_a_token_of_the_key_that_is_put_out_is_accepted(stage: str) -> None:
    recording = full(stage)
    assert isinstance(recording.outputs["application_secrets"]["agent"]["signing_key"], Secret)
    assert "signing_key" not in recording.outputs["agent"]
    assert passes(recording, bearer(recording))


@every_stage
def test_an_expired_a_foreign_an_unsigned_and_a_none_are_refused(stage: str) -> None:
    recording = full(stage)
    other = full("prod" if stage == "dev" else "dev").outputs["application_secrets"]["agent"]["signing_key"]
    good = bearer(recording)
    head, body, signature = good.split(".")
    none = base64.urlsafe_b64encode(json.dumps({**jwt.get_unverified_header(good), "alg": "none"}).encode()).decode()
    refused = {
        "expired": bearer(recording, now=time.time() - 3600),
        "foreign": bearer(recording, reveal(other)),
        "issuer": bearer(recording, issuer="urn:other"),
        "audience": bearer(recording, audience="urn:other"),
        "unsigned": f"{head}.{body}.",
        "alg none": f"{none.rstrip('=')}.{body}.",
        "changed": f"{head}.{body[:-2]}{'AA' if body[-2:] != 'AA' else 'BB'}.{signature}",
    }
    assert [name for name, token in refused.items() if passes(recording, token)] == []
    assert passes(recording, good)


def test_every_route_checks_and_is_granted_after_it_is_published() -> None:
    recording = full("prod")
    consumer = gap(recording, "Consumer", "agent-gateway-consumer")
    for name in ("chat", "health", "knowledge-base"):
        check = get(recording, "apig/policy:Policy", f"agent-gateway-policy-{name}-jwt")
        published = gap(recording, "RouteDeployment", f"agent-gateway-deployment-{name}")
        grant = gap(recording, "ConsumerGrant", f"agent-gateway-grant-{name}")
        assert {check.urn, consumer.urn} <= set(published.depends_on)
        assert published.urn in grant.depends_on
        assert grant.inputs["consumer_id"] == consumer.outputs["consumer_id"]
        route = get(recording, "apig/route:Route", f"agent-gateway-route-{name}")
        assert grant.inputs["route_id"] == route.outputs["routeId"] == check.inputs["attachResourceIds"][0]


def test_an_agent_that_logs_users_in_itself_is_asked_for_no_token() -> None:
    recording = ran(auth="app")
    assert not recording.of_type("tls:index/privateKey:PrivateKey")
    assert not recording.of_type("pulumi-python:dynamic/alicloud:Consumer")
    policies = {p.inputs["policyClassName"] for p in recording.of_type("alicloud:apig/policy:Policy")}
    assert policies == {"Timeout"}
    assert "application_secrets" not in recording.outputs
    assert not {"issuer", "audience"} & set(recording.outputs["agent"])


def test_two_agents_have_keys_and_names_of_their_own() -> None:
    second = agent(domain={**agent()["domain"], "name": "two.example.com"})
    recording = run({"agent": agent(), "two": second}, shared(), project_dir=PROJECT)
    first, other = (recording.outputs[name] for name in ("agent", "two"))
    assert first["issuer"] != other["issuer"]
    assert first["audience"] != other["audience"]
    jwks = {gap(recording, "Consumer", f"{name}-gateway-consumer").inputs["jwks"] for name in ("agent", "two")}
    assert len(jwks) == 2


@known_or_not
def test_its_domain_is_https_alone_and_its_record_comes_last(preview: bool) -> None:
    recording = full("prod", preview=preview)
    domain = get(recording, "apig/domain:Domain", "agent-gateway-domain")
    assert (domain.inputs["domainName"], domain.inputs["protocol"], domain.inputs["forceHttps"]) == (
        "agent.example.com", "HTTPS", True,
    )  # fmt: skip
    record = get(recording, "dns/alidnsRecord:AlidnsRecord", "agent-gateway-record")
    for name in ("chat", "health", "knowledge-base"):
        assert gap(recording, "RouteDeployment", f"agent-gateway-deployment-{name}").urn in record.depends_on
        assert gap(recording, "ConsumerGrant", f"agent-gateway-grant-{name}").urn in record.depends_on


def test_a_preview_knows_what_tokens_must_say_and_no_key() -> None:
    outputs = full(preview=True).outputs
    assert outputs["agent"]["issuer"] == full().outputs["agent"]["issuer"]
    assert outputs["agent"]["chat_url"] is UNKNOWN
    assert not isinstance(outputs["application_secrets"]["agent"]["signing_key"], str)


def test_functions_have_no_door_beside_the_gateway() -> None:
    for stage in STAGES:
        assert not full(stage).of_type("alicloud:fc/v3Trigger:V3Trigger")
        assert {r.name for r in full(stage).of_type(f"alicloud:{FUNCTION}")} == {f"{name}-function" for name in BOTH}
