"""HTTP on loopback: requests taken in, faults played, every call written down."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qsl

Answer = tuple[int, dict[str, str], bytes]


class Refused(Exception):  # noqa: N818 - the service's answer, not a fault of this program
    """An answer other than the result."""

    def __init__(self, status: int, code: str, message: str) -> None:
        self.status, self.code, self.message = status, code, message
        super().__init__(f"{status} {code}: {message}")


@dataclass(frozen=True)
class Request:
    """An HTTP request as it came in."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def parameters(self) -> dict[str, str]:
        """The query's parameters."""
        return dict(parse_qsl(self.query, keep_blank_values=True))


@dataclass(frozen=True)
class Key:
    """The secret behind an access key, and the session token that must come with a short-lived one."""

    secret: str
    token: str = ""


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
    raw: bytes | None = None
    """What comes in place of the service's own words: a proxy's page, half an answer."""


@dataclass(frozen=True)
class Call:
    """A call that was understood: signed, known, and of the right shape."""

    action: str
    body: dict[str, Any]
    service: str
    key: str
    """The access key that signed it; empty where none did."""


class Loopback:
    """A server on loopback. Use as a context manager; a cloud's own class answers.

    `complaints` holds every call that was refused for its signature, its action or its body: a test that does not
    expect one must find it empty at its end.
    """

    def __init__(self) -> None:
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

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def play(self, action: str, *faults: Fault) -> None:
        """Let the next calls of an action go wrong, one fault each."""
        self.faults.setdefault(action, deque()).extend(faults)

    def next_fault(self, action: str) -> Fault | None:
        """What goes wrong with this call of an action."""
        queue = self.faults.get(action)
        return queue.popleft() if queue else None

    def actions(self) -> list[str]:
        """The actions called, in order."""
        return [call.action for call in self.calls]

    def bodies(self, action: str) -> list[dict[str, Any]]:
        """The bodies of an action's calls, in order."""
        return [call.body for call in self.calls if call.action == action]

    def take(self, request: Request) -> Answer | None:
        """Answer a request; None closes the connection."""
        with self._lock:
            self.request_ids.append(secrets.token_hex(8))
            return self.answer(request, self.request_ids[-1])

    def answer(self, request: Request, request_id: str) -> Answer | None:
        """Answer a request, one at a time."""
        raise NotImplementedError


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

    do_GET = do_POST = do_PUT = do_DELETE = _serve  # noqa: N815 - the base class's own names

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's own name
        """Be quiet."""
