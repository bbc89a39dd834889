"""What the tests of Tencent Cloud's components share: a scope, a recorded program, the cloud's answers, and probes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

import pulumi
import pulumi_random as random

from components.network import ExistingNetwork
from components.scope import Profile, Scope
from components.tencentcloud import facts
from qiao.plan.recorder import record
from qiao.plan.recording import Recording, Resource, Secret
from qiao.plan.standins import Asked, InvokeAnswer, StandIns, mark, number

Stage = Literal["dev", "prod"]
REGION = "ap-guangzhou"
ZONES = ("ap-guangzhou-3", "ap-guangzhou-6")
APP_ID = number("tencentcloud", "app id")
"""Ten digits, which names of buckets end in."""
PROBE = "random:index/randomId:RandomId"
PASSWORD = "random:index/randomPassword:RandomPassword"
GAP = "pulumi-python:dynamic/tencentcloud:"
Build = Callable[[Scope, pulumi.ResourceOptions], Any]
Answers = Mapping[str, Mapping[str, Any]]


def scope_of(stage: Stage = "dev", *, app: str = "agent", **profile: Any) -> Scope:
    """A scope of application `agent`; keywords override fields of the stage's profile."""
    return Scope(
        project="qiao", stage=stage, app=app, region=REGION, profile=Profile.for_stage(stage).override(**profile),
        tags={"owner": "platform"},
    )  # fmt: skip


def tags_of(component: str, stage: Stage = "dev") -> dict[str, str]:
    """The tags that everything taggable of a component carries, in the provider's shape."""
    return {"project": "qiao", "stage": stage, "app": "agent", "component": component, "owner": "platform"}


def recorded(
    build: Build, stage: Stage = "dev", *, preview: bool = False, answers: Answers | None = None, **profile: Any
) -> Recording:
    """A program of one provider and whatever `build` declares.

    Args:
        build: gets the scope and the options that name the provider.
        stage: which profile.
        preview: whether nothing is known yet.
        answers: outputs of a resource type, in place of those below.
        profile: fields of the profile to override.
    """

    def program() -> None:
        provider = facts.provider("explicit", REGION)
        build(scope_of(stage, **profile), pulumi.ResourceOptions(provider=provider))

    given = {kind: (lambda _, outputs=outputs: dict(outputs)) for kind, outputs in (answers or {}).items()}
    standins = StandIns(resources={**ANSWERS, **given}, invokes=INVOKES)
    return record(program, stack=stage, preview=preview, standins=standins)


def probe(name: str, value: Any) -> None:
    """A resource that reads an output: what is behind its `keepers` is what the output waits for."""
    random.RandomId(f"probe-{name}", byte_length=1, keepers={"value": value})


def probed(recording: Recording, name: str) -> tuple[Any, set[str]]:
    """What a probe read, and the logical names of the resources that it waits for."""
    found = recording.get(PROBE, f"probe-{name}")
    return found.inputs["keepers"]["value"], behind(found, "keepers")


def waits_for(resource: Resource) -> set[str]:
    """Logical names of everything that a resource waits for."""
    return {urn.rsplit("::", 1)[-1] for urn in resource.depends_on}


def behind(resource: Resource, key: str) -> set[str]:
    """Logical names of the resources behind one input."""
    return {urn.rsplit("::", 1)[-1] for urn in resource.input_dependencies[key]}


def marked(recording: Recording, option: str) -> set[str]:
    """Logical names of the resources with `protect` or `retain_on_delete`."""
    return {resource.name for resource in recording.resources if getattr(resource, option)}


def no_network() -> ExistingNetwork:
    """A network that is there already, of two subnets."""
    a, b = ZONES
    return ExistingNetwork(
        vpc_id="vpc-there", security_group_id="sg-there", subnet_ids={a: "subnet-a", b: "subnet-b"},
        subnet_cidrs={a: "10.7.0.0/20", b: "10.7.16.0/20"}, cidr="10.7.0.0/16",
    )  # fmt: skip


def _registry(asked: Asked) -> dict[str, Any]:
    name = asked.text("name", "unknown")
    return {
        "id": f"tcr-{asked.mark('id', length=8)}", "status": "Running", "publicStatus": "Opened",
        "publicDomain": f"{name}.tencentcloudcr.com", "internalEndPoint": f"10.9.{int(asked.mark(length=2), 16)}.8",
    }  # fmt: skip


def _function(asked: Asked) -> dict[str, Any]:
    """A function, its address among the triggers that are read back."""
    host = f"{asked.number('app')}-{asked.mark('host', length=10)}.{REGION}.tencentscf.com"
    urls = {"ExtranetUrl": f"https://{host}", "IntranetUrl": f"https://in-{host}"}
    url = {"type": "http", "name": "url-trigger", "triggerDesc": json.dumps({"AuthType": "NONE", "NetConfig": urls})}
    return {
        "id": f"{asked.text('namespace', 'default')}+{asked.text('name', asked.mark())}", "status": "Active",
        "functionId": f"lam-{asked.mark(length=8)}", "triggerInfos": [url],
    }  # fmt: skip


