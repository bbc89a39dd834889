"""A schedule of five fields, as cron has it, in the seven fields of SCF's timers. Pure planning."""

from __future__ import annotations

from components import cron
from components.checks import in_range
from components.errors import UserError
from components.function import Timer

BEIJING = "Asia/Shanghai"
"""The one time zone of the service's timers."""
LONGEST_PAYLOAD = 4096
"""Bytes."""


def expression(timer: Timer) -> str:
    """A timer's schedule as the service wants it: second, minute, hour, day, month, weekday by name, year."""
    minute, hour, day, month, weekday = timer.schedule.split(" ")
    return f"0 {minute} {hour} {day} {month} {cron.weekdays(f'Timer.schedule of {timer.name}', weekday)} *"


def check_timer(timer: Timer) -> None:
    """Refuse a schedule that the service would refuse, read otherwise, or never reach."""
    if timer.timezone != BEIJING:
        what = f"timers run by {BEIJING} here, not by {timer.timezone}"
        raise UserError(f"Timer.timezone of {timer.name}", what, f"write the schedule in {BEIJING}, leave timezone out")
    cron.check(f"Timer.schedule of {timer.name}", timer.schedule)
    size = len(timer.payload.encode())
    in_range(f"Timer.payload of {timer.name}", size, 0, LONGEST_PAYLOAD, "bytes")
