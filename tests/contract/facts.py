"""What a contract test must know of a cloud and cannot ask the vocabulary: a new cloud adds one entry to FACTS.

These lists are written by hand from the clouds' documents, never derived from the components: they are the second
opinion that a component's own markings are held against.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CANARY = "canary-{}-5b1f0c"


@dataclass(frozen=True, kw_only=True)
class CloudFacts:
    region: str
    zones: tuple[str, str]
    metric: str
    """Name of a metric of functions."""
    metric_group: str | None
    """Its sub-namespace, where the cloud has such."""
    system_policy: str
    """Name of one of the cloud's ready policies."""
    actions: tuple[str, str]
    """Two actions that a permission can name."""
    stateful: frozenset[str]
    """Types that hold data or take long to rebuild: protected where the profile protects."""
    retained: frozenset[str]
    """Those whose data outlives the stack where the profile retains."""
    names: Mapping[str, str]
    """The property that holds the physical name, of every type with one."""
    other_names: Mapping[str, str]
    """`type.property` that ends in Name and is no physical name of ours, and why."""
    untagged: Mapping[str, str]
    """Types that take `tags` and must not carry ours, and why."""
    group_members: frozenset[str]
    """What changes of a contact group when a contact joins it, as `differences` writes it."""
    natives: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Fields of the cloud's own extras that the `full` case of a concept sets: above all secret ones."""


VOLCENGINE = CloudFacts(
    region="cn-beijing",
    zones=("cn-beijing-a", "cn-beijing-b"),
    metric="FunctionErrors",
    metric_group="function",
    system_policy="TLSFullAccess",
    actions=("tls:PutLogs", "tls:SearchLogs"),
    stateful=frozenset(
        {
            "volcengine:vpc/vpc:Vpc",
            "volcengine:vpc/subnet:Subnet",
            "volcengine:nat/gateway:Gateway",
            "volcengine:eip/address:Address",
            "volcengine:cr/registry:Registry",
            "volcengine:cr/namespace:Namespace",
            "volcengine:tls/project:Project",
            "volcengine:tls/topic:Topic",
            "volcengine:tls/traceInstance:TraceInstance",
            "volcengine:apig/apigGateway:ApigGateway",
            "volcengine:rds_postgresql/instance:Instance",
            "volcengine:rds_postgresql/database:Database",
            "volcengine:tos/bucket:Bucket",
            "random:index/randomPassword:RandomPassword",
        }
    ),
    retained=frozenset(
        {
            # A fixed address that callers know, images, tables, objects ...
            "volcengine:eip/address:Address",
            "volcengine:cr/registry:Registry",
            "volcengine:cr/namespace:Namespace",
            "volcengine:rds_postgresql/instance:Instance",
            "volcengine:rds_postgresql/database:Database",
            "volcengine:tos/bucket:Bucket",
            # ... and what would open, expose or lock them if it went alone.
            "volcengine:rds_postgresql/allowlist:Allowlist",
            "volcengine:rds_postgresql/allowlistAssociate:AllowlistAssociate",
            "volcengine:rds_postgresql/account:Account",
            "volcengine:rds_postgresql/instanceSsl:InstanceSsl",
            "pulumi-python:dynamic/volcengine:PostgresBackup",
            "volcengine:tos/bucketEncryption:BucketEncryption",
            "volcengine:tos/bucketLifecycle:BucketLifecycle",
            "volcengine:tos/bucketCors:BucketCors",
        }
    ),
    names={
        "volcengine:vpc/vpc:Vpc": "vpcName",
        "volcengine:vpc/subnet:Subnet": "subnetName",
        "volcengine:vpc/securityGroup:SecurityGroup": "securityGroupName",
        "volcengine:nat/gateway:Gateway": "natGatewayName",
        "volcengine:eip/address:Address": "name",
        "volcengine:cr/registry:Registry": "name",
        "volcengine:cr/namespace:Namespace": "name",
        "volcengine:tls/project:Project": "projectName",
        "volcengine:tls/topic:Topic": "topicName",
        "volcengine:tls/traceInstance:TraceInstance": "traceInstanceName",
        "volcengine:tls/alarm:Alarm": "alarmName",
        "volcengine:tls/alarmNotifyGroup:AlarmNotifyGroup": "alarmNotifyGroupName",
        "volcengine:apig/apigGateway:ApigGateway": "name",
        "volcengine:apig/apigGatewayService:ApigGatewayService": "serviceName",
        "volcengine:apig/apigUpstream:ApigUpstream": "name",
        "volcengine:apig/apigRoute:ApigRoute": "name",
        "volcengine:vefaas/function:Function": "name",
        "volcengine:rds_postgresql/instance:Instance": "instanceName",
        "volcengine:rds_postgresql/allowlist:Allowlist": "allowListName",
        "volcengine:tos/bucket:Bucket": "bucketName",
        "volcengine:iam/user:User": "userName",
        "volcengine:iam/policy:Policy": "policyName",
        "volcengine:cloud_monitor/contact:Contact": "name",
        "volcengine:cloud_monitor/contactGroup:ContactGroup": "name",
        "volcengine:cloud_monitor/rule:Rule": "ruleName",
    },
    other_names={
        "volcengine:iam/accessKey:AccessKey.userName": "the user's",
        "volcengine:iam/userPolicyAttachment:UserPolicyAttachment.userName": "the user's",
        "volcengine:iam/userPolicyAttachment:UserPolicyAttachment.policyName": "the policy's",
        "volcengine:rds_postgresql/account:Account.accountName": "chosen in PostgresArgs, which checks it",
        "volcengine:rds_postgresql/database:Database.dbName": "chosen in PostgresArgs, which checks it",
        "volcengine:rds_postgresql/database:Database.characterSetName": "a character set",
        "volcengine:tos/bucket:Bucket.projectName": "the account's own project",
        "volcengine:tos/bucketCors:BucketCors.bucketName": "the bucket's",
        "volcengine:tos/bucketEncryption:BucketEncryption.bucketName": "the bucket's",
        "volcengine:tos/bucketLifecycle:BucketLifecycle.bucketName": "the bucket's",
        "volcengine:tos/bucketObject:BucketObject.bucketName": "the bucket's",
        "volcengine:tos/bucketObject:BucketObject.objectName": "a key: prefix and hash",
    },
    untagged={},
    group_members=frozenset(
        {
            "volcengine:cloud_monitor/contactGroup:ContactGroup.contactsIdLists",
            "volcengine:cloud_monitor/contactGroup:ContactGroup#depends_on",
        }
    ),
    natives={"alerts": {"webhook": f"https://chat.example.com/{CANARY.format('hook')}"}},
)

FACTS: Mapping[str, CloudFacts] = {"volcengine": VOLCENGINE}
