"""An optional part added later leaves every resource that is there as it is: nothing is renamed, moved or replaced."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from components.alerts import AlertsArgs, Contact, MetricRule
from components.bucket import BucketArgs, CorsRule
from components.clouds import CLOUDS
from components.gateway import GatewayArgs, Route
from components.identity import ServiceAccountArgs
from components.network import IngressRule, NetworkArgs
from components.observability import ObservabilityArgs
from components.registry import RegistryArgs
from components.scope import Profile
from qiao.plan.recorder import record
from qiao.plan.recording import Recording
from qiao.testing.contract import check_grown, differences
from tests.contract.facts import FACTS
from tests.contract.site import Site

every_cloud = pytest.mark.parametrize("cloud", CLOUDS)


def grown(cloud: str, concept: str, args: Callable[[Site], Any]) -> Recording:
    def program() -> None:
        site = Site(cloud, Profile.prod())
        provider = site.cloud.facts.provider("explicit", site.facts.region)
        site.cloud.component(concept)("it", args(site), pulumi.ResourceOptions(provider=provider))

    return record(program, stack="stage-x")


def network(cloud: str, zones: tuple[str, ...] | None = None, **more: Any) -> Recording:
    return grown(cloud, "network", lambda site: NetworkArgs(scope=site.scope, zones=zones or site.facts.zones, **more))


def check_part(cloud: str, part: str, before: Recording, after: Recording) -> None:
    """A part that is a resource of its own leaves the others; one that is not changes its own property, in place."""
    inside = FACTS[cloud].inside.get(part)
    if inside is None:
        check_grown(before, after)
    else:
        assert set(differences(before.resources, after.resources)) == inside


@every_cloud
@pytest.mark.parametrize(
    "part", [{"egress": True}, {"ingress": [IngressRule(port=443, cidr="0.0.0.0/0")]}], ids=["egress", "ingress"]
)
def test_an_added_part_of_a_network_moves_nobody(cloud: str, part: dict[str, Any]) -> None:
    check_part(cloud, next(iter(part)), network(cloud), network(cloud, **part))


@every_cloud
def test_an_added_rule_leaves_the_others(cloud: str) -> None:
    one, other = IngressRule(port=443, cidr="0.0.0.0/0"), IngressRule(port=80, cidr="10.0.0.0/16")
    check_part(cloud, "ingress", network(cloud, ingress=[one]), network(cloud, ingress=[other, one]))


@every_cloud
def test_zones_in_another_order_move_no_subnet(cloud: str) -> None:
    a, b = FACTS[cloud].zones
    one, other = ({r.urn: r.inputs for r in network(cloud, zones).resources} for zones in ((a, b), (b, a)))
    assert one == other


@every_cloud
def test_a_zone_exchanged_leaves_the_other(cloud: str) -> None:
    """The block of a zone follows from the zone, not from its place in the list."""
    a, b = FACTS[cloud].zones
    c = f"{a[:-1]}{chr(ord(b[-1]) + 1)}"
    before = {r.name: r.inputs for r in network(cloud, (a, b)).resources if r.name.endswith(b)}
    after = {r.name: r.inputs for r in network(cloud, (c, b)).resources if r.name.endswith(b)}
    assert before
    assert before == after


@every_cloud
def test_an_added_block_leaves_a_registrys_others(cloud: str) -> None:
    def registry(*blocks: str) -> Recording:
        def args(site: Site) -> RegistryArgs:
            return RegistryArgs(scope=site.scope, public_cidrs=blocks, native=site.native("registry full"))

        return grown(cloud, "registry", args)

    one, other = "198.51.100.0/24", "203.0.113.0/24"
    check_part(cloud, "first block", registry(), registry(one))
    check_part(cloud, "block", registry(one), registry(one, other))


@every_cloud
def test_added_traces_leave_the_logs(cloud: str) -> None:
    def logs(traces: bool) -> Recording:
        return grown(cloud, "observability", lambda site: ObservabilityArgs(scope=site.scope, traces=traces))

    check_part(cloud, "traces", logs(False), logs(True))


@every_cloud
@pytest.mark.parametrize("auth", ["jwt", "app"])
def test_an_added_route_leaves_the_others(cloud: str, auth: Any) -> None:
    def gateway(*paths: str) -> Recording:
        def args(site: Site) -> GatewayArgs:
            routes = [Route(name="chat", path="/chat", function=site.led_to)]
            routes += [Route(name=path, path=f"/{path}", function=site.led_to, auth=auth) for path in paths]
            # The newest first: a route's place in the list must not matter.
            return GatewayArgs(scope=site.scope, routes=routes[::-1], network=site.existing_network, **site.door)

        return grown(cloud, "gateway", args)

    check_part(cloud, "route", gateway(), gateway("kb"))
    check_part(cloud, "route", gateway("kb"), gateway("kb", "files"))


@every_cloud
def test_added_cors_leaves_the_bucket(cloud: str) -> None:
    def bucket(*rules: CorsRule) -> Recording:
        return grown(cloud, "bucket", lambda site: BucketArgs(scope=site.scope, cors=rules))

    check_part(cloud, "cors", bucket(), bucket(CorsRule(origins=["https://chat.example.com"])))


@every_cloud
def test_an_added_contact_joins_the_group_and_changes_nothing_else(cloud: str) -> None:
    def alerts(*names: str) -> Recording:
        def args(site: Site) -> AlertsArgs:
            rule = MetricRule(name="errors", metric="Errors", threshold=1, namespace=site.facts.metric_group)
            contacts = [Contact(name=name, email=f"{name}@example.com", phone="13800000000") for name in names]
            functions = {"chat": site.existing_function}
            return AlertsArgs(scope=site.scope, contacts=contacts, rules=[rule], functions=functions)

        return grown(cloud, "alerts", args)

    check_grown(alerts("ops"), alerts("dev", "ops"), allowed=FACTS[cloud].group_members)


@every_cloud
def test_an_added_key_leaves_the_first(cloud: str) -> None:
    """Rotation: the second key comes while the first still serves."""

    def account(*keys: str) -> Recording:
        args = dict.fromkeys(keys, True)
        return grown(cloud, "identity", lambda site: ServiceAccountArgs(scope=site.scope, purpose="runtime", keys=args))

    check_grown(account("primary"), account("primary", "secondary"))
