"""What programs read of Tencent Cloud's answers: shapes of its own, values that follow from what is asked."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pytest
from tencentcloud_iac_pulumi import availability, cam, tcr, user

from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, reveal
from qiao.plan.rules.table import rules_for, types_of
from qiao.plan.standins import Asked, StandIns
from qiao.plan.standins_tencentcloud import RESOURCES
from tests.qiao.plan import sound_tencentcloud as sound


def ask(type_token: str, name: str = "it", **inputs: Any) -> tuple[str, dict[str, Any]]:
    given = {**sound.SOUND.get(type_token, {}), **inputs}
    urn = f"urn:pulumi:dev::p::{type_token}::{name}"
    return StandIns().resource(Asked(urn=urn, type=type_token, name=name, inputs=given))


def test_every_type_that_can_be_made_has_an_answer() -> None:
    made = [token for token in types_of("tencentcloud") if not (rules := rules_for(token)) or not rules.never]
    assert sorted(set(made) - set(RESOURCES)) == ["pulumi:providers:tencentcloud"]


@pytest.mark.parametrize(
    ("type_token", "pattern"),
    [
        (sound.NETWORK, r"vpc-[0-9a-f]{8}"),
        (sound.SUBNET, r"subnet-[0-9a-f]{8}"),
        (sound.RULES, r"sg-1"),
        (sound.NAT, r"nat-[0-9a-f]{8}"),
        (sound.ROUTE, r"\d{6}\.rtb-1"),
        (sound.REGISTRY, r"tcr-[0-9a-f]{8}"),
        (sound.REPO, r"tcr-1#team#app"),
        (sound.LOGIN, r"tcr-1#push"),
        (sound.TOPIC, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        (sound.INDEX, r"t-1"),
        (sound.FUNCTION, r"default\+agent"),
        (sound.VERSION, r"agent#default#\d{9}"),
        (sound.ALIAS, r"default#agent#live"),
        (sound.ASYNC, r"agent#default"),
        (sound.ROLE, r"\d{19}"),
        (sound.USER, r"ci"),
        (sound.KEY, r"100000000001#AKID[0-9a-f]{32}"),
        (sound.EDGE, r"zone-1#ef-[0-9a-f]{8}"),
        (sound.EDGE_DOMAIN, r"zone-1#api\.example\.com"),
        (sound.CDN, r"www\.example\.com"),
        (sound.RECORD, r"example\.com#\d{9}"),
        (sound.POSTGRES, r"postgres-[0-9a-f]{8}"),
        (sound.MYSQL, r"cdb-[0-9a-f]{8}"),
        (sound.REDIS, r"crs-[0-9a-f]{8}"),
        (sound.BUCKET, r"files-1234567890"),
        (sound.FILES, r"cfs-[0-9a-f]{8}"),
        (sound.OWNED, r"zone-1"),
    ],
)
def test_ids_have_the_clouds_own_shapes(type_token: str, pattern: str) -> None:
    identity, _ = ask(type_token)
    assert re.fullmatch(pattern, identity)


def test_hosts_belong_to_nobody_and_addresses_are_private() -> None:
    _, url = ask(sound.URL, intranet=True)
    urls = [url["internet_url"], url["intranet_url"], ask(sound.BUCKET)[1]["cosBucketUrl"]]
    assert all(re.fullmatch(r"https://[^/]+\.example", each) for each in urls)
    hosts = [ask(sound.EDGE)[1]["domain"], ask(sound.EDGE_DOMAIN)[1]["cname"], ask(sound.CDN)[1]["cname"]]
    assert all(host.endswith(".example") for host in hosts)
    assert len({*urls, *hosts}) == 6
    places = [
        ask(sound.POSTGRES)[1]["privateAccessIp"], ask(sound.MYSQL)[1]["intranetIp"], ask(sound.REDIS)[1]["ip"],
        ask(sound.FILES)[1]["mountIp"], ask(sound.DOOR)[1]["accessIp"],
    ]  # fmt: skip
    assert all(re.fullmatch(r"10(\.\d{1,3}){3}", place) for place in places)
    assert len(set(places)) == 5
    assert re.fullmatch(r"203\.0\.113\.\d{1,3}", ask(sound.EIP)[1]["publicIp"])


def test_a_registry_has_the_host_of_its_name_and_says_whether_it_is_open() -> None:
    """Functions tell images of their own account by that host."""
    _, opened = ask(sound.REGISTRY)
    assert (opened["publicDomain"], opened["publicStatus"]) == ("registry.tencentcloudcr.com", "Opened")
    assert ask(sound.REGISTRY, openPublicOperation=False)[1]["publicStatus"] == "Closed"


def test_a_function_has_the_addresses_of_the_networks_that_it_is_open_to() -> None:
    _, internet = ask(sound.URL)
    assert internet["internet_url"]
    assert internet["intranet_url"] == ""
    _, intranet = ask(sound.URL, internet=False, intranet=True)
    assert (intranet["internet_url"], bool(intranet["intranet_url"])) == ("", True)


def test_ports_are_those_asked_for_or_are_made_up() -> None:
    assert ask(sound.MYSQL, intranetPort=3307)[1]["intranetPort"] == 3307
    assert 1000 <= ask(sound.MYSQL, intranetPort=UNKNOWN)[1]["intranetPort"] <= 9999
    assert ask(sound.REDIS, port=6380)[1]["port"] == 6380
    assert 1000 <= ask(sound.POSTGRES)[1]["privateAccessPort"] <= 9999


def test_a_site_names_the_record_that_proves_whose_it_is() -> None:
    (verification,) = ask(sound.ZONE)[1]["ownershipVerifications"]
    (record_,) = verification["dnsVerifications"]
    assert record_["recordType"] == "TXT"
    assert re.fullmatch(r"edgeonereclaim-[0-9a-f]{8}", record_["subdomain"])
    assert re.fullmatch(r"reclaim-[0-9a-f]{32}", record_["recordValue"])


def test_an_edge_function_tells_the_half_of_its_id_that_others_want() -> None:
    identity, function = ask(sound.EDGE)
    assert identity == f"zone-1#{function['functionId']}"


def test_somebody_who_is_told_has_a_number_and_confirmed_nothing_yet() -> None:
    _, one = ask(sound.RECEIVER, "one")
    _, other = ask(sound.RECEIVER, "other")
    assert isinstance(one["uid"], int)
    assert one["uid"] != other["uid"]
    assert (one["emailFlag"], one["phoneFlag"]) == (0, 0)


def test_a_bucket_is_a_website_where_that_is_asked_for() -> None:
    assert "website" not in ask(sound.BUCKET)[1]
    _, site = ask(sound.BUCKET, website={"indexDocument": "index.html"})
    assert site["website"] == {
        "indexDocument": "index.html", "endpoint": "files-1234567890.cos-website.example",
    }  # fmt: skip


def test_what_an_object_says_of_its_content_is_what_was_given() -> None:
    assert ask(sound.OBJECT, etag="abc")[1]["etag"] == "abc"
    assert re.fullmatch(r"[0-9a-f]{32}", ask(sound.OBJECT)[1]["etag"])


@pytest.mark.parametrize(
    ("asked", "stable", "canary"),
    [({}, "3", ""), ({"weight": 30}, None, "3"), ({"weight": 0}, None, ""), ({"revision": 2.0}, "2", "")],
)
def test_the_history_of_releases_follows_from_what_is_asked(asked: Any, stable: str | None, canary: str) -> None:
    _, history = ask(sound.HISTORY, **asked)
    assert history["canary_version"] == canary
    if stable is not None:
        assert history["stable_version"] == stable
    else:
        # A version from before this program, which it cannot know.
        assert re.fullmatch(r"\d{9}", history["stable_version"])


def test_the_account_is_the_same_wherever_it_is_told() -> None:
    def program() -> None:
        told = user.get_info_output()
        pulumi.export("app", told.app_id)
        pulumi.export("owner", told.owner_uin)

    outputs = record(program).outputs
    assert re.fullmatch(r"[1-9]\d{9}", outputs["app"])
    assert ask(sound.ROLE)[1]["roleArn"] == f"qcs::cam::uin/{outputs['owner']}:roleName/agent"


def test_zones_have_names_and_numbers_in_every_region() -> None:
    def program() -> None:
        sold = availability.get_zones_by_product_output(product="redis")
        pulumi.export("zones", sold.zones.apply(lambda found: {zone.name: zone.id for zone in found}))

    zones = record(program).outputs["zones"]
    assert {"ap-guangzhou-3", "ap-guangzhou-6", "eu-frankfurt-1"} <= set(zones)
    assert all(re.fullmatch(r"\d{6}", number) for number in zones.values())
    assert zones["ap-guangzhou-3"] != zones["ap-guangzhou-6"]


def test_images_registries_and_policies_are_those_asked_for() -> None:
    def program() -> None:
        found = tcr.get_instances_output(name="team").instance_lists[0]
        pulumi.export("registry", pulumi.Output.all(found.name, found.public_domain))
        for tag in ("1", "2"):
            asked = tcr.get_images_output(
                registry_id=found.id, namespace_name="n", repository_name="r", image_version=tag, exact_match=True
            )
            image = asked.image_info_lists[0]
            pulumi.export(f"image-{tag}", pulumi.Output.all(image.image_version, image.digest))
        for name in ("QcloudCOSFullAccess", "QcloudCFSFullAccess"):
            policy = cam.get_policies_output(name=name, type=2).policy_lists[0]
            pulumi.export(name, pulumi.Output.all(policy.name, policy.policy_id))

    outputs = record(program).outputs
    assert outputs["registry"] == ["team", "team.tencentcloudcr.com"]
    assert [outputs[f"image-{tag}"][0] for tag in ("1", "2")] == ["1", "2"]
    digests = {outputs[f"image-{tag}"][1] for tag in ("1", "2")}
    assert len(digests) == 2
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in digests)
    names = ("QcloudCOSFullAccess", "QcloudCFSFullAccess")
    assert [outputs[name][0] for name in names] == list(names)
    assert len({outputs[name][1] for name in names}) == 2


def test_other_data_sources_are_an_error_that_names_them() -> None:
    with pytest.raises(LookupError, match="tencentcloud:Availability/getRegions:getRegions has no stand-in"):
        record(lambda: availability.get_regions())


def test_secrets_are_no_part_of_what_is_told_in_clear() -> None:
    (identity, key), (_, other) = ask(sound.KEY), ask(sound.KEY, "other")
    assert reveal(key["secretAccessKey"]) != reveal(other["secretAccessKey"])
    assert reveal(key["secretAccessKey"]) not in f"{identity} {key['accessKey']}"


def test_gaps_answer_in_their_own_words() -> None:
    _, ready = ask(f"{sound.GAP}FunctionReady", function_name="agent")
    assert ready["function_name"] == "agent"
    assert ask(sound.OWNED)[1]["zone_id"] == "zone-1"
