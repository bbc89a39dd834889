"""What holds for Alibaba Cloud as a whole: regions, the provider, hosts that are functions of the region."""

from __future__ import annotations

import pulumi
import pulumi_alicloud as alicloud

REGIONS = (
    "cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote", "cn-wulanchabu", "cn-hangzhou", "cn-shanghai",
    "cn-shenzhen", "cn-heyuan", "cn-guangzhou", "cn-chengdu", "cn-hongkong", "ap-northeast-1", "ap-northeast-2",
    "ap-southeast-1", "ap-southeast-3", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "us-east-1", "us-west-1",
    "eu-west-1", "eu-central-1", "me-east-1",
)  # fmt: skip
"""Region codes of the public documentation. Not every product is in every region."""

CERTIFICATE_REGIONS = {True: "cn-hangzhou", False: "ap-southeast-1"}
"""Where the certificate service keeps its certificates: for regions of mainland China, and for all others."""


def provider(name: str, region: str, opts: pulumi.ResourceOptions | None = None) -> pulumi.ProviderResource:
    """The explicit provider of one region.

    Credentials come from the environment alone (ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and, for
    short-lived ones, ALIBABA_CLOUD_SECURITY_TOKEN; or the same with the prefix ALICLOUD_), so that none is in state and
    the gaps' calls use the same.
    """
    return alicloud.Provider(name, region=region, opts=opts)


def s3_host(public_endpoint: str) -> str:
    """The host that S3 clients reach buckets at: the region's own, which speaks both protocols.

    Args:
        public_endpoint: a bucket's public host (`oss-cn-beijing.aliyuncs.com`).
    """
    return public_endpoint


def is_mainland(region: str) -> bool:
    """Whether a region lies in mainland China, where a domain needs an ICP filing."""
    return region.startswith("cn-") and region != "cn-hongkong"


def certificate_region(region: str) -> str:
    """Where the certificate service keeps the certificates that products of a region use."""
    return CERTIFICATE_REGIONS[is_mainland(region)]
