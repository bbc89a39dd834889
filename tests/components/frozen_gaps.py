"""Frozen API: state stores a gap's provider as the import path of its class, and its type in every URN.

What holds for every cloud's table; the tables themselves stand with their cloud's tests.
"""

from __future__ import annotations

import base64
import inspect
import pickle
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import dill
from pulumi.dynamic import ResourceProvider
from pulumi.dynamic.dynamic import serialize_provider

from components.gaps.base import Gap, GapProvider

ROOT = Path(__file__).parents[2]


def frozen(cloud: str, modules: Mapping[str, str]) -> dict[str, str]:
    """Type in a URN, and where its provider is imported from."""
    return {
        f"pulumi-python:dynamic/{cloud}:{name}": f"components.{cloud}.gaps.{module} {name}Provider"
        for name, module in modules.items()
    }


def provider_class(path: str) -> type[GapProvider]:
    """The class that a line of the table names."""
    module, name = path.split()
    found: type[GapProvider] = getattr(import_module(module), name)
    return found


def declared(gaps: ModuleType, base: type[Gap]) -> dict[str, str]:
    """Every gap that a cloud's package holds, with the provider that its constructor uses."""
    here: dict[str, str] = {}
    for file in Path(str(gaps.__path__[0])).glob("*.py"):
        module = import_module(f"{gaps.__name__}.{file.stem}") if file.stem != "__init__" else gaps
        for kind in vars(module).values():
            if inspect.isclass(kind) and issubclass(kind, base) and kind is not base:
                here[f"pulumi-python:{kind._resource_type_name}"] = f"{kind.__module__} {kind.__name__}Provider"
                assert f"super().__init__({kind.__name__}Provider(), " in inspect.getsource(kind)
    return here


def check_an_old_state(path: str) -> None:
    """A provider as a state of any age holds it: written by hand, so that no class of today takes part."""
    module, name = path.split()
    stored = f"c{module}\n{name}\n)\x81.".encode("latin-1")
    assert type(dill.loads(stored)) is provider_class(path)  # noqa: S301 - written just above


def check_the_stored_form(path: str, canary: bytes) -> None:
    """It is an import path and nothing else, whatever credentials the environment holds."""
    kind = provider_class(path)
    first, second = serialize_provider(kind()), serialize_provider(kind())
    assert first == second
    text = base64.b64decode(first)
    for word in path.split():
        assert word.encode() in text
    assert canary not in text
    assert len(text) < 150
    assert vars(kind()) == {}
    assert kind.serialize_as_secret_always is False


def check_what_the_engine_asks(path: str) -> None:
    """A gap does all that the engine asks of it, and is one of a region."""
    kind: Any = provider_class(path)
    for method in ("create", "read", *(["update"] if kind.SETTINGS else [])):
        assert getattr(kind, method) is not getattr(ResourceProvider, method), f"{path} has no {method} of its own"
    assert "region" in kind.IDENTITY
    assert pickle.loads(pickle.dumps(kind())).keys() == (*kind.IDENTITY, *kind.SETTINGS)  # noqa: S301


def read_by_another_process(paths: Iterable[str]) -> str:
    """Names of the classes that another process finds in what is stored."""
    forms = [serialize_provider(provider_class(path)()) for path in paths]
    code = "import base64, dill, sys; print([type(dill.loads(base64.b64decode(f))).__name__ for f in sys.argv[1:]])"
    return in_another_process(code, *forms).strip()


def imported_with(paths: Iterable[str]) -> set[str]:
    """Top names of all modules that come along when the gaps' own are imported."""
    modules = [path.split()[0] for path in paths]
    code = f"import sys, importlib; [importlib.import_module(m) for m in {modules}]; print(*sys.modules)"
    return {name.partition(".")[0] for name in in_another_process(code).split()}


def in_another_process(code: str, *arguments: str) -> str:
    """What a program prints."""
    line = [sys.executable, "-c", code, *arguments]
    return subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout
