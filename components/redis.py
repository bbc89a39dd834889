"""Redis: a managed Redis instance, reachable only from the network, with its password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pulumi

from components.base import Args, Component
from components.checks import in_range, one_of
from components.errors import UserError
from components.network import NetworkLike


@dataclass(frozen=True, kw_only=True)
class RedisArgs(Args):
    """What a Redis takes."""

    network: NetworkLike
    """Network it stands in; its subnets, and nothing else, are the allow-list."""
    version: str = "7.0"
    """Version that it is compatible with. Default 7.0. Limit: 6.0 or 7.0."""
    memory_gb: int | None = None
    """Memory in GB. Default: 1 small, 4 medium, 16 large. Limit: the cloud's sizes, 1 to 64."""
    eviction: Literal["noeviction", "volatile-lru", "allkeys-lru"] = "noeviction"
    """What goes when memory is full: nothing (writes fail, for queues), what has an expiry, or anything (a cache).
    Default noeviction: nothing is lost silently."""
    native: object | None = None
    """What only one cloud knows (`RedisNative` of its module)."""

    def __post_init__(self) -> None:
        one_of("RedisArgs.version", self.version, ("6.0", "7.0"))
        in_range("RedisArgs.memory_gb", self.memory_gb, 1, 64, "GB")
        one_of("RedisArgs.eviction", self.eviction, ("noeviction", "volatile-lru", "allkeys-lru"))
        if not self.network.subnet_cidrs:
            raise UserError("RedisArgs.network", "its subnets' blocks are unknown", "give subnet_cidrs")

    @property
    def memory(self) -> int:
        """Memory in GB, the default by size filled in."""
        return self.memory_gb or {"small": 1, "medium": 4, "large": 16}[self.scope.profile.size]


class Redis(Component):
    """A Redis instance with a password. Never reachable from the internet.

    Billed by the hour.
    """

    concept = "Redis"
    OUTPUTS = ("host", "port", "user", "password", "url")
    SECRET_OUTPUTS = ("password", "url")

    host: pulumi.Output[str]
    """Private host name; callers of the network are let in when this is known."""
    port: pulumi.Output[str]
    """Port."""
    user: str
    """Who logs in; empty where the password alone says it."""
    password: pulumi.Output[str]
    """The generated password. Secret."""
    url: pulumi.Output[str]
    """`redis://user:password@host:port/0`, percent-encoded. Secret."""

    def __init__(self, name: str, args: RedisArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
