"""ProvisionedConcurrency: instances kept warm for one qualifier of a function.

The provider writes this with the qualifier and reads it without, so that every preview shows a change, and one function
can have but one. An update sets absolute values: an interrupted create is simply made again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.alicloud.gaps.base import Gap, GapProvider, Props, gone, known
from components.alicloud.gaps.client import FC, Client
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import ApiError, GapError
from components.gaps.polling import wait_until, when_free

MOST: Final = 10_000
KEPT: Final = ("scheduledActions", "targetTrackingPolicies")
"""What may have been set in the console: an update without them would drop them."""
WARM_SECONDS: Final = 900
"""Longest wait for the instances: a large model takes minutes to load."""
PATIENCE: Final = 12
"""How often in a row, about two minutes, the same failure to start may be seen before it ends the wait."""
PARTS: Final = ("Provision", "Qualifier", "Alias", "Version", "Function")
"""Whose absence means that there is no such configuration, by the nouns of the service's codes."""


class ProvisionedConcurrencyProvider(GapProvider):
    """Sets, reads and takes away one qualifier's own configuration."""

    IDENTITY = ("region", "function_name", "qualifier")
    SETTINGS = ("target", "always_allocate_cpu", "always_allocate_gpu")

    def problems(self, _olds: Props, news: Props) -> list[tuple[str, str]]:
        """A number of instances that the service does not take."""
        if known(news, "target") and not 0 <= news["target"] <= MOST:
            return [("target", f"{news['target']:g} instances kept warm: use 0 to {MOST}")]
        return []

    def create(self, props: Props) -> CreateResult:
        """Set it, and wait for the instances."""
        self._set(props)
        return CreateResult(f"{props['function_name']}:{props['qualifier']}", self.inputs(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Set it anew."""
        self._set(news)
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read it back, so that a change by hand is a difference in the next preview."""
        found = _config(connect(props["region"]), props)
        if found is None:
            return gone()
        inputs = self.inputs(props)
        # A function without a card need not be told of it: what is not in the answer has not changed.
        answered = {"target": _target(found), "always_allocate_cpu": found.get("alwaysAllocateCPU"),
                    "always_allocate_gpu": found.get("alwaysAllocateGPU")}  # fmt: skip
        inputs.update({key: value for key, value in answered.items() if value is not None})
        return ReadResult(id_, inputs, dict(inputs))

    def delete(self, _id: str, props: Props) -> None:
        """Take it away; a function or qualifier that is gone has none."""
        client, asked = connect(props["region"]), {"qualifier": str(props["qualifier"])}
        name = str(props["function_name"])
        try:
            when_free(lambda: client.call(FC, "DeleteProvisionConfig", name, request=asked, idempotent=True))
        except ApiError as error:
            if not error.missing(*PARTS):
                raise

    def _set(self, props: Props) -> None:
        client, name, target = connect(props["region"]), str(props["function_name"]), int(props["target"])
        found = _config(client, props) or {}
        body = {
            **{key: found[key] for key in KEPT if found.get(key)},
            # The first is the one to use, the second is called both outdated and required.
            "defaultTarget": target, "target": target,
            "alwaysAllocateCPU": bool(props["always_allocate_cpu"]),
            "alwaysAllocateGPU": bool(props["always_allocate_gpu"]),
        }  # fmt: skip
        asked = {"qualifier": str(props["qualifier"]), "body": body}
        when_free(lambda: client.call(FC, "PutProvisionConfig", name, request=asked, idempotent=True))
        _warm(client, props, target)


def _config(client: Client, props: Props) -> dict[str, Any] | None:
    asked = {"qualifier": str(props["qualifier"])}
    try:
        return client.call(FC, "GetProvisionConfig", str(props["function_name"]), request=asked, idempotent=True)
    except ApiError as error:
        if error.missing(*PARTS):
            return None
        raise


def _target(found: Mapping[str, Any]) -> int:
    """What was asked for, whatever a schedule makes of it just now."""
    return int(found.get("defaultTarget") or found.get("target") or 0)


def _warm(client: Client, props: Props, target: int) -> None:
    where = f"{target} warm instances of function {props['function_name']} ({props['qualifier']})"
    seen: list[str] = []

    def probe() -> bool | None:
        found = _config(client, props) or {}
        current = int(found.get("current") or 0)
        seen.append(f"{current} there, {found.get('currentError') or 'no error'}")
        if found.get("currentError") and seen[-PATIENCE:] == [seen[-1]] * PATIENCE:
            raise GapError(f"{where} cannot start: {seen[-1]}", "see the function's log, or ask for fewer")
        return True if current >= target else None

    def late() -> GapError:
        what = f"{where} are not there after {WARM_SECONDS} s; last seen: {seen[-1]}"
        return GapError(what, "see the function's log, and run `up` again: it waits on")

    wait_until(probe, seconds=WARM_SECONDS, late=late)


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
