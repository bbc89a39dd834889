"""The fake itself: HTTP on loopback, signatures and bodies checked, faults played, every call written down."""

from __future__ import annotations

import json
import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.fakes.volcengine.apig import Apig
from tests.fakes.volcengine.logs import Logs
from tests.fakes.volcengine.postgres import Postgres
from tests.fakes.volcengine.shapes import Shape, troubles
from tests.fakes.volcengine.signature import Key, Refused, Request, verify
from tests.fakes.volcengine.sts import Sts
from tests.fakes.volcengine.vefaas import Vefaas

Answer = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Fault:
    """What goes wrong with one call."""

    status: int = 500
    code: str = "InternalError"
    effect: bool = False
    """Whether the call has its effect all the same: the answer alone is lost."""
    drop: bool = False
    """Whether the connection is closed without an answer."""
    inside_200: bool = False
    """Whether the error comes in an answer of status 200."""
    text: str = "played by the fake"


@dataclass(frozen=True)
class Call:
    """A call that was understood: signed, known, and of the right shape."""

    action: str
    body: dict[str, Any]
    service: str
    key: str
    """The access key that signed it; empty where none did."""


class Fake:
    """One region of Volcengine on loopback. Use as a context manager.

    `complaints` holds every call that was refused for its signature, its action or its body: a test that does not
    expect one must find it empty at its end.
    """

    def __init__(self, keys: dict[str, Key], region: str) -> None:
        self.keys, self.region = dict(keys), region
        self.vefaas, self.apig, self.logs, self.postgres = Vefaas(), Apig(), Logs(), Postgres()
        self.sts = Sts(self.keys.__setitem__)
        self.calls: list[Call] = []
        self.complaints: list[str] = []
        self.faults: dict[str, deque[Fault]] = {}
        self.request_ids: list[str] = []
        self._lock = threading.Lock()
        fake = self

        class Handler(_Handler):
            def take(self, request: Request) -> Answer | None:
                return fake.take(request)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def endpoint(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Fake:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def play(self, action: str, *faults: Fault) -> None:
        """Let the next calls of an action go wrong, one fault each."""
        self.faults.setdefault(action, deque()).extend(faults)

    def actions(self) -> list[str]:
        """The actions called, in order."""
        return [call.action for call in self.calls]

    def bodies(self, action: str) -> list[dict[str, Any]]:
        """The bodies of an action's calls, in order."""
        return [call.body for call in self.calls if call.action == action]

    def take(self, request: Request) -> Answer | None:
        """Answer a request; None closes the connection."""
        with self._lock:
            self.request_ids.append(request_id := secrets.token_hex(8))
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
        queue = self.faults.get(action)
        fault = queue.popleft() if queue else None
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
    status, headers, body = _refusal(Refused(fault.status, fault.code, fault.text), request_id, envelope)
    return (200 if fault.inside_200 else status), headers, body


def _refusal(refused: Refused, request_id: str, envelope: bool) -> Answer:
    error = {"Code": refused.code, "Message": refused.message}
    answer: dict[str, Any] = {"ResponseMetadata": {"RequestId": request_id, "Error": error}}
    if not envelope:
        answer = {"ErrorCode": refused.code, "ErrorMessage": refused.message}
    return refused.status, {"X-Tls-Requestid": request_id}, json.dumps(answer).encode()


class _Handler(BaseHTTPRequestHandler):
    def take(self, request: Request) -> Answer | None:
        """Answer a request."""
        raise NotImplementedError

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.take(Request(self.command, path, query, headers, body))
        if answer is None:
            self.close_connection = True
            return
        status, more, text = answer
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_PUT = _serve  # noqa: N815 - the base class's own names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's own name
        """Be quiet."""
