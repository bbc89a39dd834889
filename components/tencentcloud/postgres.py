"""Postgres on Tencent Cloud: a TencentDB for PostgreSQL instance, who may reach it, its user, database and backups."""

from __future__ import annotations

import pulumi
from tencentcloud_iac_pulumi import postgresql

from components import postgres
from components.base import after
from components.connections import connection_url
from components.postgres import PostgresArgs
from components.tencentcloud.database import PASSWORD_SPECIAL, attached, group, private_host, zones
from components.tencentcloud.gaps.postgres_database import PostgresDatabase
from components.tencentcloud.postgres_settings import PostgresNative, check, machine, wants_ssl

__all__ = ["Postgres", "PostgresNative"]

PORT = 5432
"""The service's port. It cannot be chosen."""
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MOST_BEHIND_BYTES, MOST_BEHIND_SECONDS = 1 << 30, 10
"""How far the standby may be behind and still take over, or be waited for: as few bytes, as long, as can be asked."""


class Postgres(postgres.Postgres):
    """A PostgreSQL instance with a private address alone: a primary and a standby, in two zones for high availability.

    Its user is one of the service's own kind of administrators, which extensions such as pgvector want, and owns the
    database. The standby's zone can be changed in place, the primary's cannot: the provider fails that update. After a
    takeover by the standby, the first `up` that follows a refresh moves the primary back to the first zone.
    """

    cloud = "tencentcloud"

    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(PostgresNative, args.native)
        self._instance = self._declare_instance(args)
        self._last: pulumi.Resource = self._instance
        host = self._instance.private_access_ip.apply(private_host)
        self._declare_high_availability()
        self._declare_ssl(args, host)
        self._declare_parameters()
        password = self.generated_password("password", special=PASSWORD_SPECIAL)
        user = self._declare_user(args, password)
        database = self._declare_database(args, user)
        # Who reads the database's name finds it there, and owned.
        owned, port = after(database.database, database.owner), self._instance.private_access_port.apply(str)
        self.finish(
            host=host, port=port, database=owned, user=user.user_name, password=password,
            url=connection_url(
                "postgresql", user=user.user_name, password=password, host=host, port=port, database=owned
            ),
        )  # fmt: skip

    @classmethod
    def check(cls, name: str, args: PostgresArgs) -> None:
        """Names, disk, zones and allow-list."""
        cls.refuse_unsupported(args)
        cls.native_of(name, PostgresNative, args.native)
        check(name, args)

    def _declare_instance(self, args: PostgresArgs) -> postgresql.Instance:
        native = self._native
        (primary, standby), (cpu, memory) = zones(args), machine(args, native)
        return postgresql.Instance(
            self.child("instance"),
            name=self.physical_name("tencentcloud:Postgresql/instance:Instance"),
            charge_type="POSTPAID_BY_HOUR",
            db_major_version=str(args.version),
            cpu=cpu,
            memory=memory,
            storage=args.disk_gb,
            vpc_id=args.network.vpc_id,
            subnet_id=args.network.subnet_ids[primary],
            availability_zone=primary,
            # Both nodes are always said: taken out, this list fails the update.
            db_node_sets=[
                postgresql.InstanceDbNodeSetArgs(role="Primary", zone=primary),
                postgresql.InstanceDbNodeSetArgs(role="Standby", zone=standby),
            ],
            security_groups=[group(self, args, PORT)],
            public_access_switch=False,
            charset="UTF8",
            # The service wants an administrator. Nobody logs in as it.
            root_password=self.generated_password("root-password", special=PASSWORD_SPECIAL),
            need_support_tde=1 if native.tde else 0,
            kms_key_id=native.kms_key_id,
            kms_region=native.kms_region,
            backup_plan=self._backup_plan(),
            # No guard, whatever its name: a destroyed instance stays in the recycle bin, and destroy says it is gone.
            delete_protection=self.profile.protect,
            tags=self.tags(),
            opts=self.options(
                stateful=True,
                # The provider fails an update of these: of a version, as it asks for the new one with the old kernel.
                replace_on_changes=["dbMajorVersion", "needSupportTde", "kmsKeyId", "kmsRegion"],
            ),
        )

    def _backup_plan(self) -> postgresql.InstanceBackupPlanArgs:
        hour = self._native.backup_hour
        return postgresql.InstanceBackupPlanArgs(
            backup_periods=list(WEEK),
            base_backup_retention_period=self.profile.backup_retention_days,
            min_backup_start_time=f"{hour:02}:00:00",
            max_backup_start_time=f"{hour + 1:02}:00:00",
        )

    def _declare_high_availability(self) -> None:
        """The standby confirms every commit, unless it falls far behind: then the primary goes on alone."""
        if not self.profile.high_availability:
            return
        self._last = postgresql.InstanceHaConfig(
            self.child("high-availability"),
            instance_id=self._instance.id,
            sync_mode="Semi-sync",
            max_standby_latency=MOST_BEHIND_BYTES,
            max_standby_lag=MOST_BEHIND_SECONDS,
            # Without these two the primary would stand still whenever its standby does.
            max_sync_standby_latency=MOST_BEHIND_BYTES,
            max_sync_standby_lag=MOST_BEHIND_SECONDS,
            # The provider would go on setting that of the old instance.
            opts=attached(self, self._instance, self._last, replace_on_changes=["instanceId"]),
        )

    def _declare_ssl(self, args: PostgresArgs, host: pulumi.Output[str]) -> None:
        wanted = wants_ssl(args, self._native)
        if wanted is None:
            return
        self._last = postgresql.InstanceSslConfig(
            self.child("ssl"),
            db_instance_id=self._instance.id,
            ssl_enabled=wanted,
            # The one address that the certificate is made for; the service wants it to turn TLS on.
            connect_address=host if wanted else None,
            opts=attached(self, self._instance, self._last),
        )

    def _declare_parameters(self) -> None:
        given = sorted(self._native.parameters.items())
        if not given:
            return
        self._last = postgresql.Parameters(
            self.child("parameters"),
            db_instance_id=self._instance.id,
            param_lists=[postgresql.ParametersParamListArgs(name=key, expected_value=value) for key, value in given],
            opts=attached(self, self._instance, self._last),
        )

    def _declare_user(self, args: PostgresArgs, password: pulumi.Output[str]) -> postgresql.Account:
        """The user. Another name makes another user, who is there before the old one goes."""
        user = postgresql.Account(
            self.child("user"),
            db_instance_id=self._instance.id,
            user_name=args.user,
            type=self._native.account_type,
            password=password,
            lock_status=False,
            opts=attached(self, self._instance, self._last),
        )
        self._last = user
        return user

    def _declare_database(self, args: PostgresArgs, user: postgresql.Account) -> PostgresDatabase:
        """The database, owned by the user: the provider of this version has no resource for it, the service has."""
        return PostgresDatabase(
            self.child("database"),
            instance_id=self._instance.id,
            database=args.database,
            owner=user.user_name,
            collation=self._native.collation,
            ctype=self._native.ctype,
            region=self.scope.region,
            # Another collation makes another database under the same name, and an empty one.
            opts=attached(self, self._instance, self._last, stateful=True, delete_before_replace=True),
        )
