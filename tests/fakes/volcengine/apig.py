"""The gateway service: a gateway restarts when its log changes, refuses changes meanwhile, and shows the log late."""

from __future__ import annotations

import secrets
from typing import Any

from tests.fakes.shapes import Actions
from tests.fakes.volcengine.signature import Refused

LOG = {"Enable": bool, "ProjectId": str, "TopicId": str}


class Apig:
    """State of the gateway service, and its actions."""

    code, version = "apig", "2021-03-03"

    def __init__(self) -> None:
        self.gateways: dict[str, dict[str, Any]] = {}
        self.restarting: dict[str, int] = {}
        """How many looks a gateway still takes to run again."""
        self.coming: dict[str, dict[str, Any]] = {}
        """The log that a gateway will show once it runs again."""
        self.actions: Actions = {
            "GetGateway": ({"Id": str}, self.get_gateway),
            "UpdateGatewayLog": ({"Id": str, "LogSpec": LOG}, self.update_gateway_log),
        }

    def make_gateway(self, status: str = "Running", log: dict[str, Any] | None = None) -> str:
        """A gateway, as the provider would have made it: without a log."""
        made = "g" + secrets.token_hex(4)
        self.gateways[made] = {"Id": made, "Name": f"gw-{made}", "Status": status, "LogSpec": log or {"Enable": False}}
        return made

    def get_gateway(self, body: dict[str, Any]) -> dict[str, Any]:
        """GetGateway."""
        gateway = self._gateway(body["Id"])
        left = self.restarting.get(body["Id"], 0)
        if left:
            self.restarting[body["Id"]] = left - 1
            gateway["Status"] = "Running" if left == 1 else "Updating"
        elif body["Id"] in self.coming:
            gateway["LogSpec"] = self.coming.pop(body["Id"])
        return {"Gateway": dict(gateway)}

    def update_gateway_log(self, body: dict[str, Any]) -> dict[str, Any]:
        """UpdateGatewayLog."""
        gateway = self._gateway(body["Id"])
        if gateway["Status"] != "Running":
            raise Refused(409, "OperationConflict.GatewayStatus", f"the gateway is {gateway['Status']}")
        gateway["Status"], self.restarting[body["Id"]] = "Updating", 3
        self.coming[body["Id"]] = body["LogSpec"] if body["LogSpec"]["Enable"] else {"Enable": False}
        return {"Id": body["Id"]}

    def _gateway(self, gateway_id: str) -> dict[str, Any]:
        if gateway_id not in self.gateways:
            raise Refused(404, "ResourceNotFound.Gateway", f"gateway {gateway_id} does not exist")
        return self.gateways[gateway_id]
