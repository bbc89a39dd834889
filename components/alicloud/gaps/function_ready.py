"""FunctionReady: waits until a function is active and its last change done."""

from __future__ import annotations

from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, GapProvider


class FunctionReadyProvider(GapProvider):
    """Waits on create, and again for another revision."""

    IDENTITY = ("region", "function_name")
    SETTINGS = ("revision_key",)


class FunctionReady(Gap, module="alicloud", name="FunctionReady"):
    """Waits on create, and again for another revision."""

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
