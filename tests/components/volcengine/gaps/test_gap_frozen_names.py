"""Frozen API: state stores a gap's provider as the import path of its class, and its type in every URN."""

from __future__ import annotations

import base64
import inspect
import pickle
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import dill
import pytest
from pulumi.dynamic.dynamic import serialize_provider

from components.volcengine import gaps
from components.volcengine.gaps.base import Gap, GapProvider

ROOT = Path(__file__).parents[4]
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
FROZEN = {
    f"pulumi-python:dynamic/volcengine:{name}": f"components.volcengine.gaps.{module} {name}Provider"
    for name, module in MODULES.items()
}
"""Type in a URN, and where its provider is imported from."""


def stored(path: str) -> bytes:
    """A provider as a state of any age holds it: written by hand, so that no class of today takes part."""
    module, name = path.split()
    return f"c{module}\n{name}\n)\x81.".encode("latin-1")


def provider_class(path: str) -> type[GapProvider]:
    """The class that a line of the table names."""
    module, name = path.split()
    found: type[GapProvider] = getattr(import_module(module), name)
    return found


def test_the_table_holds_every_gap_with_the_provider_it_uses() -> None:
    here: dict[str, str] = {}
    for file in Path(str(gaps.__path__[0])).glob("*.py"):
        module = import_module(f"components.volcengine.gaps.{file.stem}") if file.stem != "__init__" else gaps
        for kind in vars(module).values():
            if inspect.isclass(kind) and issubclass(kind, Gap) and kind is not Gap:
                provider = f"{kind.__module__} {kind.__name__}Provider"
                here[f"pulumi-python:{kind._resource_type_name}"] = provider
                assert f"super().__init__({kind.__name__}Provider(), " in inspect.getsource(kind)
    assert here == FROZEN


@pytest.mark.parametrize("path", FROZEN.values())
def test_what_an_old_state_holds_can_be_read(path: str) -> None:
    assert type(dill.loads(stored(path))) is provider_class(path)  # noqa: S301 - written just above


@pytest.mark.parametrize("path", FROZEN.values())
def test_the_stored_form_is_an_import_path_and_nothing_else(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOLCENGINE_ACCESS_KEY", "AKcanary")
    monkeypatch.setenv("VOLCENGINE_SECRET_KEY", "SKcanary")
    kind = provider_class(path)
    first, second = serialize_provider(kind()), serialize_provider(kind())
    assert first == second
    text = base64.b64decode(first)
    for word in path.split():
        assert word.encode() in text
    assert b"canary" not in text
    assert len(text) < 150
    assert vars(kind()) == {}
    assert kind.serialize_as_secret_always is False


def test_another_process_can_read_it() -> None:
    forms = [serialize_provider(provider_class(path)()) for path in FROZEN.values()]
    code = "import base64, dill, sys; print([type(dill.loads(base64.b64decode(f))).__name__ for f in sys.argv[1:]])"
    ran = subprocess.run(
        [sys.executable, "-c", code, *forms], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert ran.stdout.strip() == str([path.split()[1] for path in FROZEN.values()])


def test_reading_a_stored_provider_imports_no_cloud_sdk() -> None:
    """The engine starts a process for the gaps: it must not load the cloud's SDKs before the first call."""
    modules = [path.split()[0] for path in FROZEN.values()]
    code = f"import sys, importlib; [importlib.import_module(m) for m in {modules}]; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert loaded & {"volcenginesdkcore", "pulumi_volcengine", "urllib3"} == set()


@pytest.mark.parametrize("path", FROZEN.values())
def test_every_gap_does_all_that_the_engine_asks(path: str) -> None:
    kind: Any = provider_class(path)
    for method in ("create", "read"):
        assert method in vars(kind), f"{path} has no {method} of its own"
    assert kind.SETTINGS == () or "update" in vars(kind)
    assert "region" in kind.IDENTITY
    assert pickle.loads(pickle.dumps(kind())).keys() == (*kind.IDENTITY, *kind.SETTINGS)  # noqa: S301


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
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.split() == ["8", "1"], ran.stderr
