"""AnyHostDomain: the domain `*`, by which a gateway without a domain of its own answers any host.

An account has it once in a region, whoever made it: the provider's resource can only make it, so a second gateway,
application or stage would be refused. It is found here, or made, and never deleted: others may answer by it too.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

import pulumi
from pulumi.dynamic import CreateResult, ReadResult, UpdateResult

from components.alicloud.gaps.base import Gap, GapProvider, Props, gone
from components.alicloud.gaps.client import Client
from components.alicloud.gaps.connect import connect
from components.alicloud.gaps.errors import ApiError, GapError
from components.gaps.polling import wait_until, when_free

ANY_HOST: Final = "*"
PROTOCOL: Final = "HTTP"
"""What it must speak: without a name, there is no certificate for it."""
GATEWAY_TYPE: Final = "API"
SERVERLESS: Final = "Serverless"
"""The scope of domains that other gateways than ours answer by."""
LISTED_SECONDS: Final = 60.0
"""How long a domain that is said to be there may be missing from the list: two gateways of one `up` make it at once."""


class AnyHostDomainProvider(GapProvider):
    """Finds the domain, or makes it. It has no `delete`: leaving the stack, it stays for whoever else answers by it."""

    IDENTITY = ("region",)
    SETTINGS = ("protocol",)
    """No input: state holds it once a refresh has seen another one than ours."""

    def differs(self, _key: str, old: Any, new: Any) -> bool:
        """What is not said is HTTP."""
        return bool((old or PROTOCOL) != (new or PROTOCOL))

    def create(self, props: Props) -> CreateResult:
        """Find it, whoever made it (an interrupted create too), or make it."""
        client = connect(props["region"])
        domain_id = _found(client) or _make(client)
        return CreateResult(domain_id, {**self.inputs(props), "domain_id": domain_id})

    def update(self, id_: str, _olds: Props, news: Props) -> UpdateResult:
        """Its protocol was changed by hand: refused for as long as it stays so, since others may want it so."""
        _checked(news["region"], {"domainId": id_, **_get(connect(news["region"]), id_)})
        return UpdateResult({**self.inputs(news), "domain_id": id_})

    def read(self, id_: str, props: Props) -> ReadResult:
        """Read it back: one that is gone is made again, and another protocol is a difference in the next preview."""
        try:
            found = _get(connect(props["region"]), id_)
        except ApiError as error:
            if error.missing("Domain"):
                return gone()
            raise
        seen = found.get("protocol") or PROTOCOL
        inputs = {"region": props["region"], **({} if seen == PROTOCOL else {"protocol": seen})}
        return ReadResult(id_, {**inputs, "domain_id": id_}, inputs)


def _get(client: Client, domain_id: str) -> dict[str, Any]:
    return client.data("GetDomain", domain_id, request={}, idempotent=True)


def _found(client: Client) -> str | None:
    """Its id; None where there is none."""
    asked = {"gatewayType": GATEWAY_TYPE, "nameLike": ANY_HOST}
    # Names that only contain a `*` (`*.example.com`) are other domains.
    there = [one for one in client.pages("ListDomains", asked) if one.get("name") == ANY_HOST]
    ours = next((one for one in there if one.get("domainScope") != SERVERLESS), None)
    return None if ours is None else _checked(client.region, ours)


def _checked(region: str, domain: dict[str, Any]) -> str:
    """The id of a domain that callers reach without TLS; a GapError for any other."""
    if (domain.get("protocol") or PROTOCOL) == PROTOCOL:
        return str(domain["domainId"])
    what = f"the domain {ANY_HOST} of this account in {region} ({domain['domainId']}) answers {domain['protocol']} only"
    raise GapError(what, f"give the gateway a domain of its own, or set that one to {PROTOCOL} if nobody needs its TLS")


def _make(client: Client) -> str:
    asked = {
        "name": ANY_HOST, "protocol": PROTOCOL, "forceHttps": False, "gatewayType": GATEWAY_TYPE,
        # Makes the call safe to repeat; new each time, since the service remembers it for a day, beyond a deletion.
        "clientToken": str(uuid.uuid4()),
    }  # fmt: skip
    try:
        return str(when_free(lambda: client.data("CreateDomain", request=asked, idempotent=True))["domainId"])
    except ApiError as error:
        if not (error.exists or error.transient):
            raise
        return _made_meanwhile(client, error)
    except KeyError:
        raise ApiError("CreateDomain", "UnreadableAnswer", "no domain id in the answer", status=200) from None


def _made_meanwhile(client: Client, refused: ApiError) -> str:
    """The id of one that another gateway of this `up`, or a call whose answer was lost, has just made."""
    return wait_until(lambda: _found(client), seconds=LISTED_SECONDS, late=lambda: refused)


class AnyHostDomain(Gap, module="alicloud", name="AnyHostDomain"):
    """The domain `*` of the account in a region: found, or made. All gateways there share it: it is never deleted."""

    domain_id: pulumi.Output[str]
    """The domain's id, which routes are bound to."""

    def __init__(self, name: str, *, region: str, opts: pulumi.ResourceOptions | None = None) -> None:
        """Declare that the domain is used.

        Args:
            name: logical name.
            region: region code.
            opts: options; the parent is the component.
        """
        props: dict[str, Any] = {"region": region, "domain_id": None}
        super().__init__(AnyHostDomainProvider(), name, props, opts)
