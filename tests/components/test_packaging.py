"""Archives of code: the same files always make the same one, any other files another, and nothing strange gets in."""

from __future__ import annotations

import os
import stat
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pulumi
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from components import packaging
from components.errors import UserError
from components.packaging import Archive

Files = Mapping[str, tuple[bytes, bool]]

NAMES = st.text("abcXYZ019._- é", min_size=1, max_size=8).map(lambda text: "n" + text.strip())
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
CONTENTS = st.tuples(st.binary(max_size=64), st.booleans())
TREES = st.dictionaries(PATHS, CONTENTS, min_size=1, max_size=6).filter(
    lambda files: not any(other.startswith(name + "/") for name in files for other in files)
)
each_example_its_own_folder = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def write(folder: Path, files: Files, *, age: int = 0) -> Path:
    for name, (content, executable) in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(0o755 if executable else 0o640)
        os.utime(path, (1_700_000_000 + age, 1_700_000_000 + age))
    return folder


def pack(folder: Path, **more: object) -> Archive:
    return packaging.archive("code", str(folder), **more)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@given(files=TREES, age=st.integers(0, 10**6), data=st.data())
@each_example_its_own_folder
def test_same_files_same_bytes_whatever_the_order_or_the_clock(
    tmp_path_factory: pytest.TempPathFactory, files: Files, age: int, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(list(files)))
    results = []
    for folder, tree in ((1, files), (2, {name: files[name] for name in order})):
        base = tmp_path_factory.mktemp(f"machine{folder}")
        os.chdir(base)
        archive = pack(write(base / "app", tree, age=age * folder))
        results.append((archive, Path(archive.path).read_bytes()))
    assert results[0] == results[1]


@given(files=TREES, data=st.data())
@each_example_its_own_folder
def test_any_change_of_content_name_or_mode_is_another_archive(
    tmp_path_factory: pytest.TempPathFactory, files: Files, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(sorted(files)))
    content, executable = files[name]
    change = data.draw(st.sampled_from(["content", "name", "mode", "gone", "more"]))
    changed = dict(files)
    if change == "content":
        changed[name] = (content + b"x", executable)
    elif change == "name":
        changed[name + "2"] = changed.pop(name)
    elif change == "mode":
        changed[name] = (b"plain" + content, executable)
        files = changed | {name: (b"plain" + content, not executable)}
    elif change == "gone":
        del changed[name]
    else:
        changed["zzz-more"] = (b"", False)
    if not changed:
        changed["other"] = (content, executable)
    before = pack(write(tmp_path_factory.mktemp("before"), files)).sha256
    assert pack(write(tmp_path_factory.mktemp("after"), changed)).sha256 != before


def test_the_path_is_relative_and_named_by_the_hash(here: Path) -> None:
    write(here / "app", {"index.py": (b"x", False)})
    archive = pack(Path("app"))
    assert archive.path == f".qiao/build/{archive.sha256}.zip"
    assert (here / archive.path).is_file()
    assert pack(here / "app") == archive


def test_a_folder_is_relative_to_the_project_and_the_archive_to_the_program(here: Path) -> None:
    """With `main: ../..` the program runs elsewhere than its Pulumi.yaml lies, and the provider runs there too."""
    write(here / "examples" / "chat" / "app", {"index.py": (b"x", False)})
    pulumi.runtime.reset_options(project="p", stack="s", root_directory=str(here / "examples" / "chat"))
    try:
        assert packaging.project_path("app") == Path("examples/chat/app")
        assert pack(Path("app")).path.startswith(".qiao/build/")
    finally:
        pulumi.runtime.reset_options(project="p", stack="s")


def test_entries_are_sorted_with_fixed_dates_and_plain_modes(here: Path) -> None:
    files = {"b.py": (b"b", False), "a/z.py": (b"z", False), "a.py": (b"a", False), "bin/tool": (b"\x7fELF", True)}
    files |= {"run.sh": (b"echo", False), "start": (b"#!/bin/sh\n", False)}
    with zipfile.ZipFile(pack(write(here / "app", files)).path) as packed:
        assert packed.testzip() is None
        infos = packed.infolist()
        assert {info.filename: packed.read(info) for info in infos} == {name: body for name, (body, _) in files.items()}
    assert [info.filename for info in infos] == ["a.py", "a/z.py", "b.py", "bin/tool", "run.sh", "start"]
    assert {info.date_time for info in infos} == {(1980, 1, 1, 0, 0, 0)}
    assert {info.create_system for info in infos} == {3}
    modes = {info.filename: info.external_attr >> 16 for info in infos}
    plain, runs = stat.S_IFREG | 0o644, stat.S_IFREG | 0o755
    assert modes == {
        "a.py": plain, "a/z.py": plain, "b.py": plain,
        "bin/tool": runs, "run.sh": runs, "start": runs,
    }  # fmt: skip


