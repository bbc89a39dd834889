"""Every rule about a resource as a whole, and about all of them together, broken and kept, with its exact message."""

from __future__ import annotations

import time
from typing import Any

import pytest

from qiao.plan.recording import UNKNOWN, Resource, Secret
from qiao.plan.rules import Rules, check
from tests.qiao.plan import sound
from tests.qiao.plan.sound import SOUND, changed, findings, recording, resource, told

NAMELESS = "not set: Pulumi would add random letters to it; give it"
UPDATES = (
    "not set: the provider reports a value all the same, so every preview would show an update; set it, or put it into "
    "ignore_changes"
)
REPLACES = (
    "not set: where the provider reports a value all the same, the next preview would replace the resource; set it, or "
    "put it into ignore_changes"
)
NEEDED = "missing: needed, though neither SDK nor provider asks for it"

BROKEN: list[tuple[str, str, Any, str, str]] = [
    # Traps of what is not set.
    (sound.GATEWAY, "name", None, "name", NAMELESS),
    (sound.FUNCTION, "cpuStrategy", None, "cpuStrategy", REPLACES),
    (sound.FUNCTION, "command", None, "command", REPLACES),
    (sound.UPSTREAM, "resourceType", None, "resourceType", REPLACES),
    (sound.REGISTRY, "resourceTags", None, "resourceTags", REPLACES),
    (sound.REGISTRY, "resourceTags", [], "resourceTags", REPLACES),
    (sound.NAT, "natGatewayName", None, "natGatewayName", UPDATES),
    (sound.POSTGRES, "instanceName", None, "instanceName", UPDATES),
    (sound.ACCOUNT, "accountPrivileges", None, "accountPrivileges", UPDATES),
    (sound.TOPIC, "logPublicIp", None, "logPublicIp", UPDATES),
    (sound.INDEX, "maxTextLen", None, "maxTextLen", UPDATES),
    # Needed beyond what the SDK asks for, at the top and inside.
    (sound.PROVIDER, "region", None, "region", NEEDED),
    (sound.ROUTE, "enable", None, "enable", NEEDED),
    (sound.TRACE, "backendConfig.archiveTtl", None, "backendConfig.archiveTtl", NEEDED),
    (sound.IMAGE, "platforms", None, "platforms", NEEDED),
    # At least one, exactly one, at most one; at the top and inside.
    (sound.INDEX, "keyValues", None, "", "one of fullText, keyValues is needed"),
    (sound.INDEX, "keyValues", [], "", "one of fullText, keyValues is needed"),
    (sound.RULE, "contactGroupIds", None, "", "one of contactGroupIds, webHook, webhookIds is needed"),
    (sound.INGRESS, "cidrIp", None, "", "one of cidrIp, sourceGroupId is needed"),
    (sound.SNAT, "subnetId", None, "", "one of sourceCidr, subnetId is needed"),
    (sound.SNAT, "sourceCidr", "10.0.0.0/24", "", "sourceCidr and subnetId exclude each other"),
    (sound.ALARM, "alarmPeriod", None, "", "one of alarmPeriod, alarmPeriodDetail is needed"),
    (sound.SNAT, "natIpId", "n-1", "", "eipId and natIpId exclude each other"),
    (sound.LIFECYCLE, "rules.0.expiration.date", "2030-01-01", "rules[0].expiration",
     "date and days exclude each other"),
    # One value that asks for others.
    (sound.INGRESS, "portStart", -1, "portStart", 'must be 1 to 65535, is -1, where protocol is "tcp"'),
    (sound.NAT, "billingType", "PostPaidByUsage", "spec", 'must not be set where billingType is "PostPaidByUsage"'),
    (sound.GATEWAY, "resourceSpec", None, "resourceSpec", 'must be set where type is "standard"'),
    (sound.GATEWAY, "type", "serverless", "resourceSpec", 'must not be set where type is "serverless"'),
    (sound.FUNCTION, "runtime", "python3.12/v1", "runtime",
     'must be "native/v1", is "python3.12/v1", where sourceType is "image"'),
    (sound.FUNCTION, "source", "bucket:key.zip", "source",
     'must match [^\\s:@]+(:\\d+)?(/[^\\s:@/]+)+(:[\\w][\\w.-]{0,127})?(@sha256:[0-9a-f]{64})?, is "bucket:key.zip", '
     'where sourceType is "image"'),
    (sound.FUNCTION, "vpcConfig.subnetIds", None, "vpcConfig.subnetIds",
     "must be set where vpcConfig.enableVpc is true"),
    (sound.UPSTREAM, "upstreamSpec.veFaas", None, "upstreamSpec.veFaas", 'must be set where sourceType is "VeFaas"'),
    (sound.TOPIC, "ttl", 120, "ttl",
     "must be the sum of hotTtl, coldTtl, archiveTtl (90), is 120, where enableHotTtl is true"),
    (sound.TRACE, "backendConfig.enableHotTtl", True, "", ""),
    (sound.ALARM, "condition", None, "condition", "must be set where triggerConditions is not set"),
]  # fmt: skip


