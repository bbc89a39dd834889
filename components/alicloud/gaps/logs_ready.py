"""LogsReady: waits until a log store's index answers.

The log service knows a new store on some of its hosts only at first, and a function that names it is refused until all
do; the provider neither waits nor repeats. Nothing is created here: an interrupted create left nothing behind.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult

from components.alicloud.gaps.base import Gap, GapProvider, Props, gone
from components.alicloud.gaps.client import SLS
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import ApiError, GapError
from components.gaps.polling import wait_until

PARTS: Final = ("Index", "LogStore", "Logstore", "Project")
"""What may not be there yet, by the nouns of the service's codes."""
STEADY: Final = 3
"""How many answers in a row count as there: each may come from another host."""


class LogsReadyProvider(GapProvider):
    """Waits on create."""

    IDENTITY = ("region", "project", "logstore")

    def create(self, props: Props) -> CreateResult:
        """Wait for the index."""
        project, logstore = str(props["project"]), str(props["logstore"])
        seconds = float(props.get("timeout_seconds") or 900)
        client, seen = connect(props["region"]), ["nothing"]
        answers: list[bool] = []

        def late() -> GapError:
            what = f"log store {logstore} of project {project} cannot be searched after {seconds:.0f} s"
            return GapError(
                f"{what}; last seen: {seen[-1]}", "see that it has an index, and run `up` again: it waits on"
            )

        def probe() -> bool | None:
            try:
                client.call(SLS, "GetIndex", project, logstore, idempotent=True)
                answers.append(True)
            except ApiError as error:
                if not error.missing(*PARTS):
                    raise
                seen.append(str(error))
                answers.clear()
            return True if len(answers) >= STEADY else None

        wait_until(probe, seconds=seconds, late=late)
        return CreateResult(f"{project}:{logstore}", self.inputs(props))

    def read(self, id_: str, props: Props) -> ReadResult:
        """It goes when the index, the store or the project goes."""
        try:
            connect(props["region"]).call(
                SLS, "GetIndex", str(props["project"]), str(props["logstore"]), idempotent=True
            )
        except ApiError as error:
            if error.missing(*PARTS):
                return gone()
            raise
        return ReadResult(id_, self.inputs(props))


class LogsReady(Gap, module="alicloud", name="LogsReady"):
    """A log store, once it can be searched."""

    logstore: pulumi.Output[str]
    """The store, known when its index answers."""

    def __init__(
        self,
        name: str,
        *,
        project: pulumi.Input[str],
        logstore: pulumi.Input[str],
        region: str,
        timeout_seconds: int = 900,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the wait.

        Args:
            name: logical name.
            project: the log project.
            logstore: the store in it.
            region: region code.
            timeout_seconds: longest wait. Default 900: a new store may take ten minutes.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "project": project,
            "logstore": logstore,
            "region": region,
            "timeout_seconds": timeout_seconds,
        }
        super().__init__(LogsReadyProvider(), name, props, opts)
