"""The engine's rules of change, each on the smallest plan that shows it."""

from __future__ import annotations

from typing import Any

import pytest

from components.errors import UserError
from qiao.plan.diff import Change, compare
from qiao.plan.saved import Options, SavedResource
from qiao.plan.saved.model import FormerName
from tests.qiao.plan.diff.sketch import BUCKET, STACK, SUBNET, TOPIC, VPC, of, plan, resource, urn

GUARD = "pulumi-python:dynamic/volcengine:ImageReady"
FUNCTION = "volcengine:vefaas/function:Function"
RELEASE = "volcengine:vefaas/release:Release"


def only(old: SavedResource, new: SavedResource) -> Change | None:
    changes = compare(plan(old), plan(new)).changes
    assert len(changes) <= 1
    return changes[0] if changes else None


def effects(change: Change | None) -> dict[str, str]:
    return {field.path: field.effect for field in change.fields} if change else {}


def topic(**inputs: Any) -> SavedResource:
    return resource(TOPIC, "logs", {"topicName": "logs", **inputs})


def test_what_the_provider_does_not_see_is_no_update() -> None:
    change = only(topic(shardCount=1, ttl=7), topic(shardCount=2, ttl=7))
    assert change is not None
    assert (change.kind, effects(change)) == ("unseen", {"shardCount": "unseen"})
    assert change.fields[0].why == "it only counts when the resource is made"
    both = only(topic(shardCount=1, ttl=7), topic(shardCount=2, ttl=30))
    assert both is not None
    assert (both.kind, effects(both)) == ("update", {"shardCount": "unseen", "ttl": "update"})


@pytest.mark.parametrize("split", [True, False])
def test_some_changes_are_seen_beside_others_only(split: bool) -> None:
    change = only(topic(maxSplitShard=5, autoSplit=split), topic(maxSplitShard=6, autoSplit=split))
    assert effects(change) == {"maxSplitShard": "update" if split else "unseen"}


def test_ignore_changes_is_honoured_at_any_depth_and_replaces_nothing() -> None:
    def vpc(cidr: str, *ignored: str) -> SavedResource:
        return resource(VPC, "v", {"cidrBlock": cidr, "tags": [{"key": "a", "value": cidr}]}, ignore_changes=ignored)

    named = ("cidrBlock", "tags[0].value")
    change = only(vpc("10.0.0.0/16", *named), vpc("10.1.0.0/16", *named))
    assert change is not None
    assert (change.kind, effects(change)) == ("unseen", {"cidrBlock": "ignored", "tags[a].value": "ignored"})
    assert set(effects(only(vpc("10.0.0.0/16", "*"), vpc("10.1.0.0/16", "*"))).values()) == {"ignored"}
    one = only(vpc("10.0.0.0/16", "tags"), vpc("10.1.0.0/16", "tags"))
    assert effects(one) == {"cidrBlock": "replace", "tags[a].value": "ignored"}


def test_an_id_is_not_known_once_its_resource_is_replaced() -> None:
    def network(cidr: str) -> list[SavedResource]:
        subnet = {"vpcId": of(VPC, "v"), "cidrBlock": "10.0.0.0/24"}
        return [resource(VPC, "v", {"cidrBlock": cidr}), resource(SUBNET, "s", subnet)]

    changes = {c.name: c for c in compare(plan(*network("10.0.0.0/16")), plan(*network("10.0.0.0/15"))).changes}
    assert {name: change.kind for name, change in changes.items()} == {"v": "replace", "s": "replace"}
    (field,) = changes["s"].fields
    assert (field.path, field.effect, field.cause) == ("vpcId", "replace", urn(VPC, "v"))
    assert not changes["s"].delete_first


def test_an_update_changes_no_id() -> None:
    def network(tag: str) -> list[SavedResource]:
        vpc = resource(VPC, "v", {"cidrBlock": "10.0.0.0/16", "tags": [{"key": "a", "value": tag}]})
        return [vpc, resource(SUBNET, "s", {"vpcId": of(VPC, "v")})]

    changes = compare(plan(*network("1")), plan(*network("2"))).changes
    assert [(change.name, change.kind) for change in changes] == [("v", "update")]


def test_a_name_survives_a_replacement_but_not_a_deletion_that_comes_first() -> None:
    """A bucket's name is an input, so it stays known. What is bound to a bucket that goes first goes before it."""
    encryption = "volcengine:tos/bucketEncryption:BucketEncryption"

    def stage(redundancy: str, first: bool) -> list[SavedResource]:
        bucket = {"bucketName": "b", "azRedundancy": redundancy}
        return [
            resource(BUCKET, "b", bucket, delete_before_replace=first),
            resource(encryption, "e", {"bucketName": "b"}, behind={"bucketName": (urn(BUCKET, "b"),)}),
        ]

    def kinds(first: bool) -> dict[str, str]:
        old, new = (plan(*stage(redundancy, first)) for redundancy in ("single-az", "multi-az"))
        return {change.name: change.kind for change in compare(old, new).changes}

    assert kinds(True) == {"b": "replace", "e": "replace"}
    assert kinds(False) == {"b": "replace"}


