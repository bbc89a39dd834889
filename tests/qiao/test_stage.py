"""`qiao stage new`: what a feature stage's file keeps of the one it begins from, what it must not, what is refused."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from components import CLOUDS
from components.errors import UserError
from qiao import stage as stage_module
from qiao.cli import main
from qiao.plan.evaluate import evaluate
from qiao.stage import new_stage
from stacks.stagefile import load

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/Pulumi.yaml"))
FUNCTIONS = {
    "volcengine:vefaas/function:Function": ("name", "tlsConfig", "tlsTopicId"),
    "alicloud:fc/v3Function:V3Function": ("functionName", "logConfig", "logstore"),
}
"""Functions' types: where their name, and the store of their logs, stand."""

DEV = """\
# The development stage.
encryptionsalt: v1:SALT
config:
  # Of another program.
  other:thing:
    token:
      secure: CIPHER-0
    kept: 1
  other:whole:
    secure: CIPHER-1
  # What is shared.
  qiao:clouds:
    volcengine:
      cn-beijing:
        # Two zones that the account has.
        zones: [cn-beijing-a, cn-beijing-b]
        # Pushes come from the office.
        registry:
          public_cidrs: [203.0.113.0/24]
        logs: {retention_days: 30}
        # Whom to call.
        contacts:
          - {name: on-call, email: on-call@example.com}
  # What runs.
  qiao:apps:
    agent:
      blueprint: agent
      cloud: volcengine
      region: cn-beijing
      image: registry.example.com/team/agent:1.0 # pinned
      env:
        GREETING: "hello"
      secret_env:
        # Of the search service.
        SEARCH_KEY:
          secure: CIPHER-2
        # Of the mail service.
        MAIL_KEY: {secure: CIPHER-3}
        NEVER_SET:
      # Ours alone.
      domain:
        name: chat.example.com
        certificate: |
          -----BEGIN CERTIFICATE-----
          MIIB
          -----END CERTIFICATE-----
        private_key:
          secure: CIPHER-4
      # A tenth at first.
      release: {weight: 10}
      # Room for long chats.
      memory_mb: 2048
"""
SECRETS = [
    "other:thing.token", "other:whole", "qiao:apps.agent.secret_env.SEARCH_KEY", "qiao:apps.agent.secret_env.MAIL_KEY",
    "qiao:apps.agent.secret_env.NEVER_SET",
]  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "Pulumi.yaml").write_text("name: acme\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text(DEV)
    return tmp_path


def made(project: Path, name: str = "feature-x", source: str = "dev") -> dict[str, Any]:
    """The new stage's document."""
    new_stage(project, name, source)
    document: dict[str, Any] = YAML(typ="safe").load((project / f"Pulumi.{name}.yaml").read_text())
    return document


def change(project: Path, old: str, new: str) -> None:
    """Change dev's file in one place."""
    assert DEV.count(old) == 1
    (project / "Pulumi.dev.yaml").write_text(DEV.replace(old, new))


def files(project: Path) -> dict[str, str]:
    """Everything in a project, hidden things too."""
    return {str(p.relative_to(project)): p.read_text() if p.is_file() else "" for p in project.rglob("*")}


def test_the_foundation_is_borrowed_and_the_application_kept(project: Path) -> None:
    config = made(project)["config"]
    assert config["qiao:clouds"] == {
        "volcengine": {"cn-beijing": {"zones": ["cn-beijing-a", "cn-beijing-b"], "from": "dev"}}
    }
    assert config["qiao:apps"]["agent"] == {
        "blueprint": "agent", "cloud": "volcengine", "region": "cn-beijing",
        "image": "registry.example.com/team/agent:1.0", "env": {"GREETING": "hello"},
        "secret_env": {"SEARCH_KEY": None, "MAIL_KEY": None, "NEVER_SET": None}, "memory_mb": 2048,
    }  # fmt: skip
    assert config["other:thing"] == {"token": None, "kept": 1}


def test_nothing_encrypted_is_copied(project: Path) -> None:
    document = made(project)
    text = (project / "Pulumi.feature-x.yaml").read_text()
    assert set(document) == {"config"}
    assert "other:whole" not in document["config"]
    for word in ("secure", "CIPHER", "SALT", "encryption", "BEGIN CERTIFICATE"):
        assert word not in text
    assert load(project / "Pulumi.feature-x.yaml").secret_paths == frozenset()


def test_keys_of_a_secrets_provider_are_not_copied(project: Path) -> None:
    change(project, "encryptionsalt: v1:SALT\n", "secretsprovider: awskms://k\nencryptedkey: CIPHER-5\n")
    assert set(made(project)) == {"config"}


def test_comments_stay_with_what_they_are_about(project: Path) -> None:
    new_stage(project, "feature-x", "dev")
    lines = [line.strip() for line in (project / "Pulumi.feature-x.yaml").read_text().splitlines()]

    def below(comment: str) -> str:
        return lines[lines.index(comment) + 1]

    assert lines[0] == "# The development stage."
    assert below("# Of another program.") == "other:thing:"
    assert below("# What is shared.") == "qiao:clouds:"
    assert below("# Two zones that the account has.") == "zones: [cn-beijing-a, cn-beijing-b]"
    assert below("# What runs.") == "qiao:apps:"
    assert "image: registry.example.com/team/agent:1.0 # pinned" in lines
    assert 'GREETING: "hello"' in lines
    assert below("# Of the search service.") == "SEARCH_KEY:"
    assert below("# Of the mail service.") == "MAIL_KEY:"
    assert below("# Room for long chats.") == "memory_mb: 2048"
    gone = {"# Pushes come from the office.", "# Whom to call.", "# Ours alone.", "# A tenth at first."}
    assert not gone & set(lines)


def test_a_comment_survives_the_key_before_it_that_is_left_out(project: Path) -> None:
    change(
        project, "        # Two zones that the account has.\n",
        "        cidr: 10.1.0.0/16\n        # Two zones that the account has.\n",
    )  # fmt: skip
    new_stage(project, "feature-x", "dev")
    text = (project / "Pulumi.feature-x.yaml").read_text()
    assert "cidr" not in text
    assert "# Two zones that the account has.\n        zones: [cn-beijing-a, cn-beijing-b]\n" in text


def test_it_is_told_what_is_left_out_and_what_to_set(project: Path) -> None:
    place = "clouds.volcengine.cn-beijing"
    assert new_stage(project, "feature-x", "dev") == [
        "wrote Pulumi.feature-x.yaml, on the network, registry and logs of stage dev",
        f"left out {place}.registry: stage dev has it",
        f"left out {place}.logs: stage dev has it",
        f"left out {place}.contacts: stage dev has it",
        "left out apps.agent.domain: one stage serves a domain",
        "left out apps.agent.release: a function's first release is a whole one",
        "next: pulumi stack init feature-x",
        *(f"next: pulumi config set --stack feature-x --secret --path '{path}'" for path in SECRETS),
    ]


def test_every_secret_left_empty_that_is_needed_is_in_the_plan_too(project: Path) -> None:
    new_stage(project, "feature-x", "dev")
    plan = evaluate(project, "feature-x")
    lines = {line for line in plan.checklist if line.startswith("set a secret:")}
    assert lines == {f"set a secret: pulumi config set --secret --path '{path}'" for path in SECRETS[2:]}


@pytest.mark.parametrize("weight", ["{weight: 10}", "{weight: 100, revision: 4}", "{force: true}"])
def test_a_first_release_is_whole(project: Path, weight: str) -> None:
    change(project, "release: {weight: 10}", f"release: {weight}")
    new_stage(project, "feature-x", "dev")
    release = evaluate(project, "feature-x").recording.get("volcengine:vefaas/release:Release")
    assert (release.inputs["targetTrafficWeight"], release.inputs["revisionNumber"]) == (100, 0)
    guard = evaluate(project, "feature-x").recording.get("pulumi-python:dynamic/volcengine:ReleaseGuard")
    assert (guard.inputs["weight"], guard.inputs["force"], guard.inputs.get("revision")) == (100, False, None)


@pytest.mark.parametrize("folder", [ROOT, *EXAMPLES], ids=lambda path: path.name)
def test_a_feature_stage_of_every_project_of_ours_is_sound(folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder / "examples" if folder == ROOT else folder, copy, symlinks=True)
    for path in (*folder.glob("Pulumi*.yaml"),):
        shutil.copy(path, copy / path.name)
    if folder == ROOT:
        # Its settings name folders of the whole checkout.
        (copy / "examples").symlink_to(ROOT / "examples")
    new_stage(copy, "feature-x", "dev")
    plan = evaluate(copy, "feature-x")
    assert plan.findings == ()
    assert {r.type for r in plan.recording.resources} & {
        *(f"qiao:{cloud}:{concept}" for cloud in CLOUDS for concept in ("Network", "Registry", "Observability")),
        "volcengine:vpc/vpc:Vpc", "volcengine:cr/registry:Registry", "volcengine:tls/project:Project",
        "alicloud:vpc/network:Network", "alicloud:cr/namespace:Namespace", "alicloud:log/project:Project",
    } == set()  # fmt: skip
    lender = plan.recording.get("pulumi:pulumi:StackReference")
    assert lender.inputs["name"] == f"organization/{plan.project}/dev"
    functions = [r for r in plan.recording.resources if r.type in FUNCTIONS]
    assert functions
    for function in functions:
        name, logs, topic = FUNCTIONS[function.type]
        place = lender_place(copy)
        assert function.inputs[name].startswith(f"{plan.project}-feature-x-")
        if "vpcConfig" in function.inputs:  # a web application may stand outside the network
            assert function.inputs["vpcConfig"]["vpcId"] == f"vpc-of-{place}"
        assert function.inputs[logs][topic] == f"log-store-of-{place}"
    assert not [r for r in plan.recording.resources if r.protect]


def test_gateways_of_a_feature_of_the_suite_answer_any_host_by_one_domain(tmp_path: Path) -> None:
    """Its dev stage has one such gateway; the chat loses its domain, which one stage serves. An account has it once."""
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "examples" / "chat-suite", copy, symlinks=True)
    new_stage(copy, "feature-x", "dev")
    recording = evaluate(copy, "feature-x").recording
    found = recording.of_type("pulumi-python:dynamic/alicloud:AnyHostDomain")
    assert {domain.name for domain in found} == {"agent-gateway-any-host", "chat-gateway-any-host"}
    assert len({domain.outputs["domain_id"] for domain in found}) == 1
    assert not recording.of_type("alicloud:apig/domain:Domain")


