"""Runs a Pulumi program without engine, account or network, and records every request it makes.

It stands on the SDK's own mock monitor and does the engine's part that mocks leave out: real URNs, duplicates refused,
`additional_secret_outputs` made secret, transforms run up the parent chain, options inherited. The program is started
the way the SDK's own executor starts it (`run_in_stack`), so exports and `pulumi.run` behave as in a real run.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pulumi
from pulumi.runtime import run_in_stack
from pulumi.runtime.settings import SETTINGS
from pulumi.runtime.sync_await import _sync_await

from qiao.plan.callbacks import LocalCallbacks
from qiao.plan.loops import bury, collecting_later, event_loop, quiet_ruins, settle
from qiao.plan.monitor import DuplicateUrnError, Engine, RecordingMonitor
from qiao.plan.recording import Recording
from qiao.plan.standins import StandIns

__all__ = ["DuplicateUrnError", "record"]


def record(
    program: Callable[[], Any],
    *,
    project: str = "qiao",
    stack: str = "dev",
    preview: bool = False,
    config: Mapping[str, str] | None = None,
    secret_keys: Iterable[str] = (),
    organization: str = "organization",
    standins: StandIns | None = None,
) -> Recording:
    """Run a program and return all that it asked for.

    Args:
        program: what a `__main__.py` would do; may be a coroutine function, or call `pulumi.run`.
        project: the Pulumi project's name.
        stack: the stack's name.
        preview: whether nothing is known yet (every output and id), as in the first preview of an empty stack.
        config: the stack's configuration, full keys (`qiao:apps`), as strings.
        secret_keys: which of these keys are stored encrypted; `pulumi.Config` warns when they are read in clear.
        organization: the organization that owns the stack.
        standins: stand-in outputs; default: those of the providers Qiao knows.

    Nothing leaks from one call to the next, nor into the caller's own Pulumi settings. Errors of the program, also
    those inside `apply`, are raised as they are; a duplicate URN is a `DuplicateUrnError`, a data source without a
    stand-in a `LookupError` that names it.
    """
    monitor = RecordingMonitor(project, stack, standins or StandIns(), preview=preview)
    engine = Engine()

    def run() -> None:
        # Everything Pulumi calls global is a context variable: set in a copy of the context, it ends with this run.
        pulumi.runtime.reset_options(
            project=project, stack=stack, preview=preview, organization=organization,
            monitor_address=monitor, engine_address=engine,  # type: ignore[arg-type]
        )  # fmt: skip
        pulumi.runtime.set_all_config(dict(config or {}), list(secret_keys))
        with collecting_later(), event_loop() as loop:
            monitor.callbacks = SETTINGS.callbacks = LocalCallbacks(monitor, loop)
            _run(program, monitor, loop)

    contextvars.copy_context().run(run)
    return monitor.recording(engine.messages)


def _run(program: Callable[[], Any], monitor: RecordingMonitor, loop: asyncio.AbstractEventLoop) -> None:
    raised: list[Exception] = []

    def keep_error() -> Any:
        try:
            return program()
        except Exception as error:
            raised.append(error)
            raise

    before = asyncio.all_tasks(loop)
    with quiet_ruins():
        try:
            _sync_await(run_in_stack(keep_error))
        except Exception as error:
            # What the program itself raised comes first: requests that fail because of it would hide it.
            raised += [*filter(None, [monitor.failure]), error]
        finally:
            settle(loop, before, lambda: monitor.busy > 0)
        if raised and not before:
            bury()
    if raised:
        raise raised[0]
