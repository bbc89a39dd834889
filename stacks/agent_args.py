"""What the agent's components take, worked out of its settings: plain functions that declare nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from components.alerts import AlertsArgs
from components.bucket import BucketArgs, BucketLike, CorsRule
from components.errors import UserError
from components.function import CodeFolder, FunctionArgs, FunctionLike, Release, check_image
from components.gateway import Domain, GatewayArgs, Route
from components.identity import ServiceAccountArgs, Statement
from components.image import ImageBuild
from components.postgres import PostgresArgs
from components.registry import RegistryLike
from stacks import region_parts
from stacks.agent_settings import AgentSettings, CodeSettings, FunctionSettings, KnowledgeBaseSettings
from stacks.model import at, each, join
from stacks.secrets import output
from stacks.site import Site, planned

Env = dict[str, pulumi.Input[str]]


@planned("function")
def chat_function(
    site: Site, settings: AgentSettings, *, image: pulumi.Input[str] | None, env: Env, secret_env: Env
) -> FunctionArgs:
    """Arguments of the function that answers chats.

    Args:
        site: where it stands.
        settings: the application's settings.
        image: reference of the image, or None where it is code.
        env: what Qiao adds to the variables in clear.
        secret_env: what Qiao adds to the secret ones.
    """
    return FunctionArgs(
        kind=settings.kind or "web", image=image, native=site.native(settings.native, "function"),
        release=Release(**settings.release.given("weight", "revision", "force")),
        **settings.given("command", "port"),
        **_function(site, settings, env, secret_env, private_network=settings.private_network),
    )  # fmt: skip


@planned("function", "knowledge_base")
def knowledge_function(
    site: Site, settings: KnowledgeBaseSettings, *, env: Env, secret_env: Env, private_network: bool
) -> FunctionArgs:
    """Arguments of the function that takes documents: an event handler of code."""
    given = _function(site, settings, env, secret_env, private_network=private_network)
    # Its gateway route waits as long as an upload takes, which is longer than the 60 seconds of other events.
    given.setdefault("timeout_seconds", 300)
    native = site.native(settings.native, "function", "knowledge_base.native")
    return FunctionArgs(kind="event", native=native, **given)


def _function(
    site: Site, settings: FunctionSettings, env: Env, secret_env: Env, *, private_network: bool
) -> dict[str, Any]:
    """What both functions take, in the same way."""
    own_secrets = {key: output(value) for key, value in settings.secret_env.items() if value is not None}
    given = settings.given("runtime", "memory_mb", "timeout_seconds", "concurrency", "async_retries")
    return given | {
        "scope": site.scope,
        "code": _code(site, settings.code),
        "env": dict(settings.env) | env,
        "secret_env": own_secrets | secret_env,
        "network": site.network if private_network else None,
        "observability": site.observability,
    }


def _code(site: Site, settings: CodeSettings | None) -> CodeFolder | None:
    if settings is None:
        return None
    assert site.artifacts is not None  # noqa: S101 - an application with code uses artifacts
    return CodeFolder(bucket=site.artifacts, **settings.given("path", "ignore"))


def environment(site: Site, settings: AgentSettings, own_bucket: BucketLike | None) -> Env:
    """What Qiao adds to the variables in clear of both functions: tracing as a group, the application's own records,
    its bucket's name."""
    env: Env = {}
    logs = site.observability
    if settings.traces and logs.trace_store is not None and logs.trace_endpoint is not None:
        env |= {"REGION": site.scope.region, "TRACE_ENDPOINT": logs.trace_endpoint, "TRACE_TOPIC": logs.trace_store}
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
    halves = zip(site.cloud.policies.KEY_VARIABLES, key, strict=True)
    env: Env = {name: half for name, half in halves if half is not None}
    return env | ({settings.database.env: database_url} if settings.database and database_url is not None else {})


def link_environment(site: Site, settings: AgentSettings) -> Env:
    """How to call each application that it links to."""
    env: Env = {}
    for name, link in site.links.items():
        for key, value in link.env(name).items():
            if key in settings.env or key in settings.secret_env:
                raise UserError(join(site.path, "env", key), f"the link to {name} writes it", "take one of them out")
            env[key] = value
    return env


@planned("identity", "identity")
def runtime_account(site: Site, settings: AgentSettings, own_bucket: BucketLike | None) -> ServiceAccountArgs:
    """Arguments of the identity that the application calls the cloud with: models, traces, its bucket, what was asked.

    Args:
        site: where it stands.
        settings: the application's settings.
        own_bucket: the application's own bucket, or None.
    """
    policies, region = site.cloud.policies, site.scope.region
    project = site.observability.log_project if settings.traces else None
    stored = policies.bucket_statements(own_bucket.name) if own_bucket else ()
    tokens = policies.token_statements() if any(link.gateway_id for link in site.links.values()) else ()
    permissions = [one.given("actions", "resources") for one in settings.identity.permissions]
    asked = each(join(site.path, "identity", "permissions"), Statement, permissions)
    return ServiceAccountArgs(
        scope=site.scope, purpose="runtime",
        statements=[*policies.runtime_statements(region, project), *stored, *tokens, *asked],
        native=site.native(settings.native, "identity"), **settings.identity.given("keys"),
    )  # fmt: skip


