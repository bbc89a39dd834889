from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.errors import UserError
from components.registry import RegistryArgs
from components.scope import Scope
from components.tencentcloud.registry import Registry, RegistryNative
from qiao.plan.recording import UNKNOWN, Recording, Secret, is_secret
from tests.components.tencentcloud.support import (
    PROBE,
    REGION,
    Stage,
    behind,
    marked,
    no_network,
    probe,
    probed,
    recorded,
    tags_of,
    waits_for,
)

INSTANCE, NAMESPACE = "tencentcloud:Tcr/instance:Instance", "tencentcloud:Tcr/namespace:Namespace"
REPOSITORY, ACCOUNT = "tencentcloud:Tcr/repository:Repository", "tencentcloud:Tcr/serviceAccount:ServiceAccount"
ATTACHMENT, IMMUTABLE = (
    "tencentcloud:Tcr/vpcAttachment:VpcAttachment",
    "tencentcloud:Tcr/immutableTagRule:ImmutableTagRule",
)
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
        probe("instance", it.instance_id)

    return recorded(build, stage, preview=preview, **(profile or {}))


def test_its_name_is_the_worlds_and_so_carries_a_suffix_kept_in_state() -> None:
    recording = registry()
    instance, suffix = recording.get(INSTANCE), recording.get(PROBE, "agent-images-suffix")
    assert instance.inputs["name"] == f"qiao-dev-agent-images-{suffix.outputs['hex']}"
    assert behind(instance, "name") == {"agent-images-suffix"}
    assert instance.delete_before_replace is True, "the name is taken as long as the old instance is there"


def test_dev_is_small_and_gone_with_its_bucket() -> None:
    recording = registry(network=no_network())
    assert recording.get(INSTANCE).inputs == {
        "name": recording.get(INSTANCE).inputs["name"], "instanceType": "basic", "registryChargeType": 1,
        "openPublicOperation": False, "deleteBucket": True, "tags": tags_of("agent-images"),
    }  # fmt: skip
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()
    assert recording.of_type(ATTACHMENT) + recording.of_type(IMMUTABLE) == []
    assert recording.get(NAMESPACE).inputs["isAutoScan"] is False


def test_prod_is_kept_scanned_and_has_a_private_door_of_the_public_name() -> None:
    recording = registry("prod", network=no_network(), repositories=["app"])
    instance, door = recording.get(INSTANCE), recording.get(ATTACHMENT)
    assert (instance.inputs["instanceType"], instance.inputs["deleteBucket"]) == ("standard", False)
    assert recording.get(NAMESPACE).inputs["isAutoScan"] is True
    assert door.inputs == {
        "instanceId": instance.id, "vpcId": "vpc-there", "subnetId": "subnet-a", "regionName": REGION,
        "enablePublicDomainDns": True, "enableVpcDomainDns": False,
    }  # fmt: skip
    assert behind(door, "instanceId") == {"agent-images-instance"}
    assert door.delete_before_replace is True, "a network has one door to an instance"
    data = {"agent-images-instance", "agent-images-namespace", "agent-images-repository-app"}
    assert marked(recording, "protect") == data
    assert marked(recording, "retain_on_delete") == data
    assert probed(recording, "target")[1] >= {"agent-images-vpc-attachment"}


def test_without_a_network_prod_has_no_private_door() -> None:
    assert registry("prod").of_type(ATTACHMENT) == []


@pytest.mark.parametrize(
    ("profile", "edition"),
    [({}, "basic"), ({"size": "medium"}, "standard"), ({"private_access": True}, "standard")],
)
def test_edition_follows_the_profile(profile: dict[str, Any], edition: str) -> None:
    assert registry(profile=profile).get(INSTANCE).inputs["instanceType"] == edition


def test_edition_can_be_set() -> None:
    assert registry(native=RegistryNative(edition="premium")).get(INSTANCE).inputs["instanceType"] == "premium"


