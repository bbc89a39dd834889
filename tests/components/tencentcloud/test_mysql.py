from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pulumi
import pytest

from components.errors import UserError
from components.mysql import MysqlArgs
from components.scope import Scope
from components.tencentcloud.mysql import Mysql, MysqlNative
from components.tencentcloud.postgres import PostgresNative
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
    scope_of,
    tags_of,
    waits_for,
)

INSTANCE, ACCOUNT = "tencentcloud:Mysql/instance:Instance", "tencentcloud:Mysql/account:Account"
DATABASE, PRIVILEGE = "tencentcloud:Mysql/database:Database", "tencentcloud:Mysql/privilege:Privilege"
BACKUP, SSL = "tencentcloud:Mysql/backupPolicy:BackupPolicy", "tencentcloud:Mysql/ssl:Ssl"
ATTACHED = (SSL, BACKUP, ACCOUNT, DATABASE, PRIVILEGE)
OUTPUTS = ("host", "port", "database", "user", "password", "url")


def mysql(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None,
    answers: Answers | None = None, **args: Any,
) -> Recording:  # fmt: skip
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        given: dict[str, Any] = {"scope": scope, "network": no_network()} | args
        it = Mysql("agent-db", MysqlArgs(**given), opts)
        for name in OUTPUTS:
            probe(name, getattr(it, name))

    return recorded(build, stage, preview=preview, answers=answers, **(profile or {}))


def test_dev_is_a_small_instance_in_one_zone() -> None:
    inputs = dict(mysql().get(INSTANCE).inputs)
    assert isinstance(inputs.pop("rootPassword"), Secret)
    assert len(inputs.pop("securityGroups")) == 1
    assert inputs == {
        "instanceName": "qiao-dev-agent-db", "chargeType": "POSTPAID", "engineVersion": "8.0",
        "deviceType": "UNIVERSAL", "cpu": 1, "memSize": 2000, "volumeSize": 25, "vpcId": "vpc-there",
        "subnetId": "subnet-a", "intranetPort": 3306, "internetService": 0, "availabilityZone": ZONES[0],
        "firstSlaveZone": ZONES[0], "slaveDeployMode": 0, "slaveSyncMode": 0,
        "parameters": {"character_set_server": "utf8mb4", "lower_case_table_names": "0"}, "tags": tags_of("agent-db"),
    }, "what fails an update or is paid ahead is never said: a template, a period, a kernel"  # fmt: skip


def test_prod_is_two_nodes_in_two_zones_that_confirm_to_each_other() -> None:
    inputs = mysql("prod").get(INSTANCE).inputs
    assert (inputs["availabilityZone"], inputs["firstSlaveZone"]) == ZONES
    assert (inputs["slaveDeployMode"], inputs["slaveSyncMode"]) == (1, 1)
    assert (inputs["cpu"], inputs["memSize"], inputs["volumeSize"]) == (4, 8000, 100)
    assert "secondSlaveZone" not in inputs


@pytest.mark.parametrize(
    ("size", "machine", "disk"), [("small", (1, 2000), 25), ("medium", (4, 8000), 100), ("large", (4, 16000), 500)]
)
def test_machine_and_disk_follow_the_size(size: str, machine: tuple[int, int], disk: int) -> None:
    inputs = mysql(profile={"size": size}).get(INSTANCE).inputs
    assert (inputs["cpu"], inputs["memSize"]) == machine, "of memory alone, the provider would send the old cores along"
    assert inputs["volumeSize"] == disk


def test_a_machine_of_ones_own() -> None:
    native = MysqlNative(cpu=2, memory_mb=16000, device_type="EXCLUSIVE")
    inputs = mysql(storage_gb=50, native=native).get(INSTANCE).inputs
    assert (inputs["cpu"], inputs["memSize"], inputs["deviceType"], inputs["volumeSize"]) == (2, 16000, "EXCLUSIVE", 50)


def test_what_the_provider_would_fail_replaces_and_a_takeover_does_not() -> None:
    instance = mysql().get(INSTANCE)
    assert instance.replace_on_changes == ("engineVersion", "parameters.lower_case_table_names")
    assert instance.ignore_changes == ("availabilityZone",)


def test_the_old_version() -> None:
    assert mysql(version="5.7").get(INSTANCE).inputs["engineVersion"] == "5.7"


