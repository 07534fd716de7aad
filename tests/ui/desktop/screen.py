"""A whole window over a real workspace on disk, and the few gestures tests make with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.commands.gates import add_gate
from app.commands.projects import add_stage, create_project
from app.commands.tasks import add_check, add_task, link_tasks
from app.domain.words import Status
from app.queries.checklist import Checklist, TaskRow, checklist
from app.storage.keys import CHEAP
from ui.desktop.application import dress
from ui.desktop.bridge import Bridge
from ui.desktop.checklist.view import ChecklistView
from ui.desktop.desk import Desk
from ui.desktop.faces import Faces
from ui.desktop.frame.exchanging import Exchanging
from ui.desktop.main_window import MainWindow
from ui.desktop.preferences import Preferences
from ui.desktop.theme.theme import Theme
from ui.desktop.views import View
from ui.desktop.workspaces import OpenWorkspace

PASSPHRASE = "correct horse battery"
Worn = tuple[str, str, QPalette]  # style sheet, font, palette


def open_for_test(folder: Path, passphrase: str = PASSPHRASE) -> OpenWorkspace:
    workspace = OpenWorkspace.open(folder, passphrase=lambda: passphrase, cost=CHEAP)
    assert isinstance(workspace, OpenWorkspace)
    workspace.passphrase = passphrase
    return workspace


@dataclass(frozen=True)
class Plan:
    """A small plan: two stages, a link, requirements, a gate over the first stage."""

    project: bytes
    first: bytes
    second: bytes
    lock: bytes  # requires a note
    export: bytes  # after `lock`, one check
    load: bytes  # in the second stage
    check: bytes
    gate: bytes


def a_plan(workspace: OpenWorkspace) -> Plan:
    run = workspace.run
    project = run(create_project, "Go-live").result
    first = run(add_stage, project, "Freeze").result
    second = run(add_stage, project, "Load").result
    lock = run(
        add_task, project, "Lock users", stage=first, values={"minutes": 15, "requires": "comment"}
    ).result
    export = run(add_task, project, "Export balances", stage=first, values={"minutes": 45}).result
    load = run(add_task, project, "Load balances", stage=second, values={"minutes": 90}).result
    run(link_tasks, lock, export)
    check = run(add_check, export, "Sums agree").result
    gate = run(add_gate, project, "Frozen", stage=first, roles=["QA lead"]).result
    return Plan(project, first, second, lock, export, load, check, gate)


def is_due_soon(timer: QTimer) -> bool:
    """Whether something is about to happen; not that a server is asked, which is waited for where there is one."""
    short = timer.isActive() and timer.isSingleShot() and timer.interval() < 1000
    return short and not isinstance(timer.parent(), Exchanging)


_LOOKS: dict[tuple[str, float, str], tuple[Theme, Worn]] = {}


def dressed(application: QApplication, theme: str, scale: float, language: str) -> Theme:
    """As `dress` does it, but not again where the application wears just that: it takes longer than most tests."""
    known = _LOOKS.get((theme, scale, language))
    if known is None or worn(application) != known[1]:
        look = dress(application, theme, scale, language)
        known = _LOOKS[theme, scale, language] = look, worn(application)
    return known[0]


def worn(application: QApplication) -> Worn:
    return application.styleSheet(), application.font().toString(), application.palette()


class Screen:
    def __init__(
        self,
        qtbot: QtBot,
        workspace: OpenWorkspace,
        *,
        language: str = "en",
        theme: str = "light",
        scale: float = 1.0,
    ) -> None:
        self.qtbot = qtbot
        self.workspace = workspace
        self.bridge = Bridge(workspace)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        look = dressed(application, theme, scale, language)
        self.desk = Desk(self.bridge, look, Preferences(language=language, theme=theme))
        self.window: MainWindow

    def open(self, project: bytes | None, place: str = "plan") -> MainWindow:
        if project is not None:
            self.desk.choose(project)
        self.window = MainWindow(self.desk, place)
        self.window.resize(1440, 900)
        self.window.show()
        self.qtbot.addWidget(self.window)
        self.window.begin()
        self.settle()
        return self.window

    def settle(self) -> None:
        """Everything asked is answered and painted; one answer may ask the next question a moment later."""
        self.qtbot.waitUntil(self._is_quiet, timeout=20_000)

    def _is_quiet(self) -> bool:
        for _round in range(3):
            QTest.qWait(2)
            if not self.bridge.is_idle() or any(
                is_due_soon(timer) for timer in self.window.findChildren(QTimer)
            ):
                return False
        return True

    def close(self) -> None:
        self.bridge.close()

    # Gestures.

    def focused(self) -> QWidget:
        widget = QApplication.focusWidget()
        return widget if widget is not None else self.window

    def press(self, key: Qt.Key, *, ctrl: bool = False, on: QWidget | None = None) -> None:
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(on or self.focused(), key, held)
        self.settle()

    def type(self, text: str, *, on: QWidget | None = None) -> None:
        for letter in text:  # the first letter may open an editor that takes the others
            QTest.keyClicks(on or self.focused(), letter)
        QTest.qWait(10)

    def click(self, widget: QWidget) -> None:
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(8, 8))
        self.settle()

    # What stands in the workspace, and what the window says.

    def list(self) -> Checklist:
        assert self.desk.project_id is not None
        return self.workspace.read(checklist, self.desk.project_id, self.desk.run_id)

    def task(self, task: bytes) -> TaskRow:
        return next(row for row in self.list().tasks if row.id == task)

    def titles(self) -> Sequence[str]:
        return [row.title for row in self.list().tasks]

    def status(self, task: bytes) -> Status:
        return self.task(task).status

    def checklist(self) -> ChecklistView:
        view = self.face("checklist")
        assert isinstance(view, ChecklistView)
        return view

    def face(self, name: str) -> View:
        """A face of the place one is at, brought to the front."""
        view = self.window.current_view()
        assert isinstance(view, Faces)
        if view.choice.current() != name:
            view.show_face(name)
            self.settle()
        return view.face()

    def go(self, task: bytes, column: str) -> None:
        grid = self.checklist().grid
        assert grid.go_to(task, column)
        grid.setFocus()

    def message(self) -> str:
        return self.window.message.text() if self.window.message.isVisible() else ""


MakeScreen = Callable[..., Screen]
Result = Any
