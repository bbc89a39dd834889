"""A folder of code as an archive that is the same on every machine: same files, same name, same bytes.

The name is the hash of what is inside (paths, executable bits, contents), not of the archive's bytes: two machines
whose compressors differ still agree that nothing changed, so nothing is released.
"""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pathspec
import pulumi

from components.errors import UserError

IGNORED = (
    ".git/", ".svn/", ".hg/", ".qiao/", ".venv/", "__pycache__/", "*.py[co]", ".pytest_cache/", ".mypy_cache/",
    ".ruff_cache/", ".hypothesis/", "node_modules/.cache/", ".idea/", ".vscode/", ".DS_Store", ".env", ".env.*",
)  # fmt: skip
"""Left out of every archive, in .gitignore's way: history, caches, and files that hold secrets by custom. A pattern of
one's own that begins with `!` takes one back in."""

BUILD_FOLDER = Path(".qiao/build")
"""Where archives lie, relative to where the program runs: state must hold no path of one machine."""

LIMIT_MB = 256
"""Most MiB that a folder may hold, before compression: more is nearly always the wrong folder."""

_FORMAT = b"qiao archive 1"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date a zip archive can hold
_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One file of a folder."""

    name: str
    """Path inside the folder, with `/`."""
    source: Path
    """Where its content lies; for a symbolic link, what it points to."""
    executable: bool
    """Whether it can be run."""
    size: int
    """Bytes."""


@dataclass(frozen=True, kw_only=True)
class Archive:
    """A folder's archive."""

    path: str
    """The file, relative to where the program runs."""
    sha256: str
    """Hash of what is inside: the archive's identity."""


def project_path(path: str) -> Path:
    """A path of the settings, which is relative to the project, from where the program runs."""
    root = Path(pulumi.get_root_directory() or ".")
    # Outside an engine the SDK answers with nothing, or a word that is no path: then the program stands in the project.
    return Path(os.path.relpath(root / path if root.is_absolute() else path))


def archive(
    where: str, folder: str, ignore: Sequence[str] = (), *, limit_mb: int = LIMIT_MB, added: Sequence[Entry] = ()
) -> Archive:
    """Zip a folder into `.qiao/build/<hash>.zip`, or find that this is done already.

    Args:
        where: the place the user named the folder, for errors.
        folder: the folder, relative to the project.
        ignore: patterns left out beside the usual ones.
        limit_mb: most MiB that it may hold.
        added: files put beside those of the folder, which must hold none of their names.

    Raises:
        UserError: the folder is missing, empty or too large, or holds what no archive should (a link that leads out of
            it, a device).
    """
    entries = sorted([*check(where, folder, ignore, limit_mb=limit_mb), *added], key=lambda entry: entry.name)
    digest = fingerprint(entries)
    target = BUILD_FOLDER / f"{digest}.zip"
    if not target.exists():
        _write(target, entries)
    return Archive(path=target.as_posix(), sha256=digest)


def check(where: str, folder: str, ignore: Sequence[str] = (), *, limit_mb: int = LIMIT_MB) -> list[Entry]:
    """The files that an archive of a folder would hold. Raises what `archive` does, and writes nothing."""
    entries = listing(where, folder, pathspec.GitIgnoreSpec.from_lines((*IGNORED, *ignore)).match_file)
    if not entries:
        raise UserError(where, f"{folder} holds no file", "put code there, or mend the ignore patterns")
    _check_size(where, entries, limit_mb)
    return entries


def listing(where: str, folder: str, ignored: Callable[[str], bool]) -> list[Entry]:
    """The files of a folder, in the order of their names.

    Args:
        where: the place the user named the folder, for errors.
        folder: the folder, relative to the project.
        ignored: whether to leave out a path inside the folder; a folder's ends with `/`, and nothing below it is asked.
    """
    root = project_path(folder)
    if not root.is_dir():
        raise UserError(where, f"{folder} is not a folder", "give a folder, relative to the project")
    return sorted(_Walk(where, root.resolve(), ignored).files(), key=lambda entry: entry.name)


