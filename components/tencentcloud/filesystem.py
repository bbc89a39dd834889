"""FileSystem on Tencent Cloud: a CFS file system, who may mount it, and its snapshots."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import pulumi
from tencentcloud_iac_pulumi import cfs

from components import allow_list, filesystem
from components.base import after
from components.checks import in_range, one_of
from components.errors import UnsupportedError, UserError
from components.filesystem import FileSystemArgs
from components.tencentcloud.database import private_host

ALLOWED = "FileSystemArgs.network.subnet_cidrs"
StorageType = Literal["SD", "HP"]
UserPermission = Literal["no_root_squash", "no_all_squash", "root_squash", "all_squash"]


@dataclass(frozen=True, kw_only=True)
class FileSystemNative:
    """What only Tencent Cloud knows about a file system."""

    storage_type: StorageType = "SD"
    """Kind of disks: SD (standard) or HP (high performance, several times the price, not in every zone). Default SD. A
    change replaces the file system and all that is in it."""
    zone: str | None = None
    """Zone that it lies in, one of the network's. Default: the first. Every zone of the network reaches it. A change
    replaces the file system."""
    user_permission: UserPermission = "no_root_squash"
    """Whom files belong to that callers write. Default no_root_squash: to the user who writes, root too. Functions
    write as user and group 10000, and an empty file system is root's: let one that runs as root, or a machine, make
    their folder and give it to 10000. `all_squash` makes everybody the same nobody."""
    snapshots: bool | None = None
    """Whether a snapshot is taken every day and kept as long as backups of databases. Default: where the profile
    protects."""
    snapshot_hour: int = 2
    """The hour of snapshots, in the file system's time. Default 2. Limit: 0 to 23."""

    def __post_init__(self) -> None:
        one_of("FileSystemNative.storage_type", self.storage_type, get_args(StorageType))
        one_of("FileSystemNative.user_permission", self.user_permission, get_args(UserPermission))
        in_range("FileSystemNative.snapshot_hour", self.snapshot_hour, 0, 23)


class FileSystem(filesystem.FileSystem):
    """A CFS file system for NFS 3 and 4, mounted from an address in one of the network's subnets.

    The subnets' addresses, and no others, may mount it, read and write. It is not encrypted where it lies, whatever the
    profile says: the provider has no word for it, and to ask for it is an error. An account opens CFS once, in the
    console.
    """

    cloud = "tencentcloud"

    def __init__(self, name: str, args: FileSystemArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(FileSystemNative, args.native)
        group = self._declare_group()
        rules = self._declare_rules(args, group)
        files = self._declare_file_system(args, group)
        if self.profile.protect if self._native.snapshots is None else self._native.snapshots:
            self._declare_snapshots(files)
        # Before there are rules a mount is refused, and no data edge leads from them to who mounts.
        let_in = [rule.auth_client_ip for rule in rules]
        self.finish(id=after(files.id, *let_in), host=after(files.mount_ip.apply(private_host), *let_in))

    @classmethod
    def check(cls, name: str, args: FileSystemArgs) -> None:
        """Encryption, zone and allow-list."""
        cls.refuse_unsupported(args)
        native = cls.native_of(name, FileSystemNative, args.native)
        if args.encrypted:
            instead = "leave it out, or encrypt what the application writes"
            raise UnsupportedError(cls.cloud, cls.concept, "encrypted=true", instead)
        zones = list(args.network.subnet_ids)
        if native.zone is not None and native.zone not in zones:
            what = f"{native.zone} is not one of the network's zones"
            raise UserError(f"FileSystemNative.zone of {name}", what, "use " + " or ".join(zones))
        allow_list.check(ALLOWED, args.network)

    def _declare_group(self) -> cfs.AccessGroup:
        return cfs.AccessGroup(
            self.child("access-group"),
            name=self.physical_name("tencentcloud:Cfs/accessGroup:AccessGroup"),
            description="the subnets of its network",
            opts=self.options(retain_on_delete=self.profile.retain or None),
        )

    def _declare_rules(self, args: FileSystemArgs, group: cfs.AccessGroup) -> list[cfs.AccessRule]:
        """A rule for each subnet, under its zone's name: another zone moves none of the others."""
        blocks = zip(args.network.subnet_cidrs, allow_list.blocks(ALLOWED, args.network), strict=True)
        return [
            cfs.AccessRule(
                self.child("allow", zone),
                access_group_id=group.id,
                auth_client_ip=block,
                priority=1,
                rw_permission="RW",
                user_permission=self._native.user_permission,
                # Files that outlive the stack keep who may mount them.
                opts=self.options(retain_on_delete=self.profile.retain or None),
            )
            for zone, block in blocks
        ]

    def _declare_file_system(self, args: FileSystemArgs, group: cfs.AccessGroup) -> cfs.FileSystem:
        zone = self._native.zone or next(iter(args.network.subnet_ids))
        return cfs.FileSystem(
            self.child("files"),
            name=self.physical_name("tencentcloud:Cfs/fileSystem:FileSystem"),
            protocol="NFS",
            storage_type=self._native.storage_type,
            net_interface="VPC",
            availability_zone=zone,
            vpc_id=args.network.vpc_id,
            subnet_id=args.network.subnet_ids[zone],
            access_group_id=group.id,
            tags=self.tags(),
            opts=self.options(stateful=True),
        )

    def _declare_snapshots(self, files: cfs.FileSystem) -> None:
        policy = cfs.AutoSnapshotPolicy(
            self.child("snapshots"),
            policy_name=self.physical_name("tencentcloud:Cfs/autoSnapshotPolicy:AutoSnapshotPolicy"),
            interval_days=1,
            hour=str(self._native.snapshot_hour),
            # Without it each snapshot stays for good.
            alive_days=self.profile.backup_retention_days,
            opts=self.options(retain_on_delete=self.profile.retain or None),
        )
        cfs.AutoSnapshotPolicyAttachment(
            self.child("snapshots-of-files"),
            auto_snapshot_policy_id=policy.id,
            file_system_ids=files.id,
            # It goes with the files; and a file system has one policy at a time.
            opts=self.options(
                deleted_with=files, delete_before_replace=True, retain_on_delete=self.profile.retain or None
            ),
        )
