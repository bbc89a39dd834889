"""What Tencent Cloud's provider does not see, never sends, or fails: what a change of it does, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from qiao.plan.diff import compare
from qiao.plan.diff.model import Change, Difference
from tests.qiao.plan.diff.sketch import plan, resource

ROLE = "tencentcloud:Cam/role:Role"
READERS = "tencentcloud:Cos/bucketPolicy:BucketPolicy"
ALIAS = "tencentcloud:Scf/functionAlias:FunctionAlias"
FUNCTION = "tencentcloud:Scf/function:Function"
POSTGRES = "tencentcloud:Postgresql/instance:Instance"
MYSQL = "tencentcloud:Mysql/instance:Instance"
NETWORK = "tencentcloud:Vpc/instance:Instance"
SUBNET = "tencentcloud:Subnet/instance:Instance"
NAT = "tencentcloud:Nat/gateway:Gateway"
INDEX = "tencentcloud:Cls/index:Index"
LOGIN = "tencentcloud:Tcr/serviceAccount:ServiceAccount"

NODES = {"dbNodeSets": [{"role": "Primary", "zone": "a"}, {"role": "Standby", "zone": "b"}]}


def difference(type_token: str, rest: dict[str, Any], key: str, old: Any, new: Any, **options: Any) -> Difference:
    """What becomes of one resource of which one input differs."""
    before, after = ({**rest, key: value} if value is not None else rest for value in (old, new))
    return compare(
        plan(resource(type_token, "it", before, **options)), plan(resource(type_token, "it", after, **options))
    )


def change(*given: Any, **options: Any) -> Change:
    (only,) = difference(*given, **options).changes
    return only


UNSEEN: list[tuple[str, dict[str, Any], str, Any, Any, bool]] = [
    (ROLE, {}, "document", '{"a": 1}', '{"a":1}', True),
    (ROLE, {}, "document", '{"a": 1}', '{"a": 2}', False),
    (READERS, {}, "policy", '{"a": 1, "b": 2}', '{"b": 2, "a": 1}', True),
    (READERS, {}, "policy", '{"a": [1, 2]}', '{"a": [2, 1]}', False),
    (POSTGRES, NODES, "availabilityZone", "a", "b", True),
    (POSTGRES, NODES, "availabilityZone", "a", "c", False),
    (POSTGRES, {}, "availabilityZone", "a", "b", False),
    (ALIAS, {"description": "Version 2."}, "functionVersion", "2", "3", True),
    (MYSQL, {}, "payType", 0, 1, True),
]


@pytest.mark.parametrize(("type_token", "rest", "key", "old", "new", "silent"), UNSEEN)
def test_what_is_not_seen(type_token: str, rest: dict[str, Any], key: str, old: Any, new: Any, silent: bool) -> None:
    (field,) = change(type_token, rest, key, old, new).fields
    assert (field.effect == "unseen") is silent
    assert bool(field.why) is silent


def test_another_main_version_is_sent_along_with_its_description() -> None:
    """As Qiao's aliases have it: the description says the version, so that each promotion is sent."""
    old, new = ({"functionVersion": number, "description": f"Version {number}."} for number in ("2", "3"))
    (only,) = compare(plan(resource(ALIAS, "live", old)), plan(resource(ALIAS, "live", new))).changes
    assert (only.kind, {field.path: field.effect for field in only.fields}) == (
        "update", {"description": "update", "functionVersion": "update"},
    )  # fmt: skip


SETS = [
    (POSTGRES, "dbNodeSets", [{"role": "Primary", "zone": "a"}, {"role": "Standby", "zone": "b"}]),
    (NETWORK, "dnsServers", ["10.0.0.2", "10.0.0.3"]),
    (NAT, "assignedEipSets", ["203.0.113.1", "203.0.113.2"]),
]


@pytest.mark.parametrize(("type_token", "key", "items"), SETS)
def test_the_order_of_a_set_means_nothing(type_token: str, key: str, items: list[Any]) -> None:
    assert difference(type_token, {}, key, items, items[::-1]).is_empty
    assert not difference(type_token, {}, key, items, items[:1]).is_empty


def test_the_order_of_rules_of_a_group_means_something() -> None:
    """The first that fits decides."""
    rules = [{"action": "DROP", "port": "80"}, {"action": "ACCEPT", "port": "ALL"}]
    group = "tencentcloud:Security/groupRuleSet:GroupRuleSet"
    assert not difference(group, {}, "ingresses", rules, rules[::-1]).is_empty


def test_a_change_that_is_never_sent_is_told_as_such() -> None:
    (field,) = change(FUNCTION, {}, "cfsConfigs", [{"cfsId": "a"}], [{"cfsId": "b"}]).fields
    assert (field.effect, field.why) == ("unseen", "the provider takes it and never sends it")


FAILING = [
    (FUNCTION, "runtime", "Nodejs16.13", "Nodejs18.15"),
    (POSTGRES, "dbMajorVersion", "15", "16"),
    (MYSQL, "engineVersion", "5.7", "8.0"),
    (INDEX, "topicId", "t-1", "t-2"),
    (LOGIN, "name", "push", "pull"),
]


@pytest.mark.parametrize(("type_token", "key", "old", "new"), FAILING)
def test_a_change_that_the_provider_fails_is_a_problem(type_token: str, key: str, old: str, new: str) -> None:
    found = difference(type_token, {}, key, old, new)
    (field,) = found.changes[0].fields
    assert (field.effect, field.why) == ("update", "the provider fails this change")
    (problem,) = found.problems
    assert (problem.kind, problem.path, problem.type) == ("guard", key, type_token)
    assert problem.message.endswith("leave it, or replace the resource")


@pytest.mark.parametrize(("type_token", "key", "old", "new"), FAILING)
def test_it_is_none_where_it_replaces_or_is_ignored(type_token: str, key: str, old: str, new: str) -> None:
    replaced = difference(type_token, {}, key, old, new, replace_on_changes=(key,), delete_before_replace=True)
    assert (replaced.changes[0].kind, replaced.problems) == ("replace", ())
    assert difference(type_token, {}, key, old, new, ignore_changes=(key,)).problems == ()


def test_where_the_resource_is_made_anew_anyway_nothing_fails() -> None:
    old, new = ({"namespace": place, "runtime": runtime} for place, runtime in (("a", "Go1"), ("b", "Java8")))
    found = compare(plan(resource(FUNCTION, "it", old)), plan(resource(FUNCTION, "it", new)))
    assert (found.changes[0].kind, found.problems) == ("replace", ())


def test_a_named_resource_goes_before_its_successor_by_itself() -> None:
    """So the provider's bridge does where it could have named it, and the network keeps its name."""
    told = change(NETWORK, {"name": "net"}, "cidrBlock", "10.0.0.0/16", "10.1.0.0/16")
    assert (told.kind, told.delete_first) == ("replace", True)


def test_a_new_subnet_that_takes_the_old_ones_addresses_collides() -> None:
    def one(name: str, block: str) -> Any:
        return plan(resource(SUBNET, name, {"vpcId": "vpc-1", "cidrBlock": block, "availabilityZone": "a"}))

    (problem,) = compare(one("a", "10.0.0.0/24"), one("b", "10.0.0.0/25")).problems
    assert (problem.kind, problem.path) == ("collision", "cidrBlock")
    assert compare(one("a", "10.0.0.0/24"), one("b", "10.0.1.0/24")).problems == ()
