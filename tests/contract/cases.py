"""How to build each concept on any cloud, in the neutral vocabulary alone. A concept without cases fails the suite.

`minimal` stands on existing infrastructure and defaults; `full` stands on real components and asks for everything.
Every secret input gets a canary in clear: a component must make it secret itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pulumi

from components import Cloud, cloud
from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.base import Component
from components.bucket import Bucket, BucketArgs, CorsRule
from components.function import CodeFolder, ExistingFunction, Function, FunctionArgs, Release
from components.gateway import Domain, GatewayArgs, Route
from components.identity import ServiceAccountArgs, Statement
from components.network import ExistingNetwork, IngressRule, Network, NetworkArgs
from components.observability import ExistingObservability, Observability, ObservabilityArgs
from components.postgres import PostgresArgs
from components.registry import Registry, RegistryArgs
from components.scope import Profile, Scope
from tests.contract.facts import CANARY, FACTS, CloudFacts

CODE = str(Path(__file__).parent / "code")
CANARIES = tuple(CANARY.format(kind) for kind in ("env", "key", "trace", "hook"))
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

    def native(self, concept: str) -> Any:
        """The cloud's own extras, as its facts fill them in."""
        fields = self.facts.natives.get(concept)
        return None if fields is None else self.cloud.native(concept)(**fields)

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
        return self.cloud.Bucket("dep-bucket", BucketArgs(scope=self.scope), self.below)

    @cached_property
    def function(self) -> Function:
        args = FunctionArgs(scope=self.scope, image="cr.example.com/team/app:1.0")
        return self.cloud.Function("dep-function", args, self.below)

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


def network_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.Network(name, NetworkArgs(scope=site.scope, zones=site.facts.zones), opts)


def network_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    a, b = site.facts.zones
    args = NetworkArgs(
        scope=site.scope, zones=(a, b), cidr="10.8.0.0/16", egress=True,
        subnet_cidrs=site.mapping({a: "10.8.200.0/24", b: "10.8.201.0/24"}),
        ingress=[IngressRule(port=8000, cidr="10.8.0.0/16"), IngressRule(port=443, to_port=444, cidr="0.0.0.0/0")],
    )  # fmt: skip
    return site.cloud.Network(name, args, opts)


def registry_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.Registry(name, RegistryArgs(scope=site.scope), opts)


def registry_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = RegistryArgs(
        scope=site.scope, namespace=f"team-{name}", public_cidrs=["203.0.113.0/24", "198.51.100.7/32"],
        network=site.network,
    )  # fmt: skip
    return site.cloud.Registry(name, args, opts)


def observability_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.Observability(name, ObservabilityArgs(scope=site.scope, traces=False), opts)


def observability_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = ObservabilityArgs(scope=site.scope, trace_keys=("request_id", "input", "output", "user"))
    return site.cloud.Observability(name, args, opts)


def function_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = FunctionArgs(
        scope=site.scope, image="cr.example.com/team/app:1.0", network=site.existing_network,
        observability=site.existing_logs, secret_env={"API_KEY": CANARY.format("env")},
    )  # fmt: skip
    return site.cloud.Function(name, args, opts)


def function_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = FunctionArgs(
        scope=site.scope, kind="web", image=site.registry.image("app", "1.0"), command="./serve", port=9000,
        memory_mb=2048, timeout_seconds=600, concurrency=50, network=site.network, observability=site.observability,
        env=site.mapping({"REGION": site.facts.region, "LOG_LEVEL": "info", "MODE": "fast"}),
        secret_env=site.mapping({"API_KEY": CANARY.format("env"), "TOKEN": pulumi.Output.secret(CANARY.format("env"))}),
        async_retries=2, release=Release(weight=100),
    )  # fmt: skip
    return site.cloud.Function(name, args, opts)