def test_the_same_name_without_deleting_first_collides() -> None:
    def bucket(redundancy: str, **more: Any) -> SavedResource:
        return resource(BUCKET, "b", {"bucketName": "b", "azRedundancy": redundancy}, **more)

    def problems(**more: Any) -> list[tuple[str, str]]:
        found = compare(plan(bucket("single-az", **more)), plan(bucket("multi-az", **more))).problems
        return [(problem.kind, problem.message) for problem in found]

    ((kind, message),) = problems()
    assert kind == "collision"
    assert "set delete_before_replace" in message
    assert problems(delete_before_replace=True) == []
    ((kind, message),) = problems(delete_before_replace=True, retain_on_delete=True)
    assert kind == "collision"
    assert "the old one stays" in message
    renamed = compare(plan(bucket("single-az")), plan(resource(BUCKET, "c", {"bucketName": "b"})))
    assert [(problem.name, problem.kind) for problem in renamed.problems] == [("c", "collision")]
    assert "give it an alias" in renamed.problems[0].message


def test_pulumis_bridge_deletes_first_what_was_given_a_name() -> None:
    def function(runtime: str, name: str, first: bool | None = None) -> SavedResource:
        return resource(FUNCTION, "f", {"name": name, "runtime": runtime}, delete_before_replace=first)

    given = only(function("native/v1", "f"), function("golang/v1", "f"))
    assert given is not None
    assert given.delete_first
    other = only(function("native/v1", "f"), function("golang/v1", "g"))
    assert other is not None
    assert not other.delete_first
    forbidden = compare(plan(function("native/v1", "f", False)), plan(function("golang/v1", "f", False)))
    assert [problem.kind for problem in forbidden.problems] == ["collision"]


def test_replace_on_changes_replace_with_and_another_provider() -> None:
    def release(text: str, **more: Any) -> SavedResource:
        return resource(RELEASE, "r", {"description": text}, **more)

    change = only(release("a"), release("b", replace_on_changes=("description",)))
    assert effects(change)["description"] == "replace"
    old, new = (plan(resource(VPC, "v", {"cidrBlock": cidr}), release("a", replace_with=(urn(VPC, "v"),)))
                for cidr in ("10.0.0.0/16", "10.1.0.0/16"))  # fmt: skip
    tied = {change.name: change.reasons for change in compare(old, new).changes}
    assert tied == {"v": (), "r": ("replace_with: v is replaced",)}
    moved = only(release("a", provider="urn:a"), release("a", provider="urn:b"))
    assert moved is not None
    assert (moved.kind, moved.reasons) == ("replace", ("provider: another one manages it",))


def test_a_rename_through_an_alias_is_no_change_and_moves_what_points_to_it() -> None:
    old = plan(resource(VPC, "v", {"cidrBlock": "c"}), resource(SUBNET, "s", {"vpcId": of(VPC, "v")}))
    renamed = resource(VPC, "w", {"cidrBlock": "c"}, aliases=(FormerName(name="v"),))
    new = plan(renamed, resource(SUBNET, "s", {"vpcId": of(VPC, "w")}))
    assert compare(old, new).is_empty
    without = plan(resource(VPC, "w", {"cidrBlock": "c"}), resource(SUBNET, "s", {"vpcId": of(VPC, "w")}))
    kinds = {change.name: change.kind for change in compare(old, without).changes}
    assert kinds == {"v": "destroy", "w": "create", "s": "replace"}


@pytest.mark.parametrize(
    "alias",
    [
        FormerName(name="old"),
        FormerName(urn=urn("qiao:volcengine:Network", "old")),
        FormerName(name="old", no_parent=True),
        FormerName(name="old", parent=STACK),
    ],
)
def test_children_of_a_renamed_component_are_the_same_children(alias: FormerName) -> None:
    def network(name: str, *aliases: FormerName) -> list[SavedResource]:
        component = resource("qiao:volcengine:Network", name, custom=False, aliases=aliases)
        return [component, resource(VPC, f"{name}-vpc", {"cidrBlock": "c"}, parent=component.urn)]

    assert compare(plan(*network("old")), plan(*network("new", alias))).is_empty
    assert {change.kind for change in compare(plan(*network("old")), plan(*network("new"))).changes} == {
        "create",
        "destroy",
    }


def test_another_parent_and_another_type_by_alias() -> None:
    home = resource("qiao:volcengine:Network", "n", custom=False)
    old = plan(home, resource(VPC, "v", {"cidrBlock": "c"}))
    inside = resource(VPC, "v", {"cidrBlock": "c"}, parent=home.urn, aliases=(FormerName(no_parent=True),))
    assert compare(old, plan(home, inside)).is_empty
    retyped = resource("volcengine:vpc/network:Network", "v", {"cidrBlock": "c"}, aliases=(FormerName(type=VPC),))
    (change,) = compare(plan(resource(VPC, "v", {"cidrBlock": "d"})), plan(retyped)).changes
    assert (change.kind, change.former_urn) == ("update", urn(VPC, "v"))
    assert change.fields[0].why == "this type has no rules: it may be a replacement"


