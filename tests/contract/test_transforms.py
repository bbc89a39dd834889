"""Pulumi's own `transforms` is the escape hatch: it reaches every child and changes what is sent."""

from __future__ import annotations

from typing import Any

from pulumi import ResourceOptions, ResourceTransformArgs, ResourceTransformResult

from qiao.testing.contract import family
from tests.contract.recorded import NAME, PROFILES, every_case, recorded, run

ADDED = "addedByTransform"


def _transform(args: ResourceTransformArgs) -> ResourceTransformResult | None:
    if not args.custom:
        return None
    props: dict[str, Any] = {**args.props, ADDED: f"to {args.name}"}
    opts = ResourceOptions.merge(args.opts, ResourceOptions(ignore_changes=[ADDED], protect=True))
    return ResourceTransformResult(props, opts)


@every_case
def test_a_transform_reaches_every_child(cloud: str, concept: str, variant: str) -> None:
    children = family(run(cloud, concept, variant, PROFILES["dev"], transforms=[_transform]), NAME)
    custom = [child for child in children if child.custom]
    assert {child.name for child in custom} == {
        c.name for c in family(recorded(cloud, concept, variant), NAME) if c.custom
    }
    assert [child.name for child in custom if child.inputs.get(ADDED) != f"to {child.name}"] == []
    assert [child.name for child in custom if ADDED not in child.ignore_changes or not child.protect] == []


@every_case
def test_a_transform_of_one_component_leaves_others_alone(cloud: str, concept: str, variant: str) -> None:
    recording = run(cloud, concept, variant, PROFILES["dev"], transforms=[_transform])
    inside = {child.urn for child in family(recording, NAME)}
    assert [r.name for r in recording.resources if ADDED in r.inputs and r.urn not in inside] == []


def test_transform_changes_a_real_property() -> None:
    def rename(args: ResourceTransformArgs) -> ResourceTransformResult | None:
        if args.type_ == "volcengine:vpc/vpc:Vpc":
            return ResourceTransformResult({**args.props, "description": "ours"}, args.opts)
        return None

    recording = run("volcengine", "network", "minimal", PROFILES["dev"], transforms=[rename])
    assert recording.get("volcengine:vpc/vpc:Vpc").inputs["description"] == "ours"
