"""Function: code or an image that runs on demand, its settings, network, logs, and how a new version takes over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pulumi

from components.base import Args, Component
from components.bucket import BucketLike
from components.checks import in_range, is_plain, matches, shown, unique
from components.errors import UserError
from components.filesystem import FileSystemLike
from components.function_parts import BucketEvent, FunctionUrl, Gpu, Initializer, Mount, Timer
from components.identity import Statement
from components.network import NetworkLike
from components.observability import ObservabilityLike

__all__ = [
    "BucketEvent", "CodeFolder", "ExistingFunction", "Function", "FunctionArgs", "FunctionLike", "FunctionUrl", "Gpu",
    "Initializer", "Mount", "Release", "Timer", "check_image",
]  # fmt: skip

Kind = Literal["event", "web", "microservice", "task"]
"""event: a handler per event. web: an HTTP server on a port. microservice: a web server kept warm. task: one long run
per asynchronous call."""

ENV_KEY = r"[A-Za-z_][A-Za-z0-9_]{0,62}"
ENV_WORDS = "letters, digits and '_', not beginning with a digit, at most 63"

IMAGE_NAME = r"[a-z0-9]+((\.|_{1,2}|-+)[a-z0-9]+)*"
"""One part of an image's path, and its name: the registries' own grammar."""
IMAGE_HOST = r"([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+|[A-Za-z0-9-]+(?=:)|localhost)(:[0-9]{1,5})?"
"""Only a dot or a port tells a host from the first part of a path, which is lower-case."""
IMAGE = rf"({IMAGE_HOST}/)?({IMAGE_NAME}/)*{IMAGE_NAME}(:[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}})?"
DIGEST = r"sha256:[0-9a-f]{64}"


@dataclass(frozen=True, kw_only=True)
class CodeFolder:
    """A folder of code, zipped reproducibly (same files, same bytes) and uploaded under its hash."""

    path: str
    """The folder, relative to the project."""
    bucket: BucketLike
    """Where the archive is uploaded."""
    ignore: Sequence[str] = ()
    """Patterns left out, in .gitignore's way, beside the usual ones (.git, .venv, __pycache__, node_modules/.cache)."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """How a new version takes over. One declarative argument; the stack file is its only knob.

    A new image or code cuts a new version. `weight` says which share of calls goes to it; the rest stays on the last
    full one. Gray release: weight 10, then 50, then 100 (promote). Roll back: `revision` of a version that was full.
    """

    weight: int = 100
    """Percent of calls for the newest version. Default 100: all at once. Limit: 0 to 100; a function's very first
    release must be 100."""
    revision: int | None = None
    """Number of an earlier version to go back to. Default: the newest code."""
    force: bool = False
    """Whether to cut a new version though the last one is still below 100 percent: that one is then given up.
    Default False: refused, since clouds roll back whatever is half-way when its release is replaced."""

    def __post_init__(self) -> None:
        in_range("Release.weight", self.weight, 0, 100, "percent")
        in_range("Release.revision", self.revision, 1, 2**31)
        if self.revision is not None and self.weight != 100:
            raise UserError("Release.revision", "a roll back cannot be partial", "leave weight at 100")


@dataclass(frozen=True, kw_only=True)
class FunctionArgs(Args):
    """What a Function takes: exactly one of `image` and `code`."""

    kind: Kind = "web"
    """How it is called. Default web."""
    image: pulumi.Input[str] | None = None
    """Full image reference (`host/namespace/name:tag` or with a digest). An Output makes the function wait for it."""
    code: CodeFolder | None = None
    """Folder of code, instead of an image."""
    runtime: str | None = None
    """The cloud's runtime word for code. Default: the cloud's choice by kind. Cannot be changed in place."""
    command: str | None = None
    """Start command. Default: the image's own, or `./run.sh` for a code folder of kind web."""
    port: int | None = None
    """Port the server listens on. Default 8000 for web and microservice. Limit: 1 to 65535."""
    health_path: str | None = None
    """Path that an instance answers when it is ready for calls (kinds web and microservice). Default: none is asked."""
    memory_mb: int = 1024
    """Memory of an instance in MiB. Default 1024. Limits and steps differ by cloud."""
    cpu: float | None = None
    """Processors of an instance in vCPU. Default: the cloud's share for the memory."""
    gpu: Gpu | None = None
    """A graphics card for every instance. Default: none."""
    timeout_seconds: int | None = None
    """Longest run of one call. Default: 60 for events, 300 for the rest; kinds web and task need 180 or more, since
    an answer is streamed."""
    concurrency: int = 100
    """Calls that one instance serves at once. Default 100."""
    env: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    """Environment variables in clear."""
    secret_env: Mapping[str, pulumi.Input[str]] = field(default_factory=dict, repr=False)
    """Environment variables that are secrets: never in clear in state, plan or outputs."""
    network: NetworkLike | None = None
    """Private network whose services it reaches. Default: none."""
    observability: ObservabilityLike | None = None
    """Where its logs go. Default: nowhere."""
    initializer: Initializer | None = None
    """A command that a new instance runs before it takes calls. Default: none."""
    mounts: Sequence[Mount] = ()
    """File systems and buckets seen as folders. Default: none."""
    permissions: Sequence[Statement] = ()
    """What it may do to the cloud's services, by the role it runs as, beside what its own settings need (logs, images,
    network, mounts). Default: nothing."""
    url: FunctionUrl | None = None
    """An address of its own. Default: none, it is called through a Gateway."""
    triggers: Sequence[Timer | BucketEvent] = ()
    """What calls it beside requests. Default: nothing."""
    provisioned_concurrency: int = 0
    """Instances of the version that serves calls kept ready, and paid for. Default 0: started on demand."""
    reserved_concurrency: int | None = None
    """Most instances at a time: a lid on cost, and its share of the account's quota. Default: the account's limit."""
    async_retries: int | None = None
    """Retries of a failed asynchronous call, 0 to 3; given, asynchronous calls are switched on. Kind task has 0."""
    release: Release = field(default_factory=Release)
    """How a new version takes over. Default: all at once."""
    native: object | None = None
    """What only one cloud knows (`FunctionNative` of its module)."""

    def __post_init__(self) -> None:
        where = "FunctionArgs"
        if (self.image is None) == (self.code is None):
            raise UserError(f"{where}.image", "give exactly one of image and code", "set the one, leave the other out")
        if is_plain(self.image):
            check_image(f"{where}.image", str(self.image), latest=self.scope.profile.open_to_world)
        in_range(f"{where}.port", self.port, 1, 65535)
        in_range(f"{where}.async_retries", self.async_retries, 0, 3)
        in_range(f"{where}.concurrency", self.concurrency, 1, 1000)
        if self.kind in ("web", "task"):
            in_range(f"{where}.timeout_seconds", self.timeout_seconds, 180, 86400, f"seconds for kind {self.kind}")
        in_range(f"{where}.timeout_seconds", self.timeout_seconds, 1, 86400, "seconds")
        in_range(f"{where}.provisioned_concurrency", self.provisioned_concurrency, 0, 10000, "instances")
        in_range(f"{where}.reserved_concurrency", self.reserved_concurrency, 1, 10000, "instances")
        self._check_parts(where)
        for field_name in ("env", "secret_env"):
            for key in getattr(self, field_name):
                matches(f"{where}.{field_name}", key, ENV_KEY, ENV_WORDS)
        both = sorted(set(self.env) & set(self.secret_env))
        if both:
            raise UserError(f"{where}.secret_env", f"{both[0]} is in env too", "keep it in one of the two")

    def _check_parts(self, where: str) -> None:
        matches(f"{where}.health_path", self.health_path, r"/[^\s?#]*", "a path that begins with '/'")
        if self.health_path is not None and self.kind not in ("web", "microservice"):
            raise UserError(f"{where}.health_path", f"kind {self.kind} has no server", "leave it out")
        unique(f"{where}.mounts", [mount.path for mount in self.mounts])
        unique(f"{where}.triggers", [trigger.name for trigger in self.triggers])
        on_network = [mount for mount in self.mounts if isinstance(mount.source, FileSystemLike)]
        if on_network and self.network is None:
            raise UserError(f"{where}.mounts", "a file system is reached from its network alone", "give network too")
        if self.url and self.url.auth == "network" and self.network is None:
            raise UserError(f"{where}.url", "there is no network whose callers could be let in", "give network too")

    @property
    def timeout(self) -> int:
        """Longest run of one call in seconds, the default by kind filled in."""
        return self.timeout_seconds or (60 if self.kind == "event" else 300)

    @property
    def listens_on(self) -> int | None:
        """Port the server listens on, the default by kind filled in; None for kinds without a server."""
        return self.port or (8000 if self.kind in ("web", "microservice") else None)


