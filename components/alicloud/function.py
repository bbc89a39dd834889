"""Function on Alibaba Cloud: a function of Function Compute 3.0, its role, its code, its releases and what calls it."""

from __future__ import annotations

from typing import Any, ClassVar, cast

import pulumi
from pulumi_alicloud import fc

from components import function
from components.alicloud import function_settings as planning
from components.alicloud.function_checks import check
from components.alicloud.function_native import FunctionNative
from components.alicloud.function_role import RunsAs, declare_role
from components.alicloud.function_settings import Source
from components.alicloud.function_triggers import declare_triggers, declare_url
from components.alicloud.gaps.async_invoke import AsyncInvoke
from components.alicloud.gaps.provisioned_concurrency import ProvisionedConcurrency
from components.alicloud.release import ALIAS, Live, Rollout, declare_rollout
from components.alicloud.upload import FUNCTION, declare_upload
from components.base import after
from components.function import FunctionArgs
from components.version_key import version_key

__all__ = ["Function", "FunctionNative"]


class Function(function.Function):
    """A function, published as a version and called by the alias `live`, in dev as in prod.

    Kind event calls a handler (Python 3.12 by default), one call at a time an instance. Kinds web and microservice
    start a server; microservice keeps an instance ready. Kind task takes asynchronous calls, one at a time an instance.
    An image, and a code folder with a server, are sent events and tasks too: as POST /invoke, on port 9000 unless told.
    A code folder with a server holds `run.sh`, which starts it, or a `command` does.

    It runs as a role of its own with what its settings and `permissions` need. Old versions stay, to go back to, until
    the function goes. Its outputs are known when its release is done.

    `url` is an address of its own beside any gateway. With auth `network` the function takes calls from its network
    alone, so that a gateway's calls are refused as well (by its description; unproven).

    The provider cannot take network, file systems, initializer or `health_path` away again; a gap does, before the next
    version. Should the service keep a health check, `up` stops and says so, and calls stay with the version before.
    """

    cloud = "alicloud"
    qualifier: ClassVar[str] = ALIAS
    """What callers name beside the function: the alias, which every release moves and nothing else does."""

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(FunctionNative, args.native)
        settings = planning.settings(args, self._native)
        role = declare_role(self, args, self._native.role_arn)
        source = self._declare_source(args)
        self._function = self._declare_function(source, settings, role)
        live = declare_rollout(self._plan_rollout(args, source, {**settings, "role": role.arn}))
        self._declare_scaling(args, live)
        self._declare_async(args, live)
        declare_triggers(self, args, live.alias)
        # An echo of an input, never what is unknown in a preview: what reads the name would be replaced.
        done = live.alias.alias_name
        self.finish(
            id=after(self._function.function_name, done),
            name=after(self._function.function_name, done),
            version=live.version,
            last_version=live.newest,
            url=declare_url(self, args.url, args.network, live.alias) if args.url else None,
        )

    @classmethod
    def check(cls, name: str, args: FunctionArgs) -> None:
        """Sizes, runtime, mounts, role, triggers, and the folder of code."""
        cls.refuse_unsupported(args)
        check(name, args, cls.native_of(name, FunctionNative, args.native))

    def _declare_source(self, args: FunctionArgs) -> Source:
        if args.code is not None:
            return declare_upload(self, args.code)
        image = cast("pulumi.Input[str]", args.image)  # FunctionArgs demands exactly one of the two
        return Source(identity=image)

    def _declare_function(self, source: Source, settings: dict[str, Any], role: RunsAs) -> fc.V3Function:
        return fc.V3Function(
            self.child("function"),
            function_name=self.physical_name(FUNCTION),
            # Explicit: a description taken away later would stay.
            description=f"{self.logical_name} of {self.scope.project}/{self.scope.stage}",
            code=source.code,
            role=role.arn,
            resource_group_id=self._native.resource_group_id,
            tags=self.tags(),
            **settings,
            opts=self.options(
                depends_on=list(role.attached),
                # Its name is unique in the account's region: a replacement would meet the old one.
                delete_before_replace=True,
                # Reported though nobody set it, and it would then replace the function on every `up`.
                ignore_changes=["idleTimeout"],
                additional_secret_outputs=["environmentVariables"],
            ),
        )

    def _plan_rollout(self, args: FunctionArgs, source: Source, settings: dict[str, Any]) -> Rollout:
        salt = self.generated_password("version-salt")
        return Rollout(
            owner=self,
            function=self._function,
            version_key=version_key(salt, source.identity, settings),
            release=args.release,
            absent=planning.absent(args),
        )

    def _declare_scaling(self, args: FunctionArgs, live: Live) -> None:
        if args.reserved_concurrency is not None:
            fc.V3ConcurrencyConfig(
                self.child("reserved-concurrency"),
                function_name=self._function.function_name,
                reserved_concurrency=args.reserved_concurrency,
                opts=self.options(),
            )
        target = planning.warm_instances(args)
        if target:
            busy_always = args.kind == "microservice" and args.gpu is None
            chosen = self._native.always_allocate_cpu
            ProvisionedConcurrency(
                self.child("provisioned-concurrency"),
                function_name=live.alias.function_name,
                qualifier=live.alias.alias_name,
                target=target,
                always_allocate_cpu=busy_always if chosen is None else chosen,
                always_allocate_gpu=self._native.always_allocate_gpu,
                region=self.scope.region,
                opts=self.options(depends_on=[live.alias]),
            )

    def _declare_async(self, args: FunctionArgs, live: Live) -> None:
        retries = planning.retries(args)
        if retries is None:
            return
        AsyncInvoke(
            self.child("async"),
            function_name=live.alias.function_name,
            qualifier=live.alias.alias_name,
            async_task=args.kind == "task",
            max_retries=retries,
            max_age_seconds=self._native.async_max_age_seconds,
            region=self.scope.region,
            opts=self.options(depends_on=[live.alias]),
        )
