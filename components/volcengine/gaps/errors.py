"""Which of this cloud's error codes mean what."""

from __future__ import annotations

from typing import Final

from components.gaps import errors
from components.gaps.errors import GapError

__all__ = ["ApiError", "GapError"]

MISSING: Final = ("NotFound", "NotExist", "NotExists")
"""Parts of the codes by which a service says that what was named is not there. Never `Invalid`: a wrong parameter or
credential is no proof of absence, though the provider's own plugin takes it for one."""


class ApiError(errors.ApiError):
    """The cloud refused a call, or could not be reached."""

    THROTTLED = ("FlowLimit", "RequestLimit", "Throttl", "TooManyRequests", "ExceedQPSLimit")
    BUSY = ("InstanceStatus", "InvalidStatus", "StatusConflict", "OperationConflict", "TaskConflict", "InProgress")

    @property
    def missing(self) -> bool:
        """Whether what was named is not there."""
        return self.status == 404 or any(part in self.code for part in MISSING)

    @property
    def busy(self) -> bool:
        """Whether another change of the same thing must end first."""
        return self.status == 409 or super().busy
