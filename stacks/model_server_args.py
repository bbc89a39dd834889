"""What the model server's components take, worked out of its settings: plain functions that declare nothing."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from typing import Any

import pulumi

from components.filesystem import ExistingFileSystem, FileSystemArgs, FileSystemLike
from components.function import FunctionArgs, FunctionLike, FunctionUrl, Gpu, Initializer, Mount, Release
from components.gateway import GatewayArgs, Route
from stacks import part_args
from stacks.model_server_settings import ModelServerSettings
from stacks.part_args import Env
from stacks.site import Site, planned

WHOLE_CARD: dict[str, Any] = {"cpu": 8.0, "memory_mb": 32768}
"""Processors and memory beside a whole card: what the guide runs, and the most that a T4 or an A10 comes with."""
SLICE_MB = 8192
"""Most memory beside a slice of one, where nothing is said; the cloud gives processors to match."""


def environment(settings: ModelServerSettings) -> Env:
    """What the server reads of its surroundings."""
    return {
        "OLLAMA_HOST": f"0.0.0.0:{settings.port}",
        "OLLAMA_MODELS": settings.files.path,
        "OLLAMA_ORIGINS": settings.origins,
        # An instance is paid for while it lives: unloading its model early only makes the next call slower.
        "OLLAMA_KEEP_ALIVE": "-1",
    }


def pull_command(models: Sequence[str]) -> str | None:
    """The command that makes sure of all models; None where there is none to make sure of.

    The server is waited for first. A model that is there is left alone, and nothing outside is asked about it: a pull
    asks the models' own registry each time, and instances must start while that cannot be reached. One that was cut is
    resumed; the first that cannot be had ends it.
    """
    if not models:
        return None
    return "; ".join(["set -e", "until ollama list > /dev/null 2>&1; do sleep 1; done", *map(_make_sure, models)])


def _make_sure(model: str) -> str:
    name = shlex.quote(model)
    return f"ollama show --modelfile {name} > /dev/null 2>&1 || ollama pull {name}"


@planned("filesystem", "files")
def file_system(site: Site, settings: ModelServerSettings) -> FileSystemArgs:
    """Arguments of the file system of its own."""
    native = site.native(settings.native, "filesystem")
    return FileSystemArgs(scope=site.scope, network=site.network, native=native)


def existing_file_system(settings: ModelServerSettings) -> ExistingFileSystem | None:
    """The file system that settings name, or None."""
    files = settings.files
    if files.existing_id is None or files.existing_host is None:
        return None
    return ExistingFileSystem(id=files.existing_id, host=files.existing_host)


@planned("function")
def function(
    site: Site, settings: ModelServerSettings, *, image: pulumi.Input[str], files: FileSystemLike, env: Env,
    secret_env: Env,
) -> FunctionArgs:  # fmt: skip
    """Arguments of the function that serves models.

    Args:
        site: where it stands.
        settings: the application's settings.
        image: reference of the image.
        files: where models lie.
        env: what Qiao adds to the variables in clear.
        secret_env: what Qiao adds to the secret ones.
    """
    given = part_args.function(site, settings, environment(settings) | env, secret_env, private_network=True)
    sizes = WHOLE_CARD
    if settings.gpu.memory_gb is not None:
        # A model is read through memory into the card: twice as much is enough, and clouds give no more.
        sizes = {"memory_mb": min(SLICE_MB, settings.gpu.memory_gb * 2048)}
    # One card answers few callers at a time, and a whole conversation may take minutes.
    defaults = {"concurrency": 4, "timeout_seconds": 600, **sizes}
    pull = pull_command(settings.models)
    mounts = [Mount(source=files, **settings.files.given("path", "directory"))]
    card = Gpu(**settings.gpu.given("model", "memory_gb"))
    return FunctionArgs(
        kind="web", image=image, port=settings.port, gpu=card, mounts=mounts, health_path="/",
        native=site.native(settings.native, "function"),
        initializer=Initializer(command=pull, timeout_seconds=settings.pull_seconds) if pull else None,
        url=FunctionUrl(auth="network") if settings.access == "network" else None,
        release=Release(**settings.release.given("weight", "revision", "force")), **(defaults | given),
    )  # fmt: skip


@planned("gateway", **part_args.POLICIES)
def gateway(site: Site, settings: ModelServerSettings, server: FunctionLike) -> GatewayArgs:
    """Arguments of the front door: everything, for callers with a token."""
    route = Route(name="models", path="/", function=server, auth="jwt", **part_args.policies(settings.policies))
    return GatewayArgs(
        scope=site.scope, routes=[route], network=site.network, domain=part_args.domain(settings.domain),
        observability=site.observability, native=site.native(settings.native, "gateway"),
    )  # fmt: skip
