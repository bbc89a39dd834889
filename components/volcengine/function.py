"""Function on Volcengine: a veFaaS function, its code, and the release that puts a version before callers."""

from __future__ import annotations

from typing import Any, cast

import pulumi
from pulumi_volcengine import vefaas

from components import function, packaging
from components.base import after
from components.function import FunctionArgs
from components.version_key import version_key
from components.volcengine import function_settings as planning
from components.volcengine.function_settings import FunctionNative, Source
from components.volcengine.release import Rollout, declare_rollout
from components.volcengine.upload import declare_upload

__all__ = ["Function", "FunctionNative"]


class Function(function.Function):
    """A veFaaS function, released.

    Kind event calls a handler (Python 3.12 by default). Kinds web and microservice start a server; microservice keeps
    an instance warm. Kind task takes asynchronous calls, one at a time an instance. Images are `native/v1`; a code
    folder for a server holds `run.sh`, which starts it.

    Its outputs are known when its release is done. It has no address of its own: put a Gateway before it.
    """

    cloud = "volcengine"
    UNSUPPORTED = planning.UNSUPPORTED

    def __init__(self, name: str, args: FunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__(name, args, opts)
        self._native = self.native(FunctionNative, args.native)
        settings = planning.settings(args, self._native)
        source = self._declare_source(args)
        self._function = self._declare_function(source, settings)
        ready = declare_rollout(self._plan_rollout(args, source, settings))
        self.finish(
            id=after(self._function.id, ready.function_id),
            name=after(self._function.name, ready.function_id),
            version=ready.version,
            last_version=ready.version,
            url=None,
        )

    @classmethod
    def check(cls, name: str, args: FunctionArgs) -> None:
        """Settings of the service, and the folder of code."""
        cls.refuse_unsupported(args)
        planning.check(args)
        cls.native_of(name, FunctionNative, args.native)
        if args.code is not None:
            packaging.check(f"CodeFolder.path of {name}", args.code.path, args.code.ignore)

    def _declare_source(self, args: FunctionArgs) -> Source:
        if args.code is not None:
            return declare_upload(self, args.code)
        image = cast("pulumi.Input[str]", args.image)  # FunctionArgs demands exactly one of the two
        return Source(type="image", value=image, identity=image)

    def _declare_function(self, source: Source, settings: dict[str, Any]) -> vefaas.Function:
        return vefaas.Function(
            self.child("function"),
            name=self.physical_name("volcengine:vefaas/function:Function"),
            # Explicit: a description taken away later would stay.
            description=f"{self.logical_name} of {self.scope.project}/{self.scope.stage}",
            source_type=source.type,
            source=source.value,
            **settings,
            # Its name is unique in the account: a replacement would meet the old one.
            opts=self.options(delete_before_replace=True, ignore_changes=planning.unstated(settings)),
        )

    def _plan_rollout(self, args: FunctionArgs, source: Source, settings: dict[str, Any]) -> Rollout:
        retries = planning.retries(args)
        salt = self.generated_password("version-salt")
        return Rollout(
            owner=self,
            function=self._function,
            source=source,
            version_key=version_key(salt, source.identity, {**settings, "async_retries": retries}),
            release=args.release,
            retries=retries,
            max_instances=self._native.max_instances,
        )
