"""Alibaba Cloud's rules, broken and kept: what its provider lets through and its services, or a change, do not."""

from __future__ import annotations

from typing import Any

import pytest

from qiao.plan.recording import UNKNOWN, Secret
from qiao.plan.rules.table import rules_for
from tests.qiao.plan import sound_alicloud as sound
from tests.qiao.plan.sound import changed, findings, resource, told
from tests.qiao.plan.sound_alicloud import OPTIONS, SOUND

NEEDED = "missing: needed, though neither SDK nor provider asks for it"
DROPPED = "the provider takes a change of it and never sends it: put it into replace_on_changes, or into ignore_changes"
T4, A10 = "fc.gpu.tesla.1", "fc.gpu.ampere.1"


def but(type_token: str, change: dict[str, Any]) -> dict[str, Any]:
    """Sound inputs with some of them set anew; None takes one out."""
    return {key: value for key, value in {**SOUND.get(type_token, {}), **change}.items() if value is not None}


def card(kind: str, memory: int, **more: Any) -> dict[str, Any]:
    """A sound function with a graphics card."""
    own = {"gpuConfig": {"gpuType": kind, "gpuMemorySize": memory}, "cpu": 8, "memorySize": 32768, **more}
    return {**SOUND[sound.FUNCTION], **own}


def folder(runtime: str = "custom.debian12", **more: Any) -> dict[str, Any]:
    """A sound function of code."""
    code = {"code": {"ossBucketName": "code", "ossObjectName": "1.zip"}, "runtime": runtime}
    own = {"customRuntimeConfig": {"commands": ["./run.sh"], "port": 8000}} if runtime.startswith("custom") else {}
    return {**changed(SOUND[sound.FUNCTION], "customContainerConfig", None), **code, **own, **more}


def serverless(**more: Any) -> dict[str, Any]:
    """A sound database instance without fixed size."""
    whole = changed(changed(SOUND[sound.RDS], "zoneIdSlaveA", None), "vswitchId", "vsw-1")
    own = {"instanceChargeType": "Serverless", "category": "serverless_basic", "instanceType": "pg.n2.serverless.1c",
           "serverlessConfigs": [{"minCapacity": 0.5, "maxCapacity": 2}]}  # fmt: skip
    return {**whole, **own, **more}


def auto(**more: Any) -> dict[str, Any]:
    """A sound gateway whose zones the cloud picks."""
    own = {"zoneConfig": {"selectOption": "Auto"}, "vswitch": {"vswitchId": "vsw-1"}}
    return {**changed(SOUND[sound.GATEWAY], "zones", None), **own, **more}


KEPT: list[tuple[str, dict[str, Any]]] = [
    (sound.FUNCTION, card(T4, 16384)),
    (sound.FUNCTION, card(T4, 1024, cpu=0.5, memorySize=2048)),
    (sound.FUNCTION, card(A10, 24576)),
    (sound.FUNCTION, folder()),
    (sound.FUNCTION, folder("python3.12")),
    (sound.FUNCTION, {**SOUND[sound.FUNCTION], "cpu": 0.35, "memorySize": 512}),
    (sound.FUNCTION, {**SOUND[sound.FUNCTION], "cpu": UNKNOWN, "memorySize": 32768}),
    (sound.FUNCTION, {**SOUND[sound.FUNCTION], "environmentVariables": Secret({"API_KEY": "abc"})}),
    (sound.FUNCTION, but(sound.FUNCTION, {
        "role": None, "vpcConfig": None, "nasConfig": None, "logConfig": {"project": "", "logstore": ""},
        "ossMountConfig": {"mountPoints": []}})),
    (sound.RDS, serverless()),
    (sound.RDS, {**SOUND[sound.RDS], "engine": "MySQL", "engineVersion": "8.0"}),
    (sound.GATEWAY, auto()),
    (sound.STORE, changed(SOUND[sound.STORE], "hotTtl", None)),
    (sound.DOMAIN, {"domainName": "*", "protocol": "HTTP", "forceHttps": False}),
    (sound.DOMAIN_OF_FUNCTION, {
        **changed(SOUND[sound.DOMAIN_OF_FUNCTION], "certConfig", None), "certificateId": "123-cn-hangzhou"}),
    (sound.INGRESS, {**SOUND[sound.INGRESS], "ipProtocol": "all", "portRange": "-1/-1"}),
    (sound.INGRESS, {**changed(SOUND[sound.INGRESS], "cidrIp", None), "sourceSecurityGroupId": "sg-2"}),
    (sound.ALIAS, {**SOUND[sound.ALIAS], "additionalVersionWeight": {}}),
    (sound.RULE, {**SOUND[sound.RULE], "policyClassName": "JWTAuth", "attachResourceType": "Gateway"}),
    (sound.TRIGGER, {**SOUND[sound.TRIGGER], "triggerType": "oss", "sourceArn": "acs:oss", "invocationRole": "acs"}),
    (sound.BACKUP, {**changed(SOUND[sound.BACKUP], "logBackupRetentionPeriod", None), "enableBackupLog": False}),
]  # fmt: skip


