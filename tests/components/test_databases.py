"""What the databases and file systems of every cloud take, whom they let in, and how their addresses are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote, urlsplit

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_random import RandomId

from components import allow_list
from components.connections import address, connection_url
from components.errors import UserError
from components.filesystem import FileSystemArgs
from components.mysql import MysqlArgs
from components.network import ExistingNetwork
from components.redis import RedisArgs
from components.scope import Profile, Scope
from qiao.plan.recorder import record
from qiao.plan.recording import UNKNOWN, Recording, Secret

DEV = Scope(project="qiao", stage="dev", app="agent", region="cn-hangzhou", profile=Profile.dev())
PROD = Scope(project="qiao", stage="prod", app="agent", region="cn-hangzhou", profile=Profile.prod())
NET = ExistingNetwork(
    vpc_id="v", subnet_ids={"cn-hangzhou-h": "s"}, security_group_id="g", subnet_cidrs={"cn-hangzhou-h": "10.0.0.0/24"}
)
USUAL: dict[str, Any] = {"scope": DEV, "network": NET}
BLOCKLESS = ExistingNetwork(vpc_id="v", subnet_ids={"cn-hangzhou-h": "s"}, security_group_id="g")


def sized(size: str) -> Scope:
    return Scope(
        project="qiao", stage="dev", app="agent", region="cn-hangzhou", profile=Profile.dev().override(size=size)
    )


def mysql(**fields: Any) -> MysqlArgs:
    return MysqlArgs(**(USUAL | fields))


def redis(**fields: Any) -> RedisArgs:
    return RedisArgs(**(USUAL | fields))


def files(**fields: Any) -> FileSystemArgs:
    return FileSystemArgs(**(USUAL | fields))


SQL = "lower-case letters, digits and '_', beginning with a letter"
REFUSED: dict[str, tuple[Callable[[], Any], str]] = {
    "capital in database": (
        lambda: mysql(database="Orders"), f"MysqlArgs.database: 'Orders' is not valid; use 2 to 63 {SQL}",
    ),
    "short database": (lambda: mysql(database="a"), f"MysqlArgs.database: 'a' is not valid; use 2 to 63 {SQL}"),
    "long user": (
        lambda: mysql(user="a" * 17), f"MysqlArgs.user: 'aaaaaaaaaaaaaaaaa' is not valid; use 2 to 16 {SQL}",
    ),
    "hyphen in user": (lambda: mysql(user="a-b"), f"MysqlArgs.user: 'a-b' is not valid; use 2 to 16 {SQL}"),
    "mysql version": (lambda: mysql(version="8.4"), "MysqlArgs.version: '8.4' is unknown; use one of 5.7, 8.0"),
    "small disk": (
        lambda: mysql(storage_gb=19), "MysqlArgs.storage_gb: 19 is out of range; use 20 to 3000 GiB",
    ),
    "large disk": (
        lambda: mysql(storage_gb=3001), "MysqlArgs.storage_gb: 3001 is out of range; use 20 to 3000 GiB",
    ),
    "mysql without blocks": (
        lambda: mysql(network=BLOCKLESS), "MysqlArgs.network: its subnets' blocks are unknown; give subnet_cidrs",
    ),
    "redis version": (lambda: redis(version="5.0"), "RedisArgs.version: '5.0' is unknown; use one of 6.0, 7.0"),
    "no memory": (lambda: redis(memory_gb=0), "RedisArgs.memory_gb: 0 is out of range; use 1 to 64 GB"),
    "much memory": (lambda: redis(memory_gb=65), "RedisArgs.memory_gb: 65 is out of range; use 1 to 64 GB"),
    "eviction": (
        lambda: redis(eviction="random"),
        "RedisArgs.eviction: 'random' is unknown; use one of allkeys-lru, noeviction, volatile-lru",
    ),
    "redis without blocks": (
        lambda: redis(network=BLOCKLESS), "RedisArgs.network: its subnets' blocks are unknown; give subnet_cidrs",
    ),
    "files without blocks": (
        lambda: files(network=BLOCKLESS),
        "FileSystemArgs.network: its subnets' blocks are unknown; give subnet_cidrs",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refused_with_one_line_that_says_what_to_write(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(UserError) as error:
        make()
    assert str(error.value) == message


@pytest.mark.parametrize("name", ["admin", "mysql", "root", "sys", "test"])
def test_the_services_own_users_are_no_choice(name: str) -> None:
    with pytest.raises(UserError) as error:
        mysql(user=name)
    assert str(error.value) == f"MysqlArgs.user: {name} is reserved; choose another"


def test_limits_themselves_are_taken() -> None:
    assert mysql(database="ab", user="a" * 16, storage_gb=20).disk_gb == 20
    assert mysql(database="a" * 63, storage_gb=3000, version="5.7").disk_gb == 3000
    assert (redis(memory_gb=1).memory, redis(memory_gb=64).memory) == (1, 64)


@pytest.mark.parametrize(("size", "disk", "memory"), [("small", 20, 1), ("medium", 100, 4), ("large", 500, 16)])
def test_sizes_follow_the_profile(size: str, disk: int, memory: int) -> None:
    assert mysql(scope=sized(size)).disk_gb == disk
    assert redis(scope=sized(size)).memory == memory


def test_files_are_encrypted_as_the_profile_says_unless_told() -> None:
    assert (files().is_encrypted, files(scope=PROD).is_encrypted) == (False, True)
    assert (files(encrypted=True).is_encrypted, files(scope=PROD, encrypted=False).is_encrypted) == (True, False)


# Whom a database lets in


def letting_in(*blocks: pulumi.Input[str], preview: bool = False) -> Recording:
    def program() -> None:
        network = ExistingNetwork(
            vpc_id="v", subnet_ids={}, security_group_id="g", subnet_cidrs={str(n): b for n, b in enumerate(blocks)}
        )
        for n, block in enumerate(allow_list.blocks("X.network", network)):
            RandomId(f"probe-{n}", byte_length=1, keepers={"block": block})

    return record(program, preview=preview)


def let_in(recording: Recording) -> list[Any]:
    found = recording.of_type("random:index/randomId:RandomId")
    return [resource.inputs["keepers"]["block"] for resource in found if resource.name.startswith("probe-")]


def test_the_subnets_blocks_in_their_order() -> None:
    assert let_in(letting_in("10.0.0.0/24", "192.168.0.0/20", "172.31.255.0/24")) == [
        "10.0.0.0/24", "192.168.0.0/20", "172.31.255.0/24"
    ]  # fmt: skip


OUTSIDE = ["0.0.0.0/0", "0.0.0.0/1", "8.8.8.8/32", "172.32.0.0/16", "11.0.0.0/8", "192.169.0.0/16", "10.0.0.0/7"]


@pytest.mark.parametrize("block", OUTSIDE)
@pytest.mark.parametrize("late", [False, True], ids=["known", "late"])
def test_a_block_that_is_not_wholly_private_is_refused(block: str, late: bool) -> None:
    with pytest.raises(UserError) as error:
        letting_in("10.0.0.0/24", pulumi.Output.from_input(block) if late else block)
    assert str(error.value) == (
        f"X.network: {block} is not private; give the subnets' own blocks: a database is never public"
    )


@pytest.mark.parametrize("block", OUTSIDE)
def test_and_before_anything_is_declared_where_it_is_known(block: str) -> None:
    network = ExistingNetwork(vpc_id="v", subnet_ids={}, security_group_id="g", subnet_cidrs={"a": block})
    with pytest.raises(UserError, match=r"X\.network: .* is not private"):
        allow_list.check("X.network", network)


def test_what_is_known_late_passes_the_first_look() -> None:
    late = ExistingNetwork(
        vpc_id="v", subnet_ids={}, security_group_id="g", subnet_cidrs={"a": pulumi.Output.from_input("0.0.0.0/0")}
    )
    allow_list.check("X.network", late)


def test_an_unknown_block_stays_unknown_in_a_preview() -> None:
    def program() -> None:
        made = RandomId("subnet", byte_length=1)
        network = ExistingNetwork(vpc_id="v", subnet_ids={}, security_group_id="g", subnet_cidrs={"a": made.hex})
        (block,) = allow_list.blocks("X.network", network)
        RandomId("probe-0", byte_length=1, keepers={"block": block})

    recording = record(program, preview=True)
    assert let_in(recording) == [UNKNOWN]


# Addresses

PARTS = {"user": "app", "password": "p", "host": "db.example.com", "port": "5432", "database": "app"}


@given(user=st.text(min_size=1), password=st.text(), database=st.text(min_size=1))
def test_whatever_a_login_holds_is_read_back_from_its_address(user: str, password: str, database: str) -> None:
    parts = urlsplit(address("mysql", PARTS | {"user": user, "password": password, "database": database}))
    assert (parts.hostname, parts.port) == ("db.example.com", 5432)
    assert (unquote(parts.username or ""), unquote(parts.password or "")) == (user, password)
    assert unquote(parts.path) == f"/{database}"


def test_without_a_user_the_password_stands_alone() -> None:
    assert address("redis", PARTS | {"user": "", "password": "a/b", "database": "0"}) == (
        "redis://:a%2Fb@db.example.com:5432/0"
    )


@pytest.mark.parametrize("preview", [False, True])
def test_an_address_is_secret_even_of_plain_parts(preview: bool) -> None:
    def program() -> None:
        made = RandomId("host", byte_length=1)
        host = made.hex if preview else "db.example.com"
        url = connection_url("mysql", user="app", password="p", host=host, port="3306", database="app")
        RandomId("probe-url", byte_length=1, keepers={"url": url})

    found = record(program, preview=preview).get("random:index/randomId:RandomId", "probe-url")
    value = found.inputs["keepers"]["url"]
    assert value == Secret(UNKNOWN if preview else "mysql://app:p@db.example.com:3306/app")
