"""What the gaps' tests of every cloud stand on: an environment of their own, a clock, a fake that it points to."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TypeVar

import pytest

from components.gaps import polling
from components.gaps.credentials import ShortLived
from tests.fakes.http import Key, Loopback
from tests.fakes.wire import Clock

F = TypeVar("F", bound=Loopback)


def own_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that all waiting goes by."""
    made = Clock()
    monkeypatch.setattr(polling, "sleep", made.sleep)
    monkeypatch.setattr(polling, "now", made.now)
    return made


def strip(monkeypatch: pytest.MonkeyPatch, prefixes: tuple[str, ...], connect: ModuleType) -> pytest.MonkeyPatch:
    """An environment without a cloud's variables and without proxies, and a process that has taken on no role.

    Args:
        monkeypatch: what takes it all back.
        prefixes: beginnings of the variables' names.
        connect: the cloud's module that keeps roles.
    """
    for name in list(os.environ):
        if name.startswith(prefixes) or name.lower() in ("http_proxy", "https_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(connect, "_taken", ShortLived())
    return monkeypatch


@contextmanager
def fakes(
    bare: pytest.MonkeyPatch, make: Callable[[dict[str, Key]], F], endpoint: str, names: tuple[str, str, str]
) -> Iterator[Callable[..., F]]:
    """Starts fakes that the environment points to; at the end they must have nothing to complain of.

    Args:
        bare: a stripped environment.
        make: makes a fake that knows some keys.
        endpoint: the variable that diverts the gaps' calls.
        names: the variables of access key, secret key and session token.
    """
    started: list[F] = []

    def start(*, token: str = "") -> F:
        values = ("AK" + secrets.token_hex(8), "SK" + secrets.token_hex(16), token)
        fake = make({values[0]: Key(values[1], token)})
        started.append(fake.__enter__())
        bare.setenv(endpoint, fake.endpoint)
        for name, value in zip(names, values, strict=True):
            if value:
                bare.setenv(name, value)
        return fake

    yield start
    for fake in started:
        fake.__exit__()
        assert fake.complaints == []
