"""Plans drawn by hand: a few resources, as small as the question allows."""

from __future__ import annotations

from typing import Any

from qiao.plan.saved import Document, Options, SavedFinding, SavedResource
from qiao.plan.saved.model import Counts

STACK = "urn:pulumi:dev::qiao::pulumi:pulumi:Stack::qiao-dev"
VPC, SUBNET = "volcengine:vpc/vpc:Vpc", "volcengine:vpc/subnet:Subnet"
TOPIC, BUCKET = "volcengine:tls/topic:Topic", "volcengine:tos/bucket:Bucket"


def urn(type_token: str, name: str, parent: str = STACK) -> str:
    """The URN of a resource."""
    inside = "" if parent == STACK else parent.split("::")[2] + "$"
    return f"urn:pulumi:dev::qiao::{inside}{type_token}::{name}"


def of(type_token: str, name: str, output: str = "id") -> dict[str, Any]:
    """What only the cloud knows of a resource."""
    return {"$of": urn(type_token, name), "output": output}


def resource(type_token: str, name: str, inputs: dict[str, Any] | None = None, **more: Any) -> SavedResource:
    """A resource; what its inputs are made of stands behind them, unless something else is said."""
    from qiao.plan.saved.values import origins

    given, parent = inputs or {}, more.pop("parent", STACK)
    behind = more.pop("behind", None) or {}
    seen = {key: tuple(sorted({origin.urn for origin in origins(value)})) for key, value in given.items()}
    edges = {key: urns for key, urns in {**seen, **behind}.items() if urns}
    about = {name: more.pop(name) for name in ("app", "component", "read") if name in more}
    custom = more.pop("custom", True)
    return SavedResource(
        urn=urn(type_token, name, parent), type=type_token, name=name, parent=parent, custom=custom, inputs=given,
        options=Options(**more), input_dependencies=edges, **about,
    )  # fmt: skip


def plan(*resources: SavedResource, **more: Any) -> Document:
    """A plan of these resources."""
    findings: tuple[SavedFinding, ...] = more.pop("findings", ())
    made = sum(each.custom for each in resources)
    counts = Counts(resources=made, components=len(resources) - made, protected=0, findings=len(findings), packages={})
    about: dict[str, Any] = {"project": "qiao", "stage": "dev", "checklist": (), "outputs": {}, "messages": ()}
    return Document(
        format="qiao.plan", version=1, counts=counts, findings=findings, resources=resources, **{**about, **more}
    )
