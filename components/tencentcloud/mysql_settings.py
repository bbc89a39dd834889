"""What a MySQL instance on Tencent Cloud is to be. Plain functions, checks included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from components import allow_list
from components.checks import in_range, multiple_of, one_of
from components.errors import UserError
from components.mysql import MysqlArgs
from components.scope import Tier
from components.tencentcloud.database import allowed, zones

DeviceType = Literal["UNIVERSAL", "EXCLUSIVE"]
SIZES: dict[Tier, tuple[int, int]] = {"small": (1, 2000), "medium": (4, 8000), "large": (4, 16000)}
"""Cores and MB by size: of the service's list of general classes."""
LEAST_DISK = 25
OWN_DATABASES = frozenset({"information_schema", "mysql", "performance_schema", "sys"})
OWN_USERS = frozenset({"tencentroot"})
"""The service's own administrator, beside those that MysqlArgs refuses everywhere."""
BACKUP_TIMES = ("02:00-06:00", "06:00-10:00", "10:00-14:00", "14:00-18:00", "18:00-22:00", "22:00-02:00")
CREATION_ONLY = "lower_case_table_names"
"""The one server parameter that MySQL 8.0 takes at creation alone."""
CHARACTER_SET = "character_set_server"


@dataclass(frozen=True, kw_only=True)
class MysqlNative:
    """What only Tencent Cloud knows about a MySQL instance."""

    cpu: int | None = None
    """Cores. Default by size: 1, 4, 4. Limit: together with `memory_mb`, and a class that the zone sells."""
    memory_mb: int | None = None
    """Memory in MB, counted in thousands. Default by size: 2000, 8000, 16000. Limit: as `cpu`."""
    device_type: DeviceType = "UNIVERSAL"
    """Whether the machine is shared (UNIVERSAL) or the instance's own (EXCLUSIVE, which has classes of its own: give
    `cpu` and `memory_mb` as well). Default UNIVERSAL."""
    ssl: bool | None = None
    """Whether the instance offers TLS. Default: the profile's `encrypt`. Turning it on or off restarts the instance.
    False turns off what was on."""
    backup_time: str = "02:00-06:00"
    """The four hours in which backups begin, in the instance's time. Default 02:00-06:00."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Server parameters. Taking one out of here sets it back to its default. Limit: not `character_set_server`, which
    is utf8mb4."""
    case_sensitive_tables: bool = True
    """Whether names of tables differ by case. Default True. It is decided at creation: a change replaces the instance
    and all that is in it."""

    def __post_init__(self) -> None:
        one_of("MysqlNative.device_type", self.device_type, get_args(DeviceType))
        one_of("MysqlNative.backup_time", self.backup_time, BACKUP_TIMES)
        if (self.cpu is None) != (self.memory_mb is None):
            raise UserError("MysqlNative", "cpu and memory_mb are one class", "give both, or neither")
        if self.device_type == "EXCLUSIVE" and self.cpu is None:
            what = "the classes by size are those of shared machines"
            raise UserError("MysqlNative.device_type", what, "give cpu and memory_mb as well")
        for name, instead in ((CREATION_ONLY, "use case_sensitive_tables"), (CHARACTER_SET, "leave it out")):
            if name in self.parameters:
                raise UserError("MysqlNative.parameters", f"{name} is not set here", instead)


def machine(args: MysqlArgs, native: MysqlNative) -> tuple[int, int]:
    """Cores and MB.

    Both are always said: of a class of which only the memory changes, the provider would send the old cores along.
    """
    if native.cpu is not None and native.memory_mb is not None:
        return native.cpu, native.memory_mb
    return SIZES[args.scope.profile.size]


def disk(args: MysqlArgs) -> int:
    """Disk in GB: at least what the service sells, where nobody said less."""
    return max(args.disk_gb, LEAST_DISK)


def parameters(native: MysqlNative) -> dict[str, str]:
    """Server parameters, the two of Qiao's own first."""
    names = "0" if native.case_sensitive_tables else "1"
    return {CHARACTER_SET: "utf8mb4", CREATION_ONLY: names, **dict(sorted(native.parameters.items()))}


def wants_ssl(args: MysqlArgs, native: MysqlNative) -> bool | None:
    """Whether TLS is to be on or off; None where nothing is to be said, since a new instance has none."""
    return native.ssl if native.ssl is not None else args.scope.profile.encrypt or None


def check(name: str, args: MysqlArgs) -> None:
    """Refuse names, sizes, zones and blocks that the service would refuse, or silently do otherwise.

    Args:
        name: the component's own name, for errors.
        args: its arguments.
    """
    in_range(f"MysqlArgs.storage_gb of {name}", args.storage_gb, LEAST_DISK, 3000, "GB")
    multiple_of(f"MysqlArgs.storage_gb of {name}", args.storage_gb, 5)
    for what, value, taken in (("user", args.user, OWN_USERS), ("database", args.database, OWN_DATABASES)):
        if value in taken:
            raise UserError(f"MysqlArgs.{what} of {name}", f"{value} is reserved", "choose another")
    zones(args)
    allow_list.check(allowed(args), args.network)
