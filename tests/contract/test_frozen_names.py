"""A child's logical name is a promise: it is in the URN, so a rename without an alias deletes and creates anew."""

from __future__ import annotations

import pytest

from components.clouds import CLOUDS
from qiao.testing.contract import family
from tests.contract.freeze import frozen, listing
from tests.contract.recorded import EVERY, NAME, every_case, recorded

AGAIN = "then run: python -m tests.contract.freeze"


@every_case
def test_names_are_frozen(cloud: str, concept: str, variant: str) -> None:
    recording = recorded(cloud, concept, variant, "prod")
    promised, now = set(frozen(cloud)[f"{concept} {variant}"]), set(listing(recording))
    aliased = {alias for resource in family(recording, NAME) for alias in resource.aliases}
    lost = sorted(line for line in promised - now if line.split(" ", 1)[1] not in aliased)
    assert lost == [], f"renamed or gone, so the cloud's resource is deleted: give the new name an alias, {AGAIN}"
    assert sorted(now - promised) == [], f"new names, frozen from now on: read them, {AGAIN}"


@pytest.mark.parametrize("cloud", CLOUDS)
def test_list_has_no_case_of_the_past(cloud: str) -> None:
    cases = [f"{concept} {variant}" for name, concept, variant in EVERY if name == cloud]
    assert sorted(frozen(cloud)) == sorted(cases), AGAIN
