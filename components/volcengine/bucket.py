"""Bucket on Volcengine: an object storage (TOS) bucket, private, encrypted, with its lifecycle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
from pulumi_volcengine import tos

from components import bucket
from components.base import after
from components.bucket import BucketArgs, CorsRule
from components.volcengine.facts import tag_list

UNFINISHED_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class BucketNative:
    """What only Volcengine knows about a bucket."""

    kms_key_id: pulumi.Input[str] | None = None
    """Id of a key of the key service to encrypt with. Default: the storage service's own keys (AES256)."""
    project: str = "default"
    """The account's own project (a cost group) that the bucket lies in."""


class Bucket(bucket.Bucket):
    """A TOS bucket: private, encrypted, over several zones where the profile asks for high availability.

    A bucket that holds objects, or old versions of them, is not deleted: the provider tries for 15 minutes, then fails.
    """

    cloud = "volcengine"

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(BucketNative, args.native)
        self._bucket = self._declare_bucket(args.keeps_versions)
        # Edits of one bucket are refused while another runs: each setting waits for the one before.
        encrypted = self._declare_encryption()
        cleaned = self._declare_lifecycle(args, encrypted)
        gates = [encrypted.bucket_name, cleaned.bucket_name]
        if args.cors:
            gates.append(self._declare_cors(args.cors, cleaned).bucket_name)
        self.finish(
            name=after(self._bucket.bucket_name, *gates),
            endpoint=self._bucket.intranet_endpoint,
            public_endpoint=self._bucket.extranet_endpoint,
        )

    def _declare_bucket(self, versioned: bool) -> tos.Bucket:
        return tos.Bucket(
            self.child("bucket"),
            bucket_name=self.unique_name("volcengine:tos/bucket:Bucket"),
            public_acl="private",
            storage_class="STANDARD",
            bucket_type="fns",
            az_redundancy="multi-az" if self.profile.high_availability else "single-az",
            # Once on, the service can only suspend it.
            enable_version=versioned,
            project_name=self._native.project,
            tags=tag_list(tos.BucketTagArgs, self.tags()),
            # The name lives in state, so a replacement has the same one.
            opts=self.options(stateful=True, delete_before_replace=True),
        )

    def _setting(self, after: pulumi.Resource | None = None) -> pulumi.ResourceOptions:
        """Options of a setting. A bucket that outlives the stack keeps its settings, above all its encryption."""
        return self.options(depends_on=[after] if after else None, retain_on_delete=self.profile.retain or None)

    def _declare_encryption(self) -> tos.BucketEncryption:
        key = self._native.kms_key_id
        default = tos.BucketEncryptionRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="AES256" if key is None else "kms", kms_master_key_id=key
        )
        return tos.BucketEncryption(
            self.child("encryption"),
            bucket_name=self._bucket.bucket_name,
            rule=tos.BucketEncryptionRuleArgs(apply_server_side_encryption_by_default=default),
            opts=self._setting(),
        )

    def _declare_lifecycle(self, args: BucketArgs, after: pulumi.Resource) -> tos.BucketLifecycle:
        return tos.BucketLifecycle(
            self.child("lifecycle"),
            bucket_name=self._bucket.bucket_name,
            rules=lifecycle_rules(args),
            opts=self._setting(after),
        )

    def _declare_cors(self, rules: Sequence[CorsRule], after: pulumi.Resource) -> tos.BucketCors:
        return tos.BucketCors(
            self.child("cors"),
            bucket_name=self._bucket.bucket_name,
            cors_rules=[
                tos.BucketCorsCorsRuleArgs(
                    allowed_origins=list(rule.origins),
                    allowed_methods=list(rule.methods),
                    allowed_headers=list(rule.headers),
                    max_age_seconds=rule.max_age_seconds,
                )
                for rule in rules
            ],
            opts=self._setting(after),
        )


def lifecycle_rules(args: BucketArgs) -> list[tos.BucketLifecycleRuleArgs]:
    """One rule for the whole bucket, and one more where only a part of it expires.

    Two rules over the same objects may contradict each other, so all that holds everywhere is in one.
    """
    old = tos.BucketLifecycleRuleNonCurrentVersionExpirationArgs(non_current_days=args.old_version_days)
    expires = tos.BucketLifecycleRuleExpirationArgs(days=args.expire_days) if args.expire_days else None
    everywhere = tos.BucketLifecycleRuleArgs(
        id="everywhere",
        status="Enabled",
        abort_incomplete_multipart_upload=tos.BucketLifecycleRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=UNFINISHED_DAYS
        ),
        non_current_version_expiration=old if args.keeps_versions else None,
        expiration=None if args.expire_prefix else expires,
    )
    if not (expires and args.expire_prefix):
        return [everywhere]
    part = tos.BucketLifecycleRuleArgs(id="expire", status="Enabled", prefix=args.expire_prefix, expiration=expires)
    return [everywhere, part]
