from __future__ import annotations

from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

import pulumi
import pytest
from pulumi_alicloud import vpc

from components.alicloud.postgres import Postgres, PostgresNative
from components.alicloud.rds import private_host
from components.errors import UserError
from components.network import ExistingNetwork
from components.postgres import PostgresArgs
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from tests.components.alicloud.support import (
    PASSWORD,
    ZONES,
    Answers,
    Stage,
    behind,
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
ATTACHED = (ACCOUNT, DATABASE, PRIVILEGE, BACKUP)
OUTPUTS = ("host", "port", "database", "user", "password", "url")
ONE_ZONE = ExistingNetwork(
    vpc_id="vpc-there", security_group_id="sg-there", subnet_ids={ZONES[0]: "vsw-a"},
    subnet_cidrs={ZONES[0]: "10.0.0.0/24"},
)  # fmt: skip


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


def refused(stage: Stage = "dev", **args: Any) -> str:
    with pytest.raises(UserError) as error:
        postgres(stage, **args)
    return str(error.value)


def test_dev_is_one_serverless_node_in_the_first_zone() -> None:
    inputs = postgres().get(INSTANCE).inputs
    assert (inputs["category"], inputs["instanceChargeType"]) == ("serverless_basic", "Serverless")
    assert inputs["instanceType"] == "pg.n2.serverless.1c", "the one name of this class in every region"
    assert (inputs["zoneId"], inputs["vswitchId"], inputs["vpcId"]) == (ZONES[0], "vsw-a", "vpc-there")
    assert "zoneIdSlaveA" not in inputs
    assert inputs["serverlessConfigs"] == [
        {"minCapacity": 0.5, "maxCapacity": 2, "autoPause": False, "switchForce": False}
    ], "a paused instance is a stopped one to the provider"
    assert {"sslAction", "storageAutoScale", "storageUpperBound"}.isdisjoint(inputs), "serverless has its own"


def test_prod_is_two_nodes_in_two_zones() -> None:
    inputs = postgres("prod").get(INSTANCE).inputs
    assert (inputs["category"], inputs["instanceChargeType"]) == ("HighAvailability", "Postpaid")
    assert (inputs["zoneId"], inputs["zoneIdSlaveA"]) == ZONES
    assert inputs["vswitchId"] == "vsw-a,vsw-b", "in the order of the zones"
    assert (inputs["instanceType"], inputs["dbInstanceStorageType"]) == ("pg.n4.2c.2m", "cloud_essd")
    assert "serverlessConfigs" not in inputs


def test_zones_wait_for_both_vswitches() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        ids = {
            zone: vpc.Switch(f"vsw-{zone}", vpc_id="vpc-there", zone_id=zone, cidr_block=block, opts=opts).id
            for zone, block in zip(ZONES, ("10.0.0.0/24", "10.0.1.0/24"), strict=True)
        }
        network = ExistingNetwork(
            vpc_id="vpc-there", security_group_id="s", subnet_ids=ids,
            subnet_cidrs=dict(zip(ZONES, ("10.0.0.0/24", "10.0.1.0/24"), strict=True)),
        )  # fmt: skip
        Postgres("agent-db", PostgresArgs(scope=scope, network=network), opts)

    assert behind(recorded(build, "prod").get(INSTANCE), "vswitchId") == {f"vsw-{zone}" for zone in ZONES}
    assert behind(recorded(build).get(INSTANCE), "vswitchId") == {f"vsw-{ZONES[0]}"}


@pytest.mark.parametrize(
    ("category", "size", "expected"),
    [
        ("Basic", "small", "pg.n2.1c.1m"),
        ("Basic", "medium", "pg.n4.2c.1m"),
        ("Basic", "large", "pg.n4.4c.1m"),
        ("HighAvailability", "small", "pg.n2.2c.2m"),
        ("HighAvailability", "large", "pg.n4.4c.2m"),
        ("serverless_standard", "large", "pg.n2.serverless.2c"),
    ],
)
def test_the_class_follows_edition_and_size(category: Any, size: str, expected: str) -> None:
    inputs = postgres(profile={"size": size}, native=PostgresNative(category=category)).get(INSTANCE).inputs
    assert inputs["instanceType"] == expected
    assert inputs["instanceChargeType"] == ("Serverless" if category.startswith("serverless") else "Postpaid")


def test_units_follow_the_size_and_can_be_given() -> None:
    (units,) = postgres(profile={"size": "large"}).get(INSTANCE).inputs["serverlessConfigs"]
    assert (units["minCapacity"], units["maxCapacity"]) == (0.5, 8)
    (units,) = postgres(native=PostgresNative(min_rcu=2, max_rcu=12)).get(INSTANCE).inputs["serverlessConfigs"]
    assert (units["minCapacity"], units["maxCapacity"]) == (2, 12)


def test_a_class_of_ones_own() -> None:
    native = PostgresNative(category="Basic", instance_type="pg.n2e.1c.1m", storage_type="general_essd")
    inputs = postgres(native=native).get(INSTANCE).inputs
    assert (inputs["instanceType"], inputs["dbInstanceStorageType"]) == ("pg.n2e.1c.1m", "general_essd")


def test_two_nodes_stand_in_one_zone_where_no_other_is_asked_for() -> None:
    inputs = postgres(native=PostgresNative(category="HighAvailability"), network=ONE_ZONE).get(INSTANCE).inputs
    assert (inputs["zoneId"], inputs["zoneIdSlaveA"], inputs["vswitchId"]) == (ZONES[0], ZONES[0], "vsw-a")


@pytest.mark.parametrize(("version", "written"), [(14, "14.0"), (16, "16.0"), (17, "17.0")])
def test_the_version_is_written_as_the_cloud_reports_it(version: int, written: str) -> None:
    inputs = postgres(version=version).get(INSTANCE).inputs
    assert (inputs["engine"], inputs["engineVersion"]) == ("PostgreSQL", written), "else it differs on every preview"


@pytest.mark.parametrize(("stage", "disk"), [("dev", 20), ("prod", 100)])
def test_the_instance_is_named_tagged_and_sized(stage: Stage, disk: int) -> None:
    inputs = postgres(stage).get(INSTANCE).inputs
    assert inputs["instanceName"] == f"qiao-{stage}-agent-db", "unset, it is reported back and differs on every preview"
    assert inputs["tags"] == tags_of("agent-db", stage)
    assert inputs["instanceStorage"] == disk
    assert "dbInstanceIpArrayName" not in inputs


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_only_the_vswitches_are_let_in(stage: Stage) -> None:
    inputs = postgres(stage).get(INSTANCE).inputs
    assert inputs["securityIps"] == ["10.7.0.0/20", "10.7.16.0/20"]
    assert {"securityGroupId", "securityGroupIds", "templateIdLists"}.isdisjoint(inputs)


@pytest.mark.parametrize("block", ["0.0.0.0/0", "203.0.113.0/24", "0.0.0.0/1"])
def test_a_public_block_is_refused_whatever_the_profile(block: str) -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "vsw-a"}, subnet_cidrs={ZONES[0]: block}
    )
    assert refused(network=network) == (
        f"PostgresArgs.network.subnet_cidrs: {block} is not private;"
        " give the subnets' own blocks: a database is never public"
    )


