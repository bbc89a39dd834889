"""Which of this cloud's error codes mean what. Its answers all have the status 200: the code alone tells."""

from __future__ import annotations

from typing import Final

from components.gaps import errors
from components.gaps.errors import GapError

__all__ = ["ApiError", "GapError"]

ABSENT: Final = "ResourceNotFound"
"""What a code says, before its noun, of a thing that is not there: `ResourceNotFound.Function`."""


class ApiError(errors.ApiError):
    """The cloud refused a call, or could not be reached."""

    # Never plain LimitExceeded: that is a quota, which no waiting raises.
    THROTTLED = ("RequestLimitExceeded",)
    BUSY = (
        "FunctionStatusError", "FunctionNameStatusError", "StatusNotActive", "OperationConflict", "InstanceStatusLimit",
    )  # fmt: skip

    @property
    def transient(self) -> bool:
        """Whether the fault is the cloud's or the network's."""
        return super().transient or self.code.startswith("InternalError")

    @property
    def forbidden(self) -> bool:
        """Whether the credentials are wrong, or not allowed to do this."""
        return super().forbidden or self.code.startswith(("AuthFailure", "UnauthorizedOperation"))

    def missing(self, *nouns: str) -> bool:
        """Whether the service says, of one of these things, that it is not there.

        Its whole code decides: a refresh must not drop what is alive because something beside it (a role, a log topic)
        is gone, nor where the code does not say what.

        Args:
            nouns: names of the things as they stand in codes: `Function`, `Trigger`.
        """
        return self.code in {f"{ABSENT}.{noun}" for noun in nouns}

    @property
    def exists(self) -> bool:
        """Whether the service says that such a thing is there already."""
        return self.code.startswith("ResourceInUse")
