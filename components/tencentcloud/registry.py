"""Registry on Tencent Cloud: an enterprise instance of TCR with a namespace, a login of its own and closed doors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import pulumi
from tencentcloud_iac_pulumi import tcr

from components import registry
from components.base import after
from components.checks import in_range, matches, one_of
from components.network import NetworkLike
from components.registry import RegistryArgs

Edition = Literal["basic", "standard", "premium"]
EDITIONS = ("basic", "standard", "premium")
ACCOUNT_PREFIX = "tcr$"
"""What the service puts before the name of a login that is no person's."""
ACTIONS = ("tcr:CreateRepository", "tcr:PullRepository", "tcr:PushRepository")
"""What the login may do, inside its namespace: the first push of an image makes the image's repository."""
LONGEST_NAMESPACE = 30


@dataclass(frozen=True, kw_only=True)
class RegistryNative:
    """What only Tencent Cloud knows about a registry."""

    edition: Edition | None = None
    """Edition of the instance: basic, standard or premium, billed by the hour. Default: standard where the profile asks
    for private access or more than size small, else basic. Going up is done in place; the service takes no way down."""
    login_days: int = 3650
    """Days that the login is good for, counted anew whenever this changes. Default 3650. Limit: 1 to 3650. To change
    the password, replace the login: `pulumi up --replace` with its URN."""
    scan: bool | None = None
    """Whether a pushed image is searched for known weaknesses. Default: where the profile is not open to the world."""
    immutable_tags: bool | None = None
    """Whether a tag that is there already is refused. Default: where the profile is not open to the world, so where
    images by `latest` are refused too. An `up` that broke off between push and end may then have to be helped: delete
    the tag."""

    def __post_init__(self) -> None:
        one_of("RegistryNative.edition", self.edition, EDITIONS)
        in_range("RegistryNative.login_days", self.login_days, 1, 3650, "days")