def test_a_public_block_that_is_known_late_is_refused_as_well() -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "vsw-a"},
        subnet_cidrs={ZONES[0]: pulumi.Output.from_input("0.0.0.0/0")},
    )  # fmt: skip
    assert "0.0.0.0/0 is not private" in refused(network=network)


@pytest.mark.parametrize(("stage", "protected"), [("dev", False), ("prod", True)])
def test_the_cloud_itself_refuses_deletion_in_prod(stage: Stage, protected: bool) -> None:
    assert postgres(stage).get(INSTANCE).inputs["deletionProtection"] is protected


def test_the_disk_of_prod_grows_by_itself() -> None:
    inputs = postgres("prod").get(INSTANCE).inputs
    assert (inputs["storageAutoScale"], inputs["storageThreshold"], inputs["storageUpperBound"]) == ("Enable", 10, 300)
    inputs = postgres("prod", native=PostgresNative(storage_limit_gb=1000)).get(INSTANCE).inputs
    assert inputs["storageUpperBound"] == 1000


def test_a_disk_that_grew_is_told_to_stop() -> None:
    """The provider does nothing where the setting is only left out."""
    inputs = postgres("prod", native=PostgresNative(storage_limit_gb=0)).get(INSTANCE).inputs
    assert inputs["storageAutoScale"] == "Disable"
    assert {"storageUpperBound", "storageThreshold"}.isdisjoint(inputs)
    assert "storageAutoScale" not in postgres(native=PostgresNative(category="Basic")).get(INSTANCE).inputs