def function_code(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    code = CodeFolder(path=CODE, bucket=site.bucket)
    return site.cloud.Function(name, FunctionArgs(scope=site.scope, kind="event", code=code), opts)


def function_task(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = FunctionArgs(scope=site.scope, kind="task", image="cr.example.com/team/job:1.0", command="./job")
    return site.cloud.Function(name, args, opts)


def function_microservice(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = FunctionArgs(
        scope=site.scope, kind="microservice", image="cr.example.com/team/svc:1.0", command="./svc",
        network=site.network,
    )  # fmt: skip
    return site.cloud.Function(name, args, opts)


def gateway_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    routes = [Route(name="chat", path="/api/v2/bots/chat", function=site.existing_function)]
    return site.cloud.Gateway(name, GatewayArgs(scope=site.scope, routes=routes, network=site.existing_network), opts)


def gateway_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    routes = [
        Route(
            name="chat", path="/api/v2/bots/chat", function=site.function, match="exact", methods=("POST", "OPTIONS")
        ),
        Route(name="kb", path="/api/v2/kb", function=site.existing_function, timeout_seconds=700),
        Route(
            name="ping", path="/v1/ping", function=site.function, auth="public", reason="health checks have no token"
        ),
    ]
    domain = Domain(
        name=f"{name}.example.com", certificate="-----BEGIN CERTIFICATE-----", private_key=CANARY.format("key"),
        dns_zone="example.com",
    )  # fmt: skip
    args = GatewayArgs(
        scope=site.scope, routes=routes, network=site.network, observability=site.observability, domain=domain
    )
    return site.cloud.Gateway(name, args, opts)


def postgres_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.Postgres(name, PostgresArgs(scope=site.scope, network=site.existing_network), opts)


def postgres_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = PostgresArgs(
        scope=site.scope, network=site.network, database="orders", user="orders_owner", version=15, storage_gb=200
    )
    return site.cloud.Postgres(name, args, opts)


def bucket_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.Bucket(name, BucketArgs(scope=site.scope), opts)


def bucket_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = BucketArgs(
        scope=site.scope, versioned=True, expire_days=30, expire_prefix="tmp/", old_version_days=7,
        cors=[CorsRule(origins=["https://chat.example.com"])],
    )  # fmt: skip
    return site.cloud.Bucket(name, args, opts)


def alerts_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    contacts = [Contact(name="ops", email="ops@example.com")]
    return site.cloud.Alerts(name, AlertsArgs(scope=site.scope, contacts=contacts), opts)


def alerts_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = AlertsArgs(
        scope=site.scope,
        contacts=[
            Contact(name="ops", email="ops@example.com", phone="13800000000"),
            Contact(name="dev", email="dev@example.com"),
        ],
        functions=site.mapping({"chat": site.function, "kb": site.existing_function}),
        rules=[
            MetricRule(name="errors", metric=site.facts.metric, threshold=5, namespace=site.facts.metric_group),
            MetricRule(
                name="slow", metric=site.facts.metric, threshold=3, comparison=">=", statistic="avg", periods=3,
                namespace=site.facts.metric_group,
            ),
        ],
        log_alarm=LogAlarm(query="error", more_than=2, window_minutes=10, receivers=["ops-user"]),
        observability=site.observability,
        native=site.native("alerts"),
    )  # fmt: skip
    return site.cloud.Alerts(name, args, opts)


def identity_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.ServiceAccount(name, ServiceAccountArgs(scope=site.scope, purpose="runtime"), opts)


def identity_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = ServiceAccountArgs(
        scope=site.scope, purpose="operator", statements=[Statement(actions=["tls:PutLogs", "tls:SearchLogs"])],
        system_policies=[site.facts.system_policy], keys={"primary": True, "secondary": True},
    )  # fmt: skip
    return site.cloud.ServiceAccount(name, args, opts)


CASES: dict[str, dict[str, Build]] = {
    "network": {"minimal": network_minimal, "full": network_full},
    "registry": {"minimal": registry_minimal, "full": registry_full},
    "observability": {"minimal": observability_minimal, "full": observability_full},
    "function": {
        "minimal": function_minimal, "full": function_full, "code": function_code, "task": function_task,
        "microservice": function_microservice,
    },
    "gateway": {"minimal": gateway_minimal, "full": gateway_full},
    "postgres": {"minimal": postgres_minimal, "full": postgres_full},
    "bucket": {"minimal": bucket_minimal, "full": bucket_full},
    "alerts": {"minimal": alerts_minimal, "full": alerts_full},
    "identity": {"minimal": identity_minimal, "full": identity_full},
}  # fmt: skip
"""By the concept's module name, then by variant."""

SECRET_FIELDS = {
    "FunctionArgs.secret_env",
    "Domain.private_key",
    "ExistingObservability.trace_token",
    "ExistingRegistry.password",
    "AlertsNative.webhook",
}
"""Every secret field of the vocabulary. The cases above give each a canary, but for the registry's, which only a
blueprint that builds images reads."""
