from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pulumi
import pytest

from components.errors import UserError
from components.redis import RedisArgs
from components.scope import Scope
from components.tencentcloud.redis import HOURS, Redis, RedisNative, zone_numbers
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from tests.components.tencentcloud.support import (
    PASSWORD,
    ZONES,
    Answers,
    Stage,
    marked,
    no_network,
    probe,
    probed,
    recorded,
    tags_of,
    waits_for,
    zone_number,
)

INSTANCE, PARAM = "tencentcloud:Redis/instance:Instance", "tencentcloud:Redis/param:Param"
BACKUP = "tencentcloud:Redis/backupConfig:BackupConfig"
FIRST, SECOND = (zone_number(zone) for zone in ZONES)


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


def test_dev_is_a_primary_and_a_replica_in_one_zone() -> None:
    inputs = dict(redis().get(INSTANCE).inputs)
    assert isinstance(inputs.pop("password"), Secret)
    assert len(inputs.pop("securityGroups")) == 1
    assert inputs == {
        "name": "qiao-dev-agent-cache", "chargeType": "POSTPAID", "typeId": 17, "memSize": 1024, "vpcId": "vpc-there",
        "subnetId": "subnet-a", "port": 6379, "wanAddressSwitch": "close", "availabilityZone": ZONES[0],
        "redisReplicasNum": 1, "replicaZoneIds": [FIRST], "forceDelete": True, "tags": tags_of("agent-cache"),
    }, "operationNetwork fails a creation, noAuth opens it, a product version fails every update"  # fmt: skip


def test_prod_has_its_replica_in_the_second_zone_by_its_number() -> None:
    inputs = redis("prod", version="6.0").get(INSTANCE).inputs
    assert (inputs["availabilityZone"], inputs["subnetId"]) == (ZONES[0], "subnet-a")
    assert (inputs["redisReplicasNum"], inputs["replicaZoneIds"]) == (1, [SECOND])
    assert (inputs["typeId"], inputs["memSize"]) == (15, 4096), "what is sold as 6.2 speaks 6.0"


@pytest.mark.parametrize(
    ("stage", "replicas", "expected"),
    [("prod", 2, [SECOND, FIRST]), ("prod", 3, [SECOND, FIRST, SECOND]), ("dev", 2, [FIRST, FIRST])],
)
def test_replicas_stand_by_turns(stage: Stage, replicas: int, expected: list[int]) -> None:
    inputs = redis(stage, native=RedisNative(replicas=replicas)).get(INSTANCE).inputs
    assert inputs["replicaZoneIds"] == expected
    assert inputs["redisReplicasNum"] == len(expected), "the provider wants the two to agree"


def test_zones_are_asked_for_through_the_callers_provider() -> None:
    (asked,) = [one for one in redis().invokes if one.token.endswith(":getZonesByProduct")]
    assert asked.args == {"product": "redis"}
    assert asked.provider.startswith("urn:pulumi:dev::qiao::pulumi:providers:tencentcloud::explicit::")


class Zone:
    """A zone as the data source tells it."""

    def __init__(self, name: str, number: str) -> None:
        self.name, self.id = name, number


def test_a_zone_without_redis_is_refused_with_those_that_have_it() -> None:
    sold = [Zone("ap-guangzhou-6", "100006"), Zone("ap-guangzhou-3", "100003")]
    assert zone_numbers("agent-cache", ["ap-guangzhou-6", "ap-guangzhou-3"], sold) == [100006, 100003]
    with pytest.raises(UserError) as error:
        zone_numbers("agent-cache", ["ap-guangzhou-7"], sold)
    assert str(error.value) == (
        "RedisArgs.network of agent-cache: no Redis is sold in ap-guangzhou-7;"
        " use zones among ap-guangzhou-3, ap-guangzhou-6"
    )


@pytest.mark.parametrize(("size", "memory"), [("small", 1024), ("medium", 4096), ("large", 16384)])
def test_the_memory_follows_the_size(size: str, memory: int) -> None:
    assert redis(profile={"size": size}).get(INSTANCE).inputs["memSize"] == memory
    assert redis(memory_gb=12).get(INSTANCE).inputs["memSize"] == 12288


def test_another_network_replaces_it_and_a_takeover_does_not() -> None:
    instance = redis().get(INSTANCE)
    assert instance.replace_on_changes == ("vpcId", "subnetId", "port"), "the provider fails an update of these"
    assert instance.ignore_changes == ("availabilityZone",), "a reported zone would replace it"


@pytest.mark.parametrize("eviction", ["noeviction", "volatile-lru", "allkeys-lru"])
def test_eviction_is_always_said(eviction: str) -> None:
    recording = redis(eviction=eviction)
    param = recording.get(PARAM)
    assert param.inputs == {
        "instanceId": recording.get(INSTANCE).id, "instanceParams": {"maxmemory-policy": eviction}
    }  # fmt: skip
    assert param.replace_on_changes == ("instanceId",), "the provider would go on setting those of the old instance"
    assert param.deleted_with == recording.get(INSTANCE).urn


