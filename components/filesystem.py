"""FileSystem: files that functions of a network share, seen as a folder."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.base import Args, Component
from components.errors import UserError
from components.network import NetworkLike


@dataclass(frozen=True, kw_only=True)
class FileSystemArgs(Args):
    """What a FileSystem takes."""

    network: NetworkLike
    """Network whose subnets, and nothing else, may mount it."""
    encrypted: bool | None = None
    """Whether files are encrypted where they lie. Default: the profile's `encrypt`. Cannot be changed in place."""
    native: object | None = None
    """What only one cloud knows (`FileSystemNative` of its module)."""

    def __post_init__(self) -> None:
        if not self.network.subnet_cidrs:
            raise UserError("FileSystemArgs.network", "its subnets' blocks are unknown", "give subnet_cidrs")

    @property
    def is_encrypted(self) -> bool:
        """Whether files are encrypted, the profile's default filled in."""
        return self.scope.profile.encrypt if self.encrypted is None else self.encrypted


class FileSystem(Component):
    """A network file system with one mount point, for NFS.

    Billed by volume stored; it grows by itself.
    """

    concept = "FileSystem"
    OUTPUTS = ("id", "host")

    id: pulumi.Output[str]
    """Its id; it can be mounted, and its network let in, when this is known."""
    host: pulumi.Output[str]
    """Private host that it is mounted from."""

    def __init__(self, name: str, args: FileSystemArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)


@dataclass(frozen=True, kw_only=True)
class ExistingFileSystem:
    """A file system that is there already."""

    id: pulumi.Input[str]
    """Its id."""
    host: pulumi.Input[str]
    """Private host that it is mounted from, inside the function's network."""


FileSystemLike = FileSystem | ExistingFileSystem
"""What an argument that names a file system takes."""