@pytest.mark.parametrize(("type_token", "inputs"), KEPT)
def test_what_the_cloud_takes_passes(type_token: str, inputs: dict[str, Any]) -> None:
    assert told(resource(type_token, inputs)) == []


BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    # Function: processors and memory, with and without a card.
    (sound.FUNCTION, but(sound.FUNCTION, {"memorySize": 512}),
     "memorySize", "must be 1024 to 4096 with cpu 1, is 512, where gpuConfig is not set"),
    (sound.FUNCTION, but(sound.FUNCTION, {"cpu": 0.63, "memorySize": UNKNOWN}),
     "cpu", "must be a multiple of 0.05, is 0.63"),
    (sound.FUNCTION, but(sound.FUNCTION, {"memorySize": 2050}), "memorySize", "must be a multiple of 64, is 2050"),
    (sound.FUNCTION, but(sound.FUNCTION, {"instanceConcurrency": 500}),
     "instanceConcurrency", "must be 1 to 200, is 500"),
    (sound.FUNCTION, card(T4, 24576), "gpuConfig.gpuMemorySize",
     f'must be 1024 to 16384, is 24576, where gpuConfig.gpuType is "{T4}"'),
    (sound.FUNCTION, card(A10, 25600), "gpuConfig.gpuMemorySize",
     f'must be 1024 to 24576, is 25600, where gpuConfig.gpuType is "{A10}"'),
    (sound.FUNCTION, card(T4, 1500, cpu=0.5, memorySize=2048), "gpuConfig.gpuMemorySize",
     "must be a multiple of 1024, is 1500"),
    (sound.FUNCTION, card(T4, 8192, memorySize=16384), "cpu",
     "must be 4 or less with gpuConfig.gpuMemorySize 8192, is 8, where gpuConfig is set"),
    (sound.FUNCTION, card(T4, 8192, cpu=4), "memorySize",
     "must be 16384 or less with gpuConfig.gpuMemorySize 8192, is 32768, where gpuConfig is set"),
    (sound.FUNCTION, {**folder(), "gpuConfig": {"gpuType": T4, "gpuMemorySize": 16384}}, "runtime",
     'must be "custom-container", is "custom.debian12", where gpuConfig is set'),
    # Function: an image, or code, and each in its way.
    (sound.FUNCTION, but(sound.FUNCTION, {"code": {"ossBucketName": "b", "ossObjectName": "k"}}), "code",
     'must not be set where runtime is "custom-container"'),
    (sound.FUNCTION, but(sound.FUNCTION, {"customContainerConfig": None}), "customContainerConfig.image",
     'must be set where runtime is "custom-container"'),
    (sound.FUNCTION, changed(folder("python3.12"), "code", None), "code",
     'must be set where runtime is "python3.12"'),
    (sound.FUNCTION, {**folder("python3.12"), "customRuntimeConfig": {"port": 8000}}, "customRuntimeConfig",
     'must not be set where runtime is "python3.12"'),
    (sound.FUNCTION, changed(folder(), "code", {"ossBucketName": "code"}), "code.zipFile",
     "must be set, or code.ossObjectName, where code is set"),
    (sound.FUNCTION, changed(folder(), "code", {"ossObjectName": "1.zip"}), "code.ossBucketName",
     "must be set where code.ossObjectName is set"),
    (sound.FUNCTION, but(sound.FUNCTION, {"customContainerConfig": {"image": "http://cr.example.com/a"}}),
     "customContainerConfig.image",
     'must match [^\\s:@]+(:\\d+)?(/[^\\s:@/]+)+(:[\\w][\\w.-]{0,127})?(@sha256:[0-9a-f]{64})?, is '
     '"http://cr.example.com/a"'),
    # Function: what needs a network or a role.
    (sound.FUNCTION, but(sound.FUNCTION, {"vpcConfig": None}), "vpcConfig",
     "must be set where nasConfig.mountPoints is set"),
    (sound.FUNCTION, but(sound.FUNCTION,
     {"nasConfig": {"mountPoints": [{"serverAddr": "host.example", "mountDir": "/mnt"}]}}),
     "nasConfig.mountPoints[0].serverAddr", 'must match [^\\s:/]+:/\\S*, is "host.example"'),
    (sound.FUNCTION, but(sound.FUNCTION, {"idleTimeout": None}), "idleTimeout",
     "not set: where the provider reports a value all the same, the next preview would replace the resource; set it, "
     "or put it into ignore_changes"),
    (sound.FUNCTION, but(sound.FUNCTION, {"environmentVariables": {"DB_PASSWORD": "abc"}}),
     'environmentVariables["DB_PASSWORD"]',
     "DB_PASSWORD in clear: give it as a secret"),
    (sound.FUNCTION, but(sound.FUNCTION, {"role": None, "vpcConfig": None, "nasConfig": None}), "role",
     "must be set where logConfig.project is set"),
    (sound.FUNCTION, but(sound.FUNCTION, {"role": None, "logConfig": None}), "role",
     "must be set where vpcConfig.vpcId is set"),
    # Version, alias, trigger.
    (sound.ALIAS, but(sound.ALIAS, {"additionalVersionWeight": {"2": 0.1, "3": 0.1}}), "additionalVersionWeight",
     "has 2 entries, must be 0 to 1"),
    (sound.ALIAS, but(sound.ALIAS, {"additionalVersionWeight": {"2": 10.0}}),
     'additionalVersionWeight["2"]', "must be 0 to 1, is 10.0"),
    (sound.ALIAS, but(sound.ALIAS, {"aliasName": "LATEST"}), "aliasName",
     'must match (?!LATEST$)(?!\\d+$)[A-Za-z_][A-Za-z0-9_-]*, is "LATEST"'),
    (sound.TRIGGER, but(sound.TRIGGER, {"triggerConfig": "@every 1m"}),
     "triggerConfig", 'must be a JSON object, is "@every 1m"'),
    (sound.TRIGGER, but(sound.TRIGGER, {"triggerType": "oss", "sourceArn": "acs:oss"}), "invocationRole",
     'must be set where triggerType is "oss"'),
    (sound.PROVISION, but(sound.PROVISION, {"functionName": "agent", "qualifier": "live", "target": 1}), "",
     "cannot be created: it is read without its qualifier, so that an alias shows a change in every preview: use the "
     "gap ProvisionedConcurrency"),
    # Certificates.
    (sound.DOMAIN, but(sound.DOMAIN, {"certIdentifier": None}),
     "certIdentifier", 'must be set where protocol is "HTTPS"'),
    (sound.DOMAIN, but(sound.DOMAIN, {"certIdentifier": "123"}), "certIdentifier",
     'must match \\d+-(cn-hangzhou|ap-southeast-1), is "123"'),
    (sound.DOMAIN, but(sound.DOMAIN, {"protocol": "HTTP"}),
     "certIdentifier", 'must not be set where protocol is "HTTP"'),
    (sound.DOMAIN_OF_FUNCTION, but(sound.DOMAIN_OF_FUNCTION, {"certConfig": None}), "certConfig",
     'must be set, or certificateId, where protocol is "HTTPS"'),
    (sound.DOMAIN_OF_FUNCTION, but(sound.DOMAIN_OF_FUNCTION, {"certificateId": "1"}),
     "", "certConfig and certificateId exclude each other"),
    (sound.DOMAIN_OF_FUNCTION, but(sound.DOMAIN_OF_FUNCTION, {"authConfig": {"authType": "jwt"}}),
     "authConfig.authInfo",
     'must be set where authConfig.authType is "jwt"'),
    # Gateway: zones, services, policies.
    (sound.GATEWAY, changed(auto(), "vswitch", None), "vswitch", 'must be set where zoneConfig.selectOption is "Auto"'),
    (sound.GATEWAY, but(sound.GATEWAY, {"zones": [{"zoneId": "a", "vswitchId": "vsw-1"}]}),
     "zones", "has 1 items, must be 2 or more"),
    (sound.GATEWAY, but(sound.GATEWAY, {"zones": None}),
     "zones", 'must be set where zoneConfig.selectOption is "Manual"'),
    (sound.SERVICE, but(sound.SERVICE, {"qualifier": None}), "qualifier", 'must be set where sourceType is "FC3"'),
    (sound.SERVICE, but(sound.SERVICE, {"addresses": ["10.0.0.1:80"]}),
     "addresses", 'must not be set where sourceType is "FC3"'),
    (sound.API, but(sound.API, {"type": "Rest"}), "basePath", 'must be set where type is "Rest"'),
    (sound.ROUTE, but(sound.ROUTE, {"backend": {"scene": "SingleService"}}), "backend.services",
     'must be set where backend.scene is "SingleService"'),
    (sound.ROUTE, but(sound.ROUTE, {"domainIds": []}), "domainIds", "has 0 items, must be 1 or more"),
    (sound.RULE, but(sound.RULE, {"policyClassName": "JWTAuth"}), "attachResourceType",
     'must be "Gateway", is "GatewayRoute", where policyClassName is "JWTAuth"'),
    (sound.RULE, but(sound.RULE, {"policyConfig": "limit=10"}), "policyConfig", 'must be a JSON object, is "limit=10"'),
    # Logs.
    (sound.STORE, but(sound.STORE, {"retentionPeriod": 30}), "hotTtl", "must be below retentionPeriod (30), is 30"),
    (sound.STORE, but(sound.STORE, {"maxSplitShardCount": None}),
     "maxSplitShardCount", "must be set where autoSplit is true"),
    (sound.STORE, but(sound.STORE, {"maxSplitShardCount": 0}), "maxSplitShardCount",
     "must be 1 to 256, is 0, where autoSplit is true"),
    (sound.INDEX, but(sound.INDEX, {"fieldSearches": None}), "", "one of fullText, fieldSearches is needed"),
    (sound.LOG_ALERT, but(sound.LOG_ALERT, {"schedule": {"type": "Cron"}}), "schedule.cronExpression",
     'must be set where schedule.type is "Cron"'),
    # Databases.
    (sound.RDS, serverless(serverlessConfigs=None), "serverlessConfigs",
     'must be set where instanceChargeType is "Serverless"'),
    (sound.RDS, serverless(dbInstanceStorageType="cloud_ssd"), "dbInstanceStorageType",
     'must be "cloud_essd", is "cloud_ssd", where instanceChargeType is "Serverless"'),
    (sound.RDS, serverless(instanceType="pg.n2.2c.2m"), "instanceType",
     'must match .+\\.serverless\\..+, is "pg.n2.2c.2m", where instanceChargeType is "Serverless"'),
    (sound.RDS, but(sound.RDS, {"zoneIdSlaveA": None}),
     "zoneIdSlaveA", 'must be set where category is "HighAvailability"'),
    (sound.RDS, but(sound.RDS, {"vswitchId": "vsw-1"}), "vswitchId",
     'must match [^,]+,[^,]+, is "vsw-1", where zoneIdSlaveA is set'),
    (sound.RDS, but(sound.RDS, {"securityIps": ["0.0.0.0/0"]}), "securityIps[0]",
     "must be an IPv4 block inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, host bits zero, is \"0.0.0.0/0\""),
    (sound.RDS, but(sound.RDS, {"instanceStorage": 600}), "instanceStorage",
     'must be at most storageUpperBound (500), is 600, where storageAutoScale is "Enable"'),
    (sound.RDS, but(sound.RDS, {"storageUpperBound": None}),
     "storageUpperBound", 'must be set where storageAutoScale is "Enable"'),
    (sound.RDS, but(sound.RDS, {"engineVersion": "8.0"}), "engineVersion",
     'must be "12.0" or "13.0" or "14.0" or "15.0" or "16.0" or "17.0" or "18.0", is "8.0", where engine is '
     '"PostgreSQL"'),
    (sound.RDS, but(sound.RDS, {"instanceChargeType": "Prepaid", "deletionProtection": True}), "deletionProtection",
     'must be false, is true, where instanceChargeType is "Prepaid"'),
    (sound.ACCOUNT, but(sound.ACCOUNT, {"accountName": "postgres"}), "accountName",
     "must match (?!(postgres|root|admin|administrator|mysql|test|sys|guest)$)[a-z][a-z0-9_]*[a-z0-9], is "
     '"postgres"'),
    (sound.ACCOUNT, but(sound.ACCOUNT, {"accountPassword": Secret("Abc def 1!")}), "accountPassword",
     "must match [A-Za-z0-9!@#$%^&*()_+=-]+, is [secret]"),
    (sound.BACKUP, but(sound.BACKUP, {"preferredBackupTime": "18:30Z-19:30Z"}), "preferredBackupTime",
     'must be a whole hour, in UTC (02:00Z-03:00Z), is "18:30Z-19:30Z"'),
    (sound.BACKUP, but(sound.BACKUP, {"preferredBackupPeriods": ["Monday"]}),
     "preferredBackupPeriods", "has 1 items, must be 2 to 7"),
    (sound.BACKUP, but(sound.BACKUP, {"logBackupRetentionPeriod": 60}), "logBackupRetentionPeriod",
     "must be at most backupRetentionPeriod (30), is 60"),
    (sound.BACKUP, but(sound.BACKUP, {"enableBackupLog": False}), "logBackupRetentionPeriod",
     "must not be set where enableBackupLog is false"),
    (sound.REDIS, but(sound.REDIS, {"period": "1"}), "period", 'must not be set where paymentType is "PostPaid"'),
    # Objects and files.
    (sound.SPLIT, but(sound.SPLIT, {"bucket": "b", "status": "Enabled"}), "",
     "cannot be created: the next read of the bucket would take it away again: set it in the Bucket itself"),
    (sound.BUCKET, but(sound.BUCKET, {"acl": "private"}), "acl", "leave it out: deprecated: a BucketAcl of its own"),
    (sound.OBJECT, but(sound.OBJECT, {"content": "x"}), "", "content and source exclude each other"),
    (sound.FILES, but(sound.FILES, {"vpcId": "vpc-1"}), "vpcId", 'must not be set where fileSystemType is "standard"'),
    (sound.ACCESS, but(sound.ACCESS, {"sourceCidrIp": "0.0.0.0/0"}), "sourceCidrIp",
     "must be an IPv4 block inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, host bits zero, is \"0.0.0.0/0\""),
    # Network.
    (sound.INGRESS, but(sound.INGRESS, {"portRange": "80"}), "portRange",
     'must match [1-9]\\d{0,4}/[1-9]\\d{0,4}, is "80", where ipProtocol is "tcp"'),
    (sound.INGRESS, but(sound.INGRESS, {"ipProtocol": "all"}),
     "portRange", 'must be "-1/-1", is "80/80", where ipProtocol is "all"'),
    (sound.INGRESS, but(sound.INGRESS, {"nicType": "internet"}), "nicType", 'must be "intranet", is "internet"'),
    (sound.GROUP, but(sound.GROUP, {"securityGroupType": "enterprise"}), "innerAccessPolicy",
     'must not be set where securityGroupType is "enterprise"'),
    (sound.SNAT, but(sound.SNAT, {"sourceVswitchId": None}), "", "one of sourceCidr, sourceVswitchId is needed"),
    (sound.NAT, but(sound.NAT, {"natType": "Normal"}), "natType", 'must be "Enhanced", is "Normal"'),
    # Alarms and names.
    (sound.ALARM, but(sound.ALARM, {"metricDimensions": '{"functionName": "a"}'}), "metricDimensions",
     'must be a JSON list, is "{\\"functionName\\": \\"a\\"}"'),
    (sound.ALARM, but(sound.ALARM, {"escalationsCritical": None}), "",
     "one of escalationsCritical, escalationsWarn, escalationsInfo is needed"),
    (sound.RECORD, but(sound.RECORD, {"priority": 5}), "priority", 'must not be set where type is "CNAME"'),
    (sound.PROJECT, but(sound.PROJECT, {"projectName": "My_Logs"}), "projectName",
     'must match [a-z0-9]([a-z0-9-]*[a-z0-9])?, is "My_Logs"'),
    (sound.KEY, but(sound.KEY, {"secretFile": "key.txt"}),
     "secretFile", "leave it out: the provider writes the secret there in clear"),
    (sound.HISTORY, but(sound.HISTORY, {"weight": 101}), "weight", "must be 0 to 100, is 101"),
    (sound.CONSUMER, but(sound.CONSUMER, {"jwks": "[]"}), "jwks", 'must be a JSON object, is "[]"'),
    (sound.TOKEN, but(sound.TOKEN, {"signing_key": "-----BEGIN"}),
     "signing_key", "a secret in clear: wrap it in pulumi.Output.secret"),
    (sound.SIGNING_KEY, but(sound.SIGNING_KEY, {"rsaBits": 1024}), "rsaBits", "must be 2048 to 8192, is 1024"),
]  # fmt: skip


