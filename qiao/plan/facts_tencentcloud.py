"""Facts of Tencent Cloud's types and of its gaps. How they are written stands in `facts.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_GAP = "pulumi-python:dynamic/tencentcloud"

FACTS: Mapping[str, Sequence[str]] = {
    "pulumi:providers:tencentcloud": ["{region}"],
    "tencentcloud:Vpc/instance:Instance": ["{cidrBlock}"],
    "tencentcloud:Subnet/instance:Instance": ["{cidrBlock}", "{availabilityZone}"],
    "tencentcloud:Security/groupRuleSet:GroupRuleSet": [
        "in: {ingresses.protocol} {ingresses.port}", "from {ingresses.cidrBlock}",
    ],
    "tencentcloud:Eip/instance:Instance": ["{internetChargeType}", "{internetMaxBandwidthOut} Mbps"],
    "tencentcloud:Route/tableEntry:TableEntry": ["{destinationCidrBlock} by {nextType}"],
    "tencentcloud:Tcr/instance:Instance": [
        "{instanceType}", "openPublicOperation?public:private", "open to {securityPolicies.cidrBlock}",
        "deleteBucket?goes with its images",
    ],
    "tencentcloud:Tcr/namespace:Namespace": ["{name}", "isPublic?public:private", "isAutoScan?searched for weaknesses"],
    "tencentcloud:Tcr/repository:Repository": ["{name}"],
    "tencentcloud:Tcr/serviceAccount:ServiceAccount": ["{permissions.actions}", "good for {duration} days"],
    "tencentcloud:Cls/topic:Topic": ["kept {period} days", "hot for {hotPeriod}"],
    "tencentcloud:Cls/alarm:Alarm": ["{condition}", "status?:off"],
    "tencentcloud:Apm/instance:Instance": ["kept {traceDuration} days"],
    "tencentcloud:Scf/function:Function": [
        "{funcType}", "{runtime}", "{memSize} MB", "{timeout} s", "{imageConfigs.imageUri}", "{cosObjectName}",
        "in the network of {subnetId}", "enablePublicNet?:no way out of its own",
    ],
    "tencentcloud:Scf/functionAlias:FunctionAlias": ["{name}", "version {functionVersion}", "{description}"],
    "tencentcloud:Scf/reservedConcurrencyConfig:ReservedConcurrencyConfig": ["at most {reservedConcurrencyMem} MB"],
    "tencentcloud:Scf/functionEventInvokeConfig:FunctionEventInvokeConfig": [
        "{asyncTriggerConfig.retryConfigs.retryNum} retries", "within {asyncTriggerConfig.msgTtl} s",
    ],
    "tencentcloud:Scf/customDomain:CustomDomain": ["{domain}", "{protocol}"],
    "tencentcloud:Cam/rolePolicyAttachmentByName:RolePolicyAttachmentByName": ["{policyName}"],
    "tencentcloud:Cam/accessKey:AccessKey": ["{status}"],
    "tencentcloud:Cam/messageReceiver:MessageReceiver": ["{email}"],
    "tencentcloud:Teo/zone:Zone": ["{zoneName}", "{area}"],
    "tencentcloud:Teo/accelerationDomain:AccelerationDomain": ["{domainName}", "{originProtocol}"],
    "tencentcloud:Teo/certificateConfig:CertificateConfig": ["{host}", "{mode}"],
    "tencentcloud:Teo/realtimeLogDelivery:RealtimeLogDelivery": ["{area}"],
    "tencentcloud:Dnspod/record:Record": ["{recordType} {subDomain}.{domain}", "{value}"],
    "tencentcloud:Cdn/domain:Domain": ["{domain}", "{area}"],
    "tencentcloud:Postgresql/instance:Instance": [
        "PostgreSQL {dbMajorVersion}", "{cpu} cores", "{memory} GB", "{storage} GB disk", "{dbNodeSets.zone}",
        "publicAccessSwitch?public",
    ],
    "tencentcloud:Postgresql/account:Account": ["{userName}", "{type}"],
    "tencentcloud:Postgresql/instanceHaConfig:InstanceHaConfig": ["{syncMode}"],
    "tencentcloud:Postgresql/instanceSslConfig:InstanceSslConfig": ["sslEnabled?TLS:no TLS"],
    "tencentcloud:Mysql/instance:Instance": [
        "MySQL {engineVersion}", "{cpu} cores", "{memSize} MB", "{volumeSize} GB disk", "{availabilityZone}",
        "and {firstSlaveZone}",
    ],
    "tencentcloud:Mysql/account:Account": ["{name}"],
    "tencentcloud:Mysql/database:Database": ["{dbName}"],
    "tencentcloud:Mysql/backupPolicy:BackupPolicy": ["kept {retentionPeriod} days"],
    "tencentcloud:Mysql/ssl:Ssl": ["TLS {status}"],
    "tencentcloud:Redis/instance:Instance": [
        "{memSize} MB", "{redisReplicasNum} replicas", "{availabilityZone}", "forceDelete?no recycle bin",
    ],
    "tencentcloud:Redis/backupConfig:BackupConfig": ["{backupTime}"],
    "tencentcloud:Cos/bucket:Bucket": [
        "{acl}", "versioningEnable?keeps versions", "{encryptionAlgorithm}", "multiAz?in several zones",
        "forceClean?emptied when destroyed",
    ],
    "tencentcloud:Cos/bucketObject:BucketObject": ["{acl}"],
    "tencentcloud:Cfs/fileSystem:FileSystem": ["{protocol}", "{storageType}", "{availabilityZone}"],
    "tencentcloud:Cfs/accessRule:AccessRule": ["open to {authClientIp}", "{rwPermission}", "{userPermission}"],
    "tencentcloud:Cfs/autoSnapshotPolicy:AutoSnapshotPolicy": ["kept {aliveDays} days"],
    "tencentcloud:Monitor/alarmNotice:AlarmNotice": ["by {userNotices.noticeWays}"],
    "tencentcloud:Monitor/alarmPolicy:AlarmPolicy": ["{namespace}", "{conditions.rules.metricName}"],
    f"{_GAP}:FunctionExtras": ["{concurrency} at once"],
    f"{_GAP}:FunctionTrigger": ["{type}", "on {qualifier}", "{desc}", "enabled?:off"],
    f"{_GAP}:FunctionUrl": ["internet?public:private", "auth {auth_type}", "on {qualifier}"],
    f"{_GAP}:PostgresDatabase": ["{database}", "owned by {owner}"],
    f"{_GAP}:ProvisionedConcurrency": ["{target} kept ready"],
    f"{_GAP}:ReleaseHistory": ["{weight} % of calls", "back to version {revision}", "force?forced"],
    f"{_GAP}:ZoneOwnership": ["{zone_name}"],
}  # fmt: skip
