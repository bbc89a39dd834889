"""Files of a site: what is served under which name, as what, for how long; and what no site can be made of."""

from __future__ import annotations

import errno
import hashlib
import mimetypes
import os
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components import packaging, site_files, site_types
from components.errors import UserError
from components.site_files import A_YEAR, AN_HOUR, NO_CACHE, SiteFile, look, plan, usual_cache
from components.site_types import TYPES, UNKNOWN, content_type

WHERE = "WebsiteArgs.folder of site"
ACCENTED = "café.html"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(files: Mapping[str, bytes], folder: str = "public") -> None:
    for name, content in files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def served(*names: str, **more: Any) -> dict[str, SiteFile]:
    """The files of a folder that holds these names, by the names they are served under."""
    write(dict.fromkeys(names, b"x"))
    return {file.name: file for file in plan(WHERE, "public", **more)}


def refused(**more: Any) -> str:
    with pytest.raises(UserError) as error:
        plan(WHERE, "public", **more)
    assert error.value.where == WHERE
    return f"{error.value.what}; {error.value.instead}"


def test_a_file_is_its_path_its_hash_and_where_it_lies_seen_from_the_program() -> None:
    write({"css/site.css": b"body{}", "index.html": b""})
    css, index = plan(WHERE, "public")
    assert (css.name, css.source) == ("css/site.css", "public/css/site.css")
    assert css.md5 == hashlib.md5(b"body{}", usedforsecurity=False).hexdigest()
    assert (index.name, index.md5) == ("index.html", "d41d8cd98f00b204e9800998ecf8427e")


def test_a_folder_beside_a_nested_program_is_named_without_the_machines_own_paths(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"index.html": b"x"})
    (here / "program").mkdir()
    monkeypatch.chdir(here / "program")
    monkeypatch.setattr(pulumi, "get_root_directory", lambda: str(here))
    (file,) = plan(WHERE, "public")
    assert file.source == "../public/index.html"


def test_a_folder_that_begins_with_a_tilde_is_not_taken_for_a_home() -> None:
    write({"index.html": b"x"}, "~site")
    (file,) = plan(WHERE, "~site")
    assert file.source == "./~site/index.html"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("index.html", "text/html; charset=utf-8"),
        ("INDEX.HTM", "text/html; charset=utf-8"),
        ("a/site.css", "text/css; charset=utf-8"),
        ("app.js", "text/javascript; charset=utf-8"),
        ("app.mjs", "text/javascript; charset=utf-8"),
        ("app.js.map", "application/json; charset=utf-8"),
        ("atom.xml", "application/xml; charset=utf-8"),
        ("feed.rss", "application/rss+xml; charset=utf-8"),
        ("app.webmanifest", "application/manifest+json; charset=utf-8"),
        ("logo.svg", "image/svg+xml; charset=utf-8"),
        ("photo.JPG", "image/jpeg"),
        ("favicon.ico", "image/x-icon"),
        ("font.woff2", "font/woff2"),
        ("code.wasm", "application/wasm"),
        ("clip.mp4", "video/mp4"),
        (".well-known/apple-app-site-association", "application/json; charset=utf-8"),
        ("CNAME", "text/plain; charset=utf-8"),
        ("html", UNKNOWN),
        ("data.unheard-of", UNKNOWN),
        ("dotted.folder/file", UNKNOWN),
    ],
)
def test_a_name_says_what_it_is(name: str, kind: str) -> None:
    assert content_type(name) == kind


def test_the_table_is_the_same_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mimetypes, "guess_type", lambda *_: pytest.fail("the system was asked"))
    monkeypatch.setattr(mimetypes, "types_map", {".html": "text/strange"})
    assert served("index.html")["index.html"].content_type == "text/html; charset=utf-8"


def test_the_table_knows_an_ending_once_in_lower_case_and_says_of_all_text_that_it_is_utf8() -> None:
    endings = [ending for table in (site_types._TEXT, site_types._BINARY) for some in table.values() for ending in some]
    assert sorted(endings) == sorted(TYPES)
    assert all(ending == ending.lower().strip(".") for ending in endings)
    for kind in TYPES.values():
        bare, _, charset = kind.partition("; ")
        text = bare.startswith("text/") or bare.endswith(("xml", "json"))
        assert charset == ("charset=utf-8" if text else ""), kind


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("index.html", NO_CACHE),
        ("posts/hello.3f2a9c1b.html", NO_CACHE),
        ("app.3f2a9c1b.js", A_YEAR),
        ("assets/main-5c8d9e7a01bc.css", A_YEAR),
        ("3f2a9c1b4e5d6f70.woff2", A_YEAR),
        ("logo_0a1b2c3d_small.png", A_YEAR),
        ("app.js", AN_HOUR),
        ("photo-20240102.jpg", AN_HOUR),
        ("feedface-story.png", AN_HOUR),
        ("app.3f2a9c1.js", AN_HOUR),
        ("3f2a9c1b4e5d6f70/logo.png", AN_HOUR),
        ("atom.xml", AN_HOUR),
    ],
)
def test_how_long_a_file_is_kept_follows_from_its_name(name: str, header: str) -> None:
    """A date, or a word that happens to be of hexadecimal letters, is no hash: kept for a year, a mistake stays."""
    assert usual_cache(name, content_type(name)) == header


