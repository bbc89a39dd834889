"""What goes with a resource when it goes: data, addresses, identities that others hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LOSSES: Final[Mapping[str, str]] = {
    "volcengine:apig/apigGateway:ApigGateway": "its addresses, which callers and CNAME records have",
    "volcengine:apig/apigGatewayService:ApigGatewayService": "its address, which callers and CNAME records have",
    "volcengine:cr/namespace:Namespace": "the images in it",
    "volcengine:cr/registry:Registry": "the images in it, and its host name",
    "volcengine:cr/repository:Repository": "the images in it",
    "volcengine:eip/address:Address": "the address that others may have allowed",
    "volcengine:iam/accessKey:AccessKey": "the key: whoever holds it is refused",
    "volcengine:nat/gateway:Gateway": "outbound calls, until a new one stands",
    "volcengine:rds_postgresql/database:Database": "the data in it",
    "volcengine:rds_postgresql/instance:Instance": "the data in it, and its backups",
    "volcengine:rds_postgresql/schema:Schema": "the data in it",
    "volcengine:tls/project:Project": "the logs in it",
    "volcengine:tls/topic:Topic": "the logs in it",
    "volcengine:tls/traceInstance:TraceInstance": "the traces in it",
    "volcengine:tos/bucket:Bucket": "the objects in it",
    "volcengine:tos/bucketObject:BucketObject": "the object",
    "volcengine:vefaas/function:Function": "its revisions: there is none to go back to",
    "random:index/randomBytes:RandomBytes": "the key: what it encrypted stays closed",
    "random:index/randomId:RandomId": "the suffix of names",
    "random:index/randomPassword:RandomPassword": "the password",
}
"""By type, for resources that are destroyed or replaced and do not stay in the cloud."""
