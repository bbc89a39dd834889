"""Bucket: private, encrypted object storage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi

from components.base import Args, Component
from components.checks import in_range
from components.errors import UserError


@dataclass(frozen=True, kw_only=True)
class CorsRule:
    """Which web pages may use the bucket from a browser."""

    origins: Sequence[str]
    """Origins (`https://chat.example.com`)."""
    methods: Sequence[Literal["GET", "PUT", "POST", "DELETE", "HEAD"]] = ("GET", "PUT", "POST")
    """Methods they may use. Default GET, PUT, POST: browser uploads."""
    headers: Sequence[str] = ("*",)
    """Request headers they may send. Default: any."""
    max_age_seconds: int = 600
    """How long a browser remembers the answer. Default 600."""

    def __post_init__(self) -> None:
        in_range("CorsRule.max_age_seconds", self.max_age_seconds, 0, 86400, "seconds")
        if not self.origins:
            raise UserError("CorsRule.origins", "no origin given", "name the pages, such as https://chat.example.com")


@dataclass(frozen=True, kw_only=True)
class BucketArgs(Args):
    """What a Bucket takes."""

    versioned: bool | None = None
    """Whether old versions of objects are kept. Default: the profile's (prod keeps them)."""
    expire_days: int | None = None
    """Days after which objects are deleted. Default: never. Limit: 1 to 36500."""
    expire_prefix: str = ""
    """Only objects whose key begins so expire. Default: all."""
    old_version_days: int = 30
    """Days that old versions are kept where the bucket is versioned. Default 30. Limit: 1 to 36500."""
    cors: Sequence[CorsRule] = ()
    """Which web pages may use it from a browser. Default: none."""
    native: object | None = None
    """What only one cloud knows (`BucketNative` of its module)."""

    def __post_init__(self) -> None:
        in_range("BucketArgs.expire_days", self.expire_days, 1, 36500, "days")
        in_range("BucketArgs.old_version_days", self.old_version_days, 1, 36500, "days")

    @property
    def keeps_versions(self) -> bool:
        """Whether old versions are kept, the profile's default filled in."""
        return self.scope.profile.versioned if self.versioned is None else self.versioned


class Bucket(Component):
    """A private, encrypted bucket. Unfinished uploads are removed after a week.

    Billed by volume stored, requests and traffic. Not emptied on destroy, unless the extras of its cloud say so: a
    cloud refuses to delete a full bucket.
    """

    concept = "Bucket"
    OUTPUTS = ("name", "endpoint", "public_endpoint")

    name: pulumi.Output[str]
    """The bucket's name; ready for use (encryption and policies set) when this is known."""
    endpoint: pulumi.Output[str]
    """Host to reach it from inside the cloud's region."""
    public_endpoint: pulumi.Output[str]
    """Host to reach it from anywhere, signed requests only."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)


@dataclass(frozen=True, kw_only=True)
class ExistingBucket:
    """A bucket that is there already."""

    name: pulumi.Input[str]
    """Its name."""
    endpoint: pulumi.Input[str] = ""
    """Host to reach it from inside the cloud's region."""
    public_endpoint: pulumi.Input[str] = ""
    """Host to reach it from anywhere."""


BucketLike = Bucket | ExistingBucket
"""What an argument that names a bucket takes."""
