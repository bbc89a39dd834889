"""Settings of the `llm-chat` blueprint: LobeChat, database edition, behind a gateway."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, model_validator

from components.checks import shown
from components.function import ENV_KEY, ENV_WORDS
from stacks.app_settings import AppSettings, Uses
from stacks.model import Model, refuse
from stacks.part_settings import (
    DomainSettings,
    Image,
    ImageSettings,
    InstanceSettings,
    Keys,
    PolicySettings,
    PostgresSettings,
    ReleaseSettings,
    StorageSettings,
)
from stacks.region_settings import Native
from stacks.secrets import Secret, is_known

SENT_BY_QIAO = (
    "ACCESS_CODE", "APP_URL", "AUTH_TRUST_HOST", "DATABASE_DRIVER", "DATABASE_URL", "KEY_VAULTS_SECRET",
    "NEXTAUTH_URL", "NEXT_AUTH_SECRET", "NEXT_AUTH_SSO_PROVIDERS", "NEXT_PUBLIC_ENABLE_NEXT_AUTH",
    "NEXT_PUBLIC_S3_DOMAIN", "NEXT_PUBLIC_SERVICE_MODE", "S3_ACCESS_KEY_ID", "S3_BUCKET", "S3_ENABLE_PATH_STYLE",
    "S3_ENDPOINT", "S3_PUBLIC_DOMAIN", "S3_REGION", "S3_SECRET_ACCESS_KEY", "S3_SET_ACL",
)  # fmt: skip
"""Variables that are Qiao's to write, or to leave out, whatever the settings."""

SITE = r"https?://[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?"
MODEL = r"[A-Za-z0-9][^\s,=<>]*"
"""What stands for one model in LobeChat's lists, whose own marks are `,`, `=`, `<`, `>` and a sign in front."""
NEXT_MAJOR = r"(.*/)?(lobehub([:@].*)?|lobe-chat-database:v?[2-9](\.[0-9].*)?)"
"""Images of LobeChat 2, which calls itself LobeHub."""
SHORTEST_CODE = 8


class Auth0Settings(Model):
    """Users log in at Auth0, or at whatever stands behind it."""

    client_id: str
    """Client ID of the Auth0 application."""
    client_secret: Secret | None = None
    """Its client secret. A secret, needed."""
    issuer: str
    """The Auth0 domain with `https://` in front: `https://example.us.auth0.com`."""

    def needs_secrets(self) -> Sequence[str]:
        """The client's secret, always."""
        return ("client_secret",)

    @model_validator(mode="after")
    def _https(self) -> Auth0Settings:
        if not re.fullmatch(r"https://[^\s/?#]+(/[^\s?#]*)?", self.issuer):
            raise refuse(f"{shown(self.issuer)} is no address", "write https:// and the Auth0 domain", "issuer")
        return self


class GithubSettings(Model):
    """Users log in with GitHub, by a GitHub App of yours."""

    client_id: str
    """Client ID of the GitHub App."""
    client_secret: Secret | None = None
    """A client secret generated for it. A secret, needed."""

    def needs_secrets(self) -> Sequence[str]:
        """The client's secret, always."""
        return ("client_secret",)


class AccessCodeSettings(Model):
    """One code for everybody, and no users.

    LobeChat 1 stores what people do under the user that a login gave it; its own database image refuses whoever has
    none. So this is for an image of yours that does without, or that knows its users otherwise.
    """

    code: Secret | None = None
    """The code, 8 characters or more. A comma separates several. A secret. Default: one is generated, and shown by
    `pulumi stack output application_secrets --show-secrets`."""

    @model_validator(mode="after")
    def _long(self) -> AccessCodeSettings:
        codes = self.code.get_secret_value().split(",") if self.code and is_known(self.code) else []
        if any(len(code.strip()) < SHORTEST_CODE for code in codes):
            raise refuse("is too short for a code that opens everything", f"use {SHORTEST_CODE} or more", "code")
        return self


class LoginSettings(Model):
    """How users log in: exactly one way."""

    auth0: Auth0Settings | None = None
    """By Auth0. Default: not."""
    github: GithubSettings | None = None
    """By GitHub. Default: not."""
    access_code: AccessCodeSettings | None = None
    """By a code that all share; `{}` generates one. Default: not."""

    @property
    def provider(self) -> Literal["auth0", "github"] | None:
        """LobeChat's word for who logs users in; None where a code does."""
        return "auth0" if self.auth0 else "github" if self.github else None

    @model_validator(mode="after")
    def _one(self) -> LoginSettings:
        if sum(one is not None for one in (self.auth0, self.github, self.access_code)) != 1:
            raise refuse("is not exactly one way to log in", "give one of auth0, github and access_code")
        return self


class ProviderSettings(Model):
    """An application of this stage that answers as a provider of models. Written plainly by its name."""

    app: str
    """The application. It must be one of `links`."""
    models: list[str] | None = None
    """Names of the models that users may choose. Default: those that the application serves; where it names none, one
    called like it."""


def _by_app(value: Any) -> Any:
    return {"app": value} if isinstance(value, str) else value


Provider = Annotated[ProviderSettings, BeforeValidator(_by_app)]


