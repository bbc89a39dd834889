"""What Volcengine's provider (0.0.47) does not see change, read from its source: when each suppression holds.

The rules' table says which fields (`unheard`); here stands under which condition, as `up` meets it on a resource that
exists. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from qiao.plan.diff.values import Spot, at, parsed
from qiao.plan.saved.values import text_of


@dataclass(frozen=True)
class Sides:
    """A resource's inputs before and after."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]


When = Callable[[Spot, Sides], str]
"""Why the provider does not see a change, or nothing where it does."""


def created_only(_: Spot, __: Sides) -> str:
    """It counts when the resource is made, and never after."""
    return "it only counts when the resource is made"


def seen(_: Spot, __: Sides) -> str:
    """It is left out when the resource is made, and seen after."""
    return ""


def unless(field: str, *values: Any) -> When:
    """Only with another field at certain values does it count."""

    def reason(_: Spot, sides: Sides) -> str:
        value = at(sides.new, field)
        given = value if isinstance(value, list) else [value]
        words = " or ".join("true" if each is True else str(each) for each in values)
        return "" if any(each in given for each in values) else f"it only counts with {field} {words}"

    return reason


def unless_turned(field: str, value: Any) -> When:
    """Only together with a change of another field does it count."""

    def reason(_: Spot, sides: Sides) -> str:
        turned = at(sides.old, field) != at(sides.new, field) and at(sides.new, field) == value
        word = "true" if value is True else value
        return "" if turned else f"it only counts together with a change of {field} to {word}"

    return reason


def same_json(spot: Spot, _: Sides) -> str:
    """The text differs, and means the same."""
    old, new = parsed(spot.old), parsed(spot.new)
    return "the same JSON, written otherwise" if old is not None and old == new else ""


def same_policy(_: Spot, sides: Sides) -> str:
    """A bucket's policy is compared without its version, and one action like a list of one."""
    old, new = (_statements(at(side, "policy")) for side in (sides.old, sides.new))
    return "the same policy, written otherwise" if old is not None and old == new else ""


def _statements(policy: Any) -> Any:
    found = parsed(policy)
    if not isinstance(found, dict):
        return None
    lists = ("Principal", "Action", "Resource")

    def listed(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        return {key: [value] if key in lists and isinstance(value, str) else value for key, value in item.items()}

    statements = found.get("Statement")
    items = [listed(item) for item in statements] if isinstance(statements, list) else statements
    return {key: value for key, value in found.items() if key not in ("Version", "Statement")} | {"Statement": items}


def same_words(spot: Spot, _: Sides) -> str:
    """A list in one text, separated by commas: its order means nothing."""
    old, new = text_of(spot.old), text_of(spot.new)
    if old is None or new is None:
        return ""
    return "the same items in another order" if sorted(old.split(",")) == sorted(new.split(",")) else ""


def privileges(spot: Spot, sides: Sides) -> str:
    """Only an ordinary account's privileges are changed."""
    if at(sides.new, "accountType") not in (None, "Normal"):
        return "only a Normal account's privileges can be changed"
    return same_words(spot, sides)


def respelled(spot: Spot, _: Sides) -> str:
    """One spelling was corrected."""
    return "another spelling of the same" if (spot.old, spot.new) == ("Nat", "NAT") else ""


def taken_away(spot: Spot, sides: Sides) -> str:
    """What is no longer set stays as it was in the cloud."""
    return "" if spot.field in sides.new else "taking it away changes nothing in the cloud: give an empty one"


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
"""Lists whose order means nothing, by type. Tags are one everywhere."""
TAGS: Final = frozenset({"tags", "resourceTags"})


def is_set(type_token: str, field: str) -> bool:
    """Whether a field's order means nothing."""
    return type_token.startswith("volcengine:") and (field in TAGS or field in SETS.get(type_token, ()))


def unseen(type_token: str, spot: Spot, sides: Sides) -> str:
    """Why the provider does not see a change; empty where it does."""
    table = WHEN.get(type_token, {})
    # Where a whole object comes or goes, all of it must be unseen.
    fields = {spot.field} if spot.field in table else spot.fields - {spot.field}
    reasons = [table[field](spot, sides) if field in table else "" for field in sorted(fields)]
    return reasons[0] if reasons and all(reasons) else ""
