"""The whole stage on paper before the first resource: every component's arguments, built and checked on stand-ins.

A mistake in the last application must not be found when the first half of the stage stands. So the planners of
arguments, which the components use again, run once on infrastructure that is only named.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from components import cloud
from components.bucket import ExistingBucket
from components.errors import UserError
from components.function import ExistingFunction
from components.image import check_build
from components.network import ExistingNetwork, NetworkLike
from components.observability import ExistingObservability, ObservabilityLike
from components.registry import ExistingRegistry, RegistryLike
from components.scope import Scope
from stacks import agent_args, foundation
from stacks.agent_settings import AgentSettings
from stacks.app_settings import AppSettings
from stacks.foundation import FoundationArgs
from stacks.links import Link
from stacks.loan import LOGS
from stacks.model import at, join
from stacks.settings import Settings
from stacks.site import Site, elsewhere

Scopes = Callable[[str, str], Scope]
"""Makes the scope of an application in a region."""

NAMED = "stand-in"
ARTIFACTS = ExistingBucket(name=NAMED)


def check(settings: Settings, scope: Scopes, stages: Collection[str] | None = None) -> None:
    """Refuse what any component of the stage would refuse. Declares nothing.

    Args:
        settings: the stage's settings.
        scope: makes the scope of an application (`shared` for what is shared) in a region.
        stages: stages that the project has files for; None where nobody knows.
    """
    grounds = {
        place: FoundationArgs(
            scope=scope("shared", place[1]), cloud=cloud(place[0]), settings=region, uses=settings.uses(place)
        )
        for place, region in settings.regions.items()
    }  # fmt: skip
    for ground in grounds.values():
        _check_lender(ground, stages)
        _network(ground)
        _registry(ground)
        _observability(ground)
    for name, app in settings.apps.items():
        # One that waits for its image is checked too: it is to run as it stands there.
        links = _links(name, app, settings.apps)
        _check_app(name, app, grounds[app.cloud, app.region], scope, links)


def _check_lender(args: FoundationArgs, stages: Collection[str] | None) -> None:
    lender = args.settings.lender
    if lender is not None and stages is not None and lender not in stages:
        others = sorted(set(stages) - {args.scope.stage})
        instead = "use one of " + ", ".join(others) if others else "leave it out"
        raise UserError(join(args.path, "from"), f"there is no stage {lender}", instead)


def _network(args: FoundationArgs) -> NetworkLike:
    if args.settings.network:
        return foundation.existing_network(args.settings)
    zones = args.settings.zones or []
    blocks: Mapping[str, str] = dict.fromkeys(zones, "10.0.0.0/24")
    if args.settings.lender is None:
        blocks = foundation.network_args(args).blocks()
    return ExistingNetwork(
        vpc_id=NAMED, subnet_ids=dict.fromkeys(zones, NAMED), security_group_id=NAMED, subnet_cidrs=blocks
    )


def _registry(args: FoundationArgs) -> RegistryLike:
    settings = args.settings.registry
    if settings and settings.existing:
        return foundation.existing_registry(args.settings)
    if args.settings.lender is None:
        foundation.registry_args(args, _network(args))
    return ExistingRegistry(endpoint="stand-in.invalid", namespace=NAMED, username=NAMED, password=NAMED)


def _observability(args: FoundationArgs) -> ObservabilityLike:
    if args.settings.logs.existing:
        return foundation.existing_observability(args.settings)
    traces = args.settings.lender is not None or foundation.observability_args(args).traces
    keys = LOGS if traces else LOGS[:3]
    return ExistingObservability(**dict.fromkeys(keys, NAMED))


def _links(name: str, app: AppSettings, apps: Mapping[str, AppSettings]) -> dict[str, Link]:
    """What the application gets of each that it links to; refused where that one cannot be called."""
    found = {}
    for place, target in enumerate(app.links):
        where, other = join("apps", name, "links", place), apps[target]
        if target in app.links[:place]:
            raise UserError(where, f"{target} is named twice", "name each once")
        if app.enabled and not other.enabled:
            raise UserError(where, f"{target} is not enabled", f"enable it, or take the link out of {name}")
        assert isinstance(other, AgentSettings)  # noqa: S101 - the one blueprint there is
        needs_token = other.auth == "jwt"
        if other.cloud != app.cloud and needs_token:
            what = f"{target} runs on another cloud, which gives {name} no token"
            raise UserError(where, what, f"take auth app for {target}, or run both on one cloud")
        found[target] = Link(cloud=other.cloud, url=NAMED, gateway_id=NAMED if needs_token else None)
    return found


def _check_app(name: str, app: AppSettings, ground: FoundationArgs, scope: Scopes, links: Mapping[str, Link]) -> None:
    assert isinstance(app, AgentSettings)  # noqa: S101 - the one blueprint there is
    site = Site(
        name=name, cloud=ground.cloud, scope=scope(name, app.region), region=ground.settings, network=_network(ground),
        observability=_observability(ground), registry=_registry(ground), artifacts=ARTIFACTS, links=links,
    )  # fmt: skip
    own_bucket = ExistingBucket(name=NAMED) if app.bucket else None
    if app.bucket:
        agent_args.bucket(site, app)
    if app.database:
        agent_args.postgres(site, app)
    agent_args.runtime_account(site, app, own_bucket)
    if app.operator:
        agent_args.operator_account(site, app)
    env = agent_args.environment(site, app, own_bucket)
    secret_env = agent_args.secret_environment(site, app, (NAMED, NAMED), NAMED)
    chat = agent_args.chat_function(
        site, app, image=_image(site, app), env=env | agent_args.link_environment(site, app), secret_env=secret_env
    )
    functions = [ExistingFunction(id=NAMED, timeout_seconds=chat.timeout)]
    if app.knowledge_base:
        taker = agent_args.knowledge_function(
            site, app.knowledge_base, env=env, secret_env=secret_env, private_network=app.private_network
        )
        functions.append(ExistingFunction(id=NAMED, timeout_seconds=taker.timeout))
    doors = (functions[0], functions[1] if len(functions) > 1 else None)
    agent_args.gateway(site, app, *doors)
    if site.region.contacts:
        agent_args.alerts(site, app, agent_args.watched(*doors))


def _image(site: Site, app: AgentSettings) -> str | None:
    assert site.registry  # noqa: S101 - a stand-in at least
    asked = agent_args.image_build(site, app)
    if asked and app.enabled:  # the folder of one that waits may be there as late as the image
        build, repository = asked
        with at(site.path), elsewhere(site, "registry"):
            check_build(site.name, build, repository, site.registry)
    reference = agent_args.image_reference(site, app, site.registry)
    # What is built, or lies in the stack's own registry, has its name only when that stands.
    known = reference if isinstance(reference, str) else f"{NAMED}:1"
    return known if app.image else None
