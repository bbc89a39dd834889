"""The fake itself: signatures, paths, queries and bodies checked, faults played, every call written down."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, unquote

from tests.fakes.alicloud.acts import Act
from tests.fakes.alicloud.apig import Apig
from tests.fakes.alicloud.fc import Fc
from tests.fakes.alicloud.signature import verify_log, verify_v3
from tests.fakes.alicloud.sls import Sls
from tests.fakes.alicloud.sts import Sts
from tests.fakes.http import Answer, Call, Fault, Key, Loopback, Refused, Request
from tests.fakes.shapes import troubles

__all__ = ["Fake", "Fault"]

LOG_ID, ID = "x-log-requestid", "x-acs-request-id"


class Fake(Loopback):
    """One region of Alibaba Cloud on loopback."""

    def __init__(self, keys: dict[str, Key], region: str) -> None:
        super().__init__()
        self.keys, self.region = dict(keys), region
        self.fc, self.apig, self.sls = Fc(), Apig(), Sls()
        self.sts = Sts(self.keys.__setitem__)
        self.nonces: set[str] = set()

    def answer(self, request: Request, request_id: str) -> Answer | None:
        """Answer a request, or refuse it."""
        action = request.headers.get("x-acs-action") or "GetIndex"
        try:
            return self._answer(request, action, request_id)
        except Refused as refused:
            if refused.status in (400, 401, 403) or "InvalidAction" in refused.code or "InvalidAccess" in refused.code:
                self.complaints.append(f"{action}: {refused}")
            return self._refusal(refused, request, request_id)

    def _answer(self, request: Request, action: str, request_id: str) -> Answer | None:
        key = self._signer(request, action)
        service, act, asked = self._find(request, action)
        query, body = request.parameters, _body(request)
        wrong = [*troubles(act.query, query, "query "), *troubles(act.body or {}, body)]
        if wrong:
            raise Refused(400, "InvalidParameter", "; ".join(wrong))
        asked = {**asked, **query, **body}
        self.calls.append(Call(action, dict(asked), service, key))
        fault = self.next_fault(action)
        if fault and not fault.effect:
            return self._fault(fault, request, request_id)
        result = act.answer(asked)
        if fault:
            return self._fault(fault, request, request_id)
        about = {LOG_ID if service == "sls" else ID: request_id}
        if service == "apig":
            result = {
                "requestId": request_id,
                "code": "Ok",
                "message": "success",
                **({"data": result} if result else {}),
            }
        if service == "sts":
            result = {"RequestId": request_id, **result}
        return (204, about, b"") if result is None else (200, about, json.dumps(result).encode())

    def _signer(self, request: Request, action: str) -> str:
        if _of_logs(request):
            return verify_log(request, self.keys)
        nonce = request.headers.get("x-acs-signature-nonce", "")
        if nonce in self.nonces:
            raise Refused(400, "SignatureNonceUsed", "this request was here before")
        self.nonces.add(nonce)
        return "" if action in Sts.unsigned else verify_v3(request, self.keys)

    def _find(self, request: Request, action: str) -> tuple[str, Act, dict[str, Any]]:
        if _of_logs(request):
            found, service = self.sls.acts["GetIndex"], "sls"
            project, _, host = request.headers.get("x-forwarded-host", "").partition(".")
            given: dict[str, Any] = {"project": project} if host == f"{self.region}.log.aliyuncs.com" else {}
        else:
            given, version = {}, request.headers.get("x-acs-version")
            known = [one for one in (self.fc, self.apig, self.sts) if one.version == version and action in one.acts]
            if not known:
                raise Refused(404, "InvalidAction.NotFound", f"{version} {action} is none of this API's actions")
            found, service = known[0].acts[action], type(known[0]).__name__.lower()
        match = found.pattern.fullmatch(request.path)
        if match is None or request.method != found.method or (service == "sls" and not given):
            raise Refused(404, "InvalidAction.NotFound", f"{action} is not called by {request.method} {request.path}")
        return service, found, {**given, **{name: unquote(value) for name, value in match.groupdict().items()}}

    def _fault(self, fault: Fault, request: Request, request_id: str) -> Answer | None:
        if fault.drop:
            return None
        if fault.raw is not None:
            return fault.status, {}, fault.raw
        status, about, body = self._refusal(Refused(fault.status, fault.code, fault.text), request, request_id)
        return (200 if fault.inside_200 else status), about, body

    def _refusal(self, refused: Refused, request: Request, request_id: str) -> Answer:
        if _of_logs(request):
            said = {"errorCode": refused.code, "errorMessage": refused.message}
            return refused.status, {LOG_ID: request_id}, json.dumps(said).encode()
        said = {"code": refused.code, "message": refused.message, "requestId": request_id}
        if request.headers.get("x-acs-version") != Apig.version:
            said = {"Code": refused.code, "Message": refused.message, "RequestId": request_id}
        return refused.status, {ID: request_id}, json.dumps(said).encode()


def _of_logs(request: Request) -> bool:
    return "x-log-apiversion" in request.headers


def _body(request: Request) -> dict[str, Any]:
    if not request.body:
        return {}
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(request.body.decode()))
    try:
        body = json.loads(request.body)
    except ValueError:
        raise Refused(400, "InvalidJson", "the body is no JSON") from None
    return body if isinstance(body, dict) else {}
