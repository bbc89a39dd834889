"""Alibaba Cloud, as its documents have it, and what its components make of a profile."""

from __future__ import annotations

from tests.contract.clouds.shape import CANARY, CloudFacts, Effects

FACTS = CloudFacts(
    region="cn-hangzhou",
    zones=("cn-hangzhou-h", "cn-hangzhou-i"),
    metric="FunctionFunctionErrors",
    metric_group="acs_fc",
    system_policy="AliyunLogReadOnlyAccess",
    actions=("log:PostLogStoreLogs", "log:GetLogStoreLogs"),
    stateful=frozenset(
        {
            "alicloud:vpc/network:Network",
            "alicloud:vpc/switch:Switch",
            "alicloud:vpc/natGateway:NatGateway",
            "alicloud:ecs/eipAddress:EipAddress",
            "alicloud:cr/namespace:Namespace",
            "alicloud:cr/repo:Repo",
            "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance",
            "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace",
            "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo",
            "alicloud:log/project:Project",
            "alicloud:log/store:Store",
            "alicloud:apig/gateway:Gateway",
            "alicloud:rds/instance:Instance",
            "alicloud:rds/database:Database",
            "alicloud:kvstore/instance:Instance",
            "alicloud:oss/bucket:Bucket",
            "alicloud:nas/fileSystem:FileSystem",
            "random:index/randomPassword:RandomPassword",
            "tls:index/privateKey:PrivateKey",
        }
    ),
    retained=frozenset(
        {
            # A fixed address that callers know, images, tables, objects, files ...
            "alicloud:ecs/eipAddress:EipAddress",
            "alicloud:cr/namespace:Namespace",
            "alicloud:cr/repo:Repo",
            "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance",
            "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace",
            "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo",
            "alicloud:rds/instance:Instance",
            "alicloud:rds/database:Database",
            "alicloud:kvstore/instance:Instance",
            "alicloud:oss/bucket:Bucket",
            "alicloud:nas/fileSystem:FileSystem",
            # ... and what would open, expose or lock them if it went alone.
            "alicloud:rds/rdsAccount:RdsAccount",
            "alicloud:rds/accountPrivilege:AccountPrivilege",
            "alicloud:rds/backupPolicy:BackupPolicy",
            "alicloud:oss/bucketAcl:BucketAcl",
            "alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock",
            # Not a file system's: without its mount point nobody reaches it, and no file goes with that.
        }
    ),
    names={
        "alicloud:vpc/network:Network": "vpcName",
        "alicloud:vpc/switch:Switch": "vswitchName",
        "alicloud:vpc/natGateway:NatGateway": "natGatewayName",
        "alicloud:ecs/securityGroup:SecurityGroup": "securityGroupName",
        "alicloud:ecs/eipAddress:EipAddress": "addressName",
        "alicloud:cr/namespace:Namespace": "name",
        "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance": "instanceName",
        "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace": "name",
        "alicloud:log/project:Project": "projectName",
        "alicloud:log/store:Store": "logstoreName",
        "alicloud:sls/alert:Alert": "alertName",
        "alicloud:fc/v3Function:V3Function": "functionName",
        "alicloud:ram/role:Role": "roleName",
        "alicloud:ram/policy:Policy": "policyName",
        "alicloud:ram/user:User": "name",
        "alicloud:apig/gateway:Gateway": "gatewayName",
        "alicloud:apig/httpApi:HttpApi": "httpApiName",
        "alicloud:apig/route:Route": "routeName",
        "alicloud:apig/policy:Policy": "policyName",
        "alicloud:cas/serviceCertificate:ServiceCertificate": "certificateName",
        "alicloud:rds/instance:Instance": "instanceName",
        "alicloud:kvstore/instance:Instance": "dbInstanceName",
        "alicloud:oss/bucket:Bucket": "bucket",
        "alicloud:nas/fileSystem:FileSystem": "description",
        "alicloud:nas/accessGroup:AccessGroup": "accessGroupName",
        "alicloud:cms/alarmContact:AlarmContact": "alarmContactName",
        "alicloud:cms/alarmContactGroup:AlarmContactGroup": "alarmContactGroupName",
        "alicloud:cms/alarm:Alarm": "name",
        "pulumi-python:dynamic/alicloud:Consumer": "consumer_name",
    },
    other_names={
        "alicloud:apig/domain:Domain.domainName": "the domain",
        "alicloud:apig/policy:Policy.policyClassName": "a class of policies",
        "alicloud:apig/service:Service.serviceName": "the function's: the gateway finds it by that",
        "alicloud:cr/endpointAclPolicy:EndpointAclPolicy.moduleName": "a part of the service",
        "alicloud:cr/repo:Repo.name": "the image's, chosen in RegistryArgs, which checks it",
        "alicloud:cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc.moduleName": "a part of the service",
        "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo.name": "the image's, as above",
        "alicloud:dns/alidnsRecord:AlidnsRecord.domainName": "the zone's",
        "alicloud:fc/v3Alias:V3Alias.aliasName": "inside the function",
        "alicloud:fc/v3Alias:V3Alias.functionName": "the function's",
        "alicloud:fc/v3ConcurrencyConfig:V3ConcurrencyConfig.functionName": "the function's",
        "alicloud:fc/v3FunctionVersion:V3FunctionVersion.functionName": "the function's",
        "alicloud:fc/v3Trigger:V3Trigger.functionName": "the function's",
        "alicloud:fc/v3Trigger:V3Trigger.triggerName": "inside the function, chosen in Timer and BucketEvent",
        "alicloud:fc/v3VpcBinding:V3VpcBinding.functionName": "the function's",
        "alicloud:log/store:Store.projectName": "the project's",
        "alicloud:nas/accessRule:AccessRule.accessGroupName": "the group's",
        "alicloud:nas/mountTarget:MountTarget.accessGroupName": "the group's",
        "alicloud:ram/accessKey:AccessKey.userName": "the user's",
        "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment.policyName": "the policy's",
        "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment.roleName": "the role's",
        "alicloud:ram/user:User.displayName": "for people",
        "alicloud:ram/userPolicyAttachment:UserPolicyAttachment.policyName": "the policy's",
        "alicloud:ram/userPolicyAttachment:UserPolicyAttachment.userName": "the user's",
        "alicloud:rds/accountPrivilege:AccountPrivilege.accountName": "the account's",
        "alicloud:rds/database:Database.dataBaseName": "chosen in PostgresArgs and MysqlArgs, which check it",
        "alicloud:rds/rdsAccount:RdsAccount.accountName": "chosen in PostgresArgs and MysqlArgs, which check it",
        "alicloud:sls/alert:Alert.displayName": "for people",
        "alicloud:sls/alert:Alert.projectName": "the project's",
    },
    kept={
        "alicloud:fc/v3FunctionVersion:V3FunctionVersion": "the alias still serves the old one; a gap clears them",
    },
    untagged={},
    inside={"cors": frozenset({"alicloud:oss/bucket:Bucket.corsRules"}), "traces": frozenset()},
    group_members=frozenset(
        {
            "alicloud:cms/alarmContactGroup:AlarmContactGroup.contacts",
            "alicloud:cms/alarmContactGroup:AlarmContactGroup#depends_on",
        }
    ),
    natives={
        # The personal edition, which dev has, has no address list.
        "registry full": {"edition": "Enterprise"},
        # A production gateway on the internet has a domain, which the minimal case is without.
        "gateway minimal": {"network_access": "Intranet"},
        "observability full": {
            "trace_endpoint": "http://tracing.example.com:8090",
            "trace_store": "spans",
            "trace_token": CANARY.format("trace"),
        },
        "alerts full": {
            "webhook": f"http://chat.example.com/{CANARY.format('hook')}",
            "ding_webhook": f"https://robot.example.com/{CANARY.format('hook')}",
            "action_policy": "sls.builtin",
        },
    },
)

