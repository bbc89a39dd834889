"""What the gaps' tests share: an environment of their own, a clock, and the fake that the environment points to."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator

import pytest

from components.gaps import polling
from components.gaps.credentials import ShortLived
from components.tencentcloud.gaps import connect
from tests.fakes.http import Key
from tests.fakes.tencentcloud.server import Fake
from tests.fakes.tencentcloud.wire import REGION, Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that all waiting goes by."""
    made = Clock()
    monkeypatch.setattr(polling, "sleep", made.sleep)
    monkeypatch.setattr(polling, "now", made.now)
    return made


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without credentials, roles, endpoint or proxy."""
    for name in list(os.environ):
        ours = name.startswith(("TENCENTCLOUD_", "QIAO_TENCENTCLOUD_"))
        if ours or name.lower() in ("http_proxy", "https_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setattr(connect, "_taken", ShortLived())
    return monkeypatch


@pytest.fixture
def new_cloud(bare: pytest.MonkeyPatch, clock: Clock) -> Iterator[Callable[..., Fake]]:
    """Makes a fake that the environment points to; at the end it must have nothing to complain of."""
    started: list[Fake] = []

    def start(*, token: str = "") -> Fake:
        secret_id, secret_key = "AKID" + secrets.token_hex(8), "SK" + secrets.token_hex(16)
        fake = Fake({secret_id: Key(secret_key, token)}, REGION)
        started.append(fake.__enter__())
        bare.setenv("QIAO_TENCENTCLOUD_ENDPOINT", fake.endpoint)
        bare.setenv("TENCENTCLOUD_SECRET_ID", secret_id)
        bare.setenv("TENCENTCLOUD_SECRET_KEY", secret_key)
        if token:
            bare.setenv("TENCENTCLOUD_SECURITY_TOKEN", token)
        return fake

    yield start
    for fake in started:
        fake.__exit__()
        assert fake.complaints == []


@pytest.fixture
def cloud(new_cloud: Callable[..., Fake]) -> Fake:
    """The fake of one region, its key pair in the environment."""
    return new_cloud()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The SDK's signer asks for the time in a way that Python 3.12 deprecates."""
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore:datetime.datetime.utcfromtimestamp:DeprecationWarning"))
