"""What holds for any two plans, and for the tables that the comparison reads."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qiao.plan.diff import compare
from qiao.plan.diff.losses import LOSSES
from qiao.plan.diff.model import Difference
from qiao.plan.diff.show import render
from qiao.plan.diff.unseen import SETS, WHEN, Sides, unseen
from qiao.plan.diff.values import Spot, differences
from qiao.plan.rules.shape import shape_of
from qiao.plan.rules.table import DYNAMIC, FILES, rules_for, types_of
from qiao.plan.saved import Document, SavedResource, text_of_document
from tests.qiao.plan.diff.sketch import BUCKET, SUBNET, TOPIC, VPC, plan, resource, urn

TYPES = [VPC, SUBNET, TOPIC, BUCKET, "volcengine:vefaas/function:Function", "docker-build:index:Image",
         "pulumi-python:dynamic/volcengine:ReleaseGuard", "thing:index:Thing"]  # fmt: skip
NAMES = ["a", "b", "c"]
KEYS = ["cidrBlock", "vpcId", "name", "tags", "ttl", "function_id", "shardCount", "bucketName", "envs", "command"]
URNS = [urn(type_token, name) for type_token in TYPES for name in NAMES]

words = st.sampled_from(["", "x", "y", "10.0.0.0/16", "10.0.0.0/15", '{"a": 1}', '{"a":1}', "\u4e2d"])
scalars = st.none() | st.booleans() | st.integers(0, 3) | words
references = st.builds(lambda of, output: {"$of": of, "output": output}, st.sampled_from(URNS), st.sampled_from(["id"]))
secrets = st.builds(
    lambda path, mark: {"$secret": True, "settings": {path: mark}}, st.sampled_from("pq"), st.sampled_from("12")
)
tags = st.lists(st.fixed_dictionaries({"key": st.sampled_from("kl"), "value": scalars}), max_size=2)
values = st.recursive(
    scalars | references | secrets | tags,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["key", "p", "q"]), inner, max_size=3),
    max_leaves=6,
)


@st.composite
def resources(draw: st.DrawFn) -> SavedResource:
    type_token, name = draw(st.sampled_from(TYPES)), draw(st.sampled_from(NAMES))
    inputs = draw(st.dictionaries(st.sampled_from(KEYS), values, max_size=4))
    inputs.pop("weight", None)
    return resource(
        type_token, name, inputs, protect=draw(st.booleans()), retain_on_delete=draw(st.booleans()),
        delete_before_replace=draw(st.none() | st.booleans()),
        ignore_changes=tuple(draw(st.lists(st.sampled_from(KEYS), max_size=1))),
        replace_on_changes=tuple(draw(st.lists(st.sampled_from(KEYS), max_size=1))),
        behind={key: tuple(draw(st.lists(st.sampled_from(URNS), max_size=2))) for key in inputs},
    )  # fmt: skip


plans = st.builds(
    lambda found: plan(*sorted(found, key=lambda each: each.urn)),
    st.lists(resources(), max_size=6, unique_by=lambda each: each.urn),
)
thorough = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thorough
@given(plans)
def test_a_plan_is_like_itself(one: Document) -> None:
    assert compare(one, one).is_empty
    assert compare(one, Document.model_validate_json(text_of_document(one))).is_empty


@thorough
@given(plans, plans, st.randoms(use_true_random=False))
def test_the_order_of_resources_and_keys_means_nothing(old: Document, new: Document, dice: random.Random) -> None:
    def shuffled(document: Document) -> Document:
        found = list(document.resources)
        dice.shuffle(found)
        turned = [each.model_copy(update={"inputs": dict(reversed(list(each.inputs.items())))}) for each in found]
        return document.model_copy(update={"resources": tuple(turned)})

    assert compare(shuffled(old), shuffled(new)) == compare(old, new)


@thorough
@given(plans, plans)
def test_what_comes_in_one_direction_goes_in_the_other(old: Document, new: Document) -> None:
    there, back = compare(old, new), compare(new, old)
    assert _names(there, "create") == _names(back, "destroy")
    assert _names(there, "destroy") == _names(back, "create")
    both = {each.urn for each in old.resources} & {each.urn for each in new.resources}
    assert {change.urn for change in there.changes} <= both | set(_names(there, "create") + _names(there, "destroy"))


@thorough
@given(plans, plans)
def test_nothing_differs_where_nothing_changes(old: Document, new: Document) -> None:
    """And what is told to happen is there: every field of it, in both plans' words."""
    difference = compare(old, new)
    told = {change.urn for change in difference.changes}
    before = {each.urn: each for each in old.resources}
    for each in new.resources:
        if each.urn in before and each.urn not in told:
            assert differences(before[each.urn].inputs, each.inputs, lambda _: False) == []
            assert before[each.urn].options == each.options
    for change in difference.changes:
        assert change.fields or change.kind in ("create", "destroy") or change.reasons
        assert len({field.path for field in change.fields}) == len(change.fields)