def test_prod_offers_tls() -> None:
    assert postgres("prod").get(INSTANCE).inputs["sslAction"] == "Open"
    assert postgres("prod", native=PostgresNative(ssl=False)).get(INSTANCE).inputs["sslAction"] == "Close"
    basic = PostgresNative(category="Basic")
    assert "sslAction" not in postgres(native=basic).get(INSTANCE).inputs, "off on a new instance"
    assert postgres(native=PostgresNative(category="Basic", ssl=True)).get(INSTANCE).inputs["sslAction"] == "Open"


def test_a_key_encrypts_the_disk() -> None:
    assert (
        postgres("prod", native=PostgresNative(encryption_key="key-1")).get(INSTANCE).inputs["encryptionKey"] == "key-1"
    )
    assert "encryptionKey" not in postgres("prod").get(INSTANCE).inputs


def test_what_the_provider_would_not_do_replaces_and_what_it_invents_is_ignored() -> None:
    instance = postgres().get(INSTANCE)
    assert instance.replace_on_changes == ("category", "instanceChargeType", "encryptionKey")
    assert instance.ignore_changes == ("dbParamGroupId",), "reported though unset: an update on every preview"


def test_parameters_restart_where_they_must() -> None:
    inputs = (
        postgres(native=PostgresNative(parameters={"work_mem": "8192", "log_statement": "ddl"})).get(INSTANCE).inputs
    )
    assert inputs["parameters"] == [
        {"name": "log_statement", "value": "ddl"}, {"name": "work_mem", "value": "8192"}
    ]  # fmt: skip
    assert inputs["forceRestart"] is True, "else the update fails half way, and no preview says so"
    assert {"parameters", "forceRestart"}.isdisjoint(postgres().get(INSTANCE).inputs)


def test_a_resource_group() -> None:
    assert postgres(native=PostgresNative(resource_group_id="rg-1")).get(INSTANCE).inputs["resourceGroupId"] == "rg-1"


def test_the_user_has_the_highest_privilege_and_a_password_that_needs_no_encoding() -> None:
    recording = postgres(user="orders_owner")
    account, password = recording.get(ACCOUNT), recording.get(PASSWORD)
    assert account.inputs["dbInstanceId"] == recording.get(INSTANCE).id
    assert (account.inputs["accountName"], account.inputs["accountType"]) == ("orders_owner", "Super")
    assert account.inputs["accountPassword"] == Secret(reveal(password.outputs["result"]))
    assert set(password.inputs["overrideSpecial"]) <= set("-_.~") & set("!@#$%^&*()_+-=")
    assert 8 <= password.inputs["length"] <= 32
    assert all(password.inputs[f"min{kind}"] == 1 for kind in ("Lower", "Upper", "Numeric", "Special"))


