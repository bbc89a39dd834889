"""The domain that a gateway answers by: one of the user's own with its certificate, or any; and the record that leads
to it."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Sequence

import pulumi
from pulumi_alicloud import apig, cas, dns

from components.alicloud.facts import certificate_region
from components.alicloud.gaps.any_host_domain import AnyHostDomain
from components.alicloud.gateway_settings import GatewayNative, identifier
from components.base import Component, as_output
from components.gateway import Domain

CERTIFICATE = "alicloud:cas/serviceCertificate:ServiceCertificate"
TTL_SECONDS = 600
"""The least that a free plan of the DNS service takes."""


def declare_domain(
    owner: Component, domain: Domain | None, native: GatewayNative, before: Sequence[pulumi.Resource]
) -> pulumi.Output[str]:
    """Declare the domain that routes are bound to; returns its id.

    Domains belong to account and region, not to a gateway; so does the domain `*`, of which there can be one: all
    gateways without a domain of their own share it.

    Args:
        owner: the gateway.
        domain: a domain of the user's own; None for any.
        native: what only this cloud knows.
        before: the gateway. A domain of one's own is deleted before it; `*` is never deleted.
    """
    if domain is not None:
        return _own(owner, domain, native, before).id
    if native.any_host_domain_id is not None:
        return as_output(native.any_host_domain_id)
    # It outlives the stack, so it is asked for only once there is a gateway to answer by it.
    return AnyHostDomain(
        owner.child("any-host"), region=owner.scope.region, opts=owner.options(depends_on=before)
    ).domain_id


def _own(owner: Component, domain: Domain, native: GatewayNative, before: Sequence[pulumi.Resource]) -> apig.Domain:
    return apig.Domain(
        owner.child("domain"),
        domain_name=domain.name,
        protocol="HTTPS",
        force_https=True,
        cert_identifier=_certificate(owner, domain),
        tls_min=native.tls_min,
        # Unset, it would be no newer than the oldest.
        tls_max="TLS 1.3",
        # Unset but reported.
        http2_option="GlobalConfig",
        # Another name is another domain, which is there before routes leave this one.
        opts=owner.options(depends_on=before),
    )


def _certificate(owner: Component, domain: Domain) -> pulumi.Output[str]:
    """The certificate given, or the one uploaded, as the gateway names it."""
    region = certificate_region(owner.scope.region)
    if domain.certificate_id is not None:
        return as_output(domain.certificate_id).apply(lambda number: identifier(number, region))
    uploaded = _upload(owner, as_output(domain.certificate).apply(pem), domain)
    return uploaded.id.apply(lambda number: identifier(number, region))


def _upload(owner: Component, chain: pulumi.Output[str], domain: Domain) -> cas.ServiceCertificate:
    """The certificate in the certificate service.

    Nothing of it can be changed: a renewal is a new one, which is there before the domain turns to it. Names are
    unique there, so each bears its content's hash.
    """
    name = chain.apply(lambda text: owner.physical_name(CERTIFICATE, content_mark(text)))
    return cas.ServiceCertificate(
        owner.child("certificate"),
        # A certificate is public, even where it comes out of a secret.
        certificate_name=pulumi.Output.unsecret(name),
        cert=chain,
        key=pulumi.Output.secret(domain.private_key).apply(pem),
        tags=owner.tags(),
        opts=owner.options(additional_secret_outputs=["key"]),
    )


def declare_record(
    owner: Component, domain: Domain, zone: str, address: pulumi.Output[str], before: Sequence[pulumi.Resource]
) -> dns.AlidnsRecord:
    """Declare the record that leads from a domain to the gateway.

    Args:
        owner: the gateway.
        domain: the domain.
        zone: its zone, which is there already: destroying one would take all its other records along.
        address: the gateway's entry address.
        before: what must be there before anybody is sent to the gateway: its published routes.
    """
    return dns.AlidnsRecord(
        owner.child("record"),
        domain_name=zone,
        rr=record_name(domain.name, zone),
        type=address.apply(record_type),
        value=address,
        ttl=TTL_SECONDS,
        line="default",
        status="ENABLE",
        opts=owner.options(depends_on=before),
    )


def record_name(name: str, zone: str) -> str:
    """A domain's name within its zone; `@` for the zone itself."""
    return "@" if name == zone else name.removesuffix(f".{zone}")


def record_type(address: str) -> str:
    """What kind of record leads to an address: gateways mostly have host names."""
    try:
        ipaddress.IPv4Address(address)
    except ValueError:
        return "CNAME"
    return "A"


def pem(text: str | None) -> str:
    """A PEM text whose line ends a checkout cannot change: other ones would be another certificate."""
    return "\n".join((text or "").strip().splitlines()) + "\n"


def content_mark(text: str) -> str:
    """A short hash of a certificate."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]
