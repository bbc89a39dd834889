"""Tencent Cloud's rules, broken and kept: what its provider lets through and its services, or a change, do not."""

from __future__ import annotations

from typing import Any

import pytest

from qiao.plan.recording import UNKNOWN, Secret
from qiao.plan.rules.table import rules_for
from tests.qiao.plan import sound_tencentcloud as sound
from tests.qiao.plan.sound import changed, findings, resource, told
from tests.qiao.plan.sound_tencentcloud import OPTIONS, SOUND

NEEDED = "missing: needed, though neither SDK nor provider asks for it"
DROPPED = "the provider takes a change of it and never sends it: put it into replace_on_changes, or into ignore_changes"
REFUSED = "the provider fails a change of it: put it into replace_on_changes, or into ignore_changes"
IMAGE = {"imageType": "enterprise", "imageUri": f"r.example.com/team/app:1@sha256:{'a' * 64}", "registryId": "tcr-1"}


def but(type_token: str, change: dict[str, Any]) -> dict[str, Any]:
    """Sound inputs with some of them set anew; None takes one out."""
    inputs = dict(SOUND.get(type_token, {}))
    for path, value in change.items():
        inputs = changed(inputs, path, value)
    return inputs


def image(**more: Any) -> dict[str, Any]:
    """A sound function of an image."""
    code = dict.fromkeys(("cosBucketName", "cosObjectName", "cosBucketRegion", "runtime"))
    return but(sound.FUNCTION, {**code, "imageConfigs": [IMAGE], **more})


OF_IMAGE = {**OPTIONS[sound.FUNCTION], "ignore_changes": ("cfsConfigs", "handler", "runtime")}

KEPT: list[tuple[str, dict[str, Any]]] = [
    (sound.FUNCTION, {"vpcId": None, "subnetId": None, "cfsConfigs": None}),
    (sound.FUNCTION, {"enablePublicNet": False}),
    (sound.FUNCTION, {"funcType": "Event", "handler": "index.main", "asyncRunEnable": "TRUE"}),
    (sound.FUNCTION, {"environment": {"API_KEY": Secret("abc"), "MAX_TOKENS": "100"}}),
    (sound.FUNCTION, {"vpcId": UNKNOWN, "subnetId": UNKNOWN, "cosBucketName": UNKNOWN}),
    (sound.ALIAS, {"routingConfig.additionalVersionWeights.0.weight": 0.1}),
    (sound.TOPIC, {"hotPeriod": 0, "period": 7}),
    (sound.RULES, {"ingresses.0.port": "80,90"}),
    (sound.NAT, {"natProductVersion": 1, "bandwidth": 100}),
    (sound.EIP, {"internetChargeType": None, "internetMaxBandwidthOut": None}),
    (sound.REGISTRY, {"openPublicOperation": False, "securityPolicies": None}),
    (sound.LED, {"protocol": "HTTP", "certConfig": None}),
    (sound.HTTPS, {"mode": "eofreecert", "serverCertInfos": None}),
    (sound.RECORD, {"recordType": "MX", "mx": 5}),
    (sound.POSTGRES_SSL, {"sslEnabled": False, "connectAddress": None}),
    (sound.BUCKET, {"multiAz": False, "versioningEnable": False}),
    (sound.BUCKET, {"encryptionAlgorithm": "KMS", "kmsId": "k"}),
    (sound.TRIGGER, {"type": "cos", "desc": '{"event": "cos:ObjectCreated:*"}'}),
]  # fmt: skip


@pytest.mark.parametrize(("type_token", "change"), KEPT)
def test_what_the_cloud_takes_passes(type_token: str, change: dict[str, Any]) -> None:
    assert told(resource(type_token, but(type_token, change))) == []


def test_an_image_has_neither_runtime_nor_handler() -> None:
    assert told(resource(sound.FUNCTION, image(), **OF_IMAGE)) == []
    assert told(resource(sound.FUNCTION, image(runtime="Nodejs18.15"), **OF_IMAGE)) == [
        ("runtime", "must not be set where imageConfigs is set")
    ]
    both = image(cosObjectName="a.zip", cosBucketName="b-1234567890", cosBucketRegion="r")
    assert ("", "cosObjectName and imageConfigs exclude each other") in told(resource(sound.FUNCTION, both, **OF_IMAGE))


BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    # Function: network, logs, code or image, and what starts it.
    (sound.FUNCTION, {"clsTopicId": None}, "clsTopicId", "must be set where clsLogsetId is set"),
    (sound.FUNCTION, {"subnetId": None}, "subnetId", "must be set where vpcId is set"),
    (sound.FUNCTION, {"vpcId": None, "subnetId": None, "cfsConfigs": None, "enablePublicNet": False}, "enablePublicNet",
     "must be true, is false, where vpcId is not set"),
    (sound.FUNCTION, {"vpcId": None, "subnetId": None}, "vpcId", "must be set where cfsConfigs is set"),
    (sound.FUNCTION, {"timeout": 901}, "timeout", "must be 1 to 900, is 901"),
    (sound.FUNCTION, {"memSize": 500}, "memSize", "must be a multiple of 128, is 500"),
    (sound.FUNCTION, {"handler": "index.main"}, "handler", 'must not be set where funcType is "HTTP"'),
    (sound.FUNCTION, {"funcType": "Event"}, "handler",
     'must be set where funcType is "Event" and cosObjectName is set'),
    (sound.FUNCTION, {"cosBucketName": "code"}, "cosBucketName",
     'must match [a-z0-9]([a-z0-9-]*[a-z0-9])?-\\d{10}, is "code"'),
    (sound.FUNCTION, {"cosObjectName": "code.tar"}, "cosObjectName", 'must match .+\\.(zip|jar), is "code.tar"'),
    (sound.FUNCTION, {"name": "agent-"}, "name", 'must match [A-Za-z]([A-Za-z0-9_:-]*[A-Za-z0-9])?, is "agent-"'),
    (sound.FUNCTION, {"asyncRunEnable": "TRUE"}, "asyncRunEnable", 'must not be set where funcType is "HTTP"'),
    (sound.FUNCTION, {"enableEipConfig": True, "enablePublicNet": False}, "enablePublicNet",
     "must be true, is false, where enableEipConfig is true"),
    (sound.FUNCTION, {"environment": {"DB_PASSWORD": "abc"}}, 'environment["DB_PASSWORD"]',
     "DB_PASSWORD in clear: give it as a secret"),
    (sound.FUNCTION, {"triggers": [{"name": "a", "type": "timer", "triggerDesc": "x"}]}, "triggers",
     "leave it out: they call what is not published, and a change of one makes all anew: use the gaps "
     "FunctionTrigger and FunctionUrl"),
    (sound.FUNCTION, {"runtime": "Nodejs10.15"}, "runtime",
     'must be "Python3.6" or "Python3.7" or "Python3.9" or "Python3.10" or "Nodejs12.16" or "Nodejs14.18" '
     'or "Nodejs16.13" or "Nodejs18.15" or "Php7.4" or "Php8.0" or "Go1" or "Java8" or "Java11" or '
     '"CustomRuntime", is "Nodejs10.15"'),
    # Alias: one version beside the main one, always.
    (sound.ALIAS, {"routingConfig.additionalVersionWeights": []}, "routingConfig.additionalVersionWeights",
     "has 0 items, must be 1 to 1"),
    (sound.ALIAS, {"routingConfig.additionalVersionWeights.0.weight": 10.0},
     "routingConfig.additionalVersionWeights[0].weight", "must be 0 to 1, is 10.0"),
    (sound.ALIAS, {"functionVersion": "v2"}, "functionVersion", 'must match \\d+|\\$LATEST, is "v2"'),
    (sound.ALIAS, {"name": "$DEFAULT"}, "name", 'must match [A-Za-z][A-Za-z0-9_-]*, is "$DEFAULT"'),
    # Logs.
    (sound.TOPIC, {"hotPeriod": 90}, "hotPeriod", "must be below period (90), is 90"),
    (sound.TOPIC, {"partitionCount": 11}, "partitionCount", "must be 1 to 10, is 11"),
    (sound.TOPIC, {"storageType": "cold"}, "hotPeriod", 'must not be set where storageType is "cold"'),
    (sound.INDEX, {"rule": {}}, "rule", "one of fullText, keyValue is needed"),
    # Network: words in capitals, sizes that the cloud chooses.
    (sound.RULES, {"egresses": []}, "egresses", "has 0 items, must be 1 to 100"),
    (sound.RULES, {"ingresses.0.protocol": "all"}, "ingresses[0].protocol",
     'must be "TCP" or "UDP" or "ICMP" or "ICMPv6" or "ALL", is "all"'),
    (sound.RULES, {"ingresses.0.port": "all"}, "ingresses[0].port", 'must match ALL|\\d+([,-]\\d+)*, is "all"'),
    (sound.RULES, {"ingresses.0.port": None}, "ingresses[0].port",
     "missing: needed, though neither SDK nor provider asks for it"),
    (sound.NAT, {"bandwidth": 100}, "bandwidth", "must not be set where natProductVersion is 2"),
    (sound.EIP, {"internetMaxBandwidthOut": None}, "internetMaxBandwidthOut",
     "must be set where internetChargeType is set"),
    # Registry.
    (sound.REGISTRY, {"openPublicOperation": False}, "securityPolicies",
     "must not be set where openPublicOperation is false"),
    (sound.REGISTRY, {"securityPolicies": None}, "securityPolicies", "must be set where openPublicOperation is true"),
    (sound.REGISTRY, {"name": "Registry"}, "name", 'must match [a-z0-9]([a-z0-9-]*[a-z0-9])?, is "Registry"'),
    (sound.LOGIN, {"duration": None}, "", "one of duration, expiresAt is needed"),
    (sound.LOGIN, {"expiresAt": 1}, "", "duration and expiresAt exclude each other"),
    (sound.LOGIN, {"tags": {"a": "b"}}, "tags",
     "leave it out: the provider writes them to a resource that is none, and fails"),
    (sound.LOGIN, {"permissions.0.actions": ["tcr:*"]}, "permissions[0].actions[0]",
     'must be "tcr:CreateRepository" or "tcr:PullRepository" or "tcr:PushRepository" or '
     '"tcr:CreateHelmChart" or "tcr:DescribeHelmCharts", is "tcr:*"'),
    # Domains, roles, users.
    (sound.LED, {"certConfig": None}, "certConfig.certificateId", 'must be set where protocol is "HTTPS"'),
    (sound.LED, {"protocol": "HTTP"}, "certConfig", 'must not be set where protocol is "HTTP"'),
    (sound.LED, {"wafConfig": None}, "wafConfig",
     "not set: the provider reports a value all the same, so every preview would show an update; set it, "
     "or put it into ignore_changes"),
    (sound.POLICY, {"document": "[]"}, "document", 'must be a JSON object, is "[]"'),
    (sound.USER, {"useApi": True}, "useApi", "must be false, is true"),
    # EdgeOne, certificates, records, the content delivery network.
    (sound.EDGE, {"name": "Gateway"}, "name", 'must match [a-z0-9]([a-z0-9-]*[a-z0-9])?, is "Gateway"'),
    (sound.EDGE_VARIABLES, {"environmentVariables.0.value": "abc"}, "environmentVariables[0].value",
     "ORIGIN_SECRET in clear: give it as a secret"),
    (sound.HTTPS, {"serverCertInfos": None}, "serverCertInfos", 'must be set where mode is "sslcert"'),
    (sound.HTTPS, {"mode": "eofreecert"}, "serverCertInfos", 'must not be set where mode is "eofreecert"'),
    (sound.DELIVERY, {"cls": None}, "cls", 'must be set where taskType is "cls"'),
    (sound.EDGE_DOMAIN, {"originInfo.originType": "COS"}, "originInfo.hostHeader",
     'must not be set where originInfo.originType is "COS"'),
    (sound.CERTIFICATE, {"cert": "-----BEGIN\n"}, "cert", 'must match (?s)\\S(.*\\S)?, is "-----BEGIN\\n"'),
    (sound.CERTIFICATE, {"key": None}, "key", 'must be set where type is "SVR"'),
    (sound.CERTIFICATE, {"key": "-----BEGIN KEY"}, "key", "a secret in clear: wrap it in pulumi.Output.secret"),
    (sound.RECORD, {"mx": 1}, "mx", 'must not be set where recordType is "CNAME"'),
    (sound.RECORD, {"recordType": "MX"}, "mx", 'must be set where recordType is "MX"'),
    (sound.CDN, {"area": None}, "area",
     "not set: the provider reports a value all the same, so every preview would show an update; set it, "
     "or put it into ignore_changes"),
    (sound.CDN, {"httpsConfig.serverCertificateConfig": None}, "httpsConfig.serverCertificateConfig",
     'must be set where httpsConfig.httpsSwitch is "on"'),
    (sound.CDN, {"explicitUsingDryRun": True}, "explicitUsingDryRun",
     "leave it out: it makes believe, and nothing is there"),
    # Databases.
    (sound.POSTGRES, {"storage": 105}, "storage", "must be a multiple of 10, is 105"),
    (sound.POSTGRES, {"rootPassword": Secret("onlyletters")}, "rootPassword",
     "must match (?=.*[A-Za-z])(?=.*\\d)[A-Za-z0-9_+&=!@#$%^*()-]+, is [secret]"),
    (sound.POSTGRES, {"dbNodeSets": [{"zone": "a"}]}, "dbNodeSets", "has 1 items, must be 2 or more"),
    (sound.POSTGRES, {"kmsKeyId": "k"}, "kmsKeyId", "must not be set where needSupportTde is 0"),
    (sound.POSTGRES, {"publicAccessSwitch": True}, "publicAccessSwitch", "must be false, is true"),
    (sound.POSTGRES, {"backupPlan.backupPeriods": ["monday"]}, "backupPlan.backupPeriods",
     "has 1 items, must be 2 to 7"),
    (sound.POSTGRES_USER, {"userName": "tencentdb_x"}, "userName",
     'must match (?!(postgres|root)$)(?!tencentdb_)[a-z_][a-z0-9_]*, is "tencentdb_x"'),
    (sound.POSTGRES_SSL, {"connectAddress": None}, "connectAddress", "must be set where sslEnabled is true"),
    (sound.MYSQL, {"volumeSize": 27}, "volumeSize", "must be a multiple of 5, is 27"),
    (sound.MYSQL, {"firstSlaveZone": None}, "firstSlaveZone",
     "missing: needed, though neither SDK nor provider asks for it"),
    (sound.MYSQL, {"internetService": 1}, "internetService", "must be 0, is 1"),
    (sound.MYSQL_BACKUP, {"binlogPeriod": 60}, "binlogPeriod", "must be at most retentionPeriod (30), is 60"),
    (sound.MYSQL_DATABASE, {"characterSetName": "gbk"}, "characterSetName", 'must be "utf8mb4", is "gbk"'),
    (sound.REDIS, {"operationNetwork": "changeVpc"}, "operationNetwork", "leave it out: it fails a creation"),
    (sound.REDIS, {"noAuth": True}, "noAuth", "must be false, is true"),
    (sound.REDIS, {"typeId": 7}, "typeId", "must be 15 or 16 or 17 or 18, is 7"),
    (sound.REDIS, {"wanAddressSwitch": "open"}, "wanAddressSwitch", 'must be "close", is "open"'),
    (sound.REDIS, {"replicaZoneIds": None}, "replicaZoneIds",
     "missing: needed, though neither SDK nor provider asks for it"),
    # Storage.
    (sound.BUCKET, {"bucket": "files-123456789"}, "bucket",
     'must match [a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9]{10}, is "files-123456789"'),
    (sound.BUCKET, {"versioningEnable": False}, "versioningEnable", "must be true, is false, where multiAz is true"),
    (sound.BUCKET, {"encryptionAlgorithm": "KMS"}, "kmsId", 'must be set where encryptionAlgorithm is "KMS"'),
    (sound.BUCKET, {"acl": "public-read"}, "acl", 'must be "private", is "public-read"'),
    (sound.OBJECT, {"content": "x"}, "", "content and source exclude each other"),
    (sound.FILES, {"netInterface": "CCN"}, "netInterface", 'must be "VPC", is "CCN"'),
    (sound.ACCESS, {"authClientIp": "0.0.0.0/0"}, "authClientIp",
     'must be an IPv4 block inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, host bits zero, is "0.0.0.0/0"'),
    (sound.SNAPSHOTS, {"dayOfWeek": "1"}, "", "dayOfWeek and intervalDays exclude each other"),
    # Alerts.
    (sound.ALARM, {"conditions.rules.0.noticeFrequency": 200}, "conditions.rules[0].noticeFrequency",
     "must be 0 or 300 or 600 or 900 or 1800 or 3600 or 7200 or 10800 or 21600 or 43200 or 86400, is 200"),
    (sound.ALARM, {"conditions.rules.0.isPowerNotice": None}, "conditions.rules[0].isPowerNotice",
     "missing: needed, though neither SDK nor provider asks for it"),
    (sound.BOUND, {"dimensions": []}, "dimensions", "has 0 items, must be 1 to 1"),
    (sound.NOTICE, {"userNotices": None}, "", "one of userNotices, urlNotices, clsNotices is needed"),
    (sound.NOTICE, {"urlNotices": [{"url": "https://a.example"}]}, "urlNotices[0].url",
     "a secret in clear: wrap it in pulumi.Output.secret"),
    (sound.LOG_ALARM, {"alarmLevel": None}, "alarmLevel", "must be set where condition is set"),
    (sound.LOG_ALARM, {"condition": None}, "", "one of condition, multiConditions is needed"),
    (sound.LOG_NOTICE, {"webCallbacks.0.url": "https://a.example"}, "webCallbacks[0].url",
     "a secret in clear: wrap it in pulumi.Output.secret"),
    (sound.LOG_NOTICE, {"noticeReceivers.0.noticeContentId": None}, "noticeReceivers[0].noticeContentId",
     "missing: needed, though neither SDK nor provider asks for it"),
    # Gaps.
    (sound.TRIGGER, {"desc": "0 2 * * *"}, "desc", 'must match \\S+( \\S+){6}, is "0 2 * * *", where type is "timer"'),
    (sound.TRIGGER, {"type": "cos"}, "desc", 'must be a JSON object, is "0 0 2 * * * *", where type is "cos"'),
    (sound.TRIGGER, {"type": "apigw"}, "type", 'must be "timer" or "cos", is "apigw"'),
    (sound.EXTRAS, {"subnet_id": ""}, "subnet_id", 'must match .+, is "", where vpc_id is set'),
    (sound.WARM, {"qualifier": "$LATEST"}, "qualifier", 'must match \\d+, is "$LATEST"'),
    (sound.HISTORY, {"weight": 101}, "weight", "must be 0 to 100, is 101"),
]  # fmt: skip


