"""What components take, worked out of the settings of parts that applications share: planners that declare nothing."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pulumi

from components.alerts import AlertsArgs
from components.bucket import BucketArgs, CorsRule
from components.errors import UserError
from components.function import CodeFolder, FunctionLike, FunctionUrl, check_image
from components.gateway import Auth, Domain
from components.identity import ServiceAccountArgs, Statement
from components.image import ImageBuild
from components.postgres import PostgresArgs
from components.registry import RegistryLike
from stacks import region_parts
from stacks.model import at, each, join
from stacks.part_settings import (
    CodeSettings,
    DomainSettings,
    FunctionSettings,
    IdentitySettings,
    ImageSettings,
    InstanceSettings,
    PolicySettings,
    PostgresSettings,
    StorageSettings,
)
from stacks.region_settings import Native
from stacks.secrets import output
from stacks.site import Site, elsewhere, planned

Env = dict[str, pulumi.Input[str]]

POLICIES = {
    name: f"policies.{name}"
    for name in ("rate_limit", "allow_cidrs", "request_headers", "response_headers", "timeout_seconds")
}
"""What a route takes of an application's `policies`, and where it stands below the application's settings."""


def function(
    site: Site, settings: InstanceSettings, env: Env, secret_env: Env, *, private_network: bool, path: str = ""
) -> dict[str, Any]:
    """What every function takes of its settings.

    Args:
        site: where it stands.
        settings: the function's settings.
        env: what Qiao adds to the variables in clear.
        secret_env: what Qiao adds to the secret ones.
        private_network: whether it reaches the private network.
        path: where its settings stand, below the application's.
    """
    own_secrets = {key: output(value) for key, value in settings.secret_env.items() if value is not None}
    for key in (*env, *secret_env):
        for kind, given in (("env", settings.env), ("secret_env", settings.secret_env)):
            if key in given:
                raise UserError(
                    join(site.path, *filter(None, [path]), kind, key),
                    "Qiao writes this variable itself",
                    "leave it out",
                )
    names = ["memory_mb", "cpu", "timeout_seconds", "concurrency", "provisioned_concurrency", "reserved_concurrency"]
    given = settings.given(*names)
    if isinstance(settings, FunctionSettings):
        given |= settings.given("runtime", "async_retries") | {"code": code(site, settings.code)}
    return given | {
        "scope": site.scope,
        "env": dict(settings.env) | env,
        "secret_env": own_secrets | secret_env,
        "network": site.network if private_network else None,
        "observability": site.observability,
    }


def code(site: Site, settings: CodeSettings | None) -> CodeFolder | None:
    """A folder of code."""
    if settings is None:
        return None
    assert site.artifacts is not None  # noqa: S101 - an application with code uses artifacts
    return CodeFolder(bucket=site.artifacts, **settings.given("path", "ignore"))


def link_environment(
    site: Site, settings: InstanceSettings, tokens: Mapping[str, pulumi.Input[str]], own: Collection[str] = ()
) -> tuple[Env, Env]:
    """How to call each application that this one links to: variables in clear, and secret ones.

    Args:
        site: where it stands.
        settings: the function's settings, which must not write the same variables.
        tokens: bearer tokens by application, where the stack signs them.
        own: variables that Qiao writes for the application itself.
    """
    clear: Env = {}
    secret: Env = {}
    for place, (name, link) in enumerate(site.links.items()):
        calls = link.env(name)
        given = link.secret_env(name, tokens[name]) if name in tokens else {}
        for key in (*calls, *given):
            if key in settings.env or key in settings.secret_env:
                where = join(site.path, "env" if key in settings.env else "secret_env", key)
                raise UserError(where, f"the link to {name} writes it", "take one of them out")
            if key in own:
                what = f"what {name} is called by goes into {key}, which another setting fills"
                raise UserError(join(site.path, "links", place), what, "choose another variable there")
        clear |= calls
        secret |= given
    return clear, secret


def asked_statements(site: Site, settings: IdentitySettings) -> list[Statement]:
    """The permissions that settings ask for, in the cloud's own words."""
    path = join(site.path, "identity", "permissions")
    statements = each(path, Statement, [one.given("actions", "resources") for one in settings.permissions])
    for place, statement in enumerate(statements):
        asked = ServiceAccountArgs(scope=site.scope, purpose="runtime", statements=[statement])
        try:
            site.cloud.ServiceAccount.check(site.name, asked)
        except UserError as error:
            match = re.fullmatch(r"Statement of .*: (action|resource)", error.where)
            if not match:
                raise
            raise UserError(join(path, place, f"{match[1]}s"), error.what, error.instead) from None
    return statements


