"""Our tags and the user's are on everything that takes tags."""

from __future__ import annotations

import pytest

from qiao.testing.contract import check_tags, family, takes_tags
from tests.contract.facts import FACTS
from tests.contract.recorded import NAME, every_case, every_profile, recorded
from tests.contract.site import USER_TAGS


@every_profile
@every_case
def test_everything_taggable_is_tagged(cloud: str, concept: str, variant: str, profile: str) -> None:
    own = {"project": "qiao", "stage": "stage-x", "app": "app", "component": NAME}
    recording = recorded(cloud, concept, variant, profile)
    check_tags(recording, NAME, own | USER_TAGS, exempt=FACTS[cloud].untagged)


@every_case
def test_exempt_types_really_carry_no_tags(cloud: str, concept: str, variant: str) -> None:
    children = family(recorded(cloud, concept, variant), NAME)
    assert [r.name for r in children if r.type in FACTS[cloud].untagged and r.inputs.get("tags")] == []


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("volcengine:vpc/vpc:Vpc", True),
        ("volcengine:vpc/securityGroupRule:SecurityGroupRule", False),
        ("random:index/randomPassword:RandomPassword", False),
        ("pulumi-python:dynamic/volcengine:ImageReady", False),
    ],
)
def test_taggable_is_read_from_the_sdk(token: str, expected: bool) -> None:
    assert takes_tags(token) is expected
