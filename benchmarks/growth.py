"""What a stack of 1,000 resources costs, against one of 100: evaluation, rules and report."""

from __future__ import annotations

import gc
import time
from functools import partial

import pulumi

from benchmarks.timing import Pairs
from components import cloud
from components.bucket import BucketArgs
from components.network import NetworkArgs
from components.scope import Profile, Scope
from qiao.plan.evaluate import Plan, plan_of
from qiao.plan.recorder import record
from qiao.plan.report import render

CLOUD, REGION = "volcengine", "cn-beijing"
SMALL, LARGE = 100, 1000
RUNS = 5
CELL = 10
"""Resources of one cell, components included: five of a network, five of a bucket."""


def program(resources: int) -> None:
    """Declare so many resources, and their provider."""
    provider = cloud(CLOUD).facts.provider("provider", REGION)
    below = pulumi.ResourceOptions(provider=provider)
    scope = Scope(
        project="qiao", stage="dev", app="grown", region=REGION, profile=Profile.for_stage("dev"), tags={"team": "a"},
    )  # fmt: skip
    zones = (f"{REGION}-a", f"{REGION}-b")
    for place in range(resources // CELL):
        cloud(CLOUD).Network(f"net-{place}", NetworkArgs(scope=scope, zones=zones), below)
        cloud(CLOUD).Bucket(f"bucket-{place}", BucketArgs(scope=scope), below)


def planned(resources: int) -> Plan:
    """The plan of so many resources, and its report thrown away."""
    plan = plan_of(record(partial(program, resources), project="qiao", stack="dev"))
    render(plan)
    return plan


def seconds(resources: int) -> float:
    """Time to evaluate, check and report; the imports, which a stack of any size pays once, are left out."""
    gc.collect()
    begun = time.perf_counter()
    planned(resources)
    return time.perf_counter() - begun


def measure(small: int = SMALL, large: int = LARGE, runs: int = RUNS) -> Pairs:
    """Times of the large and of the small stack, in turn, in this process, without garbage collection as in `qiao`."""
    planned(small)
    was_on = gc.isenabled()
    gc.disable()
    try:
        taken = [(seconds(large), seconds(small)) for _ in range(runs)]
    finally:
        if was_on:
            gc.enable()
    return Pairs([large_ for large_, _ in taken], [small_ for _, small_ in taken])


def main(small: int = SMALL, large: int = LARGE, runs: int = RUNS) -> None:
    """Print the ratio."""
    found = measure(small, large, runs)
    low, high = found.spread
    print(f"growth: a stack of {large:,} resources against one of {small}, evaluated, checked and reported")
    print(
        f"  {found.ratio:.1f} times ({low:.1f} to {high:.1f} over {runs} pairs); of 1,000 and 100 at most 12 is allowed"
    )
