"""`qiao plan --html`: the picture is written whole, over nothing else, and beside the other forms."""

from __future__ import annotations

from pathlib import Path

import pytest

from qiao.cli import main
from qiao.plan.picture import is_picture


def test_the_picture_of_a_stage_is_written_and_drawn_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "dev.html"
    assert main(["plan", "dev", "--html", str(page)]) == 0
    first = page.read_bytes()
    assert is_picture(page)
    assert b"qiao, stage dev" in first
    assert b"agent-function-release-guard" in first
    assert capsys.readouterr().out.startswith("qiao, stage dev, planned offline")
    assert main(["plan", "dev", "--html", str(page)]) == 0
    assert page.read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["dev.html"]


def test_another_file_is_not_drawn_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = tmp_path / "notes.html"
    page.write_text("<p>mine</p>")
    assert main(["plan", "dev", "--html", str(page)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err == (
        "qiao: notes.html: is there, and is no picture of a plan; give another name; nothing was written\n"
    )
    assert page.read_text() == "<p>mine</p>"


def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "dev", "--html", str(tmp_path / "no" / "dev.html")]) == 2
    assert capsys.readouterr().err.startswith("qiao: dev.html: cannot be written: No such file or directory; ")


def test_a_difference_is_not_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "old.json"
    assert main(["plan", "dev", "--save", str(old)]) == 0
    capsys.readouterr()
    assert main(["plan", "dev", "--diff", str(old), "--html", str(tmp_path / "x.html")]) == 2
    assert capsys.readouterr().err.startswith("qiao: --html: draws one plan, not a difference; ")
    assert not (tmp_path / "x.html").exists()
