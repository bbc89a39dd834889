"""ReleaseReady: waits until a release takes its share of calls, and fails where the release fails.

The provider's release returns at once and counts a failed one as a success. An interrupted create left nothing
behind: the next one waits on.
"""

from __future__ import annotations

from typing import Any

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.polling import wait_until
from components.volcengine.gaps.base import Gap, GapProvider, Props, gone
from components.volcengine.gaps.connect import connect
from components.volcengine.gaps.errors import GapError
from components.volcengine.gaps.releases import Release, latest, record_of


class ReleaseReadyProvider(GapProvider):
    """Waits on create, for every further release, and when a canary's share changes."""

    IDENTITY = ("region", "function_id")
    SETTINGS = ("release_id", "weight")

    def create(self, props: Props) -> CreateResult:
        """Wait for the release."""
        return CreateResult(str(props["function_id"]), self._wait(props, same_record=True))

    def update(self, _id: str, olds: Props, news: Props) -> UpdateResult:
        """Wait for the new release, or for the new share."""
        # Whether a promotion keeps the record's id is not known. It needs no such proof: the share asked for differs
        # from the last one, so an answer that is out of date cannot be taken for the new one.
        return UpdateResult(self._wait(news, same_record=olds.get("release_id") != news.get("release_id")))

    def read(self, id_: str, props: Props) -> ReadResult:
        """What was reached stays in state; a function that is gone, or has no release, takes it along."""
        there = latest(connect(props["region"]), str(props["function_id"]))
        outs = {**self.inputs(props), "version": props.get("version")}
        return ReadResult(id_, outs) if there else gone()

    def _wait(self, props: Props, *, same_record: bool) -> dict[str, Any]:
        client, function_id = connect(props["region"]), str(props["function_id"])
        weight, record = int(props["weight"]), record_of(str(props["release_id"]))
        seconds = float(props.get("timeout_seconds") or 900)
        seen: list[str] = ["no release yet"]

        def late() -> GapError:
            what = f"release {record} of function {function_id} is not at {weight} percent after {seconds:.0f} s"
            return GapError(
                f"{what}; last seen: {seen[-1]}", "see the function's releases, and run `up` again: it waits on"
            )

        def probe() -> Release | None:
            release = latest(client, function_id)
            if release is None or (same_record and release.record_id != record):
                seen.append(f"the latest is another: {release}" if release else "no release yet")
                return None
            seen.append(str(release))
            if release.failed:
                raise _broken(release, function_id)
            return release if release.reached(weight) else None

        release = wait_until(probe, seconds=seconds, late=late)
        return {**self.inputs(props), "version": str(release.revision)}


def _broken(release: Release, function_id: str) -> GapError:
    what = f"{release} of function {function_id}: {release.trouble or 'the service gives no reason'}"
    return GapError(
        what, "calls stay on the version before: mend the code and run `up` (after a canary: `pulumi refresh` first)"
    )


class ReleaseReady(Gap, module="volcengine", name="ReleaseReady"):
    """A release, once it takes its share of calls."""

    function_id: pulumi.Output[str]
    """The function. Unlike the version it is known in the preview of a further release: what only has to come after the
    release waits for this."""
    version: pulumi.Output[str]
    """Number of the revision that it brought, as text."""

    def __init__(
        self,
        name: str,
        *,
        function_id: pulumi.Input[str],
        release_id: pulumi.Input[str],
        weight: pulumi.Input[int],
        region: str,
        timeout_seconds: int = 900,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the wait.

        Args:
            name: logical name.
            function_id: the function.
            release_id: the release: the provider's id (`function:record`) or the record's own.
            weight: percent of calls that it is to take.
            region: region code.
            timeout_seconds: longest wait. Default 900: instances start step by step.
            opts: options; the parent is the component.
        """
        props = {"function_id": function_id, "release_id": release_id, "weight": weight, "region": region,
                 "timeout_seconds": timeout_seconds, "version": None}  # fmt: skip
        super().__init__(ReleaseReadyProvider(), name, props, opts)
