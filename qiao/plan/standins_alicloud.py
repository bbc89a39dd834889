"""Stand-ins of Alibaba Cloud's provider, and of the gaps that stand beside it.

Ids have the cloud's own shapes. Hosts end in `.example`, which nobody owns: a stand-in must never be taken for an
address.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiao.plan.standins import Asked, InvokeAnswer, Outputs, ResourceAnswer, number
from qiao.plan.wire import Secret, reveal

MADE = "2020-01-01T00:00:00Z"
ACCOUNT = str(number("alicloud", "account", digits=16))
"""Whose account the program runs in, as the provider's own question answers it."""


def _prefixed(prefix: str, **outputs: Any) -> ResourceAnswer:
    """An id of the form `vpc-bp1...`, and outputs that are the same for all."""
    return lambda asked: {"id": f"{prefix}-{asked.mark(length=20)}", **outputs}


def _joined(*keys: str) -> ResourceAnswer:
    """An id made of inputs, `project:store`."""
    return lambda asked: {"id": _name(asked, *keys)}


def _name(asked: Asked, *keys: str) -> str:
    return ":".join(asked.text(key, asked.mark(key)) for key in keys)


def nat_gateway(asked: Asked) -> Outputs:
    """A NAT gateway with its one table of source addresses: a text, whatever its name says."""
    tables = {kind: f"{kind[:1]}tb-{asked.mark(kind, length=20)}" for kind in ("snat", "forward")}
    return {
        "id": f"ngw-{asked.mark(length=20)}", "snatTableIds": tables["snat"], "forwardTableIds": tables["forward"],
        "status": "Available",
    }  # fmt: skip


def address(asked: Asked) -> Outputs:
    """A fixed address out of a block that is reserved for documentation."""
    return {
        "id": f"eip-{asked.mark(length=20)}", "ipAddress": f"203.0.113.{asked.number(digits=2)}",
        "status": "Available", "createTime": MADE,
    }  # fmt: skip


def repository(asked: Asked) -> Outputs:
    """A repository of the personal edition: its hosts are those of the account's registry."""
    host = asked.mark("host", length=16)
    kinds = {"public": "", "internal": "-internal", "vpc": "-vpc"}
    hosts = {kind: f"crpi-{host}{suffix}.cr.example" for kind, suffix in kinds.items()}
    return {"id": f"{asked.text('namespace', 'namespace')}/{_name(asked, 'name')}", "domainLists": [hosts]}


def registry(asked: Asked) -> Outputs:
    """An instance of the enterprise edition, with a public and a private endpoint."""
    name = _name(asked, "instanceName")
    hosts = {"internet": f"{name}-registry.cr.example", "vpc": f"{name}-registry-vpc.cr.example"}
    endpoints = [
        {"endpointType": kind, "enable": True, "domains": [{"domain": host, "type": "SYSTEM"}]}
        for kind, host in hosts.items()
    ]
    return {
        "id": f"cri-{asked.mark(length=16)}",
        "instanceEndpoints": endpoints,
        "status": "RUNNING",
        "createTime": MADE,
    }


def _log_project(asked: Asked) -> Outputs:
    return {"id": _name(asked, "projectName"), "status": "Normal", "createTime": MADE}


def function(asked: Asked) -> Outputs:
    """A function: its id is its name."""
    name = _name(asked, "functionName")
    return {
        "id": name, "functionId": asked.uuid("function"), "createTime": MADE, "lastModifiedTime": MADE,
        "functionArn": f"acs:fc:region-{asked.mark('region', length=4)}:{ACCOUNT}:functions/{name}",
        "state": "Pending", "lastUpdateStatus": "InProgress", "codeSize": asked.number("code", digits=6),
    }  # fmt: skip


def function_version(asked: Asked) -> Outputs:
    """The version that was published: a number, as text, too long to be met by chance."""
    version = str(asked.number("version", digits=9))
    return {"id": f"{_name(asked, 'functionName')}:{version}", "versionId": version, "createTime": MADE}


