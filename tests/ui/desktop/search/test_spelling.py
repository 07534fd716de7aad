"""Chinese is found as it stands, by pinyin and by initials; the best fit comes first, and ten thousand are no work."""

import time

import pytest

from ui.desktop.search.hits import Hit, find, spelled
from ui.desktop.search.spelling import prepare_readings, score, spans, spell

LEAST_ROUNDS = 5


@pytest.fixture(autouse=True)
def _readings() -> None:
    prepare_readings()


@pytest.mark.parametrize("typed", ["对账", "dzyy", "duizhang", "duiz", "dz", "yuanyin", "reconc", "DIFF"])
def test_a_chinese_title_is_found_by_what_people_type(typed: str) -> None:
    found = spell("对账原因", "Reconciliation differences")
    assert typed.casefold() in found.hay
    assert score([typed.casefold()], found) > 0


@pytest.mark.parametrize("typed", ["yinhang", "yhcs", "chongshi"])
def test_a_sign_with_two_readings_is_found_by_either(typed: str) -> None:
    assert score([typed], spell("银行重试")) > 0


def test_what_is_not_there_is_not_found() -> None:
    assert score(["xyz"], spell("对账原因", "Reconciliation")) == 0


def test_the_signs_a_word_means_are_underlined() -> None:
    assert spans(["dz"], "核对账目") == [(1, 3)]
    assert spans(["duizhang"], "对账原因") == [(0, 2)]
    assert spans(["bal"], "Export balances") == [(7, 10)]
    assert spans(["xyz"], "对账原因") == []


def test_a_number_finds_its_task_before_longer_numbers_and_words() -> None:
    titles = ("3.41 Load", "3.4 Open the period", "13.4 Print", "Import 3.4 rows")
    hits = [spelled(Hit("todo", "text2", title, kind="task")) for title in titles]
    assert find("3.4", hits).hits[0].text == "3.4 Open the period"


def test_kinds_stand_together_the_best_first() -> None:
    hits = [
        spelled(Hit("x", "text2", text, kind=kind))
        for text, kind in (("Reload", "do"), ("1.1 Load", "task"), ("Load", "person"), ("1.2 Load", "task"))
    ]
    assert [one.kind for one in find("load", hits).hits] == ["person", "task", "task", "do"]


@pytest.mark.slow
def test_a_key_at_ten_thousand_tasks_takes_less_than_a_blink() -> None:
    hits = [
        spelled(
            Hit(
                "todo",
                "text2",
                f"{n // 20}.{n % 20} 核对供应商主数据{n}装载结果",
                "Check vendors",
                kind="task",
            )
        )
        for n in range(10_000)
    ]
    for typed in ("h", "hd", "hedui", "gys", "ven", "3.4"):
        taken = []
        for _round in range(LEAST_ROUNDS):
            begun = time.process_time()
            assert find(typed, hits).hits
            taken.append(time.process_time() - begun)
        assert min(taken) < 0.05, typed
