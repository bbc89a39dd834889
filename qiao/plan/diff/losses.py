"""What goes with a resource when it goes: data, addresses, identities that others hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

LOSSES: Final[Mapping[str, str]] = {
    "alicloud:apig/gateway:Gateway": "its addresses, which callers and CNAME records have",
    "alicloud:cr/namespace:Namespace": "the images in it",
    "alicloud:cr/registryEnterpriseInstance:RegistryEnterpriseInstance": "the images in it, and its host name",
    "alicloud:cr/repo:Repo": "the images in it",
    "alicloud:cs/registryEnterpriseNamespace:RegistryEnterpriseNamespace": "the images in it",
    "alicloud:cs/registryEnterpriseRepo:RegistryEnterpriseRepo": "the images in it",
    "alicloud:ecs/eipAddress:EipAddress": "the address that others may have allowed",
    "alicloud:fc/v3Function:V3Function": "its versions: there is none to go back to",
    "alicloud:fc/v3FunctionVersion:V3FunctionVersion": "the version: there is no going back to it",
    "alicloud:fc/v3Trigger:V3Trigger": "its address, where it has one",
    "alicloud:kvstore/instance:Instance": "the data in it, and its backups",
    "alicloud:log/project:Project": "the logs in it",
    "alicloud:log/store:Store": "the logs in it",
    "alicloud:nas/fileSystem:FileSystem": "the files in it",
    "alicloud:oss/bucket:Bucket": "the objects in it",
    "alicloud:oss/bucketObject:BucketObject": "the object",
    "alicloud:ram/accessKey:AccessKey": "the key: whoever holds it is refused",
    "alicloud:rds/database:Database": "the data in it",
    "alicloud:rds/instance:Instance": "the data in it, and its backups",
    "alicloud:vpc/natGateway:NatGateway": "outbound calls, until a new one stands",
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
    "tls:index/privateKey:PrivateKey": "the key: every token that it signed is refused",
}
"""By type, for resources that are destroyed or replaced and do not stay in the cloud."""
