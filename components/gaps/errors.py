"""What goes wrong when a gap calls a cloud. Texts name action, code and request id, and never hold a credential."""

from __future__ import annotations

from typing import ClassVar


class GapError(Exception):
    """A gap cannot do its work: what is wrong, and what to do.

    Args:
        what: what is wrong, with the last answer of the cloud where there was one.
        instead: what to do.
    """

    def __init__(self, what: str, instead: str) -> None:
        self.what, self.instead = what, instead
        super().__init__(f"{what}; {instead}")


class ApiError(Exception):
    """The cloud refused a call, or could not be reached. A cloud's own class says which of its codes mean what.

    Args:
        action: the API's action (`UpdateFunction`).
        code: the service's own code, or `ConnectionFailed` where there was no answer.
        message: the service's own words.
        status: the HTTP status; 0 where there was no answer.
        request_id: what the cloud's support asks for; empty where there was no answer.
    """

    THROTTLED: ClassVar[tuple[str, ...]] = ()
    """Parts of the codes by which a service says that it did not even look at a call."""
    BUSY: ClassVar[tuple[str, ...]] = ()
    """Parts of the codes by which a service says that another change must end first."""

    def __init__(self, action: str, code: str, message: str, *, status: int = 0, request_id: str = "") -> None:
        self.action, self.code, self.message = action, code, message
        self.status, self.request_id = status, request_id
        super().__init__(f"{action} failed: {code} (HTTP {status}): {message} [request id {request_id or 'none'}]")

    @property
    def throttled(self) -> bool:
        """Whether the call was turned away before it was looked at: repeating it is always safe."""
        return self.status == 429 or any(part in self.code for part in self.THROTTLED)

    @property
    def transient(self) -> bool:
        """Whether the fault is the cloud's or the network's. The call may have had its effect all the same."""
        return self.status == 0 or self.status >= 500

    @property
    def busy(self) -> bool:
        """Whether another change of the same thing must end first."""
        return any(part in self.code for part in self.BUSY)

    @property
    def forbidden(self) -> bool:
        """Whether the credentials are wrong, or not allowed to do this."""
        return self.status in (401, 403)
