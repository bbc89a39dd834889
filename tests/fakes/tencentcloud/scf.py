"""The function service: functions that are prepared for a while, their versions, and triggers of aliases."""

from __future__ import annotations

import json
import secrets
from typing import Any

from tests.fakes.http import Refused
from tests.fakes.shapes import Actions

ACTIVE = {"Status": "Active"}
CREATING = {"Status": "Creating", "StatusDesc": "copying the image"}
UPDATING = {"Status": "Updating"}
PUBLISHING = {"Status": "Publishing"}
PLACE = {"FunctionName": str, "Namespace": str}
PAGES = {"Offset": int, "Limit": int}
TRIGGER = {**PLACE, "TriggerName": str, "Type": str, "Qualifier": str}


class Scf:
    """State of the function service, and its actions."""

    version = "2018-04-16"

    def __init__(self) -> None:
        self.functions: dict[tuple[str, str], list[dict[str, Any]]] = {}
        """What each look at a function shows of it; the last one stays."""
        self.versions: dict[tuple[str, str], list[str]] = {}
        self.triggers: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.late = 0
        """How many looks it takes until the address of a new or changed trigger is shown."""
        self.url_name = "url-trigger"
        """What the service calls an address, whatever it is asked to."""
        write = {**TRIGGER, "TriggerDesc": str, "Enable": str}
        self.actions: Actions = {
            "GetFunction": ({**PLACE, "ShowCode": str}, self.get_function),
            "ListVersionByFunction": ({**PLACE, **PAGES, "OrderBy": str, "Order": str}, self.list_versions),
            "ListTriggers": ({**PLACE, **PAGES}, self.list_triggers),
            "CreateTrigger": (write, self.create_trigger),
            "UpdateTrigger": (write, self.update_trigger),
            "DeleteTrigger": (TRIGGER, self.delete_trigger),
        }

    def make_function(self, *looks: dict[str, Any], name: str = "web", versions: int = 0) -> str:
        """A function, as the provider would have made it: what each look at it shows."""
        place = ("default", name)
        self.functions[place] = list(looks) or [ACTIVE]
        self.versions[place] = [str(number) for number in range(1, versions + 1)]
        self.triggers[place] = []
        return name

    def address(self, qualifier: str = "live", name: str = "web") -> dict[str, Any]:
        """What the address of an alias is described as now."""
        found = [one for one in self.triggers["default", name] if one["Qualifier"] == qualifier]
        assert len(found) == 1
        said: dict[str, Any] = json.loads(found[0]["TriggerDesc"])
        return said

    def get_function(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetFunction: with its environment in clear, as the service does."""
        if asked["ShowCode"] != "FALSE":
            raise Refused(200, "InvalidParameterValue.Param", "this fake shows no code")
        looks = self.functions[self._place(asked)]
        shown = looks.pop(0) if len(looks) > 1 else looks[0]
        clear = {"Variables": [{"Key": "PASSWORD", "Value": "clear-text-of-an-env"}]}
        return {"FunctionName": asked["FunctionName"], "Environment": clear, **shown}

    def list_versions(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListVersionByFunction: some at a time, what is not published among them."""
        if (asked["OrderBy"], asked["Order"]) != ("AddTime", "DESC"):
            raise Refused(200, "InvalidParameterValue.OrderBy", "order is unknown")
        there = ["$LATEST", *reversed(self.versions[self._place(asked)])]
        shown = there[asked["Offset"] : asked["Offset"] + asked["Limit"]]
        return {"FunctionVersion": shown, "Versions": [{"Version": one} for one in shown], "TotalCount": len(there)}

    def list_triggers(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListTriggers: some at a time."""
        there = self.triggers[self._place(asked)]
        shown = there[asked["Offset"] : asked["Offset"] + asked["Limit"]]
        return {"Triggers": [self._shown(one) for one in shown], "TotalCount": len(there)}

    def create_trigger(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateTrigger: an alias has one address."""
        there = self.triggers[self._place(asked)]
        self._check(asked)
        if any(one["Type"] == asked["Type"] and one["Qualifier"] == asked["Qualifier"] for one in there):
            raise Refused(200, "ResourceInUse.Trigger", "the alias has an address already")
        there.append({**asked, "TriggerName": self.url_name, "host": f"1250-{secrets.token_hex(4)}", "late": self.late})
        return {"TriggerInfo": self._shown(there[-1])}

    def update_trigger(self, asked: dict[str, Any]) -> dict[str, Any]:
        """UpdateTrigger: the description takes the place of the old one."""
        self._check(asked)
        self._trigger(asked).update({**asked, "late": self.late})
        return {}

    def delete_trigger(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DeleteTrigger."""
        found = self._trigger(asked)
        self.triggers[self._place(asked)].remove(found)
        return {}

    def _place(self, asked: dict[str, Any]) -> tuple[str, str]:
        place = asked["Namespace"], asked["FunctionName"]
        if place not in self.functions:
            raise Refused(200, "ResourceNotFound.Function", f"function {asked['FunctionName']} is not found")
        return place

    def _trigger(self, asked: dict[str, Any]) -> dict[str, Any]:
        for one in self.triggers[self._place(asked)]:
            if all(one[key] == asked[key] for key in ("TriggerName", "Type", "Qualifier")):
                return one
        raise Refused(200, "ResourceNotFound.Trigger", f"trigger {asked['TriggerName']} is not found")

    def _check(self, asked: dict[str, Any]) -> None:
        said = json.loads(asked["TriggerDesc"])
        net, cors = said["NetConfig"], said["CorsConfig"]
        fine = said["AuthType"] in ("NONE", "CAM") and set(said) == {"AuthType", "NetConfig", "CorsConfig"}
        switches = set(net) == {"EnableExtranet", "EnableIntranet"} and {type(one) for one in net.values()} == {bool}
        if not (fine and switches and type(cors["Enable"]) is bool and asked["Enable"] == "OPEN"):
            raise Refused(200, "InvalidParameterValue.TriggerDesc", "the description is not valid")

    def _shown(self, trigger: dict[str, Any]) -> dict[str, Any]:
        """A trigger as it is listed: with its hosts, and fields that nobody set."""
        said = json.loads(trigger["TriggerDesc"])
        if trigger["Type"] == "http":
            if trigger["late"]:
                trigger["late"] -= 1
            else:
                for switch, word in (("EnableExtranet", "ExtranetUrl"), ("EnableIntranet", "IntranetUrl")):
                    inside = "in-" if word == "IntranetUrl" else ""
                    host = f"{inside}{trigger['host']}.ap-guangzhou.tencentscf.com"
                    said["NetConfig"][word] = f"https://{host}" if said["NetConfig"][switch] else ""
            said = {**said, "CorsConfig": {"Headers": None, **said["CorsConfig"]}, "EnableSimpleMode": False}
        listed = {key: trigger[key] for key in ("TriggerName", "Type", "Qualifier")}
        return {**listed, "Enable": 1, "AvailableStatus": "Available", "TriggerDesc": json.dumps(said)}
