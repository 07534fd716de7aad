"""At ten thousand tasks the window's thread is never busy for longer than a blink, whatever is opened, moved or typed."""

import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractScrollArea, QApplication
from pytestqt.qtbot import QtBot

from app.commands.decisions import record_decision
from app.commands.imports import import_draft
from app.commands.incidents import raise_incident
from app.commands.runs import block_step, start_run, start_step
from app.commands.tasks import set_task
from app.domain.words import RunKind
from app.queries.checklist import checklist
from app.queries.projects import runs
from tests.bench.plans import draft_of
from tests.ui.desktop.screen import PASSPHRASE, Screen, is_due_soon, open_for_test
from tests.ui.desktop.watchdog import Watchdog, slowness
from ui.desktop.board.view import BoardView
from ui.desktop.checklist.filtering import Wanted
from ui.desktop.checklist.view import ChecklistView
from ui.desktop.cockpit.view import CockpitView
from ui.desktop.faces import Faces
from ui.desktop.gantt.view import GanttView
from ui.desktop.looks import calm_collector
from ui.desktop.views import VIEWS
from ui.desktop.workspaces import OpenWorkspace

MANY = 10_000
_ANSWER_S = 60


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    folder = tmp_path_factory.mktemp("large") / "workspace"
    workspace = open_for_test(folder)
    project: bytes = workspace.run(import_draft, draft_of(MANY)).result.projects[0]
    workspace.close()
    return folder, project


class Watched:
    """A window over the large plan; whatever it does is measured, turn by turn."""

    def __init__(self, qtbot: QtBot, folder: Path, project: bytes, passphrase: str = PASSPHRASE) -> None:
        workspace = open_for_test(folder, passphrase)
        assert isinstance(workspace, OpenWorkspace)
        self.screen = Screen(qtbot, workspace)
        self.screen.open(project)
        calm_collector()
        self.window = self.screen.window
        self.dog = Watchdog()
        found = workspace.read(checklist, project)
        self.tasks = [task.id for task in found.tasks]

    def do(self, name: str, work: object) -> None:
        assert callable(work)
        self.dog.act(name, work)
        deadline = time.monotonic() + _ANSWER_S
        quiet = 0
        while quiet < 5:
            assert time.monotonic() < deadline, f"{name}: no answer"
            time.sleep(0.002)  # the worker's turn
            self.dog.turn(name)
            quiet = quiet + 1 if self._is_quiet() else 0

    def _is_quiet(self) -> bool:
        return self.screen.bridge.is_idle() and not any(map(is_due_soon, self.window.findChildren(QTimer)))

    def lists(self) -> list[QAbstractScrollArea]:
        found = self.window.current_view().findChildren(QAbstractScrollArea)
        return [one for one in found if one.isVisible() and one.verticalScrollBar().maximum() > 0]


def felt(qtbot: QtBot, large: tuple[Path, bytes], story: Callable[[Watched], object]) -> list[str]:
    """What holds the window for too long in a story; told in a second window, what the machine did alone is left out."""
    found: dict[str, str] | None = None
    for _window in range(2):
        watched = Watched(qtbot, *large)
        with watched.dog:
            story(watched)
        watched.screen.close()
        wrong = watched.dog.too_long()
        found = wrong if found is None else {name: text for name, text in wrong.items() if name in found}
        if not found:
            return []
    return list((found or {}).values())


def places(watched: Watched) -> list[str]:
    found = []
    for spec in VIEWS:
        view = watched.window.view(spec.id)
        names = [face.id for face in view.specs] if isinstance(view, Faces) else [""]
        found += [f"{spec.id}/{name}" for name in names]
    return found


