"""Stand-ins have the right shape, differ from one another, stay secret, and are the same in every run."""

from __future__ import annotations

import base64
import re
import sys
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_random as random
import pytest

from qiao.plan import standins_alicloud, standins_common, standins_tencentcloud, standins_volcengine
from qiao.plan.recorder import record
from qiao.plan.recording import Recording, Secret, reveal
from qiao.plan.rules.shape import _module
from qiao.plan.standins import Asked, StandIns
from qiao.plan.wire import leaves
from tests.qiao.plan.sound import EVERY

TABLES = (standins_common, standins_alicloud, standins_tencentcloud, standins_volcengine)
RESOURCES = {token: answer for table in TABLES for token, answer in table.RESOURCES.items()}
INVOKES = {token: answer for table in TABLES for token, answer in table.INVOKES.items()}


def ask(type_token: str, name: str = "it", inputs: Mapping[str, Any] | None = None) -> tuple[str, dict[str, Any]]:
    given = dict(EVERY.get(type_token, {})) if inputs is None else inputs
    urn = f"urn:pulumi:dev::p::{type_token}::{name}"
    return StandIns().resource(Asked(urn=urn, type=type_token, name=name, inputs=given))


@pytest.mark.parametrize("type_token", sorted(RESOURCES))
def test_every_stand_in_echoes_inputs_and_is_stable(type_token: str) -> None:
    identity, outputs = ask(type_token)
    assert identity
    assert ask(type_token) == (identity, outputs)
    for key, value in EVERY.get(type_token, {}).items():
        assert outputs[key] == value
    assert "id" not in outputs


SAME_NAMED = {
    "random:index/randomBytes:RandomBytes", "random:index/randomPassword:RandomPassword",
    "random:index/randomShuffle:RandomShuffle",
}  # fmt: skip
"""Their id is the same for all, as in the real provider."""


ONE_FOR_ALL = {"pulumi-python:dynamic/alicloud:AnyHostDomain"}
"""All resources of a region stand for the same thing in the cloud."""


@pytest.mark.parametrize("type_token", sorted(set(RESOURCES) - SAME_NAMED - ONE_FOR_ALL))
def test_two_resources_never_get_one_answer(type_token: str) -> None:
    one, other = ask(type_token, "one", {}), ask(type_token, "other", {})
    assert one[0] != other[0]


def reported(identity: str, outputs: Mapping[str, Any]) -> set[str]:
    return {str(item) for item, _ in leaves([identity, dict(outputs)])}


def test_made_up_values_do_not_meet_between_resources() -> None:
    for type_token in sorted(set(RESOURCES) - SAME_NAMED):
        one, other = (reported(*ask(type_token, name, {"serviceId": name})) for name in ("one", "other"))
        shared = one & other - {
            standins_alicloud.ACCOUNT,
            standins_tencentcloud.OWNER,
            str(standins_common.LONG_AGO + 90 * 86400),
        }
        assert {text for text in shared if re.search(r"[0-9a-f]{8}", text)} == set(), type_token


ASKED_FOR_NOTHING = {"alicloud:index/getAccount:getAccount"}


@pytest.mark.parametrize("token", sorted(INVOKES))
def test_answers_of_data_sources_follow_the_question(token: str) -> None:
    if token in ASKED_FOR_NOTHING or token.startswith("tencentcloud:"):
        return  # those that ask for something else, or for nothing, are asked in their clouds' own tests
    one = StandIns().invoke(token, {"name": "one", "gatewayId": "g-1", "registry": "r-1", "key": "a.example"})
    other = StandIns().invoke(token, {"name": "two", "gatewayId": "g-2", "registry": "r-2", "key": "b.example"})
    assert one["name"] == "one"
    assert one["totalCount"] >= 1
    asks_for_nothing = token == "volcengine:ecs/getZones:getZones"
    assert (one["id"] == other["id"]) is asks_for_nothing


def test_a_type_nobody_declared_gets_an_id_and_its_inputs() -> None:
    identity, outputs = ask("volcengine:ecs/instance:Instance", inputs={"name": "n"})
    assert identity.startswith("instance-")
    assert outputs == {"name": "n"}


def test_hosts_belong_to_nobody() -> None:
    _, registry = ask("volcengine:cr/registry:Registry")
    assert {domain["type"] for domain in registry["domains"]} == {"Public", "Vpc"}
    assert all(domain["domain"].endswith(".example") for domain in registry["domains"])
    service = StandIns().invoke(
        "volcengine:apig/getGatewayServices:getGatewayServices", {"gatewayId": "g", "name": "s"}
    )
    domains = service["gatewayServices"][0]["domains"]
    assert {domain["type"] for domain in domains} == {"public", "private"}
    assert all(domain["domain"].endswith(".example") for domain in domains)


def test_shapes_are_those_that_components_read() -> None:
    _, address = ask("volcengine:eip/address:Address")
    assert re.fullmatch(r"203\.0\.113\.\d{2}", address["eipAddress"])
    _, user = ask("volcengine:iam/user:User")
    assert re.fullmatch(r"\d{10}", user["accountId"])
    identity, release = ask("volcengine:vefaas/release:Release")
    assert identity == f"f-1:{release['releaseRecordId']}"
    assert release["newRevisionNumber"] > 0
    assert release["status"] == "inprogress"
    _, ready = ask("pulumi-python:dynamic/volcengine:ReleaseReady", inputs={"release_id": identity})
    assert re.fullmatch(r"\d+", ready["version"])
    _, topic = ask("pulumi-python:dynamic/volcengine:TraceTopic")
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", topic["topic_id"])
    _, postgres = ask("volcengine:rds_postgresql/instance:Instance")
    private = postgres["endpoints"][0]["addresses"][0]
    assert (postgres["endpoints"][0]["endpointType"], private["networkType"]) == ("Cluster", "Private")
    assert re.fullmatch(r"\d{4}", private["port"])
    _, image = ask("docker-build:index:Image")
    assert re.fullmatch(r"sha256:[0-9a-f]{64}", image["digest"])
    assert image["ref"] == f"r.example.com/n/app@{image['digest']}"


