"""Borrowed foundations: a loan asks for what its lender has, known from the lender's own file, and for nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pytest

from components.errors import UserError
from qiao.plan.recorder import record
from qiao.plan.recording import Recording
from qiao.plan.standins import StandIns
from qiao.plan.wire import Secret
from stacks.loan import LOGS, REGISTRY, Lends, Loan
from stacks.program import deploy
from stacks.stagefile import load
from tests.stacks.support import all_in_clear, config, run_config, write_stage

HOME = "cn-hangzhou"
ZONES = [f"{HOME}-h", f"{HOME}-k"]
STACK = "organization/qiao/dev"
WHERE = f"clouds.alicloud.{HOME}"
IMAGE = "registry.example.com/agents/bot:1.0.0"
ENDPOINT = "http://tracing-analysis-dc-hz-internal.aliyuncs.com:8090"
CANARY = "canary-7d21"
TRACES = {"observability": {"trace_endpoint": ENDPOINT, "trace_token": {"secure": "ciphertext"}}}
NETWORK = {
    "vpc_id": "vpc-1", "subnet_ids": {ZONES[0]: "vsw-1", ZONES[1]: "vsw-2"}, "security_group_id": "sg-1",
}  # fmt: skip


def agent(**settings: Any) -> dict[str, Any]:
    base = {"blueprint": "agent", "cloud": "alicloud", "region": HOME, "image": IMAGE}
    return {key: value for key, value in (base | settings).items() if value is not None}


def place(**settings: Any) -> dict[str, Any]:
    """One region's settings; `zones=None` for none."""
    given = {"zones": list(ZONES)} | settings
    return {"alicloud": {HOME: {key: value for key, value in given.items() if value is not None}}}


def borrowing(**settings: Any) -> dict[str, Any]:
    return place(**{"from": "dev"}, **settings)


def lent(folder: Path, clouds: Any, apps: Any = None) -> dict[str, Any]:
    """Write the lender's file, bring it up on the recorder, and return what it puts out."""
    path = write_stage(folder, apps or {"agent": agent()}, clouds)
    recording = run_config(load(path).config, stage="dev", project_dir=folder)
    return dict(recording.outputs)


def borrow(
    folder: Path, outputs: Mapping[str, Any], clouds: Any = None, *, preview: bool = False, **settings: Any
) -> Recording:
    """A feature stage on what a lender put out."""
    values = config({"agent": agent(**settings)}, clouds or borrowing())
    return record(
        lambda: deploy(folder, offline=True), stack="feature-x", config=values, preview=preview,
        standins=StandIns(stack_references={STACK: outputs}),
    )  # fmt: skip


def envs(recording: Recording) -> dict[str, Any]:
    return dict(function(recording).get("environmentVariables") or {})


def function(recording: Recording) -> Mapping[str, Any]:
    return recording.get("alicloud:fc/v3Function:V3Function", "agent-function-function").inputs


# Traces


@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
def test_a_lender_that_traces_nothing_is_asked_for_nothing(tmp_path: Path, preview: bool) -> None:
    """What is normal here: no resource makes a place for traces."""
    outputs = lent(tmp_path, place())
    assert set(outputs["foundation"]["alicloud"][HOME]["logs"]) == {"log_project", "log_store", "access_log_store"}
    recording = borrow(tmp_path, outputs, preview=preview)
    logs = outputs["foundation"]["alicloud"][HOME]["logs"]
    assert function(recording)["logConfig"]["logstore"] == logs["log_store"]
    assert function(recording)["logConfig"]["project"] == logs["log_project"]
    assert envs(recording) == {}


