"""The checklist's first paint beside a table widget that is filled with items; its growth from 1k to 100k rows."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtWidgets import QApplication, QTableWidget, QTableWidgetItem, QWidget

from app.process.lateness import NO_CLOCK
from tests.bench.gantts import made
from tests.bench.measure import Figure, Sample
from tests.bench.plans import Ground
from ui.desktop.checklist.columns import PLAN_COLUMNS, Shown
from ui.desktop.checklist.delegate import ChecklistDelegate
from ui.desktop.checklist.grid import ChecklistGrid
from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.checklist.outline import Order
from ui.desktop.checklist.sheet import Sheet, joined
from ui.desktop.pictures import need_no_screen
from ui.desktop.theme.fonts import load_families
from ui.desktop.theme.theme import Theme

_SIZE = (1060, 760)
_LARGE = 10_000  # what a person sorts and groups at one go


def sheet_of(count: int) -> Sheet:
    """What the reader thread hands over: read, arranged, nothing painted."""
    data = made(count)
    empty: dict[str, Any] = {"requires": (), "conflicts": frozenset(), "stream": "", "after": ""}
    empty |= {"checks_total": 0, "checks_passed": 0, "has_rollback": False, "note_count": 0, "file_count": 0}
    listed = data.listed._replace(tasks=tuple(task._replace(**empty) for task in data.listed.tasks))
    return joined(listed, data.times._replace(now_ms=NO_CLOCK), None, "en", PLAN_COLUMNS)


def checklist(theme: Theme, sheet: Sheet) -> ChecklistGrid:
    model = ChecklistModel(PLAN_COLUMNS, Shown("en", "UTC"))
    grid = ChecklistGrid(theme, model, ChecklistDelegate(theme, model, list, model))
    model.setParent(grid)
    model.take(sheet)
    return grid


def widget(sheet: Sheet) -> QTableWidget:
    """As one would begin: an item for every cell, all of them before anything is seen."""
    tasks = sheet.listed.tasks
    shown = [column for column in PLAN_COLUMNS if not column.offered]
    table = QTableWidget(len(tasks), len(shown))
    for row, task in enumerate(tasks):
        for place, column in enumerate(shown):
            table.setItem(row, place, QTableWidgetItem(column.show(task, sheet.shown)))
    return table


def _first_paint(make: Callable[[], QWidget]) -> float:
    """CPU milliseconds from rows in memory to the first painted frame."""
    begun = time.process_time()
    made_widget = make()
    made_widget.resize(*_SIZE)
    made_widget.show()
    QApplication.processEvents()
    made_widget.grab()
    spent = (time.process_time() - begun) * 1000
    made_widget.close()
    made_widget.deleteLater()
    QApplication.processEvents()
    return spent


def paints(ground: Ground) -> list[Figure]:
    theme = _theme()
    least, most = ground.sizes[0], ground.sizes[-1]
    small, large = sheet_of(least), sheet_of(most)
    acts: dict[str, Callable[[], QWidget]] = {
        "least": partial(checklist, theme, small),
        "most": partial(checklist, theme, large),
    }
    taken: dict[str, list[float]] = {"least": [], "most": [], "widget": []}
    for _round in range(max(5, ground.rounds)):
        for name, make in acts.items():
            taken[name].append(_first_paint(make))
    for _round in range(3):  # each takes seconds
        taken["widget"].append(_first_paint(partial(widget, large)))
    samples = {name: Sample(values) for name, values in taken.items()}
    return [
        Figure(
            "list",
            "first paint",
            most,
            "ms",
            samples["most"],
            f"the same at {least:,}",
            samples["least"],
            1.2,
        ),
        Figure("list", "first paint", most, "ms", samples["most"], "QTableWidget", samples["widget"], 1 / 30),
    ]


def arrangements(ground: Ground) -> list[Figure]:
    """Sorting and grouping of a large plan on the window's thread, beside painting it once."""
    theme = _theme()
    size = min(_LARGE, ground.sizes[-1])
    grid = checklist(theme, sheet_of(size))
    grid.resize(*_SIZE)
    grid.show()
    QApplication.processEvents()
    model = grid.model()
    assert isinstance(model, ChecklistModel)

    def timed(act: Callable[[], object]) -> float:
        begun = time.process_time()
        act()
        return (time.process_time() - begun) * 1000

    taken: dict[str, list[float]] = {"sort": [], "group": [], "paint": []}
    for number in range(max(10, ground.rounds * 2)):
        taken["sort"].append(timed(partial(model.sort_by, Order(("title", "start")[number % 2]))))
        taken["group"].append(timed(partial(model.group_by, ("owner", "stage")[number % 2])))
        taken["paint"].append(timed(grid.viewport().grab))
    samples = {name: Sample(values[2:]) for name, values in taken.items()}
    grid.close()
    grid.deleteLater()
    return [
        Figure("list", what, size, "ms", samples[what], "painting it", samples["paint"], None, 50.0)
        for what in ("sort", "group")
    ]


def lists(ground: Ground) -> list[Figure]:
    return [*paints(ground), *arrangements(ground)]


def _theme() -> Theme:
    need_no_screen()
    application = QApplication.instance() or QApplication(["bench"])
    theme = Theme("light", load_families())
    if isinstance(application, QApplication):
        application.setPalette(theme.palette())
    return theme
