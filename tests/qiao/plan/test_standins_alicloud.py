"""What programs read of Alibaba Cloud's answers: shapes of its own, values that follow from what is asked."""

from __future__ import annotations

import re
from typing import Any

import pulumi
import pulumi_alicloud as alicloud
import pytest

from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN
from qiao.plan.standins import Asked, StandIns
from tests.qiao.plan import sound_alicloud as sound

GAP = "pulumi-python:dynamic/alicloud:"


def ask(type_token: str, name: str = "it", **inputs: Any) -> tuple[str, dict[str, Any]]:
    given = {**sound.SOUND.get(type_token, {}), **inputs}
    urn = f"urn:pulumi:dev::p::{type_token}::{name}"
    return StandIns().resource(Asked(urn=urn, type=type_token, name=name, inputs=given))


@pytest.mark.parametrize(
    ("type_token", "pattern"),
    [
        (sound.NETWORK, r"vpc-[0-9a-f]{20}"),
        (sound.SWITCH, r"vsw-[0-9a-f]{20}"),
        (sound.GROUP, r"sg-[0-9a-f]{20}"),
        (sound.EIP, r"eip-[0-9a-f]{20}"),
        (sound.NAT, r"ngw-[0-9a-f]{20}"),
        (sound.SNAT, r"stb-1:snat-[0-9a-f]{20}"),
        (sound.REGISTRY, r"cri-[0-9a-f]{16}"),
        (sound.REPO, r"team/app"),
        (sound.STORE, r"logs-1:app"),
        (sound.FUNCTION, r"agent"),
        (sound.ALIAS, r"agent:live"),
        (sound.VERSION, r"agent:\d{9}"),
        (sound.GATEWAY, r"gw-[0-9a-f]{20}"),
        (sound.API, r"api-[0-9a-f]{20}"),
        (sound.ROUTE, r"api-1:hr-[0-9a-f]{20}"),
        (sound.CERTIFICATE, r"\d{8}"),
        (sound.RDS, r"pgm-[0-9a-f]{17}"),
        (sound.ACCOUNT, r"pgm-1:owner"),
        (sound.REDIS, r"r-[0-9a-f]{16}"),
        (sound.BUCKET, r"bucket-1"),
        (sound.MOUNT, r"fs-1:fs-1-[0-9a-f]{5}\.nas\.example"),
        (sound.KEY, r"LTAI5t[0-9a-f]{18}"),
        (sound.CONTACT, r"ops"),
    ],
)
def test_ids_have_the_clouds_own_shapes(type_token: str, pattern: str) -> None:
    identity, _ = ask(type_token)
    assert re.fullmatch(pattern, identity)


def test_an_engine_tells_in_the_instances_id() -> None:
    assert ask(sound.RDS, engine="MySQL")[0].startswith("rm-")


def test_hosts_belong_to_nobody_and_differ() -> None:
    _, rds = ask(sound.RDS)
    _, redis = ask(sound.REDIS)
    _, mount = ask(sound.MOUNT)
    _, bucket = ask(sound.BUCKET)
    _, address = ask(f"{GAP}GatewayAddress", gateway_id="gw-1", internet=True)
    _, inner = ask(f"{GAP}GatewayAddress", gateway_id="gw-1", internet=False)
    _, repository = ask(sound.REPO)
    _, registry = ask(sound.REGISTRY)
    hosts = [
        rds["connectionString"], redis["connectionDomain"], mount["mountTargetDomain"], bucket["extranetEndpoint"],
        bucket["intranetEndpoint"], address["address"], inner["address"], *repository["domainLists"][0].values(),
        *(domain["domain"] for endpoint in registry["instanceEndpoints"] for domain in endpoint["domains"]),
    ]  # fmt: skip
    assert all(host.endswith(".example") for host in hosts)
    assert len(set(hosts)) == len(hosts) == 12
    assert set(repository["domainLists"][0]) == {"public", "internal", "vpc"}
    assert [endpoint["endpointType"] for endpoint in registry["instanceEndpoints"]] == ["internet", "vpc"]


