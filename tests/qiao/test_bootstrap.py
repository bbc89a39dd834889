"""`python3 -m qiao` on a fresh machine: environments are made, repaired, shared and entered; failures are one line."""

from __future__ import annotations

import ast
import importlib.util
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

import qiao.__main__
from qiao.bootstrap import DEV_LOCK, MAIN_LOCK, BootstrapError, Environment, explain, find_uv
from tests.qiao.checkout import ROOT, Checkout, inside

LOCAL = {MAIN_LOCK: f"pip install --python {{python}} --require-hashes --requirement {{root}}/{MAIN_LOCK}",
         DEV_LOCK: f"pip install --python {{python}} --require-hashes --requirement {{root}}/{DEV_LOCK}"}  # fmt: skip


@pytest.fixture
def fresh(tmp_path: Path) -> Checkout:
    """A fresh clone on a machine with Python only."""
    return Checkout(tmp_path)


@pytest.fixture
def with_uv(fresh: Checkout) -> Checkout:
    """A fresh clone on a machine with uv; what the stand-in 'installs' takes no time."""
    fresh.add_uv()
    return fresh


@pytest.fixture
def made(with_uv: Checkout) -> Checkout:
    """A checkout whose environment stands, with a file in it that only a new one would lose."""
    assert with_uv.run("plan", "dev").status == 7
    (with_uv.venv / "kept").touch()
    (with_uv.bin / "uv.log").unlink()
    return with_uv


def install(checkout: Checkout, lock: str) -> str:
    return LOCAL[lock].format(python=checkout.venv / "bin" / "python", root=checkout.root)


def test_a_fresh_machine_installs_by_pip_and_runs_inside(fresh: Checkout) -> None:
    ran = fresh.run("plan", "dev", "--project", "a b")
    assert ran.told == {"arguments": ["plan", "dev", "--project", "a b"], "prefix": str(fresh.venv), "pid": ran.pid,
                        "tiny": True}, "same process, own environment, every package there"  # fmt: skip
    assert ran.status == 7, "the command's own status"
    assert "qiao: installing 1 packages of requirements.txt into .venv with pip" in ran.err
    assert "Successfully installed tiny-1.0" in ran.err, "progress goes to standard error"

    again = fresh.run("up", PIP_FIND_LINKS="/nowhere")
    assert (again.status, again.err) == (7, ""), "nothing to do, nothing to say"


def test_another_package_under_the_same_name_is_refused(fresh: Checkout) -> None:
    fresh.lock(MAIN_LOCK, "tiny==1.0 --hash=sha256:" + "0" * 64)
    ran = fresh.run("plan", "dev")
    assert (ran.status, ran.out) == (2, "")
    assert ran.last.startswith("qiao: a package is not the one the lock names; ")
    assert not fresh.mark.exists()


def test_a_package_without_a_hash_is_refused(fresh: Checkout) -> None:
    fresh.lock(MAIN_LOCK, "tiny==1.0")
    ran = fresh.run("plan", "dev")
    assert (ran.status, ran.out) == (2, "")
    assert not fresh.mark.exists()


def test_uv_is_used_where_it_is(with_uv: Checkout) -> None:
    ran = with_uv.run("plan", "dev")
    assert inside(with_uv, ran)
    assert with_uv.asked_of_uv() == [
        f"venv --quiet --python {sys.executable} {with_uv.venv}",
        install(with_uv, MAIN_LOCK),
    ]


