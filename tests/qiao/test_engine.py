"""`preview`, `up`, `destroy`: the plan first, then the CLI that is found, or installed on a yes, gets the terminal."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from components.errors import UserError
from qiao import engine
from qiao.engine import fits, parse, pinned
from tests.qiao.command import QIAO, ROOT, Machine

EXAMPLE = ROOT / "examples" / "agent-image"
APP = "urn:pulumi:dev::agent-image::qiao:app:Agent"
SHARED = "urn:pulumi:dev::agent-image::qiao:app:Foundation"


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without pulumi."""
    return Machine(tmp_path)


@pytest.fixture
def here(machine: Machine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    """The same machine seen from inside this process, with a folder of its own to install into."""
    monkeypatch.setenv("PATH", str(machine.bin))
    monkeypatch.setenv("HOME", str(machine.home))
    monkeypatch.setattr(engine, "OWN", tmp_path / ".qiao" / "pulumi")
    return machine


@pytest.mark.parametrize("command", ["preview", "up", "destroy"])
def test_the_whole_stage_is_handed_over(machine: Machine, command: str) -> None:
    pulumi = machine.add_pulumi()
    ran = machine.qiao(command, "dev", "--project", "examples/agent-image", STATUS="3")
    got = machine.handed_over
    assert got is not None
    assert got["arguments"] == [command, "--stack", "dev"]
    assert got["cwd"] == str(EXAMPLE)
    assert got["path"].split(os.pathsep)[0] == str(pulumi.parent), "the language host lies beside it"
    assert ran.returncode == 3, "its exit status is ours"
    assert ran.stdout == "pulumi was here\n", "the display is its own"
    assert ran.stderr.startswith("qiao: planned offline, ")


@pytest.mark.parametrize("command", ["up", "destroy"])
def test_yes_is_passed_on(machine: Machine, command: str) -> None:
    machine.add_pulumi()
    machine.qiao(command, "dev", "--project", "examples/agent-image", "--yes")
    assert machine.handed_over is not None
    assert machine.handed_over["arguments"] == [command, "--stack", "dev", "--yes"]


def test_one_application_is_targeted_with_what_it_leans_on(machine: Machine) -> None:
    machine.add_pulumi()
    machine.qiao("up", "dev", "agent", "--project", "examples/agent-image")
    assert machine.handed_over is not None
    shared = f"{SHARED}::shared-volcengine-cn-beijing"
    assert machine.handed_over["arguments"] == [
        "up", "--stack", "dev", "--target", f"{APP}::agent", "--target", f"{APP}$**::agent-**",
        "--target", shared, "--target", f"{SHARED}$**::shared-volcengine-cn-beijing-**",
    ]  # fmt: skip


def test_one_application_is_destroyed_alone(machine: Machine) -> None:
    machine.add_pulumi()
    machine.qiao("destroy", "dev", "agent", "--project", "examples/agent-image")
    assert machine.handed_over is not None
    expected = ["destroy", "--stack", "dev", "--target", f"{APP}::agent", "--target", f"{APP}$**::agent-**"]
    assert machine.handed_over["arguments"] == expected


def test_a_protected_stage_is_not_destroyed(machine: Machine) -> None:
    machine.add_pulumi()
    ran = machine.qiao("destroy", "prod", "--project", "examples/agent-image", "--yes")
    assert ran.returncode == 2
    assert "qiao: destroy: protected: " in ran.stderr.splitlines()[-1]
    assert machine.handed_over is None


def test_an_application_that_is_not_there_is_one_line(machine: Machine) -> None:
    machine.add_pulumi()
    ran = machine.qiao("up", "dev", "agnet", "--project", "examples/agent-image")
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[1:] == ["qiao: APP: agnet is no enabled application of this stage; there are: agent"]
    assert machine.handed_over is None


def test_wrong_settings_stop_before_the_engine(machine: Machine, tmp_path: Path) -> None:
    machine.add_pulumi()
    (tmp_path / "Pulumi.yaml").write_text((EXAMPLE / "Pulumi.yaml").read_text())
    settings = (EXAMPLE / "Pulumi.dev.yaml").read_text()
    (tmp_path / "Pulumi.dev.yaml").write_text(settings.replace("blueprint: agent", "blueprint: agnet"))
    ran = machine.qiao("up", "dev", "--yes", "--project", str(tmp_path))
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert "apps.agent.blueprint" in ran.stderr
    assert machine.handed_over is None


def test_without_network_and_cli_one_line_says_what_is_missing(machine: Machine) -> None:
    ran = machine.qiao("preview", "dev", "--project", "examples/agent-image")
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[1:] == [
        f"qiao: pulumi CLI: there is none; install {pinned()} (https://www.pulumi.com/docs/install) or add "
        "--install-cli; `qiao plan` works without it"
    ]


def test_a_download_that_fails_is_one_line(machine: Machine) -> None:
    ran = machine.qiao("preview", "dev", "--project", "examples/agent-image", "--install-cli")
    assert ran.returncode == 2
    assert ran.stderr.splitlines()[1:] == [
        f"qiao: installing pulumi {pinned()} into .qiao/pulumi",
        f"qiao: pulumi CLI: {pinned()} cannot be downloaded from get.pulumi.com (URLError); try again with network, "
        "or install it yourself; `qiao plan` works without it",
    ]


@pytest.fixture
def installed(here: Machine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the Automation API was asked to install the CLI."""
    from pulumi.automation import PulumiCommand

    asked: list[str] = []

    def install(root: str) -> None:
        asked.append(root)
        here.add_pulumi(Path(root) / "bin")

    monkeypatch.setattr(PulumiCommand, "install", install)
    return asked


def test_it_is_installed_into_the_checkout_when_the_command_line_says_so(
    here: Machine, installed: list[str], tmp_path: Path
) -> None:
    path = engine.find_or_install(agreed=True, ask=None)
    assert installed == [str(tmp_path / ".qiao" / "pulumi")]
    assert path == tmp_path / ".qiao" / "pulumi" / "bin" / "pulumi"
    assert engine.find_or_install(agreed=False, ask=None) == path, "it is found from then on"
    assert len(installed) == 1


@pytest.mark.parametrize("answer", [True, False])
def test_it_is_installed_only_after_a_yes(here: Machine, installed: list[str], answer: bool) -> None:
    questions: list[str] = []

    def ask(question: str) -> bool:
        questions.append(question)
        return answer

    if answer:
        engine.find_or_install(agreed=False, ask=ask)
    else:
        with pytest.raises(UserError, match="there is none"):
            engine.find_or_install(agreed=False, ask=ask)
    assert bool(installed) is answer
    question = f"pulumi CLI: there is none. Download {pinned()} from get.pulumi.com into .qiao/pulumi?"
    assert questions == [question]


def test_nobody_is_asked_where_nobody_can_answer_and_a_person_is(machine: Machine) -> None:
    """Standard input that is a terminal gets the question; `no` ends as if it had never been asked."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [*QIAO, "preview", "dev", "--project", "examples/agent-image"], cwd=ROOT, env=machine.environment(),
        stdin=theirs, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        os.write(ours, b"n\n")
        out, error = process.communicate(timeout=60)
    os.close(ours)
    assert (process.returncode, out) == (2, "")
    assert f"Download {pinned()} from get.pulumi.com into .qiao/pulumi? [y/N]" in error
    assert error.splitlines()[-1].endswith("`qiao plan` works without it")


def test_the_first_that_fits_is_taken(here: Machine, tmp_path: Path) -> None:
    at_home = here.add_pulumi(here.home / ".pulumi" / "bin")
    assert engine.find() == at_home
    own = here.add_pulumi(tmp_path / ".qiao" / "pulumi" / "bin")
    assert engine.find() == own
    old = here.add_pulumi(version="v3.1.0")
    assert engine.find() == own, "an old one on PATH is passed over"
    old.unlink()
    assert engine.find() == own
    assert engine.find() != here.add_pulumi() == engine.find()


@pytest.mark.parametrize(("version", "said"), [("v3.1.0", "is 3.1.0"), ("v4.0.0", "is 4.0.0"), ("oops", "is broken")])
def test_one_that_does_not_fit_is_named(here: Machine, version: str, said: str) -> None:
    path = here.add_pulumi(version=version)
    with pytest.raises(UserError) as caught:
        engine.find()
    assert f"{path} {said}, not {pinned()} or a newer 3.x" in str(caught.value)


@pytest.mark.parametrize(
    ("version", "fitting"),
    [("v3.272.0", True), ("3.272.1", True), ("v3.300.0-dev.2+x", True), ("v3.271.9", False), ("v4.0.0", False),
     ("v2.999.0", False), ("v3.272.0-alpha.7", True)],
)  # fmt: skip
def test_versions(version: str, fitting: bool) -> None:
    assert fits(parse(version), (3, 272, 0)) is fitting
