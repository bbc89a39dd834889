"""Every request would pass the provider's own checks, and every physical name its type's rule."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from components import names
from components.clouds import CLOUDS
from qiao.plan.recording import UNKNOWN, Recording, Resource, reveal
from qiao.plan.rules import check
from qiao.testing.contract import family
from tests.contract.facts import FACTS
from tests.contract.recorded import NAME, every_case, every_profile, known_or_not, recorded

NAME_LIKE = re.compile(r"name|.*Name")


@known_or_not
@every_profile
@every_case
def test_rules_find_nothing(cloud: str, concept: str, variant: str, profile: str, preview: bool) -> None:
    assert list(check(recorded(cloud, concept, variant, profile, preview))) == []


def _name_like(recording: Recording) -> Iterator[tuple[Resource, str, object]]:
    """Every input of a cloud's resource that could be a physical name."""
    for resource in family(recording, NAME):
        for key, value in resource.inputs.items():
            if NAME_LIKE.fullmatch(key) and resource.custom and not resource.type.startswith(("random:", "pulumi")):
                yield resource, key, reveal(value)


@every_profile
@every_case
def test_every_physical_name_has_a_rule_and_keeps_it(cloud: str, concept: str, variant: str, profile: str) -> None:
    facts = FACTS[cloud]
    for resource, key, value in _name_like(recorded(cloud, concept, variant, profile)):
        where = f"{resource.type}.{key}"
        if where in facts.other_names:
            continue
        assert facts.names.get(resource.type) == key, f"{where}: list it in names or other_names of facts.py"
        assert isinstance(value, str), f"{where} of {resource.name} is no known text"
        assert re.fullmatch(names.rule(resource.type).pattern, value), f"{where} breaks its rule: {value}"


@every_profile
@every_case
def test_every_named_type_is_given_its_name(cloud: str, concept: str, variant: str, profile: str) -> None:
    """A name left out becomes one with a random suffix of Pulumi's, which may be too long, or none at all."""
    facts = FACTS[cloud]
    children = family(recorded(cloud, concept, variant, profile), NAME)
    nameless = [r.name for r in children if r.type in facts.names and facts.names[r.type] not in r.inputs]
    assert nameless == []


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_two_tables_of_names_agree(cloud: str) -> None:
    """A rule for a type that no fact names is dead; a named type without a rule breaks at the first `up`."""
    ruled = {token for token in names.RULES if token.startswith((f"{cloud}:", f"pulumi-python:dynamic/{cloud}:"))}
    assert ruled == set(FACTS[cloud].names)


@every_case
def test_preview_knows_names_that_need_no_suffix(cloud: str, concept: str, variant: str) -> None:
    facts = FACTS[cloud]
    for resource in family(recorded(cloud, concept, variant, preview=True), NAME):
        if resource.type in facts.names and not names.rule(resource.type).unique:
            assert reveal(resource.inputs[facts.names[resource.type]]) is not UNKNOWN, resource.name
