from __future__ import annotations

import pulumi
import pytest

from components.alicloud import facts
from qiao.plan.recorder import record

PROVIDER = "pulumi:providers:alicloud"
KEYS = {
    "ALICLOUD_ACCESS_KEY": "key-of-nobody", "ALICLOUD_SECRET_KEY": "secret-of-nobody",
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "key-of-nobody", "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "secret-of-nobody",
    "ALIBABA_CLOUD_SECURITY_TOKEN": "token-of-nobody", "ALICLOUD_SECURITY_TOKEN": "token-of-nobody",
}  # fmt: skip


def test_the_provider_is_of_its_region_and_holds_no_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ALICLOUD_REGION", "cn-beijing")
    provider = record(lambda: facts.provider("explicit", "cn-shanghai")).get(PROVIDER)
    assert provider.inputs["region"] == "cn-shanghai"
    assert "of-nobody" not in repr(provider)


def test_the_provider_takes_the_callers_options() -> None:
    def program() -> None:
        parent = pulumi.ComponentResource("test:index:Parent", "parent")
        facts.provider("explicit", "cn-shanghai", pulumi.ResourceOptions(parent=parent))

    recording = record(program)
    assert recording.get(PROVIDER).parent == recording.get("test:index:Parent").urn


@pytest.mark.parametrize(
    ("region", "mainland", "certificates"),
    [
        ("cn-hangzhou", True, "cn-hangzhou"),
        ("cn-wulanchabu", True, "cn-hangzhou"),
        ("cn-hongkong", False, "ap-southeast-1"),
        ("ap-southeast-1", False, "ap-southeast-1"),
        ("us-west-1", False, "ap-southeast-1"),
    ],
)
def test_what_lies_in_mainland_china_and_where_its_certificates_are(
    region: str, mainland: bool, certificates: str
) -> None:
    assert facts.is_mainland(region) is mainland
    assert facts.certificate_region(region) == certificates


def test_regions_are_listed_once_and_hold_those_of_the_guide() -> None:
    assert len(set(facts.REGIONS)) == len(facts.REGIONS)
    assert {"cn-beijing", "cn-hangzhou", "cn-shanghai", "cn-shenzhen"} <= set(facts.REGIONS)
