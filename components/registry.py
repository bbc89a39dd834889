"""Registry: a private place for container images, with a login to push and a closed door to the rest of the world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pulumi

from components import cidr
from components.base import Args, Component
from components.checks import matches, unique
from components.errors import UserError
from components.network import NetworkLike


@dataclass(frozen=True, kw_only=True)
class RegistryArgs(Args):
    """What a Registry takes."""

    namespace: str | None = None
    """Namespace that images live in. Default: derived from project and stage."""
    public_cidrs: Sequence[str] = ()
    """Blocks that may reach the public endpoint to push (an office, a CI runner). Default: none, and then there is no
    public endpoint. 0.0.0.0/0 is refused unless the profile's `open_to_world` allows it (dev)."""
    network: NetworkLike | None = None
    """Network that gets a private endpoint, where the profile's `private_access` asks for one."""
    native: object | None = None
    """What only one cloud knows (`RegistryNative` of its module)."""

    def __post_init__(self) -> None:
        matches(
            "RegistryArgs.namespace", self.namespace, r"(?=.{2,90}$)[a-z0-9]+([._-][a-z0-9]+)*",
            "2 to 90 lower-case letters and digits, with single '.', '_' or '-' between them",
        )  # fmt: skip
        where = "RegistryArgs.public_cidrs"
        unique(where, self.public_blocks)
        for block in self.public_cidrs:
            if cidr.is_world(block) and not self.scope.profile.open_to_world:
                raise UserError(where, f"{block} opens the registry to the world", "name the blocks that push images")

    @property
    def public_blocks(self) -> list[str]:
        """The blocks in their one spelling: a single address as /32."""
        return [str(cidr.parse("RegistryArgs.public_cidrs", block)) for block in self.public_cidrs]


class Registry(Component):
    """A private image registry: instance, namespace, a generated password, endpoints.

    Billed by the hour: the instance, where the cloud's edition is paid.
    """

    concept = "Registry"
    OUTPUTS = ("endpoint", "namespace", "username", "password", "push_target")
    SECRET_OUTPUTS = ("password",)

    endpoint: pulumi.Output[str]
    """Host that images are pushed to and pulled from."""
    namespace: pulumi.Output[str]
    """Namespace inside it."""
    username: pulumi.Output[str]
    """User to log in with (`docker login`)."""
    password: pulumi.Output[str]
    """Its password. Secret."""
    push_target: pulumi.Output[str]
    """`host/namespace`: what stands before `/name:tag` in an image reference."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)

    def image(self, name: pulumi.Input[str], tag: pulumi.Input[str]) -> pulumi.Output[str]:
        """The full reference of an image in this registry."""
        return pulumi.Output.concat(self.push_target, "/", name, ":", tag)


@dataclass(frozen=True, kw_only=True)
class ExistingRegistry:
    """A registry that is there already."""

    endpoint: pulumi.Input[str]
    """Host that images are pushed to and pulled from."""
    namespace: pulumi.Input[str]
    """Namespace inside it."""
    username: pulumi.Input[str] = ""
    """User to log in with, where Qiao is to push images."""
    password: pulumi.Input[str] = field(default="", repr=False)
    """Its password: pass an `Output.secret`."""

    @property
    def push_target(self) -> pulumi.Output[str]:
        """`host/namespace`: what stands before `/name:tag` in an image reference."""
        return pulumi.Output.concat(self.endpoint, "/", self.namespace)

    def image(self, name: pulumi.Input[str], tag: pulumi.Input[str]) -> pulumi.Output[str]:
        """The full reference of an image in this registry."""
        return pulumi.Output.concat(self.push_target, "/", name, ":", tag)


RegistryLike = Registry | ExistingRegistry
"""What an argument that names a registry takes."""
