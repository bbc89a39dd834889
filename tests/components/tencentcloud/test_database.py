"""Who may reach a database: one law for all three."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest
from tencentcloud_iac_pulumi import subnet

from components.base import Args, Component
from components.errors import UserError
from components.mysql import MysqlArgs
from components.network import ExistingNetwork
from components.postgres import PostgresArgs
from components.redis import RedisArgs
from components.scope import Scope
from components.tencentcloud.database import private_host
from components.tencentcloud.mysql import Mysql
from components.tencentcloud.postgres import Postgres
from components.tencentcloud.redis import Redis
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.tencentcloud.support import (
    ZONES,
    Stage,
    behind,
    marked,
    no_network,
    recorded,
    scope_of,
    tags_of,
    waits_for,
)

GROUP, RULES = "tencentcloud:Security/group:Group", "tencentcloud:Security/groupRuleSet:GroupRuleSet"
Kind = tuple[type[Component], Callable[..., Args], str, str]
KINDS: Mapping[str, Kind] = {
    "postgres": (Postgres, PostgresArgs, "tencentcloud:Postgresql/instance:Instance", "5432"),
    "mysql": (Mysql, MysqlArgs, "tencentcloud:Mysql/instance:Instance", "3306"),
    "redis": (Redis, RedisArgs, "tencentcloud:Redis/instance:Instance", "6379"),
}
each = pytest.mark.parametrize("kind", KINDS)
ONE_ZONE = ExistingNetwork(
    vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "subnet-a"}, subnet_cidrs={ZONES[0]: "10.0.0.0/24"}
)


def open_to(*blocks: Any) -> ExistingNetwork:
    return ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids=dict(zip(ZONES, ("a", "b"), strict=True)),
        subnet_cidrs=dict(zip(ZONES, blocks, strict=False)),
    )  # fmt: skip


def database(kind: str, stage: Stage = "dev", *, preview: bool = False, **args: Any) -> Recording:
    component, arguments, _, _ = KINDS[kind]

    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        component("agent-db", arguments(**{"scope": scope, "network": no_network(), **args}), opts)

    return recorded(build, stage, preview=preview)


@each
@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_only_the_subnets_reach_it_and_only_on_its_port(kind: str, stage: Stage) -> None:
    recording = database(kind, stage)
    _, _, token, port = KINDS[kind]
    group, rules, instance = recording.get(GROUP), recording.get(RULES), recording.get(token)
    assert group.inputs == {
        "name": f"qiao-{stage}-agent-db", "description": f"qiao {stage} agent-db", "tags": tags_of("agent-db", stage)
    }  # fmt: skip
    one, other = (
        {"action": "ACCEPT", "cidrBlock": block, "description": f"subnet in {zone}"}
        for zone, block in zip(ZONES, ("10.7.0.0/20", "10.7.16.0/20"), strict=True)
    )
    on_its_port, on_any = {"protocol": "TCP", "port": port}, {"protocol": "ALL", "port": "ALL"}
    assert rules.inputs == {
        "securityGroupId": group.id, "ingresses": [one | on_its_port, other | on_its_port],
        "egresses": [one | on_any, other | on_any],
    }  # fmt: skip
    assert instance.inputs["securityGroups"] == [group.id], "the network's own lets in whom its `ingress` names"


@each
@pytest.mark.parametrize("preview", [False, True])
def test_it_is_made_when_the_rules_are_in_force(kind: str, preview: bool) -> None:
    instance = database(kind, preview=preview).get(KINDS[kind][2])
    assert behind(instance, "securityGroups") == {"agent-db-security-group", "agent-db-rules"}


@each
def test_it_has_no_address_that_the_world_reaches(kind: str) -> None:
    inputs = database(kind, "prod").get(KINDS[kind][2]).inputs
    closed = {"publicAccessSwitch": False, "internetService": 0, "wanAddressSwitch": "close"}
    assert {key: inputs[key] for key in closed if key in inputs} in [{key: value} for key, value in closed.items()]


@each
@pytest.mark.parametrize("block", ["0.0.0.0/0", "203.0.113.0/24", "0.0.0.0/1"])
def test_a_public_block_is_refused_before_anything_is_declared(kind: str, block: str) -> None:
    component, arguments, _, _ = KINDS[kind]
    args = arguments(scope=scope_of(open_to_world=True), network=open_to("10.0.0.0/24", block))
    with pytest.raises(UserError) as error:
        component.check("agent-db", args)
    assert str(error.value) == (
        f"{arguments.__name__}.network.subnet_cidrs: {block} is not private;"
        " give the subnets' own blocks: a database is never public"
    )


@each
def test_a_public_block_that_is_known_late_is_refused_as_well(kind: str) -> None:
    with pytest.raises(UserError, match=r"0\.0\.0\.0/0 is not private"):
        database(kind, network=open_to("10.0.0.0/24", pulumi.Output.from_input("0.0.0.0/0")))


@each
def test_two_zones_are_wanted_for_high_availability(kind: str) -> None:
    component, arguments, token, _ = KINDS[kind]
    with pytest.raises(UserError) as error:
        component.check("agent-db", arguments(scope=scope_of("prod"), network=ONE_ZONE))
    assert str(error.value) == (
        f"{arguments.__name__}.network: high availability wants two zones; give a network of two subnets"
    )
    assert database(kind, network=ONE_ZONE).get(token).inputs["availabilityZone"] == ZONES[0]


@each
def test_what_outlives_the_stack_keeps_who_may_reach_it(kind: str) -> None:
    kept = marked(database(kind, "prod"), "retain_on_delete")
    assert {"agent-db-instance", "agent-db-security-group", "agent-db-rules"} <= kept
    assert marked(database(kind), "retain_on_delete") | marked(database(kind), "protect") == set()


@each
def test_a_first_preview_of_subnets_that_are_not_there_yet(kind: str) -> None:
    component, arguments, token, _ = KINDS[kind]

    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        blocks = dict(zip(ZONES, ("10.0.0.0/24", "10.0.1.0/24"), strict=True))
        ids = {
            zone: subnet.Instance(
                f"in-{zone}", vpc_id="vpc-there", availability_zone=zone, cidr_block=block, opts=opts
            ).id
            for zone, block in blocks.items()
        }
        network = ExistingNetwork(vpc_id="vpc-there", security_group_id="s", subnet_ids=ids, subnet_cidrs=blocks)
        component("agent-db", arguments(scope=scope, network=network), opts)

    instance = recorded(build, "prod", preview=True).get(token)
    assert (instance.inputs["subnetId"], instance.inputs["securityGroups"]) == (UNKNOWN, [UNKNOWN])
    assert behind(instance, "subnetId") == {f"in-{ZONES[0]}"}, "an address stands in one subnet"
    assert instance.inputs["availabilityZone"] == ZONES[0]


@each
def test_two_side_by_side_share_nothing(kind: str) -> None:
    component, arguments, token, _ = KINDS[kind]

    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-db", "agent-audit"):
            component(name, arguments(scope=scope, network=no_network()), opts)

    recording = recorded(build, "prod")
    audit = [resource for resource in recording.resources if resource.name.startswith("agent-audit-")]
    assert {name for one in audit for name in waits_for(one) if name.startswith("agent-db")} == set()
    groups = {one.name: one.inputs["securityGroups"] for one in recording.of_type(token)}
    assert groups["agent-db-instance"] != groups["agent-audit-instance"]
    assert {resource.inputs["name"] for resource in recording.of_type(GROUP)} == {
        "qiao-prod-agent-db", "qiao-prod-agent-audit"
    }  # fmt: skip


def test_a_long_description_is_cut_to_what_a_group_takes() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        Redis("agent-" + "x" * 100, RedisArgs(scope=scope, network=no_network()), opts)

    inputs = recorded(build).get(GROUP).inputs
    assert inputs["description"] == ("qiao dev agent-" + "x" * 100)[:100]
    assert len(inputs["name"]) == 60


@pytest.mark.parametrize("address", [None, ""])
def test_no_private_address_is_an_error(address: str | None) -> None:
    with pytest.raises(UserError, match=r"there is no private address yet; run `up` again in a minute"):
        private_host(address)
    assert private_host("10.0.0.1") == "10.0.0.1"
