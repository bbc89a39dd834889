"""The sample agent, started as the runtime starts it and called as the gateway calls it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.examples.server import Server, start, stop
from tests.stacks.support import ROOT

CHAT, PING = "/api/v2/bots/chat", "/v1/ping"
HELLO = {"messages": [{"role": "user", "content": "hello there, 你好"}]}
SCRIPTS = [ROOT / "examples" / name / "app" / "run.sh" for name in ("agent-build", "agent-code")]


@pytest.fixture(name="agent", scope="module", params=SCRIPTS, ids=["image", "code"])
def _agent(request: pytest.FixtureRequest) -> Iterator[Server]:
    agent = start(request.param, "_FAAS_RUNTIME_PORT", RESOURCE_TYPE="bot", RESOURCE_ID="test")
    yield agent
    assert stop(agent) == 0, "the cloud ends instances with SIGTERM, which is no failure"


def test_it_says_that_it_lives(agent: Server) -> None:
    answer = agent.send("GET", PING)
    assert (answer.status, answer.json) == (200, {"status": "ok"})
    assert agent.send("GET", PING + "?probe=1").status == 200


def test_it_answers_a_chat_whole(agent: Server) -> None:
    answer = agent.send("POST", CHAT, HELLO)
    assert answer.status == 200
    (choice,) = answer.json["choices"]
    assert choice["message"] == {"role": "assistant", "content": "You said: hello there, 你好"}
    assert choice["finish_reason"] == "stop"
    assert answer.json["metadata"] == {"resource_type": "bot", "resource_id": "test"}


def test_it_streams_a_chat_as_server_sent_events(agent: Server) -> None:
    answer = agent.send("POST", CHAT, HELLO | {"stream": True})
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert "Content-Length" not in answer.headers
    *events, last = answer.events
    assert last == "[DONE]"
    choices = [json.loads(event)["choices"][0] for event in events]
    assert "".join(choice["delta"].get("content", "") for choice in choices) == "You said: hello there, 你好"
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["stop"]
    assert len(choices) > 3


def test_the_first_word_does_not_wait_for_the_last(agent: Server) -> None:
    long = {"stream": True, "messages": [{"role": "user", "content": "word " * 150_000}]}
    connection = agent.connect()
    connection.request("POST", CHAT, json.dumps(long))
    response = connection.getresponse()
    assert b'"content": "You"' in response.readline()
    # The reader goes away: the agent must notice, and live on.
    response.close()
    connection.close()
    assert agent.send("GET", PING).status == 200


def test_the_gateways_request_id_comes_back_and_into_the_log(agent: Server) -> None:
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
    agent: Server, method: str, path: str, body: Any, status: int, words: str
) -> None:
    try:
        answer = agent.send(method, path, body)
    except (BrokenPipeError, ConnectionResetError):
        # It may hang up on a body that it will not read.
        assert status == 413
    else:
        assert (answer.status, answer.json) == (status, {"error": {"message": words}})
    assert agent.send("GET", PING).status == 200


def test_a_body_of_unknown_length_is_refused(agent: Server) -> None:
    assert agent.send_raw(f"POST {CHAT} HTTP/1.1\r\nHost: a\r\n\r\n").startswith(b"HTTP/1.1 411 ")


def test_it_serves_many_at_once(agent: Server) -> None:
    assert [answer.status for answer in agent.at_once(100, "POST", CHAT, HELLO)] == [200] * 100
