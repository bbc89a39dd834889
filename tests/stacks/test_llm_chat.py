"""LobeChat beyond the guide: its secrets, its login, the site's address, its providers of models, on any cloud."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from components.alicloud import facts as alicloud_facts
from components.errors import UserError
from components.volcengine import facts as volcengine_facts
from qiao.plan.recording import UNKNOWN, Recording, Resource, reveal
from qiao.plan.wire import Secret
from stacks.stagefile import file_of
from tests.stacks.support import all_in_clear, child, config, envs, region, run, run_config

IMAGE = "registry.example.com/team/lobe-chat-database:1.143.3"
SITE = "https://chat.example.com"
AUTH0 = {"auth0": {"client_id": "a0-client", "issuer": "https://example.auth0.com"}}
GITHUB = {"github": {"client_id": "gh-client"}}
CODE: dict[str, Any] = {"access_code": {}}
DOMAIN = {"name": "chat.example.com", "certificate_id": "cert-1"}
BYTES = "random:index/randomBytes:RandomBytes"


def chat(**settings: Any) -> dict[str, Any]:
    """LobeChat's settings."""
    base = {
        "blueprint": "llm-chat", "cloud": "volcengine", "region": "cn-beijing", "image": IMAGE, "login": AUTH0,
    }  # fmt: skip
    return {key: value for key, value in (base | settings).items() if value is not None}


def function(recording: Recording) -> Resource:
    return child(recording, "vefaas/function:Function", "chat-function-function")


def variables(**settings: Any) -> dict[str, Any]:
    """Environment variables of LobeChat with these settings."""
    return envs(function(run({"chat": chat(**settings)})))


def generated(recording: Recording, name: str) -> Resource:
    return recording.get(BYTES, f"chat-{name}")


# Secrets


def test_what_encrypts_users_keys_is_32_bytes_in_base64() -> None:
    """LobeChat decodes it and takes the bytes for an AES key: 32 letters would be one of 24 bytes."""
    recording = run({"chat": chat()})
    vaults = generated(recording, "vaults-key")
    assert vaults.inputs["length"] == 32
    given = envs(function(recording))["KEY_VAULTS_SECRET"]
    assert given == vaults.outputs["base64"]
    assert isinstance(given, Secret)
    assert len(base64.b64decode(reveal(given), validate=True)) == 32
    assert vaults.urn in function(recording).input_dependencies["envs"]


def test_each_secret_is_its_own() -> None:
    given = variables()
    secrets = [reveal(given[name]) for name in ("KEY_VAULTS_SECRET", "NEXT_AUTH_SECRET", "ACCESS_CODE")]
    assert len(set(secrets)) == 3
    # LobeChat splits the code at commas: none may be in it, or each part would open the door.
    assert "," not in secrets[2]


@pytest.mark.parametrize(("stage", "kept"), [("dev", False), ("prod", True)])
def test_production_keeps_what_users_keys_are_encrypted_with(stage: str, kept: bool) -> None:
    recording = run({"chat": chat(domain=DOMAIN)}, stage=stage)
    assert generated(recording, "vaults-key").protect is kept
    # Lost, these two log people out and let nobody in: another login must be able to do without them.
    assert not generated(recording, "session-key").protect
    assert not generated(recording, "access-code").protect


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize("preview", [False, True], ids=["up", "preview"])
def test_no_secret_is_in_clear_anywhere(stage: str, preview: bool) -> None:
    recording = run({"chat": chat(domain=DOMAIN)}, stage=stage, preview=preview)
    secret_names = {
        "ACCESS_CODE", "AUTH0_CLIENT_SECRET", "AUTH_AUTH0_SECRET", "DATABASE_URL", "KEY_VAULTS_SECRET",
        "NEXT_AUTH_SECRET", "S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY",
    }  # fmt: skip
    given = envs(function(recording))
    assert {name for name, value in given.items() if isinstance(value, Secret)} == secret_names
    # A key's id is the id of its resource, which engines show.
    values = [reveal(given[name]) for name in secret_names - {"S3_ACCESS_KEY_ID"}]
    known = [value for value in values if value is not UNKNOWN]
    assert preview or len(known) == len(values)
    assert [(where, text) for where, text in all_in_clear(recording) if any(secret in text for secret in known)] == []


