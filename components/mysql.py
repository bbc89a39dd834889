"""Mysql: a managed MySQL instance, reachable only from the network, with its user and database."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.base import Args, Component
from components.checks import in_range, matches, one_of
from components.errors import UserError
from components.network import NetworkLike

RESERVED_USERS = ("admin", "mysql", "root", "sys", "test")


@dataclass(frozen=True, kw_only=True)
class MysqlArgs(Args):
    """What a Mysql takes."""

    network: NetworkLike
    """Network it stands in; its subnets, and nothing else, are the allow-list."""
    database: str = "app"
    """Name of the database. Default app. Lower-case letters, digits and '_', at most 63."""
    user: str = "app"
    """Name of the user that owns it. Default app. Same characters, at most 16."""
    version: str = "8.0"
    """Version of MySQL. Default 8.0. Limit: 5.7 or 8.0. Cannot be changed in place."""
    storage_gb: int | None = None
    """Disk in GiB. Default: 20 small, 100 medium, 500 large. It only grows."""
    native: object | None = None
    """What only one cloud knows (`MysqlNative` of its module)."""

    def __post_init__(self) -> None:
        words = "lower-case letters, digits and '_', beginning with a letter"
        matches("MysqlArgs.database", self.database, r"[a-z][a-z0-9_]{1,62}", f"2 to 63 {words}")
        matches("MysqlArgs.user", self.user, r"[a-z][a-z0-9_]{1,15}", f"2 to 16 {words}")
        if self.user in RESERVED_USERS:
            raise UserError("MysqlArgs.user", f"{self.user} is reserved", "choose another")
        one_of("MysqlArgs.version", self.version, ("5.7", "8.0"))
        in_range("MysqlArgs.storage_gb", self.storage_gb, 20, 3000, "GiB")
        if not self.network.subnet_cidrs:
            raise UserError("MysqlArgs.network", "its subnets' blocks are unknown", "give subnet_cidrs")

    @property
    def disk_gb(self) -> int:
        """Disk in GiB, the default by size filled in."""
        return self.storage_gb or {"small": 20, "medium": 100, "large": 500}[self.scope.profile.size]


class Mysql(Component):
    """A MySQL instance with a user and a database in utf8mb4. Never reachable from the internet.

    Billed by the hour.
    """

    concept = "Mysql"
    OUTPUTS = ("host", "port", "database", "user", "password", "url")
    SECRET_OUTPUTS = ("password", "url")

    host: pulumi.Output[str]
    """Private host name."""
    port: pulumi.Output[str]
    """Port."""
    database: pulumi.Output[str]
    """Name of the database; known when it is there."""
    user: pulumi.Output[str]
    """Name of its owner."""
    password: pulumi.Output[str]
    """The owner's generated password. Secret."""
    url: pulumi.Output[str]
    """`mysql://user:password@host:port/database`, percent-encoded. Secret."""

    def __init__(self, name: str, args: MysqlArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
