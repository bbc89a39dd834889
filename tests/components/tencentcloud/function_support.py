"""What the tests of functions and releases share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi

from components.bucket import ExistingBucket
from components.filesystem import ExistingFileSystem
from components.function import CodeFolder, FunctionArgs
from components.observability import ExistingObservability
from components.scope import Scope
from components.tencentcloud import facts
from components.tencentcloud.function import Function
from qiao.plan.recorder import record
from qiao.plan.recording import Recording, Resource
from qiao.plan.standins import InvokeAnswer, StandIns, mark
from tests.components.tencentcloud.support import ANSWERS, GAP, INVOKES, REGION, Answers, Stage, scope_of

FUNCTION, VERSION = "tencentcloud:Scf/function:Function", "tencentcloud:Scf/functionVersion:FunctionVersion"
ALIAS = "tencentcloud:Scf/functionAlias:FunctionAlias"
ASYNC = "tencentcloud:Scf/functionEventInvokeConfig:FunctionEventInvokeConfig"
RESERVED = "tencentcloud:Scf/reservedConcurrencyConfig:ReservedConcurrencyConfig"
ROLE, POLICY = "tencentcloud:Cam/role:Role", "tencentcloud:Cam/policy:Policy"
ATTACHMENT = "tencentcloud:Cam/rolePolicyAttachmentByName:RolePolicyAttachmentByName"
OBJECT = "tencentcloud:Cos/bucketObject:BucketObject"
EXTRAS, READY, HISTORY = f"{GAP}FunctionExtras", f"{GAP}FunctionReady", f"{GAP}ReleaseHistory"
WARM, URL, TRIGGER = f"{GAP}ProvisionedConcurrency", f"{GAP}FunctionUrl", f"{GAP}FunctionTrigger"
SALT = "random:index/randomPassword:RandomPassword"
INSTANCES, IMAGES = "tencentcloud:Tcr/getInstances:getInstances", "tencentcloud:Tcr/getImages:getImages"
DIGEST = "sha256:" + "5a" * 32
IMAGE = f"ccr.ccs.tencentyun.com/team/chat:1.0@{DIGEST}"
LOGS = ExistingObservability(log_project="logset-1", log_store="topic-1")
FILES = ExistingFileSystem(id="cfs-1", host="10.9.0.4")
CODE, DATA = ExistingBucket(name="code-1250000000"), ExistingBucket(name="data-1250000000")

Opts = pulumi.ResourceOptions
Fields = Callable[[Scope, Opts], dict[str, Any]]
Build = Callable[[Scope, Opts], Any]


def digest_of(tag: str) -> str:
    """The digest that the registry answers for a tag."""
    return f"sha256:{mark('digest', tag, length=64)}"


def _instances(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Like the service, it finds names that contain the word."""
    found = [f"{asked['name']}-other", str(asked["name"])]
    return {
        "id": "instances", "name": asked["name"], "instanceLists": [
            {
                "id": f"tcr-{mark('instance', name, length=8)}", "name": name, "status": "Running", "tags": {},
                "instanceType": "basic", "internalEndPoint": "10.9.1.8", "publicDomain": f"{name}.tencentcloudcr.com",
            }
            for name in found
        ],
    }  # fmt: skip


def _images(asked: Mapping[str, Any]) -> dict[str, Any]:
    found = [f"{asked['imageVersion']}0", str(asked["imageVersion"])]
    return {
        "id": "images", "imageInfoLists": [
            {
                "digest": digest_of(tag), "imageVersion": tag, "kind": "", "kmsSignature": "", "size": 1,
                "updateTime": "2026-01-01",
            }
            for tag in found
        ], **{key: asked[key] for key in ("registryId", "namespaceName", "repositoryName")},
    }  # fmt: skip


def build_function(scope: Scope, opts: Opts, name: str = "agent-chat", **fields: Any) -> Function:
    """A function of the cloud; an image where nothing else is said."""
    if "image" not in fields and "code" not in fields:
        fields["image"] = IMAGE
    return Function(name, FunctionArgs(scope=scope, **fields), opts)


def made(
    build: Build, stage: Stage = "dev", *, preview: bool = False, answers: Answers | None = None,
    invokes: Mapping[str, InvokeAnswer] | None = None, **profile: Any,
) -> Recording:  # fmt: skip
    """A program of one provider and whatever `build` declares, the registry answering too.

    Args:
        build: gets the scope and the options that name the provider.
        stage: which profile.
        preview: whether nothing is known yet.
        answers: outputs of a resource type.
        invokes: answers of data sources.
        profile: fields of the profile to override.
    """

    def program() -> None:
        provider = facts.provider("explicit", REGION)
        build(scope_of(stage, **profile), pulumi.ResourceOptions(provider=provider))

    given = {kind: (lambda _, outputs=outputs: dict(outputs)) for kind, outputs in (answers or {}).items()}
    asked = {**INVOKES, INSTANCES: _instances, IMAGES: _images, **(invokes or {})}
    standins = StandIns(resources={**ANSWERS, **given}, invokes=asked)
    return record(program, stack=stage, preview=preview, standins=standins)


def one_function(
    *, stage: Stage = "dev", preview: bool = False, more: Fields | None = None, answers: Answers | None = None,
    invokes: Mapping[str, InvokeAnswer] | None = None, **fields: Any,
) -> Recording:  # fmt: skip
    """A program of one function.

    Args:
        stage: which profile.
        preview: whether nothing is known yet.
        more: fields that need a scope and options: other components.
        answers: what the cloud answers.
        invokes: what its data sources answer.
        fields: fields of its arguments.
    """

    def build(scope: Scope, opts: Opts) -> None:
        extra = more(scope, opts) if more else {}
        function = build_function(scope, opts, **{**fields, **extra})
        for output in ("id", "name", "version", "url"):
            pulumi.export(output, getattr(function, output))

    return made(build, stage, preview=preview, answers=answers, invokes=invokes)


def inputs_of(type_token: str, **fields: Any) -> dict[str, Any]:
    """The inputs of the one resource of a type, in a program of one function."""
    return dict(one_function(**fields).get(type_token).inputs)


def code_folder(folder: Path, content: str = "#!/bin/sh\nexec node app.js\n", **fields: Any) -> CodeFolder:
    """A folder that any kind of function can be made of."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.py").write_text("def main_handler(event, context): ...\n", encoding="utf-8")
    (folder / "run.sh").write_text(content, encoding="utf-8")
    return CodeFolder(path=str(folder), bucket=CODE, **fields)


def behind_all(recording: Recording, resource: Resource) -> set[str]:
    """URNs of everything that a resource waits for, over any number of steps."""
    seen: set[str] = set()
    waiting = list(resource.depends_on)
    while waiting:
        urn = waiting.pop()
        if urn not in seen:
            seen.add(urn)
            waiting += recording.by_urn(urn).depends_on
    return seen


def in_order(recording: Recording, *types: str) -> None:
    """Each of these waits for all before it, by an edge of its own or of what it reads."""
    chain = [recording.get(token) for token in types]
    for index, resource in enumerate(chain):
        missing = [before.name for before in chain[:index] if before.urn not in behind_all(recording, resource)]
        assert missing == [], f"{resource.name} does not wait for {missing}"


def statements(recording: Recording, policy: str = "agent-chat-policy") -> list[dict[str, Any]]:
    """What a policy allows."""
    document = json.loads(recording.get(POLICY, policy).inputs["document"])
    assert document["version"] == "2.0"
    assert {statement["effect"] for statement in document["statement"]} == {"allow"}
    return [{key: value for key, value in one.items() if key != "effect"} for one in document["statement"]]
