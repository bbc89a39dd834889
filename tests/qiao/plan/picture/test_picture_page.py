"""The page is whole in itself, runs only what we put into it, and takes any text for text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path

import pytest

from components.scope import Profile
from qiao.plan.picture import data, page, render
from qiao.plan.picture.page import OWN_SCRIPTS, notice
from qiao.plan.recording import Recording
from tests.contract.recorded import run
from tests.qiao.plan.picture.parsed import Page, a_recording, a_resource

ASSETS = Path(page.__file__).parent / "assets"
EVIL = (
    "</script><script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "<!-- <script>",
    "\" onload='alert(1)' `${alert(1)}`",
    "&lt;b&gt; &amp; &#60;",
    "{{data}} {{scripts}} {{title}} \\1 \\g<0>",
    "聊天 🔒 \u202e\u2028\u2029\u0000\x1b]]>",
    "\\u003c/script\\u003e",
)


@pytest.fixture(scope="module")
def function() -> Recording:
    return run("volcengine", "function", "full", Profile.prod())


@pytest.fixture(scope="module")
def parsed(function: Recording) -> Page:
    return Page(render(function, title="qiao · prod"))


def test_nothing_is_loaded_from_anywhere(parsed: Page) -> None:
    loads = {"src", "srcset", "href", "xlink:href", "action", "formaction", "poster", "data", "background", "ping"}
    found = [(tag, name, value) for tag, given in parsed.tags for name, value in given.items() if name in loads]
    assert found == [("link", "href", "data:,")]
    assert not {tag for tag, _ in parsed.tags} & {"iframe", "object", "embed", "base", "img", "use", "image", "audio"}
    assert not re.search(r"url\(|@import|@font-face|image-set", "".join(parsed.texts["style"]))


def test_own_scripts_neither_load_nor_send_nor_write_markup() -> None:
    forbidden = (
        r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|importScripts|localStorage|cookie|eval|Function)\b"
        r"|\bimport\(|innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|window\.open|srcdoc"
    )
    for name in OWN_SCRIPTS:
        assert not re.search(forbidden, (ASSETS / name).read_text(encoding="utf-8")), name


def test_the_policy_allows_exactly_the_scripts_and_styles_of_the_page(parsed: Page) -> None:
    metas = [meta["content"] for meta in parsed.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"]
    assert len(metas) == 1
    policy = {name: rest for name, _, rest in (part.strip().partition(" ") for part in metas[0].split(";"))}
    assert policy["default-src"] == "'none'"
    assert set(policy) == {"default-src", "img-src", "base-uri", "form-action", "script-src", "style-src"}
    assert policy["script-src"].split() == [hashed(text) for text in parsed.texts["script"]]
    assert policy["style-src"].split() == [hashed(text) for text in parsed.texts["style"]]
    names = [tag for tag, _ in parsed.tags]
    assert names.index("meta", names.index("meta") + 1) < names.index("style")


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_no_markup_needs_what_the_policy_forbids(parsed: Page) -> None:
    for tag, given in parsed.tags:
        assert "style" not in given, tag
        assert not [name for name in given if name.startswith("on")], tag
    scripts = parsed.all("script")
    assert scripts[0] == {"type": "application/json", "id": "plan"}
    assert scripts[1:] == [{}] * len(parsed.texts["script"])


@pytest.mark.parametrize("evil", EVIL)
def test_any_text_stays_text(evil: str) -> None:
    resource = a_resource(evil, f"demo:x:{evil}", inputs={evil: [evil, {evil: evil}]})
    plain = Page(render(a_recording(a_resource("x")), title="plain"))
    html = render(a_recording(resource, project=evil, outputs={evil: evil}), title=evil)
    page = Page(html)
    assert page.tags[4:] == plain.tags[4:]
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags]
    assert page.texts["script"] == plain.texts["script"]
    assert page.data["title"] == evil
    assert page.data["resources"][0]["urn"] == resource.urn
    assert page.data["resources"][0]["inputs"] == ["m", [[evil, ["l", [evil, ["m", [[evil, evil]]]]]]]]
    assert "".join(page.texts["title"]) == evil
    html.encode("utf-8")


def test_the_embedded_data_is_ascii_without_any_markup() -> None:
    text = page.embedded({"a": "<&>\u2028é\ud83d\ude00"})
    assert text.isascii()
    assert not set(text) & set("<>&")
    assert json.loads(text) == {"a": "<&>\u2028é😀"}


def test_a_lone_surrogate_does_not_stop_the_file_from_being_written() -> None:
    html = render(a_recording(a_resource("x", inputs={"k\ud800": "v\udfff"})), title="t\ud800")
    html.encode("utf-8")
    assert Page(html).data["resources"][0]["inputs"] == ["m", [["k?", "v?"]]]


def test_the_same_program_gives_the_same_bytes(function: Recording) -> None:
    again = run("volcengine", "function", "full", Profile.prod(), shuffled=True)
    assert render(function, title="t") == render(again, title="t")


def test_the_page_stays_small_and_names_what_it_carries() -> None:
    html = render(a_recording(), title="empty")
    assert len(html.encode()) < 2_000_000
    assert any(notice() in comment for comment in Page(html).comments)


def test_scripts_can_stand_inside_script_elements(parsed: Page) -> None:
    for text in parsed.texts["script"]:
        assert not re.search(r"</script|<!--|<script", text, re.IGNORECASE)
        assert "\0" not in text
        assert "\r" not in text


def test_page_and_scripts_agree(parsed: Page) -> None:
    """What a script looks up by name is there: no browser is needed to see a typing error."""
    sources = {name: (ASSETS / name).read_text(encoding="utf-8") for name in OWN_SCRIPTS}
    assert {path.name for path in ASSETS.glob("*.js")} == set(OWN_SCRIPTS)
    ids = {given["id"] for _, given in parsed.tags if "id" in given}
    asked = {name for text in sources.values() for name in re.findall(r'\bat\("([\w-]+)"\)', text)}
    buttons = set(re.findall(r"^    (\w+): \(\) => ", sources["main.js"], re.MULTILINE))
    assert {given["id"] for given in parsed.all("button") if "id" in given} == buttons
    assert asked | buttons | {"boxes", "arrows", "leaves"} <= ids
    assert re.findall(r"const FORMAT = (\d+)", sources["model.js"]) == [str(data.FORMAT)]
    style = (ASSETS / "style.css").read_text(encoding="utf-8")
    (palette,) = re.findall(r"const PALETTE = (\d+)", sources["model.js"])
    assert len(re.findall(r"^\.colour\d+ |(?<= )\.colour\d+ ", style, re.MULTILINE)) == int(palette)
    kinds = set(re.findall(r'kind: "(\w+)"|\? "(\w+)" : "(\w+)" }', sources["view.js"]))
    assert {f"tip-{kind}" for found in kinds for kind in found if kind} | {"tip"} <= ids
