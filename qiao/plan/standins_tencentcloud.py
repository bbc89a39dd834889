"""Stand-ins of Tencent Cloud's provider, and of the gaps that stand beside it.

Ids have the cloud's own shapes. Hosts end in `.example`, which nobody owns: a stand-in must never be taken for an
address. But one: a registry's, by which functions tell an image of their own account; its name is the program's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiao.plan.standins import Asked, InvokeAnswer, Outputs, ResourceAnswer, mark, number
from qiao.plan.wire import Secret, reveal

MADE = "2020-01-01 00:00:00"
APP_ID = str(number("tencentcloud", "app id"))
"""What names of buckets end in: ten digits."""
OWNER = str(number("tencentcloud", "owner", digits=12))
"""Whose account the program runs in, as the provider's own question answers it."""
ZONES = range(1, 13)
"""Numbers of a region's zones."""


def _prefixed(prefix: str, **outputs: Any) -> ResourceAnswer:
    """An id of the form `vpc-1a2b3c4d`, and outputs that are the same for all."""
    return lambda asked: {"id": f"{prefix}-{asked.mark(length=8)}", **outputs}


def _joined(*keys: str, by: str = "#") -> ResourceAnswer:
    """An id made of inputs, `instance#namespace`."""
    return lambda asked: {"id": _name(asked, *keys, by=by)}


def _name(asked: Asked, *keys: str, by: str = "#") -> str:
    return by.join(asked.text(key, asked.mark(key)) for key in keys)


def _uuid(asked: Asked) -> Outputs:
    return {"id": asked.uuid()}


def _private(asked: Asked) -> str:
    """An address inside a network."""
    digits = asked.mark("address", length=6)
    return f"10.{int(digits[:2], 16)}.{int(digits[2:4], 16)}.{int(digits[4:], 16)}"


def network(asked: Asked) -> Outputs:
    """A network, with the table of routes that it comes with."""
    return {
        "id": f"vpc-{asked.mark(length=8)}", "defaultRouteTableId": f"rtb-{asked.mark('table', length=8)}",
        "isDefault": False, "createTime": MADE,
    }  # fmt: skip


def address(asked: Asked) -> Outputs:
    """A fixed address out of a block that is reserved for documentation."""
    place = 1 + int(asked.mark("ip", length=4), 16) % 254
    return {"id": f"eip-{asked.mark(length=8)}", "publicIp": f"203.0.113.{place}", "status": "UNBIND"}


def registry(asked: Asked) -> Outputs:
    """An instance with its public host, and a private address."""
    name = asked.text("name", f"registry-{asked.mark('name')}")
    return {
        "id": f"tcr-{asked.mark(length=8)}", "publicDomain": f"{name}.tencentcloudcr.com", "status": "Running",
        "internalEndPoint": _private(asked),
        "publicStatus": "Opened" if asked.inputs.get("openPublicOperation") is True else "Closed",
    }  # fmt: skip


def login(asked: Asked) -> Outputs:
    """A registry's login: its password is secret whatever the program says."""
    return {"id": _name(asked, "registryId", "name"), "password": Secret(asked.mark("password", length=32))}


def traces(asked: Asked) -> Outputs:
    """A trace instance. Its token comes in clear, as from the provider."""
    return {
        "id": f"apm-{asked.mark(length=9)}", "token": asked.mark("token", length=20),
        "publicCollectorUrl": f"http://{asked.mark('collector')}.apm.example:4317",
    }  # fmt: skip


def function(asked: Asked) -> Outputs:
    """A function: its id is its namespace and its name. The provider waits until it is active."""
    return {
        "id": f"{asked.text('namespace', 'default')}+{_name(asked, 'name')}", "status": "Active",
        "functionId": f"lam-{asked.mark('function', length=8)}", "modifyTime": MADE,
        "codeSize": asked.number("code", digits=6),
    }  # fmt: skip


def function_version(asked: Asked) -> Outputs:
    """The version that was published: a number, as text, too long to be met by chance."""
    version = str(asked.number("version", digits=9))
    return {"id": f"{_name(asked, 'functionName', 'namespace')}#{version}", "functionVersion": version}


