"""Arguments are refused where they are written, each with one line: where, what is wrong, what to write instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from components.alerts import AlertsArgs, Contact, LogAlarm, MetricRule
from components.bucket import BucketArgs, CorsRule, ExistingBucket
from components.errors import UserError
from components.function import CodeFolder, ExistingFunction, FunctionArgs, Release
from components.gateway import Domain, GatewayArgs, Route
from components.identity import ServiceAccountArgs, Statement
from components.network import ExistingNetwork, IngressRule, NetworkArgs
from components.observability import ObservabilityArgs
from components.postgres import PostgresArgs
from components.registry import RegistryArgs
from components.scope import Profile, Scope

DEV = Scope(project="qiao", stage="dev", app="agent", region="cn-beijing", profile=Profile.dev())
PROD = Scope(project="qiao", stage="prod", app="agent", region="cn-beijing", profile=Profile.prod())
ZONES = ("cn-beijing-a", "cn-beijing-b")
NET = ExistingNetwork(vpc_id="v", subnet_ids={}, security_group_id="s", subnet_cidrs={"cn-beijing-a": "10.0.0.0/24"})
FUNCTION = ExistingFunction(id="f", timeout_seconds=300)
CODE = CodeFolder(path="src", bucket=ExistingBucket(name="b"))
IMAGE = "cr.example.com/team/app:1.0"
SLUG = "use 1 to 31 lower-case letters, digits and hyphens"
SQL_NAME = "use 2 to 63 lower-case letters, digits and '_', beginning with a letter"

Make = Callable[[], Any]


def making(kind: Callable[..., Any], **usual: Any) -> Callable[..., Make]:
    """A maker of `kind`: its usual fields, some of them given otherwise."""
    return lambda **fields: lambda: kind(**(usual | fields))


network = making(NetworkArgs, scope=DEV, zones=ZONES)
registry = making(RegistryArgs, scope=PROD)
function = making(FunctionArgs, scope=PROD, image=IMAGE)
route = making(Route, name="chat", path="/chat", function=FUNCTION)
domain = making(Domain, name="chat.example.com", certificate_id="cert-1")
postgres = making(PostgresArgs, scope=DEV, network=NET)
account = making(ServiceAccountArgs, scope=DEV, purpose="runtime")
alerts = making(AlertsArgs, scope=DEV, contacts=[Contact(name="ops", email="a@b.cn")])


REFUSED: dict[str, tuple[Make, str]] = {
    # Network
    "one zone": (network(zones=ZONES[:1]), "NetworkArgs.zones: 1 zones given; give two zones of the region"),
    "the same zone": (network(zones=ZONES[:1] * 2), "NetworkArgs.zones: 'cn-beijing-a' is given twice; give each once"),
    "another region": (
        network(zones=("cn-beijing-a", "cn-beijing2-b")),
        "NetworkArgs.zones: 'cn-beijing2-b' is not in cn-beijing; give zones of that region",
    ),
    "no zone": (
        network(zones=("cn-beijing-a", "cn-beijing-zz")),
        "NetworkArgs.zones: 'cn-beijing-zz' is not a zone; write a zone such as cn-beijing-a",
    ),
    "public network": (
        network(cidr="203.0.113.0/24"),
        "NetworkArgs.cidr: 203.0.113.0/24 is not private; use a block inside 10/8, 172.16/12 or 192.168/16",
    ),
    "unknown subnet": (
        network(subnet_cidrs={"cn-beijing-c": "10.0.0.0/24"}),
        "NetworkArgs.subnet_cidrs: 'cn-beijing-c' is not one of the zones; use cn-beijing-a, cn-beijing-b",
    ),
    "subnet outside": (
        network(subnet_cidrs={"cn-beijing-a": "10.1.0.0/24"}),
        "NetworkArgs.subnet_cidrs: 10.1.0.0/24 lies outside 10.0.0.0/16; give a block inside the network",
    ),
    "subnets overlap": (
        network(subnet_cidrs={"cn-beijing-a": "10.0.4.0/24"}),
        "NetworkArgs.subnet_cidrs: 10.0.4.0/24 overlaps 10.0.4.0/22; give blocks that share no address",
    ),
    "ssh for the world": (
        lambda: IngressRule(port=20, to_port=30, cidr="0.0.0.0/0"),
        "IngressRule.cidr: port 22 is open to the world; name the block that needs it",
    ),
    "remote desktop for the world": (
        lambda: IngressRule(port=3389, cidr="0.0.0.0/0"),
        "IngressRule.cidr: port 3389 is open to the world; name the block that needs it",
    ),
    "port 0": (
        lambda: IngressRule(port=0, cidr="10.0.0.0/8"),
        "IngressRule.port: 0 is out of range; use 1 to 65535",
    ),
    "ports backwards": (
        lambda: IngressRule(port=90, to_port=80, cidr="10.0.0.0/8"),
        "IngressRule.to_port: 80 is out of range; use 90 to 65535",
    ),
    # Registry
    "registry for the world": (
        registry(public_cidrs=["0.0.0.0/0"]),
        "RegistryArgs.public_cidrs: 0.0.0.0/0 opens the registry to the world; name the blocks that push images",
    ),
    "one block twice": (
        registry(public_cidrs=["203.0.113.7", "203.0.113.7/32"]),
        "RegistryArgs.public_cidrs: '203.0.113.7/32' is given twice; give each once",
    ),
    "registry by IPv6": (
        registry(public_cidrs=["2001:db8::/32"]),
        "RegistryArgs.public_cidrs: '2001:db8::/32' is IPv6; write an IPv4 block such as 10.0.0.0/16",
    ),
    "namespace": (
        registry(namespace="a..b"),
        "RegistryArgs.namespace: 'a..b' is not valid; use 2 to 90 lower-case letters and digits, with single '.', '_'"
        " or '-' between them",
    ),
    # Observability
    "retention": (
        lambda: ObservabilityArgs(scope=DEV, retention_days=0),
        "ObservabilityArgs.retention_days: 0 is out of range; use 1 to 3650 days",
    ),
    "key twice": (
        lambda: ObservabilityArgs(scope=DEV, trace_keys=("a", "a")),
        "ObservabilityArgs.trace_keys: 'a' is given twice; give each once",
    ),
    # Function
    "neither image nor code": (
        function(image=None),
        "FunctionArgs.image: give exactly one of image and code; set the one, leave the other out",
    ),
    "both image and code": (
        function(code=CODE),
        "FunctionArgs.image: give exactly one of image and code; set the one, leave the other out",
    ),
    "image without tag": (
        function(image="cr.example.com:5000/team/app"),
        "FunctionArgs.image: 'cr.example.com:5000/team/app' has no tag; write host/namespace/name:tag",
    ),
    "image in capitals": (
        function(image="cr.example.com/Team/app:1"),
        "FunctionArgs.image: 'cr.example.com/Team/app:1' is no image;"
        " write host/namespace/name:tag in lower case, no spaces",
    ),
    "half a digest": (
        function(image="cr.example.com/team/app@sha256:0"),
        "FunctionArgs.image: 'cr.example.com/team/app@sha256:0' has no valid digest;"
        " write @sha256: and 64 hexadecimal digits",
    ),
    "image not pinned": (
        function(image="cr.example.com/team/app:latest"),
        "FunctionArgs.image: 'cr.example.com/team/app:latest' is not pinned;"
        " use a tag that names one build, or a digest",
    ),
    "web too short": (
        function(timeout_seconds=179),
        "FunctionArgs.timeout_seconds: 179 is out of range; use 180 to 86400 seconds for kind web",
    ),
    "task too short": (
        function(kind="task", timeout_seconds=60),
        "FunctionArgs.timeout_seconds: 60 is out of range; use 180 to 86400 seconds for kind task",
    ),
    "event of no time": (
        function(kind="event", timeout_seconds=0),
        "FunctionArgs.timeout_seconds: 0 is out of range; use 1 to 86400 seconds",
    ),
    "port": (function(port=70000), "FunctionArgs.port: 70000 is out of range; use 1 to 65535"),
    "concurrency": (function(concurrency=0), "FunctionArgs.concurrency: 0 is out of range; use 1 to 1000"),
    "retries": (function(async_retries=4), "FunctionArgs.async_retries: 4 is out of range; use 0 to 3"),
    "env in both": (
        function(env={"A": "1"}, secret_env={"A": "2"}),
        "FunctionArgs.secret_env: A is in env too; keep it in one of the two",
    ),
    "env key": (
        function(secret_env={"1A": "x"}),
        "FunctionArgs.secret_env: '1A' is not valid;"
        " use letters, digits and '_', not beginning with a digit, at most 63",
    ),
    "weight": (lambda: Release(weight=101), "Release.weight: 101 is out of range; use 0 to 100 percent"),
    "half a roll back": (
        lambda: Release(revision=3, weight=50),
        "Release.revision: a roll back cannot be partial; leave weight at 100",
    ),
    # Gateway
    "no route": (lambda: GatewayArgs(scope=DEV, routes=[]), "GatewayArgs.routes: no route given; give at least one"),
    "route twice": (
        lambda: GatewayArgs(scope=DEV, routes=[route()(), route(path="/b")()]),
        "GatewayArgs.routes: 'chat' is given twice; give each once",
    ),
    "path twice": (
        lambda: GatewayArgs(scope=DEV, routes=[route()(), route(name="b")()]),
        "GatewayArgs.routes: 'prefix /chat' is given twice; give each once",
    ),
    "public without a reason": (
        route(auth="public", reason=" "),
        "Route.reason of chat: the route is public; say why nobody need be checked",
    ),
    "unknown auth": (
        route(auth="none"),
        "Route.auth of chat: 'none' is unknown; use one of app, cloud, jwt, public",
    ),
    "relative path": (
        route(path="chat"),
        "Route.path of chat: 'chat' is not valid; use a path that begins with '/', without spaces, '?' and '#'",
    ),
    "gateway gives up first": (
        route(timeout_seconds=60),
        "Route.timeout_seconds of chat: 60 is out of range; use 300 to 86400 seconds: never shorter than its function",
    ),
    "domain": (
        domain(name="example"),
        "Domain.name: 'example' is not valid; use a full domain name such as chat.example.com",
    ),
    "another zone": (
        domain(dns_zone="ample.com"),
        "Domain.dns_zone: chat.example.com is not in ample.com; give the zone that holds it",
    ),
    "no certificate": (
        domain(certificate_id=None),
        "Domain.certificate_id: HTTPS needs one certificate; give its id, or chain and key",
    ),
    "half a certificate": (
        domain(certificate="PEM"),
        "Domain.certificate: certificate and private_key go together; give both or neither",
    ),
    # Postgres
    "database": (postgres(database="1st"), f"PostgresArgs.database: '1st' is not valid; {SQL_NAME}"),
    "user": (postgres(user="App"), f"PostgresArgs.user: 'App' is not valid; {SQL_NAME}"),
    "reserved user": (
        postgres(user="pgbouncer"),
        "PostgresArgs.user: names beginning with pg are reserved; choose another",
    ),
    "version": (postgres(version=11), "PostgresArgs.version: 11 is out of range; use 12 to 17"),
    "storage": (postgres(storage_gb=10), "PostgresArgs.storage_gb: 10 is out of range; use 20 to 3000 GiB"),
    "no blocks": (
        postgres(network=ExistingNetwork(vpc_id="v", subnet_ids={}, security_group_id="s")),
        "PostgresArgs.network: its subnets' blocks are unknown; give subnet_cidrs",
    ),
    # Bucket
    "expiry": (
        lambda: BucketArgs(scope=DEV, expire_days=0),
        "BucketArgs.expire_days: 0 is out of range; use 1 to 36500 days",
    ),
    "old versions": (
        lambda: BucketArgs(scope=DEV, old_version_days=0),
        "BucketArgs.old_version_days: 0 is out of range; use 1 to 36500 days",
    ),
    "no origin": (
        lambda: CorsRule(origins=[]),
        "CorsRule.origins: no origin given; name the pages, such as https://chat.example.com",
    ),
    "max age": (
        lambda: CorsRule(origins=["*"], max_age_seconds=-1),
        "CorsRule.max_age_seconds: -1 is out of range; use 0 to 86400 seconds",
    ),
    # Alerts
    "nobody": (alerts(contacts=[]), "AlertsArgs.contacts: nobody to tell; give at least one contact"),
    "contact twice": (
        alerts(contacts=[Contact(name="a", email="a@b.cn")] * 2),
        "AlertsArgs.contacts: 'a' is given twice; give each once",
    ),
    "rule twice": (
        alerts(rules=[MetricRule(name="a", metric="m", threshold=1)] * 2),
        "AlertsArgs.rules: 'a' is given twice; give each once",
    ),
    "no log": (
        alerts(log_alarm=LogAlarm()),
        "AlertsArgs.log_alarm: there is no log to watch; give observability too",
    ),
    "contact name": (lambda: Contact(name="Ops", email="a@b.cn"), f"Contact.name: 'Ops' is not valid; {SLUG}"),
    "e-mail": (
        lambda: Contact(name="ops", email="ops"),
        "Contact.email of ops: 'ops' is not valid; use an e-mail address",
    ),
    "phone": (
        lambda: Contact(name="ops", email="a@b.cn", phone="call me"),
        "Contact.phone of ops: 'call me' is not valid; use digits",
    ),
    "rule name": (
        lambda: MetricRule(name="a.b", metric="m", threshold=1),
        f"MetricRule.name: 'a.b' is not valid; {SLUG}",
    ),
    "window": (
        lambda: LogAlarm(window_minutes=0),
        "LogAlarm.window_minutes: 0 is out of range; use 1 to 1440 minutes",
    ),
    "query": (
        lambda: LogAlarm(query="a | b"),
        "LogAlarm.query: quotes and '|' are not taken; write the words to search for",
    ),
    # ServiceAccount
    "three keys": (
        account(keys=["a", "b", "c"]),
        "ServiceAccountArgs.keys: 3 is out of range; use 0 to 2 keys",
    ),
    "one key twice": (account(keys=["a", "a"]), "ServiceAccountArgs.keys: 'a' is given twice; give each once"),
    "policy twice": (
        account(system_policies=["P", "P"]),
        "ServiceAccountArgs.system_policies: 'P' is given twice; give each once",
    ),
    "no action": (
        lambda: Statement(actions=[]),
        "Statement.actions: no action given; name what is to be allowed",
    ),
    "everything": (
        lambda: Statement(actions=["*"], resources=["trn:x"]),
        "Statement.actions: * allows too much; name the actions that are needed",
    ),
    "a whole service": (
        lambda: Statement(actions=["tls:PutLogs", "tls:*"]),
        "Statement.actions: tls:* allows too much; name the actions that are needed",
    ),
}


@pytest.mark.parametrize("case", list(REFUSED))
def test_refused(case: str) -> None:
    make, message = REFUSED[case]
    with pytest.raises(UserError) as error:
        make()
    assert str(error.value) == message


@pytest.mark.parametrize(
    "make",
    [
        network(cidr="10.8.0.0/16", subnet_cidrs={"cn-beijing-a": "10.8.200.0/24"}),
        lambda: IngressRule(port=443, cidr="0.0.0.0/0"),
        lambda: RegistryArgs(scope=DEV, public_cidrs=["0.0.0.0/0"]),
        registry(namespace="team.one_two-3"),
        lambda: FunctionArgs(scope=DEV, image="cr.example.com/team/app:latest"),
        function(image="cr.example.com/team/app:latest@sha256:" + "0" * 64),
        function(image=None, code=CODE, kind="event", timeout_seconds=1),
        function(timeout_seconds=180),
        route(timeout_seconds=300),
        domain(certificate_id=None, certificate="PEM", private_key="KEY", dns_zone="example.com"),
        account(keys={"primary": False, "secondary": True}),
        lambda: Statement(actions=["tls:*"], resources=["trn:tls:cn-beijing:*:project/p"]),
    ],
)
def test_taken(make: Make) -> None:
    assert make() is not None


def test_defaults_follow_the_profile() -> None:
    assert [BucketArgs(scope=scope).keeps_versions for scope in (DEV, PROD)] == [False, True]
    assert BucketArgs(scope=PROD, versioned=False).keeps_versions is False
    assert [ObservabilityArgs(scope=scope).days for scope in (DEV, PROD)] == [7, 180]
    assert [PostgresArgs(scope=scope, network=NET).disk_gb for scope in (DEV, PROD)] == [20, 100]
    assert FunctionArgs(scope=DEV, image=IMAGE, kind="event").timeout == 60
    assert [FunctionArgs(scope=DEV, image=IMAGE, kind=kind).listens_on for kind in ("web", "task")] == [8000, None]
