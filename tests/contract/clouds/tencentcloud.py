"""Tencent Cloud, as its documents have it, and what its components make of a profile."""

from __future__ import annotations

from tests.contract.clouds.shape import CANARY, CloudFacts, Effects

FACTS = CloudFacts(
    region="ap-guangzhou",
    zones=("ap-guangzhou-3", "ap-guangzhou-6"),
    metric="FunctionErrorCount",
    metric_group=None,
    system_policy="QcloudCLSReadOnlyAccess",
    actions=("cls:pushLog", "cls:searchLog"),
    stateful=frozenset(
        {
            "tencentcloud:Vpc/instance:Instance",
            "tencentcloud:Subnet/instance:Instance",
            "tencentcloud:Nat/gateway:Gateway",
            "tencentcloud:Eip/instance:Instance",
            "tencentcloud:Tcr/instance:Instance",
            "tencentcloud:Tcr/namespace:Namespace",
            "tencentcloud:Tcr/repository:Repository",
            "tencentcloud:Cls/logset:Logset",
            "tencentcloud:Cls/topic:Topic",
            "tencentcloud:Apm/instance:Instance",
            "tencentcloud:Teo/zone:Zone",
            "tencentcloud:Postgresql/instance:Instance",
            "pulumi-python:dynamic/tencentcloud:PostgresDatabase",
            "tencentcloud:Mysql/instance:Instance",
            "tencentcloud:Mysql/database:Database",
            "tencentcloud:Redis/instance:Instance",
            "tencentcloud:Cos/bucket:Bucket",
            "tencentcloud:Cfs/fileSystem:FileSystem",
            "random:index/randomPassword:RandomPassword",
            "tls:index/privateKey:PrivateKey",
        }
    ),
    retained=frozenset(
        {
            # A fixed address that callers know, images, traces, tables, files ...
            "tencentcloud:Eip/instance:Instance",
            "tencentcloud:Tcr/instance:Instance",
            "tencentcloud:Tcr/namespace:Namespace",
            "tencentcloud:Tcr/repository:Repository",
            "tencentcloud:Apm/instance:Instance",
            "tencentcloud:Postgresql/instance:Instance",
            "pulumi-python:dynamic/tencentcloud:PostgresDatabase",
            "tencentcloud:Mysql/instance:Instance",
            "tencentcloud:Mysql/database:Database",
            "tencentcloud:Redis/instance:Instance",
            "tencentcloud:Cfs/fileSystem:FileSystem",
            # ... and what would open, expose or lock them if it went alone.
            "tencentcloud:Postgresql/instanceHaConfig:InstanceHaConfig",
            "tencentcloud:Postgresql/instanceSslConfig:InstanceSslConfig",
            "tencentcloud:Postgresql/parameters:Parameters",
            "tencentcloud:Postgresql/account:Account",
            "tencentcloud:Mysql/ssl:Ssl",
            "tencentcloud:Mysql/backupPolicy:BackupPolicy",
            "tencentcloud:Mysql/account:Account",
            "tencentcloud:Mysql/privilege:Privilege",
            "tencentcloud:Redis/param:Param",
            "tencentcloud:Redis/backupConfig:BackupConfig",
            "tencentcloud:Cfs/accessGroup:AccessGroup",
            "tencentcloud:Cfs/accessRule:AccessRule",
            "tencentcloud:Cfs/autoSnapshotPolicy:AutoSnapshotPolicy",
            "tencentcloud:Cfs/autoSnapshotPolicyAttachment:AutoSnapshotPolicyAttachment",
        }
    ),
    retained_in={
        # A website's bucket holds a copy of a folder, and a network's group guards nothing that stays.
        "bucket": frozenset({"tencentcloud:Cos/bucket:Bucket"}),
        **dict.fromkeys(
            ("postgres", "mysql", "redis"),
            frozenset(
                {"tencentcloud:Security/group:Group", "tencentcloud:Security/groupRuleSet:GroupRuleSet"},
            ),
        ),
    },
    names={
        "tencentcloud:Vpc/instance:Instance": "name",
        "tencentcloud:Subnet/instance:Instance": "name",
        "tencentcloud:Security/group:Group": "name",
        "tencentcloud:Nat/gateway:Gateway": "name",
        "tencentcloud:Eip/instance:Instance": "name",
        "tencentcloud:Tcr/instance:Instance": "name",
        "tencentcloud:Tcr/namespace:Namespace": "name",
        "tencentcloud:Tcr/serviceAccount:ServiceAccount": "name",
        "tencentcloud:Cls/logset:Logset": "logsetName",
        "tencentcloud:Cls/topic:Topic": "topicName",
        "tencentcloud:Cls/alarm:Alarm": "name",
        "tencentcloud:Cls/alarmNotice:AlarmNotice": "name",
        "tencentcloud:Apm/instance:Instance": "name",
        "tencentcloud:Scf/function:Function": "name",
        "tencentcloud:Cam/role:Role": "name",
        "tencentcloud:Cam/policy:Policy": "name",
        "tencentcloud:Cam/user:User": "name",
        "tencentcloud:Cam/messageReceiver:MessageReceiver": "name",
        "tencentcloud:Teo/function:Function": "name",
        "tencentcloud:Teo/realtimeLogDelivery:RealtimeLogDelivery": "taskName",
        "tencentcloud:Ssl/certificate:Certificate": "name",
        "tencentcloud:Monitor/alarmPolicy:AlarmPolicy": "policyName",
        "tencentcloud:Monitor/alarmNotice:AlarmNotice": "name",
        "tencentcloud:Postgresql/instance:Instance": "name",
        "tencentcloud:Mysql/instance:Instance": "instanceName",
        "tencentcloud:Redis/instance:Instance": "name",
        "tencentcloud:Cos/bucket:Bucket": "bucket",
        "tencentcloud:Cfs/accessGroup:AccessGroup": "name",
        "tencentcloud:Cfs/fileSystem:FileSystem": "name",
        "tencentcloud:Cfs/autoSnapshotPolicy:AutoSnapshotPolicy": "policyName",
    },
    other_names={
        "tencentcloud:Cam/rolePolicyAttachmentByName:RolePolicyAttachmentByName.policyName": "the policy's",
        "tencentcloud:Cam/rolePolicyAttachmentByName:RolePolicyAttachmentByName.roleName": "the role's",
        "tencentcloud:Cam/userPolicyAttachment:UserPolicyAttachment.userName": "the user's",
        "tencentcloud:Mysql/account:Account.name": "chosen in MysqlArgs, which checks it",
        "tencentcloud:Mysql/database:Database.characterSetName": "a character set",
        "tencentcloud:Mysql/database:Database.dbName": "chosen in MysqlArgs, which checks it",
        "tencentcloud:Mysql/privilege:Privilege.accountName": "the account's",
        "tencentcloud:Postgresql/account:Account.userName": "chosen in PostgresArgs, which checks it",
        "tencentcloud:Scf/function:Function.cosBucketName": "the bucket's",
        "tencentcloud:Scf/function:Function.cosObjectName": "a key: the function's name and a hash",
        "tencentcloud:Scf/functionAlias:FunctionAlias.functionName": "the function's",
        "tencentcloud:Scf/functionAlias:FunctionAlias.name": "inside the function",
        "tencentcloud:Scf/functionEventInvokeConfig:FunctionEventInvokeConfig.functionName": "the function's",
        "tencentcloud:Scf/functionVersion:FunctionVersion.functionName": "the function's",
        "tencentcloud:Scf/reservedConcurrencyConfig:ReservedConcurrencyConfig.functionName": "the function's",
        "tencentcloud:Tcr/immutableTagRule:ImmutableTagRule.namespaceName": "the namespace's",
        "tencentcloud:Tcr/repository:Repository.name": "the image's, chosen in RegistryArgs, which checks it",
        "tencentcloud:Tcr/repository:Repository.namespaceName": "the namespace's",
        "tencentcloud:Tcr/vpcAttachment:VpcAttachment.regionName": "a region",
        "tencentcloud:Teo/accelerationDomain:AccelerationDomain.domainName": "the domain, anybody's own",
        "tencentcloud:Teo/zone:Zone.zoneName": "the registered domain",
    },
    kept={
        "tencentcloud:Scf/functionVersion:FunctionVersion": "the alias may still serve it; all go with the function",
    },
    untagged={
        "tencentcloud:Tcr/serviceAccount:ServiceAccount": "the provider tags what is no resource, and fails half-way",
        "tencentcloud:Tcr/immutableTagRule:ImmutableTagRule": "likewise",
        "tencentcloud:Cos/bucketObject:BucketObject": "a call more a file, whose failure is overlooked",
        "tencentcloud:Monitor/alarmPolicy:AlarmPolicy": "another tag would make the policy anew",
    },
    inside={
        "ingress": frozenset({"tencentcloud:Security/groupRuleSet:GroupRuleSet.ingresses"}),
        "first block": frozenset(
            {
                "tencentcloud:Tcr/instance:Instance.openPublicOperation",
                "tencentcloud:Tcr/instance:Instance.securityPolicies",
                "tencentcloud:Tcr/instance:Instance#ignore_changes",
            }
        ),
        "block": frozenset({"tencentcloud:Tcr/instance:Instance.securityPolicies"}),
        "cors": frozenset({"tencentcloud:Cos/bucket:Bucket.corsRules"}),
        "route": frozenset(
            {"tencentcloud:Teo/functionRuntimeEnvironment:FunctionRuntimeEnvironment.environmentVariables"}
        ),
    },
    group_members=frozenset(
        {
            "tencentcloud:Monitor/alarmNotice:AlarmNotice.userNotices",
            "tencentcloud:Monitor/alarmNotice:AlarmNotice#depends_on",
        }
    ),
    jwt_wants_domain=True,
    longest_wait=300,
    mounts_buckets=False,
    natives={
        # Nobody can be let in more narrowly than by the region.
        "function full": {"url_for_region": True},
        "gateway minimal": {"zone_id": "zone-there"},
        "gateway full": {
            "plan_id": "edgeone-1",
            "access_log": True,
            "hosts": {"kb": "1250000000-there.ap-guangzhou.tencentscf.com"},
            "token_issuer": "https://login.example.com",
            "token_audience": "chat",
            "token_secret": 2 * CANARY.format("token"),
        },
        # Who has no phone is told as the user that they are already.
        "alerts minimal": {"users": {"ops": 1000001}},
        "alerts full": {
            "users": {"dev": 1000002},
            "webhook": f"https://chat.example.com/{CANARY.format('hook')}",
        },
    },
)

