"""What the web application's components take, worked out of its settings: plain functions that declare nothing."""

from __future__ import annotations

from typing import Any

import pulumi

from components.function import FunctionArgs, FunctionLike, FunctionUrl, Release
from components.gateway import GatewayArgs, Route
from components.tokens import Signer
from stacks import part_args
from stacks.part_args import Env
from stacks.site import Site, planned
from stacks.web_app_settings import WebAppSettings


def environment(settings: WebAppSettings, signer: Signer | None) -> tuple[Env, Env]:
    """What Qiao adds to its variables, in clear and secret: where to listen, and what to check tokens by.

    Args:
        settings: the application's settings.
        signer: what tokens are signed with, where the application checks them too.
    """
    clear: Env = {"PORT": str(settings.port)}
    return (clear | signer.env(), signer.secret_env()) if signer else (clear, {})


@planned("function", url="access")
def function(
    site: Site, settings: WebAppSettings, *, image: pulumi.Input[str] | None, env: Env, secret_env: Env
) -> FunctionArgs:
    """Arguments of the function that serves.

    Args:
        site: where it stands.
        settings: the application's settings.
        image: reference of the image, or None where it is code.
        env: what Qiao adds to the variables in clear.
        secret_env: what Qiao adds to the secret ones.
    """
    given = part_args.function(site, settings, env, secret_env, private_network=settings.private_network)
    return FunctionArgs(
        kind=settings.kind, image=image, port=settings.port, url=_address(site, settings),
        native=site.native(settings.native, "function"),
        release=Release(**settings.release.given("weight", "revision", "force")),
        **settings.given("command"), **given,
    )  # fmt: skip


def _address(site: Site, settings: WebAppSettings) -> FunctionUrl | None:
    """An address of its own: the one that callers use, or that the gateway does where it needs one."""
    if settings.access == "gateway":
        return part_args.gateway_url(site, settings.auth)
    assert settings.auth != "jwt"  # noqa: S101 - settings say so
    return FunctionUrl(auth=settings.auth, internet=True, reason=settings.reason or "")


@planned("gateway", **part_args.POLICIES)
def gateway(site: Site, settings: WebAppSettings, web: FunctionLike, signer: Signer | None) -> GatewayArgs:
    """Arguments of the front door: the whole application.

    Args:
        site: where it stands.
        settings: the application's settings.
        web: the function that serves.
        signer: what tokens are signed with, where the application checks them too.
    """
    who: dict[str, Any] = {"auth": settings.auth, "reason": settings.reason or ""}
    route = Route(name="site", path="/", function=web, **who, **part_args.policies(settings.policies))
    return GatewayArgs(
        scope=site.scope, routes=[route], network=site.network, domain=part_args.domain(settings.domain),
        observability=site.observability, signer=signer, native=site.native(settings.native, "gateway"),
    )  # fmt: skip


def traffic(settings: WebAppSettings) -> float:
    """The share of calls that the last version gets: 0 where settings go back to an earlier one."""
    release = settings.release
    return 0.0 if release.revision is not None else (100 if release.weight is None else release.weight) / 100
