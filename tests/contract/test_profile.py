"""What a profile asks of every component: prod is hard to hurt, dev disposable, each field changes its own affair."""

from __future__ import annotations

import dataclasses

import pytest

from components.scope import Profile
from qiao.plan.recording import Recording
from qiao.testing.contract import check_protected, differences, family
from tests.contract.facts import EFFECTS, FACTS
from tests.contract.recorded import (
    NAME,
    PROFILES,
    every_case,
    every_component,
    every_profile,
    known_or_not,
    recorded,
    run,
)

DEV, PROD = PROFILES["dev"], PROFILES["prod"]
FIELDS = [item.name for item in dataclasses.fields(Profile) if getattr(DEV, item.name) != getattr(PROD, item.name)]


@known_or_not
@every_profile
@every_case
def test_what_holds_data_is_protected(cloud: str, concept: str, variant: str, profile: str, preview: bool) -> None:
    facts, asked = FACTS[cloud], PROFILES[profile]
    check_protected(
        without_kept(cloud, recorded(cloud, concept, variant, profile, preview)), NAME, stateful=facts.stateful,
        retained=facts.retained | facts.retained_in.get(concept, frozenset()), protect=asked.protect,
        retain=asked.retain,
    )  # fmt: skip


def without_kept(cloud: str, recording: Recording) -> Recording:
    """A recording without what is kept whatever the profile says."""
    left = tuple(resource for resource in recording.resources if resource.type not in FACTS[cloud].kept)
    return dataclasses.replace(recording, resources=left)


@every_profile
@every_case
def test_what_is_always_kept_is_kept(cloud: str, concept: str, variant: str, profile: str) -> None:
    children = family(recorded(cloud, concept, variant, profile), NAME)
    kept = [child for child in children if child.type in FACTS[cloud].kept]
    assert [child.name for child in kept if child.protect or not child.retain_on_delete] == []


@every_case
def test_dev_is_disposable(cloud: str, concept: str, variant: str) -> None:
    children = family(without_kept(cloud, recorded(cloud, concept, variant, "dev")), NAME)
    assert [child.name for child in children if child.protect or child.retain_on_delete] == []


@pytest.mark.parametrize("field", FIELDS)
@every_component
def test_overriding_a_field_changes_just_that(cloud: str, concept: str, field: str) -> None:
    """A dev stage with one field of prod: exactly the listed properties and options change, nothing else."""
    before = family(recorded(cloud, concept, "full", "dev"), NAME)
    mixed = DEV.override(**{field: getattr(PROD, field)})
    after = family(run(cloud, concept, "full", mixed), NAME)
    assert set(differences(before, after)) == EFFECTS[cloud].get((concept, field), set())


def test_every_field_differs_or_is_known_not_to() -> None:
    """A field that dev and prod share would be tested by nothing above."""
    assert {item.name for item in dataclasses.fields(Profile)} == set(FIELDS)


def test_override_leaves_the_rest() -> None:
    mixed = DEV.override(protect=True, size=None)
    assert mixed == dataclasses.replace(DEV, protect=True)
