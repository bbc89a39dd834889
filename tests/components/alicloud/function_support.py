"""What the tests of functions and releases share."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi

from components.alicloud.function import Function
from components.bucket import ExistingBucket
from components.filesystem import ExistingFileSystem
from components.function import CodeFolder, FunctionArgs
from components.observability import ExistingObservability
from components.scope import Scope
from qiao.plan.recording import Recording, Resource
from tests.components.alicloud.support import GAP, Answers, Stage, recorded

FUNCTION, VERSION = "alicloud:fc/v3Function:V3Function", "alicloud:fc/v3FunctionVersion:V3FunctionVersion"
ALIAS, TRIGGER = "alicloud:fc/v3Alias:V3Alias", "alicloud:fc/v3Trigger:V3Trigger"
BINDING = "alicloud:fc/v3VpcBinding:V3VpcBinding"
RESERVED = "alicloud:fc/v3ConcurrencyConfig:V3ConcurrencyConfig"
ROLE, POLICY = "alicloud:ram/role:Role", "alicloud:ram/policy:Policy"
ATTACHMENT = "alicloud:ram/rolePolicyAttachment:RolePolicyAttachment"
OBJECT = "alicloud:oss/bucketObject:BucketObject"
LEFTOVERS, READY, HISTORY = f"{GAP}FunctionLeftovers", f"{GAP}FunctionReady", f"{GAP}ReleaseHistory"
WARM, ASYNC = f"{GAP}ProvisionedConcurrency", f"{GAP}AsyncInvoke"
IMAGE = "registry.cn-hangzhou.aliyuncs.com/team/chat:1.0"
LOGS = ExistingObservability(log_project="project-1", log_store="app")
FILES = ExistingFileSystem(id="fs-1", host="fs-1.nas.example.com")
DATA = ExistingBucket(name="data", endpoint="data-inner.example.com")

Opts = pulumi.ResourceOptions
Fields = Callable[[Scope, Opts], dict[str, Any]]


def build_function(scope: Scope, opts: Opts, name: str = "agent-chat", **fields: Any) -> Function:
    """A function of the cloud; an image where nothing else is said."""
    if "image" not in fields and "code" not in fields:
        fields["image"] = IMAGE
    return Function(name, FunctionArgs(scope=scope, **fields), opts)


def one_function(
    *, stage: Stage = "dev", preview: bool = False, more: Fields | None = None, answers: Answers | None = None,
    **fields: Any,
) -> Recording:  # fmt: skip
    """A program of one function.

    Args:
        stage: which profile.
        preview: whether nothing is known yet.
        more: fields that need a scope and options: other components.
        answers: what the cloud answers.
        fields: fields of its arguments.
    """

    def build(scope: Scope, opts: Opts) -> None:
        extra = more(scope, opts) if more else {}
        function = build_function(scope, opts, **{**fields, **extra})
        for output in ("id", "name", "version", "url"):
            pulumi.export(output, getattr(function, output))

    return recorded(build, stage, preview=preview, answers=answers)


def inputs_of(type_token: str, **fields: Any) -> dict[str, Any]:
    """The inputs of the one resource of a type, in a program of one function."""
    return dict(one_function(**fields).get(type_token).inputs)


def code_folder(folder: Path, content: str = "def handler(event, context): ...\n", **fields: Any) -> CodeFolder:
    """A folder with one file, to be run from."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.py").write_text(content, encoding="utf-8")
    return CodeFolder(path=str(folder), bucket=ExistingBucket(name="code-bucket"), **fields)


def in_order(recording: Recording, *types: str) -> None:
    """Each of these waits for all before it, by an edge of its own or of what it reads."""
    chain: list[Resource] = [recording.get(token) for token in types]
    for index, resource in enumerate(chain):
        missing = [before.name for before in chain[:index] if before.urn not in _behind(recording, resource)]
        assert missing == [], f"{resource.name} does not wait for {missing}"


def _behind(recording: Recording, resource: Resource) -> set[str]:
    """Everything that a resource waits for, over any number of steps."""
    seen: set[str] = set()
    waiting = list(resource.depends_on)
    while waiting:
        urn = waiting.pop()
        if urn not in seen:
            seen.add(urn)
            waiting += recording.by_urn(urn).depends_on
    return seen


def statements(recording: Recording, policy: str = "agent-chat-policy") -> list[dict[str, Any]]:
    """What a policy allows."""
    document = json.loads(recording.get(POLICY, policy).inputs["policyDocument"])
    assert document["Version"] == "1"
    assert {statement["Effect"] for statement in document["Statement"]} == {"Allow"}
    return [{key: value for key, value in one.items() if key != "Effect"} for one in document["Statement"]]


def trigger_config(recording: Recording, name: str) -> dict[str, Any]:
    """What a trigger says, parsed."""
    config: dict[str, Any] = json.loads(recording.get(TRIGGER, name).inputs["triggerConfig"])
    return config
