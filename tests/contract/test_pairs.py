"""Two components side by side, and the same component twice: no collision, no difference."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from qiao.testing.contract import check_distinct, check_same
from tests.contract.facts import FACTS
from tests.contract.recorded import CARRIED, PROFILES, every_case, every_profile, known_or_not, pair, recorded, run

ROOT = Path(__file__).parents[2]


@known_or_not
@every_profile
@every_case
def test_two_of_one_application_do_not_collide(
    cloud: str, concept: str, variant: str, profile: str, preview: bool
) -> None:
    """The recorder refuses a URN twice; a physical name twice would fail in the cloud."""
    check_distinct(pair(cloud, concept, variant, profile, preview), FACTS[cloud].names)


@every_profile
@every_case
def test_same_arguments_make_the_same_requests(cloud: str, concept: str, variant: str, profile: str) -> None:
    check_same(recorded(cloud, concept, variant, profile), run(cloud, concept, variant, PROFILES[profile]))


def test_processes_agree() -> None:
    """Sets iterate in another order in each process: what comes out of one unsorted would update on every `up`."""
    told = []
    for seed in ("1", "2"):
        command = [sys.executable, "-m", "tests.contract.digest"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        ended = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
        told.append(ended.stdout.splitlines())
    assert len(told[0]) == len(CARRIED)
    assert told[0] == told[1]


@every_case
def test_order_of_mappings_does_not_matter(cloud: str, concept: str, variant: str) -> None:
    """Settings are mappings: reordering a line of the stack file must not update a resource."""
    shuffled = run(cloud, concept, variant, PROFILES["dev"], shuffled=True)
    check_same(recorded(cloud, concept, variant), shuffled)
