"""Links: what an application gets to call another of the same stage, and the order that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter

import pulumi

from components.errors import UserError
from stacks.model import join, nearest


@dataclass(frozen=True, kw_only=True)
class Link:
    """How to call an application."""

    cloud: str
    """The cloud it runs on."""
    url: pulumi.Input[str]
    """Its address."""
    gateway_id: pulumi.Input[str] | None
    """Gateway that a token is asked of, or None where none is needed."""

    def env(self, app: str) -> dict[str, pulumi.Input[str]]:
        """Environment variables for the caller: `<APP>_URL`, and `<APP>_GATEWAY_ID` where a token is needed."""
        prefix = app.upper().replace("-", "_")
        named = {f"{prefix}_URL": self.url}
        return named | ({f"{prefix}_GATEWAY_ID": self.gateway_id} if self.gateway_id is not None else {})


def order(links: Mapping[str, Sequence[str]]) -> list[str]:
    """Applications, each after those it links to, otherwise as written; unknown ones and cycles are one error."""
    for app, targets in links.items():
        for place, target in enumerate(targets):
            if target not in links:
                others = sorted(set(links) - {app})
                where = join("apps", app, "links", place)
                raise UserError(where, f"there is no application {target}", nearest(target, others))
    try:
        return _ordered(links)
    except CycleError as error:
        ring = " -> ".join(reversed(error.args[1]))
        raise UserError("apps", f"links go in a circle: {ring}", "take one of them out") from None


def _ordered(links: Mapping[str, Sequence[str]]) -> list[str]:
    sorter = TopologicalSorter({app: sorted(set(targets)) for app, targets in links.items()})
    sorter.prepare()
    result: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=list(links).index)
        result += ready
        sorter.done(*ready)
    return result