def _bucket(asked: Asked) -> dict[str, Any]:
    bucket, website = asked.text("bucket", "unknown"), asked.inputs.get("website")
    host = f"{bucket}.cos-website.{REGION}.myqcloud.com"
    return {
        "id": bucket, "cosBucketUrl": f"https://{bucket}.cos.{REGION}.myqcloud.com",
        **({"website": {**website, "endpoint": host}} if isinstance(website, dict) else {}),
    }  # fmt: skip


def zone_number(zone: str) -> int:
    """The number by which some services know a zone."""
    return number("zone", zone, digits=6)


def _address(asked: Asked) -> str:
    digits = asked.mark("address", length=4)
    return f"10.8.{int(digits[:2], 16)}.{int(digits[2:], 16)}"


def _text(kind: str) -> Callable[[Asked], dict[str, Any]]:
    return lambda asked: {kind: f"{kind.lower()}-{asked.mark(kind)}.example.com"}


ANSWERS: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "tencentcloud:Vpc/instance:Instance": lambda asked: {"defaultRouteTableId": f"rtb-{asked.mark(length=8)}"},
    "tencentcloud:Eip/instance:Instance": lambda asked: {"publicIp": f"203.0.113.{int(asked.mark(length=2), 16)}"},
    "tencentcloud:Tcr/instance:Instance": _registry,
    "tencentcloud:Tcr/serviceAccount:ServiceAccount": lambda asked: {
        "password": Secret(f"pw-{asked.mark('password', length=24)}")
    },
    "tencentcloud:Tcr/vpcAttachment:VpcAttachment": lambda asked: {"accessIp": _address(asked), "status": "Running"},
    "tencentcloud:Cls/topic:Topic": lambda asked: {"id": asked.uuid("topic")},
    "tencentcloud:Cls/logset:Logset": lambda asked: {"id": asked.uuid("logset")},
    # An index is called by its topic.
    "tencentcloud:Cls/index:Index": lambda asked: {"id": asked.text("topicId", "unknown")},
    "tencentcloud:Apm/instance:Instance": lambda asked: {
        "token": f"tk-{asked.mark('token', length=20)}",
        "publicCollectorUrl": f"http://{asked.mark('collector')}.apm.tencentcs.com:4317",
    },
    "tencentcloud:Scf/function:Function": _function,
    "tencentcloud:Scf/functionVersion:FunctionVersion": lambda asked: {
        "functionVersion": str(asked.number("version", digits=3))
    },
    "tencentcloud:Postgresql/instance:Instance": lambda asked: {
        "privateAccessIp": _address(asked), "privateAccessPort": asked.number("port", digits=4)
    },
    "tencentcloud:Mysql/instance:Instance": lambda asked: {
        "intranetIp": _address(asked), "intranetPort": asked.number("port", digits=4)
    },
    "tencentcloud:Redis/instance:Instance": lambda asked: {"ip": _address(asked)},
    "tencentcloud:Cos/bucket:Bucket": _bucket,
    "tencentcloud:Cfs/fileSystem:FileSystem": lambda asked: {
        "id": f"cfs-{asked.mark(length=8)}", "mountIp": _address(asked), "fsId": asked.mark("fs", length=8)
    },
    "tencentcloud:Teo/function:Function": lambda asked: {
        "functionId": f"ef-{asked.mark(length=8)}", "domain": f"{asked.mark('domain')}.eo-edgefunctions.example.com"
    },
    "tencentcloud:Teo/accelerationDomain:AccelerationDomain": _text("cname"),
    "tencentcloud:Cdn/domain:Domain": _text("cname"),
    "tencentcloud:Cam/user:User": lambda asked: {"uin": asked.number("uin", digits=12), "uid": asked.number("uid")},
    "tencentcloud:Cam/accessKey:AccessKey": lambda asked: {
        "accessKey": f"AKID{asked.mark('id', length=32)}",
        "secretAccessKey": Secret(f"sk-{asked.mark('secret', length=32)}"),
    },
    f"{GAP}FunctionUrl": lambda asked: {
        "internet_url": f"https://{asked.mark('url')}.{REGION}.tencentscf.com",
        "intranet_url": f"https://{asked.mark('url')}-in.{REGION}.tencentscf.com",
    },
    f"{GAP}ReleaseHistory": lambda asked: {
        "stable_version": str(asked.number("stable", digits=3)), "canary_version": ""
    },
    PROBE: lambda asked: {"hex": asked.mark("hex", length=6)},
    PASSWORD: lambda asked: {"result": f"{mark(asked.urn, 'password', length=16)}!A"},
}  # fmt: skip
"""What the cloud answers, as a function of what is asked; never a constant that a test could expect by chance."""

INVOKES: dict[str, InvokeAnswer] = {
    "tencentcloud:User/getInfo:getInfo": lambda _: {
        "id": str(APP_ID), "appId": str(APP_ID), "ownerUin": str(number("owner", digits=12)), "uin": "", "name": ""
    },
    "tencentcloud:Availability/getZonesByProduct:getZonesByProduct": lambda asked: {
        "id": "zones", "product": asked["product"], "zones": [
            {"name": zone, "id": str(zone_number(zone)), "description": zone, "state": "AVAILABLE"} for zone in ZONES
        ],
    },
}  # fmt: skip
"""What data sources answer."""
