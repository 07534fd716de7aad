"""What opens above a screen, each by what a person would do: sheets, menus, the search box, a card that is dragged."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.clock import Clock
from app.domain.words import GateState, VerdictWord
from app.queries.checklist import checklist
from app.queries.gates import gates
from app.queries.people import people
from app.queries.timeline import timeline
from tests import planfiles
from tests.factories import PINS
from tests.pictures.data import NOW_MS
from tests.torn import torn
from ui.crash import keep_report
from ui.desktop.board.view import BoardView
from ui.desktop.checklist.filtering import Wanted
from ui.desktop.checklist.view import ChecklistView
from ui.desktop.exceptions.view import ExceptionsView
from ui.desktop.gates.signing import Stating, state_now
from ui.desktop.importing.reading import Place
from ui.desktop.importing.sheet import ImportSheet
from ui.desktop.main_window import MainWindow
from ui.desktop.pictures import wait_for
from ui.desktop.start.trouble import TroubleView


def _search(window: MainWindow) -> None:
    window.search()


def _found(window: MainWindow) -> None:
    window.search()
    wait_for(window)
    QTest.keyClicks(QApplication.focusWidget() or window, "a")


def _new_project(window: MainWindow) -> None:
    window.places.ask_project()


def _message(window: MainWindow) -> None:
    text = "Others changed 3 of these values since; those were left as they are. " * 4
    window.message.say(text, "late", "Show the lines", lambda: None)


def _sign(window: MainWindow) -> None:
    window.go_to("prove/gates")
    wait_for(window)
    QTest.keyClick(window.current_view().face(), Qt.Key.Key_G)


def _accept(window: MainWindow) -> None:
    """Go is said at a closed gate, and somebody is about to answer for it; where there is no gate, nothing."""
    desk, workspace = window.desk, window.desk.bridge.workspace
    found = workspace.read(gates, desk.project_id, desk.run_id, "en", NOW_MS)
    gate = next((one.id for one in found if one.state is GateState.CLOSED), None)
    person = next((one for one in workspace.read(people) if one.access == "owner"), None)
    if gate is not None and person is not None:
        values = (desk.run_id, gate, VerdictWord.GO)
        go = Stating("app.commands.signing:give_verdict", values, {"reason": "The window closes"})
        state_now(workspace, person.id, go, "0000" if workspace.is_sample else PINS[person.handle], "")
    window.go_to("prove/exceptions")
    wait_for(window)
    view = window.current_view().face()
    assert isinstance(view, ExceptionsView)
    wanted = next((one.key for one in view.found if one.row.can_be_accepted), None)
    if wanted is not None:
        view.table.go_to(wanted)
        view.accept()


def _moment(window: MainWindow) -> None:
    """Some way back, where a step was just started."""
    window.go_to("prove/log")
    wait_for(window)
    for _line in range(28):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Down)
    wait_for(window)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Space)


def _whole_moment(window: MainWindow) -> None:
    _moment(window)
    wait_for(window)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_A)


def _typing(window: MainWindow) -> None:
    window.go_to("plan/checklist")
    wait_for(window)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F2)


def _conflict(window: MainWindow) -> None:
    """The length of the first task on the critical path, written differently on a second laptop."""
    workspace, desk = window.desk.bridge.workspace, window.desk
    window.go_to("plan/checklist")
    wait_for(window)
    found = workspace.read(checklist, desk.project_id, desk.run_id)
    bars = workspace.read(timeline, desk.project_id, desk.run_id, NOW_MS).bars
    task = next((one for one in found.tasks if one.minutes and bars[one.id].is_critical), None)
    if task is None:
        return
    if not task.conflicts:
        said = "演练 2 用了更长时间。" if desk.language == "zh" else "Rehearsal 2 took longer."
        both = {task.id: ({"minutes": task.minutes + 25}, {"minutes": task.minutes + 10})}
        known = workspace.read(people)
        owner = next((one.id for one in known if one.access == "owner"), None)
        others = [one for one in known if one.id != workspace.person]
        author = next((one.id for one in others if one.access in ("editor", "manager")), None)
        pin = "0000" if workspace.is_sample else PINS["mara"]
        signer = workspace.signer(owner, pin) if owner is not None else None
        with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            who = partial(torn, workspace, Path(folder) / "w", both, author=author, owner=signer)
            who(reasons=(said, ""), clock=Clock(lambda: NOW_MS))
    wait_for(window)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_X, Qt.KeyboardModifier.AltModifier)


def _sorted(window: MainWindow) -> None:
    """By owner, the late ones of two states, sorted by length."""
    window.go_to("plan/checklist")
    wait_for(window)
    view = window.current_view().face()
    assert isinstance(view, ChecklistView)
    view.group_by("owner")
    view.model.sort_next(view.model.column_of("minutes"))
    view.want(Wanted(show="open", statuses=frozenset({"todo", "ready", "running"})))


def unsorted(window: MainWindow) -> None:
    view = window.current_view().face()
    if isinstance(view, ChecklistView):
        view.moving.as_planned()
        view.group_by("stage")
        view.want(Wanted())


def _report(window: MainWindow) -> None:
    home = window.desk.bridge.workspace.folder
    report = keep_report(home, ZeroDivisionError())
    assert report is not None
    window.helping.show_report(report)


def _trouble(window: MainWindow) -> None:
    text = "The folder /media/stick/plan is gone. If it lies on a stick, connect that and try again. " * 2
    view = TroubleView(window.desk, text, Path("plan"))
    window.stack.addWidget(view)
    window.stack.setCurrentWidget(view)


def _menus(window: MainWindow) -> None:
    window.menubar.show()
    menu = window.menubar.actions()[1].menu()
    assert isinstance(menu, QMenu)
    menu.popup(window.mapToGlobal(window.menubar.geometry().bottomLeft()))


def _initials(window: MainWindow) -> None:
    window.search()
    wait_for(window)
    QTest.keyClicks(QApplication.focusWidget() or window, "dz")


def _narrow(window: MainWindow) -> None:
    window.go_to("plan/checklist")
    window.resize(window.minimumSize())


def _wish(wish: str) -> Callable[[MainWindow], None]:
    """What opens in the cockpit; it waits for the cockpit's own reading."""

    def act(window: MainWindow) -> None:
        window.desk.wished.emit(wish)
        wait_for(window)

    return act


