"""What an RDS instance of either engine is to be: edition, class, zones, disk. Plain functions, checks included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

import pulumi

from components import allow_list
from components.checks import multiple_of, one_of
from components.errors import UserError
from components.mysql import MysqlArgs
from components.network import NetworkLike
from components.postgres import PostgresArgs
from components.scope import Profile

Args = PostgresArgs | MysqlArgs
Category = Literal["serverless_basic", "Basic", "serverless_standard", "HighAvailability"]
StorageType = Literal["cloud_essd", "cloud_essd2", "cloud_essd3", "general_essd"]
SERVERLESS = ("serverless_basic", "serverless_standard")
TWO_NODES = ("serverless_standard", "HighAvailability")
RCUS = {"small": 2, "medium": 4, "large": 8}
"""Units that a serverless instance scales up to. One is a core and 2 GB."""
HOURS = tuple(f"{hour:02}:00Z-{hour + 1:02}:00Z" for hour in range(24))
"""Hours of backups, as the cloud writes them."""
PROVIDERS_HOUR = "02:00Z-03:00Z"
"""The provider's own default: from another hour it never goes back to this one."""
RESERVED = frozenset(
    (
        "admin", "administrator", "aurora", "dbo", "eagleye", "guest", "login", "master", "postgres", "public",
        "replicator", "root", "sys", "sysadmin",
    )
)  # fmt: skip
"""Users that the service keeps for itself: of its long list those that one might choose."""


@dataclass(frozen=True, kw_only=True)
class RdsNative:
    """What only Alibaba Cloud knows about a database instance of either engine."""

    category: Category | None = None
    """Edition: `serverless_basic` (one node that scales by itself), `Basic` (one node of a fixed size),
    `serverless_standard` and `HighAvailability` (two nodes). Default: HighAvailability where the profile asks for high
    availability; else serverless_basic: its class has one name everywhere, where those of Basic differ by region and
    stock, and idle it costs half a unit. Where a region has no serverless instances, use Basic. A change replaces the
    instance and all that is in it."""
    instance_type: str | None = None
    """Class of the machine. Default: by edition and size. Not every region sells every class."""
    min_rcu: float = 0.5
    """Fewest units of a serverless instance, in halves. Default 0.5. One unit is a core and 2 GB."""
    max_rcu: int | None = None
    """Most units of a serverless instance. Default: 2 small, 4 medium, 8 large. Limit: 12 PostgreSQL, 8 MySQL."""
    storage_type: StorageType = "cloud_essd"
    """Kind of disk. Default cloud_essd, in every region; general_essd is the newer kind, cloud_essd2 and 3 are faster
    and begin at 500 and 1500 GiB."""
    storage_limit_gb: int | None = None
    """Size in GiB up to which the disk grows by itself, once less than a tenth is free; 0 stops it. Default: three
    times `storage_gb` where the profile protects, else it does not grow; a serverless one always does. The provider
    does not see a change of `storage_gb` where the disk grows by itself: raise this instead."""
    ssl: bool | None = None
    """Whether the instance offers TLS. Default: the profile's `encrypt`, where the edition has it. Clients may still
    connect without. False turns off what was on."""
    encryption_key: pulumi.Input[str] | None = None
    """Id of a key of the key service to encrypt the disk with: dedicated machines only. Default: none, since the
    service's own free key cannot be chosen when an instance is created this way. A change replaces the instance."""
    backup_time: str = "18:00Z-19:00Z"
    """The hour of backups, in UTC. Default 18:00Z-19:00Z: two at night in China. Limit: any hour but 02:00Z, which the
    provider does not return to."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Server parameters. One that wants a restart restarts the instance. Taking one out of here leaves its value."""
    resource_group_id: pulumi.Input[str] | None = None
    """The account's own resource group that the instance lies in. Default: the account's default one."""

    def __post_init__(self) -> None:
        name = type(self).__name__
        one_of(f"{name}.category", self.category, get_args(Category))
        one_of(f"{name}.storage_type", self.storage_type, get_args(StorageType))
        one_of(f"{name}.backup_time", self.backup_time, [hour for hour in HOURS if hour != PROVIDERS_HOUR])
        if self.min_rcu < 0.5 or self.min_rcu % 0.5:
            raise UserError(f"{name}.min_rcu", f"{self.min_rcu:g} is not possible", "use 0.5, 1, 1.5 and so on")


@dataclass(frozen=True, kw_only=True)
class Engine:
    """What tells one engine from the other."""

    name: str
    """As the provider writes it."""
    serverless: Mapping[str, str]
    """Class of each serverless edition."""
    classes: Mapping[str, Mapping[str, str]]
    """Class by size of each edition of a fixed size."""
    most_rcu: int
    """Most units of a serverless instance that the provider takes."""
    serverless_ssl: bool
    """Whether a serverless instance has TLS."""
    own_databases: frozenset[str]
    """Databases that every instance has of its own."""
    account_type: Literal["Super", "Normal"]
    """How much the user may do on the instance."""
    privilege: str
    """What the user gets on the database."""
    privilege_moves: bool
    """Whether the provider takes a privilege back when its database changes."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What an instance is to be, all defaults filled in."""

    category: Category
    instance_type: str
    units: tuple[float, int] | None
    """Fewest and most units of a serverless instance."""
    zone: str
    standby: str | None
    """Zone of the second node; the first one's where both stand there, None where there is one node."""
    vswitch: pulumi.Input[str]
    """The vswitch, or those of both zones in their order."""
    ssl_action: str | None
    growth: Literal["Enable", "Disable"] | None
    """Whether the disk grows by itself; None says nothing of it."""
    growth_limit: int | None
    """Size in GiB up to which it does."""

    @property
    def serverless(self) -> bool:
        """Whether it scales by itself."""
        return self.category in SERVERLESS

    @property
    def two_nodes(self) -> bool:
        """Whether another node takes over."""
        return self.category in TWO_NODES


