"""The role of a function on Tencent Cloud: what its application asks for, and nothing else."""

from __future__ import annotations

import json

import pulumi_random as random

from components.filesystem import ExistingFileSystem
from components.function import Mount
from components.identity import Statement
from components.scope import Scope
from components.tencentcloud.function import FunctionNative
from qiao.plan.recording import UNKNOWN
from tests.components.tencentcloud.function_support import (
    ATTACHMENT,
    FUNCTION,
    LOGS,
    POLICY,
    ROLE,
    VERSION,
    Opts,
    behind_all,
    build_function,
    made,
    one_function,
    statements,
)
from tests.components.tencentcloud.support import behind, no_network, tags_of, waits_for

READ = Statement(actions=["cos:GetObject"], resources=["qcs::cos:ap-guangzhou:uid/1250000000:data-1250000000/*"])


def test_settings_need_no_role() -> None:
    """Images, logs, networks and file systems are the platform's own affair: so its code gets no keys."""
    mounts = [Mount(path="/mnt/a", source=ExistingFileSystem(id="cfs-1", host="h"))]
    recording = one_function(observability=LOGS, network=no_network(), mounts=mounts)
    assert [r.type for r in recording.resources if r.type.startswith("tencentcloud:Cam")] == []
    assert "role" not in recording.get(FUNCTION).inputs


def test_permissions_are_a_policy_of_its_own_and_stand_before_the_function() -> None:
    recording = one_function(permissions=[READ, Statement(actions=["cos:GetBucket", "cos:HeadBucket"])])
    assert statements(recording) == [
        {"action": ["cos:GetObject"], "resource": ["qcs::cos:ap-guangzhou:uid/1250000000:data-1250000000/*"]},
        {"action": ["cos:GetBucket", "cos:HeadBucket"], "resource": ["*"]},
    ]
    role, policy = recording.get(ROLE, "agent-chat-role"), recording.get(POLICY, "agent-chat-policy")
    name = "qiao-dev-agent-chat-ap-guangzhou"
    assert (role.inputs["name"], policy.inputs["name"]) == (name, name)
    assert role.inputs["tags"] == tags_of("agent-chat")
    attached = recording.get(ATTACHMENT, "agent-chat-role-attached")
    assert attached.inputs == {"roleName": name, "policyName": name}
    assert {"agent-chat-role", "agent-chat-policy"} <= waits_for(attached)
    function = recording.get(FUNCTION)
    assert function.inputs["role"] == name
    assert behind(function, "role") == {"agent-chat-role"}
    assert "agent-chat-role-attached" in waits_for(function)
    for fixed in (role, policy, attached):
        assert fixed.delete_before_replace is True


def test_only_the_function_service_takes_the_role_on() -> None:
    """Lists throughout: bare words come back as lists, and would be a change on every `up`."""
    document = json.loads(one_function(permissions=[READ]).get(ROLE).inputs["document"])
    assert document == {
        "version": "2.0",
        "statement": [
            {"action": ["name/sts:AssumeRole"], "effect": "allow", "principal": {"service": ["scf.qcloud.com"]}}
        ],
    }


def test_a_role_that_is_there_is_taken_as_it_is() -> None:
    recording = one_function(native=FunctionNative(role_name="there"))
    assert recording.get(FUNCTION).inputs["role"] == "there"
    assert recording.of_type(ROLE) == []


def test_another_role_goes_live_by_a_release() -> None:
    def key(role: str) -> str:
        native = FunctionNative(role_name=role)
        return str(one_function(native=native).get(VERSION).inputs["description"])

    assert key("one") != key("another")


def test_a_resource_that_is_not_there_yet_is_waited_for() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        bucket = random.RandomId("bucket", byte_length=1)
        build_function(scope, opts, permissions=[Statement(actions=["cos:GetObject"], resources=[bucket.hex])])

    for preview in (False, True):
        recording = made(build, preview=preview)
        policy = recording.get(POLICY)
        assert (policy.inputs["document"] is UNKNOWN) == preview
        assert behind(policy, "document") == {"bucket"}
        assert policy.urn in behind_all(recording, recording.get(FUNCTION))
