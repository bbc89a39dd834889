from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.errors import UserError
from components.identity import ServiceAccountArgs, Statement
from components.scope import Scope
from components.tencentcloud.identity import LONGEST_POLICY, ServiceAccount, ServiceAccountNative
from components.tencentcloud.policies import OPERATOR_POLICIES, bucket_statements
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from qiao.plan.standins import number
from tests.components.tencentcloud import support
from tests.components.tencentcloud.support import (
    REGION,
    Stage,
    behind,
    marked,
    probe,
    probed,
    recorded,
    tags_of,
    waits_for,
)

USER, POLICY = "tencentcloud:Cam/user:User", "tencentcloud:Cam/policy:Policy"
ATTACHED = "tencentcloud:Cam/userPolicyAttachment:UserPolicyAttachment"
KEY = "tencentcloud:Cam/accessKey:AccessKey"
LOOK_UP = "tencentcloud:Cam/getPolicies:getPolicies"
OUTPUTS = ("user_name", "access_key_id", "secret_access_key")
READ = Statement(actions=["cos:GetObject"], resources=["qcs::cos:*:uid/1250000000:uploads-1250000000/*"])
NAME = f"qiao-dev-agent-runtime-{REGION}"


@pytest.fixture(autouse=True)
def ready_policies(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The cloud's ready policies; what was looked up."""
    asked: list[dict[str, Any]] = []

    def answer(inputs: Any) -> dict[str, Any]:
        asked.append(dict(inputs))
        name = str(inputs["name"])
        known = [] if name.startswith("No") else [{"policyId": str(number("policy", name, digits=6)), "name": name}]
        return {"id": "found", "policyLists": known}

    monkeypatch.setitem(support.INVOKES, LOOK_UP, answer)
    return asked


def account(
    stage: Stage = "dev", *, preview: bool = False, name: str = "agent-runtime", purpose: str = "runtime", **args: Any
) -> Recording:  # fmt: skip
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = ServiceAccount(name, ServiceAccountArgs(scope=scope, purpose=purpose, **args), opts)
        for output in OUTPUTS:
            probe(output, getattr(it, output))
        pulumi.export("keys", it.keys)

    return recorded(build, stage, preview=preview)


def test_a_key_opens_one_bucket() -> None:
    recording = account(statements=bucket_statements(pulumi.Output.from_input("uploads-1f-1250000000")))
    document = json.loads(recording.get(POLICY).inputs["document"])
    assert document["version"] == "2.0"
    (statement,) = document["statement"]
    assert statement["effect"] == "allow"
    assert statement["resource"] == ["qcs::cos:*:uid/1250000000:uploads-1f-1250000000/*"]
    assert {"cos:GetObject", "cos:UploadPart"} < set(statement["action"])
    attached = recording.get(ATTACHED, "agent-runtime-attached-own")
    assert attached.inputs == {"userName": NAME, "policyId": recording.get(POLICY).id}
    assert behind(attached, "policyId") == {"agent-runtime-policy"}
    assert behind(attached, "userName") == {"agent-runtime-user"}


@pytest.mark.parametrize("preview", [False, True])
def test_ready_policies_are_attached_by_the_ids_that_their_names_have(
    ready_policies: list[dict[str, Any]], preview: bool
) -> None:
    recording = account(
        name="agent-operator", purpose="operator", system_policies=OPERATOR_POLICIES, preview=preview
    )  # fmt: skip
    for policy in OPERATOR_POLICIES:
        attached = recording.get(ATTACHED, f"agent-operator-attached-system-{policy}")
        assert attached.inputs["policyId"] == str(number("policy", policy, digits=6))
        assert behind(attached, "userName") == {"agent-operator-user"}
    assert ready_policies == [{"name": policy, "type": 2} for policy in OPERATOR_POLICIES]


def test_a_ready_policy_that_is_not_there_is_one_clear_error() -> None:
    with pytest.raises(UserError) as error:
        account(system_policies=["NoSuchAccess"])
    assert error.value.where == "ServiceAccountArgs.system_policies of agent-runtime"
    assert error.value.what == "there is no ready policy NoSuchAccess"


def test_lists_everywhere() -> None:
    """The provider refuses a resource that is a bare word, and the cloud answers with lists."""
    document = json.loads(account(statements=[READ]).get(POLICY).inputs["document"])
    for statement in document["statement"]:
        assert isinstance(statement["action"], list)
        assert isinstance(statement["resource"], list)


def test_each_statement_keeps_its_own_resources() -> None:
    other = Statement(actions=["name/scf:InvokeFunction"], resources=["qcs::scf:ap-guangzhou:uin/1:namespace/d"])
    document = json.loads(account(statements=[READ, other]).get(POLICY).inputs["document"])
    assert [(one["action"], one["resource"]) for one in document["statement"]] == [
        (["cos:GetObject"], ["qcs::cos:*:uid/1250000000:uploads-1250000000/*"]),
        (["name/scf:InvokeFunction"], ["qcs::scf:ap-guangzhou:uin/1:namespace/d"]),
    ]


def test_the_same_permissions_in_another_order_are_the_same_text() -> None:
    actions = ["cos:PutObject", "cos:GetObject"]
    resources = ["qcs::cos:*:uid/1250000000:b/*", "qcs::cos:*:uid/1250000000:a/*"]
    one = Statement(actions=actions, resources=resources)
    other = Statement(actions=actions[::-1], resources=resources[::-1])
    texts = {account(statements=[each]).get(POLICY).inputs["document"] for each in (one, other)}
    assert texts == {
        '{"statement":[{"action":["cos:GetObject","cos:PutObject"],"effect":"allow",'
        '"resource":["qcs::cos:*:uid/1250000000:a/*","qcs::cos:*:uid/1250000000:b/*"]}],"version":"2.0"}'
    }


def test_without_permissions_there_is_no_policy() -> None:
    recording = account()
    assert recording.of_type(POLICY) + recording.of_type(ATTACHED) == []


@pytest.mark.parametrize(
    ("name", "purpose", "user"),
    [
        ("agent-runtime", "runtime", NAME),
        ("agent-account", "runtime", f"qiao-dev-agent-account-runtime-{REGION}"),
        ("agent", "runtime", NAME),
    ],
)
def test_the_purpose_is_in_the_name_once(name: str, purpose: str, user: str) -> None:
    recording = account(name=name, purpose=purpose, statements=[READ])
    assert recording.get(USER).inputs["name"] == user
    assert recording.get(POLICY).inputs["name"] == user


@pytest.mark.parametrize(("stage", "force"), [("dev", True), ("prod", False)])
def test_a_user_has_no_password_no_console_and_no_key_of_its_own(stage: Stage, force: bool) -> None:
    inputs = account(stage).get(USER).inputs
    assert (inputs["consoleLogin"], inputs["useApi"]) == (False, False)
    assert inputs["forceDelete"] is force, "keys that somebody made by hand hold a protected user back"
    assert inputs["tags"] == tags_of("agent-runtime", stage)
    assert inputs["remark"] == f"runtime of qiao agent {stage}"
    assert {"password", "email", "phoneNum"}.isdisjoint(inputs)


def test_a_remark_fits_and_can_be_given() -> None:
    assert len(account(purpose="p" * 200).get(USER).inputs["remark"]) == 128
    assert account(native=ServiceAccountNative(remark="Runtime")).get(USER).inputs["remark"] == "Runtime"


def test_both_halves_of_a_key_are_secret() -> None:
    recording = account()
    key = recording.get(KEY, "agent-runtime-key-primary")
    assert key.inputs == {"status": "Active", "targetUin": recording.get(USER).outputs["uin"]}
    assert behind(key, "targetUin") == {"agent-runtime-user"}
    assert "secretAccessKey" in key.additional_secret_outputs
    assert probed(recording, "access_key_id")[0] == Secret(key.outputs["accessKey"])
    assert probed(recording, "secret_access_key")[0] == Secret(reveal(key.outputs["secretAccessKey"]))
    assert isinstance(key.outputs["secretAccessKey"], Secret)


def test_a_key_never_stays_with_another_user() -> None:
    """The provider takes another user in place, and does nothing."""
    key = account().get(KEY)
    assert key.replace_on_changes == ("targetUin",)
    assert key.delete_before_replace is False, "applications hold the old one until the new one is there"


def test_a_key_is_handed_on_once_the_policies_are_attached() -> None:
    recording = account(statements=[READ], system_policies=["QcloudSCFFullAccess"])
    attached = {"agent-runtime-attached-own", "agent-runtime-attached-system-QcloudSCFFullAccess"}
    for output in OUTPUTS:
        assert attached <= probed(recording, output)[1]


def test_two_keys_for_rotation() -> None:
    recording = account(keys=["primary", "secondary"])
    primary, secondary = (recording.get(KEY, f"agent-runtime-key-{name}") for name in ("primary", "secondary"))
    found = reveal(recording.outputs["keys"])
    assert isinstance(recording.outputs["keys"], Secret)
    assert found == {
        name: {"id": key.outputs["accessKey"], "secret": reveal(key.outputs["secretAccessKey"])}
        for name, key in (("primary", primary), ("secondary", secondary))
    }
    assert found["primary"]["id"] != found["secondary"]["id"]
    assert reveal(probed(recording, "access_key_id")[0]) == found["primary"]["id"]


def test_the_first_active_key_is_handed_on() -> None:
    recording = account(keys={"primary": False, "secondary": True})
    primary, secondary = (recording.get(KEY, f"agent-runtime-key-{name}") for name in ("primary", "secondary"))
    assert (primary.inputs["status"], secondary.inputs["status"]) == ("Inactive", "Active")
    assert reveal(probed(recording, "access_key_id")[0]) == secondary.outputs["accessKey"]
    assert reveal(probed(recording, "secret_access_key")[0]) == reveal(secondary.outputs["secretAccessKey"])


@pytest.mark.parametrize("keys", [(), {"primary": False}])
def test_without_an_active_key_none_is_handed_on(keys: Any) -> None:
    recording = account(keys=keys)
    assert [probed(recording, output)[0] for output in ("access_key_id", "secret_access_key")] == [None, None]
    assert {r.name for r in recording.of_type(KEY)} == {f"agent-runtime-key-{key}" for key in keys}
    assert set(reveal(recording.outputs["keys"])) == set(keys)


def test_rotation_leaves_the_other_key_as_it_is() -> None:
    before, after = account(keys=["primary"]), account(keys=["primary", "secondary"])
    name = "agent-runtime-key-primary"
    assert before.get(KEY, name) == after.get(KEY, name)


def test_no_key_is_kept_from_rotation() -> None:
    recording = account("prod", statements=[READ])
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()


def test_a_first_preview_knows_no_key_and_keeps_it_secret() -> None:
    recording = account(preview=True, statements=[READ])
    assert probed(recording, "access_key_id")[0] == Secret(UNKNOWN)
    assert recording.outputs["keys"] == Secret(UNKNOWN)
    assert json.loads(recording.get(POLICY).inputs["document"])["statement"][0]["action"] == ["cos:GetObject"]
    assert "agent-runtime-attached-own" in probed(recording, "user_name")[1]
    assert waits_for(recording.get(KEY)) == {"agent-runtime-user"}


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            Statement(actions=["GetObject"]),
            "Statement of agent-runtime: action: 'GetObject' is not valid; use a service and an action: cos:GetObject",
        ),
        (
            Statement(actions=["cos:GetObject"], resources=["acs:oss:*:*:uploads/*"]),
            "Statement of agent-runtime: resource: 'acs:oss:*:*:uploads/*' is not valid;"
            " use *, or the six parts of qcs::...",
        ),
        (
            Statement(actions=["cos:GetObject"], resources=["qcs::cos:uploads/*"]),
            "Statement of agent-runtime: resource: 'qcs::cos:uploads/*' is not valid;"
            " use *, or the six parts of qcs::...",
        ),
    ],
)  # fmt: skip
def test_another_clouds_words_are_refused(statement: Statement, message: str) -> None:
    with pytest.raises(UserError) as error:
        account(statements=[statement])
    assert str(error.value) == message


def test_a_policy_that_is_too_long_is_refused() -> None:
    many = [f"qcs::cos:*:uid/1250000000:uploads-1250000000/{number:04}/*" for number in range(200)]
    with pytest.raises(UserError, match=rf"ServiceAccountArgs\.statements: \d+ characters as one policy; stay below "
                                        rf"{LONGEST_POLICY}"):  # fmt: skip
        account(statements=[Statement(actions=["cos:GetObject"], resources=many)])


@pytest.mark.parametrize("length", [0, 129])
def test_a_remark_that_the_cloud_does_not_take_is_refused(length: int) -> None:
    with pytest.raises(UserError, match=rf"ServiceAccountNative\.remark: {length} is out of range"):
        ServiceAccountNative(remark="x" * length)
