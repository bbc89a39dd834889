from __future__ import annotations

from typing import Any

import pytest

from components.alicloud.postgres import ENGINE, Postgres, PostgresNative
from components.alicloud.rds_settings import shape
from components.errors import UserError
from components.network import ExistingNetwork
from components.postgres import PostgresArgs
from tests.components.alicloud.support import ZONES, Stage, no_network, scope_of

ONE_ZONE = ExistingNetwork(
    vpc_id="vpc-there", security_group_id="sg-there", subnet_ids={ZONES[0]: "vsw-a"},
    subnet_cidrs={ZONES[0]: "10.0.0.0/24"},
)  # fmt: skip

REFUSED: dict[str, tuple[Stage, dict[str, Any], str]] = {
    "storage step": (
        "dev", {"storage_gb": 23},
        "PostgresArgs.storage_gb of agent-db: 23 is not a multiple of 5; use a multiple of 5",
    ),
    "one zone": (
        "prod", {"network": ONE_ZONE},
        "PostgresArgs.network: high availability wants two zones; give a network of two subnets",
    ),
    "one node for two zones": (
        "prod", {"native": PostgresNative(category="Basic")},
        "PostgresNative.category: Basic has one node, and the profile asks for high availability;"
        " use serverless_standard or HighAvailability",
    ),
    "user ends in underscore": (
        "dev", {"user": "app_"}, "PostgresArgs.user of agent-db: app_ ends in '_'; end it in a letter or digit",
    ),
    "database ends in underscore": (
        "dev", {"database": "app_"},
        "PostgresArgs.database of agent-db: app_ ends in '_'; end it in a letter or digit",
    ),
    "reserved user": (
        "dev", {"user": "postgres"}, "PostgresArgs.user of agent-db: postgres is reserved; choose another",
    ),
    "reserved database": (
        "dev", {"database": "template1"}, "PostgresArgs.database of agent-db: template1 is reserved; choose another",
    ),
    "old serverless": (
        "dev", {"version": 13},
        "PostgresArgs.version of agent-db: 13 is not sold serverless; use 14 or later, or the category Basic",
    ),
    "too many units": (
        "dev", {"native": PostgresNative(max_rcu=13)},
        "PostgresNative.max_rcu: 0.5 to 13 units are not possible; use min_rcu to 12",
    ),
    "fewest above most": (
        "dev", {"native": PostgresNative(min_rcu=4)},
        "PostgresNative.max_rcu: 4 to 2 units are not possible; use min_rcu to 12",
    ),
    "serverless tls": (
        "dev", {"native": PostgresNative(ssl=True)},
        "PostgresNative.ssl: a serverless instance has none; leave it out, or give a category",
    ),
    "serverless key": (
        "dev", {"native": PostgresNative(encryption_key="key-1")},
        "PostgresNative.encryption_key: a serverless instance has none; leave it out, or give a category",
    ),
    "serverless growth": (
        "dev", {"native": PostgresNative(storage_limit_gb=100)},
        "PostgresNative.storage_limit_gb: a serverless instance has none; leave it out, or give a category",
    ),
    "small limit": (
        "prod", {"native": PostgresNative(storage_limit_gb=50)},
        "PostgresNative.storage_limit_gb: 50 is less than the disk's 100;"
        " give more, or 0 for a disk that does not grow",
    ),
}  # fmt: skip


def args_of(stage: Stage = "dev", **args: Any) -> PostgresArgs:
    usual: dict[str, Any] = {"scope": scope_of(stage), "network": no_network()}
    return PostgresArgs(**(usual | args))


@pytest.mark.parametrize("case", REFUSED)
def test_refused_before_anything_is_declared(case: str) -> None:
    stage, args, message = REFUSED[case]
    with pytest.raises(UserError) as error:
        Postgres.check("agent-db", args_of(stage, **args))
    assert str(error.value) == message


