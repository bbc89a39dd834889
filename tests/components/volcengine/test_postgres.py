from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pulumi
import pytest

from components.errors import UserError
from components.network import ExistingNetwork, NetworkArgs
from components.postgres import PostgresArgs
from components.scope import Scope
from components.volcengine.network import Network
from components.volcengine.postgres import Postgres, PostgresNative, private_address
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from tests.components.volcengine.support import (
    GAP,
    PASSWORD,
    REGION,
    ZONES,
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

RDS = "volcengine:rds_postgresql"
INSTANCE, ALLOW = f"{RDS}/instance:Instance", f"{RDS}/allowlist:Allowlist"
ATTACHED, ACCOUNT = f"{RDS}/allowlistAssociate:AllowlistAssociate", f"{RDS}/account:Account"
DATABASE, SSL, BACKUP = f"{RDS}/database:Database", f"{RDS}/instanceSsl:InstanceSsl", f"{GAP}PostgresBackup"
OUTPUTS = ("host", "port", "database", "user", "password", "url")


def postgres(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None, **args: Any
) -> Recording:  # fmt: skip
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        given: dict[str, Any] = {"scope": scope, "network": no_network()} | args
        it = Postgres("agent-db", PostgresArgs(**given), opts)
        for name in OUTPUTS:
            probe(name, getattr(it, name))

    return recorded(build, stage, preview=preview, **(profile or {}))


def test_the_instance_stands_in_one_zone_in_dev() -> None:
    inputs = postgres().get(INSTANCE).inputs
    assert (inputs["primaryZoneId"], inputs["secondaryZoneId"]) == (ZONES[0], ZONES[0])
    assert (inputs["subnetId"], inputs["dbEngineVersion"]) == ("subnet-a", "PostgreSQL_16")
    assert (inputs["nodeSpec"], inputs["storageSpace"]) == ("rds.postgres.1c2g", 20)
    assert inputs["instanceName"] == "qiao-dev-agent-db", "unset, it differs on every preview"
    assert inputs["chargeInfo"] == {"chargeType": "PostPaid"}, "what is paid ahead cannot be deleted"
    assert inputs["tags"] == tags_of("agent-db")
    assert "parameters" not in inputs


def test_prod_spans_two_zones() -> None:
    inputs = postgres("prod", version=17, storage_gb=200).get(INSTANCE).inputs
    assert (inputs["primaryZoneId"], inputs["secondaryZoneId"]) == ZONES
    assert (inputs["nodeSpec"], inputs["storageSpace"]) == ("rds.postgres.2c8g", 200)
    assert inputs["dbEngineVersion"] == "PostgreSQL_17"


def test_only_the_subnets_are_let_in() -> None:
    recording = postgres()
    allow, attached = recording.get(ALLOW), recording.get(ATTACHED)
    assert (allow.inputs["allowLists"], allow.inputs["allowListType"]) == (["10.7.0.0/20", "10.7.16.0/20"], "IPv4")
    assert {"instanceIds", "userAllowLists", "securityGroupBindInfos"}.isdisjoint(allow.inputs)
    assert attached.inputs == {"instanceId": recording.get(INSTANCE).id, "allowListId": allow.id}


def test_a_network_of_ours_lets_its_own_subnets_in() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        network = Network("agent-net", NetworkArgs(scope=scope, zones=ZONES), opts)
        Postgres("agent-db", PostgresArgs(scope=scope, network=network), opts)

    recording = recorded(build)
    assert recording.get(ALLOW).inputs["allowLists"] == ["10.0.0.0/22", "10.0.4.0/22"]
    assert behind(recording.get(INSTANCE), "subnetId") == {f"agent-net-subnet-{ZONES[0]}"}


@pytest.mark.parametrize("block", ["0.0.0.0/0", "203.0.113.0/24", "0.0.0.0/1"])
def test_a_public_block_is_refused_whatever_the_profile(block: str) -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "subnet-a"}, subnet_cidrs={ZONES[0]: block}
    )
    with pytest.raises(UserError) as error:
        postgres(network=network)
    assert str(error.value) == (
        f"PostgresArgs.network.subnet_cidrs: {block} is not private;"
        " give the subnets' own blocks: a database is never public"
    )


