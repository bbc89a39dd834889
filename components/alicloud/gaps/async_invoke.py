"""AsyncInvoke: how one qualifier of a function handles asynchronous calls.

The provider writes this with the qualifier and reads it without. An update sets absolute values: an interrupted create
is simply made again.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi
from pulumi.dynamic import ReadResult

from components.alicloud.gaps.base import Gap, Props, gone, known
from components.alicloud.gaps.client import Client
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.qualifier import QualifierProvider

LIMITS: Final = {"max_retries": (0, 8), "max_age_seconds": (1, 604_800)}
FIELDS: Final = {
    "async_task": "asyncTask", "max_retries": "maxAsyncRetryAttempts", "max_age_seconds": "maxAsyncEventAgeInSeconds",
}  # fmt: skip
"""Each setting, and its name in the API."""


class AsyncInvokeProvider(QualifierProvider):
    """Sets, reads and takes away how one qualifier is called asynchronously."""

    SETTINGS = tuple(FIELDS)
    CONFIG = "AsyncInvokeConfig"
    NOUN = "Async"

    def problems(self, _olds: Props, news: Props) -> list[tuple[str, str]]:
        """Numbers that the service does not take."""
        return [
            (key, f"{key} {news[key]:g} of asynchronous calls is out of range: use {least} to {most}")
            for key, (least, most) in LIMITS.items()
            if known(news, key) and not least <= news[key] <= most
        ]

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read it back, so that a change by hand is a difference in the next preview."""
        found = self.config(connect(props["region"]), props)
        if found is None:
            return gone()
        answered = {key: found[name] for key, name in FIELDS.items() if found.get(name) is not None}
        inputs = {**self.inputs(props), **answered}
        return ReadResult(id_, inputs, dict(inputs))

    def put(self, client: Client, props: Props) -> None:
        """Set it."""
        # Where results are sent may have been set in the console: an update without it would drop it.
        kept = (self.config(client, props) or {}).get("destinationConfig")
        body = {
            **({"destinationConfig": kept} if kept else {}),
            "asyncTask": bool(props["async_task"]), "maxAsyncRetryAttempts": int(props["max_retries"]),
            "maxAsyncEventAgeInSeconds": int(props["max_age_seconds"]),
        }  # fmt: skip
        self.change(client, "Put", props, body)


class AsyncInvoke(Gap, module="alicloud", name="AsyncInvoke"):
    """How one qualifier of a function handles asynchronous calls."""

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
