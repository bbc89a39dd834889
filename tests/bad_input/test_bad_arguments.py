"""Bad arguments in a program of one's own: refused before even the component is registered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.bucket import ExistingBucket
from components.errors import UserError
from components.function import CodeFolder, ExistingFunction, FunctionArgs
from components.gateway import GatewayArgs, Route
from components.network import ExistingNetwork
from components.observability import ExistingObservability
from components.postgres import PostgresArgs
from components.scope import Profile, Scope
from components.volcengine.alerts import Alerts
from components.volcengine.function import Function
from components.volcengine.gateway import Gateway, GatewayNative
from components.volcengine.postgres import Postgres
from qiao.plan.recorder import record

DEV = Scope(project="qiao", stage="dev", app="bot", region="cn-beijing", profile=Profile.dev())
PROD = Scope(project="qiao", stage="prod", app="bot", region="cn-beijing", profile=Profile.prod())
IMAGE = "cr.example.com/team/bot:1.0.0"
ZONES = {"cn-beijing-a": "s-1", "cn-beijing-b": "s-2"}


def function(**changes: Any) -> Callable[[], Any]:
    given: dict[str, Any] = {"scope": DEV, "image": IMAGE} | changes
    return lambda: Function("bot-chat", FunctionArgs(**given))


def network(blocks: dict[str, str], zones: dict[str, str] = ZONES) -> ExistingNetwork:
    return ExistingNetwork(vpc_id="v", subnet_ids=dict(zones), security_group_id="g", subnet_cidrs=blocks)


def gateway(auth: Any = "jwt", **changes: Any) -> Callable[[], Any]:
    route = Route(name="chat", path="/chat", function=ExistingFunction(id="f"), auth=auth)
    given: dict[str, Any] = {"scope": DEV, "routes": [route], "network": network({})} | changes
    return lambda: Gateway("bot-gateway", GatewayArgs(**given))


def postgres(scope: Scope = DEV, **changes: Any) -> Callable[[], Any]:
    given: dict[str, Any] = {"scope": scope, "network": network({"cn-beijing-a": "10.0.0.0/24"})} | changes
    return lambda: Postgres("bot-db", PostgresArgs(**given))


def alerts(**changes: Any) -> Callable[[], Any]:
    given: dict[str, Any] = {"scope": DEV, "contacts": [Contact(name="ann", email="ann@example.com")]} | changes
    return lambda: Alerts("bot-alerts", AlertsArgs(**given))


ROWS: dict[str, tuple[Callable[[], Any], str]] = {
    "memory": (
        function(memory_mb=1000),
        "FunctionArgs.memory_mb: 1000 is not a multiple of 512; use a multiple of 512",
    ),
    "timeout": (
        function(timeout_seconds=1000),
        "volcengine Function.timeout_seconds=1000: not supported on volcengine; use at most 900 seconds, and split "
        "longer work into several asynchronous calls (kind task)",
    ),
    "code": (
        function(image=None, code=CodeFolder(path="nowhere", bucket=ExistingBucket(name="b"))),
        "CodeFolder.path of bot-chat: nowhere is not a folder; give a folder, relative to the project",
    ),
    "native of another concept": (
        function(native=GatewayNative()),
        "FunctionArgs.native of bot-chat: GatewayNative is not for volcengine; give a FunctionNative",
    ),
    "gateway without network": (
        gateway(network=None),
        "GatewayArgs.network: a gateway of this cloud stands in a network; give a Network or an ExistingNetwork",
    ),
    "gateway of three subnets": (
        gateway(network=network({}, {**ZONES, "cn-beijing-c": "s-3"})),
        "GatewayArgs.network: it has 3 subnets; give one with a subnet in each of two zones",
    ),
    "gateway door": (
        gateway(native=GatewayNative(domain_door="open")),
        "GatewayNative.domain_door: no route is open; leave it out",
    ),
    "gateway auth": (
        gateway(auth="cloud"),
        "volcengine Gateway.routes[chat].auth=cloud: not supported on volcengine; use jwt: the gateway checks tokens "
        "that it issues itself (`qiao token`)",
    ),
    "disk": (
        postgres(storage_gb=25),
        "PostgresArgs.storage_gb of bot-db: 25 is not a multiple of 10; use a multiple of 10",
    ),
    "public allow-list": (
        postgres(network=network({"cn-beijing-a": "8.8.8.0/24"})),
        "PostgresArgs.network.subnet_cidrs: 8.8.8.0/24 is not private; give the subnets' own blocks: a database is "
        "never public",
    ),
    "one zone in prod": (
        postgres(PROD, network=network({"cn-beijing-a": "10.0.0.0/24"}, {"cn-beijing-a": "s-1"})),
        "PostgresArgs.network: high availability wants two zones; give a network of two subnets",
    ),
    "rule without namespace": (
        alerts(rules=[MetricRule(name="errors", metric="E", threshold=1)]),
        "MetricRule.namespace of errors: missing, and metrics here are known by it; copy it from the console's rule "
        "form",
    ),
    "alarm without receivers": (
        alerts(log_alarm=LogAlarm(), observability=ExistingObservability(log_project="p", log_store="s")),
        "LogAlarm.receivers of bot-alerts: nobody to tell; name sub-users of the account",
    ),
}


@pytest.mark.parametrize("row_id", ROWS)
def test_bad_arguments_are_refused_before_the_component_is_registered(row_id: str, requests: list[str]) -> None:
    program, message = ROWS[row_id]
    with pytest.raises(UserError) as caught:
        record(program)
    assert str(caught.value) == message
    assert requests == []


def test_good_arguments_are_taken(requests: list[str]) -> None:
    """Else rows could fail for another reason."""
    for program in (function(), gateway(), postgres(), alerts()):
        record(program)
    components = {"Function", "Gateway", "Postgres", "Alerts"}
    assert {f"RegisterResource qiao:volcengine:{name}" for name in components} <= set(requests)
