"""The public contract checks themselves: each lets good work pass, and names what is wrong without telling a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_random as random
import pulumi_volcengine as volcengine
import pytest
from pulumi_volcengine import vpc

from qiao.plan.recorder import record
from qiao.plan.recording import Recording
from qiao.testing import contract

VPC = "volcengine:vpc/vpc:Vpc"
RED = [vpc.VpcTagArgs(key="team", value="red")]
SECRET = "s3cr3t / 100%"


class Part(pulumi.ComponentResource):
    """A small component, made as a test needs it."""

    def __init__(self, name: str, make: Callable[[Part], dict[str, Any] | None], provider: Any = None) -> None:
        super().__init__("test:index:Part", name, None, pulumi.ResourceOptions(provider=provider))
        outputs = make(self)
        if outputs is not None:
            self.register_outputs(outputs)

    def below(self, **more: Any) -> pulumi.ResourceOptions:
        return pulumi.ResourceOptions(parent=self, **more)


def part(make: Callable[[Part], dict[str, Any] | None], *, provided: bool = True) -> Recording:
    def program() -> None:
        Part("it", make, volcengine.Provider("explicit", region="cn-beijing") if provided else None)

    return record(program)


def a_vpc(part: Part, name: str = "it-vpc", **more: Any) -> vpc.Vpc:
    opts = more.pop("opts", None) or part.below()
    return vpc.Vpc(name, cidr_block="10.0.0.0/16", vpc_name=more.pop("vpc_name", name), opts=opts, **more)


def refused(check: Callable[[], None], *words: str) -> None:
    with pytest.raises(AssertionError) as caught:
        check()
    assert [word for word in words if word not in str(caught.value)] == []
    assert SECRET not in str(caught.value)


def test_parents() -> None:
    contract.check_parents(part(lambda it: {"id": a_vpc(it).id}), "it")
    beside = part(lambda it: {"id": a_vpc(it, opts=pulumi.ResourceOptions(provider=None)).id})
    refused(lambda: contract.check_parents(beside, "it"), "it-vpc", "not below it")
    stray = part(lambda it: {"id": a_vpc(it, "other", opts=pulumi.ResourceOptions()).id})
    refused(lambda: contract.check_parents(stray, "it"), "other", "no component above")


def test_type_and_names() -> None:
    recording = part(lambda it: {"id": a_vpc(it).id})
    contract.check_type(recording, "it", "test:index:Part")
    contract.check_names(recording, "it")
    refused(lambda: contract.check_type(recording, "it", "test:index:Other"), "test:index:Part")
    refused(lambda: contract.check_names(part(lambda it: {"id": a_vpc(it, "vpc").id}), "it"), f"{VPC} vpc")
    refused(lambda: contract.check_names(part(lambda it: {}), "it"), "without children")
    refused(lambda: contract.check_names(recording, "who"), "0 components are named who")


def test_provider() -> None:
    contract.check_provider(part(lambda it: {"id": a_vpc(it).id}), "it", "volcengine", "explicit")
    default = part(lambda it: {"id": a_vpc(it).id}, provided=False)
    refused(lambda: contract.check_provider(default, "it", "volcengine", "explicit"), "it-vpc", "default")
    nothing = part(lambda it: {"id": random.RandomId("it-id", byte_length=3, opts=it.below()).hex})
    refused(lambda: contract.check_provider(nothing, "it", "volcengine", "explicit"), "nothing of package volcengine")


def test_tags() -> None:
    tagged = part(lambda it: {"id": a_vpc(it, tags=RED).id})
    contract.check_tags(tagged, "it", {"team": "red"})
    refused(lambda: contract.check_tags(tagged, "it", {"team": "blue", "stage": "dev"}), "it-vpc lacks stage, team")
    contract.check_tags(tagged, "it", {"team": "blue"}, exempt=[VPC])


@pytest.mark.parametrize(
    "tags", [{"a": "1"}, [{"key": "a", "value": "1"}], [{"tagKey": "a", "tagValue": "1"}]], ids=["map", "list", "other"]
)
def test_tags_of_every_shape(tags: Any) -> None:
    assert contract.tag_map(tags) == {"a": "1"}


def test_outputs() -> None:
    def check(make: Callable[[Part], dict[str, Any] | None], **more: Any) -> None:
        contract.check_outputs(part(make), "it", ("id", "key"), **more)

    check(lambda it: {"id": a_vpc(it).id, "key": pulumi.Output.secret("x")}, secret=["key"])
    check(lambda it: {"id": a_vpc(it).id, "key": None}, optional=["key"], secret=["key"])
    refused(lambda: check(lambda it: {"id": a_vpc(it).id, "key": None}), "documented, but not registered", "key")
    refused(lambda: check(lambda it: {"id": "1", "key": "2", "more": "3"}), "registered, but not documented", "more")
    refused(lambda: check(lambda it: {"id": "1", "key": SECRET}, secret=["key"]), "in clear", "key")
    refused(lambda: check(lambda it: None), "registered 0 times")


@pytest.mark.parametrize(
    "text",
    [SECRET, f"before {SECRET} after", "s3cr3t%20%2F%20100%25", "czNjcjN0IC8gMTAwJQ=="],
    ids=["as-it-is", "inside", "in-a-url", "base64"],
)
def test_a_secret_in_clear_is_found_however_it_is_dressed(text: str) -> None:
    leaky = part(lambda it: {"id": a_vpc(it, description=text).id})
    refused(lambda: contract.check_hidden(leaky, [SECRET]), "it-vpc", "description")
    wrapped = part(lambda it: {"id": a_vpc(it, description=pulumi.Output.secret(text)).id})
    contract.check_hidden(wrapped, [SECRET])


def test_a_secret_is_found_in_names_keys_and_outputs() -> None:
    refused(lambda: contract.check_hidden(part(lambda it: {"deep": [{SECRET: 1}]}), [SECRET]), "output.deep")
    exported = record(lambda: pulumi.export("url", f"https://u:{SECRET}@host"))
    refused(lambda: contract.check_hidden(exported, [SECRET]), "stack output.url")


def test_generated_secrets_are_known() -> None:
    recording = part(lambda it: {"p": random.RandomPassword("it-password", length=20, opts=it.below()).result})
    passwords = contract.secret_outputs(recording)
    assert recording.get("random:index/randomPassword:RandomPassword").outputs["result"].value in passwords
    contract.check_hidden(recording, passwords)
    clear = pulumi.Output.unsecret
    leaky = part(lambda it: {"p": clear(random.RandomPassword("it-password", length=20, opts=it.below()).result)})
    refused(lambda: contract.check_hidden(leaky, passwords), "output.p")


def test_protection() -> None:
    def check(recording: Recording, protect: bool, retain: bool) -> None:
        contract.check_protected(recording, "it", stateful=[VPC], retained=[VPC], protect=protect, retain=retain)

    kept = part(lambda it: {"id": a_vpc(it, opts=it.below(protect=True, retain_on_delete=True)).id})
    plain = part(lambda it: {"id": a_vpc(it).id})
    check(kept, True, True)
    check(plain, False, False)
    refused(lambda: check(plain, True, False), "it-vpc", "lacks protect")
    refused(lambda: check(plain, False, True), "it-vpc", "lacks retain_on_delete")
    refused(lambda: check(kept, False, True), "it-vpc", "has protect without cause")
    refused(lambda: check(kept, True, False), "it-vpc", "has retain_on_delete without cause")


def test_physical_names() -> None:
    def two(first: str, second: str) -> Recording:
        return part(lambda it: {"a": a_vpc(it, "it-a", vpc_name=first).id, "b": a_vpc(it, "it-b", vpc_name=second).id})

    contract.check_distinct(two("one", "two"), {VPC: "vpcName"})
    refused(lambda: contract.check_distinct(two("one", "one"), {VPC: "vpcName"}), "'one'", "used twice")


def test_differences_name_what_differs_and_no_value() -> None:
    def built(**more: Any) -> Recording:
        return part(lambda it: {"id": a_vpc(it, **more).id})

    before, after = built(), built(description=SECRET)
    contract.check_same(before, built())
    refused(lambda: contract.check_same(before, after), f"{VPC}.description")
    options = part(lambda it: {"id": a_vpc(it, opts=it.below(protect=True)).id})
    assert contract.differences(before.resources, options.resources) == [f"{VPC}#protect"]


def test_growth() -> None:
    def built(*names: str, **more: Any) -> Recording:
        return part(lambda it: {name: a_vpc(it, name, vpc_name=more.get(name, name)).id for name in names})

    contract.check_grown(built("it-a"), built("it-a", "it-b"))
    refused(lambda: contract.check_grown(built("it-a"), built("it-a")), "adds nothing")
    refused(lambda: contract.check_grown(built("it-a"), built("it-b")), f"- {VPC}")
    moved = built("it-a", "it-b", **{"it-a": "other"})
    refused(lambda: contract.check_grown(built("it-a"), moved), f"{VPC}.vpcName")
    contract.check_grown(built("it-a"), moved, allowed=[f"{VPC}.vpcName"])


def test_data_sources() -> None:
    def asking(parented: bool) -> Recording:
        def make(it: Part) -> dict[str, Any]:
            opts = pulumi.InvokeOutputOptions(parent=it) if parented else None
            found = volcengine.dns.get_zones_output(key="example.com", opts=opts)
            return {"zones": found.zones.apply(lambda zones: len(zones or []))}

        return part(make)

    contract.check_invokes(asking(True), "volcengine", ["explicit"])
    refused(lambda: contract.check_invokes(asking(False), "volcengine", ["explicit"]), "getZones", "default")
    refused(lambda: contract.check_unmixed(asking(True), "volcengine", "explicit", "other"), "getZones")
