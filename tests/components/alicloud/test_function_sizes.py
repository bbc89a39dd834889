"""Sizes on Alibaba Cloud: defaults are always legal, what is illegal is refused with what is legal."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.alicloud import function_sizes as sizes
from components.alicloud.function import FunctionNative
from components.errors import UnsupportedError, UserError
from components.function import FunctionArgs, Gpu
from tests.components.alicloud.function_support import FUNCTION, IMAGE, code_folder, inputs_of, one_function
from tests.components.alicloud.support import scope_of

MEMORY = st.integers(2, 512).map(lambda steps: steps * 64)
TWENTIETHS = st.integers(1, 320)


def arguments(**fields: Any) -> FunctionArgs:
    return FunctionArgs(scope=scope_of(), image=IMAGE, **fields)


def legal(memory_mb: int, cpu: float) -> bool:
    """The service's own rule, written once more: a twentieth at a time, 1 to 4 GiB for each."""
    twentieths = round(cpu * 20)
    whole = math.isclose(cpu * 20, twentieths, abs_tol=1e-9)
    return whole and 1 <= twentieths <= 320 and 1024 * twentieths <= memory_mb * 20 <= 4096 * twentieths


@given(MEMORY)
def test_the_default_is_legal_for_every_memory(memory_mb: int) -> None:
    args = arguments(memory_mb=memory_mb)
    cpu = sizes.cpu(args)
    assert legal(memory_mb, cpu)
    sizes.check_sizes(arguments(memory_mb=memory_mb, cpu=cpu), None, None)


@given(MEMORY, TWENTIETHS)
def test_exactly_what_the_service_gives_out_is_let_through(memory_mb: int, twentieths: int) -> None:
    args = arguments(memory_mb=memory_mb, cpu=twentieths / 20)
    if legal(memory_mb, twentieths / 20):
        sizes.check_sizes(args, None, None)
        assert sizes.cpu(args) == twentieths / 20
    else:
        with pytest.raises(UserError, match=r"FunctionArgs\.cpu: .* is not given out; use "):
            sizes.check_sizes(args, None, None)


