"""What holds for Volcengine as a whole: regions, the provider, endpoints that are functions of the region, tags."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

import pulumi
import pulumi_volcengine as volcengine

T = TypeVar("T")

REGIONS = (
    "cn-beijing",
    "cn-beijing2",
    "cn-guangzhou",
    "cn-hongkong",
    "cn-shanghai",
    "ap-southeast-1",
    "ap-southeast-3",
)
"""Region codes of the public documentation. Not every product is in every region."""


def provider(name: str, region: str, opts: pulumi.ResourceOptions | None = None) -> pulumi.ProviderResource:
    """The explicit provider of one region.

    Credentials come from the environment alone (VOLCENGINE_ACCESS_KEY, VOLCENGINE_SECRET_KEY and, for short-lived
    ones, VOLCENGINE_SESSION_TOKEN), so that none is in state and the gaps' calls use the same.
    """
    opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(transformations=[_without_key_pair]))
    return volcengine.Provider(name, region=region, opts=opts)


def _without_key_pair(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
    # The SDK copies the environment's key pair into the provider's inputs, and with them, in clear, into state. The
    # plugin reads the environment by itself.
    kept = {key: value for key, value in args.props.items() if key not in ("access_key", "secret_key")}
    return pulumi.ResourceTransformationResult(kept, args.opts)


def trace_endpoint(region: str) -> str:
    """Where applications inside a network send OTLP traces over gRPC: the log service's private host, port 4317."""
    return f"https://tls-{region}.ivolces.com:4317"


def log_service_endpoint(region: str) -> str:
    """The log service's public API."""
    return f"https://tls-{region}.volces.com"


def s3_host(public_endpoint: str) -> str:
    """The host that S3 clients reach buckets at: one of its own, beside the one of the service's own protocol.

    Args:
        public_endpoint: a bucket's public host (`tos-cn-beijing.volces.com`).
    """
    return re.sub(r"^tos-(?!s3-)", "tos-s3-", public_endpoint)


def tag_list(kind: Callable[..., T], tags: Mapping[str, str]) -> list[T]:
    """Tags in the provider's shape: a list of key-value objects of the resource's own class."""
    return [kind(key=key, value=value) for key, value in tags.items()]
