"""A domain before a website: its certificate, the CDN domain itself, the record that leads to it, and its purges."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
from tencentcloud_iac_pulumi import cdn

from components.base import Component
from components.gateway import Domain
from components.site_files import SiteFile
from components.tencentcloud.facts import is_mainland
from components.tencentcloud.gaps.site_purge import SitePurge
from components.tencentcloud.gateway_domain import declare_certificate, declare_record, record_name
from components.website import WebsiteArgs


def declare_domain(
    owner: Component,
    domain: Domain,
    host: pulumi.Output[str],
    *,
    area: str | None,
    redirect_status: int,
    after: pulumi.Resource,
) -> cdn.Domain:
    """Declare a domain before a bucket's website, with its record where the zone is the cloud's own.

    Args:
        owner: the website.
        domain: the domain.
        host: the website's host.
        area: where it is served; None for where the bucket is.
        redirect_status: how HTTP is sent on to HTTPS.
        after: what must be there first: the website's right to be read.
    """
    bound = cdn.Domain(
        owner.child("domain"),
        domain=domain.name,
        service_type="web",
        # Left out, the service's choice is reported, and every preview shows a change.
        area=area or ("mainland" if is_mainland(owner.scope.region) else "overseas"),
        origin=cdn.DomainOriginArgs(
            origin_type="cos",
            origin_lists=[host],
            server_name=host,
            origin_pull_protocol="https",
            # A signed request is answered by the bucket as storage: no index pages, no error page.
            cos_private_access="off",
        ),
        https_config=https(declare_certificate(owner, domain), redirect_status),
        # The files say themselves how long they are kept. Left out, all are kept for a month, and, unset but reported,
        # every preview shows a change; an answer without any rule ends the provider's plugin.
        rule_caches=[
            cdn.DomainRuleCacheArgs(
                rule_type="all", rule_paths=["*"], switch="off", cache_time=0, follow_origin_switch="on",
                no_cache_switch="off",
            )
        ],
        # From its own addresses the bucket sends everything as a download. Whatever of that comes through to the
        # network, browsers are to show the pages.
        response_header=cdn.DomainResponseHeaderArgs(
            switch="on",
            header_rules=[
                cdn.DomainResponseHeaderHeaderRuleArgs(
                    header_mode="set", header_name="Content-Disposition", header_value="inline", rule_type="all",
                    rule_paths=["*"],
                )
            ],
        ),
        tags=owner.tags(),
        opts=owner.options(depends_on=[after]),
    )  # fmt: skip
    if domain.dns_zone is not None:
        zone = domain.dns_zone
        declare_record(owner, "record", zone=zone, name=record_name(domain.name, zone), value=bound.cname)
    return bound


def https(certificate_id: pulumi.Input[str], redirect_status: int) -> cdn.DomainHttpsConfigArgs:
    """HTTPS with HTTP/2, and HTTP sent on to it."""
    return cdn.DomainHttpsConfigArgs(
        https_switch="on",
        http2_switch="on",
        server_certificate_config=cdn.DomainHttpsConfigServerCertificateConfigArgs(certificate_id=certificate_id),
        force_redirect=cdn.DomainHttpsConfigForceRedirectArgs(
            switch="on", redirect_type="https", redirect_status_code=redirect_status
        ),
    )


def declare_purge(
    owner: Component, args: WebsiteArgs, files: Sequence[SiteFile], after: Sequence[pulumi.Resource]
) -> None:
    """Declare what takes changed files out of the network's caches.

    Args:
        owner: the website.
        args: its arguments.
        files: its files.
        after: what must be there first: the domain, and the files' new content.
    """
    assert args.domain  # noqa: S101 - asked before
    kept = [file for file in files if file.kept]
    SitePurge(
        owner.child("purge"),
        domain=args.domain.name,
        files={path: file.mark for file in kept for path in file.paths(args.index)},
        region=owner.scope.region,
        opts=owner.options(depends_on=list(after)),
    )
