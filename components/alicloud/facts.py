"""What holds for Alibaba Cloud as a whole: regions, the provider, hosts that are functions of the region."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_alicloud as alicloud

from components.alicloud.gaps.credentials import Role, role

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
    the gaps' calls use the same. The plugin reads the variables of a role only where the argument is there: without it,
    it would act as the key pair, and the gaps as the role.
    """
    return alicloud.Provider(name, region=region, opts=opts, **_role_arguments(role()))


def _role_arguments(wanted: Role | None) -> dict[str, Any]:
    """The role of the environment as an argument; its token never, since state keeps arguments.

    Typed: of a plain dict, the SDK sends the keys as they are, which the plugin does not know.
    """
    if wanted is None:
        return {}
    if not wanted.oidc_provider:
        return {"assume_role": alicloud.ProviderAssumeRoleArgs(
            role_arn=wanted.arn, session_name=wanted.session, session_expiration=wanted.seconds
        )}  # fmt: skip
    return {"assume_role_with_oidc": alicloud.ProviderAssumeRoleWithOidcArgs(
        role_arn=wanted.arn, role_session_name=wanted.session, oidc_provider_arn=wanted.oidc_provider,
        oidc_token_file=wanted.token_file or None,
    )}  # fmt: skip


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
