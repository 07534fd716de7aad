"""Durations and moments as people type them, in English and Chinese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.durations import (
    LONGEST,
    WORKING_DAY,
    format_minutes,
    parse_minutes,
    parse_moment,
    slash_order,
)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90", 90),
        ("0", 0),
        ("1h30", 90),
        ("1.5h", 90),
        ("1,5 h", 90),
        ("1,440", 1440),
        ("2 d", 2880),
        ("2ed", 2880),
        ("1w", 10080),
        ("2 working days", 960),
        ("3个工作日", 1440),
        ("1 day, 2 hours and 5 minutes", 1565),
        ("30m", 30),
        ("90 s", 2),
        ("1:30", 90),
        ("36:00:00", 2160),
        ("PT1H30M", 90),
        ("PT80H0M0S", 4800),
        ("P1DT2H", 1560),
        ("1 小时 30 分", 90),
        ("45分钟", 45),
        ("１小时", 60),
        ("半小时", 30),
        ("一个半小时", 90),
        ("1小时半", 90),
        ("两天", 2880),
    ],
)
def test_durations(text: str, minutes: int) -> None:
    assert parse_minutes(text) == minutes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "-5",
        "h",
        "week 12",
        "1h1h",
        "12:99",
        "p",
        "pt",
        "2d4",
        "30 months",
        "[X hours]",
        "9" * 200,
        "9e9",
    ],
)
def test_what_is_no_duration_is_none(text: str) -> None:
    assert parse_minutes(text) is None


def test_a_header_may_change_what_numbers_and_days_mean() -> None:
    assert parse_minutes("2", bare=60) == 120
    assert parse_minutes("2 d", day=WORKING_DAY) == 960
    assert parse_minutes("1 w", day=WORKING_DAY) == 2400
    assert parse_minutes("2 ed", day=WORKING_DAY) == 2880


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (161, "2 h 41", "2 小时 41 分"),
        (45, "45 min", "45 分钟"),
        (120, "2 h", "2 小时"),
        (0, "0 min", "0 分钟"),
        (65, "1 h 05", "1 小时 5 分"),
        (3360, "56 h", "56 小时"),
        (-75, "-1 h 15", "-1 小时 15 分"),
    ],
)
def test_formats(minutes: int, english: str, chinese: str) -> None:
    assert (format_minutes(minutes, "en"), format_minutes(minutes, "zh")) == (english, chinese)


@given(st.integers(0, LONGEST), st.sampled_from(["en", "zh"]))
def test_what_is_written_is_read_back(minutes: int, language: str) -> None:
    assert parse_minutes(format_minutes(minutes, language)) == minutes


@given(st.text(max_size=120))
def test_any_text_is_a_number_or_none(text: str) -> None:
    assert (parse_minutes(text) or 0) >= 0
    parse_moment(text)
    slash_order(text)


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("2026-03-06T22:00:00+00:00", "2026-03-06T22:00"),
        ("2026-03-06T22:00:00.123+08:00", "2026-03-06T14:00"),
        ("2026-03-06T22:00Z", "2026-03-06T22:00"),
        ("2026-03-06 22:00", "2026-03-06T22:00"),
        ("2026/3/6 22:00", "2026-03-06T22:00"),
        ("2026年3月6日 22:00", "2026-03-06T22:00"),
        ("2026年3月6日22点30分", "2026-03-06T22:30"),
        ("2026年3月6日 下午10:30", "2026-03-06T22:30"),
        ("06.03.2026 22:00", "2026-03-06T22:00"),
        ("Fri 3/6/26 10:00 PM", "2026-03-06T22:00"),
        ("2026-03-06 (Fri) 22:15", "2026-03-06T22:15"),
        ("6 Mar 2026", "2026-03-06T00:00"),
        ("6-Mar-26", "2026-03-06T00:00"),
        ("Tuesday, 6 March 2026", "2026-03-06T00:00"),
        ("Mar 6, 2026 10:00 PM", "2026-03-06T22:00"),
        ("22:00 2026-03-06", "2026-03-06T22:00"),
        ("2026-03-06 24:00", "2026-03-07T00:00"),
        ("2026-02-30", None),
        ("2026-03-06 5", None),
        ("March 2026", None),
        ("soon", None),
        ("9999-12-31 24:00", None),
        ("0001-01-01T00:00+14:00", None),
    ],
)
def test_moments(text: str, wall: str | None) -> None:
    assert parse_moment(text) == wall


def test_an_offset_is_converted_to_the_zone_and_a_bare_time_is_not() -> None:
    assert parse_moment("2026-03-06T22:00Z", zone="Asia/Shanghai") == "2026-03-07T06:00"
    assert parse_moment("2026-03-06 22:00", zone="Asia/Shanghai") == "2026-03-06T22:00"


def test_a_date_alone_is_its_first_or_last_minute() -> None:
    assert parse_moment("2026-03-06") == "2026-03-06T00:00"
    assert parse_moment("2026-03-06", end_of_day=True) == "2026-03-06T23:59"


@pytest.mark.parametrize(
    ("text", "order"), [("3/6/2026", "either"), ("13/6/2026", "day"), ("3/16/26", "month"), ("x", None)]
)
def test_order_of_slashes(text: str, order: str | None) -> None:
    assert slash_order(text) == order
    if order == "day":
        assert parse_moment(text) is None
        assert parse_moment(text, day_first=True) == "2026-06-13T00:00"
