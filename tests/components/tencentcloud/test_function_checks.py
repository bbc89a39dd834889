"""What SCF would refuse of a function, or silently do otherwise, is refused before anything is declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from components.bucket import ExistingBucket
from components.errors import UnsupportedError, UserError
from components.function import BucketEvent, CodeFolder, FunctionUrl, Gpu, Initializer, Mount, Timer
from components.identity import Statement
from components.scope import Scope
from components.tencentcloud.function import FunctionNative
from components.tencentcloud.network import NetworkNative
from tests.components.tencentcloud.function_support import (
    DATA,
    FILES,
    FUNCTION,
    IMAGE,
    LOGS,
    Opts,
    build_function,
    code_folder,
    made,
    one_function,
)
from tests.components.tencentcloud.support import no_network


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


OTHERS = Mount(path="/mnt/a", source=FILES, read_only=True)
EVERY_NIGHT = Timer(name="nightly", schedule="0 4 * * *")
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"memory_mb": 100}, r"FunctionArgs\.memory_mb: 100 is out of range; use 128 to 122880 MiB"),
    ({"memory_mb": 1000}, r"FunctionArgs\.memory_mb: 1000 is not a multiple of 128"),
    ({"concurrency": 101}, r"FunctionArgs\.concurrency: 101 is out of range; use 1 to 100 calls"),
    ({"runtime": "Nodejs18.15"}, r"FunctionArgs\.runtime: an image has its own; leave it out"),
    ({"command": "serve 'half"}, r"FunctionArgs\.command: a quotation is not closed"),
    ({"command": "  "}, r"FunctionArgs\.command: is empty"),
    ({"command": "serve 'two words'"}, r"FunctionArgs\.command: one of its words has a space in it"),
    ({"native": NetworkNative()}, "NetworkNative is not for tencentcloud; give a FunctionNative"),
    ({"native": FunctionNative(internet_access=False)}, r"FunctionNative\.internet_access: the service closes its way"),
    (
        {"native": FunctionNative(role_name="there"), "permissions": [Statement(actions=["cos:GetObject"])]},
        r"FunctionArgs\.permissions: the function runs as a role of somebody else's",
    ),
    (
        {"permissions": [Statement(actions=["oss:GetObject"], resources=["acs:oss:*:*:data/*"])]},
        r"Statement of agent-chat: resource: 'acs:oss:\*:\*:data/\*' is not valid",
    ),
    (
        {"url": FunctionUrl(auth="network"), "network": no_network()},
        r"FunctionUrl\.auth: an inner address is open to every network of the region",
    ),
    (
        {"kind": "event", "triggers": [BucketEvent(name="in", bucket=ExistingBucket(name="data"))]},
        r"BucketEvent\.bucket of in: 'data' is not valid; use its full name, with the account's number at the end",
    ),
]


@pytest.mark.parametrize(("fields", "message"), REFUSED)
def test_what_the_service_would_refuse_is_refused_first(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        one_function(**fields)


LACKED: list[tuple[dict[str, Any], str]] = [
    ({"gpu": Gpu(model="t4")}, "gpu"),
    ({"cpu": 1}, "cpu"),
    ({"health_path": "/healthz"}, "health_path"),
    ({"initializer": Initializer(command="true")}, "initializer"),
    ({"timeout_seconds": 901}, r"timeout_seconds=901"),
    ({"kind": "task", "timeout_seconds": 7200}, r"timeout_seconds=7200"),
    ({"kind": "task", "async_retries": 1}, "async_retries of kind task"),
    ({"triggers": [EVERY_NIGHT]}, "triggers of kind web"),
    ({"mounts": [Mount(path="/mnt/a", source=DATA)]}, r"mounts\[/mnt/a\]\.source=bucket"),
    ({"network": no_network(), "mounts": [OTHERS]}, r"mounts\[/mnt/a\]\.read_only=true"),
]


@pytest.mark.parametrize(("fields", "field"), LACKED)
def test_what_the_cloud_lacks_is_named_with_the_way_round(fields: dict[str, Any], field: str) -> None:
    with pytest.raises(UnsupportedError, match=rf"tencentcloud Function\.{field}: not supported on tencentcloud; \w"):
        one_function(**fields)


def test_starts_and_ports_fit_their_kind(here: Path) -> None:
    code = code_folder(here / "app")
    with pytest.raises(UserError, match=r"FunctionArgs\.runtime: 'python3.10' is unknown; use one of CustomRuntime"):
        one_function(code=code, runtime="python3.10")
    with pytest.raises(UserError, match=r"FunctionArgs\.port: the service sends calls to port 9000"):
        one_function(code=code, port=8000)
    assert one_function(code=code, port=9000).get(FUNCTION).inputs["funcType"] == "HTTP"
    misfits: dict[str, Any] = {"command": "./x", "port": 80}
    for field, value in misfits.items():
        with pytest.raises(UserError, match=rf"FunctionArgs\.{field}: runtime Python3.10 calls a handler"):
            one_function(kind="event", code=code, **{field: value})
    with pytest.raises(UserError, match=r"FunctionNative\.registry_id: the function has no image"):
        one_function(code=code, native=FunctionNative(registry_id="tcr-1"))
    elsewhere = CodeFolder(path=code.path, bucket=ExistingBucket(name="no-number"))
    with pytest.raises(UserError, match=r"CodeFolder\.bucket: 'no-number' is not valid"):
        one_function(code=elsewhere)


EXTRA_WORDS: list[tuple[dict[str, Any], str]] = [
    ({"handler": "two words"}, "handler: 'two words' is not valid"),
    ({"handler": "h"}, "handler: 'h' is not valid"),
    ({"handler": "index.main_"}, "handler: 'index.main_' is not valid"),
    ({"registry_id": "my-registry"}, "registry_id: 'my-registry' is not valid; use an id such as tcr-abcd1234"),
    ({"role_name": "qcs::cam::uin/1:roleName/a"}, "role_name: .* is not valid; use the role's name"),
    ({"async_max_age_seconds": 59}, "async_max_age_seconds: 59 is out of range; use 60 to 21600 seconds"),
    ({"async_max_age_seconds": 21_601}, "async_max_age_seconds: 21601 is out of range"),
]


@pytest.mark.parametrize(("fields", "message"), EXTRA_WORDS)
def test_extras_have_limits(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=rf"FunctionNative\.{message}"):
        FunctionNative(**fields)


def test_a_refusal_comes_before_anything_is_declared() -> None:
    def build(scope: Scope, opts: Opts) -> None:
        with pytest.raises(UserError):
            build_function(scope, opts, image=IMAGE, memory_mb=100, observability=LOGS)

    assert [r.type for r in made(build).resources if r.custom] == ["pulumi:providers:tencentcloud"]
