"""Words of the program in its two languages."""

from collections.abc import Iterator

import pytest

from app.i18n import NC_, _, in_language, set_language


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    set_language("en")


def test_one_english_word_has_two_chinese_ones_by_its_context() -> None:
    set_language("zh")

    assert (_(NC_("time", "Finish")), _("Finish")) == ("结束", "完成")


def test_in_english_and_without_a_translation_the_context_is_not_shown() -> None:
    assert _(NC_("time", "Finish")) == "Finish"
    assert in_language(NC_("time", "No such word anywhere"), "zh") == "No such word anywhere"
