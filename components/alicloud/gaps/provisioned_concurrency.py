"""ProvisionedConcurrency: instances kept warm for one qualifier of a function.

The provider writes this with the qualifier and reads it without, so that every preview shows a change, and one function
can have but one. An update sets absolute values: an interrupted create is simply made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import ReadResult

from components.alicloud.gaps.base import Gap, Props, gone, known
from components.alicloud.gaps.client import Client
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import GapError
from components.alicloud.gaps.qualifier import QualifierProvider
from components.gaps.polling import wait_until

MOST: Final = 10_000
KEPT: Final = ("scheduledActions", "targetTrackingPolicies")
"""What may have been set in the console: an update without them would drop them."""
WARM_SECONDS: Final = 900
"""Longest wait for the instances: a large model takes minutes to load."""
PATIENCE: Final = 12
"""How often in a row, about two minutes, the same failure to start may be seen before it ends the wait."""


class ProvisionedConcurrencyProvider(QualifierProvider):
    """Sets, reads and takes away one qualifier's own instances."""

    SETTINGS = ("target", "always_allocate_cpu", "always_allocate_gpu")
    CONFIG = "ProvisionConfig"
    NOUN = "Provision"

    def problems(self, _olds: Props, news: Props) -> list[tuple[str, str]]:
        """A number of instances that the service does not take."""
        if known(news, "target") and not 0 <= news["target"] <= MOST:
            return [("target", f"{news['target']:g} instances kept warm: use 0 to {MOST}")]
        return []

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read it back, so that a change by hand is a difference in the next preview."""
        found = self.config(connect(props["region"]), props)
        if found is None:
            return gone()
        inputs = self.inputs(props)
        # A function without a card need not be told of it: what is not in the answer has not changed.
        answered = {"target": _target(found), "always_allocate_cpu": found.get("alwaysAllocateCPU"),
                    "always_allocate_gpu": found.get("alwaysAllocateGPU")}  # fmt: skip
        inputs.update({key: value for key, value in answered.items() if value is not None})
        return ReadResult(id_, inputs, dict(inputs))

    def put(self, client: Client, props: Props) -> None:
        """Ask for the instances, and wait for them."""
        target, found = int(props["target"]), self.config(client, props) or {}
        body = {
            **{key: found[key] for key in KEPT if found.get(key)},
            # The first is the one to use, the second is called both outdated and required.
            "defaultTarget": target, "target": target,
            "alwaysAllocateCPU": bool(props["always_allocate_cpu"]),
            "alwaysAllocateGPU": bool(props["always_allocate_gpu"]),
        }  # fmt: skip
        self.change(client, "Put", props, body)
        self._warm(client, props, target)

    def _warm(self, client: Client, props: Props, target: int) -> None:
        where = f"{target} warm instances of function {props['function_name']} ({props['qualifier']})"
        seen: list[str] = []

        def probe() -> bool | None:
            found = self.config(client, props) or {}
            current = int(found.get("current") or 0)
            seen.append(f"{current} there, {found.get('currentError') or 'no error'}")
            if found.get("currentError") and seen[-PATIENCE:] == [seen[-1]] * PATIENCE:
                raise GapError(f"{where} cannot start: {seen[-1]}", "see the function's log, or ask for fewer")
            return True if current >= target else None

        def late() -> GapError:
            what = f"{where} are not there after {WARM_SECONDS} s; last seen: {seen[-1]}"
            return GapError(what, "see the function's log, and run `up` again: it waits on")

        wait_until(probe, seconds=WARM_SECONDS, late=late)


def _target(found: Mapping[str, Any]) -> int:
    """What was asked for, whatever a schedule makes of it just now."""
    return int(found.get("defaultTarget") or found.get("target") or 0)


class ProvisionedConcurrency(Gap, module="alicloud", name="ProvisionedConcurrency"):
    """Instances that are kept warm for one qualifier of a function."""

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
