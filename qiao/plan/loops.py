"""An event loop of its own for every recorded run, so that nothing of one run is left for the next."""

from __future__ import annotations

import asyncio
import gc
import inspect
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pulumi

SDK = str(Path(pulumi.__file__).parent)


@contextmanager
def event_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """The loop of one run: a fresh one, closed afterwards.

    Only where the caller's loop already runs (a notebook), or holds unfinished work (outputs made before the program
    started), is it the caller's: such work can be awaited on its own loop alone.
    """
    callers = _callers_loop()
    if callers is not None and (callers.is_running() or asyncio.all_tasks(callers)):
        yield callers
        return
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(_report)
    asyncio.set_event_loop(loop)
    try:
        yield loop
        loop.run_until_complete(loop.shutdown_asyncgens())
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        asyncio.set_event_loop(callers)


def _callers_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_event_loop()
    except (RuntimeError, DeprecationWarning):
        return None


def _report(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    # A failed program leaves one failed output a property behind it, and asyncio would print each one that nobody
    # read, whenever the garbage collector comes by. The error itself has been raised.
    if "never retrieved" not in str(context.get("message")):
        loop.default_exception_handler(context)


def settle(loop: asyncio.AbstractEventLoop, before: set[asyncio.Task[Any]], busy: Callable[[], bool]) -> None:
    """End what a failed program left behind: requests still being answered, tasks that nobody will ever wake.

    Args:
        loop: the run's loop.
        before: tasks that were there before the run and are left alone.
        busy: whether a request is still being answered in another thread.
    """
    if loop.is_running():
        return
    while busy():
        loop.run_until_complete(asyncio.sleep(0.001))
    left = asyncio.all_tasks(loop) - before
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))


@contextmanager
def collecting_later() -> Iterator[None]:
    """No garbage collection for the time of a run: all that a program makes is alive until its end, and looking
    through it again and again costs a large stack half its time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@contextmanager
def quiet_ruins() -> Iterator[None]:
    """Says nothing of coroutines that a failed program never came to await: its error is told, they are its ruins."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"coroutine '.*' was never awaited", RuntimeWarning)
        yield


def bury() -> None:
    """Close what a failed program left unawaited, wherever it is still held: it would be reported when it is let go,
    in the midst of somebody's test. Costs a walk over all objects, so only after a failure.
    """
    for each in gc.get_objects():
        ours = inspect.iscoroutine(each) and each.cr_code.co_filename.startswith(SDK)
        if ours and inspect.getcoroutinestate(each) == inspect.CORO_CREATED:
            each.close()