def fingerprint(entries: Sequence[Entry], *more: str) -> str:
    """Hash of the names, executable bits and contents of files, and of further words."""
    total = hashlib.sha256(_FORMAT)
    for entry in entries:
        content = hashlib.sha256()
        for chunk in _chunks(entry.source):
            content.update(chunk)
        # Lengths first: no two lists of files may run together into the same bytes.
        name = entry.name.encode()
        total.update(b"%d %d " % (len(name), entry.executable) + name + content.digest())
    for word in more:
        total.update(b"%d " % len(word.encode()) + word.encode())
    return total.hexdigest()


@dataclass(frozen=True)
class _Walk:
    """One pass through a folder: links are followed as long as they stay inside."""

    where: str
    root: Path
    ignored: Callable[[str], bool]

    def files(self, folder: Path | None = None, prefix: str = "", above: tuple[Path, ...] = ()) -> Iterator[Entry]:
        here = (folder or self.root).resolve()
        if here in above:
            self._refuse(prefix.rstrip("/"), "is a link to a folder around it", "remove the link, or ignore it")
        for item in (folder or self.root).iterdir():
            name = prefix + item.name
            if self.ignored(name + "/" if item.is_dir() else name):
                continue
            self._check(item, name)
            if item.is_dir():
                yield from self.files(item, name + "/", (*above, here))
            else:
                status = item.stat()
                yield Entry(name=name, source=item, executable=_runs(item, status.st_mode), size=status.st_size)

    def _check(self, item: Path, name: str) -> None:
        """Refuse what must not or cannot be packed: contents from elsewhere, and files that are no files."""
        try:
            name.encode()
        except UnicodeEncodeError:
            self._refuse(repr(name), "is not a UTF-8 name", "rename the file")
        if item.is_symlink() and not item.resolve().is_relative_to(self.root):
            self._refuse(name, "is a link that leads out of the folder", "copy what it points to, or ignore it")
        if not item.exists():
            self._refuse(name, "is a link to nothing", "remove it, or ignore it")
        if not item.is_file() and not item.is_dir():
            self._refuse(name, "is neither a file nor a folder", "remove it, or ignore it")

    def _refuse(self, name: str, what: str, instead: str) -> NoReturn:
        raise UserError(self.where, f"{name} {what}", instead)


def _runs(item: Path, mode: int) -> bool:
    """Whether a file can be run: by its own bit, or by what it is, for checkouts that lost the bit."""
    if mode & stat.S_IXUSR or item.name == "run.sh":
        return True
    with item.open("rb") as file:
        return file.read(2) == b"#!"


def _check_size(where: str, entries: Sequence[Entry], limit_mb: int) -> None:
    total = sum(entry.size for entry in entries)
    if total > limit_mb << 20:
        largest = max(entries, key=lambda entry: entry.size)
        raise UserError(
            where, f"the folder holds {total >> 20} MiB of {limit_mb} allowed, most of it {largest.name}",
            "ignore what the code does not need, or use an image",
        )  # fmt: skip


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _write(target: Path, entries: Sequence[Entry]) -> None:
    """Write whole or not at all: an interrupted run must leave no archive under a name that promises its content."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=target.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for entry in entries:
                _add(packed, entry)
        Path(unfinished).replace(target)
    except BaseException:
        Path(unfinished).unlink(missing_ok=True)
        raise


def _add(packed: zipfile.ZipFile, entry: Entry) -> None:
    info = zipfile.ZipInfo(entry.name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3  # Unix, whatever packs: only then are the mode bits read
    info.external_attr = (stat.S_IFREG | (0o755 if entry.executable else 0o644)) << 16
    with packed.open(info, "w") as file:
        for chunk in _chunks(entry.source):
            file.write(chunk)
