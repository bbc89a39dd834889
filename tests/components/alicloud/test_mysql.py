from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pulumi
import pytest

from components.alicloud.mysql import Mysql, MysqlNative
from components.alicloud.postgres import PostgresNative
from components.errors import UserError
from components.mysql import MysqlArgs
from components.network import ExistingNetwork
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from tests.components.alicloud.support import (
    PASSWORD,
    ZONES,
    Stage,
    marked,
    no_network,
    probe,
    probed,
    recorded,
    tags_of,
    waits_for,
)

INSTANCE, ACCOUNT = "alicloud:rds/instance:Instance", "alicloud:rds/rdsAccount:RdsAccount"
DATABASE, PRIVILEGE = "alicloud:rds/database:Database", "alicloud:rds/accountPrivilege:AccountPrivilege"
BACKUP = "alicloud:rds/backupPolicy:BackupPolicy"
OUTPUTS = ("host", "port", "database", "user", "password", "url")


def mysql(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None, **args: Any
) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        given: dict[str, Any] = {"scope": scope, "network": no_network()} | args
        it = Mysql("agent-db", MysqlArgs(**given), opts)
        for name in OUTPUTS:
            probe(name, getattr(it, name))

    return recorded(build, stage, preview=preview, **(profile or {}))


def refused(stage: Stage = "dev", **args: Any) -> str:
    with pytest.raises(UserError) as error:
        mysql(stage, **args)
    return str(error.value)


def test_dev_is_one_serverless_node() -> None:
    inputs = mysql().get(INSTANCE).inputs
    assert (inputs["engine"], inputs["engineVersion"]) == ("MySQL", "8.0")
    assert (inputs["category"], inputs["instanceType"]) == ("serverless_basic", "mysql.n2.serverless.1c")
    assert (inputs["instanceChargeType"], inputs["vswitchId"]) == ("Serverless", "vsw-a")
    assert inputs["serverlessConfigs"] == [
        {"minCapacity": 0.5, "maxCapacity": 2, "autoPause": False, "switchForce": False}
    ]
    assert inputs["tags"] == tags_of("agent-db")
    assert inputs["deletionProtection"] is False


def test_prod_is_two_nodes_in_two_zones() -> None:
    inputs = mysql("prod", version="5.7", storage_gb=200).get(INSTANCE).inputs
    assert (inputs["category"], inputs["instanceType"]) == ("HighAvailability", "mysql.n4.medium.2c")
    assert (inputs["zoneId"], inputs["zoneIdSlaveA"], inputs["vswitchId"]) == (*ZONES, "vsw-a,vsw-b")
    assert (inputs["engineVersion"], inputs["instanceStorage"]) == ("5.7", 200)
    assert (inputs["sslAction"], inputs["deletionProtection"]) == ("Open", True)
    assert inputs["storageUpperBound"] == 600
    assert inputs["instanceName"] == "qiao-prod-agent-db"


@pytest.mark.parametrize(
    ("category", "size", "expected"),
    [
        ("Basic", "small", "mysql.n2.medium.1"),
        ("Basic", "medium", "mysql.n4.medium.1"),
        ("Basic", "large", "mysql.n4.large.1"),
        ("HighAvailability", "small", "mysql.n2.medium.2c"),
        ("HighAvailability", "large", "mysql.n4.large.2c"),
        ("serverless_standard", "small", "mysql.n2.serverless.2c"),
    ],
)
def test_the_class_follows_edition_and_size(category: Any, size: str, expected: str) -> None:
    inputs = mysql(profile={"size": size}, native=MysqlNative(category=category)).get(INSTANCE).inputs
    assert inputs["instanceType"] == expected


def test_a_serverless_instance_has_tls_here() -> None:
    assert mysql(native=MysqlNative(ssl=True)).get(INSTANCE).inputs["sslAction"] == "Open"
    inputs = mysql("prod", native=MysqlNative(category="serverless_standard")).get(INSTANCE).inputs
    assert (inputs["sslAction"], inputs["zoneIdSlaveA"]) == ("Open", ZONES[1])


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_only_the_vswitches_are_let_in(stage: Stage) -> None:
    assert mysql(stage).get(INSTANCE).inputs["securityIps"] == ["10.7.0.0/20", "10.7.16.0/20"]


def test_a_public_block_is_refused() -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "vsw-a"}, subnet_cidrs={ZONES[0]: "0.0.0.0/0"}
    )
    assert refused(network=network) == (
        "MysqlArgs.network.subnet_cidrs: 0.0.0.0/0 is not private;"
        " give the subnets' own blocks: a database is never public"
    )


