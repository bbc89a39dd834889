"""Bad input: one clear error, before any resource is asked for, exit status 2, and never a secret in it."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.errors import UserError
from qiao.cli import main
from qiao.plan.recorder import record
from stacks.program import deploy
from stacks.stagefile import file_of
from tests.bad_input.row import APP, CANARY, Row, changed
from tests.bad_input.secret_rows import DECRYPTED_ROWS, SEALED, SEALED_ROWS
from tests.bad_input.table import TABLE
from tests.qiao.command import Machine

GOOD = Row(id="good", message="")


def project(folder: Path) -> Path:
    """A folder of a name that no message depends on."""
    path = folder / "project"
    path.mkdir()
    return path


def test_two_that_wait_may_be_linked(tmp_path: Path, requests: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A link to one that waits is refused only where the caller does not wait itself."""
    bot = changed(APP, {"enabled": False})
    row = Row(id="two", message="", apps={"agent": bot | {"links": ["bot"]}, "bot": bot})
    assert main(row.write(project(tmp_path))) == 0
    assert capsys.readouterr().err == ""
    assert "RegisterResource volcengine:vefaas/function:Function" not in requests


def told(row: Row, folder: Path) -> str:
    """What is to be said, a line a mistake."""
    return "".join(f"qiao: {line.replace('{project}', str(folder))}\n" for line in row.message.splitlines())


def test_the_good_stage_that_rows_change_is_good(
    tmp_path: Path, requests: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Else every row could fail for another reason; and the spy sees what there is to see."""
    assert main(GOOD.write(project(tmp_path))) == 0
    assert capsys.readouterr().err == ""
    assert "RegisterResource volcengine:vefaas/function:Function" in requests
    assert "RegisterResource qiao:app:Agent" in requests


@pytest.mark.parametrize("row", TABLE, ids=[row.id for row in TABLE])
def test_bad_input_is_refused_before_anything_is_asked_for(
    row: Row, tmp_path: Path, requests: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = project(tmp_path)
    before = set(tmp_path.rglob("*"))
    status = main(arguments := row.write(folder))
    out, err = capsys.readouterr()
    assert err == told(row, folder)
    assert (status, out, requests) == (2, "", [])
    assert CANARY not in out + err, arguments
    assert not [path for path in set(tmp_path.rglob("*")) - before if path.suffix == ".zip"]


def test_the_table_is_large_and_each_row_its_own() -> None:
    assert len(TABLE) >= 110
    assert len({row.id for row in TABLE}) == len(TABLE)
    # One mistake, one line: two only where two values are wrong.
    several = {row.id for row in TABLE if "\n" in row.message}
    assert several == {"zones-of-numbers", "zones-of-lists"}
    for row in TABLE:
        for line in row.message.splitlines():
            where, _, rest = line.partition(": ")
            what, _, instead = rest.partition("; ")
            assert all((where, what, instead)), row.id


@pytest.mark.parametrize("row_id", ["file-empty", "key-unknown", "stage-missing", "auth-not-of-this-cloud"])
def test_the_command_itself_ends_with_status_2(row_id: str, tmp_path: Path) -> None:
    row = next(row for row in TABLE if row.id == row_id)
    folder = project(tmp_path)
    ran = Machine(tmp_path).qiao(*row.write(folder))
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", told(row, folder))


def in_clear(value: Any) -> Any:
    """A configuration value as an engine hands it over: decrypted."""
    if value == SEALED:
        return CANARY
    if isinstance(value, dict):
        return {key: in_clear(item) for key, item in value.items()}
    return [in_clear(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("row", [*SEALED_ROWS, *DECRYPTED_ROWS], ids=lambda row: row.id)
def test_a_decrypted_secret_is_refused_where_it_may_not_be_and_never_shown(
    row: Row, tmp_path: Path, requests: list[str]
) -> None:
    folder = project(tmp_path)
    row.write(folder)
    stored = yaml.safe_load(file_of(folder, row.stage).read_text())["config"]
    config = {key: _text(in_clear(value)) for key, value in stored.items()}
    encrypted = [key for key, value in stored.items() if in_clear(value) != value]
    with pytest.raises(UserError) as caught:
        record(partial(deploy, folder), stack=row.stage, config=config, secret_keys=encrypted)
    assert str(caught.value) == row.message
    assert CANARY not in repr(caught.value) + str(vars(caught.value))
    assert requests == []


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
