"""ConsumerGrant: lets a consumer call a route.

The provider has no such resource. The service refuses a route that is not published. Looks first: an interrupted create
finds the grant and keeps it.
"""

from __future__ import annotations

from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult

from components.alicloud.gaps.base import Gap, GapProvider, Props, gone
from components.alicloud.gaps.client import APIG, Client
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import ApiError, GapError
from components.gaps.polling import wait_until, when_free

RESOURCE_TYPE: Final = "HttpApiRoute"
"""The service's word for a route, from its documentation's examples."""
EXPIRE_MODE: Final = "LongTerm"
PARTS: Final = ("Consumer", "Authorization")
"""Whose absence takes the grant along, by the nouns of the service's codes."""
SEEN_SECONDS: Final = 60
"""Longest wait for a new grant to be listed."""


class ConsumerGrantProvider(GapProvider):
    """Makes, finds and takes back one authorisation."""

    IDENTITY = ("region", "consumer_id", "environment_id", "http_api_id", "route_id")

    def create(self, props: Props) -> CreateResult:
        """Make it, unless it is there."""
        client = connect(props["region"])
        found = _find(client, props) or _make(client, props)
        return CreateResult(found, {**self.inputs(props), "rule_id": found})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Look for it; one made anew in the console counts as the same."""
        try:
            found = _find(connect(props["region"]), props)
        except ApiError as error:
            if error.missing("Consumer"):
                return gone()
            raise
        return ReadResult(id_, {**self.inputs(props), "rule_id": found}) if found else gone()

    def delete(self, _id: str, props: Props) -> None:
        """Take it back; one that is gone needs nothing."""
        client, ids = connect(props["region"]), (str(props["rule_id"]), str(props["consumer_id"]))
        try:
            when_free(lambda: client.call(APIG, "DeleteConsumerAuthorizationRule", *ids, idempotent=True))
        except ApiError as error:
            if not error.missing(*PARTS):
                raise


def _find(client: Client, props: Props) -> str | None:
    """The id of the grant; None where there is none."""
    asked: dict[str, Any] = {
        "consumerId": str(props["consumer_id"]), "resourceId": str(props["route_id"]),
        "resourceType": RESOURCE_TYPE, "environmentId": str(props["environment_id"]),
    }  # fmt: skip
    wanted = (props["consumer_id"], props["route_id"], props["environment_id"])
    for rule in client.pages("QueryConsumerAuthorizationRules", asked):
        # The query's filters are of unclear strictness: only an exact match counts.
        where = (rule.get("environmentInfo") or {}).get("environmentId", props["environment_id"])
        if (rule.get("consumerId"), rule.get("resourceId"), where) == wanted:
            return str(rule.get("consumerAuthorizationRuleId"))
    return None


def _make(client: Client, props: Props) -> str:
    rule = {
        "consumerId": str(props["consumer_id"]), "expireMode": EXPIRE_MODE, "resourceType": RESOURCE_TYPE,
        "resourceIdentifier": {
            "environmentId": str(props["environment_id"]), "parentResourceId": str(props["http_api_id"]),
            "resourceId": str(props["route_id"]),
        },
    }  # fmt: skip
    asked = {"authorizationRules": [rule]}
    try:
        when_free(lambda: client.call(APIG, "CreateConsumerAuthorizationRules", request=asked, idempotent=False))
    except ApiError as error:
        # A lost answer, or somebody who was faster: what counts is whether it is there.
        found = _find(client, props) if error.transient or error.exists else None
        if found is None:
            raise
        return found
    which = f"the grant of route {props['route_id']} to consumer {props['consumer_id']}"
    late = GapError(
        f"{which} is not listed after {SEEN_SECONDS} s",
        "see the consumer's authorisations in the console, and run `up` again: it is looked for first",
    )
    return wait_until(lambda: _find(client, props), seconds=SEEN_SECONDS, late=lambda: late)


class ConsumerGrant(Gap, module="alicloud", name="ConsumerGrant"):
    """A consumer's right to call a route. It must come after the route's publication."""

    route_id: pulumi.Output[str]
    """The route, known when the consumer may call it."""

    def __init__(
        self,
        name: str,
        *,
        consumer_id: pulumi.Input[str],
        environment_id: pulumi.Input[str],
        http_api_id: pulumi.Input[str],
        route_id: pulumi.Input[str],
        region: str,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        """Declare the grant.

        Args:
            name: logical name.
            consumer_id: the consumer.
            environment_id: the gateway's environment.
            http_api_id: the HTTP API that the route belongs to.
            route_id: the route's own id.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {
            "consumer_id": consumer_id,
            "environment_id": environment_id,
            "http_api_id": http_api_id,
            "route_id": route_id,
            "region": region,
        }
        super().__init__(ConsumerGrantProvider(), name, props, opts)
