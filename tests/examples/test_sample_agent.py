"""The sample agent, started as the runtime starts it and called as the gateway calls it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.stacks.support import ROOT

CHAT, PING = "/api/v2/bots/chat", "/v1/ping"
HELLO = {"messages": [{"role": "user", "content": "hello there, 你好"}]}
SCRIPTS = [ROOT / "examples" / name / "app" / "run.sh" for name in ("agent-build", "agent-code")]


@dataclass
class Agent:
    """A running agent."""

    process: subprocess.Popen[str]
    port: int
    log: list[dict[str, Any]] = field(default_factory=list)

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        with closing(connection):
            connection.request(method, path, data, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read().decode())

    def line(self, **wanted: Any) -> dict[str, Any]:
        """The next line of its log that holds these fields."""
        assert self.process.stdout
        for text in self.process.stdout:
            line: dict[str, Any] = json.loads(text)
            self.log.append(line)
            if wanted.items() <= line.items():
                return line
        raise AssertionError(f"no line with {wanted} among {self.log}")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body, parsed."""
        return json.loads(self.text)

    @property
    def events(self) -> list[str]:
        """The data of a stream's events."""
        assert self.text.endswith("\n\n")
        events = self.text.removesuffix("\n\n").split("\n\n")
        assert all(event.startswith("data: ") for event in events)
        return [event.removeprefix("data: ") for event in events]


def start(script: Path) -> Agent:
    """Start an agent on a port that is free, as the runtime does: by its script, from another folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "_FAAS_RUNTIME_PORT": str(port), "RESOURCE_TYPE": "bot", "RESOURCE_ID": "test"}
    process = subprocess.Popen([script], cwd="/", env=environment, stdout=subprocess.PIPE, text=True)
    agent = Agent(process, port)
    assert agent.line(message="listening")["port"] == port
    return agent


def stop(agent: Agent) -> int:
    agent.process.send_signal(signal.SIGTERM)
    try:
        return agent.process.wait(timeout=10)
    finally:
        agent.process.kill()
        agent.process.wait()
        assert agent.process.stdout
        agent.process.stdout.close()


@pytest.fixture(name="agent", scope="module", params=SCRIPTS, ids=["image", "code"])
def _agent(request: pytest.FixtureRequest) -> Iterator[Agent]:
    agent = start(request.param)
    yield agent
    assert stop(agent) == 0, "the cloud ends instances with SIGTERM, which is no failure"


def test_it_says_that_it_lives(agent: Agent) -> None:
    answer = agent.send("GET", PING)
    assert (answer.status, answer.json) == (200, {"status": "ok"})
    assert agent.send("GET", PING + "?probe=1").status == 200


def test_it_answers_a_chat_whole(agent: Agent) -> None:
    answer = agent.send("POST", CHAT, HELLO)
    assert answer.status == 200
    (choice,) = answer.json["choices"]
    assert choice["message"] == {"role": "assistant", "content": "You said: hello there, 你好"}
    assert choice["finish_reason"] == "stop"
    assert answer.json["metadata"] == {"resource_type": "bot", "resource_id": "test"}


def test_it_streams_a_chat_as_server_sent_events(agent: Agent) -> None:
    answer = agent.send("POST", CHAT, HELLO | {"stream": True})
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert "Content-Length" not in answer.headers
    *events, last = answer.events
    assert last == "[DONE]"
    choices = [json.loads(event)["choices"][0] for event in events]
    assert "".join(choice["delta"].get("content", "") for choice in choices) == "You said: hello there, 你好"
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["stop"]
    assert len(choices) > 3


def test_the_first_word_does_not_wait_for_the_last(agent: Agent) -> None:
    long = {"stream": True, "messages": [{"role": "user", "content": "word " * 150_000}]}
    connection = http.client.HTTPConnection("127.0.0.1", agent.port, timeout=10)
    connection.request("POST", CHAT, json.dumps(long))
    response = connection.getresponse()
    assert b'"content": "You"' in response.readline()
    # The reader goes away: the agent must notice, and live on.
    response.close()
    connection.close()
    assert agent.send("GET", PING).status == 200


def test_the_gateways_request_id_comes_back_and_into_the_log(agent: Agent) -> None:
    answer = agent.send("POST", CHAT, HELLO, {"X-Tt-Logid": "id-from-gateway"})
    assert answer.headers["X-Tt-Logid"] == "id-from-gateway"
    assert answer.json["id"] == "id-from-gateway"
    line = agent.line(request_id="id-from-gateway")
    assert (line["path"], line["status"], line["level"]) == (CHAT, 200, "info")
    assert line["milliseconds"] >= 0
    own = agent.send("GET", PING).headers["X-Tt-Logid"]
    assert len(own) == 32


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("GET", "/", None, 404, "no such route"),
        ("GET", CHAT, None, 405, "no such route"),
        ("POST", PING, {}, 405, "no such route"),
        ("POST", CHAT, b"{", 400, "the body is not JSON"),
        ("POST", CHAT, b"\xff", 400, "the body is not JSON"),
        ("POST", CHAT, [], 400, "messages must be a list of {role, content}"),
        ("POST", CHAT, {"messages": "hello"}, 400, "messages must be a list of {role, content}"),
        ("POST", CHAT, {"messages": [{"role": "user"}]}, 400, "messages must be a list of {role, content}"),
        ("POST", CHAT, {"messages": []}, 400, "no message of the user"),
        ("POST", CHAT, {"messages": [{"role": "system", "content": "x"}]}, 400, "no message of the user"),
        ("POST", CHAT, b"x" * ((1 << 20) + 1), 413, "the body is larger than 1 MiB"),
    ],
)
def test_a_bad_request_is_answered_and_the_agent_lives_on(
    agent: Agent, method: str, path: str, body: Any, status: int, words: str
) -> None:
    try:
        answer = agent.send(method, path, body)
    except (BrokenPipeError, ConnectionResetError):
        # It may hang up on a body that it will not read.
        assert status == 413
    else:
        assert (answer.status, answer.json) == (status, {"error": {"message": words}})
    assert agent.send("GET", PING).status == 200


def test_a_body_of_unknown_length_is_refused(agent: Agent) -> None:
    with socket.create_connection(("127.0.0.1", agent.port), timeout=10) as connection:
        connection.sendall(f"POST {CHAT} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        assert connection.recv(64).startswith(b"HTTP/1.1 411 ")


def test_it_serves_many_at_once(agent: Agent) -> None:
    answers: list[int] = []
    barrier = threading.Barrier(100)

    def ask() -> None:
        barrier.wait()
        answers.append(agent.send("POST", CHAT, HELLO).status)

    threads = [threading.Thread(target=ask) for _ in range(100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 100
