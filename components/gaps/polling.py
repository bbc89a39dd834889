"""Waiting for the cloud, always with an end. Tests replace `sleep` and `now` by a clock of their own."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from components.gaps.errors import ApiError

T = TypeVar("T")

PAUSES: Final = (1.0, 2.0, 3.0, 5.0, 10.0)
"""Seconds between looks; the last one repeats."""

sleep: Callable[[float], None] = time.sleep
now: Callable[[], float] = time.monotonic


def wait_until(probe: Callable[[], T | None], *, seconds: float, late: Callable[[], Exception]) -> T:
    """Look until there is something to see.

    Args:
        probe: looks once: the result, or None to look again. What it raises ends the wait.
        seconds: the longest wait. The first look is at once, the last one at the very end.
        late: makes the error when time is up; called then, so that it can tell what was seen last.
    """
    deadline = now() + seconds
    looks = 0
    while True:
        found = probe()
        if found is not None:
            return found
        left = deadline - now()
        if left <= 0:
            raise late()
        sleep(min(PAUSES[min(looks, len(PAUSES) - 1)], left))
        looks += 1


def when_free(change: Callable[[], T], *, seconds: float = 600) -> T:
    """Make a change, waiting while another change of the same thing is under way; any other error is raised.

    Args:
        change: makes the change once.
        seconds: the longest wait. Default 600: a database's parameter change takes minutes.
    """
    last: list[ApiError] = []

    def attempt() -> list[T] | None:
        try:
            return [change()]
        except ApiError as error:
            if not error.busy:
                raise
            last[:] = [error]
            return None

    return wait_until(attempt, seconds=seconds, late=lambda: last[0])[0]
