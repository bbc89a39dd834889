from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.alicloud.registry import PASSWORD_SPECIAL, Registry, RegistryNative
from components.alicloud.registry_settings import enterprise_host, personal_host, private_host
from components.errors import UserError
from components.registry import RegistryArgs
from components.scope import Scope
from qiao.plan.recording import UNKNOWN, Recording, Secret, reveal
from tests.components.alicloud.support import (
    PASSWORD,
    PROBE,
    REGION,
    Stage,
    behind,
    marked,
    no_network,
    probe,
    probed,
    recorded,
    scope_of,
    tags_of,
    waits_for,
)

PERSONAL, PERSONAL_REPO = "alicloud:cr/namespace:Namespace", "alicloud:cr/repo:Repo"
INSTANCE = "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance"
NAMESPACE = "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace"
REPO = "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo"
ENDPOINT, ALLOW = "alicloud:cr/internetEndpoint:InternetEndpoint", "alicloud:cr/endpointAclPolicy:EndpointAclPolicy"
LINK = "alicloud:cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc"
OFFICE = ("203.0.113.0/24", "198.51.100.7")
ENTERPRISE = RegistryNative(edition="Enterprise")
LOGIN, KNOWN = "pa55-w0rd-of-nobody", "robot@1234567890123456"


def registry(
    stage: Stage = "dev", *, preview: bool = False, profile: dict[str, Any] | None = None, **args: Any
) -> Recording:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        it = Registry("agent-images", RegistryArgs(scope=scope, **args), opts)
        image = it.image("app", "1.0")
        for name, value in {
            "target": it.push_target, "image": image, "pulled": it.pulled(image), "user": it.username,
            "password": it.password, "pull": it.pull_endpoint,
        }.items():  # fmt: skip
            probe(name, value)

    return recorded(build, stage, preview=preview, **(profile or {}))


def hosts(recording: Recording) -> tuple[str, str]:
    """Public and private host of the enterprise instance."""
    public = f"{recording.get(INSTANCE).inputs['instanceName']}-registry.{REGION}.cr.aliyuncs.com"
    return public, public.replace("-registry.", "-registry-vpc.")


def test_dev_is_a_private_namespace_of_the_personal_edition_under_a_name_that_is_the_regions() -> None:
    recording = registry(network=no_network())
    namespace, suffix = recording.get(PERSONAL), recording.get(PROBE, "agent-images-suffix")
    assert namespace.inputs == {
        "name": f"qiao-dev-agent-images-{suffix.outputs['hex']}", "autoCreate": True, "defaultVisibility": "PRIVATE",
    }  # fmt: skip
    assert behind(namespace, "name") == {"agent-images-suffix"}
    for kind in (INSTANCE, NAMESPACE, ENDPOINT, ALLOW, LINK, PASSWORD):
        assert recording.of_type(kind) == [], f"{kind} costs, or belongs to the other edition"
    assert marked(recording, "protect") | marked(recording, "retain_on_delete") == set()


def test_a_chosen_namespace_of_the_personal_edition_has_a_suffix_too() -> None:
    recording = registry(namespace="team-one")
    suffix = recording.get(PROBE, "agent-images-suffix").outputs["hex"]
    assert recording.get(PERSONAL).inputs["name"] == f"team-one-{suffix}"
    assert probed(recording, "target")[0].endswith(f"/team-one-{suffix}")
    long = registry(namespace="a-stage-with-a-very-long-name").get(PERSONAL).inputs["name"]
    assert len(long) == 30, "what the service takes"
    assert long.startswith("a-stage-with-a-v")


def test_personal_repositories_are_private_and_then_the_only_ones() -> None:
    recording = registry(repositories=["app", "job"])
    namespace = recording.get(PERSONAL)
    assert namespace.inputs["autoCreate"] is False
    for image in ("app", "job"):
        repository = recording.get(PERSONAL_REPO, f"agent-images-repository-{image}")
        assert repository.inputs == {
            "namespace": namespace.inputs["name"], "name": image, "repoType": "PRIVATE", "summary": f"Image {image}",
        }  # fmt: skip
        assert behind(repository, "namespace") == {namespace.name}
        assert probed(recording, "target")[1] >= {repository.name}
        assert probed(recording, "pull")[1] >= {repository.name}
    both = registry(repositories=["app"], native=RegistryNative(auto_create=True)).get(PERSONAL)
    assert both.inputs["autoCreate"] is True


