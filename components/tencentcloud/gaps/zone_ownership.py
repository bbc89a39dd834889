"""ZoneOwnership: asks EdgeOne to verify who owns a site until it says that it did.

The provider asks once, mostly before the record that proves it can be seen, and takes a refusal for success: nothing
would ever ask again. Nothing is created here: an interrupted create left nothing behind.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult

from components.gaps.polling import wait_until
from components.tencentcloud.gaps.base import Gap, GapProvider, Props
from components.tencentcloud.gaps.client import Service
from components.tencentcloud.gaps.connect import connect
from components.tencentcloud.gaps.errors import GapError

TEO: Final = Service("teo", "2022-09-01")


class ZoneOwnershipProvider(GapProvider):
    """Asks on create."""

    IDENTITY = ("region", "zone_id", "zone_name")

    def create(self, props: Props) -> CreateResult:
        """Ask until the site is verified."""
        client, name = connect(props["region"]), str(props["zone_name"])
        seconds = float(props.get("timeout_seconds") or 600)
        seen = [""]

        def late() -> GapError:
            what = (
                f"nobody has proved to own the site {name} after {seconds:.0f} s; EdgeOne says: {seen[-1] or 'nothing'}"
            )
            return GapError(what, f"see that your DNS has the record {props['record']}, and run `up` again: it asks on")

        def probe() -> bool | None:
            answer = client.call(TEO, "VerifyOwnership", {"Domain": name}, idempotent=True)
            seen.append(str(answer.get("Result") or answer.get("Status") or ""))
            return True if answer.get("Status") == "success" else None

        wait_until(probe, seconds=seconds, late=late)
        return CreateResult(str(props["zone_id"]), self.inputs(props))

    def read(self, id_: str, props: Props) -> ReadResult:
        """What was verified stays so, for as long as the site is there."""
        return ReadResult(id_, self.inputs(props))


class ZoneOwnership(Gap, module="tencentcloud", name="ZoneOwnership"):
    """Asks on create."""

    zone_id: pulumi.Output[str]
    """The site, known once its owner is verified."""

    def __init__(
        self, name: str, *, zone_id: pulumi.Input[str], zone_name: str, record: pulumi.Input[str], region: str,
        timeout_seconds: int = 600, opts: pulumi.ResourceOptions | None = None,
    ) -> None:  # fmt: skip
        """Declare the wait.

        Args:
            name: logical name.
            zone_id: the site.
            zone_name: its name (`example.com`).
            record: the record that proves it, in words for an error.
            region: region code; the service has one for all.
            timeout_seconds: longest wait. Default 600: a new record takes minutes to be seen.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "zone_id": zone_id, "zone_name": zone_name, "record": record, "region": region,
            "timeout_seconds": timeout_seconds,
        }  # fmt: skip
        super().__init__(ZoneOwnershipProvider(), name, props, opts)