def lender_place(project: Path) -> str:
    """The one cloud and region of a project's stages."""
    clouds = YAML(typ="safe").load((project / "Pulumi.dev.yaml").read_text())["config"]["qiao:clouds"]
    ((cloud, regions),) = clouds.items()
    (region,) = regions
    return f"{cloud}-{region}"


def test_a_stage_that_borrows_lends_its_lender(project: Path) -> None:
    new_stage(project, "feature-x", "dev")
    lines = new_stage(project, "feature-y", "feature-x")
    assert lines[0] == "wrote Pulumi.feature-y.yaml, on the network, registry and logs of stage dev"
    assert not [line for line in lines if line.startswith("left out")]
    region = YAML(typ="safe").load((project / "Pulumi.feature-y.yaml").read_text())["config"]["qiao:clouds"]
    assert region["volcengine"]["cn-beijing"] == {"zones": ["cn-beijing-a", "cn-beijing-b"], "from": "dev"}


def test_zones_of_a_network_that_was_there_are_those_of_its_subnets(project: Path) -> None:
    network = "network: {vpc_id: vpc-1, subnet_ids: {cn-beijing-b: s-1, cn-beijing-c: s-2}, security_group_id: sg-1}"
    change(project, "zones: [cn-beijing-a, cn-beijing-b]", network)
    shared = made(project)["config"]["qiao:clouds"]["volcengine"]["cn-beijing"]
    assert shared == {"zones": ["cn-beijing-b", "cn-beijing-c"], "from": "dev"}