def test_the_user_may_do_what_its_own_database_wants_and_no_more() -> None:
    recording = mysql(database="orders", user="orders_owner")
    account, privilege = recording.get(ACCOUNT), recording.get(PRIVILEGE)
    assert (account.inputs["accountName"], account.inputs["accountType"]) == ("orders_owner", "Normal")
    assert account.inputs["accountPassword"] == Secret(reveal(recording.get(PASSWORD).outputs["result"]))
    assert privilege.inputs == {
        "instanceId": recording.get(INSTANCE).id, "accountName": "orders_owner", "privilege": "ReadWrite",
        "dbNames": ["orders"],
    }  # fmt: skip
    assert privilege.replace_on_changes == (), "this engine takes a privilege back in place"


def test_the_database_holds_any_character() -> None:
    database = mysql(database="orders").get(DATABASE)
    assert (database.inputs["dataBaseName"], database.inputs["characterSet"]) == ("orders", "utf8mb4")
    assert database.delete_before_replace is True


@pytest.mark.parametrize("preview", [False, True])
def test_one_operation_after_the_other_and_all_gone_with_the_instance(preview: bool) -> None:
    recording = mysql("prod", preview=preview)
    chain = [recording.get(kind) for kind in (INSTANCE, ACCOUNT, DATABASE, PRIVILEGE, BACKUP)]
    for before, step in pairwise(chain):
        assert before.name in waits_for(step), f"{step.name} does not wait for {before.name}"
        assert step.deleted_with == chain[0].urn


def test_backups() -> None:
    backup = mysql("prod").get(BACKUP).inputs
    assert (backup["backupRetentionPeriod"], backup["enableBackupLog"], backup["logBackupRetentionPeriod"]) == (
        30,
        True,
        30,
    )
    assert mysql().of_type(BACKUP) == [], "one node keeps a week by itself"


def test_the_url_is_secret_whole_and_known_when_the_user_is_let_in() -> None:
    recording = mysql(database="orders", user="owner")
    url, gates = probed(recording, "url")
    password = reveal(recording.get(PASSWORD).outputs["result"])
    assert isinstance(url, Secret)
    parts, outputs = urlsplit(url.value), recording.get(INSTANCE).outputs
    assert (parts.scheme, parts.username, parts.path) == ("mysql", "owner", "/orders")
    assert (parts.hostname, str(parts.port)) == (outputs["connectionString"], outputs["port"])
    assert parts.password == password.replace("!", "%21")
    assert {"agent-db-instance", "agent-db-user", "agent-db-database", "agent-db-privilege"} <= gates
    assert probed(recording, "host")[0] == outputs["connectionString"]
    assert probed(recording, "database") == ("orders", {"agent-db-database", "agent-db-privilege"})
    assert probed(recording, "password")[0] == Secret(password)


def test_prod_is_protected_and_outlives_the_stack() -> None:
    recording = mysql("prod")
    assert marked(recording, "protect") == {"agent-db-instance", "agent-db-database", "agent-db-password"}
    assert marked(recording, "retain_on_delete") == {
        "agent-db-instance", "agent-db-user", "agent-db-database", "agent-db-privilege", "agent-db-backup"
    }  # fmt: skip
    assert marked(mysql(), "protect") | marked(mysql(), "retain_on_delete") == set()


def test_a_first_preview_knows_no_address() -> None:
    recording = mysql(preview=True)
    assert probed(recording, "host")[0] is UNKNOWN
    assert probed(recording, "url")[0] == Secret(UNKNOWN)
    assert recording.get(DATABASE).inputs["dataBaseName"] == "app", "what is known is shown"
    assert recording.get(PRIVILEGE).inputs["instanceId"] is UNKNOWN


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "disk": (
        {"storage_gb": 21}, "MysqlArgs.storage_gb of agent-db: 21 is not a multiple of 5; use a multiple of 5",
    ),
    "user": ({"user": "master"}, "MysqlArgs.user of agent-db: master is reserved; choose another"),
    "database": ({"database": "mysql"}, "MysqlArgs.database of agent-db: mysql is reserved; choose another"),
    "last character": (
        {"user": "app_"}, "MysqlArgs.user of agent-db: app_ ends in '_'; end it in a letter or digit",
    ),
    "units": (
        {"native": MysqlNative(max_rcu=9)},
        "MysqlNative.max_rcu: 0.5 to 9 units are not possible; use min_rcu to 8",
    ),
    "another engine's extras": (
        {"native": PostgresNative()},
        "MysqlArgs.native of agent-db: PostgresNative is not for alicloud; give a MysqlNative",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_anything_is_declared(case: str) -> None:
    args, message = REFUSED[case]
    assert refused(**args) == message


def test_two_zones_are_wanted_for_high_availability() -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "vsw-a"}, subnet_cidrs={ZONES[0]: "10.0.0.0/24"}
    )
    assert refused("prod", network=network) == (
        "MysqlArgs.network: high availability wants two zones; give a network of two subnets"
    )