def test_the_namespace_is_private_and_goes_with_the_instance() -> None:
    recording = registry()
    namespace, instance = recording.get(NAMESPACE), recording.get(INSTANCE)
    assert namespace.inputs == {
        "instanceId": instance.id, "name": "qiao-dev-agent-images", "isPublic": False, "isAutoScan": False,
        "isPreventVul": False,
    }  # fmt: skip
    assert behind(namespace, "instanceId") == {"agent-images-instance"}
    assert namespace.deleted_with == instance.urn, "it cannot go while it holds what a push made"
    assert registry(namespace="team.one").get(NAMESPACE).inputs["name"] == "team.one"


def test_repositories_are_declared_in_the_namespace_and_wait_for_it() -> None:
    recording = registry(repositories=["app", "job.v2"])
    instance = recording.get(INSTANCE)
    for image in ("app", "job.v2"):
        repository = recording.get(REPOSITORY, f"agent-images-repository-{image}")
        assert repository.inputs == {
            "instanceId": instance.id, "namespaceName": "qiao-dev-agent-images", "name": image,
            "briefDesc": f"Image {image}",
        }  # fmt: skip
        assert behind(repository, "namespaceName") == {"agent-images-namespace"}
        assert repository.deleted_with == instance.urn
        assert probed(recording, "target")[1] >= {repository.name}, "who pushes finds it there"
    assert registry().of_type(REPOSITORY) == []


def test_the_login_may_push_into_its_namespace_alone_for_years_and_its_password_is_secret() -> None:
    recording = registry()
    account = recording.get(ACCOUNT)
    assert account.inputs == {
        "registryId": recording.get(INSTANCE).id, "name": "qiao-dev-agent-images",
        "permissions": [
            {
                "resource": "qiao-dev-agent-images",
                "actions": ["tcr:CreateRepository", "tcr:PullRepository", "tcr:PushRepository"],
            }
        ],
        "description": "Pushes images of qiao dev", "duration": 3650, "disable": False,
    }, "no tags: the provider would fail on them, and leave half a login behind"  # fmt: skip
    assert behind(account, "permissions") == {"agent-images-namespace"}
    assert account.replace_on_changes == ("registryId", "name"), "refused in place"
    assert account.delete_before_replace is True, "its name is taken as long as the old one is there"
    assert "password" in account.additional_secret_outputs
    user, gates = probed(recording, "user")
    assert user == "tcr$qiao-dev-agent-images", "what `docker login` wants, which the resource does not say"
    assert gates == {"agent-images-account"}
    password, gates = probed(recording, "password")
    assert password == account.outputs["password"]
    assert isinstance(password, Secret)
    assert gates == {"agent-images-account"}
    holders = [r.name for r in recording.resources if r.type != PROBE and is_secret(r.inputs)]
    assert holders == []
    assert registry(native=RegistryNative(login_days=90)).get(ACCOUNT).inputs["duration"] == 90


def test_a_tag_of_prod_stays_what_it_is() -> None:
    recording = registry("prod")
    rule = recording.get(IMMUTABLE)
    assert rule.inputs == {
        "registryId": recording.get(INSTANCE).id, "namespaceName": "qiao-prod-agent-images",
        "rule": {
            "repositoryDecoration": "repoMatches", "repositoryPattern": "**", "tagDecoration": "matches",
            "tagPattern": "**", "disabled": False,
        },
    }  # fmt: skip
    assert behind(rule, "namespaceName") == {"agent-images-namespace"}
    assert rule.replace_on_changes == ("registryId", "namespaceName"), "refused in place"
    assert rule.delete_before_replace is True


@pytest.mark.parametrize(
    ("stage", "native", "fixed", "scanned"),
    [("prod", {"immutable_tags": False}, False, True), ("dev", {"immutable_tags": True, "scan": True}, True, True)],
)
def test_immutable_tags_and_scans_can_be_set(stage: Stage, native: dict[str, bool], fixed: bool, scanned: bool) -> None:
    recording = registry(stage, native=RegistryNative(**native))  # type: ignore[arg-type]
    assert bool(recording.of_type(IMMUTABLE)) is fixed
    assert recording.get(NAMESPACE).inputs["isAutoScan"] is scanned


def test_without_blocks_the_public_door_is_closed_and_closing_it_leaves_its_policies_alone() -> None:
    instance = registry().get(INSTANCE)
    assert instance.inputs["openPublicOperation"] is False
    assert "securityPolicies" not in instance.inputs, "closed with a policy is refused"
    assert instance.ignore_changes == ("securityPolicies",), "taking them off waits for a door that is being closed"