def test_an_old_version_is_sold_in_fixed_sizes() -> None:
    basic = PostgresNative(category="Basic")
    args = args_of(version=13, native=basic)
    Postgres.check("agent-db", args)
    assert shape(args, basic, ENGINE).instance_type == "pg.n2.1c.1m"


def test_a_public_block_is_refused_before_anything_is_declared() -> None:
    open_to_all = ExistingNetwork(
        vpc_id="v", security_group_id="s", subnet_ids={ZONES[0]: "vsw-a"}, subnet_cidrs={ZONES[0]: "0.0.0.0/0"}
    )
    with pytest.raises(UserError, match=r"0\.0\.0\.0/0 is not private"):
        Postgres.check("agent-db", args_of(network=open_to_all))


def test_a_serverless_instance_of_prod_grows_by_itself_and_has_no_tls() -> None:
    native = PostgresNative(category="serverless_standard")
    args = args_of("prod", native=native)
    Postgres.check("agent-db", args)
    found = shape(args, native, ENGINE)
    assert (found.growth, found.growth_limit, found.ssl_action) == (None, None, None)
    assert (found.zone, found.standby, found.instance_type) == (*ZONES, "pg.n2.serverless.2c")


def test_what_is_known_of_a_user_is_refused_and_no_more() -> None:
    Postgres.check("agent-db", args_of(user="reporting", database="public"))


@pytest.mark.parametrize(
    ("protect", "limit", "growth"),
    [
        (False, None, (None, None)),
        (False, 40, ("Enable", 40)),
        (False, 0, ("Disable", None)),
        (True, None, ("Enable", 60)),
        (True, 0, ("Disable", None)),
    ],
)
def test_growth_of_a_fixed_size(protect: bool, limit: int | None, growth: tuple[str | None, int | None]) -> None:
    native = PostgresNative(category="Basic", storage_limit_gb=limit)
    found = shape(args_of(scope=scope_of(protect=protect), native=native), native, ENGINE)
    assert (found.growth, found.growth_limit) == growth


@pytest.mark.parametrize(
    ("encrypt", "ssl", "action"),
    [
        (False, None, None),
        (True, None, "Open"),
        (False, True, "Open"),
        (True, False, "Close"),
        (False, False, "Close"),
    ],
)
def test_tls_of_a_fixed_size(encrypt: bool, ssl: bool | None, action: str | None) -> None:
    native = PostgresNative(category="Basic", ssl=ssl)
    assert shape(args_of(scope=scope_of(encrypt=encrypt), native=native), native, ENGINE).ssl_action == action


NATIVES: dict[str, tuple[dict[str, Any], str]] = {
    "category": (
        {"category": "cluster"},
        "PostgresNative.category: 'cluster' is unknown;"
        " use one of Basic, HighAvailability, serverless_basic, serverless_standard",
    ),
    "units": ({"min_rcu": 0.7}, "PostgresNative.min_rcu: 0.7 is not possible; use 0.5, 1, 1.5 and so on"),
    "no units": ({"min_rcu": 0}, "PostgresNative.min_rcu: 0 is not possible; use 0.5, 1, 1.5 and so on"),
    "collation": (
        {"collation": "C,C"}, "PostgresNative.collation: 'C,C' is not valid; use a locale such as C or en_US.utf8",
    ),
    "disk": (
        {"storage_type": "local_ssd"},
        "PostgresNative.storage_type: 'local_ssd' is unknown;"
        " use one of cloud_essd, cloud_essd2, cloud_essd3, general_essd",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NATIVES)
def test_extras_are_refused_where_they_are_written(case: str) -> None:
    fields, message = NATIVES[case]
    with pytest.raises(UserError) as error:
        PostgresNative(**fields)
    assert str(error.value) == message


def test_the_providers_own_hour_is_no_choice() -> None:
    with pytest.raises(UserError, match=r"PostgresNative\.backup_time: '02:00Z-03:00Z' is unknown"):
        PostgresNative(backup_time="02:00Z-03:00Z")