@pytest.mark.parametrize(("type_token", "change", "path", "message"), BROKEN)
def test_what_the_cloud_does_not_take_is_told(type_token: str, change: dict[str, Any], path: str, message: str) -> None:
    assert (path, message) in told(resource(type_token, but(type_token, change)))


@pytest.mark.parametrize(("type_token", "gap"), [
    ("tencentcloud:Scf/triggerConfig:TriggerConfig", "FunctionTrigger"),
    ("tencentcloud:Scf/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig", "ProvisionedConcurrency"),
    ("tencentcloud:Teo/ownershipVerify:OwnershipVerify", "ZoneOwnership"),
    ("tencentcloud:Cdn/urlPurge:UrlPurge", "SitePurge"),
])  # fmt: skip
def test_what_a_gap_stands_in_for_is_not_made(type_token: str, gap: str) -> None:
    (message,) = [message for path, message in told(resource(type_token, {})) if path == ""]
    assert message.startswith("cannot be created: ")
    assert message.endswith(f"use the gap {gap}")


def test_the_api_gateway_that_is_closed_has_no_rules() -> None:
    assert rules_for("tencentcloud:ApiGateway/service:Service") is None
    assert rules_for("tencentcloud:Apigateway/service:Service") is None


FAILING = [
    (sound.FUNCTION, "funcType"), (sound.FUNCTION, "runtime"), (sound.TOPIC, "partitionCount"),
    (sound.TOPIC, "storageType"), (sound.INDEX, "topicId"), (sound.LOGIN, "registryId"), (sound.LED, "domain"),
    (sound.EDGE, "name"), (sound.EDGE_DOMAIN, "httpsOriginPort"), (sound.DELIVERY, "cls"),
    (sound.POSTGRES, "dbMajorVersion"), (sound.MYSQL, "engineVersion"), (sound.MYSQL, "availabilityZone"),
    (sound.REDIS, "subnetId"),
]  # fmt: skip


