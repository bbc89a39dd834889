"""Volcengine, as its documents have it, and what its components make of a profile."""

from __future__ import annotations

from tests.contract.clouds.shape import CANARY, CloudFacts, Effects

FACTS = CloudFacts(
    region="cn-beijing",
    zones=("cn-beijing-a", "cn-beijing-b"),
    metric="FunctionErrors",
    metric_group="function",
    system_policy="TLSFullAccess",
    actions=("tls:PutLogs", "tls:SearchLogs"),
    stateful=frozenset(
        {
            "volcengine:vpc/vpc:Vpc",
            "volcengine:vpc/subnet:Subnet",
            "volcengine:nat/gateway:Gateway",
            "volcengine:eip/address:Address",
            "volcengine:cr/registry:Registry",
            "volcengine:cr/namespace:Namespace",
            "volcengine:cr/repository:Repository",
            "volcengine:tls/project:Project",
            "volcengine:tls/topic:Topic",
            "volcengine:tls/traceInstance:TraceInstance",
            "volcengine:apig/apigGateway:ApigGateway",
            "volcengine:rds_postgresql/instance:Instance",
            "volcengine:rds_postgresql/database:Database",
            "volcengine:tos/bucket:Bucket",
            "random:index/randomPassword:RandomPassword",
        }
    ),
    retained=frozenset(
        {
            # A fixed address that callers know, images, tables, objects ...
            "volcengine:eip/address:Address",
            "volcengine:cr/registry:Registry",
            "volcengine:cr/namespace:Namespace",
            "volcengine:cr/repository:Repository",
            "volcengine:rds_postgresql/instance:Instance",
            "volcengine:rds_postgresql/database:Database",
            "volcengine:tos/bucket:Bucket",
            # ... and what would open, expose or lock them if it went alone.
            "volcengine:rds_postgresql/allowlist:Allowlist",
            "volcengine:rds_postgresql/allowlistAssociate:AllowlistAssociate",
            "volcengine:rds_postgresql/account:Account",
            "volcengine:rds_postgresql/instanceSsl:InstanceSsl",
            "pulumi-python:dynamic/volcengine:PostgresBackup",
            "volcengine:tos/bucketEncryption:BucketEncryption",
            "volcengine:tos/bucketLifecycle:BucketLifecycle",
            "volcengine:tos/bucketCors:BucketCors",
        }
    ),
    names={
        "volcengine:vpc/vpc:Vpc": "vpcName",
        "volcengine:vpc/subnet:Subnet": "subnetName",
        "volcengine:vpc/securityGroup:SecurityGroup": "securityGroupName",
        "volcengine:nat/gateway:Gateway": "natGatewayName",
        "volcengine:eip/address:Address": "name",
        "volcengine:cr/registry:Registry": "name",
        "volcengine:cr/namespace:Namespace": "name",
        "volcengine:tls/project:Project": "projectName",
        "volcengine:tls/topic:Topic": "topicName",
        "volcengine:tls/traceInstance:TraceInstance": "traceInstanceName",
        "volcengine:tls/alarm:Alarm": "alarmName",
        "volcengine:tls/alarmNotifyGroup:AlarmNotifyGroup": "alarmNotifyGroupName",
        "volcengine:apig/apigGateway:ApigGateway": "name",
        "volcengine:apig/apigGatewayService:ApigGatewayService": "serviceName",
        "volcengine:apig/apigUpstream:ApigUpstream": "name",
        "volcengine:apig/apigRoute:ApigRoute": "name",
        "volcengine:vefaas/function:Function": "name",
        "volcengine:rds_postgresql/instance:Instance": "instanceName",
        "volcengine:rds_postgresql/allowlist:Allowlist": "allowListName",
        "volcengine:tos/bucket:Bucket": "bucketName",
        "volcengine:iam/user:User": "userName",
        "volcengine:iam/policy:Policy": "policyName",
        "volcengine:cloud_monitor/contact:Contact": "name",
        "volcengine:cloud_monitor/contactGroup:ContactGroup": "name",
        "volcengine:cloud_monitor/rule:Rule": "ruleName",
    },
    other_names={
        "volcengine:cr/repository:Repository.name": "the image's, chosen in RegistryArgs, which checks it",
        "volcengine:iam/accessKey:AccessKey.userName": "the user's",
        "volcengine:iam/userPolicyAttachment:UserPolicyAttachment.userName": "the user's",
        "volcengine:iam/userPolicyAttachment:UserPolicyAttachment.policyName": "the policy's",
        "volcengine:rds_postgresql/account:Account.accountName": "chosen in PostgresArgs, which checks it",
        "volcengine:rds_postgresql/database:Database.dbName": "chosen in PostgresArgs, which checks it",
        "volcengine:rds_postgresql/database:Database.characterSetName": "a character set",
        "volcengine:tos/bucket:Bucket.projectName": "the account's own project",
        "volcengine:tos/bucketCors:BucketCors.bucketName": "the bucket's",
        "volcengine:tos/bucketEncryption:BucketEncryption.bucketName": "the bucket's",
        "volcengine:tos/bucketLifecycle:BucketLifecycle.bucketName": "the bucket's",
        "volcengine:tos/bucketObject:BucketObject.bucketName": "the bucket's",
        "volcengine:tos/bucketObject:BucketObject.objectName": "a key: prefix and hash",
    },
    kept={},
    untagged={},
    inside={},
    group_members=frozenset(
        {
            "volcengine:cloud_monitor/contactGroup:ContactGroup.contactsIdLists",
            "volcengine:cloud_monitor/contactGroup:ContactGroup#depends_on",
        }
    ),
    natives={"alerts full": {"webhook": f"https://chat.example.com/{CANARY.format('hook')}"}},
)

