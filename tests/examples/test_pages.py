"""What an example's page says beyond its plan: how to bring it up and call it, what costs, which secrets it needs."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from components import tokens
from components.volcengine.gaps import connect as connect_module
from components.volcengine.gaps.client import Service
from qiao.plan.recording import Recording, reveal
from stacks.stagefile import stages
from tests.examples.alicloud import Stage
from tests.examples.support import bash, every_example, page, planned, program, run
from tests.stacks.support import ROOT

HOURLY: Mapping[str, Mapping[str, list[Mapping[str, Any]]]] = {
    "the registry": {"volcengine:cr/registry:Registry": [{}]},
    "the registry by the month": {
        "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance": [{"paymentType": "Subscription"}]
    },
    "the database": {
        "volcengine:rds_postgresql/instance:Instance": [{"chargeInfo": {"chargeType": "PostPaid"}}],
        "alicloud:rds/instance:Instance": [{"instanceChargeType": "Postpaid"}, {"instanceChargeType": "Serverless"}],
    },
    "the gateway": {
        "volcengine:apig/apigGateway:ApigGateway": [{"type": "standard"}],
        "alicloud:apig/gateway:Gateway": [{"paymentType": "PayAsYouGo"}],
    },
    "the NAT gateway and its address": {
        "volcengine:nat/gateway:Gateway": [{}],
        "alicloud:vpc/natGateway:NatGateway": [{"paymentType": "PayAsYouGo"}],
    },
    "instances kept ready": {
        "pulumi-python:dynamic/alicloud:ProvisionedConcurrency": [{}],
    },
}
"""What the vocabulary says is billed by the hour, by the page's words: its types, and the inputs that make it so."""

CALLS = {"volcengine": "agent-image", "alicloud": "agent-web"}
"""Whose page says how to call an agent, by cloud."""


def billed(recording: Recording) -> set[str]:
    """What of a stage is billed by the hour, in the page's words."""
    found = {words: sum(1 for _ in _billed(recording, kinds)) for words, kinds in HOURLY.items()}
    return {words if count == 1 else f"{words}s" for words, count in found.items() if count} or {"nothing"}


def _billed(recording: Recording, kinds: Mapping[str, list[Mapping[str, Any]]]) -> Iterator[str]:
    for kind, ways in kinds.items():
        for resource in recording.of_type(kind):
            if any(inputs.items() <= resource.inputs.items() for inputs in ways):
                yield resource.name


def cloud_of(name: str) -> str:
    """The one cloud that an example's stages stand on."""
    settings = [yaml.safe_load(path.read_text()) for path in (ROOT / "examples" / name).glob("Pulumi.?*.yaml")]
    (cloud,) = {cloud for one in settings for cloud in one["config"]["qiao:clouds"]}
    return str(cloud)


@every_example
def test_it_says_what_each_stage_pays_by_the_hour_and_no_prices(example: Path) -> None:
    said = re.findall(r"^- (dev|prod): (.*)$", page(example.name), re.MULTILINE)
    assert [stage for stage, _ in said] == ["dev", "prod"]
    for stage, words in said:
        things = re.sub(r", where [^,]*", "", words).split(", ")
        assert set(things) == billed(run(example.name, stage)), stage
    assert not re.search(r"[¥$€]\s?\d|\bCNY\b|\bRMB\b|\bUSD\b|\d\s?(yuan|元)", page(example.name))


@every_example
def test_where_the_registrys_edition_is_named_it_is_that_one(example: Path) -> None:
    pattern = r"^- (dev|prod): the registry, where its edition \((\w+)\)"
    for stage, edition in re.findall(pattern, page(example.name), re.MULTILINE):
        recording = run(example.name, stage)
        assert recording.get("volcengine:cr/registry:Registry").inputs["type"] == edition


