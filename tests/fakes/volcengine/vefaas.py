"""The function service: functions, image copies and releases."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.shapes import Actions, Shape
from tests.fakes.volcengine.signature import Refused

ASYNC: Shape = {"EnableAsyncTask": bool, "MaxRetry": int, "DestinationConfig?": Any}


@dataclass
class Rollout:
    """A release: it moves on each time somebody looks."""

    record: str
    revision: int
    before: int
    target: int
    ends: str = "done"
    """Its last status word."""
    trouble: dict[str, str] = field(default_factory=dict)
    """ErrorCode, StatusMessage and FailedInstanceLogs of one that fails."""
    looks: int = 0

    def retarget(self, weight: int, ends: str = "done") -> None:
        """Ask for another share, as UpdateRelease does."""
        self.target, self.ends, self.looks = weight, ends, 1

    def look(self, function_id: str) -> dict[str, Any]:
        """The answer of GetReleaseStatus, one step further each time."""
        self.looks += 1
        answer: dict[str, Any] = {
            "FunctionId": function_id, "ReleaseRecordId": self.record, "NewRevisionNumber": self.revision,
            "OldRevisionNumber": self.before, "StableRevisionNumber": self.before, "TargetTrafficWeight": self.target,
            "StartTime": "2026-01-01T00:00:00Z",
        }  # fmt: skip
        if self.looks == 1:
            return {**answer, "Status": "pending", "CurrentTrafficWeight": 0}
        if self.looks == 2:
            return {**answer, "Status": "inprogress", "CurrentTrafficWeight": self.target // 2}
        if self.trouble:
            return {**answer, "Status": self.ends, "CurrentTrafficWeight": 0, **self.trouble}
        if self.ends == "done" and self.target == 100:
            answer["StableRevisionNumber"] = self.revision
        shares = self.target // 2 if self.ends == "inprogress and stuck" else self.target
        return {**answer, "Status": self.ends.partition(" ")[0], "CurrentTrafficWeight": shares}


class Vefaas:
    """State of the function service, and its actions."""

    code, version = "vefaas", "2024-06-06"

    def __init__(self) -> None:
        self.functions: dict[str, dict[str, Any]] = {}
        self.syncs: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self.rollouts: dict[str, list[Rollout]] = {}
        self.never_released: dict[str, Any] | Refused = {}
        """What is answered for a function without a release: which it is in truth is not known."""
        self.actions: Actions = {
            "GetFunction": ({"Id": str}, self.get_function),
            "UpdateFunction": ({"Id": str, "AsyncTaskConfig": ASYNC}, self.update_function),
            "GetImageSyncStatus": ({"FunctionId": str, "Source": str}, self.get_image_sync_status),
            "GetReleaseStatus": ({"FunctionId": str}, self.get_release_status),
        }

    def make_function(self, **settings: Any) -> str:
        """A function, as the provider would have made it."""
        made = secrets.token_hex(4)
        envs = [{"Key": "PASSWORD", "Value": "clear-text-of-an-env"}]
        self.functions[made] = {"Id": made, "Name": f"fn-{made}", "MemoryMB": 2048, "Envs": envs, **settings}
        return made

    def copy_image(self, function_id: str, source: str, *answers: dict[str, Any]) -> None:
        """What each look at an image's copy shows; the last one stays."""
        self.syncs[function_id, source] = list(answers)

    def release(self, function_id: str, weight: int = 100, **more: Any) -> Rollout:
        """A release, as the provider or the console would have made it."""
        past = self.rollouts.setdefault(function_id, [])
        before = past[-1].revision if past else -1
        revision = before + 1 if past else 100 + secrets.randbelow(800)
        past.append(Rollout(secrets.token_hex(6), revision, before, weight, **more))
        return past[-1]

    def get_function(self, body: dict[str, Any]) -> dict[str, Any]:
        """GetFunction."""
        return self._function(body["Id"])

    def update_function(self, body: dict[str, Any]) -> dict[str, Any]:
        """UpdateFunction: what is given replaces what was, field by field at the top."""
        function = self._function(body["Id"])
        if not 0 <= body["AsyncTaskConfig"]["MaxRetry"] <= 3:
            raise Refused(400, "InvalidParameter", "MaxRetry must be 0 to 3")
        function.update(body)
        return function

    def get_image_sync_status(self, body: dict[str, Any]) -> dict[str, Any]:
        """GetImageSyncStatus."""
        self._function(body["FunctionId"])
        answers = self.syncs.get((body["FunctionId"], body["Source"]))
        if not answers:
            raise Refused(404, "ImageSyncTaskNotFound", "no copy of this image is known")
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def get_release_status(self, body: dict[str, Any]) -> dict[str, Any]:
        """GetReleaseStatus: of the latest release, whoever made it."""
        self._function(body["FunctionId"])
        past = self.rollouts.get(body["FunctionId"])
        if past:
            return past[-1].look(body["FunctionId"])
        if isinstance(self.never_released, Refused):
            raise self.never_released
        return self.never_released

    def _function(self, function_id: str) -> dict[str, Any]:
        if function_id not in self.functions:
            raise Refused(404, "FunctionNotFound", f"function {function_id} does not exist")
        return self.functions[function_id]