class ProvidersSettings(Model):
    """Providers of models that are applications of this stage; users may enter others themselves."""

    openai: Provider | None = None
    """Whoever answers OpenAI's chat completions: an agent whose `path` ends with /chat/completions, or a model server.
    Called with a token where it asks for one. Default: none."""
    ollama: Provider | None = None
    """A model server that answers without a token, since LobeChat sends Ollama none. Default: none."""

    def named(self) -> dict[str, ProviderSettings]:
        """The providers that are given, by LobeChat's word."""
        both = {"openai": self.openai, "ollama": self.ollama}
        return {name: provider for name, provider in both.items() if provider is not None}


class ChatDatabaseSettings(PostgresSettings):
    """LobeChat's PostgreSQL. Its user makes the extension `vector` on the first start."""

    name: str = "lobechat"
    """Name of the database: lower-case letters, digits and '_'. Default lobechat."""
    user: str = "lobechat"
    """Name of the user that owns it. Default lobechat."""


class LlmChatSettings(InstanceSettings, AppSettings):
    """LobeChat 1, database edition: chats, users and files on the server, behind a gateway."""

    blueprint: Literal["llm-chat"]
    """llm-chat."""
    image: Image
    """LobeChat's image (`lobehub/lobe-chat-database` of version 1), pushed into a registry of the cloud."""
    login: LoginSettings
    """How users log in."""
    cpu: float | None = None
    """Processors of an instance in vCPU. Default 1, or the cloud's share for the memory where it leaves no choice."""
    memory_mb: int = 2048
    """Memory of an instance in MiB. Default 2048."""
    timeout_seconds: int = 300
    """Longest run of one call in seconds, 180 or more, since answers are streamed. Default 300."""
    domain: DomainSettings | None = None
    """A domain of your own: the site's address is then known at once. Default: the gateway's generated address."""
    site_url: str | None = None
    """Where people reach the site when it is not by `domain`: the gateway's address, which the first `up` puts out as
    `site_url`, or what you put before it. Until it is set nobody can log in by a provider, and no browser upload."""
    providers: ProvidersSettings = ProvidersSettings()
    """Applications of this stage that serve models. Default: none."""
    policies: PolicySettings | None = None
    """What the gateway does with calls on their way. Default: it waits as long as the function may run; no more."""
    release: ReleaseSettings = ReleaseSettings()
    """How a new version takes over. Default: all at once."""
    database: ChatDatabaseSettings = ChatDatabaseSettings()
    """Its database. Default: one called lobechat."""
    bucket: StorageSettings = StorageSettings()
    """Its bucket for uploads; the site's own pages may always use it. Default: a private one."""
    storage_keys: Keys | None = None
    """Logical names of the access keys to the bucket, two at most; a mapping says which are active. Default [primary].
    To rotate: add secondary, then set primary to false, then take it out."""

    @property
    def waits_for(self) -> ImageSettings | None:
        """The image that it can wait for."""
        return self.image

    @property
    def uses(self) -> Uses:
        """What of the foundation it needs."""
        return Uses(registry=True)

    @property
    def site(self) -> str | None:
        """The site's address, where settings say it."""
        return f"https://{self.domain.name}" if self.domain else self.site_url

    def natives(self) -> Iterator[tuple[str, Native, Sequence[str]]]:
        """Every place that holds what only one cloud knows."""
        yield "native", self.native, ("function", "gateway", "postgres", "bucket", "identity", "alerts")

    def variables(self) -> Iterator[tuple[str, str]]:
        """Every environment variable that settings give."""
        for key in ("env", "secret_env"):
            yield from ((f"{key}.{name}", name) for name in getattr(self, key))

    @model_validator(mode="after")
    def _coherent(self) -> LlmChatSettings:
        if self.site_url is not None and self.domain:
            raise refuse("the domain says it already", "leave it out", "site_url")
        if self.site_url is not None and not re.fullmatch(SITE, self.site_url):
            what = f"{shown(self.site_url)} is no site"
            raise refuse(what, "write https://host, or http://host, and no path", "site_url")
        if self.storage_keys is not None and not any(self.storage_keys.values()):
            raise refuse("no key is active", "leave one active: LobeChat reaches its bucket by it", "storage_keys")
        self._check_image()
        self._check_providers()
        for where, name in self.variables():
            if not re.fullmatch(ENV_KEY, name):
                raise refuse(f"{shown(name)} is not valid", f"use {ENV_WORDS}", where)
            if name in SENT_BY_QIAO:
                raise refuse("Qiao writes this variable itself", "leave it out", where)
        return self

    def _check_image(self) -> None:
        named = self.image.reference or f"{self.image.name or ''}:{self.image.tag or ''}"
        if re.fullmatch(NEXT_MAJOR, named):
            # It ends at once where it sees a variable of version 1's login, and wants others; its first migrations make
            # indexes of pg_search, an extension that managed databases do not have.
            what = "LobeChat 2 reads other variables, and its database needs the extension pg_search"
            raise refuse(what, "use lobehub/lobe-chat-database of version 1", "image")

    def _check_providers(self) -> None:
        for name, provider in self.providers.named().items():
            if provider.app not in self.links:
                raise refuse(f"{shown(provider.app)} is not in links", "add it there", f"providers.{name}")
            for model in provider.models or []:
                if not re.fullmatch(MODEL, model):
                    what, instead = f"{shown(model)} is no model", "write its name, without spaces and , = < >"
                    raise refuse(what, instead, f"providers.{name}.models")
            if provider.models == []:
                raise refuse("names no model", "name one, or leave it out", f"providers.{name}.models")
