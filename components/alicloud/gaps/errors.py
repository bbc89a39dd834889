"""Which of this cloud's error codes mean what."""

from __future__ import annotations

from typing import Final

from components.gaps import errors
from components.gaps.errors import GapError

__all__ = ["ApiError", "GapError"]

ABSENT: Final = ("NotFound", "NotExist")
"""What a code says, beside its noun, of a thing that is not there: `FunctionNotFound`, `NotFound.RouteNotFound`,
`LogStoreNotExist`."""
NO_RECORD: Final = "DatabaseError.RecordNotFound"
"""The gateway's word for the same, without a noun."""


class ApiError(errors.ApiError):
    """The cloud refused a call, or could not be reached."""

    # The log service's quotas on calls come as 403, the function service's as ResourceThrottled.
    THROTTLED = ("Throttl", "ServiceUnavailable", "TooManyRequests", "ReadQuotaExceed", "WriteQuotaExceed")
    # Not every 409: `Conflict.<Thing>Existed` never ends by waiting.
    BUSY = ("LockFailed", "ConcurrentUpdate", "IdempotentProcessing", "InProgress")

    def missing(self, *nouns: str) -> bool:
        """Whether the service says, of one of these things, that it is not there.

        Its code decides, never the status alone: a 404 of a proxy, of a wrong path or of some other part must not make
        a refresh drop what is alive. A wrong parameter is no proof of absence either.

        Args:
            nouns: names of the things as they stand in codes: `Function`, `Route`, `LogStore`.
        """
        if self.code.startswith("Invalid"):
            return False
        named = any(noun in self.code for noun in nouns) and any(word in self.code for word in ABSENT)
        return named or NO_RECORD in self.code

    @property
    def exists(self) -> bool:
        """Whether the service says that such a thing is there already."""
        return ("Exist" in self.code and "NotExist" not in self.code) or "Duplicate" in self.code
