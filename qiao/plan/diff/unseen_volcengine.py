"""What Volcengine's provider (0.0.47) does not see change, read from its source: when each suppression holds.

The rules' table says which fields (`unheard`); here stands under which condition. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qiao.plan.diff.reasons import (
    When,
    created_only,
    privileges,
    respelled,
    same_json,
    same_policy,
    same_words,
    seen,
    taken_away,
    unless,
    unless_turned,
)

_BREAKER = "circuitBreakingSettings"
_KMS = "rule.applyServerSideEncryptionByDefault"

WHEN: Final[Mapping[str, Mapping[str, When]]] = {
    "volcengine:apig/apigGateway:ApigGateway": {
        "logSpec.projectId": unless("logSpec.enable", True),
        "logSpec.topicId": unless("logSpec.enable", True),
        "monitorSpec.workspaceId": unless("monitorSpec.enable", True),
    },
    "volcengine:apig/apigUpstream:ApigUpstream": {
        f"{_BREAKER}.{name}": unless(f"{_BREAKER}.enable", True)
        for name in ("baseEjectionTime", "consecutiveErrors", "interval", "maxEjectionPercent", "minHealthPercent")
    },
    "volcengine:cloud_monitor/rule:Rule": {
        "contactGroupIds": unless("alertMethods", "Phone", "Email", "SMS"),
        "webHook": unless("alertMethods", "Webhook"),
        "webhookIds": unless("alertMethods", "Webhook"),
    },
    "volcengine:eip/address:Address": {"period": unless_turned("billingType", "PrePaid")},
    "volcengine:eip/associate:Associate": {"instanceType": respelled},
    "volcengine:iam/role:Role": {"trustPolicyDocument": same_json},
    "volcengine:iam/user:User": {"mobilePhone": taken_away},
    "volcengine:nat/gateway:Gateway": {"period": unless("billingType", "PrePaid")},
    "volcengine:nat/snatEntry:SnatEntry": {"eipId": same_words},
    "volcengine:private_zone/privateZone:PrivateZone": {"vpcTrns": created_only},
    "volcengine:private_zone/record:Record": {"enable": seen, "userAccount": created_only},
    "volcengine:rds_postgresql/account:Account": {"accountPrivileges": privileges},
    "volcengine:rds_postgresql/instance:Instance": {
        f"chargeInfo.{name}": unless("chargeInfo.chargeType", "PrePaid")
        for name in ("autoRenew", "period", "periodUnit")
    },
    "volcengine:tls/topic:Topic": {
        "manualSplitShardId": seen,
        "manualSplitShardNumber": seen,
        "maxSplitShard": unless("autoSplit", True),
        "shardCount": created_only,
    },
    "volcengine:tos/bucketEncryption:BucketEncryption": {
        f"{_KMS}.{name}": unless(f"{_KMS}.sseAlgorithm", "kms") for name in ("kmsDataEncryption", "kmsMasterKeyId")
    },
    "volcengine:tos/bucketPolicy:BucketPolicy": {"policy": same_policy},
    # Neither is in the rules' table: the provider has a value of its own to keep.
    "volcengine:vefaas/function:Function": {"envs": taken_away, "description": taken_away},
    "volcengine:vpc/subnet:Subnet": {"enableIpv6": seen, "ipv6CidrBlock": unless_turned("enableIpv6", True)},
    "volcengine:vpc/vpc:Vpc": {"ipv6CidrBlock": unless_turned("enableIpv6", True)},
}

SETS: Final[Mapping[str, frozenset[str]]] = {
    "volcengine:apig/apigGateway:ApigGateway": frozenset({"networkSpec.subnetIds"}),
    "volcengine:apig/apigGatewayService:ApigGatewayService": frozenset({"protocols"}),
    "volcengine:apig/apigRoute:ApigRoute": frozenset({"matchRule.methods"}),
    "volcengine:cloud_monitor/contactGroup:ContactGroup": frozenset({"contactsIdLists"}),
    "volcengine:cloud_monitor/rule:Rule": frozenset(
        {"alertMethods", "conditions", "contactGroupIds", "originalDimensions", "originalDimensions.values", "regions",
         "webhookIds"}
    ),
    "volcengine:private_zone/privateZone:PrivateZone": frozenset({"vpcTrns", "vpcs"}),
    "volcengine:rds_postgresql/allowlist:Allowlist": frozenset({"allowLists", "instanceIds"}),
    "volcengine:vefaas/function:Function": frozenset({"envs", "vpcConfig.subnetIds", "vpcConfig.securityGroupIds"}),
}  # fmt: skip
"""Lists whose order means nothing, by type."""
