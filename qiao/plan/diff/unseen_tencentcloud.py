"""What Tencent Cloud's provider does not see change, read from the source of its release 1.82.42: when each suppression
holds.

The rules' table says which fields (`unheard`); here stands under which condition. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qiao.plan.diff.reasons import When, alone, among, never, same_json

WHEN: Final[Mapping[str, Mapping[str, When]]] = {
    "tencentcloud:Cam/policy:Policy": {"document": same_json},
    "tencentcloud:Cam/role:Role": {"document": same_json},
    "tencentcloud:Cos/bucket:Bucket": {"aclBody": never},
    "tencentcloud:Cos/bucketPolicy:BucketPolicy": {"policy": same_json},
    "tencentcloud:Mysql/instance:Instance": {"payType": never},
    "tencentcloud:Postgresql/instance:Instance": {"availabilityZone": among("dbNodeSets", "zone")},
    # It sends the main version only along with one of these.
    "tencentcloud:Scf/functionAlias:FunctionAlias": {"functionVersion": alone("routingConfig", "description")},
}

SETS: Final[Mapping[str, frozenset[str]]] = {
    "tencentcloud:Cls/alarm:Alarm": frozenset({"alarmNoticeIds"}),
    "tencentcloud:Cls/alarmNotice:AlarmNotice": frozenset(
        {"noticeReceivers.receiverChannels", "noticeReceivers.receiverIds"}
    ),
    "tencentcloud:Cos/bucket:Bucket": frozenset({"lifecycleRules.transitions", "lifecycleRules.nonCurrentTransitions"}),
    "tencentcloud:Monitor/alarmNotice:AlarmNotice": frozenset(
        {
            "userNotices.groupIds", "userNotices.noticeWays", "userNotices.phoneOrders", "userNotices.userIds",
            "userNotices.weekdays", "urlNotices.weekdays",
        }
    ),
    "tencentcloud:Monitor/alarmPolicy:AlarmPolicy": frozenset({"groupBies"}),
    "tencentcloud:Monitor/policyBindingObject:PolicyBindingObject": frozenset({"dimensions"}),
    "tencentcloud:Mysql/instance:Instance": frozenset({"securityGroups"}),
    "tencentcloud:Mysql/privilege:Privilege": frozenset({"databases", "databases.privileges", "globals"}),
    "tencentcloud:Nat/gateway:Gateway": frozenset({"assignedEipSets"}),
    "tencentcloud:Postgresql/instance:Instance": frozenset({"dbNodeSets", "securityGroups"}),
    "tencentcloud:Redis/instance:Instance": frozenset({"securityGroups"}),
    "tencentcloud:Tcr/instance:Instance": frozenset({"securityPolicies"}),
    "tencentcloud:Tcr/serviceAccount:ServiceAccount": frozenset({"permissions.actions"}),
    "tencentcloud:Teo/functionRule:FunctionRule": frozenset(
        {"functionRuleConditions.ruleConditions.values"}
    ),
    "tencentcloud:Vpc/instance:Instance": frozenset({"assistantCidrs", "dnsServers"}),
}  # fmt: skip
"""Lists whose order means nothing, by type."""
