"""The facts of each resource type that matter when reading a plan: sizes, addresses, weights, retention, doors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from qiao.plan.recording import Resource
from qiao.plan.rules.whole import value_at

Show = Callable[[Any], Any]

CONDITION = re.compile(r"(?P<path>[\w.]+)\?(?P<yes>[^:]*)(:(?P<no>.*))?")
PLACE = re.compile(r"\{([\w.]+)\}")

FACTS: Mapping[str, Sequence[str]] = {
    # `{path}` is an input; a fact with one that is not set is left out. `path?yes:no` says which way a switch stands.
    "pulumi:providers:volcengine": ["{region}"],
    "volcengine:vpc/vpc:Vpc": ["{cidrBlock}"],
    "volcengine:vpc/subnet:Subnet": ["{cidrBlock}", "{zoneId}"],
    "volcengine:vpc/securityGroupRule:SecurityGroupRule": ["{protocol} {portStart}-{portEnd}", "from {cidrIp}"],
    "volcengine:nat/gateway:Gateway": ["{billingType}", "{spec}"],
    "volcengine:eip/address:Address": ["{billingType}", "{bandwidth} Mbps"],
    "volcengine:cr/registry:Registry": ["{type}"],
    "volcengine:cr/namespace:Namespace": ["{name}", "{repositoryDefaultAccessLevel}"],
    "volcengine:cr/endpoint:Endpoint": ["enabled?public:off"],
    "volcengine:cr/endpointAclPolicy:EndpointAclPolicy": ["open to {entry}"],
    "volcengine:tls/topic:Topic": ["kept {ttl} days", "encryptConf.enable?encrypted"],
    "volcengine:tls/traceInstance:TraceInstance": ["kept {backendConfig.ttl} days"],
    "volcengine:tls/alarm:Alarm": ["{severity}", "{condition}"],
    "volcengine:apig/apigGateway:ApigGateway": [
        "{type}", "{resourceSpec.replicas} x {resourceSpec.instanceSpecCode}",
    ],
    "volcengine:apig/apigGatewayService:ApigGatewayService": ["authSpec.enable?JWT:no JWT", "{protocols}"],
    "volcengine:apig/apigRoute:ApigRoute": [
        "{matchRule.methods} {matchRule.path.matchContent} ({matchRule.path.matchType})",
        "{advancedSetting.timeoutSetting.timeout} s", "enable?:off",
    ],
    "volcengine:apig/apigCustomDomain:ApigCustomDomain": ["{domain}", "sslRedirect?https only"],
    "volcengine:vefaas/function:Function": [
        "{runtime}", "{memoryMb} MB", "{requestTimeout} s", "{maxConcurrency} at once", "{sourceType} {source}",
        "vpcConfig.enableVpc?in the network",
    ],
    "volcengine:vefaas/release:Release": ["{targetTrafficWeight} % of calls"],
    "volcengine:rds_postgresql/instance:Instance": [
        "{dbEngineVersion}", "{nodeSpec}", "{storageSpace} GB", "{primaryZoneId} + {secondaryZoneId}",
    ],
    "volcengine:rds_postgresql/allowlist:Allowlist": ["{allowLists}"],
    "volcengine:rds_postgresql/account:Account": ["{accountName}"],
    "volcengine:rds_postgresql/database:Database": ["{dbName}"],
    "volcengine:rds_postgresql/instanceSsl:InstanceSsl": ["forceEncryption?TLS only"],
    "volcengine:tos/bucket:Bucket": ["{publicAcl}", "{azRedundancy}", "enableVersion?versioned"],
    "volcengine:tos/bucketEncryption:BucketEncryption": ["{rule.applyServerSideEncryptionByDefault.sseAlgorithm}"],
    "volcengine:iam/accessKey:AccessKey": ["{status}"],
    "volcengine:iam/userPolicyAttachment:UserPolicyAttachment": ["{policyName}", "{policyType}"],
    "volcengine:cloud_monitor/contact:Contact": ["{email}"],
    "volcengine:cloud_monitor/rule:Rule": ["{level}", "{alertMethods}"],
    "volcengine:dns/record:Record": ["{type} {host}", "{value}"],
    "docker-build:index:Image": ["{platforms}", "{context.location}"],
    "pulumi-python:dynamic/volcengine:ReleaseGuard": [
        "{weight} % of calls", "back to revision {revision}", "force?forced",
    ],
    "pulumi-python:dynamic/volcengine:FunctionExtras": ["async_enabled?asynchronous calls", "{max_retries} retries"],
    "pulumi-python:dynamic/volcengine:TraceIndexKeys": ["{keys}"],
    "pulumi-python:dynamic/volcengine:PostgresBackup": ["kept {retention_days} days"],
    "pulumi:pulumi:StackReference": ["{name}"],
}  # fmt: skip


def facts(resource: Resource, show: Show) -> Iterator[str]:
    """The facts of a resource in the table's order, then how the engine treats it.

    Args:
        resource: the resource.
        show: makes a value printable.
    """
    for fact in FACTS.get(resource.type, ()):
        text = _fact(fact, resource.inputs, show)
        if text:
            yield text
    yield from _treatment(resource)


def _fact(fact: str, inputs: Mapping[str, Any], show: Show) -> str:
    condition = CONDITION.fullmatch(fact)
    if condition is not None:
        return (condition["yes"] if value_at(inputs, condition["path"]) is True else condition["no"]) or ""
    values = {path: value_at(inputs, path) for path in PLACE.findall(fact)}
    if any(value is None or value == [] for value in values.values()):
        return ""
    return PLACE.sub(lambda match: _words(show(values[match[1]])), fact)


def _words(value: Any) -> str:
    return ",".join(_words(item) for item in value) if isinstance(value, list) else str(value)


def _treatment(resource: Resource) -> Iterator[str]:
    if resource.read:
        yield "read, not made"
    if resource.import_id:
        yield "taken over"
    if resource.protect and resource.custom:
        yield "protected"
    if resource.retain_on_delete and resource.custom:
        yield "outlives the stack"
