"""The PostgreSQL service: backup policies. An update leaves nothing as it was that it does not repeat."""

from __future__ import annotations

import secrets
from typing import Any

from tests.fakes.shapes import Actions
from tests.fakes.volcengine.signature import Refused

POLICY = {
    "InstanceId": str, "BackupRetentionPeriod": int, "FullBackupPeriod?": str, "FullBackupTime?": str,
    "DataIncrBackupPeriods?": str, "HourlyIncrBackupEnable?": bool, "IncrementBackupFrequency?": int,
    "WALLogSpaceLimitEnable?": bool,
}  # fmt: skip
DEFAULTS: dict[str, Any] = {
    "FullBackupPeriod": "Monday", "FullBackupTime": "00:00Z-01:00Z", "DataIncrBackupPeriods": "",
    "HourlyIncrBackupEnable": False, "IncrementBackupFrequency": 0, "WALLogSpaceLimitEnable": False,
}  # fmt: skip


class Postgres:
    """State of the PostgreSQL service, and its actions."""

    code, version = "rds_postgresql", "2022-01-01"

    def __init__(self) -> None:
        self.policies: dict[str, dict[str, Any]] = {}
        self.busy = 0
        """How many updates are refused yet, because something else changes the instance."""
        self.actions: Actions = {
            "DescribeBackupPolicy": ({"InstanceId": str}, self.describe),
            "ModifyBackupPolicy": (POLICY, self.modify),
        }

    def make_instance(self, **policy: Any) -> str:
        """An instance with its policy."""
        made = "postgres-" + secrets.token_hex(6)
        self.policies[made] = {"InstanceId": made, "BackupRetentionPeriod": 7, **DEFAULTS, **policy}
        return made

    def describe(self, body: dict[str, Any]) -> dict[str, Any]:
        """DescribeBackupPolicy."""
        if body["InstanceId"] not in self.policies:
            raise Refused(404, "InstanceNotFound", f"instance {body['InstanceId']} does not exist")
        return self.policies[body["InstanceId"]]

    def modify(self, body: dict[str, Any]) -> dict[str, Any]:
        """ModifyBackupPolicy."""
        self.describe({"InstanceId": body["InstanceId"]})
        if self.busy:
            self.busy -= 1
            raise Refused(400, "OperationDenied_InstanceStatus", "the instance is being changed")
        if body.get("IncrementBackupFrequency", 1) not in (1, 2, 4, 6, 12):
            raise Refused(400, "InvalidParameter", "IncrementBackupFrequency must be 1, 2, 4, 6 or 12")
        self.policies[body["InstanceId"]] = {**DEFAULTS, **body}
        return {}
