"""What the gaps' tests share: an environment of their own, a clock, and the fake that the environment points to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from components.alicloud.gaps import connect
from tests.components import gap_environment
from tests.fakes.alicloud.server import Fake
from tests.fakes.alicloud.wire import REGION, Clock

PREFIXES = ("ALICLOUD_", "ALIBABA_CLOUD_", "ALIBABACLOUD_", "QIAO_ALICLOUD_")
KEYS = ("ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that all waiting goes by."""
    return gap_environment.own_clock(monkeypatch)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment without credentials, roles, endpoint or proxy."""
    return gap_environment.strip(monkeypatch, PREFIXES, connect)


@pytest.fixture
def new_cloud(bare: pytest.MonkeyPatch, clock: Clock) -> Iterator[Callable[..., Fake]]:
    """Makes a fake that the environment points to; at the end it must have nothing to complain of."""
    with gap_environment.fakes(bare, lambda keys: Fake(keys, REGION), "QIAO_ALICLOUD_ENDPOINT", KEYS) as start:
        yield start


@pytest.fixture
def cloud(new_cloud: Callable[..., Fake]) -> Fake:
    """The fake of one region, its key pair in the environment."""
    return new_cloud()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The SDK's signers ask for the time in a way that Python 3.12 deprecates."""
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore:datetime.datetime.utcnow:DeprecationWarning"))
