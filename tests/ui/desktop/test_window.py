"""The whole window: places, both languages, three looks, its first paint, its picture, names for every control."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.commands.imports import import_draft
from app.commands.runs import start_run
from app.commands.tasks import set_task
from app.domain.draft import Draft, ProjectDraft, StageDraft
from app.domain.words import RunKind
from app.i18n import set_language
from tests.ui.desktop.screen import Plan, Screen
from ui.desktop.application import Desktop
from ui.desktop.components.keycap import KeyHints
from ui.desktop.entrance import run_desktop
from ui.desktop.importing.sheet import ImportSheet
from ui.desktop.preferences import Preferences, load_preferences
from ui.desktop.search.painting import HIT
from ui.desktop.start.view import StartView
from ui.desktop.theme.tokens import THEMES
from ui.desktop.views import VIEWS
from ui.desktop.workspaces import OpenWorkspace

ROOT = Path(__file__).parents[3]
FIRST_PAINT = """
import sys
from pathlib import Path
from ui.desktop.application import Desktop
from ui.desktop.entrance import the_application
from ui.desktop.preferences import Preferences
application = the_application()
desktop = Desktop(application, Path(sys.argv[1]), Preferences(language="en", theme="light"))
heavy = []
def look():
    heavy.extend(name for name in ("sqlmodel", "sqlalchemy", "numpy", "reportlab") if name in sys.modules)
    application.exit()
desktop.settled = look
desktop.open(sample=False)
application.exec()
desktop.close()
print(" ".join(heavy))
"""


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_place_opens_in_every_look(
    qtbot: QtBot, workspace: OpenWorkspace, plan: Plan, language: str, theme: str
) -> None:
    set_language(language)
    screen = Screen(qtbot, workspace, language=language, theme=theme)
    try:
        window = screen.open(plan.project)
        for spec in VIEWS:
            window.go_to(spec.id)
            screen.settle()
            assert window.stack.currentWidget() is window.view(spec.id)
    finally:
        screen.close()


def test_every_control_has_a_name_for_a_screen_reader(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    for spec in VIEWS:
        window.go_to(spec.id)
        screen.settle()
        buttons = [one for one in window.findChildren(QAbstractButton) if one.isVisible() and not one.text()]
        fields = [one for one in window.findChildren(QLineEdit) if one.isVisible()]
        nameless = [type(one).__name__ for one in (*buttons, *fields) if not one.accessibleName()]
        assert nameless == [], spec.id


def test_places_are_reached_by_key(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    for number, spec in enumerate(VIEWS):
        screen.press(Qt.Key(Qt.Key.Key_1 + number), ctrl=True)
        assert window.place() == spec.id


def test_an_empty_workspace_offers_ways_in(screen: Screen) -> None:
    window = screen.open(None)
    start = window.current_view()
    assert isinstance(start, StartView)
    screen.press(Qt.Key.Key_3)
    screen.type("Warehouse go-live")
    screen.press(Qt.Key.Key_Return)
    assert screen.list().project.name == "Warehouse go-live"
    assert window.topbar.project.text() == "Warehouse go-live"
    assert not isinstance(window.current_view(), StartView)


def test_undo_names_what_it_takes_back(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.type("Lock all")
    screen.press(Qt.Key.Key_Return)
    assert window.topbar.undo.isEnabled()
    assert "Lock all" in window.topbar.undo.accessibleName()
    screen.click(window.topbar.undo)
    assert screen.task(plan.lock).title == "Lock users"
    assert "Everything kept" in window.statusbar.kept_text()


def test_a_project_that_is_taken_back_leaves_the_window_on_another(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    draft = Draft("test", (ProjectDraft("p", "Second", stages=(StageDraft("s", "Move"),)),))
    screen.desk.look_at(screen.workspace.run(import_draft, draft).result.projects[0])
    screen.settle()
    assert window.topbar.project.text() == "Second"
    window.undo()
    screen.settle()
    assert screen.desk.project_id == plan.project
    assert window.topbar.project.text() == "Go-live"
    assert screen.titles() == ["Lock users", "Export balances", "Load balances"]


def test_a_run_that_is_taken_back_leaves_the_window_on_another(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project, "run")
    main = screen.desk.run_id
    run = screen.workspace.run(start_run, plan.project, RunKind.REHEARSAL, "Dress").result
    screen.desk.look_at(plan.project, run)
    screen.settle()
    window.undo()
    screen.settle()
    assert screen.desk.run_id == main


def test_the_search_box_finds_a_task_and_goes_there(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project, "settings")
    screen.press(Qt.Key.Key_K, ctrl=True)
    assert window._finding is not None
    box = window._finding._box
    assert box is not None
    box.field.setText("export bal")
    assert box.list.item(0).data(HIT).target == plan.export
    box._do()
    screen.settle()
    assert window.place() == "plan"
    assert screen.checklist().grid.current_task() == screen.task(plan.export)


@pytest.fixture
def desktop(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desktop:
    monkeypatch.setenv("LAUNCHBOOK_PASSPHRASE", "correct horse battery")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return Desktop(
        application, tmp_path, Preferences(language="en", theme="light", file=tmp_path / "desktop.json")
    )


def test_language_and_theme_switch_at_once_and_are_kept(
    qtbot: QtBot, desktop: Desktop, tmp_path: Path
) -> None:
    desktop.open(sample=False)
    qtbot.waitUntil(lambda: desktop.bridge.workspace.is_open, timeout=20_000)
    try:
        first = desktop.window
        assert first is not None
        assert first.place() == "plan"
        first.change(language="zh", theme="dark", scale=1.5)
        qtbot.waitUntil(lambda: desktop.window is not first)
        assert desktop.window is not None
        assert desktop.window.desk.theme.name == "dark"
        assert desktop.window.desk.theme.scale == 1.5
        assert desktop.window.desk.language == "zh"
        qtbot.waitUntil(desktop.bridge.is_idle)
    finally:
        set_language("en")
        desktop.close()
    kept = load_preferences(tmp_path / "desktop.json")
    assert (kept.language, kept.theme, kept.scale) == ("zh", "dark", 1.5)


def test_a_plan_file_comes_in_from_the_start_screen_when_its_sheet_is_confirmed(
    qtbot: QtBot, desktop: Desktop, tmp_path: Path
) -> None:
    file = tmp_path / "plan.md"
    file.write_text("# Release\n\n## Freeze\n\n- [ ] Lock users\n- [ ] Export\n", encoding="utf-8")
    desktop.open(sample=False)
    qtbot.waitUntil(lambda: desktop.bridge.workspace.is_open, timeout=20_000)
    try:
        window = desktop.window
        assert window is not None
        desktop.import_file(file)
        qtbot.waitUntil(lambda: isinstance(window.sheet, ImportSheet) and window.sheet.main.isEnabled())
        assert isinstance(window.sheet, ImportSheet)
        window.sheet.bring_in()
        qtbot.waitUntil(lambda: desktop.bridge.is_idle() and window.places.project() is not None)
        assert "2 tasks" in window.message.text()
    finally:
        desktop.close()


def test_nothing_heavy_is_imported_before_the_first_paint(tmp_path: Path) -> None:
    """A second start: founding a workspace writes, and writing needs the data layer."""
    command = [sys.executable, "-c", FIRST_PAINT, str(tmp_path)]
    for _start in range(2):
        done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT)
        assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []


BARE_PAINT = """
import sys
from PySide6 import QtCore
from PySide6.QtCore import QSize
from ui.desktop import entrance
application = entrance.the_application()
window = entrance.Window(entrance.system_theme(), 1.0, QSize(1440, 900))
window.painted.connect(lambda: (print("Qt" in vars(QtCore), "apsw" in sys.modules), application.exit()))
window.show()
application.exec()
"""


def test_the_first_paint_waits_for_no_data_layer_and_no_list_of_all_names() -> None:
    """A pen, a brush or a filled rectangle would load the namespace `Qt`: a tenth of an empty window's start."""
    command = [sys.executable, "-c", BARE_PAINT]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True, cwd=ROOT)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.slow
