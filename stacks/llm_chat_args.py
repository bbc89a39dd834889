"""What LobeChat's components take, worked out of its settings: plain functions that declare nothing."""

from __future__ import annotations

import pulumi

from components.bucket import BucketArgs, BucketLike, CorsRule
from components.function import FunctionArgs, FunctionLike, Release
from components.gateway import GatewayArgs, Route
from components.identity import ServiceAccountArgs
from components.postgres import PostgresArgs
from stacks import part_args
from stacks.llm_chat_env import PORT
from stacks.llm_chat_settings import LlmChatSettings
from stacks.part_args import Env
from stacks.site import Site, planned


def postgres(site: Site, settings: LlmChatSettings) -> PostgresArgs:
    """Arguments of the database. Its user owns it, and may make the extension `vector`, which the first start does."""
    return part_args.postgres(site, settings.database, settings.native)


def bucket(site: Site, settings: LlmChatSettings) -> BucketArgs:
    """Arguments of the bucket: private; the site's own pages upload and read by addresses that LobeChat signs."""
    own = [CorsRule(origins=[settings.site], methods=("GET", "PUT", "POST", "HEAD"))] if settings.site else []
    return part_args.bucket(site, settings.bucket, settings.native, own)


@planned("identity", keys="storage_keys")
def storage_account(site: Site, settings: LlmChatSettings, own_bucket: BucketLike) -> ServiceAccountArgs:
    """Arguments of the identity whose key opens that one bucket and nothing else.

    A key for good, though functions may have roles: LobeChat's S3 client takes no session token, which keys of a role
    come with.
    """
    keys = settings.given(storage_keys="keys")
    return ServiceAccountArgs(
        scope=site.scope, purpose="storage", statements=site.cloud.policies.bucket_statements(own_bucket.name),
        native=site.native(settings.native, "identity"), **keys,
    )  # fmt: skip


@planned("function")
def function(
    site: Site, settings: LlmChatSettings, *, image: pulumi.Input[str] | None, env: Env, secret_env: Env
) -> FunctionArgs:
    """Arguments of the function that LobeChat runs in.

    Args:
        site: where it stands.
        settings: the application's settings.
        image: reference of the image.
        env: what Qiao adds to the variables in clear.
        secret_env: what Qiao adds to the secret ones.
    """
    given = part_args.function(site, settings, env, secret_env, private_network=True)
    if "FunctionArgs.cpu" not in site.cloud.Function.UNSUPPORTED:
        given.setdefault("cpu", 1.0)
    return FunctionArgs(
        kind="web", image=image, port=PORT, native=site.native(settings.native, "function"),
        release=Release(**settings.release.given("weight", "revision", "force")), **given,
    )  # fmt: skip


@planned("gateway", **part_args.POLICIES)
def gateway(site: Site, settings: LlmChatSettings, chat: FunctionLike) -> GatewayArgs:
    """Arguments of the front door: the whole site; LobeChat logs its users in itself."""
    route = Route(name="site", path="/", function=chat, auth="app", **part_args.policies(settings.policies))
    return GatewayArgs(
        scope=site.scope, routes=[route], network=site.network, domain=part_args.domain(settings.domain),
        observability=site.observability, native=site.native(settings.native, "gateway"),
    )  # fmt: skip


def site_lines(
    name: str, settings: LlmChatSettings, site_url: pulumi.Input[str], callback: pulumi.Input[str] | None
) -> list[pulumi.Input[str]]:
    """What only a person can do about the site's address and its login.

    Args:
        name: the application.
        settings: its settings.
        site_url: where people reach the site.
        callback: where the provider of logins sends them back to, or None without one.
    """
    lines: list[pulumi.Input[str]] = []
    if settings.site is None:
        why = ", then run `up` again: no login by a provider and no browser upload before"
        lines.append(pulumi.Output.concat(f"{name}: set apps.{name}.site_url to ", site_url, why))
    if settings.login.auth0 and callback is not None:
        lines.append(pulumi.Output.concat(f"{name}: in the Auth0 application, allow the callback URL ", callback))
    if settings.login.github and callback is not None:
        told = (", the callback URL ", callback, ", and the permission to read e-mail addresses")
        lines.append(pulumi.Output.concat(f"{name}: in the GitHub App, set the homepage ", site_url, *told))
    if settings.login.access_code:
        lines.append(
            f"{name}: LobeChat's own database image lets nobody in by an access code alone: use an image of yours that"
            " does, or log in by auth0 or github"
        )
    return lines
