"""What SCF would refuse of a function, or silently do otherwise: refused before anything is declared."""

from __future__ import annotations

import shlex

from components.bucket import BucketLike
from components.checks import in_range, is_plain, matches, multiple_of, one_of
from components.errors import UnsupportedError, UserError
from components.filesystem import FileSystemLike
from components.function import BucketEvent, FunctionArgs, Mount, Timer
from components.tencentcloud import function_settings as planning
from components.tencentcloud import identity
from components.tencentcloud.function_cron import check_timer
from components.tencentcloud.function_native import FunctionNative
from components.tencentcloud.function_triggers import check_events
from components.tencentcloud.upload import check_folder

SMALLEST_MB, LARGEST_MB, MEMORY_STEP = 128, 122_880, 128
LONGEST_SECONDS = 900
MOST_CALLS = 100
"""Calls that one instance may serve at once."""
BUCKET = r"[a-z0-9]([a-z0-9-]*[a-z0-9])?-[0-9]{8,12}"


def check(name: str, args: FunctionArgs, native: FunctionNative) -> None:
    """Refuse what would not work.

    Args:
        name: the function's own name, for errors.
        args: its arguments.
        native: its extras.
    """
    _check_sizes(args)
    _check_start(args)
    _check_image(args, native)
    for mount in args.mounts:
        _check_mount(mount)
    _check_calls(args, native)
    for statement in args.permissions:
        identity.refuse(name, statement)
    if native.role_name is not None and args.permissions:
        what = "the function runs as a role of somebody else's"
        raise UserError("FunctionArgs.permissions", what, "give them to that role, or leave native.role_name out")
    if args.network is None and native.internet_access is False:
        what = "the service closes its way to the internet for functions of a network alone"
        raise UserError("FunctionNative.internet_access", what, "give FunctionArgs.network too, or leave it out")
    if args.code is not None:
        check_bucket("CodeFolder.bucket", args.code.bucket)
        check_folder(name, args, args.code)


def _check_sizes(args: FunctionArgs) -> None:
    where = "FunctionArgs"
    in_range(f"{where}.memory_mb", args.memory_mb, SMALLEST_MB, LARGEST_MB, "MiB")
    multiple_of(f"{where}.memory_mb", args.memory_mb, MEMORY_STEP)
    if planning.serves(args):
        in_range(f"{where}.concurrency", args.concurrency, 1, MOST_CALLS, "calls")
    if args.timeout > LONGEST_SECONDS:
        instead = f"use at most {LONGEST_SECONDS}: split longer work, or run it where time has no end"
        raise UnsupportedError("tencentcloud", "Function", f"timeout_seconds={args.timeout}", instead)


def _check_start(args: FunctionArgs) -> None:
    """What starts it: a command of words, a runtime of code, a port where the service looks."""
    if args.command is not None:
        _words(args.command)
    if args.image is not None:
        if args.runtime is not None:
            raise UserError("FunctionArgs.runtime", "an image has its own", "leave it out")
        return
    one_of("FunctionArgs.runtime", args.runtime, tuple(planning.RUNTIMES))
    if planning.serves(args):
        if args.port not in (None, planning.PORT):
            what = f"the service sends calls to port {planning.PORT} of a server of code, not to {args.port}"
            raise UserError("FunctionArgs.port", what, "leave it out: the server is told by the variable PORT")
        return
    for field in ("command", "port"):
        if getattr(args, field) is not None:
            what = f"runtime {planning.runtime(args)} calls a handler"
            raise UserError(f"FunctionArgs.{field}", what, "leave it out, or take kind web")


def _check_image(args: FunctionArgs, native: FunctionNative) -> None:
    if args.image is None:
        if native.registry_id is not None:
            raise UserError("FunctionNative.registry_id", "the function has no image", "leave it out")
        return
    if args.command is not None and any(set(" \t\n") & set(word) for word in _words(args.command)):
        what = "one of its words has a space in it, and the service parts words at spaces"
        raise UserError("FunctionArgs.command", what, "put a script into the image, and name that")


def _words(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError:
        raise UserError("FunctionArgs.command", "a quotation is not closed", "close it") from None
    if not words:
        raise UserError("FunctionArgs.command", "is empty", "write the command, or leave it out")
    return words


def _check_mount(mount: Mount) -> None:
    where = f"mounts[{mount.path}]"
    if isinstance(mount.source, BucketLike):
        instead = "reach the bucket by its S3 endpoint, or mount a file system"
        raise UnsupportedError("tencentcloud", "Function", f"{where}.source=bucket", instead)
    if isinstance(mount.source, FileSystemLike) and mount.read_only:
        instead = "leave it out, or let its access rule allow reading alone"
        raise UnsupportedError("tencentcloud", "Function", f"{where}.read_only=true", instead)


def _check_calls(args: FunctionArgs, native: FunctionNative) -> None:
    """What calls it, and how."""
    if args.kind == "task" and args.async_retries:
        instead = "leave it out: a run that fails is called again by whoever waits for it"
        raise UnsupportedError("tencentcloud", "Function", "async_retries of kind task", instead)
    if args.url is not None and args.url.auth == "network" and not native.url_for_region:
        raise UserError(
            "FunctionUrl.auth", "an inner address is open to every network of the region, not to the function's alone",
            "take auth cloud or app, or say native.url_for_region=True where that is enough",
        )  # fmt: skip
    if args.triggers and planning.serves(args):
        instead = "take kind event for what they call"
        raise UnsupportedError("tencentcloud", "Function", f"triggers of kind {args.kind}", instead)
    for trigger in args.triggers:
        if isinstance(trigger, Timer):
            check_timer(trigger)
        elif isinstance(trigger, BucketEvent):
            check_bucket(f"BucketEvent.bucket of {trigger.name}", trigger.bucket)
    check_events(args.triggers)


def check_bucket(where: str, bucket: BucketLike) -> None:
    """Refuse a bucket named without the account's number: the service would look for another one."""
    if is_plain(bucket.name):
        matches(where, bucket.name, BUCKET, "its full name, with the account's number at the end (data-1250000000)")
