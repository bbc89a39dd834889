from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest

from components.bucket import BucketArgs, CorsRule
from components.errors import UserError
from components.scope import Scope
from components.tencentcloud.bucket import Bucket, BucketNative, ten_digits
from qiao.plan.recording import UNKNOWN, Recording
from tests.components.tencentcloud.support import APP_ID, REGION, Stage, marked, probe, probed, recorded, tags_of

BUCKET = "tencentcloud:Cos/bucket:Bucket"
SUFFIX = "random:index/randomId:RandomId"
PROVIDERS_PATTERN = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9]{10}"
PAGES = [
    CorsRule(origins=["https://chat.example.com"]),
    CorsRule(
        origins=["https://a.example.com", "https://b.example.com"], methods=("GET",), headers=("x-a",),
        max_age_seconds=5,
    ),
]  # fmt: skip


def bucket(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None, name: str = "agent-files",
    **args: Any,
) -> Recording:  # fmt: skip
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Bucket(name, BucketArgs(scope=scope, **args), opts)
        for output in ("name", "endpoint", "public_endpoint"):
            probe(output, getattr(it, output))

    return recorded(build, stage, preview=preview, **(profile or {}))


def rules(recording: Recording) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = recording.get(BUCKET).inputs["lifecycleRules"]
    return found


def refused(stage: Stage = "dev", **args: Any) -> str:
    with pytest.raises(UserError) as error:
        bucket(stage, **args)
    return str(error.value)


def test_its_name_ends_in_the_application_id_and_it_is_tagged() -> None:
    recording = bucket()
    it, suffix = recording.get(BUCKET), recording.get(SUFFIX, "agent-files-suffix")
    assert it.inputs["bucket"] == f"qiao-dev-agent-files-{suffix.outputs['hex']}-{APP_ID}"
    assert it.inputs["tags"] == tags_of("agent-files")
    assert it.delete_before_replace is True, "the name is taken as long as the old bucket is there"


def test_the_longest_name_is_one_that_the_provider_takes() -> None:
    recording = bucket(name="agent-" + "x" * 80)
    name = recording.get(BUCKET).inputs["bucket"]
    assert len(name) == 60
    assert re.fullmatch(PROVIDERS_PATTERN, name)
    assert name.endswith(f"{recording.of_type(SUFFIX)[0].outputs['hex']}-{APP_ID}"), "what makes it unique is never cut"


def test_the_account_is_asked_through_the_callers_provider() -> None:
    recording = bucket()
    (asked,) = [invoke for invoke in recording.invokes if invoke.token.endswith(":getInfo")]
    assert asked.provider.startswith("urn:pulumi:dev::qiao::pulumi:providers:tencentcloud::explicit::")


@pytest.mark.parametrize("found", ["123456789", "12345678901", ""])
def test_an_account_whose_names_the_provider_would_refuse(found: str) -> None:
    with pytest.raises(UserError) as error:
        ten_digits(found)
    assert str(error.value) == (
        f"tencentcloud Bucket: the account's application id has {len(found)} digits, and the provider takes names of"
        " ten; use an account that was opened later"
    )
    assert ten_digits("1250000000") == "1250000000"


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_it_is_private_and_encrypted(stage: Stage) -> None:
    inputs = bucket(stage, cors=PAGES).get(BUCKET).inputs
    assert (inputs["acl"], inputs["encryptionAlgorithm"]) == ("private", "AES256")
    assert {"kmsId", "aclBody", "website", "accelerationEnable"}.isdisjoint(inputs)


def test_a_key_of_its_own() -> None:
    inputs = bucket(native=BucketNative(kms_key_id="key-1")).get(BUCKET).inputs
    assert (inputs["encryptionAlgorithm"], inputs["kmsId"]) == ("KMS", "key-1")


@pytest.mark.parametrize(("stage", "several"), [("dev", False), ("prod", True)])
def test_zones_follow_the_profile(stage: Stage, several: bool) -> None:
    inputs = bucket(stage).get(BUCKET).inputs
    assert (inputs["multiAz"], inputs["versioningEnable"]) == (several, several)


def test_zones_of_ones_own() -> None:
    assert bucket("prod", native=BucketNative(multi_az=False)).get(BUCKET).inputs["multiAz"] is False
    inputs = bucket(versioned=True, native=BucketNative(multi_az=True)).get(BUCKET).inputs
    assert (inputs["multiAz"], inputs["versioningEnable"]) == (True, True)


@pytest.mark.parametrize(
    ("stage", "args"),
    [
        ("prod", {"versioned": False}),
        ("prod", {"profile": {"versioned": False}}),
        ("dev", {"native": BucketNative(multi_az=True)}),
    ],
)
def test_several_zones_without_versions_are_refused(stage: Stage, args: dict[str, Any]) -> None:
    """Such a bucket cannot stop keeping them: the update would fail for ever."""
    assert refused(stage, **args) == (
        "BucketArgs.versioned of agent-files: a bucket in several zones keeps old versions;"
        " let it keep them, or set multi_az to false among its extras (native)"
    )


def test_versions_are_turned_off_by_saying_so() -> None:
    recording = bucket("prod", versioned=False, native=BucketNative(multi_az=False))
    assert recording.get(BUCKET).inputs["versioningEnable"] is False
    assert rules(recording)[0]["nonCurrentExpiration"] == {"nonCurrentDays": 30}, "the last versions go too"