def test_a_gap_says_itself_what_a_change_does() -> None:
    def ready(**inputs: Any) -> SavedResource:
        given = {"function_id": "f", "source": "a", "region": "cn-beijing", "timeout_seconds": 900}
        return resource(GUARD, "g", {**given, **inputs})

    assert effects(only(ready(), ready(function_id="g"))) == {"function_id": "replace"}
    assert effects(only(ready(), ready(source="b"))) == {"source": "update"}
    change = only(ready(), ready(timeout_seconds=60))
    assert change is not None
    assert (change.kind, effects(change)) == ("unseen", {"timeout_seconds": "unseen"})


def test_code_is_never_found_by_what_a_file_says() -> None:
    for token in (
        "pulumi-python:dynamic/os:Path",
        "pulumi-python:dynamic/volcengine:../../x",
        "x:dynamic/volcengine:Y",
    ):
        change = only(resource(token, "x", {"a": 1}), resource(token, "x", {"a": 2}))
        assert change is not None
        assert change.kind == "update"


def test_json_is_compared_by_what_it_says() -> None:
    policy = "volcengine:iam/policy:Policy"

    def with_text(type_token: str, key: str, text: str) -> SavedResource:
        return resource(type_token, "p", {key: text})

    one = only(with_text(policy, "policyDocument", '{"a": [1], "b": 2}'),
               with_text(policy, "policyDocument", '{"a": [1], "b": 3}'))  # fmt: skip
    assert effects(one) == {"policyDocument:b": "update"}
    role, key = "volcengine:iam/role:Role", "trustPolicyDocument"
    assert effects(only(with_text(role, key, '{"a":1}'), with_text(role, key, '{"a": 1}'))) == {key: "unseen"}
    bucket = "volcengine:tos/bucketPolicy:BucketPolicy"
    listed, alone = '{"Statement":[{"Action":["a"]}],"Version":"1"}', '{"Statement":[{"Action":"a"}]}'
    assert set(effects(only(with_text(bucket, "policy", listed), with_text(bucket, "policy", alone))).values()) == {
        "unseen"
    }
    other = alone.replace('"a"', '"b"')
    assert "update" in effects(only(with_text(bucket, "policy", listed), with_text(bucket, "policy", other))).values()


def test_a_build_has_another_digest_and_a_secret_follows_what_it_is_made_of() -> None:
    image, password = "docker-build:index:Image", "random:index/randomPassword:RandomPassword"
    secret = {"$secret": True, "settings": {}, "of": [of(password, "p", "result")]}

    def stage(tag: str, length: int) -> list[SavedResource]:
        inputs = {"source": of(image, "i", "ref"), "envs": [{"key": "KEY", "value": secret}]}
        return [
            resource(image, "i", {"tags": [tag]}),
            resource(password, "p", {"length": length}),
            resource(FUNCTION, "f", inputs),
        ]

    built = {change.name: effects(change) for change in compare(plan(*stage("a", 20)), plan(*stage("b", 20))).changes}
    assert built == {"i": {"tags": "update"}, "f": {"source": "update"}}
    longer = {change.name: effects(change) for change in compare(plan(*stage("a", 20)), plan(*stage("a", 24))).changes}
    assert longer == {"p": {"length": "replace"}, "f": {"envs[KEY].value": "update"}}


def test_reads_and_components_are_no_work() -> None:
    old = plan(resource(VPC, "v", {"a": 1}, read=True), resource("qiao:x:Y", "c", {"a": 1}, custom=False))
    new = plan(resource(VPC, "v", {"a": 2}, read=True), resource("qiao:x:Y", "c", {"a": 2}, custom=False))
    assert compare(old, new).is_empty
    assert compare(old, plan()).is_empty


def test_findings_and_outputs_come_along() -> None:
    old, new = plan(outputs={"a": {"url": "x"}}), plan(outputs={"a": {"url": "y"}, "b": 1})
    difference = compare(old, new)
    assert [(field.path, field.old, field.new) for field in difference.outputs] == [
        ("a.url", "x", "y"),
        ("b", {"$absent": True}, 1),
    ]
    assert not difference.is_empty


def test_plans_of_two_stages_are_not_compared() -> None:
    with pytest.raises(UserError) as caught:
        compare(plan(), plan(stage="prod"))
    assert str(caught.value).startswith("the old plan: is of qiao, stage dev, and the new one of qiao, stage prod")


def test_options_of_their_own_are_no_call_to_the_cloud() -> None:
    change = only(resource(VPC, "v"), resource(VPC, "v", protect=True, custom_timeouts={"create": "5m"}))
    assert change is not None
    assert change.kind == "options"
    assert effects(change) == {"protect": "engine", "custom_timeouts": "engine"}
    assert Options().protect is False