def _for_another(window: MainWindow) -> None:
    """Typed for somebody else, a quarter of an hour ago."""
    window.go_to("run/cockpit")
    wait_for(window)
    from app.queries.people import names

    others = list(window.desk.bridge.read(names).items())
    if others:
        window.desk.entry.set_person(*others[-1])
    window.desk.entry.set_time(NOW_MS - 15 * 60_000)


def _rehearsed(window: MainWindow) -> None:
    """The cockpit of a rehearsal that is on."""
    from app.commands.runs import start_run
    from app.domain.words import RunKind
    from app.queries.people import people

    project = window.desk.project_id
    assert project is not None
    workspace = window.desk.bridge.workspace
    before, known = workspace.person, workspace.read(people)
    workspace.act_as(next((one.id for one in known if one.access == "owner"), None))
    done = workspace.run(start_run, project, RunKind.REHEARSAL, reason="Rehearsed")
    workspace.act_as(before)
    window.desk.look_at(project, done.result)
    window.go_to("run/cockpit")
    wait_for(window)


def _wallboard(window: MainWindow) -> None:
    window.toggle_wallboard()
    wait_for(window)
    if window.wallboard is not None:
        window.wallboard.setGeometry(window.geometry())
        wait_for(window)


def _board(window: MainWindow, columns: str = "state", lanes: str = "") -> BoardView:
    window.go_to("plan/board")
    wait_for(window)
    view = window.current_view().face()
    assert isinstance(view, BoardView)
    view.divide(columns=columns, lanes=lanes)
    wait_for(window)
    return view


def _board_owners(window: MainWindow) -> None:
    _board(window, "owner")


def _board_lanes(window: MainWindow) -> None:
    _board(window, "state", "stage")