def test_a_lender_that_traces_lends_endpoint_and_token(tmp_path: Path) -> None:
    outputs = lent(tmp_path, place(native=TRACES))
    token = outputs["foundation_secrets"]["alicloud"][HOME]["trace_token"]
    assert isinstance(token, Secret)
    given = envs(borrow(tmp_path, outputs))
    assert given["OTEL_EXPORTER_OTLP_ENDPOINT"] == ENDPOINT
    assert given["OTEL_EXPORTER_OTLP_HEADERS"] == Secret(f"Authentication={token.value}")
    assert given["OTEL_RESOURCE_ATTRIBUTES"] == "service.namespace=qiao,deployment.environment=feature-x"


def test_a_lent_token_is_nowhere_in_clear(tmp_path: Path) -> None:
    outputs = lent(tmp_path, place(native=TRACES))
    outputs["foundation_secrets"]["alicloud"][HOME]["trace_token"] = Secret(CANARY)
    recording = borrow(tmp_path, outputs)
    assert envs(recording)["OTEL_EXPORTER_OTLP_HEADERS"] == Secret(f"Authentication={CANARY}")
    assert [where for where, text in all_in_clear(recording) if CANARY in text] == []
    # An engine hands over the output as it is stored: a program that forgot that it is secret would show it.
    outputs["foundation_secrets"]["alicloud"][HOME]["trace_token"] = CANARY
    assert envs(borrow(tmp_path, outputs))["OTEL_EXPORTER_OTLP_HEADERS"] == Secret(f"Authentication={CANARY}")


def test_who_does_not_trace_borrows_no_token(tmp_path: Path) -> None:
    outputs = lent(tmp_path, place(native=TRACES))
    del outputs["foundation_secrets"]["alicloud"][HOME]["trace_token"]
    del outputs["foundation"]["alicloud"][HOME]["logs"]["trace_endpoint"]
    assert envs(borrow(tmp_path, outputs, traces=False)) == {}


def test_a_lender_whose_file_says_traces_and_whose_stack_has_none_is_brought_up_first(tmp_path: Path) -> None:
    outputs = lent(tmp_path, place(native=TRACES))
    del outputs["foundation_secrets"]["alicloud"][HOME]["trace_token"]
    with pytest.raises(UserError) as caught:
        borrow(tmp_path, outputs)
    assert str(caught.value) == (
        f"{WHERE}.from: stage dev lends no trace_token in alicloud {HOME}; bring it up there first: "
        "`pulumi up -s dev`, with the same zones"
    )


def test_logs_that_were_there_lend_what_settings_say_of_them(tmp_path: Path) -> None:
    existing = {"log_project": "p-1", "log_store": "s-1"}
    outputs = lent(tmp_path, place(logs={"existing": existing}))
    recording = borrow(tmp_path, outputs)
    assert function(recording)["logConfig"]["logstore"] == "s-1"
    gateway = recording.get("alicloud:apig/gateway:Gateway").inputs
    assert gateway["logConfig"] == {"sls": {"enable": False}}, "there is no store for its lines"
    whole = existing | {"access_log_store": "a-1", "trace_store": "t-1", "trace_endpoint": ENDPOINT}
    outputs = lent(tmp_path, place(logs={"existing": whole | {"trace_token": {"secure": "ciphertext"}}}))
    recording = borrow(tmp_path, outputs)
    assert recording.get("alicloud:apig/gateway:Gateway").inputs["logConfig"] == {"sls": {"enable": True}}
    assert envs(recording)["OTEL_EXPORTER_OTLP_ENDPOINT"] == ENDPOINT
    assert isinstance(envs(recording)["OTEL_EXPORTER_OTLP_HEADERS"], Secret)


# Network and registry


