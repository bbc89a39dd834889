"""What a function's arguments mean on veFaaS: pure planning, no resource is declared here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import pulumi

from components.checks import in_range, multiple_of, one_of
from components.errors import UnsupportedError, UserError
from components.function import FunctionArgs
from components.network import NetworkLike
from components.observability import ObservabilityLike

IMAGE_RUNTIME = "native/v1"
"""The only runtime of images."""
SERVER_RUNTIMES = (IMAGE_RUNTIME, "native-python3.12/v1", "native-node20/v1")
"""Runtimes that start a server or a program by a command."""
EVENT_RUNTIMES = (
    "python3.8/v1", "python3.9/v1", "python3.12/v1", "golang/v1", "node14/v1", "nodeprime14/v1", "node20/v1",
    "nativejava8/v1",
)  # fmt: skip
"""Runtimes that call a handler."""
LONGEST_SECONDS = 900
UNSUPPORTED = {
    "FunctionArgs.cpu": "leave it out: the service gives CPU in proportion to memory",
    "FunctionArgs.gpu": "run it on a cloud whose functions have cards",
    "FunctionArgs.health_path": "leave it out: an instance is ready when its port is open",
    "FunctionArgs.initializer": "do it when the server starts",
    "FunctionArgs.mounts": "read and write a bucket by its API",
    "FunctionArgs.permissions": "give them to a ServiceAccount, and its key as secret_env",
    "FunctionArgs.url": "put a Gateway before it",
    "FunctionArgs.triggers": "call it through a Gateway, from a scheduler of your own",
    "FunctionArgs.provisioned_concurrency": "use kind microservice: it keeps one instance ready",
    "FunctionArgs.reserved_concurrency": "use native.max_instances",
}


@dataclass(frozen=True, kw_only=True)
class FunctionNative:
    """What only Volcengine knows about a function."""

    shared_internet: bool | None = None
    """Whether a function in a network reaches the internet through the service's shared way out. Default: yes, unless
    the network has a fixed address of its own (`egress`). An ExistingNetwork with its own way out: set False."""
    exclusive: bool | None = None
    """Whether an instance serves one call at a time. Default: yes for kind task, else no."""
    warm: bool | None = None
    """Whether an instance is kept running, and paid for. Default: yes for kind microservice, else no. Going from yes to
    no takes a replacement of the function (`pulumi up --replace`)."""
    max_instances: int | None = None
    """Most instances of a version. Default: the account's limit."""
    initializer_seconds: int | None = None
    """Longest start of an instance. Default: the service's."""

    def __post_init__(self) -> None:
        in_range("FunctionNative.max_instances", self.max_instances, 1, 10000)
        in_range("FunctionNative.initializer_seconds", self.initializer_seconds, 1, LONGEST_SECONDS, "seconds")


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a function's code comes from."""

    type: Literal["image", "tos"]
    """The service's word: an image, or an archive in a bucket."""
    value: pulumi.Input[str]
    """Image reference, or `bucket:object`."""
    identity: pulumi.Input[str]
    """What changes when the code does: the reference, or the archive's hash."""


def check(args: FunctionArgs) -> None:
    """Refuse what the service would refuse, or silently do otherwise."""
    where = "FunctionArgs"
    if args.timeout > LONGEST_SECONDS:
        raise UnsupportedError(
            "volcengine", "Function", f"timeout_seconds={args.timeout}",
            f"use at most {LONGEST_SECONDS} seconds, and split longer work into several asynchronous calls (kind task)",
        )  # fmt: skip
    in_range(f"{where}.memory_mb", args.memory_mb, 512, 4096, "MiB")
    multiple_of(f"{where}.memory_mb", args.memory_mb, 512)
    in_range(f"{where}.concurrency", args.concurrency, 10, 1000)
    if args.image is not None and args.kind == "event":
        raise UnsupportedError("volcengine", "Function", "image with kind=event", "use code, or kind web with an image")
    one_of(f"{where}.runtime", args.runtime, _runtimes(args))
    if args.command is not None and runtime(args) in EVENT_RUNTIMES:
        raise UserError(f"{where}.command", f"runtime {runtime(args)} calls a handler", "leave command out")


def _runtimes(args: FunctionArgs) -> tuple[str, ...]:
    if args.image is not None:
        return (IMAGE_RUNTIME,)
    by_kind = {"event": EVENT_RUNTIMES, "task": (*SERVER_RUNTIMES, *EVENT_RUNTIMES)}
    return by_kind.get(args.kind, SERVER_RUNTIMES)


def runtime(args: FunctionArgs) -> str:
    """The runtime, the default by kind filled in."""
    if args.image is not None:
        return IMAGE_RUNTIME
    return args.runtime or ("python3.12/v1" if args.kind == "event" else "native-python3.12/v1")


def command(args: FunctionArgs) -> str | None:
    """The start command; None where a handler is called or an image has its own."""
    if args.command is not None or args.code is None or runtime(args) in EVENT_RUNTIMES:
        return args.command
    return "./run.sh"


def retries(args: FunctionArgs) -> int | None:
    """Retries of asynchronous calls; None where they are off."""
    return 0 if args.async_retries is None and args.kind == "task" else args.async_retries


def settings(args: FunctionArgs, native: FunctionNative) -> dict[str, Any]:
    """Arguments of the function that take effect with a release; explicit where the service would keep an old value."""
    exclusive = args.kind == "task" if native.exclusive is None else native.exclusive
    warm = args.kind == "microservice" if native.warm is None else native.warm
    return {
        "runtime": runtime(args),
        "command": command(args),
        "cpu_strategy": "always" if warm else None,
        "port": args.listens_on,
        "memory_mb": args.memory_mb,
        "request_timeout": args.timeout,
        "initializer_sec": native.initializer_seconds,
        "exclusive_mode": exclusive,
        # Not used by an exclusive instance, and then not reported back as it was sent.
        "max_concurrency": None if exclusive else args.concurrency,
        "envs": environment(args),
        "vpc_config": network(args.network, native.shared_internet),
        "tls_config": logs(args.observability),
    }


def unstated(chosen: Mapping[str, Any]) -> list[str]:
    """Properties that would replace the function on every `up` when unset, since the service reports a value."""
    wire = {"command": "command", "cpu_strategy": "cpuStrategy"}
    return [wire[key] for key in wire if chosen[key] is None]


def environment(args: FunctionArgs) -> list[dict[str, Any]]:
    """Environment variables by name. Never None: an absent list leaves the old variables live."""
    secret = {key: pulumi.Output.secret(value) for key, value in args.secret_env.items()}
    return [{"key": key, "value": value} for key, value in sorted({**args.env, **secret}.items())]


def network(place: NetworkLike | None, shared_internet: bool | None) -> dict[str, Any]:
    """Access to a private network, over the subnets of both zones."""
    if place is None:
        return {"enable_vpc": False}
    own_way_out = getattr(place, "egress_ip", None) is not None
    return {
        "enable_vpc": True,
        "vpc_id": place.vpc_id,
        "subnet_ids": [place.subnet_ids[zone] for zone in sorted(place.subnet_ids)],
        "security_group_ids": [place.security_group_id],
        "enable_shared_internet_access": not own_way_out if shared_internet is None else shared_internet,
    }


def logs(place: ObservabilityLike | None) -> dict[str, Any]:
    """Where logs go."""
    if place is None:
        return {"enable_log": False}
    return {"enable_log": True, "tls_project_id": place.log_project, "tls_topic_id": place.log_store}
