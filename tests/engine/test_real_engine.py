"""What only the real engine can show: how a project finds our code, what is encrypted, protected, targeted."""

from __future__ import annotations

import pytest

from tests.engine.conftest import House

pytestmark = pytest.mark.engine

SHARED = {"shared", "shared-note"}


def parts(name: str, release: str = "1") -> set[str]:
    """Names of an application's resources."""
    return {name, f"{name}-note", f"{name}-release-{release}"}


def test_a_project_below_examples_runs_our_program_and_its_gaps(house: House) -> None:
    """Both hosts read `virtualenv`: the language host from Pulumi.yaml's folder, the gaps' host from that of `main`."""
    house.up()
    assert house.names() == SHARED | parts("agent") | parts("agent-two")
    house.run("preview", "--expect-no-changes")
    house.run("refresh", "--yes", "--skip-preview")
    house.destroy()
    assert house.names() == set()


def test_secrets_are_encrypted_in_state(house: House) -> None:
    house.up()
    state = house.state()
    assert "ground" in state, "what is no secret is readable"
    assert "canary" not in state
    assert "canary-in-an-output" in house.run("stack", "output", "--show-secrets")
    assert "canary" not in house.run("stack", "output")


def test_a_gap_refuses_in_the_preview(house: House) -> None:
    house.configure("weight", "10")
    said = house.run("preview", fails=True)
    assert "a function's first release must take all calls (release.weight 10): set release.weight to 100" in said


def test_what_is_protected_is_not_destroyed(house: House) -> None:
    house.configure("protect", "true")
    house.up()
    assert "protected" in house.run("destroy", "--yes", "--skip-preview", fails=True)
    assert house.names() == SHARED, "the engine deletes all else before it refuses: `qiao destroy` refuses first"
    house.configure("protect", "false")
    house.up()
    house.destroy()
    assert house.names() == set()


@pytest.mark.parametrize("name", ["agent", "agent-two"])
def test_one_application_comes_up_with_its_foundation_alone(house: House, name: str) -> None:
    house.up(*house.targets.of([name]))
    assert house.names() == SHARED | parts(name)


def test_one_application_is_changed_and_destroyed_without_the_other(house: House) -> None:
    house.up()
    house.configure("release", "2")
    house.up(*house.targets.of(["agent-two"]))
    after = SHARED | parts("agent", "1") | parts("agent-two", "2")
    assert house.names() == after, "its old release went, though no plan knows of it any more"
    house.destroy(*house.targets.to_destroy(["agent-two"]))
    assert house.names() == SHARED | parts("agent", "1")
