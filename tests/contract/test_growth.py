"""An optional part added later leaves every resource that is there as it is: nothing is renamed, moved or replaced."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.clouds import CLOUDS
from components.network import IngressRule, NetworkArgs
from components.scope import Profile
from qiao.plan.recorder import record
from qiao.plan.recording import Recording
from qiao.testing.contract import check_grown
from tests.contract.cases import Site

every_cloud = pytest.mark.parametrize("cloud", CLOUDS)


def network(cloud: str, zones: tuple[str, ...] | None = None, **more: Any) -> Recording:
    def program() -> None:
        site = Site(cloud, Profile.prod())
        provider = site.cloud.facts.provider("explicit", site.facts.region)
        args = NetworkArgs(scope=site.scope, zones=zones or site.facts.zones, **more)
        site.cloud.Network("it", args, pulumi.ResourceOptions(provider=provider))

    return record(program, stack="stage-x")


@every_cloud
@pytest.mark.parametrize(
    "part", [{"egress": True}, {"ingress": [IngressRule(port=443, cidr="0.0.0.0/0")]}], ids=["egress", "ingress"]
)
def test_an_added_part_of_a_network_moves_nobody(cloud: str, part: dict[str, Any]) -> None:
    check_grown(network(cloud), network(cloud, **part))


@every_cloud
def test_an_added_rule_leaves_the_others(cloud: str) -> None:
    one, other = IngressRule(port=443, cidr="0.0.0.0/0"), IngressRule(port=80, cidr="10.0.0.0/16")
    check_grown(network(cloud, ingress=[one]), network(cloud, ingress=[other, one]))


@every_cloud
def test_zones_in_another_order_move_no_subnet(cloud: str) -> None:
    a, b = Site(cloud, Profile.dev()).facts.zones
    one, other = network(cloud, (a, b)), network(cloud, (b, a))
    assert one.resources[:-1] == other.resources[:-1]


@every_cloud
def test_a_zone_exchanged_leaves_the_other(cloud: str) -> None:
    """The block of a zone follows from the zone, not from its place in the list."""
    a, b = Site(cloud, Profile.dev()).facts.zones
    c = f"{a[:-1]}{chr(ord(b[-1]) + 1)}"
    before = {r.name: r.inputs for r in network(cloud, (a, b)).resources if r.name.endswith(b)}
    after = {r.name: r.inputs for r in network(cloud, (c, b)).resources if r.name.endswith(b)}
    assert before
    assert before == after
