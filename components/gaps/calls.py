"""How a gap's calls are repeated, and where they go."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final, TypeVar
from urllib.parse import urlsplit

from components.errors import UserError
from components.gaps import polling
from components.gaps.errors import ApiError

T = TypeVar("T")

ATTEMPTS: Final = 6
"""Most times a call is made: with pauses of 1, 2, 4, 8 and 16 seconds, half a minute."""


def repeated(send: Callable[[], T], *, idempotent: bool) -> T:
    """Make a call, and make it again where that is safe.

    Args:
        send: makes the call once.
        idempotent: whether making it twice is the same as making it once. Only then is it repeated after a 5xx or a
            lost connection; a throttled call, which had no effect, always is.
    """
    for attempt in range(1, ATTEMPTS):
        try:
            return send()
        except ApiError as error:
            if not (error.throttled or (idempotent and error.transient)):
                raise
        polling.sleep(2.0 ** (attempt - 1))
    return send()


def endpoint(variable: str) -> str:
    """Where all calls go instead of the cloud's own hosts; empty where the environment does not say.

    Args:
        variable: the environment variable that says it.
    """
    given = os.environ.get(variable, "").rstrip("/")
    parts = urlsplit(given)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not given or local or parts.scheme == "https":
        return given
    raise UserError(variable, f"{given!r} is not safe for signed calls", "use https, or http on a loopback address")
