"""Writes the list of frozen names anew: `python -m tests.contract.freeze`. Read the difference before you commit it."""

from __future__ import annotations

from pathlib import Path

from components.clouds import CLOUDS
from qiao.plan.recording import Recording
from qiao.testing.contract import component, family
from tests.contract.recorded import EVERY, NAME, recorded

FROZEN = Path(__file__).parent / "frozen"


def listing(recording: Recording) -> list[str]:
    """Type and logical name of a component and everything below it, one a line."""
    resources = [component(recording, NAME), *family(recording, NAME)]
    return sorted(f"{resource.type} {resource.name}" for resource in resources)


def lost(promised: list[str], recording: Recording) -> list[str]:
    """Promised names that are gone, but for those that a resource names in an alias."""
    formerly = {
        f"{alias.type or resource.type} {alias.name}" for resource in recording.resources for alias in resource.aliases
    }
    return sorted(set(promised) - set(listing(recording)) - formerly)


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
    """List the names of every case of a cloud, in the profile that declares most."""
    blocks = [
        "\n".join([f"## {concept} {variant}", *listing(recorded(cloud, concept, variant, "prod"))])
        for name, concept, variant in EVERY
        if name == cloud
    ]
    FROZEN.mkdir(exist_ok=True)
    (FROZEN / f"{cloud}.txt").write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each in CLOUDS:
        write(each)
