from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.alicloud.bucket import Bucket, BucketNative
from components.bucket import BucketArgs, CorsRule
from components.errors import UserError
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.alicloud.support import Stage, marked, probe, probed, recorded, tags_of, waits_for

BUCKET, ACL = "alicloud:oss/bucket:Bucket", "alicloud:oss/bucketAcl:BucketAcl"
BLOCK = "alicloud:oss/bucketPublicAccessBlock:BucketPublicAccessBlock"
SETTINGS = ("Versioning", "ServerSideEncryption", "Cors", "Lifecycle", "Policy", "Website", "Logging")
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
    found: list[dict[str, Any]] = recording.get(BUCKET).inputs["lifecycleRules"]
    return found


def refused(stage: Stage = "dev", **args: Any) -> str:
    with pytest.raises(UserError) as error:
        bucket(stage, **args)
    return str(error.value)


def test_it_is_uniquely_named_and_tagged() -> None:
    recording = bucket()
    it, suffix = recording.get(BUCKET), recording.get("random:index/randomId:RandomId", "agent-files-suffix")
    assert it.inputs["bucket"] == f"qiao-dev-agent-files-{suffix.outputs['hex']}"
    assert it.inputs["tags"] == tags_of("agent-files")
    assert it.delete_before_replace is True, "the name is taken as long as the old bucket is there"


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_it_is_private_and_closed_to_the_public(stage: Stage) -> None:
    recording = bucket(stage)
    name = recording.get(BUCKET).inputs["bucket"]
    assert recording.get(ACL).inputs == {"bucket": name, "acl": "private"}
    assert recording.get(BLOCK).inputs == {"bucket": name, "blockPublicAccess": True}
    assert {"acl", "policy", "website"}.isdisjoint(recording.get(BUCKET).inputs)


@pytest.mark.parametrize("preview", [False, True])
def test_rights_are_set_one_after_the_other_and_go_with_the_bucket(preview: bool) -> None:
    recording = bucket(preview=preview)
    it, acl, block = (recording.get(kind) for kind in (BUCKET, ACL, BLOCK))
    assert it.name in waits_for(acl)
    assert acl.name in waits_for(block), "two edits of one bucket at once"
    assert (acl.deleted_with, block.deleted_with) == (it.urn, it.urn), "it is never there without its block"


@pytest.mark.parametrize("kind", SETTINGS)
def test_settings_are_the_buckets_own(kind: str) -> None:
    """It reads them all back: what a resource of its own set, it would take away after a refresh."""
    token = f"alicloud:oss/bucket{kind}:Bucket{kind}"
    assert bucket("prod", cors=PAGES, expire_days=3).of_type(token) == []


@pytest.mark.parametrize(("stage", "redundancy"), [("dev", "LRS"), ("prod", "ZRS")])
def test_zones_follow_the_profile(stage: Stage, redundancy: str) -> None:
    inputs = bucket(stage).get(BUCKET).inputs
    assert (inputs["redundancyType"], inputs["storageClass"]) == (redundancy, "Standard")


def test_redundancy_and_group_of_ones_own() -> None:
    inputs = bucket("prod", native=BucketNative(redundancy="LRS", resource_group_id="rg-1")).get(BUCKET).inputs
    assert (inputs["redundancyType"], inputs["resourceGroupId"]) == ("LRS", "rg-1")


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_it_is_always_encrypted(stage: Stage) -> None:
    assert bucket(stage).get(BUCKET).inputs["serverSideEncryptionRule"] == {"sseAlgorithm": "AES256"}


def test_a_key_of_its_own() -> None:
    rule = bucket(native=BucketNative(kms_key_id="key-1")).get(BUCKET).inputs["serverSideEncryptionRule"]
    assert rule == {"sseAlgorithm": "KMS", "kmsMasterKeyId": "key-1"}


def test_prod_keeps_versions_and_dev_says_nothing_of_them() -> None:
    assert bucket("prod").get(BUCKET).inputs["versioning"] == {"status": "Enabled"}
    assert "versioning" not in bucket().get(BUCKET).inputs, "suspended, deletions would leave marks"
    assert bucket(versioned=True).get(BUCKET).inputs["versioning"] == {"status": "Enabled"}


def test_versions_are_turned_off_by_saying_so() -> None:
    """Left out, the provider does nothing and wants to on every preview."""
    recording = bucket("prod", versioned=False)
    assert recording.get(BUCKET).inputs["versioning"] == {"status": "Suspended"}
    assert rules(recording)[0]["noncurrentVersionExpirations"] == [{"days": 30}], "the last versions go too"


def test_unfinished_uploads_go_after_a_week() -> None:
    assert rules(bucket()) == [
        {"id": "everywhere", "enabled": True, "prefix": "", "abortMultipartUploads": [{"days": 7}]}
    ]


def test_old_versions_go_where_versions_are_kept() -> None:
    (rule,) = rules(bucket("prod", old_version_days=9))
    assert rule["noncurrentVersionExpirations"] == [{"days": 9}]
    (rule,) = rules(bucket())
    assert "noncurrentVersionExpirations" not in rule


