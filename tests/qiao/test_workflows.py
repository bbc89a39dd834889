"""Workflows: linted by real linters, their scripts run, their commands there, their secrets where they belong."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from qiao.bootstrap import MAIN_LOCK, ROOT
from qiao.cli import main
from qiao.plan.evaluate import evaluate
from stacks.stagefile import stages
from tests.qiao.test_locks import packages
from tests.qiao.workflow_support import FILES, FOLDER, QIAO, Runner, filled, parsed, script, steps

DEPLOY = FOLDER / "deploy.yml"
TOKEN = "token-of-this-run"
every_file = pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    (tmp_path / "machine").mkdir()
    return Runner(tmp_path / "machine")


@pytest.fixture(name="deploy", scope="module")
def _deploy() -> dict[str, Any]:
    return parsed(DEPLOY)


# Linters


def schema(path: Path) -> subprocess.CompletedProcess[str]:
    """GitHub's own schema of workflows, as the linter carries it."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def zizmor(path: Path) -> subprocess.CompletedProcess[str]:
    """What a linter finds that looks for holes; it asks nobody."""
    program = Path(sysconfig.get_path("scripts")) / "zizmor"
    command = [str(program), "--offline", "--no-progress", "--persona=pedantic", "--format=plain", str(path)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@every_file
def test_it_is_a_workflow(path: Path) -> None:
    ran = schema(path)
    assert ran.returncode == 0, ran.stdout


@every_file
def test_no_hole_is_found_in_it(path: Path) -> None:
    ran = zizmor(path)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("runs-on: ubuntu-24.04", "runs_on: ubuntu-24.04"),
        ("timeout-minutes: 15", "timeout-minutes: soon"),
        ("steps:", "stages:"),
    ],
)
def test_the_schema_notices_what_is_no_workflow(old: str, new: str, tmp_path: Path) -> None:
    assert old in DEPLOY.read_text()
    (tmp_path / "deploy.yml").write_text(DEPLOY.read_text().replace(old, new, 1))
    assert schema(tmp_path / "deploy.yml").returncode == 1


@pytest.mark.parametrize(
    ("old", "new", "audit"),
    [
        ("@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1", "@v7", "unpinned-uses"),
        ('case "$BRANCH" in', 'case "${{ github.ref_name }}" in', "template-injection"),
        ("permissions: {}", "permissions: write-all", "excessive-permissions"),
    ],
)
def test_the_linter_notices_a_hole(old: str, new: str, audit: str, tmp_path: Path) -> None:
    assert old in DEPLOY.read_text()
    folder = tmp_path / ".github" / "workflows"
    folder.mkdir(parents=True)
    (folder / "deploy.yml").write_text(DEPLOY.read_text().replace(old, new, 1))
    ran = zizmor(folder / "deploy.yml")
    assert ran.returncode != 0
    assert audit in ran.stdout


# What holds for all


@every_file
def test_actions_are_pinned_by_commit_and_say_which_version_that_is(path: Path) -> None:
    for line in re.findall(r"uses: *(.*)", path.read_text()):
        assert re.fullmatch(r"[\w-]+/[\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)+", line), line


@every_file
def test_a_checkout_leaves_no_credentials_to_later_steps(path: Path) -> None:
    for _, step in steps(parsed(path)):
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {"persist-credentials": False}


@every_file
def test_jobs_end_by_themselves_and_may_do_nothing_that_they_do_not_say(path: Path) -> None:
    workflow = parsed(path)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert 0 < job["timeout-minutes"] <= 60
        assert "permissions" in job
    assert "pull_request_target" not in workflow["on"]


