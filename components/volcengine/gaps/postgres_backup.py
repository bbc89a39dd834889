"""PostgresBackup: how long a PostgreSQL instance keeps its backups.

The provider's backup policy cannot be created, only imported. The policy itself comes with the instance; this sets one
field of it, to an absolute value: an interrupted create is simply made again.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.gaps.polling import when_free
from components.volcengine.gaps.base import Gap, GapProvider, Props, gone, known
from components.volcengine.gaps.client import POSTGRES, Client
from components.volcengine.gaps.connect import connect
from components.volcengine.gaps.errors import ApiError

KEPT: Final = (
    "DataIncrBackupPeriods", "FullBackupPeriod", "FullBackupTime", "HourlyIncrBackupEnable", "IncrementBackupFrequency",
    "WALLogSpaceLimitEnable",
)  # fmt: skip
"""The policy's other fields: sent back as they are, since what an update does to one left out is not documented."""


class PostgresBackupProvider(GapProvider):
    """Sets the retention and leaves the rest of the policy as it is."""

    IDENTITY = ("region", "instance_id")
    SETTINGS = ("retention_days",)

    def problems(self, _olds: Props, news: Props) -> list[tuple[str, str]]:
        """Days outside 7 to 365."""
        if known(news, "retention_days") and not 7 <= news["retention_days"] <= 365:
            return [("retention_days", f"backups kept for {news['retention_days']:g} days: use 7 to 365")]
        return []

    def create(self, props: Props) -> CreateResult:
        """Set it."""
        self._set(props)
        return CreateResult(str(props["instance_id"]), self.inputs(props))

    def update(self, _id: str, _olds: Props, news: Props) -> UpdateResult:
        """Set it anew."""
        self._set(news)
        return UpdateResult(self.inputs(news))

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read it back, so that a change by hand is a difference in the next preview."""
        try:
            policy = _policy(connect(props["region"]), str(props["instance_id"]))
        except ApiError as error:
            if error.missing:
                return gone()
            raise
        inputs = {**self.inputs(props), "retention_days": int(policy["BackupRetentionPeriod"])}
        return ReadResult(id_, inputs, dict(inputs))

    def delete(self, _id: str, _props: Props) -> None:
        """Nothing: an instance always has a policy, and a shorter one would throw backups away."""

    def _set(self, props: Props) -> None:
        client, instance_id, days = connect(props["region"]), str(props["instance_id"]), int(props["retention_days"])
        policy = _policy(client, instance_id)
        if policy.get("BackupRetentionPeriod") == days:
            return
        kept = {key: policy[key] for key in KEPT if policy.get(key) is not None}
        if not kept.get("IncrementBackupFrequency"):
            kept.pop("IncrementBackupFrequency", None)  # reported as 0 where it is off, which the update refuses
        body = {"InstanceId": instance_id, "BackupRetentionPeriod": days, **kept}
        # Other children of the instance change it at the same time; until they end, it refuses.
        when_free(lambda: client.call(POSTGRES, "ModifyBackupPolicy", body, idempotent=True))


def _policy(client: Client, instance_id: str) -> dict[str, Any]:
    return client.call(POSTGRES, "DescribeBackupPolicy", {"InstanceId": instance_id}, idempotent=True)


class PostgresBackup(Gap, module="volcengine", name="PostgresBackup"):
    """The days that an instance's backups are kept."""

    retention_days: pulumi.Output[int]
    """The days."""

    def __init__(
        self,
        name: str,
        *,
        instance_id: pulumi.Input[str],
        retention_days: pulumi.Input[int],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the retention.

        Args:
            name: logical name.
            instance_id: the instance.
            retention_days: days that backups are kept, 7 to 365.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {"instance_id": instance_id, "retention_days": retention_days, "region": region}
        super().__init__(PostgresBackupProvider(), name, props, opts)
