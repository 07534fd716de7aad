"""Codes, moments, sizes and the typeface: the small parts of a paper."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.reports import moments
from app.reports.breaking import NARROW
from app.reports.codes import groups, page_code, read_scan, scan_text
from app.reports.fonts import Cleaner, font

DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)
SATURDAY = datetime(2026, 3, 7, 2, 41, 5, tzinfo=UTC)


@given(DIGESTS, st.integers(1, 9999))
def test_a_scanned_code_gives_back_digest_and_page(digest: str, page: int) -> None:
    found = read_scan(scan_text(digest, page))

    assert found is not None
    assert (found.digest, found.page) == (digest[:32], page)


@pytest.mark.parametrize(
    "text", ["", "LB1:", "LB2:00000000000000000000000000:1", "LB1:OOOOOOOOOOOOOOOOOOOOOOOOOO:1"]
)
def test_any_other_code_is_no_page(text: str) -> None:
    assert read_scan(text) is None


def test_a_page_code_is_short_and_has_no_letter_to_misread() -> None:
    assert page_code("c09e41d7" * 8, 2) == "R2F4-3NY0-02"
    assert not set("ILOU") & set(page_code("ff" * 32, 12) + page_code("00" * 32, 1))


def test_another_digest_gives_another_code() -> None:
    assert page_code("00" * 32, 1) != page_code("01" + "00" * 31, 1)


def test_groups_of_hexadecimal() -> None:
    assert groups("c09e41d78b526af0", 4, 2) == "C09E 41D7"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "Sat 7 March 2026 02:41:05"), ("zh", "2026年3月7日 周六 02:41:05")],
)
def test_a_moment_in_full(language: str, expected: str) -> None:
    assert moments.full(SATURDAY, "UTC", language, seconds=True) == expected


def test_a_span_names_the_second_day_only_when_it_is_another() -> None:
    later = SATURDAY.replace(hour=3)
    assert moments.span(SATURDAY, later, "UTC", "en") == "Sat\u00a002:41 → 03:41"
    assert moments.span(SATURDAY, later, "America/New_York", "zh") == "周五\u00a021:41 → 22:41"
    assert "Sun" in moments.span(SATURDAY, SATURDAY.replace(day=8), "UTC", "en")


def test_the_offset_of_a_zone_is_the_one_of_that_moment() -> None:
    assert moments.zone_text(SATURDAY, "Europe/Berlin") == "Europe/Berlin, UTC+01:00"
    assert moments.zone_text(SATURDAY.replace(month=7), "Europe/Berlin") == "Europe/Berlin, UTC+02:00"


def test_a_moment_without_zone_and_an_unknown_zone_are_refused() -> None:
    with pytest.raises(Invalid):
        moments.local(SATURDAY.replace(tzinfo=None), "UTC")
    with pytest.raises(Invalid):
        moments.local(SATURDAY, "Mars/Olympus")


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [(45, "45 min", "45 分"), (90, "1 h 30", "1 时 30 分"), (120, "2 h", "2 时")],
)
def test_lengths_have_units(minutes: int, english: str, chinese: str) -> None:
    assert (moments.length(minutes, "en"), moments.length(minutes, "zh")) == (english, chinese)


def test_sizes() -> None:
    assert [moments.size(count) for count in (0, 999, 1200, 640_123, 2_310_000)] == [
        "0 B",
        "999 B",
        "1.2 KB",
        "640 KB",
        "2.3 MB",
    ]


def test_what_the_typeface_lacks_is_printed_as_its_code_point() -> None:
    clean = Cleaner()

    assert clean("客户\U00020bb7野家 ✓") == "客户[U+20BB7]野家 ✓"
    assert clean.missing == {"\U00020bb7"}


def test_invisible_controls_are_shown() -> None:
    """A signed title must not read differently from what it holds."""
    assert Cleaner()("pay\u202eload\u200b") == "pay[U+202E]load[U+200B]"


def test_apostrophes_in_latin_words_are_narrow_and_chinese_quotes_are_not() -> None:
    clean = Cleaner()

    assert clean("can’t") == f"can{NARROW['’']}t"
    assert clean("“关口”不能开") == "“关口”不能开"
    assert font(bold=False).width(clean("can’t"), 10) < font(bold=False).width("can’t", 10)


def test_composed_letters_are_used_where_text_comes_decomposed() -> None:
    assert Cleaner()("Mu\u0308ller") == "Müller"


def test_what_only_chooses_a_look_is_no_character() -> None:
    clean = Cleaner()

    assert clean("客户 \u2713\ufe0f") == "客户 ✓"
    assert clean.missing == set()


@pytest.mark.parametrize(
    ("end", "language", "expected"),
    [
        (datetime(2026, 3, 8, 6, tzinfo=UTC), "en", "Fri 6 March 22:00 → Sun 8 March 2026 06:00"),
        (datetime(2026, 3, 8, 6, tzinfo=UTC), "zh", "2026年3月6日 周五 22:00 → 3月8日 周日 06:00"),
        (datetime(2027, 1, 1, tzinfo=UTC), "en", "Fri 6 March 2026 22:00 → Fri 1 January 2027 00:00"),
    ],
)
def test_a_period_names_its_year_once(end: datetime, language: str, expected: str) -> None:
    assert moments.period(datetime(2026, 3, 6, 22, tzinfo=UTC), end, "UTC", language) == expected


def test_a_moment_no_calendar_reaches_is_none() -> None:
    assert moments.instant(1 << 62) is None
    assert moments.instant(0) == moments.EPOCH
