"""A recorded run leaves nothing behind, opens nothing, and disturbs nobody."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import grpc.aio
import pulumi
import pytest
from pulumi import ResourceTransformArgs, ResourceTransformResult
from pulumi.runtime._callbacks import _CallbackServicer

from qiao.plan.recorder import DuplicateUrnError, record
from qiao.plan.recording import Secret
from tests.qiao.plan.program import Box, Thing, child

THING = "demo:index:Thing"


def tamper(args: ResourceTransformArgs) -> ResourceTransformResult | None:
    return ResourceTransformResult({**args.props, "key": "tampered"}, args.opts) if args.type_ == THING else None


def busy() -> None:
    """Touches every global that Pulumi has."""
    pulumi.runtime.register_resource_transform(tamper)
    pulumi.runtime.register_stack_transformation(
        lambda args: pulumi.ResourceTransformationResult({**args.props, "value": "t"}, args.opts)
    )
    box = Box("box", pulumi.ResourceOptions(transforms=[tamper]))
    Thing("t", child(box))
    pulumi.export("left", "over")
    pulumi.log.warn("left over")


def broken() -> None:
    busy()
    Thing("twice")
    Thing("twice")
    raise LookupError("broken")


def quiet() -> None:
    Thing("t", value=pulumi.Config().get("size"))


@pytest.mark.parametrize("first", [busy, broken])
def test_nothing_of_one_run_is_seen_by_the_next(first: Callable[[], None]) -> None:
    alone = record(quiet)
    assert gc.isenabled()
    servicers = list(_CallbackServicer._servicers)
    threads = threading.active_count()
    for _ in range(3):
        if first is broken:
            with pytest.raises(LookupError, match="broken"):
                record(first, project="other", stack="else", config={"qiao:size": "9", "other:size": "9"})
        else:
            record(first, project="other", stack="else", config={"qiao:size": "9", "other:size": "9"})
    again = record(quiet)
    assert again == alone
    assert again.get(THING).inputs == {}
    assert (again.outputs, again.messages) == ({}, ())
    assert _CallbackServicer._servicers == servicers
    assert threading.active_count() == threads
    assert gc.isenabled()


def test_the_callers_own_pulumi_settings_are_untouched() -> None:
    before = (pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run(), pulumi.runtime.get_root_resource())
    record(busy, project="other", stack="else", preview=True, config={"other:size": "9"})
    after = (pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run(), pulumi.runtime.get_root_resource())
    assert after == before
    assert pulumi.runtime.get_config("other:size") is None


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """A current event loop of the test's own; the one before it comes back afterwards."""
    before, mine = asyncio.get_event_loop(), asyncio.new_event_loop()
    asyncio.set_event_loop(mine)
    yield mine
    asyncio.set_event_loop(before)
    mine.close()


@pytest.mark.parametrize("first", [busy, broken])
def test_the_event_loop_is_left_as_it_was(first: Callable[[], None], loop: asyncio.AbstractEventLoop) -> None:
    if first is broken:
        with pytest.raises(LookupError, match="broken"):
            record(first)
    else:
        record(first)
    assert asyncio.get_event_loop() is loop
    assert not loop.is_closed()
    assert asyncio.all_tasks(loop) == set()
    assert loop.run_until_complete(asyncio.sleep(0, "usable")) == "usable"


def test_it_works_where_no_loop_was_ever_set() -> None:
    found: list[Any] = []

    def work() -> None:
        found.append(record(quiet).get(THING).name)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(timeout=30)
    assert found == ["t"]


@pytest.mark.usefixtures("loop")
def test_it_works_inside_a_running_loop() -> None:
    async def main() -> str:
        return record(quiet).get(THING).name

    assert asyncio.run(main()) == "t"


@pytest.mark.usefixtures("loop")
def test_outputs_made_before_the_program_can_be_used_in_it() -> None:
    value = pulumi.Output.secret("hush").apply(str.upper)
    recorded = record(lambda: Thing("t", value=value))
    assert recorded.get(THING).inputs == {"value": Secret("HUSH")}


@pytest.mark.timeout(30)
def test_a_failed_run_ends_quietly(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
    def program() -> None:
        Thing("twice")
        second = Thing("twice")
        for number in range(30):
            Thing(f"t{number}", value=second.value, key=Thing(f"u{number}").id)

    for _ in range(5):
        with pytest.raises(DuplicateUrnError):
            record(program)
    gc.collect()
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []


def test_a_kept_error_reports_nothing_when_it_is_let_go() -> None:
    """Its traceback holds the program's variables, and those hold outputs that nobody came to await."""

    def program() -> None:
        other = pulumi.StackReference("org/p/nowhere")
        values = [other.get_output(str(number)).apply(str) for number in range(5)]
        Thing("t", value=values)
        values[0].apply(len)

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with pytest.raises(LookupError, match="org/p/nowhere") as raised:
            record(program)
        del raised
        gc.collect()
    assert [str(warning.message) for warning in caught] == []


def test_no_socket_is_opened_not_even_for_transforms(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*args: Any, **kwargs: Any) -> None:
        raise AssertionError(f"a socket was used: {args}")

    for name in ("connect", "connect_ex", "bind", "listen"):
        monkeypatch.setattr(socket.socket, name, forbidden)
    monkeypatch.setattr(socket, "getaddrinfo", forbidden)
    for name in ("server", "insecure_channel", "secure_channel"):
        monkeypatch.setattr(grpc.aio, name, forbidden)
        monkeypatch.setattr(grpc, name, forbidden)
    recorded = record(busy)
    assert recorded.get(THING).inputs == {"key": "tampered", "value": "t"}
