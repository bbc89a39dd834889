"""What holds for every test: no network but loopback, and a reason where the real engine is missing."""

from __future__ import annotations

import ipaddress
import shutil
import socket
from collections.abc import Iterator
from typing import Any

import pytest

NO_ENGINE = "the pulumi CLI is not on PATH: https://www.pulumi.com/docs/install, or `qiao preview STAGE --install-cli`"


class NetworkError(RuntimeError):
    """A test reached for the network. Not an OSError, which code under test may well forgive."""


def _is_local(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host in (None, "", "localhost"):
        return True
    try:
        return ipaddress.ip_address(str(host)).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Refuse every connection and every lookup of a name that leaves this machine."""
    connect, connect_ex, lookup = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def refuse(host: object) -> None:
        if not _is_local(host):
            raise NetworkError(f"a test reached for {host}: use a fake on 127.0.0.1")

    def guarded(original: Any) -> Any:
        def guard(self: socket.socket, address: Any) -> Any:
            if self.family in (socket.AF_INET, socket.AF_INET6):
                refuse(address[0])
            return original(self, address)

        return guard

    def guarded_lookup(host: Any, *args: Any, **more: Any) -> Any:
        refuse(host)
        return lookup(host, *args, **more)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded(connect))
    patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
    patch.setattr(socket, "getaddrinfo", guarded_lookup)
    yield
    patch.undo()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the real engine are skipped, with the reason, where there is none."""
    if shutil.which("pulumi") is None:
        for item in items:
            if "engine" in item.keywords:
                item.add_marker(pytest.mark.skip(reason=NO_ENGINE))
