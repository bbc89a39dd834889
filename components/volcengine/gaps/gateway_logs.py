"""GatewayLogs: a gateway's access log.

The provider's create writes `logSpec` into another field of the request, so logs come on only with a second `up`. Here
one does it. It sets absolute values and looks first: an interrupted create finds its work done, or does it again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.polling import wait_until, when_free
from components.volcengine.gaps.base import Gap, GapProvider, Props, gone
from components.volcengine.gaps.client import APIG, Client
from components.volcengine.gaps.connect import connect
from components.volcengine.gaps.errors import ApiError, GapError

RUNNING: Final = "Running"
SETTLE_SECONDS: Final = 600
"""Longest wait for a gateway to be Running before and after the change."""


class GatewayLogsProvider(GapProvider):
    """Switches the access log on, to one topic."""

    IDENTITY = ("region", "gateway_id")
    SETTINGS = ("project_id", "topic_id")

    def create(self, props: Props) -> CreateResult:
        """Switch it on."""
        self._set(props, on=True)
        return CreateResult(str(props["gateway_id"]), self.inputs(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Send it elsewhere."""
        self._set(news, on=True)
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read back where it goes; off is nowhere, which differs from any topic."""
        try:
            log = _log(_gateway(connect(props["region"]), str(props["gateway_id"])))
        except ApiError as error:
            if error.missing:
                return gone()
            raise
        inputs = {**self.inputs(props), "project_id": log.get("ProjectId", ""), "topic_id": log.get("TopicId", "")}
        return ReadResult(id_, inputs, dict(inputs))

    def delete(self, _id: str, props: Props) -> None:
        """Switch it off, unless it goes to another topic by now; a gateway that is gone has none."""
        try:
            log = _log(_gateway(connect(props["region"]), str(props["gateway_id"])))
            if log.get("TopicId") == props["topic_id"]:
                self._set(props, on=False)
        except ApiError as error:
            if not error.missing:
                raise

    def _set(self, props: Props, *, on: bool) -> None:
        client, gateway_id = connect(props["region"]), str(props["gateway_id"])
        asked = {"Enable": on, "ProjectId": str(props["project_id"]), "TopicId": str(props["topic_id"])}
        shown = asked if on else {}
        if _log(_settled(client, gateway_id)) == shown:
            return
        body = {"Id": gateway_id, "LogSpec": asked}
        when_free(lambda: client.call(APIG, "UpdateGatewayLog", body, idempotent=True), seconds=SETTLE_SECONDS)
        # The gateway restarts; what is declared on it next would be refused until it runs again.
        _settled(client, gateway_id, shown)


def _gateway(client: Client, gateway_id: str) -> dict[str, Any]:
    return dict(client.call(APIG, "GetGateway", {"Id": gateway_id}, idempotent=True).get("Gateway") or {})


def _log(gateway: Mapping[str, Any]) -> dict[str, Any]:
    """Where the access log goes; empty where it is off, whatever else the answer still says."""
    log = gateway.get("LogSpec") or {}
    keys = ("Enable", "ProjectId", "TopicId")
    return {key: log[key] for key in keys if key in log} if log.get("Enable") else {}


def _settled(client: Client, gateway_id: str, shown: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The gateway once it runs, and, where asked, once it shows that access log: it may do so some seconds late."""
    seen: list[str] = []

    def probe() -> dict[str, Any] | None:
        gateway = _gateway(client, gateway_id)
        status = str(gateway.get("Status"))
        seen.append(f"{status}, access log {_log(gateway) or 'off'}")
        if "fail" in status.lower():
            what = f"gateway {gateway_id} is {status}: {gateway.get('Message') or 'the service gives no reason'}"
            raise GapError(what, "mend it in the console, and run `up` again")
        return gateway if status == RUNNING and (shown is None or _log(gateway) == shown) else None

    def late() -> GapError:
        what = f"gateway {gateway_id} is not {RUNNING} as asked after {SETTLE_SECONDS} s; last seen: {seen[-1]}"
        return GapError(what, "look at it in the console, and run `up` again: it goes on")

    return wait_until(probe, seconds=SETTLE_SECONDS, late=late)


class GatewayLogs(Gap, module="volcengine", name="GatewayLogs"):
    """A gateway's access log, written to a topic."""

    topic_id: pulumi.Output[str]
    """The topic, known when the gateway runs with its log on."""

    def __init__(
        self,
        name: str,
        *,
        gateway_id: pulumi.Input[str],
        project_id: pulumi.Input[str],
        topic_id: pulumi.Input[str],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the log. The gateway itself must ignore changes of its `logSpec`.

        Args:
            name: logical name.
            gateway_id: the gateway.
            project_id: the log project.
            topic_id: the topic in it.
            region: region code.
            opts: options; the parent is the component.
        """
        props = {"gateway_id": gateway_id, "project_id": project_id, "topic_id": topic_id, "region": region}
        super().__init__(GatewayLogsProvider(), name, props, opts)
