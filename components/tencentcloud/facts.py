"""What holds for Tencent Cloud as a whole: regions, the provider, what the account is called."""

from __future__ import annotations

import pulumi
import tencentcloud_iac_pulumi as tencentcloud

REGIONS = (
    "ap-beijing", "ap-shanghai", "ap-nanjing", "ap-guangzhou", "ap-chengdu", "ap-chongqing", "ap-hongkong",
    "ap-singapore", "ap-bangkok", "ap-jakarta", "ap-seoul", "ap-tokyo", "na-siliconvalley", "na-ashburn",
    "na-toronto", "sa-saopaulo", "eu-frankfurt",
)  # fmt: skip
"""Region codes of the public documentation. Not every product is in every region."""

MAINLAND = ("ap-beijing", "ap-shanghai", "ap-nanjing", "ap-guangzhou", "ap-chengdu", "ap-chongqing")

SECRETS = ("secret_id", "secret_key", "security_token")
"""Inputs of the provider that hold credentials."""


def provider(name: str, region: str, opts: pulumi.ResourceOptions | None = None) -> pulumi.ProviderResource:
    """The explicit provider of one region.

    Credentials come from the environment alone (TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and, for short-lived
    ones, TENCENTCLOUD_SECURITY_TOKEN), so that none is in state and the gaps' calls use the same.
    """
    opts = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(transformations=[_without_credentials]))
    return tencentcloud.Provider(name, region=region, opts=opts)


def _without_credentials(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
    # The SDK copies the environment's credentials into the provider's inputs, and with them into state. The plugin
    # reads the environment by itself.
    kept = {key: value for key, value in args.props.items() if key not in SECRETS}
    return pulumi.ResourceTransformationResult(kept, args.opts)


def is_mainland(region: str) -> bool:
    """Whether a region lies in mainland China, where a domain needs an ICP filing."""
    return region in MAINLAND


def s3_host(public_endpoint: str) -> str:
    """The host that S3 clients reach buckets at: the region's own, which speaks both protocols.

    Args:
        public_endpoint: a bucket's public host (`cos.ap-guangzhou.myqcloud.com`).
    """
    return public_endpoint
