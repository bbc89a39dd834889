"""What the tests of functions, releases and gateways share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi

from components import cloud
from components.bucket import ExistingBucket
from components.function import CodeFolder, Function, FunctionArgs
from components.network import Network, NetworkArgs
from components.observability import ExistingObservability
from components.scope import Scope
from qiao.plan.recording import Recording, Resource
from tests.components.volcengine.support import GAP, ZONES, Stage, recorded

FUNCTION, RELEASE = "volcengine:vefaas/function:Function", "volcengine:vefaas/release:Release"
OBJECT = "volcengine:tos/bucketObject:BucketObject"
EXTRAS, IMAGE_READY = f"{GAP}FunctionExtras", f"{GAP}ImageReady"
GUARD, READY = f"{GAP}ReleaseGuard", f"{GAP}ReleaseReady"
SALT = "random:index/randomPassword:RandomPassword"
IMAGE = "cr.example.com/team/chat:1.0"
LOGS = ExistingObservability(log_project="project-1", log_store="topic-app", access_log_store="topic-access")

Opts = pulumi.ResourceOptions
Fields = Callable[[Scope, Opts], dict[str, Any]]


def build_function(scope: Scope, opts: Opts, name: str = "agent-chat", **fields: Any) -> Function:
    """A function of the cloud; an image where nothing else is said."""
    if "image" not in fields and "code" not in fields:
        fields["image"] = IMAGE
    return cloud("volcengine").Function(name, FunctionArgs(scope=scope, **fields), opts)


def build_network(scope: Scope, opts: Opts, *, egress: bool = False) -> Network:
    """A network of two zones."""
    return cloud("volcengine").Network("net", NetworkArgs(scope=scope, zones=ZONES, egress=egress), opts)


def one_function(
    *, stage: Stage = "dev", preview: bool = False, more: Fields | None = None, **fields: Any
) -> Recording:
    """A program of one function.

    Args:
        stage: which profile.
        preview: whether nothing is known yet.
        more: fields that need a scope and options: other components.
        fields: fields of its arguments.
    """

    def build(scope: Scope, opts: Opts) -> None:
        extra = more(scope, opts) if more else {}
        function = build_function(scope, opts, **{**fields, **extra})
        pulumi.export("id", function.id)
        pulumi.export("name", function.name)
        pulumi.export("version", function.version)

    return recorded(build, stage, preview=preview)


def inputs_of(type_token: str, **fields: Any) -> dict[str, Any]:
    """The inputs of the one resource of a type, in a program of one function."""
    return dict(one_function(**fields).get(type_token).inputs)


def code_folder(folder: Path, content: str = "def handler(event, context): ...\n", **fields: Any) -> CodeFolder:
    """A folder with one file, to be run from."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.py").write_text(content, encoding="utf-8")
    return CodeFolder(path=str(folder), bucket=ExistingBucket(name="code-bucket"), **fields)


def in_order(recording: Recording, *types: str) -> None:
    """Each of these waits for all before it, by an edge of its own."""
    chain: list[Resource] = [recording.get(token) for token in types]
    for index, resource in enumerate(chain):
        missing = [before.name for before in chain[:index] if before.urn not in resource.depends_on]
        assert missing == [], f"{resource.name} does not wait for {missing}"
