"""A website's domain: certificate, content delivery network, record, and what leaves its caches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.gateway import Domain
from components.scope import Scope
from components.tencentcloud.website import Website, WebsiteNative
from components.website import WebsiteArgs
from qiao.plan.recording import UNKNOWN, Recording, is_secret, reveal
from tests.components.tencentcloud.support import (
    GAP,
    REGION,
    Stage,
    behind,
    marked,
    probe,
    probed,
    recorded,
    scope_of,
    tags_of,
    waits_for,
)

BUCKET = "tencentcloud:Cos/bucket:Bucket"
CDN = "tencentcloud:Cdn/domain:Domain"
RECORD = "tencentcloud:Dnspod/record:Record"
CERTIFICATE = "tencentcloud:Ssl/certificate:Certificate"
PURGE = f"{GAP}SitePurge"
CHAIN = "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"
KEY = "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("index.html", "docs/index.html", "site.css", "app.3f2a9c1b.js", "图 1.png"):
        path = Path("public") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def domain(name: str = "www.example.com", **more: Any) -> Domain:
    return Domain(**{"name": name, **({"certificate_id": "cert-1"} if "certificate" not in more else {}), **more})


def site(
    stage: Stage = "dev", *, preview: bool = False, region: str = REGION, given: Domain | None = None, **args: Any
) -> Recording:  # fmt: skip
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        args_ = WebsiteArgs(scope=replace(scope, region=region), folder="public", domain=given or domain(), **args)
        it = Website("agent-site", args_, opts)
        probe("url", it.url)
        probe("cname", it.cname)
        probe("domain", it.domain)

    return recorded(build, stage, preview=preview)


def test_the_network_asks_the_buckets_website_which_knows_index_pages() -> None:
    recording = site()
    it, bucket = recording.get(CDN), recording.get(BUCKET).inputs["bucket"]
    host = f"{bucket}.cos-website.{REGION}.myqcloud.com"
    assert (it.inputs["domain"], it.inputs["serviceType"]) == ("www.example.com", "web")
    assert it.inputs["origin"] == {
        "originType": "cos", "originLists": [host], "serverName": host, "originPullProtocol": "https",
        "cosPrivateAccess": "off",
    }  # fmt: skip
    assert it.inputs["tags"] == tags_of("agent-site")
    assert "agent-site-policy" in waits_for(it), "until then the bucket answers that it is forbidden"


def test_https_with_http2_and_http_sent_on_to_it() -> None:
    assert site().get(CDN).inputs["httpsConfig"] == {
        "httpsSwitch": "on", "http2Switch": "on", "serverCertificateConfig": {"certificateId": "cert-1"},
        "forceRedirect": {"switch": "on", "redirectType": "https", "redirectStatusCode": 301},
    }  # fmt: skip
    found = site(native=WebsiteNative(redirect_status=302)).get(CDN).inputs["httpsConfig"]
    assert found["forceRedirect"]["redirectStatusCode"] == 302


def test_files_say_themselves_how_long_they_are_kept_and_pages_are_shown() -> None:
    inputs = site().get(CDN).inputs
    (rule,) = inputs["ruleCaches"]
    assert rule == {
        "ruleType": "all", "rulePaths": ["*"], "switch": "off", "cacheTime": 0, "followOriginSwitch": "on",
        "noCacheSwitch": "off",
    }  # fmt: skip
    assert inputs["responseHeader"] == {
        "switch": "on",
        "headerRules": [
            {
                "headerMode": "set", "headerName": "Content-Disposition", "headerValue": "inline", "ruleType": "all",
                "rulePaths": ["*"],
            }
        ],
    }  # fmt: skip
    assert not {"fullUrlCache", "cacheKey", "explicitUsingDryRun"} & set(inputs)


@pytest.mark.parametrize(
    ("region", "asked", "area"),
    [
        ("ap-guangzhou", None, "mainland"), ("ap-hongkong", None, "overseas"), ("eu-frankfurt", None, "overseas"),
        ("ap-guangzhou", "global", "global"), ("ap-hongkong", "mainland", "mainland"),
    ],
)  # fmt: skip
def test_where_it_is_served_follows_the_region_unless_said(region: str, asked: Any, area: str) -> None:
    recording = site(region=region, native=WebsiteNative(area=asked))
    assert recording.get(CDN).inputs["area"] == area
    assert f".cos-website.{region}." in recording.get(CDN).inputs["origin"]["serverName"]


@pytest.mark.parametrize(
    ("name", "zone", "sub"),
    [
        ("www.example.com", "example.com", "www"),
        ("a.b.example.com", "example.com", "a.b"),
        ("example.com", "example.com", "@"),
    ],
)
def test_the_record_leads_to_the_network_under_the_clouds_own_word_for_all_lines(
    name: str, zone: str, sub: str
) -> None:
    recording = site(given=domain(name, dns_zone=zone))
    record, cdn = recording.get(RECORD), recording.get(CDN)
    assert record.inputs == {
        "domain": zone, "subDomain": sub, "recordType": "CNAME", "recordLine": "默认", "ttl": 600, "status": "ENABLE",
        "value": cdn.outputs["cname"],
    }  # fmt: skip
    assert behind(record, "value") == {"agent-site-domain"}


def test_without_a_zone_the_outputs_say_where_the_record_leads() -> None:
    recording = site()
    assert recording.of_type(RECORD) == []
    assert probed(recording, "cname") == (recording.get(CDN).outputs["cname"], {"agent-site-domain"})
    assert probed(recording, "url")[0] == "https://www.example.com"
    assert probed(recording, "domain")[0] == "www.example.com"


def test_a_pair_is_uploaded_without_blanks_around_it_and_its_key_is_a_secret() -> None:
    pair = domain(certificate=f"\n{CHAIN}\r\n".replace("\nMII", "\r\nMII"), private_key=f"{KEY}\n")
    recording = site(given=pair)
    it = recording.get(CERTIFICATE)
    assert (it.inputs["type"], it.inputs["cert"]) == ("SVR", CHAIN)
    assert is_secret(it.inputs["key"])
    assert reveal(it.inputs["key"]) == KEY
    assert "key" in it.additional_secret_outputs
    assert not it.delete_before_replace, "the domain must turn to the new one first"
    https = recording.get(CDN).inputs["httpsConfig"]
    assert https["serverCertificateConfig"] == {"certificateId": it.id}
    assert "agent-site-certificate" in behind(recording.get(CDN), "httpsConfig")


def test_what_may_be_kept_is_purged_when_it_changes_and_nothing_else() -> None:
    """Pages are asked about each time, so never out of date. Of what is kept, each path has a mark of its own."""
    recording = site()
    it = recording.get(PURGE)
    assert (it.inputs["domain"], it.inputs["region"]) == ("www.example.com", REGION)
    assert set(it.inputs["files"]) == {"/site.css", "/app.3f2a9c1b.js", "/%E5%9B%BE%201.png"}
    Path("public/site.css").write_text("other")
    Path("public/index.html").write_text("other")
    after = site().get(PURGE).inputs["files"]
    assert {path for path in after if after[path] != it.inputs["files"][path]} == {"/site.css"}


def test_another_header_is_a_change_too() -> None:
    before = site().get(PURGE).inputs["files"]
    after = site(cache={"*.css": "public, max-age=60"}).get(PURGE).inputs["files"]
    assert {path for path in after if after[path] != before[path]} == {"/site.css"}


def test_pages_that_are_kept_are_purged_by_both_their_addresses() -> None:
    found = site(cache={"*.html": "public, max-age=60"}).get(PURGE).inputs["files"]
    assert {"/", "/index.html", "/docs/", "/docs/index.html"} <= set(found)
    assert found["/docs/"] == found["/docs/index.html"]


def test_a_purge_comes_after_the_files_and_the_domain() -> None:
    """Purged before, the old content would come back."""
    recording = site()
    waited = waits_for(recording.get(PURGE))
    assert {"agent-site-domain", "agent-site-file-site.css", "agent-site-file-app.3f2a9c1b.js"} <= waited


def test_a_first_preview_knows_the_domain_and_what_would_be_purged() -> None:
    recording = site(preview=True, given=domain(dns_zone="example.com"))
    assert recording.get(CDN).inputs["domain"] == "www.example.com"
    assert recording.get(CDN).inputs["origin"]["serverName"] is UNKNOWN
    assert recording.get(RECORD).inputs["value"] is UNKNOWN
    assert set(recording.get(PURGE).inputs["files"]) == {"/site.css", "/app.3f2a9c1b.js", "/%E5%9B%BE%201.png"}


def test_only_the_bucket_of_prod_is_protected() -> None:
    """A domain comes back as it was; a certificate that could not be deleted could not be renewed."""
    pair = domain(certificate=CHAIN, private_key=KEY, dns_zone="example.com")
    recording = site("prod", given=pair)
    assert marked(recording, "protect") == {"agent-site-bucket"}
    assert marked(recording, "retain_on_delete") == set()


def test_a_person_is_told_what_the_network_asks_for() -> None:
    steps = Website.steps(WebsiteArgs(scope=scope_of(), folder="public", domain=domain()))
    assert len(steps) == 2
    assert steps[0].startswith("open the content delivery network")
    assert steps[1].startswith("www.example.com: the first time, prove that it is yours: ")
