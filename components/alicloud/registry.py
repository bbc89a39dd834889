"""Registry on Alibaba Cloud: a namespace of ACR's personal edition, or an enterprise instance with closed doors."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_random as random
from pulumi_alicloud import cr, cs

from components import names, registry
from components.alicloud.registry_settings import (
    RegistryNative,
    check_registry,
    enterprise_host,
    personal_host,
    private_host,
)
from components.base import after, as_output
from components.network import NetworkLike
from components.registry import RegistryArgs

__all__ = ["Registry", "RegistryNative"]

PASSWORD_SPECIAL = "!@#%^*-_="  # noqa: S105 - an alphabet, not a password
"""Special characters that a shell's double quotes leave alone, but for the `!` of interactive ones."""

Gates = Sequence[pulumi.Output[str]]


class Registry(registry.Registry):
    """A private namespace, of the personal edition or on an enterprise instance (`RegistryNative.edition`).

    Personal, free. Its instance is opened by a person, once an account and region, who also sets the password and
    writes host, user and password into `native`; without the last two, `up` refuses to build images and people push
    them. Its public host is open to all who log in; functions pull by the inner one.

    Enterprise, paid by the month in advance. With `public_cidrs` its public endpoint is on, for those blocks alone;
    with the profile's `private_access` and a network, that network has a door of its own, and functions pull through
    it. The password is the deploying identity's: no one else logs in with it. Deleting the instance asks for a refund,
    which an account's rules may refuse; retained, it goes on costing.
    """

    cloud = "alicloud"

    def __init__(self, name: str, args: RegistryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(RegistryNative, args.native)
        auto = self._native.auto_create
        self._auto_create = not args.repositories if auto is None else auto
        if self._native.edition_for(args) == "Enterprise":
            self._enterprise(args)
        else:
            self._personal(args)

    @classmethod
    def check(cls, name: str, args: RegistryArgs) -> None:
        """Refuse what the edition would refuse, or silently do otherwise, and extras that it has no use for."""
        check_registry(args, cls.native_of(name, RegistryNative, args.native))

    @classmethod
    def login_known(cls, args: RegistryArgs) -> bool:
        """Whether `native` names the user, and there is a password: generated, or named too."""
        native = cls.native_of("", RegistryNative, args.native)
        enterprise = native.edition_for(args) == "Enterprise"
        secret = native.fixed_password if enterprise else native.password is not None
        return secret and native.username is not None

    def _personal(self, args: RegistryArgs) -> None:
        namespace = self._declare_personal_namespace(args.namespace)
        there = [self._declare_personal_repository(namespace, image) for image in args.repositories]
        host = self._native.host or personal_host(self.scope.region)
        self._publish(
            push=after(as_output(host), namespace.name, *there),
            pull=after(as_output(private_host(host)), namespace.name, *there),
            namespace=namespace.name,
            password=as_output(self._native.password or ""),
        )

    def _enterprise(self, args: RegistryArgs) -> None:
        password = self._generated_login() if self._native.fixed_password else None
        self._instance = self._declare_instance(password)
        namespace = self._declare_namespace(args.namespace)
        there = [namespace.name, *(self._declare_repository(namespace, image) for image in args.repositories)]
        opened, linked = self._declare_public(args.public_blocks), self._declare_private(args.network)
        region = self.scope.region
        public = self._instance.instance_name.apply(lambda name: enterprise_host(name, region))
        outer = after(public, *there, *opened)
        inner = after(public.apply(private_host), *there, *linked)
        self._publish(
            # With no block that may come in from outside, images are pushed from inside.
            push=outer if opened else inner,
            # The address list holds who pushes: functions are not on it.
            pull=inner if linked or not opened else outer,
            namespace=namespace.name,
            password=as_output("") if password is None else password,
        )

    def _publish(
        self, *, push: pulumi.Output[str], pull: pulumi.Output[str], namespace: pulumi.Output[str],
        password: pulumi.Output[str],
    ) -> None:  # fmt: skip
        self.finish(
            endpoint=push,
            pull_endpoint=pull,
            namespace=namespace,
            username=as_output(self._native.username or ""),
            password=password,
            push_target=pulumi.Output.concat(push, "/", namespace),
        )

    def _declare_personal_namespace(self, name: str | None) -> cr.Namespace:
        # The provider warns that this type and the next are deprecated in favour of the enterprise ones, which need an
        # instance's id: the personal edition has no other.
        return cr.Namespace(
            self.child("namespace"),
            name=self._personal_namespace(name),
            auto_create=self._auto_create,
            default_visibility="PRIVATE",
            opts=self.options(stateful=True),
        )

    def _personal_namespace(self, name: str | None) -> pulumi.Output[str]:
        """The name with a suffix: namespaces are shared by all accounts of a region, and a chosen one likely taken."""
        kind = "alicloud:cr/namespace:Namespace"
        if name is None:
            return self.unique_name(kind)
        suffix = random.RandomId(self.child("suffix"), byte_length=3, opts=self.options())
        return suffix.hex.apply(lambda value: names.fit(names.rule(kind), name, value))

    def _declare_personal_repository(self, namespace: cr.Namespace, image: str) -> pulumi.Output[str]:
        return cr.Repo(
            self.child("repository", image),
            namespace=namespace.name,
            name=image,
            summary=f"Image {image}",
            repo_type="PRIVATE",
            opts=self.options(stateful=True),
        ).name

    def _generated_login(self) -> pulumi.Output[str]:
        return self.generated_password("password", special=PASSWORD_SPECIAL)

    def _declare_instance(self, password: pulumi.Output[str] | None) -> cr.RegistryEnterpriseInstance:
        native = self._native
        renews = self.profile.protect if native.auto_renew is None else native.auto_renew
        return cr.RegistryEnterpriseInstance(
            self.child("instance"),
            instance_name=self.unique_name("alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance"),
            instance_type=native.instance_type,
            payment_type="Subscription",
            period=native.months,
            renewal_status="AutoRenewal" if renews else "ManualRenewal",
            renew_period=1 if renews else None,
            password=password,
            tags=self.tags(),
            opts=self.options(
                stateful=True,
                # The name lives in state, so a replacement has the same one.
                delete_before_replace=True,
                # The provider takes another type and does nothing.
                replace_on_changes=["instanceType"],
                # Bought once. All but the first are read from the billing service, and replace the instance with all
                # its images where somebody changed the renewal in its console, or it has no answer.
                ignore_changes=["period", "paymentType", "renewalStatus", "renewPeriod"],
                custom_timeouts=pulumi.CustomTimeouts(create="20m", delete="20m"),
            ),
        )

    def _declare_namespace(self, name: str | None) -> cs.RegistryEnterpriseNamespace:
        kind = "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace"
        return cs.RegistryEnterpriseNamespace(
            self.child("namespace"),
            instance_id=self._instance.id,
            name=name or self.physical_name(kind),
            auto_create=self._auto_create,
            default_visibility="PRIVATE",
            opts=self.options(stateful=True),
        )

    def _declare_repository(self, namespace: cs.RegistryEnterpriseNamespace, image: str) -> pulumi.Output[str]:
        fixed = self._native.immutable_tags
        return cs.RegistryEnterpriseRepo(
            self.child("repository", image),
            instance_id=self._instance.id,
            namespace=namespace.name,
            name=image,
            summary=f"Image {image}",
            repo_type="PRIVATE",
            tag_immutability=not self.profile.open_to_world if fixed is None else fixed,
            opts=self.options(stateful=True),
        ).name

    def _declare_public(self, blocks: Sequence[str]) -> Gates:
        """The public endpoint and its address list; a gate for each."""
        if not blocks:
            return []
        endpoint = cr.InternetEndpoint(
            self.child("endpoint"),
            instance_id=self._instance.id,
            # It reports the whole list as its own entries, and would take away what stands below. An instance that
            # outlives the stack is closed behind it.
            opts=self.options(ignore_changes=["entries"]),
        )
        gates, last = [endpoint.instance_id], None
        for block in blocks:
            entry = cr.EndpointAclPolicy(
                self.child("allow", block.replace("/", "-")),
                instance_id=endpoint.instance_id,
                endpoint_type="internet",
                module_name="Registry",
                entry=block,
                # Whatever stands here is frozen: a change replaces the entry.
                description="pushes images",
                # One after the other: the list is a load balancer's, which takes one edit at a time. And an entry that
                # is still there is refused.
                opts=self.options(depends_on=[last] if last else None, delete_before_replace=True),
            )
            gates, last = [*gates, entry.entry], entry
        return gates

    def _declare_private(self, network: NetworkLike | None) -> Gates:
        """A door into the network, in its first zone, with the name by which it is found; a gate."""
        if network is None or not self.profile.private_access:
            return []
        link = cr.VpcEndpointLinkedVpc(
            self.child("vpc-endpoint"),
            instance_id=self._instance.id,
            module_name="Registry",
            vpc_id=network.vpc_id,
            vswitch_id=next(iter(network.subnet_ids.values())),
            enable_create_dns_record_in_pvzt=True,
            opts=self.options(
                # A network has one door to an instance: in another zone, the old one goes first.
                delete_before_replace=True,
                # The provider takes a change and sends nothing.
                replace_on_changes=["enableCreateDnsRecordInPvzt"],
                # It waits three minutes, no longer.
                custom_timeouts=pulumi.CustomTimeouts(create="10m", delete="10m"),
            ),
        )
        return [link.module_name]
