"""What is secret on its way in, or generated inside, is nowhere in clear."""

from __future__ import annotations

from qiao.plan.recording import reveal
from qiao.testing.contract import check_hidden, family, secret_outputs
from tests.contract.recorded import NAME, every_case, every_component, every_profile, known_or_not, recorded
from tests.contract.site import CANARIES

TAKES_SECRETS = {"function": CANARIES[0], "gateway": CANARIES[1], "alerts": CANARIES[3]}
"""Concepts with secret inputs, and the canary that must arrive: one that is dropped would hide for the wrong reason."""


@known_or_not
@every_profile
@every_case
def test_secret_inputs_are_never_in_clear(cloud: str, concept: str, variant: str, profile: str, preview: bool) -> None:
    check_hidden(recorded(cloud, concept, variant, profile, preview), CANARIES)


@every_profile
@every_case
def test_generated_secrets_are_never_in_clear(cloud: str, concept: str, variant: str, profile: str) -> None:
    recording = recorded(cloud, concept, variant, profile)
    check_hidden(recording, secret_outputs(recording))


@every_component
def test_secret_inputs_arrive(cloud: str, concept: str) -> None:
    inputs = repr([reveal(resource.inputs) for resource in family(recorded(cloud, concept, "full"), NAME)])
    wanted = TAKES_SECRETS.get(concept)
    assert wanted is None or wanted in inputs
