"""Schedules on Alibaba Cloud: cron's five fields in the service's six, days of the week by name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.alicloud.function_cron import FIELDS, check_timer, expression, values
from components.errors import UserError
from components.function import Timer

# Independent of the code's own table: Sunday is 0 and 7.
NAMES = {0: "SUN", 1: "MON", 2: "TUE", 3: "WED", 4: "THU", 5: "FRI", 6: "SAT", 7: "SUN"}


def timer(schedule: str, timezone: str = "Asia/Shanghai") -> Timer:
    return Timer(name="nightly", schedule=schedule, timezone=timezone)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 4 * * *", "CRON_TZ=Asia/Shanghai 0 0 4 * * *"),
        ("*/15 * * * *", "CRON_TZ=Asia/Shanghai 0 */15 * * * *"),
        ("30 8 1 1,7 *", "CRON_TZ=Asia/Shanghai 0 30 8 1 1,7 *"),
        ("0 9 * * 1-5", "CRON_TZ=Asia/Shanghai 0 0 9 * * MON,TUE,WED,THU,FRI"),
        ("0 9 * * 0", "CRON_TZ=Asia/Shanghai 0 0 9 * * SUN"),
        ("0 9 * * 7", "CRON_TZ=Asia/Shanghai 0 0 9 * * SUN"),
        ("0 9 * * 5-7", "CRON_TZ=Asia/Shanghai 0 0 9 * * FRI,SAT,SUN"),
        ("0 9 * * 0-6", "CRON_TZ=Asia/Shanghai 0 0 9 * * *"),
        ("0 9 * * */2", "CRON_TZ=Asia/Shanghai 0 0 9 * * TUE,THU,SAT,SUN"),
    ],
)
def test_a_schedule_in_the_services_words(schedule: str, expected: str) -> None:
    check_timer(timer(schedule))
    assert expression(timer(schedule)) == expected


def test_the_time_zone_is_said() -> None:
    assert expression(timer("0 4 * * *", "UTC")) == "CRON_TZ=UTC 0 0 4 * * *"
    assert expression(timer("0 4 * * *", "America/Argentina/Ushuaia")).startswith("CRON_TZ=America/Argentina/Ushuaia ")


@st.composite
def item(draw: st.DrawFn, low: int, high: int) -> tuple[str, set[int]]:
    """A part of a field, and the values that it stands for, built from the values and not from the text."""
    first = draw(st.integers(low, high))
    last = draw(st.integers(first, high))
    step = draw(st.integers(1, high + 1))
    return draw(
        st.sampled_from(
            [
                (str(first), {first}),
                (f"{first}-{last}", set(range(first, last + 1))),
                (f"{first}-{last}/{step}", set(range(first, last + 1, step))),
                (f"{first}/{step}", set(range(first, high + 1, step))),
                (f"*/{step}", set(range(low, high + 1, step))),
            ]
        )
    )


def field(name: str) -> st.SearchStrategy[tuple[str, set[int]]]:
    low, high = FIELDS[name]
    parts = st.lists(item(low, high), min_size=1, max_size=4)
    several = parts.map(lambda some: (",".join(text for text, _ in some), set().union(*(met for _, met in some))))
    return st.just(("*", set(range(low, high + 1)))) | several


@given(st.sampled_from(sorted(FIELDS)), st.data())
def test_a_field_stands_for_the_values_it_was_built_from(name: str, data: st.DataObject) -> None:
    text, met = data.draw(field(name))
    assert values("Timer.schedule", name, text) == sorted(met)


@given(st.tuples(*(field(name) for name in ("minute", "hour", "month", "day of week"))))
def test_six_fields_whose_last_names_exactly_the_days_of_cron(parts: tuple[tuple[str, set[int]], ...]) -> None:
    minute, hour, month, weekday = (text for text, _ in parts)
    given_timer = timer(f"{minute} {hour} * {month} {weekday}")
    check_timer(given_timer)
    zone, second, *rest = expression(given_timer).split(" ")
    assert (zone, second) == ("CRON_TZ=Asia/Shanghai", "0")
    assert rest[:4] == [minute, hour, "*", month]
    wanted = {NAMES[day] for day in parts[3][1]}
    assert (set(NAMES.values()) if rest[4] == "*" else set(rest[4].split(","))) == wanted
    assert not any(sign in rest[4] for sign in "/-0123456789"), "the service takes no step and counts from Monday"


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ("60 4 * * *", "'60' is out of range as minute; use 0 to 59"),
        ("0 24 * * *", "'24' is out of range as hour"),
        ("0 4 0 * *", "'0' is out of range as day of month"),
        ("0 4 * 13 *", "'13' is out of range as month"),
        ("0 4 * * 8", "'8' is out of range as day of week"),
        ("5-1 4 * * *", "'5-1' is out of range as minute"),
        ("*/0 4 * * *", r"'\*/0' is out of range as minute"),
        ("1--3 4 * * *", "'1--3' is no minute"),
        (", 4 * * *", "'' is no minute"),
        ("0 4 1 * 1", "day of month and day of week are both given"),
        ("0 4 30 2 *", "it names a day that its months do not have"),
        ("0 4 31 4,6,9,11 *", "it names a day that its months do not have"),
    ],
)
def test_what_the_service_would_refuse_or_never_reach(schedule: str, message: str) -> None:
    with pytest.raises(UserError, match=rf"Timer\.schedule of nightly: {message}"):
        check_timer(timer(schedule))


@pytest.mark.parametrize("schedule", ["0 4 29 2 *", "0 4 30,31 1,2 *", "0 4 31 * *"])
def test_days_that_come_at_times_are_no_mistake(schedule: str) -> None:
    check_timer(timer(schedule))


@pytest.mark.parametrize("timezone", ["", "Asia/Shanghai 0", "+8", "CRON_TZ=UTC"])
def test_a_time_zone_is_a_name(timezone: str) -> None:
    with pytest.raises(UserError, match=r"Timer\.timezone of nightly"):
        check_timer(timer("0 4 * * *", timezone))