@pytest.mark.parametrize(("type_token", "inputs", "at", "message"), BROKEN)
def test_what_the_cloud_refuses_is_found(type_token: str, inputs: dict[str, Any], at: str, message: str) -> None:
    assert told(resource(type_token, inputs)) == [(at, message)]


SECRETS = [
    (sound.REGISTRY, "password"), (sound.ACCOUNT, "accountPassword"), (sound.REDIS, "password"),
    (sound.CERTIFICATE, "key"), (sound.DOMAIN_OF_FUNCTION, "certConfig.privateKey"),
    (sound.ALARM, "webhook"), (sound.CONTACT, "channelsDingWebHook"), (sound.PROVIDER, "accessKey"),
]  # fmt: skip


@pytest.mark.parametrize(("type_token", "path"), SECRETS)
def test_what_the_sdk_forgets_to_mark_must_be_marked(type_token: str, path: str) -> None:
    clear = told(resource(type_token, changed(SOUND[type_token], path, "Abcdefg1!")))
    assert clear == [(path, "a secret in clear: wrap it in pulumi.Output.secret")]
    assert told(resource(type_token, changed(SOUND[type_token], path, Secret("Abcdefg1!")))) == []


def test_a_change_that_is_never_sent_must_replace_or_be_ignored() -> None:
    for option in ("replace_on_changes", "ignore_changes"):
        kept: dict[str, Any] = {
            "delete_before_replace": True,
            "replace_on_changes": (),
            option: ("zoneConfig", "networkAccessConfig"),
        }
        assert told(resource(sound.GATEWAY, **kept)) == []
    found = findings(resource(sound.GATEWAY, replace_on_changes=("networkAccessConfig.type",)))
    assert [(each.path, each.message, each.severity) for each in found] == [
        ("networkAccessConfig", DROPPED, "warning"), ("zoneConfig", DROPPED, "warning"),
    ]  # fmt: skip
    unset = changed(SOUND[sound.GATEWAY], "networkAccessConfig", None)
    assert told(resource(sound.GATEWAY, unset)) == [("networkAccessConfig", NEEDED)]


