"""Agent: a chat agent behind a gateway, with logs, traces, an identity of its own, and what else its settings ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.base import Args, Component
from components.bucket import Bucket
from components.function import Function
from components.gateway import Gateway
from components.identity import ServiceAccount
from components.image import build_image
from components.postgres import Postgres
from stacks import agent_args, checklist
from stacks.agent_settings import AgentSettings
from stacks.links import Link
from stacks.model import at
from stacks.site import Site


@dataclass(frozen=True, kw_only=True)
class AgentArgs(Args):
    """What an Agent takes."""

    settings: AgentSettings
    """Its settings."""
    site: Site
    """What it stands on."""


class Agent(Component):
    """The guide's application: image or code on a function, a gateway with token checks, tracing, alarms.

    Costs what its parts cost: the gateway and a database by the hour, functions by use.
    """

    cloud = "app"
    concept = "Agent"
    OUTPUTS = (
        "chat_url", "health_url", "kb_url", "gateway_id", "push_target", "trace_topic", "function_id", "version",
        "image", "bucket", "database_host", "cname",
    )  # fmt: skip

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

    def __init__(self, name: str, args: AgentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._settings, self._site = args.settings, args.site
        self._bucket = self._declare_bucket() if args.settings.bucket else None
        self._database = self._declare_database() if args.settings.database else None
        self._runtime = self._declare_runtime()
        if args.settings.operator:
            self._declare_operator()
        self._image = self._declare_image()
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
        )

    def exports(self) -> dict[str, Any]:
        """Its part of the stack's outputs: what it has, nothing secret."""
        found = {key: getattr(self, key) for key in self.OUTPUTS}
        place = {"blueprint": self._settings.blueprint, "cloud": self._settings.cloud, "region": self._settings.region}
        return place | {key: value for key, value in found.items() if value is not None}

    def link(self) -> Link:
        """How another application calls it."""
        needs_token = self._settings.auth == "jwt"
        return Link(cloud=self._settings.cloud, url=self.chat_url, gateway_id=self.gateway_id if needs_token else None)

    def checklist(self) -> Sequence[pulumi.Input[str]]:
        """What only a person can do for it."""
        contacts = {contact.name: contact.email for contact in self._site.region.contacts}
        lines: list[pulumi.Input[str]] = [*checklist.contact_lines(contacts)]
        domain = self._settings.domain
        if domain:
            lines += checklist.domain_lines(domain.name, zone=domain.dns_zone, cname=self.cname)
        return lines

    def _env(self) -> agent_args.Env:
        return agent_args.environment(self._site, self._settings, self._bucket)

    def _secret_env(self) -> agent_args.Env:
        key = (self._runtime.access_key_id, self._runtime.secret_access_key)
        url = self._database.url if self._database else None
        return agent_args.secret_environment(self._site, self._settings, key, url)

    def _declare_runtime(self) -> ServiceAccount:
        arguments = agent_args.runtime_account(self._site, self._settings, self._bucket)
        return self._site.cloud.ServiceAccount(self.child("runtime"), arguments, self.options())

    def _declare_operator(self) -> None:
        arguments = agent_args.operator_account(self._site, self._settings)
        self._site.cloud.ServiceAccount(self.child("operator"), arguments, self.options())

    def _declare_database(self) -> Postgres:
        arguments = agent_args.postgres(self._site, self._settings)
        return self._site.cloud.Postgres(self.child("database"), arguments, self.options())

    def _declare_bucket(self) -> Bucket:
        arguments = agent_args.bucket(self._site, self._settings)
        return self._site.cloud.Bucket(self.child("bucket"), arguments, self.options())

    def _declare_image(self) -> pulumi.Output[str] | None:
        asked, registry = agent_args.image_build(self._site, self._settings), self._site.registry
        if asked and registry:
            build, repository = asked
            with at(self._site.path):
                return build_image(self.child("image"), build, registry, repository=repository, opts=self.options())
        reference = agent_args.image_reference(self._site, self._settings, registry)
        return None if reference is None else pulumi.Output.from_input(reference)

    def _declare_chat(self) -> Function:
        env = self._env() | agent_args.link_environment(self._site, self._settings)
        arguments = agent_args.chat_function(
            self._site, self._settings, image=self._image, env=env, secret_env=self._secret_env()
        )
        return self._site.cloud.Function(self.child("function"), arguments, self.options())

    def _declare_knowledge_base(self) -> Function:
        asked = self._settings.knowledge_base
        assert asked  # noqa: S101 - asked before
        arguments = agent_args.knowledge_function(
            self._site, asked, env=self._env(), secret_env=self._secret_env(),
            private_network=self._settings.private_network,
        )  # fmt: skip
        return self._site.cloud.Function(self.child("knowledge-base"), arguments, self.options())

    def _declare_gateway(self) -> Gateway:
        arguments = agent_args.gateway(self._site, self._settings, self._chat, self._knowledge_base)
        return self._site.cloud.Gateway(self.child("gateway"), arguments, self.options())

    def _declare_alerts(self) -> None:
        functions = agent_args.watched(self._chat, self._knowledge_base)
        arguments = agent_args.alerts(self._site, self._settings, functions)
        self._site.cloud.Alerts(self.child("alerts"), arguments, self.options())
