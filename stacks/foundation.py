"""Foundation: what all applications of one cloud and region share: provider, network, registry, logs, code archives."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import pulumi

from components.base import Args, Component
from components.bucket import Bucket, BucketArgs
from components.clouds import Cloud
from components.errors import UserError
from components.network import ExistingNetwork, NetworkArgs, NetworkLike
from components.observability import ExistingObservability, ObservabilityArgs, ObservabilityLike
from components.registry import ExistingRegistry, RegistryArgs, RegistryLike
from stacks import loan, region_parts
from stacks.app_settings import Uses
from stacks.loan import OUTPUT, SECRET_OUTPUT, Lends, Loan, lent, lent_secrets
from stacks.model import at, join
from stacks.natives import native_at, native_of
from stacks.region_settings import RegionSettings
from stacks.secrets import output


@dataclass(frozen=True, kw_only=True)
class FoundationArgs(Args):
    """What a Foundation takes."""

    cloud: Cloud
    """The cloud it stands on."""
    settings: RegionSettings
    """What the stage file says of this cloud and region."""
    uses: Uses
    """What the applications need beyond network and logs."""
    lends: Lends | None = None
    """What the stage has that the foundation is borrowed from; None without one."""

    @property
    def place(self) -> tuple[str, str]:
        """Cloud and region."""
        return self.cloud.name, self.scope.region

    @property
    def path(self) -> str:
        """Where its settings stand."""
        return join("clouds", *self.place)


class Foundation(Component):
    """Provider, network, registry, logs and a bucket for archives of code, own, existing or borrowed.

    Where settings name neither zones nor a network, since every application stands alone, the provider is all.

    The registry is there where an application uses an image or settings describe one; the bucket where one has code.
    Costs what its parts cost.
    """

    cloud = "app"
    concept = "Foundation"
    OUTPUTS = ("vpc_id", "subnet_ids", "egress_ip", "push_target", "log_project", "trace_store", "artifacts_bucket")

    vpc_id: pulumi.Output[str] | None
    """Id of the network, or None without one."""
    subnet_ids: dict[str, pulumi.Output[str]]
    """Id of the subnet in each zone."""
    egress_ip: pulumi.Output[str] | None
    """The fixed address that outbound calls come from, or None without `egress`."""
    push_target: pulumi.Output[str] | None
    """`host/namespace` of the registry, or None without one."""
    log_project: pulumi.Output[str] | None
    """Id of the log project, or None without one."""
    trace_store: pulumi.Output[str] | None
    """Id of the trace store, or None without traces."""
    artifacts_bucket: pulumi.Output[str] | None
    """Name of the bucket of code archives, or None without code."""

    def __init__(self, name: str, args: FoundationArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._args = args
        self.provider = args.cloud.facts.provider(self.child("provider"), args.scope.region, self.options())
        self._loan = self._declare_loan()
        has_ground = args.settings.has_ground
        self.network = self._declare_network() if has_ground else None
        self.registry = self._declare_registry(self.network) if self.network else None
        self.observability = self._declare_observability() if has_ground else None
        self.artifacts = self._declare_artifacts() if args.uses.artifacts else None
        self.finish(
            vpc_id=self.network and self.network.vpc_id,
            subnet_ids=dict(self.network.subnet_ids) if self.network else {},
            egress_ip=getattr(self.network, "egress_ip", None),
            push_target=self.registry and self.registry.push_target,
            log_project=self.observability and self.observability.log_project,
            trace_store=self.observability and self.observability.trace_store,
            artifacts_bucket=self.artifacts and self.artifacts.name,
        )

    def exports(self) -> dict[str, Any]:
        """What feature stages borrow, in clear; nothing where it is borrowed itself."""
        if self._loan or not self.network or not self.observability:
            return {}
        return lent(self.network, self.registry, self.observability)

    def secret_exports(self) -> dict[str, pulumi.Input[str]]:
        """What feature stages borrow, as secrets."""
        return {} if self._loan or not self.observability else lent_secrets(self.registry, self.observability)

    def _parts(self) -> pulumi.ResourceOptions:
        return self.options(provider=self.provider)

    def _declare_loan(self) -> Loan | None:
        stage, lends = self._args.settings.lender, self._args.lends
        if stage is None:
            return None
        assert lends is not None  # noqa: S101 - whoever borrows was told what there is
        reference = pulumi.StackReference(self.child("lender"), loan.stack_name(stage), self.options())
        return Loan(reference, stage, lends, self._args.place, join(self._args.path, "from"))

    def _declare_network(self) -> NetworkLike:
        settings = self._args.settings
        if self._loan:
            return self._loan.network(settings.zones or [])
        if settings.network:
            return existing_network(settings)
        return self._args.cloud.Network(self.child("network"), network_args(self._args), self._parts())

    def _declare_registry(self, network: NetworkLike) -> RegistryLike | None:
        settings = self._args.settings.registry
        if self._loan:
            return self._loan.registry() if self._args.uses.registry else None
        if settings and settings.existing:
            return existing_registry(self._args.settings)
        if settings is None and not self._args.uses.registry:
            return None
        arguments = registry_args(self._args, network)
        return self._args.cloud.Registry(self.child("registry"), arguments, self._parts())

    def _declare_observability(self) -> ObservabilityLike:
        if self._loan:
            return self._loan.observability(traces=self._args.uses.traces)
        if self._args.settings.logs.existing:
            return existing_observability(self._args.settings)
        arguments = observability_args(self._args)
        return self._args.cloud.Observability(self.child("logs"), arguments, self._parts())

    def _declare_artifacts(self) -> Bucket:
        # Borrowed foundations have one of their own too: archives of a feature stage go when the stage goes.
        return self._args.cloud.Bucket(self.child("artifacts"), artifacts_args(self._args), self._parts())


def network_args(args: FoundationArgs) -> NetworkArgs:
    """Arguments of an own network."""
    settings = args.settings
    with at(args.path), _natives(args, "network"):
        arguments = NetworkArgs(
            scope=args.scope, zones=settings.zones or (), ingress=region_parts.ingress(settings, args.path),
            native=_native(args, "network"), **settings.given("cidr", "subnet_cidrs", "egress"),
        )  # fmt: skip
        args.cloud.Network.check("shared", arguments)
    return arguments


def registry_args(args: FoundationArgs, network: NetworkLike) -> RegistryArgs:
    """Arguments of an own registry."""
    # Short, for it stands in every image's reference; the instance's own name tells regions apart.
    given: dict[str, Any] = {"namespace": f"{args.scope.project}-{args.scope.stage}"}
    own = ("namespace", "public_cidrs", "repositories")
    given |= args.settings.registry.given(*own) if args.settings.registry else {}
    with at(join(args.path, "registry")), _natives(args, "registry"):
        arguments = RegistryArgs(scope=args.scope, network=network, native=_native(args, "registry"), **given)
        args.cloud.Registry.check("shared", arguments)
    return arguments


def observability_args(args: FoundationArgs) -> ObservabilityArgs:
    """Arguments of own logs."""
    given = args.settings.logs.given("retention_days", "traces", "trace_keys")
    with at(join(args.path, "logs")), _natives(args, "observability"):
        arguments = ObservabilityArgs(scope=args.scope, native=_native(args, "observability"), **given)
        args.cloud.Observability.check("shared", arguments)
    return arguments


def artifacts_args(args: FoundationArgs) -> BucketArgs:
    """Arguments of the bucket of code archives."""
    with at(args.path), _natives(args, "bucket"):
        arguments = BucketArgs(scope=args.scope, native=_native(args, "bucket"))
        args.cloud.Bucket.check("shared", arguments)
    return arguments


def existing_network(settings: RegionSettings) -> ExistingNetwork:
    """The network that settings name."""
    assert settings.network  # noqa: S101 - asked before
    return ExistingNetwork(**settings.network.model_dump(exclude_none=True))


def existing_registry(settings: RegionSettings) -> ExistingRegistry:
    """The registry that settings name."""
    assert settings.registry and settings.registry.existing  # noqa: S101, PT018 - asked before
    named = settings.registry.existing
    password: dict[str, Any] = {"password": output(named.password)} if named.password else {}
    return ExistingRegistry(**named.given("endpoint", "pull_endpoint", "namespace", "username"), **password)


def existing_observability(settings: RegionSettings) -> ExistingObservability:
    """The logs that settings name."""
    assert settings.logs.existing  # noqa: S101 - asked before
    named = settings.logs.existing
    token = {"trace_token": output(named.trace_token)} if named.trace_token else {}
    return ExistingObservability(**named.given(*loan.LOGS), **token)


def _native(args: FoundationArgs, concept: str) -> Any:
    return native_of(args.cloud, args.settings.native, concept, join(args.path, "native"))


def _natives(args: FoundationArgs, concept: str) -> AbstractContextManager[None]:
    return native_at(join(args.path, "native", concept))


def reference_standin(config: Mapping[str, str], project: str, organization: str = "organization") -> dict[str, Any]:
    """Stand-in outputs of the stacks that a stage borrows from, by their full name, for plans.

    Args:
        config: the stage's configuration, full keys, objects as JSON. What is not valid is left to the settings.
        project: the Pulumi project's name.
        organization: the organization that owns the stacks.
    """
    try:
        clouds = json.loads(config.get("qiao:clouds", "{}"))
    except ValueError:
        return {}
    found: dict[str, Any] = {}
    for cloud, regions in clouds.items() if isinstance(clouds, dict) else ():
        for region, settings in regions.items() if isinstance(regions, dict) else ():
            lender = settings.get("from") if isinstance(settings, dict) else None
            zones = settings.get("zones") if lender else None
            if isinstance(lender, str) and isinstance(zones, list):
                try:
                    clear, secret = loan.reference_standin((cloud, region), [str(zone) for zone in zones])
                except UserError:
                    continue
                outputs = found.setdefault(f"{organization}/{project}/{lender}", {OUTPUT: {}, SECRET_OUTPUT: {}})
                outputs[OUTPUT].setdefault(cloud, {})[region] = clear
                outputs[SECRET_OUTPUT].setdefault(cloud, {})[region] = secret
    return found
