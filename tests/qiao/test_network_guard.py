"""The guard that keeps tests offline is itself tested: one that lets everything through would go unnoticed."""

from __future__ import annotations

import socket
from urllib.request import urlopen

import pytest


@pytest.mark.parametrize("address", [("203.0.113.7", 80), ("10.0.0.1", 80)])
def test_a_connection_that_leaves_the_machine_is_refused(address: tuple[str, int]) -> None:
    with socket.socket() as client, pytest.raises(RuntimeError, match=f"reached for {address[0]}"):
        client.connect(address)


def test_a_name_is_not_even_looked_up() -> None:
    with pytest.raises(RuntimeError, match=r"reached for example\.org"):
        urlopen("http://example.org/", timeout=1)


def test_loopback_is_open_for_fakes() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
        accepted, _ = server.accept()
        with accepted:
            client.sendall(b"x")
            assert accepted.recv(1) == b"x"
