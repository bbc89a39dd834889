"""A child's logical name is a promise: it is in the URN, so a rename without an alias deletes and creates anew."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.clouds import CLOUDS
from qiao.plan.recorder import record
from qiao.plan.recording import Recording
from tests.contract.freeze import both, frozen, listing, lost
from tests.contract.recorded import EVERY, NAME, every_case

AGAIN = "then run: python -m tests.contract.freeze"


@every_case
def test_names_are_frozen(cloud: str, concept: str, variant: str) -> None:
    recordings = both(cloud, concept, variant)
    promised = frozen(cloud)[f"{concept} {variant}"]
    assert lost(promised, *recordings) == [], f"renamed or gone: the cloud's one is deleted. Give an alias, {AGAIN}"
    assert sorted(set(listing(*recordings)) - set(promised)) == [], f"new names, frozen from now on: read them, {AGAIN}"


def test_an_alias_keeps_a_promise() -> None:
    def renamed(**options: Any) -> Recording:
        def program() -> None:
            above = pulumi.ComponentResource("test:index:Above", NAME)
            random.RandomId("it-new", byte_length=3, opts=pulumi.ResourceOptions(parent=above, **options))

        return record(program)

    promised = ["random:index/randomId:RandomId it-old"]
    assert lost(promised, renamed()) == promised
    assert lost(promised, renamed(aliases=[pulumi.Alias(name="it-other")])) == promised
    assert lost(promised, renamed(aliases=[pulumi.Alias(name="it-old")])) == []


@pytest.mark.parametrize("cloud", CLOUDS)
def test_list_has_no_case_of_the_past(cloud: str) -> None:
    cases = [f"{concept} {variant}" for name, concept, variant in EVERY if name == cloud]
    assert sorted(frozen(cloud)) == sorted(cases), AGAIN
