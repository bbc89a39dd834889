"""Orders that a cloud demands though nothing is handed from the one to the other, and why.

The list is kept apart from the components on purpose: a `depends_on` there does not justify itself. A row belongs here
when the later request is refused, or is lost, before the earlier thing is there; not when it is merely tidier.
"""

from __future__ import annotations

from collections.abc import Mapping

_DOOR = "the push comes through the registry's public door"
_BUSY = "the service refuses a second operation on an instance that is busy with a first"
_EDIT = "edits of one bucket are refused while another runs"
_FOUND = "what is written before the index is there is never found"
_STARTS = "instances start with the release, and may do nothing before the policy is attached"
_RELEASED = "a gateway binds only released functions"
_GRANT = "no right is granted to a user, or on a database, that is not there"
_CUT = "a revision is cut from what the function is at that moment"
_CALLED = "callers are sent to a gateway that does not answer them yet"

DEMANDS: Mapping[tuple[str, str], str] = {
    ("Associate", "SnatEntry"): "the gateway has no address to translate to before",
    ("Endpoint", "Image"): _DOOR,
    ("EndpointAclPolicy", "Image"): _DOOR,
    ("EndpointAclPolicy", "EndpointAclPolicy"): "two edits of one list at once may be refused",
    ("BucketEncryption", "BucketLifecycle"): _EDIT,
    ("BucketLifecycle", "BucketCors"): _EDIT,
    ("AllowlistAssociate", "Account"): _BUSY,
    ("Account", "Database"): _BUSY,
    ("Database", "PostgresBackup"): _BUSY,
    ("PostgresBackup", "InstanceSsl"): _BUSY,
    ("FunctionExtras", "Release"): _CUT,
    ("ImageReady", "Release"): "the service refuses to release while it copies the image",
    ("ReleaseGuard", "Release"): "the guard refuses what the release must not begin",
    ("UserPolicyAttachment", "Release"): _STARTS,
    ("AllowlistAssociate", "Release"): "instances start with the release, and the database does not let them in before",
    ("Database", "Release"): "instances start with the release, and look for their database",
    ("Index", "Release"): _FOUND,
    ("TraceIndexKeys", "Release"): _FOUND,
    ("Index", "GatewayLogs"): _FOUND,
    ("Index", "Alarm"): "an alarm's query is refused on a topic without an index",
    ("GatewayLogs", "ApigGatewayService"): "a gateway takes no service while its log is being switched on",
    ("ReleaseReady", "ApigUpstream"): _RELEASED,
    ("ApigCustomDomain", "Record"): "callers are sent to a gateway that does not know the domain yet",
    ("EipAssociation", "SnatEntry"): "the gateway has no address to translate to before",
    ("LogsReady", "V3Function"): "a function that names a store which its host does not know yet is refused",
    ("RolePolicyAttachment", "V3Function"): "the service sees to network and image as the function's role",
    ("FunctionLeftovers", "FunctionReady"): "the function is changed once more, and has to be ready after that",
    ("FunctionLeftovers", "V3FunctionVersion"): _CUT,
    ("FunctionReady", "V3FunctionVersion"): "the service refuses to publish a version while it copies the image",
    ("V3VpcBinding", "V3Trigger"): "the address answers every network until the function is bound to its own",
    ("V3Alias", "Service"): "a function is not found by an alias that is not there",
    ("ServiceReady", "Route"): "an update acts at once, and calls are lost on a service that does not answer yet",
    ("Policy", "RouteDeployment"): "what is published before its check of tokens stands is open to anybody",
    ("RouteDeployment", "ConsumerGrant"): "the service refuses a grant for a route that is not published",
    ("RouteDeployment", "AlidnsRecord"): _CALLED,
    ("ConsumerGrant", "AlidnsRecord"): _CALLED,
    ("RdsAccount", "AccountPrivilege"): _GRANT,
    ("Database", "AccountPrivilege"): _GRANT,
    ("BucketAcl", "BucketPublicAccessBlock"): _EDIT,
}
"""By the last words of the earlier and the later resource's type."""
