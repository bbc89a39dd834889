"""Every rule about single values, broken at the top and deep inside, with its exact message, and kept."""

from __future__ import annotations

from typing import Any

import pytest

from qiao.plan.recording import UNKNOWN, Secret
from tests.qiao.plan import sound
from tests.qiao.plan.sound import EVERY, SOUND, changed, findings, resource, told

SECRET_MESSAGE = "a secret in clear: wrap it in pulumi.Output.secret"


@pytest.mark.parametrize("type_token", sorted(EVERY))
def test_sound_inputs_pass(type_token: str) -> None:
    assert told(resource(type_token)) == []


BROKEN: list[tuple[str, str, Any, str, str]] = [
    # Unknown property.
    (sound.VPC, "cidrBlok", "x", "cidrBlok", "unknown property: did you mean cidrBlock?"),
    (sound.VPC, "colour", "red", "colour", "unknown property"),
    (sound.FUNCTION, "memory_mb", 512, "memory_mb", "unknown property: did you mean memoryMb?"),
    (sound.FUNCTION, "envs.0.vlaue", "x", "envs[0].vlaue", "unknown property: did you mean value?"),
    (sound.ROUTE, "matchRule.headers.0.value.kind", "x", "matchRule.headers[0].value.kind", "unknown property"),
    (sound.GATEWAY, "networkSpec.subnets", [], "networkSpec.subnets",
     "unknown property: did you mean subnetIds?"),
    (sound.GUARD, "weigth", 1, "weigth", "unknown property: did you mean weight?"),
    (sound.PROVIDER, "regoin", "x", "regoin", "unknown property: did you mean region?"),
    # Missing required.
    (sound.VPC, "cidrBlock", None, "cidrBlock", "missing, and required"),
    (sound.FUNCTION, "envs.0.key", None, "envs[0].key", "missing, and required"),
    (sound.ROUTE, "matchRule.path.matchContent", None, "matchRule.path.matchContent", "missing, and required"),
    (sound.ROUTE, "matchRule.headers.0.value.matchType", None, "matchRule.headers[0].value.matchType",
     "missing, and required"),
    (sound.GUARD, "version_key", None, "version_key", "missing, and required"),
    # Wrong type.
    (sound.FUNCTION, "memoryMb", "1024", "memoryMb", 'must be a whole number, is "1024"'),
    (sound.FUNCTION, "memoryMb", 1024.5, "memoryMb", "must be a whole number, is 1024.5"),
    (sound.FUNCTION, "port", True, "port", "must be a whole number, is true"),
    (sound.FUNCTION, "name", 7, "name", "must be text, is 7"),
    (sound.FUNCTION, "exclusiveMode", "yes", "exclusiveMode", 'must be true or false, is "yes"'),
    (sound.FUNCTION, "envs", {"A": "b"}, "envs", "must be a list, is an object"),
    (sound.FUNCTION, "vpcConfig", "vpc-1", "vpcConfig", 'must be an object, is "vpc-1"'),
    (sound.FUNCTION, "envs.0", "A=b", "envs[0]", 'must be an object, is "A=b"'),
    (sound.FUNCTION, "envs.0.value", 5, "envs[0].value", "must be text, is 5"),
    (sound.ROUTE, "matchRule.methods.0", 1, "matchRule.methods[0]", "must be text, is 1"),
    (sound.ROUTE, "advancedSetting.timeoutSetting.timeout", "60", "advancedSetting.timeoutSetting.timeout",
     'must be a whole number, is "60"'),
    (sound.GUARD, "weight", "all", "weight", 'must be a whole number, is "all"'),
    # Illegal value.
    (sound.NAT, "spec", "Tiny", "spec", 'must be "Small" or "Medium" or "Large", is "Tiny"'),
    (sound.RULE, "evaluationCount", 2, "evaluationCount",
     "must be 1 or 3 or 5 or 10 or 15 or 30 or 60 or 120, is 2"),
    (sound.ROUTE, "matchRule.methods.0", "FETCH", "matchRule.methods[0]",
     'must be "GET" or "POST" or "PUT" or "DELETE" or "HEAD" or "OPTIONS" or "CONNECT", is "FETCH"'),
    (sound.ROUTE, "matchRule.headers.0.value.matchType", "Fuzzy", "matchRule.headers[0].value.matchType",
     'must be "Prefix" or "Exact" or "Regex", is "Fuzzy"'),
    (sound.TOPIC, "enableTracking", True, "enableTracking", "must be false, is true"),
    (sound.IMAGE, "platforms.0", "linux/arm64", "platforms[0]", 'must be "linux/amd64", is "linux/arm64"'),
    # Range.
    (sound.FUNCTION, "requestTimeout", 901, "requestTimeout", "must be 1 to 900, is 901"),
    (sound.FUNCTION, "requestTimeout", 0, "requestTimeout", "must be 1 to 900, is 0"),
    (sound.RELEASE, "revisionNumber", -1, "revisionNumber", "must be 0 or more, is -1"),
    (sound.RELEASE, "targetTrafficWeight", 101, "targetTrafficWeight", "must be 0 to 100, is 101"),
    (sound.GATEWAY, "resourceSpec.replicas", 1, "resourceSpec.replicas", "must be 2 to 100, is 1"),
    (sound.ROUTE, "upstreamLists.0.weight", 10001, "upstreamLists[0].weight", "must be 0 to 10000, is 10001"),
    (sound.ALARM, "queryRequests.0.startTimeOffset", 5, "queryRequests[0].startTimeOffset",
     "must be -1440 to 0, is 5"),
    (sound.GUARD, "weight", 200, "weight", "must be 0 to 100, is 200"),
    # Step.
    (sound.FUNCTION, "memoryMb", 700, "memoryMb", "must be a multiple of 512, is 700"),
    (sound.POSTGRES, "storageSpace", 25, "storageSpace", "must be a multiple of 10, is 25"),
    # Length.
    (sound.FUNCTION, "name", "abc", "name", "has 3 characters, must be 4 to 64"),
    (sound.FUNCTION, "description", "d" * 1001, "description", "has 1001 characters, must be 0 to 1000"),
    (sound.FUNCTION, "envs.0.key", "K" * 64, "envs[0].key", "has 64 characters, must be 1 to 63"),
    (sound.FUNCTION, "nasStorage.nasConfigs.0.localMountPath", "/" * 129,
     "nasStorage.nasConfigs[0].localMountPath", "has 129 characters, must be 1 to 128"),
    # Pattern.
    (sound.FUNCTION, "name", "my agent", "name", 'must match [A-Za-z0-9_-]{4,64}, is "my agent"'),
    (sound.BUCKET, "bucketName", "Bucket", "bucketName",
     'must match [a-z0-9][a-z0-9-]{1,61}[a-z0-9], is "Bucket"'),
    (sound.FUNCTION, "envs.0.key", "1ST", "envs[0].key", 'must match [A-Za-z_][A-Za-z0-9_]{0,62}, is "1ST"'),
    # Form.
    (sound.VPC, "cidrBlock", "8.8.0.0/16", "cidrBlock",
     'must be an IPv4 block inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, host bits zero, is "8.8.0.0/16"'),
    (sound.VPC, "cidrBlock", "10.0.0.1/16", "cidrBlock",
     'must be an IPv4 block inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, host bits zero, is "10.0.0.1/16"'),
    (sound.INGRESS, "cidrIp", "anywhere", "cidrIp",
     'must be an address block whose host bits are zero (10.0.0.0/16), is "anywhere"'),
    (sound.ACL, "entry", "2001:db8::/32", "entry", 'must be an IPv4 address or block, is "2001:db8::/32"'),
    (sound.POLICY, "policyDocument", "{", "policyDocument", 'must be a JSON object, is "{"'),
    (sound.RULE, "effectStartAt", "24:00", "effectStartAt", 'must be a time of day (HH:MM), is "24:00"'),
    (sound.RULE, "conditions.0.threshold", "many", "conditions[0].threshold",
     'must be a number, written as text, is "many"'),
    (sound.NOTIFY, "receivers.0.startTime", "9:00", "receivers[0].startTime", 'must be a time (HH:MM:SS), is "9:00"'),
    # Number of items.
    (sound.RULE, "regions", ["a", "b"], "regions", "has 2 items, must be 1 to 1"),
    (sound.RULE, "conditions", [], "conditions", "has 0 items, must be 1 to 10"),
    (sound.GATEWAY, "networkSpec.subnetIds", ["a", "b", "c"], "networkSpec.subnetIds", "has 3 items, must be 1 to 2"),
    (sound.RULE, "originalDimensions.0.values", [], "originalDimensions[0].values", "has 0 items, must be 1 or more"),
    (sound.KEYS, "keys", [], "keys", "has 0 items, must be 1 or more"),
    # Secret in clear.
    (sound.CERTIFICATE, "privateKey", "-----BEGIN", "privateKey", SECRET_MESSAGE),
    (sound.PROVIDER, "secretKey", "clear-as-day", "secretKey", SECRET_MESSAGE),
    (sound.NOTIFY, "receivers.0.generalWebhookUrl", "https://hook", "receivers[0].generalWebhookUrl", SECRET_MESSAGE),
    (sound.UPSTREAM, "upstreamSpec.aiProvider", {"name": "n", "baseUrl": "b", "token": "clear-as-day"},
     "upstreamSpec.aiProvider.token", SECRET_MESSAGE),
    (sound.IMAGE, "registries.0.password", "clear-as-day", "registries[0].password", SECRET_MESSAGE),
    # What the provider does wrong.
    (sound.GATEWAY, "logSpec", {"enable": True}, "logSpec",
     "leave it out: the provider sends it as the monitoring settings on create: use the gap GatewayLogs"),
    (sound.RELEASE, "rollingStep", "10", "rollingStep", "leave it out: text here, a number in the API"),
]  # fmt: skip


