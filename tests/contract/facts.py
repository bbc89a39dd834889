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
    system_policy: str
    """Name of one of the cloud's ready policies."""
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
    natives: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Fields of the cloud's own extras that the `full` case of a concept sets: above all secret ones."""


VOLCENGINE = CloudFacts(
    region="cn-beijing",
    zones=("cn-beijing-a", "cn-beijing-b"),
    metric="FunctionErrors",
    system_policy="TLSFullAccess",
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
    },
    other_names={},
    untagged={},
    natives={"alerts": {"webhook": f"https://chat.example.com/{CANARY.format('hook')}"}},
)

FACTS: Mapping[str, CloudFacts] = {"volcengine": VOLCENGINE}
