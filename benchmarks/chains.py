"""The longest chain of waiting resources in each example, against the shortest that data and the clouds allow.

`pulumi up` makes in parallel what does not wait for one another, so its time is that of the longest chain. An edge of
a chain is needed when the later resource is told something that the earlier one answers, or when the cloud refuses it
before the earlier one is there (`demands.py`). Whether it is told something is found out by trial: the program runs
again with everything altered that the earlier one answers, and the later one's inputs differ, or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from benchmarks.demands import DEMANDS
from benchmarks.trial import Trial
from qiao.bootstrap import ROOT
from qiao.plan.recording import Recording, Resource

STAGES = ("dev", "prod")
LOCAL = ("random:", "tls:", "pulumi:", "pulumi-python:dynamic/qiao:")
"""What types begin with whose resources are made on this machine, in no time: they lengthen no chain. So keys and
tokens among them are never altered: whoever signs with an altered key would refuse it."""

Edges = Mapping[str, frozenset[str]]
"""For each resource those it waits for, by URN."""


@dataclass(frozen=True)
class Wait:
    """One resource that waits for another."""

    earlier: Resource
    later: Resource

    @property
    def demand(self) -> str | None:
        """Why the cloud wants this order; None where it does not."""
        return DEMANDS.get((kind(self.earlier), kind(self.later)))

    @property
    def is_free(self) -> bool:
        """Whether the earlier one takes no time."""
        return is_instant(self.earlier)

    def __str__(self) -> str:
        return f"{self.later.name} waits for {self.earlier.name}"


class Chains:
    """The chains of one program.

    Args:
        trial: runs it, and runs it again with altered answers.
    """

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.recording: Recording = trial.recording
        self._by_urn = {resource.urn: resource for resource in self.recording.resources}

    @cached_property
    def recorded(self) -> Edges:
        """Every wait of the program. A component is no step: the SDK waits for what is inside it instead."""
        return {urn: self._behind(resource) for urn, resource in self._by_urn.items() if resource.custom}

    def _behind(self, resource: Resource) -> frozenset[str]:
        return frozenset(urn for urn in resource.depends_on if self._by_urn[urn].custom)

    @cached_property
    def needed(self) -> Edges:
        """Those waits that data or the cloud's rules demand."""
        edges = {}
        for urn, behind in self.recorded.items():
            edges[urn] = frozenset(earlier for earlier in behind if self._is_needed(earlier, urn))
        return edges

    def _is_needed(self, earlier: str, later: str) -> bool:
        wait = Wait(self._by_urn[earlier], self._by_urn[later])
        return wait.is_free or wait.demand is not None or later in self.trial.told_by(earlier)

    @cached_property
    def longest(self) -> list[Resource]:
        """The longest chain as the program is, from its first step to its last."""
        return self._chain(self.recorded)

    @cached_property
    def shortest(self) -> list[Resource]:
        """The longest chain of what is needed: no order of the same resources is done in fewer steps."""
        return self._chain(self.needed)

    @cached_property
    def avoidable(self) -> list[Wait]:
        """Waits that nothing demands and that no needed chain implies: each may slow an `up` down."""
        found = []
        for later, behind in self.recorded.items():
            implied = self._all_before(later)
            found += [Wait(self._by_urn[one], self._by_urn[later]) for one in sorted(behind - implied)]
        return found

    def is_on_longest(self, wait: Wait) -> bool:
        """Whether a wait is a step of the longest chain: without it, an `up` may be done sooner."""
        return any(step == (wait.earlier, wait.later) for step in pairwise(self.longest))

    def _all_before(self, urn: str) -> frozenset[str]:
        """Everything that must be there before a resource can be."""
        return frozenset(self.needed[urn]).union(*(self._all_before(earlier) for earlier in self.needed[urn]))

    def _chain(self, edges: Edges) -> list[Resource]:
        best: dict[str, list[Resource]] = {}

        def upto(urn: str) -> list[Resource]:
            if urn not in best:
                before = max((upto(earlier) for earlier in sorted(edges[urn])), key=len, default=[])
                resource = self._by_urn[urn]
                best[urn] = before if is_instant(resource) else [*before, resource]
            return best[urn]

        return max((upto(urn) for urn in sorted(edges)), key=len, default=[])


def is_instant(resource: Resource) -> bool:
    """Whether a resource takes no time: it is made here, or there already and only read."""
    return resource.read or resource.type.startswith(LOCAL)


def kind(resource: Resource) -> str:
    """The last word of a type token: `snatEntry:SnatEntry` is a SnatEntry."""
    return resource.type.rpartition(":")[2]


def projects() -> list[Path]:
    """Qiao's own stages and every example."""
    return [ROOT, *sorted(path.parent for path in (ROOT / "examples").glob("*/Pulumi.yaml"))]


def main() -> None:
    """Print both lengths of every example and stage, and what waits without need."""
    print("chains: steps one after another in the longest chain of an `up`, against the fewest possible")
    for project in projects():
        for stage in STAGES:
            chains = Chains(Trial.of(project, stage))
            longest, shortest = len(chains.longest), len(chains.shortest)
            name = "qiao" if project == ROOT else project.name
            print(f"  {name} {stage}: {longest} against {shortest}, {longest / shortest:.2f} times")
            print(f"    {' > '.join(step.name for step in chains.longest)}")
            on_it = [wait for wait in chains.avoidable if chains.is_on_longest(wait)]
            for wait in on_it:
                print(f"    without need: {wait}")
            print(f"    and beside that chain, where it costs nothing today: {len(chains.avoidable) - len(on_it)}")
