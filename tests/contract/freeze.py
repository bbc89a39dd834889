"""Writes the list of frozen names anew: `python -m tests.contract.freeze`. Read the difference before you commit it."""

from __future__ import annotations

from pathlib import Path

from components.clouds import CLOUDS
from qiao.plan.recording import Recording
from qiao.testing.contract import component, family
from tests.contract.recorded import EVERY, NAME, PROFILES, recorded

FROZEN = Path(__file__).parent / "frozen"


def listing(*recordings: Recording) -> list[str]:
    """Type and logical name of a component and everything below it, in any of some recordings, one a line."""
    resources = [each for one in recordings for each in (component(one, NAME), *family(one, NAME))]
    return sorted({f"{resource.type} {resource.name}" for resource in resources})


def lost(promised: list[str], *recordings: Recording) -> list[str]:
    """Promised names that are gone, but for those that a resource names in an alias."""
    resources = [resource for recording in recordings for resource in recording.resources]
    formerly = {f"{alias.type or resource.type} {alias.name}" for resource in resources for alias in resource.aliases}
    return sorted(set(promised) - set(listing(*recordings)) - formerly)


def both(cloud: str, concept: str, variant: str) -> list[Recording]:
    """A case in both profiles: neither declares all that the other does."""
    return [recorded(cloud, concept, variant, profile) for profile in PROFILES]


def frozen(cloud: str) -> dict[str, list[str]]:
    """The committed names by case: `## network full` and its lines below."""
    cases: dict[str, list[str]] = {}
    for line in (FROZEN / f"{cloud}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            cases[line.removeprefix("## ")] = []
        elif line:
            cases[list(cases)[-1]].append(line)
    return cases


def write(cloud: str) -> None:
    """List the names of every case of a cloud, whatever the profile."""
    blocks = [
        "\n".join([f"## {concept} {variant}", *listing(*both(cloud, concept, variant))])
        for name, concept, variant in EVERY
        if name == cloud
    ]
    FROZEN.mkdir(exist_ok=True)
    (FROZEN / f"{cloud}.txt").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each in CLOUDS:
        write(each)
