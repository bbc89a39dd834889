"""What LobeChat is told in its environment: where it stands, its storage, its login, its providers of models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.base import as_output
from components.bucket import BucketLike
from components.errors import UserError
from stacks import part_args
from stacks.links import Link
from stacks.llm_chat_settings import SENT_BY_QIAO, LlmChatSettings, LoginSettings, ProviderSettings
from stacks.model import join
from stacks.part_args import Env
from stacks.secrets import output
from stacks.site import Site

PORT = 3210
"""What LobeChat's image listens on."""
NOT_ASKED = "not-asked"
"""Stands for the key of a provider that asks for none: without any, LobeChat calls it no provider."""
COMPLETIONS = "/chat/completions"
"""What an OpenAI client appends to the address that it is given."""


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What LobeChat is told in secret, beside its login's and its providers'."""

    database_url: pulumi.Input[str] = field(repr=False)
    """Address of the database, its password percent-encoded."""
    storage_key: Sequence[pulumi.Input[str] | None] = field(repr=False)
    """Both halves of the key to the bucket."""
    vaults_key: pulumi.Input[str] = field(repr=False)
    """What it encrypts its users' own keys with: 32 bytes in base64."""
    session_key: pulumi.Input[str] = field(repr=False)
    """What it encrypts its users' sessions with."""
    access_code: pulumi.Input[str] = field(repr=False)
    """The code that opens it without a user."""


def environment(site: Site, settings: LlmChatSettings, own_bucket: BucketLike) -> Env:
    """What Qiao adds to the variables in clear, beside the providers'.

    Values of NEXT_PUBLIC_... are built into LobeChat's own image; here they reach images that read them at the start.
    """
    return {
        "NEXT_PUBLIC_SERVICE_MODE": "server",
        # The image says so too; built otherwise, LobeChat takes every PostgreSQL for a serverless one over WebSockets.
        "DATABASE_DRIVER": "node",
        **_site_variables(settings),
        **_storage_variables(site, own_bucket),
        **_login_variables(settings.login),
    }


def _site_variables(settings: LlmChatSettings) -> Env:
    """Where LobeChat is told that it stands.

    Without an APP_URL it does not start, so until the address is known it is told its own port. Work behind an answer
    (files cut into pieces) is a call to APP_URL, and to the site's own address on purpose: an instance that calls
    itself would be stopped when the answer is out.
    """
    if settings.site is None:
        return {"APP_URL": f"http://localhost:{PORT}"}
    # NextAuth trusts the host that a gateway forwards, but makes the address to come back to of the port it listens
    # on, unless it is told.
    login = {"NEXTAUTH_URL": f"{settings.site}/api/auth"} if settings.login.provider else {}
    return {"APP_URL": settings.site, **login}


def _storage_variables(site: Site, own_bucket: BucketLike) -> Env:
    # Browsers upload to the same address that the server signs for: the public one.
    host = as_output(own_bucket.public_endpoint).apply(site.cloud.facts.s3_host)
    domain = pulumi.Output.concat("https://", own_bucket.name, ".", host)
    return {
        "S3_ENDPOINT": pulumi.Output.concat("https://", host),
        "S3_BUCKET": own_bucket.name,
        "S3_REGION": site.scope.region,
        "S3_ENABLE_PATH_STYLE": "0",
        # Else every upload asks to be readable by the world, which a private bucket refuses.
        "S3_SET_ACL": "0",
        "NEXT_PUBLIC_S3_DOMAIN": domain,
        # The same by its later name.
        "S3_PUBLIC_DOMAIN": domain,
    }


def _login_variables(login: LoginSettings) -> Env:
    """Who logs users in. The client goes by two names: the guide's, and the one that later versions read."""
    if login.provider is None:
        return {"NEXT_PUBLIC_ENABLE_NEXT_AUTH": "0"}
    common: Env = {
        "NEXT_PUBLIC_ENABLE_NEXT_AUTH": "1",
        "NEXT_AUTH_SSO_PROVIDERS": login.provider,
        "AUTH_TRUST_HOST": "true",
    }
    if login.auth0:
        client, issuer = login.auth0.client_id, login.auth0.issuer
        named = {
            "AUTH0_CLIENT_ID": client,
            "AUTH_AUTH0_ID": client,
            "AUTH0_ISSUER": issuer,
            "AUTH_AUTH0_ISSUER": issuer,
        }
        return common | named
    assert login.github  # noqa: S101 - the one that is left
    return common | {"GITHUB_CLIENT_ID": login.github.client_id, "AUTH_GITHUB_ID": login.github.client_id}


def secret_environment(settings: LlmChatSettings, credentials: Credentials) -> Env:
    """What Qiao adds to the secret variables, beside the providers'."""
    halves = zip(("S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"), credentials.storage_key, strict=True)
    # Where users log in, the code is one that nobody is told: it shuts the way in by code.
    return {
        "DATABASE_URL": credentials.database_url,
        "KEY_VAULTS_SECRET": credentials.vaults_key,
        "ACCESS_CODE": credentials.access_code,
        **{name: half for name, half in halves if half is not None},
        **_login_secrets(settings.login, credentials.session_key),
    }