@given(st.sampled_from(["t4", "a10"]), st.data())
def test_the_default_beside_a_card_is_legal_for_every_slice(model: str, data: st.DataObject) -> None:
    slices = st.none() | st.integers(1, sizes.CARDS[model].memory_gb)
    gpu = Gpu(model=model, memory_gb=data.draw(slices))
    most = min(sizes.card_memory_gb(gpu) * 2048, 32768)
    memory_mb = data.draw(st.integers(2, most // 64)) * 64
    args = arguments(gpu=gpu, memory_mb=memory_mb, concurrency=1)
    sizes.check_sizes(args, None, None)
    assert legal(memory_mb, sizes.cpu(args))
    assert sizes.cpu(args) <= min(sizes.card_memory_gb(gpu) / 2, 8)


@pytest.mark.parametrize(
    ("memory", "cpu"), [(128, 0.1), (192, 0.1), (512, 0.25), (1024, 0.5), (2048, 1.0), (32768, 16.0)]
)
def test_half_a_processor_a_gibibyte(memory: int, cpu: float) -> None:
    inputs = inputs_of(FUNCTION, memory_mb=memory)
    assert (inputs["cpu"], inputs["memorySize"]) == (cpu, memory)


def test_the_guides_chat_gets_its_one_processor_and_two_gibibytes() -> None:
    inputs = inputs_of(FUNCTION, cpu=1.0, memory_mb=2048, port=3210, timeout_seconds=300)
    assert (inputs["cpu"], inputs["memorySize"], inputs["timeout"]) == (1.0, 2048, 300)


@pytest.mark.parametrize(
    ("fields", "kind", "memory"),
    [({"model": "t4"}, "fc.gpu.tesla.1", 16384), ({"model": "a10"}, "fc.gpu.ampere.1", 24576)],
)
def test_a_whole_card_with_all_that_goes_with_it(fields: dict[str, Any], kind: str, memory: int) -> None:
    inputs = inputs_of(FUNCTION, gpu=Gpu(**fields), memory_mb=32768, concurrency=4)
    assert inputs["gpuConfig"] == {"gpuType": kind, "gpuMemorySize": memory}
    assert (inputs["cpu"], inputs["memorySize"]) == (8.0, 32768)
    assert (inputs["diskSize"], inputs["instanceConcurrency"]) == (10240, 4)
    assert inputs["runtime"] == "custom-container"


def test_a_slice_of_a_card() -> None:
    inputs = inputs_of(FUNCTION, gpu=Gpu(model="t4", memory_gb=4), cpu=2.0, memory_mb=8192, concurrency=4)
    assert inputs["gpuConfig"] == {"gpuType": "fc.gpu.tesla.1", "gpuMemorySize": 4096}
    assert (inputs["cpu"], inputs["memorySize"]) == (2.0, 8192)


def test_a_server_that_batches_may_take_more_calls_on_a_card() -> None:
    native = FunctionNative(concurrency=32)
    inputs = inputs_of(FUNCTION, gpu=Gpu(model="a10"), memory_mb=32768, native=native)
    assert inputs["instanceConcurrency"] == 32


def test_a_task_on_a_card_needs_no_word_on_concurrency() -> None:
    inputs = inputs_of(FUNCTION, kind="task", gpu=Gpu(model="t4"), memory_mb=32768)
    assert inputs["instanceConcurrency"] == 1


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"memory_mb": 64}, r"FunctionArgs\.memory_mb: 64 is out of range; use 128 to 32768 MiB"),
    ({"memory_mb": 65536}, r"FunctionArgs\.memory_mb: 65536 is out of range"),
    ({"memory_mb": 1000}, r"FunctionArgs\.memory_mb: 1000 is not a multiple of 64"),
    ({"cpu": 0.01}, r"FunctionArgs\.cpu: 0.01 is out of range; use 0.05 to 16 vCPU"),
    ({"cpu": 0.33, "memory_mb": 1024}, r"FunctionArgs\.cpu: 0.33 is not a multiple of 0.05"),
    ({"cpu": 2.0, "memory_mb": 1024}, r"FunctionArgs\.cpu: 2 vCPU for 1024 MiB is not given out; use 0.25 to 1 "),
    ({"cpu": 1.0, "memory_mb": 8192}, r"FunctionArgs\.cpu: 1 vCPU for 8192 MiB is not given out; use 2 to 8 "),
    ({"gpu": Gpu(model="h100")}, r"Gpu\.model: 'h100' is unknown; use one of a10, t4"),
    ({"gpu": Gpu(model="t4", memory_gb=24)}, r"Gpu\.memory_gb: 24 is out of range; use 1 to 16 GB of a card t4"),
    (
        {"gpu": Gpu(model="t4", memory_gb=2), "memory_mb": 8192},
        r"FunctionArgs\.memory_mb: 8192 is out of range; use 128 to 4096 MiB beside 2 GB of a card",
    ),
    (
        {"gpu": Gpu(model="t4", memory_gb=4), "memory_mb": 8192, "cpu": 4.0},
        r"FunctionArgs\.cpu: 4.0 is out of range; use 0.05 to 2.0 vCPU beside 4 GB of a card",
    ),
    (
        {"gpu": Gpu(model="t4"), "memory_mb": 32768},
        r"FunctionArgs\.concurrency: 100 calls at once are too many for one card; use 1 to 5, or native.concurrency",
    ),
    (
        {"gpu": Gpu(model="t4"), "memory_mb": 32768, "native": FunctionNative(disk_mb=512)},
        r"FunctionNative\.disk_mb: 512 is too little for a card's images; use 10240",
    ),
]


@pytest.mark.parametrize(("fields", "message"), REFUSED)
def test_sizes_that_are_not_given_out_are_refused(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        one_function(**fields)


def test_a_card_wants_an_image(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnsupportedError, match="gpu with code: not supported on alicloud; put the code into an image"):
        one_function(code=code_folder(tmp_path / "app"), gpu=Gpu(model="t4"), memory_mb=32768)