class Registry(registry.Registry):
    """A TCR enterprise instance with one private namespace and a login for it.

    With `public_cidrs` its public endpoint is on, for those blocks alone; with the profile's `private_access` and a
    network, that network reaches it by the same host. Functions of the same account and region pull without either:
    they name the instance (`instance_id`) beside the image.

    The login is a service account, not a token: it reaches one namespace, not all that the deploying identity may do;
    it outlives that identity; and its password is a secret of the SDK's own accord. In a shell its name, which holds a
    `$`, stands in single quotes.

    The personal edition, free and without guarantees, has no resource: make its namespace in the console and give it as
    `ExistingRegistry(endpoint="ccr.ccs.tencentyun.com", namespace=..., username=<account id>, password=...)`.
    """

    cloud = "tencentcloud"

    instance_id: pulumi.Output[str]
    """Id of the instance: functions of this cloud name it beside the image. Of this cloud alone, so no output."""

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(RegistryNative, args.native)
        self._instance = self._declare_instance(args.public_blocks)
        self.instance_id = self._instance.id
        namespace = self._declare_namespace(args.namespace)
        repositories = [self._declare_repository(namespace, image) for image in args.repositories]
        self._declare_immutable_tags(namespace)
        account = self._declare_account(namespace)
        # Who pushes or pulls must find the namespace there and the door open.
        host = after(self._instance.public_domain, namespace.name, *repositories, *self._declare_private(args.network))
        self.finish(
            endpoint=host,
            # One host: inside a network with a door of its own, it leads there.
            pull_endpoint=host,
            namespace=namespace.name,
            username=pulumi.Output.concat(ACCOUNT_PREFIX, account.name),
            password=account.password,
            push_target=pulumi.Output.concat(host, "/", namespace.name),
        )

    @classmethod
    def check(cls, name: str, args: RegistryArgs) -> None:
        """Refuse namespaces that the service does not take, and extras of another cloud."""
        cls.native_of(name, RegistryNative, args.native)
        matches(
            f"RegistryArgs.namespace of {name}", args.namespace, rf".{{2,{LONGEST_NAMESPACE}}}",
            f"2 to {LONGEST_NAMESPACE} characters on this cloud",
        )  # fmt: skip

    def _declare_instance(self, blocks: Sequence[str]) -> tcr.Instance:
        large = self.profile.private_access or self.profile.size != "small"
        policies = [tcr.InstanceSecurityPolicyArgs(cidr_block=block, description="pushes images") for block in blocks]
        return tcr.Instance(
            self.child("instance"),
            name=self.unique_name("tencentcloud:Tcr/instance:Instance"),
            instance_type=self._native.edition or ("standard" if large else "basic"),
            registry_charge_type=1,
            open_public_operation=bool(blocks),
            # An open endpoint lets in whom a policy names; a closed one with a policy is refused.
            security_policies=policies or None,
            # The bucket behind it, with the images in it, otherwise outlives the instance.
            delete_bucket=not self.profile.retain,
            tags=self.tags(),
            opts=self.options(
                stateful=True,
                # The name lives in state, so a replacement has the same one.
                delete_before_replace=True,
                # To take the policies off, the provider first waits for the endpoint to be open: never, where the same
                # update closes it. Behind a closed endpoint they do nothing, so the last ones stay.
                ignore_changes=None if blocks else ["securityPolicies"],
            ),
        )

    def _declare_namespace(self, name: str | None) -> tcr.Namespace:
        return tcr.Namespace(
            self.child("namespace"),
            instance_id=self._instance.id,
            name=name or self.physical_name("tencentcloud:Tcr/namespace:Namespace"),
            is_public=False,
            is_auto_scan=self._strict(self._native.scan),
            # Whether a function may still start must not depend on what was found in its image last night.
            is_prevent_vul=False,
            opts=self._data(),
        )

    def _declare_repository(self, namespace: tcr.Namespace, image: str) -> pulumi.Output[str]:
        """A private repository; its name, as a gate."""
        return tcr.Repository(
            self.child("repository", image),
            instance_id=self._instance.id,
            # By the namespace's output, so that it waits for it, and goes before it.
            namespace_name=namespace.name,
            name=image,
            brief_desc=f"Image {image}",
            opts=self._data(),
        ).name

    def _declare_immutable_tags(self, namespace: tcr.Namespace) -> None:
        if not self._strict(self._native.immutable_tags):
            return
        tcr.ImmutableTagRule(
            self.child("immutable-tags"),
            registry_id=self._instance.id,
            namespace_name=namespace.name,
            rule=tcr.ImmutableTagRuleRuleArgs(
                repository_decoration="repoMatches", repository_pattern="**", tag_decoration="matches",
                tag_pattern="**", disabled=False,
            ),
            # No tags: the provider writes them to a resource that is none. Nor does it take another instance or
            # namespace, though its schema does.
            opts=self.options(replace_on_changes=["registryId", "namespaceName"], delete_before_replace=True),
        )  # fmt: skip

    def _declare_account(self, namespace: tcr.Namespace) -> tcr.ServiceAccount:
        """The login. The service makes its password, and shows it once: it is in state, a secret, and nowhere else."""
        return tcr.ServiceAccount(
            self.child("account"),
            registry_id=self._instance.id,
            name=self.physical_name("tencentcloud:Tcr/serviceAccount:ServiceAccount"),
            permissions=[tcr.ServiceAccountPermissionArgs(resource=namespace.name, actions=list(ACTIONS))],
            description=f"Pushes images of {self.scope.project} {self.scope.stage}",
            # Left out, it is the service's own, which no document says.
            duration=self._native.login_days,
            # Left out, a login that was switched off in the console would stay off.
            disable=False,
            # No tags: the provider writes them to a resource that is none, fails, and leaves half a login behind.
            opts=self.options(
                # Both are refused in place, though the schema takes them.
                replace_on_changes=["registryId", "name"],
                # Its name is taken as long as the old one is there.
                delete_before_replace=True,
            ),
        )

    def _declare_private(self, network: NetworkLike | None) -> list[pulumi.Output[str]]:
        """A door into the network, in its first zone; a gate."""
        if network is None or not self.profile.private_access:
            return []
        attachment = tcr.VpcAttachment(
            self.child("vpc-attachment"),
            instance_id=self._instance.id,
            vpc_id=network.vpc_id,
            subnet_id=next(iter(network.subnet_ids.values())),
            # Without it the name is entered for no region.
            region_name=self.scope.region,
            # The public host's name leads through this door, inside the network: one name for all.
            enable_public_domain_dns=True,
            enable_vpc_domain_dns=False,
            # A network has one door to an instance: in another zone, the old one goes first.
            opts=self.options(delete_before_replace=True),
        )
        return [attachment.instance_id]

    def _strict(self, asked: bool | None) -> bool:
        return not self.profile.open_to_world if asked is None else asked

    def _data(self) -> pulumi.ResourceOptions:
        """Options of what holds images. It goes with the instance, not before it: a namespace cannot go while it holds
        repositories that a push made, and those are nobody's."""
        return self.options(stateful=True, deleted_with=self._instance)