def _login_secrets(login: LoginSettings, session_key: pulumi.Input[str]) -> Env:
    if login.auth0 and login.auth0.client_secret:
        secret = output(login.auth0.client_secret)
        return {"NEXT_AUTH_SECRET": session_key, "AUTH0_CLIENT_SECRET": secret, "AUTH_AUTH0_SECRET": secret}
    if login.github and login.github.client_secret:
        secret = output(login.github.client_secret)
        return {"NEXT_AUTH_SECRET": session_key, "GITHUB_CLIENT_SECRET": secret, "AUTH_GITHUB_SECRET": secret}
    # Some versions of LobeChat take NEXT_AUTH_SECRET alone for the wish to log in by a provider.
    return {}


def provider_environment(
    site: Site, settings: LlmChatSettings, tokens: Mapping[str, pulumi.Input[str]]
) -> tuple[Env, Env]:
    """How LobeChat calls the applications that serve it models: variables in clear, and secret ones.

    It calls them from its function, not from the browser, so that they need not be open to anybody else.

    Args:
        site: where it stands.
        settings: the application's settings.
        tokens: bearer tokens by application, where the stack signs them.
    """
    openai, ollama = settings.providers.openai, settings.providers.ollama
    clear, secret = _openai(site, openai, site.links[openai.app], tokens) if openai else ({}, {})
    return clear | (_ollama(site, ollama, site.links[ollama.app]) if ollama else {}), secret


def _openai(
    site: Site, provider: ProviderSettings, link: Link, tokens: Mapping[str, pulumi.Input[str]]
) -> tuple[Env, Env]:
    app, where = provider.app, join(site.path, "providers", "openai")
    if link.path and not link.path.endswith(COMPLETIONS):
        what = f"{app} answers {link.path} alone, and LobeChat calls what ends with {COMPLETIONS}"
        raise UserError(where, what, f"set apps.{app}.path to /v1{COMPLETIONS}")
    if link.gateway_id is not None:
        what = f"{app} wants tokens that its cloud signs for a while, and LobeChat keeps one key"
        raise UserError(where, what, f"take auth app for {app}, and check who calls there")
    base = as_output(link.url).apply(lambda url: openai_base(url, link.path))
    models = provider.models or list(link.models) or [app]
    clear: Env = {"ENABLED_OPENAI": "1", "OPENAI_PROXY_URL": base, "OPENAI_MODEL_LIST": model_list(models)}
    if app in tokens:
        return clear, {"OPENAI_API_KEY": tokens[app]}
    return clear | {"OPENAI_API_KEY": NOT_ASKED}, {}


def _ollama(site: Site, provider: ProviderSettings, link: Link) -> Env:
    app, where = provider.app, join(site.path, "providers", "ollama")
    if link.path:
        raise UserError(where, f"{app} answers {link.path} alone", "name a model server, or take it as openai")
    if link.signing is not None or link.gateway_id is not None:
        what = f"{app} asks for a token, and LobeChat sends Ollama none"
        raise UserError(where, what, f"set apps.{app}.access to network, or take it as openai")
    models = provider.models or list(link.models)
    # Where none is named, LobeChat asks the server which it has.
    listed = {"OLLAMA_MODEL_LIST": model_list(models)} if models else {}
    base = as_output(link.url).apply(lambda url: url.rstrip("/"))
    return {"ENABLED_OLLAMA": "1", "OLLAMA_PROXY_URL": base, **listed}


def openai_base(url: str, path: str) -> str:
    """The address that an OpenAI client appends `/chat/completions` to.

    Args:
        url: the application's address.
        path: the path that it ends with, where it answers one alone; else the API lies below /v1.
    """
    return url.removesuffix(COMPLETIONS) if path else f"{url.rstrip('/')}/v1"


def model_list(models: Sequence[str]) -> str:
    """LobeChat's list of models: none of those that it knows by itself, and these."""
    return ",".join(["-all", *(f"+{model}" for model in models)])


def link_environment(
    site: Site, settings: LlmChatSettings, tokens: Mapping[str, pulumi.Input[str]], own: Env
) -> tuple[Env, Env]:
    """How to call each application that it links to, in variables that every application gets.

    Args:
        site: where it stands.
        settings: the application's settings.
        tokens: bearer tokens by application, where the stack signs them.
        own: what Qiao writes for LobeChat itself: `APP_URL` would be both, if an application were called `app`.
    """
    for place, (name, link) in enumerate(site.links.items()):
        for key in (*link.env(name), *link.secret_env(name, "")):
            if key in own or key in SENT_BY_QIAO:
                what = f"what {name} is called by goes into {key}, which LobeChat reads as its own"
                raise UserError(join(site.path, "links", place), what, f"give {name} another name")
    return part_args.link_environment(site, settings, tokens)
