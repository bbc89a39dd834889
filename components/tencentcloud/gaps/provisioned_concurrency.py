"""ProvisionedConcurrency: instances kept warm for one version of a function.

The provider reads back how many are warm at that moment, five seconds after it asked for them: what is still starting
would be a change, and every change of its resource is a replacement, which ends by deleting what it has just set. Here
a number changes in place, and the instances are waited for. An interrupted create is simply made again.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.polling import wait_until, when_free
from components.tencentcloud.gaps.base import Gap, GapProvider, Props, gone, known
from components.tencentcloud.gaps.client import SCF, Client
from components.tencentcloud.gaps.connect import connect
from components.tencentcloud.gaps.errors import ApiError, GapError

WARM_SECONDS: Final = 900
"""Longest wait for the instances: a large model takes minutes to load."""
FAILED: Final = "Failed"
GONE: Final = (
    "Function", "FunctionName", "Namespace", "Qualifier", "FunctionVersion", "Version", "ProvisionedConcurrencyConfig",
)  # fmt: skip


class ProvisionedConcurrencyProvider(GapProvider):
    """Sets, reads and takes away one version's own instances."""

    IDENTITY = ("region", "namespace", "function_name", "qualifier")
    SETTINGS = ("target",)

    def problems(self, _olds: Props, news: Props) -> list[tuple[str, str]]:
        """No instances, and code that is no version."""
        found: list[tuple[str, str]] = []
        if known(news, "target") and news["target"] < 1:
            found.append(("target", f"{news['target']:g} instances kept warm: use 1 or more"))
        if known(news, "qualifier") and not str(news["qualifier"]).isdecimal():
            found.append(("qualifier", f"{news['qualifier']} is no version: instances are kept for a number"))
        return found

    def create(self, props: Props) -> CreateResult:
        """Ask for them, and wait."""
        self._put(props)
        name = "+".join(str(props[key]) for key in ("namespace", "function_name", "qualifier"))
        return CreateResult(name, self.inputs(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Ask for another number, and wait."""
        self._put(news)
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """What was asked for, as it is now: not what happens to be warm."""
        try:
            found = _config(connect(props["region"]), props)
        except ApiError as error:
            if error.missing(*GONE):
                return gone()
            raise
        if found is None:
            return gone()
        return ReadResult(id_, {**self.inputs(props), "target": int(found["AllocatedProvisionedConcurrencyNum"])})

    def delete(self, _id: str, props: Props) -> None:
        """Let them go; a function or version that is gone has none."""
        client, asked = connect(props["region"]), _place(props)
        try:
            when_free(lambda: client.call(SCF, "DeleteProvisionedConcurrencyConfig", asked, idempotent=True))
        except ApiError as error:
            if not error.missing(*GONE):
                raise

    def _put(self, props: Props) -> None:
        client, target = connect(props["region"]), int(props["target"])
        asked = {**_place(props), "VersionProvisionedConcurrencyNum": target}
        when_free(lambda: client.call(SCF, "PutProvisionedConcurrencyConfig", asked, idempotent=True))
        _warm(client, props, target)


def _warm(client: Client, props: Props, target: int) -> None:
    where = f"{target} warm instances of function {props['function_name']}, version {props['qualifier']}"
    seen: list[str] = []

    def probe() -> bool | None:
        found = _config(client, props) or {}
        ready = int(found.get("AvailableProvisionedConcurrencyNum") or 0)
        said = [str(found[key]) for key in ("Status", "StatusReason") if found.get(key)]
        seen.append(", ".join([f"{ready} there", *said]))
        if found.get("Status") == FAILED:
            raise GapError(f"{where} cannot start: {seen[-1]}", "see the function's log, or ask for fewer")
        return True if ready >= target else None

    def late() -> GapError:
        what = f"{where} are not there after {WARM_SECONDS} s; last seen: {seen[-1]}"
        return GapError(what, "see the function's log, and run `up` again: it waits on")

    wait_until(probe, seconds=WARM_SECONDS, late=late)


def _place(props: Props) -> dict[str, str]:
    return {
        "FunctionName": str(props["function_name"]), "Namespace": str(props["namespace"]),
        "Qualifier": str(props["qualifier"]),
    }  # fmt: skip


def _config(client: Client, props: Props) -> dict[str, Any] | None:
    """What is set for the version; None where nothing is."""
    answer = client.call(SCF, "GetProvisionedConcurrencyConfig", _place(props), idempotent=True)
    for one in answer.get("Allocated") or []:
        if str(one.get("Qualifier")) == str(props["qualifier"]):
            return dict(one)
    return None


class ProvisionedConcurrency(Gap, module="tencentcloud", name="ProvisionedConcurrency"):
    """Instances that are kept warm for one version of a function."""

    target: pulumi.Output[int]
    """Instances kept, known when they are warm."""

    def __init__(
        self,
        name: str,
        *,
        function_name: pulumi.Input[str],
        namespace: pulumi.Input[str],
        qualifier: pulumi.Input[str],
        target: pulumi.Input[int],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the instances.

        Args:
            name: logical name.
            function_name: the function.
            namespace: the function's namespace.
            qualifier: number of the version that they serve.
            target: instances kept, 1 or more.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "function_name": function_name,
            "namespace": namespace,
            "qualifier": qualifier,
            "target": target,
            "region": region,
        }
        super().__init__(ProvisionedConcurrencyProvider(), name, props, opts)
