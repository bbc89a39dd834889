"""The function service: functions that are prepared for a while, versions, warm instances, asynchronous calls."""

from __future__ import annotations

from typing import Any

from tests.fakes.alicloud.acts import Act, Acts
from tests.fakes.http import Refused

READY = {"state": "Active", "lastUpdateStatus": "Successful"}
PENDING = {"state": "Pending", "stateReasonCode": "Initializing", "lastUpdateStatus": "Successful"}
UPDATING = {"state": "Active", "lastUpdateStatus": "InProgress"}
PROVISION = {
    "defaultTarget": int, "target": int, "alwaysAllocateCPU": bool, "alwaysAllocateGPU": bool,
    "scheduledActions?": [{"name": str, "scheduleExpression": str, "target": int}], "targetTrackingPolicies?": [Any],
}  # fmt: skip
ASYNC = {
    "asyncTask": bool, "maxAsyncRetryAttempts": int, "maxAsyncEventAgeInSeconds": int, "destinationConfig?": Any,
}  # fmt: skip
CHANGE = {
    "vpcConfig?": {"vpcId": str, "vSwitchIds": [str], "securityGroupId": str},
    "nasConfig?": {"userId": int, "groupId": int, "mountPoints": [Any]},
    "instanceLifecycleConfig?": {"initializer": {"handler": str, "command": [str], "timeout": int}},
    "customContainerConfig?": {
        "image": str, "port": int, "entrypoint": [str], "command": [str], "healthCheckConfig": Any,
    },
    "customRuntimeConfig?": {"command": [str], "args": [str], "port": int, "healthCheckConfig": Any},
}  # fmt: skip
FUNCTION = "/2023-03-30/functions/{functionName}"
QUALIFIER = {"qualifier": str}


