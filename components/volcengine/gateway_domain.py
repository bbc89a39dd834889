"""A domain before a gateway's service: its certificate, the domain itself, and the record that leads to it."""

from __future__ import annotations

import pulumi
from pulumi_volcengine import apig, cdn, dns

from components.base import Component, after, as_output
from components.gateway import Domain
from components.volcengine.gateway_settings import pem, pick_zone

TTL_SECONDS = 600


def declare_domain(
    owner: Component, domain: Domain, service_id: pulumi.Input[str], cname: pulumi.Output[str], zone_id: int | None
) -> pulumi.Output[str]:
    """Declare a domain before a service; returns its name, known when it answers.

    Args:
        owner: the gateway.
        domain: the domain.
        service_id: the service it stands before.
        cname: the service's generated host.
        zone_id: id of its DNS zone; None to look it up by name.
    """
    bound = apig.ApigCustomDomain(
        owner.child("domain"),
        service_id=service_id,
        domain=domain.name,
        protocols=["HTTP", "HTTPS"],
        certificate_id=_certificate_id(owner, domain),
        # Create sends it under a name that may be overlooked; the next `up` then sets it.
        ssl_redirect=True,
        # Unset but reported, each of these two would replace the domain on every `up`.
        resource_type="Console",
        comments=f"{owner.logical_name} of {owner.scope.project}/{owner.scope.stage}",
        opts=owner.options(delete_before_replace=True),
    )
    if domain.dns_zone is None:
        return after(as_output(domain.name), bound.domain)
    record = _declare_record(owner, domain, domain.dns_zone, cname, zone_id, bound)
    return after(as_output(domain.name), bound.domain, record.host)


def _certificate_id(owner: Component, domain: Domain) -> pulumi.Input[str]:
    """The certificate given, or the one uploaded to the certificate centre.

    Nothing of an uploaded one can be changed: a renewal is a new one, which is there before the domain turns to it.
    """
    if domain.certificate_id is not None:
        return domain.certificate_id
    # Domain demands both where there is no id.
    return cdn.CdnCertificate(
        owner.child("certificate"),
        certificate=as_output(domain.certificate).apply(pem),
        private_key=pulumi.Output.secret(domain.private_key).apply(pem),
        source="volc_cert_center",
        desc=f"{domain.name} of {owner.scope.project}/{owner.scope.stage}",
        opts=owner.options(),
    ).id


def _declare_record(
    owner: Component,
    domain: Domain,
    zone: str,
    cname: pulumi.Output[str],
    zone_id: int | None,
    bound: apig.ApigCustomDomain,
) -> dns.Record:
    if zone_id is None:
        # Looked up, never owned: destroying a zone would take all its other records along.
        found = dns.get_zones_output(key=zone, opts=owner.invoke_options())
        number = found.zones.apply(lambda zones: pick_zone(zones, zone))
    else:
        number = as_output(zone_id)
    return dns.Record(
        owner.child("record"),
        zid=number,
        host="@" if domain.name == zone else domain.name.removesuffix(f".{zone}"),
        type="CNAME",
        value=cname,
        ttl=TTL_SECONDS,
        line="default",
        # Nobody should be sent to a gateway that does not know the domain yet.
        opts=owner.options(depends_on=[bound]),
    )
