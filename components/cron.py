"""Schedules of five fields, as cron has them: what each cloud turns into the words of its own timers. Pure planning."""

from __future__ import annotations

import re

from components.errors import UserError

FIELDS = {"minute": (0, 59), "hour": (0, 23), "day of month": (1, 31), "month": (1, 12), "day of week": (0, 7)}
"""The fields in cron's order, and their least and most values."""
DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
"""Names of cron's days of the week, 0 to 7."""
LONGEST_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
ITEM = re.compile(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?")


def check(where: str, schedule: str) -> None:
    """Refuse a schedule that clouds would refuse, read differently, or never reach.

    Args:
        where: the place the user wrote it, for errors.
        schedule: five fields with a space between.
    """
    parts = dict(zip(FIELDS, schedule.split(" "), strict=True))
    met = {name: values(where, name, text) for name, text in parts.items()}
    if parts["day of month"] != "*" and parts["day of week"] != "*":
        what = "day of month and day of week are both given, and clouds differ in whether one or both must be met"
        raise UserError(where, what, "leave one of them '*'")
    if min(met["day of month"]) > max(LONGEST_MONTHS.get(month, 31) for month in met["month"]):
        raise UserError(where, "it names a day that its months do not have", "give a day that comes")


def values(where: str, name: str, text: str) -> list[int]:
    """All values that a field of cron is met by, in order.

    Raises:
        UserError: the field is not cron's, or holds what is out of its range.
    """
    low, high = FIELDS[name]
    found: set[int] = set()
    for item in text.split(","):
        match = ITEM.fullmatch(item)
        if match is None:
            raise UserError(where, f"{item!r} is no {name}", "use numbers, '*', ranges and steps, as cron has them")
        first, last, step = (int(part) if part else None for part in match.groups())
        begin = low if first is None else first
        # A step without an end runs to the field's own, as in cron.
        end = last if last is not None else (high if first is None or step else begin)
        if not low <= begin <= end <= high or step == 0:
            raise UserError(where, f"{item!r} is out of range as {name}", f"use {low} to {high}, the smaller first")
        found.update(range(begin, end + 1, step or 1))
    return sorted(found)


def weekdays(where: str, text: str) -> str:
    """Days of the week by name, with commas: clouds count them from other days, and not all know steps there."""
    if text == "*":
        return "*"
    days = values(where, "day of week", text)
    # Sunday is both 0 and 7.
    named = [DAYS[day] for day in sorted({day or 7 for day in days})]
    return "*" if len(named) == len(set(DAYS)) else ",".join(named)
