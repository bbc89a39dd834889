from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.identity import ServiceAccountArgs, Statement
from components.scope import Scope
from components.volcengine.identity import ServiceAccount, ServiceAccountNative
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from tests.components.volcengine.support import Stage, behind, marked, probe, probed, recorded, tags_of, waits_for

USER, POLICY = "volcengine:iam/user:User", "volcengine:iam/policy:Policy"
ATTACHED, KEY = "volcengine:iam/userPolicyAttachment:UserPolicyAttachment", "volcengine:iam/accessKey:AccessKey"
GUIDE = (
    "VeFaaSFullAccess", "CRFullAccess", "VPCFullAccess", "TLSFullAccess", "APIGFullAccess", "CloudMonitorReadOnlyAccess"
)  # fmt: skip
OUTPUTS = ("user_name", "access_key_id", "secret_access_key")


def account(
    stage: Stage = "dev", *, preview: bool = False, name: str = "agent-runtime", purpose: str = "runtime", **args: Any
) -> Recording:  # fmt: skip
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = ServiceAccount(name, ServiceAccountArgs(scope=scope, purpose=purpose, **args), opts)
        for output in OUTPUTS:
            probe(output, getattr(it, output))
        pulumi.export("keys", it.keys)

    return recorded(build, stage, preview=preview)


def document(recording: Recording) -> Any:
    return json.loads(recording.get(POLICY).inputs["policyDocument"])


def operator() -> Recording:
    statements = [Statement(actions=["iam:CreateServiceLinkedRole"])]
    return account(name="agent-operator", purpose="operator", system_policies=GUIDE, statements=statements)


def test_the_guides_operator_has_its_six_policies() -> None:
    recording = operator()
    user = recording.get(USER).inputs["userName"]
    for policy in GUIDE:
        attached = recording.get(ATTACHED, f"agent-operator-attached-system-{policy}")
        assert attached.inputs == {"userName": user, "policyName": policy, "policyType": "System"}
        assert behind(attached, "userName") == {"agent-operator-user"}


def test_the_guides_operator_may_open_products() -> None:
    recording = operator()
    policy, attached = recording.get(POLICY), recording.get(ATTACHED, "agent-operator-attached-own")
    assert document(recording) == {
        "Statement": [{"Action": ["iam:CreateServiceLinkedRole"], "Effect": "Allow", "Resource": ["*"]}]
    }
    assert attached.inputs["policyName"] == policy.inputs["policyName"] == "qiao-dev-agent-operator"
    assert attached.inputs["policyType"] == "Custom"
    assert behind(attached, "policyName") == {"agent-operator-policy"}


def test_the_runtime_user_may_do_the_least() -> None:
    resource = pulumi.Output.concat("trn:tls:cn-beijing:*:project/", "p-1", "/topic/*")
    recording = account(statements=[Statement(actions=["tls:PutLogs", "tls:DescribeTopic"], resources=[resource, "a"])])
    assert recording.get(POLICY).inputs["policyDocument"] == (
        '{"Statement":[{"Action":["tls:DescribeTopic","tls:PutLogs"],"Effect":"Allow",'
        '"Resource":["a","trn:tls:cn-beijing:*:project/p-1/topic/*"]}]}'
    ), "sorted: the same permissions are the same text"
    assert {r.inputs["policyType"] for r in recording.of_type(ATTACHED)} == {"Custom"}


def test_each_statement_keeps_its_own_resources() -> None:
    one = Statement(actions=["tls:PutLogs"], resources=["x"])
    recording = account(statements=[one, Statement(actions=["tos:GetObject"], resources=["y"])])
    assert [(one["Action"], one["Resource"]) for one in document(recording)["Statement"]] == [
        (["tls:PutLogs"], ["x"]), (["tos:GetObject"], ["y"])
    ]  # fmt: skip


def test_without_permissions_there_is_no_policy() -> None:
    recording = account()
    assert recording.of_type(POLICY) + recording.of_type(ATTACHED) == []


@pytest.mark.parametrize(
    ("name", "purpose", "user"),
    [
        ("agent-runtime", "runtime", "qiao-dev-agent-runtime"),
        ("agent-account", "runtime", "qiao-dev-agent-account-runtime"),
        ("agent", "runtime", "qiao-dev-agent-runtime"),
    ],
)
def test_the_purpose_is_in_the_name_once(name: str, purpose: str, user: str) -> None:
    recording = account(name=name, purpose=purpose, statements=[Statement(actions=["tls:PutLogs"])])
    assert recording.get(USER).inputs["userName"] == user
    assert recording.get(POLICY).inputs["policyName"] == user