@pytest.mark.parametrize(
    ("name", "source", "error"),
    [
        ("Feature", "dev", "stage: 'Feature' is not valid; use lower-case letters"),
        ("feature_x", "dev", "stage: 'feature_x' is not valid; use lower-case letters"),
        ("../feature", "dev", "stage: '../feature' is not valid; use lower-case letters"),
        ("x" * 33, "dev", "stage: 'x"),
        ("", "dev", "stage: '' is not valid; use lower-case letters"),
        ("prod", "dev", "stage: prod must not stand on another stage's network; write Pulumi.prod.yaml by hand"),
        ("dev", "dev", "stage: dev cannot borrow from itself; name another stage to begin from"),
        ("here", "dev", "Pulumi.here.yaml: is there already; choose another name, or remove the file"),
        ("feature-x", "nowhere", "Pulumi.nowhere.yaml: there is no such file; stages here: dev, here;"),
        ("feature-x", "../dev", "stage: '../dev' is not valid; use lower-case letters"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(project: Path, name: str, source: str, error: str) -> None:
    (project / "Pulumi.here.yaml").write_text("config: {}\n")
    before = files(project)
    with pytest.raises(UserError) as caught:
        new_stage(project, name, source)
    assert str(caught.value).startswith(error)
    assert files(project) == before


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("memory_mb: 2048", "memory_mb: lots", "apps.agent.memory_mb: must be a whole number"),
        (
            "SEARCH_KEY:\n          secure: CIPHER-2",
            "SEARCH_KEY: hush",
            "apps.agent.secret_env.SEARCH_KEY: is a secret",
        ),
        ("config:\n", "config: [\n", "Pulumi.dev.yaml: is not YAML"),
    ],
)
def test_a_source_with_mistakes_is_refused(project: Path, old: str, new: str, error: str) -> None:
    change(project, old, new)
    before = files(project)
    with pytest.raises(UserError) as caught:
        new_stage(project, "feature-x", "dev")
    assert str(caught.value).startswith(error)
    assert "hush" not in str(caught.value)
    assert files(project) == before


def test_what_is_merged_from_another_application_is_emptied_with_it(project: Path) -> None:
    text = DEV.replace("    agent:\n", "    agent: &agent\n") + "    second:\n      <<: *agent\n      memory_mb: 1024\n"
    (project / "Pulumi.dev.yaml").write_text(text)
    lines = new_stage(project, "feature-x", "dev")
    apps = YAML(typ="safe").load((project / "Pulumi.feature-x.yaml").read_text())["config"]["qiao:apps"]
    assert apps["second"] == apps["agent"] | {"memory_mb": 1024}
    assert not {"release", "domain"} & set(apps["second"])
    command = "next: pulumi config set --stack feature-x --secret --path"
    assert f"{command} 'qiao:apps.second.secret_env.SEARCH_KEY'" in lines


def test_settings_in_braces_are_cut_there(project: Path) -> None:
    text = """\
config:
  qiao:clouds: {volcengine: {cn-beijing: {zones: [cn-beijing-a, cn-beijing-b], egress: true}}} # shared
  qiao:apps:
    agent: {blueprint: agent, release: {weight: 10}, cloud: volcengine,
      secret_env: {A: {secure: CIPHER}, B: {secure: CIPHER}}, region: cn-beijing,
      image: "r.example.com/a:1", domain: {name: a.example.com, certificate_id: c}}
"""
    (project / "Pulumi.dev.yaml").write_text(text)
    config = made(project)["config"]
    assert config["qiao:clouds"] == {
        "volcengine": {"cn-beijing": {"zones": ["cn-beijing-a", "cn-beijing-b"], "from": "dev"}}
    }
    assert config["qiao:apps"]["agent"] == {
        "blueprint": "agent", "cloud": "volcengine", "secret_env": {"A": None, "B": None}, "region": "cn-beijing",
        "image": "r.example.com/a:1",
    }  # fmt: skip
    assert "# shared" in (project / "Pulumi.feature-x.yaml").read_text()


def test_two_neighbours_in_braces_go_together(project: Path) -> None:
    other = """\
    other: {blueprint: agent, cloud: volcengine, region: cn-beijing, image: "r.example.com/a:1",
      domain: {name: b.example.com, certificate_id: c}, release: {weight: 10}}
"""
    change(project, "    agent:\n", other + "    agent:\n")
    kept = made(project)["config"]["qiao:apps"]["other"]
    assert set(kept) == {"blueprint", "cloud", "region", "image"}


def test_everything_that_stays_is_spelt_as_it_was(project: Path) -> None:
    new_stage(project, "feature-x", "dev")
    old, new = DEV.splitlines(), (project / "Pulumi.feature-x.yaml").read_text().splitlines()
    added = [line for line in new if line not in old]
    assert added == ["        from: dev", "        MAIL_KEY:"]
    assert [line for line in old if line in new] == [line for line in new if line not in added]


def test_a_second_application_by_alias_is_emptied_too(project: Path) -> None:
    text = DEV.replace("    agent:\n", "    agent: &agent\n") + "    second: *agent\n"
    (project / "Pulumi.dev.yaml").write_text(text)
    apps = made(project)["config"]["qiao:apps"]
    assert apps["second"] == apps["agent"]
    assert apps["second"]["secret_env"]["SEARCH_KEY"] is None


@pytest.mark.parametrize("step", ["load", "_put"])
def test_a_failure_half_way_leaves_nothing(project: Path, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real, before = getattr(stage_module, step), files(project)

    def breaks(path: Path, *rest: Any) -> Any:
        if path.name == "Pulumi.feature-x.yaml":
            raise OSError(28, "No space left on device")
        return real(path, *rest)

    monkeypatch.setattr(stage_module, step, breaks)
    with pytest.raises(OSError, match="No space left"):
        new_stage(project, "feature-x", "dev")
    assert files(project) == before


def test_a_file_that_appears_meanwhile_is_not_written_over(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put, target = stage_module._put, project / "Pulumi.feature-x.yaml"

    def late(made_file: Path, wanted: Path) -> None:
        target.write_text("somebody else's\n")
        put(made_file, wanted)

    monkeypatch.setattr(stage_module, "_put", late)
    with pytest.raises(UserError, match=r"Pulumi\.feature-x\.yaml: is there already"):
        new_stage(project, "feature-x", "dev")
    assert files(project) == {
        "Pulumi.yaml": "name: acme\nruntime: python\n", "Pulumi.dev.yaml": DEV, target.name: "somebody else's\n",
    }  # fmt: skip


def test_a_file_system_without_links_will_do(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert made(project)["config"]["qiao:apps"]["agent"]["memory_mb"] == 2048
    assert set(files(project)) == {"Pulumi.yaml", "Pulumi.dev.yaml", "Pulumi.feature-x.yaml"}


def test_a_new_file_can_be_read_by_whoever_could_read_the_old_one(project: Path) -> None:
    new_stage(project, "feature-x", "dev")
    modes: Mapping[str, int] = {
        name: (project / name).stat().st_mode & 0o777 for name in ("Pulumi.dev.yaml", "Pulumi.feature-x.yaml")
    }
    assert modes["Pulumi.feature-x.yaml"] == modes["Pulumi.dev.yaml"]


def test_the_command_writes_the_stage_and_plans_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--project", str(project)]
    assert main(["stage", "new", "feature-x", "--from", "dev", *where]) == 0
    told = capsys.readouterr()
    assert told.err == ""
    assert told.out.splitlines()[-1] == f"next: pulumi config set --stack feature-x --secret --path '{SECRETS[-1]}'"
    assert main(["plan", "feature-x", *where]) == 0
    assert capsys.readouterr().out.startswith("acme, stage feature-x, planned offline\n")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["dev", "--from", "dev"], "qiao: stage: dev cannot borrow from itself"),
        (["Bad_Name", "--from", "dev"], "qiao: stage: 'Bad_Name' is not valid"),
        (["feature-x", "--from", "gone"], "qiao: Pulumi.gone.yaml: there is no such file; stages here: dev;"),
    ],
)
def test_the_command_says_a_mistake_in_one_line(
    project: Path, arguments: list[str], error: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["stage", "new", *arguments, "--project", str(project)]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith(error)
    assert told.err.count("\n") == 1
