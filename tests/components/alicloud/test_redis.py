from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pulumi
import pytest

from components.alicloud.redis import CLASSES, Redis, RedisNative
from components.errors import UserError
from components.network import ExistingNetwork
from components.redis import RedisArgs
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from tests.components.alicloud.support import (
    PASSWORD,
    ZONES,
    Answers,
    Stage,
    marked,
    no_network,
    probe,
    probed,
    recorded,
    scope_of,
    tags_of,
)

INSTANCE = "alicloud:kvstore/instance:Instance"
ONE_ZONE = ExistingNetwork(
    vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "vsw-a"}, subnet_cidrs={ZONES[0]: "10.0.0.0/24"}
)


def redis(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None,
    answers: Answers | None = None, **args: Any,
) -> Recording:  # fmt: skip
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        given: dict[str, Any] = {"scope": scope, "network": no_network()} | args
        it = Redis("agent-cache", RedisArgs(**given), opts)
        for name in ("host", "port", "user", "password", "url"):
            probe(name, getattr(it, name))

    return recorded(build, stage, preview=preview, answers=answers, **(profile or {}))


def refused(stage: Stage = "dev", **args: Any) -> str:
    with pytest.raises(UserError) as error:
        redis(stage, **args)
    return str(error.value)


def test_the_provider_asks_for_nothing_and_gets_all_that_the_service_wants() -> None:
    inputs = redis().get(INSTANCE).inputs
    assert (inputs["instanceType"], inputs["engineVersion"]) == ("Redis", "7.0")
    assert (inputs["instanceClass"], inputs["vswitchId"], inputs["zoneId"]) == (
        "redis.shard.small.2.ce", "vsw-a", ZONES[0]
    )  # fmt: skip
    assert inputs["paymentType"] == "PostPaid", "what is paid ahead is not destroyed, only forgotten"
    assert inputs["dbInstanceName"] == "qiao-dev-agent-cache", "unset, it differs on every preview"
    assert inputs["tags"] == tags_of("agent-cache")
    assert inputs["vpcAuthMode"] == "Open", "closed, the network of the vswitch needs no password"
    assert "secondaryZoneId" not in inputs
    assert {"capacity", "nodeType", "privateIp", "privateConnectionPort"}.isdisjoint(inputs)


def test_prod_has_its_replica_in_the_second_zone() -> None:
    inputs = redis("prod", version="6.0").get(INSTANCE).inputs
    assert (inputs["zoneId"], inputs["secondaryZoneId"], inputs["vswitchId"]) == (*ZONES, "vsw-a")
    assert (inputs["instanceClass"], inputs["engineVersion"]) == ("redis.shard.large.ce", "6.0")


@pytest.mark.parametrize(("memory", "expected"), CLASSES.items())
def test_the_class_follows_the_memory(memory: int, expected: str) -> None:
    assert redis(memory_gb=memory).get(INSTANCE).inputs["instanceClass"] == expected


def test_classes_are_those_of_one_shard_without_a_proxy() -> None:
    assert len(set(CLASSES.values())) == len(CLASSES)
    assert all(name.startswith("redis.shard.") and name.endswith(".ce") for name in CLASSES.values())
    assert not any("proxy" in name for name in CLASSES.values()), "those are sold in numbers of shards"


@pytest.mark.parametrize(("size", "expected"), [("small", CLASSES[1]), ("medium", CLASSES[4]), ("large", CLASSES[16])])
def test_the_default_memory_follows_the_size(size: str, expected: str) -> None:
    assert redis(profile={"size": size}).get(INSTANCE).inputs["instanceClass"] == expected


def test_a_class_of_ones_own() -> None:
    native = RedisNative(instance_class="redis.shard.micro.ce", resource_group_id="rg-1")
    inputs = redis(memory_gb=3, native=native).get(INSTANCE).inputs
    assert (inputs["instanceClass"], inputs["resourceGroupId"]) == ("redis.shard.micro.ce", "rg-1")


def test_a_memory_that_is_not_sold() -> None:
    assert refused(memory_gb=3) == (
        "RedisArgs.memory_gb of agent-cache: there is no instance of 3 GB; use 1, 2, 4, 8, 16, 24, 32, 64"
    )


@pytest.mark.parametrize("eviction", ["noeviction", "volatile-lru", "allkeys-lru"])
def test_eviction_is_always_said(eviction: str) -> None:
    assert redis(eviction=eviction).get(INSTANCE).inputs["config"] == {"maxmemory-policy": eviction}


def test_nothing_is_lost_silently_by_default() -> None:
    assert redis().get(INSTANCE).inputs["config"] == {"maxmemory-policy": "noeviction"}, "the service's own evicts"


def test_other_parameters_stand_beside_it() -> None:
    native = RedisNative(parameters={"appendonly": "yes"})
    assert redis(native=native).get(INSTANCE).inputs["config"] == {
        "maxmemory-policy": "noeviction", "appendonly": "yes"
    }  # fmt: skip