def test_the_last_pattern_that_matches_says_how_long_and_as_what() -> None:
    cache = {"assets/**": "public, max-age=60", "*.css": "no-store"}
    files = served("assets/a.js", "assets/a.css", "b.css", "c.js", cache=cache, content_types={"*.js": "text/x-js"})
    assert {name: file.cache_control for name, file in files.items()} == {
        "assets/a.js": "public, max-age=60", "assets/a.css": "no-store", "b.css": "no-store", "c.js": AN_HOUR,
    }  # fmt: skip
    assert {name: file.content_type for name, file in files.items()} == {
        "assets/a.js": "text/x-js", "c.js": "text/x-js",
        "assets/a.css": "text/css; charset=utf-8", "b.css": "text/css; charset=utf-8",
    }  # fmt: skip


def test_a_type_given_for_a_page_makes_it_one() -> None:
    file = served("about", content_types={"about": "text/html"})["about"]
    assert file.cache_control == NO_CACHE


def file_of(cache_control: str = AN_HOUR, name: str = "a.css", **more: str) -> SiteFile:
    given = {"source": name, "content_type": "text/css", "md5": "00", **more}
    return SiteFile(name=name, cache_control=cache_control, **given)


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        (AN_HOUR, True), (A_YEAR, True), ("max-age=5", True), ("public", True), ("max-age=0, s-maxage=60", True),
        (NO_CACHE, False), ("No-Store", False), ("private, max-age=60", False), ("max-age=0", False),
        ("max-age=60, s-maxage=0", False), ("public, max-age=0, must-revalidate", False),
    ],
)  # fmt: skip
def test_what_a_network_may_keep(header: str, kept: bool) -> None:
    assert file_of(header).kept is kept


def test_a_mark_changes_with_content_type_and_header_and_with_nothing_else() -> None:
    base = file_of()
    assert file_of().mark == base.mark
    assert file_of(source="elsewhere/a.css").mark == base.mark
    others = [file_of(md5="01"), file_of(content_type="text/plain"), file_of("no-store")]
    assert len({base.mark, *(other.mark for other in others)}) == 4


@pytest.mark.parametrize(
    ("name", "paths"),
    [
        ("a.css", ["/a.css"]),
        ("index.html", ["/index.html", "/"]),
        ("docs/index.html", ["/docs/index.html", "/docs/"]),
        ("docs/not-index.html", ["/docs/not-index.html"]),
        ("图/猫 1.png", ["/%E5%9B%BE/%E7%8C%AB%201.png"]),
        ("a?b#c%20.txt", ["/a%3Fb%23c%2520.txt"]),
    ],
)
def test_paths_are_written_as_addresses_write_them(name: str, paths: list[str]) -> None:
    assert file_of(name=name).paths("index.html") == paths


def test_names_are_composed_whatever_the_disk_makes_of_them() -> None:
    apart = unicodedata.normalize("NFD", ACCENTED)
    assert apart != ACCENTED
    file = served(apart)[ACCENTED]
    assert file.source == f"public/{apart}"


def test_what_begins_with_a_dot_stays_at_home() -> None:
    hidden = (".env", ".git/config", ".htpasswd", "a/.DS_Store", "a/.secret/key", "Thumbs.db", ".well-known/.DS_Store")
    files = served("index.html", ".well-known/security.txt", *hidden)
    assert set(files) == {"index.html", ".well-known/security.txt"}


def test_patterns_leave_out_and_take_back_in() -> None:
    files = served("index.html", "draft/a.html", "app.js.map", ".nojekyll", ignore=["draft/", "*.map", "!.nojekyll"])
    assert set(files) == {"index.html", ".nojekyll"}


def test_links_inside_are_followed_and_served_under_their_own_name(here: Path) -> None:
    write({"v2/app.js": b"2", "index.html": b"x"})
    (here / "public" / "latest").symlink_to("v2")
    files = {file.name: file for file in plan(WHERE, "public")}
    assert files["latest/app.js"].md5 == files["v2/app.js"].md5
    assert files["latest/app.js"].source == "public/latest/app.js"


def test_links_that_lead_out_or_nowhere_are_refused(here: Path) -> None:
    write({"index.html": b"x"})
    (here / "secret").write_text("x")
    link = here / "public" / "link"
    link.symlink_to("../secret")
    assert refused() == "link is a link that leads out of the folder; copy what it points to, or ignore it"
    assert {entry.name for entry in look(WHERE, "public", ["link"])} == {"index.html"}
    link.unlink()
    link.symlink_to("nothing")
    assert refused() == "link is a link to nothing; remove it, or ignore it"


