from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.alicloud.identity import LONGEST_POLICY, ServiceAccount, ServiceAccountNative
from components.alicloud.policies import OPERATOR_POLICIES, bucket_statements, operator_statements
from components.errors import UserError
from components.identity import ServiceAccountArgs, Statement
from components.scope import Scope
from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from tests.components.alicloud.support import (
    REGION,
    Stage,
    behind,
    marked,
    probe,
    probed,
    recorded,
    scope_of,
    tags_of,
    waits_for,
)

USER, POLICY = "alicloud:ram/user:User", "alicloud:ram/policy:Policy"
ATTACHED, KEY = "alicloud:ram/userPolicyAttachment:UserPolicyAttachment", "alicloud:ram/accessKey:AccessKey"
OUTPUTS = ("user_name", "access_key_id", "secret_access_key")
READ = Statement(actions=["oss:GetObject"], resources=["acs:oss:*:*:uploads/*"])


def account(
    stage: Stage = "dev", *, preview: bool = False, name: str = "agent-runtime", purpose: str = "runtime", **args: Any
) -> Recording:  # fmt: skip
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = ServiceAccount(name, ServiceAccountArgs(scope=scope, purpose=purpose, **args), opts)
        for output in OUTPUTS:
            probe(output, getattr(it, output))
        pulumi.export("keys", it.keys)

    return recorded(build, stage, preview=preview)


def operator() -> Recording:
    return account(
        name="agent-operator", purpose="operator", system_policies=OPERATOR_POLICIES, statements=operator_statements()
    )


def test_a_chats_key_opens_one_bucket() -> None:
    recording = account(statements=bucket_statements(pulumi.Output.from_input("uploads-1f")))
    assert recording.get(POLICY).inputs["policyDocument"] == (
        '{"Statement":[{"Action":["oss:ListObjects"],"Effect":"Allow","Resource":["acs:oss:*:*:uploads-1f"]},'
        '{"Action":["oss:AbortMultipartUpload","oss:DeleteObject","oss:GetObject","oss:ListParts","oss:PutObject"],'
        '"Effect":"Allow","Resource":["acs:oss:*:*:uploads-1f/*"]}],"Version":"1"}'
    ), "sorted: the same permissions are the same text"
    attached = recording.get(ATTACHED, "agent-runtime-attached-own")
    assert attached.inputs == {
        "userName": recording.get(USER).inputs["name"], "policyName": recording.get(POLICY).inputs["policyName"],
        "policyType": "Custom",
    }  # fmt: skip
    assert behind(attached, "policyName") == {"agent-runtime-policy"}
    assert behind(attached, "userName") == {"agent-runtime-user"}


def test_ready_policies_are_attached_as_the_systems() -> None:
    recording = operator()
    for policy in OPERATOR_POLICIES:
        attached = recording.get(ATTACHED, f"agent-operator-attached-system-{policy}")
        assert attached.inputs == {
            "userName": recording.get(USER).inputs["name"], "policyName": policy, "policyType": "System"
        }  # fmt: skip
        assert behind(attached, "userName") == {"agent-operator-user"}


def test_a_policy_never_runs_out_of_versions() -> None:
    inputs = account(statements=[READ]).get(POLICY).inputs
    assert inputs["rotateStrategy"] == "DeleteOldestNonDefaultVersionWhenLimitExceeded"
    assert inputs["force"] is True, "old versions go with it"
    assert inputs["tags"] == tags_of("agent-runtime")


def test_each_statement_keeps_its_own_resources() -> None:
    other = Statement(actions=["log:GetLogStoreLogs"], resources=["acs:log:*:*:project/p/logstore/s"])
    document = json.loads(account(statements=[READ, other]).get(POLICY).inputs["policyDocument"])
    assert [(one["Action"], one["Resource"]) for one in document["Statement"]] == [
        (["oss:GetObject"], ["acs:oss:*:*:uploads/*"]), (["log:GetLogStoreLogs"], ["acs:log:*:*:project/p/logstore/s"])
    ]  # fmt: skip


def test_the_same_permissions_in_another_order_are_the_same_text() -> None:
    actions, resources = ["oss:PutObject", "oss:GetObject"], ["acs:oss:*:*:b/*", "acs:oss:*:*:a/*"]
    one = Statement(actions=actions, resources=resources)
    other = Statement(actions=actions[::-1], resources=resources[::-1])
    texts = {account(statements=[each]).get(POLICY).inputs["policyDocument"] for each in (one, other)}
    assert texts == {
        '{"Statement":[{"Action":["oss:GetObject","oss:PutObject"],"Effect":"Allow",'
        '"Resource":["acs:oss:*:*:a/*","acs:oss:*:*:b/*"]}],"Version":"1"}'
    }


def test_without_permissions_there_is_no_policy() -> None:
    recording = account()
    assert recording.of_type(POLICY) + recording.of_type(ATTACHED) == []


@pytest.mark.parametrize(
    ("name", "purpose", "user"),
    [
        ("agent-runtime", "runtime", f"qiao-dev-agent-runtime-{REGION}"),
        ("agent-account", "runtime", f"qiao-dev-agent-account-runtime-{REGION}"),
        ("agent", "runtime", f"qiao-dev-agent-runtime-{REGION}"),
    ],
)
def test_the_purpose_is_in_the_name_once(name: str, purpose: str, user: str) -> None:
    recording = account(name=name, purpose=purpose, statements=[READ])
    assert recording.get(USER).inputs["name"] == user
    assert recording.get(POLICY).inputs["policyName"] == user