def test_eviction_has_one_place() -> None:
    with pytest.raises(UserError) as error:
        RedisNative(parameters={"maxmemory-policy": "allkeys-lru"})
    assert str(error.value) == (
        "RedisNative.parameters: maxmemory-policy has a setting of its own; use RedisArgs.eviction"
    )


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_only_the_vswitches_are_let_in(stage: Stage) -> None:
    assert redis(stage).get(INSTANCE).inputs["securityIps"] == ["10.7.0.0/20", "10.7.16.0/20"]


def test_a_public_block_is_refused() -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "vsw-a"}, subnet_cidrs={ZONES[0]: "0.0.0.0/0"}
    )
    assert refused(network=network) == (
        "RedisArgs.network.subnet_cidrs: 0.0.0.0/0 is not private;"
        " give the subnets' own blocks: a database is never public"
    )


def test_two_zones_are_wanted_for_high_availability() -> None:
    assert refused("prod", network=ONE_ZONE) == (
        "RedisArgs.network: high availability wants two zones; give a network of two subnets"
    )
    assert redis(network=ONE_ZONE).get(INSTANCE).inputs["zoneId"] == ZONES[0]


@pytest.mark.parametrize(
    ("network", "what"),
    [
        (ONE_ZONE, "high availability wants two zones"),
        (
            ExistingNetwork(
                vpc_id="v", security_group_id="s", subnet_ids=dict.fromkeys(ZONES, "vsw"),
                subnet_cidrs=dict.fromkeys(ZONES, "0.0.0.0/0"),
            ),
            r"0\.0\.0\.0/0 is not private",
        ),
    ],
    ids=["zones", "blocks"],
)  # fmt: skip
def test_networks_are_refused_before_anything_is_declared(network: ExistingNetwork, what: str) -> None:
    with pytest.raises(UserError, match=what):
        Redis.check("agent-cache", RedisArgs(scope=scope_of("prod"), network=network))


def test_prod_is_backed_up_every_day() -> None:
    inputs = redis("prod").get(INSTANCE).inputs
    assert len(inputs["backupPeriods"]) == len(set(inputs["backupPeriods"])) == 7
    assert inputs["backupTime"] == "18:00Z-19:00Z"
    assert redis("prod", native=RedisNative(backup_time="23:00Z-24:00Z")).get(INSTANCE).inputs["backupTime"] == (
        "23:00Z-24:00Z"
    )
    assert {"backupPeriods", "backupTime"}.isdisjoint(redis().get(INSTANCE).inputs)


@pytest.mark.parametrize("hour", ["18:00-19:00", "18:00Z-20:00Z", "24:00Z-25:00Z"])
def test_an_hour_that_is_none(hour: str) -> None:
    with pytest.raises(UserError, match=r"RedisNative\.backup_time: .* is unknown"):
        RedisNative(backup_time=hour)


@pytest.mark.parametrize(("stage", "protected"), [("dev", False), ("prod", True)])
def test_the_cloud_itself_refuses_deletion_in_prod(stage: Stage, protected: bool) -> None:
    recording = redis(stage)
    assert recording.get(INSTANCE).inputs["instanceReleaseProtection"] is protected
    assert marked(recording, "protect") == ({"agent-cache-instance", "agent-cache-password"} if protected else set())
    assert marked(recording, "retain_on_delete") == ({"agent-cache-instance"} if protected else set())


def test_the_password_is_secret_and_needs_no_encoding() -> None:
    recording = redis()
    password = recording.get(PASSWORD)
    assert recording.get(INSTANCE).inputs["password"] == Secret(reveal(password.outputs["result"]))
    assert set(password.inputs["overrideSpecial"]) <= set("-_.~") & set("!@#$%^&*()_+-=")
    assert 8 <= password.inputs["length"] <= 32


def test_the_url_has_no_user() -> None:
    recording = redis(
        answers={INSTANCE: {"connectionDomain": "r-1.redis.example.com", "privateConnectionPort": "6380"}}
    )
    url, gates = probed(recording, "url")
    password = reveal(recording.get(PASSWORD).outputs["result"])
    assert url == Secret(f"redis://:{password.replace('!', '%21')}@r-1.redis.example.com:6380/0")
    assert urlsplit(url.value).username == ""
    assert gates == {"agent-cache-instance", "agent-cache-password"}
    assert probed(recording, "user")[0] == ""
    assert probed(recording, "host")[0] == "r-1.redis.example.com"
    assert probed(recording, "port")[0] == "6380"
    assert probed(recording, "password")[0] == Secret(password)


def test_the_port_is_the_usual_one_where_none_is_reported() -> None:
    assert probed(redis(), "port")[0] == "6379"


def test_a_first_preview_knows_no_address() -> None:
    recording = redis("prod", preview=True)
    assert probed(recording, "host")[0] is UNKNOWN
    assert probed(recording, "url")[0] == Secret(UNKNOWN)
    inputs = recording.get(INSTANCE).inputs
    assert (inputs["password"], inputs["secondaryZoneId"]) == (Secret(UNKNOWN), ZONES[1])
    assert inputs["securityIps"] == ["10.7.0.0/20", "10.7.16.0/20"]