@planned("identity", "operator", system_policies="policies")
def operator_account(site: Site, settings: AgentSettings) -> ServiceAccountArgs:
    """Arguments of a console user with the guide's policies."""
    assert settings.operator  # noqa: S101 - asked before
    policies = site.cloud.policies
    return ServiceAccountArgs(
        scope=site.scope, purpose="operator", keys=settings.operator.keys, statements=policies.operator_statements(),
        system_policies=[*policies.OPERATOR_POLICIES, *settings.operator.policies],
    )  # fmt: skip


@planned("gateway")
def gateway(
    site: Site, settings: AgentSettings, chat: FunctionLike, knowledge_base: FunctionLike | None
) -> GatewayArgs:
    """Arguments of the front door: chat exactly, health exactly, the knowledge base with all below it."""
    who: dict[str, Any] = {"auth": settings.auth, "reason": settings.reason or ""}
    routes = [Route(name="chat", path=settings.path, function=chat, match="exact", methods=("POST",), **who)]
    with at(site.path, path="health_path"):
        path = settings.health_path
        routes.append(Route(name="health", path=path, function=chat, match="exact", methods=("GET",), **who))
    if settings.knowledge_base and knowledge_base:
        with at(join(site.path, "knowledge_base")):
            path = settings.knowledge_base.path
            routes.append(Route(name="knowledge-base", path=path, function=knowledge_base, methods=("POST",), **who))
    return GatewayArgs(
        scope=site.scope, routes=routes, network=site.network, domain=domain(settings),
        observability=site.observability, native=site.native(settings.native, "gateway"),
    )  # fmt: skip


def domain(settings: AgentSettings) -> Domain | None:
    """The domain of one's own, its key a secret."""
    if settings.domain is None:
        return None
    named = settings.domain
    key = {"private_key": output(named.private_key)} if named.private_key else {}
    return Domain(**{**named.given("name", "certificate_id", "certificate", "dns_zone"), **key})


@planned("postgres", "database", database="name")
def postgres(site: Site, settings: AgentSettings) -> PostgresArgs:
    """Arguments of the database."""
    assert settings.database  # noqa: S101 - asked before
    given = settings.database.given("user", "version", "storage_gb", name="database")
    native = site.native(settings.native, "postgres")
    return PostgresArgs(scope=site.scope, network=site.network, native=native, **given)


@planned("bucket", "bucket")
def bucket(site: Site, settings: AgentSettings) -> BucketArgs:
    """Arguments of the application's own bucket."""
    assert settings.bucket  # noqa: S101 - asked before
    asked = settings.bucket
    rules = [rule.given("origins", "methods", "headers", "max_age_seconds") for rule in asked.cors]
    cors = each(join(site.path, "bucket", "cors"), CorsRule, rules)
    given = asked.given("versioned", "expire_days", "expire_prefix", "old_version_days")
    return BucketArgs(scope=site.scope, cors=cors, native=site.native(settings.native, "bucket"), **given)


def alerts(site: Site, settings: AgentSettings, functions: Mapping[str, FunctionLike]) -> AlertsArgs:
    """Arguments of the alarms, on every function and on error lines in the log."""
    region, path = site.region, site.region_path
    with at(path):
        arguments = AlertsArgs(
            scope=site.scope, functions=functions, contacts=region_parts.contacts(region, path),
            rules=region_parts.rules(region, path), log_alarm=region_parts.log_alarm(region, path),
            observability=site.observability, native=site.native(settings.native, "alerts"),
        )  # fmt: skip
        site.cloud.Alerts.check(site.name, arguments)
    return arguments


def image_build(site: Site, settings: AgentSettings) -> tuple[ImageBuild, str] | None:
    """What is to be built, and its name in the registry; None where nothing is."""
    image = settings.image
    if image is None or image.context is None:
        return None
    with at(site.path):
        return ImageBuild(**image.given("context", "dockerfile")), image.name or site.name


def image_reference(site: Site, settings: AgentSettings, registry: RegistryLike | None) -> pulumi.Input[str] | None:
    """The image's reference where it is known without building: given in full, or by name and tag in the registry."""
    image = settings.image
    if image is None or image.context is not None:
        return None
    where, latest = join(site.path, "image"), site.scope.profile.open_to_world
    if image.reference is not None:
        check_image(where, image.reference, latest=latest)
        return image.reference
    assert registry is not None and image.tag is not None  # noqa: S101, PT018 - an application with an image uses one
    check_image(where, f"{image.name or site.name}:{image.tag}", latest=latest)
    return registry.image(image.name or site.name, image.tag)


def watched(chat: FunctionLike, knowledge_base: FunctionLike | None) -> dict[str, FunctionLike]:
    """Functions that alarms watch, by a short name."""
    return {"chat": chat} | ({"knowledge-base": knowledge_base} if knowledge_base else {})
