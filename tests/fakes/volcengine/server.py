"""The fake itself: HTTP on loopback, signatures and bodies checked, faults played, every call written down."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.http import Answer, Call, Fault, Key, Loopback, Refused, Request
from tests.fakes.shapes import Shape, troubles
from tests.fakes.volcengine.apig import Apig
from tests.fakes.volcengine.logs import Logs
from tests.fakes.volcengine.postgres import Postgres
from tests.fakes.volcengine.signature import verify
from tests.fakes.volcengine.sts import Sts
from tests.fakes.volcengine.vefaas import Vefaas

__all__ = ["Fake", "Fault"]


class Fake(Loopback):
    """One region of Volcengine on loopback."""

    def __init__(self, keys: dict[str, Key], region: str) -> None:
        super().__init__()
        self.keys, self.region = dict(keys), region
        self.vefaas, self.apig, self.logs, self.postgres = Vefaas(), Apig(), Logs(), Postgres()
        self.sts = Sts(self.keys.__setitem__)

    def answer(self, request: Request, request_id: str) -> Answer | None:
        """Answer a request, or refuse it."""
        envelope = request.path == "/"
        action = request.parameters.get("Action", "") if envelope else request.path.strip("/")
        try:
            return self._answer(request, action, request_id)
        except Refused as refused:
            if refused.status in (400, 401, 403) or refused.code == "UnknownAction":
                self.complaints.append(f"{action}: {refused}")
            return _refusal(refused, request_id, envelope)

    def _answer(self, request: Request, action: str, request_id: str) -> Answer | None:
        signed = action not in Sts.unsigned
        service = verify(request, self.keys, self.region) if signed else Sts.code
        shape, act = self._find(request, service, action)
        body = _body(request)
        wrong = list(troubles(shape, body))
        if wrong:
            raise Refused(400, "InvalidParameter", "; ".join(wrong))
        key = request.headers["authorization"].partition("Credential=")[2].partition("/")[0] if signed else ""
        self.calls.append(Call(action, body, service, key))
        fault = self.next_fault(action)
        if fault and not fault.effect:
            return _fault(fault, request_id, request.path == "/")
        result = act(body)
        if fault:
            return _fault(fault, request_id, request.path == "/")
        about = {"RequestId": request_id, "Action": action, "Service": service, "Region": self.region}
        answer = {"ResponseMetadata": about, "Result": result} if request.path == "/" else result
        return 200, {"X-Tls-Requestid": request_id}, json.dumps(answer).encode()

    def _find(self, request: Request, service: str, action: str) -> tuple[Shape, Callable[[dict[str, Any]], Any]]:
        if request.path != "/":
            found = self.logs.actions.get((request.method, action)) if service == Logs.code else None
            if found and request.headers.get("x-tls-apiversion") == "0.3.0":
                return found
        for known in (self.vefaas, self.apig, self.postgres, self.sts):
            if (known.code, known.version) == (service, request.parameters.get("Version")) and action in known.actions:
                return known.actions[action]
        raise Refused(404, "UnknownAction", f"{request.method} {service} {action} is none of this API's actions")


def _body(request: Request) -> dict[str, Any]:
    if request.method == "GET":
        return {key: value for key, value in request.parameters.items() if key not in ("Action", "Version")}
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(request.body.decode()))
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Refused(400, "InvalidJson", "the body is no JSON") from None
    return body if isinstance(body, dict) else {}


def _fault(fault: Fault, request_id: str, envelope: bool) -> Answer | None:
    if fault.drop:
        return None
    if fault.raw is not None:
        return fault.status, {}, fault.raw
    status, headers, body = _refusal(Refused(fault.status, fault.code, fault.text), request_id, envelope)
    return (200 if fault.inside_200 else status), headers, body


def _refusal(refused: Refused, request_id: str, envelope: bool) -> Answer:
    error = {"Code": refused.code, "Message": refused.message}
    answer: dict[str, Any] = {"ResponseMetadata": {"RequestId": request_id, "Error": error}}
    if not envelope:
        answer = {"ErrorCode": refused.code, "ErrorMessage": refused.message}
    return refused.status, {"X-Tls-Requestid": request_id}, json.dumps(answer).encode()
