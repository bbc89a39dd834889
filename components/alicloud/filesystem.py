"""FileSystem on Alibaba Cloud: a general-purpose NAS file system, who may mount it, and where it is mounted from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import pulumi
from pulumi_alicloud import nas

from components import allow_list, filesystem
from components.base import after
from components.checks import one_of
from components.errors import UserError
from components.filesystem import FileSystemArgs

ALLOWED = "FileSystemArgs.network.subnet_cidrs"
StorageType = Literal["Capacity", "Performance", "Premium"]
FILE_SYSTEM = "alicloud:nas/fileSystem:FileSystem"
OWN_KEY, ACCOUNT_KEY = 1, 2
"""Ways of encrypting: with a key of the service's own, or of the account's."""


@dataclass(frozen=True, kw_only=True)
class FileSystemNative:
    """What only Alibaba Cloud knows about a file system."""

    storage_type: StorageType | None = None
    """Kind of disks. Default: Performance (SSD) where the profile asks for high availability, else Capacity (cheaper a
    GiB, slower). Not every region has Premium. A change replaces the file system and all that is in it."""
    zone_id: str | None = None
    """Zone that it lies in. Default: the service's choice among those that have the kind of disks; every zone of the
    network reaches it. Name the functions' zone for the shortest way. A change replaces the file system."""
    kms_key_id: pulumi.Input[str] | None = None
    """Id of a key of the key service to encrypt with. Default: a key of the file service's own. A change replaces the
    file system."""
    resource_group_id: pulumi.Input[str] | None = None
    """The account's own resource group that it lies in. Default: the account's default one."""

    def __post_init__(self) -> None:
        one_of("FileSystemNative.storage_type", self.storage_type, get_args(StorageType))


class FileSystem(filesystem.FileSystem):
    """A NAS file system for NFS 3 and 4, with one mount target in the network's first zone.

    The subnets' addresses, and no others, may mount it, read and write, as root too: functions run as root. A deletion
    takes up to twenty minutes.
    """

    cloud = "alicloud"

    def __init__(self, name: str, args: FileSystemArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(FileSystemNative, args.native)
        files = self._declare_file_system(args.is_encrypted)
        group = self._declare_group()
        rules = self._declare_rules(args, group)
        target = self._declare_mount_target(args, files, group)
        # Before there are rules a mount is refused, and no data edge leads from them to who mounts.
        let_in = [rule.source_cidr_ip for rule in rules]
        self.finish(
            id=after(files.id, target.file_system_id, *let_in),
            host=after(target.mount_target_domain, *let_in),
        )

    @classmethod
    def check(cls, name: str, args: FileSystemArgs) -> None:
        """Zone, key and allow-list."""
        cls.refuse_unsupported(args)
        native = cls.native_of(name, FileSystemNative, args.native)
        region = args.scope.region
        if native.zone_id is not None and not native.zone_id.startswith(region):
            raise UserError(
                f"FileSystemNative.zone_id of {name}", f"{native.zone_id} is not in {region}", "give a zone of it"
            )
        if native.kms_key_id is not None and not args.is_encrypted:
            what = "there is a key, and nothing is encrypted"
            raise UserError(
                f"FileSystemNative.kms_key_id of {name}", what, "set FileSystemArgs.encrypted, or leave it out"
            )
        allow_list.check(ALLOWED, args.network)

    def _declare_file_system(self, encrypted: bool) -> nas.FileSystem:
        performance = "Performance" if self.profile.high_availability else "Capacity"
        key = self._native.kms_key_id
        return nas.FileSystem(
            self.child("files"),
            # It has no name: this stands in its place in the console.
            description=self.physical_name(FILE_SYSTEM),
            protocol_type="NFS",
            file_system_type="standard",
            storage_type=self._native.storage_type or performance,
            zone_id=self._native.zone_id,
            encrypt_type=(OWN_KEY if key is None else ACCOUNT_KEY) if encrypted else 0,
            kms_key_id=key,
            resource_group_id=self._native.resource_group_id,
            tags=self.tags(),
            # Not for this kind of file system; were the service to report them, each preview would want to replace it.
            opts=self.options(stateful=True, ignore_changes=["vpcId", "vswitchId", "redundancyVswitchIds"]),
        )

    def _declare_group(self) -> nas.AccessGroup:
        return nas.AccessGroup(
            self.child("access-group"),
            access_group_name=self.physical_name("alicloud:nas/accessGroup:AccessGroup"),
            access_group_type="Vpc",
            file_system_type="standard",
            description="the subnets of its network",
            opts=self.options(),
        )

    def _declare_rules(self, args: FileSystemArgs, group: nas.AccessGroup) -> list[nas.AccessRule]:
        """A rule for each subnet, under its zone's name: another zone moves none of the others."""
        blocks = zip(args.network.subnet_cidrs, allow_list.blocks(ALLOWED, args.network), strict=True)
        return [
            nas.AccessRule(
                self.child("allow", zone),
                access_group_name=group.access_group_name,
                file_system_type="standard",
                source_cidr_ip=block,
                rw_access_type="RDWR",
                user_access_type="no_squash",
                priority=1,
                opts=self.options(),
            )
            for zone, block in blocks
        ]

    def _declare_mount_target(
        self, args: FileSystemArgs, files: nas.FileSystem, group: nas.AccessGroup
    ) -> nas.MountTarget:
        return nas.MountTarget(
            self.child("mount-target"),
            file_system_id=files.id,
            access_group_name=group.access_group_name,
            network_type="Vpc",
            vpc_id=args.network.vpc_id,
            vswitch_id=next(iter(args.network.subnet_ids.values())),
            opts=self.options(),
        )
