from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pytest

from components.clouds import Policies
from components.identity import Statement
from components.observability import ExistingObservability
from components.tencentcloud import policies
from components.tencentcloud.identity import refuse
from qiao.plan.recorder import record
from qiao.plan.recording import Secret
from tests.components.tencentcloud.support import scope_of

BUCKET = "qiao-dev-uploads-1f-1250000000"
LOGS = ExistingObservability(
    log_project="p", log_store="s", trace_endpoint="http://traces.example.com:4317", trace_token="tok-3b@x_y"
)


def exported(**values: Any) -> Mapping[str, Any]:
    """What values come to, once they are known."""

    def program() -> None:
        for name, value in values.items():
            pulumi.export(name, value)

    return record(program).outputs


def granted(statements: Sequence[Statement]) -> list[tuple[set[str], Any]]:
    """Each statement's actions, and its resources once they are known."""
    known = exported(all=[list(statement.resources) for statement in statements])["all"]
    return [(set(one.actions), resources) for one, resources in zip(statements, known, strict=True)]


def test_the_module_says_all_that_a_cloud_must_say() -> None:
    asked = {name for name in vars(Policies) if not name.startswith("_")} | set(Policies.__annotations__)
    assert {"FUNCTION_ROLES", "bucket_statements"} <= asked
    assert {name for name in asked if not hasattr(policies, name)} == set()


def test_an_application_reads_and_writes_its_own_bucket_alone() -> None:
    ((actions, resources),) = granted(policies.bucket_statements(BUCKET))
    assert resources == ["qcs::cos:*:uid/1250000000:qiao-dev-uploads-1f-1250000000/*"]
    assert actions == {
        "cos:GetObject", "cos:HeadObject", "cos:PutObject", "cos:PostObject", "cos:DeleteObject", "cos:GetBucket",
        "cos:HeadBucket", "cos:InitiateMultipartUpload", "cos:UploadPart", "cos:CompleteMultipartUpload",
        "cos:AbortMultipartUpload", "cos:ListParts",
    }  # fmt: skip
    refuse("bucket", Statement(actions=sorted(actions), resources=resources))


def test_a_bucket_whose_name_is_known_later_is_named_too() -> None:
    later = policies.bucket_statements(pulumi.Output.from_input(BUCKET))
    assert granted(later) == granted(policies.bucket_statements(BUCKET))


def test_an_application_that_only_answers_is_given_nothing() -> None:
    """Its platform writes logs; tokens are signed with the stack's key; traces have a token of their own."""
    assert policies.FUNCTION_ROLES is policies.STACK_SIGNS_TOKENS is True
    for log_project in ("logs", None):
        assert list(policies.runtime_statements("ap-guangzhou", log_project)) == []
    assert list(policies.token_statements()) == []


def test_an_operator_changes_functions_and_reads_the_rest() -> None:
    full = {policy for policy in policies.OPERATOR_POLICIES if "ReadOnly" not in policy}
    assert full == {"QcloudSCFFullAccess"}
    assert len(set(policies.OPERATOR_POLICIES)) == len(policies.OPERATOR_POLICIES)
    data = tuple(f"Qcloud{one}" for one in ("COS", "CFS", "CDB", "Postgre", "Redis", "Cam"))
    assert [policy for policy in policies.OPERATOR_POLICIES if policy.startswith(data)] == []


def test_an_operator_may_hand_no_role_on() -> None:
    assert "cam:PassRole" not in [action for one in policies.operator_statements() for action in one.actions]


def test_keys_are_read_from_variables_that_functions_do_not_keep_for_themselves() -> None:
    for variable in policies.KEY_VARIABLES:
        assert not variable.startswith(("TENCENTCLOUD_", "QCLOUD_", "SCF_"))
    assert policies.KEY_VARIABLES == ("TENCENT_SECRET_ID", "TENCENT_SECRET_KEY")


@pytest.mark.parametrize(
    "words",
    [
        "Serverless Cloud Function", "Cloud Log Service", "Tencent Container Registry", "Cloud Object Storage",
        "Cloud File Storage", "Application Performance Management", "EdgeOne", "SCF_QcsRole", "CDN_QCSRole", "ICP",
        "plan's id",
    ],
)  # fmt: skip
def test_a_person_is_told_what_to_open(words: str) -> None:
    assert any(words in step for step in policies.OPENING_STEPS)


def test_a_step_is_one_line_of_its_own() -> None:
    for step in policies.OPENING_STEPS:
        assert step.startswith("once a")
        assert "\n" not in step
        assert "  " not in step


def test_traces_are_sent_in_opentelemetrys_own_words() -> None:
    variables = policies.trace_variables(scope_of(), LOGS)
    assert variables == {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://traces.example.com:4317",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_SERVICE_NAME": "agent",
    }
    secrets = exported(**policies.trace_secrets(LOGS))
    assert secrets == {"OTEL_RESOURCE_ATTRIBUTES": Secret("token=tok-3b@x_y")}
    assert set(variables) & set(secrets) == set(), "a function refuses a variable that is both"


@pytest.mark.parametrize(
    "logs",
    [
        ExistingObservability(log_project="p", log_store="s"),
        ExistingObservability(log_project="p", log_store="s", trace_token="tok"),
    ],
)
def test_without_a_trace_store_nothing_is_said_of_traces(logs: ExistingObservability) -> None:
    assert policies.trace_variables(scope_of(), logs) == {}
    assert policies.trace_secrets(logs) == {}


def test_traces_without_a_token_have_no_secret() -> None:
    open_door = ExistingObservability(log_project="p", log_store="s", trace_endpoint="http://traces.example.com")
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in policies.trace_variables(scope_of(), open_door)
    assert policies.trace_secrets(open_door) == {}
