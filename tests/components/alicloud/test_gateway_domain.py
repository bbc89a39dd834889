"""Domains before a gateway: one's own with its certificate and record, or the one for any host."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.alicloud.gateway import GatewayNative
from components.alicloud.gateway_domain import content_mark, pem, record_name, record_type
from components.alicloud.gateway_settings import identifier
from components.errors import UserError
from components.gateway import Domain
from qiao.plan.recording import UNKNOWN, Recording, Resource, Secret
from tests.components.alicloud.gateway_support import (
    ADDRESS,
    ANY_HOST,
    CERTIFICATE,
    CHAT,
    DEPLOYMENT,
    DOMAIN,
    PING,
    RECORD,
    ROUTE,
    of_route,
    one_gateway,
)
from tests.components.alicloud.support import behind, tags_of, waits_for

CHAIN, OTHER_CHAIN = "-----BEGIN CERTIFICATE-----\nMIIB\n", "-----BEGIN CERTIFICATE-----\nMIIC\n"
PRIVATE = "-----BEGIN KEY-----\nMIIE-canary\n"


def with_domain(stage: Any = "dev", *, preview: bool = False, **fields: Any) -> Recording:
    given = {"certificate_id": "1234"} if "certificate" not in fields else {}
    return one_gateway(stage=stage, preview=preview, domain=Domain(name="chat.example.com", **{**given, **fields}))


def certificate(**fields: Any) -> Resource:
    found = with_domain(**{"certificate": CHAIN, "private_key": PRIVATE, **fields})
    return found.get(CERTIFICATE, "agent-gateway-certificate")


# ---- a domain of one's own


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_domain_of_ones_own_speaks_tls_alone(stage: Any) -> None:
    recording = with_domain(stage)
    assert recording.of_type(ANY_HOST) == []
    domain = recording.get(DOMAIN, "agent-gateway-domain")
    assert domain.inputs == {
        "domainName": "chat.example.com", "protocol": "HTTPS", "forceHttps": True,
        "certIdentifier": "1234-cn-hangzhou", "tlsMin": "TLS 1.2", "tlsMax": "TLS 1.3", "http2Option": "GlobalConfig",
    }  # fmt: skip
    assert of_route(recording, ROUTE).inputs["domainIds"] == [domain.id]
    assert behind(of_route(recording, ROUTE), "domainIds") == {"agent-gateway-domain"}
    assert recording.of_type(CERTIFICATE) == recording.of_type(RECORD) == []
    outputs = recording.outputs
    assert outputs["url"] == "https://chat.example.com"
    assert outputs["urls"] == {"chat": "https://chat.example.com/api/v2/bots/chat"}
    assert outputs["domain"] == "chat.example.com"
    assert outputs["cname"] == recording.get(ADDRESS).outputs["address"]


def test_the_oldest_tls_can_be_newer() -> None:
    domain = Domain(name="chat.example.com", certificate_id="1")
    inputs = one_gateway(domain=domain, native=GatewayNative(tls_min="TLS 1.3")).get(DOMAIN).inputs
    assert (inputs["tlsMin"], inputs["tlsMax"]) == ("TLS 1.3", "TLS 1.3")


@pytest.mark.parametrize(
    ("given", "region", "expected"),
    [
        ("1234", "cn-hangzhou", "1234-cn-hangzhou"), ("1234", "ap-southeast-1", "1234-ap-southeast-1"),
        ("1234-cn-hangzhou", "cn-hangzhou", "1234-cn-hangzhou"),
    ],
)  # fmt: skip
def test_a_certificate_is_named_with_its_services_region(given: str, region: str, expected: str) -> None:
    assert identifier(given, region) == expected


def test_an_uploaded_certificate_keeps_its_key_secret() -> None:
    domain = Domain(name="chat.example.com", certificate=CHAIN, private_key=PRIVATE)
    recording = one_gateway(domain=domain, answers={CERTIFICATE: {"id": "4321"}})
    uploaded = recording.get(CERTIFICATE, "agent-gateway-certificate")
    assert uploaded.inputs == {
        "certificateName": f"qiao-dev-agent-gateway-{content_mark(CHAIN)}", "cert": CHAIN, "key": Secret(PRIVATE),
        "tags": tags_of("agent-gateway"),
    }  # fmt: skip
    assert "key" in uploaded.additional_secret_outputs
    bound = recording.get(DOMAIN)
    assert bound.inputs["certIdentifier"] == "4321-cn-hangzhou"
    assert behind(bound, "certIdentifier") == {"agent-gateway-certificate"}
    assert "MIIE-canary" not in str([found.inputs for found in recording.resources if found.type != CERTIFICATE])


def test_a_renewal_is_there_before_the_domain_turns_to_it() -> None:
    """Its name is its content's: names are unique, and nothing of a certificate can be changed."""
    first, second = certificate(), certificate(certificate=OTHER_CHAIN)
    assert first.urn == second.urn
    assert first.inputs["certificateName"] != second.inputs["certificateName"]
    assert first.delete_before_replace is not True
    assert len(first.inputs["certificateName"]) <= 64


def test_a_chain_that_comes_out_of_a_secret_stays_one_and_its_name_is_none() -> None:
    found = certificate(certificate=pulumi.Output.secret(CHAIN), private_key=pulumi.Output.secret(PRIVATE))
    assert found.inputs["cert"] == Secret(CHAIN)
    assert found.inputs["key"] == Secret(PRIVATE)
    assert found.inputs["certificateName"] == certificate().inputs["certificateName"]


def test_a_certificate_that_is_not_known_yet_is_no_error() -> None:
    recording = with_domain(preview=True, certificate=CHAIN, private_key=PRIVATE)
    assert recording.get(DOMAIN).inputs["certIdentifier"] is UNKNOWN


def test_line_ends_of_a_checkout_make_no_other_certificate() -> None:
    assert pem("a\nb\n") == pem("a\r\nb") == pem("\na\nb\n\n") == "a\nb\n"


def test_another_domain_is_there_before_routes_leave_the_old_one() -> None:
    assert with_domain().get(DOMAIN).delete_before_replace is not True


# ---- the record


def test_a_record_leads_to_the_gateway_last_of_all() -> None:
    domain = Domain(name="chat.team.example.com", certificate_id="1", dns_zone="example.com")
    recording = one_gateway(CHAT, PING, domain=domain)
    record = recording.get(RECORD, "agent-gateway-record")
    assert record.inputs == {
        "domainName": "example.com", "rr": "chat.team", "type": "CNAME", "value": recording.outputs["cname"],
        "ttl": 600, "line": "default", "status": "ENABLE",
    }  # fmt: skip
    assert behind(record, "value") == {"agent-gateway-address"}
    assert {of_route(recording, DEPLOYMENT, name).urn for name in ("chat", "ping")} <= set(record.depends_on)


def test_a_gateway_with_a_bare_address_gets_the_record_for_it() -> None:
    domain = Domain(name="chat.example.com", certificate_id="1", dns_zone="example.com")
    record = one_gateway(domain=domain, native=GatewayNative(address="203.0.113.7")).get(RECORD)
    assert (record.inputs["type"], record.inputs["value"]) == ("A", "203.0.113.7")


@pytest.mark.parametrize(
    ("address", "expected"), [("203.0.113.7", "A"), ("nlb-1.example.com", "CNAME"), ("203.0.113", "CNAME")]
)
def test_the_kind_of_a_record_follows_the_address(address: str, expected: str) -> None:
    assert record_type(address) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("chat.example.com", "chat"), ("a.b.example.com", "a.b"), ("example.com", "@")]
)
def test_a_record_is_named_within_its_zone(name: str, expected: str) -> None:
    assert record_name(name, "example.com") == expected
    domain = Domain(name=name, certificate_id="1", dns_zone="example.com")
    assert one_gateway(domain=domain).get(RECORD).inputs["rr"] == expected


def test_without_a_zone_the_record_is_somebody_elses_affair() -> None:
    recording = with_domain()
    assert recording.of_type(RECORD) == []
    assert recording.outputs["cname"]


# ---- any host


@pytest.mark.parametrize("preview", [False, True])
def test_without_a_domain_any_host_is_answered(preview: bool) -> None:
    """By the one domain `*` of account and region, which the provider could only make, and take from others again."""
    recording = one_gateway(preview=preview)
    assert recording.of_type(DOMAIN) == []
    domain = recording.get(ANY_HOST, "agent-gateway-any-host")
    assert set(domain.inputs) == {"region", "__provider"}
    assert domain.inputs["region"] == "cn-hangzhou"
    assert of_route(recording, ROUTE).inputs["domainIds"] == [UNKNOWN if preview else domain.outputs["domain_id"]]
    assert behind(of_route(recording, ROUTE), "domainIds") == {"agent-gateway-any-host"}
    assert not domain.protect


def test_any_host_is_asked_for_once_there_is_a_gateway() -> None:
    """It outlives the stack: a gateway that cannot be made must not leave it behind."""
    recording = one_gateway()
    assert waits_for(recording.get(ANY_HOST)) == {"agent-gateway-gateway"}
    assert recording.outputs["url"].startswith("http://")


def test_a_domain_that_is_named_is_used_for_any_host() -> None:
    recording = one_gateway(native=GatewayNative(any_host_domain_id="d-there"))
    assert recording.of_type(DOMAIN) == recording.of_type(ANY_HOST) == []
    assert of_route(recording, ROUTE).inputs["domainIds"] == ["d-there"]


def test_it_is_not_for_a_gateway_with_a_domain_of_its_own() -> None:
    domain = Domain(name="chat.example.com", certificate_id="1")
    with pytest.raises(UserError, match=r"GatewayNative\.any_host_domain_id: the gateway has a domain of its own"):
        one_gateway(domain=domain, native=GatewayNative(any_host_domain_id="d-there"))


def test_a_domain_of_ones_own_waits_for_the_gateway_so_that_it_goes_first() -> None:
    assert waits_for(with_domain().get(DOMAIN)) == {"agent-gateway-gateway"}
