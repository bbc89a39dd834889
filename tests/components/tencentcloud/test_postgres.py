from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pulumi
import pytest

from components.errors import UserError
from components.postgres import PostgresArgs
from components.scope import Scope
from components.tencentcloud.mysql import MysqlNative
from components.tencentcloud.postgres import Postgres, PostgresNative
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from tests.components.tencentcloud.support import (
    GAP,
    PASSWORD,
    REGION,
    ZONES,
    Answers,
    Stage,
    behind,
    marked,
    no_network,
    probe,
    probed,
    recorded,
    scope_of,
    tags_of,
    waits_for,
)

INSTANCE, ACCOUNT = "tencentcloud:Postgresql/instance:Instance", "tencentcloud:Postgresql/account:Account"
HA, SSL = (
    "tencentcloud:Postgresql/instanceHaConfig:InstanceHaConfig",
    "tencentcloud:Postgresql/instanceSslConfig:InstanceSslConfig",
)
PARAMETERS, DATABASE = "tencentcloud:Postgresql/parameters:Parameters", f"{GAP}PostgresDatabase"
OUTPUTS = ("host", "port", "database", "user", "password", "url")


def postgres(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None,
    answers: Answers | None = None, **args: Any,
) -> Recording:  # fmt: skip
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        given: dict[str, Any] = {"scope": scope, "network": no_network()} | args
        it = Postgres("agent-db", PostgresArgs(**given), opts)
        for name in OUTPUTS:
            probe(name, getattr(it, name))

    return recorded(build, stage, preview=preview, answers=answers, **(profile or {}))


def test_dev_is_a_small_instance_in_one_zone() -> None:
    inputs = dict(postgres().get(INSTANCE).inputs)
    assert isinstance(inputs.pop("rootPassword"), Secret)
    assert len(inputs.pop("securityGroups")) == 1
    assert inputs.pop("backupPlan")["baseBackupRetentionPeriod"] == 7
    assert inputs == {
        "name": "qiao-dev-agent-db", "chargeType": "POSTPAID_BY_HOUR", "dbMajorVersion": "16", "cpu": 1, "memory": 2,
        "storage": 20, "vpcId": "vpc-there", "subnetId": "subnet-a", "availabilityZone": ZONES[0],
        "dbNodeSets": [{"role": "Primary", "zone": ZONES[0]}, {"role": "Standby", "zone": ZONES[0]}],
        "publicAccessSwitch": False, "charset": "UTF8", "needSupportTde": 0, "deleteProtection": False,
        "tags": tags_of("agent-db"),
    }, "another root user fails every update, a kernel or an engine version hinders the cloud's own"  # fmt: skip


def test_prod_is_two_nodes_in_two_zones() -> None:
    inputs = postgres("prod").get(INSTANCE).inputs
    assert inputs["dbNodeSets"] == [{"role": "Primary", "zone": ZONES[0]}, {"role": "Standby", "zone": ZONES[1]}]
    assert (inputs["availabilityZone"], inputs["subnetId"]) == (ZONES[0], "subnet-a"), "one of the nodes' zones"
    assert (inputs["cpu"], inputs["memory"], inputs["storage"]) == (4, 8, 100)


def test_prod_waits_for_its_standby_but_not_for_ever() -> None:
    recording = postgres("prod")
    config = recording.get(HA)
    assert config.inputs == {
        "instanceId": recording.get(INSTANCE).id, "syncMode": "Semi-sync", "maxStandbyLatency": 1073741824,
        "maxStandbyLag": 10, "maxSyncStandbyLatency": 1073741824, "maxSyncStandbyLag": 10,
    }  # fmt: skip
    assert config.replace_on_changes == ("instanceId",), "the provider would go on setting that of the old instance"
    assert postgres().of_type(HA) == []