@pytest.mark.parametrize(("type_token", "path"), FAILING)
def test_a_change_that_fails_must_replace_or_be_ignored(type_token: str, path: str) -> None:
    lists = {
        option: tuple(each for each in OPTIONS[type_token].get(option, ()) if each != path)
        for option in ("replace_on_changes", "ignore_changes")
    }
    options = {**OPTIONS[type_token], **lists}
    found = [each for each in findings(resource(type_token, **options)) if each.path == path]
    assert [(each.message, each.severity) for each in found] == [(REFUSED, "warning")]
    for option, kept in lists.items():
        assert told(resource(type_token, **{**options, option: (*kept, path)})) == []


def test_what_has_one_value_only_never_changes() -> None:
    """The provider fails a change of these two too, and there is nothing to change them to."""
    for type_token, path in ((sound.MYSQL_DATABASE, "characterSetName"), (sound.FILES, "netInterface")):
        rules = rules_for(type_token)
        assert rules is not None
        assert path in rules.refused
        assert told(resource(type_token)) == []


@pytest.mark.parametrize(("type_token", "path"), [
    (sound.FUNCTION, "cfsConfigs"), (sound.ALIAS, "functionName"), (sound.ASYNC, "namespace"),
    (sound.TOPIC, "logsetId"), (sound.KEY, "targetUin"), (sound.REDIS_PARAMETERS, "instanceId"),
])  # fmt: skip
def test_a_change_that_is_never_sent_must_replace_or_be_ignored(type_token: str, path: str) -> None:
    lists = {
        option: tuple(each for each in OPTIONS[type_token].get(option, ()) if each != path)
        for option in ("replace_on_changes", "ignore_changes")
    }
    assert (path, DROPPED) in told(resource(type_token, **{**OPTIONS[type_token], **lists}))


