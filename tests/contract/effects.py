"""What one field of the profile changes in each component's `full` case, from dev to prod's value: nothing else may.

Written `type.property` for an input, `type#option` for a resource option, `+ type` and `- type` for a resource. A
concept and field that are not listed have no effect.
"""

from __future__ import annotations

VOLCENGINE: dict[tuple[str, str], set[str]] = {
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
    },
    ("registry", "retain"): {
        "volcengine:cr/namespace:Namespace#retain_on_delete",
        "volcengine:cr/registry:Registry#retain_on_delete",
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

EFFECTS = {"volcengine": VOLCENGINE}