def test_a_device_is_refused(here: Path) -> None:
    write({"index.html": b"x"})
    os.mkfifo(here / "public" / "pipe")
    assert refused() == "pipe is neither a file nor a folder; remove it, or ignore it"


def test_a_folder_that_is_not_there_or_empty_is_refused(here: Path) -> None:
    assert refused() == "public is not a folder; give a folder, relative to the project"
    (here / "public").mkdir()
    assert refused() == "public holds no file; build the site into it, or mend the ignore patterns"
    write({".env": b"x"})
    assert refused().startswith("public holds no file; ")


@pytest.mark.parametrize("pair", [("Logo.png", "logo.png"), ("a/B.js", "a/b.js"), ("STRASSE.txt", "straße.txt")])
def test_names_that_some_disks_take_for_one_are_refused(pair: tuple[str, str]) -> None:
    write(dict.fromkeys(pair, b"x"))
    first, second = sorted(pair)
    assert refused() == f"{first} and {second} differ in case or accents alone; rename one of them"


def test_names_that_differ_in_their_spelling_of_an_accent_are_refused() -> None:
    write(dict.fromkeys((ACCENTED, unicodedata.normalize("NFD", ACCENTED)), b"x"))
    assert "differ in case or accents alone" in refused()


def test_folders_of_one_name_in_two_cases_are_refused_too() -> None:
    write({"img/A/x.png": b"x", "img/a/y.png": b"x"})
    assert refused() == "img/A and img/a differ in case or accents alone; rename one of them"


@pytest.mark.parametrize("name", ["a\nb.html", "a\\b.html", "a\x7fb"])
def test_names_that_no_address_holds_are_refused(name: str) -> None:
    write({name: b"x"})
    assert refused() == f"{name!r} holds a control character or a backslash; rename the file"


def test_a_name_that_is_too_long_is_refused_by_its_bytes() -> None:
    folder = "/".join(["猫" * 60] * 4)
    write({f"{folder}/{'x' * 75}": b"x", f"{folder}/{'x' * 76}": b"x"})
    assert len(f"{folder}/{'x' * 76}".encode()) == 800
    plan(WHERE, "public")
    write({f"{folder}/{'x' * 77}": b"x"})
    assert refused().endswith("... is longer than 800 bytes; shorten the path")


def test_too_many_files_are_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_files, "MOST_FILES", 2)
    served("a.css", "b.css")
    write({"c.css": b"x"})
    assert refused() == (
        "public holds 3 files, and a site takes 2; ignore what no page needs; put pictures and downloads in a bucket "
        "that the cloud's own tool fills"
    )


def test_a_file_and_a_site_that_are_too_large_are_refused(monkeypatch: pytest.MonkeyPatch, here: Path) -> None:
    write({"a.mp4": b"", "b.mp4": b""})
    for name in ("a.mp4", "b.mp4"):
        os.truncate(here / "public" / name, 3 << 20)
    monkeypatch.setattr(site_files, "LARGEST_FILE_MB", 2)
    assert refused() == "a.mp4 has 3 MiB of 2 allowed; put it in a bucket of its own, and link to it"
    monkeypatch.setattr(site_files, "LARGEST_FILE_MB", 3)
    monkeypatch.setattr(site_files, "LARGEST_SITE_MB", 5)
    assert refused() == (
        "public holds 6 MiB of 5 allowed, most of it a.mp4; put pictures and downloads in a bucket of their own, and "
        "link to them"
    )
    monkeypatch.setattr(site_files, "LARGEST_SITE_MB", 6)
    assert len(plan(WHERE, "public")) == 2


@pytest.mark.parametrize("reading", [False, True], ids=["while listing", "while reading"])
def test_a_file_that_may_not_be_read_is_named(monkeypatch: pytest.MonkeyPatch, reading: bool) -> None:
    """By a stand-in for the disk: tests may run as a user who may read everything."""
    write({"css/secret.css": b"x"})
    entries = look(WHERE, "public")
    open_ = Path.open

    def denied(path: Path, *args: Any, **kwargs: Any) -> Any:
        if path.name == "secret.css":
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        return open_(path, *args, **kwargs)

    if reading:
        monkeypatch.setattr(packaging, "listing", lambda *_: entries)
    monkeypatch.setattr(Path, "open", denied)
    name = "css/secret.css" if reading else "secret.css"
    assert refused() == f"{name} cannot be read (permission denied); give the user who runs this the right to read it"


def test_looking_reads_no_content(monkeypatch: pytest.MonkeyPatch) -> None:
    write({"index.html": b"x"})
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("a file was read"))
    assert [entry.name for entry in look(WHERE, "public")] == ["index.html"]