EFFECTS: Effects = {
    ("network", "protect"): {
        "tencentcloud:Eip/instance:Instance#protect",
        "tencentcloud:Nat/gateway:Gateway#protect",
        "tencentcloud:Subnet/instance:Instance#protect",
        "tencentcloud:Vpc/instance:Instance#protect",
    },
    ("network", "retain"): {
        "tencentcloud:Eip/instance:Instance#retain_on_delete",
    },
    ("registry", "protect"): {
        "tencentcloud:Tcr/instance:Instance#protect",
        "tencentcloud:Tcr/namespace:Namespace#protect",
        "tencentcloud:Tcr/repository:Repository#protect",
    },
    ("registry", "retain"): {
        "tencentcloud:Tcr/instance:Instance#retain_on_delete",
        "tencentcloud:Tcr/instance:Instance.deleteBucket",
        "tencentcloud:Tcr/namespace:Namespace#retain_on_delete",
        "tencentcloud:Tcr/repository:Repository#retain_on_delete",
    },
    ("registry", "private_access"): {
        "+ tencentcloud:Tcr/vpcAttachment:VpcAttachment",
        "tencentcloud:Tcr/instance:Instance.instanceType",
    },
    ("registry", "open_to_world"): {
        "+ tencentcloud:Tcr/immutableTagRule:ImmutableTagRule",
        "tencentcloud:Tcr/namespace:Namespace.isAutoScan",
    },
    ("registry", "size"): {
        "tencentcloud:Tcr/instance:Instance.instanceType",
    },
    ("observability", "protect"): {
        "tencentcloud:Apm/instance:Instance#protect",
        "tencentcloud:Cls/logset:Logset#protect",
        "tencentcloud:Cls/topic:Topic#protect",
    },
    ("observability", "retain"): {
        "tencentcloud:Apm/instance:Instance#retain_on_delete",
    },
    ("observability", "log_retention_days"): {
        "tencentcloud:Apm/instance:Instance.traceDuration",
        "tencentcloud:Cls/topic:Topic.hotPeriod",
        "tencentcloud:Cls/topic:Topic.period",
    },
    ("observability", "size"): {
        "tencentcloud:Cls/topic:Topic.maxSplitPartitions",
        "tencentcloud:Cls/topic:Topic.partitionCount",
    },
    ("function", "protect"): {
        "random:index/randomPassword:RandomPassword#protect",
    },
    ("gateway", "protect"): {
        "tencentcloud:Teo/zone:Zone#protect",
    },
    ("postgres", "high_availability"): {
        "+ tencentcloud:Postgresql/instanceHaConfig:InstanceHaConfig",
        "tencentcloud:Postgresql/account:Account#depends_on",
        "tencentcloud:Postgresql/instance:Instance.dbNodeSets",
    },
    ("postgres", "protect"): {
        "pulumi-python:dynamic/tencentcloud:PostgresDatabase#protect",
        "random:index/randomPassword:RandomPassword#protect",
        "tencentcloud:Postgresql/instance:Instance#protect",
        "tencentcloud:Postgresql/instance:Instance.deleteProtection",
    },
    ("postgres", "retain"): {
        "pulumi-python:dynamic/tencentcloud:PostgresDatabase#retain_on_delete",
        "tencentcloud:Postgresql/account:Account#retain_on_delete",
        "tencentcloud:Postgresql/instance:Instance#retain_on_delete",
        "tencentcloud:Security/group:Group#retain_on_delete",
        "tencentcloud:Security/groupRuleSet:GroupRuleSet#retain_on_delete",
    },
    ("postgres", "encrypt"): {
        "+ tencentcloud:Postgresql/instanceSslConfig:InstanceSslConfig",
        "tencentcloud:Postgresql/account:Account#depends_on",
    },
    ("postgres", "backup_retention_days"): {
        "tencentcloud:Postgresql/instance:Instance.backupPlan",
    },
    ("postgres", "size"): {
        "tencentcloud:Postgresql/instance:Instance.cpu",
        "tencentcloud:Postgresql/instance:Instance.memory",
    },
    ("mysql", "high_availability"): {
        "tencentcloud:Mysql/instance:Instance.firstSlaveZone",
        "tencentcloud:Mysql/instance:Instance.slaveDeployMode",
        "tencentcloud:Mysql/instance:Instance.slaveSyncMode",
    },
    ("mysql", "protect"): {
        "random:index/randomPassword:RandomPassword#protect",
        "tencentcloud:Mysql/database:Database#protect",
        "tencentcloud:Mysql/instance:Instance#protect",
    },
    ("mysql", "retain"): {
        "tencentcloud:Mysql/account:Account#retain_on_delete",
        "tencentcloud:Mysql/backupPolicy:BackupPolicy#retain_on_delete",
        "tencentcloud:Mysql/database:Database#retain_on_delete",
        "tencentcloud:Mysql/instance:Instance#retain_on_delete",
        "tencentcloud:Mysql/privilege:Privilege#retain_on_delete",
        "tencentcloud:Security/group:Group#retain_on_delete",
        "tencentcloud:Security/groupRuleSet:GroupRuleSet#retain_on_delete",
    },
    ("mysql", "encrypt"): {
        "+ tencentcloud:Mysql/ssl:Ssl",
        "tencentcloud:Mysql/backupPolicy:BackupPolicy#depends_on",
    },
    ("mysql", "backup_retention_days"): {
        "tencentcloud:Mysql/backupPolicy:BackupPolicy.binlogPeriod",
        "tencentcloud:Mysql/backupPolicy:BackupPolicy.retentionPeriod",
    },
    ("mysql", "size"): {
        "tencentcloud:Mysql/instance:Instance.cpu",
        "tencentcloud:Mysql/instance:Instance.memSize",
    },
    ("redis", "high_availability"): {
        "tencentcloud:Redis/instance:Instance.replicaZoneIds",
    },
    ("redis", "protect"): {
        "+ tencentcloud:Redis/backupConfig:BackupConfig",
        "random:index/randomPassword:RandomPassword#protect",
        "tencentcloud:Redis/instance:Instance#protect",
        "tencentcloud:Redis/instance:Instance.forceDelete",
    },
    ("redis", "retain"): {
        "tencentcloud:Redis/instance:Instance#retain_on_delete",
        "tencentcloud:Redis/instance:Instance.forceDelete",
        "tencentcloud:Redis/param:Param#retain_on_delete",
        "tencentcloud:Security/group:Group#retain_on_delete",
        "tencentcloud:Security/groupRuleSet:GroupRuleSet#retain_on_delete",
    },
    ("bucket", "high_availability"): {
        "tencentcloud:Cos/bucket:Bucket.multiAz",
    },
    ("bucket", "protect"): {
        "tencentcloud:Cos/bucket:Bucket#protect",
        "tencentcloud:Cos/bucket:Bucket.forceClean",
    },
    ("bucket", "retain"): {
        "tencentcloud:Cos/bucket:Bucket#retain_on_delete",
        "tencentcloud:Cos/bucket:Bucket.forceClean",
    },
    ("filesystem", "protect"): {
        "+ tencentcloud:Cfs/autoSnapshotPolicy:AutoSnapshotPolicy",
        "+ tencentcloud:Cfs/autoSnapshotPolicyAttachment:AutoSnapshotPolicyAttachment",
        "tencentcloud:Cfs/fileSystem:FileSystem#protect",
    },
    ("filesystem", "retain"): {
        "tencentcloud:Cfs/accessGroup:AccessGroup#retain_on_delete",
        "tencentcloud:Cfs/accessRule:AccessRule#retain_on_delete",
        "tencentcloud:Cfs/fileSystem:FileSystem#retain_on_delete",
    },
    ("website", "protect"): {
        "tencentcloud:Cos/bucket:Bucket#protect",
        "tencentcloud:Cos/bucket:Bucket.forceClean",
    },
    ("website", "retain"): {
        "tencentcloud:Cos/bucket:Bucket.forceClean",
    },
    ("alerts", "urgent_alerts"): {
        "tencentcloud:Cls/alarm:Alarm.alarmLevel",
        "tencentcloud:Cls/alarm:Alarm.alarmPeriod",
        "tencentcloud:Cls/alarmNotice:AlarmNotice.noticeReceivers",
        "tencentcloud:Monitor/alarmNotice:AlarmNotice.userNotices",
        "tencentcloud:Monitor/alarmPolicy:AlarmPolicy.conditions",
    },
    ("identity", "protect"): {
        "tencentcloud:Cam/user:User.forceDelete",
    },
}
