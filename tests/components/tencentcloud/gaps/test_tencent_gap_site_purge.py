"""SitePurge: of a website's files it purges those that are another, or gone, and asks for nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from components.tencentcloud.gaps.errors import ApiError, GapError
from components.tencentcloud.gaps.site_purge import SitePurgeProvider, changed
from tests.fakes.tencentcloud.server import Fake, Fault
from tests.fakes.tencentcloud.wire import REGION, UNKNOWN, wire

PURGE = SitePurgeProvider()
DOMAIN = "www.example.com"


def site(domain: Any = DOMAIN, /, **files: Any) -> dict[str, Any]:
    """Inputs of SitePurge; files by a letter."""
    return wire(region=REGION, domain=domain, files={f"/{name}.css": mark for name, mark in files.items()})


@pytest.fixture
def served(cloud: Fake) -> Fake:
    cloud.cdn.domains.add(DOMAIN)
    return cloud


def test_a_new_domain_has_nothing_in_its_caches(served: Fake) -> None:
    created = PURGE.create(site(a="1"))
    assert (created.id, created.outs) == (DOMAIN, {"region": REGION, "domain": DOMAIN, "files": {"/a.css": "1"}})
    assert served.calls == []


def test_what_is_another_or_gone_is_purged_and_what_is_new_or_the_same_is_not(served: Fake) -> None:
    old, new = site(same="1", other="1", gone="1"), site(same="1", other="2", new="1")
    updated = PURGE.update(DOMAIN, old, new)
    assert served.bodies("PurgeUrlsCache") == [
        {"Urls": [f"https://{DOMAIN}/gone.css", f"https://{DOMAIN}/other.css"]},
    ]
    assert (updated.outs or {})["files"] == new["files"]


def test_with_files_that_are_only_added_nothing_is_asked_for(served: Fake) -> None:
    PURGE.update(DOMAIN, site(a="1"), site(a="1", b="1"))
    assert served.calls == []


def test_all_files_gone_are_purged_though_the_engine_sends_no_empty_mapping(served: Fake) -> None:
    new = site()
    del new["files"]
    PURGE.update(DOMAIN, site(a="1"), new)
    assert served.cdn.purged == [[f"https://{DOMAIN}/a.css"]]


def test_very_many_go_in_as_many_calls_as_the_service_wants(served: Fake) -> None:
    names = [f"f{number:04}" for number in range(2001)]
    PURGE.update(DOMAIN, site(**dict.fromkeys(names, "1")), site(**dict.fromkeys(names, "2")))
    assert [len(urls) for urls in served.cdn.purged] == [1000, 1000, 1]
    assert sorted(url for urls in served.cdn.purged for url in urls) == [
        f"https://{DOMAIN}/{name}.css" for name in names
    ]


def test_a_change_of_files_is_in_place_and_another_domain_begins_anew() -> None:
    same = PURGE.diff(DOMAIN, site(a="1"), site(a="1"))
    other = PURGE.diff(DOMAIN, site(a="1"), site(a="2"))
    moved = PURGE.diff(DOMAIN, site(a="1"), site("new.example.com", a="1"))
    assert (same.changes, same.replaces) == (False, [])
    assert (other.changes, other.replaces) == (True, [])
    assert (moved.changes, moved.replaces) == (True, ["domain"])


def test_a_domain_that_is_not_known_yet_is_a_change() -> None:
    assert PURGE.diff(DOMAIN, site(a="1"), site(UNKNOWN, a="1")).replaces == ["domain"]


def test_a_refresh_asks_nobody(served: Fake) -> None:
    """The service forgets what it was asked; a refresh must not fail for that."""
    found = PURGE.read(DOMAIN, site(a="1"))
    assert (found.id, found.outs) == (DOMAIN, {"region": REGION, "domain": DOMAIN, "files": {"/a.css": "1"}})
    assert served.calls == []


def test_a_fault_of_the_cloud_is_repeated_and_a_refusal_is_not(served: Fake) -> None:
    served.play("PurgeUrlsCache", Fault(code="InternalError", text="later"), Fault(drop=True))
    PURGE.update(DOMAIN, site(a="1"), site(a="2"))
    assert served.cdn.purged == [[f"https://{DOMAIN}/a.css"]]
    served.play("PurgeUrlsCache", Fault(code="UnauthorizedOperation.CdnCamUnauthorized", text="you may not"))
    with pytest.raises(ApiError, match="PurgeUrlsCache failed: UnauthorizedOperation"):
        PURGE.update(DOMAIN, site(a="2"), site(a="3"))


def test_a_day_without_purges_left_says_what_becomes_of_the_rest(served: Fake) -> None:
    served.cdn.left = 1
    with pytest.raises(GapError) as caught:
        PURGE.update(DOMAIN, site(a="1", b="1"), site(a="2", b="2"))
    assert caught.value.what.startswith("the account may purge no more today, and 2 addresses are left: ")
    assert caught.value.instead.startswith("run `up` again tomorrow")


def test_the_same_paths_in_any_order_are_the_same_purge() -> None:
    old = {"/b": "1", "/a": "1"}
    assert changed(old, {}) == ["/a", "/b"]
    assert changed({}, old) == []