def shape(args: Args, native: RdsNative, engine: Engine) -> Shape:
    """What an instance is to be."""
    profile, category = args.scope.profile, category_of(args, native)
    serverless = category in SERVERLESS
    sizes = dict.fromkeys(RCUS, engine.serverless[category]) if serverless else engine.classes[category]
    growth, limit = _growth(args, native)
    zone, standby, vswitch = _place(args, category)
    return Shape(
        category=category,
        instance_type=native.instance_type or sizes[profile.size],
        units=(native.min_rcu, native.max_rcu or RCUS[profile.size]) if serverless else None,
        zone=zone,
        standby=standby,
        vswitch=vswitch,
        ssl_action=None if serverless and not engine.serverless_ssl else _ssl_action(native, profile),
        growth=None if serverless else growth,
        growth_limit=None if serverless else limit,
    )


def category_of(args: Args, native: RdsNative) -> Category:
    """The edition, the default by profile filled in."""
    return native.category or ("HighAvailability" if args.scope.profile.high_availability else "serverless_basic")


def _ssl_action(native: RdsNative, profile: Profile) -> str | None:
    # On a new instance TLS is off: nothing is asked for unless somebody wants it, or wants it off again.
    wanted = native.ssl if native.ssl is not None else profile.encrypt or None
    return None if wanted is None else "Open" if wanted else "Close"


def _growth(args: Args, native: RdsNative) -> tuple[Literal["Enable", "Disable"] | None, int | None]:
    if native.storage_limit_gb == 0:
        return "Disable", None
    if native.storage_limit_gb is None and not args.scope.profile.protect:
        return None, None
    return "Enable", native.storage_limit_gb or 3 * args.disk_gb


def _place(args: Args, category: Category) -> tuple[str, str | None, pulumi.Input[str]]:
    """Zones and vswitch: the network's first zone, and its second for high availability."""
    network, zones = args.network, list(args.network.subnet_ids)
    if not args.scope.profile.high_availability:
        return zones[0], zones[0] if category in TWO_NODES else None, network.subnet_ids[zones[0]]
    if len(zones) < 2:
        where = f"{type(args).__name__}.network"
        raise UserError(where, "high availability wants two zones", "give a network of two subnets")
    both = [network.subnet_ids[zone] for zone in zones[:2]]
    return zones[0], zones[1], pulumi.Output.all(*both).apply(",".join)


def allowed(args: Args) -> str:
    """The setting that the allow-list comes from, for errors."""
    return f"{type(args).__name__}.network.subnet_cidrs"


def allowed_blocks(args: Args) -> list[pulumi.Output[str]]:
    """The allow-list: the subnets' blocks."""
    network: NetworkLike = args.network
    return allow_list.blocks(allowed(args), network)


def check(name: str, args: Args, native: RdsNative, engine: Engine) -> None:
    """Refuse names, sizes, zones and editions that the service would refuse, or silently do otherwise.

    Args:
        name: the component's own name, for errors.
        args: its arguments.
        native: its extras.
        engine: which engine.
    """
    kind = type(args).__name__
    multiple_of(f"{kind}.storage_gb of {name}", args.storage_gb, 5)
    for what, value, taken in (
        ("user", args.user, RESERVED),
        ("database", args.database, engine.own_databases),
    ):
        if value.endswith("_"):
            raise UserError(f"{kind}.{what} of {name}", f"{value} ends in '_'", "end it in a letter or digit")
        if value in taken:
            raise UserError(f"{kind}.{what} of {name}", f"{value} is reserved", "choose another")
    _check_edition(args, native)
    _check_serverless(args, native, engine)
    _place(args, category_of(args, native))
    allow_list.check(allowed(args), args.network)


def _check_edition(args: Args, native: RdsNative) -> None:
    extras, category = type(native).__name__, category_of(args, native)
    if args.scope.profile.high_availability and category not in TWO_NODES:
        what = f"{category} has one node, and the profile asks for high availability"
        raise UserError(f"{extras}.category", what, "use " + " or ".join(TWO_NODES))
    limit = native.storage_limit_gb
    if limit and limit < args.disk_gb:
        what = f"{limit} is less than the disk's {args.disk_gb}"
        raise UserError(f"{extras}.storage_limit_gb", what, "give more, or 0 for a disk that does not grow")


def _check_serverless(args: Args, native: RdsNative, engine: Engine) -> None:
    """Refuse what a serverless instance cannot have."""
    extras = type(native).__name__
    if category_of(args, native) not in SERVERLESS:
        return
    most = native.max_rcu or RCUS[args.scope.profile.size]
    if not native.min_rcu <= most <= engine.most_rcu:
        what = f"{native.min_rcu:g} to {most} units are not possible"
        raise UserError(f"{extras}.max_rcu", what, f"use min_rcu to {engine.most_rcu}")
    wanted = {"storage_limit_gb": native.storage_limit_gb, "encryption_key": native.encryption_key}
    for what, value in wanted.items():
        if value is not None:
            raise UserError(f"{extras}.{what}", "a serverless instance has none", "leave it out, or give a category")
    if native.ssl and not engine.serverless_ssl:
        raise UserError(f"{extras}.ssl", "a serverless instance has none", "leave it out, or give a category")
