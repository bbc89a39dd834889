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
    ("FunctionExtras", "Release"): "a revision is cut from what the function is at that moment",
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
}
"""By the last words of the earlier and the later resource's type."""
