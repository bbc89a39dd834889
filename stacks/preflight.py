"""The whole stage on paper before the first resource: every component's arguments, built and checked on stand-ins.

A mistake in the last application must not be found when the first half of the stage stands. So the planners of
arguments, which the components use again, run once on infrastructure that is only named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from components import cloud
from components.bucket import ExistingBucket
from components.errors import UserError
from components.network import ExistingNetwork, NetworkLike
from components.observability import ExistingObservability, ObservabilityLike
from components.registry import ExistingRegistry, RegistryLike
from components.scope import Scope
from stacks import foundation
from stacks.app_settings import AppSettings
from stacks.builders import APPLICATIONS
from stacks.foundation import FoundationArgs
from stacks.links import Link, Signing
from stacks.loan import LOGS
from stacks.model import join
from stacks.rehearsal import NAMED
from stacks.settings import Settings
from stacks.site import Site

Scopes = Callable[[str, str], Scope]
"""Makes the scope of an application in a region."""

# With a number at the end: where full names of buckets have the account's, one without it is refused.
ARTIFACTS = ExistingBucket(name=f"{NAMED}-1250000000")
REGISTRY = ExistingRegistry(endpoint="stand-in.invalid", namespace=NAMED, username=NAMED, password=NAMED)


def check(settings: Settings, grounds: Mapping[tuple[str, str], FoundationArgs], scope: Scopes) -> None:
    """Refuse what any component of the stage would refuse. Declares nothing.

    Args:
        settings: the stage's settings.
        grounds: what the foundations take, by cloud and region.
        scope: makes the scope of an application in a region.
    """
    for ground in grounds.values():
        if not ground.settings.has_ground:
            continue
        _network(ground)
        _registry(ground)
        _observability(ground)
        if ground.uses.artifacts:
            foundation.artifacts_args(ground)
    for name, app in settings.apps.items():
        # One that waits for its image is checked too: it is to run as it stands there.
        links = _links(name, app, settings.apps)
        _check_app(name, app, grounds[app.cloud, app.region], scope, links)


def _network(args: FoundationArgs) -> NetworkLike:
    if args.settings.network:
        return foundation.existing_network(args.settings)
    zones = args.settings.zones or []
    if args.lends is None:
        blocks = foundation.network_args(args).blocks()
    else:
        blocks = dict.fromkeys(zones if "subnet_cidrs" in args.lends.network else (), "10.0.0.0/24")
    return ExistingNetwork(
        vpc_id=NAMED, subnet_ids=dict.fromkeys(zones, NAMED), security_group_id=NAMED, subnet_cidrs=blocks
    )


def _registry(args: FoundationArgs) -> RegistryLike:
    settings = args.settings.registry
    if settings and settings.existing:
        return foundation.existing_registry(args.settings)
    if args.lends is None:
        arguments = foundation.registry_args(args, _network(args))
        return replace(REGISTRY, can_push=args.cloud.Registry.login_known(arguments))
    return replace(REGISTRY, can_push=args.lends.login)


def _observability(args: FoundationArgs) -> ObservabilityLike:
    if args.settings.logs.existing:
        return foundation.existing_observability(args.settings)
    if args.lends is not None:
        return ExistingObservability(**dict.fromkeys(args.lends.logs, NAMED))
    traces = args.cloud.Observability.trace_outputs(foundation.observability_args(args))
    return ExistingObservability(**dict.fromkeys((*LOGS[:3], *traces), NAMED))


def _links(name: str, app: AppSettings, apps: Mapping[str, AppSettings]) -> dict[str, Link]:
    """What the application gets of each that it links to; refused where that one cannot be called."""
    found = {}
    for place, target in enumerate(app.links):
        where, other = join("apps", name, "links", place), apps[target]
        if target in app.links[:place]:
            raise UserError(where, f"{target} is named twice", "name each once")
        if app.enabled and not other.enabled:
            raise UserError(where, f"{target} is not enabled", f"enable it, or take the link out of {name}")
        found[target] = _link(name, where, app, target, other)
    return found


def _link(name: str, where: str, app: AppSettings, target: str, other: AppSettings) -> Link:
    door, cloud_signs = other.doorway, not cloud(other.cloud).policies.STACK_SIGNS_TOKENS
    if other.cloud != app.cloud and door.needs_token and cloud_signs:
        what = f"{target} runs on another cloud, which gives {name} no token"
        raise UserError(where, what, f"take auth app for {target}, or run both on one cloud")
    if door.network_only and (other.cloud, other.region) != (app.cloud, app.region):
        what = f"{target} is reached from its own network alone"
        raise UserError(where, what, "run both in one cloud and region")
    if door.network_only and not app.in_network:
        raise UserError(where, f"{target} is reached from its own network alone", f"take {name} into the network")
    stack_signs = door.needs_token and not cloud_signs
    return Link(
        cloud=other.cloud, url=NAMED, gateway_id=NAMED if door.needs_token and cloud_signs else None,
        signing=Signing(issuer=NAMED, audience=NAMED, key=NAMED) if stack_signs else None, models=door.models,
        network_only=door.network_only, path=door.path,
    )  # fmt: skip


def _check_app(name: str, app: AppSettings, ground: FoundationArgs, scope: Scopes, links: Mapping[str, Link]) -> None:
    site = Site(name=name, cloud=ground.cloud, scope=scope(name, app.region), region=ground.settings, links=links)
    if ground.settings.has_ground:
        site = replace(
            site, shared_network=_network(ground), shared_logs=_observability(ground), registry=_registry(ground),
            artifacts=ARTIFACTS,
        )  # fmt: skip
    APPLICATIONS[app.blueprint].rehearse(site, app)
