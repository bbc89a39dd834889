"""The contracts over whole programs: every stage file of the project and of every example, as `plan` reads it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from components.clouds import CLOUDS
from components.scope import Profile
from qiao.plan.recorder import record
from qiao.plan.recording import Invoke, Recording, Resource
from qiao.plan.rules import check
from qiao.plan.standins import StandIns
from qiao.testing.contract import (
    PROVIDER,
    check_distinct,
    check_hidden,
    check_parents,
    component,
    secret_outputs,
    tag_map,
    takes_tags,
)
from stacks.foundation import reference_standin
from stacks.program import deploy
from stacks.stagefile import load
from tests.contract.facts import FACTS

ROOT = Path(__file__).parents[2]
AT_WILL = {"random:index/randomBytes:RandomBytes"}
"""An application's own keys: it knows which of them lock data, and protects those where the profile protects."""
FILES = sorted([*ROOT.glob("Pulumi.?*.yaml"), *ROOT.glob("examples/*/Pulumi.?*.yaml")])
every_stage = pytest.mark.parametrize("file", FILES, ids=[str(path.relative_to(ROOT)) for path in FILES])
known_or_not = pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])


@cache
def recorded(file: Path, preview: bool = False) -> Recording:
    stage = load(file)
    standins = StandIns(stack_references=reference_standin(stage.config, "qiao"))
    return record(
        lambda: deploy(file.parent, offline=True), stack=stage.stage, config=stage.config, preview=preview,
        standins=standins,
    )  # fmt: skip


def of_clouds(recording: Recording) -> list[Resource]:
    """Everything that a cloud's own plugin makes."""
    return [r for r in recording.resources if r.custom and r.type.split(":")[0] in CLOUDS]


def test_there_are_stages_to_look_at() -> None:
    assert {path.name for path in FILES} >= {"Pulumi.dev.yaml", "Pulumi.prod.yaml"}
    assert len(FILES) > 2


@known_or_not
@every_stage
def test_everything_is_below_its_component_and_named_after_it(file: Path, preview: bool) -> None:
    recording = recorded(file, preview)
    names = [resource.name for resource in recording.resources if not resource.custom]
    assert names
    for name in names:
        check_parents(recording, name)
    named_otherwise = [
        child.name
        for name in names
        for child in recording.children(component(recording, name).urn)
        # An application's main component may bear its name.
        if not child.name.startswith(f"{name}-") and (child.custom or child.name != name)
    ]
    assert named_otherwise == []


@known_or_not
@every_stage
def test_every_component_registers_its_outputs_once(file: Path, preview: bool) -> None:
    recording = recorded(file, preview)
    times = {resource.name: resource.outputs_registered for resource in recording.resources if not resource.custom}
    assert times == dict.fromkeys(times, 1)


@known_or_not
@every_stage
def test_nothing_uses_a_default_provider(file: Path, preview: bool) -> None:
    recording = recorded(file, preview)
    explicit = {resource.urn for resource in recording.resources if resource.type.startswith(PROVIDER)}
    served: list[Resource | Invoke] = [*of_clouds(recording), *recording.invokes]
    assert served
    astray = [one for one in served if one.provider.rpartition("::")[0] not in explicit]
    assert [one.urn if isinstance(one, Resource) else one.token for one in astray] == []


@known_or_not
@every_stage
def test_no_generated_secret_is_in_clear(file: Path, preview: bool) -> None:
    recording = recorded(file, preview)
    check_hidden(recording, secret_outputs(recorded(file)))


@every_stage
def test_no_physical_name_is_used_twice(file: Path) -> None:
    check_distinct(recorded(file), {token: key for facts in FACTS.values() for token, key in facts.names.items()})


@every_stage
def test_everything_taggable_says_whose_it_is(file: Path) -> None:
    exempt = {token for facts in FACTS.values() for token in facts.untagged}
    lacking = [
        resource.name
        for resource in of_clouds(recorded(file))
        if takes_tags(resource.type) and resource.type not in exempt
        and not {"project", "stage", "app", "component"} <= tag_map(resource.inputs.get("tags")).keys()
    ]  # fmt: skip
    assert lacking == []


@every_stage
def test_only_production_is_hard_to_hurt(file: Path) -> None:
    asked = Profile.for_stage(load(file).stage)
    stateful = {token for facts in FACTS.values() for token in facts.stateful}
    recording = recorded(file)
    protected = {r.urn for r in recording.resources if r.protect and not (asked.protect and r.type in AT_WILL)}
    assert protected == ({r.urn for r in recording.resources if r.type in stateful} if asked.protect else set())
    assert asked.protect == bool(protected)


@known_or_not
@every_stage
def test_the_providers_would_take_it_all(file: Path, preview: bool) -> None:
    assert [str(finding) for finding in check(recorded(file, preview))] == []
