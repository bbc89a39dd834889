"""Bucket on Tencent Cloud: an object storage (COS) bucket, private, encrypted, with its lifecycle."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from tencentcloud_iac_pulumi import cos, user

from components import bucket
from components.base import Component, as_output
from components.bucket import BucketArgs, CorsRule
from components.errors import UserError

UNFINISHED_DAYS = 7
MOST_CORS_RULES = 100
EXPOSED = ("ETag",)
"""Answer headers that a page may read: an upload in parts must, to name its parts."""
BUCKET = "tencentcloud:Cos/bucket:Bucket"


@dataclass(frozen=True, kw_only=True)
class BucketNative:
    """What only Tencent Cloud knows about a bucket."""

    force_destroy: bool | None = None
    """Whether a bucket that is destroyed takes its objects along. Default: yes where the profile neither protects nor
    retains, so that a stage for a feature goes away whole; else no. Limit: refused where the profile protects. The
    provider empties a bucket of 1000 objects, old versions counted, and fails for a fuller one: empty that first."""
    multi_az: bool | None = None
    """Whether objects lie in several zones (not in every region). Default: where the profile asks for high
    availability. Limit: such a bucket keeps old versions for good. A change replaces the bucket and all that is in
    it."""
    kms_key_id: pulumi.Input[str] | None = None
    """Id of a key of the key service to encrypt with. Default: the storage service's own keys (AES256)."""


class Bucket(bucket.Bucket):
    """A COS bucket: private, encrypted; in several zones for high availability.

    Its name ends in the account's application id (APPID), as all do on this cloud: ten digits, which is what the
    provider takes. One host reaches it from inside its region and from anywhere: inside, it answers by a private
    address.
    """

    cloud = "tencentcloud"

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(BucketNative, args.native)
        made = self._declare_bucket(args)
        host = as_output(host_of(self.scope.region))
        # Known when the bucket is as it should be: the provider sets encryption and the rest before it is done.
        self.finish(name=made.bucket, endpoint=host, public_endpoint=host)

    @classmethod
    def check(cls, name: str, args: BucketArgs) -> None:
        """Emptying, zones without versions, and how many pages' rules there are."""
        cls.refuse_unsupported(args)
        native = cls.native_of(name, BucketNative, args.native)
        if native.force_destroy and args.scope.profile.protect:
            what = "it would delete all objects of a protected bucket"
            raise UserError(f"BucketNative.force_destroy of {name}", what, "leave it out")
        if in_several_zones(args, native) and not args.keeps_versions:
            instead = "let it keep them, or set multi_az to false among its extras (native)"
            raise UserError(f"BucketArgs.versioned of {name}", "a bucket in several zones keeps old versions", instead)
        if len(args.cors) > MOST_CORS_RULES:
            instead = f"use at most {MOST_CORS_RULES}: one takes many origins"
            raise UserError(f"BucketArgs.cors of {name}", f"{len(args.cors)} rules given", instead)

    def _declare_bucket(self, args: BucketArgs) -> cos.Bucket:
        native = self._native
        disposable = not (self.profile.protect or self.profile.retain)
        return cos.Bucket(
            self.child("bucket"),
            bucket=full_name(self),
            acl="private",
            multi_az=in_several_zones(args, native),
            encryption_algorithm="AES256" if native.kms_key_id is None else "KMS",
            kms_id=native.kms_key_id,
            versioning_enable=args.keeps_versions,
            lifecycle_rules=lifecycle_rules(args),
            cors_rules=cors_rules(args.cors) or None,
            force_clean=disposable if native.force_destroy is None else native.force_destroy,
            tags=self.tags(),
            # The name lives in state, so a replacement has the same one.
            opts=self.options(stateful=True, delete_before_replace=True),
        )


def app_id(owner: Component) -> pulumi.Output[str]:
    """The account's application id, which names of buckets end in."""
    return user.get_info_output(opts=owner.invoke_options()).app_id.apply(ten_digits)


def ten_digits(found: str) -> str:
    """An application id, refused where the provider would refuse every name that ends in it."""
    if not re.fullmatch(r"[0-9]{10}", found):
        what = f"the account's application id has {len(found)} digits, and the provider takes names of ten"
        raise UserError("tencentcloud Bucket", what, "use an account that was opened later")
    return found


def full_name(owner: Component, *parts: str) -> pulumi.Output[str]:
    """The whole name of a bucket: the component's own, a random suffix, the application id."""
    named: pulumi.Output[str] = pulumi.Output.all(owner.unique_name(BUCKET, *parts), app_id(owner)).apply("-".join)
    return named


def host_of(region: str) -> str:
    """The host of a region's buckets; a bucket's own is `<bucket>.` in front of it."""
    return f"cos.{region}.myqcloud.com"


def in_several_zones(args: BucketArgs, native: BucketNative) -> bool:
    """Whether objects lie in several zones, the profile's default filled in."""
    return args.scope.profile.high_availability if native.multi_az is None else native.multi_az


def lifecycle_rules(args: BucketArgs) -> list[cos.BucketLifecycleRuleArgs]:
    """One rule for the whole bucket, and one more where only a part of it expires.

    Two rules of the same action over the same objects are refused, so all that holds everywhere is in one.
    """
    unfinished = cos.BucketLifecycleRuleAbortIncompleteMultipartUploadArgs(days_after_initiation=UNFINISHED_DAYS)
    old = cos.BucketLifecycleRuleNonCurrentExpirationArgs(non_current_days=args.old_version_days)
    expires = cos.BucketLifecycleRuleExpirationArgs(days=args.expire_days) if args.expire_days else None
    # Of a bucket that no longer keeps versions too: else the last ones would stay for good.
    versions = args.keeps_versions or args.versioned is False
    everywhere = cos.BucketLifecycleRuleArgs(
        id="everywhere",
        filter_prefix="",
        abort_incomplete_multipart_upload=unfinished,
        non_current_expiration=old if versions else None,
        expiration=None if args.expire_prefix else expires,
    )
    if not (expires and args.expire_prefix):
        return [everywhere]
    return [everywhere, cos.BucketLifecycleRuleArgs(id="expire", filter_prefix=args.expire_prefix, expiration=expires)]


def cors_rules(rules: Sequence[CorsRule]) -> list[cos.BucketCorsRuleArgs]:
    """What pages may do, in the provider's shape."""
    return [
        cos.BucketCorsRuleArgs(
            allowed_origins=list(rule.origins),
            allowed_methods=list(rule.methods),
            allowed_headers=list(rule.headers),
            expose_headers=list(EXPOSED),
            max_age_seconds=rule.max_age_seconds,
        )
        for rule in rules
    ]
