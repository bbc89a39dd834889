"""Stand-ins of Volcengine's provider, and of the gaps that stand beside it.

Hosts end in `.example`, which nobody owns: a stand-in must never be taken for an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiao.plan.standins import Asked, InvokeAnswer, Outputs, ResourceAnswer, mark, number, uuid
from qiao.plan.wire import Secret

MADE = "2020-01-01T00:00:00Z"


def _prefixed(prefix: str, **outputs: Any) -> ResourceAnswer:
    """An id of the form `vpc-2f1c...`, and outputs that are the same for all."""
    return lambda asked: {"id": f"{prefix}-{asked.mark(length=20)}", **outputs}


def _by_uuid(asked: Asked) -> Outputs:
    return {"id": asked.uuid()}


def _dated(asked: Asked) -> Outputs:
    return {**_by_uuid(asked), "createTime": MADE, "modifyTime": MADE}


def _joined(*keys: str) -> ResourceAnswer:
    """An id made of inputs, `registry:name`."""
    return lambda asked: {"id": ":".join(asked.text(key, asked.mark(key)) for key in keys)}


def address(asked: Asked) -> Outputs:
    """A fixed address out of a block that is reserved for documentation."""
    allocated = f"eip-{asked.mark(length=20)}"
    return {"id": allocated, "eipAddress": f"203.0.113.{asked.number(digits=2)}", "status": "Available"}


def registry(asked: Asked) -> Outputs:
    """A registry instance: its id is its name."""
    name = asked.text("name", f"registry-{asked.mark()}")
    hosts = [("Public", f"{name}.cr.example"), ("Vpc", f"{name}-vpc.cr.example")]
    return {
        "id": name, "name": name, "username": f"pusher-{asked.mark(length=6)}", "userStatus": "Active",
        "domains": [{"domain": host, "type": kind} for kind, host in hosts],
        "statuses": [{"phase": "Running", "conditions": ["Ok"]}], "chargeType": "PostPaid", "createTime": MADE,
    }  # fmt: skip


def _namespace(asked: Asked) -> Outputs:
    name = asked.text("name", f"namespace-{asked.mark()}")
    return {"id": f"{asked.text('registry', 'registry')}:{name}", "name": name, "createTime": MADE}


def _alarm(key: str) -> ResourceAnswer:
    return lambda asked: {"id": asked.uuid(), key: asked.uuid()}


def _gateway(asked: Asked) -> Outputs:
    return {"id": f"g{asked.mark(length=20)}", "status": "Running", "message": "", "version": "1.0", "createTime": MADE}


def _service(asked: Asked) -> Outputs:
    return {"id": f"s{asked.mark(length=20)}", "status": "Running", "message": "", "createTime": MADE}


def _route(asked: Asked) -> Outputs:
    domains = [{"domain": host, "type": kind} for kind, host in _service_hosts(asked.text("serviceId"))]
    return {"id": f"r{asked.mark(length=20)}", "domains": domains, "customDomains": [], "status": "Running"}


def _service_hosts(service: str) -> list[tuple[str, str]]:
    host = mark("service", service, length=16)
    return [("public", f"{host}.apigateway.example"), ("private", f"{host}.apigateway-inner.example")]


def function(asked: Asked) -> Outputs:
    """A function that nobody has released."""
    return {
        "id": asked.mark(length=8),
        "codeSize": asked.number("code", digits=6), "codeSizeLimit": asked.number("limit", digits=9),
        "owner": str(asked.number("owner")), "sourceLocation": f"location-{asked.mark('source')}", "triggersCount": 0,
        "creationTime": MADE, "lastUpdateTime": MADE,
    }  # fmt: skip


def release(asked: Asked) -> Outputs:
    """A release under way: the provider does not wait for its end."""
    record = asked.mark("record", length=16)
    return {
        "id": f"{asked.text('functionId', 'function')}:{record}", "releaseRecordId": record, "status": "inprogress",
        "statusMessage": "", "errorCode": "", "failedInstanceLogs": "", "currentTrafficWeight": 0, "startTime": MADE,
        "newRevisionNumber": asked.number("revision", digits=6), "oldRevisionNumber": 0, "stableRevisionNumber": -1,
    }  # fmt: skip


def postgres(asked: Asked) -> Outputs:
    """An instance of two nodes with one private address."""
    identity = f"postgres-{asked.mark()}"
    private = {
        "domain": f"{identity}.postgres.example", "networkType": "Private", "subnetId": asked.text("subnetId"),
        "ipAddress": f"192.168.{asked.number('net', digits=2)}.{asked.number('host', digits=2)}",
        "port": str(asked.number("port", digits=4)), "dnsVisibility": False, "internetProtocol": "IPv4",
    }  # fmt: skip
    endpoint = {
        "endpointId": f"{identity}-cluster", "endpointName": "default", "endpointType": "Cluster",
        "readWriteMode": "ReadWrite", "addresses": [private],
    }  # fmt: skip
    return {
        "id": identity, "instanceId": identity, "instanceStatus": "Running", "endpoints": [endpoint],
        "vpcId": f"vpc-{asked.mark('vpc', length=20)}", "nodeNumber": 2, "storageType": "LocalSSD", "createTime": MADE,
    }  # fmt: skip


def _allow_list(asked: Asked) -> Outputs:
    return {"id": f"acl-{asked.mark(length=32)}", "associatedInstanceNum": 0}


def bucket(asked: Asked) -> Outputs:
    """A bucket: its id is its name."""
    name = asked.text("bucketName", f"bucket-{asked.mark()}")
    return {
        "id": name, "creationDate": MADE, "location": f"region-{asked.mark('region', length=4)}",
        "extranetEndpoint": f"tos-{asked.mark('out', length=6)}.example",
        "intranetEndpoint": f"tos-{asked.mark('in', length=6)}.inner.example",
    }  # fmt: skip


def _bucket_part(asked: Asked) -> Outputs:
    return {"id": asked.text("bucketName", asked.mark())}


def user(asked: Asked) -> Outputs:
    """An IAM user: its id is its name."""
    account = str(asked.number("account"))
    name = asked.text("userName", f"user-{asked.mark()}")
    return {
        "id": name, "accountId": account, "userId": str(asked.number("user")), "trn": f"trn:iam::{account}:user/{name}",
        "createDate": MADE, "updateDate": MADE,
    }  # fmt: skip


def access_key(asked: Asked) -> Outputs:
    """A key pair: the secret half is secret whatever the program says."""
    identity = f"AKLT{asked.mark('key', length=40)}"
    return {
        "id": identity, "accessKeyId": identity, "secretAccessKey": Secret(asked.mark("secret", length=60)),
        "createDate": MADE, "updateDate": MADE,
    }  # fmt: skip


def _policy(asked: Asked) -> Outputs:
    name = asked.text("policyName", f"policy-{asked.mark()}")
    return {"id": name, "policyTrn": f"trn:iam::{asked.number('account')}:policy/{name}", "policyType": "Custom"}


def _zone(asked: Asked) -> Outputs:
    zid = asked.number(digits=6)
    return {"id": str(zid), "zid": zid, "stage": 2, "isNsCorrect": True}


def _record(asked: Asked) -> Outputs:
    identity = str(asked.number())
    return {"id": identity, "recordId": identity, "recordSetId": str(asked.number("set")), "enable": True}


def trace_topic(asked: Asked) -> Outputs:
    """What the gap TraceTopic waits for."""
    return {"id": asked.text("trace_instance_id", asked.mark()), "topic_id": asked.uuid("topic")}


def release_ready(asked: Asked) -> Outputs:
    """What the gap ReleaseReady waits for."""
    return {"id": asked.text("release_id", asked.mark()), "version": str(asked.number("version", digits=6))}


def _keys_added(asked: Asked) -> Outputs:
    return {"id": asked.text("topic_id", asked.mark()), "added": asked.inputs.get("keys")}


def gateway_services(args: Mapping[str, Any]) -> Outputs:
    """The one service of that name, with its public and its private domain."""
    gateway, name = str(args.get("gatewayId", "")), str(args.get("name", ""))
    identity = f"s{mark(gateway, name, length=20)}"
    service = {
        "id": identity, "name": name, "gatewayId": gateway, "gatewayName": f"gateway-{mark(gateway)}",
        "status": "Running",
        "protocols": ["HTTP", "HTTPS"], "comments": "", "message": "", "createTime": MADE, "customDomains": [],
        "authSpecs": [{"enable": False}],
        "domains": [{"domain": host, "type": kind} for kind, host in _service_hosts(f"{gateway}/{name}")],
    }  # fmt: skip
    return {**args, "id": mark(gateway, name), "gatewayServices": [service], "totalCount": 1}


def dns_zones(args: Mapping[str, Any]) -> Outputs:
    """The one zone of that name."""
    name = str(args.get("key") or args.get("nameRegex") or "zone.example").strip("^$").replace("\\", "")
    zid = number("zone", name, digits=6)
    return {
        **args,
        "id": str(zid),
        "zones": [{"id": str(zid), "zid": zid, "zoneName": name, "stage": 2}],
        "totalCount": 1,
    }


def trace_instances(args: Mapping[str, Any]) -> Outputs:
    """The one trace instance of that id."""
    identity = str(args.get("traceInstanceId") or uuid("trace", str(sorted(args.items()))))
    found = {
        "traceInstanceId": identity, "traceInstanceStatus": "CREATED", "traceTopicId": uuid("trace", identity),
        "dependencyTopicId": uuid("dependency", identity), "projectId": str(args.get("projectId", "")),
    }  # fmt: skip
    return {**args, "id": identity, "traceInstances": [found], "totalCount": 1}


def _zones(args: Mapping[str, Any]) -> Outputs:
    named = [f"zone-{mark('zone', letter, length=4)}" for letter in "ab"]
    return {**args, "id": mark("zones"), "zones": [{"id": zone, "zoneId": zone} for zone in named], "totalCount": 2}


def _login_tokens(args: Mapping[str, Any]) -> Outputs:
    name = str(args.get("registry", ""))
    token = {"token": Secret(mark("token", name, length=64)), "username": f"user-{mark(name)}", "expireTime": MADE}
    return {**args, "id": mark(name), "tokens": [token], "totalCount": 1}


RESOURCES: Mapping[str, ResourceAnswer] = {
    "volcengine:vpc/vpc:Vpc": _prefixed("vpc", status="Available", creationTime=MADE),
    "volcengine:vpc/subnet:Subnet": _prefixed("subnet", status="Available", creationTime=MADE),
    "volcengine:vpc/securityGroup:SecurityGroup": _prefixed("sg", status="Available", creationTime=MADE),
    "volcengine:vpc/securityGroupRule:SecurityGroupRule": _prefixed("sgrule", status="Available"),
    "volcengine:nat/gateway:Gateway": _prefixed("ngw"),
    "volcengine:nat/snatEntry:SnatEntry": _prefixed("snat", status="Available"),
    "volcengine:eip/address:Address": address,
    "volcengine:eip/associate:Associate": _joined("allocationId", "instanceId"),
    "volcengine:cr/registry:Registry": registry,
    "volcengine:cr/namespace:Namespace": _namespace,
    "volcengine:cr/endpoint:Endpoint": _joined("registry"),
    "volcengine:cr/endpointAclPolicy:EndpointAclPolicy": _joined("registry", "entry"),
    "volcengine:cr/vpcEndpoint:VpcEndpoint": _joined("registry"),
    "volcengine:tls/project:Project": _by_uuid,
    "volcengine:tls/topic:Topic": _dated,
    "volcengine:tls/traceInstance:TraceInstance": _by_uuid,
    "volcengine:tls/index:Index": lambda asked: {"id": f"index:{asked.text('topicId', asked.uuid())}"},
    "volcengine:tls/alarm:Alarm": _alarm("alarmId"),
    "volcengine:tls/alarmNotifyGroup:AlarmNotifyGroup": _alarm("alarmNotifyGroupId"),
    "volcengine:tls/alarmWebhookIntegration:AlarmWebhookIntegration": _dated,
    "volcengine:apig/apigGateway:ApigGateway": _gateway,
    "volcengine:apig/apigGatewayService:ApigGatewayService": _service,
    "volcengine:apig/apigUpstream:ApigUpstream": lambda asked: {"id": f"u{asked.mark(length=20)}"},
    "volcengine:apig/apigRoute:ApigRoute": _route,
    "volcengine:apig/apigCustomDomain:ApigCustomDomain": lambda asked: {"id": f"c{asked.mark(length=20)}"},
    "volcengine:vefaas/function:Function": function,
    "volcengine:vefaas/release:Release": release,
    "volcengine:rds_postgresql/instance:Instance": postgres,
    "volcengine:rds_postgresql/allowlist:Allowlist": _allow_list,
    "volcengine:rds_postgresql/allowlistAssociate:AllowlistAssociate": _joined("instanceId", "allowListId"),
    "volcengine:rds_postgresql/account:Account": _joined("instanceId", "accountName"),
    "volcengine:rds_postgresql/database:Database": _joined("instanceId", "dbName"),
    "volcengine:rds_postgresql/instanceSsl:InstanceSsl": _joined("instanceId"),
    "volcengine:tos/bucket:Bucket": bucket,
    "volcengine:tos/bucketObject:BucketObject": _joined("bucketName", "objectName"),
    "volcengine:tos/bucketEncryption:BucketEncryption": _bucket_part,
    "volcengine:tos/bucketLifecycle:BucketLifecycle": _bucket_part,
    "volcengine:tos/bucketCors:BucketCors": _bucket_part,
    "volcengine:tos/bucketPolicy:BucketPolicy": _bucket_part,
    "volcengine:iam/user:User": user,
    "volcengine:iam/accessKey:AccessKey": access_key,
    "volcengine:iam/policy:Policy": _policy,
    "volcengine:iam/userPolicyAttachment:UserPolicyAttachment": _joined("userName", "policyName", "policyType"),
    "volcengine:cloud_monitor/contact:Contact": lambda asked: {"id": str(asked.number(digits=19))},
    "volcengine:cloud_monitor/contactGroup:ContactGroup": lambda asked: {"id": str(asked.number(digits=19))},
    "volcengine:cloud_monitor/rule:Rule": lambda asked: {"id": str(asked.number(digits=19)), "alertState": "normal"},
    "volcengine:cdn/cdnCertificate:CdnCertificate": _prefixed("cert"),
    "volcengine:dns/zone:Zone": _zone,
    "volcengine:dns/record:Record": _record,
    "pulumi-python:dynamic/volcengine:TraceTopic": trace_topic,
    "pulumi-python:dynamic/volcengine:ReleaseReady": release_ready,
    "pulumi-python:dynamic/volcengine:TraceIndexKeys": _keys_added,
}
"""The other gaps give their inputs back."""

INVOKES: Mapping[str, InvokeAnswer] = {
    "volcengine:apig/getGatewayServices:getGatewayServices": gateway_services,
    "volcengine:cr/getAuthorizationTokens:getAuthorizationTokens": _login_tokens,
    "volcengine:dns/getZones:getZones": dns_zones,
    "volcengine:ecs/getZones:getZones": _zones,
    "volcengine:tls/getTraceInstances:getTraceInstances": trace_instances,
}