def use(watched: Watched, place: str) -> None:
    """Opens a face, moves in it, changes a task under it, and leaves it for the next."""
    window, do = watched.window, watched.do
    do(f"open {place}", lambda: window.go_to(place))
    for area in watched.lists()[:2]:
        bar = area.verticalScrollBar()
        for part in (0.01, 0.5, 1.0, 0.0):
            value = int(bar.maximum() * part)
            do(f"scroll {place} to {part}", lambda bar=bar, value=value: bar.setValue(value))
    face = window.current_view()
    if isinstance(face, ChecklistView):
        arrange(watched, place, face)
    if face.shows_tasks:
        for task in (watched.tasks[-1], watched.tasks[len(watched.tasks) // 2]):
            do(f"select in {place}", lambda task=task: window.show_task(task))
        focus = QApplication.focusWidget() or window
        for key in (Qt.Key.Key_Down, Qt.Key.Key_PageDown, Qt.Key.Key_Up):
            do(f"{key.name} in {place}", lambda key=key: QTest.keyClick(focus, key))
    title = f"Changed below {place}"
    run = watched.screen.bridge.run
    do(
        f"change a task below {place}",
        lambda: run(set_task, watched.tasks[len(watched.tasks) // 2], {"title": title}),
    )
    do(f"resize {place}", lambda: window.resize(1300, 820))
    do(f"resize {place} back", lambda: window.resize(1440, 900))


def arrange(watched: Watched, place: str, view: ChecklistView) -> None:
    """Sorts, groups and filters the list, and leaves it as planned."""
    do, model = watched.do, view.model
    for column in ("title", "owner"):
        do(f"sort {place} by {column}", lambda column=column: model.sort_next(model.column_of(column)))
    for group in ("owner", "status", "none", "stage"):
        do(f"group {place} by {group}", lambda group=group: view.group_by(group))
    wanted = Wanted("9", "open", facts=frozenset({"critical", "no_owner"}))
    do(f"filter {place}", lambda: view.want(wanted))
    do(f"read {place} anew, filtered", view.reload)
    do(f"show all of {place}", lambda: view.want(Wanted()))
    do(f"{place} as planned", view.moving.as_planned)


@pytest.mark.slow
def test_no_turn_of_the_event_loop_is_felt_at_ten_thousand_tasks(
    qtbot: QtBot, large: tuple[Path, bytes]
) -> None:
    wrong = felt(qtbot, large, everywhere)
    assert wrong == [], "\n\n".join(wrong)


def everywhere(watched: Watched) -> None:
    for place in places(watched):
        use(watched, place)
    for place in places(watched):
        watched.do(f"back to {place}", lambda place=place: watched.window.go_to(place))
    watched.do("search", watched.window.search)
    watched.do(
        "search for a word", lambda: QTest.keyClicks(QApplication.focusWidget() or watched.window, "exp")
    )
    assert len(watched.dog.stretches) > 100


@pytest.mark.slow
def test_the_night_is_not_felt_either(qtbot: QtBot, large: tuple[Path, bytes]) -> None:
    wrong = felt(qtbot, large, a_night)
    assert wrong == [], "\n\n".join(wrong)


def a_night(watched: Watched) -> None:
    """A run with its registers, the sheets that open in the cockpit, and the wallboard beside it."""
    window, do, run = watched.window, watched.do, watched.screen.bridge.run
    project, desk = watched.screen.desk.project_id, watched.screen.desk
    assert project is not None
    do("start a rehearsal", lambda: run(start_run, project, RunKind.REHEARSAL, "Dress", reason="Measured"))
    found = watched.screen.workspace.read(runs, project)
    made = max((one for one in found if one.kind == RunKind.REHEARSAL), key=lambda one: one.id)
    do("look at it", lambda: desk.look_at(project, made.id))
    do("open the cockpit", lambda: window.go_to("run/cockpit"))
    for number in range(6):
        task = watched.tasks[number * 100]
        do("raise an incident", lambda task=task: run(raise_incident, made.id, "It is down", task=task))
        do("start a step", lambda task=task: run(start_step, made.id, task, reason="Measured"))
    do("record a decision", lambda: run(record_decision, made.id, "Go on?", "Yes"))
    do("hang the wallboard", window.toggle_wallboard)
    do("block a step", lambda: run(block_step, made.id, watched.tasks[0], reason="The bank is down"))
    for wish in ("rehearsal", "live", "incident", "decision", "hand-over", "situation", "end"):
        do(f"open {wish}", lambda wish=wish: desk.wished.emit(wish))
        do(f"close {wish}", lambda: QTest.keyClick(window.current_view().face(), Qt.Key.Key_Escape))
    face = window.current_view().face()
    assert isinstance(face, CockpitView)
    for turn in range(4):
        do(f"group otherwise {turn}", lambda: QTest.keyClick(face.choice, Qt.Key.Key_Right))
    do("a minute passes", face.reload)


@pytest.mark.slow
def test_pages_are_written_without_being_felt(
    qtbot: QtBot, large: tuple[Path, bytes], tmp_path: Path
) -> None:
    """Hundreds of pages and a tall picture, a part a turn; a file for each window."""
    numbers = count()
    wrong = felt(qtbot, large, lambda watched: writes_pages(watched, tmp_path / str(next(numbers))))
    assert wrong == [], "\n\n".join(wrong)


def writes_pages(watched: Watched, folder: Path) -> None:
    folder.mkdir()
    for place, kind in (("plan/gantt", "pdf"), ("plan/gantt", "png"), ("plan/board", "pdf")):
        watched.do(f"open {place} to export it", lambda place=place: watched.window.go_to(place))
        face, to = watched.window.current_view().face(), folder / f"{place[5:]}.{kind}"
        assert isinstance(face, GanttView | BoardView)
        watched.do(f"export {place}", lambda face=face, to=to: face.export(to))
        deadline = time.monotonic() + _ANSWER_S
        while not to.exists():
            assert time.monotonic() < deadline, watched.screen.message()
            watched.dog.turn(f"a page of {place}")
    assert len(watched.dog.stretches) > 300


def test_what_is_too_long_is_told_with_its_place(qtbot: QtBot) -> None:
    def dawdle() -> None:
        end = time.thread_time() + 0.07 * slowness()
        while time.thread_time() < end:
            pass

    with Watchdog() as dog:
        dog.act("quick", lambda: None)
        dog.act("slow", dawdle)
        QTimer.singleShot(0, dawdle)
        dog.turn("turn")
        dog.act("asleep", lambda: time.sleep(0.1))  # waiting is not computing
    wrong = dog.too_long()
    assert set(wrong) == {"slow", "turn, then"}
    assert all("dawdle" in text for text in wrong.values())
