"""A function's releases as the function service reports them. All its status words stand here, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from components.volcengine.gaps.client import VEFAAS, Client
from components.volcengine.gaps.errors import ApiError

# The SDK's model names pending, inprogress, done and failed; the rest are words of the same service's other calls and
# of public scripts. A word in neither list counts as "still going".
DONE: Final = frozenset({"done", "succeeded", "success", "finished"})
FAILED: Final = frozenset(
    {"failed", "failure", "error", "aborted", "rollbacked", "rolledback", "canceled", "cancelled"}
)

LOG_EXCERPT: Final = 1500
"""Characters of a failed instance's log that an error shows: its end."""


@dataclass(frozen=True)
class Release:
    """The latest release of a function."""

    record_id: str
    """Id of its record."""
    status: str
    """Status word, in lower case."""
    target: int | None
    """Percent of calls that it is to take."""
    current: int | None
    """Percent of calls that it takes now."""
    revision: int
    """Number of the revision that it brings; -1 where there is none."""
    trouble: str
    """Error code, message and the end of a failed instance's log; empty where nothing failed."""

    @property
    def failed(self) -> bool:
        """Whether it has failed, or was given up."""
        return self.status in FAILED

    @property
    def unfinished(self) -> bool:
        """Whether it still holds the function: going on, or a canary below 100 percent. A second one is refused."""
        return not self.failed and (self.status not in DONE or self.target not in (None, 100))

    def reached(self, weight: int) -> bool:
        """Whether it takes the share of calls that was asked for."""
        if self.failed or self.target not in (None, weight):
            return False
        # A canary may never be called done: it has arrived when it takes its share. A full release is done when the
        # service says so, since the old instances still drain when the share is already reached.
        return self.status in DONE or (weight < 100 and self.current == weight and self.status != "pending")

    def __str__(self) -> str:
        shares = f"at {self.current} of {self.target} percent" if self.target is not None else "without a share"
        return f"release {self.record_id or '(no record)'} is {self.status or '(no status)'}, {shares}"


def latest(client: Client, function_id: str) -> Release | None:
    """The latest release of a function, whoever made it; None where there has been none, or no such function."""
    try:
        answer = client.call(VEFAAS, "GetReleaseStatus", {"FunctionId": function_id}, idempotent=True)
    except ApiError as error:
        if error.missing:
            return None
        raise
    if not answer.get("ReleaseRecordId") and not answer.get("Status"):
        return None
    return _read(answer)


def _read(answer: Mapping[str, Any]) -> Release:
    numbers = [_number(answer, key) for key in ("NewRevisionNumber", "StableRevisionNumber")]
    words = [str(answer[key]) for key in ("ErrorCode", "StatusMessage") if answer.get(key)]
    log = str(answer.get("FailedInstanceLogs") or "").strip()
    if log:
        words.append("end of a failed instance's log: " + log[-LOG_EXCERPT:])
    return Release(
        record_id=str(answer.get("ReleaseRecordId") or ""),
        status=str(answer.get("Status") or "").lower(),
        target=_number(answer, "TargetTrafficWeight"),
        current=_number(answer, "CurrentTrafficWeight"),
        # Before the first full release the stable revision is -1; after one the new revision may be left out.
        revision=next((number for number in numbers if number is not None and number > 0), -1),
        trouble=": ".join(words),
    )


def _number(answer: Mapping[str, Any], key: str) -> int | None:
    value = answer.get(key)
    return None if value is None else int(value)


def record_of(release_id: str) -> str:
    """The record's own id, of what the provider calls a release's id (`function:record`) or of the record's id."""
    return release_id.rsplit(":", 1)[-1]
