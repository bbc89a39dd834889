"""What the agent's components take, worked out of its settings: plain functions that declare nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from components.bucket import BucketLike
from components.function import FunctionArgs, FunctionLike, Release
from components.gateway import GatewayArgs, Route
from components.identity import ServiceAccountArgs, Statement
from stacks import part_args
from stacks.agent_settings import AgentSettings, KnowledgeBaseSettings
from stacks.model import at
from stacks.part_args import Env
from stacks.site import Site, planned


@planned("function", permissions="identity.permissions")
def chat_function(
    site: Site, settings: AgentSettings, *, image: pulumi.Input[str] | None, env: Env, secret_env: Env,
    permissions: Sequence[Statement] = (),
) -> FunctionArgs:  # fmt: skip
    """Arguments of the function that answers chats.

    Args:
        site: where it stands.
        settings: the application's settings.
        image: reference of the image, or None where it is code.
        env: what Qiao adds to the variables in clear.
        secret_env: what Qiao adds to the secret ones.
        permissions: what it may do by the role it runs as, on clouds whose functions have roles.
    """
    return FunctionArgs(
        kind=settings.kind or "web", image=image, native=site.native(settings.native, "function"),
        release=Release(**settings.release.given("weight", "revision", "force")), permissions=permissions,
        **settings.given("command", "port"),
        **part_args.function(site, settings, env, secret_env, private_network=settings.private_network),
    )  # fmt: skip


@planned("function", "knowledge_base")
def knowledge_function(
    site: Site, settings: KnowledgeBaseSettings, *, env: Env, secret_env: Env, private_network: bool,
    permissions: Sequence[Statement] = (),
) -> FunctionArgs:  # fmt: skip
    """Arguments of the function that takes documents: an event handler of code."""
    given = part_args.function(site, settings, env, secret_env, private_network=private_network, path="knowledge_base")
    # Its gateway route waits as long as an upload takes, which is longer than the 60 seconds of other events.
    given.setdefault("timeout_seconds", 300)
    native = site.native(settings.native, "function", "knowledge_base.native")
    return FunctionArgs(kind="event", native=native, permissions=permissions, **given)


def environment(site: Site, settings: AgentSettings, own_bucket: BucketLike | None) -> Env:
    """What Qiao adds to the variables in clear of both functions: tracing as a group, the application's own records,
    its bucket's name."""
    env: Env = dict(site.cloud.policies.trace_variables(site.scope, site.observability)) if settings.traces else {}
    env |= settings.given(account_id="ACCOUNT_ID", resource_type="RESOURCE_TYPE", resource_id="RESOURCE_ID")
    return env | ({settings.bucket.env: own_bucket.name} if settings.bucket and own_bucket else {})


def secret_environment(
    site: Site, settings: AgentSettings, key: Sequence[pulumi.Input[str] | None], database_url: pulumi.Input[str] | None
) -> Env:
    """What Qiao adds to the secret variables of both functions: the application's own key, and its database.

    Args:
        site: where it stands.
        settings: the application's settings.
        key: both halves of its key, or Nones without one.
        database_url: the database's address, or None without one.
    """
    policies = site.cloud.policies
    halves = zip(policies.KEY_VARIABLES, key, strict=True)
    env: Env = {name: half for name, half in halves if half is not None}
    env |= policies.trace_secrets(site.observability) if settings.traces else {}
    return env | ({settings.database.env: database_url} if settings.database and database_url is not None else {})


def runtime_statements(site: Site, settings: AgentSettings, own_bucket: BucketLike | None) -> list[Statement]:
    """What the application does to the cloud's services: models, traces, its bucket, what settings ask.

    Args:
        site: where it stands.
        settings: the application's settings.
        own_bucket: the application's own bucket, or None.
    """
    policies, region = site.cloud.policies, site.scope.region
    project = site.observability.log_project if settings.traces else None
    stored = policies.bucket_statements(own_bucket.name) if own_bucket else ()
    tokens = policies.token_statements() if any(link.gateway_id for link in site.links.values()) else ()
    asked = part_args.asked_statements(site, settings.identity)
    return [*policies.runtime_statements(region, project), *stored, *tokens, *asked]


def has_account(site: Site, settings: AgentSettings) -> bool:
    """Whether it calls the cloud with a key of its own: where functions have no role, or settings ask for keys."""
    return not site.cloud.policies.FUNCTION_ROLES or bool(settings.identity.keys)


def role_statements(site: Site, statements: Sequence[Statement]) -> Sequence[Statement]:
    """The permissions that go to the function's role; none where functions have no role."""
    return statements if site.cloud.policies.FUNCTION_ROLES else ()


@planned("identity", "identity")
def runtime_account(site: Site, settings: AgentSettings, statements: Sequence[Statement]) -> ServiceAccountArgs:
    """Arguments of the identity whose key the application calls the cloud with."""
    native = site.native(settings.native, "identity")
    return ServiceAccountArgs(
        scope=site.scope, purpose="runtime", statements=statements, native=native, **settings.identity.given("keys")
    )


@planned("identity", "operator", system_policies="policies")
def operator_account(site: Site, settings: AgentSettings) -> ServiceAccountArgs:
    """Arguments of a console user with the guide's policies."""
    assert settings.operator  # noqa: S101 - asked before
    policies = site.cloud.policies
    return ServiceAccountArgs(
        scope=site.scope, purpose="operator", keys=settings.operator.keys, statements=policies.operator_statements(),
        system_policies=[*policies.OPERATOR_POLICIES, *settings.operator.policies],
    )  # fmt: skip


@planned("gateway", **part_args.POLICIES)
def gateway(
    site: Site, settings: AgentSettings, chat: FunctionLike, knowledge_base: FunctionLike | None
) -> GatewayArgs:
    """Arguments of the front door: chat exactly, health exactly, the knowledge base with all below it."""
    who: dict[str, Any] = {
        "auth": settings.auth,
        "reason": settings.reason or "",
        **part_args.policies(settings.policies),
    }
    routes = [Route(name="chat", path=settings.path, function=chat, match="exact", methods=("POST",), **who)]
    with at(site.path, path="health_path", **part_args.POLICIES):
        path = settings.health_path
        routes.append(Route(name="health", path=path, function=chat, match="exact", methods=("GET",), **who))
    if settings.knowledge_base and knowledge_base:
        with at(site.path, path="knowledge_base.path", **part_args.POLICIES):
            path = settings.knowledge_base.path
            routes.append(Route(name="knowledge-base", path=path, function=knowledge_base, methods=("POST",), **who))
    return GatewayArgs(
        scope=site.scope, routes=routes, network=site.network, domain=part_args.domain(settings.domain),
        observability=site.observability, native=site.native(settings.native, "gateway"),
    )  # fmt: skip


def watched(chat: FunctionLike, knowledge_base: FunctionLike | None) -> dict[str, FunctionLike]:
    """Functions that alarms watch, by a short name."""
    return {"chat": chat} | ({"knowledge-base": knowledge_base} if knowledge_base else {})