def trigger(asked: Asked) -> Outputs:
    """A trigger; an HTTP one has two addresses."""
    answer: Outputs = {
        "id": _name(asked, "functionName", "triggerName"), "triggerId": asked.uuid("trigger"), "status": "Active",
        "createTime": MADE,
    }  # fmt: skip
    if asked.text("triggerType") == "http":
        host = f"{asked.text('triggerName')}-{asked.mark('host', length=10)}"
        answer["httpTrigger"] = {
            "urlInternet": f"https://{host}.fcapp.example",
            "urlIntranet": f"https://{host}.vpc.fcapp.example",
        }
    return answer


def role(asked: Asked) -> Outputs:
    """A role: its id is its name."""
    name = _name(asked, "roleName")
    return {"id": name, "arn": f"acs:ram::{ACCOUNT}:role/{name}", "roleId": str(asked.number("role", digits=18))}


def access_key(asked: Asked) -> Outputs:
    """A key pair: the secret half is secret whatever the program says."""
    return {"id": f"LTAI5t{asked.mark('key', length=18)}", "secret": Secret(asked.mark("secret", length=30))}


def gateway(asked: Asked) -> Outputs:
    """A gateway with its one environment, and an entry address for each network that it is open to."""
    identity = f"gw-{asked.mark(length=20)}"
    access = reveal(asked.inputs.get("networkAccessConfig")) or {}
    kinds = {"Internet": "", "Intranet": "-intranet"}
    open_to = [kind for kind in kinds if kind in str(access.get("type", "InternetAndIntranet"))]
    balancers = [
        {
            "address": f"{identity}{kinds[kind]}.apigateway.example", "addressType": kind, "gatewayDefault": True,
            "loadBalancerId": f"nlb-{asked.mark(kind, length=18)}", "status": "Ready", "mode": "Managed",
        }
        for kind in open_to
    ]  # fmt: skip
    environment = {
        "environmentId": f"env-{asked.mark('environment', length=20)}", "name": f"default-{identity}",
        "alias": "default",
    }  # fmt: skip
    return {
        "id": identity, "environments": [environment], "loadBalancers": balancers, "status": "Running",
        "securityGroups": [{"securityGroupId": f"sg-{asked.mark('group', length=20)}"}], "createTime": MADE,
    }  # fmt: skip


def route(asked: Asked) -> Outputs:
    """A route: what other resources want is its own id, the second half of the whole."""
    own = f"hr-{asked.mark(length=20)}"
    return {"id": f"{_name(asked, 'httpApiId')}:{own}", "routeId": own, "status": "NotDeployed", "createTime": MADE}


def rds(asked: Asked) -> Outputs:
    """A database instance with one private address."""
    kind = {"PostgreSQL": "pgm", "MySQL": "rm"}.get(asked.text("engine"), "rm")
    identity = f"{kind}-{asked.mark(length=17)}"
    return {
        "id": identity, "connectionString": f"{identity}.rds.example", "port": str(asked.number("port", digits=4)),
        "status": "Running", "createTime": MADE,
    }  # fmt: skip


def redis(asked: Asked) -> Outputs:
    """A Redis instance with one private address."""
    identity = f"r-{asked.mark(length=16)}"
    port = asked.text("privateConnectionPort") or str(asked.number("port", digits=4))
    return {
        "id": identity, "connectionDomain": f"{identity}.redis.example", "privateConnectionPort": port,
        "status": "Normal", "bandwidth": 0,
    }  # fmt: skip


def bucket(asked: Asked) -> Outputs:
    """A bucket: its id is its name."""
    place = asked.mark("region", length=4)
    return {
        "id": _name(asked, "bucket"), "creationDate": "2020-01-01", "location": f"oss-{place}", "owner": ACCOUNT,
        "extranetEndpoint": f"oss-{place}.example", "intranetEndpoint": f"oss-{place}-internal.example",
    }  # fmt: skip