def test_every_answer_is_an_output_of_its_type() -> None:
    """A misspelt output would be read as missing, and nothing would say so."""
    for type_token in sorted(RESOURCES):
        package, module, name = type_token.split(":")
        found = getattr(_module(package, module.split("/")[0]), name, None)
        if found is None:
            continue
        known = {getattr(member.fget, "_pulumi_name", "") for member in vars(found).values() if hasattr(member, "fget")}
        identity, outputs = ask(type_token)
        assert identity
        assert sorted(set(outputs) - set(EVERY.get(type_token, {})) - known) == [], type_token


SECRET_OUTPUTS = [
    ("random:index/randomPassword:RandomPassword", "result"),
    ("random:index/randomBytes:RandomBytes", "base64"),
    ("random:index/randomBytes:RandomBytes", "hex"),
    ("volcengine:iam/accessKey:AccessKey", "secretAccessKey"),
    ("alicloud:ram/accessKey:AccessKey", "secret"),
    ("tencentcloud:Cam/accessKey:AccessKey", "secretAccessKey"),
    ("tencentcloud:Tcr/serviceAccount:ServiceAccount", "password"),
    ("tls:index/privateKey:PrivateKey", "privateKeyPem"),
    ("tls:index/privateKey:PrivateKey", "privateKeyPemPkcs8"),
    ("pulumi-python:dynamic/qiao:ServiceToken", "token"),
]


@pytest.mark.parametrize(("type_token", "key"), SECRET_OUTPUTS)
def test_secret_outputs_are_secret_whatever_the_program_says(type_token: str, key: str) -> None:
    _, outputs = ask(type_token, inputs={"algorithm": "RSA"})
    assert isinstance(outputs[key], Secret)


def test_passwords_keep_what_was_asked() -> None:
    given = {"length": 40, "special": True, "overrideSpecial": "!#", "upper": False, "minNumeric": 5, "minSpecial": 3}
    _, outputs = ask("random:index/randomPassword:RandomPassword", inputs=given)
    text = reveal(outputs["result"])
    assert re.fullmatch(r"[a-z0-9!#]{40}", text)
    assert len(re.findall(r"\d", text)) >= 5
    assert len(re.findall(r"[!#]", text)) >= 3
    _, plain = ask("random:index/randomPassword:RandomPassword", inputs={"length": 12, "special": False})
    assert re.fullmatch(r"[A-Za-z0-9]{12}", reveal(plain["result"]))


def test_random_bytes_are_as_many_as_asked_for_and_the_same_in_both_spellings() -> None:
    _, outputs = ask("random:index/randomBytes:RandomBytes", inputs={"length": 32})
    raw = base64.b64decode(reveal(outputs["base64"]), validate=True)
    assert len(raw) == 32
    assert raw.hex() == reveal(outputs["hex"])


def test_numbers_and_ids_keep_what_was_asked() -> None:
    _, number = ask("random:index/randomInteger:RandomInteger", inputs={"min": 10, "max": 12})
    assert 10 <= number["result"] <= 12
    _, identity = ask("random:index/randomId:RandomId", inputs={"byteLength": 3, "prefix": "x-"})
    assert re.fullmatch(r"x-[0-9a-f]{6}", identity["hex"])
    _, shuffled = ask("random:index/randomShuffle:RandomShuffle", inputs={"inputs": ["a", "b", "c"], "resultCount": 2})
    assert len(shuffled["results"]) == 2
    assert set(shuffled["results"]) < {"a", "b", "c"}


def test_ones_own_answers_come_first() -> None:
    def program() -> None:
        pulumi.export("hex", random.RandomId("r", byte_length=2).hex)

    own = StandIns(
        resources={"random:index/randomId:RandomId": lambda asked: {"id": "mine", "hex": f"of-{asked.name}"}}
    )
    recorded = record(program, standins=own)
    assert recorded.outputs == {"hex": "of-r"}
    assert recorded.get("random:index/randomId:RandomId").id == "mine"


def test_generated_passwords_are_secret_through_and_through() -> None:
    def program() -> None:
        password = random.RandomPassword("p", length=20)
        pulumi.export("dsn", pulumi.Output.concat("postgres://u:", password.result, "@db"))

    recorded: Recording = record(program)
    password = reveal(recorded.get("random:index/randomPassword:RandomPassword").outputs["result"])
    assert recorded.outputs == {"dsn": Secret(f"postgres://u:{password}@db")}
    assert password not in repr(recorded)


def test_stand_ins_of_a_package_are_loaded_when_it_is_met() -> None:
    import subprocess

    code = "import qiao.plan.recorder, sys; print([m for m in sys.modules if 'standins_' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_wrong_answer_is_refused_with_its_kind() -> None:
    own = StandIns(resources={"random:index/randomId:RandomId": lambda asked: {"hex": object()}})
    with pytest.raises(TypeError, match="a stand-in answer holds a object: give plain values, Secret or UNKNOWN"):
        record(lambda: random.RandomId("r", byte_length=2), standins=own)