def test_the_public_door_opens_for_the_blocks_alone() -> None:
    instance = registry(public_cidrs=OFFICE).get(INSTANCE)
    assert instance.inputs["openPublicOperation"] is True
    assert instance.inputs["securityPolicies"] == [
        {"cidrBlock": "203.0.113.0/24", "description": "pushes images"},
        {"cidrBlock": "198.51.100.7/32", "description": "pushes images"},
    ]
    assert instance.ignore_changes == (), "a changed list is a change"


def test_the_world_is_let_in_in_dev_alone() -> None:
    policies = registry(public_cidrs=["0.0.0.0/0"]).get(INSTANCE).inputs["securityPolicies"]
    assert [policy["cidrBlock"] for policy in policies] == ["0.0.0.0/0"]
    with pytest.raises(UserError) as error:
        registry("prod", public_cidrs=["0.0.0.0/0"])
    assert str(error.value) == (
        "RegistryArgs.public_cidrs: 0.0.0.0/0 opens the registry to the world; name the blocks that push images"
    )


def test_images_are_named_by_the_one_host_once_the_namespace_is_there() -> None:
    recording = registry(public_cidrs=OFFICE)
    host = f"{recording.get(INSTANCE).inputs['name']}.tencentcloudcr.com"
    target, gates = probed(recording, "target")
    assert target == f"{host}/qiao-dev-agent-images"
    assert gates == {"agent-images-instance", "agent-images-namespace"}
    assert probed(recording, "image")[0] == f"{host}/qiao-dev-agent-images/app:1.0"
    assert probed(recording, "pulled") == probed(recording, "image"), "functions pull by the host that is pushed to"
    outputs = recording.get("qiao:tencentcloud:Registry").outputs
    assert outputs["pull_endpoint"] == outputs["endpoint"] == host
    assert probed(recording, "instance") == (recording.get(INSTANCE).id, {"agent-images-instance"})


def test_a_first_preview_knows_no_host_and_keeps_every_edge() -> None:
    recording = registry("prod", preview=True, public_cidrs=OFFICE, network=no_network(), repositories=["app"])
    target, gates = probed(recording, "target")
    assert target is UNKNOWN
    assert gates == {
        "agent-images-instance", "agent-images-namespace", "agent-images-repository-app", "agent-images-vpc-attachment"
    }  # fmt: skip
    assert probed(recording, "password")[0] == Secret(UNKNOWN)
    assert recording.get(INSTANCE).inputs["instanceType"] == "standard"
    assert recording.get(ACCOUNT).inputs["registryId"] is UNKNOWN


def test_two_side_by_side_share_nothing() -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        for name in ("agent-images", "agent-bases"):
            Registry(name, RegistryArgs(scope=scope, public_cidrs=OFFICE), opts)

    recording = recorded(build)
    for kind in (INSTANCE, NAMESPACE, ACCOUNT):
        one, two = recording.of_type(kind)
        assert one.inputs["name"] != two.inputs["name"]
    bases = [r for r in recording.resources if r.name.startswith("agent-bases-")]
    assert {name for r in bases for name in waits_for(r) if name.startswith("agent-images")} == set()


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            {"namespace": "a" * 31},
            f"RegistryArgs.namespace of agent-images: '{'a' * 31}' is not valid;"
            " use 2 to 30 characters on this cloud",
        ),
        ({"native": 1}, "RegistryArgs.native of agent-images: int is not for tencentcloud; give a RegistryNative"),
        (
            {"repositories": ["app", "app"]},
            "RegistryArgs.repositories: 'app' is given twice; give each once",
        ),
    ],
)  # fmt: skip
def test_what_the_service_would_refuse_is_refused_before(args: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        registry(**args)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("native", "message"),
    [
        ({"edition": "Micro"}, "RegistryNative.edition: 'Micro' is unknown; use one of basic, premium, standard"),
        ({"login_days": 0}, "RegistryNative.login_days: 0 is out of range; use 1 to 3650 days"),
    ],
)
def test_wrong_extras_are_refused(native: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        RegistryNative(**native)
    assert str(error.value) == message