def test_decrypted_secrets_of_the_settings_reach_lobechat_alone(tmp_path: Path) -> None:
    canary = "canary-5b1e"
    stored = chat(
        domain=DOMAIN, secret_env={"TAVILY_API_KEY": {"secure": "x"}},
        login={"github": {"client_id": "gh-client", "client_secret": {"secure": "y"}}},
    )  # fmt: skip
    clear = chat(
        domain=DOMAIN, secret_env={"TAVILY_API_KEY": f"{canary}-own"},
        login={"github": {"client_id": "gh-client", "client_secret": f"{canary}-github"}},
    )  # fmt: skip
    file = {"encryptionsalt": "v1:x", "config": {"qiao:apps": {"chat": stored}, "qiao:clouds": region()}}
    file_of(tmp_path, "dev").write_text(yaml.safe_dump(file))
    recording = run_config(config({"chat": clear}), stage="dev", project_dir=tmp_path, offline=False)
    given = envs(function(recording))
    assert given["TAVILY_API_KEY"] == Secret(f"{canary}-own")
    assert given["GITHUB_CLIENT_SECRET"] == given["AUTH_GITHUB_SECRET"] == Secret(f"{canary}-github")
    assert [where for where, text in all_in_clear(recording) if canary in text] == []


@pytest.mark.parametrize(("login", "path"), [(AUTH0, "auth0"), (GITHUB, "github")])
def test_a_client_secret_that_nobody_set_is_a_line_in_the_plan_and_stops_up(login: Any, path: str) -> None:
    key = f"qiao:apps.chat.login.{path}.client_secret"
    lines = run({"chat": chat(login=login)}).outputs["checklist"]
    assert f"set a secret: pulumi config set --secret --path '{key}'" in lines
    with pytest.raises(UserError, match=rf"apps.chat.login.{path}.client_secret: is not set"):
        run({"chat": chat(login=login)}, offline=False)


# Login


def test_a_code_is_generated_and_put_out_as_a_secret() -> None:
    recording = run({"chat": chat(login=CODE)})
    code = generated(recording, "access-code").outputs["base64"]
    assert envs(function(recording))["ACCESS_CODE"] == code
    assert isinstance(code, Secret)
    assert recording.outputs["application_secrets"] == {"chat": {"access_code": code}}
    assert "access_code" not in recording.outputs["chat"]
    assert "callback_url" not in recording.outputs["chat"]


def test_a_code_of_ones_own_is_taken_and_not_put_out(tmp_path: Path) -> None:
    def settings(code: Any) -> dict[str, Any]:
        return {"chat": chat(login={"access_code": {"code": code}})}

    file = {"encryptionsalt": "v1:x", "config": {"qiao:apps": settings({"secure": "x"}), "qiao:clouds": region()}}
    file_of(tmp_path, "dev").write_text(yaml.safe_dump(file))
    recording = run_config(config(settings("open-sesame-1")), stage="dev", project_dir=tmp_path, offline=False)
    assert envs(function(recording))["ACCESS_CODE"] == Secret("open-sesame-1")
    assert "application_secrets" not in recording.outputs
    with pytest.raises(UserError, match=r"apps.chat.login.access_code.code: is too short") as caught:
        run_config(config(settings("open-sesame-1,sesam")), stage="dev", project_dir=tmp_path, offline=False)
    assert "sesam" not in str(caught.value)


def test_a_login_by_a_provider_keeps_the_code_to_itself() -> None:
    recording = run({"chat": chat()})
    assert envs(function(recording))["ACCESS_CODE"] == generated(recording, "access-code").outputs["base64"]
    assert "application_secrets" not in recording.outputs


