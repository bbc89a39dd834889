"""What the tests of Alibaba Cloud's components share: a scope, a recorded program, the cloud's answers, and probes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pulumi
import pulumi_random as random

from components.alicloud import facts
from components.network import ExistingNetwork
from components.scope import Profile, Scope
from qiao.plan.recorder import record
from qiao.plan.recording import Recording, Resource, Secret
from qiao.plan.standins import Asked, StandIns, mark

Stage = Literal["dev", "prod"]
REGION = "cn-hangzhou"
ZONES = ("cn-hangzhou-h", "cn-hangzhou-k")
PROBE = "random:index/randomId:RandomId"
PASSWORD = "random:index/randomPassword:RandomPassword"
GAP = "pulumi-python:dynamic/alicloud:"
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
    return record(program, stack=stage, preview=preview, standins=StandIns(resources={**ANSWERS, **given}))


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
    """A network that is there already, of two vswitches."""
    a, b = ZONES
    return ExistingNetwork(
        vpc_id="vpc-there", security_group_id="sg-there", subnet_ids={a: "vsw-a", b: "vsw-b"},
        subnet_cidrs={a: "10.7.0.0/20", b: "10.7.16.0/20"}, cidr="10.7.0.0/16",
    )  # fmt: skip


def _host(kind: str) -> Callable[[Asked], dict[str, Any]]:
    return lambda asked: {kind: f"{kind.lower()}-{asked.mark(kind)}.example.com"}


def _enterprise_registry(asked: Asked) -> dict[str, Any]:
    def endpoint(kind: str) -> dict[str, Any]:
        domain = f"{asked.text('instanceName', 'unknown')}-registry{kind}.example.com"
        return {"endpointType": "vpc" if kind else "internet", "enable": True, "domains": [{"domain": domain}]}

    endpoints = [endpoint(""), endpoint("-vpc")]
    return {"id": f"cri-{asked.mark(length=16)}", "status": "RUNNING", "instanceEndpoints": endpoints}


def _repository(asked: Asked) -> dict[str, Any]:
    hosts = {kind: f"registry{suffix}.{asked.mark('host')}.example.com" for kind, suffix in _KINDS.items()}
    return {"id": f"{asked.text('namespace')}/{asked.text('name')}", "domainLists": [hosts]}


_KINDS = {"public": "", "internal": "-internal", "vpc": "-vpc"}

ANSWERS: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "alicloud:vpc/natGateway:NatGateway": lambda asked: {"snatTableIds": f"stb-{asked.mark('snat')}"},
    "alicloud:ecs/eipAddress:EipAddress": lambda asked: {"ipAddress": f"203.0.113.{int(asked.mark(length=2), 16)}"},
    "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance": _enterprise_registry,
    "alicloud:cr/repo:Repo": _repository,
    "alicloud:fc/v3FunctionVersion:V3FunctionVersion": lambda asked: {
        "versionId": str(asked.number("version", digits=3))
    },
    "alicloud:fc/v3Function:V3Function": lambda asked: {
        "id": asked.text("functionName", asked.mark()), "functionArn": f"acs:fc:::functions/{asked.mark('arn')}",
        "functionId": asked.uuid("function"),
    },
    "alicloud:apig/gateway:Gateway": lambda asked: {
        "id": f"gw-{asked.mark(length=20)}",
        "environments": [{"environmentId": f"env-{asked.mark('environment')}", "name": "default"}],
    },
    "alicloud:rds/instance:Instance": lambda asked: {
        "connectionString": f"{asked.mark('host')}.rds.example.com", "port": str(asked.number("port", digits=4))
    },
    "alicloud:kvstore/instance:Instance": _host("connectionDomain"),
    "alicloud:nas/mountTarget:MountTarget": _host("mountTargetDomain"),
    "alicloud:oss/bucket:Bucket": lambda asked: {
        "intranetEndpoint": f"in-{asked.mark()}.example.com", "extranetEndpoint": f"out-{asked.mark()}.example.com"
    },
    "alicloud:ram/role:Role": lambda asked: {
        "arn": f"acs:ram::{asked.number('account')}:role/{asked.text('roleName')}"
    },
    "alicloud:ram/accessKey:AccessKey": lambda asked: {
        "id": f"LTAI{asked.mark('id')}", "secret": Secret(f"sk-{asked.mark('secret', length=32)}")
    },
    f"{GAP}AnyHostDomain": lambda asked: {"domain_id": f"d-{asked.mark('any-host')}"},
    f"{GAP}Consumer": lambda asked: {"consumer_id": f"cs-{asked.mark('consumer')}"},
    f"{GAP}GatewayAddress": lambda asked: {"address": f"{asked.mark('address')}.apig.example.com"},
    f"{GAP}ReleaseHistory": lambda asked: {
        "stable_version": str(asked.number("stable", digits=3)), "canary_version": ""
    },
    PROBE: lambda asked: {"hex": asked.mark("hex", length=6)},
    PASSWORD: lambda asked: {"result": f"{mark(asked.urn, 'password', length=16)}!A"},
}  # fmt: skip
"""What the cloud answers, as a function of what is asked; never a constant that a test could expect by chance."""
