"""Redis on Alibaba Cloud: a Redis instance (KVStore, cloud-native open-source edition) with its allow-list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
from pulumi_alicloud import kvstore

from components import allow_list, redis
from components.alicloud.rds import PASSWORD_SPECIAL, WEEK
from components.alicloud.rds_settings import HOURS
from components.checks import one_of
from components.connections import connection_url
from components.errors import UserError
from components.redis import RedisArgs

CLASSES = {
    1: "redis.shard.small.2.ce", 2: "redis.shard.mid.2.ce", 4: "redis.shard.large.ce", 8: "redis.shard.xlarge.ce",
    16: "redis.shard.2xlarge.ce", 24: "redis.shard.3xlarge.ce", 32: "redis.shard.4xlarge.ce",
    64: "redis.shard.8xlarge.ce",
}  # fmt: skip
"""Class by memory in GB: the service's list of cloud-native instances of one shard (a primary and its replica). The
list is public and whole; that a region sells each of them is not: `RedisNative.instance_class` is the way round."""
ALLOWED = "RedisArgs.network.subnet_cidrs"
POLICY = "maxmemory-policy"


@dataclass(frozen=True, kw_only=True)
class RedisNative:
    """What only Alibaba Cloud knows about a Redis instance."""

    instance_class: str | None = None
    """Class of the machine, in place of the one for `memory_gb`. Not every region sells every class."""
    backup_time: str = "18:00Z-19:00Z"
    """The hour of backups, in UTC. Default 18:00Z-19:00Z: two at night in China."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Server parameters, but for the policy of eviction, which RedisArgs has. Taking one out of here leaves its value
    on the server."""
    resource_group_id: pulumi.Input[str] | None = None
    """The account's own resource group that the instance lies in. Default: the account's default one."""

    def __post_init__(self) -> None:
        one_of("RedisNative.backup_time", self.backup_time, HOURS)
        if POLICY in self.parameters:
            raise UserError("RedisNative.parameters", f"{POLICY} has a setting of its own", "use RedisArgs.eviction")


class Redis(redis.Redis):
    """A Redis instance of a primary and a replica, in two zones where the profile asks for high availability.

    It has a private address alone, speaks without TLS, and its default user has no name. Where the profile protects,
    it is backed up every day; the service keeps its backups for a week, whatever the profile says. Memory, version and
    zones change in place.
    """

    cloud = "alicloud"

    def __init__(self, name: str, args: RedisArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(RedisNative, args.native)
        password = self.generated_password("password", special=PASSWORD_SPECIAL)
        instance = self._declare_instance(args, password)
        # Known when the instance is whole: the provider sets the allow-list last.
        host, port = instance.connection_domain, instance.private_connection_port.apply(lambda port: port or "6379")
        self.finish(
            host=host, port=port, user="", password=password,
            url=connection_url("redis", user="", password=password, host=host, port=port, database="0"),
        )  # fmt: skip

    @classmethod
    def check(cls, name: str, args: RedisArgs) -> None:
        """Memory, zones and allow-list."""
        cls.refuse_unsupported(args)
        native = cls.native_of(name, RedisNative, args.native)
        if native.instance_class is None and args.memory not in CLASSES:
            sizes = ", ".join(str(size) for size in CLASSES)
            raise UserError(
                f"RedisArgs.memory_gb of {name}", f"there is no instance of {args.memory} GB", f"use {sizes}"
            )
        zones(args)
        allow_list.check(ALLOWED, args.network)

    def _declare_instance(self, args: RedisArgs, password: pulumi.Output[str]) -> kvstore.Instance:
        zone, second = zones(args)
        return kvstore.Instance(
            self.child("instance"),
            # An unset name is reported back by the API and then differs on every preview.
            db_instance_name=self.physical_name("alicloud:kvstore/instance:Instance"),
            # The provider asks for none of these five, and the service for all.
            instance_type="Redis",
            engine_version=args.version,
            instance_class=self._native.instance_class or CLASSES[args.memory],
            vswitch_id=args.network.subnet_ids[zone],
            zone_id=zone,
            secondary_zone_id=second,
            # What is paid ahead is not destroyed, only forgotten.
            payment_type="PostPaid",
            # Open to the network of its vswitch, and with the password. Closed would want none.
            vpc_auth_mode="Open",
            # Left out, the list would stay whatever it is.
            security_ips=allow_list.blocks(ALLOWED, args.network),
            password=password,
            # The service's own default evicts what has an expiry.
            config={POLICY: args.eviction, **self._native.parameters},
            instance_release_protection=self.profile.protect,
            backup_periods=list(WEEK) if self.profile.protect else None,
            backup_time=self._native.backup_time if self.profile.protect else None,
            resource_group_id=self._native.resource_group_id,
            tags=self.tags(),
            opts=self.options(stateful=True),
        )


def zones(args: RedisArgs) -> tuple[str, str | None]:
    """Zone of the primary, and of the replica where it has one of its own."""
    known = list(args.network.subnet_ids)
    if not args.scope.profile.high_availability:
        return known[0], None
    if len(known) < 2:
        raise UserError("RedisArgs.network", "high availability wants two zones", "give a network of two subnets")
    return known[0], known[1]
