from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pulumi
import pytest

from components.errors import UserError
from components.registry import RegistryArgs
from components.scope import Scope
from components.volcengine.registry import PASSWORD_SPECIAL, Registry, RegistryNative, pick_host
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from tests.components.volcengine.support import (
    PASSWORD,
    Stage,
    behind,
    marked,
    no_network,
    probe,
    probed,
    recorded,
    waits_for,
)

INSTANCE, NAMESPACE = "volcengine:cr/registry:Registry", "volcengine:cr/namespace:Namespace"
ENDPOINT, ALLOW = "volcengine:cr/endpoint:Endpoint", "volcengine:cr/endpointAclPolicy:EndpointAclPolicy"
LINK, REPOSITORY = "volcengine:cr/vpcEndpoint:VpcEndpoint", "volcengine:cr/repository:Repository"
OFFICE = ("203.0.113.0/24", "198.51.100.7")


def registry(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None, **args: Any
) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Registry("agent-images", RegistryArgs(scope=scope, **args), opts)
        probe("target", it.push_target)
        probe("image", it.image("app", "1.0"))
        probe("pulled", it.pulled(it.image("app", "1.0")))
        probe("user", it.username)
        probe("password", it.password)

    return recorded(build, stage, preview=preview, **(profile or {}))


def test_the_instance_takes_a_generated_password_that_stays_secret() -> None:
    recording = registry()
    instance, password = recording.get(INSTANCE), recording.get(PASSWORD)
    assert instance.inputs["password"] == Secret(reveal(password.outputs["result"]))
    assert behind(instance, "password") == {"agent-images-password"}
    assert password.inputs["length"] == 20, "the service takes 8 to 20 characters"
    assert password.inputs["overrideSpecial"] == PASSWORD_SPECIAL
    assert set(PASSWORD_SPECIAL) <= set("~!@#$%^&*()-_=+\\|[]:,<.>/;"), "the service's own list"
    assert isinstance(probed(recording, "password")[0], Secret)


def test_its_name_is_the_worlds_and_so_carries_a_suffix_kept_in_state() -> None:
    recording = registry()
    instance, suffix = recording.get(INSTANCE), recording.get("random:index/randomId:RandomId", "agent-images-suffix")
    assert instance.inputs["name"] == f"qiao-dev-agent-images-{suffix.outputs['hex']}"
    assert behind(instance, "name") == {"agent-images-suffix"}
    assert instance.delete_before_replace is True, "the name is taken as long as the old instance is there"


def test_no_change_of_tags_replaces_the_images() -> None:
    instance = registry().get(INSTANCE)
    own = {"project": "qiao", "stage": "dev", "app": "agent", "component": "agent-images"}
    assert instance.inputs["resourceTags"] == [{"key": key, "value": value} for key, value in own.items()]
    assert instance.ignore_changes == ("resourceTags",)


def test_dev_is_small_and_gone_at_once() -> None:
    recording = registry(network=no_network())
    instance = recording.get(INSTANCE)
    assert (instance.inputs["type"], instance.inputs["deleteImmediately"]) == ("Micro", True)
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()
    assert recording.of_type(LINK) == []


def test_prod_is_kept_and_has_a_private_door() -> None:
    recording = registry("prod", network=no_network())
    instance, link = recording.get(INSTANCE), recording.get(LINK)
    assert (instance.inputs["type"], instance.inputs["deleteImmediately"]) == ("Enterprise", False)
    assert link.inputs["vpcs"] == [{"vpcId": "vpc-there", "subnetId": "subnet-a"}]
    assert behind(link, "registry") >= {"agent-images-instance"}
    data = {"agent-images-instance", "agent-images-namespace"}
    assert marked(recording, "protect") == data | {"agent-images-password"}
    assert marked(recording, "retain_on_delete") == data
    assert probed(recording, "target")[1] >= {"agent-images-vpc-endpoint"}


def test_without_a_network_prod_has_no_private_door() -> None:
    assert registry("prod").of_type(LINK) == []


@pytest.mark.parametrize(
    ("profile", "edition"),
    [({}, "Micro"), ({"size": "medium"}, "Enterprise"), ({"private_access": True}, "Enterprise")],
)
def test_edition_follows_the_profile(profile: dict[str, Any], edition: str) -> None:
    assert registry(profile=profile).get(INSTANCE).inputs["type"] == edition


def test_edition_can_be_set() -> None:
    assert registry("prod", native=RegistryNative(edition="Micro")).get(INSTANCE).inputs["type"] == "Micro"


def test_the_namespace_is_private_and_in_the_instance() -> None:
    recording = registry()
    namespace = recording.get(NAMESPACE)
    assert namespace.inputs["name"] == "qiao-dev-agent-images"
    assert namespace.inputs["registry"] == recording.get(INSTANCE).inputs["name"]
    assert namespace.inputs["repositoryDefaultAccessLevel"] == "Private"
    assert waits_for(namespace) >= {"agent-images-instance"}
    assert registry(namespace="team.one").get(NAMESPACE).inputs["name"] == "team.one"


def test_repositories_are_declared_private_and_wait_for_their_namespace() -> None:
    recording = registry("prod", repositories=["app", "job.v2"])
    for image in ("app", "job.v2"):
        repository = recording.get(REPOSITORY, f"agent-images-repository-{image}")
        assert repository.inputs == {
            "registry": recording.get(INSTANCE).inputs["name"], "namespace": "qiao-prod-agent-images", "name": image,
            "accessLevel": "Private",
        }  # fmt: skip
        assert behind(repository, "namespace") == {"agent-images-namespace"}
        assert (repository.protect, repository.retain_on_delete) == (True, True), "its images go with it"
        assert probed(recording, "target")[1] >= {repository.name}, "who pushes finds it there"
    assert registry().of_type(REPOSITORY) == []


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["app", "app"], "RegistryArgs.repositories: 'app' is given twice; give each once"),
        (
            ["Team/app"],
            "RegistryArgs.repositories: 'Team/app' is not valid;"
            " use 2 to 64 lower-case letters and digits, with single '.', '_' or '-' between them",
        ),
    ],
)
def test_wrong_repositories_are_refused(names: list[str], message: str) -> None:
    with pytest.raises(UserError) as error:
        registry(repositories=names)
    assert str(error.value) == message


