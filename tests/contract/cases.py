"""How to build each concept on any cloud, in the neutral vocabulary alone. A concept without cases fails the suite.

`minimal` stands on existing infrastructure and defaults; `full` stands on real components and asks for everything
that the cloud carries. Every secret input gets a canary in clear: a component must make it secret itself.
"""

from __future__ import annotations

import pulumi

from components import Cloud
from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.base import Component
from components.bucket import BucketArgs, CorsRule
from components.filesystem import FileSystemArgs
from components.function import (
    BucketEvent,
    CodeFolder,
    FunctionArgs,
    FunctionUrl,
    Gpu,
    Initializer,
    Mount,
    Release,
    Timer,
)
from components.gateway import Domain, GatewayArgs, Route
from components.identity import ServiceAccountArgs, Statement
from components.mysql import MysqlArgs
from components.network import IngressRule, NetworkArgs
from components.observability import ObservabilityArgs
from components.postgres import PostgresArgs
from components.redis import RedisArgs
from components.registry import RegistryArgs
from components.website import WebsiteArgs
from tests.contract.facts import CANARY
from tests.contract.site import CODE, PAGES, Build, Site


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
        network=site.network, repositories=("app", "job"), native=site.native("registry full"),
    )  # fmt: skip
    return site.cloud.Registry(name, args, opts)


def observability_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.Observability(name, ObservabilityArgs(scope=site.scope, traces=False), opts)


def observability_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    searched = site.carried("observability", ObservabilityArgs, trace_keys=lambda: ("request_id", "input", "user"))
    args = ObservabilityArgs(scope=site.scope, native=site.native("observability full"), **searched)
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
        async_retries=2, release=Release(weight=100), native=site.native("function full"),
        **site.carried(
            "function", FunctionArgs, health_path=lambda: "/healthz", cpu=lambda: 1, mounts=lambda: mounts(site),
            initializer=lambda: Initializer(command="./warm", timeout_seconds=120),
            permissions=lambda: [Statement(actions=site.facts.actions)], url=lambda: FunctionUrl(auth="network"),
            provisioned_concurrency=lambda: 2, reserved_concurrency=lambda: 20,
        ),
    )  # fmt: skip
    return site.cloud.Function(name, args, opts)


def mounts(site: Site) -> list[Mount]:
    files = Mount(path="/mnt/files", source=site.filesystem)
    objects = Mount(path="/mnt/objects", source=site.bucket, directory="/shared", read_only=True)
    return [files, objects] if site.facts.mounts_buckets else [files]


def function_code(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    code = CodeFolder(path=CODE, bucket=site.bucket)
    args = FunctionArgs(
        scope=site.scope,
        kind="event",
        code=code,
        **site.carried("function", FunctionArgs, triggers=lambda: calls(site)),
    )
    return site.cloud.Function(name, args, opts)


def calls(site: Site) -> list[Timer | BucketEvent]:
    nightly = Timer(name="nightly", schedule="0 4 * * *", payload="sweep")
    return [nightly, BucketEvent(name="uploads", bucket=site.bucket, prefix="in/", suffix=".txt")]


def function_gpu(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = FunctionArgs(
        scope=site.scope, image="cr.example.com/team/model:1.0", port=11434, gpu=Gpu(model="t4"), memory_mb=32768,
        concurrency=4, timeout_seconds=600, network=site.existing_network,
    )  # fmt: skip
    return site.cloud.Function(name, args, opts)


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
    routes = [Route(name="chat", path="/api/v2/bots/chat", function=site.led_to)]
    args = GatewayArgs(scope=site.scope, routes=routes, network=site.existing_network, **site.door)
    return site.cloud.Gateway(name, args, opts)


def gateway_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    routes = [
        Route(
            name="chat", path="/api/v2/bots/chat", function=site.function, match="exact", methods=("POST", "OPTIONS")
        ),
        Route(
            name="kb",
            path="/api/v2/kb",
            function=site.existing_function,
            timeout_seconds=site.facts.longest_wait,
            **site.carried(
                "gateway",
                Route,
                rate_limit=lambda: 50,
                allow_cidrs=lambda: ["203.0.113.0/24"],
                request_headers=lambda: site.mapping({"X-Stage": "prod", "X-Debug": None}),
                response_headers=lambda: {"Strict-Transport-Security": "max-age=63072000"},
                strip_prefix=lambda: True,
            ),
        ),
        Route(
            name="ping", path="/v1/ping", function=site.function, auth="public", reason="health checks have no token"
        ),
    ]
    domain = Domain(
        name=f"{name}.example.com", certificate="-----BEGIN CERTIFICATE-----", private_key=CANARY.format("key"),
        dns_zone="example.com",
    )  # fmt: skip
    args = GatewayArgs(
        scope=site.scope, routes=routes, network=site.network, observability=site.observability, domain=domain,
        native=site.native("gateway full"),
    )  # fmt: skip
    return site.cloud.Gateway(name, args, opts)


def postgres_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.Postgres(name, PostgresArgs(scope=site.scope, network=site.existing_network), opts)


def postgres_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = PostgresArgs(
        scope=site.scope, network=site.network, database="orders", user="orders_owner", version=15, storage_gb=200
    )
    return site.cloud.Postgres(name, args, opts)


def mysql_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.Mysql(name, MysqlArgs(scope=site.scope, network=site.existing_network), opts)


def mysql_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = MysqlArgs(
        scope=site.scope, network=site.network, database="orders", user="orders_owner", version="8.0", storage_gb=200
    )
    return site.cloud.Mysql(name, args, opts)


def redis_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.Redis(name, RedisArgs(scope=site.scope, network=site.existing_network), opts)


def redis_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = RedisArgs(scope=site.scope, network=site.network, version="6.0", memory_gb=2, eviction="allkeys-lru")
    return site.cloud.Redis(name, args, opts)


def filesystem_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.FileSystem(name, FileSystemArgs(scope=site.scope, network=site.existing_network), opts)


def filesystem_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.FileSystem(name, FileSystemArgs(scope=site.scope, network=site.network), opts)


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
    args = AlertsArgs(scope=site.scope, contacts=contacts, native=site.native("alerts minimal"))
    return site.cloud.Alerts(name, args, opts)


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
                name="slow", metric=site.facts.metric, threshold=3, comparison=">=", periods=3,
                namespace=site.facts.metric_group,
                **site.carried("alerts", MetricRule, statistic=lambda: "avg"),
            ),
        ],
        log_alarm=LogAlarm(
            query="error", more_than=2, window_minutes=10,
            **site.carried("alerts", LogAlarm, receivers=lambda: ["ops-user"]),
        ),
        observability=site.observability,
        native=site.native("alerts full"),
    )  # fmt: skip
    return site.cloud.Alerts(name, args, opts)


