"""A model server as a stage: its settings, recorded, and its parts by their names."""

from __future__ import annotations

from functools import cache
from typing import Any

from qiao.plan.recording import Recording, Resource
from tests.stacks.support import run

REGION = "cn-hangzhou"
ZONES = ["cn-hangzhou-j", "cn-hangzhou-k"]
PLACE = f"shared-alicloud-{REGION}"
IMAGE = "registry.example.com/team/ollama:0.9.6"
DOMAIN = {"name": "models.example.com", "certificate_id": "1234567", "dns_zone": "example.com"}
GAP = "pulumi-python:dynamic/alicloud:"


def server(**settings: Any) -> dict[str, Any]:
    """A model server's settings."""
    base = {"blueprint": "model-server", "cloud": "alicloud", "region": REGION, "image": IMAGE}
    return {key: value for key, value in (base | settings).items() if value is not None}


def shared(**settings: Any) -> dict[str, Any]:
    """What it shares with others."""
    return {"alicloud": {REGION: {"zones": list(ZONES)} | settings}}


def gateway(**settings: Any) -> dict[str, Any]:
    """A model server behind a gateway, as prod wants it."""
    return server(access="gateway", domain=DOMAIN, **settings)


@cache
def guide(stage: str = "dev", *, preview: bool = False) -> Recording:
    """The guide's model server: reached from inside the network."""
    return run({"models": server(models=["llama3.1:8b"])}, shared(), stage=stage, preview=preview)


@cache
def guarded(stage: str = "dev", *, preview: bool = False) -> Recording:
    """The same behind a gateway."""
    return run({"models": gateway(models=["llama3.1:8b"])}, shared(), stage=stage, preview=preview)


def get(recording: Recording, type_token: str, name: str) -> Resource:
    return recording.get(f"alicloud:{type_token}", name)


def gap(recording: Recording, kind: str, name: str) -> Resource:
    return recording.get(f"{GAP}{kind}", name)


def function(recording: Recording) -> Resource:
    return get(recording, *FUNCTION)


def envs(recording: Recording, name: str = "models-function-function") -> dict[str, Any]:
    """A function's environment variables."""
    return dict(get(recording, FUNCTION[0], name).inputs["environmentVariables"])


FUNCTION = ("fc/v3Function:V3Function", "models-function-function")
TRIGGER = ("fc/v3Trigger:V3Trigger", "models-function-url")
BINDING = ("fc/v3VpcBinding:V3VpcBinding", "models-function-network-only")
ALIAS = ("fc/v3Alias:V3Alias", "models-function-alias")
FILES = ("nas/fileSystem:FileSystem", "models-files-files")
TARGET = ("nas/mountTarget:MountTarget", "models-files-mount-target")
VPC = ("vpc/network:Network", f"{PLACE}-network-vpc")
GROUP = ("ecs/securityGroup:SecurityGroup", f"{PLACE}-network-security-group")
SWITCHES = [("vpc/switch:Switch", f"{PLACE}-network-vswitch-{zone}") for zone in ZONES]
GATEWAY = ("apig/gateway:Gateway", "models-gateway-gateway")
ROUTE = ("apig/route:Route", "models-gateway-route-models")
SERVICE = ("apig/service:Service", "models-gateway-service-models-function")
