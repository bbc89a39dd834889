"""FunctionReady: waits until a function is active and its last change is done.

Creating and changing a function go on after the call has returned, an image's copy for minutes, and until then the
service refuses to publish a version. Nothing is created here: an interrupted create left nothing behind, and the next
one waits on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.polling import wait_until
from components.tencentcloud.gaps.base import Gap, GapProvider, Props, gone
from components.tencentcloud.gaps.client import SCF, Client
from components.tencentcloud.gaps.connect import connect
from components.tencentcloud.gaps.errors import ApiError, GapError

# A version that could not be published leaves its function whole: to publish again is the way out.
READY: Final = frozenset({"Active", "PublishFailed"})
FAILED: Final = frozenset({"CreateFailed", "UpdateFailed", "DeleteFailed", "Deleting"})
GONE: Final = ("Function", "FunctionName", "Namespace")


def verdict(function: Mapping[str, Any]) -> bool | None:
    """Whether a function is ready (True), cannot become so (False), or is still being prepared (None).

    A word that nobody knows counts as still being prepared, and is shown when time is up.
    """
    status = function.get("Status")
    return False if status in FAILED else True if status in READY else None


class FunctionReadyProvider(GapProvider):
    """Waits on create, and again for another revision."""

    IDENTITY = ("region", "namespace", "function_name")
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
            _look(connect(props["region"]), props)
        except ApiError as error:
            if error.missing(*GONE):
                return gone()
            raise
        return ReadResult(id_, self.inputs(props))

    def _wait(self, props: Props) -> None:
        client, name = connect(props["region"]), str(props["function_name"])
        seconds = float(props.get("timeout_seconds") or 900)
        seen: list[str] = []

        def late() -> GapError:
            what = f"function {name} is not active after {seconds:.0f} s; last seen: {seen[-1]}"
            return GapError(what, "see that its image or code exists and is not huge, and run `up` again: it waits on")

        def probe() -> bool | None:
            function = _look(client, props)
            seen.append(_shown(function))
            ready = verdict(function)
            if ready is False:
                what = f"function {name} cannot be prepared: {seen[-1]}"
                raise GapError(what, "mend what it names (image, code, role, network), and run `up` again")
            return ready

        wait_until(probe, seconds=seconds, late=late)


def _look(client: Client, props: Props) -> dict[str, Any]:
    asked = {"FunctionName": str(props["function_name"]), "Namespace": str(props["namespace"]), "ShowCode": "FALSE"}
    return client.call(SCF, "GetFunction", asked, idempotent=True)


def _shown(function: Mapping[str, Any]) -> str:
    """Its state in words. Never the whole function: it holds its environment variables in clear."""
    said = [f"{key} {function[key]}" for key in ("Status", "StatusDesc") if function.get(key)]
    reasons = function.get("StatusReasons")
    for reason in reasons if isinstance(reasons, list) else ():
        said += [f"{key} {reason[key]}" for key in ("ErrorCode", "ErrorMessage") if reason.get(key)]
    return ", ".join(said) or "no status"


class FunctionReady(Gap, module="tencentcloud", name="FunctionReady"):
    """Waits on create, and again for another revision."""

    function_name: pulumi.Output[str]
    """The function, known when it is active: what publishes a version of it waits for this."""

    def __init__(
        self,
        name: str,
        *,
        function_name: pulumi.Input[str],
        namespace: pulumi.Input[str],
        revision_key: pulumi.Input[str],
        region: str,
        timeout_seconds: int = 900,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the wait.

        Args:
            name: logical name.
            function_name: the function.
            namespace: the function's namespace.
            revision_key: what changes when the function does: another one is waited for in place.
            region: region code.
            timeout_seconds: longest wait. Default 900: a large image takes minutes.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_name": function_name,
            "namespace": namespace,
            "revision_key": revision_key,
            "region": region,
            "timeout_seconds": timeout_seconds,
        }
        super().__init__(FunctionReadyProvider(), name, props, opts)
