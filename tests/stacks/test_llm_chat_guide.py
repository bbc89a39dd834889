"""The production chat's guide, chapter by chapter: each step that infrastructure can do, as resource, property, value.

Chapter numbers are the guide's own. Steps that only people can do are lines of the checklist.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.errors import UserError
from qiao.plan.recording import reveal
from qiao.plan.wire import Secret
from tests.stacks.chat_support import (
    ACCOUNT,
    APIG_DOMAIN,
    AUTH0,
    BUCKET,
    DATABASE,
    DOMAIN,
    FUNCTION,
    GATEWAY,
    GITHUB,
    GROUP,
    PLACE,
    RECORD,
    REGION,
    ROUTE,
    SERVICE,
    SITE,
    SWITCHES,
    VPC,
    chat,
    envs,
    gap,
    guide,
    one,
    shared,
    waits_for,
)
from tests.stacks.support import run

STEPS: list[tuple[str, tuple[str, str], str, Any]] = [
    ("2.1 instance", DATABASE, "engine", "PostgreSQL"),
    ("2.1 lowest size", DATABASE, "category", "serverless_basic"),
    ("2.1 by use", DATABASE, "instanceChargeType", "Serverless"),
    ("2.1 user", ACCOUNT, "accountName", "lobechat"),
    ("2.1 highest privilege", ACCOUNT, "accountType", "Super"),
    ("2.1 database", ("rds/database:Database", "chat-database-database"), "dataBaseName", "lobechat"),
    ("2.1 owned", ("rds/accountPrivilege:AccountPrivilege", "chat-database-privilege"), "privilege", "DBOwner"),
    ("2.2 private", ("oss/bucketAcl:BucketAcl", "chat-bucket-acl"), "acl", "private"),
    (
        "2.2 public access blocked",
        ("oss/bucketPublicAccessBlock:BucketPublicAccessBlock", "chat-bucket-public-access-block"),
        "blockPublicAccess", True,
    ),
    ("2.2 uploads from the site", BUCKET, "corsRules.0.allowedOrigins", [SITE]),
    ("2.2 uploads from the site", BUCKET, "corsRules.0.allowedMethods", ["GET", "PUT", "POST", "HEAD"]),
    ("2.2 uploads from the site", BUCKET, "corsRules.0.allowedHeaders", ["*"]),
    ("2.2 uploads in parts", BUCKET, "corsRules.0.exposeHeaders", ["ETag"]),
    ("2.3 namespace", ("cr/namespace:Namespace", f"{PLACE}-registry-namespace"), "defaultVisibility", "PRIVATE"),
    ("2.3 repository", ("cr/repo:Repo", f"{PLACE}-registry-repository-lobe-chat-database"), "repoType", "PRIVATE"),
    ("2.3 custom container", FUNCTION, "runtime", "custom-container"),
    ("2.3 port", FUNCTION, "customContainerConfig.port", 3210),
    ("2.3 1 vCPU", FUNCTION, "cpu", 1.0),
    ("2.3 2048 MB", FUNCTION, "memorySize", 2048),
    ("2.3 300 seconds", FUNCTION, "timeout", 300),
    ("2.4 by the hour", GATEWAY, "paymentType", "PayAsYouGo"),
    ("2.4 internet", GATEWAY, "networkAccessConfig.type", "Internet"),
    ("2.4 own domain", APIG_DOMAIN, "domainName", "chat.example.com"),
    ("2.4 HTTPS", APIG_DOMAIN, "protocol", "HTTPS"),
    ("2.4 HTTPS alone", APIG_DOMAIN, "forceHttps", True),
    ("2.4 record", RECORD, "domainName", "example.com"),
    ("2.4 record", RECORD, "rr", "chat"),
    ("2.4 record", RECORD, "type", "CNAME"),
    ("2.4 service", SERVICE, "sourceType", "FC3"),
    ("2.4 route", ROUTE, "match.path", {"type": "Prefix", "value": "/"}),
    ("2.4 one service", ROUTE, "backend.scene", "SingleService"),
]  # fmt: skip


def look(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


@pytest.mark.parametrize(("step", "resource", "path", "wanted"), STEPS, ids=[f"{s[0]} {s[2]}" for s in STEPS])
def test_step(step: str, resource: tuple[str, str], path: str, wanted: Any) -> None:
    assert look(one(*resource).inputs, path) == wanted


# 2.1 What is stored in tables


def test_2_1_the_database_stands_in_the_network_and_lets_its_vswitches_in_alone() -> None:
    instance, vpc = one(*DATABASE), one(*VPC)
    switches = [one(*switch) for switch in SWITCHES]
    assert instance.inputs["vpcId"] == vpc.id
    assert instance.inputs["vswitchId"] == switches[0].id
    assert instance.inputs["securityIps"] == [switch.inputs["cidrBlock"] for switch in switches]
    assert "0.0.0.0/0" not in json.dumps(instance.inputs["securityIps"])
    assert not guide().of_type("alicloud:rds/connection:Connection")


def test_2_1_lobechat_is_told_the_private_address() -> None:
    instance, password = one(*DATABASE), reveal(one(*ACCOUNT).inputs["accountPassword"])
    host, port = (instance.outputs[key] for key in ("connectionString", "port"))
    assert envs(guide())["DATABASE_URL"] == Secret(f"postgresql://lobechat:{password}@{host}:{port}/lobechat")
    function, database = one(*FUNCTION), one("rds/database:Database", "chat-database-database")
    assert waits_for(guide(), function, database)
    assert isinstance(one(*ACCOUNT).inputs["accountPassword"], Secret)


# 2.2 What is stored as files


def test_2_2_both_addresses_of_the_bucket_are_told() -> None:
    bucket, given = one(*BUCKET), envs(guide())
    name, host = reveal(bucket.inputs["bucket"]), bucket.outputs["extranetEndpoint"]
    assert given["S3_BUCKET"] == name
    assert given["S3_ENDPOINT"] == f"https://{host}"
    assert given["NEXT_PUBLIC_S3_DOMAIN"] == f"https://{name}.{host}"
    assert given["S3_REGION"] == REGION
    assert (given["S3_ENABLE_PATH_STYLE"], given["S3_SET_ACL"]) == ("0", "0")


def test_2_2_the_bucket_is_closed_before_anything_is_told_its_name() -> None:
    for kind, name in (
        ("oss/bucketAcl:BucketAcl", "chat-bucket-acl"),
        ("oss/bucketPublicAccessBlock:BucketPublicAccessBlock", "chat-bucket-public-access-block"),
    ):
        assert waits_for(guide(), one(*FUNCTION), one(kind, name))


def test_2_2_in_place_of_the_account_s_key_one_that_opens_this_bucket_alone() -> None:
    policy, key = (
        one("ram/policy:Policy", "chat-storage-policy"),
        one("ram/accessKey:AccessKey", "chat-storage-key-primary"),
    )
    name = reveal(one(*BUCKET).inputs["bucket"])
    assert json.loads(reveal(policy.inputs["policyDocument"]))["Statement"] == [
        {"Action": ["oss:ListObjects"], "Effect": "Allow", "Resource": [f"acs:oss:*:*:{name}"]},
        {
            "Action": [
                "oss:AbortMultipartUpload", "oss:DeleteObject", "oss:GetObject", "oss:ListParts", "oss:PutObject",
            ],
            "Effect": "Allow", "Resource": [f"acs:oss:*:*:{name}/*"],
        },
    ]  # fmt: skip
    assert key.inputs["userName"] == one("ram/user:User", "chat-storage-user").inputs["name"]
    given = envs(guide())
    assert given["S3_ACCESS_KEY_ID"] == Secret(key.id)
    assert given["S3_SECRET_ACCESS_KEY"] == Secret(reveal(key.outputs["secret"]))
    attached = guide().of_type("alicloud:ram/userPolicyAttachment:UserPolicyAttachment")
    assert [(r.inputs["policyType"], r.inputs["policyName"]) for r in attached] == [
        ("Custom", policy.inputs["policyName"])
    ]


# 2.3 LobeChat itself


def test_2_3_the_image_is_the_one_pushed_into_the_namespace() -> None:
    image = reveal(one(*FUNCTION).inputs["customContainerConfig"])["image"]
    namespace = one("cr/namespace:Namespace", f"{PLACE}-registry-namespace").inputs["name"]
    assert image.split("/", 1)[1] == f"{reveal(namespace)}/lobe-chat-database:1.143.3"
    # Functions pull by the network's own address of the registry.
    assert image.split("/")[0].split(".")[0].endswith("-vpc")
    assert guide().outputs["chat"]["push_target"].endswith(f"/{reveal(namespace)}")


def test_2_3_no_card_and_a_role_of_its_own() -> None:
    function = one(*FUNCTION)
    assert function.inputs.get("gpuConfig") is None
    roles = [r for r in guide().of_type("alicloud:ram/role:Role") if r.name.startswith("chat")]
    assert [role.outputs["arn"] for role in roles] == [function.inputs["role"]]


AUTH0_VARIABLES = {
    "NEXT_AUTH_SSO_PROVIDERS": "auth0",
    "AUTH0_CLIENT_ID": "a0-client",
    "AUTH0_ISSUER": "https://example.auth0.com",
    # The same by the names of later versions.
    "AUTH_AUTH0_ID": "a0-client",
    "AUTH_AUTH0_ISSUER": "https://example.auth0.com",
}
GITHUB_VARIABLES = {
    "NEXT_AUTH_SSO_PROVIDERS": "github",
    "GITHUB_CLIENT_ID": "gh-client",
    "AUTH_GITHUB_ID": "gh-client",
}
PLAIN_VARIABLES = {
    "NEXT_PUBLIC_SERVICE_MODE": "server", "DATABASE_DRIVER": "node", "S3_REGION": REGION, "S3_ENABLE_PATH_STYLE": "0",
    "S3_SET_ACL": "0", "APP_URL": SITE, "NEXTAUTH_URL": f"{SITE}/api/auth", "NEXT_PUBLIC_ENABLE_NEXT_AUTH": "1",
    "AUTH_TRUST_HOST": "true",
}  # fmt: skip
OTHER_VARIABLES = {
    "DATABASE_URL", "KEY_VAULTS_SECRET", "NEXT_AUTH_SECRET", "ACCESS_CODE", "S3_ENDPOINT", "S3_BUCKET",
    "NEXT_PUBLIC_S3_DOMAIN", "S3_PUBLIC_DOMAIN", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY",
}  # fmt: skip


@pytest.mark.parametrize(
    ("login", "own", "secrets"),
    [
        (AUTH0, AUTH0_VARIABLES, {"AUTH0_CLIENT_SECRET", "AUTH_AUTH0_SECRET"}),
        (GITHUB, GITHUB_VARIABLES, {"GITHUB_CLIENT_SECRET", "AUTH_GITHUB_SECRET"}),
    ],
    ids=["auth0", "github"],
)
def test_2_3_and_2_4_exactly_these_variables(login: Any, own: dict[str, str], secrets: set[str]) -> None:
    given = envs(run({"chat": chat(login=login)}, shared()))
    assert set(given) == {*PLAIN_VARIABLES, *own, *secrets, *OTHER_VARIABLES}
    assert {name: given[name] for name in (*PLAIN_VARIABLES, *own)} == PLAIN_VARIABLES | own
    hidden = {"DATABASE_URL", "KEY_VAULTS_SECRET", "NEXT_AUTH_SECRET", "ACCESS_CODE", *secrets}
    hidden |= {"S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"}
    assert {name for name, value in given.items() if isinstance(value, Secret)} == hidden


@pytest.mark.parametrize(
    ("variable", "child"),
    [("KEY_VAULTS_SECRET", "vaults-key"), ("NEXT_AUTH_SECRET", "session-key"), ("ACCESS_CODE", "access-code")],
)
def test_2_3_and_2_4_keys_are_of_32_random_bytes_in_base64(variable: str, child: str) -> None:
    key = guide().get("random:index/randomBytes:RandomBytes", f"chat-{child}")
    assert key.inputs["length"] == 32
    assert envs(guide())[variable] == Secret(reveal(key.outputs["base64"]))


def test_2_3_it_stands_in_both_vswitches_and_the_group_of_its_database() -> None:
    placed = one(*FUNCTION).inputs["vpcConfig"]
    assert placed["vpcId"] == one(*VPC).id == one(*DATABASE).inputs["vpcId"]
    assert placed["vswitchIds"] == [one(*switch).id for switch in SWITCHES]
    assert placed["securityGroupId"] == one(*GROUP).id


def test_2_3_its_logs_are_kept() -> None:
    logs = one(*FUNCTION).inputs["logConfig"]
    assert logs["project"] == reveal(one("log/project:Project", f"{PLACE}-logs-project").inputs["projectName"])


# 2.4 What stands before it


def test_2_4_the_gateway_stands_in_the_network_of_both() -> None:
    gateway = one(*GATEWAY)
    assert gateway.inputs["vpc"]["vpcId"] == one(*VPC).id
    assert gateway.inputs["spec"].startswith("apigw.small.")


def test_2_4_the_record_leads_to_the_entry_address() -> None:
    address = gap("GatewayAddress", "chat-gateway-address")
    assert one(*RECORD).inputs["value"] == address.outputs["address"]
    assert address.inputs["gateway_id"] == one(*GATEWAY).id
    assert guide().outputs["chat"]["cname"] == address.outputs["address"]


def test_2_4_the_service_is_the_function_by_its_alias_and_waited_for() -> None:
    service, function = one(*SERVICE), one(*FUNCTION)
    alias = one("fc/v3Alias:V3Alias", "chat-function-alias")
    assert service.inputs["serviceName"] == function.inputs["functionName"]
    assert service.inputs["qualifier"] == alias.inputs["aliasName"] == "live"
    assert waits_for(guide(), service, alias)
    ready = gap("ServiceReady", "chat-gateway-service-ready-chat-function")
    assert waits_for(guide(), one(*ROUTE), ready)


def test_2_4_the_route_is_bound_to_the_domain_and_published_after_its_policies() -> None:
    route = one(*ROUTE)
    assert route.inputs["domainIds"] == [one(*APIG_DOMAIN).id]
    assert [item["serviceId"] for item in route.inputs["backend"]["services"]] == [one(*SERVICE).id]
    published = gap("RouteDeployment", "chat-gateway-deployment-site")
    for policy in guide().of_type("alicloud:apig/policy:Policy"):
        assert waits_for(guide(), published, policy)


@pytest.mark.parametrize(
    ("slug", "kind", "part"),
    [
        ("rate-limit", "RateLimit", {"limit": 100, "unit": "Second", "responseStatusCode": 429}),
        ("timeout", "Timeout", {"unitNum": 300, "timeUnit": "s", "enable": True}),
        ("headers", "HeaderModify", {"enable": True}),
    ],
)
def test_2_4_the_route_is_guarded(slug: str, kind: str, part: dict[str, Any]) -> None:
    policy = one("apig/policy:Policy", f"chat-gateway-policy-site-{slug}")
    assert policy.inputs["policyClassName"] == kind
    assert policy.inputs["attachResourceType"] == "GatewayRoute"
    written = json.loads(policy.inputs["policyConfig"])
    assert written.items() >= part.items()
    if kind == "HeaderModify":
        (header,) = written["headerOpItems"]
        assert (header["key"], header["value"], header["directionType"]) == ("X-Forwarded-Proto", "https", "Request")


def test_2_4_a_route_waits_as_long_as_the_function_runs_unless_asked_to_wait_longer() -> None:
    plain = run({"chat": chat(policies=None, timeout_seconds=600)}, shared())
    (policy,) = plain.of_type("alicloud:apig/policy:Policy")
    assert json.loads(policy.inputs["policyConfig"])["unitNum"] == 600
    with pytest.raises(UserError, match=r"apps.chat.policies.timeout_seconds: 299 is out of range"):
        run({"chat": chat(policies={"timeout_seconds": 299})}, shared())


def test_2_4_lobechat_logs_its_users_in_itself_and_no_token_is_asked() -> None:
    classes = {r.inputs["policyClassName"] for r in guide().of_type("alicloud:apig/policy:Policy")}
    assert "Authentication" not in classes
    assert not guide().of_type("pulumi-python:dynamic/alicloud:Consumer")
    assert not guide().of_type("tls:index/privateKey:PrivateKey")


def test_2_4_a_domain_whose_zone_is_elsewhere_is_a_line_for_a_person() -> None:
    elsewhere = {key: value for key, value in DOMAIN.items() if key != "dns_zone"}
    recording = run({"chat": chat(domain=elsewhere)}, shared())
    cname = recording.outputs["chat"]["cname"]
    lines = recording.outputs["checklist"]
    assert f"chat.example.com: at your DNS host, set a CNAME record to {cname}" in lines
    assert "chat.example.com: file it (ICP) with the cloud before it serves mainland China" in lines
    assert not recording.of_type("alicloud:dns/alidnsRecord:AlidnsRecord")


def test_2_4_without_a_domain_any_host_is_answered_and_the_address_is_the_gateway_s() -> None:
    recording = run({"chat": chat(domain=None)}, shared())
    assert not recording.of_type(f"alicloud:{APIG_DOMAIN[0]}")
    domain = recording.get("pulumi-python:dynamic/alicloud:AnyHostDomain", "chat-gateway-any-host")
    (route,) = recording.of_type("alicloud:apig/route:Route")
    assert route.inputs["domainIds"] == [domain.outputs["domain_id"]]
    address = recording.get("pulumi-python:dynamic/alicloud:GatewayAddress").outputs["address"]
    assert recording.outputs["chat"]["site_url"] == f"http://{address}"
    assert "NEXTAUTH_URL" not in envs(recording)
    later = run({"chat": chat(domain=None, site_url=f"http://{address}")}, shared())
    assert envs(later)["NEXTAUTH_URL"] == f"http://{address}/api/auth"


def test_2_4_what_to_enter_at_auth0_is_put_out() -> None:
    callback = f"{SITE}/api/auth/callback/auth0"
    assert guide().outputs["chat"]["callback_url"] == callback
    assert f"chat: in the Auth0 application, allow the callback URL {callback}" in guide().outputs["checklist"]


# 2.5 The site


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_2_5_where_to_open_it_is_put_out(stage: str) -> None:
    outputs = guide(stage).outputs["chat"]
    assert outputs["site_url"] == SITE
    assert outputs["function_id"] == one(*FUNCTION, stage).id
    assert outputs["gateway_id"] == one(*GATEWAY, stage).id
    assert outputs["bucket"] == reveal(one(*BUCKET, stage).inputs["bucket"])
    assert outputs["database_host"] == one(*DATABASE, stage).outputs["connectionString"]