def test_a_uv_that_does_not_run_is_as_good_as_none(with_uv: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{with_uv.bin}:/usr/bin:/bin")
    assert find_uv() == str(with_uv.bin / "uv")
    monkeypatch.setenv("UV_BROKEN", "127")
    assert find_uv() is None


@pytest.mark.parametrize("command", [("plan", "dev"), ("test", "-k", "x")])
def test_only_the_tests_need_the_development_lock(with_uv: Checkout, command: tuple[str, ...]) -> None:
    assert with_uv.run(*command).status == 7
    installed = with_uv.asked_of_uv()[1:]
    wanted = [MAIN_LOCK, DEV_LOCK] if command[0] == "test" else [MAIN_LOCK]
    assert installed == [install(with_uv, lock) for lock in wanted]
    assert sorted(json.loads(with_uv.mark.read_text())["locks"]) == sorted(wanted)


def test_the_development_lock_is_added_to_what_stands(made: Checkout) -> None:
    assert made.run("test").status == 7
    assert made.asked_of_uv() == [install(made, DEV_LOCK)]
    assert (made.venv / "kept").exists()
    assert made.run("plan", "dev").err == made.run("test").err == "", "both stand now"


@pytest.mark.parametrize(
    "how", ["no mark", "half a mark", "another lock", "another Python", "no interpreter", "a link"]
)
def test_what_is_stale_or_half_made_is_made_anew(made: Checkout, how: str) -> None:
    if how == "no mark":
        made.mark.unlink()
    elif how == "half a mark":
        made.mark.write_text(made.mark.read_text()[:10])
    elif how == "another lock":
        made.lock(MAIN_LOCK, "# changed")
    elif how == "another Python":
        made.mark.write_text(made.mark.read_text().replace(f'"{sys.version_info.major}.', '"2.'))
    elif how == "no interpreter":
        for name in ("python", "python3", f"python3.{sys.version_info.minor}"):
            (made.venv / "bin" / name).unlink(missing_ok=True)
            (made.venv / "bin" / name).symlink_to("/nowhere/python3")
    else:
        shutil.move(made.venv, made.root / "elsewhere")
        made.venv.symlink_to(made.root / "elsewhere")
        (made.root / "elsewhere" / "qiao-installed.json").unlink()
    ran = made.run("plan", "dev")
    assert inside(made, ran)
    assert made.asked_of_uv()[1] == install(made, MAIN_LOCK)
    assert not (made.venv / "kept").exists()
    assert made.run("plan", "dev").err == ""


def test_a_stale_environment_is_made_anew_from_inside_too(made: Checkout) -> None:
    """Whoever activated .venv and pulled a new lock gets its packages, and no import error."""
    made.lock(MAIN_LOCK, "# changed")
    ran = made.run("plan", "dev", python=str(made.venv / "bin" / "python"))
    assert inside(made, ran)
    assert ran.status == 7
    assert made.asked_of_uv()[1:] == [install(made, MAIN_LOCK)]
    assert not (made.venv / "kept").exists()
    assert made.run("plan", "dev", python=str(made.venv / "bin" / "python")).err == ""


def test_an_install_that_fails_leaves_no_mark_and_the_next_run_begins_again(with_uv: Checkout) -> None:
    failed = with_uv.run("plan", "dev", UV_SAYS="error: no such thing as a lunch", UV_TRUSTS="never")
    assert (failed.status, failed.out) == (2, "")
    assert failed.last == "qiao: installing failed: error: no such thing as a lunch; its words are above"
    assert not with_uv.mark.exists()
    assert with_uv.run("plan", "dev").status == 7


def test_uv_trusts_what_the_system_trusts_when_its_own_list_does_not_do(with_uv: Checkout) -> None:
    """Behind a company's proxy: pip and curl work, uv by itself does not."""
    says = "invalid peer certificate: UnknownIssuer"
    ran = with_uv.run("plan", "dev", UV_SAYS=says, UV_TRUSTS="11")
    assert ran.status == 7
    assert with_uv.asked_of_uv()[1:] == [install(with_uv, MAIN_LOCK)] * 2
    assert "qiao: once more, with the certificates that this system trusts\n" in ran.err


def test_a_certificate_that_the_system_does_not_trust_either_is_one_line(with_uv: Checkout) -> None:
    ran = with_uv.run("plan", "dev", UV_SAYS="invalid peer certificate: UnknownIssuer", UV_TRUSTS="never")
    assert (ran.status, ran.out) == (2, "")
    assert ran.last.startswith("qiao: the package index's certificate is not trusted here; name your authority's file")
    assert len(with_uv.asked_of_uv()) == 3


def test_an_install_of_the_development_lock_that_fails_takes_the_mark_along(made: Checkout) -> None:
    """Half a package looks like a whole one to pip: nothing of such an environment is trusted."""
    assert made.run("test", UV_SAYS="killed", UV_TRUSTS="never").status == 2
    assert made.run("plan", "dev").status == 7
    assert not (made.venv / "kept").exists()


def test_two_at_once_install_once(with_uv: Checkout) -> None:
    first, second = (with_uv.start("plan", str(number), UV_SLEEP="2") for number in (1, 2))
    errors = [process.communicate(timeout=60)[1] for process in (first, second)]
    assert [first.returncode, second.returncode] == [7, 7]
    assert sum("another qiao is installing; waiting for it" in error for error in errors) == 1
    assert with_uv.asked_of_uv()[1:] == [install(with_uv, MAIN_LOCK)]


def test_ctrl_c_ends_it_and_keeps_no_mark(with_uv: Checkout) -> None:
    process = with_uv.start("plan", "dev", UV_SLEEP="30")
    deadline = time.monotonic() + 30
    while len(with_uv.asked_of_uv()) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=20)
    assert process.returncode == 130
    assert error.strip().splitlines()[-1] == "qiao: interrupted; the next run begins again"
    assert "Traceback" not in error
    assert with_uv.run("plan", "dev").status == 7


