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
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QPainter

from app.i18n import set_language
from app.queries.people import people
from app.storage.keys import CHEAP
from tests.factories import PASSPHRASE
from tests.pictures.data import DATA, clock, stop_time
from tests.pictures.screens import Picture, screens, taken
from ui.desktop.pictures import SIZE, begin, need_no_screen, unseen_window
from ui.desktop.workspaces import OpenWorkspace

FOLDER = Path(__file__).parents[2] / "pictures"
LANGUAGES, LOOKS = ("en", "zh"), ("light", "dark")
_THUMB = 720


@dataclass(frozen=True, slots=True)
class Chosen:
    only: str
    languages: tuple[str, ...]
    looks: tuple[str, ...]
    data: tuple[str, ...]


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
        folder, passphrase=lambda: PASSPHRASE, cost=CHEAP, clock=clock(), sample=data == "typical"
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
        window.later.count_exceptions()
        if data == "nothing" and only in "start":
            yield "start", taken(window)
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
    try:
        count = paint(chosen)
    finally:
        sys.excepthook = sys.__excepthook__  # what goes wrong here is told, not kept
    set_language("en")
    wrong = faults
    sys.stdout.write("".join(f"{fault}\n" for fault in wrong))
    sys.stdout.write(
        f"{count} pictures in {FOLDER.name}/, {time.monotonic() - begun:.0f} s, {len(wrong)} faults\n"
    )
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
