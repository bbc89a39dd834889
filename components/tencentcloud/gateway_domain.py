"""The domain in front of functions: its certificate, its record, and the function service's own form of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import pulumi
from tencentcloud_iac_pulumi import dnspod, scf, ssl

from components.base import Component, as_output
from components.gateway import Domain, Route
from components.tencentcloud import gateway_settings as planning
from components.tencentcloud.gateway_settings import GatewayNative
from components.tencentcloud.gateway_table import ordered

CERTIFICATE = "tencentcloud:Ssl/certificate:Certificate"
DEFAULT_LINE = "默认"
"""The word for all callers, which is Chinese wherever one calls from."""
TTL_SECONDS = 600
"""The least that a free plan of the DNS service takes."""


def declare_certificate(owner: Component, domain: Domain) -> pulumi.Output[str]:
    """The id of the certificate given, or of the one uploaded.

    Nothing of an uploaded one can be changed: a renewal is a new one, which is there before the domain turns to it.
    """
    if domain.certificate_id is not None:
        return as_output(domain.certificate_id)
    chain = as_output(domain.certificate).apply(_trimmed)
    name = chain.apply(lambda text: owner.physical_name(CERTIFICATE, content_mark(text)))
    return ssl.Certificate(
        owner.child("certificate"),
        type="SVR",
        cert=chain,
        key=pulumi.Output.secret(domain.private_key).apply(_trimmed),
        # A certificate is public, even where it comes out of a secret.
        name=pulumi.Output.unsecret(name),
        tags=owner.tags(),
        opts=owner.options(additional_secret_outputs=["key"], delete_before_replace=False),
    ).id


def declare_record(
    owner: Component, *words: str, zone: str, name: pulumi.Input[str], value: pulumi.Output[str], kind: str = "CNAME",
    before: Sequence[pulumi.Resource] = (),
) -> dnspod.Record:  # fmt: skip
    """Declare a record.

    Args:
        owner: the gateway.
        words: the child's name, after the gateway's own.
        zone: its zone, which is there already: destroying one would take all its other records along.
        name: its name within the zone.
        value: its value.
        kind: its type.
        before: what must be there before anybody reads it.
    """
    return dnspod.Record(
        owner.child(*words),
        domain=zone,
        sub_domain=name,
        record_type=kind,
        record_line=DEFAULT_LINE,
        value=value,
        ttl=TTL_SECONDS,
        status="ENABLE",
        opts=owner.options(depends_on=before),
    )


def declare_custom_domain(
    owner: Component, domain: Domain, routes: Sequence[Route], native: GatewayNative, before: Sequence[pulumi.Resource]
) -> scf.CustomDomain:
    """Declare the function service's own domain, which leads paths to functions.

    Args:
        owner: the gateway.
        domain: the domain.
        routes: the routes.
        native: what only this cloud knows.
        before: what must be there before: its record, which the service may look for.
    """
    return scf.CustomDomain(
        owner.child("domain"),
        domain=domain.name,
        # Tokens and sessions never in clear.
        protocol="HTTPS",
        cert_config=scf.CustomDomainCertConfigArgs(certificate_id=declare_certificate(owner, domain)),
        endpoints_configs=[
            scf.CustomDomainEndpointsConfigArgs(path_match=path, **planning.endpoint(route, native))
            for route in ordered(routes)
            for path in paths(route)
        ],
        # Reported though unset.
        waf_config=scf.CustomDomainWafConfigArgs(waf_open="CLOSE"),
        # Another name is refused in place, though the schema takes it.
        opts=owner.options(replace_on_changes=["domain"], depends_on=before),
    )


def paths(route: Route) -> list[str]:
    """The paths of a route in the function service's words."""
    stem = route.path.rstrip("/")
    if route.match == "exact":
        return [route.path]
    return [stem, f"{stem}/*"] if stem else ["/*"]


def record_name(name: str, zone: str) -> str:
    """A name within its zone; `@` for the zone itself."""
    return "@" if name == zone else name.removesuffix(f".{zone}")


def content_mark(text: str) -> str:
    """A short hash of a certificate."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def _trimmed(text: str | None) -> str:
    """A PEM text as the service takes it, without blanks around it; line ends that a checkout cannot change."""
    return "\n".join((text or "").strip().splitlines())