def test_images_are_pushed_from_outside_and_pulled_from_inside() -> None:
    recording = registry()
    namespace = recording.get(PERSONAL).inputs["name"]
    assert probed(recording, "target")[0] == f"registry.{REGION}.aliyuncs.com/{namespace}"
    assert probed(recording, "image")[0] == f"registry.{REGION}.aliyuncs.com/{namespace}/app:1.0"
    assert probed(recording, "pulled")[0] == f"registry-vpc.{REGION}.aliyuncs.com/{namespace}/app:1.0"


def test_a_personal_instance_with_a_host_of_its_own() -> None:
    host = f"crpi-4f7d0c1e.{REGION}.personal.cr.aliyuncs.com"
    recording = registry(native=RegistryNative(host=host))
    assert probed(recording, "target")[0].split("/")[0] == host
    assert probed(recording, "pull")[0] == f"crpi-4f7d0c1e-vpc.{REGION}.personal.cr.aliyuncs.com"


def test_a_login_that_only_a_person_knows_is_empty_and_not_made_up() -> None:
    recording = registry()
    assert probed(recording, "user")[0] == ""
    assert probed(recording, "password")[0] == Secret("")


def test_a_login_from_the_console_is_handed_on_the_password_as_a_secret() -> None:
    native = RegistryNative(username=KNOWN, password=LOGIN)
    recording = registry(native=native)
    assert probed(recording, "user")[0] == KNOWN
    assert probed(recording, "password")[0] == Secret(LOGIN)
    assert recording.get("qiao:alicloud:Registry").outputs["password"] == Secret(LOGIN)
    assert LOGIN not in repr(native)


@pytest.mark.parametrize(
    ("native", "known"),
    [
        (RegistryNative(), False),
        (RegistryNative(username=KNOWN), False),
        (RegistryNative(username=KNOWN, password=LOGIN), True),
        (ENTERPRISE, False),
        (RegistryNative(edition="Enterprise", username=KNOWN), True),
        (RegistryNative(edition="Enterprise", username=KNOWN, fixed_password=False), False),
    ],
)
def test_up_pushes_only_with_a_user_and_a_password(native: RegistryNative, known: bool) -> None:
    args = RegistryArgs(scope=scope_of(), native=native)
    assert Registry.login_known(args) is known
    seen: list[bool] = []
    recorded(lambda scope, opts: seen.append(Registry("r", RegistryArgs(scope=scope, native=native), opts).can_push))
    assert seen == [known]


def test_prod_is_an_instance_of_its_own_with_a_generated_password() -> None:
    recording = registry("prod", network=no_network())
    instance, password = recording.get(INSTANCE), recording.get(PASSWORD)
    suffix = recording.get(PROBE, "agent-images-suffix").outputs["hex"]
    assert len(instance.inputs["instanceName"]) <= 30
    assert instance.inputs["instanceName"] == f"qiao-prod-agent-images-{suffix}"
    assert (instance.inputs["instanceType"], instance.inputs["paymentType"]) == ("Basic", "Subscription")
    assert instance.inputs["tags"] == tags_of("agent-images", "prod")
    assert instance.inputs["password"] == Secret(reveal(password.outputs["result"]))
    assert behind(instance, "password") == {"agent-images-password"}
    assert 8 <= password.inputs["length"] <= 32
    assert password.inputs["overrideSpecial"] == PASSWORD_SPECIAL
    assert probed(recording, "password")[0] == instance.inputs["password"]
    assert recording.of_type(PERSONAL) == []


def test_what_was_bought_once_is_not_bought_again() -> None:
    prod, dev = registry("prod").get(INSTANCE), registry(native=ENTERPRISE).get(INSTANCE)
    assert (prod.inputs["period"], prod.inputs["renewalStatus"], prod.inputs["renewPeriod"]) == (1, "AutoRenewal", 1)
    assert (dev.inputs["period"], dev.inputs["renewalStatus"]) == (1, "ManualRenewal")
    assert "renewPeriod" not in dev.inputs
    assert prod.ignore_changes == ("period", "paymentType", "renewalStatus", "renewPeriod")
    asked = registry(native=RegistryNative(edition="Enterprise", months=12, auto_renew=True)).get(INSTANCE)
    assert (asked.inputs["period"], asked.inputs["renewalStatus"], asked.inputs["renewPeriod"]) == (
        12, "AutoRenewal", 1
    )  # fmt: skip


