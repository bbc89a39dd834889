"""What a Website takes, before any cloud is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.errors import UserError
from components.scope import Profile, Scope
from components.website import WebsiteArgs

SCOPE = Scope(project="qiao", stage="dev", app="blog", region="region-1", profile=Profile.dev())


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def args(**more: Any) -> WebsiteArgs:
    return WebsiteArgs(**{"scope": SCOPE, "folder": "public", **more})


def write(*names: str) -> None:
    for name in names:
        path = Path("public") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def refused(**more: Any) -> str:
    with pytest.raises(UserError) as error:
        args(**more).check_files("blog")
    return str(error.value)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"index": "a/index.html"},
            "WebsiteArgs.index: 'a/index.html' is not valid; use a file's name, such as index.html",
        ),
        ({"index": ""}, "WebsiteArgs.index: '' is not valid; use a file's name, such as index.html"),
        (
            {"error": "/404.html"},
            "WebsiteArgs.error: '/404.html' is not valid; use a file's path inside the folder, such as 404.html",
        ),
        (
            {"error": "../404.html"},
            "WebsiteArgs.error: '../404.html' is not valid; use a file's path inside the folder, such as 404.html",
        ),
        (
            {"error": "oops.html", "single_page": True},
            "WebsiteArgs.error: single_page is set; leave it out: the index answers for what is not there",
        ),
        (
            {"cache": {"*.css": "one\nSet-Cookie: a"}},
            "WebsiteArgs.cache.*.css: 'one\\nSet-Cookie: a' is not valid; use words of a Cache-Control header",
        ),
        ({"cache": {" ": "no-cache"}}, "WebsiteArgs.cache: ' ' is no pattern; write one such as assets/**"),
        ({"cache": {"!*.css": "no-cache"}}, "WebsiteArgs.cache: '!*.css' is no pattern; write one such as assets/**"),
        (
            {"cache": {f"{number}.css": "no-cache" for number in range(51)}},
            "WebsiteArgs.cache: 51 is out of range; use 0 to 50 patterns",
        ),
        (
            {"content_types": {"*.css": "css"}},
            "WebsiteArgs.content_types.*.css: 'css' is not valid; use a type such as text/html",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_in_itself_is_refused_at_once(given: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        args(**given)
    assert str(error.value) == message


def test_a_folder_that_is_still_to_be_built_says_how() -> None:
    where = "WebsiteArgs.folder of blog: public"
    assert refused() == f"{where} is not a folder; give a folder, relative to the project"
    assert refused(build="npm run build") == f"{where} is not a folder; run `npm run build` first, which makes it"
    Path("public").mkdir()
    assert refused(build="hexo generate") == f"{where} holds no file; run `hexo generate` first, which makes it"


def test_a_build_command_hides_no_other_mistake() -> None:
    write("index.html", "a.html", "A.html")
    assert "differ in case" in refused(build="npm run build")


def test_the_sites_index_must_be_there_on_top() -> None:
    write("docs/index.html")
    what = "WebsiteArgs.index of blog: public has no index.html; name the page of the site, which lies on top"
    assert refused() == what
    write("home.html")
    args(index="home.html").check_files("blog")


def test_an_error_page_that_is_named_must_be_there_and_the_usual_one_may() -> None:
    write("index.html")
    assert refused(error="oops/404.html") == "WebsiteArgs.error of blog: public has no oops/404.html; name one it has"
    args().check_files("blog")
    write("oops/404.html")
    args(error="oops/404.html").check_files("blog")


def test_which_page_answers_for_what_is_not_there() -> None:
    write("index.html", "docs/404.html")

    def page(**more: Any) -> str | None:
        given = args(**more)
        return given.error_page(given.files("blog"))

    assert page() is None, "a page of that name in a folder is no page of the site"
    assert page(error="docs/404.html") == "docs/404.html"
    assert page(single_page=True) == "index.html"
    write("404.html")
    assert page() == "404.html"
    assert page(single_page=True, index="index.html") == "index.html"


def test_files_are_read_by_all_that_the_arguments_say() -> None:
    write("index.html", "a.css", "b.css", "skip.css")
    given = args(ignore=["skip.css"], cache={"a.css": "no-store"}, content_types={"b.css": "text/x-css"})
    found = {file.name: (file.cache_control, file.content_type) for file in given.files("blog")}
    assert found == {
        "a.css": ("no-store", "text/css; charset=utf-8"),
        "b.css": ("public, max-age=3600", "text/x-css"),
        "index.html": ("no-cache", "text/html; charset=utf-8"),
    }