EFFECTS: Effects = {
    ("network", "protect"): {
        "volcengine:eip/address:Address#protect",
        "volcengine:nat/gateway:Gateway#protect",
        "volcengine:vpc/subnet:Subnet#protect",
        "volcengine:vpc/vpc:Vpc#protect",
    },
    ("network", "retain"): {
        "volcengine:eip/address:Address#retain_on_delete",
    },
    ("registry", "protect"): {
        "random:index/randomPassword:RandomPassword#protect",
        "volcengine:cr/namespace:Namespace#protect",
        "volcengine:cr/registry:Registry#protect",
        "volcengine:cr/repository:Repository#protect",
    },
    ("registry", "retain"): {
        "volcengine:cr/namespace:Namespace#retain_on_delete",
        "volcengine:cr/registry:Registry#retain_on_delete",
        "volcengine:cr/repository:Repository#retain_on_delete",
        "volcengine:cr/registry:Registry.deleteImmediately",
    },
    ("registry", "private_access"): {
        "+ volcengine:cr/vpcEndpoint:VpcEndpoint",
        "volcengine:cr/registry:Registry.type",
    },
    ("registry", "size"): {
        "volcengine:cr/registry:Registry.type",
    },
    ("observability", "protect"): {
        "volcengine:tls/project:Project#protect",
        "volcengine:tls/topic:Topic#protect",
        "volcengine:tls/traceInstance:TraceInstance#protect",
    },
    ("observability", "encrypt"): {
        "volcengine:tls/topic:Topic.encryptConf",
    },
    ("observability", "log_retention_days"): {
        "volcengine:tls/topic:Topic.archiveTtl",
        "volcengine:tls/topic:Topic.coldTtl",
        "volcengine:tls/topic:Topic.enableHotTtl",
        "volcengine:tls/topic:Topic.hotTtl",
        "volcengine:tls/topic:Topic.ttl",
        "volcengine:tls/traceInstance:TraceInstance.backendConfig",
    },
    ("observability", "size"): {
        "volcengine:tls/topic:Topic.maxSplitShard",
        "volcengine:tls/topic:Topic.shardCount",
        "volcengine:tls/traceInstance:TraceInstance.backendConfig",
    },
    ("function", "protect"): {
        "random:index/randomPassword:RandomPassword#protect",
    },
    ("gateway", "high_availability"): {
        "volcengine:apig/apigGateway:ApigGateway.resourceSpec",
        "volcengine:apig/apigGateway:ApigGateway.type",
    },
    ("gateway", "protect"): {
        "volcengine:apig/apigGateway:ApigGateway#protect",
    },
    ("postgres", "high_availability"): {
        "volcengine:rds_postgresql/instance:Instance.secondaryZoneId",
    },
    ("postgres", "protect"): {
        "random:index/randomPassword:RandomPassword#protect",
        "volcengine:rds_postgresql/database:Database#protect",
        "volcengine:rds_postgresql/instance:Instance#protect",
    },
    ("postgres", "retain"): {
        "pulumi-python:dynamic/volcengine:PostgresBackup#retain_on_delete",
        "volcengine:rds_postgresql/account:Account#retain_on_delete",
        "volcengine:rds_postgresql/allowlist:Allowlist#retain_on_delete",
        "volcengine:rds_postgresql/allowlistAssociate:AllowlistAssociate#retain_on_delete",
        "volcengine:rds_postgresql/database:Database#retain_on_delete",
        "volcengine:rds_postgresql/instance:Instance#retain_on_delete",
    },
    ("postgres", "encrypt"): {
        "+ volcengine:rds_postgresql/instanceSsl:InstanceSsl",
    },
    ("postgres", "backup_retention_days"): {
        "pulumi-python:dynamic/volcengine:PostgresBackup.retention_days",
    },
    ("postgres", "size"): {
        "volcengine:rds_postgresql/instance:Instance.nodeSpec",
    },
    ("bucket", "high_availability"): {
        "volcengine:tos/bucket:Bucket.azRedundancy",
    },
    ("bucket", "protect"): {
        "volcengine:tos/bucket:Bucket#protect",
    },
    ("bucket", "retain"): {
        "volcengine:tos/bucket:Bucket#retain_on_delete",
        "volcengine:tos/bucketCors:BucketCors#retain_on_delete",
        "volcengine:tos/bucketEncryption:BucketEncryption#retain_on_delete",
        "volcengine:tos/bucketLifecycle:BucketLifecycle#retain_on_delete",
    },
    ("alerts", "urgent_alerts"): {
        "volcengine:cloud_monitor/rule:Rule.alertMethods",
        "volcengine:cloud_monitor/rule:Rule.level",
        "volcengine:cloud_monitor/rule:Rule.silenceTime",
        "volcengine:tls/alarm:Alarm.alarmPeriod",
        "volcengine:tls/alarm:Alarm.severity",
        "volcengine:tls/alarmNotifyGroup:AlarmNotifyGroup.receivers",
    },
}