def test_parameters_stand_beside_our_own() -> None:
    native = MysqlNative(parameters={"max_connections": "500"}, case_sensitive_tables=False)
    assert mysql(native=native).get(INSTANCE).inputs["parameters"] == {
        "character_set_server": "utf8mb4", "lower_case_table_names": "1", "max_connections": "500"
    }  # fmt: skip


def test_the_user_may_do_what_its_own_database_wants_and_no_more() -> None:
    recording = mysql(database="orders", user="orders_owner")
    instance, account, privilege = (recording.get(kind) for kind in (INSTANCE, ACCOUNT, PRIVILEGE))
    password = recording.get(PASSWORD, "agent-db-password")
    assert account.inputs == {
        "mysqlId": instance.id, "name": "orders_owner", "host": "%", "description": "made by Qiao",
        "password": Secret(reveal(password.outputs["result"])),
    }  # fmt: skip
    assert privilege.inputs["globals"] == [], "wanted even where there are none"
    (right,) = privilege.inputs["databases"]
    assert (right["databaseName"], privilege.inputs["accountName"]) == ("orders", "orders_owner")
    assert (privilege.inputs["mysqlId"], privilege.inputs["accountHost"]) == (instance.id, "%")
    assert {"SELECT", "INSERT", "CREATE", "ALTER", "DROP", "INDEX", "TRIGGER"} < set(right["privileges"])
    assert {"CREATE USER", "PROCESS", "RELOAD", "SHOW DATABASES"}.isdisjoint(right["privileges"])
    assert {"tables", "columns"}.isdisjoint(privilege.inputs)


def test_the_database_holds_any_character() -> None:
    recording = mysql(database="orders")
    assert recording.get(DATABASE).inputs == {
        "instanceId": recording.get(INSTANCE).id, "dbName": "orders", "characterSetName": "utf8mb4"
    }  # fmt: skip


def test_two_passwords_that_need_no_encoding_and_are_secret() -> None:
    recording = mysql()
    passwords = {one.name: one for one in recording.of_type(PASSWORD)}
    assert set(passwords) == {"agent-db-password", "agent-db-root-password"}
    for one in passwords.values():
        assert set(one.inputs["overrideSpecial"]) <= set("-_.~") & set("_+-&=!@#$%^*()")
        assert 8 <= one.inputs["length"] <= 64
    root = recording.get(INSTANCE).inputs["rootPassword"]
    assert root == Secret(reveal(passwords["agent-db-root-password"].outputs["result"]))
    assert root != recording.get(ACCOUNT).inputs["password"]


@pytest.mark.parametrize(("stage", "days"), [("dev", 7), ("prod", 30)])
def test_backups_and_the_log_between_them_are_always_said(stage: Stage, days: int) -> None:
    """Taken away, they are set to a kind that two nodes do not have, and the destroy fails."""
    recording = mysql(stage)
    assert recording.get(BACKUP).inputs == {
        "mysqlId": recording.get(INSTANCE).id, "backupModel": "physical", "backupTime": "02:00-06:00",
        "retentionPeriod": days, "binlogPeriod": days,
    }  # fmt: skip


def test_hours_of_ones_own() -> None:
    assert mysql(native=MysqlNative(backup_time="22:00-02:00")).get(BACKUP).inputs["backupTime"] == "22:00-02:00"


def test_prod_offers_tls_and_it_can_be_turned_off() -> None:
    recording = mysql("prod")
    assert recording.get(SSL).inputs == {"instanceId": recording.get(INSTANCE).id, "status": "ON"}
    assert mysql("prod", native=MysqlNative(ssl=False)).get(SSL).inputs["status"] == "OFF"
    assert mysql().of_type(SSL) == []
    assert mysql(native=MysqlNative(ssl=True)).get(SSL).inputs["status"] == "ON"


@pytest.mark.parametrize("preview", [False, True])
def test_one_operation_after_the_other_and_all_gone_with_the_instance(preview: bool) -> None:
    recording = mysql("prod", preview=preview)
    chain = [recording.get(kind) for kind in (INSTANCE, *ATTACHED)]
    for before, step in pairwise(chain):
        assert before.name in waits_for(step), f"{step.name} does not wait for {before.name}"
        assert step.deleted_with == chain[0].urn


