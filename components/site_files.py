"""A folder of files as a browser gets them: names, content types, how long each is kept, and what tells a change."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath
from urllib.parse import quote

import pathspec

from components import packaging
from components.errors import UserError
from components.packaging import Entry
from components.site_types import content_type

IGNORED = (".*", "!.well-known/", ".DS_Store", "Thumbs.db", "desktop.ini")
"""Left out of every site, in .gitignore's way: what begins with a dot (history, settings of tools, files of secrets)
but for `.well-known`, and litter of desktops. A pattern of one's own that begins with `!` takes one back in."""

MOST_FILES = 2000
"""Most files of a site: each is a resource of its own, and several KiB of state."""
LARGEST_FILE_MB = 512
"""Most MiB of one file: each is sent in one go, and begun anew when that breaks."""
LARGEST_SITE_MB = 4096
"""Most MiB of all files together: all are read in every plan."""
LONGEST_NAME = 800
"""Most bytes of a name: what every cloud's bucket takes."""

NO_CACHE = "no-cache"
"""What is asked about before each use: pages, whose names do not change when they do."""
A_YEAR = "public, max-age=31536000, immutable"
"""Kept for good: a name that holds a hash of what is behind it."""
AN_HOUR = "public, max-age=3600"
"""All else."""

HASHED = re.compile(r"(?:^|[.\-_])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{8,64}[.\-_]")
"""A hash inside a name: eight or more hexadecimal digits of both kinds. Digits alone are a date more often than not."""
NOT_KEPT = ("no-cache", "no-store", "private")
"""Words of a Cache-Control header by which nobody on the way keeps an answer unasked."""


@dataclass(frozen=True, kw_only=True)
class SiteFile:
    """One file of a site."""

    name: str
    """Path inside the site, with `/`, in composed Unicode: as pages write it, whatever the disk made of it."""
    source: str
    """Where its content lies, relative to where the program runs."""
    content_type: str
    """What it is, with the character set where it is text."""
    cache_control: str
    """How long it may be kept."""
    md5: str
    """Hash of its content, in hexadecimal digits: what buckets report as its ETag."""

    @property
    def kept(self) -> bool:
        """Whether a content delivery network may keep it."""
        said = {word.strip() for word in self.cache_control.lower().split(",")}
        # What is said to those on the way alone goes before what is said to all.
        ages = [word.partition("=")[2] for key in ("s-maxage=", "max-age=") for word in said if word.startswith(key)]
        return not said.intersection(NOT_KEPT) and ages[:1] != ["0"]

    @property
    def hashed(self) -> bool:
        """Whether its name changes when its content does."""
        return bool(HASHED.search(PurePosixPath(self.name).name))

    @property
    def mark(self) -> str:
        """What changes when what a browser gets of it does: its content, or what is said of it."""
        said = f"{self.md5} {self.content_type} {self.cache_control}"
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def paths(self, index: str) -> list[str]:
        """Paths that it answers on, as addresses write them: its own, and its folder's where it is an index page."""
        own = f"/{quote(self.name)}"
        folder = own.removesuffix(quote(index))
        return [own, folder] if PurePosixPath(self.name).name == index else [own]


def look(where: str, folder: str, ignore: Sequence[str] = ()) -> list[Entry]:
    """The files that a site of a folder would serve, in the order of their names. Reads no content.

    Args:
        where: the place the user named the folder, for errors.
        folder: the folder, relative to the project.
        ignore: patterns left out beside the usual ones.

    Raises:
        UserError: the folder is missing, holds nothing or too much, or what no site should (names that differ in case
            alone, a link that leads out of it).
    """
    ignored = pathspec.GitIgnoreSpec.from_lines((*IGNORED, *ignore)).match_file
    try:
        entries = packaging.listing(where, folder, ignored)
    except OSError as error:
        raise _unreadable(where, PurePath(error.filename or folder).name, error) from None
    if not entries:
        raise UserError(where, f"{folder} holds no file", "build the site into it, or mend the ignore patterns")
    _check_sizes(where, folder, entries)
    _check_names(where, entries)
    return entries


