"""Who may do what on Alibaba Cloud: the words that identities of applications are written in, and steps left to people.

A function runs as a role of its own, which its `permissions` are given to; the platform writes its logs and pulls its
image by the same role, so that what is here is only what application code itself calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.identity import Statement
from components.observability import ObservabilityLike
from components.scope import Scope

FUNCTION_ROLES = True
"""A function runs as a role; the platform hands it short-lived keys of that role."""

STACK_SIGNS_TOKENS = True
"""Bearer tokens are signed with a key of the stack's own; the gateway holds the public half."""

KEY_VARIABLES = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET")
"""Environment variables that the cloud's application SDKs read their key from: id, then secret. The platform fills the
same two for a function with a role, beside ALIBABA_CLOUD_SECURITY_TOKEN, without which a role's key is refused."""

OPERATOR_POLICIES = (
    # Change, call, publish, shift traffic, roll back; hand a function its role.
    "AliyunFCFullAccess",
    # See what stands before functions, what they say, how they fare, which images there are, which networks.
    "AliyunAPIGReadOnlyAccess",
    "AliyunLogReadOnlyAccess",
    "AliyunCloudMonitorReadOnlyAccess",
    "AliyunContainerRegistryReadOnlyAccess",
    "AliyunVPCReadOnlyAccess",
)
"""Ready policies of a person who operates functions in the console: functions themselves, and the rest to read. Not
enough to deploy. None on buckets, file systems or databases: their read-only policies open everybody's data."""

OPENING_STEPS = (
    "once an account: open the products Function Compute, Simple Log Service, Container Registry, Cloud-native API"
    " Gateway, Object Storage Service, NAS and ApsaraDB RDS in the console; until a product is open, its API refuses"
    " every call",
    "once an account: in the consoles of Function Compute and Cloud-native API Gateway, allow them to act for you"
    " (roles AliyunServiceRoleForFC, AliyunServiceRoleForNativeApiGw, AliyunServiceRoleForNativeApiGwInvokeFC)",
    "once an account and region, for a personal image registry: create the personal instance in Container Registry's"
    " console and set its login password; take the instance's host from there",
    "once an account and region, where traces are wanted: open Managed Service for OpenTelemetry in the console and"
    " take the gRPC endpoint for networks (VPC) and its token from there",
)
"""What only a person can do before the first `up`. The provider's data sources could open some products (`enable = On`)
but do so already in a preview, and opening one accepts its terms of service: a person's decision."""


def operator_statements() -> Sequence[Statement]:
    """What an operator needs beside the ready policies: the console's form of a function lists roles to choose from."""
    return (Statement(actions=["ram:ListRoles", "ram:GetRole"], resources=["acs:ram:*:*:role/*"]),)


def runtime_statements(region: str, log_project: pulumi.Input[str] | None) -> Sequence[Statement]:  # noqa: ARG001
    """Nothing: models are called with their own API key, and traces are sent with their own token.

    Args:
        region: the region that the application runs in.
        log_project: its log project, which the platform writes to.
    """
    return ()


def bucket_statements(bucket: pulumi.Input[str]) -> Sequence[Statement]:
    """What an application does with a bucket of its own: its objects, and their list; nothing of its settings."""
    objects = Statement(
        actions=["oss:GetObject", "oss:PutObject", "oss:DeleteObject", "oss:AbortMultipartUpload", "oss:ListParts"],
        resources=[pulumi.Output.concat("acs:oss:*:*:", bucket, "/*")],
    )
    listing = Statement(actions=["oss:ListObjects"], resources=[pulumi.Output.concat("acs:oss:*:*:", bucket)])
    return (listing, objects)


def token_statements() -> Sequence[Statement]:
    """Nothing: a token is signed with the stack's key, and no API is called for it."""
    return ()


def trace_variables(scope: Scope, logs: ObservabilityLike) -> Mapping[str, pulumi.Input[str]]:
    """Where an application sends traces, in OpenTelemetry's own words, and what it calls itself there."""
    if logs.trace_endpoint is None:
        return {}
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": logs.trace_endpoint,
        # The service's port speaks gRPC alone, and SDKs of different languages try different ones first.
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_SERVICE_NAME": scope.app,
        "OTEL_RESOURCE_ATTRIBUTES": f"service.namespace={scope.project},deployment.environment={scope.stage}",
    }


def trace_secrets(logs: ObservabilityLike) -> Mapping[str, pulumi.Input[str]]:
    """The header that traces are let in with, where a token is given."""
    if logs.trace_endpoint is None or logs.trace_token is None:
        return {}
    header = pulumi.Output.concat("Authentication=", logs.trace_token)
    return {"OTEL_EXPORTER_OTLP_HEADERS": pulumi.Output.secret(header)}
