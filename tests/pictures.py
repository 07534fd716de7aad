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
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.automation.sample import replay_sample
from app.clock import Clock
from app.commands.projects import create_project
from app.i18n import set_language
from app.queries.checklist import checklist
from app.storage.keys import CHEAP
from tests import planfiles
from tests.factories import PASSPHRASE, START_MS
from tests.overfull import DAY_MS, overfull_workspace
from ui.desktop.faces import Faces
from ui.desktop.importing.reading import Place
from ui.desktop.importing.sheet import ImportSheet
from ui.desktop.main_window import MainWindow
from ui.desktop.pictures import SIZE, begin, need_no_screen, unseen_window, wait_for
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


def _typing(window: MainWindow) -> None:
    window.go_to("plan/checklist")
    wait_for(window)
    QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F2)


def _narrow(window: MainWindow) -> None:
    window.go_to("plan/checklist")
    window.resize(window.minimumSize())


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
    "new project": _new_project,
    "message": _message,
    "sign": _sign,
    "typing": _typing,
    "narrow": _narrow,
    "import columns": _import_columns,
    "import narrow": _import_narrow,
    "import differences": _import_differences,
}


def _taken(window: MainWindow) -> QImage:
    """The window with what stands open above it."""
    wait_for(window, 120)
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
    window.resize(*SIZE)
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
    from app.queries.people import people
    from app.queries.projects import projects

    known = workspace.read(people)
    workspace.act_as(known[0].id if known else None)
    with unseen_window(workspace, language, look) as window:
        found = workspace.read(projects)
        if found:
            window.desk.choose(found[0].id)
        begin(window, "plan")
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
