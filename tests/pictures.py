"""`make pictures`: every screen in both languages and in light and dark, over nothing, over the sample, over far too much.

`python -m tests.pictures [--only gantt] [--lang zh] [--theme dark] [--data overfull]` paints into `pictures/`, which git
ignores: a file for each screen and a sheet of all of them for each kind of data. Time stands still, so that two runs of the
same code give the same pictures.
"""

import argparse
import shutil
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import TracebackType

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from app.automation.sample import replay_sample
from app.clock import Clock
from app.commands.projects import create_project
from app.i18n import set_language
from app.queries.checklist import checklist
from app.queries.people import people
from app.queries.timeline import timeline
from app.storage.keys import CHEAP
from tests import planfiles
from tests.factories import PASSPHRASE, PINS, START_MS
from tests.overfull import DAY_MS, overfull_workspace
from tests.torn import torn
from ui.crash import keep_report
from ui.desktop.board.view import BoardView
from ui.desktop.checklist.filtering import Wanted
from ui.desktop.checklist.view import ChecklistView
from ui.desktop.faces import Faces
from ui.desktop.importing.reading import Place
from ui.desktop.importing.sheet import ImportSheet
from ui.desktop.main_window import MainWindow
from ui.desktop.pictures import SIZE, begin, need_no_screen, unseen_window, wait_for
from ui.desktop.start.trouble import TroubleView
from ui.desktop.views import VIEWS
from ui.desktop.workspaces import OpenWorkspace

FOLDER = Path(__file__).parent.parent / "pictures"
NOW_MS = START_MS + 2 * DAY_MS + 3_600_000  # two days and an hour into the overfull plan's story
LANGUAGES, LOOKS = ("en", "zh"), ("light", "dark")
_THUMB = 720
Picture = tuple[str, QImage]


@dataclass(frozen=True, slots=True)
class Chosen:
    only: str
    languages: tuple[str, ...]
    looks: tuple[str, ...]
    data: tuple[str, ...]


# -- data ----------------------------------------------------------------------------------------------------------


def _nothing(folder: Path, language: str) -> None:
    OpenWorkspace.open(folder, passphrase=lambda: PASSPHRASE, cost=CHEAP, clock=_clock()).close()


def _bare(folder: Path, language: str) -> None:
    workspace = OpenWorkspace.open(folder, passphrase=lambda: PASSPHRASE, cost=CHEAP, clock=_clock())
    workspace.run(create_project, "Empty" if language == "en" else "空项目")
    workspace.close()


def _typical(folder: Path, language: str) -> None:
    for _progress in replay_sample(folder, _clock(), language=language):
        pass


def _overfull(folder: Path, language: str) -> None:
    team, _project = overfull_workspace(folder, 2_000, language)
    team.workspace.close()


DATA: Mapping[str, Callable[[Path, str], None]] = {
    "nothing": _nothing,
    "empty": _bare,
    "typical": _typical,
    "overfull": _overfull,
}


def _clock() -> Clock:
    return Clock(lambda: NOW_MS, Random(7).randbytes)


def stop_time() -> None:
    """For everything that asks what time it is; how long something takes is another clock."""
    time.time = lambda: NOW_MS / 1000
    time.time_ns = lambda: NOW_MS * 1_000_000


# -- screens -------------------------------------------------------------------------------------------------------


def screens(window: MainWindow, only: str) -> Iterator[Picture]:
    """Each place and each of its faces, then what opens above them."""
    places = list(_places(window))
    for place in places:
        if only in place.replace("/", "-"):
            window.go_to(place)
            yield place.replace("/", "-"), _taken(window)
    for name, act in OVER.items():
        if only in name and (
            window.desk.project_id is not None or name in ("search", "new project", "import columns")
        ):
            window.go_to("plan")
            wait_for(window, 50)
            act(window)
            yield name.replace(" ", "-"), _taken(window)
            _close_all(window)


def _places(window: MainWindow) -> Iterator[str]:
    for spec in VIEWS:
        window.go_to(spec.id)
        view = window.current_view()
        if isinstance(view, Faces):
            yield from (f"{spec.id}/{face.id}" for face in view.specs)
        else:
            yield spec.id


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


def _unsorted(window: MainWindow) -> None:
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
    assert window.sheet is not None
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
    assert sheet is not None
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


