"""Who may do what on Volcengine: the words that identities of applications are written in, and steps left to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from components.identity import Statement
from components.observability import ObservabilityLike
from components.scope import Scope

FUNCTION_ROLES = False
"""An application calls the cloud with a key of its own."""

STACK_SIGNS_TOKENS = False
"""The gateway signs tokens itself (GetJwtToken)."""

KEY_VARIABLES = ("VOLC_ACCESSKEY", "VOLC_SECRETKEY")
"""Environment variables that the cloud's application SDKs read their key from: id, then secret. Not those of the
provider, VOLCENGINE_ACCESS_KEY and VOLCENGINE_SECRET_KEY."""

OPERATOR_POLICIES = (
    "VeFaaSFullAccess",
    "CRFullAccess",
    "VPCFullAccess",
    "TLSFullAccess",
    "APIGFullAccess",
    "CloudMonitorReadOnlyAccess",
)
"""Ready policies of a person who operates functions in the console. Not enough to deploy: no rights on identities,
databases, buckets, nor to write alarms."""

OPENING_STEPS = (
    "once an account: open the products function service, image registry, private network, log service and API gateway"
    " in the console; until a product is open, its API refuses every call",
    "once an account: open the log service's console and allow it to act for you (role ServiceRoleForTls)",
)
"""What only a person can do before the first `up`."""


def operator_statements() -> Sequence[Statement]:
    """What an operator needs beside the ready policies: opening a product makes its service-linked role."""
    return (Statement(actions=["iam:CreateServiceLinkedRole"]),)


def runtime_statements(region: str, log_project: pulumi.Input[str] | None) -> Sequence[Statement]:
    """What an application does with its own key: turn it into a short-lived one for models, and write traces.

    Args:
        region: the region that its log project is in.
        log_project: id of the log project that it writes traces to, or None where it writes none.
    """
    models = Statement(actions=["ark:GetApiKey"])
    if log_project is None:
        return (models,)
    # A trace store is a topic of the project: nothing narrower can be named before the log service has made it.
    topics = pulumi.Output.concat("trn:tls:", region, ":*:project/", log_project, "/topic/*")
    return (models, Statement(actions=["tls:PutLogs"], resources=[topics]))


def bucket_statements(bucket: pulumi.Input[str]) -> Sequence[Statement]:
    """What an application does with a bucket of its own: its objects, and their list; nothing of its settings."""
    objects = Statement(
        actions=["tos:GetObject", "tos:PutObject", "tos:DeleteObject", "tos:AbortMultipartUpload"],
        resources=[pulumi.Output.concat("trn:tos:::", bucket, "/*")],
    )
    return (Statement(actions=["tos:ListBucket"], resources=[pulumi.Output.concat("trn:tos:::", bucket)]), objects)


def token_statements() -> Sequence[Statement]:
    """What an application needs to ask a gateway for a token, to call another application behind it."""
    return (Statement(actions=["apig:GetJwtToken"]),)


def trace_variables(scope: Scope, logs: ObservabilityLike) -> Mapping[str, pulumi.Input[str]]:
    """Where an application sends traces, in the words of the cloud's agent applications: all three, or none."""
    if logs.trace_store is None or logs.trace_endpoint is None:
        return {}
    return {"REGION": scope.region, "TRACE_ENDPOINT": logs.trace_endpoint, "TRACE_TOPIC": logs.trace_store}


def trace_secrets(_logs: ObservabilityLike) -> Mapping[str, pulumi.Input[str]]:
    """Nothing: traces are sent with the application's own key."""
    return {}
