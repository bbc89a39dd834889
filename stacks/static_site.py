"""StaticSite: a folder of files in a bucket, before it a content delivery network with a domain, HTTPS and a record."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.website import WebsiteArgs
from stacks import checklist, part_args
from stacks.application import Application, ApplicationArgs
from stacks.links import Link
from stacks.site import Site, planned
from stacks.static_site_settings import StaticSiteSettings


class StaticSite(Application):
    """The guide's static site and blog: what a folder holds is what browsers get.

    Billed by volume stored and by traffic; nothing by the hour.
    """

    concept = "StaticSite"
    OUTPUTS = ("url", "bucket", "cname", "files")

    url: pulumi.Output[str]
    """Its address."""
    bucket: pulumi.Output[str]
    """Name of the bucket that holds its files."""
    cname: pulumi.Output[str] | None
    """What its domain's CNAME record points to, or None without a domain."""
    files: int
    """How many files are served."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._settings: StaticSiteSettings = args.settings
        self._arguments = website(args.site, self._settings)
        made = self.site.cloud.Website(self.child("website"), self._arguments, self.options())
        self.finish(url=made.url, bucket=made.bucket, cname=made.cname, files=made.files)

    @classmethod
    def rehearse(cls, site: Site, settings: StaticSiteSettings) -> None:
        """Build and check the arguments of its one component."""
        website(site, settings)

    def link(self) -> Link:
        """How another application names it."""
        return Link(cloud=self._settings.cloud, url=self.url, gateway_id=None)

    def checklist(self) -> Sequence[pulumi.Input[str]]:
        """What only a person can do for it, or a pipeline before."""
        settings, domain = self._settings, self._settings.domain
        built = (
            f"{self.logical_name}: run `{settings.build}` before `up`, which sends what {settings.folder} then holds"
        )
        filed = checklist.domain_lines(domain.name, zone=domain.dns_zone, cname=self.cname) if domain else []
        return [*([built] if settings.build else []), *self.site.cloud.Website.steps(self._arguments), *filed]


@planned("website")
def website(site: Site, settings: StaticSiteSettings) -> WebsiteArgs:
    """Arguments of the website."""
    given = settings.given("folder", "build", "index", "error", "single_page", "ignore", "cache", "content_types")
    return WebsiteArgs(
        scope=site.scope, domain=part_args.domain(settings.domain), native=site.native(settings.native, "website"),
        **given,
    )  # fmt: skip
