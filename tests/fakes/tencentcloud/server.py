"""The fake itself: signatures and bodies checked, faults played, every call written down."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.http import Answer, Call, Fault, Key, Loopback, Refused, Request
from tests.fakes.shapes import troubles
from tests.fakes.tencentcloud.cdn import Cdn
from tests.fakes.tencentcloud.postgres import Postgres
from tests.fakes.tencentcloud.scf import Scf
from tests.fakes.tencentcloud.signature import verify
from tests.fakes.tencentcloud.sts import Sts

__all__ = ["Fake", "Fault"]

EXPECTED = (
    "ResourceNotFound",
    "ResourceInUse",
    "FailedOperation",
    "OperationDenied.InstanceStatusLimit",
    "LimitExceeded",
)
"""Codes that are no complaint: a gap may meet them on its way."""


class Fake(Loopback):
    """One region of Tencent Cloud on loopback."""

    def __init__(self, keys: dict[str, Key], region: str) -> None:
        super().__init__()
        self.keys, self.region = dict(keys), region
        self.scf, self.sts = Scf(), Sts(self.keys.__setitem__)
        self.postgres, self.cdn = Postgres(), Cdn()
        self.content_type = "application/json"
        """What answers say they are."""

    def answer(self, request: Request, request_id: str) -> Answer | None:
        """Answer a request, or refuse it: with the status 200 in any case, as this cloud does."""
        action = request.headers.get("x-tc-action", "")
        try:
            return self._answer(request, action, request_id)
        except Refused as refused:
            if not refused.code.startswith(EXPECTED):
                self.complaints.append(f"{action}: {refused}")
            return self._refusal(refused, request_id)

    def _answer(self, request: Request, action: str, request_id: str) -> Answer | None:
        key, service = ("", "sts") if action in Sts.unsigned else verify(request, self.keys)
        known: dict[str, Scf | Sts | Postgres | Cdn] = {
            "scf": self.scf, "sts": self.sts, "postgres": self.postgres, "cdn": self.cdn,
        }  # fmt: skip
        api = known.get(service)
        if api is None or action not in api.actions or request.headers.get("x-tc-version") != api.version:
            raise Refused(200, "InvalidAction", f"{action} is none of {service}'s actions of that version")
        if request.headers.get("x-tc-region") != self.region:
            raise Refused(200, "UnsupportedRegion", "another region")
        if request.method != "POST" or request.headers.get("content-type") != "application/json":
            raise Refused(200, "UnsupportedProtocol", "JSON by POST alone")
        shape, act = api.actions[action]
        asked = json.loads(request.body)
        wrong = list(troubles(shape, asked))
        if wrong:
            raise Refused(200, "InvalidParameter", "; ".join(wrong))
        self.calls.append(Call(action, dict(asked), service, key))
        fault = self.next_fault(action)
        if fault and not fault.effect:
            return self._fault(fault, request_id)
        result = act(asked)
        return self._fault(fault, request_id) if fault else self._said(result, request_id)

    def _fault(self, fault: Fault, request_id: str) -> Answer | None:
        if fault.drop:
            return None
        if fault.raw is not None:
            return fault.status, {"Content-Type": "text/html"}, fault.raw
        return self._refusal(Refused(200, fault.code, fault.text), request_id)

    def _refusal(self, refused: Refused, request_id: str) -> Answer:
        return self._said({"Error": {"Code": refused.code, "Message": refused.message}}, request_id)

    def _said(self, result: dict[str, Any], request_id: str) -> Answer:
        body = json.dumps({"Response": {**result, "RequestId": request_id}}).encode()
        return 200, {"Content-Type": self.content_type}, body
