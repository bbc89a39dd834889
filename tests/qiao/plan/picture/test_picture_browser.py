"""In a real browser every box gets a place and none lies on another. Needs Chromium; skipped where there is none."""

from __future__ import annotations

import re
import shutil
import subprocess
from itertools import combinations
from pathlib import Path

import pytest

from components.scope import Profile
from qiao.plan.picture import render
from qiao.plan.recording import Recording
from tests.contract.recorded import run
from tests.qiao.plan.picture.parsed import STACK, Page, a_recording, a_resource

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on PATH")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--window-size=1600,1000",
    "--virtual-time-budget=20000", "--dump-dom",
)  # fmt: skip


def opened(html: str, folder: Path, fragment: str = "") -> tuple[Page, str]:
    """The page as it stands once its scripts have run."""
    file = folder / "plan.html"
    file.write_text(html, encoding="utf-8")
    command = [str(CHROMIUM), *FLAGS, f"--user-data-dir={folder / 'profile'}", file.as_uri() + fragment]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    text = done.stdout.decode()
    return Page(text), text


def boxes(page: Page) -> dict[str, tuple[float, float]]:
    places = {}
    for given in page.all("g"):
        if "data-index" in given:
            found = re.fullmatch(r"translate\(([-\d.]+) ([-\d.]+)\)", given["transform"])
            assert found is not None
            places[given["data-index"]] = (float(found[1]), float(found[2]))
    return places


def test_every_resource_of_a_component_is_drawn_in_a_place_of_its_own(tmp_path: Path) -> None:
    recording = run("volcengine", "function", "full", Profile.prod())
    page, text = opened(render(recording, title="t"), tmp_path)
    assert 'data-state="ready"' in text
    places = boxes(page)
    assert set(places) == {str(at) for at in range(len(recording.resources))}
    assert len(set(places.values())) == len(places)
    assert len([given for given in page.all("g") if given.get("class", "").startswith("arrow")]) > 5


def many(count: int) -> Recording:
    """Applications of four components of eight resources, each needing the one before."""
    made = []
    for number in range(count):
        app, part = f"app{number // 32}", f"app{number // 32}-part{number % 32 // 8}"
        outer, inner = f"{STACK}demo:app:App::{app}", f"{STACK}demo:app:App$demo:x:Part::{part}"
        if number % 32 == 0:
            made.append(a_resource(app, "demo:app:App", urn=outer, custom=False))
        if number % 8 == 0:
            made.append(a_resource(part, "demo:x:Part", urn=inner, custom=False, parent=outer))
        urn = f"{STACK}demo:app:App$demo:x:Part$demo:net/thing:Thing::{part}-{number % 8}"
        before = (made[-1].urn,) if made[-1].custom else ()
        made.append(a_resource(f"{part}-{number % 8}", urn=urn, parent=inner, depends_on=before))
    return a_recording(*made)


def test_hundreds_of_resources_start_folded_and_a_fragment_unfolds_its_own(tmp_path: Path) -> None:
    recording = many(300)
    page, text = opened(render(recording, title="t"), tmp_path)
    assert 'data-state="ready"' in text
    shown = {recording.resources[int(at)].name for at in boxes(page)}
    components = {resource.name for resource in recording.resources if not resource.custom}
    assert shown == components

    chosen = "app3-part2-5"
    urn = next(resource.urn for resource in recording.resources if resource.name == chosen)
    page, text = opened(render(recording, title="t"), tmp_path, f"#{urn}")
    shown = {recording.resources[int(at)].name for at in boxes(page)}
    assert shown == components | {f"app3-part2-{number}" for number in range(8)}
    assert re.search(rf'<div id="about">.*<h2>{chosen}</h2>', text, re.DOTALL)


def test_boxes_side_by_side_do_not_overlap(tmp_path: Path) -> None:
    recording = many(32)
    _, text = opened(render(recording, title="t"), tmp_path)
    found = re.findall(
        r'class="node resource leaf" transform="translate\(([-\d.]+) ([-\d.]+)\)"[^>]*>.*?'
        r'class="shape" width="([\d.]+)" height="([\d.]+)"',
        text,
        re.DOTALL,
    )
    areas = [tuple(map(float, each)) for each in found]
    assert len(areas) == 32
    for (ax, ay, aw, ah), (bx, by, bw, bh) in combinations(areas, 2):
        assert ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay
