"""Parents, type tokens, names and outputs of every component, known or unknown, in both profiles."""

from __future__ import annotations

import pytest

from components import cloud as cloud_named
from components.clouds import CLOUDS, CONCEPTS
from qiao.testing.contract import GAP, check_names, check_outputs, check_parents, check_type, family
from tests.contract.cases import CASES
from tests.contract.facts import FACTS
from tests.contract.recorded import NAME, PROFILES, every_case, every_component, every_profile, known_or_not, recorded
from tests.contract.site import Site
from tests.contract.sources import optional_outputs


@pytest.mark.parametrize("concept", CONCEPTS)
def test_concept_has_cases(concept: str) -> None:
    assert {"minimal", "full"} <= set(CASES.get(concept, {})), "add cases to tests/contract/cases.py"


@pytest.mark.parametrize("name", CLOUDS)
def test_cloud_has_facts(name: str) -> None:
    assert name in FACTS, "add a module to tests/contract/clouds, and its name to tests/contract/facts.py"


@every_component
def test_implements_the_concept_of_its_module(cloud: str, concept: str) -> None:
    kind = cloud_named(cloud).component(concept)
    assert kind.cloud == cloud
    assert kind.concept == CONCEPTS[concept]
    assert kind.__bases__[0].__module__ == f"components.{concept}"
    assert "OUTPUTS" not in vars(kind), "outputs belong to the concept: a cloud cannot differ"
    assert "SECRET_OUTPUTS" not in vars(kind), "outputs belong to the concept: a cloud cannot differ"


@known_or_not
@every_profile
@every_case
def test_children_are_below_the_component(cloud: str, concept: str, variant: str, profile: str, preview: bool) -> None:
    recording = recorded(cloud, concept, variant, profile, preview)
    check_type(recording, NAME, f"qiao:{cloud}:{CONCEPTS[concept]}")
    check_parents(recording, NAME)
    check_names(recording, NAME)


@known_or_not
@every_profile
@every_case
def test_outputs_are_the_documented_ones(cloud: str, concept: str, variant: str, profile: str, preview: bool) -> None:
    kind = cloud_named(cloud).component(concept)
    check_outputs(
        recorded(cloud, concept, variant, profile, preview), NAME, kind.OUTPUTS,
        optional=optional_outputs(concept), secret=kind.SECRET_OUTPUTS,
    )  # fmt: skip


@every_profile
@every_case
def test_unknown_values_hide_no_resource(cloud: str, concept: str, variant: str, profile: str) -> None:
    """A resource declared inside `apply` would be missing from the first preview."""
    known, unknown = (recorded(cloud, concept, variant, profile, preview) for preview in (False, True))
    assert [resource.urn for resource in unknown.resources] == [resource.urn for resource in known.resources]


@every_profile
@every_case
def test_gaps_call_the_components_region(cloud: str, concept: str, variant: str, profile: str) -> None:
    region = Site(cloud, PROFILES[profile]).facts.region
    children = family(recorded(cloud, concept, variant, profile), NAME)
    gaps = {child.name: child.inputs["region"] for child in children if child.type.startswith(GAP)}
    assert gaps == dict.fromkeys(gaps, region)
