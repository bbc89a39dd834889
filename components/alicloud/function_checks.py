"""What Function Compute would refuse of a function, or silently do otherwise: refused before anything is declared."""

from __future__ import annotations

import shlex

from components import packaging
from components.alicloud import function_places as places
from components.alicloud import function_settings as planning
from components.alicloud import function_sizes as sizes
from components.alicloud import identity
from components.alicloud.function_cron import check_timer
from components.alicloud.function_native import FunctionNative
from components.alicloud.function_triggers import check_events
from components.checks import one_of
from components.errors import UserError
from components.function import FunctionArgs, Timer


def check(name: str, args: FunctionArgs, native: FunctionNative) -> None:
    """Refuse what would not work.

    Args:
        name: the function's own name, for errors.
        args: its arguments.
        native: its extras.
    """
    one_of("FunctionArgs.runtime", args.runtime, planning.runtimes(args))
    sizes.check_sizes(args, native.disk_mb, native.concurrency)
    _check_command(args)
    _check_handler(args, native)
    _check_layers(args, native)
    places.check_mounts(args.mounts)
    _check_role(name, args, native)
    for trigger in args.triggers:
        if isinstance(trigger, Timer):
            check_timer(trigger)
    check_events(args.triggers)
    if args.code is not None:
        packaging.check(f"CodeFolder.path of {name}", args.code.path, args.code.ignore)


def _check_command(args: FunctionArgs) -> None:
    if args.command is None:
        return
    try:
        words = shlex.split(args.command)
    except ValueError:
        raise UserError("FunctionArgs.command", "a quotation is not closed", "close it") from None
    if not words:
        raise UserError("FunctionArgs.command", "is empty", "write the command, or leave it out")


def _check_handler(args: FunctionArgs, native: FunctionNative) -> None:
    """A runtime that calls a handler starts no program."""
    if not planning.calls_a_handler(args):
        return
    what = f"runtime {planning.runtime(args)} calls a handler"
    if args.command is not None:
        raise UserError("FunctionArgs.command", what, "leave it out, or take runtime custom.debian12")
    if args.port is not None:
        raise UserError("FunctionArgs.port", what, "leave it out, or take runtime custom.debian12")
    if args.initializer is not None:
        raise UserError("FunctionArgs.initializer", what, "do it where the code is loaded")
    if native.concurrency is not None:
        raise UserError("FunctionNative.concurrency", f"{what}, one call at a time", "leave it out")


def _check_layers(args: FunctionArgs, native: FunctionNative) -> None:
    if native.layers and args.image is not None:
        raise UserError("FunctionNative.layers", "an image has its own", "put them into the image")
    for layer in native.layers:
        if layer.split(":")[2] != args.scope.region:
            what = f"{layer} is not in {args.scope.region}"
            raise UserError("FunctionNative.layers", what, "give layers of the function's region")


def _check_role(name: str, args: FunctionArgs, native: FunctionNative) -> None:
    for statement in args.permissions:
        identity.refuse(name, statement)
    if native.role_arn is not None and args.permissions:
        what = "the function runs as a role of somebody else's"
        raise UserError("FunctionArgs.permissions", what, "give them to that role, or leave native.role_arn out")