def test_a_code_alone_says_nothing_of_logins() -> None:
    """Some versions take NEXT_AUTH_SECRET alone for the wish to log in by a provider."""
    given = variables(login=CODE, site_url=SITE)
    assert given["NEXT_PUBLIC_ENABLE_NEXT_AUTH"] == "0"
    assert [name for name in given if name.startswith(("NEXT_AUTH", "NEXTAUTH", "AUTH"))] == []
    lines = run({"chat": chat(login=CODE, site_url=SITE)}).outputs["checklist"]
    assert any(
        line.startswith("chat: LobeChat's own database image lets nobody in by an access code") for line in lines
    )
    assert not any("access code" in line for line in run({"chat": chat()}).outputs["checklist"])


def test_another_login_makes_and_takes_nothing_but_the_function_s_variables() -> None:
    one, other = (run({"chat": chat(login=login, site_url=SITE)}) for login in (AUTH0, CODE))
    assert {r.urn for r in one.resources} == {r.urn for r in other.resources}
    changed = {a.name for a, b in zip(one.resources, other.resources, strict=True) if a.inputs != b.inputs}
    assert "chat-function-function" in changed
    assert not {name for name in changed if not name.startswith("chat-function-")}


# The site's address


def test_a_domain_is_the_site_at_once() -> None:
    recording = run({"chat": chat(domain=DOMAIN)}, preview=True)
    given = envs(function(recording))
    assert (given["APP_URL"], given["NEXTAUTH_URL"]) == (SITE, f"{SITE}/api/auth")
    outputs = recording.outputs["chat"]
    assert (outputs["site_url"], outputs["callback_url"]) == (SITE, f"{SITE}/api/auth/callback/auth0")
    cors = child(recording, "tos/bucketCors:BucketCors", "chat-bucket-cors")
    (rule,) = cors.inputs["corsRules"]
    assert rule["allowedOrigins"] == [SITE]
    assert rule["allowedMethods"] == ["GET", "PUT", "POST", "HEAD"]
    assert rule["allowedHeaders"] == ["*"]
    assert not any("site_url" in str(line) for line in recording.outputs["checklist"])


def test_without_a_domain_the_first_up_says_what_to_set() -> None:
    first = run({"chat": chat()})
    outputs, given = first.outputs["chat"], envs(function(first))
    # Without any address it does not start.
    assert given["APP_URL"] == "http://localhost:3210"
    assert "NEXTAUTH_URL" not in given
    assert given["AUTH_TRUST_HOST"] == "true"
    assert not first.of_type("volcengine:tos/bucketCors:BucketCors")
    assert outputs["callback_url"] == f"{outputs['site_url']}/api/auth/callback/auth0"
    wanted = f"chat: set apps.chat.site_url to {outputs['site_url']}, then run `up` again: "
    assert [line for line in first.outputs["checklist"] if line.startswith(wanted)]
    second = run({"chat": chat(site_url=outputs["site_url"])})
    given = envs(function(second))
    assert (given["APP_URL"], given["NEXTAUTH_URL"]) == (outputs["site_url"], f"{outputs['site_url']}/api/auth")
    cors = child(second, "tos/bucketCors:BucketCors", "chat-bucket-cors")
    assert cors.inputs["corsRules"][0]["allowedOrigins"] == [outputs["site_url"]]
    assert second.outputs["chat"]["callback_url"] == outputs["callback_url"]
    assert not any("site_url" in line for line in second.outputs["checklist"])


def test_a_preview_knows_that_it_does_not_know_the_generated_address() -> None:
    recording = run({"chat": chat()}, preview=True)
    assert recording.outputs["chat"]["site_url"] is UNKNOWN
    assert UNKNOWN in recording.outputs["checklist"]
    assert envs(function(recording))["APP_URL"] == "http://localhost:3210"


