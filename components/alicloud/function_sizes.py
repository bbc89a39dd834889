"""Sizes of a function's instances on Function Compute: memory, processors, cards. Pure planning."""

from __future__ import annotations

import math
from dataclasses import dataclass

from components.checks import in_range, multiple_of, one_of
from components.errors import UnsupportedError, UserError
from components.function import FunctionArgs, Gpu

SMALLEST_MB, LARGEST_MB, MEMORY_STEP = 128, 32768, 64
STEPS_OF_A_CPU = 20
"""Processors are given out by the twentieth (0.05)."""
MOST_CPU = 16
LEAST_RATIO, MOST_RATIO = 1, 4
"""GiB of memory for each processor."""
USUAL_RATIO = 2
WHOLE_CARD_CPU = 8
"""Processors that the service's own tables give to a whole card."""
DISKS_MB = (512, 10240)
MOST_CALLS = 200
MOST_CALLS_A_CARD = 5
"""Calls that the service's advice lets one card serve at once. A server that batches takes more."""


@dataclass(frozen=True, kw_only=True)
class Card:
    """A graphics card."""

    type: str
    """The service's word."""
    memory_gb: int
    """Its graphics memory."""


CARDS = {
    "t4": Card(type="fc.gpu.tesla.1", memory_gb=16),
    "a10": Card(type="fc.gpu.ampere.1", memory_gb=24),
}


def card_memory_gb(gpu: Gpu) -> int:
    """Graphics memory of an instance, the whole card where nothing is said."""
    return gpu.memory_gb or CARDS[gpu.model].memory_gb


def card(gpu: Gpu | None) -> dict[str, str | int] | None:
    """The card in the provider's shape."""
    if gpu is None:
        return None
    return {"gpu_type": CARDS[gpu.model].type, "gpu_memory_size": card_memory_gb(gpu) * 1024}


def cpu(args: FunctionArgs) -> float:
    """Processors of an instance. Default: half a processor a GiB; beside a card, as many as memory and card allow."""
    if args.cpu is not None:
        return args.cpu
    if args.gpu is None:
        steps = math.ceil(args.memory_mb * STEPS_OF_A_CPU / (USUAL_RATIO * 1024))
    else:
        most = min(args.memory_mb / 1024, card_memory_gb(args.gpu) / 2, WHOLE_CARD_CPU)
        steps = math.floor(most * STEPS_OF_A_CPU)
    # Divided, not multiplied: 3 * 0.05 is not 0.15.
    return steps / STEPS_OF_A_CPU


def disk_mb(args: FunctionArgs, asked: int | None) -> int:
    """Disk of an instance. Default: the small one; the large one beside a card, whose images are large."""
    return asked or (DISKS_MB[0] if args.gpu is None else DISKS_MB[1])


def check_sizes(args: FunctionArgs, disk: int | None, calls: int | None) -> None:
    """Refuse sizes that the service does not give out.

    Args:
        args: the function's arguments.
        disk: disk that native asks for.
        calls: calls at once that native asks for.
    """
    where = "FunctionArgs"
    in_range(f"{where}.memory_mb", args.memory_mb, SMALLEST_MB, LARGEST_MB, "MiB")
    multiple_of(f"{where}.memory_mb", args.memory_mb, MEMORY_STEP)
    in_range(f"{where}.cpu", args.cpu, 1 / STEPS_OF_A_CPU, MOST_CPU, "vCPU")
    in_range(f"{where}.concurrency", args.concurrency, 1, MOST_CALLS, "calls")
    if args.gpu is not None:
        _check_card(args, args.gpu, disk, calls)
    _check_ratio(args)


def _check_ratio(args: FunctionArgs) -> None:
    if args.cpu is None:
        return
    steps = args.cpu * STEPS_OF_A_CPU
    if not math.isclose(steps, round(steps), abs_tol=1e-6):
        raise UserError("FunctionArgs.cpu", f"{args.cpu} is not a multiple of 0.05", "use a multiple of 0.05")
    ratio = args.memory_mb / 1024 / args.cpu
    if not LEAST_RATIO <= ratio <= MOST_RATIO:
        raise UserError(
            "FunctionArgs.cpu", f"{args.cpu:g} vCPU for {args.memory_mb} MiB is not given out",
            f"use {_legal(args.memory_mb)} for that memory, or leave it out: 1 to 4 GiB for each vCPU",
        )  # fmt: skip


def _legal(memory_mb: int) -> str:
    """Least and most processors for an amount of memory."""
    least = math.ceil(memory_mb * STEPS_OF_A_CPU / (MOST_RATIO * 1024)) / STEPS_OF_A_CPU
    most = math.floor(memory_mb * STEPS_OF_A_CPU / (LEAST_RATIO * 1024)) / STEPS_OF_A_CPU
    return f"{max(least, 1 / STEPS_OF_A_CPU):g} to {min(most, MOST_CPU):g}"


def _check_card(args: FunctionArgs, gpu: Gpu, disk: int | None, calls: int | None) -> None:
    one_of("Gpu.model", gpu.model, tuple(CARDS))
    if args.image is None:
        raise UnsupportedError("alicloud", "Function", "gpu with code", "put the code into an image")
    in_range("Gpu.memory_gb", gpu.memory_gb, 1, CARDS[gpu.model].memory_gb, f"GB of a card {gpu.model}")
    size = card_memory_gb(gpu)
    beside = f"beside {size} GB of a card"
    in_range("FunctionArgs.memory_mb", args.memory_mb, SMALLEST_MB, min(size * 2048, LARGEST_MB), f"MiB {beside}")
    in_range("FunctionArgs.cpu", args.cpu, 1 / STEPS_OF_A_CPU, size / 2, f"vCPU {beside}")
    if disk is not None and disk != DISKS_MB[1]:
        raise UserError("FunctionNative.disk_mb", f"{disk} is too little for a card's images", f"use {DISKS_MB[1]}")
    if calls is None and args.kind != "task" and args.concurrency > MOST_CALLS_A_CARD:
        raise UserError(
            "FunctionArgs.concurrency", f"{args.concurrency} calls at once are too many for one card",
            f"use 1 to {MOST_CALLS_A_CARD}, or native.concurrency for a server that batches",
        )  # fmt: skip