@pytest.mark.parametrize(
    ("size", "machine", "disk"), [("small", (1, 2), 20), ("medium", (4, 8), 100), ("large", (4, 16), 500)]
)
def test_machine_and_disk_follow_the_size(size: str, machine: tuple[int, int], disk: int) -> None:
    inputs = postgres(profile={"size": size}).get(INSTANCE).inputs
    assert (inputs["cpu"], inputs["memory"]) == machine, "of memory alone, the provider would send the old cores along"
    assert inputs["storage"] == disk


def test_a_machine_of_ones_own() -> None:
    inputs = postgres(storage_gb=30, version=14, native=PostgresNative(cpu=8, memory_gb=64)).get(INSTANCE).inputs
    assert (inputs["cpu"], inputs["memory"], inputs["storage"], inputs["dbMajorVersion"]) == (8, 64, 30, "14")


def test_data_files_are_encrypted_where_asked_and_what_the_provider_would_fail_replaces() -> None:
    native = PostgresNative(tde=True, kms_key_id="key-1", kms_region="ap-shanghai")
    inputs = postgres("prod", native=native).get(INSTANCE).inputs
    assert (inputs["needSupportTde"], inputs["kmsKeyId"], inputs["kmsRegion"]) == (1, "key-1", "ap-shanghai")
    inputs = postgres("prod").get(INSTANCE).inputs
    assert inputs["needSupportTde"] == 0, "it wants a service that a person opens first"
    assert {"kmsKeyId", "kmsRegion"}.isdisjoint(inputs)
    assert postgres().get(INSTANCE).replace_on_changes == (
        "dbMajorVersion", "needSupportTde", "kmsKeyId", "kmsRegion"
    )  # fmt: skip


@pytest.mark.parametrize(("stage", "days"), [("dev", 7), ("prod", 30)])
def test_backups_are_taken_every_day(stage: Stage, days: int) -> None:
    plan = postgres(stage).get(INSTANCE).inputs["backupPlan"]
    assert len(plan["backupPeriods"]) == len(set(plan["backupPeriods"])) == 7
    assert plan["backupPeriods"][0] == "monday"
    assert (plan["minBackupStartTime"], plan["maxBackupStartTime"]) == ("02:00:00", "03:00:00")
    assert plan["baseBackupRetentionPeriod"] == days


def test_an_hour_of_ones_own() -> None:
    plan = postgres(native=PostgresNative(backup_hour=9)).get(INSTANCE).inputs["backupPlan"]
    assert (plan["minBackupStartTime"], plan["maxBackupStartTime"]) == ("09:00:00", "10:00:00")


def test_prod_offers_tls_on_its_private_address() -> None:
    recording = postgres("prod")
    instance, config = recording.get(INSTANCE), recording.get(SSL)
    assert config.inputs == {
        "dbInstanceId": instance.id, "sslEnabled": True, "connectAddress": instance.outputs["privateAccessIp"]
    }  # fmt: skip
    assert postgres().of_type(SSL) == [], "a new instance has none"
    assert postgres(native=PostgresNative(ssl=True)).get(SSL).inputs["sslEnabled"] is True


def test_tls_can_be_turned_off() -> None:
    recording = postgres("prod", native=PostgresNative(ssl=False))
    assert recording.get(SSL).inputs == {"dbInstanceId": recording.get(INSTANCE).id, "sslEnabled": False}


def test_parameters() -> None:
    recording = postgres(native=PostgresNative(parameters={"work_mem": "8192", "log_statement": "ddl"}))
    assert recording.get(PARAMETERS).inputs == {
        "dbInstanceId": recording.get(INSTANCE).id,
        "paramLists": [
            {"name": "log_statement", "expectedValue": "ddl"}, {"name": "work_mem", "expectedValue": "8192"}
        ],
    }  # fmt: skip
    assert postgres().of_type(PARAMETERS) == []