class Fc:
    """State of the function service, and its actions."""

    version = "2023-03-30"

    def __init__(self) -> None:
        self.functions: dict[str, list[dict[str, Any]]] = {}
        """What each look at a function shows of it; the last one stays."""
        self.versions: dict[str, list[int]] = {}
        self.provisions: dict[tuple[str, str], dict[str, Any]] = {}
        self.stuck: str = ""
        """Why no warm instance starts."""
        self.asyncs: dict[tuple[str, str], dict[str, Any]] = {}
        self.page = 3
        """Most versions that one answer lists."""
        self.keeps_health = False
        """Whether an empty health check leaves the old one as it was."""
        provision, asynchronous = f"{FUNCTION}/provision-config", f"{FUNCTION}/async-invoke-config"
        self.acts: Acts = {
            "GetFunction": Act("GET", FUNCTION, self.get_function),
            "UpdateFunction": Act("PUT", FUNCTION, self.update_function, body=CHANGE),
            "DeleteFunctionVersion": Act("DELETE", f"{FUNCTION}/versions/{{versionId}}", self.delete_version),
            "ListFunctionVersions": Act(
                "GET", f"{FUNCTION}/versions", self.list_versions,
                {"limit": str, "direction": str, "nextToken?": str},
            ),
            "GetProvisionConfig": Act("GET", provision, self.get_provision, QUALIFIER),
            "PutProvisionConfig": Act("PUT", provision, self.put_provision, QUALIFIER, PROVISION),
            "DeleteProvisionConfig": Act("DELETE", provision, self.delete_provision, QUALIFIER),
            "GetAsyncInvokeConfig": Act("GET", asynchronous, self.get_async, QUALIFIER),
            "PutAsyncInvokeConfig": Act("PUT", asynchronous, self.put_async, QUALIFIER, ASYNC),
            "DeleteAsyncInvokeConfig": Act("DELETE", asynchronous, self.delete_async, QUALIFIER),
        }  # fmt: skip

    def make_function(self, *looks: dict[str, Any], name: str = "web", versions: int = 0) -> str:
        """A function, as the provider would have made it: what each look at it shows."""
        self.functions[name] = list(looks) or [READY]
        self.versions[name] = list(range(1, versions + 1))
        return name

    def get_function(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetFunction: with its environment in clear, as the service does."""
        looks = self._function(asked)
        shown = looks.pop(0) if len(looks) > 1 else looks[0]
        clear = {"PASSWORD": "clear-text-of-an-env"}
        return {"functionName": asked["functionName"], "environmentVariables": clear, "runtime": "custom", **shown}

    def update_function(self, asked: dict[str, Any]) -> dict[str, Any]:
        """UpdateFunction: a part takes the place of the old one; what is not said stays."""
        looks = self._function(asked)
        change = {key: value for key, value in asked.items() if key != "functionName"}
        for place in ("customContainerConfig", "customRuntimeConfig"):
            if place in change and self.keeps_health:
                change[place]["healthCheckConfig"] = looks[-1][place]["healthCheckConfig"]
        looks[:] = [{**look, **change} for look in looks]
        return {"functionName": asked["functionName"], **looks[-1]}

    def delete_version(self, asked: dict[str, Any]) -> None:
        """DeleteFunctionVersion."""
        self._function(asked)
        there = self.versions[asked["functionName"]]
        if int(asked["versionId"]) not in there:
            raise Refused(404, "VersionNotFound", f"version {asked['versionId']!r} does not exist")
        there.remove(int(asked["versionId"]))

    def list_versions(self, asked: dict[str, Any]) -> dict[str, Any]:
        """ListFunctionVersions: the newest first, some at a time."""
        self._function(asked)
        if asked["direction"] != "BACKWARD" or not 1 <= int(asked["limit"]) <= 100:
            raise Refused(400, "InvalidArgument", "direction or limit is out of range")
        there = sorted(self.versions[asked["functionName"]], reverse=True)
        begin = int(asked.get("nextToken", 0))
        shown = {"versions": [{"versionId": str(one)} for one in there[begin : begin + self.page]]}
        more = begin + self.page < len(there)
        return {**shown, "nextToken": str(begin + self.page)} if more else shown

    def get_provision(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetProvisionConfig: one more instance is there at each look."""
        config = self._config(self.provisions, asked, "ProvisionConfigNotFound")
        if not self.stuck:
            config["current"] = min(config.get("current", 0) + 1, config["target"])
        return {**config, "currentError": self.stuck} if self.stuck else config

    def put_provision(self, asked: dict[str, Any]) -> dict[str, Any]:
        """PutProvisionConfig: the body replaces the whole."""
        return self._put(self.provisions, asked)

    def delete_provision(self, asked: dict[str, Any]) -> None:
        """DeleteProvisionConfig."""
        self._config(self.provisions, asked, "ProvisionConfigNotFound")
        del self.provisions[asked["functionName"], asked["qualifier"]]

    def get_async(self, asked: dict[str, Any]) -> dict[str, Any]:
        """GetAsyncInvokeConfig."""
        return self._config(self.asyncs, asked, "AsyncConfigNotExists")

    def put_async(self, asked: dict[str, Any]) -> dict[str, Any]:
        """PutAsyncInvokeConfig: the body replaces the whole."""
        return self._put(self.asyncs, asked)

    def delete_async(self, asked: dict[str, Any]) -> None:
        """DeleteAsyncInvokeConfig."""
        self._config(self.asyncs, asked, "AsyncConfigNotExists")
        del self.asyncs[asked["functionName"], asked["qualifier"]]

    def _put(self, configs: dict[tuple[str, str], dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any]:
        self._function(asked)
        place = asked["functionName"], asked["qualifier"]
        configs[place] = {key: value for key, value in asked.items() if key not in ("functionName", "qualifier")}
        return configs[place]

    def _config(
        self, configs: dict[tuple[str, str], dict[str, Any]], asked: dict[str, Any], code: str
    ) -> dict[str, Any]:
        self._function(asked)
        found = configs.get((asked["functionName"], asked["qualifier"]))
        if found is None:
            raise Refused(404, code, f"there is none for {asked['functionName']}:{asked['qualifier']}")
        return found

    def _function(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        if asked["functionName"] not in self.functions:
            raise Refused(404, "FunctionNotFound", f"function {asked['functionName']!r} does not exist")
        return self.functions[asked["functionName"]]
