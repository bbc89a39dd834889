"""A chat agent small enough to read: it repeats what it is told, whole or word by word. The standard library is enough.

It keeps the agreements that the infrastructure relies on: it listens on the port that the runtime names, says on
/v1/ping that it lives, answers POST /api/v2/bots/chat (streaming on request), and logs one line of JSON a request.
"""

import json
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CHAT, HEALTH = "/api/v2/bots/chat", "/v1/ping"
LARGEST_BODY = 1 << 20
RECORD = {key.lower(): os.environ[key] for key in ("ACCOUNT_ID", "RESOURCE_TYPE", "RESOURCE_ID") if key in os.environ}


class RequestError(Exception):
    """What is wrong with a request, and the status that says so."""

    def __init__(self, status: HTTPStatus, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


def answer(messages: list[dict[str, Any]]) -> Iterator[str]:
    """The agent itself, a word at a time: put a model here."""
    said = next(str(message["content"]) for message in reversed(messages) if message["role"] == "user")
    words = f"You said: {said}".split(" ")
    yield words[0]
    for word in words[1:]:
        yield f" {word}"


def read_messages(body: bytes) -> tuple[list[dict[str, Any]], bool]:
    """The messages of a request, and whether the answer is to be streamed."""
    try:
        request = json.loads(body)
    except ValueError:
        raise RequestError(HTTPStatus.BAD_REQUEST, "the body is not JSON") from None
    messages = request.get("messages") if isinstance(request, dict) else None
    if not isinstance(messages, list) or not all(_is_message(message) for message in messages):
        raise RequestError(HTTPStatus.BAD_REQUEST, "messages must be a list of {role, content}")
    if not any(message["role"] == "user" for message in messages):
        raise RequestError(HTTPStatus.BAD_REQUEST, "no message of the user")
    return messages, request.get("stream") is True


def _is_message(message: Any) -> bool:
    return isinstance(message, dict) and "role" in message and "content" in message


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server_version = "agent"

    def do_GET(self) -> None:
        self._answer({HEALTH: self._ping})

    def do_POST(self) -> None:
        self._answer({CHAT: self._chat})

    def _answer(self, routes: dict[str, Any]) -> None:
        self.request_id = self.headers.get("X-Tt-Logid") or uuid.uuid4().hex
        started, status = time.monotonic(), HTTPStatus.OK
        path = self.path.partition("?")[0]
        try:
            if path not in routes:
                known = path in (CHAT, HEALTH)
                raise RequestError(HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND, "no such route")
            routes[path]()
        except RequestError as error:
            status = error.status
            self.close_connection = True  # the body may be unread
            self._json({"error": {"message": error.message}}, status)
        except (BrokenPipeError, ConnectionResetError):
            status = HTTPStatus.REQUEST_TIMEOUT
            self.close_connection = True
        taken = round((time.monotonic() - started) * 1000)
        log(path=path, status=int(status), milliseconds=taken, request_id=self.request_id)

    def _ping(self) -> None:
        self._json({"status": "ok"})

    def _chat(self) -> None:
        messages, stream = read_messages(self._body())
        if stream:
            self._stream(answer(messages))
        else:
            self._json(self._reply({"message": {"role": "assistant", "content": "".join(answer(messages))}}, "stop"))

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit():
            raise RequestError(HTTPStatus.LENGTH_REQUIRED, "Content-Length is needed")
        if int(length) > LARGEST_BODY:
            raise RequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is larger than 1 MiB")
        return self.rfile.read(int(length))

    def _reply(self, choice: dict[str, Any], finish: str | None) -> dict[str, Any]:
        return {"id": self.request_id, "choices": [{"index": 0, "finish_reason": finish, **choice}], "metadata": RECORD}

    def _json(self, value: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        body = json.dumps(value, ensure_ascii=False).encode()
        self._head(status, "application/json; charset=utf-8", {"Content-Length": str(len(body))})
        self.wfile.write(body)

    def _stream(self, words: Iterator[str]) -> None:
        """Server-sent events, one a word. The end of the connection ends them: nobody can know their length before."""
        self.close_connection = True
        self._head(HTTPStatus.OK, "text/event-stream; charset=utf-8", {"Cache-Control": "no-cache"})
        for word in words:
            self._event(self._reply({"delta": {"role": "assistant", "content": word}}, None))
        self._event(self._reply({"delta": {}}, "stop"))
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, value: dict[str, Any]) -> None:
        self.wfile.write(f"data: {json.dumps(value, ensure_ascii=False)}\n\n".encode())
        self.wfile.flush()  # a word that waits in a buffer is not streamed

    def _head(self, status: HTTPStatus, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("X-Tt-Logid", self.request_id)
        for name, value in headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Silence the default log: `_answer` writes one of its own."""


def log(**fields: Any) -> None:
    """One line of JSON on standard output, which the runtime ships to the log service."""
    level = "error" if fields.get("status", 200) >= 500 else "info"
    print(json.dumps({"level": level, **fields}, ensure_ascii=False), flush=True)


class Server(ThreadingHTTPServer):
    """A thread a request."""

    daemon_threads = True
    request_queue_size = 128  # the default of 5 turns callers away when an instance gets its 100 calls at once


def serve(port: int) -> None:
    """Serve until told to end."""
    server = Server(("0.0.0.0", port), Handler)  # noqa: S104 - the runtime calls from outside
    # shutdown() waits for the loop that this very thread runs, so another thread calls it.
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    log(message="listening", port=server.server_address[1])
    server.serve_forever()
    server.server_close()


if __name__ == "__main__":
    serve(int(os.environ.get("_FAAS_RUNTIME_PORT", "8000")))
    sys.exit(0)
