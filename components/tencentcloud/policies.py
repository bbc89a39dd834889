"""Who may do what on Tencent Cloud: the words that identities of applications are written in, and steps left to people.

A function runs as a role of its own, which its `permissions` are given to; the platform fetches images, writes logs and
joins networks as a role that a person allows once. So what is here is only what application code itself calls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.base import as_output
from components.identity import Statement
from components.observability import ObservabilityLike
from components.scope import Scope

FUNCTION_ROLES = True
"""A function runs as a role; the platform hands it short-lived keys of that role, for six hours at most, as
TENCENTCLOUD_SECRETID, TENCENTCLOUD_SECRETKEY and TENCENTCLOUD_SESSIONTOKEN."""

STACK_SIGNS_TOKENS = True
"""Bearer tokens are signed with a key of the stack's own; the edge function or the application holds the other half."""

KEY_VARIABLES = ("TENCENT_SECRET_ID", "TENCENT_SECRET_KEY")
"""Environment variables that applications read a permanent key of their own from: id, then secret. Not those of the
cloud's SDKs, TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY: functions keep all that begins so for themselves."""

OPERATOR_POLICIES = (
    # Change, call, publish, shift traffic, roll back; list roles.
    "QcloudSCFFullAccess",
    # See what functions say, how they fare, which images there are, which networks.
    "QcloudCLSReadOnlyAccess",
    "QcloudMonitorReadOnlyAccess",
    "QcloudAPMReadOnlyFullAccess",
    "QcloudTCRReadOnlyAccess",
    "QcloudVPCReadOnlyAccess",
)
"""Ready policies of a person who operates functions in the console: functions themselves, and the rest to read. Not
enough to deploy. None on buckets, file systems or databases: their read-only policies open everybody's data."""

OPENING_STEPS = (
    "once an account: open the products Serverless Cloud Function, Cloud Log Service, Tencent Container Registry, Cloud"
    " Object Storage, Cloud File Storage, Application Performance Management and EdgeOne in the console; until one is"
    " open, its API refuses every call",
    "once an account: in the console of Serverless Cloud Function, allow it to act for you (role SCF_QcsRole)",
    "once an account, where a bucket lies behind CDN: in CDN's console, allow it to read buckets (role CDN_QCSRole)",
    "once a site, where EdgeOne is used: buy a plan in its console, and take the plan's id from there",
    "once a domain that is reached from mainland China: file it with the authorities (ICP); without it CDN and EdgeOne"
    " serve it outside the mainland alone",
)
"""What only a person can do before the first `up`."""

OBJECT_ACTIONS = (
    "GetObject", "HeadObject", "PutObject", "PostObject", "DeleteObject", "InitiateMultipartUpload", "UploadPart",
    "CompleteMultipartUpload", "AbortMultipartUpload", "ListParts",
)  # fmt: skip
"""Uploads in parts ask for a right a step on this cloud."""
LIST_ACTIONS = ("GetBucket", "HeadBucket")


def operator_statements() -> Sequence[Statement]:
    """Nothing: what the console's form of a function lists is in the ready policies.

    Not the right to hand functions any role (`cam:PassRole`): with it an operator could become whatever a role may be.
    """
    return ()


def runtime_statements(region: str, log_project: pulumi.Input[str] | None) -> Sequence[Statement]:  # noqa: ARG001
    """Nothing: models are called with their own API key, and traces are sent with their own token.

    Args:
        region: the region that the application runs in.
        log_project: its log project, which the platform writes to.
    """
    return ()


def bucket_statements(bucket: pulumi.Input[str]) -> Sequence[Statement]:
    """What an application does with a bucket of its own: its objects, and their list; nothing of its settings.

    Args:
        bucket: its whole name, which ends in the account's application id.
    """
    inside = as_output(bucket).apply(inside_of)
    actions = [f"cos:{action}" for action in (*OBJECT_ACTIONS, *LIST_ACTIONS)]
    return (Statement(actions=actions, resources=[inside]),)


def inside_of(bucket: str) -> str:
    """All of a bucket in CAM's words. Names are the whole world's, so the region needs no saying."""
    return f"qcs::cos:*:uid/{bucket.rsplit('-', 1)[-1]}:{bucket}/*"


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
    }


def trace_secrets(logs: ObservabilityLike) -> Mapping[str, pulumi.Input[str]]:
    """The token that traces are let in with: an attribute of everything that is sent, on this cloud, and no header."""
    if logs.trace_endpoint is None or logs.trace_token is None:
        return {}
    attribute = pulumi.Output.concat("token=", logs.trace_token)
    return {"OTEL_RESOURCE_ATTRIBUTES": pulumi.Output.secret(attribute)}
