"""Bucket on Alibaba Cloud: an object storage (OSS) bucket, private, encrypted, with its lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
from pulumi_alicloud import oss

from components import bucket
from components.base import after
from components.bucket import BucketArgs, CorsRule
from components.checks import one_of
from components.errors import UserError

UNFINISHED_DAYS = 7
MOST_CORS_RULES = 10
EXPOSED = ("ETag",)
"""Answer headers that a page may read: an upload in parts must, to name its parts."""


@dataclass(frozen=True, kw_only=True)
class BucketNative:
    """What only Alibaba Cloud knows about a bucket."""

    force_destroy: bool | None = None
    """Whether a bucket that is destroyed takes its objects along. Default: yes where the profile neither protects nor
    retains, so that a stage for a feature goes away whole; else no. Limit: refused where the profile protects. The
    provider deletes for five minutes: a very full bucket wants a second destroy."""
    redundancy: Literal["LRS", "ZRS"] | None = None
    """Whether objects lie in one zone (LRS) or several (ZRS, not in every region). Default: ZRS where the profile asks
    for high availability. A change replaces the bucket and all that is in it."""
    kms_key_id: pulumi.Input[str] | None = None
    """Id of a key of the key service to encrypt with. Default: the storage service's own keys (AES256)."""
    resource_group_id: pulumi.Input[str] | None = None
    """The account's own resource group that the bucket lies in. Default: the account's default one."""

    def __post_init__(self) -> None:
        one_of("BucketNative.redundancy", self.redundancy, ("LRS", "ZRS"))


class Bucket(bucket.Bucket):
    """An OSS bucket: private, closed to public access, encrypted; in several zones for high availability.

    Versions, encryption, lifecycle and pages' rights are settings of the bucket itself. The provider has a resource for
    each as well, but the bucket reads them all back and, seeing what it was not told of, takes it away again.
    """

    cloud = "alicloud"

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(BucketNative, args.native)
        self._bucket = self._declare_bucket(args)
        acl = self._declare_acl()
        block = self._declare_block(acl)
        self.finish(
            name=after(self._bucket.bucket, acl.bucket, block.bucket),
            endpoint=self._bucket.intranet_endpoint,
            public_endpoint=self._bucket.extranet_endpoint,
        )

    @classmethod
    def check(cls, name: str, args: BucketArgs) -> None:
        """Emptying, and how many pages' rules there are."""
        cls.refuse_unsupported(args)
        native = cls.native_of(name, BucketNative, args.native)
        if native.force_destroy and args.scope.profile.protect:
            what = "it would delete all objects of a protected bucket"
            raise UserError(f"BucketNative.force_destroy of {name}", what, "leave it out")
        if len(args.cors) > MOST_CORS_RULES:
            what = f"{len(args.cors)} rules given"
            raise UserError(
                f"BucketArgs.cors of {name}", what, f"use at most {MOST_CORS_RULES}: one takes many origins"
            )

    def _declare_bucket(self, args: BucketArgs) -> oss.Bucket:
        disposable = not (self.profile.protect or self.profile.retain)
        emptied = disposable if self._native.force_destroy is None else self._native.force_destroy
        return oss.Bucket(
            self.child("bucket"),
            bucket=self.unique_name("alicloud:oss/bucket:Bucket"),
            storage_class="Standard",
            redundancy_type=self._native.redundancy or ("ZRS" if self.profile.high_availability else "LRS"),
            # Sent with the creation: no object is ever stored in clear.
            server_side_encryption_rule=self._encryption(),
            versioning=versioning(args),
            lifecycle_rules=lifecycle_rules(args),
            cors_rules=cors_rules(args.cors) or None,
            force_destroy=emptied,
            resource_group_id=self._native.resource_group_id,
            tags=self.tags(),
            # The name lives in state, so a replacement has the same one.
            opts=self.options(stateful=True, delete_before_replace=True),
        )

    def _encryption(self) -> oss.BucketServerSideEncryptionRuleArgs:
        key = self._native.kms_key_id
        algorithm = "AES256" if key is None else "KMS"
        return oss.BucketServerSideEncryptionRuleArgs(sse_algorithm=algorithm, kms_master_key_id=key)

    def _setting(self, **more: Any) -> pulumi.ResourceOptions:
        """Options of a setting. It goes with the bucket, never before; one that outlives the stack keeps it."""
        return self.options(deleted_with=self._bucket, retain_on_delete=self.profile.retain or None, **more)

    def _declare_acl(self) -> oss.BucketAcl:
        return oss.BucketAcl(self.child("acl"), bucket=self._bucket.bucket, acl="private", opts=self._setting())

    def _declare_block(self, acl: oss.BucketAcl) -> oss.BucketPublicAccessBlock:
        return oss.BucketPublicAccessBlock(
            self.child("public-access-block"),
            bucket=self._bucket.bucket,
            block_public_access=True,
            # Two edits of one bucket at once may be refused; and once blocked, a bucket refuses every public right.
            opts=self._setting(depends_on=[acl]),
        )


def versioning(args: BucketArgs) -> oss.BucketVersioningArgs | None:
    """Whether old versions are kept. Nothing is said of a bucket that never kept any.

    Leaving the setting out does not turn it off: whoever wants that says `versioned: false`, which suspends it.
    """
    if args.keeps_versions:
        return oss.BucketVersioningArgs(status="Enabled")
    return oss.BucketVersioningArgs(status="Suspended") if args.versioned is False else None


def lifecycle_rules(args: BucketArgs) -> list[oss.BucketLifecycleRuleArgs]:
    """One rule for the whole bucket, and one more where only a part of it expires.

    Two rules of the same action over the same objects are refused, so all that holds everywhere is in one.
    """
    unfinished = oss.BucketLifecycleRuleAbortMultipartUploadArgs(days=UNFINISHED_DAYS)
    old = oss.BucketLifecycleRuleNoncurrentVersionExpirationArgs(days=args.old_version_days)
    expires = [oss.BucketLifecycleRuleExpirationArgs(days=args.expire_days)] if args.expire_days else None
    everywhere = oss.BucketLifecycleRuleArgs(
        id="everywhere",
        enabled=True,
        prefix="",
        abort_multipart_uploads=[unfinished],
        # Of a bucket that no longer keeps versions too: else the last ones would stay for good.
        noncurrent_version_expirations=[old] if versioning(args) else None,
        expirations=None if args.expire_prefix else expires,
    )
    if not (expires and args.expire_prefix):
        return [everywhere]
    part = oss.BucketLifecycleRuleArgs(id="expire", enabled=True, prefix=args.expire_prefix, expirations=expires)
    return [everywhere, part]


def cors_rules(rules: Sequence[CorsRule]) -> list[oss.BucketCorsRuleArgs]:
    """What pages may do, in the provider's shape."""
    return [
        oss.BucketCorsRuleArgs(
            allowed_origins=list(rule.origins),
            allowed_methods=list(rule.methods),
            allowed_headers=list(rule.headers),
            expose_headers=list(EXPOSED),
            max_age_seconds=rule.max_age_seconds,
        )
        for rule in rules
    ]
