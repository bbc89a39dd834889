"""Sound inputs of Tencent Cloud's types, to be broken one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiao.plan.recording import Secret

NETWORK = "tencentcloud:Vpc/instance:Instance"
SUBNET = "tencentcloud:Subnet/instance:Instance"
RULES = "tencentcloud:Security/groupRuleSet:GroupRuleSet"
EIP = "tencentcloud:Eip/instance:Instance"
NAT = "tencentcloud:Nat/gateway:Gateway"
ROUTE = "tencentcloud:Route/tableEntry:TableEntry"
REGISTRY = "tencentcloud:Tcr/instance:Instance"
NAMESPACE = "tencentcloud:Tcr/namespace:Namespace"
REPO = "tencentcloud:Tcr/repository:Repository"
LOGIN = "tencentcloud:Tcr/serviceAccount:ServiceAccount"
DOOR = "tencentcloud:Tcr/vpcAttachment:VpcAttachment"
LOGSET = "tencentcloud:Cls/logset:Logset"
TOPIC = "tencentcloud:Cls/topic:Topic"
INDEX = "tencentcloud:Cls/index:Index"
LOG_ALARM = "tencentcloud:Cls/alarm:Alarm"
LOG_NOTICE = "tencentcloud:Cls/alarmNotice:AlarmNotice"
TRACES = "tencentcloud:Apm/instance:Instance"
FUNCTION = "tencentcloud:Scf/function:Function"
VERSION = "tencentcloud:Scf/functionVersion:FunctionVersion"
ALIAS = "tencentcloud:Scf/functionAlias:FunctionAlias"
ASYNC = "tencentcloud:Scf/functionEventInvokeConfig:FunctionEventInvokeConfig"
LID = "tencentcloud:Scf/reservedConcurrencyConfig:ReservedConcurrencyConfig"
LED = "tencentcloud:Scf/customDomain:CustomDomain"
ROLE = "tencentcloud:Cam/role:Role"
POLICY = "tencentcloud:Cam/policy:Policy"
USER = "tencentcloud:Cam/user:User"
KEY = "tencentcloud:Cam/accessKey:AccessKey"
RECEIVER = "tencentcloud:Cam/messageReceiver:MessageReceiver"
ZONE = "tencentcloud:Teo/zone:Zone"
EDGE_DOMAIN = "tencentcloud:Teo/accelerationDomain:AccelerationDomain"
HTTPS = "tencentcloud:Teo/certificateConfig:CertificateConfig"
EDGE = "tencentcloud:Teo/function:Function"
EDGE_VARIABLES = "tencentcloud:Teo/functionRuntimeEnvironment:FunctionRuntimeEnvironment"
DELIVERY = "tencentcloud:Teo/realtimeLogDelivery:RealtimeLogDelivery"
CERTIFICATE = "tencentcloud:Ssl/certificate:Certificate"
RECORD = "tencentcloud:Dnspod/record:Record"
CDN = "tencentcloud:Cdn/domain:Domain"
POSTGRES = "tencentcloud:Postgresql/instance:Instance"
POSTGRES_USER = "tencentcloud:Postgresql/account:Account"
POSTGRES_SSL = "tencentcloud:Postgresql/instanceSslConfig:InstanceSslConfig"
MYSQL = "tencentcloud:Mysql/instance:Instance"
MYSQL_DATABASE = "tencentcloud:Mysql/database:Database"
MYSQL_BACKUP = "tencentcloud:Mysql/backupPolicy:BackupPolicy"
REDIS = "tencentcloud:Redis/instance:Instance"
REDIS_PARAMETERS = "tencentcloud:Redis/param:Param"
BUCKET = "tencentcloud:Cos/bucket:Bucket"
OBJECT = "tencentcloud:Cos/bucketObject:BucketObject"
FILES = "tencentcloud:Cfs/fileSystem:FileSystem"
ACCESS = "tencentcloud:Cfs/accessRule:AccessRule"
SNAPSHOTS = "tencentcloud:Cfs/autoSnapshotPolicy:AutoSnapshotPolicy"
NOTICE = "tencentcloud:Monitor/alarmNotice:AlarmNotice"
ALARM = "tencentcloud:Monitor/alarmPolicy:AlarmPolicy"
BOUND = "tencentcloud:Monitor/policyBindingObject:PolicyBindingObject"
PROVIDER = "pulumi:providers:tencentcloud"
GAP = "pulumi-python:dynamic/tencentcloud:"
EXTRAS, TRIGGER, URL = (f"{GAP}Function{name}" for name in ("Extras", "Trigger", "Url"))
HISTORY = f"{GAP}ReleaseHistory"
PURGE, WARM, OWNED = (f"{GAP}{name}" for name in ("SitePurge", "ProvisionedConcurrency", "ZoneOwnership"))

_FUNCTION = {"function_name": "agent", "namespace": "default", "region": "ap-guangzhou"}

SOUND: Mapping[str, Mapping[str, Any]] = {
    PROVIDER: {"region": "ap-guangzhou"},
    NETWORK: {"name": "net", "cidrBlock": "10.0.0.0/16", "isMulticast": False},
    SUBNET: {
        "name": "a", "vpcId": "vpc-1", "cidrBlock": "10.0.0.0/24", "availabilityZone": "ap-guangzhou-3",
        "isMulticast": False,
    },
    RULES: {
        "securityGroupId": "sg-1",
        "ingresses": [{"action": "ACCEPT", "protocol": "TCP", "port": "80-90", "cidrBlock": "10.0.0.0/8"}],
        "egresses": [{"action": "ACCEPT", "protocol": "ALL", "port": "ALL", "cidrBlock": "0.0.0.0/0"}],
    },
    EIP: {"name": "out", "internetChargeType": "TRAFFIC_POSTPAID_BY_HOUR", "internetMaxBandwidthOut": 100},
    NAT: {"name": "nat", "vpcId": "vpc-1", "assignedEipSets": ["203.0.113.9"], "natProductVersion": 2},
    ROUTE: {"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "nextType": "NAT", "nextHub": "nat-1"},
    REGISTRY: {
        "name": "registry", "instanceType": "basic", "registryChargeType": 1, "openPublicOperation": True,
        "securityPolicies": [{"cidrBlock": "203.0.113.0/24", "description": "ci"}], "deleteBucket": True,
    },
    NAMESPACE: {"instanceId": "tcr-1", "name": "team", "isPublic": False},
    REPO: {"instanceId": "tcr-1", "namespaceName": "team", "name": "app", "briefDesc": "Image app"},
    LOGIN: {
        "registryId": "tcr-1", "name": "push", "duration": 3650, "disable": False,
        "permissions": [{"resource": "team", "actions": ["tcr:PullRepository", "tcr:PushRepository"]}],
    },
    DOOR: {"instanceId": "tcr-1", "vpcId": "vpc-1", "subnetId": "subnet-1", "regionName": "ap-guangzhou"},
    LOGSET: {"logsetName": "logs"},
    TOPIC: {
        "logsetId": "l-1", "topicName": "app", "storageType": "hot", "period": 90, "hotPeriod": 14,
        "partitionCount": 1, "autoSplit": True, "maxSplitPartitions": 10,
    },
    INDEX: {
        "topicId": "t-1", "status": True, "includeInternalFields": True, "metadataFlag": 1,
        "rule": {"keyValue": {"caseSensitive": False, "keyValues": [{"key": "level", "value": {"type": "text"}}]}},
    },
    LOG_ALARM: {
        "name": "errors", "monitorTime": {"type": "Period", "time": 5}, "condition": "$1.hits > 0", "alarmLevel": 1,
        "alarmTargets": [{"logsetId": "l-1", "topicId": "t-1", "query": "error", "number": 1,
                          "startTimeOffset": -5, "endTimeOffset": 0, "syntaxRule": 1}],
        "triggerCount": 1, "alarmPeriod": 60, "alarmNoticeIds": ["notice-1"], "status": True,
    },
    LOG_NOTICE: {
        "name": "ops", "type": "All", "webCallbacks": [
            {"url": Secret("https://a.example"), "callbackType": "Http", "method": "POST", "noticeContentId": "x"}],
        "noticeReceivers": [{"receiverType": "Uin", "receiverIds": [1], "receiverChannels": ["Email"],
                             "startTime": "00:00:00", "endTime": "23:59:59", "noticeContentId": "Default-zh"}],
    },
    TRACES: {"name": "traces", "traceDuration": 30, "spanDailyCounters": 0},
    FUNCTION: {
        "name": "agent", "namespace": "default", "description": "Function of qiao", "funcType": "HTTP",
        "runtime": "Nodejs18.15", "memSize": 512, "timeout": 60, "enablePublicNet": True, "vpcId": "vpc-1",
        "subnetId": "subnet-1", "clsLogsetId": "l-1", "clsTopicId": "t-1", "cosBucketName": "code-1234567890",
        "cosObjectName": "agent-1.zip", "cosBucketRegion": "ap-guangzhou", "environment": {"REGION": "ap-guangzhou"},
        "cfsConfigs": [{"userId": "10000", "userGroupId": "10000", "cfsId": "cfs-1", "mountInsId": "cfs-1",
                        "localMountDir": "/mnt/data", "remoteMountDir": "/"}],
    },
    VERSION: {"functionName": "agent", "namespace": "default", "description": "key"},
    ALIAS: {
        "name": "live", "functionName": "agent", "namespace": "default", "functionVersion": "2",
        "description": "Version 2.",
        "routingConfig": {"additionalVersionWeights": [{"version": "$LATEST", "weight": 0.0}]},
    },
    ASYNC: {
        "functionName": "agent", "namespace": "default",
        "asyncTriggerConfig": {"msgTtl": 3600, "retryConfigs": [{"retryNum": 2}]},
    },
    LID: {"functionName": "agent", "namespace": "default", "reservedConcurrencyMem": 512},
    LED: {
        "domain": "api.example.com", "protocol": "HTTPS", "certConfig": {"certificateId": "c-1"},
        "wafConfig": {"wafOpen": "CLOSE"},
        "endpointsConfigs": [
            {"namespace": "default", "functionName": "agent", "qualifier": "live", "pathMatch": "/*"}],
    },
    ROLE: {"name": "agent", "document": "{}"},
    POLICY: {"name": "agent", "document": '{"statement":[],"version":"2.0"}'},
    USER: {"name": "ci", "useApi": False, "consoleLogin": False, "forceDelete": True},
    KEY: {"targetUin": 100000000001, "status": "Active"},
    RECEIVER: {
        "name": "ops", "remark": "ops", "countryCode": "86", "phoneNumber": "13800000000", "email": "ops@example.com",
    },
    ZONE: {"zoneName": "example.com", "type": "partial", "area": "overseas", "planId": "edgeone-1"},
    EDGE_DOMAIN: {
        "zoneId": "zone-1", "domainName": "api.example.com", "originProtocol": "HTTPS", "httpsOriginPort": 443,
        "originInfo": {"originType": "IP_DOMAIN", "origin": "f.example", "hostHeader": "api.example.com"},
    },
    HTTPS: {"zoneId": "zone-1", "host": "api.example.com", "mode": "sslcert", "serverCertInfos": [{"certId": "c-1"}]},
    EDGE: {"zoneId": "zone-1", "name": "gateway", "content": "addEventListener"},
    EDGE_VARIABLES: {
        "zoneId": "zone-1", "functionId": "ef-1",
        "environmentVariables": [{"key": "ORIGIN_SECRET", "type": "string", "value": Secret("abc")},
                                 {"key": "JWT_ISSUER", "type": "string", "value": "urn:x"}],
    },
    DELIVERY: {
        "zoneId": "zone-1", "taskName": "log", "taskType": "cls", "logType": "domain", "area": "overseas",
        "entityLists": ["api.example.com"], "fields": ["RequestID"], "sample": 1000, "deliveryStatus": "enabled",
        "cls": {"logSetId": "l-1", "logSetRegion": "ap-guangzhou", "topicId": "t-1"},
    },
    CERTIFICATE: {"type": "SVR", "cert": "-----BEGIN\nx\n-----END", "key": Secret("-----BEGIN KEY"), "name": "own"},
    RECORD: {
        "domain": "example.com", "subDomain": "api", "recordType": "CNAME", "recordLine": "默认",
        "value": "gw.example.net", "ttl": 600, "status": "ENABLE",
    },
    CDN: {
        "domain": "www.example.com", "serviceType": "web", "area": "overseas",
        "origin": {"originType": "cos", "originLists": ["b.example"], "serverName": "b.example"},
        "httpsConfig": {"httpsSwitch": "on", "serverCertificateConfig": {"certificateId": "c-1"}},
        "ruleCaches": [{"ruleType": "all", "rulePaths": ["*"], "switch": "off", "cacheTime": 0}],
    },
    POSTGRES: {
        "name": "db", "chargeType": "POSTPAID_BY_HOUR", "dbMajorVersion": "16", "cpu": 1, "memory": 2, "storage": 100,
        "vpcId": "vpc-1", "subnetId": "subnet-1", "availabilityZone": "a", "charset": "UTF8", "needSupportTde": 0,
        "dbNodeSets": [{"role": "Primary", "zone": "a"}, {"role": "Standby", "zone": "b"}],
        "securityGroups": ["sg-1"], "publicAccessSwitch": False, "rootPassword": Secret("Abcdefg1_"),
        "backupPlan": {"backupPeriods": ["monday", "friday"], "baseBackupRetentionPeriod": 30,
                       "minBackupStartTime": "02:00:00", "maxBackupStartTime": "03:00:00"},
    },
    POSTGRES_USER: {
        "dbInstanceId": "postgres-1", "userName": "owner", "type": "normal", "password": Secret("Abcdefg1_"),
    },
    POSTGRES_SSL: {"dbInstanceId": "postgres-1", "sslEnabled": True, "connectAddress": "10.0.0.9"},
    MYSQL: {
        "instanceName": "db", "chargeType": "POSTPAID", "engineVersion": "8.0", "deviceType": "UNIVERSAL", "cpu": 1,
        "memSize": 2000, "volumeSize": 25, "vpcId": "vpc-1", "subnetId": "subnet-1", "intranetPort": 3306,
        "internetService": 0, "securityGroups": ["sg-1"], "availabilityZone": "a", "firstSlaveZone": "b",
        "slaveDeployMode": 1, "slaveSyncMode": 1, "rootPassword": Secret("Abcdefg1_"),
        "parameters": {"character_set_server": "utf8mb4"},
    },
    MYSQL_DATABASE: {"instanceId": "cdb-1", "dbName": "app", "characterSetName": "utf8mb4"},
    MYSQL_BACKUP: {
        "mysqlId": "cdb-1", "backupModel": "physical", "backupTime": "02:00-06:00", "retentionPeriod": 30,
        "binlogPeriod": 30,
    },
    REDIS: {
        "name": "cache", "chargeType": "POSTPAID", "typeId": 17, "memSize": 1024, "vpcId": "vpc-1",
        "subnetId": "subnet-1", "port": 6379, "wanAddressSwitch": "close", "securityGroups": ["sg-1"],
        "availabilityZone": "a", "redisReplicasNum": 1, "replicaZoneIds": [100003], "password": Secret("Abcdefg1_"),
        "forceDelete": True,
    },
    REDIS_PARAMETERS: {"instanceId": "crs-1", "instanceParams": {"maxmemory-policy": "noeviction"}},
    BUCKET: {
        "bucket": "files-1234567890", "acl": "private", "encryptionAlgorithm": "AES256", "versioningEnable": True,
        "multiAz": True, "forceClean": False,
        "corsRules": [{"allowedOrigins": ["https://a.example"], "allowedMethods": ["GET"], "allowedHeaders": ["*"]}],
    },
    OBJECT: {
        "bucket": "files-1234567890", "key": "a.zip", "source": "a.zip", "acl": "private",
        "contentType": "application/zip",
    },
    FILES: {
        "name": "files", "protocol": "NFS", "storageType": "SD", "netInterface": "VPC", "availabilityZone": "a",
        "vpcId": "vpc-1", "subnetId": "subnet-1", "accessGroupId": "pgroup-1",
    },
    ACCESS: {
        "accessGroupId": "pgroup-1", "authClientIp": "10.0.0.0/24", "priority": 1, "rwPermission": "RW",
        "userPermission": "no_root_squash",
    },
    SNAPSHOTS: {"policyName": "daily", "intervalDays": 1, "hour": "2", "aliveDays": 30},
    NOTICE: {
        "name": "ops", "noticeType": "ALL", "noticeLanguage": "zh-CN",
        "userNotices": [{"receiverType": "USER", "startTime": 0, "endTime": 86399, "weekdays": [1, 7],
                         "noticeWays": ["EMAIL"], "userIds": [1]}],
    },
    ALARM: {
        "policyName": "errors", "monitorType": "MT_QCE", "namespace": "scf_alias", "enable": 1, "projectId": -1,
        "noticeIds": ["notice-1"],
        "conditions": {"isUnionRule": 0, "rules": [
            {"metricName": "Error", "period": 60, "operator": "gt", "value": "5", "continuePeriod": 1,
             "noticeFrequency": 300, "isPowerNotice": 0, "ruleType": "STATIC"}]},
    },
    BOUND: {
        "policyId": "policy-1", "dimensions": [{"dimensionsJson": '{"alias":"live"}', "region": "ap-guangzhou"}],
    },
    EXTRAS: {
        **_FUNCTION, "vpc_id": "vpc-1", "subnet_id": "subnet-1", "logset_id": "l-1", "topic_id": "t-1", "files": [],
        "concurrency": 50, "revision_key": "k",
    },
    HISTORY: {
        **_FUNCTION, "version_id": "3", "version_key": "k", "weight": 100, "force": False, "__provider": "code",
    },
    TRIGGER: {
        **_FUNCTION, "qualifier": "live", "type": "timer", "trigger_name": "nightly", "desc": "0 0 2 * * * *",
        "enabled": True, "argument": "",
    },
    URL: {**_FUNCTION, "qualifier": "live", "auth_type": "NONE", "internet": True, "intranet": False},
    WARM: {**_FUNCTION, "qualifier": "3", "target": 1},
    PURGE: {"domain": "www.example.com", "files": {"/": "1"}, "region": "ap-guangzhou"},
    OWNED: {"zone_id": "zone-1", "zone_name": "example.com", "record": "TXT a = b", "region": "ap-guangzhou"},
}  # fmt: skip

_FIRST = {"delete_before_replace": True}
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    **dict.fromkeys((NAT, ROUTE, DOOR, LID, ZONE, EDGE_DOMAIN, BUCKET, BOUND), _FIRST),
    FUNCTION: {
        **_FIRST, "replace_on_changes": ("funcType", "runtime"), "ignore_changes": ("cfsConfigs", "handler"),
    },
    ALIAS: {**_FIRST, "replace_on_changes": ("name", "functionName", "namespace")},
    ASYNC: {"replace_on_changes": ("functionName", "namespace")},
    LED: {"replace_on_changes": ("domain",)},
    LOGIN: {**_FIRST, "replace_on_changes": ("registryId", "name")},
    TOPIC: {"replace_on_changes": ("logsetId", "storageType"), "ignore_changes": ("partitionCount",)},
    INDEX: {"replace_on_changes": ("topicId",)},
    KEY: {"replace_on_changes": ("targetUin",)},
    RECEIVER: {"ignore_changes": ("phoneNumber", "email")},
    EDGE: {"replace_on_changes": ("name",)},
    EDGE_DOMAIN: {**_FIRST, "replace_on_changes": ("httpsOriginPort",)},
    DELIVERY: {"replace_on_changes": ("taskType", "logType", "area", "cls")},
    POSTGRES: {"replace_on_changes": ("dbMajorVersion", "needSupportTde")},
    MYSQL: {"replace_on_changes": ("engineVersion",), "ignore_changes": ("availabilityZone",)},
    REDIS: {"replace_on_changes": ("vpcId", "subnetId", "port")},
    REDIS_PARAMETERS: {"replace_on_changes": ("instanceId",)},
}  # fmt: skip
"""Options without which a type is not sound."""
