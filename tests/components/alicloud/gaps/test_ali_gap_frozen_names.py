"""Frozen API: state stores a gap's provider as the import path of its class, and its type in every URN."""

from __future__ import annotations

import pytest

from components.alicloud import gaps
from components.alicloud.gaps.base import Gap
from tests.components import frozen_gaps

MODULES = {
    "AnyHostDomain": "any_host_domain",
    "AsyncInvoke": "async_invoke",
    "Consumer": "consumer",
    "ConsumerGrant": "consumer_grant",
    "FunctionLeftovers": "function_leftovers",
    "FunctionReady": "function_ready",
    "GatewayAddress": "gateway_address",
    "LogsReady": "logs_ready",
    "ProvisionedConcurrency": "provisioned_concurrency",
    "ReleaseHistory": "release_history",
    "RouteDeployment": "route_deployment",
    "ServiceReady": "service_ready",
}
"""Add lines; never change one. A class that moves leaves an importable name where it was."""
FROZEN = frozen_gaps.frozen("alicloud", MODULES)


def test_the_table_holds_every_gap_with_the_provider_it_uses() -> None:
    assert frozen_gaps.declared(gaps, Gap) == FROZEN


@pytest.mark.parametrize("path", FROZEN.values())
def test_what_an_old_state_holds_can_be_read(path: str) -> None:
    frozen_gaps.check_an_old_state(path)


@pytest.mark.parametrize("path", FROZEN.values())
def test_the_stored_form_is_an_import_path_and_nothing_else(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ALICLOUD_ACCESS_KEY", "ALICLOUD_SECRET_KEY", "ALIBABA_CLOUD_OIDC_TOKEN"):
        monkeypatch.setenv(name, "the-canary")
    frozen_gaps.check_the_stored_form(path, b"canary")


@pytest.mark.parametrize("path", FROZEN.values())
def test_every_gap_does_all_that_the_engine_asks(path: str) -> None:
    frozen_gaps.check_what_the_engine_asks(path)


def test_another_process_can_read_it() -> None:
    assert frozen_gaps.read_by_another_process(FROZEN.values()) == str([path.split()[1] for path in FROZEN.values()])


def test_reading_a_stored_provider_imports_no_cloud_sdk() -> None:
    """The engine starts a process for the gaps: it must not load the cloud's SDKs before the first call."""
    loaded = frozen_gaps.imported_with(FROZEN.values())
    assert {
        name for name in loaded if name.startswith(("alibabacloud", "darabonba", "Tea", "pulumi_alicloud"))
    } == set()
    assert "requests" not in loaded


def test_threads_that_call_first_at_the_same_time_find_the_sdks_whole() -> None:
    """The engine's process works in threads, and each of the SDKs' packages imports hundreds of modules."""
    code = """
import sys, threading
from components.alicloud.gaps.client import APIG, FC, SLS, sdk
sys.setswitchinterval(1e-6)
found, start = [], threading.Barrier(8)
def first():
    start.wait()
    for service in (FC, APIG, SLS):
        client, models = sdk(f"{service.package}.client"), sdk(f"{service.package}.models")
        found.append((client.Client, models.GetServiceResponse if service is APIG else models))
threads = [threading.Thread(target=first) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(found), len(set(found)))
"""
    assert frozen_gaps.in_another_process(code).split() == ["24", "3"]
