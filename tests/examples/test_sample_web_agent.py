"""The sample web agent, started as the runtime starts it, called as OpenAI's clients call: whole, and word by word."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from tests.examples.server import Answer, Server, start, stop
from tests.stacks.support import ROOT

CHAT, MODELS, PING = "/v1/chat/completions", "/v1/models", "/v1/ping"
ID = "X-Fc-Request-Id"
WORDS = "hello there, 你好"
HELLO = {"model": "custom-agent", "messages": [{"role": "user", "content": WORDS}]}
SAID = f"You said: {WORDS}"


@pytest.fixture(name="agent", scope="module")
def _agent() -> Iterator[Server]:
    agent = start(ROOT / "examples" / "agent-web" / "app" / "run.sh", "FC_SERVER_PORT")
    yield agent
    assert stop(agent) == 0, "the cloud ends instances with SIGTERM, which is no failure"


def chunks(answer: Answer) -> list[dict[str, Any]]:
    """A stream's events, parsed, without the word that ends it."""
    *events, last = answer.events
    assert last == "[DONE]"
    return [json.loads(event) for event in events]


def test_it_says_that_it_lives(agent: Server) -> None:
    answer = agent.send("GET", PING)
    assert (answer.status, answer.json) == (200, {"status": "ok"})
    assert agent.send("GET", PING + "?probe=1").status == 200


def test_it_names_its_model(agent: Server) -> None:
    answer = agent.send("GET", MODELS)
    assert (answer.status, answer.json["object"]) == (200, "list")
    assert [(model["id"], model["object"]) for model in answer.json["data"]] == [("custom-agent", "model")]


def test_it_answers_a_chat_whole(agent: Server) -> None:
    before = int(time.time())
    answer = agent.send("POST", CHAT, HELLO)
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/json")
    said = answer.json
    assert (said["object"], said["model"]) == ("chat.completion", "custom-agent")
    assert before <= said["created"] <= time.time()
    message = {"role": "assistant", "content": SAID}
    assert said["choices"] == [{"index": 0, "message": message, "finish_reason": "stop"}]
    assert said["usage"] == {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}


def test_it_streams_word_by_word_in_the_shape_of_openai(agent: Server) -> None:
    answer = agent.send("POST", CHAT, HELLO | {"stream": True})
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert "Content-Length" not in answer.headers
    events = chunks(answer)
    assert {event["object"] for event in events} == {"chat.completion.chunk"}
    assert len({event["id"] for event in events}) == 1
    choices = [choice for event in events for choice in event["choices"]]
    assert {choice["index"] for choice in choices} == {0}
    deltas = [choice["delta"] for choice in choices]
    assert deltas[0] == {"role": "assistant", "content": "You"}
    assert deltas[1:-1] == [{"content": f" {word}"} for word in SAID.split(" ")[1:]]
    assert deltas[-1] == {}
    assert [choice["finish_reason"] for choice in choices] == [None] * (len(choices) - 1) + ["stop"]


def test_a_stream_ends_with_its_usage_where_it_is_asked_for(agent: Server) -> None:
    asked = HELLO | {"stream": True, "stream_options": {"include_usage": True}}
    *events, last = chunks(agent.send("POST", CHAT, asked))
    assert last["choices"] == []
    assert last["usage"] == {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}
    assert not any("usage" in event for event in events)
    plain = chunks(agent.send("POST", CHAT, HELLO | {"stream": True, "stream_options": {"include_usage": False}}))
    assert not any("usage" in event for event in plain)


def test_the_last_message_of_the_user_is_answered_also_in_parts(agent: Server) -> None:
    parts = [{"type": "text", "text": "one"}, {"type": "image_url", "image_url": {}}, {"type": "text", "text": "two"}]
    messages = [
        {"role": "system", "content": "be kind"}, {"role": "user", "content": "before"},
        {"role": "assistant", "content": None}, {"role": "user", "content": parts},
        {"role": "assistant", "content": "yes?"},
    ]  # fmt: skip
    (choice,) = agent.send("POST", CHAT, HELLO | {"messages": messages}).json["choices"]
    assert choice["message"]["content"].split() == ["You", "said:", "one", "two"]


def test_what_no_text_can_hold_is_no_reason_to_fall_silent(agent: Server) -> None:
    half = json.dumps(HELLO | {"messages": [{"role": "user", "content": "a\ud800b"}]}).encode()
    (choice,) = agent.send("POST", CHAT, half).json["choices"]
    assert choice["message"]["content"] == "You said: a?b"


def test_the_first_word_does_not_wait_for_the_last(agent: Server) -> None:
    long = HELLO | {"stream": True, "messages": [{"role": "user", "content": "word " * 150_000}]}
    connection = agent.connect()
    connection.request("POST", CHAT, json.dumps(long), {ID: "id-of-one-who-leaves"})
    response = connection.getresponse()
    assert b'"content": "You"' in response.readline()
    # The reader goes away: the agent must notice, say so, and live on.
    response.close()
    connection.close()
    assert agent.line(request_id="id-of-one-who-leaves")["status"] == 408
    assert agent.send("GET", PING).status == 200


def test_the_runtimes_request_id_comes_back_and_into_the_log(agent: Server) -> None:
    for number, body in enumerate((HELLO, HELLO | {"stream": True})):
        given = f"id-from-runtime-{number}"
        answer = agent.send("POST", CHAT, body, {ID: given})
        assert answer.headers[ID] == given
        assert f'"id": "chatcmpl-{given}"' in answer.text
        line = agent.line(request_id=given)
        assert set(line) == {"level", "path", "status", "milliseconds", "request_id"}
        assert (line["path"], line["status"], line["level"]) == (CHAT, 200, "info")
        assert line["milliseconds"] >= 0
    own = agent.send("GET", PING).headers[ID]
    assert len(own) == 32


