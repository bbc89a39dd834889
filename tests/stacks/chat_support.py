"""The production chat's guide as a stage: its settings, recorded, and its parts by their names."""

from __future__ import annotations

from functools import cache
from typing import Any

from qiao.plan.recording import Recording, Resource
from tests.stacks.support import run

REGION = "cn-beijing"
ZONES = ["cn-beijing-h", "cn-beijing-l"]
PLACE = f"shared-alicloud-{REGION}"
SITE = "https://chat.example.com"
AUTH0 = {"auth0": {"client_id": "a0-client", "issuer": "https://example.auth0.com"}}
GITHUB = {"github": {"client_id": "gh-client"}}
DOMAIN = {"name": "chat.example.com", "certificate_id": "1234567", "dns_zone": "example.com"}
POLICIES = {"rate_limit": 100, "request_headers": {"X-Forwarded-Proto": "https"}}


def chat(**settings: Any) -> dict[str, Any]:
    """The guide's chat, with everything optional that it names."""
    base = {
        "blueprint": "llm-chat", "cloud": "alicloud", "region": REGION, "login": AUTH0, "domain": DOMAIN,
        "image": {"name": "lobe-chat-database", "tag": "1.143.3"}, "policies": POLICIES,
    }  # fmt: skip
    return {key: value for key, value in (base | settings).items() if value is not None}


def shared() -> dict[str, Any]:
    """What it shares with others."""
    region = {
        "zones": ZONES, "registry": {"repositories": ["lobe-chat-database"]},
        "contacts": [{"name": "ann", "email": "ann@example.com"}],
        "alerts": {"rules": [{"name": "errors", "metric": "FunctionFunctionErrors", "threshold": 0}]},
    }  # fmt: skip
    return {"alicloud": {REGION: region}}


@cache
def guide(stage: str = "dev", *, preview: bool = False) -> Recording:
    """The guide's stage."""
    return run({"chat": chat()}, shared(), stage=stage, preview=preview)


def one(type_token: str, name: str, stage: str = "dev") -> Resource:
    return guide(stage).get(f"alicloud:{type_token}", name)


def gap(kind: str, name: str, stage: str = "dev") -> Resource:
    return guide(stage).get(f"pulumi-python:dynamic/alicloud:{kind}", name)


def waits_for(recording: Recording, resource: Resource, other: Resource) -> bool:
    """Whether a resource is made only after another, directly or through others."""
    seen, waiting = set[str](), list(resource.depends_on)
    while waiting:
        urn = waiting.pop()
        if urn == other.urn:
            return True
        if urn not in seen:
            seen.add(urn)
            waiting += recording.by_urn(urn).depends_on
    return False


def envs(recording: Recording) -> dict[str, Any]:
    """The chat's environment variables."""
    function = recording.get("alicloud:fc/v3Function:V3Function", "chat-function-function")
    return dict(function.inputs["environmentVariables"])


VPC = ("vpc/network:Network", f"{PLACE}-network-vpc")
SWITCHES = [("vpc/switch:Switch", f"{PLACE}-network-vswitch-{zone}") for zone in ZONES]
GROUP = ("ecs/securityGroup:SecurityGroup", f"{PLACE}-network-security-group")
DATABASE = ("rds/instance:Instance", "chat-database-instance")
ACCOUNT = ("rds/rdsAccount:RdsAccount", "chat-database-user")
BUCKET = ("oss/bucket:Bucket", "chat-bucket-bucket")
FUNCTION = ("fc/v3Function:V3Function", "chat-function-function")
GATEWAY = ("apig/gateway:Gateway", "chat-gateway-gateway")
APIG_DOMAIN = ("apig/domain:Domain", "chat-gateway-domain")
SERVICE = ("apig/service:Service", "chat-gateway-service-chat-function")
ROUTE = ("apig/route:Route", "chat-gateway-route-site")
RECORD = ("dns/alidnsRecord:AlidnsRecord", "chat-gateway-record")
