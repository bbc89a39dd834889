"""FunctionReady: waits until a function is active and its last change is done.

The service copies a container's image after the function is made or changed, and refuses to publish a version before
that; the provider neither waits nor repeats. Nothing is created here: an interrupted create left nothing behind, and
the next one waits on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.alicloud.gaps.base import Gap, GapProvider, Props, gone
from components.alicloud.gaps.client import FC
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import ApiError, GapError
from components.gaps.polling import wait_until

# Of a function of code no state is documented: none counts as active. An inactive one has been idle for long and is
# copied again at its next call: nothing to wait for.
READY: Final = frozenset({"", "active", "inactive"})
DONE: Final = frozenset({"", "successful"})
FAILED: Final = "failed"
UNDER_WAY: Final = "inprogress"


def verdict(function: Mapping[str, Any]) -> bool | None:
    """Whether a function is ready (True), cannot become so (False), or is still being prepared (None)."""
    state, update = (str(function.get(key) or "").lower() for key in ("state", "lastUpdateStatus"))
    if update == FAILED or (state == FAILED and update != UNDER_WAY):
        return False
    return True if state in READY and update in DONE else None


class FunctionReadyProvider(GapProvider):
    """Waits on create, and again for another revision."""

    IDENTITY = ("region", "function_name")
    SETTINGS = ("revision_key",)

    def create(self, props: Props) -> CreateResult:
        """Wait for the function."""
        self._wait(props)
        return CreateResult(str(props["function_name"]), self.inputs(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Wait for the changed function."""
        self._wait(news)
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """What was reached stays true; only a function that is gone takes it along."""
        try:
            connect(props["region"]).call(FC, "GetFunction", str(props["function_name"]), request={}, idempotent=True)
        except ApiError as error:
            if error.missing("Function"):
                return gone()
            raise
        return ReadResult(id_, self.inputs(props))

    def _wait(self, props: Props) -> None:
        client, name = connect(props["region"]), str(props["function_name"])
        seconds = float(props.get("timeout_seconds") or 900)
        seen: list[str] = []

        def late() -> GapError:
            what = f"function {name} is not ready after {seconds:.0f} s; last seen: {seen[-1]}"
            return GapError(what, "see that its image exists and is not huge, and run `up` again: it waits on")

        def probe() -> bool | None:
            function = client.call(FC, "GetFunction", name, request={}, idempotent=True)
            seen.append(_shown(function))
            ready = verdict(function)
            if ready is False:
                what = f"function {name} cannot be prepared: {seen[-1]}"
                raise GapError(what, "see that the image exists, is linux/amd64, and may be read by this account")
            return ready

        wait_until(probe, seconds=seconds, late=late)


def _shown(function: Mapping[str, Any]) -> str:
    """Its state in words. Never the whole function: it holds its environment variables in clear."""
    keys = ("state", "stateReasonCode", "stateReason", "lastUpdateStatus", "lastUpdateStatusReasonCode",
            "lastUpdateStatusReason")  # fmt: skip
    return ", ".join(f"{key} {function[key]}" for key in keys if function.get(key)) or "no state"


class FunctionReady(Gap, module="alicloud", name="FunctionReady"):
    """A function, once a version of it can be published."""

    function_name: pulumi.Output[str]
    """The function, known when it is ready: what publishes a version of it waits for this."""

    def __init__(
        self,
        name: str,
        *,
        function_name: pulumi.Input[str],
        revision_key: pulumi.Input[str],
        region: str,
        timeout_seconds: int = 900,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the wait.

        Args:
            name: logical name.
            function_name: the function.
            revision_key: what changes when the function does: another one is waited for in place.
            region: region code.
            timeout_seconds: longest wait. Default 900: a large image takes minutes.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_name": function_name,
            "revision_key": revision_key,
            "region": region,
            "timeout_seconds": timeout_seconds,
        }
        super().__init__(FunctionReadyProvider(), name, props, opts)
