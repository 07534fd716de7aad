"""Several workspaces: made, gone to, remembered; what is typed is kept; what does not open says what to do."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.commands.projects import create_project
from app.commands.tasks import add_task
from app.queries.projects import projects
from app.settings import workspace_folder
from tests.ui.desktop.conftest import MakeDesktop
from tests.ui.desktop.screen import Plan, Screen, open_for_test
from ui.desktop.application import Desktop
from ui.desktop.folders import Seat, check_folder, free_folder
from ui.desktop.main_window import MainWindow
from ui.desktop.recent import load_recent
from ui.desktop.start.trouble import TroubleView
from ui.desktop.start.view import StartView
from ui.desktop.workspaces import OpenWorkspace


def shown(desktop: Desktop) -> MainWindow:
    assert desktop.window is not None
    return desktop.window


def settle(qtbot: QtBot, desktop: Desktop, more: Callable[[], bool] = lambda: True) -> None:
    qtbot.waitUntil(
        lambda: not desktop.is_busy() and desktop.bridge.is_idle() and shown(desktop).is_settled() and more(),
        timeout=20_000,
    )


def test_a_new_workspace_is_made_and_the_old_one_stays_in_the_list(
    qtbot: QtBot, desktop_with_two: Desktop, tmp_path: Path
) -> None:
    names = [one.name for one in desktop_with_two.choices()]
    assert names == ["Plant north", "My workspace"]
    assert isinstance(shown(desktop_with_two).current_view(), StartView)
    assert (tmp_path / "workspaces" / "plant-north" / "launchbook.db").exists()


def test_each_workspace_remembers_where_one_was(
    qtbot: QtBot, desktop_with_two: Desktop, tmp_path: Path
) -> None:
    desktop = desktop_with_two
    desktop.open()
    settle(qtbot, desktop, lambda: shown(desktop).desk.project_id is not None)
    desktop.bridge.run(create_project, "Second", then=lambda done: shown(desktop).desk.look_at(done.result))
    settle(qtbot, desktop, lambda: shown(desktop).places.project() is not None)
    shown(desktop).go_to("prove/log")
    settle(qtbot, desktop)
    second = shown(desktop).desk.project_id
    desktop.open(tmp_path / "workspaces" / "plant-north")
    settle(qtbot, desktop, lambda: desktop.folder.name == "plant-north")
    desktop.open()
    settle(qtbot, desktop, lambda: desktop.folder.name == "main")
    assert shown(desktop).desk.project_id == second
    assert shown(desktop).standing() == "prove/log"


def test_what_is_typed_into_a_cell_is_kept_before_one_leaves(qtbot: QtBot, desktop_with_two: Desktop) -> None:
    desktop = desktop_with_two
    desktop.open()
    settle(qtbot, desktop, lambda: desktop.folder.name == "main")
    window = shown(desktop)
    window.go_to("plan/checklist")
    settle(qtbot, desktop)
    view = window.current_view().face()
    view.insert()  # type: ignore[attr-defined]  # the checklist
    qtbot.waitUntil(view.grid.is_editing)  # type: ignore[attr-defined]
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "Half typed")
    desktop.open(desktop.visited.visits[1].path)
    settle(qtbot, desktop, lambda: desktop.folder.name == "plant-north")
    desktop.open()
    settle(qtbot, desktop, lambda: desktop.folder.name == "main")
    titles = desktop.bridge.read(lambda reader: [one for (one,) in reader.rows("SELECT title FROM task")])
    assert any("Half typed" in one for one in titles)


def test_an_answer_that_is_not_given_holds_one_back(qtbot: QtBot, desktop_with_two: Desktop) -> None:
    desktop = desktop_with_two
    window = shown(desktop)
    window.desk.ask("What goes live?", "Create", lambda _text: None)
    window.question._answer.setText("Ware")
    desktop.open()
    assert desktop.folder.name == "plant-north"
    assert "What goes live?" in window.message.text()
    window.question.dismiss()
    desktop.open()
    settle(qtbot, desktop, lambda: desktop.folder.name == "main")


def test_a_folder_that_is_gone_says_so_and_offers_others(
    qtbot: QtBot, make_desktop: MakeDesktop, tmp_path: Path
) -> None:
    desktop = make_desktop()
    desktop.open(tmp_path / "stick" / "plan")
    qtbot.waitUntil(lambda: isinstance(shown(desktop).current_view(), TroubleView), timeout=20_000)
    trouble = shown(desktop).current_view()
    assert isinstance(trouble, TroubleView)
    assert "gone" in desktop.trouble
    assert not (tmp_path / "stick").exists()
    assert trouble.buttons[0].text() == "Try again"


def test_a_workspace_of_a_newer_version_stays_closed_and_the_present_one_open(
    qtbot: QtBot, desktop_with_two: Desktop, tmp_path: Path
) -> None:
    desktop = desktop_with_two
    folder = workspace_folder(tmp_path)
    raw = apsw.Connection(str(folder / "launchbook.db"))
    raw.execute("PRAGMA user_version = 9999000")
    raw.close()
    desktop.open()
    qtbot.waitUntil(lambda: bool(desktop.trouble), timeout=20_000)
    assert desktop.folder.name == "plant-north"
    assert "newer" in shown(desktop).message.text()


def test_a_second_window_on_the_same_workspace_says_so(
    qtbot: QtBot, make_desktop: MakeDesktop, tmp_path: Path
) -> None:
    folder = workspace_folder(tmp_path)
    desktop = make_desktop()
    desktop.open()
    settle(qtbot, desktop)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        (folder / "window.pid").write_text(str(other.pid))
        seat = Seat(folder)
        assert seat.is_taken()
        desktop.create("Elsewhere")
        settle(qtbot, desktop, lambda: desktop.folder.name == "elsewhere")
        desktop.open()
        settle(qtbot, desktop, lambda: desktop.folder.name == "main")
        assert "another window" in shown(desktop).message.text()
        other.communicate(b"\n")
    assert not Seat(folder).is_taken()
    assert (folder / "window.pid").read_text() == str(os.getpid())


def test_a_folder_without_a_workspace_is_not_made_into_one(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"launchbook\.db"):
        check_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_names_of_workspaces_become_folders_of_any_system(tmp_path: Path) -> None:
    assert free_folder(tmp_path, "Plant: North/2").name == "plant-north-2"
    assert free_folder(tmp_path, "???").name == "workspace"
    (tmp_path / "workspace").mkdir()
    assert free_folder(tmp_path, "???").name == "workspace-2"


def test_a_damaged_list_of_visits_is_an_empty_one(tmp_path: Path) -> None:
    file = tmp_path / "recent.json"
    for text in ("", "{", '{"a": 1}', '[{"no": "folder"}]', "[7]"):
        file.write_text(text)
        assert load_recent(file).visits == ()
    file.write_text(json.dumps([{"folder": "x", "width": 10, "height": 99_999_999}]))
    assert (load_recent(file).visits[0].width, load_recent(file).visits[0].height) == (0, 0)


def test_forgetting_a_workspace_leaves_its_folder(
    qtbot: QtBot, desktop_with_two: Desktop, tmp_path: Path
) -> None:
    desktop_with_two.forget(workspace_folder(tmp_path))
    assert [one.name for one in desktop_with_two.choices()] == ["Plant north"]
    assert (workspace_folder(tmp_path) / "launchbook.db").exists()


def test_a_template_becomes_a_project(qtbot: QtBot, desktop_with_two: Desktop) -> None:
    desktop = desktop_with_two
    start = shown(desktop).current_view()
    assert isinstance(start, StartView)
    start._use_template("web-release")
    settle(qtbot, desktop, lambda: shown(desktop).desk.project_id is not None)
    assert len(desktop.bridge.read(projects)) == 1


def test_what_another_process_writes_is_shown(screen: Screen, plan: Plan, workspace: OpenWorkspace) -> None:
    window = screen.open(plan.project)
    other = open_for_test(workspace.folder)
    other.run(add_task, plan.project, "From elsewhere")
    other.close()
    window.outside.look()
    screen.settle()
    model = screen.checklist().model
    column = model.column_of("title")
    assert "From elsewhere" in [model.text_at(row, column) for row in range(model.rowCount())]
