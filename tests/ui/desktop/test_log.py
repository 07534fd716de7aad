"""The audit log: what stands there, looking through it, one entry in full, and the project as it stood then."""

import csv
import json
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from app.automation.sample import load_sample
from app.commands.runs import add_note, finish_step, start_step
from app.commands.tasks import set_task
from app.domain.words import Status
from app.queries.facts import main_run
from app.queries.projects import projects
from tests.ui.desktop.people import with_owner, with_signer
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.components.labels import ElidedLabel
from ui.desktop.faces import Faces
from ui.desktop.log.details import ChangeShown, details
from ui.desktop.log.model import LogModel, LogRow
from ui.desktop.log.view import LogView
from ui.desktop.workspaces import OpenWorkspace


def open_log(screen: Screen, plan: Plan) -> LogView:
    view = screen.open(plan.project, "prove").current_view()
    assert isinstance(view, Faces)
    view.show_face("log")
    screen.settle()
    face = view.face()
    assert isinstance(face, LogView)
    return face


def chosen(view: LogView) -> LogRow:
    row = view.chosen()
    assert row is not None
    return row


def texts(view: LogView) -> set[str]:
    return {label.text() for label in view.panel.findChildren(QLabel)}


def act(workspace: OpenWorkspace, plan: Plan) -> bytes:
    """One step started and finished, the next one started; returns the run."""
    run: bytes = workspace.read(main_run, plan.project)
    workspace.run(start_step, run, plan.lock)
    workspace.run(add_note, run, plan.lock, "All 40 users are locked")
    workspace.run(finish_step, run, plan.lock)
    workspace.run(start_step, run, plan.export)
    return run


# -- looking through it --------------------------------------------------------------------------------------------


def test_every_action_stands_there_newest_first(
    screen: Screen, plan: Plan, qtmodeltester: ModelTester
) -> None:
    view = open_log(screen, plan)
    assert (chosen(view).did, chosen(view).what) == ("Add gate", "Frozen")
    assert isinstance(view.model, LogModel)
    assert view.model.count() == 9
    assert view.filters.count.text() == "9 entries"
    check: Any = qtmodeltester.check
    check(view.model)


def test_words_find_who_did_what_of_what(screen: Screen, plan: Plan) -> None:
    act(screen.workspace, plan)
    view = open_log(screen, plan)
    screen.press(Qt.Key.Key_Slash, on=view)
    screen.type("finish lock")
    screen.settle()
    assert view.model.count() == 1
    assert (chosen(view).did, chosen(view).what) == ("Finish step", "1.1 Lock users")
    assert view.filters.count.text() == "1 of 13 entries"
    screen.press(Qt.Key.Key_Escape)
    assert view.model.count() == 13


def test_one_looks_for_a_person_a_kind_of_act_a_run_a_task_and_a_day(
    screen: Screen, plan: Plan, workspace: OpenWorkspace
) -> None:
    owner = with_owner(workspace)
    workspace.act_as(owner)
    run = act(workspace, plan)
    view = open_log(screen, plan)
    bar = view.filters

    def count() -> int:
        screen.settle()
        return view.model.count()

    bar.set_person(owner)
    assert count() == 4
    assert bar.who.text() == "Ada Owner"
    bar.set_kind("steps")
    assert count() == 3
    bar.set_run(run)
    assert count() == 3
    bar.asked_task(plan.export)
    assert count() == 1
    assert "Export balances" in bar.more.text()
    bar.set_task(None, "")
    bar.set_day((0, 1000))
    assert count() == 0
    screen.click(bar.clear)
    assert count() == 13
    bar.set_unusual(True)
    assert count() == 0