def test_the_sample_is_told_and_painted_into_a_file(qtbot: QtBot, tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    assert run_desktop(tmp_path / "home", "en", "light", sample=True, picture=picture) == 0
    assert picture.stat().st_size > 50_000


def test_what_was_refused_leaves_the_words_that_everything_is_kept(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    before = window.statusbar.kept_text()
    screen.bridge.run(set_task, plan.lock, {"title": " "})
    assert "Keeping" in window.statusbar.kept_text()
    screen.settle()
    assert screen.message()
    assert window.statusbar.kept_text() == before


def test_a_narrow_window_leaves_whole_keys_out(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    hints = window.statusbar.findChild(KeyHints)
    assert hints is not None
    shown = {}
    for width in (1440, 900):
        window.resize(width, 700)
        screen.settle()
        words = [one for one in hints.findChildren(QLabel) if one.isVisible()]
        assert all(one.width() >= one.sizeHint().width() for one in words)
        shown[width] = len(words)
    assert 0 < shown[900] < shown[1440]


def test_f6_goes_round_the_parts_of_the_window(screen: Screen, plan: Plan) -> None:
    window = screen.open(plan.project)
    screen.go(plan.lock, "title")
    screen.settle()
    panes = (window.rail, window.topbar, *window.current_view().panes())
    seen = []
    for _step in panes:
        screen.press(Qt.Key.Key_F6)
        focus = screen.focused()
        seen += [number for number, pane in enumerate(panes) if pane is focus or pane.isAncestorOf(focus)]
    assert seen == [5, 0, 1, 2, 3, 4]


def test_an_error_of_ours_is_said_in_the_window_and_the_next_change_reads_again(
    screen: Screen, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen.open(plan.project)
    with monkeypatch.context() as patched:
        patched.setattr("ui.desktop.checklist.view.sheet", _breaks)
        screen.checklist().reload()
        screen.settle()
    assert "our fault" in screen.message()
    screen.go(plan.lock, "title")
    screen.type("Lock all")
    screen.press(Qt.Key.Key_Return)
    model = screen.checklist().model
    assert model.text_at(model.find(plan.lock), model.column_of("title")) == "Lock all"


def _breaks(*_args: object) -> None:
    raise RuntimeError("planted")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a display")
def test_without_a_display_it_says_so_instead_of_breaking_off(tmp_path: Path) -> None:
    command = "import sys\nfrom pathlib import Path\nfrom ui.desktop.entrance import run_desktop\n"
    command += "sys.exit(run_desktop(Path(sys.argv[1])))"
    bare = {
        name: value
        for name, value in os.environ.items()
        if "DISPLAY" not in name and name != "QT_QPA_PLATFORM"
    }
    words = [sys.executable, "-c", command, str(tmp_path)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False, cwd=ROOT, env=bare)
    assert done.returncode == 1
    assert "no display" in done.stderr