def test_other_parameters_stand_beside_it_and_eviction_has_one_place() -> None:
    native = RedisNative(parameters={"timeout": "0"})
    inputs = redis(native=native).get(PARAM).inputs
    assert inputs["instanceParams"] == {"maxmemory-policy": "noeviction", "timeout": "0"}
    with pytest.raises(UserError) as error:
        RedisNative(parameters={"maxmemory-policy": "allkeys-lru"})
    assert str(error.value) == (
        "RedisNative.parameters: maxmemory-policy has a setting of its own; use RedisArgs.eviction"
    )


def test_prod_is_backed_up_in_its_hour() -> None:
    recording = redis("prod")
    backup = recording.get(BACKUP)
    assert backup.inputs == {"redisId": recording.get(INSTANCE).id, "backupTime": "02:00-03:00"}
    assert backup.deleted_with == recording.get(INSTANCE).urn
    late = redis("prod", native=RedisNative(backup_time="23:00-00:00")).get(BACKUP)
    assert late.inputs["backupTime"] == "23:00-00:00"
    assert redis().of_type(BACKUP) == []


def test_hours_are_those_that_the_provider_takes() -> None:
    assert (HOURS[0], HOURS[9], HOURS[23]) == ("00:00-01:00", "09:00-10:00", "23:00-00:00")
    for hour in ("18:00-20:00", "24:00-25:00"):
        with pytest.raises(UserError, match=r"RedisNative\.backup_time: .* is unknown"):
            RedisNative(backup_time=hour)


@pytest.mark.parametrize("replicas", [0, 6])
def test_replicas_out_of_range(replicas: int) -> None:
    with pytest.raises(UserError) as error:
        RedisNative(replicas=replicas)
    assert str(error.value) == f"RedisNative.replicas: {replicas} is out of range; use 1 to 5"


def test_extras_of_another_cloud() -> None:
    with pytest.raises(UserError) as error:
        redis(native="big")
    assert str(error.value) == "RedisArgs.native of agent-cache: str is not for tencentcloud; give a RedisNative"


@pytest.mark.parametrize("preview", [False, True])
def test_one_operation_after_the_other(preview: bool) -> None:
    recording = redis("prod", preview=preview)
    for before, step in pairwise([recording.get(kind) for kind in (INSTANCE, PARAM, BACKUP)]):
        assert before.name in waits_for(step)


def test_the_password_is_secret_short_and_needs_no_encoding() -> None:
    recording = redis()
    password = recording.get(PASSWORD)
    assert recording.get(INSTANCE).inputs["password"] == Secret(reveal(password.outputs["result"]))
    assert set(password.inputs["overrideSpecial"]) <= set("-_.~") & set("_+-&=!@#$%^*()")
    assert password.inputs["length"] == 16
    assert all(password.inputs[f"min{kind}"] == 1 for kind in ("Lower", "Upper", "Numeric", "Special"))


def test_the_url_has_no_user_and_is_known_when_eviction_is_set() -> None:
    recording = redis(answers={INSTANCE: {"ip": "10.8.0.9", "port": 6380}})
    url, gates = probed(recording, "url")
    password = reveal(recording.get(PASSWORD).outputs["result"])
    assert url == Secret(f"redis://:{password.replace('!', '%21')}@10.8.0.9:6380/0")
    assert urlsplit(url.value).username == ""
    assert gates == {"agent-cache-instance", "agent-cache-parameters", "agent-cache-password"}
    assert probed(recording, "host") == ("10.8.0.9", {"agent-cache-instance", "agent-cache-parameters"})
    assert probed(recording, "user")[0] == ""
    assert probed(recording, "port")[0] == "6380"
    assert probed(recording, "password")[0] == Secret(password)


@pytest.mark.parametrize(
    ("stage", "profile", "forced"),
    [("dev", {}, True), ("dev", {"protect": True}, False), ("dev", {"retain": True}, False), ("prod", {}, False)],
)
def test_only_what_is_disposable_misses_the_recycle_bin(stage: Stage, profile: dict[str, Any], forced: bool) -> None:
    assert redis(stage, profile=profile).get(INSTANCE).inputs["forceDelete"] is forced


def test_prod_is_protected_and_outlives_the_stack() -> None:
    recording = redis("prod")
    assert marked(recording, "protect") == {"agent-cache-instance", "agent-cache-password"}
    assert marked(recording, "retain_on_delete") == {
        "agent-cache-instance", "agent-cache-security-group", "agent-cache-rules", "agent-cache-parameters",
        "agent-cache-backup",
    }  # fmt: skip


def test_a_first_preview_knows_no_address() -> None:
    recording = redis("prod", preview=True)
    assert probed(recording, "host")[0] is UNKNOWN
    assert probed(recording, "url")[0] == Secret(UNKNOWN)
    inputs = recording.get(INSTANCE).inputs
    assert (inputs["password"], inputs["availabilityZone"]) == (Secret(UNKNOWN), ZONES[0])
    assert recording.get(PARAM).inputs == {"instanceId": UNKNOWN, "instanceParams": {"maxmemory-policy": "noeviction"}}