def test_what_is_unusual_says_why(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    owner = with_owner(workspace)
    workspace.act_as(owner)
    quinn = with_signer(workspace, owner, "Quinn Auditor", "QA lead")
    run = workspace.read(main_run, plan.project)
    hour_ago = workspace.clock.now_ms() - 3_600_000
    workspace.run(start_step, run, plan.lock, at=hour_ago, on_behalf_of=quinn)
    workspace.undo()
    view = open_log(screen, plan)
    view.filters.set_unusual(True)
    screen.settle()
    assert view.model.count() == 2
    assert chosen(view).did == "Undo"
    screen.press(Qt.Key.Key_Down, on=view.table)
    assert chosen(view).who == "Ada Owner for Quinn Auditor"
    assert "on behalf of somebody; happened at another time" in texts(view)


def test_the_end_of_a_long_log_is_reached_by_scrolling(screen: Screen, plan: Plan) -> None:
    for number in range(320):
        screen.workspace.run(set_task, plan.lock, {"minutes": number + 1})
    view = open_log(screen, plan)
    assert view.model.count() == 300
    assert view.filters.count.text() == "329 entries"
    view.table.verticalScrollBar().setValue(view.table.verticalScrollBar().maximum())
    screen.settle()
    assert view.model.count() == 329
    rows = [view.model.row_at(n) for n in range(view.model.rowCount())]
    revs = [row.rev for row in rows if isinstance(row, LogRow)]
    assert revs == sorted(revs, reverse=True)


# -- one entry -----------------------------------------------------------------------------------------------------


def test_one_action_is_taken_back_from_its_line(screen: Screen, plan: Plan) -> None:
    screen.workspace.run(set_task, plan.lock, {"title": "Wrong"})
    screen.workspace.run(set_task, plan.export, {"title": "Right"})
    view = open_log(screen, plan)
    screen.press(Qt.Key.Key_Slash, on=view)
    screen.type("change wrong")
    screen.settle()
    assert view.model.count() == 1
    screen.press(Qt.Key.Key_U, on=view)
    assert screen.task(plan.lock).title == "Lock users"
    assert screen.task(plan.export).title == "Right"
    assert screen.message() == "Taken back."


def test_an_entry_says_what_it_changed_from_what_to_what(screen: Screen, plan: Plan) -> None:
    screen.workspace.run(set_task, plan.lock, {"minutes": 90, "title": "Lock all"})
    view = open_log(screen, plan)
    found = screen.workspace.read(details, chosen(view).action, chosen(view).rev)
    assert set(found.changes) == {
        ChangeShown("minutes", 15, 90),
        ChangeShown("title", "Lock users", "Lock all"),
    }
    assert found.holds
    assert {"15 min", "1 h 30", "Lock users", "Lock all", "the device's signature holds"} <= texts(view)


def test_states_instants_and_stages_are_words(screen: Screen, plan: Plan) -> None:
    run = act(screen.workspace, plan)
    screen.workspace.run(set_task, plan.lock, {"stage": plan.second})
    screen.workspace.run(finish_step, run, plan.export)
    view = open_log(screen, plan)
    assert {"State", "Running", "Said done"} <= texts(view)
    screen.press(Qt.Key.Key_Down, on=view.table)
    assert {"Freeze", "Load"} <= texts(view)


def test_an_entry_is_copied_as_text(screen: Screen, plan: Plan) -> None:
    screen.workspace.run(set_task, plan.lock, {"minutes": 90})
    view = open_log(screen, plan)
    screen.press(Qt.Key.Key_C, on=view.table)
    copied = QGuiApplication.clipboard().text()
    assert "Duration: 15 min → 1 h 30" in copied
    assert chosen(view).line.hash.hex() in copied


# -- all of it -----------------------------------------------------------------------------------------------------


def test_verifying_says_what_it_covers(screen: Screen, plan: Plan) -> None:
    view = open_log(screen, plan)
    assert view.logtools.verify.text() == "Verify all 9"
    screen.click(view.logtools.verify)
    assert "Everything holds" in screen.message()
    assert any("chain unbroken" in text for text in texts(view))


def test_the_entries_one_looks_at_are_written_into_a_file(screen: Screen, plan: Plan, tmp_path: Path) -> None:
    act(screen.workspace, plan)
    screen.workspace.run(set_task, plan.lock, {"title": "=1+1"})
    view = open_log(screen, plan)
    view.filters.asked_task(plan.lock)
    screen.settle()
    for name in ("log.csv", "log.json"):
        view.logtools.export_to(tmp_path / name)
        screen.settle()
    assert "6 entries are in log.json." in screen.message()
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        table = list(csv.DictReader(file))
    told = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))["entries"]
    assert [row["did"] for row in table] == [row["did"] for row in told]
    assert told[-1]["did"] == "Change task"
    assert {len(row["hash"]) for row in told} == {64}


# -- the moment ----------------------------------------------------------------------------------------------------


def go_to(view: LogView, screen: Screen, did: str, what: str) -> None:
    for number in range(view.model.rowCount()):
        row = view.model.row_at(number)
        if isinstance(row, LogRow) and row.did == did and row.line.what.endswith(what):
            view.table.selectRow(number)
            screen.settle()
            return
    raise AssertionError(f"no entry {did} {what}")