def test_a_gateway_has_one_environment_and_the_entries_that_it_is_open_to() -> None:
    for kind, entries in (
        ("Internet", ["Internet"]), ("Intranet", ["Intranet"]), ("InternetAndIntranet", ["Internet", "Intranet"]),
    ):  # fmt: skip
        identity, gateway = ask(sound.GATEWAY, networkAccessConfig={"type": kind})
        assert [entry["addressType"] for entry in gateway["loadBalancers"]] == entries
        assert all(entry["address"].startswith(identity) for entry in gateway["loadBalancers"])
        assert re.fullmatch(r"env-[0-9a-f]{20}", gateway["environments"][0]["environmentId"])
        assert len(gateway["environments"]) == 1


def test_gateways_of_a_region_answer_any_host_by_one_domain() -> None:
    first, second, elsewhere = (
        ask(sound.ANY_HOST, name, region=region)
        for name, region in (("one", "cn-hangzhou"), ("two", "cn-hangzhou"), ("one", "cn-beijing"))
    )
    assert first == second != elsewhere
    assert first[0] == first[1]["domain_id"]
    assert ask(sound.ANY_HOST, region=UNKNOWN)[0] == "d-any-host-region"


def test_only_http_triggers_have_addresses() -> None:
    assert "httpTrigger" not in ask(sound.TRIGGER)[1]
    _, trigger = ask(sound.TRIGGER, triggerType="http")
    assert trigger["httpTrigger"]["urlInternet"].startswith("https://nightly-")
    assert trigger["httpTrigger"]["urlInternet"] != trigger["httpTrigger"]["urlIntranet"]


def test_a_route_tells_the_half_of_its_id_that_others_want() -> None:
    identity, route = ask(sound.ROUTE)
    assert identity == f"api-1:{route['routeId']}"
    assert route["status"] == "NotDeployed"


def test_a_function_is_not_ready_when_it_is_made() -> None:
    """The provider does not wait: whoever needs it ready asks the gap."""
    _, function = ask(sound.FUNCTION)
    assert (function["state"], function["lastUpdateStatus"]) == ("Pending", "InProgress")
    assert re.fullmatch(r"acs:fc:region-[0-9a-f]{4}:\d{16}:functions/agent", function["functionArn"])


@pytest.mark.parametrize(
    ("asked", "stable", "canary"),
    [
        ({}, "3", ""),
        ({"weight": 30}, None, "3"),
        ({"weight": 0}, None, ""),
        ({"revision": 2.0}, "2", ""),
    ],
)
def test_the_history_of_releases_follows_from_what_is_asked(asked: Any, stable: str | None, canary: str) -> None:
    _, history = ask(sound.HISTORY, **asked)
    assert history["canary_version"] == canary
    if stable is not None:
        assert history["stable_version"] == stable
    else:
        # A version from before this program, which it cannot know.
        assert re.fullmatch(r"\d{9}", history["stable_version"])


def test_a_version_that_is_not_known_yet_stands_for_itself() -> None:
    _, history = ask(sound.HISTORY, version_id=UNKNOWN)
    assert history["stable_version"] not in ("", "3")


def test_the_account_is_the_same_wherever_it_is_told() -> None:
    def program() -> None:
        pulumi.export("account", alicloud.get_account_output().id)

    account = record(program).outputs["account"]
    assert re.fullmatch(r"\d{16}", account)
    assert ask(sound.ROLE)[1]["arn"] == f"acs:ram::{account}:role/agent"
    assert account in ask(sound.FUNCTION)[1]["functionArn"]


def test_other_data_sources_are_an_error_that_names_them() -> None:
    with pytest.raises(LookupError, match="alicloud:index/getZones:getZones has no stand-in"):
        record(lambda: alicloud.get_zones())


def test_gaps_of_each_cloud_have_their_own_table() -> None:
    _, alias = ask(f"{GAP}Consumer", jwks="{}")
    assert re.fullmatch(r"cs-[0-9a-f]{20}", alias["consumer_id"])
    _, other = ask("pulumi-python:dynamic/volcengine:TraceTopic", project_id="p")
    assert "topic_id" in other
