"""Postgres on Volcengine: an RDS for PostgreSQL instance, its allow-list, owner, database, backups and encryption."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi_volcengine import rds_postgresql as rds

from components import allow_list, postgres
from components.base import after
from components.checks import multiple_of, one_of
from components.connections import connection_url
from components.errors import UserError
from components.network import NetworkLike
from components.postgres import PostgresArgs
from components.volcengine.facts import tag_list
from components.volcengine.gaps.postgres_backup import PostgresBackup

PASSWORD_SPECIAL = "!@#$%^*()_+-="  # noqa: S105 - an alphabet, not a password
"""Special characters that the service takes in a password."""
NODE_SPECS = {"small": "rds.postgres.1c2g", "medium": "rds.postgres.2c8g", "large": "rds.postgres.4c16g"}
ALLOWED = "PostgresArgs.network.subnet_cidrs"
COLLATIONS = ("C", "C.UTF-8", "en_US.utf8", "zh_CN.utf8", "POSIX")


@dataclass(frozen=True, kw_only=True)
class PostgresNative:
    """What only Volcengine knows about a PostgreSQL instance."""

    node_spec: str | None = None
    """Machine of a node (`rds.postgres.2c8g`). Default: 1c2g small, 2c8g medium, 4c16g large."""
    collation: str = "C.UTF-8"
    """How the database sorts and folds text. Default C.UTF-8: fast, and the same everywhere. Cannot be changed in
    place: a change replaces the database."""
    ssl: bool | None = None
    """Whether connections must be encrypted. Default: the profile's `encrypt`. A client that does not turn to TLS by
    itself, as libpq does, must then be told to."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Server parameters. Taking one out of here leaves its last value on the server."""
    project: str | None = None
    """The account's own project (a cost group) that the instance lies in. Default: `default`."""

    def __post_init__(self) -> None:
        one_of("PostgresNative.collation", self.collation, COLLATIONS)