def test_the_user_is_tagged_and_described() -> None:
    inputs = account(native=ServiceAccountNative(display_name="Runtime")).get(USER).inputs
    assert inputs["tags"] == tags_of("agent-runtime")
    assert inputs["description"] == "runtime of qiao agent dev"
    assert inputs["displayName"] == "Runtime"


def test_both_halves_of_a_key_are_secret() -> None:
    recording = account()
    key = recording.get(KEY, "agent-runtime-key-primary")
    assert key.inputs["status"] == "active"
    assert set(key.additional_secret_outputs) >= {"accessKeyId", "secretAccessKey"}, "the SDK marks one alone"
    assert key.delete_before_replace is False, "applications hold the old one until the new one is there"
    assert probed(recording, "access_key_id")[0] == Secret(reveal(key.outputs["accessKeyId"]))
    assert probed(recording, "secret_access_key")[0] == Secret(reveal(key.outputs["secretAccessKey"]))
    assert isinstance(key.outputs["accessKeyId"], Secret)


def test_a_key_is_handed_on_once_the_policies_are_attached() -> None:
    recording = operator()
    attached = {r.name for r in recording.of_type(ATTACHED)}
    assert len(attached) == len(GUIDE) + 1
    for output in ("user_name", "access_key_id", "secret_access_key"):
        assert attached <= probed(recording, output)[1]


def test_two_keys_for_rotation() -> None:
    recording = account(keys=["primary", "secondary"])
    primary, secondary = (recording.get(KEY, f"agent-runtime-key-{name}") for name in ("primary", "secondary"))
    found = reveal(recording.outputs["keys"])
    assert isinstance(recording.outputs["keys"], Secret)
    assert found == {
        name: {"id": reveal(key.outputs["accessKeyId"]), "secret": reveal(key.outputs["secretAccessKey"])}
        for name, key in (("primary", primary), ("secondary", secondary))
    }
    assert reveal(probed(recording, "access_key_id")[0]) == found["primary"]["id"]
    assert primary.inputs["userName"] == secondary.inputs["userName"]


def test_the_first_active_key_is_handed_on() -> None:
    recording = account(keys={"primary": False, "secondary": True})
    primary, secondary = (recording.get(KEY, f"agent-runtime-key-{name}") for name in ("primary", "secondary"))
    assert (primary.inputs["status"], secondary.inputs["status"]) == ("inactive", "active")
    assert reveal(probed(recording, "access_key_id")[0]) == reveal(secondary.outputs["accessKeyId"])
    assert reveal(probed(recording, "secret_access_key")[0]) == reveal(secondary.outputs["secretAccessKey"])


@pytest.mark.parametrize("keys", [(), {"primary": False}])
def test_without_an_active_key_none_is_handed_on(keys: Any) -> None:
    recording = account(keys=keys)
    assert [probed(recording, output)[0] for output in ("access_key_id", "secret_access_key")] == [None, None]
    assert len(recording.of_type(KEY)) == len(keys)
    assert set(reveal(recording.outputs["keys"])) == set(keys)


def test_rotation_leaves_the_other_key_as_it_is() -> None:
    before, after = account(keys=["primary"]), account(keys=["primary", "secondary"])
    name = "agent-runtime-key-primary"
    assert before.get(KEY, name) == after.get(KEY, name)


def test_no_key_is_kept_from_rotation() -> None:
    recording = account("prod", statements=[Statement(actions=["tls:PutLogs"])])
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()


def test_a_first_preview_knows_no_key_and_keeps_it_secret() -> None:
    recording = account(preview=True, statements=[Statement(actions=["tls:PutLogs"])])
    assert probed(recording, "access_key_id")[0] == Secret(UNKNOWN)
    assert recording.outputs["keys"] == Secret(UNKNOWN)
    assert document(recording)["Statement"][0]["Action"] == ["tls:PutLogs"]
    assert "agent-runtime-attached-own" in probed(recording, "user_name")[1]
    assert waits_for(recording.get(KEY)) == {"agent-runtime-user"}


def test_two_side_by_side_share_no_name() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for purpose in ("runtime", "operator"):
            args = ServiceAccountArgs(scope=scope, purpose=purpose, statements=[Statement(actions=["tls:PutLogs"])])
            ServiceAccount(f"agent-{purpose}", args, opts)

    recording = recorded(build)
    assert len({r.inputs["userName"] for r in recording.of_type(USER)}) == 2
    assert len({r.inputs["policyName"] for r in recording.of_type(POLICY)}) == 2