def test_a_new_user_is_there_before_the_old_one_goes() -> None:
    account = postgres().get(ACCOUNT)
    assert account.delete_before_replace is None, "a user that owns a database is not deleted"
    assert account.ignore_changes == ("accountType",), "another type would make a twin of the same name"


def test_the_database_is_made_and_given_to_the_user() -> None:
    recording = postgres(database="orders", user="orders_owner")
    database, privilege = recording.get(DATABASE), recording.get(PRIVILEGE)
    assert (database.inputs["dataBaseName"], database.inputs["characterSet"]) == ("orders", "UTF8,C,en_US.utf8")
    assert database.delete_before_replace is True, "another collation makes one of the same name"
    assert privilege.inputs == {
        "instanceId": recording.get(INSTANCE).id, "accountName": "orders_owner", "privilege": "DBOwner",
        "dbNames": ["orders"],
    }  # fmt: skip
    assert {"agent-db-user", "agent-db-database"} <= waits_for(privilege)


def test_a_privilege_moves_to_another_database_by_a_replacement() -> None:
    assert postgres().get(PRIVILEGE).replace_on_changes == ("dbNames",), "the provider fails to take it back"


def test_collation_and_letters() -> None:
    inputs = postgres(native=PostgresNative(collation="zh_CN.utf8", ctype="zh_CN.utf8")).get(DATABASE).inputs
    assert inputs["characterSet"] == "UTF8,zh_CN.utf8,zh_CN.utf8"


@pytest.mark.parametrize("preview", [False, True])
def test_one_operation_after_the_other(preview: bool) -> None:
    """The service refuses an operation while the instance is busy with another."""
    recording = postgres("prod", preview=preview)
    chain = [recording.get(kind) for kind in (INSTANCE, *ATTACHED)]
    for before, step in pairwise(chain):
        assert before.name in waits_for(step), f"{step.name} does not wait for {before.name}"


def test_what_belongs_to_the_instance_goes_with_it() -> None:
    """Alone, each deletion locks the instance, and that of an owner or of one node's log backup fails."""
    recording = postgres("prod")
    instance = recording.get(INSTANCE)
    assert {kind: recording.get(kind).deleted_with for kind in ATTACHED} == dict.fromkeys(ATTACHED, instance.urn)
    assert instance.deleted_with == ""


def test_two_nodes_are_backed_up_every_day_with_the_log_between() -> None:
    recording = postgres("prod")
    backup = recording.get(BACKUP).inputs
    assert backup["instanceId"] == recording.get(INSTANCE).id
    assert len(backup["preferredBackupPeriods"]) == len(set(backup["preferredBackupPeriods"])) == 7
    assert (backup["backupRetentionPeriod"], backup["preferredBackupTime"]) == (30, "18:00Z-19:00Z")
    assert (backup["enableBackupLog"], backup["logBackupRetentionPeriod"]) == (True, 30)
    assert (backup["localLogRetentionHours"], backup["localLogRetentionSpace"]) == (18, 30)


def test_one_node_keeps_its_own_week_and_takes_no_log_backup() -> None:
    assert postgres().of_type(BACKUP) == []
    backup = postgres(profile={"backup_retention_days": 14}).get(BACKUP).inputs
    assert backup["backupRetentionPeriod"] == 14
    assert {"enableBackupLog", "logBackupRetentionPeriod", "localLogRetentionHours"}.isdisjoint(backup)


def test_an_hour_of_ones_own() -> None:
    backup = postgres("prod", native=PostgresNative(backup_time="20:00Z-21:00Z")).get(BACKUP).inputs
    assert backup["preferredBackupTime"] == "20:00Z-21:00Z"


def test_the_address_is_the_private_one() -> None:
    recording = postgres()
    outputs = recording.get(INSTANCE).outputs
    assert probed(recording, "host")[0] == outputs["connectionString"]
    assert probed(recording, "port")[0] == outputs["port"]


