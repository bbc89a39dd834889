from __future__ import annotations

import pytest

from components.tencentcloud import facts
from qiao.plan.recorder import record
from qiao.plan.recording import Recording, reveal

CREDENTIALS = {
    "TENCENTCLOUD_SECRET_ID": "AKID-one-of-the-environment",
    "TENCENTCLOUD_SECRET_KEY": "key-of-the-environment",
    "TENCENTCLOUD_SECURITY_TOKEN": "token-of-the-environment",
}


def provider() -> Recording:
    return record(lambda: facts.provider("explicit", "ap-guangzhou"), stack="dev")


def test_the_provider_is_of_its_region_and_takes_no_credentials_from_the_environment_into_state(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    found = provider().get("pulumi:providers:tencentcloud", "explicit")
    assert found.inputs["region"] == "ap-guangzhou"
    assert {"secretId", "secretKey", "securityToken"}.isdisjoint(found.inputs)
    written = repr({key: reveal(value) for key, value in found.inputs.items()})
    assert [value for value in CREDENTIALS.values() if value in written] == []


@pytest.mark.parametrize(
    ("region", "mainland"),
    [
        ("ap-guangzhou", True),
        ("ap-beijing", True),
        ("ap-hongkong", False),
        ("ap-singapore", False),
        ("na-ashburn", False),
    ],
)
def test_mainland_regions_are_those_where_a_domain_needs_a_filing(region: str, mainland: bool) -> None:
    assert region in facts.REGIONS
    assert facts.is_mainland(region) is mainland


def test_every_mainland_region_is_a_region() -> None:
    assert set(facts.MAINLAND) <= set(facts.REGIONS)


def test_s3_clients_go_to_the_regions_own_host() -> None:
    assert facts.s3_host("cos.ap-guangzhou.myqcloud.com") == "cos.ap-guangzhou.myqcloud.com"
