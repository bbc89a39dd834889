"""ProvisionedConcurrency: instances kept warm for one qualifier of a function."""

from __future__ import annotations

from typing import Any

import pulumi

from components.alicloud.gaps.base import Gap, GapProvider


class ProvisionedConcurrencyProvider(GapProvider):
    """Sets, reads and takes away one qualifier"s own configuration."""

    IDENTITY = ("region", "function_name", "qualifier")
    SETTINGS = ("target", "always_allocate_cpu", "always_allocate_gpu")


class ProvisionedConcurrency(Gap, module="alicloud", name="ProvisionedConcurrency"):
    """Sets, reads and takes away one qualifier's own configuration."""

    target: pulumi.Output[int]
    """Instances kept."""

    def __init__(
        self,
        name: str,
        *,
        function_name: pulumi.Input[str],
        qualifier: pulumi.Input[str],
        target: pulumi.Input[int],
        always_allocate_cpu: pulumi.Input[bool],
        always_allocate_gpu: pulumi.Input[bool],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the instances.

        Args:
            name: logical name.
            function_name: the function.
            qualifier: alias or version that they serve.
            target: instances kept, 0 to 10000.
            always_allocate_cpu: whether an idle instance keeps its processor.
            always_allocate_gpu: whether an idle instance keeps its card.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_name": function_name,
            "qualifier": qualifier,
            "target": target,
            "always_allocate_cpu": always_allocate_cpu,
            "always_allocate_gpu": always_allocate_gpu,
            "region": region,
        }
        super().__init__(ProvisionedConcurrencyProvider(), name, props, opts)