@pytest.mark.parametrize("host", [None, ""])
def test_no_private_address_is_an_error(host: str | None) -> None:
    with pytest.raises(UserError, match="the instance reports no private address yet"):
        private_host(host)
    with pytest.raises(UserError, match="the instance reports no private address yet"):
        postgres(answers={INSTANCE: {"connectionString": host, "port": "5432"}})


def test_the_url_is_secret_whole_and_known_when_the_database_is_owned() -> None:
    recording = postgres(database="orders", user="owner")
    url, gates = probed(recording, "url")
    password = reveal(recording.get(PASSWORD).outputs["result"])
    assert isinstance(url, Secret)
    parts = urlsplit(url.value)
    outputs = recording.get(INSTANCE).outputs
    assert (parts.scheme, parts.username, parts.path) == ("postgresql", "owner", "/orders")
    assert (parts.hostname, str(parts.port)) == (outputs["connectionString"], outputs["port"])
    assert parts.password == password.replace("!", "%21")
    assert {"agent-db-instance", "agent-db-user", "agent-db-database", "agent-db-privilege"} <= gates
    assert probed(recording, "database") == ("orders", {"agent-db-database", "agent-db-privilege"})
    assert probed(recording, "user")[0] == "owner"
    assert probed(recording, "password")[0] == Secret(password)


def test_prod_is_protected_and_outlives_the_stack_with_all_that_is_in_it() -> None:
    recording = postgres("prod")
    assert marked(recording, "protect") == {"agent-db-instance", "agent-db-database", "agent-db-password"}
    assert marked(recording, "retain_on_delete") == {
        "agent-db-instance", "agent-db-user", "agent-db-database", "agent-db-privilege", "agent-db-backup"
    }  # fmt: skip
    assert marked(postgres(), "protect") | marked(postgres(), "retain_on_delete") == set()


def test_a_first_preview_knows_the_settings_and_no_address() -> None:
    recording = postgres("prod", preview=True)
    assert probed(recording, "host")[0] is UNKNOWN
    assert probed(recording, "url")[0] == Secret(UNKNOWN)
    instance = recording.get(INSTANCE).inputs
    assert (instance["securityIps"], instance["vswitchId"]) == (["10.7.0.0/20", "10.7.16.0/20"], "vsw-a,vsw-b")
    assert recording.get(ACCOUNT).inputs["accountPassword"] == Secret(UNKNOWN)
    assert recording.get(DATABASE).inputs["instanceId"] is UNKNOWN


def test_a_preview_with_an_unknown_vswitch() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        made = vpc.Switch("vsw", vpc_id="vpc-there", zone_id=ZONES[1], cidr_block="10.0.1.0/24", opts=opts)
        network = ExistingNetwork(
            vpc_id="vpc-there", security_group_id="s", subnet_ids={ZONES[0]: "vsw-a", ZONES[1]: made.id},
            subnet_cidrs=dict(zip(ZONES, ("10.0.0.0/24", "10.0.1.0/24"), strict=True)),
        )  # fmt: skip
        Postgres("agent-db", PostgresArgs(scope=scope, network=network), opts)

    inputs = recorded(build, "prod", preview=True).get(INSTANCE).inputs
    assert inputs["vswitchId"] is UNKNOWN, "not the one that is known alone"
    assert inputs["zoneIdSlaveA"] == ZONES[1]


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-db", "agent-audit"):
            Postgres(name, PostgresArgs(scope=scope, network=no_network()), opts)

    recording = recorded(build, "prod")
    one, two = recording.of_type(ACCOUNT)
    assert one.inputs["accountPassword"].value != two.inputs["accountPassword"].value
    assert len({resource.inputs["instanceName"] for resource in recording.of_type(INSTANCE)}) == 2
    audit = [resource for resource in recording.resources if resource.name.startswith("agent-audit-")]
    assert {name for one in audit for name in waits_for(one) if name.startswith("agent-db")} == set()
