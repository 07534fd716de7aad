"""What the server refused: shown with its reason, sent again or put away, by keys; and how the exchange stands."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.commands import tasks
from app.domain.words import Access
from app.queries.rejected import RejectedRow, rejected
from sync.client.place import Place, save_place
from sync.client.put_away import PUT_AWAY, put_away
from sync.core.exchange import Phase, Status
from tests.refusing import Two, two_in
from tests.ui.desktop.screen import Plan, Screen
from tests.ui.desktop.test_sharing import sheet, shown
from ui.desktop.frame.exchanging import told
from ui.desktop.sharing.tray import TraySheet
from ui.desktop.workspaces import OpenWorkspace


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with two_in(tmp_path, OpenWorkspace) as made:
        save_place(made.ben.folder, Place("http://127.0.0.1:9", "", bytes(32)))
        yield made


@pytest.fixture
def of_ben(qtbot: QtBot, two: Two) -> Iterator[Screen]:
    assert isinstance(two.ben, OpenWorkspace)
    made = Screen(qtbot, two.ben)
    yield made
    made.close()


def opened(screen: Screen, two: Two) -> TraySheet:
    window = screen.open(two.project)
    window.statusbar.exchange.click()
    screen.settle()
    return sheet(window, TraySheet)


def test_a_refused_entry_is_sent_again_with_one_key(two: Two, of_ben: Screen) -> None:
    two.boldly(99)
    two.exchange()
    form = opened(of_ben, two)
    assert "Change Load the balances" in shown(of_ben.window)
    assert "the access for it was missing" in shown(of_ben.window)
    assert "Duration" in shown(of_ben.window)
    assert "10 min → 1 h 39" in shown(of_ben.window)
    assert not form.do.isVisible()  # one is no list
    of_ben.press(Qt.Key.Key_Space)
    assert "access editor" in form.wrong.text()
    two.give_access(Access.EDITOR)
    of_ben.settle()
    of_ben.press(Qt.Key.Key_Space, on=form.again[two.refused()[0]])

    assert "1 entry was done again" in of_ben.message()
    assert "Nothing was refused" in shown(of_ben.window)
    assert two.minutes(two.ben) == 99


def test_all_are_sent_again_in_their_order(two: Two, of_ben: Screen) -> None:
    for minutes in (98, 99):
        two.boldly(minutes)
    two.exchange()
    two.give_access(Access.EDITOR)
    form = opened(of_ben, two)
    assert form.do.isVisible()
    of_ben.press(Qt.Key.Key_Return, ctrl=True, on=form)

    assert two.refused() == []
    assert two.minutes(two.ben) == 99


def test_what_is_put_away_stays_in_the_log_and_leaves_the_tray(two: Two, of_ben: Screen) -> None:
    two.boldly(99)
    two.exchange()
    form = opened(of_ben, two)
    (action,) = two.refused()
    of_ben.click(form.away[action])

    assert put_away(two.ben.folder) == {action}
    assert "Nothing was refused" in shown(of_ben.window)
    assert two.refused() == [action]
    form._show(_row(two))
    of_ben.settle()
    assert of_ben.window.standing() == "prove/log"


def _row(two: Two) -> RejectedRow:
    return two.ben.read(rejected, two.ben.device.id)[0]


def test_a_damaged_list_of_what_was_put_away_puts_nothing_away(tmp_path: Path) -> None:
    for text in ("", "{", "7", '["xyz"]', "[7]"):
        (tmp_path / PUT_AWAY).write_text(text)
        assert put_away(tmp_path) == frozenset()


def test_how_the_exchange_stands_is_told(two: Two, of_ben: Screen) -> None:
    form = opened(of_ben, two)
    assert of_ben.window.exchanging is not None
    of_ben.window.exchanging.shown.disconnect(form.note_exchange)
    form.note_exchange(Status(Phase.OFFLINE, 3, 1_772_834_520_000))
    of_ben.settle()
    assert "Offline since 22:02" in shown(of_ben.window)
    assert "3 entries" in shown(of_ben.window)
    form.note_exchange(Status(Phase.DENIED, 0, None, "This device may not read."))
    of_ben.settle()
    assert "may not read" in shown(of_ben.window)
    assert told(Status(Phase.SYNCED, 0, 1), "UTC", 2)[:3] == ("warning", "late", "2 entries refused")
    assert QApplication.focusWidget() is not None


def test_without_a_server_the_way_to_one_is_shown(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    window.open_wish("exchange")
    screen.settle()
    assert "shared through no server" in shown(window)


def test_what_is_new_is_called_by_its_name_and_long_lists_are_cut(two: Two, of_ben: Screen) -> None:
    with two.bold():
        made = two.ben.run(tasks.add_task, two.project, "Call the bank", values={"minutes": 5})
        values = {"minutes": 6, "role": "Ops", "due": "2026-03-06T22:00", "priority": 1, "stream": "data"}
        two.ben.run(tasks.set_task, made.result, values)
    two.exchange()
    opened(of_ben, two)
    assert "Add task Call the bank" in shown(of_ben.window)
    assert "Change Call the bank" in shown(of_ben.window)
    assert "5 min → 6 min" in shown(of_ben.window)
    assert "and 2 more" in shown(of_ben.window)
