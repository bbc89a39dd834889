"""LlmChat: LobeChat on a function behind a gateway, with its database, its bucket, and the login of your choice."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from components.bucket import Bucket, ExistingBucket
from components.function import Function
from components.gateway import Gateway
from components.identity import ServiceAccount
from components.postgres import Postgres
from stacks import checklist, llm_chat_args, llm_chat_env, part_args, rehearsal
from stacks.application import Application, ApplicationArgs
from stacks.links import Link
from stacks.llm_chat_env import Credentials
from stacks.llm_chat_settings import LlmChatSettings
from stacks.part_args import Env
from stacks.secrets import output
from stacks.site import Site


class LlmChat(Application):
    """The guide's chat: LobeChat 1, database edition. Everything that people do in it is on the server.

    Costs what its parts cost: the gateway and the database by the hour, the function by use, the bucket by volume.
    """

    concept = "LlmChat"
    OUTPUTS = (
        "site_url", "callback_url", "push_target", "cname", "function_id", "version", "image", "bucket",
        "database_host", "gateway_id", "access_code",
    )  # fmt: skip
    SECRET_OUTPUTS = ("access_code",)

    site_url: pulumi.Output[str]
    """Where people reach it: the domain, `site_url` of the settings, or the gateway's generated address."""
    callback_url: pulumi.Output[str] | None
    """What to enter at the provider of logins, or None with an access code."""
    push_target: pulumi.Output[str] | None
    """`host/namespace` that its image is pushed to."""
    cname: pulumi.Output[str] | None
    """What its domain's CNAME record points to, or None without a domain."""
    function_id: pulumi.Output[str]
    """Id of the function."""
    version: pulumi.Output[str]
    """The version of it that serves calls."""
    image: pulumi.Output[str]
    """The image that runs."""
    bucket: pulumi.Output[str]
    """Name of the bucket that uploads lie in."""
    database_host: pulumi.Output[str]
    """Private host of its database."""
    gateway_id: pulumi.Output[str]
    """Its gateway."""
    access_code: pulumi.Output[str] | None
    """The code that was generated to log in with, or None where settings say another way. Secret."""

    def __init__(self, name: str, args: ApplicationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._settings: LlmChatSettings = args.settings
        self._database = self._declare_database()
        self._bucket = self._declare_bucket()
        self._credentials = self._declare_credentials()
        self._image = self._require_image()
        self._chat = self._declare_chat()
        self._gateway = self._declare_gateway()
        if args.site.region.contacts:
            self._declare_alerts()
        site_url = pulumi.Output.from_input(self._settings.site) if self._settings.site else self._gateway.url
        provider, login = self._settings.login.provider, self._settings.login
        self.finish(
            site_url=site_url,
            callback_url=pulumi.Output.concat(site_url, f"/api/auth/callback/{provider}") if provider else None,
            push_target=args.site.registry.push_target if args.site.registry else None,
            cname=self._gateway.cname,
            function_id=self._chat.id,
            version=self._chat.version,
            image=self._image,
            bucket=self._bucket.name,
            database_host=self._database.host,
            gateway_id=self._gateway.gateway_id,
            access_code=self._credentials.access_code if login.access_code and not login.access_code.code else None,
        )

    @classmethod
    def rehearse(cls, site: Site, settings: LlmChatSettings) -> None:
        """Build and check the arguments of every component, on stand-ins."""
        named = rehearsal.NAMED
        own_bucket = ExistingBucket(name=named, public_endpoint=f"{named}.invalid")
        credentials = Credentials(
            database_url=named, storage_key=(named, named), vaults_key=named, session_key=named, access_code=named
        )
        llm_chat_args.postgres(site, settings)
        llm_chat_args.bucket(site, settings)
        llm_chat_args.storage_account(site, settings, own_bucket)
        env, secret_env = cls._variables(site, settings, own_bucket, credentials, rehearsal.tokens(site))
        image = rehearsal.image(site, settings.image, enabled=settings.enabled)
        chat = rehearsal.function(llm_chat_args.function(site, settings, image=image, env=env, secret_env=secret_env))
        llm_chat_args.gateway(site, settings, chat)
        if site.region.contacts:
            part_args.alerts(site, settings.native, {"chat": chat})

    @staticmethod
    def _variables(
        site: Site, settings: LlmChatSettings, own_bucket: Bucket | ExistingBucket, credentials: Credentials,
        tokens: dict[str, pulumi.Output[str]] | dict[str, str],
    ) -> tuple[Env, Env]:  # fmt: skip
        """Everything that Qiao adds to its variables: in clear, and secret."""
        served, served_secret = llm_chat_env.provider_environment(site, settings, tokens)
        env = llm_chat_env.environment(site, settings, own_bucket) | served
        secret_env = llm_chat_env.secret_environment(settings, credentials) | served_secret
        calls, keys = llm_chat_env.link_environment(site, settings, tokens, env | secret_env)
        return env | calls, secret_env | keys

    def link(self) -> Link:
        """How another application calls it."""
        return Link(cloud=self._settings.cloud, url=self.site_url, gateway_id=None)

    def checklist(self) -> Sequence[pulumi.Input[str]]:
        """What only a person can do for it."""
        domain = self._settings.domain
        filed = checklist.domain_lines(domain.name, zone=domain.dns_zone, cname=self.cname) if domain else []
        own = llm_chat_args.site_lines(self.logical_name, self._settings, self.site_url, self.callback_url)
        return [*super().checklist(), *filed, *own]

    def _declare_database(self) -> Postgres:
        arguments = llm_chat_args.postgres(self.site, self._settings)
        return self.site.cloud.Postgres(self.child("database"), arguments, self.options())

    def _declare_bucket(self) -> Bucket:
        arguments = llm_chat_args.bucket(self.site, self._settings)
        return self.site.cloud.Bucket(self.child("bucket"), arguments, self.options())

    def _declare_credentials(self) -> Credentials:
        account = self._declare_storage_account()
        return Credentials(
            database_url=self._database.url, storage_key=(account.access_key_id, account.secret_access_key),
            # LobeChat decodes it and takes the bytes for an AES key, so it is no password of 32 letters. Without it
            # nobody's stored keys can be read again.
            vaults_key=self.generated_key("vaults-key"),
            # Always there, whatever the login, so that another login takes nothing away. Lost, it logs everybody out.
            session_key=self.generated_key("session-key", stateful=False),
            access_code=self._access_code(),
        )  # fmt: skip

    def _access_code(self) -> pulumi.Output[str]:
        generated = self.generated_key("access-code", stateful=False)
        login = self._settings.login.access_code
        return output(login.code) if login and login.code else generated

    def _declare_storage_account(self) -> ServiceAccount:
        arguments = llm_chat_args.storage_account(self.site, self._settings, self._bucket)
        return self.site.cloud.ServiceAccount(self.child("storage"), arguments, self.options())

    def _require_image(self) -> pulumi.Output[str]:
        image = self.declare_image(self._settings.image)
        assert image is not None  # noqa: S101 - settings demand one
        return image

    def _declare_chat(self) -> Function:
        env, secret_env = self._variables(self.site, self._settings, self._bucket, self._credentials, self.tokens())
        arguments = llm_chat_args.function(self.site, self._settings, image=self._image, env=env, secret_env=secret_env)
        return self.site.cloud.Function(self.child("function"), arguments, self.options())

    def _declare_gateway(self) -> Gateway:
        arguments = llm_chat_args.gateway(self.site, self._settings, self._chat)
        return self.site.cloud.Gateway(self.child("gateway"), arguments, self.options())

    def _declare_alerts(self) -> None:
        arguments = part_args.alerts(self.site, self._settings.native, {"chat": self._chat})
        self.site.cloud.Alerts(self.child("alerts"), arguments, self.options())