def test_the_function_never_waits_for_the_gateway_that_waits_for_it() -> None:
    for settings in (chat(), chat(domain=DOMAIN), chat(site_url=SITE)):
        recording = run({"chat": settings})
        gateway = {r.urn for r in recording.resources if r.name.startswith("chat-gateway")}
        waiting, seen = [function(recording).urn], set[str]()
        while waiting:
            urn = waiting.pop()
            if urn not in seen:
                seen.add(urn)
                waiting += recording.by_urn(urn).depends_on
        assert not seen & gateway


@pytest.mark.parametrize(
    ("login", "wanted"),
    [
        (AUTH0, f"chat: in the Auth0 application, allow the callback URL {SITE}/api/auth/callback/auth0"),
        (
            GITHUB,
            f"chat: in the GitHub App, set the homepage {SITE}, the callback URL {SITE}/api/auth/callback/github, and"
            " the permission to read e-mail addresses",
        ),
    ],
)
def test_what_to_enter_at_the_provider_of_logins_is_a_line_for_a_person(login: Any, wanted: str) -> None:
    assert wanted in run({"chat": chat(login=login, site_url=SITE)}).outputs["checklist"]


# Storage and database


def test_its_key_opens_its_one_bucket_and_nothing_else() -> None:
    recording = run({"chat": chat()})
    bucket = recording.outputs["chat"]["bucket"]
    policies = [r for r in recording.of_type("volcengine:iam/policy:Policy") if r.name.startswith("chat")]
    (document,) = [json.loads(reveal(policy.inputs["policyDocument"])) for policy in policies]
    resources = {one for statement in document["Statement"] for one in statement["Resource"]}
    assert resources == {f"trn:tos:::{bucket}", f"trn:tos:::{bucket}/*"}
    key = child(recording, "iam/accessKey:AccessKey", "chat-storage-key-primary")
    given = envs(function(recording))
    assert reveal(given["S3_SECRET_ACCESS_KEY"]) == reveal(key.outputs["secretAccessKey"])
    assert reveal(given["S3_ACCESS_KEY_ID"]) == reveal(key.outputs["accessKeyId"])


def test_its_key_rotates_without_a_moment_without_one() -> None:
    recording = run({"chat": chat(storage_keys={"primary": False, "secondary": True})})
    key = child(recording, "iam/accessKey:AccessKey", "chat-storage-key-secondary")
    given = envs(function(recording))["S3_SECRET_ACCESS_KEY"]
    assert reveal(given) == reveal(key.outputs["secretAccessKey"])
    old = child(recording, "iam/accessKey:AccessKey", "chat-storage-key-primary")
    assert old.inputs["status"] == "inactive"


def test_uploads_never_ask_to_be_public_and_go_to_the_clouds_s3_host() -> None:
    recording = run({"chat": chat()})
    bucket = child(recording, "tos/bucket:Bucket", "chat-bucket-bucket")
    given = envs(function(recording))
    host = bucket.outputs["extranetEndpoint"].replace("tos-", "tos-s3-")
    assert given["S3_SET_ACL"] == "0"
    assert given["S3_ENDPOINT"] == f"https://{host}"
    assert given["S3_PUBLIC_DOMAIN"] == given["NEXT_PUBLIC_S3_DOMAIN"] == f"https://{given['S3_BUCKET']}.{host}"


@pytest.mark.parametrize(
    ("facts", "public", "wanted"),
    [
        (volcengine_facts, "tos-cn-beijing.volces.com", "tos-s3-cn-beijing.volces.com"),
        (volcengine_facts, "tos-s3-cn-beijing.volces.com", "tos-s3-cn-beijing.volces.com"),
        (alicloud_facts, "oss-cn-beijing.aliyuncs.com", "oss-cn-beijing.aliyuncs.com"),
    ],
)
def test_hosts_of_the_s3_protocol(facts: Any, public: str, wanted: str) -> None:
    assert facts.s3_host(public) == wanted