def plan(
    where: str,
    folder: str,
    *,
    ignore: Sequence[str] = (),
    cache: Mapping[str, str] | None = None,
    content_types: Mapping[str, str] | None = None,
) -> list[SiteFile]:
    """The files of a site, read. Raises what `look` does, and for a file that cannot be read.

    Args:
        where: the place the user named the folder, for errors.
        folder: the folder, relative to the project.
        ignore: patterns left out beside the usual ones.
        cache: Cache-Control by pattern, in .gitignore's way; the last that matches wins.
        content_types: content types by pattern, likewise.
    """
    root = packaging.project_path(folder)
    headers, types = _by_pattern(cache or {}), _by_pattern(content_types or {})
    files = []
    for entry in look(where, folder, ignore):
        name = composed(entry.name)
        kind = _last(types, name) or content_type(name)
        try:
            md5 = _md5(entry)
        except OSError as error:
            raise _unreadable(where, entry.name, error) from None
        # Not the entry's own path: that one is absolute, and state must hold no path of one machine.
        source = (root / entry.name).as_posix()
        files.append(
            SiteFile(
                name=name, content_type=kind, cache_control=_last(headers, name) or usual_cache(name, kind), md5=md5,
                # The provider's plugin takes a path that begins with `~` for one in a home folder.
                source=f"./{source}" if source.startswith("~") else source,
            )
        )  # fmt: skip
    return files


def usual_cache(name: str, kind: str) -> str:
    """How long a file is kept where nobody says otherwise."""
    if kind.partition(";")[0] in ("text/html", "application/xhtml+xml"):
        return NO_CACHE
    return A_YEAR if HASHED.search(PurePosixPath(name).name) else AN_HOUR


def composed(name: str) -> str:
    """A name in composed Unicode: some file systems hand out letters and their accents apart."""
    return unicodedata.normalize("NFC", name)


def _check_sizes(where: str, folder: str, entries: Sequence[Entry]) -> None:
    if len(entries) > MOST_FILES:
        what = f"{folder} holds {len(entries)} files, and a site takes {MOST_FILES}"
        instead = "ignore what no page needs; put pictures and downloads in a bucket that the cloud's own tool fills"
        raise UserError(where, what, instead)
    largest = max(entries, key=lambda entry: entry.size)
    if largest.size > LARGEST_FILE_MB << 20:
        what = f"{largest.name} has {largest.size >> 20} MiB of {LARGEST_FILE_MB} allowed"
        raise UserError(where, what, "put it in a bucket of its own, and link to it")
    total = sum(entry.size for entry in entries)
    if total > LARGEST_SITE_MB << 20:
        what = f"{folder} holds {total >> 20} MiB of {LARGEST_SITE_MB} allowed, most of it {largest.name}"
        raise UserError(where, what, "put pictures and downloads in a bucket of their own, and link to them")


def _check_names(where: str, entries: Sequence[Entry]) -> None:
    seen: dict[str, str] = {}
    for entry in entries:
        name = composed(entry.name)
        if re.search(r"[\x00-\x1f\x7f\\]", name):
            raise UserError(where, f"{name!r} holds a control character or a backslash", "rename the file")
        if len(name.encode()) > LONGEST_NAME:
            raise UserError(where, f"{name[:60]}... is longer than {LONGEST_NAME} bytes", "shorten the path")
        # Its folders too: on a disk that does not tell them apart, a checkout has one of both, and an `up` from there
        # removes files, or moves them.
        for part in (entry.name, *(path.as_posix() for path in PurePosixPath(entry.name).parents)):
            other = seen.setdefault(composed(part).casefold(), part)
            if other != part:
                raise UserError(where, f"{other} and {part} differ in case or accents alone", "rename one of them")


def _unreadable(where: str, name: str, error: OSError) -> UserError:
    reason = (error.strerror or type(error).__name__).lower()
    return UserError(where, f"{name} cannot be read ({reason})", "give the user who runs this the right to read it")


def _by_pattern(values: Mapping[str, str]) -> list[tuple[pathspec.GitIgnoreSpec, str]]:
    return [(pathspec.GitIgnoreSpec.from_lines([pattern]), value) for pattern, value in values.items()]


def _last(values: Sequence[tuple[pathspec.GitIgnoreSpec, str]], name: str) -> str | None:
    return next((value for spec, value in reversed(values) if spec.match_file(name)), None)


def _md5(entry: Entry) -> str:
    with entry.source.open("rb") as file:
        # What buckets hash by: it tells a change, and proves nothing.
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