@thorough
@given(plans, plans)
def test_every_difference_can_be_printed_and_read_back(old: Document, new: Document) -> None:
    difference = compare(old, new)
    assert Difference.model_validate_json(text_of_document(difference)) == difference
    text = render(difference, "old.json")
    assert text.count("\n") == len(text.splitlines())
    for change in difference.changes:
        assert f" {change.name} {change.type.rpartition(':')[2]}\n" in text


def test_every_unheard_field_has_its_condition() -> None:
    """The rules say which, from the provider's schema; the conditions say when, from its source."""
    listed = {(token, path) for package in (*FILES, DYNAMIC) for token in types_of(package) for path in _unheard(token)}
    known = {(token, path) for token, table in WHEN.items() for path in table}
    own = {("volcengine:vefaas/function:Function", "envs"), ("volcengine:vefaas/function:Function", "description")}
    assert known == listed | own


def _unheard(token: str) -> list[str]:
    rules = rules_for(token)
    return list(rules.unheard) if rules is not None else []


def test_tables_name_fields_and_types_that_there_are() -> None:
    for token, fields in {**{t: set(w) for t, w in WHEN.items()}, **SETS}.items():
        shape = shape_of(token)
        assert shape is not None, token
        assert {field.split(".")[0] for field in fields} <= set(shape.properties), token
    assert [token for token in LOSSES if rules_for(token) is None] == []


def _seen(token: str, field: str, old: dict[str, Any], new: dict[str, Any]) -> str:
    (spot,) = [spot for spot in differences(old, new, lambda _: False) if spot.field == field]
    return unseen(token, spot, Sides(old, new))


def test_conditions_of_what_is_unseen() -> None:
    gateway, rule = "volcengine:apig/apigGateway:ApigGateway", "volcengine:cloud_monitor/rule:Rule"
    old: dict[str, Any]
    new: dict[str, Any]
    for enable, silent in ((True, False), (False, True)):
        old, new = ({"logSpec": {"enable": enable, "topicId": each}} for each in "ab")
        assert bool(_seen(gateway, "logSpec.topicId", old, new)) is silent
    for methods, silent in ((["Email"], False), (["Webhook"], True)):
        old, new = ({"alertMethods": methods, "contactGroupIds": [each]} for each in "ab")
        assert bool(_seen(rule, "contactGroupIds", old, new)) is silent
    address = "volcengine:eip/address:Address"
    paid: dict[str, Any] = {"billingType": "PrePaid", "period": 1}
    assert _seen(address, "period", {"billingType": "PostPaidByTraffic"}, paid) == ""
    assert _seen(address, "period", paid, {**paid, "period": 2}).endswith("a change of billingType to PrePaid")
    account = "volcengine:rds_postgresql/account:Account"
    for kind, now, silent in (("Super", "b", True), ("Normal", "b", False), ("Normal", "c,a", True)):
        old, new = ({"accountType": kind, "accountPrivileges": each} for each in ("a,c", now))
        assert bool(_seen(account, "accountPrivileges", old, new)) is silent
    function = "volcengine:vefaas/function:Function"
    assert _seen(function, "envs", {"envs": [{"key": "A", "value": "1"}]}, {}).endswith("give an empty one")
    assert _seen(function, "envs", {"envs": ["A"]}, {"envs": []}) == ""
    whole = {"circuitBreakingSettings": {"interval": 1}}
    upstream = "volcengine:apig/apigUpstream:ApigUpstream"
    assert _seen(upstream, "circuitBreakingSettings", {}, whole).startswith("it only counts with")
    assert _seen(upstream, "circuitBreakingSettings", {}, {"circuitBreakingSettings": {"enable": True}}) == ""


def test_sets_have_no_order_and_other_lists_have() -> None:
    one, other = ([{"key": key, "value": "1"} for key in keys] for keys in ("ab", "ba"))
    assert compare(plan(resource(VPC, "v", {"tags": one})), plan(resource(VPC, "v", {"tags": other}))).is_empty
    (change,) = compare(plan(resource(VPC, "v", {"x": one})), plan(resource(VPC, "v", {"x": other}))).changes
    assert (change.fields[0].path, change.fields[0].old, change.fields[0].new) == ("x", ["a", "b"], ["b", "a"])
    assert differences({"a": [1, 2]}, {"a": [2, 1]}, lambda _: False) == [Spot("a", "a", [1, 2], [2, 1])]


def test_a_number_is_no_truth_value_and_null_is_not_nothing() -> None:
    for old, new in (({"a": 1}, {"a": True}), ({"a": 0}, {"a": False}), ({"a": None}, {}), ({"a": ""}, {"a": None})):
        assert len(differences(old, new, lambda _: False)) == 1, json.dumps([old, new])


def _names(difference: Difference, kind: Any) -> list[str]:
    return [change.urn for change in difference.of(kind)]