def test_what_reads_back_otherwise_must_be_ignored() -> None:
    found = findings(resource(sound.CONTACT, ignore_changes=()))
    assert [(each.path, each.message, each.severity) for each in found] == [
        ("channelsMail", "put it into ignore_changes: it reads empty until the person has confirmed the address",
         "warning"),
    ]  # fmt: skip
    # Replacing it on every preview would be worse still.
    assert len(findings(resource(sound.CONTACT, ignore_changes=(), replace_on_changes=("channelsMail",)))) == 1


EVERY = sorted(SOUND)


@pytest.mark.parametrize("type_token", EVERY)
def test_everything_needed_is_missed_when_it_is_gone(type_token: str) -> None:
    rules = rules_for(type_token)
    assert rules is not None
    for path in rules.needed:
        if path.split(".")[0] in SOUND[type_token]:
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


@pytest.mark.parametrize(
    "type_token", sorted(token for token in OPTIONS if OPTIONS[token].get("delete_before_replace"))
)
def test_what_has_one_name_goes_before_its_successor_comes(type_token: str) -> None:
    rules = rules_for(type_token)
    assert rules is not None
    options = {**OPTIONS[type_token], "delete_before_replace": None}
    messages = [message for _, message in told(resource(type_token, **options))]
    assert len(messages) == 1
    assert messages[0].endswith(f"under the same {rules.identity[-1]}: set delete_before_replace")
