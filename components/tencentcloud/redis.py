"""Redis on Tencent Cloud: a TencentDB for Redis instance of the standard kind, who may reach it, and its parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pulumi
from tencentcloud_iac_pulumi import availability
from tencentcloud_iac_pulumi import redis as service

from components import allow_list, redis
from components.base import after
from components.checks import in_range, one_of
from components.connections import connection_url
from components.errors import UserError
from components.redis import RedisArgs
from components.tencentcloud.database import PASSWORD_SPECIAL, allowed, attached, group, private_host, zones

KINDS = {"6.0": 15, "7.0": 17}
"""The service's number of the standard kind by version: what it sells as 6.2 is what speaks 6.0."""
PORT = 6379
POLICY = "maxmemory-policy"
PASSWORD_LENGTH = 16
"""The service's own pages say 8 to 16 in one place, and 8 to 64 in another."""
HOURS = tuple(f"{hour:02}:00-{(hour + 1) % 24:02}:00" for hour in range(24))


@dataclass(frozen=True, kw_only=True)
class RedisNative:
    """What only Tencent Cloud knows about a Redis instance."""

    replicas: int = 1
    """Copies beside the primary. Default 1. Limit: 1 to 5. Each is billed as the primary is. For high availability they
    stand by turns in the second zone and the first."""
    backup_time: str = "02:00-03:00"
    """The hour of backups, in the instance's time. Default 02:00-03:00."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Server parameters, but for the policy of eviction, which RedisArgs has. Taking one out of here leaves its value
    on the server."""

    def __post_init__(self) -> None:
        in_range("RedisNative.replicas", self.replicas, 1, 5)
        one_of("RedisNative.backup_time", self.backup_time, HOURS)
        if POLICY in self.parameters:
            raise UserError("RedisNative.parameters", f"{POLICY} has a setting of its own", "use RedisArgs.eviction")


class Redis(redis.Redis):
    """A Redis instance of a primary and a replica, in two zones where the profile asks for high availability.

    It has a private address alone, speaks without TLS, and its default user has no name. Where the profile protects, it
    is backed up in an hour of one's own; the service keeps backups for a week, whatever the profile says. Memory grows
    in place and a version upwards; another network or subnet replaces the instance and all that is in it.
    """

    cloud = "tencentcloud"

    def __init__(self, name: str, args: RedisArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(RedisNative, args.native)
        password = self.generated_password("password", length=PASSWORD_LENGTH, special=PASSWORD_SPECIAL)
        instance = self._declare_instance(args, password)
        parameters = self._declare_parameters(args, instance)
        self._declare_backup(instance, parameters)
        # Who reads the host finds it evicting what was asked for.
        host = after(instance.ip.apply(private_host), parameters.instance_id)
        port = instance.port.apply(lambda port: str(int(port or PORT)))
        self.finish(
            host=host, port=port, user="", password=password,
            url=connection_url("redis", user="", password=password, host=host, port=port, database="0"),
        )  # fmt: skip

    @classmethod
    def check(cls, name: str, args: RedisArgs) -> None:
        """Zones and allow-list."""
        cls.refuse_unsupported(args)
        cls.native_of(name, RedisNative, args.native)
        zones(args)
        allow_list.check(allowed(args), args.network)

    def _declare_instance(self, args: RedisArgs, password: pulumi.Output[str]) -> service.Instance:
        primary, _ = zones(args)
        return service.Instance(
            self.child("instance"),
            name=self.physical_name("tencentcloud:Redis/instance:Instance"),
            charge_type="POSTPAID",
            type_id=KINDS[args.version],
            mem_size=args.memory * 1024,
            vpc_id=args.network.vpc_id,
            subnet_id=args.network.subnet_ids[primary],
            port=PORT,
            wan_address_switch="close",
            security_groups=[group(self, args, PORT)],
            availability_zone=primary,
            redis_replicas_num=self._native.replicas,
            # Always said: left out, the service puts them where it likes, and the provider leaves them there.
            replica_zone_ids=self._replica_zones(args),
            password=password,
            # Without it a destroyed instance lies in the recycle bin, and holds subnet and group.
            force_delete=not (self.profile.protect or self.profile.retain),
            tags=self.tags(),
            opts=self.options(
                stateful=True,
                # After a takeover it may be reported as the other zone, and that would replace the instance.
                ignore_changes=["availabilityZone"],
                # The provider fails an update of these without `operationNetwork`, and a creation with it.
                replace_on_changes=["vpcId", "subnetId", "port"],
            ),
        )

    def _replica_zones(self, args: RedisArgs) -> pulumi.Output[list[int]]:
        """Zones of the replicas, as the numbers that this service wants in place of names."""
        wanted = replica_zones(args, self._native)
        sold = availability.get_zones_by_product_output(product="redis", opts=self.invoke_options())
        return sold.zones.apply(lambda found: zone_numbers(self.logical_name, wanted, found))

    def _declare_parameters(self, args: RedisArgs, instance: service.Instance) -> service.Param:
        return service.Param(
            self.child("parameters"),
            instance_id=instance.id,
            instance_params={POLICY: args.eviction, **dict(sorted(self._native.parameters.items()))},
            # The provider would go on setting those of the old instance.
            opts=attached(self, instance, instance, replace_on_changes=["instanceId"]),
        )

    def _declare_backup(self, instance: service.Instance, last: pulumi.Resource) -> None:
        if not self.profile.protect:
            return
        service.BackupConfig(
            self.child("backup"),
            redis_id=instance.id,
            backup_time=self._native.backup_time,
            opts=attached(self, instance, last),
        )


def replica_zones(args: RedisArgs, native: RedisNative) -> list[str]:
    """Zone of each replica: the second one first, so that one replica is enough for two zones."""
    first, second = zones(args)
    return [(second, first)[index % 2] for index in range(native.replicas)]


def zone_numbers(name: str, wanted: Sequence[str], sold: Sequence[Any]) -> list[int]:
    """The service's number of each zone; refused where it sells nothing in one.

    Args:
        name: the component's own name, for errors.
        wanted: the zones.
        sold: the zones in which the service sells, with `name` and `id`.
    """
    numbers = {zone.name: int(zone.id) for zone in sold}
    for zone in wanted:
        if zone not in numbers:
            there = ", ".join(sorted(numbers)) or "another region: there is none in this one"
            raise UserError(f"RedisArgs.network of {name}", f"no Redis is sold in {zone}", f"use zones among {there}")
    return [numbers[zone] for zone in wanted]
