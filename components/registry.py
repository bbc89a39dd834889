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
    """Namespace that images live in. Default: derived from project and stage. Where a cloud's namespaces are shared
    with all its other customers, random characters follow it: read the output."""
    public_cidrs: Sequence[str] = ()
    """Blocks that may reach the public endpoint to push (an office, a CI runner). Default: none, and then there is no
    public endpoint. 0.0.0.0/0 is refused unless the profile's `open_to_world` allows it (dev)."""
    repositories: Sequence[str] = ()
    """Names of images whose repositories are declared with the registry, private, and go with it. Default: none, and
    then the first push of an image makes its repository, private too. Limit: 2 to 64 characters, each name once; clouds
    may take less, and may refuse images that are not listed where some are."""
    network: NetworkLike | None = None
    """Network that gets a private endpoint, where the profile's `private_access` asks for one."""
    native: object | None = None
    """What only one cloud knows (`RegistryNative` of its module)."""

    def __post_init__(self) -> None:
        matches(
            "RegistryArgs.namespace", self.namespace, r"(?=.{2,90}$)[a-z0-9]+([._-][a-z0-9]+)*",
            "2 to 90 lower-case letters and digits, with single '.', '_' or '-' between them",
        )  # fmt: skip
        unique("RegistryArgs.repositories", self.repositories)
        for name in self.repositories:
            matches(
                "RegistryArgs.repositories", name, r"(?=.{2,64}$)[a-z0-9]+([._-][a-z0-9]+)*",
                "2 to 64 lower-case letters and digits, with single '.', '_' or '-' between them",
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
    OUTPUTS = ("endpoint", "pull_endpoint", "namespace", "username", "password", "push_target")
    SECRET_OUTPUTS = ("password",)

    endpoint: pulumi.Output[str]
    """Host that images are pushed to, known once it can be."""
    pull_endpoint: pulumi.Output[str]
    """Host that functions pull images from, known once they can: the same, or one inside the cloud if it has both."""
    namespace: pulumi.Output[str]
    """Namespace inside it."""
    username: pulumi.Output[str]
    """User to log in with (`docker login`); empty where only a person knows."""
    password: pulumi.Output[str]
    """Its password. Secret; empty where only a person knows."""
    push_target: pulumi.Output[str]
    """`host/namespace`: what stands before `/name:tag` in an image reference."""
    can_push: bool
    """Whether user and password are known, so that `up` itself can push."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self.can_push = self.login_known(args)

    @classmethod
    def login_known(cls, args: RegistryArgs) -> bool:  # noqa: ARG003 - for clouds where a person sets it
        """Whether user and password of such a registry are known to the stack: before there is one."""
        return True

    def image(self, name: pulumi.Input[str], tag: pulumi.Input[str]) -> pulumi.Output[str]:
        """The full reference that an image is pushed under. For a function, see `pulled`."""
        return pulumi.Output.concat(self.push_target, "/", name, ":", tag)

    def pulled(self, reference: pulumi.Input[str]) -> pulumi.Output[str]:
        """The reference of a pushed image as functions take it: under the host that they pull from."""
        return _pulled(reference, self.endpoint, self.pull_endpoint)


@dataclass(frozen=True, kw_only=True)
class ExistingRegistry:
    """A registry that is there already."""

    endpoint: pulumi.Input[str]
    """Host that images are pushed to, and pulled from but for `pull_endpoint`."""
    namespace: pulumi.Input[str]
    """Namespace inside it."""
    username: pulumi.Input[str] = ""
    """User to log in with, where Qiao is to push images."""
    password: pulumi.Input[str] = field(default="", repr=False)
    """Its password: pass an `Output.secret`."""
    pull_endpoint: pulumi.Input[str] | None = None
    """Host that functions pull images from, where the cloud has another one inside it. Default: the same."""
    can_push: bool = True
    """False says that its login is known only to a person, who pushes. Default True: then builds want both above."""

    @property
    def push_target(self) -> pulumi.Output[str]:
        """`host/namespace`: what stands before `/name:tag` in an image reference."""
        return pulumi.Output.concat(self.endpoint, "/", self.namespace)

    def image(self, name: pulumi.Input[str], tag: pulumi.Input[str]) -> pulumi.Output[str]:
        """The full reference that an image is pushed under. For a function, see `pulled`."""
        return pulumi.Output.concat(self.push_target, "/", name, ":", tag)

    def pulled(self, reference: pulumi.Input[str]) -> pulumi.Output[str]:
        """The reference of a pushed image as functions take it: under the host that they pull from."""
        return _pulled(reference, self.endpoint, self.endpoint if self.pull_endpoint is None else self.pull_endpoint)


def _pulled(
    reference: pulumi.Input[str], endpoint: pulumi.Input[str], pull_endpoint: pulumi.Input[str]
) -> pulumi.Output[str]:
    """A reference under another host; one that lies elsewhere stays as it is."""
    known = pulumi.Output.all(reference, endpoint, pull_endpoint)
    return known.apply(lambda one: one[2] + one[0].removeprefix(one[1]) if one[0].startswith(f"{one[1]}/") else one[0])


RegistryLike = Registry | ExistingRegistry
"""What an argument that names a registry takes."""