class Postgres(postgres.Postgres):
    """A PostgreSQL instance of two nodes (the service has none of one), in two zones where the profile asks for it.

    It has a private address alone. Zones, subnet and version cannot be changed later.
    """

    cloud = "volcengine"

    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(PostgresNative, args.native)
        blocks = allow_list.blocks(ALLOWED, args.network)
        password = self.generated_password("password", special=PASSWORD_SPECIAL)
        self._instance = self._declare_instance(args)
        # The service refuses a second operation while the instance is busy with a first: one after the other.
        allowed = self._declare_allow_list(blocks)
        account = self._declare_account(args.user, password, allowed)
        database = self._declare_database(args.database, account)
        backup = self._declare_backup(database)
        if self._ssl:
            self._declare_ssl(backup)
        address = self._instance.endpoints.apply(private_address)
        host = after(address.apply(lambda pair: pair[0]), allowed.instance_id)
        port = address.apply(lambda pair: pair[1])
        self.finish(
            host=host, port=port, database=database.db_name, user=account.account_name, password=password,
            url=connection_url(
                "postgresql", user=account.account_name, password=password, host=host, port=port,
                database=database.db_name,
            ),
        )  # fmt: skip

    @classmethod
    def check(cls, name: str, args: PostgresArgs) -> None:
        """Disk, zones and allow-list."""
        cls.native_of(name, PostgresNative, args.native)
        multiple_of(f"PostgresArgs.storage_gb of {name}", args.storage_gb, 10)
        place(args.network, args.scope.profile.high_availability)
        allow_list.check(ALLOWED, args.network)

    @property
    def _ssl(self) -> bool:
        return self.profile.encrypt if self._native.ssl is None else self._native.ssl

    def _attached(self, waits_for: pulumi.Resource, **more: Any) -> pulumi.ResourceOptions:
        """Options of what belongs to the instance: an instance that outlives the stack keeps it."""
        return self.options(depends_on=[waits_for], retain_on_delete=self.profile.retain or None, **more)

    def _declare_instance(self, args: PostgresArgs) -> rds.Instance:
        zones, subnet = place(args.network, self.profile.high_availability)
        return rds.Instance(
            self.child("instance"),
            # An unset name is reported back by the API and then differs on every preview.
            instance_name=self.physical_name("volcengine:rds_postgresql/instance:Instance"),
            db_engine_version=f"PostgreSQL_{args.version}",
            node_spec=self._native.node_spec or NODE_SPECS[self.profile.size],
            storage_space=args.disk_gb,
            subnet_id=subnet,
            primary_zone_id=zones[0],
            secondary_zone_id=zones[1],
            # The provider cannot delete what is paid ahead.
            charge_info=rds.InstanceChargeInfoArgs(charge_type="PostPaid"),
            parameters=[
                rds.InstanceParameterArgs(name=key, value=value)
                for key, value in sorted(self._native.parameters.items())
            ]
            or None,
            project_name=self._native.project,
            tags=tag_list(rds.InstanceTagArgs, self.tags()),
            opts=self.options(stateful=True),
        )

    def _declare_allow_list(self, blocks: Sequence[pulumi.Output[str]]) -> rds.AllowlistAssociate:
        keep = self.profile.retain or None
        allowed = rds.Allowlist(
            self.child("allow-list"),
            allow_list_name=self.physical_name("volcengine:rds_postgresql/allowlist:Allowlist"),
            allow_list_desc="the subnets of its network",
            allow_list_type="IPv4",
            allow_lists=blocks,
            opts=self.options(retain_on_delete=keep),
        )
        # Until then nothing connects at all.
        return rds.AllowlistAssociate(
            self.child("allow-list-attached"),
            instance_id=self._instance.id,
            allow_list_id=allowed.id,
            opts=self.options(retain_on_delete=keep),
        )

    def _declare_account(self, user: str, password: pulumi.Output[str], waits_for: pulumi.Resource) -> rds.Account:
        return rds.Account(
            self.child("user"),
            instance_id=self._instance.id,
            account_name=user,
            account_password=password,
            account_type="Normal",
            # Unset, they are reported back and then differ on every preview.
            account_privileges="Login,Inherit",
            # Only another name or instance makes another account. It must be there, and own the database, before the
            # old one goes: an account that owns one is not deleted.
            opts=self._attached(waits_for, ignore_changes=["accountType", "notAllowPrivileges"]),
        )

    def _declare_database(self, name: str, owner: rds.Account) -> rds.Database:
        return rds.Database(
            self.child("database"),
            instance_id=self._instance.id,
            db_name=name,
            owner=owner.account_name,
            character_set_name="utf8",
            c_type=self._native.collation,
            collate=self._native.collation,
            # Another collation makes another database under the same name, and an empty one.
            opts=self.options(stateful=True, depends_on=[owner], delete_before_replace=True),
        )

    def _declare_backup(self, waits_for: pulumi.Resource) -> PostgresBackup:
        # The provider's BackupPolicy can never be created: it reads with an empty instance id.
        return PostgresBackup(
            self.child("backup"),
            instance_id=self._instance.id,
            retention_days=self.profile.backup_retention_days,
            region=self.scope.region,
            opts=self._attached(waits_for),
        )

    def _declare_ssl(self, waits_for: pulumi.Resource) -> None:
        rds.InstanceSsl(
            self.child("ssl"),
            instance_id=self._instance.id,
            ssl_enable=True,
            force_encryption=True,
            opts=self._attached(waits_for),
        )


def place(network: NetworkLike, high_availability: bool) -> tuple[tuple[str, str], pulumi.Input[str]]:
    """Zone of the primary and of the secondary node, and the subnet of the address: the network's first zone."""
    zones = list(network.subnet_ids)
    first = zones[0]
    if high_availability and len(zones) < 2:
        raise UserError("PostgresArgs.network", "high availability wants two zones", "give a network of two subnets")
    return (first, zones[1] if high_availability else first), network.subnet_ids[first]


def private_address(endpoints: Sequence[Any] | None) -> tuple[str, str]:
    """Host and port of the private address of the instance's default (`Cluster`) endpoint."""
    for endpoint in endpoints or ():
        for address in endpoint.addresses or () if endpoint.endpoint_type == "Cluster" else ():
            host = address.domain or address.ip_address
            if address.network_type == "Private" and host:
                return str(host), str(address.port)
    raise UserError("volcengine Postgres", "the instance reports no private address yet", "run `up` again in a minute")