EFFECTS: Effects = {
    ("network", "protect"): {
        "alicloud:ecs/eipAddress:EipAddress#protect",
        "alicloud:ecs/eipAddress:EipAddress.deletionProtection",
        "alicloud:vpc/natGateway:NatGateway#protect",
        "alicloud:vpc/natGateway:NatGateway.deletionProtection",
        "alicloud:vpc/network:Network#protect",
        "alicloud:vpc/switch:Switch#protect",
    },
    ("network", "retain"): {
        "alicloud:ecs/eipAddress:EipAddress#retain_on_delete",
    },
    ("registry", "protect"): {
        "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance#protect",
        "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance.renewPeriod",
        "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance.renewalStatus",
        "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace#protect",
        "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo#protect",
        "random:index/randomPassword:RandomPassword#protect",
    },
    ("registry", "retain"): {
        "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance#retain_on_delete",
        "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace#retain_on_delete",
        "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo#retain_on_delete",
    },
    ("registry", "private_access"): {
        "+ alicloud:cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc",
    },
    ("registry", "open_to_world"): {
        "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo.tagImmutability",
    },
    ("observability", "protect"): {
        "alicloud:log/project:Project#protect",
        "alicloud:log/store:Store#protect",
    },
    ("observability", "encrypt"): {
        "alicloud:log/store:Store.encryptConf",
    },
    ("observability", "log_retention_days"): {
        "alicloud:log/store:Store.hotTtl",
        "alicloud:log/store:Store.retentionPeriod",
    },
    ("observability", "size"): {
        "alicloud:log/store:Store.maxSplitShardCount",
        "alicloud:log/store:Store.shardCount",
    },
    ("function", "protect"): {
        "random:index/randomPassword:RandomPassword#protect",
    },
    ("function", "private_access"): {
        "alicloud:fc/v3Function:V3Function#depends_on",
        "alicloud:fc/v3Function:V3Function.customContainerConfig",
        "alicloud:fc/v3FunctionVersion:V3FunctionVersion#depends_on",
        "alicloud:fc/v3FunctionVersion:V3FunctionVersion.description",
        "pulumi-python:dynamic/alicloud:FunctionLeftovers#depends_on",
        "pulumi-python:dynamic/alicloud:FunctionLeftovers.revision_key",
        "pulumi-python:dynamic/alicloud:FunctionReady#depends_on",
        "pulumi-python:dynamic/alicloud:FunctionReady.revision_key",
        "pulumi-python:dynamic/alicloud:ReleaseHistory#depends_on",
        "pulumi-python:dynamic/alicloud:ReleaseHistory.version_key",
    },
    ("gateway", "high_availability"): {
        "alicloud:apig/gateway:Gateway#depends_on",
        "alicloud:apig/gateway:Gateway#ignore_changes",
        "alicloud:apig/gateway:Gateway.vswitch",
        "alicloud:apig/gateway:Gateway.zoneConfig",
        "alicloud:apig/gateway:Gateway.zones",
    },
    ("gateway", "protect"): {
        "alicloud:apig/gateway:Gateway#protect",
        "tls:index/privateKey:PrivateKey#protect",
    },
    ("gateway", "size"): {
        "alicloud:apig/gateway:Gateway.spec",
    },
    ("postgres", "high_availability"): {
        "+ alicloud:rds/backupPolicy:BackupPolicy",
        "alicloud:rds/instance:Instance#depends_on",
        "alicloud:rds/instance:Instance.category",
        "alicloud:rds/instance:Instance.instanceChargeType",
        "alicloud:rds/instance:Instance.instanceType",
        "alicloud:rds/instance:Instance.serverlessConfigs",
        "alicloud:rds/instance:Instance.vswitchId",
        "alicloud:rds/instance:Instance.zoneIdSlaveA",
    },
    ("postgres", "protect"): {
        "alicloud:rds/database:Database#protect",
        "alicloud:rds/instance:Instance#protect",
        "alicloud:rds/instance:Instance.deletionProtection",
        "random:index/randomPassword:RandomPassword#protect",
    },
    ("postgres", "retain"): {
        "alicloud:rds/accountPrivilege:AccountPrivilege#retain_on_delete",
        "alicloud:rds/database:Database#retain_on_delete",
        "alicloud:rds/instance:Instance#retain_on_delete",
        "alicloud:rds/rdsAccount:RdsAccount#retain_on_delete",
    },
    ("postgres", "backup_retention_days"): {
        "+ alicloud:rds/backupPolicy:BackupPolicy",
    },
    ("postgres", "size"): {
        "alicloud:rds/instance:Instance.serverlessConfigs",
    },
    ("mysql", "high_availability"): {
        "+ alicloud:rds/backupPolicy:BackupPolicy",
        "alicloud:rds/instance:Instance#depends_on",
        "alicloud:rds/instance:Instance.category",
        "alicloud:rds/instance:Instance.instanceChargeType",
        "alicloud:rds/instance:Instance.instanceType",
        "alicloud:rds/instance:Instance.serverlessConfigs",
        "alicloud:rds/instance:Instance.vswitchId",
        "alicloud:rds/instance:Instance.zoneIdSlaveA",
    },
    ("mysql", "protect"): {
        "alicloud:rds/database:Database#protect",
        "alicloud:rds/instance:Instance#protect",
        "alicloud:rds/instance:Instance.deletionProtection",
        "random:index/randomPassword:RandomPassword#protect",
    },
    ("mysql", "retain"): {
        "alicloud:rds/accountPrivilege:AccountPrivilege#retain_on_delete",
        "alicloud:rds/database:Database#retain_on_delete",
        "alicloud:rds/instance:Instance#retain_on_delete",
        "alicloud:rds/rdsAccount:RdsAccount#retain_on_delete",
    },
    ("mysql", "encrypt"): {
        "alicloud:rds/instance:Instance.sslAction",
    },
    ("mysql", "backup_retention_days"): {
        "+ alicloud:rds/backupPolicy:BackupPolicy",
    },
    ("mysql", "size"): {
        "alicloud:rds/instance:Instance.serverlessConfigs",
    },
    ("redis", "high_availability"): {
        "alicloud:kvstore/instance:Instance.secondaryZoneId",
    },
    ("redis", "protect"): {
        "alicloud:kvstore/instance:Instance#protect",
        "alicloud:kvstore/instance:Instance.backupPeriods",
        "alicloud:kvstore/instance:Instance.backupTime",
        "alicloud:kvstore/instance:Instance.instanceReleaseProtection",
        "random:index/randomPassword:RandomPassword#protect",
    },
    ("redis", "retain"): {
        "alicloud:kvstore/instance:Instance#retain_on_delete",
    },
    ("bucket", "high_availability"): {
        "alicloud:oss/bucket:Bucket.redundancyType",
    },
    ("bucket", "protect"): {
        "alicloud:oss/bucket:Bucket#protect",
        "alicloud:oss/bucket:Bucket.forceDestroy",
    },
    ("bucket", "retain"): {
        "alicloud:oss/bucket:Bucket#retain_on_delete",
        "alicloud:oss/bucket:Bucket.forceDestroy",
        "alicloud:oss/bucketAcl:BucketAcl#retain_on_delete",
        "alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock#retain_on_delete",
    },
    ("filesystem", "high_availability"): {
        "alicloud:nas/fileSystem:FileSystem.storageType",
    },
    ("filesystem", "protect"): {
        "alicloud:nas/fileSystem:FileSystem#protect",
    },
    ("filesystem", "retain"): {
        "alicloud:nas/fileSystem:FileSystem#retain_on_delete",
    },
    ("filesystem", "encrypt"): {
        "alicloud:nas/fileSystem:FileSystem.encryptType",
    },
    ("alerts", "urgent_alerts"): {
        "alicloud:cms/alarm:Alarm.escalationsCritical",
        "alicloud:cms/alarm:Alarm.escalationsInfo",
        "alicloud:cms/alarm:Alarm.silenceTime",
        "alicloud:sls/alert:Alert.configuration",
    },
}