def test_what_reads_back_otherwise_must_be_ignored() -> None:
    found = findings(resource(sound.RECEIVER, ignore_changes=()))
    message = "put it into ignore_changes: it reads back with stars in it"
    assert [(each.path, each.message, each.severity) for each in found] == [
        ("email", message, "warning"), ("phoneNumber", message, "warning"),
    ]  # fmt: skip


def test_what_is_reported_though_unset_must_be_ignored() -> None:
    found = told(resource(sound.FUNCTION, ignore_changes=("cfsConfigs",)))
    assert [(path, message.partition(":")[0]) for path, message in found] == [("handler", "not set")]


EVERY = sorted(SOUND)


@pytest.mark.parametrize("type_token", EVERY)
def test_everything_needed_is_missed_when_it_is_gone(type_token: str) -> None:
    rules = rules_for(type_token)
    assert rules is not None
    for path in rules.needed:
        # Below a list it stands in the table above.
        if path in SOUND[type_token]:
            assert (path, NEEDED) in told(resource(type_token, changed(SOUND[type_token], path, None))), path


@pytest.mark.parametrize("type_token", EVERY)
def test_every_word_is_one_of_those_allowed(type_token: str) -> None:
    rules = rules_for(type_token)
    assert rules is not None
    for path, limits in rules.fields.items():
        value = SOUND[type_token].get(path)
        if "in" in limits and isinstance(value, str):
            messages = dict(told(resource(type_token, changed(SOUND[type_token], path, "Nonsense"))))
            assert messages.get(path, "").startswith("must be "), path


@pytest.mark.parametrize("type_token", EVERY)
def test_two_of_one_identity_are_found(type_token: str) -> None:
    rules = rules_for(type_token)
    assert rules is not None
    twins = [resource(type_token, name=name) for name in ("one", "two")]
    found = [(each.name, each.message) for each in findings(*twins)]
    words = " and ".join(rules.identity)
    expected = [("two", f"the same {words} as one: one would take the other's place")] if rules.identity else []
    assert found == expected


FIRST = (
    sound.NAT, sound.ROUTE, sound.DOOR, sound.LID, sound.ZONE, sound.EDGE_DOMAIN, sound.BUCKET, sound.BOUND,
    sound.FUNCTION,
)  # fmt: skip


@pytest.mark.parametrize("type_token", FIRST)
def test_what_there_is_once_goes_before_its_successor_comes(type_token: str) -> None:
    rules = rules_for(type_token)
    assert rules is not None
    options = {**OPTIONS[type_token], "delete_before_replace": None}
    messages = [message for _, message in told(resource(type_token, **options))]
    assert len(messages) == 1
    assert messages[0].endswith(f"under the same {rules.identity[-1]}: set delete_before_replace")
