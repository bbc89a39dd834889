"""A custom agent that speaks as OpenAI's chat completions do, so that any chat page can use it. Standard library alone.

POST /v1/chat/completions answers whole, or word by word as server-sent events when asked to; GET /v1/models names
what it offers; GET /v1/ping says that it lives. Each request is one line of JSON in the log, under the runtime's id.
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

CHAT, MODELS, HEALTH = "/v1/chat/completions", "/v1/models", "/v1/ping"
MODEL = os.environ.get("AGENT_MODEL", "custom-agent")
LARGEST_BODY = 1 << 20
REQUEST_ID = "X-Fc-Request-Id"


class RequestError(Exception):
    """What is wrong with a request, and the status that says so."""

    def __init__(self, status: HTTPStatus, message: str, kind: str = "invalid_request_error") -> None:
        super().__init__(message)
        self.status, self.message, self.kind = status, message, kind


def answer(messages: list[dict[str, Any]]) -> Iterator[str]:
    """The agent itself, a word at a time: put your business here."""
    said = next(text(message["content"]) for message in reversed(messages) if message["role"] == "user")
    words = f"You said: {said}".split(" ")
    yield words[0]
    for word in words[1:]:
        yield f" {word}"


def text(content: Any) -> str:
    """What a message says, whether written plainly or in parts."""
    if isinstance(content, list):
        return " ".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return str(content)


def read(body: bytes) -> tuple[list[dict[str, Any]], bool, bool]:
    """A request's messages, whether the answer is to be streamed, and whether the stream ends with its usage."""
    try:
        request = json.loads(body)
    except (ValueError, RecursionError):  # the second: brackets in brackets, thousands deep
        raise RequestError(HTTPStatus.BAD_REQUEST, "the body is not JSON") from None
    if not isinstance(request, dict):
        raise RequestError(HTTPStatus.BAD_REQUEST, "the body must be an object")
    if request.get("model") != MODEL:
        raise RequestError(HTTPStatus.NOT_FOUND, f"there is no such model; use {MODEL}")
    messages = request.get("messages")
    if not isinstance(messages, list) or not all(_is_message(message) for message in messages):
        raise RequestError(HTTPStatus.BAD_REQUEST, "messages must be a list of {role, content}")
    if not any(message["role"] == "user" for message in messages):
        raise RequestError(HTTPStatus.BAD_REQUEST, "no message of the user")
    options = request.get("stream_options")
    counted = isinstance(options, dict) and options.get("include_usage") is True
    return messages, request.get("stream") is True, counted


def _is_message(message: Any) -> bool:
    return isinstance(message, dict) and "role" in message and "content" in message


def usage(asked: list[dict[str, Any]], said: str) -> dict[str, int]:
    """How much was read and said, in words: this agent has no tokens of a model."""
    read_words = sum(len(text(message["content"]).split()) for message in asked)
    said_words = len(said.split())
    return {"prompt_tokens": read_words, "completion_tokens": said_words, "total_tokens": read_words + said_words}


def encoded(value: dict[str, Any]) -> bytes:
    """JSON in UTF-8. Half of a surrogate pair, which JSON may hold and UTF-8 may not, becomes a question mark."""
    return json.dumps(value, ensure_ascii=False).encode(errors="replace")


class Handler(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    server_version = "agent"

    def do_GET(self) -> None:
        self._answer({HEALTH: self._ping, MODELS: self._models})

    def do_POST(self) -> None:
        self._answer({CHAT: self._chat})

    def _answer(self, routes: dict[str, Any]) -> None:
        self.request_id = self.headers.get(REQUEST_ID) or uuid.uuid4().hex
        started, status = time.monotonic(), HTTPStatus.OK
        path = self.path.partition("?")[0]
        try:
            if path not in routes:
                known = path in (CHAT, MODELS, HEALTH)
                raise RequestError(HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND, "no such route")
            routes[path]()
        except RequestError as error:
            status = error.status
            self.close_connection = True  # the body may be unread
            self._json({"error": {"message": error.message, "type": error.kind, "code": int(status)}}, status)
        except (BrokenPipeError, ConnectionResetError):
            status = HTTPStatus.REQUEST_TIMEOUT
            self.close_connection = True
        taken = round((time.monotonic() - started) * 1000)
        log(path=path, status=int(status), milliseconds=taken, request_id=self.request_id)

    def _ping(self) -> None:
        self._json({"status": "ok"})

    def _models(self) -> None:
        self._json({"object": "list", "data": [{"id": MODEL, "object": "model", "created": 0, "owned_by": "me"}]})

    def _chat(self) -> None:
        messages, stream, counted = read(self._body())
        if stream:
            self._stream(messages, counted)
            return
        said = "".join(answer(messages))
        choice = {"index": 0, "message": {"role": "assistant", "content": said}, "finish_reason": "stop"}
        self._json(self._reply("chat.completion", [choice]) | {"usage": usage(messages, said)})

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise RequestError(HTTPStatus.LENGTH_REQUIRED, "Content-Length is needed")
        if len(length) > len(str(LARGEST_BODY)) or int(length) > LARGEST_BODY:
            raise RequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "the body is larger than 1 MiB")
        return self.rfile.read(int(length))

    def _reply(self, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        head = {"id": f"chatcmpl-{self.request_id}", "object": kind, "created": int(time.time()), "model": MODEL}
        return head | {"choices": choices}

    def _json(self, value: dict[str, Any], status: HTTPStatus = HTTPStatus.OK) -> None:
        body = encoded(value)
        self._head(status, "application/json; charset=utf-8", {"Content-Length": str(len(body))})
        self.wfile.write(body)

    def _stream(self, messages: list[dict[str, Any]], counted: bool) -> None:
        """Server-sent events, one a word. The end of the connection ends them: nobody can know their length before."""
        self.close_connection = True
        self._head(HTTPStatus.OK, "text/event-stream; charset=utf-8", {"Cache-Control": "no-cache"})
        said = ""
        for word in answer(messages):
            # The role is said once, with the first word.
            self._chunk(({} if said else {"role": "assistant"}) | {"content": word}, None)
            said += word
        self._chunk({}, "stop")
        if counted:
            self._event(self._reply("chat.completion.chunk", []) | {"usage": usage(messages, said)})
        self.wfile.write(b"data: [DONE]\n\n")

    def _chunk(self, delta: dict[str, str], finish: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self._event(self._reply("chat.completion.chunk", [choice]))

    def _event(self, value: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + encoded(value) + b"\n\n")
        self.wfile.flush()  # a word that waits in a buffer is not streamed

    def _head(self, status: HTTPStatus, kind: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header(REQUEST_ID, self.request_id)
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
    # The runtime names the port; an application of ours may ask for another.
    serve(int(os.environ.get("FC_SERVER_PORT", os.environ.get("PORT", "9000"))))
    sys.exit(0)