def names(archive: Archive) -> list[str]:
    with zipfile.ZipFile(archive.path) as packed:
        return packed.namelist()


def test_caches_history_and_secrets_stay_out(here: Path) -> None:
    kept = {"index.py": (b"", False), "node_modules/x/index.js": (b"", False), "a/.gitignore": (b"", False)}
    left = [".git/config", ".venv/bin/python", "a/__pycache__/m.pyc", "m.pyc", "node_modules/.cache/x", ".env",
            ".env.prod", "a/.DS_Store", ".qiao/build/x.zip"]  # fmt: skip
    write(here / "app", kept | dict.fromkeys(left, (b"x", False)))
    assert names(pack(here / "app")) == sorted(kept)


def test_own_patterns_leave_out_and_take_back_in(here: Path) -> None:
    files = ["index.py", "data/big.bin", "data/small.txt", "tests/test_x.py", "sub/tests/t.py", ".env"]
    write(here / "app", dict.fromkeys(files, (b"x", False)))
    ignore = ["*.bin", "/tests/", "!.env"]
    assert names(pack(here / "app", ignore=ignore)) == [".env", "data/small.txt", "index.py", "sub/tests/t.py"]


def test_links_inside_are_packed_as_what_they_point_to(here: Path) -> None:
    app = write(here / "app", {"lib/real.py": (b"real", False)})
    (app / "alias.py").symlink_to("lib/real.py")
    (app / "lib2").symlink_to("lib")
    with zipfile.ZipFile(pack(app).path) as packed:
        assert packed.namelist() == ["alias.py", "lib/real.py", "lib2/real.py"]
        assert packed.read("alias.py") == b"real"
        assert all(stat.S_ISREG(info.external_attr >> 16) for info in packed.infolist())


@pytest.mark.parametrize("target", ["../secret", "../outside", "/etc/hostname"])
def test_links_that_lead_out_are_refused(here: Path, target: str) -> None:
    write(here, {"secret": (b"s3cret", False), "outside/x": (b"", False)})
    app = write(here / "app", {"index.py": (b"", False)})
    (app / "leak").symlink_to(target)
    with pytest.raises(UserError, match="code: leak is a link that leads out of the folder"):
        pack(app)
    assert names(pack(app, ignore=["leak"])) == ["index.py"]


def test_circles_dangling_links_and_pipes_are_refused(here: Path) -> None:
    app = write(here / "app", {"a/index.py": (b"", False)})
    (app / "a" / "up").symlink_to("..")
    with pytest.raises(UserError, match="a/up is a link to a folder around it"):
        pack(app)
    (app / "a" / "up").unlink()
    (app / "gone").symlink_to("nothing")
    with pytest.raises(UserError, match="gone is a link to nothing"):
        pack(app)
    (app / "gone").unlink()
    os.mkfifo(app / "pipe")
    with pytest.raises(UserError, match="pipe is neither a file nor a folder"):
        pack(app)


def test_a_missing_or_empty_folder_is_one_clear_error(here: Path) -> None:
    with pytest.raises(UserError, match="code: app is not a folder"):
        pack(Path("app"))
    (here / "app").write_text("a file")
    with pytest.raises(UserError, match="code: app is not a folder"):
        pack(Path("app"))
    write(here / "only", {".git/config": (b"", False)})
    with pytest.raises(UserError, match="holds no file"):
        pack(Path("only"))


def test_a_folder_too_large_names_what_fills_it(here: Path) -> None:
    app = write(here / "app", {"index.py": (b"", False)})
    with (app / "weights.bin").open("wb") as file:
        file.truncate((1 << 20) + 1)
    with pytest.raises(UserError, match=r"1 MiB of 1 allowed, most of it weights\.bin"):
        pack(app, limit_mb=1)
    assert not list(here.glob(".qiao/build/*"))
    assert names(pack(app, limit_mb=2)) == ["index.py", "weights.bin"]


def test_an_interrupted_write_leaves_nothing_behind(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = write(here / "app", {"a.py": (b"a", False), "b.py": (b"b", False)})

    def fails(packed: zipfile.ZipFile, entry: packaging.Entry) -> None:
        if entry.name == "b.py":
            raise KeyboardInterrupt
        original(packed, entry)

    original = packaging._add
    monkeypatch.setattr(packaging, "_add", fails)
    with pytest.raises(KeyboardInterrupt):
        pack(app)
    assert list(here.glob(".qiao/build/*")) == []
    monkeypatch.setattr(packaging, "_add", original)
    assert names(pack(app)) == ["a.py", "b.py"]


def test_two_lists_that_run_together_are_told_apart(here: Path) -> None:
    entry = packaging.Entry(name="a", source=here / "f", executable=False, size=0)
    (here / "f").write_bytes(b"")
    assert packaging.fingerprint([entry], "ab", "c") != packaging.fingerprint([entry], "a", "bc")
