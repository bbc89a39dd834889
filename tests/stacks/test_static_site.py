"""The guide's static site and blog as a blueprint: what its settings make, what they refuse, what a person must do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.clouds import CLOUDS
from components.errors import UserError
from qiao.plan.recorder import record
from qiao.plan.recording import Recording, is_secret
from qiao.plan.standins import StandIns
from stacks.program import deploy
from tests.components.tencentcloud.support import ANSWERS, GAP, INVOKES, REGION

pytestmark = pytest.mark.skipif("tencentcloud" not in CLOUDS, reason="the one cloud that carries sites has not landed")

FILE = "tencentcloud:Cos/bucketObject:BucketObject"
BUCKET = "tencentcloud:Cos/bucket:Bucket"
SITE = {"blueprint": "static-site", "cloud": "tencentcloud", "region": REGION, "folder": "public"}
PAIR = {
    "name": "www.example.com", "dns_zone": "example.com",
    "certificate": "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----",
}  # fmt: skip
OUT = "take this key out"


@pytest.fixture(autouse=True)
def project(tmp_path: Path) -> Path:
    for name in ("index.html", "404.html", "css/site.css"):
        path = tmp_path / "public" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return tmp_path


def run(
    project: Path, *, stage: str = "dev", apps: Mapping[str, Any] | None = None, clouds: Any = None,
    offline: bool = True, preview: bool = False, profile: Mapping[str, Any] | None = None, **settings: Any,
) -> Recording:  # fmt: skip
    """A stage of one site, `blog`, in a region that nothing else stands in."""
    site = {key: value for key, value in {**SITE, **settings}.items() if value != OUT}
    values = {
        "apps": apps or {"blog": site}, "clouds": clouds or {"tencentcloud": {REGION: {}}}, "profile": profile or {},
    }  # fmt: skip
    return record(
        lambda: deploy(project, offline=offline), stack=stage, preview=preview,
        config={f"qiao:{key}": json.dumps(value) for key, value in values.items()},
        standins=StandIns(resources=ANSWERS, invokes=INVOKES),
    )  # fmt: skip


def refused(project: Path, **more: Any) -> str:
    with pytest.raises(UserError) as error:
        run(project, **more)
    return str(error.value)


def kinds(recording: Recording) -> set[str]:
    return {resource.type.rsplit(":", 1)[1] for resource in recording.resources}


def test_a_site_stands_alone(project: Path) -> None:
    """No network, no logs, nothing billed by the hour: a provider, and what holds and serves the files."""
    recording = run(project)
    assert kinds(recording) == {
        "Foundation", "tencentcloud", "StaticSite", "Website", "RandomId", "Bucket", "BucketPolicy",
        "BucketObject",
    }  # fmt: skip
    provider = recording.get("pulumi:providers:tencentcloud")
    for resource in recording.of_type(FILE):
        assert resource.provider.startswith(provider.urn)
    assert "foundation" not in recording.outputs


def test_its_files_are_named_by_its_folder_and_path(project: Path) -> None:
    recording = run(project)
    assert {resource.name for resource in recording.of_type(FILE)} == {
        "blog-website-file-index.html", "blog-website-file-404.html", "blog-website-file-css/site.css",
    }  # fmt: skip
    bucket = recording.get(BUCKET)
    assert bucket.inputs["bucket"].startswith("qiao-dev-blog-website-")
    assert bucket.inputs["tags"] == {"project": "qiao", "stage": "dev", "app": "blog", "component": "blog-website"}


def test_its_outputs_are_what_the_guide_shows_and_more(project: Path) -> None:
    bucket = run(project).get(BUCKET).inputs["bucket"]
    assert run(project).outputs["blog"] == {
        "blueprint": "static-site", "cloud": "tencentcloud", "region": REGION, "bucket": bucket, "files": 3,
        "url": f"https://{bucket}.cos-website.{REGION}.myqcloud.com",
    }  # fmt: skip


def test_its_settings_reach_the_files_the_bucket_and_the_network(project: Path) -> None:
    (project / "public" / "draft.html").write_text("draft")
    (project / "public" / "data.bin").write_text("{}")
    (project / "public" / "oops.html").write_text("oops")
    recording = run(
        project, error="oops.html", ignore=["draft.html"], cache={"css/**": "no-store"},
        content_types={"*.bin": "application/json"}, domain={"name": "www.example.com", "certificate_id": "cert-1"},
        native={"website": {"area": "global", "redirect_status": 302}},
    )  # fmt: skip
    files = {resource.inputs["key"]: resource.inputs for resource in recording.of_type(FILE)}
    assert set(files) == {"index.html", "404.html", "oops.html", "css/site.css", "data.bin"}
    assert files["css/site.css"]["cacheControl"] == "no-store"
    assert files["data.bin"]["contentType"] == "application/json"
    assert recording.get(BUCKET).inputs["website"] == {"indexDocument": "index.html", "errorDocument": "oops.html"}
    cdn = recording.get("tencentcloud:Cdn/domain:Domain").inputs
    assert cdn["area"] == "global"
    assert cdn["httpsConfig"]["forceRedirect"]["redirectStatusCode"] == 302


def test_a_single_page_and_another_index(project: Path) -> None:
    (project / "public" / "app.html").write_text("app")
    recording = run(project, index="app.html", single_page=True)
    assert recording.get(BUCKET).inputs["website"] == {"indexDocument": "app.html", "errorDocument": "app.html"}


def test_a_domain_with_a_pair_whose_key_is_still_to_be_set_plans_and_is_refused_by_up(project: Path) -> None:
    recording = run(project, domain=PAIR)
    certificate = recording.get("tencentcloud:Ssl/certificate:Certificate")
    assert is_secret(certificate.inputs["key"])
    assert recording.outputs["blog"]["url"] == "https://www.example.com"
    assert recording.outputs["blog"]["cname"] == recording.get("tencentcloud:Cdn/domain:Domain").outputs["cname"]
    assert recording.get("tencentcloud:Dnspod/record:Record").inputs["subDomain"] == "www"
    assert recording.get(f"{GAP}SitePurge").inputs["files"].keys() == {"/css/site.css"}
    line = "set a secret: pulumi config set --secret --path 'qiao:apps.blog.domain.private_key'"
    assert line in recording.outputs["checklist"]
    assert refused(project, domain=PAIR, offline=False).startswith("apps.blog.domain.private_key: is not set; ")


def test_prod_is_protected_and_its_files_still_go_when_they_are_gone(project: Path) -> None:
    recording = run(project, stage="prod")
    assert {resource.name for resource in recording.resources if resource.protect} == {"blog-website-bucket"}
    assert not [resource.name for resource in recording.resources if resource.retain_on_delete]


def test_a_folder_that_is_not_built_yet_is_refused_with_the_command_and_nothing_is_run(project: Path) -> None:
    message = "apps.blog.folder: dist is not a folder; run `touch ran` first, which makes it"
    assert refused(project, folder="dist", build="touch ran") == message
    run(project, build="touch ran")
    assert not (project / "ran").exists()


def test_the_checklist_says_what_to_build_and_what_only_a_person_can_do(project: Path) -> None:
    lines = run(project, build="hexo generate").outputs["checklist"]
    assert "blog: run `hexo generate` before `up`, which sends what public then holds" in lines
    assert [line for line in lines if line.startswith("public: give the site a domain: ")]
    domain = {"name": "www.example.com", "certificate_id": "cert-1"}
    recording = run(project, domain=domain)
    cname = recording.get("tencentcloud:Cdn/domain:Domain").outputs["cname"]
    lines = recording.outputs["checklist"]
    assert "www.example.com: file it (ICP) with the cloud before it serves mainland China" in lines
    assert f"www.example.com: at your DNS host, set a CNAME record to {cname}" in lines
    assert [line for line in lines if line.startswith("www.example.com: the first time, prove that it is yours: ")]
    assert not [line for line in lines if "run `" in line]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"folder": OUT}, "apps.blog.folder: is missing; give it"),
        ({"folder": " "}, "apps.blog.folder: is empty; name a folder"),
        ({"build": " "}, "apps.blog.build: is empty; write it, or leave it out"),
        ({"index": "home.html"}, "apps.blog.index: public has no home.html; name the page of the site, which lies on"),
        ({"error": "oops.html"}, "apps.blog.error: public has no oops.html; name one it has"),
        (
            {"error": "oops.html", "single_page": True},
            "apps.blog.error: single_page is set; leave it out: the index answers for what is not there",
        ),
        (
            {"cache": {"*.css": "für immer"}},
            "apps.blog.cache.*.css: 'für immer' is not valid; use words of a Cache-Control header",
        ),
        (
            {"content_types": {"*.css": "css"}},
            "apps.blog.content_types.*.css: 'css' is not valid; use a type such as text/html",
        ),
        (
            {"native": {"website": {"area": "moon"}}},
            "apps.blog.native.website.area: is not one of the choices; use 'mainland', 'overseas' or 'global'",
        ),
        (
            {"native": {"function": {}}},
            "apps.blog.native.function: there is no such concept here; use one of website",
        ),
        ({"enabled": False}, "apps.blog.enabled: only an application of an image can wait for it; leave it out"),
        (
            {"links": ["other"]},
            "apps.blog.links: a site calls nobody: its pages do, from browsers; build addresses into the pages",
        ),
        ({"memory_mb": 512}, "apps.blog.memory_mb: there is no such setting; use one of "),
        (
            {"domain": {"name": "www.example.com"}},
            "apps.blog.domain.certificate_id: HTTPS needs one certificate; give its id, or chain and key",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_setting(project: Path, settings: dict[str, Any], message: str) -> None:
    assert refused(project, **settings).startswith(message)


@pytest.mark.parametrize("cloud", [name for name in CLOUDS if name != "tencentcloud"])
def test_on_a_cloud_without_sites_it_is_one_error_with_the_way_round(project: Path, cloud: str) -> None:
    region = {"alicloud": "cn-hangzhou", "volcengine": "cn-beijing"}[cloud]
    app = {**SITE, "cloud": cloud, "region": region}
    message = refused(project, apps={"blog": app}, clouds={cloud: {region: {}}})
    assert message == (
        f"apps.blog: is not supported on {cloud}; put the site on tencentcloud: it stands alone, whatever cloud the "
        "applications beside it run on"
    )


def test_a_region_for_sites_alone_needs_an_entry_and_no_zones(project: Path) -> None:
    message = f"clouds.tencentcloud.{REGION}: is missing, and blog runs there; write `{{}}` behind it"
    assert refused(project, clouds={"tencentcloud": {"ap-beijing": {}}}) == message


def test_an_application_that_needs_the_ground_asks_for_zones(project: Path) -> None:
    apps = {
        "blog": SITE,
        "agent": {"blueprint": "agent", "cloud": "volcengine", "region": "cn-beijing", "image": "cr.example.com/a/b:1"},
        "other": {"blueprint": "agent", "cloud": "volcengine", "region": "cn-beijing", "image": "cr.example.com/a/b:1"},
    }
    clouds: dict[str, Any] = {"tencentcloud": {REGION: {}}, "volcengine": {"cn-beijing": {}}}
    assert refused(project, apps=apps, clouds=clouds) == (
        "clouds.volcengine.cn-beijing.zones: is missing; give two zones of the region, such as [<region>-a, <region>-b]"
    )


def test_a_region_that_says_anything_of_what_is_shared_needs_zones(project: Path) -> None:
    message = refused(project, clouds={"tencentcloud": {REGION: {"cidr": "10.1.0.0/16"}}})
    assert message.startswith(f"clouds.tencentcloud.{REGION}.zones: is missing; ")


def test_with_zones_the_ground_is_there_for_others_and_the_site_is_the_same(project: Path) -> None:
    alone = run(project)
    beside = run(project, clouds={"tencentcloud": {REGION: {"zones": [f"{REGION}-3", f"{REGION}-6"]}}})
    assert "Network" in kinds(beside)
    assert {r.name: r.inputs for r in alone.of_type(FILE)} == {r.name: r.inputs for r in beside.of_type(FILE)}


def test_another_application_gets_its_address(project: Path) -> None:
    agent = {
        "blueprint": "agent", "cloud": "volcengine", "region": "cn-beijing", "image": "cr.example.com/a/b:1",
        "links": ["blog"],
    }  # fmt: skip
    clouds = {
        "tencentcloud": {REGION: {}}, "volcengine": {"cn-beijing": {"zones": ["cn-beijing-a", "cn-beijing-b"]}},
    }  # fmt: skip
    recording = run(project, apps={"agent": agent, "blog": SITE}, clouds=clouds)
    function = recording.get("volcengine:vefaas/function:Function")
    envs = {item["key"]: item["value"] for item in function.inputs["envs"]}
    assert envs["BLOG_URL"] == recording.outputs["blog"]["url"]


def test_a_first_preview_knows_every_file(project: Path) -> None:
    recording = run(project, preview=True)
    assert {resource.inputs["key"] for resource in recording.of_type(FILE)} == {
        "index.html",
        "404.html",
        "css/site.css",
    }
