"""What a function reaches: its network, where its logs go, and what it sees as folders. Pure planning."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from components.bucket import BucketLike
from components.checks import is_plain
from components.errors import UnsupportedError, UserError
from components.filesystem import FileSystemLike
from components.function import Mount
from components.network import NetworkLike
from components.observability import ObservabilityLike

ROOT = 0
"""User and group that files are read and written as: that of functions' own programs."""
MOST_MOUNTS = 5
"""Of either kind."""


def network(place: NetworkLike | None) -> dict[str, Any] | None:
    """Access to a private network, over the subnets of both zones.

    None does not take a function out of its network: the provider keeps what it once sent, and leaves out the empty
    words that the service wants for it. FunctionLeftovers sends them.
    """
    if place is None:
        return None
    return {
        "vpc_id": place.vpc_id,
        "vswitch_ids": [place.subnet_ids[zone] for zone in sorted(place.subnet_ids)],
        "security_group_id": place.security_group_id,
    }


def internet_access(place: NetworkLike | None, asked: bool | None) -> bool:
    """Whether calls leave by the service's own way out: not past a fixed address that the network owns."""
    return getattr(place, "egress_ip", None) is None if asked is None else asked


def logs(place: ObservabilityLike | None) -> dict[str, Any]:
    """Where logs go.

    Without a place the block is there all the same: the service reports one for every function, and unset-but-reported
    would be a change on every `up`. Empty words are what takes a function's logs away again.
    """
    if place is None:
        return {
            "project": "", "logstore": "", "enable_request_metrics": False, "enable_instance_metrics": False,
            "log_begin_rule": "None",
        }  # fmt: skip
    return {
        "project": place.log_project,
        "logstore": place.log_store,
        "enable_request_metrics": True,
        "enable_instance_metrics": True,
        "log_begin_rule": "None",
    }


def files(mounts: Sequence[Mount]) -> dict[str, Any] | None:
    """File systems seen as folders. None for none: FunctionLeftovers takes away what the provider would keep."""
    points = [
        {
            # The folder that is mounted must exist: the service makes none.
            "server_addr": pulumi.Output.concat(mount.source.host, ":", mount.directory),
            "mount_dir": mount.path,
            "enable_tls": False,
        }
        for mount in mounts
        if isinstance(mount.source, FileSystemLike)
    ]
    return {"user_id": ROOT, "group_id": ROOT, "mount_points": points} if points else None


def buckets(mounts: Sequence[Mount], region: str) -> dict[str, Any]:
    """Buckets seen as folders. Never None: an absent list leaves the old ones mounted."""
    points = [
        {
            "bucket_name": mount.source.name,
            "bucket_path": mount.directory,
            "endpoint": pulumi.Output.concat("http://", _host(mount.source, region)),
            "mount_dir": mount.path,
            "read_only": mount.read_only,
        }
        for mount in mounts
        if isinstance(mount.source, BucketLike)
    ]
    return {"mount_points": points}


def _host(bucket: BucketLike, region: str) -> pulumi.Input[str]:
    """The region's inner host, which costs no traffic."""
    if is_plain(bucket.endpoint) and not bucket.endpoint:
        return f"oss-{region}-internal.aliyuncs.com"
    return bucket.endpoint


def check_mounts(mounts: Sequence[Mount]) -> None:
    """Refuse what the service would refuse, or mount otherwise."""
    for mount in mounts:
        if isinstance(mount.source, FileSystemLike) and mount.read_only:
            raise UnsupportedError(
                "alicloud", "Function", f"mounts[{mount.path}].read_only=true",
                "leave it out for a file system, or let its access rule allow reading alone",
            )  # fmt: skip
    for kind, word in ((FileSystemLike, "file systems"), (BucketLike, "buckets")):
        found = sum(isinstance(mount.source, kind) for mount in mounts)
        if found > MOST_MOUNTS:
            raise UserError("FunctionArgs.mounts", f"{found} {word} given", f"use at most {MOST_MOUNTS}")
