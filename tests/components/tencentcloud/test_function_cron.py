"""Schedules on Tencent Cloud: cron's five fields in the service's seven, by Beijing's time alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.errors import UserError
from components.function import Timer
from components.tencentcloud.function_cron import check_timer, expression


def timer(schedule: str, *, timezone: str = "Asia/Shanghai", payload: str = "") -> Timer:
    return Timer(name="nightly", schedule=schedule, timezone=timezone, payload=payload)


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("0 4 * * *", "0 0 4 * * * *"),
        ("*/15 * * * *", "0 */15 * * * * *"),
        ("30 8 1 1,7 *", "0 30 8 1 1,7 * *"),
        ("0 9 * * 1-5", "0 0 9 * * MON,TUE,WED,THU,FRI *"),
        ("0 9 * * 0", "0 0 9 * * SUN *"),
        ("0 9 * * 7", "0 0 9 * * SUN *"),
        ("0 9 * * 5-7", "0 0 9 * * FRI,SAT,SUN *"),
        ("0 9 * * */2", "0 0 9 * * TUE,THU,SAT,SUN *"),
        ("0 9 * * 0-7", "0 0 9 * * * *"),
    ],
)
def test_five_fields_become_seven(schedule: str, expected: str) -> None:
    check_timer(timer(schedule))
    assert expression(timer(schedule)) == expected


FIELD = st.integers(0, 23).map(str) | st.just("*")


@given(hour=FIELD, weekday=st.integers(0, 7))
def test_every_schedule_has_a_second_and_a_year_and_names_its_days(hour: str, weekday: int) -> None:
    found = expression(timer(f"5 {hour} * * {weekday}")).split(" ")
    assert found[:3] == ["0", "5", hour]
    assert found[-1] == "*"
    assert re.fullmatch("SUN|MON|TUE|WED|THU|FRI|SAT", found[5])


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (timer("0 4 31 2 *"), r"Timer\.schedule of nightly: it names a day that its months do not have"),
        (timer("0 4 1 * 1"), "day of month and day of week are both given"),
        (timer("0 24 * * *"), "'24' is out of range as hour; use 0 to 23"),
        (
            timer("0 4 * * *", timezone="UTC"),
            r"Timer\.timezone of nightly: timers run by Asia/Shanghai here, not by UTC",
        ),
        (
            timer("0 4 * * *", payload="é" * 2049),
            r"Timer\.payload of nightly: 4098 is out of range; use 0 to 4096 bytes",
        ),
    ],
)
def test_what_the_service_would_refuse_or_read_otherwise_is_refused(wrong: Timer, message: str) -> None:
    with pytest.raises(UserError, match=message):
        check_timer(wrong)


def test_a_payload_may_be_as_long_as_the_service_takes() -> None:
    check_timer(timer("0 4 * * *", payload="x" * 4096))