def test_unfinished_uploads_go_after_a_week() -> None:
    assert rules(bucket()) == [
        {"id": "everywhere", "filterPrefix": "", "abortIncompleteMultipartUpload": {"daysAfterInitiation": 7}}
    ]


def test_old_versions_go_where_versions_are_kept() -> None:
    (rule,) = rules(bucket("prod", old_version_days=9))
    assert rule["nonCurrentExpiration"] == {"nonCurrentDays": 9}
    (rule,) = rules(bucket())
    assert "nonCurrentExpiration" not in rule


def test_all_objects_expire_by_the_one_rule() -> None:
    (rule,) = rules(bucket(expire_days=30))
    assert (rule["expiration"], rule["filterPrefix"]) == ({"days": 30}, "")


def test_a_part_expires_by_a_rule_of_its_own() -> None:
    everywhere, part = rules(bucket("prod", expire_days=30, expire_prefix="tmp/"))
    assert "expiration" not in everywhere, "it would delete what is to stay"
    assert part == {"id": "expire", "filterPrefix": "tmp/", "expiration": {"days": 30}}


def test_a_prefix_without_days_expires_nothing() -> None:
    (rule,) = rules(bucket(expire_prefix="tmp/"))
    assert "expiration" not in rule


def test_pages_that_may_use_it() -> None:
    one, other = bucket(cors=PAGES).get(BUCKET).inputs["corsRules"]
    assert one == {
        "allowedOrigins": ["https://chat.example.com"], "allowedMethods": ["GET", "PUT", "POST"],
        "allowedHeaders": ["*"], "exposeHeaders": ["ETag"], "maxAgeSeconds": 600,
    }  # fmt: skip
    assert other["allowedOrigins"] == ["https://a.example.com", "https://b.example.com"]
    assert (other["allowedMethods"], other["allowedHeaders"], other["maxAgeSeconds"]) == (["GET"], ["x-a"], 5)
    assert "corsRules" not in bucket().get(BUCKET).inputs


def test_a_hundred_rules_at_most() -> None:
    hundred = [CorsRule(origins=[f"https://{n}.example.com"]) for n in range(100)]
    assert bucket(cors=hundred).get(BUCKET).inputs["corsRules"][99]["allowedOrigins"] == ["https://99.example.com"]
    assert refused(cors=[*hundred, PAGES[0]]) == (
        "BucketArgs.cors of agent-files: 101 rules given; use at most 100: one takes many origins"
    )


@pytest.mark.parametrize(
    ("stage", "profile", "emptied"),
    [("dev", {}, True), ("dev", {"protect": True}, False), ("dev", {"retain": True}, False), ("prod", {}, False)],
)
def test_only_what_is_disposable_is_destroyed_with_its_objects(
    stage: Stage, profile: dict[str, Any], emptied: bool
) -> None:
    assert bucket(stage, profile=profile).get(BUCKET).inputs["forceClean"] is emptied


def test_whether_it_is_emptied_can_be_said() -> None:
    assert bucket(native=BucketNative(force_destroy=False)).get(BUCKET).inputs["forceClean"] is False
    retained = bucket(profile={"retain": True}, native=BucketNative(force_destroy=True))
    assert retained.get(BUCKET).inputs["forceClean"] is True
    assert refused("prod", native=BucketNative(force_destroy=True)) == (
        "BucketNative.force_destroy of agent-files: it would delete all objects of a protected bucket; leave it out"
    )


def test_extras_of_another_cloud() -> None:
    assert refused(native="big") == "BucketArgs.native of agent-files: str is not for tencentcloud; give a BucketNative"


@pytest.mark.parametrize("preview", [False, True])
def test_one_host_from_inside_and_from_anywhere(preview: bool) -> None:
    recording = bucket(preview=preview)
    assert probed(recording, "endpoint")[0] == f"cos.{REGION}.myqcloud.com"
    assert probed(recording, "public_endpoint")[0] == f"cos.{REGION}.myqcloud.com"


def test_its_name_is_known_once_it_is_there() -> None:
    recording = bucket()
    name, gates = probed(recording, "name")
    assert name == recording.get(BUCKET).inputs["bucket"]
    assert "agent-files-bucket" in gates


def test_prod_keeps_the_bucket() -> None:
    recording = bucket("prod", cors=PAGES)
    assert marked(recording, "protect") == marked(recording, "retain_on_delete") == {"agent-files-bucket"}
    assert marked(bucket(cors=PAGES), "protect") | marked(bucket(cors=PAGES), "retain_on_delete") == set()


def test_a_first_preview_knows_the_settings_but_no_name() -> None:
    recording = bucket("prod", preview=True, expire_days=3)
    assert probed(recording, "name")[0] is UNKNOWN
    inputs = recording.get(BUCKET).inputs
    assert (inputs["bucket"], inputs["acl"], inputs["multiAz"]) == (UNKNOWN, "private", True)
    assert rules(recording)[0]["expiration"] == {"days": 3}


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-files", "agent-code"):
            Bucket(name, BucketArgs(scope=scope), opts)

    recording = recorded(build)
    names = {resource.name: resource.inputs["bucket"] for resource in recording.of_type(BUCKET)}
    assert len(set(names.values())) == 2
    assert names["agent-code-bucket"].startswith("qiao-dev-agent-code-")
