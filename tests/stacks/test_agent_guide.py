"""The deployment guide, step by step: each step that infrastructure can do, as resource, property and value.

Step numbers are the guide's own. Steps that only people can do are lines of the checklist.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from qiao.plan.recording import Recording, Resource, reveal
from qiao.plan.wire import Secret
from tests.stacks.support import IMAGE, PLACE, app, envs, region, run

STANDARD = {"native": {"gateway": {"type": "standard"}}}


@cache
def guide() -> Recording:
    """The application of the guide, with everything optional that it names."""
    agent = app(
        command="./run.sh", timeout_seconds=180, account_id="2100000000", resource_type="bot",
        resource_id="browsing-pipeline", operator={},
        knowledge_base={"code": {"path": "app"}, "async_retries": 1},
        domain={"name": "chat.example.com", "certificate_id": "cert-1", "dns_zone": "example.com"},
    )  # fmt: skip
    shared = region(
        registry={"public_cidrs": ["203.0.113.0/24"]},
        contacts=[{"name": "ann", "email": "ann@example.com"}],
        alerts={
            "rules": [{"name": "errors", "metric": "FunctionErrors", "namespace": "function", "threshold": 0}],
            "log_alarm": {"receivers": ["ann"]},
        },
    )
    return run({"agent": agent}, shared)


def one(type_token: str, name: str) -> Resource:
    return guide().get(f"volcengine:{type_token}", name)


def gap(kind: str, name: str) -> Resource:
    return guide().get(f"pulumi-python:dynamic/volcengine:{kind}", name)


def waits_for(resource: Resource, other: Resource) -> bool:
    """Whether a resource is made only after another, directly or through others."""
    seen, open_urns = set[str](), list(resource.depends_on)
    while open_urns:
        urn = open_urns.pop()
        if urn == other.urn:
            return True
        if urn not in seen:
            seen.add(urn)
            open_urns += guide().by_urn(urn).depends_on
    return False


VPC = ("vpc/vpc:Vpc", f"{PLACE}-network-vpc")
FUNCTION = ("vefaas/function:Function", "agent-function-function")
KNOWLEDGE = ("vefaas/function:Function", "agent-knowledge-base-function")
GATEWAY = ("apig/apigGateway:ApigGateway", "agent-gateway-gateway")
SERVICE = ("apig/apigGatewayService:ApigGatewayService", "agent-gateway-service-jwt")
LOG_PROJECT = ("tls/project:Project", f"{PLACE}-logs-project")
REGISTRY = ("cr/registry:Registry", f"{PLACE}-registry-instance")

STEPS: list[tuple[str, tuple[str, str], str, Any]] = [
    (
        "1.1.1 step 2",
        ("iam/userPolicyAttachment:UserPolicyAttachment", "agent-operator-attached-own"),
        "policyType",
        "Custom",
    ),
    *(
        (
            "1.1.2 step 2",
            ("iam/userPolicyAttachment:UserPolicyAttachment", f"agent-operator-attached-system-{policy}"),
            "policyName", policy,
        )
        for policy in (
            "VeFaaSFullAccess", "CRFullAccess", "VPCFullAccess", "TLSFullAccess", "APIGFullAccess",
            "CloudMonitorReadOnlyAccess",
        )
    ),
    ("1.2.1 (2) web, image", FUNCTION, "runtime", "native/v1"),
    ("1.2.1 (2) deployment", FUNCTION, "sourceType", "image"),
    ("1.2.1 (2) start command", FUNCTION, "command", "./run.sh"),
    ("1.2.1 (2) port", FUNCTION, "port", 8000),
    ("1.2.1 (2) memory", FUNCTION, "memoryMb", 1024),
    ("1.2.1 (2) timeout of 3 minutes or more", FUNCTION, "requestTimeout", 180),
    ("1.2.1 (2) concurrency", FUNCTION, "maxConcurrency", 100),
    ("1.2.1 (1) event", KNOWLEDGE, "runtime", "python3.12/v1"),
    ("1.2.2 private network", FUNCTION, "vpcConfig.enableVpc", True),
    ("1.2.3 (1) step 1", FUNCTION, "tlsConfig.enableLog", True),
    ("1.2.3 (1) step 2", LOG_PROJECT, "region", "cn-beijing"),
    ("1.2.3 (2) step 1", ("tls/traceInstance:TraceInstance", f"{PLACE}-logs-trace"), "backendConfig.ttl", 7),
    ("1.2.5 step 1", REGISTRY, "type", "Micro"),
    (
        "1.2.5 step 2",
        ("cr/namespace:Namespace", f"{PLACE}-registry-namespace"),
        "repositoryDefaultAccessLevel",
        "Private",
    ),
    ("1.2.5 step 4", ("cr/endpoint:Endpoint", f"{PLACE}-registry-endpoint"), "enabled", True),
    (
        "1.2.5 step 4",
        ("cr/endpointAclPolicy:EndpointAclPolicy", f"{PLACE}-registry-allow-203.0.113.0-24"), "entry", "203.0.113.0/24",
    ),
    ("1.2.6 (1) step 1", VPC, "cidrBlock", "10.0.0.0/16"),
    ("1.2.6 (1) step 2", ("vpc/subnet:Subnet", f"{PLACE}-network-subnet-cn-beijing-a"), "zoneId", "cn-beijing-a"),
    ("1.2.6 (1) step 2", ("vpc/subnet:Subnet", f"{PLACE}-network-subnet-cn-beijing-b"), "zoneId", "cn-beijing-b"),
    ("1.2.6 (2) step 1", GATEWAY, "type", "serverless"),
    ("1.2.6 (2) step 2", SERVICE, "protocols", ["HTTP", "HTTPS"]),
    ("1.2.6 (2) step 3", SERVICE, "authSpec.enable", True),
    (
        "1.2.6 (3) step 2 chat",
        ("apig/apigRoute:ApigRoute", "agent-gateway-route-chat"), "matchRule.path",
        {"matchType": "Exact", "matchContent": "/api/v2/bots/chat"},
    ),
    ("1.2.6 (3) step 2 chat", ("apig/apigRoute:ApigRoute", "agent-gateway-route-chat"), "matchRule.methods", ["POST"]),
    (
        "1.2.6 (3) step 2 knowledge base",
        ("apig/apigRoute:ApigRoute", "agent-gateway-route-knowledge-base"), "matchRule.path",
        {"matchType": "Prefix", "matchContent": "/api/v2/kb"},
    ),
    (
        "2.1.1 (2) health",
        ("apig/apigRoute:ApigRoute", "agent-gateway-route-health"), "matchRule.path",
        {"matchType": "Exact", "matchContent": "/v1/ping"},
    ),
    ("2.1.2 step 5 image", FUNCTION, "source", IMAGE),
    ("2.1.2 step 5 release", ("vefaas/release:Release", "agent-function-release"), "targetTrafficWeight", 100),
    ("2.2.3 upload", KNOWLEDGE, "sourceType", "tos"),
    ("2.2.4 release", ("vefaas/release:Release", "agent-knowledge-base-release"), "targetTrafficWeight", 100),
    ("4.1 contact", ("cloud_monitor/contact:Contact", "agent-alerts-contact-ann"), "email", "ann@example.com"),
    ("4.2 rule", ("cloud_monitor/rule:Rule", "agent-alerts-rule-errors.chat"), "namespace", "VCM_veFaaS"),
    (
        "4.2 rule",
        ("cloud_monitor/rule:Rule", "agent-alerts-rule-errors.chat"),
        "conditions.0.metricName",
        "FunctionErrors",
    ),
    ("4.3 told", ("cloud_monitor/rule:Rule", "agent-alerts-rule-errors.knowledge-base"), "alertMethods", ["Email"]),
]  # fmt: skip


def look(value: Any, path: str) -> Any:
    for part in path.split("."):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return value


@pytest.mark.parametrize(("step", "resource", "path", "wanted"), STEPS, ids=[f"{s[0]} {s[2]}" for s in STEPS])
def test_step(step: str, resource: tuple[str, str], path: str, wanted: Any) -> None:
    assert look(one(*resource).inputs, path) == wanted


def test_1_1_1_who_opens_products_may_make_service_linked_roles() -> None:
    policy = one("iam/policy:Policy", "agent-operator-policy")
    (statement,) = json.loads(policy.inputs["policyDocument"])["Statement"]
    assert statement == {"Effect": "Allow", "Action": ["iam:CreateServiceLinkedRole"], "Resource": ["*"]}
    attached = one("iam/userPolicyAttachment:UserPolicyAttachment", "agent-operator-attached-own")
    assert attached.inputs["policyName"] == policy.inputs["policyName"]
    assert attached.inputs["userName"] == one("iam/user:User", "agent-operator-user").inputs["userName"]


def test_1_1_1_opening_products_is_left_to_people() -> None:
    first, second = guide().outputs["checklist"][:2]
    assert all(word in first for word in ("function service", "image registry", "log service", "API gateway"))
    assert "ServiceRoleForTls" in second


def test_1_1_2_operator_and_application_are_two_users() -> None:
    operator, runtime = (one("iam/user:User", f"agent-{who}-user") for who in ("operator", "runtime"))
    assert operator.inputs["userName"] != runtime.inputs["userName"]
    mine = [
        r for r in guide().of_type("volcengine:iam/userPolicyAttachment:UserPolicyAttachment") if "runtime" in r.name
    ]
    assert [r.inputs["policyType"] for r in mine] == ["Custom"]


def test_1_2_2_functions_stand_in_both_subnets_and_the_group() -> None:
    function = one(*FUNCTION)
    subnets = [one("vpc/subnet:Subnet", f"{PLACE}-network-subnet-cn-beijing-{zone}") for zone in "ab"]
    group = one("vpc/securityGroup:SecurityGroup", f"{PLACE}-network-security-group")
    assert function.inputs["vpcConfig"]["subnetIds"] == [subnet.id for subnet in subnets]
    assert function.inputs["vpcConfig"]["securityGroupIds"] == [group.id]
    assert function.inputs["vpcConfig"]["vpcId"] == one(*VPC).id
    assert {*(subnet.urn for subnet in subnets), group.urn} <= set(function.input_dependencies["vpcConfig"])


def test_1_2_3_logs_go_to_the_project_and_its_searchable_topic() -> None:
    function, topic = one(*FUNCTION), one("tls/topic:Topic", f"{PLACE}-logs-app-topic")
    assert function.inputs["tlsConfig"]["tlsProjectId"] == one(*LOG_PROJECT).id
    assert function.inputs["tlsConfig"]["tlsTopicId"] == topic.id
    assert waits_for(function, one("tls/index:Index", f"{PLACE}-logs-app-index"))


def test_1_2_3_traces_can_be_searched_by_the_three_keys() -> None:
    topic, keys = gap("TraceTopic", f"{PLACE}-logs-trace-topic"), gap("TraceIndexKeys", f"{PLACE}-logs-trace-keys")
    assert topic.inputs["trace_instance_id"] == one("tls/traceInstance:TraceInstance", f"{PLACE}-logs-trace").id
    assert keys.inputs["keys"] == ["request_id", "input", "output"]
    assert keys.inputs["topic_id"] == topic.outputs["topic_id"]


def test_1_2_4_exactly_the_eight_variables() -> None:
    key = one("iam/accessKey:AccessKey", "agent-runtime-key-primary")
    topic = gap("TraceTopic", f"{PLACE}-logs-trace-topic")
    wanted = {
        "VOLC_ACCESSKEY": Secret(reveal(key.outputs["accessKeyId"])),
        "VOLC_SECRETKEY": Secret(reveal(key.outputs["secretAccessKey"])),
        "REGION": "cn-beijing",
        "TRACE_ENDPOINT": "https://tls-cn-beijing.ivolces.com:4317",
        "TRACE_TOPIC": topic.outputs["topic_id"],
        "ACCOUNT_ID": "2100000000",
        "RESOURCE_TYPE": "bot",
        "RESOURCE_ID": "browsing-pipeline",
    }
    assert envs(one(*FUNCTION)) == wanted
    assert envs(one(*KNOWLEDGE)) == wanted
    assert key.inputs["userName"] == one("iam/user:User", "agent-runtime-user").inputs["userName"]
    assert key.urn in one(*FUNCTION).input_dependencies["envs"]


def test_1_2_4_the_runtime_key_writes_traces_and_uses_models_and_no_more() -> None:
    document = json.loads(one("iam/policy:Policy", "agent-runtime-policy").inputs["policyDocument"])
    topics = f"trn:tls:cn-beijing:*:project/{one(*LOG_PROJECT).id}/topic/*"
    assert document["Statement"] == [
        {"Effect": "Allow", "Action": ["ark:GetApiKey"], "Resource": ["*"]},
        {"Effect": "Allow", "Action": ["tls:PutLogs"], "Resource": [topics]},
    ]


def test_1_2_4_each_optional_variable_is_there_only_when_given() -> None:
    function = run({"agent": app()}).get("volcengine:vefaas/function:Function", "agent-function-function")
    assert set(envs(function)) == {"VOLC_ACCESSKEY", "VOLC_SECRETKEY", "REGION", "TRACE_ENDPOINT", "TRACE_TOPIC"}
    function = run({"agent": app(traces=False, resource_id="x")}).get("volcengine:vefaas/function:Function")
    assert set(envs(function)) == {"VOLC_ACCESSKEY", "VOLC_SECRETKEY", "RESOURCE_ID"}


def test_1_2_5_the_registry_has_a_generated_password() -> None:
    password = guide().get("random:index/randomPassword:RandomPassword", f"{PLACE}-registry-password")
    assert isinstance(one(*REGISTRY).inputs["password"], Secret)
    assert password.urn in one(*REGISTRY).input_dependencies["password"]
    acl = one("cr/endpointAclPolicy:EndpointAclPolicy", f"{PLACE}-registry-allow-203.0.113.0-24")
    assert waits_for(acl, one("cr/endpoint:Endpoint", f"{PLACE}-registry-endpoint"))
    target = guide().outputs["agent"]["push_target"]
    assert target.endswith(one("cr/namespace:Namespace", f"{PLACE}-registry-namespace").inputs["name"])


def test_1_2_6_the_gateway_stands_in_both_zones() -> None:
    subnets = [one("vpc/subnet:Subnet", f"{PLACE}-network-subnet-cn-beijing-{zone}").id for zone in "ab"]
    assert one(*GATEWAY).inputs["networkSpec"] == {"vpcId": one(*VPC).id, "subnetIds": subnets}


@pytest.mark.parametrize(
    ("route", "function"),
    [("chat", "agent-function"), ("health", "agent-function"), ("knowledge-base", "agent-knowledge-base")],
)
def test_1_2_6_a_route_reaches_its_released_function_and_waits_long_enough(route: str, function: str) -> None:
    declared = one("apig/apigRoute:ApigRoute", f"agent-gateway-route-{route}")
    upstream = one("apig/apigUpstream:ApigUpstream", f"agent-gateway-upstream-{function}")
    target = one("vefaas/function:Function", f"{function}-function")
    assert declared.inputs["enable"] is True
    assert declared.inputs["serviceId"] == one(*SERVICE).id
    assert [item["upstreamId"] for item in declared.inputs["upstreamLists"]] == [upstream.id]
    assert upstream.inputs["upstreamSpec"]["veFaas"]["functionId"] == target.id
    assert waits_for(upstream, gap("ReleaseReady", f"{function}-release-ready"))
    assert declared.inputs["advancedSetting"]["timeoutSetting"]["timeout"] >= target.inputs["requestTimeout"]


def test_1_2_6_addresses_are_outputs() -> None:
    agent = guide().outputs["agent"]
    assert agent["chat_url"] == "https://chat.example.com/api/v2/bots/chat"
    assert agent["kb_url"] == "https://chat.example.com/api/v2/kb"
    assert agent["health_url"] == "https://chat.example.com/v1/ping"
    assert agent["gateway_id"] == one(*GATEWAY).id
    assert agent["trace_topic"] == gap("TraceTopic", f"{PLACE}-logs-trace-topic").outputs["topic_id"]


def test_2_1_2_a_release_waits_for_the_image_sync() -> None:
    release = one("vefaas/release:Release", "agent-function-release")
    assert waits_for(release, gap("ImageReady", "agent-function-image-ready"))
    assert waits_for(gap("ReleaseReady", "agent-function-release-ready"), release)


def test_2_2_3_code_is_uploaded_under_its_hash_and_named_by_the_function() -> None:
    uploaded = one("tos/bucketObject:BucketObject", "agent-knowledge-base-code")
    bucket = one("tos/bucket:Bucket", f"{PLACE}-artifacts-bucket")
    assert uploaded.inputs["bucketName"] == bucket.inputs["bucketName"]
    assert one(*KNOWLEDGE).inputs["source"] == f"{bucket.inputs['bucketName']}:{uploaded.inputs['objectName']}"
    assert uploaded.urn in one(*KNOWLEDGE).input_dependencies["source"]


def test_3_4_uploads_are_worked_on_behind() -> None:
    extras = gap("FunctionExtras", "agent-knowledge-base-extras")
    assert (extras.inputs["async_enabled"], extras.inputs["max_retries"]) == (True, 1)
    assert extras.inputs["function_id"] == one(*KNOWLEDGE).id


def test_4_1_confirming_an_address_is_left_to_people() -> None:
    assert "ann: confirm the address ann@example.com in the mail that the cloud sends" in guide().outputs["checklist"]


def test_4_2_alarms_watch_both_functions_and_the_log() -> None:
    rules = guide().of_type("volcengine:cloud_monitor/rule:Rule")
    watched = {rule.inputs["originalDimensions"][0]["values"][0] for rule in rules}
    assert watched == {one(*FUNCTION).id, one(*KNOWLEDGE).id}
    alarm = one("tls/alarm:Alarm", "agent-alerts-log-alarm")
    assert alarm.inputs["projectId"] == one(*LOG_PROJECT).id
    assert alarm.inputs["queryRequests"][0]["topicId"] == one("tls/topic:Topic", f"{PLACE}-logs-app-topic").id
    assert alarm.inputs["queryRequests"][0]["query"].startswith("error |")


def test_1_2_6_a_standard_gateway_is_one_setting() -> None:
    gateway = run({"agent": app(**STANDARD)}).get("volcengine:apig/apigGateway:ApigGateway")
    assert gateway.inputs["type"] == "standard"
    assert gateway.inputs["resourceSpec"]["replicas"] == 2
