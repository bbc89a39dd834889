"""What Alibaba Cloud's provider does not see, or sees and never sends: what a change of it does, field by field."""

from __future__ import annotations

from typing import Any

import pytest

from qiao.plan.diff import compare
from qiao.plan.diff.model import Change, Difference
from tests.qiao.plan.diff.sketch import plan, resource

RULE = "alicloud:ecs/securityGroupRule:SecurityGroupRule"
RECORD = "alicloud:dns/alidnsRecord:AlidnsRecord"
RDS = "alicloud:rds/instance:Instance"
DATABASE = "alicloud:rds/database:Database"
BACKUP = "alicloud:rds/backupPolicy:BackupPolicy"
STORE = "alicloud:log/store:Store"
ROLE = "alicloud:ram/role:Role"
NAT = "alicloud:vpc/natGateway:NatGateway"
GATEWAY = "alicloud:apig/gateway:Gateway"
SWITCH = "alicloud:vpc/switch:Switch"

SERVERLESS = {"instanceChargeType": "Serverless", "engine": "PostgreSQL"}
TWO, LOCAL = {"zoneIdSlaveA": "b"}, "UTF8,C,en_US.utf8"


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
    (RULE, {"ipProtocol": "tcp"}, "portRange", "80/80", "-1/-1", True),
    (RULE, {"ipProtocol": "tcp"}, "portRange", "80/80", "443/443", False),
    (RULE, {"ipProtocol": "all"}, "portRange", "-1/-1", "80/80", True),
    (RULE, {"cidrIp": "10.0.0.0/8"}, "prefixListId", "pl-1", "pl-2", True),
    (RULE, {}, "prefixListId", "pl-1", "pl-2", False),
    (RECORD, {"type": "CNAME"}, "value", "gw.example.com", "gw.example.com.", True),
    (RECORD, {"type": "CNAME"}, "value", "gw.example.com", "other.example.com", False),
    (RECORD, {"type": "TXT"}, "value", "a", "a.", False),
    (RECORD, {"type": "A"}, "priority", 1, 2, True),
    (RECORD, {"type": "MX"}, "priority", 1, 2, False),
    (RDS, {"storageAutoScale": "Enable"}, "instanceStorage", 100, 200, True),
    (RDS, SERVERLESS, "instanceStorage", 100, 200, True),
    (RDS, {}, "instanceStorage", 100, 200, False),
    (RDS, TWO, "vswitchId", "vsw-1,vsw-2", "vsw-1,vsw-3", True),
    (RDS, {}, "vswitchId", "vsw-1", "vsw-2", False),
    (RDS, SERVERLESS, "sslAction", "Close", "Open", True),
    (RDS, {**SERVERLESS, "engine": "MySQL"}, "sslAction", "Close", "Open", False),
    (RDS, {}, "storageUpperBound", 100, 200, True),
    (RDS, {"storageAutoScale": "Enable"}, "storageUpperBound", 100, 200, False),
    (DATABASE, {}, "characterSet", LOCAL, "utf8", True),
    (DATABASE, {}, "characterSet", "utf8mb4", "UTF8MB4", True),
    (DATABASE, {}, "characterSet", LOCAL, "UTF8,C,zh_CN.utf8", False),
    (BACKUP, {"enableBackupLog": False}, "localLogRetentionHours", 1, 2, True),
    (BACKUP, {"enableBackupLog": True}, "localLogRetentionHours", 1, 2, False),
    (STORE, {}, "shardCount", 2, 4, True),
    (ROLE, {}, "assumeRolePolicyDocument", '{"a": 1}', '{"a":1}', True),
    (ROLE, {}, "assumeRolePolicyDocument", '{"a": 1}', '{"a": 2}', False),
    (NAT, {"natType": "Enhanced"}, "vswitchId", "vsw-1", "vsw-2", False),
]  # fmt: skip


@pytest.mark.parametrize(("type_token", "rest", "key", "old", "new", "silent"), UNSEEN)
def test_what_is_not_seen(type_token: str, rest: dict[str, Any], key: str, old: Any, new: Any, silent: bool) -> None:
    (field,) = change(type_token, rest, key, old, new).fields
    assert (field.effect == "unseen") is silent
    assert bool(field.why) is silent


def test_the_order_of_a_set_means_nothing() -> None:
    assert difference(RDS, {}, "securityIps", ["10.0.0.0/24", "10.0.1.0/24"], ["10.0.1.0/24", "10.0.0.0/24"]).is_empty
    assert not difference(GATEWAY, {}, "zones", [{"zoneId": "a"}, {"zoneId": "b"}], [{"zoneId": "b"}]).is_empty


def test_a_change_that_is_never_sent_is_told_as_such() -> None:
    kinds = [{"type": "Internet"}, {"type": "Intranet"}]
    (field,) = change(GATEWAY, {}, "networkAccessConfig", *kinds).fields
    assert (field.path, field.effect, field.why) == (
        "networkAccessConfig.type", "unseen", "the provider takes it and never sends it",
    )  # fmt: skip


def test_a_change_that_is_never_sent_replaces_where_the_program_says_so() -> None:
    """Unlike what the provider does not see: of that, the engine hears nothing."""
    kinds = [{"type": "Internet"}, {"type": "Intranet"}]
    told = change(GATEWAY, {}, "networkAccessConfig", *kinds, replace_on_changes=("networkAccessConfig",))
    assert (told.kind, told.fields[0].effect, told.fields[0].why) == ("replace", "replace", "replace_on_changes")
    silent = change(STORE, {}, "shardCount", 2, 4, replace_on_changes=("shardCount",))
    assert silent.fields[0].effect == "unseen"


def test_a_new_vswitch_that_takes_the_old_ones_addresses_collides() -> None:
    def one(name: str, block: str) -> Any:
        return plan(resource(SWITCH, name, {"vpcId": "vpc-1", "cidrBlock": block, "zoneId": "a", "vswitchName": name}))

    (problem,) = compare(one("a", "10.0.0.0/24"), one("b", "10.0.0.0/25")).problems
    assert (problem.kind, problem.path) == ("collision", "cidrBlock")
    assert compare(one("a", "10.0.0.0/24"), one("b", "10.0.1.0/24")).problems == ()