def test_the_user_may_make_extensions_and_owns_the_database() -> None:
    recording = postgres(database="orders", user="orders_owner")
    instance, account, database = (recording.get(kind) for kind in (INSTANCE, ACCOUNT, DATABASE))
    password = recording.get(PASSWORD, "agent-db-password")
    assert account.inputs == {
        "dbInstanceId": instance.id, "userName": "orders_owner", "type": "tencentDBSuper", "lockStatus": False,
        "password": Secret(reveal(password.outputs["result"])),
    }  # fmt: skip
    given = {key: value for key, value in database.inputs.items() if key != "__provider"}
    assert given == {"instance_id": instance.id, "database": "orders", "owner": "orders_owner", "region": REGION}
    assert behind(database, "owner") == {"agent-db-user"}
    assert database.delete_before_replace is True, "another collation makes one of the same name"


def test_a_user_of_its_database_alone_and_another_order_of_letters() -> None:
    recording = postgres(native=PostgresNative(account_type="normal", collation="C", ctype="zh_CN.utf8"))
    assert recording.get(ACCOUNT).inputs["type"] == "normal"
    inputs = recording.get(DATABASE).inputs
    assert (inputs["collation"], inputs["ctype"]) == ("C", "zh_CN.utf8")


def test_two_passwords_that_need_no_encoding_and_are_secret() -> None:
    recording = postgres()
    passwords = {one.name: one for one in recording.of_type(PASSWORD)}
    assert set(passwords) == {"agent-db-password", "agent-db-root-password"}
    for one in passwords.values():
        assert set(one.inputs["overrideSpecial"]) <= set("-_.~") & set("_+-&=!@#$%^*()")
        assert 8 <= one.inputs["length"] <= 32
        assert all(one.inputs[f"min{kind}"] == 1 for kind in ("Lower", "Upper", "Numeric", "Special"))
    root = recording.get(INSTANCE).inputs["rootPassword"]
    assert root == Secret(reveal(passwords["agent-db-root-password"].outputs["result"]))
    assert root != recording.get(ACCOUNT).inputs["password"]


@pytest.mark.parametrize("preview", [False, True])
def test_one_operation_after_the_other_and_all_gone_with_the_instance(preview: bool) -> None:
    """The service refuses an operation while the instance is busy, and to drop the owner of a database."""
    recording = postgres("prod", preview=preview, native=PostgresNative(parameters={"work_mem": "8192"}))
    chain = [recording.get(kind) for kind in (INSTANCE, HA, SSL, PARAMETERS, ACCOUNT, DATABASE)]
    for before, step in pairwise(chain):
        assert before.name in waits_for(step), f"{step.name} does not wait for {before.name}"
        assert step.deleted_with == chain[0].urn


def test_the_url_is_secret_whole_and_known_when_the_database_is_owned() -> None:
    recording = postgres(database="orders", user="owner")
    url, gates = probed(recording, "url")
    password = reveal(recording.get(PASSWORD, "agent-db-password").outputs["result"])
    assert isinstance(url, Secret)
    parts, outputs = urlsplit(url.value), recording.get(INSTANCE).outputs
    assert (parts.scheme, parts.username, parts.path) == ("postgresql", "owner", "/orders")
    assert (parts.hostname, parts.port) == (outputs["privateAccessIp"], outputs["privateAccessPort"])
    assert parts.password == password.replace("!", "%21")
    assert {"agent-db-instance", "agent-db-user", "agent-db-database"} <= gates
    assert probed(recording, "host")[0] == outputs["privateAccessIp"]
    assert probed(recording, "port")[0] == str(outputs["privateAccessPort"])
    assert probed(recording, "database") == ("orders", {"agent-db-database"})
    assert probed(recording, "user")[0] == "owner"
    assert probed(recording, "password")[0] == Secret(password)


@pytest.mark.parametrize("address", [None, ""])
def test_no_private_address_is_an_error(address: str | None) -> None:
    with pytest.raises(UserError, match="there is no private address yet"):
        postgres(answers={INSTANCE: {"privateAccessIp": address, "privateAccessPort": 5432}})


@pytest.mark.parametrize(("stage", "kept"), [("dev", False), ("prod", True)])
def test_prod_goes_to_the_recycle_bin_at_the_worst(stage: Stage, kept: bool) -> None:
    assert postgres(stage).get(INSTANCE).inputs["deleteProtection"] is kept


