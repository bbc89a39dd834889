"""Sound inputs of real types, to be broken one by one, and recordings made of them without any program."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from qiao.plan.recording import Recording, Resource, Secret
from qiao.plan.rules import Finding, check
from tests.qiao.plan import sound_alicloud, sound_tencentcloud

GATEWAY = "volcengine:apig/apigGateway:ApigGateway"
ROUTE = "volcengine:apig/apigRoute:ApigRoute"
UPSTREAM = "volcengine:apig/apigUpstream:ApigUpstream"
FUNCTION = "volcengine:vefaas/function:Function"
RELEASE = "volcengine:vefaas/release:Release"
TOPIC = "volcengine:tls/topic:Topic"
TRACE = "volcengine:tls/traceInstance:TraceInstance"
INDEX = "volcengine:tls/index:Index"
ALARM = "volcengine:tls/alarm:Alarm"
NOTIFY = "volcengine:tls/alarmNotifyGroup:AlarmNotifyGroup"
RULE = "volcengine:cloud_monitor/rule:Rule"
VPC = "volcengine:vpc/vpc:Vpc"
INGRESS = "volcengine:vpc/securityGroupRule:SecurityGroupRule"
NAT = "volcengine:nat/gateway:Gateway"
SNAT = "volcengine:nat/snatEntry:SnatEntry"
REGISTRY = "volcengine:cr/registry:Registry"
ACL = "volcengine:cr/endpointAclPolicy:EndpointAclPolicy"
BUCKET = "volcengine:tos/bucket:Bucket"
LIFECYCLE = "volcengine:tos/bucketLifecycle:BucketLifecycle"
CORS = "volcengine:tos/bucketCors:BucketCors"
POSTGRES = "volcengine:rds_postgresql/instance:Instance"
ACCOUNT = "volcengine:rds_postgresql/account:Account"
BACKUP = "volcengine:rds_postgresql/backupPolicy:BackupPolicy"
POLICY = "volcengine:iam/policy:Policy"
USER = "volcengine:iam/user:User"
CERTIFICATE = "volcengine:cdn/cdnCertificate:CdnCertificate"
PROVIDER = "pulumi:providers:volcengine"
IMAGE = "docker-build:index:Image"
GUARD = "pulumi-python:dynamic/volcengine:ReleaseGuard"
KEYS = "pulumi-python:dynamic/volcengine:TraceIndexKeys"

SOUND: Mapping[str, Mapping[str, Any]] = {
    GATEWAY: {
        "name": "gateway", "type": "standard", "networkSpec": {"vpcId": "vpc-1", "subnetIds": ["s-1", "s-2"]},
        "resourceSpec": {
            "replicas": 2, "instanceSpecCode": "1c2g", "clbSpecCode": "small_1",
            "networkType": {"enablePublicNetwork": True, "enablePrivateNetwork": False},
        },
        "tags": [{"key": "a", "value": "b"}],
    },
    ROUTE: {
        "name": "chat", "serviceId": "s-1", "enable": True, "priority": 1,
        "upstreamLists": [{"upstreamId": "u-1", "weight": 100}],
        "matchRule": {"path": {"matchType": "Exact", "matchContent": "/chat"}, "methods": ["POST"],
                      "headers": [{"key": "x", "value": {"matchType": "Exact", "matchContent": "1"}}]},
        "advancedSetting": {"timeoutSetting": {"enable": True, "timeout": 60}},
    },
    UPSTREAM: {
        "name": "up", "gatewayId": "g-1", "protocol": "HTTP", "sourceType": "VeFaas", "resourceType": "Console",
        "upstreamSpec": {"veFaas": {"functionId": "f-1"}},
    },
    FUNCTION: {
        "name": "agent", "runtime": "native/v1", "sourceType": "image", "source": "cr.example.com/team/agent:1.0",
        "command": "./run.sh", "cpuStrategy": "default", "memoryMb": 1024, "requestTimeout": 180, "port": 8000,
        "maxConcurrency": 100, "exclusiveMode": False, "envs": [{"key": "REGION", "value": "cn-beijing"}],
        "vpcConfig": {"enableVpc": True, "vpcId": "vpc-1", "subnetIds": ["s-1"], "securityGroupIds": ["sg-1"]},
        "tlsConfig": {"enableLog": True, "tlsProjectId": "p-1", "tlsTopicId": "t-1"},
        "nasStorage": {"enableNas": True, "nasConfigs": [
            {"fileSystemId": "fs", "mountPointId": "mp", "remotePath": "/", "localMountPath": "/mnt"}]},
    },
    RELEASE: {"functionId": "f-1", "revisionNumber": 0, "targetTrafficWeight": 100},
    TOPIC: {
        "projectId": "p-1", "topicName": "app-log", "ttl": 90, "shardCount": 1, "enableHotTtl": True, "hotTtl": 30,
        "coldTtl": 60, "logPublicIp": False,
    },
    TRACE: {
        "projectId": "p-1", "traceInstanceName": "trace",
        "backendConfig": {"ttl": 7, "enableHotTtl": False, "hotTtl": 7, "coldTtl": 0, "archiveTtl": 0,
                          "autoSplit": True, "maxSplitPartitions": 10},
    },
    INDEX: {"topicId": "t-1", "maxTextLen": 2048, "keyValues": [{"key": "status", "valueType": "long"}]},
    ALARM: {
        "alarmName": "errors", "projectId": "p-1", "alarmNotifyGroups": ["g-1"], "triggerPeriod": 1, "alarmPeriod": 10,
        "queryRequests": [{"number": 1, "topicId": "t-1", "query": "error", "startTimeOffset": -15,
                           "endTimeOffset": 0}],
        "requestCycle": {"type": "Period", "time": 1}, "condition": "$1.n>0", "severity": "critical",
    },
    NOTIFY: {
        "alarmNotifyGroupName": "ops", "notifyTypes": ["Trigger"],
        "receivers": [{"receiverType": "User", "receiverNames": ["ops"], "receiverChannels": ["Email"],
                       "startTime": "00:00:00", "endTime": "23:59:59"}],
    },
    RULE: {
        "ruleName": "errors", "namespace": "VCM_veFaaS", "subNamespace": "function", "regions": ["cn-beijing"],
        "level": "critical", "enableState": "enable", "evaluationCount": 1, "silenceTime": 5,
        "effectStartAt": "00:00", "effectEndAt": "23:59", "alertMethods": ["Email"], "contactGroupIds": ["1"],
        "conditions": [{"metricName": "Errors", "metricUnit": "Count", "statistics": "max", "comparisonOperator": ">",
                        "threshold": "5"}],
        "originalDimensions": [{"key": "ResourceID", "values": ["f-1"]}],
    },
    VPC: {"vpcName": "net", "cidrBlock": "10.0.0.0/16", "dnsServers": ["10.0.0.2"]},
    INGRESS: {
        "securityGroupId": "sg-1", "direction": "ingress", "protocol": "tcp", "portStart": 80, "portEnd": 80,
        "cidrIp": "10.0.0.0/8",
    },
    NAT: {"vpcId": "vpc-1", "subnetId": "s-1", "natGatewayName": "nat", "billingType": "PostPaid", "spec": "Small"},
    SNAT: {"natGatewayId": "n-1", "subnetId": "s-1", "eipId": "e-1"},
    REGISTRY: {"name": "registry", "type": "Micro", "resourceTags": [{"key": "a", "value": "b"}]},
    ACL: {"registry": "r-1", "type": "Public", "entry": "203.0.113.0/24", "description": "pushes"},
    BUCKET: {"bucketName": "bucket-1", "publicAcl": "private", "azRedundancy": "single-az"},
    LIFECYCLE: {"bucketName": "bucket-1", "rules": [{"id": "old", "status": "Enabled", "expiration": {"days": 30}}]},
    CORS: {
        "bucketName": "bucket-1",
        "corsRules": [{"allowedMethods": ["GET"], "allowedOrigins": ["https://a.example"], "maxAgeSeconds": 60}],
    },
    POSTGRES: {
        "instanceName": "db", "dbEngineVersion": "PostgreSQL_15", "nodeSpec": "rds.postgres.1c2g", "storageSpace": 20,
        "primaryZoneId": "a", "secondaryZoneId": "b", "subnetId": "s-1", "chargeInfo": {"chargeType": "PostPaid"},
    },
    ACCOUNT: {
        "instanceId": "i-1", "accountName": "owner", "accountType": "Normal", "accountPrivileges": "Login",
        "accountPassword": Secret("Abcdefg1!"),
    },
    POLICY: {"policyName": "own", "policyDocument": '{"Statement":[]}'},
    USER: {"userName": "runtime"},
    CERTIFICATE: {"certificate": "-----BEGIN", "desc": "d", "source": "volc_cert_center",
                  "privateKey": Secret("-----BEGIN KEY")},
    PROVIDER: {"region": "cn-beijing"},
    IMAGE: {
        "push": True, "tags": ["r.example.com/n/app:1"], "platforms": ["linux/amd64"],
        "context": {"location": "app"}, "registries": [{"address": "r.example.com", "username": "u"}],
    },
    GUARD: {
        "function_id": "f-1", "version_key": "k", "weight": 100, "force": False, "region": "cn-beijing",
        "__provider": "code",
    },
    KEYS: {"topic_id": "t-1", "keys": ["request_id"], "region": "cn-beijing"},
}  # fmt: skip

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    **{token: {"delete_before_replace": True} for token in (ACL, BUCKET, ACCOUNT)},
    **sound_alicloud.OPTIONS,
    **sound_tencentcloud.OPTIONS,
}
"""Options without which a type is not sound."""
EVERY: Mapping[str, Mapping[str, Any]] = {**SOUND, **sound_alicloud.SOUND, **sound_tencentcloud.SOUND}
"""Sound inputs of all clouds."""


def changed(inputs: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """A deep copy with one value set (`envs.0.key`); None takes it out."""
    result: Any = copy.deepcopy(dict(inputs))
    *way, last = path.split(".")
    place = result
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place.setdefault(step, {})
    if isinstance(place, list):
        place[int(last)] = value
    elif value is None:
        place.pop(last, None)
    else:
        place[last] = value
    return dict(result)


def resource(type_token: str, inputs: Mapping[str, Any] | None = None, name: str = "it", **options: Any) -> Resource:
    """A resource as a recording holds it."""
    given = EVERY[type_token] if inputs is None else inputs
    defaults = {"custom": True, "outputs": {}, "delete_before_replace": None, **OPTIONS.get(type_token, {})}
    return Resource(
        urn=f"urn:pulumi:dev::p::{type_token}::{name}", type=type_token, name=name, parent="", inputs=given,
        **{**defaults, **options},
    )  # fmt: skip


def recording(*resources: Resource, **parts: Any) -> Recording:
    """A recording of these resources."""
    return Recording(
        **{"project": "p", "stack": "dev", "preview": False, "invokes": (), "outputs": {}, **parts},
        resources=tuple(resources),
    )


def findings(*resources: Resource, **options: Any) -> list[Finding]:
    """What the rules find in these resources."""
    return check(recording(*resources), **options)


def told(*resources: Resource, **options: Any) -> list[tuple[str, str]]:
    """Path and message of each finding."""
    return [(finding.path, finding.message) for finding in findings(*resources, **options)]
