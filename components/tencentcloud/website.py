"""Website on Tencent Cloud: files in a COS bucket that answers as a website, and before it a CDN domain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
from tencentcloud_iac_pulumi import cos

from components import website
from components.checks import one_of
from components.site_files import SiteFile
from components.tencentcloud.bucket import full_name
from components.tencentcloud.website_domain import declare_domain, declare_purge
from components.website import WebsiteArgs

READERS = "qcs::cam::anyone:anyone"
READ = ("name/cos:GetObject", "name/cos:HeadObject", "name/cos:OptionsObject")
MOST_PAIRS = 10_000
"""Edges from pages to files that state may hold: each is a line in it."""


@dataclass(frozen=True, kw_only=True)
class WebsiteNative:
    """What only Tencent Cloud knows about a website."""

    area: Literal["mainland", "overseas", "global"] | None = None
    """Where the content delivery network serves the domain. In mainland and global the domain needs an ICP filing.
    Default: mainland for a region there, else overseas."""
    redirect_status: Literal[301, 302] = 301
    """How HTTP is sent on to HTTPS: for good (301), or this time (302). Default 301."""

    def __post_init__(self) -> None:
        one_of("WebsiteNative.area", self.area, ("mainland", "overseas", "global"))
        one_of("WebsiteNative.redirect_status", str(self.redirect_status), ("301", "302"))


class Website(website.Website):
    """A COS bucket as a website; with a domain, a CDN domain before it, its certificate, its record.

    This is the one bucket whose files all the world may read: a website's index pages are only served where anybody
    may read them, by the content delivery network too. Nobody may list it. It keeps no old versions, and stands in one
    zone: it holds a copy of a folder, which an `up` makes again.

    Without a domain, browsers save the pages to disk instead of showing them: so the service treats its own addresses
    of every bucket made since 2024. For what is not there, also with `single_page`, the page comes with the status
    that the service chooses, 404.
    """

    cloud = "tencentcloud"

    def __init__(self, name: str, args: WebsiteArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(WebsiteNative, args.native)
        found = args.files(name)
        self._bucket = self._declare_bucket(args.index, args.error_page(found))
        policy = self._declare_policy()
        objects = self._declare_files(found)
        host = pulumi.Output.concat(self._bucket.bucket, f".cos-website.{self.scope.region}.myqcloud.com")
        cname = None
        if args.domain:
            cdn = declare_domain(
                self, args.domain, host, area=self._native.area, redirect_status=self._native.redirect_status,
                after=policy,
            )  # fmt: skip
            declare_purge(self, args, found, [cdn, *objects.values()])
            cname = cdn.cname
        self.finish(
            url=pulumi.Output.concat("https://", args.domain.name if args.domain else host),
            bucket=self._bucket.bucket,
            domain=args.domain.name if args.domain else None,
            cname=cname,
            files=len(found),
        )

    @classmethod
    def check(cls, name: str, args: WebsiteArgs) -> None:
        """Refuse extras of another cloud, and a folder that no site can be made of."""
        cls.refuse_unsupported(args)
        cls.native_of(name, WebsiteNative, args.native)
        args.check_files(name)

    @classmethod
    def steps(cls, args: WebsiteArgs) -> Sequence[str]:
        """What the content delivery network asks of a person; without it, what browsers do."""
        if args.domain is None:
            return [
                f"{args.folder}: give the site a domain: from the bucket's own address, browsers save pages to disk"
                " instead of showing them"
            ]
        # The provider can ask for the record that proves it, but never for the same one twice.
        return [
            "open the content delivery network (CDN) in the console, once an account",
            f"{args.domain.name}: the first time, prove that it is yours: in the console of the content delivery"
            " network, add it as a domain, set the TXT record that it shows, let it verify that, and stop there",
        ]

    def _declare_bucket(self, index: str, error: str | None) -> cos.Bucket:
        return cos.Bucket(
            self.child("bucket"),
            bucket=full_name(self),
            # Closed as a bucket: by the right `public-read` anybody could list it. Its files are opened one by one.
            acl="private",
            # With a key of the key service, what the bucket reports of a file is not its hash, and every `up` would
            # send every file.
            encryption_algorithm="AES256",
            versioning_enable=False,
            website=cos.BucketWebsiteArgs(index_document=index, error_document=error),
            # What `up` has put there it takes away itself; this is for what others have.
            force_clean=not (self.profile.protect or self.profile.retain),
            tags=self.tags(),
            # The name lives in state, so a replacement has the same one. Nothing of value outlives the stack.
            opts=self.options(stateful=True, retain_on_delete=None, delete_before_replace=True),
        )

    def _declare_policy(self) -> cos.BucketPolicy:
        """Lets anybody read what is not there: asked for it, the service then says 404, and not that it is forbidden,
        and shows the error page to whoever has lost the way."""
        return cos.BucketPolicy(
            self.child("policy"),
            bucket=self._bucket.bucket,
            policy=self._bucket.bucket.apply(lambda bucket: readable(bucket, self.scope.region)),
            opts=self.options(),
        )

    def _declare_files(self, files: Sequence[SiteFile]) -> dict[str, cos.BucketObject]:
        """An object a file, by its name; pages after what only they name."""
        hashed = [file for file in files if file.hashed]
        assets = {file.name: self._declare_file(file) for file in hashed}
        others = [file for file in files if not file.hashed]
        waited = list(assets.values()) if len(assets) * len(others) <= MOST_PAIRS else []
        return assets | {file.name: self._declare_file(file, waited) for file in others}

    def _declare_file(self, file: SiteFile, after: Sequence[pulumi.Resource] = ()) -> cos.BucketObject:
        return cos.BucketObject(
            self.child("file", file.name),
            bucket=self._bucket.bucket,
            key=file.name,
            source=file.source,
            # The provider looks at the path alone, which stays: this is what tells it of another content.
            etag=file.md5,
            content_type=file.content_type,
            cache_control=file.cache_control,
            # Left out, it is private, whatever the bucket is.
            acl="public-read",
            # No tags: each is a call more a file, on every refresh, and its failure is overlooked.
            opts=self.options(depends_on=list(after) or None),
        )


def readable(bucket: str, region: str) -> str:
    """The policy by which anybody may read files, and nobody list them.

    In the spelling that the service answers with: in another one, every preview would show a change.

    Args:
        bucket: the bucket's whole name, which ends in the account's application id.
        region: its region.
    """
    statement = {
        "Principal": {"qcs": [READERS]},
        "Effect": "allow",
        "Action": list(READ),
        "Resource": [f"qcs::cos:{region}:uid/{bucket.rpartition('-')[2]}:{bucket}/*"],
    }
    return json.dumps({"version": "2.0", "Statement": [statement]}, sort_keys=True)