def test_prod_is_protected_and_outlives_the_stack_with_all_that_is_in_it() -> None:
    recording = postgres("prod")
    assert marked(recording, "protect") == {
        "agent-db-instance", "agent-db-database", "agent-db-password", "agent-db-root-password"
    }  # fmt: skip
    assert marked(recording, "retain_on_delete") == {
        "agent-db-instance", "agent-db-security-group", "agent-db-rules", "agent-db-high-availability", "agent-db-ssl",
        "agent-db-user", "agent-db-database",
    }  # fmt: skip


def test_a_first_preview_knows_the_settings_and_no_address() -> None:
    recording = postgres("prod", preview=True)
    assert probed(recording, "host")[0] is UNKNOWN
    assert probed(recording, "url")[0] == Secret(UNKNOWN)
    assert recording.get(ACCOUNT).inputs["password"] == Secret(UNKNOWN)
    assert recording.get(SSL).inputs["connectAddress"] is UNKNOWN
    database = recording.get(DATABASE).inputs
    assert (database["instance_id"], database["database"], database["owner"]) == (UNKNOWN, "app", UNKNOWN)
    assert behind(recording.get(DATABASE), "instance_id") == {"agent-db-instance"}


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "disk": (
        {"storage_gb": 25}, "PostgresArgs.storage_gb of agent-db: 25 is not a multiple of 10; use a multiple of 10",
    ),
    "the instance's administrator": (
        {"user": "root"}, "PostgresArgs.user of agent-db: root is reserved; choose another",
    ),
    "the service's users": (
        {"user": "tencentdb_me"}, "PostgresArgs.user of agent-db: tencentdb_me is reserved; choose another",
    ),
    "a key word": ({"user": "user"}, "PostgresArgs.user of agent-db: user is reserved; choose another"),
    "a database of its own": (
        {"database": "template1"}, "PostgresArgs.database of agent-db: template1 is reserved; choose another",
    ),
    "a database called by a key word": (
        {"database": "order"}, "PostgresArgs.database of agent-db: order is reserved; choose another",
    ),
    "another engine's extras": (
        {"native": MysqlNative()},
        "PostgresArgs.native of agent-db: MysqlNative is not for tencentcloud; give a PostgresNative",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_anything_is_declared(case: str) -> None:
    args, message = REFUSED[case]
    with pytest.raises(UserError) as error:
        Postgres.check("agent-db", PostgresArgs(**{"scope": scope_of(), "network": no_network(), **args}))
    assert str(error.value) == message


def test_what_is_known_of_a_name_is_refused_and_no_more() -> None:
    args: dict[str, Any] = {"user": "reporting", "database": "tencentdb_like", "storage_gb": 40}
    Postgres.check("agent-db", PostgresArgs(scope=scope_of(), network=no_network(), **args))


NATIVES: dict[str, tuple[dict[str, Any], str]] = {
    "half a machine": ({"memory_gb": 8}, "PostgresNative: cpu and memory_gb are one class; give both, or neither"),
    "account": (
        {"account_type": "super"},
        "PostgresNative.account_type: 'super' is unknown; use one of normal, tencentDBSuper",
    ),
    "hour": ({"backup_hour": 23}, "PostgresNative.backup_hour: 23 is out of range; use 0 to 22"),
    "collation": (
        {"collation": "C,C"}, "PostgresNative.collation: 'C,C' is not valid; use a locale such as C or en_US.utf8",
    ),
    "a key for nothing": (
        {"kms_key_id": "key-1"},
        "PostgresNative.kms_key_id: there is a key, and nothing is encrypted; set tde as well",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NATIVES)
def test_extras_are_refused_where_they_are_written(case: str) -> None:
    fields, message = NATIVES[case]
    with pytest.raises(UserError) as error:
        PostgresNative(**fields)
    assert str(error.value) == message
