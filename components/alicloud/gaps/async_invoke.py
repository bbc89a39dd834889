"""AsyncInvoke: how one qualifier of a function handles asynchronous calls."""

from __future__ import annotations

from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, GapProvider


class AsyncInvokeProvider(GapProvider):
    """Sets, reads and takes away one qualifier"s own configuration."""

    IDENTITY = ("region", "function_name", "qualifier")
    SETTINGS = ("async_task", "max_retries", "max_age_seconds")


class AsyncInvoke(Gap, module="alicloud", name="AsyncInvoke"):
    """Sets, reads and takes away one qualifier's own configuration."""

    async_task: pulumi.Output[bool]
    """Whether asynchronous calls are tasks."""

    def __init__(
        self,
        name: str,
        *,
        function_name: pulumi.Input[str],
        qualifier: pulumi.Input[str],
        async_task: pulumi.Input[bool],
        max_retries: pulumi.Input[int],
        max_age_seconds: pulumi.Input[int],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the settings.

        Args:
            name: logical name.
            function_name: the function.
            qualifier: alias or version that is called.
            async_task: whether calls are tasks that can be listed and stopped.
            max_retries: how often a failed call is repeated, 0 to 8.
            max_age_seconds: seconds after which a call that waits is dropped.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_name": function_name,
            "qualifier": qualifier,
            "async_task": async_task,
            "max_retries": max_retries,
            "max_age_seconds": max_age_seconds,
            "region": region,
        }
        super().__init__(AsyncInvokeProvider(), name, props, opts)
