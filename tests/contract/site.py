"""What the cases are built on: one cloud, one stage, and neutral things that a component under test stands on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pulumi

from components import Cloud, cloud
from components.base import Component
from components.bucket import Bucket, BucketArgs
from components.filesystem import FileSystem, FileSystemArgs
from components.function import ExistingFunction, Function, FunctionArgs, FunctionLike, FunctionUrl
from components.gateway import Domain
from components.network import ExistingNetwork, Network, NetworkArgs
from components.observability import ExistingObservability, Observability, ObservabilityArgs
from components.registry import Registry, RegistryArgs
from components.scope import Profile, Scope
from tests.contract.facts import CANARY, FACTS, CloudFacts

CODE = str(Path(__file__).parent / "code")
PAGES = str(Path(__file__).parent / "pages")
CANARIES = tuple(CANARY.format(kind) for kind in ("env", "key", "trace", "hook", "token"))
USER_TAGS = {"cost-center": "r-and-d", "owner": "platform"}


@dataclass
class Site:
    """One cloud, one stage, and what a component under test stands on. Built anew in every recorded program."""

    name: str
    profile: Profile
    shuffled: bool = False
    """Whether mappings are given in the opposite order, which must change nothing."""
    cloud: Cloud = field(init=False)
    facts: CloudFacts = field(init=False)

    def __post_init__(self) -> None:
        self.cloud, self.facts = cloud(self.name), FACTS[self.name]

    @property
    def scope(self) -> Scope:
        return Scope(
            project="qiao", stage="stage-x", app="app", region=self.facts.region, profile=self.profile,
            tags=self.mapping(USER_TAGS),
        )  # fmt: skip

    def native(self, case: str) -> Any:
        """The cloud's own extras of a case (`alerts full`), as its facts fill them in."""
        fields = self.facts.natives.get(case)
        return None if fields is None else self.cloud.native(case.split()[0])(**fields)

    def carried(self, concept: str, kind: type, **fields: Callable[[], Any]) -> dict[str, Any]:
        """Those of these fields of a dataclass that the cloud carries; the others are never worked out."""
        lacking = self.cloud.component(concept).UNSUPPORTED
        return {name: make() for name, make in fields.items() if f"{kind.__name__}.{name}" not in lacking}

    def mapping(self, values: dict[str, Any]) -> dict[str, Any]:
        return dict(reversed(values.items())) if self.shuffled else values

    @cached_property
    def below(self) -> pulumi.ResourceOptions:
        """Options of what the component under test stands on: a provider of its own."""
        return pulumi.ResourceOptions(provider=self.cloud.facts.provider("dep", self.facts.region))

    @cached_property
    def network(self) -> Network:
        return self.cloud.Network("dep-net", NetworkArgs(scope=self.scope, zones=self.facts.zones), self.below)

    @cached_property
    def observability(self) -> Observability:
        return self.cloud.Observability("dep-logs", ObservabilityArgs(scope=self.scope), self.below)

    @cached_property
    def registry(self) -> Registry:
        return self.cloud.Registry("dep-registry", RegistryArgs(scope=self.scope), self.below)

    @cached_property
    def bucket(self) -> Bucket:
        # Versions by word: some clouds refuse a bucket in several zones without.
        return self.cloud.Bucket("dep-bucket", BucketArgs(scope=self.scope, versioned=True), self.below)

    @cached_property
    def function(self) -> Function:
        url = FunctionUrl(auth="app", internet=True) if self.calls_addresses else None
        args = FunctionArgs(scope=self.scope, image="cr.example.com/team/app:1.0", url=url)
        return self.cloud.Function("dep-function", args, self.below)

    @property
    def calls_addresses(self) -> bool:
        """Whether the cloud's gateway calls functions by their own addresses, which one that is there does not tell."""
        return self.cloud.Gateway.CALLS_ADDRESSES

    @property
    def led_to(self) -> FunctionLike:
        """A function that a gateway leads to, with as little as that takes."""
        return self.function if self.calls_addresses else self.existing_function

    @property
    def door(self) -> dict[str, Any]:
        """What a gateway that checks tokens needs beside its routes, as arguments of it."""
        domain = Domain(name="api.example.com", certificate_id="cert-1", dns_zone="example.com")
        wanted = {"domain": domain} if self.facts.jwt_wants_domain else {}
        return {**wanted, "native": self.native("gateway minimal")}

    @cached_property
    def filesystem(self) -> FileSystem:
        return self.cloud.FileSystem("dep-files", FileSystemArgs(scope=self.scope, network=self.network), self.below)

    @property
    def existing_network(self) -> ExistingNetwork:
        a, b = self.facts.zones
        blocks = {a: "10.9.0.0/24", b: "10.9.1.0/24"}
        subnets = {zone: f"subnet-{zone}" for zone in (a, b)}
        return ExistingNetwork(vpc_id="vpc-1", subnet_ids=subnets, security_group_id="sg-1", subnet_cidrs=blocks)

    @property
    def existing_logs(self) -> ExistingObservability:
        return ExistingObservability(
            log_project="p-1", log_store="t-1", access_log_store="t-2", trace_store="t-3",
            trace_endpoint="https://trace.example.com", trace_token=CANARY.format("trace"),
        )  # fmt: skip

    @property
    def existing_function(self) -> ExistingFunction:
        return ExistingFunction(id="f-1", name="there", timeout_seconds=300)


Build = Callable[[Site, str, pulumi.ResourceOptions], Component]
