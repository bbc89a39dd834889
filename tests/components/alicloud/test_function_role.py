"""The role of a function on Alibaba Cloud: what the settings need, on what they name, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pulumi
import pulumi_random as random
import pytest

from components.alicloud.function import FunctionNative
from components.errors import UserError
from components.function import Mount
from components.identity import Statement
from components.scope import Scope
from tests.components.alicloud.function_support import (
    ATTACHMENT,
    DATA,
    FUNCTION,
    LOGS,
    POLICY,
    ROLE,
    Opts,
    build_function,
    code_folder,
    in_order,
    one_function,
    statements,
)
from tests.components.alicloud.support import no_network, recorded, tags_of, waits_for

CARDS = {
    "Action": [
        "ecs:CreateNetworkInterface", "ecs:CreateNetworkInterfacePermission", "ecs:DeleteNetworkInterface",
        "ecs:DeleteNetworkInterfacePermission", "ecs:DescribeNetworkInterfacePermissions",
        "ecs:DescribeNetworkInterfaces", "vpc:DescribeVSwitchAttributes", "vpc:DescribeVpcAttribute",
    ],
    "Resource": ["*"],
}  # fmt: skip
PULL = {
    "Action": [
        "cr:GetArtifactTag", "cr:GetAuthorizationToken", "cr:GetInstance", "cr:GetInstanceVpcEndpoint",
        "cr:GetRepository", "cr:GetRepositoryTag", "cr:ListInstance", "cr:PullRepository",
    ],
    "Resource": ["*"],
}  # fmt: skip
WRITE_LOGS = {
    "Action": ["log:PostLogStoreLogs"], "Resource": ["acs:log:cn-hangzhou:*:project/project-1/logstore/app"],
}  # fmt: skip
LIST = {"Action": ["oss:GetBucketInfo", "oss:ListObjects"], "Resource": ["acs:oss:*:*:data"]}
OBJECTS = ["oss:AbortMultipartUpload", "oss:DeleteObject", "oss:GetObject", "oss:ListParts", "oss:PutObject"]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_service_alone_takes_it_on() -> None:
    role = one_function().get(ROLE, "agent-chat-role")
    assert json.loads(role.inputs["assumeRolePolicyDocument"]) == {
        "Statement": [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": ["fc.aliyuncs.com"]}}],
        "Version": "1",
    }
    assert role.inputs["tags"] == tags_of("agent-chat")
    # Deleted with what somebody attached by hand, or it could not be deleted at all.
    assert role.inputs["force"] is True


def test_names_carry_the_region_since_the_account_has_one_table_of_them() -> None:
    recording = one_function()
    assert recording.get(ROLE).inputs["roleName"] == "qiao-dev-agent-chat-cn-hangzhou"
    assert recording.get(POLICY).inputs["policyName"] == "qiao-dev-agent-chat-cn-hangzhou"
    attachment = recording.get(ATTACHMENT)
    assert attachment.inputs == {
        "roleName": "qiao-dev-agent-chat-cn-hangzhou", "policyName": "qiao-dev-agent-chat-cn-hangzhou",
        "policyType": "Custom",
    }  # fmt: skip
    assert {"agent-chat-role", "agent-chat-policy"} <= waits_for(attachment)


def test_a_sixth_version_of_the_policy_is_not_refused() -> None:
    policy = one_function().get(POLICY)
    assert policy.inputs["rotateStrategy"] == "DeleteOldestNonDefaultVersionWhenLimitExceeded"
    assert policy.inputs["force"] is True


def test_the_function_waits_until_its_role_may_do_what_it_has_to() -> None:
    recording = one_function(network=no_network())
    function = recording.get(FUNCTION)
    assert function.inputs["role"] == recording.get(ROLE).outputs["arn"]
    assert function.input_dependencies["role"] == (recording.get(ROLE).urn,)
    # No data edge says so: without it the first function is refused for lack of rights.
    assert recording.get(ATTACHMENT).urn in function.depends_on
    in_order(recording, ROLE, ATTACHMENT, FUNCTION)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, [PULL]),
        ({"network": no_network()}, [CARDS, PULL]),
        ({"observability": LOGS}, [WRITE_LOGS, PULL]),
        (
            {"mounts": [Mount(path="/mnt/d", source=DATA)]},
            [PULL, LIST, {"Action": OBJECTS, "Resource": ["acs:oss:*:*:data/*"]}],
        ),
        (
            {"mounts": [Mount(path="/mnt/d", source=DATA, directory="/in", read_only=True)]},
            [PULL, LIST, {"Action": ["oss:GetObject"], "Resource": ["acs:oss:*:*:data/in/*"]}],
        ),
        (
            {"permissions": [Statement(actions=["ots:GetRow"], resources=["acs:ots:*:*:instance/x"])]},
            [PULL, {"Action": ["ots:GetRow"], "Resource": ["acs:ots:*:*:instance/x"]}],
        ),
        (
            {"network": no_network(), "observability": LOGS, "mounts": [Mount(path="/mnt/d", source=DATA)]},
            [CARDS, WRITE_LOGS, PULL, LIST, {"Action": OBJECTS, "Resource": ["acs:oss:*:*:data/*"]}],
        ),
    ],
)  # fmt: skip
def test_it_may_do_what_the_settings_need(fields: dict[str, Any], expected: list[dict[str, Any]]) -> None:
    assert statements(one_function(**fields)) == expected


def test_code_pulls_no_image_and_a_function_that_needs_nothing_has_no_role(here: Path) -> None:
    code = code_folder(here / "app")
    recording = one_function(kind="event", code=code)
    assert [r for token in (ROLE, POLICY, ATTACHMENT) for r in recording.of_type(token)] == []
    assert "role" not in recording.get(FUNCTION).inputs
    assert statements(one_function(kind="event", code=code, observability=LOGS)) == [WRITE_LOGS]


def test_a_resource_that_is_not_there_yet_is_waited_for() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        table = random.RandomId("table", byte_length=1)
        resource = pulumi.Output.concat("acs:ots:*:*:instance/", table.hex)
        build_function(scope, opts, permissions=[Statement(actions=["ots:GetRow"], resources=[resource])])

    assert "table" in waits_for(recorded(build).get(POLICY))


def test_another_permission_is_no_other_version() -> None:
    """What a role may do is no part of what is published: the function goes on as it is."""
    before = one_function()
    after = one_function(permissions=[Statement(actions=["ots:GetRow"])])
    assert before.get(FUNCTION).inputs == after.get(FUNCTION).inputs
    assert before.get(POLICY).inputs != after.get(POLICY).inputs


def test_a_role_that_is_there_is_taken_as_it_is() -> None:
    arn = "acs:ram::1234567890123456:role/ops-made"
    recording = one_function(network=no_network(), native=FunctionNative(role_arn=arn))
    assert recording.get(FUNCTION).inputs["role"] == arn
    assert [r for token in (ROLE, POLICY, ATTACHMENT) for r in recording.of_type(token)] == []


def test_a_role_of_somebody_elses_is_given_no_rights_here() -> None:
    native = FunctionNative(role_arn="acs:ram::1234567890123456:role/ops-made")
    with pytest.raises(UserError, match=r"FunctionArgs\.permissions: the function runs as a role of somebody else's"):
        one_function(native=native, permissions=[Statement(actions=["ots:GetRow"])])


@pytest.mark.parametrize(
    "statement", [Statement(actions=["GetRow"]), Statement(actions=["ots:GetRow"], resources=["trn:tls:x"])]
)
def test_rights_are_in_this_clouds_words(statement: Statement) -> None:
    with pytest.raises(UserError, match="Statement of agent-chat"):
        one_function(permissions=[statement])
