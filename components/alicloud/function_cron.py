"""A schedule of five fields, as cron has it, in the six fields of Function Compute's timers. Pure planning."""

from __future__ import annotations

from components import cron
from components.checks import matches
from components.cron import FIELDS, values
from components.function import Timer

__all__ = ["FIELDS", "check_timer", "expression", "values"]

TIMEZONE = r"[A-Za-z]+(/[A-Za-z0-9_+-]+){0,2}"


def expression(timer: Timer) -> str:
    """A timer's schedule as the service wants it: its time zone, then second, minute, hour, day, month, weekday.

    Days of the week are written by name: the service counts them from 1 for Monday, cron from 0 for Sunday, and the
    service knows no steps there.
    """
    minute, hour, day, month, weekday = timer.schedule.split(" ")
    named = cron.weekdays(f"Timer.schedule of {timer.name}", weekday)
    return f"CRON_TZ={timer.timezone} 0 {minute} {hour} {day} {month} {named}"


def check_timer(timer: Timer) -> None:
    """Refuse a schedule that the service would refuse, read otherwise, or never reach."""
    matches(f"Timer.timezone of {timer.name}", timer.timezone, TIMEZONE, "a time zone such as Asia/Shanghai or UTC")
    cron.check(f"Timer.schedule of {timer.name}", timer.schedule)