def test_the_same_application_in_two_regions_has_two_users() -> None:
    """Names are the account's, not a region's."""
    found = set()
    for region in (REGION, "cn-shanghai"):

        def build(region: str = region) -> None:
            here = scope_of()
            scope = Scope(project=here.project, stage=here.stage, app=here.app, region=region, profile=here.profile)
            ServiceAccount("agent-runtime", ServiceAccountArgs(scope=scope, purpose="runtime", statements=[READ]))

        recording = record(build)
        found |= {recording.get(USER).inputs["name"], recording.get(POLICY).inputs["policyName"]}
    assert found == {f"qiao-dev-agent-runtime-{region}" for region in (REGION, "cn-shanghai")}


@pytest.mark.parametrize(("native", "shown"), [(None, f"qiao-dev-agent-runtime-{REGION}"), ("Runtime", "Runtime")])
def test_the_display_name_is_always_given(native: str | None, shown: str) -> None:
    """Left out, the cloud fills it in, and the next preview would take it away again."""
    inputs = account(native=ServiceAccountNative(display_name=native)).get(USER).inputs
    assert inputs["displayName"] == shown


def test_the_user_is_tagged_and_described_and_goes_with_all_that_hangs_on_it() -> None:
    inputs = account().get(USER).inputs
    assert inputs["tags"] == tags_of("agent-runtime")
    assert inputs["comments"] == "runtime of qiao agent dev"
    assert inputs["force"] is True


def test_a_comment_fits() -> None:
    assert len(account(purpose="p" * 200).get(USER).inputs["comments"]) == 128


def test_a_user_is_never_renamed_in_place() -> None:
    """Keys and attachments name the user: they would be looked for under a name that is gone."""
    assert account().get(USER).replace_on_changes == ("name",)


def test_both_halves_of_a_key_are_secret() -> None:
    recording = account()
    key = recording.get(KEY, "agent-runtime-key-primary")
    assert key.inputs == {"status": "Active", "userName": recording.get(USER).inputs["name"]}, "and no secret_file"
    assert "secret" in key.additional_secret_outputs
    assert key.delete_before_replace is False, "applications hold the old one until the new one is there"
    assert probed(recording, "access_key_id")[0] == Secret(key.id)
    assert probed(recording, "secret_access_key")[0] == Secret(reveal(key.outputs["secret"]))
    assert isinstance(key.outputs["secret"], Secret)


def test_a_key_is_handed_on_once_the_policies_are_attached() -> None:
    recording = operator()
    attached = {r.name for r in recording.of_type(ATTACHED)}
    assert len(attached) == len(OPERATOR_POLICIES) + 1
    for output in OUTPUTS:
        assert attached <= probed(recording, output)[1]


def test_two_keys_for_rotation() -> None:
    recording = account(keys=["primary", "secondary"])
    primary, secondary = (recording.get(KEY, f"agent-runtime-key-{name}") for name in ("primary", "secondary"))
    found = reveal(recording.outputs["keys"])
    assert isinstance(recording.outputs["keys"], Secret)
    assert found == {
        name: {"id": key.id, "secret": reveal(key.outputs["secret"])}
        for name, key in (("primary", primary), ("secondary", secondary))
    }
    assert found["primary"]["id"] != found["secondary"]["id"]
    assert reveal(probed(recording, "access_key_id")[0]) == found["primary"]["id"]


def test_the_first_active_key_is_handed_on() -> None:
    recording = account(keys={"primary": False, "secondary": True})
    primary, secondary = (recording.get(KEY, f"agent-runtime-key-{name}") for name in ("primary", "secondary"))
    assert (primary.inputs["status"], secondary.inputs["status"]) == ("Inactive", "Active")
    assert reveal(probed(recording, "access_key_id")[0]) == secondary.id
    assert reveal(probed(recording, "secret_access_key")[0]) == reveal(secondary.outputs["secret"])


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
    document = json.loads(recording.get(POLICY).inputs["policyDocument"])
    assert document["Statement"][0]["Action"] == ["oss:GetObject"]
    assert "agent-runtime-attached-own" in probed(recording, "user_name")[1]
    assert waits_for(recording.get(KEY)) == {"agent-runtime-user"}


def test_two_side_by_side_share_no_name() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for purpose in ("runtime", "operator"):
            args = ServiceAccountArgs(scope=scope, purpose=purpose, statements=[READ])
            ServiceAccount(f"agent-{purpose}", args, opts)

    recording = recorded(build)
    assert len({r.inputs["name"] for r in recording.of_type(USER)}) == 2
    assert len({r.inputs["policyName"] for r in recording.of_type(POLICY)}) == 2


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        (
            Statement(actions=["GetObject"]),
            "Statement of agent-runtime: action: 'GetObject' is not valid; use a service and an action: oss:GetObject",
        ),
        (
            Statement(actions=["oss:GetObject"], resources=["trn:tos:::uploads/*"]),
            "Statement of agent-runtime: resource: 'trn:tos:::uploads/*' is not valid;"
            " use *, or a name that begins with acs:",
        ),
    ],
)  # fmt: skip
def test_another_clouds_words_are_refused(statement: Statement, message: str) -> None:
    with pytest.raises(UserError) as error:
        account(statements=[statement])
    assert str(error.value) == message


def test_a_policy_that_is_too_long_is_refused() -> None:
    many = [f"acs:oss:*:*:uploads/{number:04}/*" for number in range(300)]
    with pytest.raises(UserError, match=rf"ServiceAccountArgs\.statements: \d+ characters as one policy; stay below "
                                        rf"{LONGEST_POLICY}"):  # fmt: skip
        account(statements=[Statement(actions=["oss:GetObject"], resources=many)])


@pytest.mark.parametrize("length", [0, 129])
def test_a_display_name_that_the_cloud_does_not_take_is_refused(length: int) -> None:
    with pytest.raises(UserError, match=rf"ServiceAccountNative\.display_name: {length} is out of range"):
        ServiceAccountNative(display_name="x" * length)