@pytest.mark.parametrize(("type_token", "path", "value", "at", "message"), BROKEN)
def test_a_broken_value_is_found_with_its_place(type_token: str, path: str, value: Any, at: str, message: str) -> None:
    assert told(resource(type_token, changed(SOUND[type_token], path, value))) == [(at, message)]


PASSING: list[tuple[str, str, Any]] = [
    (sound.FUNCTION, "requestTimeout", 1),
    (sound.FUNCTION, "requestTimeout", 900),
    (sound.FUNCTION, "memoryMb", 4096),
    (sound.FUNCTION, "name", "a" * 64),
    (sound.FUNCTION, "description", ""),
    (sound.FUNCTION, "envs", []),
    (sound.FUNCTION, "source", "cr.example.com:5000/a/b/c@sha256:" + "0" * 64),
    (sound.GATEWAY, "networkSpec.subnetIds", ["a"]),
    (sound.RULE, "conditions.0.threshold", "0.5"),
    (sound.ACL, "entry", "203.0.113.7"),
    (sound.INGRESS, "cidrIp", "0.0.0.0/0"),
    (sound.CERTIFICATE, "privateKey", Secret("-----OTHER KEY")),
    (sound.NOTIFY, "receivers.0.generalWebhookUrl", Secret("https://hook")),
    (sound.NOTIFY, "receivers", Secret([{**SOUND[sound.NOTIFY]["receivers"][0], "generalWebhookUrl": "https://hook"}])),
    (sound.FUNCTION, "memoryMb", UNKNOWN),
    (sound.FUNCTION, "memoryMb", Secret(UNKNOWN)),
    (sound.FUNCTION, "envs.0.key", UNKNOWN),
    (sound.FUNCTION, "envs", UNKNOWN),
    (sound.VPC, "cidrBlock", UNKNOWN),
    (sound.GATEWAY, "networkSpec", UNKNOWN),
]