def test_another_type_is_another_instance_since_the_provider_would_do_nothing() -> None:
    instance = registry("prod", native=RegistryNative(instance_type="Standard")).get(INSTANCE)
    assert instance.inputs["instanceType"] == "Standard"
    assert instance.replace_on_changes == ("instanceType",)
    assert instance.delete_before_replace is True, "the name is taken as long as the old instance is there"
    assert instance.custom_timeouts == {"create": "20m", "delete": "20m"}


def test_a_role_deploys_without_a_password() -> None:
    recording = registry("prod", native=RegistryNative(fixed_password=False))
    assert "password" not in recording.get(INSTANCE).inputs
    assert recording.of_type(PASSWORD) == []
    assert probed(recording, "password")[0] == Secret("")


@pytest.mark.parametrize(
    ("profile", "native", "enterprise"),
    [
        ({}, None, False),
        ({"private_access": True}, None, True),
        ({"size": "large", "protect": True}, None, False),
        ({"private_access": True}, RegistryNative(edition="Personal"), False),
        ({}, ENTERPRISE, True),
    ],
)
def test_edition_follows_private_access_or_what_is_set(
    profile: dict[str, Any], native: RegistryNative | None, enterprise: bool
) -> None:
    recording = registry(profile=profile, native=native)
    assert bool(recording.of_type(INSTANCE)) is enterprise
    assert bool(recording.of_type(PERSONAL)) is not enterprise


def test_namespace_and_repositories_of_an_instance_are_private() -> None:
    recording = registry("prod", namespace="team.one", repositories=["app"])
    instance, namespace = recording.get(INSTANCE), recording.get(NAMESPACE)
    assert namespace.inputs == {
        "instanceId": instance.id, "name": "team.one", "autoCreate": False, "defaultVisibility": "PRIVATE",
    }  # fmt: skip
    repository = recording.get(REPO, "agent-images-repository-app")
    assert repository.inputs == {
        "instanceId": instance.id, "namespace": "team.one", "name": "app", "repoType": "PRIVATE",
        "summary": "Image app", "tagImmutability": True,
    }  # fmt: skip
    assert behind(repository, "namespace") == {namespace.name}
    assert behind(repository, "instanceId") == {instance.name}
    assert probed(recording, "target")[1] >= {namespace.name, repository.name}
    assert registry("prod").get(NAMESPACE).inputs["name"] == "qiao-prod-agent-images"
    assert registry("prod").get(NAMESPACE).inputs["autoCreate"] is True


@pytest.mark.parametrize(
    ("stage", "native", "fixed"),
    [
        ("prod", RegistryNative(), True),
        ("prod", RegistryNative(immutable_tags=False), False),
        ("dev", ENTERPRISE, False),
        ("dev", RegistryNative(edition="Enterprise", immutable_tags=True), True),
    ],
)
def test_a_tag_stays_what_it_was_where_moving_ones_are_refused(
    stage: Stage, native: RegistryNative, fixed: bool
) -> None:
    assert registry(stage, repositories=["app"], native=native).get(REPO).inputs["tagImmutability"] is fixed


def test_prod_has_a_door_into_the_network_and_functions_pull_through_it() -> None:
    recording = registry("prod", network=no_network(), public_cidrs=OFFICE)
    link = recording.get(LINK)
    assert link.inputs == {
        "instanceId": recording.get(INSTANCE).id, "moduleName": "Registry", "vpcId": "vpc-there", "vswitchId": "vsw-a",
        "enableCreateDnsRecordInPvzt": True,
    }  # fmt: skip
    assert link.delete_before_replace is True, "a network has one door"
    assert link.replace_on_changes == ("enableCreateDnsRecordInPvzt",), "the provider takes a change and sends nothing"
    assert link.custom_timeouts == {"create": "10m", "delete": "10m"}
    pulled, gates = probed(recording, "pulled")
    assert pulled == f"{hosts(recording)[1]}/qiao-prod-agent-images/app:1.0"
    assert gates >= {"agent-images-vpc-endpoint", "agent-images-namespace", "agent-images-instance"}
    assert "agent-images-vpc-endpoint" not in probed(recording, "target")[1], "who pushes needs no door inside"
    assert probed(recording, "pull")[1].isdisjoint({"agent-images-endpoint", "agent-images-allow-203.0.113.0-24"})