@every_file
def test_commands_of_ours_exist_with_all_their_options(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [line.strip() for _, step in steps(parsed(path)) for line in step.get("run", "").splitlines()]
    asked = [found for line in lines for found in re.findall(r"python3 -m qiao ([^;|&]*)", line)]
    for command in asked:
        words = shlex.split(command)
        names = words[: 2 if words[0] == "stage" else 1]
        assert main([*names, "--help"]) == 0
        known = capsys.readouterr().out
        for option in (word for word in words if word.startswith("--")):
            assert option in known, command
    assert asked or path != DEPLOY


# The guide's deployment


def test_a_push_to_dev_tests_and_then_brings_its_stage_up(deploy: dict[str, Any]) -> None:
    assert set(deploy["on"]) == {"push"}
    assert "dev" in deploy["on"]["push"]["branches"]
    test, up = deploy["jobs"]["test"], deploy["jobs"]["deploy"]
    assert up["needs"] == ["test"]
    assert [step["name"] for step in test["steps"]][-2:] == ["install", "unit test"]
    names = [step["name"] for step in up["steps"]]
    assert names.index("build") < names.index("plan") < names.index("deploy")
    assert script(deploy, "deploy").rstrip().endswith('python3 -m qiao up "$STAGE" --yes --project "$PROJECT"')


def test_what_it_deploys_is_there_with_a_stage_for_each_branch(deploy: dict[str, Any]) -> None:
    project, app = ROOT / deploy["env"]["PROJECT"], ROOT / deploy["env"]["APP"]
    assert set(stages(project)) == {"dev", "testing", "prod"}
    scripts = json.loads((app / "package.json").read_text())["scripts"]
    asked = {
        words[3] if words[3] != "ci" else None
        for _, step in steps(deploy)
        if (words := shlex.split(step.get("run", "").splitlines()[0] if step.get("run") else "")) and words[0] == "npm"
    }
    assert asked - {None} <= set(scripts)
    assert (app / "package-lock.json").is_file(), "`npm ci` wants one"


@pytest.mark.parametrize(
    ("branch", "stage", "environment"),
    [
        ("master", "prod", "prod"), ("main", "prod", "prod"), ("testing", "testing", "testing"), ("dev", "dev", "dev"),
        ("feature/search", "feature-search", "feature"), ("feature-search", "feature-search", "feature"),
        ("feature/new-search-2", "feature-new-search-2", "feature"), ("hotfix/login", "hotfix-login", "hotfix"),
        ("hotfix-42", "hotfix-42", "hotfix"),
    ],
)  # fmt: skip
def test_a_branch_has_a_stage(
    deploy: dict[str, Any], runner: Runner, branch: str, stage: str, environment: str
) -> None:
    ran = runner.run(script(deploy, "choose the stage"), BRANCH=branch)
    assert (ran.status, ran.out) == (0, "")
    assert ran.outputs == {"stage": stage, "environment": environment}


@pytest.mark.parametrize(
    "branch",
    [
        "feature/", "feature-", "feature/Search", "feature/a_b", "feature/a/b", "feature/a--b", "feature/a-",
        "feature/" + "a" * 25, "features/a", "dependabot/npm/x", "prod", "", "feature/$(touch ran)", "feature/a b",
        "feature/a\nstage=prod", "hotfix",
    ],
)  # fmt: skip
def test_a_branch_that_makes_no_stage_stops_the_run(
    deploy: dict[str, Any], runner: Runner, branch: str, tmp_path: Path
) -> None:
    ran = runner.run(script(deploy, "choose the stage"), cwd=tmp_path, BRANCH=branch)
    assert ran.status == 1
    assert "::error::" in ran.out
    assert ran.outputs == {}
    assert not list(tmp_path.glob("ran"))


def test_only_branches_with_a_stage_start_it(deploy: dict[str, Any]) -> None:
    patterns = deploy["on"]["push"]["branches"]
    assert set(patterns) == {
        "master", "main", "testing", "dev", "feature/**", "feature-**", "hotfix/**", "hotfix-**",
    }  # fmt: skip


@pytest.mark.parametrize(("stage", "lender"), [("feature-search", "dev"), ("hotfix-login", "testing")])
def test_a_branch_without_settings_of_its_own_gets_them(
    deploy: dict[str, Any], runner: Runner, stage: str, lender: str, tmp_path: Path
) -> None:
    project = shutil.copytree(ROOT / deploy["env"]["PROJECT"], tmp_path / "project", symlinks=True)
    runner.add("python3", QIAO)
    making = script(deploy, "make the stage's settings where the branch has none")
    ran = runner.run(making, STAGE=stage, PROJECT=str(project))
    assert ran.status == 0, ran.out
    text = (project / f"Pulumi.{stage}.yaml").read_text()
    assert f"from: {lender}" in text
    plan = evaluate(project, stage)
    assert plan.exit_status == 0
    assert plan.recording.outputs["web"]["function_name"] == f"web-express-{stage}-web"
    again = runner.run(making, STAGE=stage, PROJECT=str(project))
    assert (again.status, again.out) == (0, "")
    assert (project / f"Pulumi.{stage}.yaml").read_text() == text


def test_a_stage_of_everybodys_is_never_made_up(deploy: dict[str, Any], runner: Runner, tmp_path: Path) -> None:
    runner.tells("python3")
    for stage in ("prod", "testing", "dev"):
        ran = runner.run(
            script(deploy, "make the stage's settings where the branch has none"), STAGE=stage, PROJECT=str(tmp_path)
        )
        assert (ran.status, ran.calls) == (1, ())
        assert "::error::there is no" in ran.out


def test_stages_go_one_at_a_time_and_are_never_cut_short(deploy: dict[str, Any]) -> None:
    job = deploy["jobs"]["deploy"]
    assert job["concurrency"] == {
        "group": "deploy-stage-${{ needs.test.outputs.stage }}", "cancel-in-progress": False,
    }  # fmt: skip
    assert deploy["concurrency"]["cancel-in-progress"] is False
    assert deploy["concurrency"]["group"] != job["concurrency"]["group"], "a job would wait for its own run"
    assert job["environment"] == "${{ needs.test.outputs.environment }}"


def test_nothing_happens_before_the_repository_is_told_where_the_state_lies(deploy: dict[str, Any]) -> None:
    assert deploy["jobs"]["test"]["if"] == "vars.PULUMI_BACKEND_URL != ''"


# Credentials


def test_secrets_reach_one_step_of_a_job_with_an_environment(deploy: dict[str, Any]) -> None:
    holding = [(job, step["name"]) for job, step in steps(deploy) if "secrets." in json.dumps(step)]
    assert holding == [("deploy", "deploy")]
    rest = {key: value for key, value in deploy.items() if key != "jobs"}
    assert "secrets." not in json.dumps(rest)
    assert "secrets." not in script(deploy, "deploy"), "a script that holds one shows it where it fails"
    tokens = {name for name, job in deploy["jobs"].items() if "id-token" in job["permissions"]}
    assert tokens == {"deploy"}
    assert deploy["jobs"]["deploy"]["permissions"] == {"contents": "read", "id-token": "write"}


def test_the_cli_is_the_one_that_goes_with_the_lock(deploy: dict[str, Any]) -> None:
    (step,) = [step for _, step in steps(deploy) if step.get("uses", "").startswith("pulumi/actions@")]
    assert step["with"] == {"pulumi-version": packages(MAIN_LOCK)["pulumi"]}


def deployed(deploy: dict[str, Any], runner: Runner, **known: str) -> Any:
    """The deploying step run with these secrets and variables, beside stand-ins for all that it calls."""
    (step,) = [step for _, step in steps(deploy) if step["name"] == "deploy"]
    runner.tells("pulumi")
    runner.tells("python3")
    runner.tells("curl", then=f"echo '{json.dumps({'value': TOKEN})}'")
    runner.add("jq", f"#!/bin/sh\nexec {sys.executable} -c 'import json,sys; print(json.load(sys.stdin)[\"value\"])'\n")
    names = {key.replace("__", "."): value for key, value in known.items()}
    names |= {"github.run_id": "42", "vars.PULUMI_BACKEND_URL": "s3://state"}
    given = {
        **filled(step["env"], names), "STAGE": "dev", "PROJECT": "examples/web-express",
        "ACTIONS_ID_TOKEN_REQUEST_URL": "https://token.example/x?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "request-token",
    }  # fmt: skip
    return runner.run(step["run"], ROOT, **given)


def test_keys_of_the_repository_become_the_providers(deploy: dict[str, Any], runner: Runner) -> None:
    ran = deployed(
        deploy, runner, secrets__TENCENT_SECRET_ID="AKID1", secrets__TENCENT_SECRET_KEY="key-one",
        secrets__PULUMI_CONFIG_PASSPHRASE="pass phrase",
    )  # fmt: skip
    assert ran.status == 0, ran.out
    assert ran.calls == (
        "pulumi stack select --create --non-interactive --cwd examples/web-express dev",
        "python3 -m qiao up dev --yes --project examples/web-express",
    )
    seen = ran.environments[-1]
    assert (seen["TENCENTCLOUD_SECRET_ID"], seen["TENCENTCLOUD_SECRET_KEY"]) == ("AKID1", "key-one")
    assert seen["PULUMI_CONFIG_PASSPHRASE"] == "pass phrase"
    assert seen["PULUMI_BACKEND_URL"] == "s3://state"
    empty = {"ALICLOUD_ACCESS_KEY", "VOLCENGINE_ACCESS_KEY", "PULUMI_ACCESS_TOKEN", "TENCENTCLOUD_ASSUME_ROLE_ARN"}
    assert empty.isdisjoint(seen), "what is empty is not there at all"
    assert not [word for word in ("key-one", "pass phrase") if word in ran.out]


@pytest.mark.parametrize(
    ("role", "variable"),
    [
        ("TENCENTCLOUD_ASSUME_ROLE_ARN", "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN"),
        ("ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_OIDC_TOKEN"),
        ("VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TRN", "VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TOKEN"),
    ],
)
def test_a_role_is_taken_by_a_token_of_the_run(
    deploy: dict[str, Any], runner: Runner, role: str, variable: str
) -> None:
    ran = deployed(deploy, runner, **{f"vars__{role}": "role-1", "vars__OIDC_AUDIENCE": "sts.example"})
    assert ran.status == 0, ran.out
    assert ran.calls[0].startswith("curl ")
    assert "--data-urlencode audience=sts.example https://token.example/x?api-version=2.0" in ran.calls[0]
    seen = ran.environments[-1]
    assert (seen[role], seen[variable]) == ("role-1", TOKEN)
    others = {"WEB_IDENTITY_TOKEN", "OIDC_TOKEN"}
    assert [key for key in seen if any(key.endswith(end) for end in others)] == [variable]
    # Masked before anything else could show it.
    assert [line for line in ran.out.splitlines() if TOKEN in line] == [f"::add-mask::{TOKEN}"]


def test_without_a_role_no_token_is_asked_for(deploy: dict[str, Any], runner: Runner) -> None:
    ran = deployed(deploy, runner, secrets__ALICLOUD_ACCESS_KEY="a", secrets__ALICLOUD_SECRET_KEY="b")
    assert not [call for call in ran.calls if call.startswith("curl")]


def test_a_role_without_an_audience_stops_before_anything_changes(deploy: dict[str, Any], runner: Runner) -> None:
    ran = deployed(deploy, runner, vars__TENCENTCLOUD_ASSUME_ROLE_ARN="role-1")
    assert ran.status != 0
    assert "say which audience the cloud expects" in ran.out
    assert ran.calls == ()


def test_a_role_is_one_that_gaps_take_on_too(
    deploy: dict[str, Any], runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the step exports is what each cloud's own calls read."""
    from components.alicloud.gaps import credentials as alicloud
    from components.tencentcloud.gaps import credentials as tencentcloud
    from components.volcengine.gaps import credentials as volcengine

    for module, given in (
        (tencentcloud, {"TENCENTCLOUD_ASSUME_ROLE_ARN": "r", "TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID": "p"}),
        (alicloud, {"ALIBABA_CLOUD_ROLE_ARN": "r", "ALIBABA_CLOUD_OIDC_PROVIDER_ARN": "p"}),
        (volcengine, {"VOLCENGINE_ASSUME_ROLE_WITH_OIDC_TRN": "r"}),
    ):
        known = {f"vars__{key}": value for key, value in given.items()} | {"vars__OIDC_AUDIENCE": "a"}
        ran = deployed(deploy, runner, **known)
        with monkeypatch.context() as patch:
            for key, value in ran.environments[-1].items():
                patch.setenv(key, value)
            role: Any = module.role()
        assert (role.token, role.session) == (TOKEN, "qiao-42"), module.__name__