def test_a_network_that_was_there_is_lent_without_blocks_where_nobody_said_them(tmp_path: Path) -> None:
    outputs = lent(tmp_path, place(zones=None, network=NETWORK))
    recording = borrow(tmp_path, outputs)
    assert function(recording)["vpcConfig"] == {
        "vpcId": "vpc-1", "vswitchIds": ["vsw-1", "vsw-2"], "securityGroupId": "sg-1",
    }  # fmt: skip
    with pytest.raises(UserError, match=rf"{WHERE}.from: its subnets' blocks are unknown; give subnet_cidrs"):
        borrow(tmp_path, outputs, database={})
    blocks = {ZONES[0]: "10.1.0.0/24", ZONES[1]: "10.1.1.0/24"}
    outputs = lent(tmp_path, place(zones=None, network=NETWORK | {"subnet_cidrs": blocks, "cidr": "10.1.0.0/16"}))
    database = borrow(tmp_path, outputs, database={}).get("alicloud:rds/instance:Instance")
    assert database.inputs["securityIps"] == list(blocks.values())


def test_a_registry_without_a_login_is_lent_to_pull_from(tmp_path: Path) -> None:
    """The personal edition's password is set by a person; who only pulls needs none."""
    outputs = lent(tmp_path, place(registry={}))
    recording = borrow(tmp_path, outputs, image={"name": "bot", "tag": "1.0.0"})
    registry = outputs["foundation"]["alicloud"][HOME]["registry"]
    pulled = f"{registry['pull_endpoint']}/{registry['namespace']}/bot:1.0.0"
    assert function(recording)["customContainerConfig"]["image"] == pulled
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
    with pytest.raises(UserError) as caught:
        borrow(tmp_path, outputs, image={"context": "app"})
    assert str(caught.value) == (
        f"{WHERE}.from: agent is to be built and pushed without a login; give the registry's username and password, or "
        "push the image yourself and name it by its tag"
    )


def test_a_registry_with_a_login_is_lent_to_push_to(tmp_path: Path) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
    native = {"registry": {"username": "pusher", "password": {"secure": "ciphertext"}}}
    outputs = lent(tmp_path, place(registry={}, native=native))
    image = borrow(tmp_path, outputs, image={"context": "app"}).get("docker-build:index:Image")
    assert isinstance(image.inputs["registries"][0]["password"], Secret)
    assert image.inputs["registries"][0]["username"] == "pusher"


def test_its_edition_is_the_lenders_own(tmp_path: Path) -> None:
    """A lender like prod has an instance whose password is generated; the borrower's own profile says otherwise."""
    path = tmp_path / "Pulumi.dev.yaml"
    outputs = lent(tmp_path, place(registry={}, native={"registry": {"username": "deployer"}}))
    path.write_text(path.read_text() + "  qiao:profile: {private_access: true}\n")
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
    outputs["foundation_secrets"] = {"alicloud": {HOME: {"registry_password": Secret("generated")}}}
    image = borrow(tmp_path, outputs, image={"context": "app"}).get("docker-build:index:Image")
    assert image.inputs["registries"][0]["password"] == Secret("generated")


# What cannot be lent


def test_a_lender_without_that_place_is_told_in_the_plan(tmp_path: Path) -> None:
    other = {"alicloud": {"cn-shanghai": {"zones": ["cn-shanghai-h", "cn-shanghai-k"]}}}
    write_stage(tmp_path, {"agent": agent(region="cn-shanghai")}, other)
    with pytest.raises(UserError) as caught:
        borrow(tmp_path, {})
    assert str(caught.value) == (
        f"Pulumi.dev.yaml: {WHERE}: there are no such settings; name a stage that has, or add them there"
    )


def test_a_lender_that_borrows_itself_has_nothing_to_lend(tmp_path: Path) -> None:
    write_stage(tmp_path, {"agent": agent()}, place(**{"from": "prod"}))
    with pytest.raises(UserError) as caught:
        borrow(tmp_path, {})
    assert str(caught.value) == (
        f"{WHERE}.from: stage dev has none of its own: it borrows too; borrow from prod"
    )  # fmt: skip