def role(asked: Asked) -> Outputs:
    """A role: its id is a number."""
    name = _name(asked, "name")
    return {
        "id": str(asked.number(digits=19)), "roleArn": f"qcs::cam::uin/{OWNER}:roleName/{name}", "createTime": MADE,
    }  # fmt: skip


def user(asked: Asked) -> Outputs:
    """A user: its id is its name; keys and notices know it by numbers."""
    return {
        "id": _name(asked, "name"), "uin": asked.number("uin", digits=12), "uid": asked.number("uid", digits=8),
    }  # fmt: skip


def receiver(asked: Asked) -> Outputs:
    """Somebody who is told, by a number; nothing is confirmed yet."""
    return {
        "id": _name(asked, "name"), "uid": asked.number("uid", digits=8), "uin": asked.number("uin", digits=12),
        "emailFlag": 0, "phoneFlag": 0, "wechatFlag": 0, "isReceiverOwner": 0,
    }  # fmt: skip


def access_key(asked: Asked) -> Outputs:
    """A key pair: the secret half is secret whatever the program says."""
    key = f"AKID{asked.mark('key', length=32)}"
    uin = reveal(asked.inputs.get("targetUin"))
    return {
        "id": f"{uin if isinstance(uin, int) else asked.number('uin', digits=12)}#{key}", "accessKey": key,
        "secretAccessKey": Secret(asked.mark("secret", length=32)),
    }  # fmt: skip


def postgres(asked: Asked) -> Outputs:
    """A PostgreSQL instance with one private address."""
    port = asked.number("port", digits=4)
    return {
        "id": f"postgres-{asked.mark(length=8)}", "privateAccessIp": _private(asked), "privateAccessPort": port,
        "createTime": MADE,
    }  # fmt: skip


def mysql(asked: Asked) -> Outputs:
    """A MySQL instance with one private address."""
    port = asked.integer("intranetPort", asked.number("port", digits=4))
    return {"id": f"cdb-{asked.mark(length=8)}", "intranetIp": _private(asked), "intranetPort": port, "status": 1}


def redis(asked: Asked) -> Outputs:
    """A Redis instance with one private address."""
    return {"id": f"crs-{asked.mark(length=8)}", "ip": _private(asked), "status": "online", "createTime": MADE}


def bucket(asked: Asked) -> Outputs:
    """A bucket: its id is its name."""
    name = _name(asked, "bucket")
    answer: Outputs = {"id": name, "cosBucketUrl": f"https://{name}.cos.example"}
    website = reveal(asked.inputs.get("website"))
    if isinstance(website, Mapping):
        answer["website"] = {**website, "endpoint": f"{name}.cos-website.example"}
    return answer


def stored(asked: Asked) -> Outputs:
    """An object. What is told of its content is what was given."""
    return {"id": _name(asked, "bucket", "key", by=""), "etag": asked.text("etag") or asked.mark("etag", length=32)}


def file_system(asked: Asked) -> Outputs:
    """A file system with its address and the name that machines mount it by."""
    return {
        "id": f"cfs-{asked.mark(length=8)}", "mountIp": _private(asked), "fsId": asked.mark("fs", length=8),
        "createTime": MADE,
    }  # fmt: skip


def site(asked: Asked) -> Outputs:
    """A site, with the record that proves whose it is."""
    proof = {
        "subdomain": f"edgeonereclaim-{asked.mark('record', length=8)}", "recordType": "TXT",
        "recordValue": f"reclaim-{asked.mark('proof', length=32)}",
    }  # fmt: skip
    return {
        "id": f"zone-{asked.mark(length=12)}", "ownershipVerifications": [{"dnsVerifications": [proof]}],
        "nameServers": [], "status": "pending",
    }  # fmt: skip


def edge_function(asked: Asked) -> Outputs:
    """A function at the edge: what other resources want is its own id, the second half of the whole."""
    own = f"ef-{asked.mark(length=8)}"
    return {
        "id": f"{_name(asked, 'zoneId')}#{own}", "functionId": own, "createTime": MADE, "updateTime": MADE,
        "domain": f"{asked.mark('domain')}.eo-edgefunctions.example",
    }  # fmt: skip


