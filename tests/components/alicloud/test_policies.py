from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pytest

from components.alicloud import policies
from components.alicloud.identity import refuse
from components.clouds import Policies
from components.identity import Statement
from components.observability import ExistingObservability
from qiao.plan.recorder import record
from qiao.plan.recording import Secret
from tests.components.alicloud.support import scope_of

BUCKET = "uploads-1f"
GIVEN: Mapping[str, Sequence[Statement]] = {
    "operator": policies.operator_statements(),
    "runtime": policies.runtime_statements("cn-hangzhou", "logs"),
    "bucket": policies.bucket_statements(BUCKET),
    "token": policies.token_statements(),
}
EVERY = [(who, statement) for who, statements in GIVEN.items() for statement in statements]
LOGS = ExistingObservability(
    log_project="p", log_store="s", trace_endpoint="http://traces.example.com:8090", trace_token="tok-3b@x_y"
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


@pytest.mark.parametrize(("who", "statement"), EVERY)
def test_every_permission_is_in_the_clouds_words_and_narrow(who: str, statement: Statement) -> None:
    plain = Statement(actions=statement.actions, resources=granted([statement])[0][1])
    refuse(who, plain)
    for action in plain.actions:
        assert "*" not in action, "each action is named"
    for resource in plain.resources:
        assert str(resource) != "*"
        assert len(str(resource).split(":", 4)) == 5
        assert str(resource).split(":", 4)[4].strip("*/"), "names a kind or a thing, not the whole service"


def test_an_application_reads_and_writes_its_own_bucket_alone() -> None:
    listing, objects = granted(GIVEN["bucket"])
    assert listing == ({"oss:ListObjects"}, [f"acs:oss:*:*:{BUCKET}"])
    assert objects == (
        {"oss:GetObject", "oss:PutObject", "oss:DeleteObject", "oss:AbortMultipartUpload", "oss:ListParts"},
        [f"acs:oss:*:*:{BUCKET}/*"],
    )


def test_a_bucket_whose_name_is_known_later_is_named_too() -> None:
    later = policies.bucket_statements(pulumi.Output.from_input(BUCKET))
    assert granted(later) == granted(GIVEN["bucket"])


def test_an_application_that_only_answers_is_given_nothing() -> None:
    """Its function's role writes logs; tokens are signed with the stack's key; traces have a token of their own."""
    assert policies.FUNCTION_ROLES is policies.STACK_SIGNS_TOKENS is True
    assert list(GIVEN["runtime"]) + list(policies.runtime_statements("cn-hangzhou", None)) == []
    assert list(GIVEN["token"]) == []


def test_an_operator_changes_functions_and_reads_the_rest() -> None:
    full = {policy for policy in policies.OPERATOR_POLICIES if not policy.endswith("ReadOnlyAccess")}
    assert full == {"AliyunFCFullAccess"}
    assert len(set(policies.OPERATOR_POLICIES)) == len(policies.OPERATOR_POLICIES)
    opened = ("OSS", "NAS", "RDS", "RAM")
    assert [p for p in policies.OPERATOR_POLICIES if p.startswith(tuple(f"Aliyun{one}" for one in opened))] == []


def test_an_operator_sees_roles_and_changes_none() -> None:
    ((actions, resources),) = granted(GIVEN["operator"])
    assert {action.partition(":")[0] for action in actions} == {"ram"}
    assert {action.partition(":")[2][:3] for action in actions} <= {"Lis", "Get"}
    assert resources == ["acs:ram:*:*:role/*"]


def test_keys_are_read_from_the_variables_of_the_clouds_own_sdks() -> None:
    assert policies.KEY_VARIABLES == ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET")


@pytest.mark.parametrize(
    "words",
    [
        "Function Compute", "Simple Log Service", "Container Registry", "Cloud-native API Gateway", "NAS", "RDS",
        "Object Storage Service", "login password", "AliyunServiceRoleForFC", "AliyunServiceRoleForNativeApiGwInvokeFC",
        "OpenTelemetry",
    ],
)  # fmt: skip
def test_a_person_is_told_what_to_open(words: str) -> None:
    assert any(words in step for step in policies.OPENING_STEPS)


def test_a_step_is_one_line_of_its_own() -> None:
    for step in policies.OPENING_STEPS:
        assert step.startswith("once an account")
        assert "\n" not in step
        assert "  " not in step


def test_traces_are_sent_in_opentelemetrys_own_words() -> None:
    assert policies.trace_variables(scope_of(), LOGS) == {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://traces.example.com:8090",
        "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
        "OTEL_SERVICE_NAME": "agent",
        "OTEL_RESOURCE_ATTRIBUTES": "service.namespace=qiao,deployment.environment=dev",
    }
    found = exported(**policies.trace_secrets(LOGS))
    assert found == {"OTEL_EXPORTER_OTLP_HEADERS": Secret("Authentication=tok-3b@x_y")}


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


def test_traces_without_a_token_need_no_header() -> None:
    open_door = ExistingObservability(log_project="p", log_store="s", trace_endpoint="http://traces.example.com")
    assert "OTEL_EXPORTER_OTLP_ENDPOINT" in policies.trace_variables(scope_of(), open_door)
    assert policies.trace_secrets(open_door) == {}