@pytest.mark.parametrize(("type_token", "path", "value", "at", "message"), BROKEN)
def test_a_broken_resource_is_found(type_token: str, path: str, value: Any, at: str, message: str) -> None:
    wanted = [(at, message)] if message else []
    assert told(resource(type_token, changed(SOUND[type_token], path, value))) == wanted


def test_unset_but_ignored_is_sound() -> None:
    given = changed(changed(SOUND[sound.FUNCTION], "command", None), "cpuStrategy", None)
    assert told(resource(sound.FUNCTION, given, ignore_changes=("command", "cpuStrategy"))) == []
    assert told(resource(sound.FUNCTION, given, ignore_changes=("command",))) == [("cpuStrategy", REPLACES)]


def test_sums_hold_inside_too() -> None:
    tiered = {"ttl": 90, "enableHotTtl": True, "hotTtl": 30, "coldTtl": 30, "archiveTtl": 0, "autoSplit": True,
              "maxSplitPartitions": 10}  # fmt: skip
    given = changed(SOUND[sound.TRACE], "backendConfig", tiered)
    assert told(resource(sound.TRACE, given)) == [
        ("backendConfig.ttl", "must be the sum of hotTtl, coldTtl, archiveTtl (60), is 90, where "
                              "backendConfig.enableHotTtl is true"),
    ]  # fmt: skip
    assert told(resource(sound.TRACE, changed(given, "backendConfig.coldTtl", 60))) == []
    assert told(resource(sound.TRACE, changed(given, "backendConfig.coldTtl", UNKNOWN))) == []


def test_unknown_conditions_decide_nothing() -> None:
    for path in ("type", "resourceSpec"):
        assert told(resource(sound.GATEWAY, changed(SOUND[sound.GATEWAY], path, UNKNOWN))) == []


def test_conditions_never_show_a_secret() -> None:
    given = changed(changed(SOUND[sound.NAT], "billingType", Secret("PostPaidByUsage")), "spec", Secret("Small"))
    found = findings(resource(sound.NAT, given))
    assert [finding.message for finding in found] == ["must not be set where billingType is [secret]"]


def test_what_cannot_be_created_can_only_be_taken_over() -> None:
    given = {"instanceId": "i-1", "backupRetentionPeriod": 30}
    message = (
        "cannot be created: its create does nothing and then reads with an empty instance id: import it, or use the "
        "gap PostgresBackup"
    )
    assert told(resource(sound.BACKUP, given)) == [("", message)]
    assert told(resource(sound.BACKUP, given, import_id="i-1")) == []


def test_what_is_only_read_is_not_checked() -> None:
    assert told(resource(sound.VPC, {"colour": "red"}, read=True)) == []


@pytest.mark.parametrize(
    ("type_token", "message"),
    [
        (sound.BUCKET, "a change of azRedundancy makes the new one before the old one is gone, under the same "
                       "bucketName: set delete_before_replace"),
        (sound.ACCOUNT, "a change of accountType or notAllowPrivileges makes the new one before the old one is gone, "
                        "under the same accountName: set delete_before_replace"),
    ],
)  # fmt: skip
def test_one_name_cannot_be_there_twice_during_a_replacement(type_token: str, message: str) -> None:
    for option in (None, False):
        found = findings(resource(type_token, delete_before_replace=option))
        assert [(finding.message, finding.severity) for finding in found] == [(message, "warning")]
    assert told(resource(type_token, delete_before_replace=True)) == []


