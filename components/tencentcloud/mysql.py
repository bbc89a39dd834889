"""Mysql on Tencent Cloud: a TencentDB for MySQL instance, who may reach it, its user, database and backups."""

from __future__ import annotations

import pulumi
from tencentcloud_iac_pulumi import mysql as service

from components import mysql
from components.base import after
from components.connections import connection_url
from components.mysql import MysqlArgs
from components.tencentcloud.database import PASSWORD_SPECIAL, attached, group, private_host, zones
from components.tencentcloud.mysql_settings import MysqlNative, check, disk, machine, parameters, wants_ssl

__all__ = ["Mysql", "MysqlNative"]

PORT = 3306
EVERY_HOST = "%"
"""Where the user may come from, to MySQL itself: who gets so far at all is the security group's affair."""
RIGHTS = (
    "ALTER", "ALTER ROUTINE", "CREATE", "CREATE ROUTINE", "CREATE TEMPORARY TABLES", "CREATE VIEW", "DELETE", "DROP",
    "EVENT", "EXECUTE", "INDEX", "INSERT", "LOCK TABLES", "REFERENCES", "SELECT", "SHOW VIEW", "TRIGGER", "UPDATE",
)  # fmt: skip
"""All that the service grants on one database."""
ASYNCHRONOUS, HALF_SYNCHRONOUS = 0, 1


class Mysql(mysql.Mysql):
    """A MySQL instance with a private address alone: a primary and a standby, in two zones for high availability.

    Its user does what it likes in its own database, and nothing elsewhere. The smallest disk is 25 GB. Once destroyed
    an instance is gone: the service has no recycle bin for those that are billed by the hour.
    """

    cloud = "tencentcloud"

    def __init__(self, name: str, args: MysqlArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(MysqlNative, args.native)
        self._instance = self._declare_instance(args)
        self._last: pulumi.Resource = self._instance
        self._declare_ssl(args)
        self._declare_backup()
        password = self.generated_password("password", special=PASSWORD_SPECIAL)
        user = self._declare_user(args, password)
        database = self._declare_database(args)
        privilege = self._declare_privilege(user, database)
        host = self._instance.intranet_ip.apply(private_host)
        port = self._instance.intranet_port.apply(lambda port: str(port or PORT))
        # Who reads the database's name finds it there, and the user let in.
        ready = after(database.db_name, privilege.account_name)
        self.finish(
            host=host, port=port, database=ready, user=user.name, password=password,
            url=connection_url("mysql", user=user.name, password=password, host=host, port=port, database=ready),
        )  # fmt: skip

    @classmethod
    def check(cls, name: str, args: MysqlArgs) -> None:
        """Names, disk, zones and allow-list."""
        cls.refuse_unsupported(args)
        cls.native_of(name, MysqlNative, args.native)
        check(name, args)

    def _declare_instance(self, args: MysqlArgs) -> service.Instance:
        (primary, standby), (cpu, memory) = zones(args), machine(args, self._native)
        available = self.profile.high_availability
        return service.Instance(
            self.child("instance"),
            instance_name=self.physical_name("tencentcloud:Mysql/instance:Instance"),
            charge_type="POSTPAID",
            engine_version=args.version,
            device_type=self._native.device_type,
            cpu=cpu,
            mem_size=memory,
            volume_size=disk(args),
            vpc_id=args.network.vpc_id,
            subnet_id=args.network.subnet_ids[primary],
            intranet_port=PORT,
            internet_service=0,
            security_groups=[group(self, args, PORT)],
            availability_zone=primary,
            # Said for one zone as well: left out, the way back from two zones would keep the other one, and fail.
            first_slave_zone=standby,
            slave_deploy_mode=1 if available else 0,
            slave_sync_mode=HALF_SYNCHRONOUS if available else ASYNCHRONOUS,
            # The service wants an administrator. Nobody logs in as it.
            root_password=self.generated_password("root-password", special=PASSWORD_SPECIAL),
            parameters=parameters(self._native),
            tags=self.tags(),
            opts=self.options(
                stateful=True,
                # After a takeover it may be reported as the other zone, and the provider fails any update of it.
                ignore_changes=["availabilityZone"],
                # The provider fails an update of these; of a version, after it was carried out.
                replace_on_changes=["engineVersion", "parameters.lower_case_table_names"],
            ),
        )

    def _declare_ssl(self, args: MysqlArgs) -> None:
        wanted = wants_ssl(args, self._native)
        if wanted is None:
            return
        self._last = service.Ssl(
            self.child("ssl"),
            instance_id=self._instance.id,
            status="ON" if wanted else "OFF",
            opts=attached(self, self._instance, self._last),
        )

    def _declare_backup(self) -> None:
        """Backups every day and the log between them, for a restore to any point in time.

        Never left out: a backup policy that is taken away is set to a kind that two nodes do not have, and fails.
        """
        days = self.profile.backup_retention_days
        self._last = service.BackupPolicy(
            self.child("backup"),
            mysql_id=self._instance.id,
            backup_model="physical",
            backup_time=self._native.backup_time,
            retention_period=days,
            # Not longer than the backups themselves; left out, the old one stays when the backups' gets shorter.
            binlog_period=days,
            opts=attached(self, self._instance, self._last),
        )

    def _declare_user(self, args: MysqlArgs, password: pulumi.Output[str]) -> service.Account:
        """The user. Another name makes another user, who is there before the old one goes."""
        user = service.Account(
            self.child("user"),
            mysql_id=self._instance.id,
            name=args.user,
            host=EVERY_HOST,
            password=password,
            description="made by Qiao",
            opts=attached(self, self._instance, self._last),
        )
        self._last = user
        return user

    def _declare_database(self, args: MysqlArgs) -> service.Database:
        database = service.Database(
            self.child("database"),
            instance_id=self._instance.id,
            db_name=args.database,
            character_set_name="utf8mb4",
            opts=attached(self, self._instance, self._last, stateful=True),
        )
        self._last = database
        return database

    def _declare_privilege(self, user: service.Account, database: service.Database) -> service.Privilege:
        return service.Privilege(
            self.child("privilege"),
            mysql_id=self._instance.id,
            account_name=user.name,
            account_host=EVERY_HOST,
            # Wanted even where there are none.
            globals=[],
            databases=[service.PrivilegeDatabaseArgs(database_name=database.db_name, privileges=list(RIGHTS))],
            opts=attached(self, self._instance, self._last),
        )
