"""What an example's page says beyond its plan: how to bring it up and call it, what costs, which secrets it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from components.volcengine.gaps import connect as connect_module
from components.volcengine.gaps.client import Service
from qiao.plan.evaluate import evaluate
from qiao.plan.recording import Recording
from stacks.stagefile import stages
from tests.stacks.support import ROOT

EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/Pulumi.yaml"))
every_example = pytest.mark.parametrize("example", EXAMPLES, ids=[path.name for path in EXAMPLES])

HOURLY: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "the registry": ("cr/registry:Registry", {}),
    "the database": ("rds_postgresql/instance:Instance", {"chargeInfo": {"chargeType": "PostPaid"}}),
    "the gateway": ("apig/apigGateway:ApigGateway", {"type": "standard"}),
    "the NAT gateway and its address": ("nat/gateway:Gateway", {}),
}
"""What the vocabulary says is billed by the hour, by the page's words: its type, and the inputs that make it so."""


def page(example: Path) -> str:
    return (example / "README.md").read_text(encoding="utf-8")


def bash(text: str) -> list[list[str]]:
    """The lines of each block of shell commands."""
    return [block.splitlines() for block in re.findall(r"```bash\n(.*?)```", text, re.DOTALL)]


def billed(recording: Recording) -> set[str]:
    """What of a stage is billed by the hour, in the page's words."""
    return {
        words
        for words, (kind, inputs) in HOURLY.items()
        if any(inputs.items() <= r.inputs.items() for r in recording.of_type(f"volcengine:{kind}"))
    }


@every_example
def test_it_says_what_each_stage_pays_by_the_hour_and_no_prices(example: Path) -> None:
    said = re.findall(r"^- (dev|prod): (.*)$", page(example), re.MULTILINE)
    assert [stage for stage, _ in said] == ["dev", "prod"]
    for stage, words in said:
        things = re.sub(r", where [^,]*", "", words).split(", ")
        assert set(things) == billed(evaluate(example, stage).recording), stage
    assert not re.search(r"[¥$€]\s?\d|\bCNY\b|\bRMB\b|\bUSD\b|\d\s?(yuan|元)", page(example))


@every_example
def test_where_the_registrys_edition_is_named_it_is_that_one(example: Path) -> None:
    for stage, edition in re.findall(r"^- (dev|prod): the registry, where its edition \((\w+)\)", page(example), re.M):
        recording = evaluate(example, stage).recording
        assert recording.get("volcengine:cr/registry:Registry").inputs["type"] == edition


@every_example
def test_it_says_how_plain_pulumi_brings_it_up(example: Path) -> None:
    (block,) = [lines for lines in bash(page(example)) if "pulumi up" in lines]
    folder, init, up = block
    assert folder == f"cd examples/{example.name}"
    assert (ROOT / folder.removeprefix("cd ") / "Pulumi.yaml").is_file()
    stage = init.removeprefix("pulumi stack init ")
    assert stage in stages(example)
    assert up == "pulumi up"
    shown = "<!-- shown, not run: needs the pulumi CLI and an account -->\n```bash\ncd "
    assert page(example).count(shown) == 1


@every_example
def test_it_names_every_secret_that_is_to_be_set(example: Path) -> None:
    lines = [line for stage in stages(example) for line in evaluate(example, stage).checklist]
    wanted = {line.removeprefix("set a secret: ") for line in lines if line.startswith("set a secret: ")}
    given = {line.strip() for line in page(example).splitlines() if line.strip().startswith("pulumi config set")}
    assert given == wanted
    assert ("No secret is" in page(example)) == (not wanted)


def test_the_page_that_says_how_to_call_asks_for_a_token_as_the_gateway_gives_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (program,) = re.findall(r"<<'PYTHON'\n(.*?)PYTHON\n", page(ROOT / "examples" / "agent-image"), re.DOTALL)
    asked: list[Any] = []

    class Client:
        def call(self, service: Service, action: str, body: Mapping[str, Any], *, idempotent: bool) -> dict[str, str]:
            asked.append((service.code, service.version, action, body, idempotent))
            return {"JwtToken": "token-of-the-gateway"}

    def connect(region: str) -> Client:
        asked.append(region)
        return Client()

    monkeypatch.setattr(connect_module, "connect", connect)
    monkeypatch.setattr("sys.argv", ["-", "gateway-1"])
    exec(compile(program, "README.md", "exec"), {})  # noqa: S102 - the page's own words
    assert capsys.readouterr().out == "token-of-the-gateway\n"
    # A token that is asked for twice is two tokens, and no harm.
    assert asked == ["cn-beijing", ("apig", "2021-03-03", "GetJwtToken", {"GatewayId": "gateway-1"}, True)]


def test_the_call_that_it_shows_is_one_that_the_sample_answers() -> None:
    text = page(ROOT / "examples" / "agent-image")
    outputs = evaluate(ROOT / "examples" / "agent-image", "dev").outputs["agent"]
    names = re.findall(r"jq -r \.(\w+) <<<", text)
    assert names == ["gateway_id", "chat_url"]
    assert set(names) <= set(outputs)
    (body,) = re.findall(r"-d '(\{.*\})'", text)
    namespace: dict[str, Any] = {"__name__": "sample"}
    sample = ROOT / "examples" / "agent-build" / "app" / "code" / "main.py"
    exec(compile(sample.read_text(), str(sample), "exec"), namespace)  # noqa: S102 - our own sample
    assert namespace["read_messages"](body.encode()) == ([{"role": "user", "content": "hello"}], False)


@every_example
def test_pages_that_leave_the_call_to_another_point_at_it(example: Path) -> None:
    if example.name != "agent-image":
        assert "[agent-image](../agent-image) says how to call it" in page(example)