def test_prod_keeps_what_holds_images() -> None:
    recording = registry("prod", network=no_network(), public_cidrs=OFFICE, repositories=["app"])
    data = {"agent-images-instance", "agent-images-namespace", "agent-images-repository-app"}
    assert marked(recording, "protect") == data | {"agent-images-password"}
    assert marked(recording, "retain_on_delete") == data


def test_without_blocks_images_are_pushed_from_inside() -> None:
    recording = registry("prod", network=no_network())
    assert recording.of_type(ENDPOINT) + recording.of_type(ALLOW) == []
    target, gates = probed(recording, "target")
    assert target == f"{hosts(recording)[1]}/qiao-prod-agent-images"
    assert gates >= {"agent-images-vpc-endpoint"}


def test_without_a_door_inside_functions_pull_where_images_are_pushed() -> None:
    recording = registry("prod", public_cidrs=OFFICE)
    assert recording.of_type(LINK) == []
    assert probed(recording, "pulled")[0] == probed(recording, "image")[0]
    assert probed(recording, "pull")[0] == hosts(recording)[0]


def test_the_public_door_opens_for_the_blocks_alone_one_after_the_other() -> None:
    recording = registry("prod", public_cidrs=OFFICE)
    endpoint, instance = recording.get(ENDPOINT), recording.get(INSTANCE)
    assert endpoint.inputs == {"instanceId": instance.id}
    assert endpoint.ignore_changes == ("entries",), "it reports the whole list, and would empty it"
    one = recording.get(ALLOW, "agent-images-allow-203.0.113.0-24")
    two = recording.get(ALLOW, "agent-images-allow-198.51.100.7-32")
    assert {r.name for r in recording.of_type(ALLOW)} == {one.name, two.name}
    assert (one.inputs["entry"], two.inputs["entry"]) == ("203.0.113.0/24", "198.51.100.7/32")
    for entry in (one, two):
        assert (entry.inputs["endpointType"], entry.inputs["moduleName"]) == ("internet", "Registry")
        assert entry.inputs["instanceId"] == instance.id
        assert behind(entry, "instanceId") == {"agent-images-endpoint"}, "an entry sent before the door is on is lost"
        assert entry.delete_before_replace is True, "an entry that is still there is refused"
    assert one.name in waits_for(two)
    assert two.name not in waits_for(one)
    target, gates = probed(recording, "target")
    assert target == f"{hosts(recording)[0]}/qiao-prod-agent-images"
    assert gates >= {one.name, two.name, endpoint.name, "agent-images-namespace"}


def test_the_world_is_let_in_in_dev_alone() -> None:
    dev = registry(public_cidrs=["0.0.0.0/0"], native=ENTERPRISE)
    assert dev.get(ALLOW).inputs["entry"] == "0.0.0.0/0"
    assert registry(public_cidrs=["0.0.0.0/0"]).of_type(PERSONAL), "which is what the personal edition does"
    with pytest.raises(UserError) as error:
        registry("prod", public_cidrs=["0.0.0.0/0"])
    assert str(error.value) == (
        "RegistryArgs.public_cidrs: 0.0.0.0/0 opens the registry to the world; name the blocks that push images"
    )


def test_a_first_preview_of_prod_knows_no_host_and_keeps_every_edge() -> None:
    recording = registry("prod", preview=True, network=no_network(), public_cidrs=OFFICE, repositories=["app"])
    target, gates = probed(recording, "target")
    assert target is UNKNOWN
    assert gates >= {"agent-images-endpoint", "agent-images-allow-198.51.100.7-32", "agent-images-repository-app"}
    pulled, gates = probed(recording, "pulled")
    assert pulled is UNKNOWN
    assert gates >= {"agent-images-vpc-endpoint", "agent-images-repository-app"}
    instance = recording.get(INSTANCE)
    assert (instance.inputs["password"], instance.inputs["instanceType"]) == (Secret(UNKNOWN), "Basic")


def test_a_first_preview_of_dev_knows_no_namespace_and_keeps_its_edge() -> None:
    recording = registry(preview=True, repositories=["app"])
    assert recording.get(PERSONAL).inputs["name"] is UNKNOWN
    target, gates = probed(recording, "target")
    assert target is UNKNOWN
    assert gates >= {"agent-images-namespace", "agent-images-repository-app"}


