"""Function on Tencent Cloud: a function of SCF, its role, its code, its releases and what calls it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pulumi
from tencentcloud_iac_pulumi import scf

from components import function
from components.base import after
from components.function import FunctionArgs
from components.tencentcloud import function_settings as planning
from components.tencentcloud.function_checks import check
from components.tencentcloud.function_image import image_config
from components.tencentcloud.function_native import FunctionNative
from components.tencentcloud.function_role import RunsAs, declare_role
from components.tencentcloud.function_settings import NAMESPACE
from components.tencentcloud.function_triggers import declare_triggers, declare_url
from components.tencentcloud.gaps.function_extras import FunctionExtras
from components.tencentcloud.release import ALIAS, Rollout, declare_rollout
from components.tencentcloud.upload import FUNCTION, Source, declare_upload
from components.version_key import version_key

__all__ = ["Function", "FunctionNative"]


class Function(function.Function):
    """A function, published as a version and called by the alias `live`, in dev as in prod.

    Kinds web and microservice start a server; microservice keeps an instance ready. Kind event calls a handler (Python
    3.10 by default), one call at a time an instance. Kind task is an event function whose calls are asynchronous runs.

    A code folder with a server (Node.js 18 by default) listens on port 9000, which the variable PORT says. It holds
    `run.sh`, or a `command` is given, and the platform's own `scf_bootstrap` is made of it; or it holds that itself. An
    image listens where `port` says. Images come from TCR alone; `tag@digest`, as builds name them, is best: the digest
    of a tag is asked of an enterprise registry, and a personal one tells none.

    It runs as a role of its own with its `permissions`, or none. Old versions stay, to go back to, until the function
    goes. Its outputs are known when its release is done. Another runtime, or a kind of the other sort (server, events,
    task), makes the function anew: without its versions, and with another address.

    Memory above 3072 MiB needs a quota. `async_retries` taken away leaves the last ones: the service's own are 2.
    """

    cloud = "tencentcloud"
    qualifier: ClassVar[str] = ALIAS
    """What callers name beside the function: the alias, which every release moves and nothing else does."""
    UNSUPPORTED: ClassVar[Mapping[str, str]] = {
        "FunctionArgs.cpu": "leave it out: processors come with memory_mb",
        "FunctionArgs.gpu": "run the model on another cloud, or leave the card out",
        "FunctionArgs.health_path": "leave it out: an instance takes calls once its port is open",
        "FunctionArgs.initializer": "do it where the program starts",
    }

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(FunctionNative, args.native)
        settings = planning.settings(args, self._native)
        role = declare_role(self, args, self._native.role_name)
        source = self._declare_source(args)
        self._function = self._declare_function(args, source, settings, role)
        live = declare_rollout(self._plan_rollout(args, source, {**settings, "role": role.name}))
        self._declare_lid(args)
        declare_triggers(self, args, self._function, live)
        # An echo of an input, never what is unknown in a preview: what reads the name would be replaced.
        done = live.alias.name
        self.finish(
            id=after(self._function.name, done),
            name=after(self._function.name, done),
            version=live.version,
            last_version=live.newest,
            url=declare_url(self, args.url, self._function, live) if args.url else None,
        )

    @classmethod
    def check(cls, name: str, args: FunctionArgs) -> None:
        """Sizes, runtime, start, image, mounts, role, triggers, and the folder of code."""
        cls.refuse_unsupported(args)
        check(name, args, cls.native_of(name, FunctionNative, args.native))

    def _declare_source(self, args: FunctionArgs) -> Source:
        if args.code is not None:
            return declare_upload(self, args, args.code)
        config = image_config(self, args, self._native)
        return Source(identity=config["image_uri"], code={"image_configs": [config]})

    def _declare_function(
        self, args: FunctionArgs, source: Source, settings: dict[str, Any], role: RunsAs
    ) -> scf.Function:
        of_image = args.image is not None
        return scf.Function(
            self.child("function"),
            name=self.physical_name(FUNCTION),
            namespace=NAMESPACE,
            # Of letters, digits and spaces: the service takes little else. Explicit: one taken away would stay.
            description=f"Function of {_plain(self.scope.project)} {_plain(self.scope.stage)}",
            role=role.name,
            tags=self.tags(),
            **source.code,
            **settings,
            opts=self.options(
                depends_on=list(role.attached),
                # Its name is fixed: a replacement would meet the old one.
                delete_before_replace=True,
                # Both are refused in place, though the schema takes them.
                replace_on_changes=["funcType"] if of_image else ["funcType", "runtime"],
                # The provider sends other file systems where nobody hears of them: FunctionExtras does it. What has no
                # handler, and an image no runtime, is reported with one all the same.
                ignore_changes=["cfsConfigs", *self._reported(args)],
                additional_secret_outputs=["environment"],
            ),
        )

    def _reported(self, args: FunctionArgs) -> list[str]:
        if args.image is not None:
            return ["handler", "runtime"]
        return ["handler"] if planning.serves(args) else []

    def _plan_rollout(self, args: FunctionArgs, source: Source, settings: dict[str, Any]) -> Rollout:
        salt = self.generated_password("version-salt")
        kept = planning.kept_settings(args, self._native)
        published = {
            **settings, "image": source.code.get("image_configs"), "concurrency": kept["concurrency"],
            "retries": args.async_retries,
            "max_age": self._native.async_max_age_seconds if args.async_retries is not None else None,
        }  # fmt: skip
        key = version_key(salt, source.identity, published)
        extras = FunctionExtras(
            self.child("extras"),
            function_name=self._function.name,
            namespace=NAMESPACE,
            revision_key=key,
            region=self.scope.region,
            opts=self.options(depends_on=[self._function]),
            **kept,
        )
        return Rollout(
            owner=self,
            function=self._function,
            settled=[extras, *self._declare_retries(args, extras)],
            version_key=key,
            release=args.release,
            warm_instances=planning.warm_instances(args),
        )

    def _declare_retries(self, args: FunctionArgs, extras: pulumi.Resource) -> list[pulumi.Resource]:
        """Retries of asynchronous calls. They belong to the code that is not published yet, and are frozen with it."""
        if args.async_retries is None or args.kind == "task":
            return []
        retries = scf.FunctionEventInvokeConfig(
            self.child("async"),
            function_name=self._function.name,
            namespace=NAMESPACE,
            async_trigger_config=scf.FunctionEventInvokeConfigAsyncTriggerConfigArgs(
                msg_ttl=self._native.async_max_age_seconds,
                retry_configs=[
                    scf.FunctionEventInvokeConfigAsyncTriggerConfigRetryConfigArgs(retry_num=args.async_retries)
                ],
            ),
            opts=self.options(
                depends_on=[extras],
                # The provider takes others, and does nothing; nor does it notice that the function is another one.
                replace_on_changes=["functionName", "namespace"],
                replace_with=[self._function],
            ),
        )
        return [retries]

    def _declare_lid(self, args: FunctionArgs) -> None:
        """Most instances at a time: the service counts their memory."""
        if args.reserved_concurrency is None:
            return
        scf.ReservedConcurrencyConfig(
            self.child("reserved-concurrency"),
            function_name=self._function.name,
            namespace=NAMESPACE,
            reserved_concurrency_mem=args.reserved_concurrency * args.memory_mb,
            # A function has one: the old one's deletion would take the new one away.
            opts=self.options(delete_before_replace=True),
        )


def _plain(text: str) -> str:
    return "".join(one if one.isalnum() else " " for one in text)