def domain(settings: DomainSettings | None) -> Domain | None:
    """The domain of one's own, its key a secret."""
    if settings is None:
        return None
    key = {"private_key": output(settings.private_key)} if settings.private_key else {}
    return Domain(**{**settings.given("name", "certificate_id", "certificate", "dns_zone"), **key})


def policies(settings: PolicySettings | None) -> dict[str, Any]:
    """What a route takes of them."""
    return settings.given(*POLICIES) if settings else {}


def gateway_url(site: Site, auth: Auth) -> FunctionUrl | None:
    """The address that a function behind a gateway needs of its own; None where the gateway needs none.

    Args:
        site: where it stands.
        auth: who may pass the gateway.
    """
    if not site.cloud.Gateway.CALLS_ADDRESSES:
        return None
    # Requests that callers sign reach the function as they are; whoever else passes was let in by the gateway.
    return FunctionUrl(auth="cloud" if auth == "cloud" else "app", internet=True)


@planned("postgres", "database", database="name")
def postgres(site: Site, settings: PostgresSettings, native: Native) -> PostgresArgs:
    """Arguments of the database."""
    given = settings.given("user", "version", "storage_gb", name="database")
    return PostgresArgs(scope=site.scope, network=site.network, native=site.native(native, "postgres"), **given)


@planned("bucket", "bucket")
def bucket(site: Site, settings: StorageSettings, native: Native, rules: Sequence[CorsRule] = ()) -> BucketArgs:
    """Arguments of the application's own bucket.

    Args:
        site: where it stands.
        settings: the bucket's settings.
        native: the application's native settings.
        rules: what pages may use it from a browser, beside the settings' own.
    """
    asked = [rule.given("origins", "methods", "headers", "max_age_seconds") for rule in settings.cors]
    cors = [*rules, *each(join(site.path, "bucket", "cors"), CorsRule, asked)]
    given = settings.given("versioned", "expire_days", "expire_prefix", "old_version_days")
    return BucketArgs(scope=site.scope, cors=cors, native=site.native(native, "bucket"), **given)


def alerts(site: Site, native: Native, functions: Mapping[str, FunctionLike]) -> AlertsArgs:
    """Arguments of the alarms, on every function and on error lines in the log."""
    region, path = site.region, site.region_path
    with at(path, rules="alerts.rules", log_alarm="alerts.log_alarm"), elsewhere(site, "alerts"):
        arguments = AlertsArgs(
            scope=site.scope, functions=functions, contacts=region_parts.contacts(region, path),
            rules=region_parts.rules(region, path), log_alarm=region_parts.log_alarm(region, path),
            observability=site.observability, native=site.native(native, "alerts"),
        )  # fmt: skip
        site.cloud.Alerts.check(site.name, arguments)
    return arguments


def image_build(site: Site, image: ImageSettings | None) -> tuple[ImageBuild, str] | None:
    """What is to be built, and its name in the registry; None where nothing is."""
    if image is None or image.context is None:
        return None
    with at(site.path):
        return ImageBuild(**image.given("context", "dockerfile")), image.name or site.name


def image_reference(site: Site, image: ImageSettings | None, registry: RegistryLike | None) -> pulumi.Input[str] | None:
    """The image's reference where it is known without building: given in full, or by name and tag in the registry."""
    if image is None or image.context is not None:
        return None
    where, latest = join(site.path, "image"), site.scope.profile.open_to_world
    if image.reference is not None:
        check_image(where, image.reference, latest=latest)
        return image.reference
    assert registry is not None and image.tag is not None  # noqa: S101, PT018 - an application with an image uses one
    check_image(where, f"{image.name or site.name}:{image.tag}", latest=latest)
    return registry.pulled(registry.image(image.name or site.name, image.tag))
