"""What a cloud cannot carry is one error before anything is declared: cloud, concept, field, and the way round."""

from __future__ import annotations

import dataclasses
import importlib
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components import cloud as cloud_named
from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.base import Component
from components.clouds import CLOUDS, CONCEPTS, LACKING
from components.errors import UnsupportedError
from components.function import BucketEvent, FunctionArgs, FunctionUrl, Gpu, Initializer, Mount
from components.gateway import GatewayArgs, Route
from components.identity import Statement
from components.observability import ObservabilityArgs
from components.scope import Profile
from qiao.plan.recorder import record
from tests.contract.recorded import CARRIED
from tests.contract.site import Site
from tests.contract.sources import concept_module

SET: dict[str, Callable[[Site], Any]] = {
    "FunctionArgs.cpu": lambda _: 1,
    "FunctionArgs.gpu": lambda _: Gpu(model="t4"),
    "FunctionArgs.health_path": lambda _: "/healthz",
    "FunctionArgs.initializer": lambda _: Initializer(command="./warm"),
    "FunctionArgs.mounts": lambda site: [Mount(path="/mnt/objects", source=site.bucket)],
    "FunctionArgs.permissions": lambda site: [Statement(actions=site.facts.actions)],
    "FunctionArgs.url": lambda _: FunctionUrl(),
    "FunctionArgs.triggers": lambda site: [BucketEvent(name="uploads", bucket=site.bucket)],
    "FunctionArgs.provisioned_concurrency": lambda _: 1,
    "FunctionArgs.reserved_concurrency": lambda _: 5,
    "ObservabilityArgs.trace_keys": lambda _: ("request_id",),
    "LogAlarm.receivers": lambda _: ["ops-user"],
    "MetricRule.statistic": lambda _: "avg",
    "MetricRule.unit": lambda _: "Percent",
    "Route.rate_limit": lambda _: 10,
    "Route.allow_cidrs": lambda _: ["203.0.113.0/24"],
    "Route.request_headers": lambda _: {"X-Debug": None},
    "Route.response_headers": lambda _: {"X-Debug": None},
    "Route.strip_prefix": lambda _: True,
}
"""A value that asks for each field that some cloud lacks."""

REFUSED = [
    (cloud, concept, field, instead)
    for cloud, concept in CARRIED
    for field, instead in cloud_named(cloud).component(concept).UNSUPPORTED.items()
]


def test_every_field_that_some_cloud_lacks_can_be_asked_for() -> None:
    assert sorted({field for _, _, field, _ in REFUSED} - set(SET)) == [], "add a value to SET"
    assert sorted({field.partition(".")[0] for field in SET} - set(ASKING)) == [], "add how to ask for it to ASKING"


def asking(site: Site, field: str) -> Any:
    """Arguments of the field's concept with nothing but that field set."""
    kind, _, name = field.partition(".")
    return ASKING[kind](site, {name: SET[field](site)})


def a_function(site: Site, more: dict[str, Any]) -> FunctionArgs:
    return FunctionArgs(scope=site.scope, image="cr.example.com/team/app:1.0", **more)


def a_route(site: Site, more: dict[str, Any]) -> GatewayArgs:
    route = Route(name="chat", path="/chat", function=site.existing_function, **more)
    return GatewayArgs(scope=site.scope, routes=[route], network=site.existing_network)


def alarms(site: Site, **more: Any) -> AlertsArgs:
    return AlertsArgs(scope=site.scope, contacts=[Contact(name="ops", email="ops@example.com")], **more)


def a_log_alarm(site: Site, more: dict[str, Any]) -> AlertsArgs:
    return alarms(site, log_alarm=LogAlarm(**more), observability=site.existing_logs)


def a_rule(site: Site, more: dict[str, Any]) -> AlertsArgs:
    rule = MetricRule(name="errors", metric=site.facts.metric, threshold=1, namespace=site.facts.metric_group, **more)
    return alarms(site, rules=[rule])