@every_example
def test_it_says_how_plain_pulumi_brings_it_up(example: Path) -> None:
    (block,) = [lines for lines in bash(page(example.name)) if "pulumi up" in lines]
    folder, init, up = block
    assert folder == f"cd examples/{example.name}"
    assert (ROOT / folder.removeprefix("cd ") / "Pulumi.yaml").is_file()
    stage = init.removeprefix("pulumi stack init ")
    assert stage in stages(example)
    assert up == "pulumi up"
    shown = r"<!-- shown, not run: needs the pulumi CLI and an account -->\n *```bash\n *cd "
    assert len(re.findall(shown, page(example.name))) == 1


@every_example
def test_it_names_every_secret_that_is_to_be_set(example: Path) -> None:
    lines = [line for stage in stages(example) for line in planned(example.name, stage).checklist]
    wanted = {line.removeprefix("set a secret: ") for line in lines if line.startswith("set a secret: ")}
    given = {line.strip() for line in page(example.name).splitlines() if line.strip().startswith("pulumi config set")}
    assert given == wanted
    assert ("No secret is" in page(example.name)) == (not wanted)


def test_the_page_that_says_how_to_call_asks_for_a_token_as_volcengines_gateway_gives_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Any] = []

    class Client:
        def call(self, service: Service, action: str, body: Mapping[str, Any], *, idempotent: bool) -> dict[str, str]:
            asked.append((service.code, service.version, action, body, idempotent))
            return {"JwtToken": "token-of-the-gateway"}

    def connect(region: str) -> Client:
        asked.append(region)
        return Client()

    monkeypatch.setattr(connect_module, "connect", connect)
    assert said_by("agent-image", monkeypatch, capsys, "gateway-1") == "token-of-the-gateway\n"
    # A token that is asked for twice is two tokens, and no harm.
    assert asked == ["cn-beijing", ("apig", "2021-03-03", "GetJwtToken", {"GatewayId": "gateway-1"}, True)]


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize(("name", "app"), [("agent-web", "agent"), ("model-server", "models"), ("chat-suite", "agent")])
def test_the_page_that_says_how_to_call_mints_a_token_that_alibabas_gateway_accepts(
    name: str, app: str, stage: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """For the example itself, and for those whose pages point there."""
    recording = run(name, stage)
    if (name, stage) == ("model-server", "dev"):
        assert "application_secrets" not in recording.outputs, "nobody needs a token in its network"
        return
    outputs, keys = recording.outputs[app], reveal(recording.outputs["application_secrets"])
    monkeypatch.setenv("KEY", keys[app]["signing_key"])
    known = {key: outputs[key] for key in ("issuer", "audience", "gateway_id")}
    token = said_by("agent-web", monkeypatch, capsys, json.dumps(known)).strip()
    jwks = recording.get("pulumi-python:dynamic/alicloud:Consumer", f"{app}-gateway-consumer").inputs["jwks"]
    claims = tokens.verify(token, jwks, issuer=outputs["issuer"], audience=outputs["audience"])
    assert (claims["sub"], claims["exp"] - claims["iat"]) == ("me", 3600)


def said_by(name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What a page's Python program prints."""
    monkeypatch.setattr("sys.argv", ["-", *arguments])
    exec(compile(program(page(name)), "README.md", "exec"), {})  # noqa: S102 - the page's own words
    return capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("agent-image", ["gateway_id", "chat_url"]), ("agent-web", ["agent.signing_key", "chat_url"])],
)
def test_the_outputs_that_a_call_takes_are_there(name: str, wanted: list[str]) -> None:
    assert re.findall(r"jq -r \.([\w.]+) <<<", page(name)) == wanted
    for stage in ("dev", "prod"):
        outputs = run(name, stage).outputs
        here = set(outputs["agent"]) | {f"{app}.{key}" for app, of in _secrets(outputs).items() for key in of}
        assert set(wanted) <= here


