"""The caller's explicit provider reaches every child and every data source, and two components never mix theirs."""

from __future__ import annotations

import pytest

from components import cloud as cloud_named
from components.clouds import CLOUDS
from qiao.plan.recorder import record
from qiao.testing.contract import check_invokes, check_provider, check_unmixed
from tests.contract.facts import FACTS
from tests.contract.recorded import NAME, every_case, every_profile, known_or_not, pair, recorded


@known_or_not
@every_profile
@every_case
def test_explicit_provider_serves_everything(
    cloud: str, concept: str, variant: str, profile: str, preview: bool
) -> None:
    recording = recorded(cloud, concept, variant, profile, preview)
    check_provider(recording, NAME, cloud, "explicit")
    check_invokes(recording, cloud, ("explicit", "dep"))


@known_or_not
@every_profile
@every_case
def test_two_providers_do_not_mix(cloud: str, concept: str, variant: str, profile: str, preview: bool) -> None:
    recording = pair(cloud, concept, variant, profile, preview)
    check_provider(recording, "one", cloud, "first")
    check_provider(recording, "two", cloud, "second")
    check_invokes(recording, cloud, ("first", "second", "dep"))
    check_unmixed(recording, cloud, "first", "second")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_provider_is_of_its_region_and_holds_no_credentials(cloud: str) -> None:
    """State would keep credentials, and the gaps' calls would use others."""
    region = FACTS[cloud].region
    recording = record(lambda: cloud_named(cloud).facts.provider("explicit", region))
    assert recording.get(f"pulumi:providers:{cloud}", "explicit").inputs == {"region": region}
