"""What a function's arguments mean on SCF: pure planning, no resource is declared here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from components.filesystem import FileSystemLike
from components.function import FunctionArgs, Mount
from components.network import NetworkLike
from components.tencentcloud.function_native import FunctionNative

NAMESPACE = "default"
"""Said everywhere: the provider reports it, and one left out would replace versions."""
RUNTIMES = {
    "Nodejs18.15": "/var/lang/node18/bin", "Nodejs16.13": "/var/lang/node16/bin", "Nodejs14.18": "/var/lang/node14/bin",
    "Nodejs12.16": "/var/lang/node12/bin", "Python3.10": "/var/lang/python310/bin",
    "Python3.9": "/var/lang/python39/bin", "Python3.7": "/var/lang/python37/bin", "Python3.6": "/var/lang/python3/bin",
    "Php8.0": "/var/lang/php80/bin", "Php7.4": "/var/lang/php74/bin", "Java11": "/var/lang/java11/bin",
    "Java8": "/var/lang/java8/bin", "Go1": "", "CustomRuntime": "",
}  # fmt: skip
"""Runtimes of code, and the folder of each one's programs: it is not on PATH where a server is started."""
SERVER_RUNTIME, EVENT_RUNTIME = "Nodejs18.15", "Python3.10"
"""Defaults by kind."""
PORT = 9000
"""Where the service sends calls to a server of code; to one in an image, unless told otherwise."""
FILES_OWNER = "10000"
"""User and group that the service mounts file systems as."""


def serves(args: FunctionArgs) -> bool:
    """Whether it is a server that requests come to; else a handler takes events."""
    return args.kind in ("web", "microservice")


def runtime(args: FunctionArgs) -> str | None:
    """The runtime of code, the default by kind filled in; None for an image."""
    if args.image is not None:
        return None
    return args.runtime or (SERVER_RUNTIME if serves(args) else EVENT_RUNTIME)


def warm_instances(args: FunctionArgs) -> int:
    """Instances kept ready: a microservice has one at least."""
    return max(args.provisioned_concurrency, 1 if args.kind == "microservice" else 0)


def concurrency(args: FunctionArgs) -> int | None:
    """Calls that one instance serves at once; None for a handler, which knows but one."""
    return args.concurrency if serves(args) else None


def settings(args: FunctionArgs, native: FunctionNative) -> dict[str, Any]:
    """Arguments of the function that take effect with a release."""
    return {
        "func_type": "HTTP" if serves(args) else "Event",
        "runtime": runtime(args),
        "handler": native.handler if args.code is not None and not serves(args) else None,
        "mem_size": args.memory_mb,
        "timeout": args.timeout,
        # Of events alone. Left out, a task that becomes an event would stay a task.
        "async_run_enable": None if serves(args) else ("TRUE" if args.kind == "task" else "FALSE"),
        "environment": environment(args),
        "cfs_configs": files(args.mounts) or None,
        **place(args.network, native.internet_access),
        **logs(args),
    }


def environment(args: FunctionArgs) -> dict[str, pulumi.Input[str]]:
    """Environment variables by name."""
    secret = {key: pulumi.Output.secret(value) for key, value in args.secret_env.items()}
    return dict(sorted({**args.env, **secret}.items()))


def place(network: NetworkLike | None, internet: bool | None) -> dict[str, Any]:
    """The network that it joins, and whether the service's own way to the internet is open."""
    if network is None:
        # Left out it is False, which the service refuses without a network.
        return {"vpc_id": None, "subnet_id": None, "enable_public_net": True}
    fixed = getattr(network, "egress_ip", None) is not None
    zone = min(network.subnet_ids)
    return {
        "vpc_id": network.vpc_id,
        # The service takes one subnet: that of the first zone. The other zone is reached from there.
        "subnet_id": network.subnet_ids[zone],
        "enable_public_net": not fixed if internet is None else internet,
    }


def logs(args: FunctionArgs) -> dict[str, Any]:
    """Where logs go: both words or none."""
    where = args.observability
    return {
        "cls_logset_id": where.log_project if where else None,
        "cls_topic_id": where.log_store if where else None,
    }


def files(mounts: Sequence[Mount]) -> list[dict[str, pulumi.Input[str]]]:
    """File systems seen as folders."""
    return [
        {
            "user_id": FILES_OWNER,
            "user_group_id": FILES_OWNER,
            "cfs_id": mount.source.id,
            "mount_ins_id": mount.source.id,
            "local_mount_dir": mount.path,
            "remote_mount_dir": mount.directory,
        }
        for mount in mounts
        if isinstance(mount.source, FileSystemLike)
    ]


def kept_settings(args: FunctionArgs, native: FunctionNative) -> dict[str, Any]:
    """What the provider does not carry through when it changes, empty where there is none: for FunctionExtras."""
    chosen = {**place(args.network, native.internet_access), **logs(args)}
    return {
        "vpc_id": chosen["vpc_id"] if args.network else "",
        "subnet_id": chosen["subnet_id"] if args.network else "",
        "logset_id": chosen["cls_logset_id"] if args.observability else "",
        "topic_id": chosen["cls_topic_id"] if args.observability else "",
        "files": files(args.mounts),
        "concurrency": concurrency(args),
    }
