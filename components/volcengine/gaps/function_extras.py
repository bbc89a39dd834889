"""FunctionExtras: what a function can do and the provider cannot say: asynchronous calls.

An update sets absolute values: an interrupted create is simply made again.
"""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.volcengine.gaps.base import Gap, GapProvider, Props, gone, known
from components.volcengine.gaps.client import VEFAAS, Client
from components.volcengine.gaps.connect import connect
from components.volcengine.gaps.errors import ApiError


class FunctionExtrasProvider(GapProvider):
    """Sets a function's AsyncTaskConfig and leaves all else of the function alone."""

    IDENTITY = ("region", "function_id")
    SETTINGS = ("async_enabled", "max_retries")

    def problems(self, _olds: Props, news: Props) -> list[tuple[str, str]]:
        """Retries outside 0 to 3."""
        if known(news, "max_retries") and not 0 <= news["max_retries"] <= 3:
            return [("max_retries", f"{news['max_retries']:g} retries of an asynchronous call: use 0 to 3")]
        return []

    def create(self, props: Props) -> CreateResult:
        """Set it."""
        self._set(props)
        return CreateResult(str(props["function_id"]), self.inputs(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Set it anew."""
        self._set(news)
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read it back, so that a change by hand is a difference in the next preview."""
        try:
            config = _config(connect(props["region"]), str(props["function_id"]))
        except ApiError as error:
            if error.missing:
                return gone()
            raise
        enabled = bool(config.get("EnableAsyncTask"))
        found = {"async_enabled": enabled, "max_retries": int(config.get("MaxRetry") or 0) if enabled else 0}
        inputs = {**self.inputs(props), **found}
        return ReadResult(id_, inputs, dict(inputs))

    def delete(self, _id: str, props: Props) -> None:
        """Switch asynchronous calls off; a function that is gone has none."""
        try:
            self._set({**props, "async_enabled": False, "max_retries": 0})
        except ApiError as error:
            if not error.missing:
                raise

    def _set(self, props: Props) -> None:
        client, function_id = connect(props["region"]), str(props["function_id"])
        enabled = bool(props["async_enabled"])
        # Where results are sent may have been set in the console: an AsyncTaskConfig without it would drop it.
        kept = {
            key: value for key, value in _config(client, function_id).items() if key == "DestinationConfig" and value
        }
        wanted = {**kept, "EnableAsyncTask": enabled, "MaxRetry": int(props["max_retries"]) if enabled else 0}
        client.call(VEFAAS, "UpdateFunction", {"Id": function_id, "AsyncTaskConfig": wanted}, idempotent=True)


def _config(client: Client, function_id: str) -> dict[str, Any]:
    answer = client.call(VEFAAS, "GetFunction", {"Id": function_id}, idempotent=True)
    return dict(answer.get("AsyncTaskConfig") or {})


class FunctionExtras(Gap, module="volcengine", name="FunctionExtras"):
    """A function's asynchronous calls. Set before the release: a revision is cut with them."""

    async_enabled: pulumi.Output[bool]
    """Whether asynchronous calls are on."""

    def __init__(
        self,
        name: str,
        *,
        function_id: pulumi.Input[str],
        async_enabled: pulumi.Input[bool],
        max_retries: pulumi.Input[int],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the settings.

        Args:
            name: logical name.
            function_id: the function.
            async_enabled: whether it takes asynchronous calls.
            max_retries: how often a failed one is repeated, 0 to 3; nothing where they are off.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {"function_id": function_id, "async_enabled": async_enabled,
                                 "max_retries": max_retries, "region": region}  # fmt: skip
        super().__init__(FunctionExtrasProvider(), name, props, opts)