def test_a_missing_lock_is_one_line(with_uv: Checkout) -> None:
    (with_uv.root / MAIN_LOCK).unlink()
    ran = with_uv.run("plan", "dev")
    assert (ran.status, ran.err) == (2, "qiao: requirements.txt is missing; run from a whole checkout\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_checkout_that_cannot_be_written_is_one_line(with_uv: Checkout) -> None:
    with_uv.root.chmod(0o555)
    ran = with_uv.run("plan", "dev")
    with_uv.root.chmod(0o755)
    assert ran.status == 2
    assert ran.err.startswith("qiao: cannot write .venv: Permission denied")


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    find = importlib.util.find_spec
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == missing else find(name))
    (tmp_path / MAIN_LOCK).touch()
    with pytest.raises(BootstrapError, match="apt install python3-venv"):
        Environment(tmp_path).prepare([MAIN_LOCK])
    assert not (tmp_path / ".venv").exists()


def test_an_old_python_is_told_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 13, "final", 0))
    assert qiao.__main__.run() == 2
    expected = "qiao: Python 3.10 is too old: use 3.11 or newer, as in python3.11 -m qiao\n"
    assert capsys.readouterr() == ("", expected)


@pytest.mark.parametrize("name", ["__init__.py", "__main__.py"])
def test_what_an_old_python_reads_is_no_syntax_error_to_it(name: str) -> None:
    tree = ast.parse((ROOT / "qiao" / name).read_text(), feature_version=(3, 7))
    for node in tree.body:
        assert not isinstance(node, ast.ImportFrom) or node.module == "__future__", "imports wait for the check"


@pytest.mark.parametrize("name", ["__main__.py", "bootstrap.py"])
def test_the_bootstrap_needs_the_standard_library_only(name: str) -> None:
    nodes = list(ast.walk(ast.parse((ROOT / "qiao" / name).read_text())))
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    foreign = {module for module in modules if module.split(".")[0] not in sys.stdlib_module_names}
    assert foreign == ({"qiao.bootstrap", "qiao.cli"} if name == "__main__.py" else set())


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("Failed to establish a new connection: [Errno -3] Temporary failure in name resolution", "cannot be reached"),
        ("Max retries exceeded with url: /simple/x\nERROR: No matching distribution found for x", "cannot be reached"),
        ("cause: error sending request for url\ncause: dns error", "cannot be reached"),
        ("hint: Packages were unavailable because the network was disabled.", "cannot be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one the lock names"),
        ("error: Hash mismatch for `x==1.0`", "not the one the lock names"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "certificate is not trusted"),
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("first\n\nlast words\n", "installing failed: last words; its words are above"),
        ("", "the installer said nothing"),
    ],
)
def test_what_installers_say_at_length_is_told_in_one_line(words: str, line: str) -> None:
    told = explain(words)
    assert line in told
    assert "\n" not in told
