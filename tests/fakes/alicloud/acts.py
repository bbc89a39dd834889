"""An action of an API: where it is called, what it takes, and what answers it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from tests.fakes.shapes import Shape


@dataclass(frozen=True)
class Act:
    """An action."""

    method: str
    path: str
    """Its path, a name in braces for each part that is given: `/v1/consumers/{consumerId}`."""
    answer: Callable[[dict[str, Any]], Any]
    """What answers it, given path, query and body in one; None is an answer without a body."""
    query: Shape = field(default_factory=dict)
    body: Shape | None = None
    """None where it takes no body."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Its path, to be matched."""
        return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.path))


Acts = Mapping[str, Act]
