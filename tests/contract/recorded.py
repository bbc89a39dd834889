"""Recordings of the cases, each made once and shared by all contracts."""

from __future__ import annotations

from functools import cache
from typing import Any

import pulumi
import pytest

from components import cloud as cloud_named
from components.clouds import CLOUDS
from components.scope import Profile
from qiao.plan.recorder import record
from qiao.plan.recording import Recording
from tests.contract.cases import CASES, variants
from tests.contract.site import Site

NAME = "it"
"""Logical name of the component under test."""
PROFILES = {"dev": Profile.dev(), "prod": Profile.prod()}

CARRIED = [(cloud, concept) for cloud in CLOUDS for concept in cloud_named(cloud).concepts]
"""Every cloud with every concept that it carries."""
EVERY = [(cloud, concept, variant) for cloud, concept in CARRIED for variant in variants(cloud_named(cloud), concept)]
every_case = pytest.mark.parametrize(("cloud", "concept", "variant"), EVERY, ids=["-".join(case) for case in EVERY])
every_component = pytest.mark.parametrize(("cloud", "concept"), CARRIED, ids=["-".join(each) for each in CARRIED])
every_profile = pytest.mark.parametrize("profile", list(PROFILES))
known_or_not = pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])


@cache
def recorded(cloud: str, concept: str, variant: str, profile: str = "dev", preview: bool = False) -> Recording:
    """One component named `it`, on an explicit provider of its own."""
    return run(cloud, concept, variant, PROFILES[profile], preview=preview)


def run(
    cloud: str, concept: str, variant: str, profile: Profile, *, preview: bool = False, shuffled: bool = False,
    **options: Any,
) -> Recording:  # fmt: skip
    """The same, not shared, with further options of the component."""

    def program() -> None:
        site = Site(cloud, profile, shuffled)
        provider = site.cloud.facts.provider("explicit", site.facts.region)
        CASES[concept][variant](site, NAME, pulumi.ResourceOptions(provider=provider, **options))

    return record(program, stack="stage-x", preview=preview)


@cache
def pair(cloud: str, concept: str, variant: str, profile: str, preview: bool) -> Recording:
    """Two components side by side in one application, the provider given in both of Pulumi's ways."""

    def program() -> None:
        site = Site(cloud, PROFILES[profile])
        one = site.cloud.facts.provider("first", site.facts.region)
        other = site.cloud.facts.provider("second", site.facts.region)
        CASES[concept][variant](site, "one", pulumi.ResourceOptions(provider=one))
        CASES[concept][variant](site, "two", pulumi.ResourceOptions(providers=[other]))

    return record(program, stack="stage-x", preview=preview)