def test_a_public_block_that_is_known_late_is_refused_as_well() -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "subnet-a"},
        subnet_cidrs={ZONES[0]: pulumi.Output.from_input("0.0.0.0/0")},
    )  # fmt: skip
    with pytest.raises(UserError, match=r"0\.0\.0\.0/0 is not private"):
        postgres(network=network)


def test_two_zones_are_wanted_for_high_availability() -> None:
    network = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "subnet-a"}, subnet_cidrs={ZONES[0]: "10.0.0.0/24"}
    )
    with pytest.raises(UserError) as error:
        postgres("prod", network=network)
    assert str(error.value) == (
        "PostgresArgs.network: high availability wants two zones; give a network of two subnets"
    )


def test_the_owner_has_a_generated_password() -> None:
    recording = postgres(user="orders_owner")
    account, password = recording.get(ACCOUNT), recording.get(PASSWORD)
    assert (account.inputs["accountName"], account.inputs["accountType"]) == ("orders_owner", "Normal")
    assert account.inputs["accountPassword"] == Secret(reveal(password.outputs["result"]))
    assert account.inputs["accountPrivileges"] == "Login,Inherit", "unset, they differ on every preview"
    assert set(password.inputs["overrideSpecial"]) <= set("!@#$%^*()&_+-=."), "the service's own list"
    assert 8 <= password.inputs["length"] <= 32


def test_a_new_owner_is_there_before_the_old_one_goes() -> None:
    account = postgres().get(ACCOUNT)
    assert account.delete_before_replace is None, "an account that owns a database is not deleted"
    assert account.ignore_changes == ("accountType", "notAllowPrivileges"), "these would make a twin of the same name"


def test_the_database_belongs_to_the_owner() -> None:
    recording = postgres(database="orders", user="orders_owner")
    database = recording.get(DATABASE)
    assert (database.inputs["dbName"], database.inputs["owner"]) == ("orders", "orders_owner")
    assert database.inputs["characterSetName"] == "utf8"
    assert (database.inputs["cType"], database.inputs["collate"]) == ("C.UTF-8", "C.UTF-8")
    assert database.delete_before_replace is True, "another collation makes one of the same name"


@pytest.mark.parametrize("preview", [False, True])
def test_one_operation_after_the_other(preview: bool) -> None:
    """The service refuses an operation while the instance is busy with another."""
    recording = postgres("prod", preview=preview)
    chain = [recording.get(kind) for kind in (INSTANCE, ATTACHED, ACCOUNT, DATABASE, BACKUP, SSL)]
    for before, step in pairwise(chain):
        assert before.name in waits_for(step), f"{step.name} does not wait for {before.name}"


@pytest.mark.parametrize(("stage", "days"), [("dev", 7), ("prod", 30)])
def test_backups_are_kept_by_the_gap(stage: Stage, days: int) -> None:
    recording = postgres(stage)
    backup = recording.get(BACKUP)
    assert backup.inputs["instance_id"] == recording.get(INSTANCE).id
    assert (backup.inputs["retention_days"], backup.inputs["region"]) == (days, REGION)
    assert recording.of_type(f"{RDS}/backupPolicy:BackupPolicy") == [], "it can never be created"


def test_prod_encrypts_connections() -> None:
    recording = postgres("prod")
    assert recording.get(SSL).inputs == {
        "instanceId": recording.get(INSTANCE).id, "sslEnable": True, "forceEncryption": True
    }  # fmt: skip
    assert postgres().of_type(SSL) == []
    assert postgres(native=PostgresNative(ssl=True)).get(SSL).inputs["sslEnable"] is True
    assert postgres("prod", native=PostgresNative(ssl=False)).of_type(SSL) == []


def test_the_address_is_the_private_one_of_the_default_endpoint() -> None:
    recording = postgres()
    address = recording.get(INSTANCE).outputs["endpoints"][1]["addresses"][1]
    assert probed(recording, "host")[0] == address["domain"]
    assert probed(recording, "port")[0] == address["port"] == "7003"
    assert "agent-db-allow-list-attached" in probed(recording, "host")[1], "until then nothing connects"


