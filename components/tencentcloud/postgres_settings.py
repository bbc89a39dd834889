"""What a PostgreSQL instance on Tencent Cloud is to be. Plain functions, checks included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import pulumi

from components import allow_list
from components.checks import in_range, matches, multiple_of, one_of
from components.errors import UserError
from components.postgres import PostgresArgs
from components.scope import Tier
from components.tencentcloud.database import allowed, zones

AccountType = Literal["tencentDBSuper", "normal"]
SIZES: dict[Tier, tuple[int, int]] = {"small": (1, 2), "medium": (4, 8), "large": (4, 16)}
"""Cores and GiB by size: of the service's list of general classes."""
OWN_DATABASES = frozenset({"postgres", "template0", "template1"})
OWN_USERS = frozenset({"postgres", "root"})
"""`root` is the instance's own administrator."""
RESERVED_WORDS = frozenset(
    (
        "all", "analyse", "analyze", "and", "any", "array", "as", "asc", "asymmetric", "authorization",
        "binary", "both", "case", "cast", "check", "collate", "collation", "column", "concurrently",
        "constraint", "create", "cross", "default", "deferrable", "desc", "distinct", "do", "else", "end",
        "except", "false", "fetch", "for", "foreign", "freeze", "from", "full", "grant", "group", "having",
        "ilike", "in", "initially", "inner", "intersect", "into", "is", "isnull", "join", "lateral", "leading",
        "left", "like", "limit", "localtime", "localtimestamp", "natural", "not", "notnull", "null", "offset",
        "on", "only", "or", "order", "outer", "overlaps", "placing", "primary", "references", "returning",
        "right", "select", "similar", "some", "symmetric", "table", "tablesample", "then", "to", "trailing",
        "true", "union", "unique", "user", "using", "variadic", "verbose", "when", "where", "window", "with",
    )
)  # fmt: skip
"""Key words of PostgreSQL that are no names without quotes, which the service does not write."""
LOCALE = r"[A-Za-z][A-Za-z0-9_.-]*"


@dataclass(frozen=True, kw_only=True)
class PostgresNative:
    """What only Tencent Cloud knows about a PostgreSQL instance."""

    cpu: int | None = None
    """Cores. Default by size: 1, 4, 4. Limit: together with `memory_gb`, and a class that the zone sells."""
    memory_gb: int | None = None
    """Memory in GiB. Default by size: 2, 8, 16. Limit: as `cpu`. The first `up` names what the zone sells."""
    account_type: AccountType = "tencentDBSuper"
    """How much the user may do. Default tencentDBSuper: extensions such as pgvector want it. `normal` owns its database
    and no more. It is decided when the user is made: a change wants another `user` as well, or fails."""
    ssl: bool | None = None
    """Whether the instance offers TLS. Default: the profile's `encrypt`. False turns off what was on."""
    tde: bool = False
    """Whether data files are encrypted. Default False: the key service must be opened and the database allowed to use
    it, once, in the console. It is decided at creation: a change replaces the instance and all that is in it."""
    kms_key_id: pulumi.Input[str] | None = None
    """Id of a key of the key service to encrypt data files with. Default: one that the service makes. Limit: with
    `tde`. A change replaces the instance."""
    kms_region: str | None = None
    """Region of that key. Default: the instance's own, where it has a key service."""
    backup_hour: int = 2
    """The hour in which backups begin, in the instance's time. Default 2. Limit: 0 to 22."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Server parameters. One that wants a restart restarts the instance. Taking one out of here leaves its value."""
    collation: str | None = None
    """How the database sorts text. Default: the instance's own. A change replaces the database."""
    ctype: str | None = None
    """What the database takes for letters. Default: the instance's own. A change replaces the database."""

    def __post_init__(self) -> None:
        one_of("PostgresNative.account_type", self.account_type, get_args(AccountType))
        in_range("PostgresNative.backup_hour", self.backup_hour, 0, 22)
        for name in ("collation", "ctype"):
            matches(f"PostgresNative.{name}", getattr(self, name), LOCALE, "a locale such as C or en_US.utf8")
        if (self.cpu is None) != (self.memory_gb is None):
            what = "cpu and memory_gb are one class"
            raise UserError("PostgresNative", what, "give both, or neither")
        if not self.tde and (self.kms_key_id is not None or self.kms_region is not None):
            raise UserError("PostgresNative.kms_key_id", "there is a key, and nothing is encrypted", "set tde as well")


def machine(args: PostgresArgs, native: PostgresNative) -> tuple[int, int]:
    """Cores and GiB.

    Both are always said: of a class of which only the memory changes, the provider would send the old cores along.
    """
    if native.cpu is not None and native.memory_gb is not None:
        return native.cpu, native.memory_gb
    return SIZES[args.scope.profile.size]


def wants_ssl(args: PostgresArgs, native: PostgresNative) -> bool | None:
    """Whether TLS is to be on or off; None where nothing is to be said, since a new instance has none."""
    return native.ssl if native.ssl is not None else args.scope.profile.encrypt or None


def check(name: str, args: PostgresArgs) -> None:
    """Refuse names, sizes, zones and blocks that the service would refuse, or silently do otherwise.

    Args:
        name: the component's own name, for errors.
        args: its arguments.
    """
    multiple_of(f"PostgresArgs.storage_gb of {name}", args.storage_gb, 10)
    for what, value, taken in (("user", args.user, OWN_USERS), ("database", args.database, OWN_DATABASES)):
        if value in taken | RESERVED_WORDS or (what == "user" and value.startswith("tencentdb_")):
            raise UserError(f"PostgresArgs.{what} of {name}", f"{value} is reserved", "choose another")
    zones(args)
    allow_list.check(allowed(args), args.network)