@pytest.mark.parametrize("native", [None, ENTERPRISE])
def test_two_side_by_side_share_nothing(native: RegistryNative | None) -> None:
    def build(scope: Scope, opts: pulumi.ResourceOptions) -> None:
        blocks = OFFICE if native else ()
        for name in ("agent-images", "agent-bases"):
            Registry(name, RegistryArgs(scope=scope, public_cidrs=blocks, repositories=["a1"], native=native), opts)

    recording = recorded(build)
    kind, key = (INSTANCE, "instanceName") if native else (PERSONAL, "name")
    one, two = recording.of_type(kind)
    assert one.inputs[key] != two.inputs[key]
    assert {n for r in recording.resources if r.name.startswith("agent-bases") for n in waits_for(r)}.isdisjoint(
        {r.name for r in recording.resources if r.name.startswith("agent-images")}
    )


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            {"public_cidrs": OFFICE},
            "RegistryArgs.public_cidrs: the Personal edition is open to all who log in;"
            " leave 203.0.113.0/24 out, or set native.registry.edition to Enterprise",
        ),
        (
            {"namespace": "team.one"},
            "RegistryArgs.namespace: the Personal edition takes no '.';"
            " use '-' or '_', or set native.registry.edition to Enterprise",
        ),
        (
            {"repositories": ["a" * 31]},
            f"RegistryArgs.repositories: '{'a' * 31}' is longer than the 30 characters of the Personal edition;"
            " shorten it, or set native.registry.edition to Enterprise",
        ),
        (
            {"native": RegistryNative(months=12)},
            "RegistryNative.months: it says nothing to the Personal edition;"
            " leave it out, or set edition to Enterprise",
        ),
        (
            {"native": RegistryNative(fixed_password=False)},
            "RegistryNative.fixed_password: it says nothing to the Personal edition;"
            " leave it out, or set edition to Enterprise",
        ),
        (
            {"native": RegistryNative(edition="Enterprise", password=LOGIN)},
            "RegistryNative.password: it says nothing to the Enterprise edition; leave it out: one is generated",
        ),
        (
            {"native": RegistryNative(edition="Enterprise", host="images.example.com")},
            "RegistryNative.host: it says nothing to the Enterprise edition; leave it out: its name makes its host",
        ),
        (
            {"native": "micro"},
            "RegistryArgs.native of agent-images: str is not for alicloud; give a RegistryNative",
        ),
    ],
)
def test_what_an_edition_would_do_otherwise_is_refused_before_anything_is_declared(
    args: dict[str, Any], message: str
) -> None:
    with pytest.raises(UserError) as error:
        Registry.check("agent-images", RegistryArgs(scope=scope_of(), **args))
    assert str(error.value) == message
    with pytest.raises(UserError) as error:
        registry(**args)
    assert str(error.value) == message
    assert LOGIN not in message


@pytest.mark.parametrize(
    ("native", "message"),
    [
        ({"edition": "Micro"}, "RegistryNative.edition: 'Micro' is unknown; use one of Enterprise, Personal"),
        (
            {"instance_type": "Tiny"},
            "RegistryNative.instance_type: 'Tiny' is unknown; use one of Advanced, Basic, Economy, Standard",
        ),
        ({"months": 0}, "RegistryNative.months: 0 is out of range; use 1 to 36 months"),
        (
            {"host": "https://images.example.com/a"},
            "RegistryNative.host: 'https://images.example.com/a' is not valid;"
            " use a bare host name, without https:// and path",
        ),
        ({"password": ""}, "RegistryNative.password: it is empty; give the one that is set in the console"),
    ],
)
def test_wrong_extras_are_refused(native: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError) as error:
        RegistryNative(**native)
    assert str(error.value) == message


def test_hosts_as_the_cloud_documents_them() -> None:
    assert personal_host("cn-beijing") == "registry.cn-beijing.aliyuncs.com"
    assert private_host(personal_host("cn-beijing")) == "registry-vpc.cn-beijing.aliyuncs.com"
    assert enterprise_host("shop", "cn-shanghai") == "shop-registry.cn-shanghai.cr.aliyuncs.com"
    assert private_host(enterprise_host("shop", "cn-shanghai")) == "shop-registry-vpc.cn-shanghai.cr.aliyuncs.com"
    own = "crpi-1a2b.cn-hangzhou.personal.cr.aliyuncs.com"
    assert private_host(own) == "crpi-1a2b-vpc.cn-hangzhou.personal.cr.aliyuncs.com"
