"""The agent beyond the guide: images in three ways, what it may be given, links, releases, what its parts wait for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from components.errors import UnsupportedError, UserError
from qiao.plan.recording import UNKNOWN, Recording, Resource, reveal
from qiao.plan.wire import Secret
from tests.stacks.support import IMAGE, PLACE, app, child, envs, region, run

PUBLIC = region(registry={"public_cidrs": ["203.0.113.0/24"]})


def function(recording: Recording, name: str = "agent-function") -> Resource:
    return child(recording, "vefaas/function:Function", f"{name}-function")


def runtime_policy(recording: Recording, name: str = "agent") -> list[dict[str, Any]]:
    document = child(recording, "iam/policy:Policy", f"{name}-runtime-policy").inputs["policyDocument"]
    statements: list[dict[str, Any]] = json.loads(document)["Statement"]
    return statements


def test_an_image_named_in_full_is_taken_as_it_is() -> None:
    recording = run({"agent": app()})
    assert function(recording).inputs["source"] == IMAGE
    assert not recording.of_type("docker-build:index:Image")
    assert recording.outputs["agent"]["image"] == IMAGE


def test_an_image_of_name_and_tag_lies_in_the_stacks_registry() -> None:
    recording = run({"agent": app(image={"name": "bot", "tag": "1.2.0"})})
    host_and_namespace = recording.outputs["agent"]["push_target"]
    assert function(recording).inputs["source"] == f"{host_and_namespace}/bot:1.2.0"
    instance = child(recording, "cr/registry:Registry", f"{PLACE}-registry-instance")
    assert instance.urn in function(recording).input_dependencies["source"]
    named = run({"agent": app(image={"tag": "1.2.0"})})
    assert reveal(function(named).inputs["source"]).endswith("/agent:1.2.0")


def test_a_folder_is_built_pushed_and_taken_by_its_digest() -> None:
    recording = run({"agent": app(image={"context": "app"})}, PUBLIC)
    image = recording.get("docker-build:index:Image", "agent-image")
    assert image.inputs["platforms"] == ["linux/amd64"]
    assert image.inputs["push"] is True
    assert re.fullmatch(rf"{recording.outputs['agent']['push_target']}/agent:[0-9a-f]{{16}}", image.inputs["tags"][0])
    assert image.parent == recording.get("qiao:app:Agent").urn
    assert image.urn in function(recording).input_dependencies["source"]
    assert function(recording).inputs["source"] == image.outputs["ref"]
    assert "@sha256:" in image.outputs["ref"]
    login = image.inputs["registries"][0]
    assert isinstance(login["password"], Secret) or isinstance(image.inputs["registries"], Secret)
    acl = recording.of_type("volcengine:cr/endpointAclPolicy:EndpointAclPolicy")
    assert {entry.urn for entry in acl} <= {*image.depends_on, *_all_before(recording, image)}


def _all_before(recording: Recording, resource: Resource) -> set[str]:
    seen, open_urns = set[str](), list(resource.depends_on)
    while open_urns:
        urn = open_urns.pop()
        if urn not in seen:
            seen.add(urn)
            open_urns += [*recording.by_urn(urn).depends_on, *(r.urn for r in recording.children(urn))]
    return seen


def test_a_built_image_is_not_known_before_it_is_pushed() -> None:
    recording = run({"agent": app(image={"context": "app"})}, PUBLIC, preview=True)
    assert function(recording).inputs["source"] is UNKNOWN


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_an_application_without_its_image_gets_what_is_shared_and_the_commands(stage: str) -> None:
    agent = app(enabled=False, image={"name": "bot", "tag": "1.0.0"})
    recording = run({"agent": agent}, PUBLIC, stage=stage)
    outputs = recording.outputs["agent"]
    target = f"{outputs['push_target']}/bot:1.0.0"
    host = outputs["push_target"].split("/")[0]
    assert not outputs["enabled"]
    assert re.fullmatch(rf"docker login --username=\S+ {re.escape(host)}", outputs["login"])
    assert outputs["build"] == f"docker build --platform linux/amd64 --file Dockerfile --tag {target} ."
    assert outputs["push"] == f"docker push {target}"
    lines = recording.outputs["checklist"]
    place = lines.index(outputs["login"])
    assert lines[place + 1 :] == [
        "the registry's password: pulumi stack output foundation_secrets --show-secrets",
        outputs["build"], outputs["push"],
        "then take `enabled: false` out of apps.agent and run `up` again",
    ]  # fmt: skip
    assert {r.type for r in recording.resources if r.type.startswith("qiao:")} == {
        "qiao:app:Foundation", "qiao:volcengine:Network", "qiao:volcengine:Registry", "qiao:volcengine:Observability",
    }  # fmt: skip


def test_the_commands_fit_a_context_and_a_foreign_image(tmp_path: Path) -> None:
    (tmp_path / "app" / "docker").mkdir(parents=True)
    (tmp_path / "app" / "docker" / "D").write_text("FROM scratch\n")
    waiting = app(enabled=False, image={"context": "app", "dockerfile": "docker/D"})
    built = run({"agent": waiting}, PUBLIC, project_dir=tmp_path)
    assert built.outputs["agent"]["build"].startswith("docker build --platform linux/amd64 --file app/docker/D --tag ")
    assert built.outputs["agent"]["build"].endswith("/agent:1.0.0 app")
    foreign = run({"agent": app(enabled=False)}).outputs["agent"]
    assert foreign["login"] == "docker login registry.example.com"
    assert foreign["push"] == f"docker push {IMAGE}"


def test_code_needs_a_bucket_and_no_registry() -> None:
    recording = run({"agent": app(image=None, code={"path": "app"})})
    assert not recording.of_type("qiao:volcengine:Registry")
    assert function(recording).inputs["sourceType"] == "tos"
    assert function(recording).inputs["runtime"] == "native-python3.12/v1"
    assert function(recording).inputs["command"] == "./run.sh"
    assert "push_target" not in recording.outputs["agent"]
    event = run({"agent": app(image=None, code={"path": "app"}, kind="event")})
    assert function(event).inputs["runtime"] == "python3.12/v1"


def test_a_database_is_reached_by_one_secret_variable_of_both_functions() -> None:
    agent = app(database={"name": "agent"}, knowledge_base={"code": {"path": "app"}})
    recording = run({"agent": agent})
    for name in ("agent-function", "agent-knowledge-base"):
        url = envs(function(recording, name))["DATABASE_URL"]
        assert isinstance(url, Secret)
        assert re.fullmatch(r"postgresql://app:[^@/]+@[^:/]+:\d+/agent", reveal(url))
    host = recording.outputs["agent"]["database_host"]
    assert f"@{host}:" in reveal(envs(function(recording))["DATABASE_URL"])
    database = child(recording, "rds_postgresql/database:Database", "agent-database-database")
    assert database.urn in function(recording).input_dependencies["envs"]
    renamed = run({"agent": app(database={"env": "PG_URL"})})
    assert {"PG_URL"} == {key for key in envs(function(renamed)) if "URL" in key}


def test_a_bucket_is_named_in_a_variable_and_the_runtime_key_may_use_it_alone() -> None:
    recording = run({"agent": app(bucket={"cors": [{"origins": ["https://chat.example.com"]}]})})
    name = recording.outputs["agent"]["bucket"]
    assert envs(function(recording))["BUCKET_NAME"] == name
    listing, objects = runtime_policy(recording)[2:]
    assert (listing["Action"], listing["Resource"]) == (["tos:ListBucket"], [f"trn:tos:::{name}"])
    assert set(objects["Action"]) == {
        "tos:GetObject", "tos:PutObject", "tos:DeleteObject", "tos:AbortMultipartUpload",
    }  # fmt: skip
    assert objects["Resource"] == [f"trn:tos:::{name}/*"]
    cors = child(recording, "tos/bucketCors:BucketCors", "agent-bucket-cors")
    assert cors.inputs["corsRules"][0]["allowedOrigins"] == ["https://chat.example.com"]


def test_permissions_of_ones_own_come_beside_the_built_in_ones() -> None:
    asked = {"permissions": [{"actions": ["kms:Decrypt"], "resources": ["trn:kms:*:*:keyrings/agent"]}]}
    recording = run({"agent": app(identity=asked)})
    assert runtime_policy(recording)[-1] == {
        "Effect": "Allow", "Action": ["kms:Decrypt"], "Resource": ["trn:kms:*:*:keyrings/agent"],
    }  # fmt: skip
    assert [s["Action"] for s in runtime_policy(recording)[:-1]] == [["ark:GetApiKey"], ["tls:PutLogs"]]


def test_an_application_that_traces_nothing_may_write_no_traces() -> None:
    assert [s["Action"] for s in runtime_policy(run({"agent": app(traces=False)}))] == [["ark:GetApiKey"]]


def test_keys_rotate_without_a_moment_without_one() -> None:
    both = run({"agent": app(identity={"keys": {"primary": False, "secondary": True}})})
    keys = {r.name.rsplit("-", 1)[1]: r for r in both.of_type("volcengine:iam/accessKey:AccessKey")}
    assert {name: key.inputs["status"] for name, key in keys.items()} == {"primary": "inactive", "secondary": "active"}
    secret = envs(function(both))["VOLC_SECRETKEY"]
    assert secret == Secret(reveal(keys["secondary"].outputs["secretAccessKey"]))


def test_an_operator_has_no_keys_unless_asked() -> None:
    recording = run({"agent": app(operator={"policies": ["TOSReadOnlyAccess"]})})
    assert [r.name for r in recording.of_type("volcengine:iam/accessKey:AccessKey")] == ["agent-runtime-key-primary"]
    extra = "agent-operator-attached-system-TOSReadOnlyAccess"
    attached = child(recording, "iam/userPolicyAttachment:UserPolicyAttachment", extra)
    assert attached.inputs["policyType"] == "System"
    keyed = run({"agent": app(operator={"keys": ["laptop"]})})
    assert child(keyed, "iam/accessKey:AccessKey", "agent-operator-key-laptop").inputs["status"] == "active"


def test_a_gray_release_is_one_setting_and_changes_only_the_release() -> None:
    full, gray = run({"agent": app()}), run({"agent": app(release={"weight": 10})})
    assert child(gray, "vefaas/release:Release", "agent-function-release").inputs["targetTrafficWeight"] == 10
    changed = {ours.name for ours, theirs in zip(full.resources, gray.resources, strict=True) if ours != theirs}
    # `agent-function` registers the version that serves.
    assert changed <= {"agent-function-release", "agent-function-release-guard", "agent-function-release-ready"}
    back = run({"agent": app(release={"revision": 3})})
    assert child(back, "vefaas/release:Release", "agent-function-release").inputs["revisionNumber"] == 3
    forced = run({"agent": app(release={"force": True})})
    guard = forced.get("pulumi-python:dynamic/volcengine:ReleaseGuard", "agent-function-release-guard")
    assert guard.inputs["force"] is True


def test_another_image_replaces_only_what_carries_it() -> None:
    old, new = run({"agent": app()}), run({"agent": app(image=IMAGE + "1")})
    changed = {
        ours.name for ours, theirs in zip(old.resources, new.resources, strict=True) if ours.inputs != theirs.inputs
    }
    assert changed == {
        "agent-function-function", "agent-function-image-ready", "agent-function-release",
        "agent-function-release-guard", "agent-function-release-ready",
    } - {"agent-function-release-ready"}  # fmt: skip


def test_a_link_gives_address_gateway_and_the_right_to_ask_for_a_token() -> None:
    recording = run({"front": app(links=["deep-search"]), "deep-search": app(account_id="1")})
    search = recording.outputs["deep-search"]
    variables = envs(function(recording, "front-function"))
    assert variables["DEEP_SEARCH_URL"] == search["chat_url"]
    assert variables["DEEP_SEARCH_GATEWAY_ID"] == search["gateway_id"]
    assert runtime_policy(recording, "front")[-1]["Action"] == ["apig:GetJwtToken"]
    assert not any("GetJwtToken" in str(s) for s in runtime_policy(recording, "deep-search"))
    route = child(recording, "apig/apigGateway:ApigGateway", "deep-search-gateway-gateway")
    assert route.urn in function(recording, "front-function").input_dependencies["envs"]


def test_a_link_to_an_open_application_needs_no_token() -> None:
    recording = run({"front": app(links=["back"]), "back": app(auth="public", reason="a demonstration")})
    assert {k for k in envs(function(recording, "front-function")) if k.startswith("BACK")} == {"BACK_URL"}
    assert not any("GetJwtToken" in str(statement) for statement in runtime_policy(recording, "front"))


def test_a_link_to_a_waiting_application_and_a_taken_variable_are_refused() -> None:
    with pytest.raises(UserError, match=r"apps.front.links\[0\]: back is not enabled; enable it"):
        run({"front": app(links=["back"]), "back": app(enabled=False)})
    with pytest.raises(UserError, match=r"apps.front.env.BACK_URL: the link to back writes it"):
        run({"front": app(links=["back"], env={"BACK_URL": "x"}), "back": app()})


@pytest.mark.parametrize(
    ("auth", "enabled"),
    [({"auth": "jwt"}, True), ({"auth": "app"}, False), ({"auth": "public", "reason": "demo"}, False)],
)
def test_who_may_call_is_one_setting(auth: dict[str, str], enabled: bool) -> None:
    recording = run({"agent": app(**auth)})
    (service,) = recording.of_type("volcengine:apig/apigGatewayService:ApigGatewayService")
    assert service.inputs["authSpec"] == {"enable": enabled}


def test_what_the_cloud_cannot_do_is_said_before_anything_is_made() -> None:
    with pytest.raises(UnsupportedError) as caught:
        run({"agent": app(auth="cloud")})
    assert caught.value.cloud == "volcengine"
    assert caught.value.concept == "Gateway"
    with pytest.raises(UnsupportedError, match=r"apps\.agent\.timeout_seconds: 1000 is not supported on volcengine"):
        run({"agent": app(timeout_seconds=1000)})


def test_nobody_to_tell_no_alarms() -> None:
    recording = run({"agent": app()}, region(alerts={"log_alarm": {"receivers": ["ann"]}}))
    assert not recording.of_type("qiao:volcengine:Alerts")
    assert not recording.of_type("volcengine:tls/alarm:Alarm")


def test_a_function_may_stay_out_of_the_network() -> None:
    recording = run({"agent": app(private_network=False, knowledge_base={"code": {"path": "app"}})})
    for name in ("agent-function", "agent-knowledge-base"):
        assert function(recording, name).inputs["vpcConfig"] == {"enableVpc": False}


def test_a_domain_elsewhere_is_a_line_for_a_person() -> None:
    domain = {"name": "chat.example.com", "certificate_id": "cert-1"}
    recording = run({"agent": app(domain=domain)})
    filing, record = [line for line in recording.outputs["checklist"] if line.startswith("chat.example.com")]
    assert "ICP" in filing
    cname = recording.outputs["agent"]["cname"]
    assert record == f"chat.example.com: at your DNS host, set a CNAME record to {cname}"
    owned = run({"agent": app(domain=domain | {"dns_zone": "example.com"})})
    assert not any("CNAME" in line for line in owned.outputs["checklist"])
    assert child(owned, "dns/record:Record", "agent-gateway-record").inputs["type"] == "CNAME"


def test_two_applications_share_the_foundation_and_nothing_else() -> None:
    both = run({"one": app(), "two": app()})
    assert len(both.of_type("qiao:app:Foundation")) == 1
    assert len(both.of_type("volcengine:vpc/vpc:Vpc")) == 1
    one, two = (function(both, f"{name}-function").inputs["name"] for name in ("one", "two"))
    assert one != two
    alone = run({"one": app()})
    assert {r.urn: r.inputs for r in alone.resources}.items() <= {r.urn: r.inputs for r in both.resources}.items()


def test_everything_of_an_application_is_below_it_on_the_shared_provider() -> None:
    recording = run({"agent": app(database={}, bucket={}, operator={}, knowledge_base={"code": {"path": "app"}})})
    agent = recording.get("qiao:app:Agent", "agent")
    provider = recording.get("pulumi:providers:volcengine")
    below = list(recording.descendants(agent.urn))
    assert {r.urn for r in recording.resources if r.name.startswith("agent")} == {agent.urn, *(r.urn for r in below)}
    for resource in below:
        if resource.type.startswith("volcengine:"):
            assert resource.provider == f"{provider.urn}::{provider.id}", resource.urn
        assert resource.name.startswith("agent-")
    tagged = [r for r in below if "tags" in r.inputs]
    assert tagged
    for resource in tagged:
        assert {"key": "app", "value": "agent"} in resource.inputs["tags"]


def test_every_application_registers_its_documented_outputs_once() -> None:
    from stacks.agent import Agent
    from stacks.foundation import Foundation

    recording = run({"agent": app()})
    for kind, type_token in ((Agent, "qiao:app:Agent"), (Foundation, "qiao:app:Foundation")):
        resource = recording.get(type_token)
        assert resource.outputs_registered == 1
        assert set(resource.outputs) <= set(kind.OUTPUTS)
        for name in kind.OUTPUTS:
            assert name in kind.__annotations__


def test_outputs_of_an_application_hold_no_secret() -> None:
    agent = app(database={}, bucket={}, knowledge_base={"code": {"path": "app"}})
    outputs = run({"agent": agent}).outputs["agent"]
    assert set(outputs) == {
        "blueprint", "cloud", "region", "chat_url", "health_url", "kb_url", "gateway_id", "push_target", "trace_topic",
        "function_id", "version", "image", "bucket", "database_host",
    }  # fmt: skip
    assert "[secret]" not in repr(outputs)


def test_native_extras_reach_their_component() -> None:
    native = {"function": {"max_instances": 7, "exclusive": True}, "gateway": {"type": "standard", "replicas": 5}}
    recording = run({"agent": app(native=native)})
    gateway = child(recording, "apig/apigGateway:ApigGateway", "agent-gateway-gateway")
    assert gateway.inputs["resourceSpec"]["replicas"] == 5
    assert function(recording).inputs["exclusiveMode"] is True
    release = child(recording, "vefaas/release:Release", "agent-function-release")
    assert release.inputs["maxInstance"] == 7


def test_paths_of_settings_begin_at_the_project(tmp_path: Path) -> None:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "run.sh").write_text("#!/bin/sh\n")
    recording = run({"agent": app(image=None, code={"path": "code"})}, project_dir=tmp_path)
    uploaded = child(recording, "tos/bucketObject:BucketObject", "agent-function-code")
    assert not uploaded.inputs["filePath"].startswith("/")
    assert str(tmp_path) not in repr(recording.resources)
