"""The locks say exactly what is installed: one version and its hashes for each package, from no place in particular."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest

from qiao.bootstrap import DEV_LOCK, MAIN_LOCK, ROOT

LOCKS = (MAIN_LOCK, DEV_LOCK)


def packages(lock: str) -> dict[str, str]:
    """Name and version of every package of a lock."""
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE))


def declared() -> dict[str, Any]:
    """What pyproject.toml says of the project."""
    found: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_pinned_and_hashed(lock: str) -> None:
    entries = re.split(r"^(?=[^\s#])", (ROOT / lock).read_text(), flags=re.MULTILINE)[1:]
    assert len(entries) == len(packages(lock))
    for entry in entries:
        assert re.match(r"[a-z0-9-]+==\S+ (; [^\\]+)?\\\n    --hash=sha256:[0-9a-f]{64}", entry), entry[:80]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_says_how_it_is_made_and_names_no_machine(lock: str) -> None:
    text = (ROOT / lock).read_text()
    command = text.splitlines()[1]
    assert command.startswith("#    uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes")
    assert command.endswith(f"--output-file {lock}")
    assert not re.search(r"://|--index|--find-links|(^|[\s'\"])/\w", text)


def test_the_locks_hold_what_the_project_declares() -> None:
    project = declared()
    for lock, wanted in ((MAIN_LOCK, project["dependencies"]),
                         (DEV_LOCK, project["dependencies"] + project["optional-dependencies"]["dev"])):  # fmt: skip
        there = packages(lock)
        pins = {name.replace(".", "-"): version for name, version in (each.split("==") for each in wanted)}
        assert {name: there.get(name) for name in pins} == pins, f"refresh {lock}: its heading says how"


def test_tests_run_on_the_very_versions_that_users_run() -> None:
    main, dev = packages(MAIN_LOCK), packages(DEV_LOCK)
    assert {name: dev.get(name) for name in main} == main
