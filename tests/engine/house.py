"""A small stack for the real engine: applications on a foundation, shaped like ours, of resources that cost nothing."""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider

from components.volcengine.gaps.release_guard import ReleaseGuard


class _NoteProvider(ResourceProvider):
    # As in the gaps: what is stored is an import path and no secret.
    serialize_as_secret_always = False

    def create(self, props: dict[str, Any]) -> CreateResult:
        return CreateResult("note", props)


class Note(Resource, module="volcengine", name="Note"):
    """A resource that remembers a text."""

    text: pulumi.Output[str]

    def __init__(self, name: str, text: pulumi.Input[str], opts: pulumi.ResourceOptions) -> None:
        super().__init__(_NoteProvider(), name, {"text": text}, opts)


class Part(pulumi.ComponentResource):
    """A component with one note."""

    def __init__(self, kind: str, name: str, text: pulumi.Input[str], *, protect: bool = False) -> None:
        super().__init__(f"qiao:app:{kind}", name)
        self.note = Note(f"{name}-note", text, pulumi.ResourceOptions(parent=self, protect=protect))
        self.register_outputs({})


def program() -> None:
    """`agent` and `agent-two` on `shared`, and what the stack's configuration adds: a release, a guard, protection."""
    config = pulumi.Config("house")
    shared = Part("Foundation", "shared", "ground", protect=config.get_bool("protect") or False)
    for name in ("agent", "agent-two"):
        app = Part("Agent", name, shared.note.text)
        opts = pulumi.ResourceOptions(parent=app)
        Note(f"{name}-release-{config.get('release') or '1'}", pulumi.Output.secret("canary-in-a-note"), opts)
        pulumi.export(name, pulumi.Output.secret("canary-in-an-output"))
    weight = config.get_int("weight")
    if weight is not None:
        ReleaseGuard(
            "guard", function_id="f", version_key="v", weight=weight, force=False, revision=None, region="cn-beijing"
        )