def test_other_pages_may_use_the_bucket_beside_its_own() -> None:
    cors = [{"origins": ["https://admin.example.com"]}]
    recording = run({"chat": chat(site_url=SITE, bucket={"cors": cors, "expire_days": 30})})
    rules = child(recording, "tos/bucketCors:BucketCors", "chat-bucket-cors").inputs["corsRules"]
    assert [rule["allowedOrigins"] for rule in rules] == [[SITE], ["https://admin.example.com"]]


def test_the_database_is_its_own_and_the_address_percent_encoded() -> None:
    recording = run({"chat": chat(database={"user": "chatter", "storage_gb": 40})})
    url = reveal(envs(function(recording))["DATABASE_URL"])
    user, host, database = url.removeprefix("postgresql://").split(":", 1)[0], url.split("@")[1], url.split("/")[-1]
    assert (user, database) == ("chatter", "lobechat")
    assert host.startswith(recording.outputs["chat"]["database_host"])
    password = url.split(":", 2)[2].split("@")[0]
    assert all(char.isalnum() or char in "-_.~%" for char in password)
    assert (
        child(recording, "rds_postgresql/database:Database", "chat-database-database").urn
        in function(recording).input_dependencies["envs"]
    )


# The rest


def test_own_variables_come_beside_and_never_instead() -> None:
    given = variables(env={"DEFAULT_AGENT_CONFIG": "model=custom-agent", "OPENAI_MODEL_LIST": "-all,+mine"})
    assert given["DEFAULT_AGENT_CONFIG"] == "model=custom-agent"
    # No application serves OpenAI's models here, so the variable is free.
    assert given["OPENAI_MODEL_LIST"] == "-all,+mine"


def test_one_whose_image_is_not_there_yet_waits_for_it() -> None:
    waiting = chat(enabled=False, image={"name": "lobe-chat-database", "tag": "1.143.3"})
    recording = run({"chat": waiting})
    assert not recording.of_type("qiao:app:LlmChat")
    outputs = recording.outputs["chat"]
    assert outputs["enabled"] is False
    assert outputs["push"].endswith("/lobe-chat-database:1.143.3")
    later = run({"chat": waiting | {"enabled": True}})
    assert function(later).inputs["source"] == f"{outputs['push_target']}/lobe-chat-database:1.143.3"


def test_it_registers_its_documented_outputs_once() -> None:
    from stacks.llm_chat import LlmChat

    resource = run({"chat": chat()}).get("qiao:app:LlmChat")
    assert resource.outputs_registered == 1
    assert set(resource.outputs) <= set(LlmChat.OUTPUTS)
    for name in LlmChat.OUTPUTS:
        assert name in LlmChat.__annotations__


def test_everything_of_it_is_below_it_on_the_shared_provider() -> None:
    recording = run({"chat": chat(domain=DOMAIN)}, region(contacts=[{"name": "ann", "email": "ann@example.com"}]))
    chat_resource, provider = recording.get("qiao:app:LlmChat"), recording.get("pulumi:providers:volcengine")
    below = list(recording.descendants(chat_resource.urn))
    mine = {r.urn for r in recording.resources if r.name.startswith("chat")}
    assert mine == {chat_resource.urn, *(r.urn for r in below)}
    for resource in below:
        if resource.type.startswith("volcengine:"):
            assert resource.provider == f"{provider.urn}::{provider.id}", resource.urn


def test_alarms_watch_it_when_there_is_somebody_to_tell() -> None:
    shared = region(
        contacts=[{"name": "ann", "email": "ann@example.com"}],
        alerts={"rules": [{"name": "errors", "metric": "E", "namespace": "function", "threshold": 0}]},
    )
    recording = run({"chat": chat()}, shared)
    rule = child(recording, "cloud_monitor/rule:Rule", "chat-alerts-rule-errors.chat")
    assert rule.inputs["originalDimensions"][0]["values"] == [function(recording).id]
    assert not run({"chat": chat()}).of_type("qiao:volcengine:Alerts")
