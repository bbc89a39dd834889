"""A website's bucket and its files: who may read, what changes when a file does, what an `up` sends and removes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.errors import UserError
from components.scope import Scope
from components.tencentcloud import website as module
from components.tencentcloud.network import NetworkNative
from components.tencentcloud.website import Website, WebsiteNative, readable
from components.website import WebsiteArgs
from qiao.plan.recording import UNKNOWN, Recording, Resource
from tests.components.tencentcloud.support import (
    APP_ID,
    REGION,
    Stage,
    marked,
    probe,
    probed,
    recorded,
    scope_of,
    tags_of,
    waits_for,
)

BUCKET = "tencentcloud:Cos/bucket:Bucket"
POLICY = "tencentcloud:Cos/bucketPolicy:BucketPolicy"
FILE = "tencentcloud:Cos/bucketObject:BucketObject"
SITE = {"index.html": "home", "404.html": "lost", "docs/index.html": "docs", "css/site.css": "body{}"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write(SITE)
    return tmp_path


def write(files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = Path("public") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def site(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None, **args: Any
) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Website("agent-site", WebsiteArgs(scope=scope, **{"folder": "public", **args}), opts)
        probe("url", it.url)
        probe("bucket", it.bucket)
        pulumi.export("files", it.files)
        pulumi.export("domains", [str(one) for one in (it.domain, it.cname)])

    return recorded(build, stage, preview=preview, **(profile or {}))


def files(recording: Recording) -> dict[str, Resource]:
    return {resource.name.removeprefix("agent-site-file-"): resource for resource in recording.of_type(FILE)}


def inputs(recording: Recording) -> dict[str, Mapping[str, Any]]:
    return {resource.urn: resource.inputs for resource in recording.resources}


def refused(**args: Any) -> str:
    with pytest.raises(UserError) as error:
        site(**args)
    return str(error.value)


def test_the_bucket_is_closed_encrypted_by_the_services_own_keys_and_a_website() -> None:
    recording = site()
    it = recording.get(BUCKET)
    suffix = recording.get("random:index/randomId:RandomId", "agent-site-suffix").outputs["hex"]
    assert it.inputs["bucket"] == f"qiao-dev-agent-site-{suffix}-{APP_ID}"
    assert it.inputs["acl"] == "private", "by public-read anybody could list it"
    assert it.inputs["encryptionAlgorithm"] == "AES256"
    assert "kmsId" not in it.inputs, "what is reported of a file would not be its hash"
    assert it.inputs["versioningEnable"] is False
    assert it.inputs["website"] == {"indexDocument": "index.html", "errorDocument": "404.html"}
    assert it.inputs["tags"] == tags_of("agent-site")
    assert it.delete_before_replace is True


def test_a_site_of_prod_is_protected_and_nothing_of_it_outlives_the_stack() -> None:
    dev, prod = site(), site("prod")
    assert (dev.get(BUCKET).inputs["forceClean"], prod.get(BUCKET).inputs["forceClean"]) == (True, False)
    assert marked(dev, "protect") == set()
    assert marked(prod, "protect") == {"agent-site-bucket"}, "a file that is gone from the folder must go"
    assert marked(prod, "retain_on_delete") == set()
    kept = site(profile={"retain": True})
    assert kept.get(BUCKET).inputs["forceClean"] is False


def test_anybody_may_read_any_file_and_nobody_list_them() -> None:
    """Also what is not there: the service then says 404, and shows the error page."""
    recording = site()
    it, bucket = recording.get(POLICY), recording.get(BUCKET).inputs["bucket"]
    assert it.inputs["bucket"] == bucket
    document = json.loads(it.inputs["policy"])
    (statement,) = document["Statement"]
    assert document["version"] == "2.0"
    assert statement == {
        "Effect": "allow",
        "Principal": {"qcs": ["qcs::cam::anyone:anyone"]},
        "Action": ["name/cos:GetObject", "name/cos:HeadObject", "name/cos:OptionsObject"],
        "Resource": [f"qcs::cos:{REGION}:uid/{APP_ID}:{bucket}/*"],
    }
    assert {resource.inputs["acl"] for resource in recording.of_type(FILE)} == {"public-read"}


def test_the_policys_account_is_the_end_of_the_buckets_name() -> None:
    assert "uid/1250000000:a-b-1250000000/*" in readable("a-b-1250000000", "ap-beijing")


def test_a_file_is_sent_by_its_path_with_its_hash_its_type_and_how_long_it_is_kept() -> None:
    recording = site()
    found = files(recording)
    assert set(found) == set(SITE)
    css, page = found["css/site.css"], found["docs/index.html"]
    assert css.inputs == {
        "bucket": recording.get(BUCKET).inputs["bucket"], "key": "css/site.css", "source": "public/css/site.css",
        "etag": hashlib.md5(b"body{}", usedforsecurity=False).hexdigest(),
        "contentType": "text/css; charset=utf-8", "cacheControl": "public, max-age=3600", "acl": "public-read",
    }  # fmt: skip
    assert (page.inputs["contentType"], page.inputs["cacheControl"]) == ("text/html; charset=utf-8", "no-cache")
    assert css.parent.endswith("::agent-site")


def test_another_content_changes_that_file_alone() -> None:
    before = inputs(site())
    write({"css/site.css": "body{color:red}"})
    after = inputs(site())
    assert before.keys() == after.keys()
    changed = [urn.rsplit("::", 1)[-1] for urn in before if before[urn] != after[urn]]
    assert changed == ["agent-site-file-css/site.css"]
    urn = next(urn for urn in before if urn.endswith("css/site.css"))
    assert {key for key in before[urn] if before[urn][key] != after[urn][key]} == {"etag"}


def test_a_file_more_or_less_moves_no_other() -> None:
    before = inputs(site())
    write({"about.html": "about"})
    after = inputs(site())
    (added,) = set(after) - set(before)
    assert added.endswith("::agent-site-file-about.html")
    assert {urn for urn in before if before[urn] != after[urn]} == set()
    Path("public/about.html").unlink()
    assert inputs(site()) == before


def test_the_same_folder_is_the_same_request_whatever_its_files_clocks_say() -> None:
    before = inputs(site())
    for path in Path("public").rglob("*.html"):
        path.touch()
    assert inputs(site()) == before


def test_names_of_other_scripts_are_keys_as_they_are() -> None:
    write({"图/猫 1.png": "x"})
    it = files(site())["图/猫 1.png"]
    assert (it.inputs["key"], it.inputs["source"]) == ("图/猫 1.png", "public/图/猫 1.png")


def test_pages_come_after_what_only_they_name() -> None:
    """Sent first, a page would ask for files that are not there yet. Those that are gone are removed last anyway."""
    write({"app.3f2a9c1b.js": "x"})
    found = files(site())
    asset = "agent-site-file-app.3f2a9c1b.js"
    assert asset in waits_for(found["index.html"])
    assert asset in waits_for(found["css/site.css"])
    assert not {name for name in waits_for(found["app.3f2a9c1b.js"]) if "-file-" in name}


def test_of_very_many_files_none_waits_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    write({"app.3f2a9c1b.js": "x"})
    monkeypatch.setattr(module, "MOST_PAIRS", 3)
    assert not {name for it in files(site()).values() for name in waits_for(it) if "-file-" in name}


def test_without_an_error_page_the_service_answers_and_a_single_page_answers_for_all() -> None:
    assert site(single_page=True).get(BUCKET).inputs["website"]["errorDocument"] == "index.html"
    Path("public/404.html").unlink()
    assert site().get(BUCKET).inputs["website"] == {"indexDocument": "index.html"}


def test_without_a_domain_there_is_no_network_and_the_address_is_the_buckets_own() -> None:
    recording = site()
    bucket = recording.get(BUCKET).inputs["bucket"]
    address, behind_it = probed(recording, "url")
    assert address == f"https://{bucket}.cos-website.{REGION}.myqcloud.com"
    assert behind_it == {"agent-site-bucket"}
    assert probed(recording, "bucket")[0] == bucket
    assert recording.outputs == {"files": 4, "domains": ["None", "None"]}
    assert not [resource.type for resource in recording.resources if "Cdn" in resource.type]


def test_in_a_first_preview_all_is_asked_for_though_the_bucket_has_no_name() -> None:
    recording = site(preview=True)
    assert recording.get(BUCKET).inputs["bucket"] is UNKNOWN
    assert set(files(recording)) == set(SITE)
    assert recording.get(POLICY).inputs["policy"] is UNKNOWN


def test_a_folder_that_no_site_can_be_made_of_is_refused_before_anything_is_declared() -> None:
    where = "WebsiteArgs.folder of agent-site"
    assert refused(folder="dist", build="npm run build") == (
        f"{where}: dist is not a folder; run `npm run build` first, which makes it"
    )
    write({"Index.html": "x"})
    assert refused() == f"{where}: Index.html and index.html differ in case or accents alone; rename one of them"


def test_extras_of_another_concept_are_refused() -> None:
    what = "WebsiteArgs.native of agent-site: NetworkNative is not for tencentcloud; give a WebsiteNative"
    assert refused(native=NetworkNative()) == what


def test_extras_are_refused_where_the_service_would() -> None:
    with pytest.raises(UserError, match=r"^WebsiteNative\.area: 'moon' is unknown; use one of global, m"):
        WebsiteNative(area="moon")  # type: ignore[arg-type]
    with pytest.raises(UserError, match=r"^WebsiteNative\.redirect_status: '307' is unknown; use one of 301, 302$"):
        WebsiteNative(redirect_status=307)  # type: ignore[arg-type]


def test_without_a_domain_a_person_is_told_what_browsers_do() -> None:
    (step,) = Website.steps(WebsiteArgs(scope=scope_of(), folder="public"))
    assert step.startswith("public: give the site a domain: ")