def identity_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.ServiceAccount(name, ServiceAccountArgs(scope=site.scope, purpose="runtime"), opts)


def identity_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = ServiceAccountArgs(
        scope=site.scope, purpose="operator", statements=[Statement(actions=site.facts.actions)],
        system_policies=[site.facts.system_policy], keys={"primary": True, "secondary": True},
    )  # fmt: skip
    return site.cloud.ServiceAccount(name, args, opts)


def website_minimal(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    return site.cloud.Website(name, WebsiteArgs(scope=site.scope, folder=PAGES), opts)


def website_full(site: Site, name: str, opts: pulumi.ResourceOptions) -> Component:
    args = WebsiteArgs(
        scope=site.scope, folder=PAGES, build="npm run build", error="docs/index.html", ignore=("404.html",),
        cache=site.mapping({"*.css": "no-store", "docs/**": "public, max-age=60"}),
        content_types=site.mapping({"*.js": "text/javascript", "*.css": "text/css"}),
        domain=Domain(
            name=f"{name}.example.com", certificate="-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----",
            private_key=CANARY.format("key"), dns_zone="example.com",
        ),
        native=site.native("website full"),
    )  # fmt: skip
    return site.cloud.Website(name, args, opts)


CASES: dict[str, dict[str, Build]] = {
    "network": {"minimal": network_minimal, "full": network_full},
    "registry": {"minimal": registry_minimal, "full": registry_full},
    "observability": {"minimal": observability_minimal, "full": observability_full},
    "function": {
        "minimal": function_minimal, "full": function_full, "code": function_code, "task": function_task,
        "microservice": function_microservice, "gpu": function_gpu,
    },
    "gateway": {"minimal": gateway_minimal, "full": gateway_full},
    "postgres": {"minimal": postgres_minimal, "full": postgres_full},
    "mysql": {"minimal": mysql_minimal, "full": mysql_full},
    "redis": {"minimal": redis_minimal, "full": redis_full},
    "filesystem": {"minimal": filesystem_minimal, "full": filesystem_full},
    "bucket": {"minimal": bucket_minimal, "full": bucket_full},
    "website": {"minimal": website_minimal, "full": website_full},
    "alerts": {"minimal": alerts_minimal, "full": alerts_full},
    "identity": {"minimal": identity_minimal, "full": identity_full},
}  # fmt: skip
"""By the concept's module name, then by variant."""

ASKS_FOR = {("function", "gpu"): "FunctionArgs.gpu"}
"""Cases that only a cloud which carries a field can have."""


def variants(cloud: Cloud, concept: str) -> list[str]:
    """The cases of a concept that a cloud can have."""
    lacking = cloud.component(concept).UNSUPPORTED
    return [variant for variant in CASES.get(concept, {}) if ASKS_FOR.get((concept, variant)) not in lacking]


SECRET_FIELDS = {
    "FunctionArgs.secret_env",
    "GatewayArgs.signer",
    "GatewayNative.token_secret",
    "Domain.private_key",
    "ExistingObservability.trace_token",
    "ExistingRegistry.password",
    "AlertsNative.webhook",
    "RegistryNative.password",
    "ObservabilityNative.trace_token",
    "AlertsNative.ding_webhook",
}
"""Every secret field of the vocabulary. The cases above give each a canary, but for the registries', which only a
blueprint that builds images reads, and a signer's, whose key is generated."""
