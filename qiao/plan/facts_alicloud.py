"""Facts of Alibaba Cloud's types and of its gaps. How they are written stands in `facts.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_GAP = "pulumi-python:dynamic/alicloud"

FACTS: Mapping[str, Sequence[str]] = {
    "pulumi:providers:alicloud": ["{region}"],
    "alicloud:vpc/network:Network": ["{cidrBlock}"],
    "alicloud:vpc/switch:Switch": ["{cidrBlock}", "{zoneId}"],
    "alicloud:vpc/natGateway:NatGateway": ["{natType}", "{internetChargeType}"],
    "alicloud:ecs/eipAddress:EipAddress": ["{internetChargeType}", "{bandwidth} Mbps"],
    "alicloud:ecs/securityGroupRule:SecurityGroupRule": [
        "{type} {ipProtocol} {portRange}", "from {cidrIp}", "from {sourceSecurityGroupId}",
    ],
    "alicloud:cr/namespace:Namespace": ["{name}", "{defaultVisibility}"],
    "alicloud:cr/repo:Repo": ["{name}", "{repoType}"],
    "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance": ["{instanceType}", "{paymentType}"],
    "alicloud:cr/endpointAclPolicy:EndpointAclPolicy": ["open to {entry}"],
    "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace": ["{name}", "{defaultVisibility}"],
    "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo": ["{name}", "{repoType}"],
    "alicloud:log/store:Store": ["kept {retentionPeriod} days", "encryptConf.enable?encrypted"],
    "alicloud:sls/alert:Alert": ["{schedule.interval}", "{status}"],
    "alicloud:fc/v3Function:V3Function": [
        "{runtime}", "{cpu} vCPU", "{memorySize} MB", "{gpuConfig.gpuType} {gpuConfig.gpuMemorySize} MB",
        "{timeout} s", "{instanceConcurrency} at once", "{customContainerConfig.image}", "{code.ossObjectName}",
        "in the network of {vpcConfig.vswitchIds}",
    ],
    "alicloud:fc/v3Alias:V3Alias": ["{aliasName}", "version {versionId}", "shared with {additionalVersionWeight}"],
    "alicloud:fc/v3Trigger:V3Trigger": ["{triggerType}", "on {qualifier}", "{triggerConfig}"],
    "alicloud:fc/v3ConcurrencyConfig:V3ConcurrencyConfig": ["at most {reservedConcurrency} at once"],
    "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment": ["{policyName}", "{policyType}"],
    "alicloud:ram/userPolicyAttachment:UserPolicyAttachment": ["{policyName}", "{policyType}"],
    "alicloud:ram/accessKey:AccessKey": ["{status}"],
    "alicloud:apig/gateway:Gateway": [
        "{spec}", "{networkAccessConfig.type}", "{zoneConfig.selectOption} zones", "{paymentType}",
    ],
    "alicloud:apig/domain:Domain": ["{domainName}", "{protocol}", "forceHttps?https only"],
    "alicloud:apig/service:Service": ["{sourceType} {serviceName}", "on {qualifier}"],
    "alicloud:apig/route:Route": ["{match.methods}", "{match.path.value} ({match.path.type})"],
    "alicloud:apig/policy:Policy": ["{policyClassName}", "{policyConfig}"],
    "alicloud:dns/alidnsRecord:AlidnsRecord": ["{type} {rr}.{domainName}", "{value}"],
    "alicloud:rds/instance:Instance": [
        "{engine} {engineVersion}", "{category}", "{instanceType}", "{instanceStorage} GB", "{zoneId}",
        "and {zoneIdSlaveA}", "open to {securityIps}",
    ],
    "alicloud:rds/rdsAccount:RdsAccount": ["{accountName}", "{accountType}"],
    "alicloud:rds/database:Database": ["{dataBaseName}"],
    "alicloud:rds/backupPolicy:BackupPolicy": ["kept {backupRetentionPeriod} days"],
    "alicloud:kvstore/instance:Instance": [
        "{engineVersion}", "{instanceClass}", "{zoneId}", "and {secondaryZoneId}", "open to {securityIps}",
    ],
    "alicloud:oss/bucket:Bucket": ["{storageClass}", "{redundancyType}", "versioning {versioning.status}"],
    "alicloud:oss/bucketAcl:BucketAcl": ["{acl}"],
    "alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock": ["blockPublicAccess?never public:may be public"],
    "alicloud:nas/fileSystem:FileSystem": ["{protocolType}", "{storageType}", "{zoneId}"],
    "alicloud:nas/accessRule:AccessRule": ["open to {sourceCidrIp}", "{rwAccessType}"],
    "alicloud:cms/alarmContact:AlarmContact": ["{channelsMail}"],
    "alicloud:cms/alarm:Alarm": ["{project} {metric}"],
    f"{_GAP}:ReleaseHistory": ["{weight} % of calls", "back to version {revision}", "force?forced"],
    f"{_GAP}:ProvisionedConcurrency": ["{target} kept ready", "on {qualifier}"],
    f"{_GAP}:AsyncInvoke": ["async_task?asynchronous calls", "{max_retries} retries"],
    f"{_GAP}:GatewayAddress": ["internet?public:private"],
}  # fmt: skip
