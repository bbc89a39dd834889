"""What a function's arguments mean on Function Compute: pure planning, no resource is declared here."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi_alicloud import fc

from components.alicloud import function_places as places
from components.alicloud import function_sizes as sizes
from components.alicloud.function_native import FunctionNative
from components.function import FunctionArgs

IMAGE_RUNTIME = "custom-container"
"""The only runtime of images."""
SERVER_RUNTIMES = ("custom.debian12", "custom.debian11", "custom.debian10", "custom")
"""Runtimes that start a server by a command, and send it calls."""
EVENT_RUNTIMES = (
    "python3.12", "python3.10", "python3.9", "python3", "nodejs20", "nodejs18", "nodejs16", "nodejs14", "java11",
    "java8", "php7.2", "dotnetcore3.1", "go1",
)  # fmt: skip
"""Runtimes that call a handler, one call at a time an instance."""
DEFAULT_PORT = 9000
"""Where the service sends calls when nothing is said: events and tasks come to a server too, by POST /invoke."""
START = "./run.sh"
SHELL = ("/bin/sh", "-c")
CHECK_SECONDS = 3
"""Between two looks at `health_path`, and for an answer to one; the service waits for an answer 3 seconds at most."""
FAILURES = 10
"""Looks in a row without an answer that make an instance sick: half a minute, so that a busy one is not shot."""


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a function's code comes from."""

    identity: pulumi.Input[str]
    """What changes when the code does: the reference of an image, or an archive's hash."""
    code: fc.V3FunctionCodeArgs | None = None
    """Where the archive lies; None for an image."""


def runtime(args: FunctionArgs) -> str:
    """The runtime, the default by kind filled in."""
    if args.image is not None:
        return IMAGE_RUNTIME
    return args.runtime or (EVENT_RUNTIMES[0] if args.kind == "event" else SERVER_RUNTIMES[0])


def runtimes(args: FunctionArgs) -> tuple[str, ...]:
    """The runtimes that a kind may have."""
    if args.image is not None:
        return (IMAGE_RUNTIME,)
    servers_alone = args.kind in ("web", "microservice")
    return SERVER_RUNTIMES if servers_alone else (*EVENT_RUNTIMES, *SERVER_RUNTIMES)


def calls_a_handler(args: FunctionArgs) -> bool:
    """Whether the runtime calls a handler, and no server is started."""
    return runtime(args) in EVENT_RUNTIMES


def retries(args: FunctionArgs) -> int | None:
    """Retries of asynchronous calls; None where nothing is said of them."""
    return 0 if args.async_retries is None and args.kind == "task" else args.async_retries


def warm_instances(args: FunctionArgs) -> int:
    """Instances kept ready: a microservice has one at least."""
    return max(args.provisioned_concurrency, 1 if args.kind == "microservice" else 0)


def concurrency(args: FunctionArgs, native: FunctionNative) -> int | None:
    """Calls that one instance serves at once; None where the runtime knows but one."""
    if calls_a_handler(args):
        return None
    return native.concurrency or (1 if args.kind == "task" else args.concurrency)


def settings(args: FunctionArgs, native: FunctionNative) -> dict[str, Any]:
    """Arguments of the function that take effect with a release.

    Explicit where the provider would keep what the service reported once: an absent block leaves the old one live.
    """
    return {
        "runtime": runtime(args),
        "handler": native.handler,
        "custom_container_config": container(args, native),
        "custom_runtime_config": program(args, native),
        "layers": list(native.layers),
        "cpu": sizes.cpu(args),
        "memory_size": args.memory_mb,
        "disk_size": sizes.disk_mb(args, native.disk_mb),
        "gpu_config": sizes.card(args.gpu),
        "timeout": args.timeout,
        "instance_concurrency": concurrency(args, native),
        "session_affinity": native.session_affinity,
        "session_affinity_config": native.session_affinity_config,
        "environment_variables": environment(args),
        "vpc_config": places.network(args.network),
        "internet_access": places.internet_access(args.network, native.internet_access),
        "log_config": places.logs(args.observability),
        "nas_config": places.files(args.mounts),
        "oss_mount_config": places.buckets(args.mounts, args.scope.region),
        "instance_lifecycle_config": lifecycle(args),
    }


def container(args: FunctionArgs, native: FunctionNative) -> dict[str, Any] | None:
    """How an image is started."""
    if args.image is None:
        return None
    return {
        "image": args.image,
        "port": args.listens_on or DEFAULT_PORT,
        # The command takes the place of the image's own, its arguments included.
        "entrypoints": shlex.split(args.command) if args.command else [],
        "commands": [],
        **health(args, native),
    }


def program(args: FunctionArgs, native: FunctionNative) -> dict[str, Any] | None:
    """How the server in a code folder is started."""
    if args.image is not None or calls_a_handler(args):
        return None
    return {
        "commands": shlex.split(args.command or START),
        "args": [],
        "port": args.listens_on or DEFAULT_PORT,
        **health(args, native),
    }


def health(args: FunctionArgs, native: FunctionNative) -> dict[str, Any]:
    """How an instance is asked whether it takes calls; nothing where it is not."""
    if args.health_path is None:
        return {}
    asked = {
        "http_get_url": args.health_path,
        "initial_delay_seconds": native.health_delay_seconds,
        "period_seconds": CHECK_SECONDS,
        "timeout_seconds": CHECK_SECONDS,
        "failure_threshold": FAILURES,
        "success_threshold": 1,
    }
    return {"health_check_config": asked}


def lifecycle(args: FunctionArgs) -> dict[str, Any] | None:
    """What a new instance runs before its first call."""
    if args.initializer is None:
        return None
    command = [*SHELL, args.initializer.command]
    return {"initializer": {"commands": command, "timeout": args.initializer.timeout_seconds}}


def environment(args: FunctionArgs) -> dict[str, pulumi.Input[str]]:
    """Environment variables by name. Never None: an absent map leaves the old variables live."""
    secret = {key: pulumi.Output.secret(value) for key, value in args.secret_env.items()}
    return dict(sorted({**args.env, **secret}.items()))


def absent(args: FunctionArgs) -> list[str]:
    """What the function does not have, and may have had: the words of FunctionLeftovers."""
    has = {
        "network": args.network is not None,
        "files": places.files(args.mounts) is not None,
        "initializer": args.initializer is not None,
        "health": args.health_path is not None,
    }
    return [part for part, there in has.items() if not there]