def test_a_request_is_one_line_of_the_log(agent: Server) -> None:
    asked = [("GET", PING, None), ("POST", CHAT, HELLO), ("POST", CHAT, b"{"), ("GET", "/nothing?key=secret", None)]
    agent.send("GET", PING, None, {ID: "before-them"})
    for place, (method, path, body) in enumerate(asked):
        agent.send(method, path, body, {ID: f"one-line-{place}"})
    agent.line(request_id="before-them")
    start_of_them = len(agent.log)
    agent.line(request_id=f"one-line-{len(asked) - 1}")
    lines = [(line["request_id"], line["path"], line["status"]) for line in agent.log[start_of_them:]]
    assert lines == [
        ("one-line-0", PING, 200), ("one-line-1", CHAT, 200), ("one-line-2", CHAT, 400),
        # What stands behind the question mark may be a secret of the caller's.
        ("one-line-3", "/nothing", 404),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "words"),
    [
        ("GET", "/", None, 404, "no such route"),
        ("POST", "/v1/completions", HELLO, 404, "no such route"),
        ("GET", CHAT, None, 405, "no such route"),
        ("POST", PING, {}, 405, "no such route"),
        ("POST", MODELS, {}, 405, "no such route"),
        ("POST", CHAT, b"{", 400, "the body is not JSON"),
        ("POST", CHAT, b"\xff", 400, "the body is not JSON"),
        ("POST", CHAT, b"", 400, "the body is not JSON"),
        ("POST", CHAT, b"[" * 100_000, 400, "the body is not JSON"),
        ("POST", CHAT, [], 400, "the body must be an object"),
        ("POST", CHAT, {"messages": HELLO["messages"]}, 404, "there is no such model; use custom-agent"),
        ("POST", CHAT, HELLO | {"model": "gpt-4o"}, 404, "there is no such model; use custom-agent"),
        ("POST", CHAT, HELLO | {"messages": "hello"}, 400, "messages must be a list of {role, content}"),
        ("POST", CHAT, HELLO | {"messages": ["hello"]}, 400, "messages must be a list of {role, content}"),
        ("POST", CHAT, HELLO | {"messages": [{"role": "user"}]}, 400, "messages must be a list of {role, content}"),
        ("POST", CHAT, HELLO | {"messages": []}, 400, "no message of the user"),
        ("POST", CHAT, HELLO | {"messages": [{"role": "system", "content": "x"}]}, 400, "no message of the user"),
        ("POST", CHAT, b"x" * ((1 << 20) + 1), 413, "the body is larger than 1 MiB"),
    ],
)
def test_a_bad_request_is_answered_as_openai_does_and_the_agent_lives_on(
    agent: Server, method: str, path: str, body: Any, status: int, words: str
) -> None:
    try:
        answer = agent.send(method, path, body)
    except (BrokenPipeError, ConnectionResetError):
        # It may hang up on a body that it will not read.
        assert status == 413
    else:
        error = {"message": words, "type": "invalid_request_error", "code": status}
        assert (answer.status, answer.json) == (status, {"error": error})
        assert answer.headers["Connection"] == "close", "the body may be unread, and would be taken for a request"
    assert agent.send("GET", PING).status == 200


@pytest.mark.parametrize(
    ("length", "status"), [(None, 411), ("ten", 411), ("-1", 411), ("²", 411), ("9" * 5000, 413), ("1048577", 413)]
)
def test_a_body_of_no_length_or_too_much_is_refused_unread(agent: Server, length: str | None, status: int) -> None:
    header = "" if length is None else f"Content-Length: {length}\r\n"
    request = f"POST {CHAT} HTTP/1.1\r\nHost: a\r\n{header}\r\n"
    assert agent.send_raw(request).startswith(f"HTTP/1.1 {status} ".encode())


def test_a_connection_serves_one_call_after_the_other(agent: Server) -> None:
    with closing(agent.connect()) as connection:
        for body in (HELLO, HELLO):
            connection.request("POST", CHAT, json.dumps(body).encode())
            response = connection.getresponse()
            assert json.loads(response.read())["choices"][0]["message"]["content"] == SAID
            assert response.getheader("Connection") is None


def test_it_serves_many_at_once(agent: Server) -> None:
    answers = agent.at_once(100, "POST", CHAT, HELLO | {"stream": True})
    assert [answer.status for answer in answers] == [200] * 100
    assert len({chunks(answer)[0]["id"] for answer in answers}) == 100


def test_it_ends_at_once_when_it_is_told_to() -> None:
    agent = start(ROOT / "examples" / "agent-web" / "app" / "run.sh", "FC_SERVER_PORT", AGENT_MODEL="helper")
    assert [model["id"] for model in agent.send("GET", MODELS).json["data"]] == ["helper"]
    begun = time.monotonic()
    assert stop(agent) == 0
    assert time.monotonic() - begun < 5


def test_the_port_of_applications_of_ours_is_taken_where_the_runtime_names_none() -> None:
    agent = start(ROOT / "examples" / "agent-web" / "app" / "run.sh", "PORT")
    assert agent.send("GET", PING).status == 200
    assert stop(agent) == 0


def test_the_suite_runs_the_same_program() -> None:
    """Two copies, since each example stands alone; they must not drift apart."""
    one, other = (ROOT / "examples" / name / "app" for name in ("agent-web", "chat-suite"))
    assert {path.name for path in one.iterdir() if path.is_file()} == {"main.py", "run.sh"}
    for name in ("main.py", "run.sh"):
        assert (one / name).read_bytes() == (other / name).read_bytes()
