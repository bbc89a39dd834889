from __future__ import annotations

from itertools import pairwise
from typing import Any

import pulumi
import pytest

from components.bucket import BucketArgs, CorsRule
from components.scope import Scope
from components.volcengine.bucket import Bucket, BucketNative
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.volcengine.support import Stage, marked, probe, probed, recorded, tags_of, waits_for

BUCKET, ENCRYPTION = "volcengine:tos/bucket:Bucket", "volcengine:tos/bucketEncryption:BucketEncryption"
LIFECYCLE, CORS = "volcengine:tos/bucketLifecycle:BucketLifecycle", "volcengine:tos/bucketCors:BucketCors"
PAGES = [
    CorsRule(origins=["https://chat.example.com"]),
    CorsRule(
        origins=["https://a.example.com", "https://b.example.com"], methods=("GET",), headers=("x-a",),
        max_age_seconds=5,
    ),
]  # fmt: skip


def bucket(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None, **args: Any
) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Bucket("agent-files", BucketArgs(scope=scope, **args), opts)
        for name in ("name", "endpoint", "public_endpoint"):
            probe(name, getattr(it, name))

    return recorded(build, stage, preview=preview, **(profile or {}))


def rules(recording: Recording) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = recording.get(LIFECYCLE).inputs["rules"]
    return found


def test_it_is_private_and_uniquely_named() -> None:
    recording = bucket()
    it, suffix = recording.get(BUCKET), recording.get("random:index/randomId:RandomId", "agent-files-suffix")
    assert it.inputs["bucketName"] == f"qiao-dev-agent-files-{suffix.outputs['hex']}"
    assert it.inputs["publicAcl"] == "private"
    assert "accountAcls" not in it.inputs
    assert it.inputs["tags"] == tags_of("agent-files")
    assert it.delete_before_replace is True, "the name is taken as long as the old bucket is there"


@pytest.mark.parametrize(("stage", "zones", "versions"), [("dev", "single-az", False), ("prod", "multi-az", True)])
def test_zones_and_versions_follow_the_profile(stage: Stage, zones: str, versions: bool) -> None:
    inputs = bucket(stage).get(BUCKET).inputs
    assert (inputs["azRedundancy"], inputs["enableVersion"]) == (zones, versions)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_it_is_always_encrypted(stage: Stage) -> None:
    recording = bucket(stage)
    encryption = recording.get(ENCRYPTION)
    assert encryption.inputs["bucketName"] == recording.get(BUCKET).inputs["bucketName"]
    assert encryption.inputs["rule"] == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "AES256"}}


def test_a_key_of_its_own() -> None:
    rule = bucket(native=BucketNative(kms_key_id="key-1")).get(ENCRYPTION).inputs["rule"]
    assert rule == {"applyServerSideEncryptionByDefault": {"sseAlgorithm": "kms", "kmsMasterKeyId": "key-1"}}


def test_unfinished_uploads_go_after_a_week() -> None:
    assert rules(bucket()) == [
        {"id": "everywhere", "status": "Enabled", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}
    ]


def test_old_versions_go_where_versions_are_kept() -> None:
    (rule,) = rules(bucket("prod", old_version_days=9))
    assert rule["nonCurrentVersionExpiration"] == {"nonCurrentDays": 9}
    (rule,) = rules(bucket("prod", versioned=False))
    assert "nonCurrentVersionExpiration" not in rule
    assert bucket("dev", versioned=True).get(BUCKET).inputs["enableVersion"] is True


def test_all_objects_expire_by_the_one_rule() -> None:
    (rule,) = rules(bucket(expire_days=30))
    assert rule["expiration"] == {"days": 30}
    assert "prefix" not in rule


def test_a_part_expires_by_a_rule_of_its_own() -> None:
    everywhere, part = rules(bucket(expire_days=30, expire_prefix="tmp/"))
    assert "expiration" not in everywhere, "it would delete what is to stay"
    assert part == {"id": "expire", "status": "Enabled", "prefix": "tmp/", "expiration": {"days": 30}}


def test_a_prefix_without_days_expires_nothing() -> None:
    (rule,) = rules(bucket(expire_prefix="tmp/"))
    assert "expiration" not in rule


def test_pages_that_may_use_it() -> None:
    one, other = bucket(cors=PAGES).get(CORS).inputs["corsRules"]
    assert one == {
        "allowedOrigins": ["https://chat.example.com"], "allowedMethods": ["GET", "PUT", "POST"],
        "allowedHeaders": ["*"], "maxAgeSeconds": 600,
    }  # fmt: skip
    assert other["allowedOrigins"] == ["https://a.example.com", "https://b.example.com"]
    assert (other["allowedMethods"], other["allowedHeaders"], other["maxAgeSeconds"]) == (["GET"], ["x-a"], 5)
    assert bucket().of_type(CORS) == []


@pytest.mark.parametrize("preview", [False, True])
def test_settings_are_made_one_after_the_other(preview: bool) -> None:
    recording = bucket(cors=PAGES, preview=preview)
    chain = [recording.get(kind) for kind in (BUCKET, ENCRYPTION, LIFECYCLE, CORS)]
    for before, step in pairwise(chain):
        assert before.name in waits_for(step), f"{step.name} does not wait for {before.name}"


def test_its_name_is_known_once_it_is_ready_for_use() -> None:
    recording = bucket(cors=PAGES)
    name, gates = probed(recording, "name")
    assert name == recording.get(BUCKET).inputs["bucketName"]
    assert {"agent-files-encryption", "agent-files-lifecycle", "agent-files-cors"} <= gates


def test_hosts_from_inside_and_from_anywhere() -> None:
    recording = bucket()
    outputs = recording.get(BUCKET).outputs
    assert probed(recording, "endpoint")[0] == outputs["intranetEndpoint"]
    assert probed(recording, "public_endpoint")[0] == outputs["extranetEndpoint"]


def test_prod_keeps_the_bucket_and_its_encryption() -> None:
    recording = bucket("prod", cors=PAGES)
    assert marked(recording, "protect") == {"agent-files-bucket"}
    assert marked(recording, "retain_on_delete") == {
        "agent-files-bucket", "agent-files-encryption", "agent-files-lifecycle", "agent-files-cors"
    }  # fmt: skip
    assert marked(bucket(cors=PAGES), "protect") | marked(bucket(cors=PAGES), "retain_on_delete") == set()


def test_a_first_preview_knows_the_settings_but_no_name() -> None:
    recording = bucket(preview=True, expire_days=3)
    name, gates = probed(recording, "name")
    assert name is UNKNOWN
    assert {"agent-files-encryption", "agent-files-lifecycle"} <= gates
    assert recording.get(ENCRYPTION).inputs["bucketName"] is UNKNOWN
    assert rules(recording)[0]["expiration"] == {"days": 3}


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-files", "agent-code"):
            Bucket(name, BucketArgs(scope=scope), opts)

    recording = recorded(build)
    names = {r.name: r.inputs["bucketName"] for r in recording.of_type(BUCKET)}
    assert len(set(names.values())) == 2
    assert recording.get(LIFECYCLE, "agent-code-lifecycle").inputs["bucketName"] == names["agent-code-bucket"]
