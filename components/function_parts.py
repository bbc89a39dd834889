"""Parts of a function's arguments: its card, its mounts, what calls it beside requests, and an address of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from components.bucket import BucketLike
from components.checks import in_range, matches, one_of, unique
from components.errors import UserError
from components.filesystem import FileSystemLike

SYSTEM_FOLDERS = (
    "bin", "boot", "code", "dev", "etc", "lib", "lib64", "opt", "proc", "root", "run", "sbin", "sys", "usr", "var",
)  # fmt: skip
"""First folders of a path that a mount would hide."""

UrlAuth = Literal["cloud", "network", "app", "public"]


@dataclass(frozen=True, kw_only=True)
class Gpu:
    """A graphics card, or a slice of one, for every instance."""

    model: str
    """Which card: `t4` (16 GB), `a10` (24 GB); what else a cloud has, its own error lists."""
    memory_gb: int | None = None
    """Graphics memory in GB. Default: the whole card; a slice computes slower."""

    def __post_init__(self) -> None:
        in_range("Gpu.memory_gb", self.memory_gb, 1, 96, "GB")


@dataclass(frozen=True, kw_only=True)
class Mount:
    """A file system or a bucket, seen as a folder."""

    path: str
    """Folder inside the function: absolute, not a system folder."""
    source: FileSystemLike | BucketLike
    """What is seen there. A file system needs the function in its network."""
    directory: str = "/"
    """Folder of the source that is seen. Default: all of it. It must exist."""
    read_only: bool = False
    """Whether writing is refused. Default False."""

    def __post_init__(self) -> None:
        matches("Mount.path", self.path, r"(/[A-Za-z0-9._-]+)+", "an absolute path of letters, digits and '._-'")
        if self.path.split("/")[1] in SYSTEM_FOLDERS:
            raise UserError("Mount.path", f"{self.path} hides a system folder", "use a folder such as /mnt/data")
        matches(f"Mount.directory of {self.path}", self.directory, r"/|(/[A-Za-z0-9._-]+)+", "'/' or an absolute path")


@dataclass(frozen=True, kw_only=True)
class Initializer:
    """A command that a new instance runs once, before it takes its first call."""

    command: str
    """The command, run by a shell inside the instance, its server already started."""
    timeout_seconds: int = 300
    """Longest run; an instance that is not done by then takes no calls. Default 300. Limit: 1 to 600."""

    def __post_init__(self) -> None:
        if not self.command.strip():
            raise UserError("Initializer.command", "is empty", "write the command, or leave the initializer out")
        in_range("Initializer.timeout_seconds", self.timeout_seconds, 1, 600, "seconds")


@dataclass(frozen=True, kw_only=True)
class Timer:
    """Calls the function on a schedule."""

    name: str
    """Short name, frozen once deployed. Lower-case letters, digits and hyphens."""
    schedule: str
    """When, as cron has it: minute, hour, day of month, month, day of week (`0 4 * * *`)."""
    timezone: str = "Asia/Shanghai"
    """Time zone that the schedule is in. Default Asia/Shanghai."""
    payload: str = ""
    """What the function is told. Default: nothing."""
    enabled: bool = True
    """Whether it runs. Default True."""

    def __post_init__(self) -> None:
        matches("Timer.name", self.name, r"[a-z][a-z0-9-]{0,30}", "1 to 31 lower-case letters, digits and hyphens")
        where = f"Timer.schedule of {self.name}"
        matches(where, self.schedule, r"[\d*,/-]+( [\d*,/-]+){4}", "five fields of cron, such as '0 4 * * *'")


@dataclass(frozen=True, kw_only=True)
class BucketEvent:
    """Calls the function for objects of a bucket."""

    name: str
    """Short name, frozen once deployed. Lower-case letters, digits and hyphens."""
    bucket: BucketLike
    """The bucket, in the function's own region."""
    events: Sequence[Literal["created", "removed"]] = ("created",)
    """What must happen to an object. Default: it is created or overwritten."""
    prefix: str = ""
    """Only objects whose key begins so. Default: all."""
    suffix: str = ""
    """Only objects whose key ends so. Default: all."""

    def __post_init__(self) -> None:
        matches(
            "BucketEvent.name", self.name, r"[a-z][a-z0-9-]{0,30}", "1 to 31 lower-case letters, digits and hyphens"
        )
        unique(f"BucketEvent.events of {self.name}", self.events)
        if not self.events:
            raise UserError(f"BucketEvent.events of {self.name}", "no event given", "use created, removed or both")


@dataclass(frozen=True, kw_only=True)
class FunctionUrl:
    """An address of the function's own, beside any gateway."""

    auth: UrlAuth = "cloud"
    """Who may call. cloud: who signs requests as the cloud wants it. network: who is in the function's network, and
    nobody from outside it. app: the application checks its callers itself. public: everyone, with a reason. Default
    cloud."""
    internet: bool = False
    """Whether the internet reaches it. Default False: the cloud's own network only."""
    reason: str = ""
    """Why nobody need be checked; required with auth public, reported by guardrails."""

    def __post_init__(self) -> None:
        one_of("FunctionUrl.auth", self.auth, get_args(UrlAuth))
        if self.auth == "public" and not self.reason.strip():
            raise UserError("FunctionUrl.reason", "the address is public", "say why nobody need be checked")
        if self.auth == "network" and self.internet:
            raise UserError("FunctionUrl.internet", "the internet is outside the network", "take auth cloud or app")