ASKING: dict[str, Callable[[Site, dict[str, Any]], Any]] = {
    "FunctionArgs": a_function,
    "Route": a_route,
    "ObservabilityArgs": lambda site, more: ObservabilityArgs(scope=site.scope, **more),
    "LogAlarm": a_log_alarm,
    "MetricRule": a_rule,
}
"""Arguments by the class that a field belongs to."""


@pytest.mark.parametrize(
    ("cloud", "concept", "field", "instead"), REFUSED, ids=[f"{cloud}-{field}" for cloud, _, field, _ in REFUSED]
)
def test_a_field_that_a_cloud_lacks_is_refused(cloud: str, concept: str, field: str, instead: str) -> None:
    caught: list[UnsupportedError] = []

    def program() -> None:
        site = Site(cloud, Profile.dev())
        args = asking(site, field)
        with pytest.raises(UnsupportedError) as refused:
            site.cloud.component(concept)("it", args, pulumi.ResourceOptions())
        caught.append(refused.value)

    recording = record(program, stack="stage-x")
    (error,) = caught
    assert (error.cloud, error.concept) == (cloud, CONCEPTS[concept])
    assert error.field.rpartition(".")[2] == field.rpartition(".")[2]
    assert error.instead == instead
    assert all(word in str(error) for word in (cloud, CONCEPTS[concept], error.field, instead))
    assert [resource.name for resource in recording.resources if resource.name.startswith("it")] == []


def test_a_field_of_a_list_says_which_item_it_is_in() -> None:
    """Of ten routes, one is refused: the error names it."""
    site = Site("volcengine", Profile.dev())
    args = asking(site, "Route.rate_limit")
    with pytest.raises(UnsupportedError, match=r"volcengine Gateway\.routes\[chat\]\.rate_limit: "):
        site.cloud.Gateway.check("it", args)


@pytest.mark.parametrize(
    ("cloud", "concept"), [(cloud, concept) for cloud, found in LACKING.items() for concept in found]
)
def test_a_concept_that_a_cloud_lacks_is_refused(cloud: str, concept: str) -> None:
    lacking = cloud_named(cloud)
    asked: list[Callable[[], Any]] = [
        lambda: lacking.component(concept), lambda: lacking.native(concept), lambda: getattr(lacking, CONCEPTS[concept])
    ]  # fmt: skip
    for ask in asked:
        with pytest.raises(UnsupportedError) as refused:
            ask()
        error = refused.value
        assert (error.cloud, error.concept, error.field) == (cloud, CONCEPTS[concept], "")
        assert error.instead == LACKING[cloud][concept]
        assert str(error) == f"{cloud} {CONCEPTS[concept]}: not supported on {cloud}; {LACKING[cloud][concept]}"
    assert concept not in lacking.concepts
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(f"components.{cloud}.{concept}")


@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_is_refused_is_there_to_be_asked_for(cloud: str) -> None:
    """A misspelt row would refuse nothing; one that is required would refuse everything."""
    assert set(LACKING.get(cloud, {})) <= set(CONCEPTS)
    for concept in cloud_named(cloud).concepts:
        for row in cloud_named(cloud).component(concept).UNSUPPORTED:
            kind, _, name = row.partition(".")
            known = {field.name: field for field in dataclasses.fields(getattr(concept_module(concept), kind))}
            missing = dataclasses.MISSING
            assert name in known, row
            assert known[name].default is not missing or known[name].default_factory is not missing, row


def test_a_default_asks_for_nothing() -> None:
    """Every cloud takes a function and a route that ask for nothing special."""
    for cloud in CLOUDS:
        site = Site(cloud, Profile.dev())
        kinds: dict[str, type[Component]] = {name: site.cloud.component(name) for name in ("function", "gateway")}
        kinds["function"].check("it", FunctionArgs(scope=site.scope, image="cr.example.com/team/app:1.0"))
        route = Route(name="chat", path="/chat", function=site.existing_function, auth="app")
        kinds["gateway"].check("it", GatewayArgs(scope=site.scope, routes=[route], network=site.existing_network))