def edge_rule(asked: Asked) -> Outputs:
    """When a function at the edge is called."""
    own = f"rule-{asked.mark(length=8)}"
    return {"id": f"{_name(asked, 'zoneId', 'functionId')}#{own}", "ruleId": own}


def accelerated(asked: Asked) -> Outputs:
    """A domain behind EdgeOne, with what its record points to."""
    return {
        "id": _name(asked, "zoneId", "domainName"), "cname": f"{_name(asked, 'domainName')}.{asked.mark()}.eo.example",
        "status": "online",
    }  # fmt: skip


def delivery(asked: Asked) -> Outputs:
    """Where the log of a domain goes."""
    own = asked.uuid("task")
    return {"id": f"{_name(asked, 'zoneId')}#{own}", "taskId": own}


def delivered(asked: Asked) -> Outputs:
    """A domain behind the content delivery network, with what its record points to."""
    name = _name(asked, "domain")
    return {"id": name, "cname": f"{name}.{asked.mark()}.cdn.example", "status": "online", "createTime": MADE}


def function_url(asked: Asked) -> Outputs:
    """A function's own addresses, of the networks that it is open to."""
    host = f"{asked.number('app')}-{asked.mark('host', length=10)}"
    kinds = {"internet": "", "intranet": "in-"}
    urls = {f"{kind}_url": f"https://{prefix}{host}.scf.example" for kind, prefix in kinds.items()}
    open_to = {f"{kind}_url": asked.inputs.get(kind) is not False for kind in kinds}
    own = _name(asked, "function_name", "namespace", "qualifier")
    return {"id": f"{own}#{asked.mark()}", **{key: url if open_to[key] else "" for key, url in urls.items()}}


def release_history(asked: Asked) -> Outputs:
    """What the gap works out: a roll back names its version, a whole release its own, a part of one keeps an older."""
    version, weight = asked.text("version_id", asked.mark("version")), asked.integer("weight", 100)
    revision = reveal(asked.inputs.get("revision"))
    stable, canary = version, ""
    if isinstance(revision, int | float):
        stable = f"{revision:.0f}"
    elif weight < 100:
        stable, canary = str(asked.number("stable", digits=9)), version if weight > 0 else ""
    return {"id": _name(asked, "function_name"), "stable_version": stable, "canary_version": canary}


def account(args: Mapping[str, Any]) -> Outputs:
    """Whose account it is."""
    return {**args, "id": OWNER, "appId": APP_ID, "ownerUin": OWNER, "uin": OWNER, "name": "root"}


def zones(args: Mapping[str, Any]) -> Outputs:
    """Zones in which a product is sold: those of every region, since the question does not say which one."""
    from components.tencentcloud.facts import REGIONS  # it brings the SDK along, which whoever asks has

    sold = [
        {"id": str(number("tencentcloud", "zone", name, digits=6)), "name": name, "description": name,
         "state": "AVAILABLE"}
        for name in (f"{region}-{count}" for region in REGIONS for count in ZONES)
    ]  # fmt: skip
    return {**args, "id": mark("zones", str(args.get("product"))), "zones": sold}


def ready_policies(args: Mapping[str, Any]) -> Outputs:
    """The ready policy of the name asked for."""
    name = str(args.get("name"))
    found = {
        "policyId": str(number("tencentcloud", "policy", name, digits=8)), "name": name, "type": args.get("type") or 2,
        "attachments": 0, "createMode": 2, "createTime": MADE, "description": "", "serviceType": "",
    }  # fmt: skip
    return {**args, "id": mark("policies", name), "policyLists": [found]}


def registries(args: Mapping[str, Any]) -> Outputs:
    """The registry of the name asked for."""
    name = str(args.get("name"))
    found = {
        "id": f"tcr-{mark('registry', name, length=8)}", "name": name, "instanceType": "standard", "status": "Running",
        "publicDomain": f"{name}.tencentcloudcr.com", "internalEndPoint": "", "tags": {},
    }  # fmt: skip
    return {**args, "id": mark("registries", name), "instanceLists": [found]}