def _board_details(window: MainWindow) -> None:
    view = _board(window)
    QTest.keyClick(view.surface, Qt.Key.Key_Space)


def _board_refused(window: MainWindow) -> None:
    """A card that waits for others, pushed to where things run."""
    view = _board(window)
    found = view.surface.board
    waiting = [card for card in found.cards if card.state == "soon"] if found is not None else []
    if waiting and view.surface.go_to(waiting[0].task.id):
        for _step in range(2):
            QTest.keyClick(view.surface, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)


def _board_dragged(window: MainWindow) -> None:
    view = _board(window)
    surface, layout = view.surface, view.surface.layout_
    place = surface.place()
    if layout is None or place is None:
        return
    corner = surface.corner(layout.box(place, surface.verticalScrollBar().value(), surface.height()))
    at, left = (corner + QPointF(40, 10)).toPoint(), Qt.MouseButton.LeftButton
    QTest.mousePress(surface.viewport(), left, Qt.KeyboardModifier.NoModifier, at)
    for step in (QPoint(80, 60), QPoint(230, 150)):
        QTest.mouseMove(surface.viewport(), at + step)


def _import_columns(window: MainWindow) -> None:
    """A table as a spreadsheet gives it, with a column nobody reads and one with a strange cell."""
    _open_import(window, planfiles.first(window.desk.language, _too_many(window)), Place.NEW)


def _import_differences(window: MainWindow) -> None:
    """The same file a week later, after both sides went on."""
    language, more = window.desk.language, _too_many(window)
    sheet = _open_import(window, planfiles.first(language, more), Place.NEW)
    sheet.bring_in()
    wait_for(window, 300)
    assert window.desk.project_id is not None
    planfiles.edit_here(window.desk.bridge.workspace, window.desk.project_id, language)
    _open_import(window, planfiles.later(language, more), Place.MERGE)


def _import_narrow(window: MainWindow) -> None:
    """The same where there is little room, with a header row that names no task."""
    _import_columns(window)
    window.resize(window.minimumSize())
    assert isinstance(window.sheet, ImportSheet)
    window.sheet.read_as("header", "5")
    wait_for(window, 300)


def _too_many(window: MainWindow) -> int:
    """As many rows as the plan looked at has tasks, where that is far too many."""
    desk = window.desk
    count = len(desk.bridge.read(checklist, desk.project_id, desk.run_id).tasks) if desk.project_id else 0
    return count if count > 500 else 0


def _open_import(window: MainWindow, text: str, place: Place) -> ImportSheet:
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        path = Path(folder) / "cutover-north-plant.csv"
        path.write_text(text, "utf-8")
        window.open_import(path)
        wait_for(window, 300)
    sheet = window.sheet
    assert isinstance(sheet, ImportSheet)
    sheet.put_into(place)
    wait_for(window, 300)
    return sheet


OVER: Mapping[str, Callable[[MainWindow], None]] = {
    "search": _search,
    "search found": _found,
    "search initials": _initials,
    "report": _report,
    "trouble": _trouble,
    "menus": _menus,
    "new project": _new_project,
    "message": _message,
    "sign": _sign,
    "accept": _accept,
    "moment": _moment,
    "whole moment": _whole_moment,
    "typing": _typing,
    "conflict": _conflict,
    "sorted": _sorted,
    "narrow": _narrow,
    "readiness live": _wish("live"),
    "readiness rehearsal": _wish("rehearsal"),
    "ending": _wish("end"),
    "incident": _wish("incident"),
    "decision": _wish("decision"),
    "hand-over": _wish("hand-over"),
    "situation": _wish("situation"),
    "run for another": _for_another,
    "wallboard": _wallboard,
    "run rehearsal": _rehearsed,
    "board owners": _board_owners,
    "board lanes": _board_lanes,
    "board details": _board_details,
    "board refused": _board_refused,
    "board dragged": _board_dragged,
    "import columns": _import_columns,
    "import narrow": _import_narrow,
    "import differences": _import_differences,
}