def check_image(where: str, image: str, *, latest: bool) -> None:
    """Refuse what is no image reference, one without tag or digest, and the tag `latest` where it must be pinned."""
    name, mark, digest = image.partition("@")
    if not re.fullmatch(IMAGE, name):
        raise UserError(where, f"{shown(image)} is no image", "write host/namespace/name:tag in lower case, no spaces")
    if mark and not re.fullmatch(DIGEST, digest):
        raise UserError(where, f"{shown(image)} has no valid digest", "write @sha256: and 64 hexadecimal digits")
    tag = name.rsplit("/", 1)[-1].partition(":")[2]
    if not tag and not digest:
        raise UserError(where, f"{shown(image)} has no tag", "write host/namespace/name:tag")
    if tag == "latest" and not digest and not latest:
        raise UserError(where, f"{shown(image)} is not pinned", "use a tag that names one build, or a digest")


class Function(Component):
    """A function with its settings and its releases.

    Billed by memory, time and calls; kind microservice keeps one instance warm and pays for it. A new image or code
    replaces only the release record: the function, and what points to it, stay.
    """

    concept = "Function"
    OUTPUTS = ("id", "name", "version", "last_version", "url")

    id: pulumi.Output[str]
    """The function's id."""
    name: pulumi.Output[str]
    """Its physical name."""
    version: pulumi.Output[str]
    """The version that serves calls, known once its release is done."""
    last_version: pulumi.Output[str]
    """The newest version: the one that its release gives a share to."""
    url: pulumi.Output[str] | None
    """Its own address, on clouds that give functions one; else None: it is called through a Gateway."""
    timeout_seconds: int
    """Longest run of one call: a Gateway's routes must wait at least as long."""
    own_url: FunctionUrl | None
    """The address of its own that was asked for: a Gateway that calls it there must be let in."""

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self.timeout_seconds = args.timeout
        self.own_url = args.url


@dataclass(frozen=True, kw_only=True)
class ExistingFunction:
    """A function that is there already."""

    id: pulumi.Input[str]
    """Its id."""
    name: pulumi.Input[str] = ""
    """Its physical name."""
    timeout_seconds: int = 300
    """Longest run of one call. Default 300."""
    own: bool = False
    """Whether it only stands for a function of the same program, whose gateway is checked before either is declared.
    Default False."""


FunctionLike = Function | ExistingFunction
"""What an argument that names a function takes."""