def test_a_change_that_is_ignored_replaces_nothing() -> None:
    ignored = resource(sound.BUCKET, delete_before_replace=None, ignore_changes=("azRedundancy",))
    assert told(ignored) == []


def test_two_of_one_name_in_one_place_are_found() -> None:
    twins = [resource(sound.FUNCTION, name=name) for name in ("one", "two")]
    found = findings(*twins)
    assert [(finding.name, finding.path, finding.message) for finding in found] == [
        ("two", "name", "the same name as one: one would take the other's place"),
    ]


def test_a_rule_twice_in_a_security_group_is_found() -> None:
    twins = [resource(sound.INGRESS, name=name) for name in ("one", "two")]
    assert [finding.message for finding in findings(*twins)] == [
        "the same securityGroupId and direction and protocol and portStart and portEnd and cidrIp and sourceGroupId "
        "and policy and priority as one: one would take the other's place",
    ]


@pytest.mark.parametrize(
    "other",
    [
        resource(sound.ROUTE, changed(SOUND[sound.ROUTE], "name", "kb"), name="two"),
        resource(sound.ROUTE, changed(SOUND[sound.ROUTE], "serviceId", "s-2"), name="two"),
        resource(sound.ROUTE, changed(SOUND[sound.ROUTE], "serviceId", UNKNOWN), name="two"),
        resource(sound.ROUTE, name="two", provider="urn::elsewhere"),
        resource(sound.ROUTE, name="two", read=True),
    ],
)
def test_equal_names_elsewhere_are_no_twins(other: Resource) -> None:
    assert told(resource(sound.ROUTE, name="one"), other) == []


def test_a_type_without_rules_is_found() -> None:
    message = "this type has no rules: add them to the table, with the provider version they are read from"
    assert ("", message) in told(resource("volcengine:ecs/instance:Instance", {}))
    assert ("", message) in told(resource("nobody:knows/this:Type", {"a": 1}))
    assert told(resource("nobody:knows/this:Type", {"a": 1}), rules={"nobody:knows/this:Type": Rules()}) == []


def test_components_need_no_rules() -> None:
    assert told(resource("qiao:volcengine:Network", {}, custom=False)) == []


def test_rules_of_ones_own_are_used() -> None:
    own = {"my:index:Thing": Rules(fields={"size": {"between": [1, 9]}}, needed=["size"], shape={"size": "integer!"})}
    assert told(resource("my:index:Thing", {"size": 5}), rules=own) == []
    assert told(resource("my:index:Thing", {"size": 10}), rules=own) == [("size", "must be 1 to 9, is 10")]
    assert told(resource("my:index:Thing", {"length": 5}), rules=own) == [
        ("length", "unknown property"),
        ("size", "missing, and required"),
        ("size", NEEDED),
    ]


CLEAR = "holds a secret in clear: wrap it in pulumi.Output.secret"


def test_a_secret_that_stands_in_clear_elsewhere_is_found() -> None:
    password = resource("random:index/randomPassword:RandomPassword", {"length": 16}, name="password",
                        outputs={"length": 16, "result": Secret("S3cr3t-of-16-chr")})  # fmt: skip
    envs = [{"key": "PLAIN", "value": "x"}, {"key": "DSN", "value": "postgres://u:S3cr3t-of-16-chr@db/x"}]
    leaking = resource(sound.FUNCTION, changed(SOUND[sound.FUNCTION], "envs", envs), name="leaks")
    assert told(password, leaking) == [("envs[1].value", CLEAR)]
    hiding = changed(SOUND[sound.FUNCTION], "envs.0.value", Secret("postgres://u:S3cr3t-of-16-chr@db/x"))
    assert told(password, resource(sound.FUNCTION, hiding)) == []


def test_encoded_secrets_are_found_too() -> None:
    password = resource("random:index/randomPassword:RandomPassword", {"length": 16}, name="password",
                        outputs={"result": Secret("p@ss/word+1")})  # fmt: skip
    for spelling in ("p%40ss%2Fword%2B1", "cEBzcy93b3JkKzE="):
        leaking = changed(SOUND[sound.FUNCTION], "description", f"see {spelling}")
        assert told(password, resource(sound.FUNCTION, leaking)) == [("description", CLEAR)]


