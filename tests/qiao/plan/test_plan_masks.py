"""Finding texts in texts, and what of a plan is never printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiao.plan.evaluate import AFTER_UP, plan_of
from qiao.plan.recording import Message, Secret
from qiao.plan.report import render
from qiao.plan.secrets import possible
from qiao.plan.texts import Texts
from tests.qiao.plan import sound
from tests.qiao.plan.sound import SOUND, changed, recording, resource

WORD = st.text("abc", min_size=6, max_size=9)


@given(st.lists(WORD, max_size=5), st.text("abc", max_size=60))
def test_nothing_that_is_looked_for_is_left(words: list[str], text: str) -> None:
    left = Texts(words).replace(text, "_")
    assert not any(word in left for word in words)
    assert Texts(words).inside(text) is any(word in text for word in words)
    assert (left == text) is not any(word in text for word in words)


@pytest.mark.parametrize(
    ("words", "text", "left"),
    [
        (["secret-1"], "a secret-1, b secret-1", "a _, b _"),
        (["secret", "secret-1"], "secret-1 secret", "_ _"),
        (["abcdef", "defghi"], "abcdefghi", "_ghi"),
        (["short"], "short", "short"),
        ([], "anything", "anything"),
        (["secret-1"], "", ""),
    ],
)
def test_the_longest_is_taken_first(words: list[str], text: str, left: str) -> None:
    assert Texts(words).replace(text, "_") == left


PASSWORD = "Pa55-of-the-database"


def password() -> object:
    return resource("random:index/randomPassword:RandomPassword", {"length": 20}, name="password",
                    outputs={"result": Secret(PASSWORD)})  # fmt: skip


def test_no_printed_part_of_a_plan_shows_a_secret() -> None:
    """Each part of the report is given the password in clear, as a mistake somewhere would."""
    url = f"postgres://u:{PASSWORD}@db"
    leaking = changed(SOUND[sound.FUNCTION], "source", url)
    leaking["name"] = f"x {PASSWORD}"
    leaking[PASSWORD] = 1
    plan = plan_of(
        recording(
            password(), resource(sound.FUNCTION, leaking, name=f"named-{PASSWORD}"),  # type: ignore[arg-type]
            outputs={"url": url, f"key-{PASSWORD}": {"deep": [url]}, "hidden": Secret("x"), "checklist": [f"do {url}"]},
            messages=(Message(severity="warning", text=f"used {url}"),),
        )
    )  # fmt: skip
    printed = render(plan)
    assert PASSWORD not in printed
    assert PASSWORD not in repr((plan.outputs, plan.checklist, plan.findings[0].message, plan.messages))
    assert "postgres://u:[secret]@db" in plan.outputs["url"]
    assert plan.outputs["hidden"] == "[secret]"
    assert plan.checklist == ("do postgres://u:[secret]@db",)
    assert "warning: used postgres://u:[secret]@db" in printed
    assert plan.exit_status == 1


def test_texts_inside_a_secret_object_are_masked_too() -> None:
    wrapped = resource(sound.USER, {"userName": "u", "description": Secret({"inner": "hidden-part-1"})})
    plan = plan_of(recording(wrapped, outputs={"shown": "has hidden-part-1"}))
    assert plan.outputs == {"shown": "has [secret]"}


def test_placeholders_of_encrypted_settings_are_masked() -> None:
    mark = "[encrypted: qiao:apps.agent.token]"
    plan = plan_of(recording(outputs={"shown": f"with {mark}"}), placeholders=[mark])
    assert plan.outputs == {"shown": "with [secret]"}


def test_what_only_the_cloud_knows_is_left_open() -> None:
    network = resource(sound.VPC, id="vpc-0a1b2c3d", outputs={**SOUND[sound.VPC], "status": "Available"})
    function = changed(SOUND[sound.FUNCTION], "vpcConfig.vpcId", "vpc-0a1b2c3d")
    shown = {"id": "vpc-0a1b2c3d", "url": "https://vpc-0a1b2c3d/x", "cidr": "10.0.0.0/16", "is": "Available"}
    plan = plan_of(recording(network, resource(sound.FUNCTION, function), outputs=shown))
    assert plan.outputs == {
        "id": AFTER_UP, "url": f"https://{AFTER_UP}/x", "cidr": "10.0.0.0/16", "is": "Available",
    }  # fmt: skip


def test_a_number_that_the_cloud_chose_is_left_open_and_a_setting_is_not() -> None:
    zone = resource("volcengine:dns/zone:Zone", {"zoneName": "a.example"}, id="123456", outputs={"zid": 123456})
    plan = plan_of(recording(zone, outputs={"zid": 123456, "memory": 1024, "on": True}))
    assert plan.outputs == {"zid": AFTER_UP, "memory": 1024, "on": True}


def test_what_goes_in_in_clear_is_not_masked_because_the_answer_is_secret_as_a_whole() -> None:
    """A cloud repeats all variables of a function, and the map is secret for the sake of one of them."""
    variables = {"FOLDER": "/shared-folder", "KEY": Secret(PASSWORD)}
    answered = Secret({"FOLDER": "/shared-folder", "KEY": PASSWORD, "OWN": "made-by-the-cloud"})
    function = resource("test:index:Function", {"variables": variables}, name="f", outputs={"variables": answered})
    secrets = possible(recording(function))
    assert secrets.replace(f"/shared-folder {PASSWORD} made-by-the-cloud", "_") == "/shared-folder _ _"
    elsewhere = resource("test:index:Other", {"folder": Secret("/shared-folder")}, name="o")
    assert possible(recording(function, elsewhere)).inside("/shared-folder")
