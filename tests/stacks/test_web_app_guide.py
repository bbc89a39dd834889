"""The guide's Express application and its gray release, step by step: what it configures, as resource and value.

The classic API gateway that the guide's first listing uses is closed; the second one, a function's own address, is what
stands here. `traffic` is `release.weight`, `publish` is what every changed code does, and `$DEFAULT` the alias `live`.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from qiao.cli import main
from qiao.plan.recording import Recording, reveal
from tests.stacks.chat_support import waits_for
from tests.stacks.support import ROOT, run_file, write_stage
from tests.stacks.web_app_support import Bench, CloudWords, every_cloud, function, lay_out, own_addresses, shared, web

every_stage = pytest.mark.parametrize("stage", ["prod", "testing", "dev", "feature1"])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def archived(recording: Recording, words: CloudWords) -> list[str]:
    """The files in the archive of the code."""
    source = recording.get(words.archive).inputs["source"]
    with zipfile.ZipFile(Path.cwd() / source["path"] if isinstance(source, dict) else source) as packed:
        return sorted(packed.namelist())


@every_cloud
@every_stage
def test_function_name_is_name_stage_app(words: CloudWords, stage: str, bench: Bench) -> None:
    recording = bench.run(words, stage=stage)
    name = function(recording, words).inputs[words.name]
    assert name == f"qiao-{stage}-web" == recording.outputs["web"]["function_name"]


@every_cloud
def test_region_is_the_settings_own(words: CloudWords, bench: Bench) -> None:
    recording = bench.run(words)
    provider = recording.get(f"pulumi:providers:{words.cloud}")
    assert provider.inputs["region"] == words.region
    assert function(recording, words).provider.startswith(provider.urn)


@every_cloud
def test_src_excludes_env_files(words: CloudWords, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bench.folder)
    (bench.folder / "app" / ".env").write_text("TENCENT_SECRET_KEY=a-secret")
    (bench.folder / "app" / ".env.production").write_text("STAGE=prod")
    names = archived(bench.run(words), words)
    assert {"run.sh", "server.js", "package.json"} <= set(names)
    assert not [name for name in names if ".env" in name]


@every_cloud
def test_keys_come_from_the_environment_and_stand_nowhere(
    words: CloudWords, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY", "ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY"):
        monkeypatch.setenv(name, "key-of-the-environment")
    recording = bench.run(words)
    assert "key-of-the-environment" not in repr([(r.inputs, r.outputs) for r in recording.resources])


@every_cloud
@every_stage
def test_extranet_without_authentication_on_the_default_qualifier(words: CloudWords, stage: str, bench: Bench) -> None:
    recording = bench.run(words, stage=stage)
    (address,) = own_addresses(recording, words)
    assert words.open_address(address.inputs) == (True, True)
    assert words.address_names(address.inputs)[1] == "live"
    assert waits_for(recording, address, function(recording, words))
    assert str(recording.outputs["web"]["url"]).startswith("https://")


@every_cloud
@every_stage
def test_what_a_deployment_answers(words: CloudWords, stage: str, bench: Bench) -> None:
    """The guide: region, url, functionName, runtime, namespace, lastVersion, traffic."""
    recording = bench.run(words, stage=stage)
    outputs = recording.outputs["web"]
    assert outputs["region"] == words.region
    assert outputs["url"]
    assert outputs["last_version"] == outputs["version"]
    assert outputs["traffic"] == 1
    assert "signing_key" not in outputs


@every_cloud
def test_stages_share_nothing_but_what_they_borrow(
    words: CloudWords, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out(tmp_path)
    (tmp_path / "Pulumi.yaml").write_text("name: qiao\nruntime: python\n")
    write_stage(tmp_path, {"web": web(words, release={"weight": 100})}, shared(words))
    assert main(["stage", "new", "feature1", "--from", "dev", "--project", str(tmp_path)]) == 0
    assert "left out apps.web.release: a function's first release is a whole one" in capsys.readouterr().out
    dev, feature = run_file(tmp_path, "dev"), run_file(tmp_path, "feature1")
    assert function(feature, words).inputs[words.name] == "qiao-feature1-web"
    named = {reveal(r.inputs.get(words.name)) for r in (*dev.of_type(words.function), *feature.of_type(words.function))}
    assert named == {"qiao-dev-web", "qiao-feature1-web"}
    assert not feature.of_type(f"qiao:{words.cloud}:Network"), "it stands in dev's"
    assert feature.get("pulumi:pulumi:StackReference").inputs["name"].endswith("/dev")


def test_the_closed_gateway_is_named_nowhere() -> None:
    for path in (ROOT / "stacks").glob("web_app*.py"):
        text = path.read_text(encoding="utf-8").lower()
        assert "apigateway" not in text
        assert "apigw" not in text


STEPS: list[tuple[str, dict[str, Any], float]] = [
    ("scf deploy", {}, 1),
    ("traffic=0", {"release": {"weight": 0}}, 0),
    ("traffic=0.1", {"release": {"weight": 10}}, 0.1),
    ("traffic=1.0", {"release": {"weight": 100}}, 1),
    ("roll back", {"release": {"revision": 1}}, 0),
]


@every_cloud
@pytest.mark.parametrize(("step", "settings", "traffic"), STEPS, ids=[step[0] for step in STEPS])
def test_gray_release(words: CloudWords, step: str, settings: dict[str, Any], traffic: float, bench: Bench) -> None:
    recording = bench.run(words, stage="prod", **settings)
    release = settings.get("release", {})
    history = recording.get(f"{words.gap}ReleaseHistory").inputs
    assert history["weight"] == release.get("weight", 100)
    assert history.get("revision") == release.get("revision")
    assert recording.outputs["web"]["traffic"] == traffic
    assert recording.get(words.version).retain_on_delete, "a version is a label that calls can go back to"