def test_all_objects_expire_by_the_one_rule() -> None:
    (rule,) = rules(bucket(expire_days=30))
    assert (rule["expirations"], rule["prefix"]) == ([{"days": 30}], "")


def test_a_part_expires_by_a_rule_of_its_own() -> None:
    everywhere, part = rules(bucket("prod", expire_days=30, expire_prefix="tmp/"))
    assert "expirations" not in everywhere, "it would delete what is to stay"
    assert part == {"id": "expire", "enabled": True, "prefix": "tmp/", "expirations": [{"days": 30}]}
    actions = [key for rule in (everywhere, part) for key in rule if key.endswith("s")]
    assert len(actions) == len(set(actions)), "the same action over the same objects twice is refused"


def test_a_prefix_without_days_expires_nothing() -> None:
    (rule,) = rules(bucket(expire_prefix="tmp/"))
    assert "expirations" not in rule


def test_pages_that_may_use_it() -> None:
    one, other = bucket(cors=PAGES).get(BUCKET).inputs["corsRules"]
    assert one == {
        "allowedOrigins": ["https://chat.example.com"], "allowedMethods": ["GET", "PUT", "POST"],
        "allowedHeaders": ["*"], "exposeHeaders": ["ETag"], "maxAgeSeconds": 600,
    }  # fmt: skip
    assert other["allowedOrigins"] == ["https://a.example.com", "https://b.example.com"]
    assert (other["allowedMethods"], other["allowedHeaders"], other["maxAgeSeconds"]) == (["GET"], ["x-a"], 5)
    assert "corsRules" not in bucket().get(BUCKET).inputs


def test_ten_rules_at_most() -> None:
    ten = [CorsRule(origins=[f"https://{n}.example.com"]) for n in range(10)]
    assert len(bucket(cors=ten).get(BUCKET).inputs["corsRules"]) == 10
    assert refused(cors=[*ten, PAGES[0]]) == (
        "BucketArgs.cors of agent-files: 11 rules given; use at most 10: one takes many origins"
    )


@pytest.mark.parametrize(
    ("stage", "profile", "emptied"),
    [("dev", {}, True), ("dev", {"protect": True}, False), ("dev", {"retain": True}, False), ("prod", {}, False)],
)
def test_only_what_is_disposable_is_destroyed_with_its_objects(stage: Stage, profile: Any, emptied: bool) -> None:
    assert bucket(stage, profile=profile).get(BUCKET).inputs["forceDestroy"] is emptied


def test_whether_it_is_emptied_can_be_said() -> None:
    assert bucket(native=BucketNative(force_destroy=False)).get(BUCKET).inputs["forceDestroy"] is False
    retained = bucket(profile={"retain": True}, native=BucketNative(force_destroy=True))
    assert retained.get(BUCKET).inputs["forceDestroy"] is True
    assert refused("prod", native=BucketNative(force_destroy=True)) == (
        "BucketNative.force_destroy of agent-files: it would delete all objects of a protected bucket; leave it out"
    )


def test_an_unknown_redundancy() -> None:
    with pytest.raises(UserError) as error:
        BucketNative(redundancy="GRS")  # type: ignore[arg-type]
    assert str(error.value) == "BucketNative.redundancy: 'GRS' is unknown; use one of LRS, ZRS"


def test_its_name_is_known_once_it_is_closed() -> None:
    recording = bucket()
    name, gates = probed(recording, "name")
    assert name == recording.get(BUCKET).inputs["bucket"]
    assert {"agent-files-bucket", "agent-files-acl", "agent-files-public-access-block"} <= gates


def test_hosts_from_inside_and_from_anywhere() -> None:
    recording = bucket()
    outputs = recording.get(BUCKET).outputs
    assert probed(recording, "endpoint")[0] == outputs["intranetEndpoint"]
    assert probed(recording, "public_endpoint")[0] == outputs["extranetEndpoint"]


def test_prod_keeps_the_bucket_and_its_block() -> None:
    recording = bucket("prod", cors=PAGES)
    assert marked(recording, "protect") == {"agent-files-bucket"}
    assert marked(recording, "retain_on_delete") == {
        "agent-files-bucket", "agent-files-acl", "agent-files-public-access-block"
    }  # fmt: skip
    assert marked(bucket(cors=PAGES), "protect") | marked(bucket(cors=PAGES), "retain_on_delete") == set()


def test_a_first_preview_knows_the_settings_but_no_name() -> None:
    recording = bucket("prod", preview=True, expire_days=3)
    name, gates = probed(recording, "name")
    assert name is UNKNOWN
    assert {"agent-files-acl", "agent-files-public-access-block"} <= gates
    assert recording.get(BLOCK).inputs == {"bucket": UNKNOWN, "blockPublicAccess": True}
    assert rules(recording)[0]["expirations"] == [{"days": 3}]


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-files", "agent-code"):
            Bucket(name, BucketArgs(scope=scope), opts)

    recording = recorded(build)
    names = {resource.name: resource.inputs["bucket"] for resource in recording.of_type(BUCKET)}
    assert len(set(names.values())) == 2
    assert recording.get(BLOCK, "agent-code-public-access-block").inputs["bucket"] == names["agent-code-bucket"]