def test_functions_pull_from_the_host_that_is_pushed_to() -> None:
    recording = registry(public_cidrs=OFFICE)
    assert probed(recording, "pulled") == probed(recording, "image")
    outputs = recording.get("qiao:volcengine:Registry").outputs
    assert outputs["pull_endpoint"] == outputs["endpoint"]


def test_without_blocks_there_is_no_public_door() -> None:
    recording = registry()
    assert recording.of_type(ENDPOINT) + recording.of_type(ALLOW) == []
    assert ".vpc.example.com/" in probed(recording, "target")[0]


def test_the_public_door_opens_for_the_blocks_alone_one_after_the_other() -> None:
    recording = registry(public_cidrs=OFFICE)
    endpoint = recording.get(ENDPOINT)
    assert endpoint.inputs["enabled"] is True, "the provider's default is off"
    one = recording.get(ALLOW, "agent-images-allow-203.0.113.0-24")
    two = recording.get(ALLOW, "agent-images-allow-198.51.100.7-32")
    assert len(recording.of_type(ALLOW)) == len(OFFICE)
    assert (one.inputs["entry"], two.inputs["entry"]) == ("203.0.113.0/24", "198.51.100.7/32")
    for entry in (one, two):
        assert (entry.inputs["type"], entry.inputs["registry"]) == ("Public", recording.get(INSTANCE).inputs["name"])
        assert behind(entry, "registry") >= {"agent-images-endpoint"}, "an entry wants the endpoint on"
        assert entry.delete_before_replace is True, "an entry that is still there is refused"
    assert one.name in waits_for(two)
    assert two.name not in waits_for(one)


def test_images_are_named_by_the_public_host_once_the_doors_are_open() -> None:
    recording = registry(public_cidrs=OFFICE)
    host = f"{recording.get(INSTANCE).inputs['name']}.cr.example.com"
    target, gates = probed(recording, "target")
    assert target == f"{host}/qiao-dev-agent-images"
    assert probed(recording, "image")[0] == f"{host}/qiao-dev-agent-images/app:1.0"
    assert gates >= {
        "agent-images-instance",
        "agent-images-namespace",
        "agent-images-endpoint",
        "agent-images-allow-203.0.113.0-24",
        "agent-images-allow-198.51.100.7-32",
    }


def test_docker_logs_in_as_user_at_account() -> None:
    recording = registry(native=RegistryNative(account_id="2100012345"))
    user = recording.get(INSTANCE).outputs["username"]
    assert probed(recording, "user")[0] == f"{user}@2100012345"
    assert probed(registry(), "user")[0] == user


def test_the_world_is_let_in_in_dev_alone() -> None:
    assert registry(public_cidrs=["0.0.0.0/0"]).get(ALLOW).inputs["entry"] == "0.0.0.0/0"
    with pytest.raises(UserError) as error:
        registry("prod", public_cidrs=["0.0.0.0/0"])
    assert str(error.value) == (
        "RegistryArgs.public_cidrs: 0.0.0.0/0 opens the registry to the world; name the blocks that push images"
    )


def test_a_first_preview_knows_no_host_and_keeps_every_edge() -> None:
    recording = registry(preview=True, public_cidrs=OFFICE)
    target, gates = probed(recording, "target")
    assert target is UNKNOWN
    assert gates >= {"agent-images-endpoint", "agent-images-allow-198.51.100.7-32", "agent-images-namespace"}
    assert recording.get(INSTANCE).inputs["password"] == Secret(UNKNOWN)
    assert recording.get(INSTANCE).inputs["type"] == "Micro"


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-images", "agent-bases"):
            Registry(name, RegistryArgs(scope=scope, public_cidrs=OFFICE), opts)

    recording = recorded(build)
    one, two = recording.of_type(INSTANCE)
    assert one.inputs["name"] != two.inputs["name"]
    assert one.inputs["password"].value != two.inputs["password"].value
    assert {n for r in recording.resources if r.name.startswith("agent-bases") for n in waits_for(r)}.isdisjoint(
        {r.name for r in recording.resources if r.name.startswith("agent-images")}
    )


def domain(host: str | None, kind: str | None) -> SimpleNamespace:
    return SimpleNamespace(domain=host, type=kind)


@pytest.mark.parametrize(
    ("domains", "public", "host"),
    [
        ([("in", "Vpc"), ("out", "Public")], True, "out"),
        ([("out", "public"), ("in", "Vpc")], False, "in"),
        ([("only", "Vpc")], True, "only"),
        ([("only", "Public")], False, "only"),
        ([(None, "Public"), ("in", None)], True, "in"),
    ],
)
def test_the_host_is_the_one_that_can_be_reached(domains: list[tuple[str, str]], public: bool, host: str) -> None:
    assert pick_host([domain(*entry) for entry in domains], public=public) == host


@pytest.mark.parametrize("domains", [None, [], [domain(None, "Public")]])
def test_an_instance_without_a_host_is_an_error(domains: Any) -> None:
    with pytest.raises(UserError, match="the instance reports no host yet"):
        pick_host(domains, public=True)
