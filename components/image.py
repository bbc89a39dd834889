"""An image built from a folder and pushed into a registry: the second of the three ways a function gets its image."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import pathspec
import pulumi

from components import packaging
from components.checks import is_plain, matches
from components.errors import UserError
from components.registry import ExistingRegistry, RegistryLike

PLATFORM = "linux/amd64"
"""What the clouds' functions run, whatever machine builds."""


@dataclass(frozen=True, kw_only=True)
class ImageBuild:
    """How to build an image. `up` then needs a running Docker with buildx, and a way from there to the registry."""

    context: str
    """Folder that is sent to the builder, relative to the project. Its `.dockerignore` holds."""
    dockerfile: str = "Dockerfile"
    """The Dockerfile, relative to the context. Default `Dockerfile`."""
    args: Mapping[str, str] = field(default_factory=dict)
    """Build arguments. They stay readable in the image's history: never a secret. Default: none."""
    target: str | None = None
    """Stage of the Dockerfile to build. Default: the last."""

    def __post_init__(self) -> None:
        path = PurePosixPath(self.dockerfile)
        if path.is_absolute() or ".." in path.parts:
            raise UserError("ImageBuild.dockerfile", f"{self.dockerfile!r} leads out of the context", "keep it inside")


def build_image(
    name: str,
    build: ImageBuild,
    registry: RegistryLike,
    *,
    repository: str,
    opts: pulumi.ResourceOptions | None = None,
) -> pulumi.Output[str]:
    """Declare an image that `up` builds for linux/amd64 and pushes; returns its reference, pinned by digest, as
    functions pull it.

    The reference is unknown until the image is pushed, so whatever takes it waits for the push. A preview never builds.

    Args:
        name: the resource's logical name.
        build: what to build.
        registry: where to push. The image waits for all of it: a login is refused before its public endpoint stands.
        repository: the image's name inside the registry's namespace.
        opts: options of the resource (parent, aliases).

    Raises:
        UserError: context or Dockerfile is missing, or the registry's login is not known.
    """
    import pulumi_docker_build as docker  # only programs that build pay for it

    check_build(name, build, repository, registry)
    tag = context_tag(f"ImageBuild.context of {name}", build)
    folder = packaging.project_path(build.context).as_posix()
    image = docker.Image(
        name,
        context=docker.BuildContextArgs(location=folder),
        dockerfile=docker.DockerfileArgs(location=f"{folder}/{build.dockerfile}"),
        build_args=dict(build.args),
        target=build.target,
        platforms=[docker.Platform.LINUX_AMD64],
        tags=[registry.image(repository, tag)],
        push=True,
        build_on_preview=False,
        registries=[
            docker.RegistryArgs(
                address=registry.endpoint,
                username=registry.username,
                password=pulumi.Output.secret(registry.password),
            )
        ],
        opts=pulumi.ResourceOptions.merge(
            # No data edge says so, yet the push needs the endpoint and its address list, not only the host's name.
            pulumi.ResourceOptions(depends_on=[registry] if isinstance(registry, pulumi.Resource) else []), opts
        ),
    )  # fmt: skip
    return registry.pulled(image.ref)


def check_build(name: str, build: ImageBuild, repository: str, registry: RegistryLike) -> None:
    """Refuse what cannot be built or pushed: a bad name, a missing folder, Dockerfile or login. Declares nothing."""
    matches(
        f"ImageBuild.name of {name}", repository, r"[a-z0-9]+([._-][a-z0-9]+)*",
        "lower-case letters and digits, with single '.', '_' or '-' between",
    )  # fmt: skip
    _entries(f"ImageBuild.context of {name}", build)
    _check_login(name, registry)


def _entries(where: str, build: ImageBuild) -> list[packaging.Entry]:
    ignored = _docker_ignored(packaging.project_path(build.context) / ".dockerignore", build.dockerfile)
    entries = packaging.listing(where, build.context, ignored)
    if build.dockerfile not in {entry.name for entry in entries}:
        raise UserError(where, f"{build.context} holds no {build.dockerfile}", "put one there, or name it")
    return entries


def context_tag(where: str, build: ImageBuild) -> str:
    """The tag of what is to be built: a hash of the context, the Dockerfile and the arguments."""
    entries = _entries(where, build)
    words = [f"{key}={value}" for key, value in sorted(build.args.items())]
    return packaging.fingerprint(entries, PLATFORM, build.dockerfile, build.target or "", *words)[:16]


def _docker_ignored(file: Path, dockerfile: str) -> Callable[[str], bool]:
    """What a `.dockerignore` leaves out. The Dockerfile never: builders read it even where it is ignored.

    Its patterns begin at the context's root, and one with `!` reaches into ignored folders, unlike .gitignore's.
    """
    lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()] if file.is_file() else []
    patterns = ["/.git/"]
    for line in lines:
        if line and not line.startswith("#"):
            keep, pattern = ("!", line[1:]) if line.startswith("!") else ("", line)
            patterns.append(f"{keep}/{pattern.strip().removeprefix('./').lstrip('/')}")
    spec = pathspec.GitIgnoreSpec.from_lines(patterns)
    reaches_in = any(pattern.startswith("!") for pattern in patterns)

    def ignored(name: str) -> bool:
        if name == dockerfile or dockerfile.startswith(name) or (name.endswith("/") and reaches_in):
            return False
        return spec.match_file(name)

    return ignored


def _check_login(name: str, registry: RegistryLike) -> None:
    if not registry.can_push:
        instead = "give the registry's username and password, or push the image yourself and name it by its tag"
        raise UserError("RegistryNative.username", f"{name} is to be built and pushed without a login", instead)
    if not isinstance(registry, ExistingRegistry):
        return
    for key in ("username", "password"):
        value = getattr(registry, key)
        if is_plain(value) and not value:
            where = f"ExistingRegistry.{key}"
            raise UserError(where, f"{name} is to be pushed without it", f"give the {key} that may push")