def shown_status(view: LogView, task: bytes) -> Status:
    assert view.moment is not None
    return next(step.task.status for step in view.moment.steps if step.task.id == task)


def test_a_moment_shows_the_project_as_it_stood_after_the_entry(screen: Screen, plan: Plan) -> None:
    act(screen.workspace, plan)
    screen.workspace.run(set_task, plan.lock, {"title": "Lock everybody"})
    view = open_log(screen, plan)
    go_to(view, screen, "Start step", "Lock everybody")
    screen.press(Qt.Key.Key_Space, on=view.table)
    assert view.moment is not None
    assert shown_status(view, plan.lock) is Status.RUNNING
    assert shown_status(view, plan.export) is Status.TODO
    titles = {label.text() for label in view.panel.findChildren(ElidedLabel)}
    assert "Lock users" in titles  # as it was called then
    assert any("You look at" in text for text in texts(view))
    assert "0 of 3" in texts(view)


def test_the_arrows_go_through_time_and_escape_comes_back(screen: Screen, plan: Plan) -> None:
    act(screen.workspace, plan)
    view = open_log(screen, plan)
    go_to(view, screen, "Start step", "Lock users")
    screen.press(Qt.Key.Key_Space, on=view.table)
    for _step in range(2):
        screen.press(Qt.Key.Key_Right, on=view.table)
    assert chosen(view).did == "Finish step"
    assert shown_status(view, plan.lock) is Status.DONE
    screen.press(Qt.Key.Key_Left, on=view.table)
    assert shown_status(view, plan.lock) is Status.RUNNING
    screen.press(Qt.Key.Key_Escape, on=view.table)
    assert view.moment is None
    assert not any("You look at" in text for text in texts(view))


@pytest.mark.slow
def test_a_moment_of_the_sample_is_there_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    """The thread for long work has made the past while the log was looked at."""
    sample = tmp_path / "sample"
    load_sample(sample)
    workspace = OpenWorkspace.open(sample, sample=True)
    assert isinstance(workspace, OpenWorkspace)
    screen = Screen(qtbot, workspace)
    try:
        (project, *_others) = workspace.read(projects)
        screen.open(project.id, "prove")
        view = screen.face("log")
        assert isinstance(view, LogView)
        for _line in range(12):
            QTest.keyClick(view.table, Qt.Key.Key_Down)
        screen.settle()
        spent = []
        for _try in range(3):
            begun = time.process_time()  # of all threads: other programs of a busy machine do not count
            screen.press(Qt.Key.Key_Space, on=view.table)
            assert view.moment is not None
            spent.append(time.process_time() - begun)
            screen.press(Qt.Key.Key_Escape, on=view.table)
        assert min(spent) < 0.3
    finally:
        screen.close()


def test_nothing_is_changed_by_looking_back(screen: Screen, plan: Plan) -> None:
    act(screen.workspace, plan)
    before = screen.workspace.rev
    view = open_log(screen, plan)
    go_to(view, screen, "Add gate", "Frozen")
    screen.click(view.offer.button)
    screen.press(Qt.Key.Key_U, on=view.table)  # taking back is for now, not for then
    assert screen.workspace.rev == before


def test_everything_as_it_stood_takes_the_place_of_the_list(
    screen: Screen, plan: Plan, qtmodeltester: ModelTester
) -> None:
    act(screen.workspace, plan)
    view = open_log(screen, plan)
    go_to(view, screen, "Finish step", "Lock users")
    screen.press(Qt.Key.Key_Space, on=view.table)
    screen.press(Qt.Key.Key_A, on=view.table)
    assert view.whole.isVisible()
    assert view.whole.table.cells.keys() == [plan.lock, plan.export, plan.load]
    check: Any = qtmodeltester.check
    check(view.whole.table.cells)
    screen.press(Qt.Key.Key_Escape)
    assert view.table.isVisible()


def test_before_the_project_was_there_nothing_is_shown(screen: Screen, plan: Plan) -> None:
    view = open_log(screen, plan)
    go_to(view, screen, "New project", "Go-live")
    screen.press(Qt.Key.Key_Space, on=view.table)
    assert view.moment is not None  # right after it: an empty project
    assert view.moment.steps == ()
