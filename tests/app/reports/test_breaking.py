"""Lines break where Chinese and Latin readers expect, and never lose a character."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from app.reports.breaking import NO_END, NO_START, pieces
from app.reports.fonts import font
from app.reports.layout import BODY, Ink, Line, Style, Typesetter

MIXED = st.text(alphabet="ab 1-/，。（）“”《》、！系统切换\n\u00a0", max_size=80)


def written(lines: list[Line]) -> list[str]:
    return ["".join(item.text for item in line if isinstance(item, Ink)) for line in lines]


@given(MIXED)
def test_the_pieces_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


@given(MIXED)
def test_no_line_can_begin_with_closing_or_end_with_opening_punctuation(text: str) -> None:
    parts = pieces(text)
    for before, after in itertools.pairwise(parts):
        if "\n" not in (before, after):
            assert after[0] not in NO_START
            assert before[-1] not in NO_END


def test_chinese_breaks_between_characters_and_latin_words_stay_whole() -> None:
    assert pieces("执行 ZFGL_EXPORT，然后（核对）。") == (
        "执",
        "行 ",
        "ZFGL_EXPORT，",
        "然",
        "后",
        "（核",
        "对）。",
    )


def test_doubled_dashes_and_dots_are_not_torn_apart() -> None:
    assert pieces("等……待——完") == ("等……", "待——", "完")


def test_a_space_that_must_not_break_does_not() -> None:
    assert pieces("周六\u00a001:26 完") == ("周", "六\u00a001:26 ", "完")


@given(MIXED, st.integers(20, 120))
def test_no_line_is_wider_than_its_column(text: str, width: int) -> None:
    kind = Typesetter()
    for line in kind.lines([(text, BODY)], 0, width):
        for item in line:
            assert isinstance(item, Ink)
            assert item.x + font(bold=False).width(item.text, item.style.size) <= width + 0.1


def test_a_word_longer_than_the_column_breaks_after_a_separator_first() -> None:
    kind = Typesetter()
    lines = written(kind.lines([("/srv/transfer/outgoing/ORDERS05_2026.xml", BODY)], 0, 70))

    assert "".join(lines) == "/srv/transfer/outgoing/ORDERS05_2026.xml"
    assert all(line[-1] in "/_." for line in lines[:-1])


def test_spans_keep_their_styles_over_the_break() -> None:
    kind = Typesetter()
    bold = Style(bold=True)
    lines = kind.lines([("Load vendor master", bold), (" 装载供应商主数据", BODY)], 0, 90)

    assert [item.style.bold for line in lines for item in line if isinstance(item, Ink)] == [
        True,
        False,
        False,
    ]