def mount_target(asked: Asked) -> Outputs:
    """A mount point with its host."""
    system = _name(asked, "fileSystemId")
    host = f"{system}-{asked.mark('mount', length=5)}.nas.example"
    return {"id": f"{system}:{host}", "mountTargetDomain": host, "status": "Active"}


def release_history(asked: Asked) -> Outputs:
    """What the gap works out: a roll back names its version, a whole release its own, a part of one keeps an older."""
    version, weight = asked.text("version_id", asked.mark("version")), asked.integer("weight", 100)
    revision = reveal(asked.inputs.get("revision"))
    stable, canary = version, ""
    if revision is not None:
        stable = f"{revision:.0f}"
    elif weight < 100:
        stable, canary = str(asked.number("stable", digits=9)), version if weight > 0 else ""
    return {"id": _name(asked, "function_name"), "stable_version": stable, "canary_version": canary}


def _consumer(asked: Asked) -> Outputs:
    identity = f"cs-{asked.mark(length=20)}"
    return {"id": identity, "consumer_id": identity}


def gateway_address(asked: Asked) -> Outputs:
    """The entry address that the gap waits for."""
    gateway_id = asked.text("gateway_id", f"gw-{asked.mark()}")
    suffix = "" if asked.inputs.get("internet") else "-intranet"
    return {"id": f"{gateway_id}{suffix}", "address": f"{gateway_id}{suffix}.apigateway.example"}


def any_host_domain(asked: Asked) -> Outputs:
    """The domain `*`: one for all that ask in a region."""
    domain = f"d-any-host-{asked.text('region', 'region')}"
    return {"id": domain, "domain_id": domain}


def account(args: Mapping[str, Any]) -> Outputs:
    """Whose account it is."""
    return {**args, "id": ACCOUNT}


def _alarm(asked: Asked) -> Outputs:
    return {"id": asked.uuid(), "status": "OK"}


_DYNAMIC = "pulumi-python:dynamic/alicloud"

