"""A static site's folder, pages, headers and domain."""

from __future__ import annotations

from typing import Any

from components.clouds import CLOUDS
from tests.bad_input.row import OUT, Row, changed

HOME = "tencentcloud"
"""The one cloud that carries sites: rows that ask it something wait for it."""
SITE = {"blueprint": "static-site", "cloud": "volcengine", "region": "cn-beijing", "folder": "bare"}
DOMAIN = {"name": "www.example.com", "certificate_id": "cert-1"}


def site(id: str, message: str, **changes: Any) -> Row:  # noqa: A002
    """The good site on a cloud without sites, changed: what is wrong whatever the cloud."""
    return Row(id=id, message=message, apps={"site": changed(SITE, changes)})


def home(id: str, message: str, **changes: Any) -> Row:  # noqa: A002
    """The same where sites are carried."""
    place = {"cloud": HOME, "region": "ap-guangzhou"}
    return Row(
        id=id, message=message, apps={"site": changed(SITE | place, changes)}, clouds={HOME: {"ap-guangzhou": {}}}
    )


EVERYWHERE = (
    site("site-on-a-cloud-without-sites",
        "apps.site: is not supported on volcengine; put the site on tencentcloud: it stands alone, whatever cloud the "
        "applications beside it run on"),
    site("site-without-folder", "apps.site.folder: is missing; give it", folder=OUT),
    site("site-folder-empty-text", "apps.site.folder: is empty; name a folder", folder=" "),
    site("site-folder-a-list", "apps.site.folder: must be text; put it in quotes", folder=["bare"]),
    site("site-build-empty-text", "apps.site.build: is empty; write it, or leave it out", build=""),
    site("site-build-a-list", "apps.site.build: must be text; put it in quotes", build=["npm", "run", "build"]),
    site("site-waiting",
        "apps.site.enabled: only an application of an image can wait for it; leave it out",
        enabled=False),
    site("site-that-links",
        "apps.site.links: a site calls nobody: its pages do, from browsers; build addresses into the pages",
        links=["site"]),
    site("site-with-a-misspelt-page",
        "apps.site.indx: there is no such setting; did you mean index?",
        indx="home.html"),
    site("site-cache-a-word", "apps.site.cache: must be a mapping; write keys and values below it", cache="no-cache"),
    site("site-cache-a-number", "apps.site.cache.*.css: must be text; put it in quotes", cache={"*.css": 3600}),
    site("site-ignore-a-word", "apps.site.ignore: must be a list; begin each item with a hyphen", ignore="*.map"),
    site("site-single-page-a-word",
        "apps.site.single_page: must be true or false; write true or false, without quotes",
        single_page="yes"),
    site("site-domain-with-a-key-in-clear",
        "apps.site.domain.private_key: is a secret in clear; take it out and run `pulumi config set --secret --path "
        "'qiao:apps.site.domain.private_key'`",
        domain={**DOMAIN, "private_key": "canary-Zq7wPx"}),
)  # fmt: skip

WHERE_CARRIED = (
    home("site-folder-not-there",
        "apps.site.folder: dist is not a folder; give a folder, relative to the project",
        folder="dist"),
    home("site-folder-not-built",
        "apps.site.folder: dist is not a folder; run `npm run build` first, which makes it",
        folder="dist", build="npm run build"),
    home("site-folder-without-files",
        "apps.site.folder: empty holds no file; build the site into it, or mend the ignore patterns",
        folder="empty"),
    home("site-without-index",
        "apps.site.index: bare has no index.html; name the page of the site, which lies on top"),
    home("site-index-a-path",
        "apps.site.index: 'docs/index.html' is not valid; use a file's name, such as index.html",
        index="docs/index.html"),
    home("site-error-page-not-there",
        "apps.site.error: bare has no oops.html; name one it has",
        index="x", error="oops.html"),
    home("site-error-page-of-a-single-page",
        "apps.site.error: single_page is set; leave it out: the index answers for what is not there",
        index="x", error="oops.html", single_page=True),
    home("site-cache-of-two-lines",
        "apps.site.cache.*.css: 'no-cache\\nX: y' is not valid; use words of a Cache-Control header",
        cache={"*.css": "no-cache\nX: y"}),
    home("site-type-without-slash",
        "apps.site.content_types.*.css: 'css' is not valid; use a type such as text/html",
        content_types={"*.css": "css"}),
    home("site-domain-without-certificate",
        "apps.site.domain.certificate_id: HTTPS needs one certificate; give its id, or chain and key",
        index="x", domain={"name": "www.example.com"}),
    home("site-domain-outside-its-zone",
        "apps.site.domain.dns_zone: www.example.com is not in example.org; give the zone that holds it",
        index="x", domain={**DOMAIN, "dns_zone": "example.org"}),
    home("site-extras-unknown",
        "apps.site.native.website.aera: there is no such setting; did you mean area?",
        index="x", native={"website": {"aera": "global"}}),
)  # fmt: skip

ROWS = (*EVERYWHERE, *(WHERE_CARRIED if HOME in CLOUDS else ()))