def _taken(window: MainWindow) -> QImage:
    """The window with what stands open above it."""
    wait_for(window, 120)
    wait_for(
        window, 60
    )  # a slow machine answers within one turn of the loop: what that laid out is not painted yet
    image = window.grab().toImage()
    with QPainter(image) as painter:
        for above in QApplication.topLevelWidgets():
            if above is not window and above.isVisible() and above.isWindow():
                painter.drawPixmap(window.mapFromGlobal(above.pos()), above.grab())
    return image


def _close_all(window: MainWindow) -> None:
    for _round in range(2):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Escape)
    for above in QApplication.topLevelWidgets():
        if above is not window and above.isVisible():
            above.close()
    for widget in (window.message, window.question):
        widget.hide()
    window.desk.entry.set_person(None)
    window.desk.entry.set_time(None)
    window.resize(*SIZE)
    _unsorted(window)
    wait_for(window, 50)


# -- painting ------------------------------------------------------------------------------------------------------


def paint(chosen: Chosen) -> int:
    count = 0
    for data in chosen.data:
        before = count
        for language in chosen.languages:
            with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
                DATA[data](Path(folder) / "first", language)
                for look in chosen.looks:
                    copy = Path(folder) / look
                    shutil.copytree(Path(folder) / "first", copy)
                    for name, image in _painted(copy, language, look, chosen.only, data):
                        path = FOLDER / data / f"{name}.{language}.{look}.png"
                        path.parent.mkdir(parents=True, exist_ok=True)
                        image.save(str(path))
                        count += 1
        if count > before:
            _contact_sheet(FOLDER / data)
    return count


def _painted(folder: Path, language: str, look: str, only: str, data: str) -> Iterator[Picture]:
    workspace = OpenWorkspace.open(
        folder, passphrase=lambda: PASSPHRASE, cost=CHEAP, clock=_clock(), sample=data == "typical"
    )
    assert isinstance(workspace, OpenWorkspace)
    from app.queries.projects import projects

    known = workspace.read(people)
    workspace.act_as(known[0].id if known else None)
    with unseen_window(workspace, language, look) as window:
        found = workspace.read(projects)
        if found:
            window.desk.choose(found[0].id)
        begin(window, "plan")
        window.count_exceptions()
        if data == "nothing" and only in "start":
            yield "start", _taken(window)
        yield from screens(window, only)


def _contact_sheet(folder: Path) -> None:
    """A line for each screen, a column for each language and look; earlier pictures stay on it."""
    sheet: dict[str, dict[str, Path]] = {}
    for path in sorted(folder.glob("*.png")):
        name, _dot, kind = path.stem.partition(".")
        sheet.setdefault(name, {})[kind.replace(".", " ")] = path
    columns = sorted({kind for kinds in sheet.values() for kind in kinds})
    height = _THUMB * SIZE[1] // SIZE[0] + 24
    image = QImage(_THUMB * len(columns), height * len(sheet), QImage.Format.Format_RGB32)
    image.fill(QColor("#888888"))
    with QPainter(image) as painter:
        for line, (name, kinds) in enumerate(sheet.items()):
            for kind, path in kinds.items():
                x, y = columns.index(kind) * _THUMB, line * height
                painter.drawText(x + 4, y + 17, f"{name} · {kind}")
                small = QImage(str(path)).scaledToWidth(
                    _THUMB - 8, Qt.TransformationMode.SmoothTransformation
                )
                painter.drawImage(x + 4, y + 24, small)
    image.save(str(folder.with_suffix(".png")))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.pictures", description=__doc__)
    parser.add_argument("--only", default="", help="screens whose name contains this")
    parser.add_argument("--lang", choices=LANGUAGES)
    parser.add_argument("--theme", choices=(*LOOKS, "contrast"))
    parser.add_argument("--data", choices=tuple(DATA))
    given = parser.parse_args(arguments)
    chosen = Chosen(
        given.only,
        (given.lang,) if given.lang else LANGUAGES,
        (given.theme,) if given.theme else LOOKS,
        (given.data,) if given.data else tuple(DATA),
    )
    faults: list[str] = []

    def keep(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        faults.append("".join(traceback.format_exception(kind, error, trace)))

    sys.excepthook = keep
    need_no_screen()
    stop_time()
    begun = time.monotonic()
    count = paint(chosen)
    set_language("en")
    wrong = faults
    sys.stdout.write("".join(f"{fault}\n" for fault in wrong))
    sys.stdout.write(
        f"{count} pictures in {FOLDER.name}/, {time.monotonic() - begun:.0f} s, {len(wrong)} faults\n"
    )
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
