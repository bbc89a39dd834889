"""Secrets of settings: only encrypted values get in, and from there only secrets get out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from components.errors import UserError
from qiao.plan.recording import Recording, reveal
from qiao.plan.wire import Secret
from stacks.agent_settings import AgentSettings
from stacks.model import Model, holds_secrets
from stacks.region_settings import RegionSettings
from stacks.settings import read
from stacks.stagefile import file_of, load
from tests.stacks.support import ROOT, ZONES, all_in_clear, app, child, config, envs, region, run, run_config

CANARY = "canary-7f3d"
PEM = f"-----BEGIN PRIVATE KEY-----\n{CANARY}-pem\n-----END PRIVATE KEY-----\n"
CHAIN = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


def sealed(name: str) -> dict[str, str]:
    """A value as Pulumi stores it; the name stands for the ciphertext, and says what the clear text is."""
    return {"secure": name}


def clear(value: Any) -> Any:
    """What Pulumi hands to programs: every stored secret decrypted."""
    if isinstance(value, Mapping):
        if set(value) == {"secure"}:
            return PEM if value["secure"] == "pem" else f"{CANARY}-{value['secure']}"
        return {key: clear(item) for key, item in value.items()}
    return [clear(item) for item in value] if isinstance(value, list) else value


KB = {"code": {"path": "app"}, "secret_env": {"KB_KEY": sealed("kb-env")}}
EVERY_SECRET_APP = app(
    image={"context": "app"},
    secret_env={"API_KEY": sealed("env")},
    knowledge_base=KB,
    domain={"name": "a.example.com", "certificate": CHAIN, "private_key": sealed("pem")},
    native={"alerts": {"webhook": sealed("webhook")}},
)
EVERY_SECRET_REGION = region(
    registry={
        "existing": {"endpoint": "cr.example.com", "namespace": "n", "username": "u", "password": sealed("password")}
    },
    logs={"existing": {"log_project": "p", "log_store": "s", "trace_token": sealed("token")}},
    contacts=[{"name": "ann", "email": "ann@example.com"}],
    alerts={
        "rules": [{"name": "errors", "metric": "E", "namespace": "f", "threshold": 0}],
        "log_alarm": {"receivers": ["ann"]},
    },
)


@pytest.fixture(name="project")
def _project(tmp_path: Path) -> Path:
    """A project whose stack file holds a secret in every place that takes one."""
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "Dockerfile").write_text("FROM scratch\n")
    stored = {"qiao:apps": {"agent": EVERY_SECRET_APP}, "qiao:clouds": EVERY_SECRET_REGION}
    file_of(tmp_path, "dev").write_text(yaml.safe_dump({"encryptionsalt": "v1:x", "config": stored}))
    return tmp_path


def decrypted() -> dict[str, str]:
    return config(clear({"agent": EVERY_SECRET_APP}), clear(EVERY_SECRET_REGION))


@pytest.fixture(name="recording", params=[False, True], ids=["up", "preview"])
def _recording(project: Path, request: pytest.FixtureRequest) -> Recording:
    return run_config(decrypted(), stage="dev", project_dir=project, preview=request.param, offline=False)


def test_the_canary_never_shows(recording: Recording) -> None:
    leaks = [(where, text) for where, text in all_in_clear(recording) if CANARY in text]
    assert leaks == []


def test_the_canary_arrives_where_it_is_needed(recording: Recording) -> None:
    """Else the test above would pass for a program that loses its secrets."""
    function = child(recording, "vefaas/function:Function", "agent-function-function")
    assert envs(function)["API_KEY"] == Secret(f"{CANARY}-env")
    knowledge = child(recording, "vefaas/function:Function", "agent-knowledge-base-function")
    assert envs(knowledge)["KB_KEY"] == Secret(f"{CANARY}-kb-env")
    image = recording.get("docker-build:index:Image")
    assert reveal(image.inputs["registries"])[0]["password"] == f"{CANARY}-password"
    rule = child(recording, "cloud_monitor/rule:Rule", "agent-alerts-rule-errors.chat")
    assert rule.inputs["webHook"] == Secret(f"{CANARY}-webhook")
    (certificate,) = [r for r in recording.resources if "privateKey" in r.inputs]
    assert f"{CANARY}-pem" in reveal(certificate.inputs["privateKey"])
    lent = reveal(recording.outputs["foundation_secrets"])["volcengine"]["cn-beijing"]
    assert lent == {"registry_password": f"{CANARY}-password", "trace_token": f"{CANARY}-token"}


def test_every_secret_setting_is_among_the_canaries() -> None:
    def fields(model: type[Model], path: str) -> Iterator[str]:
        for name, field in model.model_fields.items():
            if holds_secrets(field.annotation):
                yield f"{path}.{name}"
            for part in (field.annotation, *get_args(field.annotation)):
                if isinstance(part, type) and issubclass(part, Model):
                    yield from fields(part, f"{path}.{name}")

    def given(value: Any, path: str) -> Iterator[str]:
        if isinstance(value, dict):
            for key, item in value.items():
                yield from (
                    given(item, f"{path}.{key}")
                    if not (isinstance(item, dict) and set(item) == {"secure"})
                    else [path if path.endswith("secret_env") else f"{path}.{key}"]
                )

    wanted = {*fields(AgentSettings, "app"), *fields(RegionSettings, "region")}
    there = {*given(EVERY_SECRET_APP, "app"), *given(EVERY_SECRET_REGION["volcengine"]["cn-beijing"], "region")}
    assert wanted == {path for path in there if ".native." not in path}


def test_offline_placeholders_are_secret_and_not_checked(project: Path) -> None:
    file = load(file_of(project, "dev"))
    recording = run_config(file.config, stage="dev", project_dir=project)
    function = child(recording, "vefaas/function:Function", "agent-function-function")
    stands = [text for text in file.placeholders if text.startswith("[encrypted: qiao:apps.agent.secret_env.API_KEY #")]
    assert [envs(function)["API_KEY"]] == [Secret(text) for text in stands]
    assert [text for _, text in all_in_clear(recording) if "[encrypted" in text] == []
    assert not any("set a secret" in line for line in recording.outputs["checklist"])


def test_errors_name_no_secret(project: Path) -> None:
    """Each wrong in another way, beside secrets that are right."""
    apps = clear({"agent": EVERY_SECRET_APP | {"port": "80", "memory": 1}})
    with pytest.raises(UserError) as caught:
        run_config(config(apps, clear(EVERY_SECRET_REGION)), stage="dev", project_dir=project)
    assert "apps.agent.port" in str(caught.value)
    assert CANARY not in str(caught.value)


CLEAR = [
    ({"secret_env": {"API_KEY": CANARY}}, {}, "apps.agent.secret_env.API_KEY"),
    ({"secret_env": {"A.B": CANARY}}, {}, 'apps.agent.secret_env["A.B"]'),
    ({"secret_env": {"API_KEY": 7}}, {}, "apps.agent.secret_env.API_KEY"),
    ({"domain": {"name": "a.example.com", "private_key": CANARY}}, {}, "apps.agent.domain.private_key"),
    ({"native": {"alerts": {"webhook": CANARY}}}, {}, "apps.agent.native.alerts.webhook"),
    (
        {}, {"registry": {"existing": {"endpoint": "e", "namespace": "n", "password": CANARY}}},
        "clouds.volcengine.cn-beijing.registry.existing.password",
    ),
    (
        {}, {"logs": {"existing": {"log_project": "p", "log_store": "s", "trace_token": CANARY}}},
        "clouds.volcengine.cn-beijing.logs.existing.trace_token",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("agent", "shared", "where"), CLEAR, ids=[case[2] for case in CLEAR])
def test_a_secret_in_clear_is_refused(agent: dict[str, Any], shared: dict[str, Any], where: str) -> None:
    with pytest.raises(UserError) as caught:
        read(config({"agent": app(**agent)}, region(**shared)), "dev", offline=True)
    command = f"take it out and run `pulumi config set --secret --path 'qiao:{where}'`"
    assert str(caught.value) == f"{where}: is a secret in clear; {command}"


MISPLACED = [
    ("apps", ("agent", "port")),
    ("apps", ("agent", "blueprint")),
    ("apps", ("agent", "cloud")),
    ("apps", ("agent", "image")),
    ("apps", ("agent", "env", "A")),
    ("apps", ("agent", "native", "gateway", "type")),
    ("apps", ("agent", "links", 0)),
    ("apps", ("agent", "nonsense")),
    ("apps", ("agent",)),
    ("apps", ()),
    ("clouds", ("volcengine", "cn-beijing", "zones", 0)),
    ("clouds", ("volcengine", "cn-beijing")),
    ("clouds", ("volcengine",)),
    ("tags", ("owner",)),
    ("profile", ("size",)),
]


@pytest.mark.parametrize(("key", "path"), MISPLACED, ids=[".".join(map(str, (k, *p))) for k, p in MISPLACED])
def test_an_encrypted_value_anywhere_else_is_refused(key: str, path: tuple[str | int, ...]) -> None:
    raw: dict[str, Any] = {
        "apps": {"agent": app(port=80, env={"A": "x"}, native={"gateway": {"type": "standard"}}, links=["agent"])},
        "clouds": region(),
        "tags": {"owner": "x"},
        "profile": {"size": "small"},
    }
    place: Any = raw
    for part in (key, *path)[:-1]:
        place = place[part]
    place[(key, *path)[-1]] = CANARY
    values = {f"qiao:{name}": json.dumps(value) for name, value in raw.items()}
    with pytest.raises(UserError) as caught:
        read(values, "dev", secret_paths={(f"qiao:{key}", *path)}, offline=True)
    assert CANARY not in str(caught.value)
    assert str(caught.value).startswith(key) or str(caught.value).startswith(f"qiao.{key}")


UNSET = app(
    secret_env={"API_KEY": None},
    domain={"name": "a.example.com", "certificate": CHAIN},
    knowledge_base={"code": {"path": "app"}, "secret_env": {"KB_KEY": None}},
)


def test_a_secret_that_nobody_set_is_a_line_in_the_plan() -> None:
    recording = run(
        {"agent": UNSET}, region(registry={"existing": {"endpoint": "e", "namespace": "n", "username": "u"}})
    )
    assert [line for line in recording.outputs["checklist"] if "set a secret" in line] == [
        "set a secret: pulumi config set --secret --path 'qiao:apps.agent.secret_env.API_KEY'",
        "set a secret: pulumi config set --secret --path 'qiao:apps.agent.knowledge_base.secret_env.KB_KEY'",
        "set a secret: pulumi config set --secret --path 'qiao:apps.agent.domain.private_key'",
        "set a secret: pulumi config set --secret --path "
        "'qiao:clouds.volcengine.cn-beijing.registry.existing.password'",
    ]
    function = child(recording, "vefaas/function:Function", "agent-function-function")
    assert isinstance(envs(function)["API_KEY"], Secret)


def test_a_secret_that_nobody_set_stops_preview_and_up() -> None:
    with pytest.raises(UserError) as caught:
        run({"agent": UNSET}, region(), offline=False)
    assert str(caught.value).splitlines() == [
        f"apps.agent.{path}: is not set; run `pulumi config set --secret --path 'qiao:apps.agent.{path}'`"
        for path in ("secret_env.API_KEY", "knowledge_base.secret_env.KB_KEY", "domain.private_key")
    ]


def test_a_known_key_must_be_pem(project: Path) -> None:
    apps = clear({"agent": EVERY_SECRET_APP})
    apps["agent"]["domain"]["private_key"] = f"{CANARY} is no key"
    with pytest.raises(UserError, match=r"apps.agent.domain.private_key: is not PEM; ") as caught:
        run_config(config(apps, clear(EVERY_SECRET_REGION)), stage="dev", project_dir=project)
    assert CANARY not in str(caught.value)


def test_encrypted_settings_without_their_file_are_refused(tmp_path: Path) -> None:
    """`--config-file`, or settings set by a program: what is secret in them cannot be told."""
    from qiao.plan.recorder import record
    from stacks.program import deploy

    with pytest.raises(UserError) as caught:
        record(lambda: deploy(tmp_path), config=decrypted(), secret_keys=["qiao:apps"])
    what = "holds encrypted values that no stack file names"
    assert str(caught.value) == f"qiao:apps: {what}; keep the settings in Pulumi.dev.yaml"


def test_two_zones_are_not_a_secret() -> None:
    """The helper that looks for leaks does look at what is in clear."""
    texts = [text for _, text in all_in_clear(run())]
    assert ZONES[0] in texts
    assert str(ROOT) not in texts