def test_secrets_in_published_outputs_and_exports_are_found() -> None:
    key = resource(
        "volcengine:iam/accessKey:AccessKey", {"userName": "u"}, outputs={"secretAccessKey": Secret("k" * 20)}
    )
    component = resource("qiao:volcengine:ServiceAccount", {}, custom=False, name="account",
                         outputs={"keys": [{"secret": "k" * 20}], "id": Secret("k" * 20)})  # fmt: skip
    found = check(recording(key, component, outputs={"url": f"https://x?{'k' * 20}", "fine": Secret("k" * 20)}))
    assert [(finding.name, finding.type, finding.path, finding.message) for finding in found] == [
        ("url", "stack output", "", "shows a secret in clear"),
        ("account", "qiao:volcengine:ServiceAccount", "outputs.keys[0].secret", CLEAR),
    ]
    assert "k" * 20 not in repr(found)


def test_a_placeholder_in_clear_is_a_secret_in_clear() -> None:
    mark = "[encrypted: qiao:apps.agent.token]"
    leaking = resource(sound.FUNCTION, changed(SOUND[sound.FUNCTION], "description", f"with {mark}"))
    assert told(leaking, placeholders=[mark]) == [("description", CLEAR)]
    assert told(leaking) == []


def test_what_a_provider_answers_in_clear_is_no_secret() -> None:
    """A user name that some component wrapped with a password is still a user name."""
    registry = resource(sound.REGISTRY, outputs={**SOUND[sound.REGISTRY], "username": "pusher-123456"})
    image = changed(SOUND[sound.IMAGE], "registries.0.username", Secret("pusher-123456"))
    other = changed(SOUND[sound.IMAGE], "registries.0.username", "pusher-123456")
    assert told(registry, resource(sound.IMAGE, image), resource(sound.IMAGE, other, name="other")) == []


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("API_KEY", "abc", True),
        ("VOLC_SECRETKEY", "abc", True),
        ("DB_PASSWORD", "abc", True),
        ("AUTH_TOKEN", "abc", True),
        ("CLIENT_SECRET", "abc", True),
        ("MAX_TOKENS", "many", False),
        ("TOKEN", "4096", False),
        ("TOKEN", "", False),
        ("KEYBOARD", "abc", False),
        ("API_KEY", Secret("abc"), False),
        ("API_KEY", UNKNOWN, False),
    ],
)
def test_environment_variables_that_sound_secret_are_secret(key: str, value: Any, found: bool) -> None:
    given = changed(SOUND[sound.FUNCTION], "envs", [{"key": key, "value": value}])
    wanted = [("envs[0].value", f"{key} in clear: give it as a secret")] if found else []
    assert told(resource(sound.FUNCTION, given)) == wanted


def test_findings_are_sorted_and_say_where() -> None:
    broken = [resource(sound.VPC, {"vpcName": name}, name=name) for name in ("b", "a")]
    found = findings(*broken)
    assert [str(finding) for finding in found] == [
        f"{name} (volcengine:vpc/vpc:Vpc): cidrBlock: missing, and required" for name in ("a", "b")
    ]
    assert [finding.text for finding in found] == ["cidrBlock: missing, and required"] * 2
    assert found == sorted(found)


def many(count: int) -> list[Resource]:
    found = []
    for number in range(count):
        password = Secret(f"password-of-{number:05d}")
        given = changed(SOUND[sound.FUNCTION], "name", f"function-{number}")
        given["envs"] = [{"key": f"KEY_{n}", "value": password if n % 2 else f"value {n}"} for n in range(10)]
        found.append(resource(sound.FUNCTION, given, name=f"function-{number}"))
    return found


def seconds(count: int) -> float:
    whole = recording(*many(count))
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        assert check(whole) == []
        best = min(best, time.process_time() - start)
    return best


def test_checking_grows_in_proportion() -> None:
    """Ten times the resources, each with secrets of its own to be looked for, in at most twenty times the time."""
    seconds(100)
    assert seconds(1000) < 20 * seconds(100)