def test_the_url_is_secret_and_whole() -> None:
    recording = postgres(database="orders", user="owner")
    url, gates = probed(recording, "url")
    password = reveal(recording.get(PASSWORD).outputs["result"])
    assert isinstance(url, Secret)
    parts = urlsplit(url.value)
    assert (parts.username, parts.path, parts.port) == ("owner", "/orders", 7003)
    assert parts.password == password.replace("!", "%21")
    assert parts.hostname == probed(recording, "host")[0]
    assert {"agent-db-database", "agent-db-user", "agent-db-allow-list-attached"} <= gates
    assert probed(recording, "password")[0] == Secret(password)


def test_prod_is_protected_and_outlives_the_stack_with_all_that_is_in_it() -> None:
    recording = postgres("prod")
    assert marked(recording, "protect") == {"agent-db-instance", "agent-db-database", "agent-db-password"}
    assert marked(recording, "retain_on_delete") == {
        "agent-db-instance", "agent-db-database", "agent-db-user", "agent-db-allow-list",
        "agent-db-allow-list-attached", "agent-db-backup", "agent-db-ssl",
    }  # fmt: skip
    assert marked(postgres(), "protect") | marked(postgres(), "retain_on_delete") == set()


def test_a_first_preview_knows_no_address() -> None:
    recording = postgres(preview=True)
    assert (probed(recording, "host")[0], probed(recording, "port")[0]) == (UNKNOWN, UNKNOWN)
    assert probed(recording, "url")[0] == Secret(UNKNOWN)
    assert recording.get(ACCOUNT).inputs["accountPassword"] == Secret(UNKNOWN)
    assert recording.get(ALLOW).inputs["allowLists"] == ["10.7.0.0/20", "10.7.16.0/20"]


def test_what_only_this_cloud_knows() -> None:
    native = PostgresNative(
        node_spec="rds.postgres.8c32g", collation="zh_CN.utf8", parameters={"b": "2", "a": "1"}, project="team"
    )
    recording = postgres(native=native)
    inputs = recording.get(INSTANCE).inputs
    assert (inputs["nodeSpec"], inputs["projectName"]) == ("rds.postgres.8c32g", "team")
    assert inputs["parameters"] == [{"name": "a", "value": "1"}, {"name": "b", "value": "2"}]
    assert recording.get(DATABASE).inputs["collate"] == "zh_CN.utf8"


def test_storage_grows_by_ten() -> None:
    with pytest.raises(UserError) as error:
        postgres(storage_gb=25)
    assert str(error.value) == ("PostgresArgs.storage_gb of agent-db: 25 is not a multiple of 10; use a multiple of 10")


def test_an_unknown_collation_is_refused() -> None:
    with pytest.raises(UserError) as error:
        PostgresNative(collation="latin1")
    assert str(error.value) == (
        "PostgresNative.collation: 'latin1' is unknown; use one of C, C.UTF-8, POSIX, en_US.utf8, zh_CN.utf8"
    )


def address(**fields: Any) -> SimpleNamespace:
    return SimpleNamespace(**({"domain": None, "ip_address": None, "network_type": "Private", "port": "5432"} | fields))


def test_without_a_domain_the_address_is_the_number() -> None:
    endpoint = SimpleNamespace(endpoint_type="Cluster", addresses=[address(ip_address="10.0.0.9")])
    assert private_address([endpoint]) == ("10.0.0.9", "5432")


@pytest.mark.parametrize(
    "endpoints",
    [
        None,
        [],
        [SimpleNamespace(endpoint_type="Cluster", addresses=None)],
        [SimpleNamespace(endpoint_type="Cluster", addresses=[address(network_type="Public", domain="out")])],
        [SimpleNamespace(endpoint_type="Custom", addresses=[address(domain="in")])],
        [SimpleNamespace(endpoint_type="Cluster", addresses=[address()])],
    ],
)
def test_no_private_address_is_an_error_never_a_public_one(endpoints: Any) -> None:
    with pytest.raises(UserError, match="the instance reports no private address yet"):
        private_address(endpoints)


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-db", "agent-cache"):
            Postgres(name, PostgresArgs(scope=scope, network=no_network()), opts)

    recording = recorded(build)
    one, two = recording.of_type(ACCOUNT)
    assert one.inputs["accountPassword"].value != two.inputs["accountPassword"].value
    assert len({r.inputs["allowListName"] for r in recording.of_type(ALLOW)}) == 2
    cache = [r for r in recording.resources if r.name.startswith("agent-cache-")]
    assert {name for r in cache for name in waits_for(r) if name.startswith("agent-db")} == set()
