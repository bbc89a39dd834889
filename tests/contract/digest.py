"""Prints a hash of each full case's requests: `python -m tests.contract.digest`. Compared between processes."""

from __future__ import annotations

import hashlib

from qiao.plan.recording import Recording, reveal
from tests.contract.recorded import EVERY, recorded


def digest(recording: Recording) -> str:
    """A hash of all that was asked for, secrets included, options too."""
    known = [(repr(resource), repr(reveal(resource.inputs))) for resource in recording.resources]
    return hashlib.sha256(repr(known).encode()).hexdigest()


if __name__ == "__main__":
    for cloud, concept, variant in EVERY:
        if variant == "full":
            print(cloud, concept, digest(recorded(cloud, concept, variant, "prod")))