def _secrets(outputs: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    return dict(outputs.get("application_secrets", {}))


def test_the_call_that_volcengines_page_shows_is_one_that_the_sample_answers() -> None:
    said = sample("agent-build/app/code")["read_messages"](shown_body("agent-image"))
    assert said == ([{"role": "user", "content": "hello"}], False)


def test_the_call_that_alibabas_page_shows_is_one_that_the_sample_answers() -> None:
    said = sample("agent-web/app")["read"](shown_body("agent-web"))
    assert said == ([{"role": "user", "content": "hello"}], True, False)


def shown_body(name: str) -> bytes:
    """The body of the call that a page shows."""
    (body,) = re.findall(r"-d '(\{.*\})'", page(name))
    return str(body).encode()


def sample(folder: str) -> dict[str, Any]:
    """A sample's server as a module that is not started."""
    namespace: dict[str, Any] = {"__name__": "sample"}
    path = ROOT / "examples" / folder / "main.py"
    exec(compile(path.read_text(), str(path), "exec"), namespace)  # noqa: S102 - our own sample
    return namespace


@every_example
def test_pages_that_leave_the_call_to_another_point_at_it(example: Path) -> None:
    shows = CALLS[cloud_of(example.name)]
    agents = [name for name, app in _apps(example).items() if app["blueprint"] in ("agent", "model-server")]
    if agents and example.name != shows:
        assert f"[{shows}](../{shows}) says how to call it" in page(example.name)
    assert ("PYTHON" in page(example.name)) == (example.name == shows)


@every_example
def test_images_that_people_push_are_the_ones_that_functions_run(example: Path) -> None:
    """A page of its own, or one that it points at, shows how each image of the stack's registry gets there."""
    for app in _apps(example).values():
        image = app.get("image")
        if cloud_of(example.name) != "alicloud" or not isinstance(image, dict) or "tag" not in image:
            continue
        reference = f"{image['name']}:{image['tag']}"
        homes = [name for name in ("chat", "model-server") if reference in page(name)]
        (home,) = homes
        assert home == example.name or f"[{home}](../{home})" in page(example.name)


@pytest.mark.parametrize(("name", "app"), [("chat", "chat"), ("model-server", "models")])
def test_an_image_is_pulled_for_the_clouds_machines_tagged_and_pushed(name: str, app: str) -> None:
    (block,) = [lines for lines in bash(page(name)) if any(line.startswith("docker pull") for line in lines)]
    outputs, login, pull, tag, push = block
    assert outputs == f"{app.upper()}=$(pulumi stack output {app} --json)"
    assert login == f'$(jq -r .login <<< "${app.upper()}")'
    *_, platform, source = shlex.split(pull)
    assert platform == "linux/amd64"
    target = f'"$(jq -r .push_target <<< "${app.upper()}")/'
    image = {"chat": "lobe-chat-database:1.143.3", "models": "ollama:0.9.6"}[app]
    assert source.endswith(f"/{image}")
    assert tag == f'docker tag {source} {target}{image}"'
    assert push == f'docker push {target}{image}"'
    for stage in ("dev", "prod"):
        function = run(name, stage).get("alicloud:fc/v3Function:V3Function")
        assert function.inputs["customContainerConfig"]["image"].endswith(f"/{image}")


@pytest.mark.parametrize(
    ("name", "apps"), [("chat", ["chat"]), ("model-server", ["models"]), ("chat-suite", ["chat", "models"])]
)
@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_the_first_up_that_pages_describe_makes_the_registry_and_says_how_to_push(
    name: str, apps: list[str], stage: str, tmp_path: Path
) -> None:
    assert "`enabled: false`" in page(name)
    recording = Stage(name, stage, tmp_path).change(lambda found: [found[app].update(enabled=False) for app in apps])
    assert recording.of_type("qiao:alicloud:Registry")
    for app in apps:
        assert not [r for r in recording.resources if r.name.startswith(f"{app}-")]
        outputs = recording.outputs[app]
        assert outputs["login"].startswith("docker login ")
        assert outputs["login"].endswith(f" {outputs['push_target'].split('/')[0]}")
        assert ("--username=you@example.com" in outputs["login"]) == (stage == "dev")


def _apps(example: Path) -> dict[str, dict[str, Any]]:
    settings = yaml.safe_load((example / "Pulumi.dev.yaml").read_text())
    return dict(settings["config"]["qiao:apps"])
