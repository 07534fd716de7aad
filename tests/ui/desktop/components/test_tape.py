"""The tape: words never touch, what matters most stays, the frame moves by mouse and keys, all of it is said aloud."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.desktop.application import dress
from ui.desktop.components.tape import Tape
from ui.desktop.components.tape_data import TapeData, tape_data

HOUR = 3_600_000


def at(day: int, hour: int, minute: int = 0) -> int:
    return int(datetime(2026, 3, day, hour, minute, tzinfo=UTC).timestamp() * 1000)


class Bar(NamedTuple):
    actual_start_ms: int | None = None
    actual_finish_ms: int | None = None


NIGHT = {b"a": Bar(at(6, 22), at(7, 1)), b"b": Bar(at(7, 1), None), b"c": Bar()}


class Line(NamedTuple):
    """What the tape needs of a timeline."""

    now_ms: int = at(7, 2, 41)
    zone: str = "UTC"
    bars: dict[bytes, Bar] = NIGHT
    window_start_ms: int | None = at(6, 22)
    window_end_ms: int | None = at(9, 6)
    t0_ms: int | None = at(9, 6)
    no_return_ms: int | None = at(8, 2)
    start_ms: int = at(6, 22)
    end_ms: int = at(7, 17, 45)
    planned_end_ms: int = at(7, 17)


def the_night() -> TapeData:
    return tape_data(Line())


@pytest.fixture
def tape(qtbot: QtBot) -> Tape:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    made = Tape(dress(application, "light", 1.0, "en"))
    qtbot.addWidget(made)
    made.resize(1340, made.height())
    made.take(the_night())
    made.show()
    return made


def test_the_strip_spans_the_window_and_is_solid_up_to_now() -> None:
    data = the_night()
    assert (data.start_ms, data.end_ms) == (at(6, 22), at(9, 6))
    assert data.done_until_ms == at(7, 2, 41)


def test_the_strip_grows_where_the_forecast_leaves_the_window() -> None:
    data = tape_data(Line(end_ms=at(9, 9)))
    assert data.end_ms == at(9, 9)
    assert data.window_end_ms == at(9, 6)


def test_a_rehearsal_weeks_before_the_window_has_a_strip_of_its_own() -> None:
    data = tape_data(
        Line(
            start_ms=at(1, 22) - 800 * HOUR,
            end_ms=at(1, 22) - 780 * HOUR,
            planned_end_ms=at(1, 22) - 781 * HOUR,
        )
    )
    assert data.end_ms - data.start_ms == 20 * HOUR
    assert (data.window_start_ms, data.no_return_ms, data.now_ms) == (None, None, None)


def test_before_the_first_start_nothing_is_solid_and_after_the_last_finish_all_is() -> None:
    assert tape_data(Line(bars={b"a": Bar()})).done_until_ms == at(6, 22)
    over = tape_data(Line(bars={b"a": Bar(at(6, 22), at(7, 1))}, end_ms=at(7, 1)))
    assert over.done_until_ms == at(7, 1)


@pytest.mark.parametrize("width", [200, 330, 520, 900, 1340])
def test_words_never_touch_and_now_is_always_said(tape: Tape, width: int) -> None:
    tape.resize(width, tape.height())
    placed = sorted((left, left + wide, one.text) for left, wide, one in tape.placed())
    assert all(before[1] < after[0] for before, after in pairwise(placed))
    assert any(text == "now 02:41" for _l, _r, text in placed)
    assert placed[0][0] >= 0
    assert placed[-1][1] <= width


def test_the_picture_says_what_the_mockup_says(tape: Tape) -> None:
    words = [one.text for _left, _wide, one in tape.placed()]
    for wanted in ("now 02:41", "end 17:45", "point of no return Sun 02:00", "Mon 06:00 · T-0", "Fri 22:00"):
        assert wanted in words


def test_it_is_said_in_words(tape: Tape) -> None:
    assert "Forecast end Sat 17:45. That is 45 min later than planned." in tape.accessibleName()


def test_the_frame_is_dragged_and_moved_by_keys(tape: Tape, qtbot: QtBot) -> None:
    tape.set_frame(at(7, 0), at(7, 12))
    middle = round((tape.x_of(at(7, 0)) + tape.x_of(at(7, 12))) / 2)
    with qtbot.waitSignal(tape.framed):
        QTest.mousePress(tape, Qt.MouseButton.LeftButton, pos=QPoint(middle, 12))
        QTest.mouseMove(tape, QPoint(middle + 100, 12))
    QTest.mouseRelease(tape, Qt.MouseButton.LeftButton, pos=QPoint(middle + 100, 12))
    moved = tape.frame()
    assert moved is not None
    assert moved[0] > at(7, 3)
    assert moved[1] - moved[0] == 12 * HOUR
    with qtbot.waitSignal(tape.framed):
        QTest.keyClick(tape, Qt.Key.Key_Left)
    again = tape.frame()
    assert again is not None
    assert again[0] < moved[0]
