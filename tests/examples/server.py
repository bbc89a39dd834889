"""A sample's server, started as the runtime starts it (by its script, from another folder) and called over HTTP."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


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


@dataclass
class Server:
    """A running server."""

    process: subprocess.Popen[str]
    port: int
    log: list[dict[str, Any]] = field(default_factory=list)
    """The lines of its log that were read so far."""

    def connect(self) -> http.client.HTTPConnection:
        """A connection to it."""
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request on a connection of its own."""
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        with closing(self.connect()) as connection:
            connection.request(method, path, data, dict(headers or {}))
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read().decode())

    def send_raw(self, request: str) -> bytes:
        """What an HTTP client would not send; the beginning of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(request.encode("latin-1"))
            return connection.recv(64)

    def at_once(self, count: int, method: str, path: str, body: Any) -> list[Answer]:
        """Answers to many calls that come in the same moment."""
        answers: list[Answer] = []
        barrier = threading.Barrier(count)

        def ask() -> None:
            barrier.wait()
            answers.append(self.send(method, path, body))

        threads = [threading.Thread(target=ask) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def line(self, **wanted: Any) -> dict[str, Any]:
        """The next line of its log that holds these fields."""
        assert self.process.stdout
        for text in self.process.stdout:
            line: dict[str, Any] = json.loads(text)
            self.log.append(line)
            if wanted.items() <= line.items():
                return line
        raise AssertionError(f"no line with {wanted} among {self.log}")


def start(script: Path, port_variable: str, **environment: str) -> Server:
    """Start a server on a port that is free.

    Args:
        script: what the runtime runs.
        port_variable: the variable that the runtime names the port in.
        environment: further variables.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    variables = {"PATH": path, port_variable: str(port), **environment}
    process = subprocess.Popen([script], cwd="/", env=variables, stdout=subprocess.PIPE, text=True)
    server = Server(process, port)
    assert server.line(message="listening")["port"] == port
    return server


def stop(server: Server) -> int:
    """End a server as clouds do; its exit status."""
    server.process.send_signal(signal.SIGTERM)
    try:
        return server.process.wait(timeout=10)
    finally:
        server.process.kill()
        server.process.wait()
        assert server.process.stdout
        server.process.stdout.close()
