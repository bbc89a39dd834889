"""The suite catches every breakage of the table. Slow for a unit test: a pytest run a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutations.runner import ROOT, Mutation, copy_tree, run_tests
from tests.mutations.table import MUTATIONS

every_row = pytest.mark.parametrize("row", MUTATIONS, ids=lambda row: row.id)


def test_table_is_long_enough_and_each_row_is_its_own() -> None:
    assert len({row.id for row in MUTATIONS}) == len(MUTATIONS) >= 25
    assert len({(row.file, row.old, row.new) for row in MUTATIONS}) == len(MUTATIONS)


@every_row
def test_row_is_not_stale(row: Mutation) -> None:
    assert (ROOT / row.file).is_file(), f"{row.id} is stale: {row.file} is gone"
    assert row.occurrences() == 1, f"{row.id} is stale: its old text occurs {row.occurrences()} times in {row.file}"
    assert row.old != row.new


@pytest.mark.mutation
def test_unbroken_tree_passes(tmp_path: Path) -> None:
    """Else a row could be 'caught' by a test that fails anyway."""
    selections = sorted({test for row in MUTATIONS for test in row.tests})
    verdict = run_tests(copy_tree(tmp_path), selections)
    assert verdict.code == 0, verdict.text
    assert verdict.passed >= len(selections)


@pytest.mark.mutation
@every_row
def test_breakage_is_caught(row: Mutation, tmp_path: Path) -> None:
    row.apply(copy_tree(tmp_path))
    verdict = run_tests(tmp_path, row.tests)
    assert verdict.caught, f"{row.id} went unnoticed (exit {verdict.code}): {row.why}\n{verdict.text}"


@pytest.mark.mutation
@pytest.mark.parametrize(
    "new",
    [
        pytest.param('"""Harmless."""', id="changes-nothing"),
        pytest.param('"""Does not compile.""" (', id="cannot-be-imported"),
        pytest.param("raise NameError", id="does-not-run"),
    ],
)
def test_the_runner_is_not_fooled(new: str, tmp_path: Path) -> None:
    """A row that breaks nothing, or everything, proves nothing about the suite."""
    row = Mutation(
        id="control", why="none", file="components/base.py", new=new,
        old='"""All tags of this component\'s resources."""',
        tests=("tests/contract/test_tags.py::test_everything_taggable_is_tagged[volcengine-network-minimal-dev]",),
    )  # fmt: skip
    assert row.occurrences() == 1
    row.apply(copy_tree(tmp_path))
    assert not run_tests(tmp_path, row.tests).caught
