"""Postgres: a managed PostgreSQL instance, reachable only from the network, with its user and database."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.base import Args, Component
from components.checks import in_range, matches
from components.errors import UserError
from components.network import NetworkLike


@dataclass(frozen=True, kw_only=True)
class PostgresArgs(Args):
    """What a Postgres takes."""

    network: NetworkLike
    """Network it stands in; its subnets, and nothing else, are the allow-list."""
    database: str = "app"
    """Name of the database. Default app. Lower-case letters, digits and '_', at most 63."""
    user: str = "app"
    """Name of the user that owns it. Default app. Same characters; not beginning with `pg`."""
    version: int = 16
    """Major version of PostgreSQL. Default 16. Limit: 12 to 17. Cannot be changed in place."""
    storage_gb: int | None = None
    """Disk in GiB. Default: 20 small, 100 medium, 500 large. It only grows."""
    native: object | None = None
    """What only one cloud knows (`PostgresNative` of its module)."""

    def __post_init__(self) -> None:
        words = "2 to 63 lower-case letters, digits and '_', beginning with a letter"
        for name in ("database", "user"):
            matches(f"PostgresArgs.{name}", getattr(self, name), r"[a-z][a-z0-9_]{1,62}", words)
        if self.user.startswith("pg"):
            raise UserError("PostgresArgs.user", "names beginning with pg are reserved", "choose another")
        in_range("PostgresArgs.version", self.version, 12, 17)
        in_range("PostgresArgs.storage_gb", self.storage_gb, 20, 3000, "GiB")
        if not self.network.subnet_cidrs:
            raise UserError("PostgresArgs.network", "its subnets' blocks are unknown", "give subnet_cidrs")

    @property
    def disk_gb(self) -> int:
        """Disk in GiB, the default by size filled in."""
        return self.storage_gb or {"small": 20, "medium": 100, "large": 500}[self.scope.profile.size]


class Postgres(Component):
    """A PostgreSQL instance with a user and a database. Never reachable from the internet.

    Billed by the hour.
    """

    concept = "Postgres"
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
    """`postgresql://user:password@host:port/database`, percent-encoded. Secret."""

    def __init__(self, name: str, args: PostgresArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
