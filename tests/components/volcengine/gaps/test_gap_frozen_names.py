"""Frozen API: state stores a gap's provider as the import path of its class, and its type in every URN."""

from __future__ import annotations

import pytest

from components.volcengine import gaps
from components.volcengine.gaps.base import Gap
from tests.components import frozen_gaps

MODULES = {
    "FunctionExtras": "function_extras",
    "GatewayLogs": "gateway_logs",
    "ImageReady": "image_ready",
    "PostgresBackup": "postgres_backup",
    "ReleaseGuard": "release_guard",
    "ReleaseReady": "release_ready",
    "TraceIndexKeys": "trace_index_keys",
    "TraceTopic": "trace_topic",
}
"""Add lines; never change one. A class that moves leaves an importable name where it was."""
FROZEN = frozen_gaps.frozen("volcengine", MODULES)


def test_the_table_holds_every_gap_with_the_provider_it_uses() -> None:
    assert frozen_gaps.declared(gaps, Gap) == FROZEN


@pytest.mark.parametrize("path", FROZEN.values())
def test_what_an_old_state_holds_can_be_read(path: str) -> None:
    frozen_gaps.check_an_old_state(path)


@pytest.mark.parametrize("path", FROZEN.values())
def test_the_stored_form_is_an_import_path_and_nothing_else(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOLCENGINE_ACCESS_KEY", "AKcanary")
    monkeypatch.setenv("VOLCENGINE_SECRET_KEY", "SKcanary")
    frozen_gaps.check_the_stored_form(path, b"canary")


@pytest.mark.parametrize("path", FROZEN.values())
def test_every_gap_does_all_that_the_engine_asks(path: str) -> None:
    frozen_gaps.check_what_the_engine_asks(path)


def test_another_process_can_read_it() -> None:
    assert frozen_gaps.read_by_another_process(FROZEN.values()) == str([path.split()[1] for path in FROZEN.values()])


def test_reading_a_stored_provider_imports_no_cloud_sdk() -> None:
    """The engine starts a process for the gaps: it must not load the cloud's SDKs before the first call."""
    loaded = frozen_gaps.imported_with(FROZEN.values())
    assert loaded & {"volcenginesdkcore", "pulumi_volcengine", "urllib3"} == set()


def test_threads_that_call_first_at_the_same_time_find_the_sdk_whole() -> None:
    """The engine's process works in threads, and the SDK's modules import each other in a circle."""
    code = """
import sys, threading
from components.volcengine.gaps.client import sdk
sys.setswitchinterval(1e-6)
found, start = [], threading.Barrier(8)
def first():
    start.wait()
    core = sdk()
    found.append((core.UniversalInfo, core.rest.ApiException, core.signv4.SignerV4, core.auth.providers))
threads = [threading.Thread(target=first) for _ in range(8)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(found), len(set(found)))
"""
    assert frozen_gaps.in_another_process(code).split() == ["8", "1"]
