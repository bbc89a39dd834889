"""What the function service lets change of a function, instances that it keeps warm, triggers that are no address."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.http import Refused
from tests.fakes.shapes import Shape
from tests.fakes.tencentcloud.scf import ACTIVE, PLACE, TRIGGER, UPDATING, Scf

VERSION = {**PLACE, "Qualifier": str}
MOUNT = {
    "UserId": str, "UserGroupId": str, "CfsId": str, "MountInsId": str, "LocalMountDir": str, "RemoteMountDir": str,
}  # fmt: skip
CHANGE: Shape = {
    **PLACE, "VpcConfig?": {"VpcId": str, "SubnetId": str}, "ClsLogsetId?": str, "ClsTopicId?": str,
    "CfsConfig?": {"CfsInsList": [MOUNT]}, "InstanceConcurrencyConfig?": {"DynamicEnabled": str, "MaxConcurrency": int},
}  # fmt: skip
WRITE: Shape = {**TRIGGER, "TriggerDesc": str, "Enable": str, "CustomArgument?": str}


class Settings:
    """Further actions of a fake function service."""

    def __init__(self, scf: Scf) -> None:
        self.scf = scf
        self.deaf: set[str] = set()
        """Words of a change that are taken and not carried out."""
        self.slow = 0
        """Looks that a change takes."""
        self.warm: dict[tuple[str, str], dict[str, Any]] = {}
        """Warm instances by function and version: what was asked for, and what each look shows."""
        self.looks: list[dict[str, Any]] = []
        """What looks at warm instances show, in turn; the last one stays. Empty: all there at once."""
        scf.actions.update(
            {
                "UpdateFunctionConfiguration": (CHANGE, self.update),
                "PutProvisionedConcurrencyConfig": (
                    {**VERSION, "VersionProvisionedConcurrencyNum": int}, self.put_warm
                ),
                "GetProvisionedConcurrencyConfig": (VERSION, self.get_warm),
                "DeleteProvisionedConcurrencyConfig": (VERSION, self.delete_warm),
                "ListTriggers": (scf.actions["ListTriggers"][0], self.list_triggers),
                "CreateTrigger": (WRITE, self.create_trigger),
                "DeleteTrigger": ({**TRIGGER, "TriggerDesc": str}, self.delete_trigger),
            }
        )  # fmt: skip

    def make(self, name: str = "web", **shown: Any) -> None:
        """An active function that shows these words."""
        self.scf.make_function({**ACTIVE, **shown}, name=name)

    def shown(self, name: str = "web") -> dict[str, Any]:
        """What the function shows in the end."""
        return self.scf.functions["default", name][-1]

    def update(self, asked: dict[str, Any]) -> dict[str, Any]:
        """UpdateFunctionConfiguration: words of the service's own stay beside those that are set."""
        looks = self.scf.functions[self._place(asked)]
        change = {key: value for key, value in asked.items() if key not in PLACE and key not in self.deaf}
        after = {**looks[-1], **change}
        looks[:] = [{**looks[-1], **UPDATING}] * self.slow + [after]
        return {}

    def put_warm(self, asked: dict[str, Any]) -> dict[str, Any]:
        """PutProvisionedConcurrencyConfig."""
        self._place(asked)
        self.warm[asked["FunctionName"], asked["Qualifier"]] = {"asked": asked["VersionProvisionedConcurrencyNum"]}
        return {}

    def get_warm(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetProvisionedConcurrencyConfig: an empty list where nothing is set."""
        self._place(asked)
        found = self.warm.get((asked["FunctionName"], asked["Qualifier"]))
        if found is None:
            return {"Allocated": []}
        look = {"AvailableProvisionedConcurrencyNum": found["asked"], "Status": "Done"}
        if self.looks:
            look = self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]
        return {
            "Allocated": [
                {"Qualifier": asked["Qualifier"], "AllocatedProvisionedConcurrencyNum": found["asked"], **look}
            ]
        }

    def delete_warm(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DeleteProvisionedConcurrencyConfig."""
        self._place(asked)
        if self.warm.pop((asked["FunctionName"], asked["Qualifier"]), None) is None:
            raise Refused(200, "ResourceNotFound.ProvisionedConcurrencyConfig", "nothing is set")
        return {}

    def list_triggers(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListTriggers: schedules inside JSON, JSON with words of the service's own, switches as numbers."""
        there = self.scf.triggers[self._place(asked)]
        shown = there[asked["Offset"] : asked["Offset"] + asked["Limit"]]
        return {"Triggers": [_listed(one) for one in shown], "TotalCount": len(there)}

    def create_trigger(self, asked: dict[str, Any]) -> dict[str, Any]:
        """CreateTrigger: two timers of one name, or two rules of a bucket that say the same, are refused."""
        there = self.scf.triggers[self._place(asked)]
        if any(_identity(one) == _identity(asked) for one in there):
            raise Refused(200, "ResourceInUse.Trigger", "there is such a trigger")
        there.append(dict(asked))
        return {"TriggerInfo": _listed(asked)}

    def delete_trigger(self, asked: dict[str, Any]) -> dict[str, Any]:
        """DeleteTrigger: a bucket's by what it says."""
        there = self.scf.triggers[self._place(asked)]
        for one in there:
            if _identity(one) == _identity(asked):
                there.remove(one)
                return {}
        raise Refused(200, "ResourceNotFound.Trigger", f"trigger {asked['TriggerName']} is not found")

    def _place(self, asked: dict[str, Any]) -> tuple[str, str]:
        place = asked["Namespace"], asked["FunctionName"]
        if place not in self.scf.functions:
            raise Refused(200, "ResourceNotFound.Function", f"function {asked['FunctionName']} is not found")
        return place


def _identity(trigger: dict[str, Any]) -> tuple[str, ...]:
    words = tuple(str(trigger[key]) for key in ("Type", "TriggerName", "Qualifier"))
    return (*words, trigger["TriggerDesc"]) if trigger["Type"] == "cos" else words


def _listed(trigger: dict[str, Any]) -> dict[str, Any]:
    desc = trigger["TriggerDesc"]
    said = {"cron": desc} if trigger["Type"] == "timer" else {"bucketUrl": trigger["TriggerName"], **json.loads(desc)}
    return {
        **{key: trigger[key] for key in ("Type", "TriggerName", "Qualifier")}, "TriggerDesc": json.dumps(said),
        "Enable": 1 if trigger["Enable"] == "OPEN" else 0, "CustomArgument": trigger.get("CustomArgument"),
        "AvailableStatus": "Available",
    }  # fmt: skip