@pytest.mark.parametrize("network", [None, NETWORK], ids=["own", "there already"])
def test_zones_are_the_lenders(tmp_path: Path, network: Any) -> None:
    write_stage(tmp_path, {"agent": agent()}, place(zones=None, network=network) if network else place())
    with pytest.raises(UserError) as caught:
        borrow(tmp_path, {}, borrowing(zones=[ZONES[0], f"{HOME}-j"]))
    what = f"stage dev has no subnet in {HOME}-j; use {ZONES[0]}, {ZONES[1]}"
    assert str(caught.value) == f"{WHERE}.zones: {what}"


@pytest.mark.parametrize(
    ("clouds", "message"),
    [
        (place(zonse=["a"]), f"{WHERE}.zonse: there is no such setting; did you mean zones?"),
        (
            place(native={"observability": {"trace_endpoint": ENDPOINT}}),
            f"{WHERE}.native.observability.trace_endpoint: an endpoint and its token go together; give trace_endpoint "
            "and trace_token",
        ),
        (
            place(native={"observability": {"trace_endpoint": ENDPOINT, "trace_token": CANARY}}),
            f"{WHERE}.native.observability.trace_token: is a secret in clear; take it out and run `pulumi config set "
            f"--secret --path 'qiao:{WHERE}.native.observability.trace_token'`",
        ),
        ("none", f"{WHERE}: there are no such settings; name a stage that has, or add them there"),
    ],
)
def test_what_is_wrong_with_the_lenders_file_names_the_file(tmp_path: Path, clouds: Any, message: str) -> None:
    write_stage(tmp_path, {"agent": agent()}, clouds)
    with pytest.raises(UserError) as caught:
        borrow(tmp_path, {})
    assert str(caught.value) == f"Pulumi.dev.yaml: {message}"
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"logs": {}}, "logs"), ({"registry": {}}, "registry"), ({"cidr": "10.1.0.0/16"}, "cidr"),
        ({"native": TRACES}, "native.observability"), ({"native": {"network": {}}}, "native.network"),
        ({"native": {"registry": {}}}, "native.registry"),
    ],
)  # fmt: skip
def test_what_is_borrowed_is_described_where_it_is(tmp_path: Path, more: dict[str, Any], field: str) -> None:
    write_stage(tmp_path, {"agent": agent()}, place())
    with pytest.raises(UserError) as caught:
        borrow(tmp_path, {}, borrowing(**more))
    assert str(caught.value) == f"{WHERE}.{field}: belongs to stage dev, which lends it; set it there"


def test_the_bucket_of_archives_is_the_borrowers_own_and_described_with_it(tmp_path: Path) -> None:
    outputs = lent(tmp_path, place())
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "run.sh").write_text("exec true\n")
    native = {"bucket": {"redundancy": "ZRS"}}
    recording = borrow(tmp_path, outputs, borrowing(native=native), image=None, code={"path": "app"})
    bucket = recording.get("alicloud:oss/bucket:Bucket", f"shared-alicloud-{HOME}-artifacts-bucket")
    assert bucket.inputs["redundancyType"] == "ZRS"


def test_what_is_lent_in_secret_is_handed_on_as_a_secret() -> None:
    """Whatever takes it: who forgets that it is one, must not show it."""
    place = {HOME: {"registry_password": f"{CANARY}-1", "trace_token": f"{CANARY}-2"}}
    clear = {HOME: {"registry": dict.fromkeys(REGISTRY, "r"), "logs": dict.fromkeys(LOGS, "l")}}

    def program() -> None:
        reference = pulumi.StackReference(STACK)
        lends = Lends(logs=(*LOGS, "trace_token"))
        loan = Loan(reference, "dev", lends, ("alicloud", HOME), f"{WHERE}.from")
        pulumi.export("password", loan.registry().password)
        pulumi.export("token", loan.observability(traces=True).trace_token)

    outputs = {"foundation": {"alicloud": clear}, "foundation_secrets": {"alicloud": place}}
    recording = record(program, stack="feature-x", standins=StandIns(stack_references={STACK: outputs}))
    assert recording.outputs == {"password": Secret(f"{CANARY}-1"), "token": Secret(f"{CANARY}-2")}
