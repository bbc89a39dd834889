"""The caller's explicit provider reaches every child and every data source, and two components never mix theirs."""

from __future__ import annotations

from qiao.testing.contract import check_invokes, check_provider, check_unmixed
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
