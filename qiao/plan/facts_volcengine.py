"""Facts of Volcengine's types and of its gaps. How they are written stands in `facts.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FACTS: Mapping[str, Sequence[str]] = {
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
    "pulumi-python:dynamic/volcengine:ReleaseGuard": [
        "{weight} % of calls", "back to revision {revision}", "force?forced",
    ],
    "pulumi-python:dynamic/volcengine:FunctionExtras": ["async_enabled?asynchronous calls", "{max_retries} retries"],
    "pulumi-python:dynamic/volcengine:TraceIndexKeys": ["{keys}"],
    "pulumi-python:dynamic/volcengine:PostgresBackup": ["kept {retention_days} days"],
}  # fmt: skip
