"""What Alibaba Cloud's provider does not see change, read from the source of its release 1.289: when each suppression
holds.

The rules' table says which fields (`unheard`); here stands under which condition. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qiao.plan.diff.reasons import (
    When,
    created_only,
    grows_itself,
    no_tls_switch,
    ports,
    same_charset,
    same_host,
    same_json,
    several,
    sourced,
    unless,
    with_,
)

_LOGS = (
    "archiveBackupKeepCount", "archiveBackupKeepPolicy", "archiveBackupRetentionPeriod", "highSpaceUsageProtection",
    "localLogRetentionHours", "localLogRetentionSpace", "logBackupFrequency", "logBackupRetentionPeriod",
)  # fmt: skip

WHEN: Final[Mapping[str, Mapping[str, When]]] = {
    "alicloud:cms/alarm:Alarm": {"metricDimensions": same_json},
    "alicloud:dns/alidnsRecord:AlidnsRecord": {"priority": unless("type", "MX"), "value": same_host},
    "alicloud:ecs/securityGroup:SecurityGroup": {"innerAccessPolicy": with_("securityGroupType", "enterprise")},
    "alicloud:ecs/securityGroupRule:SecurityGroupRule": {"portRange": ports, "prefixListId": sourced},
    "alicloud:fc/v3CustomDomain:V3CustomDomain": {"authConfig.authInfo": same_json},
    "alicloud:fc/v3Trigger:V3Trigger": {"triggerConfig": same_json},
    "alicloud:kvstore/instance:Instance": {"period": unless("paymentType", "PrePaid")},
    # Logs that are split have more shards than were asked for; no other number is ever compared.
    "alicloud:log/store:Store": {"shardCount": created_only},
    "alicloud:oss/bucketObject:BucketObject": {"kmsKeyId": unless("serverSideEncryption", "KMS")},
    "alicloud:ram/policy:Policy": {"policyDocument": same_json},
    "alicloud:ram/role:Role": {"assumeRolePolicyDocument": same_json},
    "alicloud:rds/backupPolicy:BackupPolicy": {name: unless("enableBackupLog", True) for name in _LOGS},
    "alicloud:rds/database:Database": {"characterSet": same_charset},
    "alicloud:rds/instance:Instance": {
        "instanceStorage": grows_itself,
        "period": unless("instanceChargeType", "Prepaid"),
        "serverlessConfigs": unless("instanceChargeType", "Serverless"),
        "sqlCollectorConfigValue": unless("sqlCollectorStatus", "Enabled"),
        "sslAction": no_tls_switch,
        "storageThreshold": unless("storageAutoScale", "Enable"),
        "storageUpperBound": unless("storageAutoScale", "Enable"),
        "vswitchId": several,
    },
    "alicloud:vpc/natGateway:NatGateway": {
        "period": unless("paymentType", "Subscription"),
        "specification": with_("internetChargeType", "PayByLcu"),
        "vswitchId": unless("natType", "Enhanced"),
    },
}

SETS: Final[Mapping[str, frozenset[str]]] = {
    "alicloud:cms/alarmContactGroup:AlarmContactGroup": frozenset({"contacts"}),
    "alicloud:kvstore/instance:Instance": frozenset({"backupPeriods", "securityIps"}),
    "alicloud:log/storeIndex:StoreIndex": frozenset({"fieldSearches", "fieldSearches.jsonKeys"}),
    "alicloud:rds/accountPrivilege:AccountPrivilege": frozenset({"dbNames"}),
    "alicloud:rds/backupPolicy:BackupPolicy": frozenset({"preferredBackupPeriods"}),
    "alicloud:rds/instance:Instance": frozenset({"parameters", "securityGroupIds", "securityIps"}),
}
"""Lists whose order means nothing, by type."""
