"""Agent: a chat agent behind a gateway, with logs, traces, an identity of its own, and what else its settings ask."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.bucket import Bucket, ExistingBucket
from components.function import ExistingFunction, Function
from components.gateway import Gateway
from components.identity import ServiceAccount, Statement
from components.postgres import Postgres
from stacks import agent_args, checklist, part_args, rehearsal
from stacks.agent_settings import AgentSettings
from stacks.application import Application, ApplicationArgs
from stacks.links import Link, signing_of
from stacks.part_args import Env
from stacks.site import Site


class Agent(Application):
    """The guide's application: image or code on a function, a gateway with token checks, tracing, alarms.

    Costs what its parts cost: the gateway and a database by the hour, functions by use.
    """

    concept = "Agent"
    OUTPUTS = (
        "chat_url", "health_url", "kb_url", "gateway_id", "push_target", "trace_topic", "function_id", "version",
        "image", "bucket", "database_host", "cname", "issuer", "audience", "signing_key",
    )  # fmt: skip
    SECRET_OUTPUTS = ("signing_key",)

    chat_url: pulumi.Output[str]
    """Where chats are sent (POST)."""
    health_url: pulumi.Output[str]
    """Where it says that it lives (GET)."""
    kb_url: pulumi.Output[str] | None
    """Where documents are sent (POST), or None without a knowledge base."""
    gateway_id: pulumi.Output[str]
    """Gateway that `qiao token` asks a token of."""
    push_target: pulumi.Output[str] | None
    """`host/namespace` that its images are pushed to, or None where it is code."""
    trace_topic: pulumi.Output[str] | None
    """Id of the store that holds its traces, or None without."""
    function_id: pulumi.Output[str]
    """Id of the function that answers chats."""
    version: pulumi.Output[str]
    """The version of it that serves calls."""
    image: pulumi.Output[str] | None
    """The image that runs, or None where it is code."""
    bucket: pulumi.Output[str] | None
    """Name of its own bucket, or None without."""
    database_host: pulumi.Output[str] | None
    """Private host of its database, or None without."""
    cname: pulumi.Output[str] | None
    """What its domain's CNAME record points to, or None without a domain."""
    issuer: str | None
    """Issuer that a token must name, or None where the cloud signs tokens or none is needed."""
    audience: str | None
    """Audience that a token must name, or None as above."""
    signing_key: pulumi.Output[str] | None
    """Private key that tokens are signed with, or None as above. Secret."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._settings: AgentSettings = args.settings
        self._site = args.site
        self._bucket = self._declare_bucket() if args.settings.bucket else None
        self._database = self._declare_database() if args.settings.database else None
        self._statements = agent_args.runtime_statements(self._site, self._settings, self._bucket)
        self._runtime = self._declare_runtime() if agent_args.has_account(self._site, self._settings) else None
        if args.settings.operator:
            self._declare_operator()
        self._image = self.declare_image(args.settings.image)
        self._chat = self._declare_chat()
        self._knowledge_base = self._declare_knowledge_base() if args.settings.knowledge_base else None
        self._gateway = self._declare_gateway()
        if args.site.region.contacts:
            self._declare_alerts()
        self.finish(
            chat_url=self._gateway.urls["chat"],
            health_url=self._gateway.urls["health"],
            kb_url=self._gateway.urls.get("knowledge-base"),
            gateway_id=self._gateway.gateway_id,
            push_target=args.site.registry.push_target if args.settings.image and args.site.registry else None,
            trace_topic=args.site.observability.trace_store if args.settings.traces else None,
            function_id=self._chat.id,
            version=self._chat.version,
            image=self._image,
            bucket=self._bucket and self._bucket.name,
            database_host=self._database and self._database.host,
            cname=self._gateway.cname,
            issuer=self._gateway.issuer,
            audience=self._gateway.audience,
            signing_key=self._gateway.signing_key,
        )

    @classmethod
    def rehearse(cls, site: Site, settings: AgentSettings) -> None:
        """Build and check the arguments of every component, on stand-ins."""
        named = rehearsal.NAMED
        own_bucket = ExistingBucket(name=named) if settings.bucket else None
        if settings.bucket:
            part_args.bucket(site, settings.bucket, settings.native)
        if settings.database:
            part_args.postgres(site, settings.database, settings.native)
        statements = agent_args.runtime_statements(site, settings, own_bucket)
        if agent_args.has_account(site, settings):
            agent_args.runtime_account(site, settings, statements)
        if settings.operator:
            agent_args.operator_account(site, settings)
        doors = cls._rehearse_functions(site, settings, own_bucket, statements)
        agent_args.gateway(site, settings, *doors)
        if site.region.contacts:
            part_args.alerts(site, settings.native, agent_args.watched(*doors))

    @classmethod
    def _rehearse_functions(
        cls, site: Site, settings: AgentSettings, own_bucket: ExistingBucket | None, statements: Sequence[Statement]
    ) -> tuple[ExistingFunction, ExistingFunction | None]:
        named = rehearsal.NAMED
        env = agent_args.environment(site, settings, own_bucket)
        secret_env = agent_args.secret_environment(site, settings, (named, named), named)
        calls, tokens = part_args.link_environment(site, settings, rehearsal.tokens(site), {*env, *secret_env})
        permissions = agent_args.role_statements(site, statements)
        chat = agent_args.chat_function(
            site, settings, image=rehearsal.image(site, settings.image, enabled=settings.enabled), env=env | calls,
            secret_env=secret_env | tokens, permissions=permissions,
        )  # fmt: skip
        if not settings.knowledge_base:
            return rehearsal.function(chat), None
        taker = agent_args.knowledge_function(
            site, settings.knowledge_base, env=env, secret_env=secret_env, permissions=permissions,
            private_network=settings.private_network,
        )  # fmt: skip
        return rehearsal.function(chat), rehearsal.function(taker)

    def link(self) -> Link:
        """How another application calls it."""
        needs_token = self._settings.auth == "jwt"
        by_stack = needs_token and self._gateway.signing_key is not None
        return Link(
            cloud=self._settings.cloud, url=self.chat_url,
            gateway_id=self.gateway_id if needs_token and not by_stack else None,
            signing=signing_of(self._gateway) if by_stack else None, path=self._settings.path,
        )  # fmt: skip

    def checklist(self) -> Sequence[pulumi.Input[str]]:
        """What only a person can do for it."""
        domain = self._settings.domain
        filed = checklist.domain_lines(domain.name, zone=domain.dns_zone, cname=self.cname) if domain else []
        return [*super().checklist(), *filed]

    def _env(self) -> Env:
        return agent_args.environment(self._site, self._settings, self._bucket)

    def _secret_env(self) -> Env:
        account = self._runtime
        key = (account.access_key_id, account.secret_access_key) if account else (None, None)
        url = self._database.url if self._database else None
        return agent_args.secret_environment(self._site, self._settings, key, url)

    def _declare_runtime(self) -> ServiceAccount:
        arguments = agent_args.runtime_account(self._site, self._settings, self._statements)
        return self._site.cloud.ServiceAccount(self.child("runtime"), arguments, self.options())

    def _declare_operator(self) -> None:
        arguments = agent_args.operator_account(self._site, self._settings)
        self._site.cloud.ServiceAccount(self.child("operator"), arguments, self.options())

    def _declare_database(self) -> Postgres:
        assert self._settings.database  # noqa: S101 - asked before
        arguments = part_args.postgres(self._site, self._settings.database, self._settings.native)
        return self._site.cloud.Postgres(self.child("database"), arguments, self.options())

    def _declare_bucket(self) -> Bucket:
        assert self._settings.bucket  # noqa: S101 - asked before
        arguments = part_args.bucket(self._site, self._settings.bucket, self._settings.native)
        return self._site.cloud.Bucket(self.child("bucket"), arguments, self.options())

    def _declare_chat(self) -> Function:
        env, secret_env = self._env(), self._secret_env()
        calls, tokens = part_args.link_environment(self._site, self._settings, self.tokens(), {*env, *secret_env})
        arguments = agent_args.chat_function(
            self._site, self._settings, image=self._image, env=env | calls, secret_env=secret_env | tokens,
            permissions=self._permissions(),
        )  # fmt: skip
        return self._site.cloud.Function(self.child("function"), arguments, self.options())

    def _permissions(self) -> Sequence[Statement]:
        return agent_args.role_statements(self._site, self._statements)

    def _declare_knowledge_base(self) -> Function:
        asked = self._settings.knowledge_base
        assert asked  # noqa: S101 - asked before
        arguments = agent_args.knowledge_function(
            self._site, asked, env=self._env(), secret_env=self._secret_env(), permissions=self._permissions(),
            private_network=self._settings.private_network,
        )  # fmt: skip
        return self._site.cloud.Function(self.child("knowledge-base"), arguments, self.options())

    def _declare_gateway(self) -> Gateway:
        arguments = agent_args.gateway(self._site, self._settings, self._chat, self._knowledge_base)
        return self._site.cloud.Gateway(self.child("gateway"), arguments, self.options())

    def _declare_alerts(self) -> None:
        functions = agent_args.watched(self._chat, self._knowledge_base)
        arguments = part_args.alerts(self._site, self._settings.native, functions)
        self._site.cloud.Alerts(self.child("alerts"), arguments, self.options())