RESOURCES: Mapping[str, ResourceAnswer] = {
    "alicloud:vpc/network:Network": _prefixed("vpc", status="Available", createTime=MADE),
    "alicloud:vpc/switch:Switch": _prefixed("vsw", status="Available", createTime=MADE),
    "alicloud:vpc/natGateway:NatGateway": nat_gateway,
    "alicloud:vpc/snatEntry:SnatEntry": lambda asked: {
        "id": f"{_name(asked, 'snatTableId')}:snat-{asked.mark(length=20)}", "status": "Available",
    },
    "alicloud:ecs/securityGroup:SecurityGroup": _prefixed("sg", createTime=MADE),
    "alicloud:ecs/securityGroupRule:SecurityGroupRule": _prefixed("sgr"),
    "alicloud:ecs/eipAddress:EipAddress": address,
    "alicloud:ecs/eipAssociation:EipAssociation": _joined("allocationId", "instanceId"),
    "alicloud:cr/namespace:Namespace": _joined("name"),
    "alicloud:cr/repo:Repo": repository,
    "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance": registry,
    "alicloud:cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc": _joined("instanceId", "vpcId", "vswitchId", "moduleName"),
    "alicloud:cr/internetEndpoint:InternetEndpoint": _joined("instanceId"),
    "alicloud:cr/endpointAclPolicy:EndpointAclPolicy": _joined("instanceId", "endpointType", "entry"),
    "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace": _joined("instanceId", "name"),
    "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo": _joined("instanceId", "namespace", "name"),
    "alicloud:log/project:Project": _log_project,
    "alicloud:log/store:Store": _joined("projectName", "logstoreName"),
    "alicloud:log/storeIndex:StoreIndex": _joined("project", "logstore"),
    "alicloud:sls/alert:Alert": _joined("projectName", "alertName"),
    "alicloud:fc/v3Function:V3Function": function,
    "alicloud:fc/v3FunctionVersion:V3FunctionVersion": function_version,
    "alicloud:fc/v3Alias:V3Alias": _joined("functionName", "aliasName"),
    "alicloud:fc/v3Trigger:V3Trigger": trigger,
    "alicloud:fc/v3VpcBinding:V3VpcBinding": _joined("functionName", "vpcId"),
    "alicloud:fc/v3ConcurrencyConfig:V3ConcurrencyConfig": _joined("functionName"),
    "alicloud:fc/v3CustomDomain:V3CustomDomain": _joined("customDomainName"),
    "alicloud:ram/role:Role": role,
    "alicloud:ram/policy:Policy": lambda asked: {"id": _name(asked, "policyName"), "type": "Custom"},
    "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment": _joined("policyType", "policyName", "roleName"),
    "alicloud:ram/user:User": lambda asked: {"id": str(asked.number(digits=18))},
    "alicloud:ram/userPolicyAttachment:UserPolicyAttachment": _joined("policyType", "policyName", "userName"),
    "alicloud:ram/accessKey:AccessKey": access_key,
    "alicloud:apig/gateway:Gateway": gateway,
    "alicloud:apig/domain:Domain": _prefixed("d"),
    "alicloud:apig/httpApi:HttpApi": _prefixed("api"),
    "alicloud:apig/service:Service": _prefixed("svc", healthStatus="Unknown"),
    "alicloud:apig/route:Route": route,
    "alicloud:apig/policy:Policy": _prefixed("p"),
    "alicloud:cas/serviceCertificate:ServiceCertificate": lambda asked: {"id": str(asked.number(digits=8))},
    "alicloud:dns/alidnsRecord:AlidnsRecord": lambda asked: {"id": str(asked.number(digits=18))},
    "alicloud:rds/instance:Instance": rds,
    "alicloud:rds/rdsAccount:RdsAccount": _joined("dbInstanceId", "accountName"),
    "alicloud:rds/database:Database": _joined("instanceId", "dataBaseName"),
    "alicloud:rds/accountPrivilege:AccountPrivilege": _joined("instanceId", "accountName", "privilege"),
    "alicloud:rds/backupPolicy:BackupPolicy": _joined("instanceId"),
    "alicloud:kvstore/instance:Instance": redis,
    "alicloud:oss/bucket:Bucket": bucket,
    "alicloud:oss/bucketAcl:BucketAcl": _joined("bucket"),
    "alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock": _joined("bucket"),
    "alicloud:oss/bucketObject:BucketObject": lambda asked: {
        "id": _name(asked, "key"), "etag": asked.mark("etag", length=32).upper(),
    },
    "alicloud:nas/fileSystem:FileSystem": lambda asked: {"id": asked.mark(length=10), "status": "Running"},
    "alicloud:nas/accessGroup:AccessGroup": _joined("accessGroupName", "fileSystemType"),
    "alicloud:nas/accessRule:AccessRule": lambda asked: {
        "id": f"{_name(asked, 'accessGroupName', 'fileSystemType')}:{asked.number('rule', digits=7)}",
        "accessRuleId": str(asked.number("rule", digits=7)),
    },
    "alicloud:nas/mountTarget:MountTarget": mount_target,
    "alicloud:cms/alarmContact:AlarmContact": _joined("alarmContactName"),
    "alicloud:cms/alarmContactGroup:AlarmContactGroup": _joined("alarmContactGroupName"),
    "alicloud:cms/alarm:Alarm": _alarm,
    f"{_DYNAMIC}:FunctionReady": _joined("region", "function_name"),
    f"{_DYNAMIC}:ReleaseHistory": release_history,
    f"{_DYNAMIC}:AnyHostDomain": any_host_domain,
    f"{_DYNAMIC}:Consumer": _consumer,
    f"{_DYNAMIC}:GatewayAddress": gateway_address,
}  # fmt: skip
"""The other gaps give their inputs back."""

INVOKES: Mapping[str, InvokeAnswer] = {"alicloud:index/getAccount:getAccount": account}
