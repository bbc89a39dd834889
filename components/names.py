"""Physical names: one table of rules a resource type. A type without a rule is an error, not a guess.

Overflow is cut and closed with a short hash of the whole name, so that two long names never meet in one.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from components.scope import Scope

HASH_LENGTH = 6


@dataclass(frozen=True)
class NameRule:
    """What one resource type accepts as its name."""

    longest: int
    """Most characters."""
    shortest: int = 1
    """Fewest characters."""
    allowed: str = "a-z0-9-"
    """Characters allowed, as the inside of a regular-expression class."""
    separator: str = "-"
    """What stands between the parts."""
    unique: bool = False
    """Whether the name is shared with the whole world (a bucket, a registry host): it then carries a random suffix."""
    letter_first: bool = False
    """Whether it must begin with a letter."""

    @property
    def pattern(self) -> str:
        """The rule as a regular expression for the whole name."""
        first = f"(?=[{'a-zA-Z' if self.letter_first else 'a-zA-Z0-9'}])"
        return f"{first}[{self.allowed}]{{{self.shortest},{self.longest}}}"


_TEXT = "A-Za-z0-9._-"

RULES: dict[str, NameRule] = {
    # Volcengine. Lengths: provider schema and API documents of 0.0.47.
    "volcengine:vpc/vpc:Vpc": NameRule(128, allowed=_TEXT),
    "volcengine:vpc/subnet:Subnet": NameRule(128, allowed=_TEXT),
    "volcengine:vpc/securityGroup:SecurityGroup": NameRule(128, allowed=_TEXT),
    "volcengine:nat/gateway:Gateway": NameRule(128, allowed=_TEXT),
    "volcengine:eip/address:Address": NameRule(128, allowed=_TEXT),
    "volcengine:cr/registry:Registry": NameRule(30, 3, letter_first=True, unique=True),
    "volcengine:cr/namespace:Namespace": NameRule(90, 2, allowed="a-z0-9._-"),
    "volcengine:tls/project:Project": NameRule(64, 3, unique=True),
    "volcengine:tls/topic:Topic": NameRule(64, 3),
    "volcengine:tls/traceInstance:TraceInstance": NameRule(64, 3),
    "volcengine:tls/alarm:Alarm": NameRule(64, 1),
    "volcengine:tls/alarmNotifyGroup:AlarmNotifyGroup": NameRule(64, 1),
    "volcengine:apig/apigGateway:ApigGateway": NameRule(64, 2, letter_first=True),
    "volcengine:apig/apigGatewayService:ApigGatewayService": NameRule(128, 2, allowed="A-Za-z0-9-"),
    "volcengine:apig/apigUpstream:ApigUpstream": NameRule(64, 2),
    "volcengine:apig/apigRoute:ApigRoute": NameRule(64, 2),
    "volcengine:vefaas/function:Function": NameRule(64, 4, allowed="A-Za-z0-9_-"),
    "volcengine:rds_postgresql/instance:Instance": NameRule(128, 1, allowed=_TEXT, letter_first=True),
    "volcengine:rds_postgresql/allowlist:Allowlist": NameRule(128, 1, allowed=_TEXT, letter_first=True),
    "volcengine:tos/bucket:Bucket": NameRule(63, 3, unique=True),
    "volcengine:iam/user:User": NameRule(64, 1, allowed=_TEXT),
    "volcengine:iam/policy:Policy": NameRule(64, 1, allowed=_TEXT),
    "volcengine:cloud_monitor/contact:Contact": NameRule(128, 1, allowed=_TEXT),
    "volcengine:cloud_monitor/contactGroup:ContactGroup": NameRule(128, 1, allowed=_TEXT),
    "volcengine:cloud_monitor/rule:Rule": NameRule(128, 1, allowed=_TEXT),
    # Alibaba Cloud. Lengths: provider schema and API documents of 4.0.0.
    "alicloud:vpc/network:Network": NameRule(128, 1, allowed=_TEXT, letter_first=True),
    "alicloud:vpc/switch:Switch": NameRule(128, 1, allowed=_TEXT, letter_first=True),
    "alicloud:ecs/securityGroup:SecurityGroup": NameRule(128, 2, allowed=_TEXT, letter_first=True),
    "alicloud:vpc/natGateway:NatGateway": NameRule(128, 2, allowed=_TEXT, letter_first=True),
    "alicloud:ecs/eipAddress:EipAddress": NameRule(128, 1, allowed=_TEXT, letter_first=True),
    # Shared by all accounts of a region.
    "alicloud:cr/namespace:Namespace": NameRule(30, 2, allowed="a-z0-9_-", unique=True),
    # The first word of a host name that all accounts of a region share.
    "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance": NameRule(30, 3, unique=True),
    "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace": NameRule(120, 2, allowed="a-z0-9._-"),
    # Stricter than the provider's own pattern, which takes capitals and underscores that the service refuses.
    "alicloud:log/project:Project": NameRule(63, 3, unique=True),
    "alicloud:log/store:Store": NameRule(63, 3, allowed="a-z0-9_-"),
    "alicloud:rds/instance:Instance": NameRule(128, 2, allowed=_TEXT, letter_first=True),
    "alicloud:kvstore/instance:Instance": NameRule(80, 2, allowed=_TEXT, letter_first=True),
    "alicloud:oss/bucket:Bucket": NameRule(63, 3, unique=True),
    # A file system has no name: its description, which wants to begin with a letter.
    "alicloud:nas/fileSystem:FileSystem": NameRule(128, 2, allowed="A-Za-z0-9_-", letter_first=True),
    "alicloud:nas/accessGroup:AccessGroup": NameRule(64, 3, allowed="A-Za-z0-9_-", letter_first=True),
    # The service takes 128; the gateway names its service after the function, and an address begins with the name.
    "alicloud:fc/v3Function:V3Function": NameRule(64, 1, allowed="A-Za-z0-9_-", letter_first=True),
    "alicloud:ram/role:Role": NameRule(64, 1, allowed="A-Za-z0-9-"),
    "alicloud:ram/user:User": NameRule(64, 1, allowed=_TEXT),
    "alicloud:ram/policy:Policy": NameRule(128, 1, allowed="A-Za-z0-9-"),
    "alicloud:cms/alarmContact:AlarmContact": NameRule(40, 2),
    "alicloud:cms/alarmContactGroup:AlarmContactGroup": NameRule(40, 2),
    # CloudMonitor documents no limit for rules: a length that its console shows whole.
    "alicloud:cms/alarm:Alarm": NameRule(64, 1, allowed=_TEXT),
    # A display name takes 64; names of alerts were 60 at most before.
    "alicloud:sls/alert:Alert": NameRule(60, 5),
    # The gateway documents no lengths but the domain's; consoles take 64 for all of these.
    "alicloud:apig/gateway:Gateway": NameRule(64, 2, letter_first=True),
    "alicloud:apig/httpApi:HttpApi": NameRule(64, 2, letter_first=True),
    "alicloud:apig/route:Route": NameRule(64, 2, letter_first=True),
    "alicloud:apig/policy:Policy": NameRule(64, 2, letter_first=True),
    "pulumi-python:dynamic/alicloud:Consumer": NameRule(64, 2, letter_first=True),
    # 64 in the certificate service's documents.
    "alicloud:cas/serviceCertificate:ServiceCertificate": NameRule(64, 1, letter_first=True),
    # Tencent Cloud. Lengths: provider schema of 0.2.3 and API documents.
    "tencentcloud:Vpc/instance:Instance": NameRule(60, 1, allowed=_TEXT),
    "tencentcloud:Subnet/instance:Instance": NameRule(60, 1, allowed=_TEXT),
    "tencentcloud:Security/group:Group": NameRule(60, 1, allowed=_TEXT),
    "tencentcloud:Nat/gateway:Gateway": NameRule(60, 1, allowed=_TEXT),
    "tencentcloud:Eip/instance:Instance": NameRule(128, 1, allowed="A-Za-z0-9_-"),
    # The first word of a host name that all accounts share: 5 to 50 in the console.
    "tencentcloud:Tcr/instance:Instance": NameRule(50, 5, unique=True),
    "tencentcloud:Tcr/namespace:Namespace": NameRule(30, 2, allowed="a-z0-9._-"),
    # No length is documented: as long as a namespace.
    "tencentcloud:Tcr/serviceAccount:ServiceAccount": NameRule(30, 2),
    # No length is documented but 255 in the console: everything but a bar.
    "tencentcloud:Cls/logset:Logset": NameRule(255, 1, allowed=_TEXT),
    "tencentcloud:Cls/topic:Topic": NameRule(255, 1, allowed=_TEXT),
    # No length is documented: one that its console shows whole.
    "tencentcloud:Apm/instance:Instance": NameRule(60, 1, allowed=_TEXT),
    "tencentcloud:Teo/function:Function": NameRule(30, 2),
    "tencentcloud:Teo/realtimeLogDelivery:RealtimeLogDelivery": NameRule(200, 1, allowed="A-Za-z0-9_-"),
    # A remark for people. No length is documented but 200 in the console.
    "tencentcloud:Ssl/certificate:Certificate": NameRule(64, 1),
    # Shorter than 60, in the API documents of both.
    "tencentcloud:Postgresql/instance:Instance": NameRule(59, 1, allowed="A-Za-z0-9_-"),
    "tencentcloud:Redis/instance:Instance": NameRule(59, 1, allowed="A-Za-z0-9_-"),
    # A letter first, and neither hyphen nor underscore last.
    "tencentcloud:Scf/function:Function": NameRule(60, 2, allowed="A-Za-z0-9_-", letter_first=True),
    # CAM documents no lengths; its console takes 128 for both.
    "tencentcloud:Cam/role:Role": NameRule(128, 1, allowed="A-Za-z0-9_-"),
    "tencentcloud:Cam/policy:Policy": NameRule(128, 1, allowed="A-Za-z0-9_-"),
    # 64 in CAM's console, for users and for people who are only told.
    "tencentcloud:Cam/user:User": NameRule(64, 1, allowed=_TEXT),
    "tencentcloud:Cam/messageReceiver:MessageReceiver": NameRule(64, 1, allowed=_TEXT),
    # 60 in the API documents of policies and notices; the log service's have no length there.
    "tencentcloud:Monitor/alarmPolicy:AlarmPolicy": NameRule(60, 1, allowed=_TEXT),
    "tencentcloud:Monitor/alarmNotice:AlarmNotice": NameRule(60, 1, allowed=_TEXT),
    "tencentcloud:Cls/alarm:Alarm": NameRule(60, 1, allowed=_TEXT),
    "tencentcloud:Cls/alarmNotice:AlarmNotice": NameRule(60, 1, allowed=_TEXT),
    # The provider takes 100, the console 60.
    "tencentcloud:Mysql/instance:Instance": NameRule(60, 1, allowed="A-Za-z0-9_-"),
    # 60 with the hyphen and the application id of ten digits at the end.
    "tencentcloud:Cos/bucket:Bucket": NameRule(49, 1, unique=True),
    # 64 in the API documents of group and policy; a file system's has no length there.
    "tencentcloud:Cfs/accessGroup:AccessGroup": NameRule(64, 1, allowed="A-Za-z0-9_-"),
    "tencentcloud:Cfs/fileSystem:FileSystem": NameRule(64, 1, allowed="A-Za-z0-9_-"),
    "tencentcloud:Cfs/autoSnapshotPolicy:AutoSnapshotPolicy": NameRule(64, 1, allowed="A-Za-z0-9_-"),
}


def rule(type_token: str) -> NameRule:
    """The rule of a resource type; KeyError with the way to mend it where there is none."""
    try:
        return RULES[type_token]
    except KeyError:
        raise KeyError(f"{type_token} has no name rule: add one to components/names.py with its source") from None


def physical(scope: Scope, type_token: str, *parts: str, suffix: str = "") -> str:
    """The physical name of a resource: project, stage, application and parts, cut to what its type accepts.

    Args:
        scope: where the resource stands.
        type_token: the Pulumi type, which must be in `RULES`.
        parts: what tells it from its siblings (a zone, `public`).
        suffix: random characters for a globally unique type; always kept whole at the end.

    The same input gives the same name on every machine; different inputs never give the same name by being cut.
    """
    accepted = rule(type_token)
    words = [scope.project, scope.stage, scope.app, *parts]
    return fit(accepted, accepted.separator.join(word for word in words if word), suffix)


def fit(accepted: NameRule, name: str, suffix: str = "") -> str:
    """A name made to fit a rule: illegal characters become separators, overflow becomes a hash."""
    lowered = name if "A-Z" in accepted.allowed else name.lower()
    clean = re.sub(f"[^{accepted.allowed}]+", accepted.separator, lowered).strip(accepted.separator)
    tail = f"{accepted.separator}{suffix}" if suffix else ""
    changed = clean != name
    if changed or len(clean) + len(tail) > accepted.longest:
        mark = accepted.separator + hashlib.sha256(name.encode()).hexdigest()[:HASH_LENGTH]
        room = accepted.longest - len(mark) - len(tail)
        clean = clean[:room].rstrip(accepted.separator) + mark
    return clean + tail