@pytest.mark.parametrize(("type_token", "path", "value"), PASSING)
def test_values_at_their_limits_secrets_and_unknowns_pass(type_token: str, path: str, value: Any) -> None:
    assert told(resource(type_token, changed(SOUND[type_token], path, value))) == []


@pytest.mark.parametrize("placed", ["top", "nested"])
def test_secret_values_are_checked_and_never_shown(placed: str) -> None:
    if placed == "top":
        given = changed(SOUND[sound.ACCOUNT], "accountPassword", Secret("geheim"))
        wanted = ("accountPassword", "has 6 characters")
    else:
        given = changed(SOUND[sound.FUNCTION], "envs.0", {"key": Secret("1geheim"), "value": Secret("v")})
        wanted = ("envs[0].key", "must match [A-Za-z_][A-Za-z0-9_]{0,62}, is [secret]")
    found = findings(resource(sound.ACCOUNT if placed == "top" else sound.FUNCTION, given))
    assert [(finding.path, finding.message.split(", must be 8")[0]) for finding in found] == [wanted]
    assert "geheim" not in repr(found)


def test_a_secret_object_is_looked_into_and_not_shown() -> None:
    given = changed(SOUND[sound.FUNCTION], "vpcConfig", Secret({"enableVpc": "geheim", "color": "geheim"}))
    found = findings(resource(sound.FUNCTION, given))
    assert {("vpcConfig.enableVpc", "must be true or false, is [secret]"), ("vpcConfig.color", "unknown property")} <= {
        (finding.path, finding.message) for finding in found
    }
    assert "geheim" not in repr(found)


def test_what_stands_for_an_encrypted_setting_is_not_held_against_limits() -> None:
    mark = "[encrypted: qiao:apps.agent.x]"
    given = changed(SOUND[sound.FUNCTION], "envs.0", {"key": "K", "value": Secret(mark)})
    account = changed(SOUND[sound.ACCOUNT], "accountPassword", Secret(mark))
    assert told(resource(sound.FUNCTION, given), resource(sound.ACCOUNT, account), placeholders=[mark]) == []
    assert told(resource(sound.ACCOUNT, account)) != []


def test_long_values_are_cut_in_messages() -> None:
    message = told(resource(sound.FUNCTION, changed(SOUND[sound.FUNCTION], "name", "x y" * 200)))[0][1]
    assert len(message) < 200


def test_assets_and_references_are_opaque() -> None:
    asset = {"4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", "path": "a.zip"}
    given = changed(SOUND[sound.FUNCTION], "source", asset)
    assert told(resource(sound.FUNCTION, given)) == []
