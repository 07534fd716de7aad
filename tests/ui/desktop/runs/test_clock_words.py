"""Times as people type them on the night, in both languages; what has not come yet is yesterday's."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from ui.desktop.runs.clock_words import parse_moment, said_moment

BERLIN = ZoneInfo("Europe/Berlin")
NOW = round(datetime(2026, 3, 7, 2, 41, tzinfo=BERLIN).timestamp() * 1000)  # a Saturday


def at(day: int, hour: int, minute: int) -> int:
    return round(datetime(2026, 3, day, hour, minute, tzinfo=BERLIN).timestamp() * 1000)


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("02:10", at(7, 2, 10)),
        ("0210", at(7, 2, 10)),
        ("2:10", at(7, 2, 10)),
        ("２：１０", at(7, 2, 10)),
        ("-15", at(7, 2, 26)),
        ("−15", at(7, 2, 26)),
        ("-1h30", at(7, 1, 11)),
        ("15 min ago", at(7, 2, 26)),
        ("15 分钟前", at(7, 2, 26)),
        ("23:50", at(6, 23, 50)),
        ("yesterday 23:50", at(6, 23, 50)),
        ("昨天 23:50", at(6, 23, 50)),
        ("昨天23点50分", at(6, 23, 50)),
        ("Fri 22:00", at(6, 22, 0)),
        ("2026-03-05 08:30", at(5, 8, 30)),
        ("now", NOW),
        ("现在", NOW),
        ("", NOW),
    ],
)
def test_a_time_is_read(typed: str, moment: int) -> None:
    assert parse_moment(typed, NOW, "Europe/Berlin") == moment


@pytest.mark.parametrize("typed", ["soon", "25:00", "12:61", "yesterday", "昨天", "--", "1:2:3:4"])
def test_what_is_no_time_is_refused(typed: str) -> None:
    assert parse_moment(typed, NOW, "Europe/Berlin") is None


def test_a_clock_that_has_not_come_is_the_last_one_that_did() -> None:
    assert parse_moment("02:42", NOW, "Europe/Berlin") == at(6, 2, 42)
    assert parse_moment("02:42", NOW, "Europe/Berlin", ahead=True) == at(7, 2, 42)


def test_the_hour_that_comes_twice_is_one_of_both() -> None:
    """In the night when clocks go back 02:30 is twice; either is within the hour before 03:05."""
    now = round(datetime(2026, 10, 25, 3, 5, tzinfo=BERLIN).timestamp() * 1000)
    found = parse_moment("02:30", now, "Europe/Berlin")
    assert found is not None
    assert 0 < now - found <= 100 * 60_000


def test_a_time_is_said_with_its_day_when_that_is_another_one() -> None:
    assert said_moment(at(7, 2, 10), NOW, "Europe/Berlin") == "02:10"
    assert said_moment(at(6, 23, 50), NOW, "Europe/Berlin") == "yesterday 23:50"
    assert said_moment(at(5, 23, 50), NOW, "Europe/Berlin") == "Thu 23:50"
