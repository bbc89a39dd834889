"""Mysql on Alibaba Cloud: an RDS for MySQL instance, its allow-list, user, database and backups."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components import mysql
from components.alicloud.rds import PASSWORD_SPECIAL, Server, private_host
from components.alicloud.rds_settings import Engine, RdsNative, check
from components.base import after
from components.connections import connection_url
from components.mysql import MysqlArgs

ENGINE = Engine(
    name="MySQL",
    serverless={"serverless_basic": "mysql.n2.serverless.1c", "serverless_standard": "mysql.n2.serverless.2c"},
    # Of the service's list of classes with cloud disks: 2 cores and 4 GB, 2 and 8, 4 and 16.
    classes={
        "Basic": {"small": "mysql.n2.medium.1", "medium": "mysql.n4.medium.1", "large": "mysql.n4.large.1"},
        "HighAvailability": {
            "small": "mysql.n2.medium.2c", "medium": "mysql.n4.medium.2c", "large": "mysql.n4.large.2c"
        },
    },
    most_rcu=8,
    serverless_ssl=True,
    own_databases=frozenset({"information_schema", "mysql", "performance_schema", "sys", "test"}),
    account_type="Normal",
    privilege="ReadWrite",
    privilege_moves=True,
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class MysqlNative(RdsNative):
    """What only Alibaba Cloud knows about a MySQL instance."""


class Mysql(mysql.Mysql):
    """A MySQL instance with a private address alone: one serverless node, or two nodes in two zones.

    Its user reads, writes and changes the tables of its own database, and nothing else. A later version is an upgrade
    in place; zones and vswitches cannot be changed.
    """

    cloud = "alicloud"

    def __init__(self, name: str, args: MysqlArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        password = self.generated_password("password", special=PASSWORD_SPECIAL)
        server = Server(self, ENGINE, args, self.native(MysqlNative, args.native), args.version)
        account = server.declare_account(password)
        database = server.declare_database("utf8mb4")
        privilege = server.declare_privilege(account, database)
        server.declare_backup()
        host, port = server.instance.connection_string.apply(private_host), server.instance.port
        # Who reads the database's name finds it there, and the user let in.
        ready = after(database.data_base_name, privilege.account_name)
        self.finish(
            host=host, port=port, database=ready, user=account.account_name, password=password,
            url=connection_url(
                "mysql", user=account.account_name, password=password, host=host, port=port, database=ready
            ),
        )  # fmt: skip

    @classmethod
    def check(cls, name: str, args: MysqlArgs) -> None:
        """Names, disk, edition, zones and allow-list."""
        cls.refuse_unsupported(args)
        check(name, args, cls.native_of(name, MysqlNative, args.native), ENGINE)
