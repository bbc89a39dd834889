"""Registry on Volcengine: a Container Registry (CR) instance with a namespace, a password and closed doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pulumi
from pulumi_volcengine import cr

from components import registry
from components.base import after, as_output
from components.errors import UserError
from components.network import NetworkLike
from components.registry import RegistryArgs
from components.scope import RESERVED_TAGS

PASSWORD_LENGTH = 20
"""The service takes 8 to 20 characters."""
PASSWORD_SPECIAL = "!@#%^*-_="  # noqa: S105 - an alphabet, not a password
"""Those of its special characters that a shell's double quotes leave alone, but for the `!` of interactive ones."""


@dataclass(frozen=True, kw_only=True)
class RegistryNative:
    """What only Volcengine knows about a registry."""

    edition: Literal["Micro", "Enterprise"] | None = None
    """Edition of the instance. Default: Enterprise where the profile asks for private access or more than size small,
    else Micro. A change replaces the instance with all its images."""
    account_id: pulumi.Input[str] | None = None
    """Id of the account. `docker login` wants `<user>@<account id>`; without it `username` is the user alone, and the
    person who logs in adds `@` and the id."""
    project: str | None = None
    """The account's own project (a cost group) that the instance lies in. Default: `default`."""


class Registry(registry.Registry):
    """A CR instance with one private namespace and a generated password.

    With `public_cidrs` its public endpoint is on, for those blocks alone; with the profile's `private_access` and a
    network, that network has an endpoint of its own. Functions of the same account pull without either.
    """

    cloud = "volcengine"

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(RegistryNative, args.native)
        password = self.generated_password("password", length=PASSWORD_LENGTH, special=PASSWORD_SPECIAL)
        self._instance = self._declare_instance(password)
        namespace = self._declare_namespace(args.namespace)
        repositories = [self._declare_repository(namespace, image) for image in args.repositories]
        doors = [*self._declare_public(args.public_blocks), *self._declare_private(args.network)]
        host = self._instance.domains.apply(lambda domains: pick_host(domains, public=bool(args.public_cidrs)))
        # Who pushes or pulls must find the namespace there and the doors open.
        reachable = after(host, namespace.name, *repositories, *doors)
        self.finish(
            endpoint=reachable,
            # One host: inside a network with an endpoint of its own, it leads there.
            pull_endpoint=reachable,
            namespace=namespace.name,
            username=self._username(),
            password=password,
            push_target=pulumi.Output.concat(reachable, "/", namespace.name),
        )

    def _declare_instance(self, password: pulumi.Output[str]) -> cr.Registry:
        large = self.profile.private_access or self.profile.size != "small"
        return cr.Registry(
            self.child("instance"),
            name=self.unique_name("volcengine:cr/registry:Registry"),
            type=self._native.edition or ("Enterprise" if large else "Micro"),
            password=password,
            project=self._native.project,
            # Otherwise the deleted instance lies in a bin for days and its name with it.
            delete_immediately=not self.profile.retain,
            resource_tags=[{"key": key, "value": self.tags()[key]} for key in RESERVED_TAGS],
            # The name lives in state, so a replacement has the same one. Any change of tags would replace the instance
            # with all its images: the first ones stay.
            opts=self.options(stateful=True, delete_before_replace=True, ignore_changes=["resourceTags"]),
        )

    def _declare_namespace(self, name: str | None) -> cr.Namespace:
        return cr.Namespace(
            self.child("namespace"),
            registry=self._instance.name,
            name=name or self.physical_name("volcengine:cr/namespace:Namespace"),
            project=self._native.project,
            repository_default_access_level="Private",
            opts=self.options(stateful=True),
        )

    def _declare_repository(self, namespace: cr.Namespace, image: str) -> pulumi.Output[str]:
        """A private repository; its name, as a gate."""
        return cr.Repository(
            self.child("repository", image),
            registry=self._instance.name,
            namespace=namespace.name,
            name=image,
            access_level="Private",
            opts=self.options(stateful=True),
        ).name

    def _declare_public(self, blocks: Sequence[str]) -> list[pulumi.Output[str]]:
        """The public endpoint and its address list, one entry after the other; a gate for each."""
        if not blocks:
            return []
        endpoint = cr.Endpoint(
            self.child("endpoint"),
            registry=self._instance.name,
            enabled=True,
            # An instance that outlives the stack is closed behind it.
            opts=self.options(),
        )
        gates, last = [endpoint.registry], None
        for block in blocks:
            entry = cr.EndpointAclPolicy(
                self.child("allow", block.replace("/", "-")),
                registry=endpoint.registry,
                type="Public",
                entry=block,
                # Whatever stands here is frozen: a change replaces the entry.
                description="pushes images",
                # Two edits of the list at once may be refused, and so is an entry that is still there.
                opts=self.options(depends_on=[last] if last else None, delete_before_replace=True),
            )
            gates, last = [*gates, entry.registry], entry
        return gates

    def _declare_private(self, network: NetworkLike | None) -> list[pulumi.Output[str]]:
        """An endpoint inside the network, in its first zone; reached from the other zone too."""
        if network is None or not self.profile.private_access:
            return []
        subnet = next(iter(network.subnet_ids.values()))
        link = cr.VpcEndpoint(
            self.child("vpc-endpoint"),
            registry=self._instance.name,
            vpcs=[cr.VpcEndpointVpcArgs(vpc_id=network.vpc_id, subnet_id=subnet)],
            opts=self.options(),
        )
        return [link.registry]

    def _username(self) -> pulumi.Output[str]:
        account = self._native.account_id
        user = self._instance.username
        return user if account is None else pulumi.Output.concat(user, "@", as_output(account))


def pick_host(domains: Sequence[Any] | None, *, public: bool) -> str:
    """The host that images are named by.

    Args:
        domains: what the instance reports: objects of `domain` and `type` (`Public`, or a private kind).
        public: whether the public endpoint is on. If so its host is taken; else a private one, where there is one.
    """
    named = [entry for entry in domains or () if entry.domain]
    wanted = [entry for entry in named if (str(entry.type).lower() == "public") is public]
    if not named:
        raise UserError("volcengine Registry", "the instance reports no host yet", "run `up` again in a minute")
    return str((wanted or named)[0].domain)