def images(args: Mapping[str, Any]) -> Outputs:
    """The image asked for: each repository and tag has a digest of its own."""
    keys = ("registryId", "namespaceName", "repositoryName", "imageVersion")
    which = [str(args.get(key)) for key in keys]
    found = {
        "imageVersion": which[-1], "digest": f"sha256:{mark('image', *which, length=64)}", "kind": "image",
        "kmsSignature": "", "size": number("size", *which, digits=8), "updateTime": MADE,
    }  # fmt: skip
    return {**args, "id": mark("images", *which), "imageInfoLists": [found]}


_DYNAMIC = "pulumi-python:dynamic/tencentcloud"

RESOURCES: Mapping[str, ResourceAnswer] = {
    "tencentcloud:Vpc/instance:Instance": network,
    "tencentcloud:Subnet/instance:Instance": _prefixed("subnet", isDefault=False, createTime=MADE),
    "tencentcloud:Security/group:Group": _prefixed("sg"),
    "tencentcloud:Security/groupRuleSet:GroupRuleSet": _joined("securityGroupId"),
    "tencentcloud:Nat/gateway:Gateway": _prefixed("nat", createdTime=MADE),
    "tencentcloud:Eip/instance:Instance": address,
    "tencentcloud:Route/tableEntry:TableEntry": lambda asked: {
        "id": f"{asked.number('entry', digits=6)}.{_name(asked, 'routeTableId')}",
    },
    "tencentcloud:Tcr/instance:Instance": registry,
    "tencentcloud:Tcr/namespace:Namespace": _joined("instanceId", "name"),
    "tencentcloud:Tcr/repository:Repository": _joined("instanceId", "namespaceName", "name"),
    "tencentcloud:Tcr/serviceAccount:ServiceAccount": login,
    "tencentcloud:Tcr/immutableTagRule:ImmutableTagRule": lambda asked: {
        "id": f"{_name(asked, 'registryId', 'namespaceName')}#{asked.number('rule', digits=6)}",
    },
    "tencentcloud:Tcr/vpcAttachment:VpcAttachment": lambda asked: {
        "id": _name(asked, "instanceId", "vpcId", "subnetId"), "accessIp": _private(asked), "status": "Running",
    },
    "tencentcloud:Cls/logset:Logset": _uuid,
    "tencentcloud:Cls/topic:Topic": _uuid,
    # An index is called by its topic.
    "tencentcloud:Cls/index:Index": _joined("topicId"),
    "tencentcloud:Cls/alarm:Alarm": _prefixed("alarm"),
    "tencentcloud:Cls/alarmNotice:AlarmNotice": _prefixed("notice"),
    "tencentcloud:Apm/instance:Instance": traces,
    "tencentcloud:Scf/function:Function": function,
    "tencentcloud:Scf/functionVersion:FunctionVersion": function_version,
    "tencentcloud:Scf/functionAlias:FunctionAlias": _joined("namespace", "functionName", "name"),
    "tencentcloud:Scf/functionEventInvokeConfig:FunctionEventInvokeConfig": _joined("functionName", "namespace"),
    "tencentcloud:Scf/reservedConcurrencyConfig:ReservedConcurrencyConfig": _joined("namespace", "functionName"),
    "tencentcloud:Scf/customDomain:CustomDomain": _joined("domain"),
    "tencentcloud:Cam/role:Role": role,
    "tencentcloud:Cam/policy:Policy": lambda asked: {"id": str(asked.number()), "type": 1, "createTime": MADE},
    "tencentcloud:Cam/rolePolicyAttachmentByName:RolePolicyAttachmentByName": _joined("roleName", "policyName"),
    "tencentcloud:Cam/user:User": user,
    "tencentcloud:Cam/userPolicyAttachment:UserPolicyAttachment": _joined("userName", "policyId"),
    "tencentcloud:Cam/accessKey:AccessKey": access_key,
    "tencentcloud:Cam/messageReceiver:MessageReceiver": receiver,
    "tencentcloud:Teo/zone:Zone": site,
    "tencentcloud:Teo/accelerationDomain:AccelerationDomain": accelerated,
    "tencentcloud:Teo/certificateConfig:CertificateConfig": _joined("zoneId", "host"),
    "tencentcloud:Teo/function:Function": edge_function,
    "tencentcloud:Teo/functionRule:FunctionRule": edge_rule,
    "tencentcloud:Teo/functionRuntimeEnvironment:FunctionRuntimeEnvironment": _joined("zoneId", "functionId"),
    "tencentcloud:Teo/realtimeLogDelivery:RealtimeLogDelivery": delivery,
    "tencentcloud:Ssl/certificate:Certificate": lambda asked: {"id": asked.mark(length=8), "status": 1},
    "tencentcloud:Dnspod/record:Record": lambda asked: {"id": f"{_name(asked, 'domain')}#{asked.number(digits=9)}"},
    "tencentcloud:Cdn/domain:Domain": delivered,
    "tencentcloud:Postgresql/instance:Instance": postgres,
    "tencentcloud:Postgresql/account:Account": _joined("dbInstanceId", "userName"),
    "tencentcloud:Postgresql/instanceHaConfig:InstanceHaConfig": _joined("instanceId"),
    "tencentcloud:Postgresql/instanceSslConfig:InstanceSslConfig": _joined("dbInstanceId"),
    "tencentcloud:Postgresql/parameters:Parameters": _joined("dbInstanceId"),
    "tencentcloud:Mysql/instance:Instance": mysql,
    "tencentcloud:Mysql/account:Account": _joined("mysqlId", "name", "host"),
    "tencentcloud:Mysql/database:Database": _joined("instanceId", "dbName"),
    "tencentcloud:Mysql/privilege:Privilege": _joined("mysqlId", "accountName"),
    "tencentcloud:Mysql/backupPolicy:BackupPolicy": _joined("mysqlId"),
    "tencentcloud:Mysql/ssl:Ssl": _joined("instanceId"),
    "tencentcloud:Redis/instance:Instance": redis,
    "tencentcloud:Redis/param:Param": _joined("instanceId"),
    "tencentcloud:Redis/backupConfig:BackupConfig": _joined("redisId"),
    "tencentcloud:Cos/bucket:Bucket": bucket,
    "tencentcloud:Cos/bucketPolicy:BucketPolicy": _joined("bucket"),
    "tencentcloud:Cos/bucketObject:BucketObject": stored,
    "tencentcloud:Cfs/accessGroup:AccessGroup": _prefixed("pgroup", createTime=MADE),
    "tencentcloud:Cfs/accessRule:AccessRule": _prefixed("rule"),
    "tencentcloud:Cfs/fileSystem:FileSystem": file_system,
    "tencentcloud:Cfs/autoSnapshotPolicy:AutoSnapshotPolicy": _prefixed("asp"),
    "tencentcloud:Cfs/autoSnapshotPolicyAttachment:AutoSnapshotPolicyAttachment": _joined(
        "autoSnapshotPolicyId", "fileSystemIds"
    ),
    "tencentcloud:Monitor/alarmNotice:AlarmNotice": _prefixed("notice", isPreset=0),
    "tencentcloud:Monitor/alarmPolicy:AlarmPolicy": _prefixed("policy", createTime=MADE),
    "tencentcloud:Monitor/policyBindingObject:PolicyBindingObject": _joined("policyId"),
    f"{_DYNAMIC}:FunctionReady": _joined("function_name"),
    f"{_DYNAMIC}:FunctionUrl": function_url,
    f"{_DYNAMIC}:ReleaseHistory": release_history,
    f"{_DYNAMIC}:ZoneOwnership": _joined("zone_id"),
}  # fmt: skip
"""The other gaps give their inputs back."""

INVOKES: Mapping[str, InvokeAnswer] = {
    "tencentcloud:User/getInfo:getInfo": account,
    "tencentcloud:Availability/getZonesByProduct:getZonesByProduct": zones,
    "tencentcloud:Cam/getPolicies:getPolicies": ready_policies,
    "tencentcloud:Tcr/getInstances:getInstances": registries,
    "tencentcloud:Tcr/getImages:getImages": images,
}
