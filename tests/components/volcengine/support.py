"""What the tests of Volcengine's components share: a scope, a recorded program, answers of the cloud, and probes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import pulumi
import pulumi_random as random

from components import cloud
from components.network import ExistingNetwork
from components.scope import Profile, Scope
from qiao.plan.recorder import record
from qiao.plan.recording import Recording, Resource
from qiao.plan.standins import Asked, StandIns, mark

Stage = Literal["dev", "prod"]
REGION = "cn-beijing"
ZONES = ("cn-beijing-a", "cn-beijing-b")
PROBE = "random:index/randomId:RandomId"
PASSWORD = "random:index/randomPassword:RandomPassword"
GAP = "pulumi-python:dynamic/volcengine:"
Build = Callable[[Scope, pulumi.ResourceOptions], Any]
Answers = Mapping[str, Mapping[str, Any]]


def scope_of(stage: Stage = "dev", *, app: str = "agent", **profile: Any) -> Scope:
    """A scope of application `agent`; keywords override fields of the stage's profile."""
    return Scope(
        project="qiao", stage=stage, app=app, region=REGION, profile=Profile.for_stage(stage).override(**profile),
        tags={"owner": "platform"},
    )  # fmt: skip


def tags_of(component: str, stage: Stage = "dev") -> list[dict[str, str]]:
    """The tags that everything taggable of a component carries, in the provider's shape."""
    own = {"project": "qiao", "stage": stage, "app": "agent", "component": component, "owner": "platform"}
    return [{"key": key, "value": value} for key, value in own.items()]


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
        provider = cloud("volcengine").facts.provider("explicit", REGION)
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
    """A network that is there already, of two subnets."""
    a, b = ZONES
    return ExistingNetwork(
        vpc_id="vpc-there", security_group_id="sg-there", subnet_ids={a: "subnet-a", b: "subnet-b"},
        subnet_cidrs={a: "10.7.0.0/20", b: "10.7.16.0/20"},
    )  # fmt: skip


def _registry(asked: Asked) -> dict[str, Any]:
    name = asked.text("name", "unknown")
    return {
        "id": name, "username": f"u{asked.mark('user')}",
        "domains": [
            {"domain": f"{name}.vpc.example.com", "type": "Vpc"}, {"domain": f"{name}.cr.example.com", "type": "Public"}
        ],
    }  # fmt: skip


def _postgres(asked: Asked) -> dict[str, Any]:
    def address(kind: str, port: str) -> dict[str, str]:
        return {"networkType": kind, "domain": f"{kind.lower()}-{asked.mark(kind)}.example.com", "port": port}

    return {
        "endpoints": [
            {"endpointType": "Custom", "addresses": [address("Private", "7001")]},
            {"endpointType": "Cluster", "addresses": [address("Public", "7002"), address("Private", "7003")]},
        ]
    }


ANSWERS: dict[str, Callable[[Asked], dict[str, Any]]] = {
    "volcengine:cr/registry:Registry": _registry,
    "volcengine:rds_postgresql/instance:Instance": _postgres,
    "volcengine:tos/bucket:Bucket": lambda asked: {
        "intranetEndpoint": f"in-{asked.mark()}.example.com", "extranetEndpoint": f"out-{asked.mark()}.example.com"
    },
    "volcengine:iam/accessKey:AccessKey": lambda asked: {
        "accessKeyId": f"AKLT{asked.mark('id')}", "secretAccessKey": f"sk-{asked.mark('secret', length=32)}"
    },
    "volcengine:eip/address:Address": lambda asked: {"eipAddress": f"203.0.113.{int(asked.mark(length=2), 16)}"},
    f"{GAP}TraceTopic": lambda asked: {"topic_id": asked.uuid("topic")},
    PROBE: lambda asked: {"hex": asked.mark("hex", length=6)},
    PASSWORD: lambda asked: {"result": f"{mark(asked.urn, 'password', length=16)}!A"},
}  # fmt: skip
"""What the cloud answers, as a function of what is asked; never a constant that a test could expect by chance."""
