"""Small pieces of Pulumi programs that the recorder's tests are made of. No provider SDK: any program will do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi


class Thing(pulumi.CustomResource):
    """A custom resource `demo:index:Thing` with whatever inputs it is given."""

    urn: pulumi.Output[str]
    value: pulumi.Output[Any]
    key: pulumi.Output[Any]

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        super().__init__("demo:index:Thing", name, {"value": None, "key": None, **inputs}, opts)


class Box(pulumi.ComponentResource):
    """A component `demo:index:Box` that publishes what it is given."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **outputs: Any) -> None:
        super().__init__("demo:index:Box", name, None, opts)
        self.published = outputs

    def close(self) -> None:
        self.register_outputs(self.published)


class Provider(pulumi.ProviderResource):
    """The provider of package `demo`."""

    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None, **inputs: Any) -> None:
        super().__init__("demo", name, inputs, opts)


def child(parent: pulumi.Resource, **more: Any) -> pulumi.ResourceOptions:
    """Options of a child."""
    return pulumi.ResourceOptions(parent=parent, **more)


def look_up(token: str, args: Mapping[str, Any], **options: Any) -> pulumi.Output[Any]:
    """A data-source call."""
    return pulumi.runtime.invoke_output(token, dict(args), pulumi.InvokeOutputOptions(**options))
