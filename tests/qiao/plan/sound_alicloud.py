"""Sound inputs of Alibaba Cloud's types, to be broken one by one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qiao.plan.recording import Secret

NETWORK = "alicloud:vpc/network:Network"
SWITCH = "alicloud:vpc/switch:Switch"
NAT = "alicloud:vpc/natGateway:NatGateway"
SNAT = "alicloud:vpc/snatEntry:SnatEntry"
GROUP = "alicloud:ecs/securityGroup:SecurityGroup"
INGRESS = "alicloud:ecs/securityGroupRule:SecurityGroupRule"
EIP = "alicloud:ecs/eipAddress:EipAddress"
ATTACHED = "alicloud:ecs/eipAssociation:EipAssociation"
NAMESPACE = "alicloud:cr/namespace:Namespace"
REPO = "alicloud:cr/repo:Repo"
REGISTRY = "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance"
LINK = "alicloud:cr/vpcEndpointLinkedVpc:VpcEndpointLinkedVpc"
ACL = "alicloud:cr/endpointAclPolicy:EndpointAclPolicy"
PROJECT = "alicloud:log/project:Project"
STORE = "alicloud:log/store:Store"
INDEX = "alicloud:log/storeIndex:StoreIndex"
LOG_ALERT = "alicloud:sls/alert:Alert"
FUNCTION = "alicloud:fc/v3Function:V3Function"
VERSION = "alicloud:fc/v3FunctionVersion:V3FunctionVersion"
ALIAS = "alicloud:fc/v3Alias:V3Alias"
TRIGGER = "alicloud:fc/v3Trigger:V3Trigger"
DOMAIN_OF_FUNCTION = "alicloud:fc/v3CustomDomain:V3CustomDomain"
PROVISION = "alicloud:fc/v3ProvisionConfig:V3ProvisionConfig"
ROLE = "alicloud:ram/role:Role"
POLICY = "alicloud:ram/policy:Policy"
USER = "alicloud:ram/user:User"
KEY = "alicloud:ram/accessKey:AccessKey"
GATEWAY = "alicloud:apig/gateway:Gateway"
DOMAIN = "alicloud:apig/domain:Domain"
API = "alicloud:apig/httpApi:HttpApi"
SERVICE = "alicloud:apig/service:Service"
ROUTE = "alicloud:apig/route:Route"
RULE = "alicloud:apig/policy:Policy"
CERTIFICATE = "alicloud:cas/serviceCertificate:ServiceCertificate"
RECORD = "alicloud:dns/alidnsRecord:AlidnsRecord"
RDS = "alicloud:rds/instance:Instance"
ACCOUNT = "alicloud:rds/rdsAccount:RdsAccount"
DATABASE = "alicloud:rds/database:Database"
BACKUP = "alicloud:rds/backupPolicy:BackupPolicy"
REDIS = "alicloud:kvstore/instance:Instance"
BUCKET = "alicloud:oss/bucket:Bucket"
SPLIT = "alicloud:oss/bucketVersioning:BucketVersioning"
OBJECT = "alicloud:oss/bucketObject:BucketObject"
FILES = "alicloud:nas/fileSystem:FileSystem"
ACCESS = "alicloud:nas/accessRule:AccessRule"
MOUNT = "alicloud:nas/mountTarget:MountTarget"
CONTACT = "alicloud:cms/alarmContact:AlarmContact"
ALARM = "alicloud:cms/alarm:Alarm"
PROVIDER = "pulumi:providers:alicloud"
HISTORY = "pulumi-python:dynamic/alicloud:ReleaseHistory"
ANY_HOST = "pulumi-python:dynamic/alicloud:AnyHostDomain"
CONSUMER = "pulumi-python:dynamic/alicloud:Consumer"
TOKEN = "pulumi-python:dynamic/qiao:ServiceToken"
SIGNING_KEY = "tls:index/privateKey:PrivateKey"

SOUND: Mapping[str, Mapping[str, Any]] = {
    PROVIDER: {"region": "cn-hangzhou"},
    NETWORK: {"vpcName": "net", "cidrBlock": "10.0.0.0/16", "tags": {"a": "b"}},
    SWITCH: {"vpcId": "vpc-1", "vswitchName": "a", "zoneId": "cn-hangzhou-h", "cidrBlock": "10.0.0.0/24"},
    NAT: {
        "vpcId": "vpc-1", "vswitchId": "vsw-1", "natGatewayName": "nat", "natType": "Enhanced",
        "paymentType": "PayAsYouGo", "internetChargeType": "PayByLcu",
    },
    SNAT: {"snatTableId": "stb-1", "sourceVswitchId": "vsw-1", "snatIp": "203.0.113.9"},
    GROUP: {"vpcId": "vpc-1", "securityGroupName": "group", "innerAccessPolicy": "Accept"},
    INGRESS: {
        "securityGroupId": "sg-1", "type": "ingress", "ipProtocol": "tcp", "portRange": "80/80", "nicType": "intranet",
        "cidrIp": "10.0.0.0/8", "priority": 1,
    },
    EIP: {
        "addressName": "out", "paymentType": "PayAsYouGo", "internetChargeType": "PayByTraffic", "bandwidth": "10",
    },
    ATTACHED: {
        "allocationId": "eip-1", "instanceId": "ngw-1", "instanceType": "Nat", "privateIpAddress": "10.0.0.9",
        "vpcId": "vpc-1",
    },
    NAMESPACE: {"name": "team", "autoCreate": False, "defaultVisibility": "PRIVATE"},
    REPO: {"namespace": "team", "name": "app", "summary": "Image app", "repoType": "PRIVATE"},
    REGISTRY: {
        "instanceName": "registry", "instanceType": "Basic", "paymentType": "Subscription", "period": 1,
        "password": Secret("Abcdefg1!"),
    },
    LINK: {"instanceId": "cri-1", "moduleName": "Registry", "vpcId": "vpc-1", "vswitchId": "vsw-1"},
    ACL: {"instanceId": "cri-1", "endpointType": "internet", "entry": "203.0.113.0/24", "moduleName": "Registry"},
    PROJECT: {"projectName": "logs-1"},
    STORE: {
        "projectName": "logs-1", "logstoreName": "app", "retentionPeriod": 90, "hotTtl": 30, "telemetryType": "None",
        "shardCount": 2, "autoSplit": True, "maxSplitShardCount": 8,
    },
    INDEX: {"project": "logs-1", "logstore": "app", "maxTextLen": 2048, "fieldSearches": [{"name": "level"}]},
    LOG_ALERT: {
        "alertName": "errors", "displayName": "errors", "projectName": "logs-1",
        "schedule": {"type": "FixedRate", "interval": "5m"},
        "configuration": {
            "queryLists": [{"store": "app", "query": "error"}], "severityConfigurations": [{"severity": 8}],
        },
    },
    FUNCTION: {
        "functionName": "agent", "handler": "index.handler", "runtime": "custom-container", "cpu": 1,
        "memorySize": 2048, "diskSize": 512, "timeout": 300, "instanceConcurrency": 50, "idleTimeout": 60,
        "role": "acs:ram::1:role/agent",
        "customContainerConfig": {"image": "cr.example.com/team/agent:1.0", "port": 8000},
        "environmentVariables": {"REGION": "cn-hangzhou"},
        "vpcConfig": {"vpcId": "vpc-1", "vswitchIds": ["vsw-1", "vsw-2"], "securityGroupId": "sg-1"},
        "logConfig": {"project": "logs-1", "logstore": "app"},
        "nasConfig": {"mountPoints": [{"serverAddr": "host.example:/", "mountDir": "/mnt/files"}]},
    },
    VERSION: {"functionName": "agent", "description": "1f0c"},
    ALIAS: {"functionName": "agent", "aliasName": "live", "versionId": "1", "additionalVersionWeight": {"2": 0.1}},
    TRIGGER: {
        "functionName": "agent", "qualifier": "live", "triggerType": "timer", "triggerName": "nightly",
        "triggerConfig": '{"cronExpression": "@every 1m"}',
    },
    DOMAIN_OF_FUNCTION: {
        "customDomainName": "a.example.com", "protocol": "HTTPS", "routeConfig": {"routes": [{"path": "/*"}]},
        "certConfig": {"certName": "own", "certificate": "-----BEGIN", "privateKey": Secret("-----BEGIN KEY")},
        "authConfig": {"authType": "jwt", "authInfo": "{}"},
    },
    ROLE: {"roleName": "agent", "assumeRolePolicyDocument": '{"Statement": []}'},
    POLICY: {
        "policyName": "own", "policyDocument": '{"Statement": []}',
        "rotateStrategy": "DeleteOldestNonDefaultVersionWhenLimitExceeded",
    },
    USER: {"name": "runtime", "displayName": "runtime"},
    KEY: {"userName": "runtime", "status": "Active"},
    GATEWAY: {
        "gatewayName": "gateway", "gatewayType": "API", "paymentType": "PayAsYouGo", "spec": "apigw.small.x1",
        "networkAccessConfig": {"type": "Internet"}, "vpc": {"vpcId": "vpc-1"},
        "zoneConfig": {"selectOption": "Manual"},
        "zones": [{"zoneId": "a", "vswitchId": "vsw-1"}, {"zoneId": "b", "vswitchId": "vsw-2"}],
    },
    DOMAIN: {
        "domainName": "a.example.com", "protocol": "HTTPS", "forceHttps": True, "certIdentifier": "123-cn-hangzhou",
        "tlsMin": "TLS 1.2",
    },
    API: {"httpApiName": "app", "protocols": ["HTTP", "HTTPS"], "type": "Http"},
    SERVICE: {"serviceName": "agent", "sourceType": "FC3", "gatewayId": "gw-1", "qualifier": "live"},
    ROUTE: {
        "routeName": "chat", "httpApiId": "api-1", "environmentInfo": {"environmentId": "env-1"}, "domainIds": ["d-1"],
        "match": {"path": {"type": "Prefix", "value": "/chat"}, "methods": ["POST"]},
        "backend": {"scene": "SingleService", "services": [{"serviceId": "svc-1", "weight": 100}]},
    },
    RULE: {
        "policyName": "limit", "policyClassName": "RateLimit", "policyConfig": '{"limit":10}', "gatewayId": "gw-1",
        "environmentId": "env-1", "attachResourceType": "GatewayRoute", "attachResourceIds": ["hr-1"],
    },
    CERTIFICATE: {"certificateName": "own", "cert": "-----BEGIN", "key": Secret("-----BEGIN KEY")},
    RECORD: {"domainName": "example.com", "rr": "chat", "type": "CNAME", "value": "gw.example.net"},
    RDS: {
        "instanceName": "db", "engine": "PostgreSQL", "engineVersion": "16.0", "instanceType": "pg.n2.2c.2m",
        "instanceStorage": 100, "category": "HighAvailability", "dbInstanceStorageType": "cloud_essd",
        "instanceChargeType": "Postpaid", "zoneId": "a", "zoneIdSlaveA": "b", "vswitchId": "vsw-1,vsw-2",
        "securityIps": ["10.0.0.0/24"], "storageAutoScale": "Enable", "storageThreshold": 10, "storageUpperBound": 500,
    },
    ACCOUNT: {
        "dbInstanceId": "pgm-1", "accountName": "owner", "accountType": "Super",
        "accountPassword": Secret("Abcdefg1!"),
    },
    DATABASE: {"instanceId": "pgm-1", "dataBaseName": "app", "characterSet": "UTF8,C,en_US.utf8"},
    BACKUP: {
        "instanceId": "pgm-1", "preferredBackupPeriods": ["Monday", "Thursday"], "backupRetentionPeriod": 30,
        "preferredBackupTime": "18:00Z-19:00Z", "enableBackupLog": True, "logBackupRetentionPeriod": 30,
    },
    REDIS: {
        "dbInstanceName": "cache", "instanceClass": "redis.shard.small.ce", "instanceType": "Redis",
        "engineVersion": "7.0", "paymentType": "PostPaid", "vswitchId": "vsw-1", "zoneId": "a",
        "securityIps": ["10.0.0.0/24"], "password": Secret("Abcdefg1!"),
    },
    BUCKET: {
        "bucket": "bucket-1", "redundancyType": "LRS", "storageClass": "Standard", "versioning": {"status": "Enabled"},
        "serverSideEncryptionRule": {"sseAlgorithm": "AES256"},
        "lifecycleRules": [{"id": "old", "enabled": True, "expirations": [{"days": 30}]}],
        "corsRules": [{"allowedMethods": ["GET"], "allowedOrigins": ["https://a.example"]}],
    },
    OBJECT: {"bucket": "bucket-1", "key": "code/1.zip", "source": "code.zip"},
    FILES: {
        "fileSystemType": "standard", "protocolType": "NFS", "storageType": "Capacity", "description": "files",
        "encryptType": 1, "zoneId": "a",
    },
    ACCESS: {
        "accessGroupName": "files", "fileSystemType": "standard", "sourceCidrIp": "10.0.0.0/24", "priority": 1,
        "rwAccessType": "RDWR", "userAccessType": "no_squash",
    },
    MOUNT: {
        "fileSystemId": "fs-1", "accessGroupName": "files", "networkType": "Vpc", "vpcId": "vpc-1",
        "vswitchId": "vsw-1",
    },
    CONTACT: {"alarmContactName": "ops", "describe": "ops", "channelsMail": "ops@example.com"},
    ALARM: {
        "name": "errors", "project": "acs_fc", "metric": "FunctionFunctionErrors", "contactGroups": ["ops"],
        "metricDimensions": '[{"functionName": "agent"}]', "period": 60, "effectiveInterval": "00:00-23:59",
        "silenceTime": 300, "escalationsCritical": {"comparisonOperator": ">", "threshold": "5", "times": 1},
    },
    HISTORY: {
        "function_name": "agent", "version_id": "3", "version_key": "k", "weight": 100, "force": False,
        "region": "cn-hangzhou", "__provider": "code",
    },
    ANY_HOST: {"region": "cn-hangzhou", "__provider": "code"},
    CONSUMER: {
        "consumer_name": "app", "jwks": '{"keys": []}', "payload_key": "iss", "payload_value": "urn:x",
        "region": "cn-hangzhou",
    },
    TOKEN: {"signing_key": Secret(""), "issuer": "i", "audience": "a", "subject": "s", "days": 90},
    SIGNING_KEY: {"algorithm": "RSA", "rsaBits": 2048},
}  # fmt: skip

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    **{
        token: {"delete_before_replace": True}
        for token in (REGISTRY, LINK, ACL, STORE, FUNCTION, TRIGGER, GATEWAY, API, ROUTE, ACCOUNT, DATABASE, BUCKET)
    },
    REGISTRY: {"delete_before_replace": True, "ignore_changes": ("period",), "replace_on_changes": ("instanceType",)},
    GATEWAY: {"delete_before_replace": True, "replace_on_changes": ("zoneConfig", "networkAccessConfig")},
    RDS: {"replace_on_changes": ("category", "instanceChargeType")},
    CONTACT: {"ignore_changes": ("channelsMail",)},
}
"""Options without which a type is not sound."""
