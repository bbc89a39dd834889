"""Stand-in outputs: what a provider would answer, in the right type and shape, never equal to an answer looked for.

Every value is derived from the resource's name, so two resources never share one and two runs always agree.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any


def mark(*parts: str, length: int = 12) -> str:
    """Hexadecimal digits that stand for these parts."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:length]


class StandIns:
    """Answers in place of providers.

    Args:
        invokes: further data sources by token: a function of the arguments.
        stack_references: outputs of other stacks by their name, for `StackReference`.
    """

    def __init__(
        self,
        *,
        invokes: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] | None = None,
        stack_references: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.invokes = dict(invokes or {})
        self.stack_references = dict(stack_references or {})

    def resource(
        self, type_token: str, name: str, inputs: Mapping[str, Any], resource_id: str | None
    ) -> tuple[str | None, dict[str, Any]]:
        """Id and outputs of a resource: its inputs, and what the provider computes."""
        return resource_id or f"{type_token.rsplit(':', 1)[-1].lower()}-{mark(type_token, name)}", dict(inputs)

    def invoke(self, token: str, args: Mapping[str, Any]) -> dict[str, Any]:
        """Answer of a data source; one that nobody declared is an error, never an empty answer."""
        if token not in self.invokes:
            raise LookupError(f"data source {token} has no stand-in: declare one")
        return self.invokes[token](args)
