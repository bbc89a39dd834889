"""Postgres on Alibaba Cloud: an RDS for PostgreSQL instance, its allow-list, owner, database and backups."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components import postgres
from components.alicloud.rds import PASSWORD_SPECIAL, Server, private_host
from components.alicloud.rds_settings import SERVERLESS, Engine, RdsNative, category_of, check
from components.base import after
from components.checks import matches
from components.connections import connection_url
from components.errors import UserError
from components.postgres import PostgresArgs

ENGINE = Engine(
    name="PostgreSQL",
    serverless={"serverless_basic": "pg.n2.serverless.1c", "serverless_standard": "pg.n2.serverless.2c"},
    # Of the service's list of classes: 1 core and 2 GB, 2 and 8, 4 and 16. Two nodes begin at 2 and 4.
    classes={
        "Basic": {"small": "pg.n2.1c.1m", "medium": "pg.n4.2c.1m", "large": "pg.n4.4c.1m"},
        "HighAvailability": {"small": "pg.n2.2c.2m", "medium": "pg.n4.2c.2m", "large": "pg.n4.4c.2m"},
    },
    most_rcu=12,
    serverless_ssl=False,
    own_databases=frozenset({"postgres", "template0", "template1"}),
    account_type="Super",
    privilege="DBOwner",
    privilege_moves=False,
)
OLDEST_SERVERLESS = 14


@dataclass(frozen=True, kw_only=True)
class PostgresNative(RdsNative):
    """What only Alibaba Cloud knows about a PostgreSQL instance."""

    collation: str = "C"
    """How the database sorts text. Default C: fast, and the same everywhere. A change replaces the database."""
    ctype: str = "en_US.utf8"
    """What the database takes for letters, and folds. Default en_US.utf8. A change replaces the database."""

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("collation", "ctype"):
            value = getattr(self, name)
            matches(f"PostgresNative.{name}", value, r"[A-Za-z][A-Za-z0-9_.-]*", "a locale such as C or en_US.utf8")


class Postgres(postgres.Postgres):
    """A PostgreSQL instance with a private address alone: one serverless node, or two nodes in two zones.

    Its user is one of the highest privilege, which extensions such as pgvector want, and owns the database. A later
    version is an upgrade in place; zones and vswitches cannot be changed.
    """

    cloud = "alicloud"

    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        native = self.native(PostgresNative, args.native)
        password = self.generated_password("password", special=PASSWORD_SPECIAL)
        server = Server(self, ENGINE, args, native, f"{args.version}.0")
        account = server.declare_account(password)
        database = server.declare_database(f"UTF8,{native.collation},{native.ctype}")
        privilege = server.declare_privilege(account, database)
        server.declare_backup()
        host, port = server.instance.connection_string.apply(private_host), server.instance.port
        # Who reads the database's name finds it there, and owned.
        owned = after(database.data_base_name, privilege.account_name)
        self.finish(
            host=host, port=port, database=owned, user=account.account_name, password=password,
            url=connection_url(
                "postgresql", user=account.account_name, password=password, host=host, port=port, database=owned
            ),
        )  # fmt: skip

    @classmethod
    def check(cls, name: str, args: PostgresArgs) -> None:
        """Names, disk, edition, zones and allow-list."""
        cls.refuse_unsupported(args)
        native = cls.native_of(name, PostgresNative, args.native)
        check(name, args, native, ENGINE)
        if category_of(args, native) in SERVERLESS and args.version < OLDEST_SERVERLESS:
            raise UserError(
                f"PostgresArgs.version of {name}", f"{args.version} is not sold serverless",
                f"use {OLDEST_SERVERLESS} or later, or the category Basic",
            )  # fmt: skip