def test_the_url_is_secret_whole_and_known_when_the_user_is_let_in() -> None:
    recording = mysql(database="orders", user="owner")
    url, gates = probed(recording, "url")
    password = reveal(recording.get(PASSWORD, "agent-db-password").outputs["result"])
    assert isinstance(url, Secret)
    parts, outputs = urlsplit(url.value), recording.get(INSTANCE).outputs
    assert (parts.scheme, parts.username, parts.path) == ("mysql", "owner", "/orders")
    assert (parts.hostname, parts.port) == (outputs["intranetIp"], outputs["intranetPort"])
    assert parts.password == password.replace("!", "%21")
    assert {"agent-db-instance", "agent-db-user", "agent-db-database", "agent-db-privilege"} <= gates
    assert probed(recording, "host")[0] == outputs["intranetIp"]
    assert probed(recording, "port")[0] == str(outputs["intranetPort"])
    assert probed(recording, "user")[0] == "owner"
    assert probed(recording, "database") == ("orders", {"agent-db-database", "agent-db-privilege"})
    assert probed(recording, "password")[0] == Secret(password)


def test_no_private_address_is_an_error() -> None:
    with pytest.raises(UserError, match="there is no private address yet"):
        mysql(answers={INSTANCE: {"intranetIp": "", "intranetPort": 3306}})


def test_prod_is_protected_and_outlives_the_stack() -> None:
    recording = mysql("prod")
    assert marked(recording, "protect") == {
        "agent-db-instance", "agent-db-database", "agent-db-password", "agent-db-root-password"
    }  # fmt: skip
    assert marked(recording, "retain_on_delete") == {
        "agent-db-instance", "agent-db-security-group", "agent-db-rules", "agent-db-ssl", "agent-db-backup",
        "agent-db-user", "agent-db-database", "agent-db-privilege",
    }  # fmt: skip


def test_a_first_preview_knows_no_address() -> None:
    recording = mysql("prod", preview=True)
    assert probed(recording, "host")[0] is UNKNOWN
    assert probed(recording, "url")[0] == Secret(UNKNOWN)
    assert recording.get(DATABASE).inputs["dbName"] == "app", "what is known is shown"
    assert recording.get(PRIVILEGE).inputs["mysqlId"] is UNKNOWN
    assert recording.get(INSTANCE).inputs["rootPassword"] == Secret(UNKNOWN)


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "small disk": (
        {"storage_gb": 20}, "MysqlArgs.storage_gb of agent-db: 20 is out of range; use 25 to 3000 GB",
    ),
    "disk": (
        {"storage_gb": 26}, "MysqlArgs.storage_gb of agent-db: 26 is not a multiple of 5; use a multiple of 5",
    ),
    "user": ({"user": "tencentroot"}, "MysqlArgs.user of agent-db: tencentroot is reserved; choose another"),
    "database": ({"database": "sys"}, "MysqlArgs.database of agent-db: sys is reserved; choose another"),
    "another engine's extras": (
        {"native": PostgresNative()},
        "MysqlArgs.native of agent-db: PostgresNative is not for tencentcloud; give a MysqlNative",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_anything_is_declared(case: str) -> None:
    args, message = REFUSED[case]
    with pytest.raises(UserError) as error:
        Mysql.check("agent-db", MysqlArgs(**{"scope": scope_of(), "network": no_network(), **args}))
    assert str(error.value) == message


NATIVES: dict[str, tuple[dict[str, Any], str]] = {
    "half a machine": ({"cpu": 2}, "MysqlNative: cpu and memory_mb are one class; give both, or neither"),
    "kind": (
        {"device_type": "BASIC_V2"}, "MysqlNative.device_type: 'BASIC_V2' is unknown; use one of EXCLUSIVE, UNIVERSAL",
    ),
    "its own machine": (
        {"device_type": "EXCLUSIVE"},
        "MysqlNative.device_type: the classes by size are those of shared machines; give cpu and memory_mb as well",
    ),
    "hours": (
        {"backup_time": "02:00-03:00"},
        "MysqlNative.backup_time: '02:00-03:00' is unknown;"
        " use one of 02:00-06:00, 06:00-10:00, 10:00-14:00, 14:00-18:00, 18:00-22:00, 22:00-02:00",
    ),
    "case": (
        {"parameters": {"lower_case_table_names": "1"}},
        "MysqlNative.parameters: lower_case_table_names is not set here; use case_sensitive_tables",
    ),
    "characters": (
        {"parameters": {"character_set_server": "utf8"}},
        "MysqlNative.parameters: character_set_server is not set here; leave it out",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NATIVES)
def test_extras_are_refused_where_they_are_written(case: str) -> None:
    fields, message = NATIVES[case]
    with pytest.raises(UserError) as error:
        MysqlNative(**fields)
    assert str(error.value) == message
