"""A frame of the Gantt beside a blank fill, a table with a delegate and a scene of items; its growth from 1k to 100k rows."""

import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsScene,
    QGraphicsView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.domain.words import Claim, RunKind, Status
from app.queries.checklist import Checklist, StageRow, TaskRow
from app.queries.projects import ProjectRow, RunRow
from app.queries.timeline import Bar, LinkRow, Timeline
from tests.bench.measure import Figure, Sample
from tests.bench.plans import Ground
from ui.desktop.application import dress
from ui.desktop.gantt.chart import Chart
from ui.desktop.gantt.layout import HOUR_MS
from ui.desktop.gantt.reading import GanttData, joined
from ui.desktop.pictures import need_no_screen
from ui.desktop.theme.theme import Theme

SIZE = (1440, 816)
FRAMES = 60
_START = 1_772_838_000_000
_IN_STAGE = 50
ROWS_A_STEP = 3
_FAR = 500  # rows a link reaches at most: large plans have more links, not more through each row
_MOST_ITEMS = 10_000  # a scene of more takes minutes to build
_COLUMNS = 6


class Blank(QWidget):
    """What painting nothing costs at this size."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        painter.end()


def made(count: int) -> GanttData:
    """A plan in memory: each task after one or two shortly before it, some links far away, half of it over."""
    chance = random.Random(count)
    ids = [number.to_bytes(16, "big") for number in range(count)]
    tasks, bars, links = [], {}, []
    for number, task in enumerate(ids):
        stage = (number // _IN_STAGE).to_bytes(8, "big")
        length = chance.randrange(10, 120) * 60_000
        start = _START + number * 300_000 % (48 * HOUR_MS) + number // _IN_STAGE * 60_000
        bars[task] = Bar(
            *(task, start, start + length, start - 600_000, start + length - 900_000, None, None),
            *(start if number % 2 else None, start + length if number % 2 else None),
            *(chance.randrange(0, 90), number % 7 == 0),
        )
        tasks.append(_task(number, task, stage, length // 60_000))
        if number:
            before = ids[max(0, number - chance.randrange(1, 12))]
            links.append(LinkRow(task, before, task, chance.choice(("FS", "FS", "SS", "FF")), 0))
        if number % 3 == 2:
            links.append(
                LinkRow(task[::-1], ids[chance.randrange(max(0, number - _FAR), number)], task, "FS", 0)
            )
    stages = tuple(
        StageRow(n.to_bytes(8, "big"), str(n + 1), f"Stage {n + 1}", "", _IN_STAGE, 20, 900, None, None)
        for n in range(-(-count // _IN_STAGE))
    )
    end = max(bar.finish_ms for bar in bars.values())
    project = ProjectRow(**_blanks(ProjectRow, id=b"p", name="Bench", zone="Europe/Berlin", language="en"))
    run = RunRow(**_blanks(RunRow, id=b"r", kind=RunKind.LIVE))
    times = Timeline(
        *(b"p", b"r", 1, _START + 12 * HOUR_MS, "Europe/Berlin", bars, tuple(links)),
        *(_START, end, end, end - 4 * HOUR_MS, _START, end, end),
    )
    return joined(Checklist(project, run, stages, tuple(tasks), 1), times)


def _blanks(row: Any, /, **known: Any) -> dict[str, Any]:
    return {name: known.get(name) for name in row._fields}


def _task(number: int, task: bytes, stage: bytes, minutes: int) -> TaskRow:
    status = Status.DONE if number % 2 else (Status.RUNNING if number % 10 == 0 else Status.TODO)
    known = _blanks(
        TaskRow,
        id=task,
        number=f"{number // _IN_STAGE + 1}.{number % _IN_STAGE + 1}",
        stage_id=stage,
        title=f"Load master data of plant {number} and compare the sums",
        owner=f"Ada Brandt {number % 9}",
        minutes=minutes,
        claim=Claim.TODO,
        status=status,
        why_not=(),
        late_minutes=35 if number % 10 == 0 else 0,
        reason="",
    )
    return TaskRow(**known)


class Table(QAbstractTableModel):
    """The same rows for a table: what a Gantt made of a table and a delegate would read."""

    def __init__(self, data: GanttData) -> None:
        super().__init__()
        self._tasks = data.listed.tasks

    def rowCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's
        return len(self._tasks)

    def columnCount(self, _parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's
        return _COLUMNS

    def data(
        self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        task = self._tasks[index.row()]
        return (task.number, task.title, task.owner, str(task.minutes), task.status.value, "")[index.column()]


class BarDelegate(QStyledItemDelegate):
    """Each cell painted in Python, as the delegate of a checklist does it."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        box: Any = option
        if index.column() == _COLUMNS - 1:
            painter.fillRect(box.rect.adjusted(index.row() % 40, 6, -200, -6), QColor("#0A66A6"))
            return
        self.initStyleOption(option, index)
        painter.save()
        painter.setFont(box.font)
        painter.setPen(QColor("#161A22"))
        text = box.fontMetrics.elidedText(box.text, Qt.TextElideMode.ElideRight, box.rect.width() - 8)
        painter.drawText(box.rect.adjusted(4, 0, -4, 0), Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


def table(data: GanttData) -> QTableView:
    view = QTableView()
    model = Table(data)
    model.setParent(view)
    view.setModel(model)
    view.setItemDelegate(BarDelegate(view))
    view.verticalHeader().setDefaultSectionSize(24)
    view.setColumnWidth(1, 260)
    view.horizontalHeader().setStretchLastSection(True)
    return view


def scene(data: GanttData) -> QGraphicsView:
    items = QGraphicsScene()
    pen = QPen(QColor("#161A22"))
    for place, task in enumerate(data.listed.tasks):
        bar = data.times.bars[task.id]
        left = (bar.start_ms - _START) / HOUR_MS * 24
        items.addRect(QRectF(left, place * 24 + 6, (bar.finish_ms - bar.start_ms) / HOUR_MS * 24, 12), pen)
        items.addSimpleText(task.title).setPos(left + 80, place * 24 + 4)
    places = data.shown.places
    for link in data.times.links:
        first, second = data.times.bars[link.before], data.times.bars[link.after]
        x, y = (first.finish_ms - _START) / HOUR_MS * 24, (second.start_ms - _START) / HOUR_MS * 24
        items.addLine(x, places[link.before] * 24 + 12, y, places[link.after] * 24 + 12, pen)
    view = QGraphicsView(items)
    items.setParent(view)
    return view


def chart(theme: Theme, data: GanttData, *, out: bool = False) -> Chart:
    made_chart = Chart(theme)
    made_chart.resize(*SIZE)
    made_chart.take(data)
    if out:
        made_chart.zoom(0.25)
    else:
        made_chart.show_span(_START, _START + 36 * HOUR_MS)
    return made_chart


def _frame(widget: Any, number: int) -> float:
    """CPU milliseconds of one frame after a step down, there and back again."""
    if not isinstance(widget, Blank):
        bar = widget.verticalScrollBar()
        one = bar.singleStep() if not isinstance(widget, QTableView) else 1
        bar.setValue(
            ROWS_A_STEP * one * (number % 40) if number % 80 < 40 else ROWS_A_STEP * one * (80 - number % 80)
        )
    target = widget if isinstance(widget, Blank) else widget.viewport()
    begun = time.process_time()
    target.repaint()
    return (time.process_time() - begun) * 1000


def shown(widget: Any) -> Any:
    widget.resize(*SIZE)
    widget.show()
    QApplication.processEvents()
    return widget


def frames(ground: Ground) -> list[Figure]:
    """60 frames of each in turns, after as many to warm what each keeps."""
    theme = theme_of_bench()
    least, *_middle, most = ground.sizes if len(ground.sizes) > 1 else (*ground.sizes, *ground.sizes)
    small, large = made(least), made(most)
    acts: dict[str, Any] = {
        "blank": shown(Blank()),
        "least": shown(chart(theme, small)),
        "most": shown(chart(theme, large)),
        "least, out": shown(chart(theme, small, out=True)),
        "most, out": shown(chart(theme, large, out=True)),
        "table": shown(table(large)),
        "scene": shown(scene(made(min(most, _MOST_ITEMS)))),
    }
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for number in range(2 * FRAMES):
        for name, widget in acts.items():
            spent = _frame(widget, number)
            if number >= FRAMES:
                taken[name].append(spent)
    samples = {name: Sample(values) for name, values in taken.items()}
    for widget in acts.values():
        widget.close()
        widget.deleteLater()

    def beside(what: str, size: int, one: str, other: str, baseline: str, goal: float | None) -> Figure:
        return Figure("gantt", what, size, "ms", samples[one], baseline, samples[other], goal)

    return [
        beside("frame", least, "least", "blank", "blank fill", 9.0),
        beside("frame", most, "most", "blank", "blank fill", 9.0),
        beside("frame, zoomed out", least, "least, out", "blank", "blank fill", 16.0),
        beside("frame, zoomed out", most, "most, out", "blank", "blank fill", 16.0),
        beside("frame", most, "most", "least", f"the same at {least:,}", 1.1),
        beside("frame", most, "most", "table", "QTableView with a delegate", 0.2),
        beside("frame", most, "most", "scene", f"QGraphicsView of {min(most, _MOST_ITEMS):,}", None),
    ]


def builds(ground: Ground) -> list[Figure]:
    """Data in memory to the first painted frame: the widget's own part, and what the reader thread prepares."""
    theme = theme_of_bench()
    least, most = ground.sizes[0], ground.sizes[-1]
    small, large = made(least), made(most)

    def build(make: Callable[[], Any]) -> float:
        begun = time.process_time()
        widget = shown(make())
        widget.grab()
        spent = (time.process_time() - begun) * 1000
        widget.close()
        widget.deleteLater()
        QApplication.processEvents()
        return spent

    acts: dict[str, Callable[[], Any]] = {
        "least": partial(chart, theme, small),
        "most": partial(chart, theme, large),
        "scene": partial(scene, large if most <= _MOST_ITEMS else made(_MOST_ITEMS)),
    }
    taken: dict[str, list[float]] = {name: [] for name in acts}
    for _round in range(max(3, ground.rounds // 2)):
        for name, make in acts.items():
            taken[name].append(build(make))
    samples = {name: Sample(values) for name, values in taken.items()}
    small_scene = f"QGraphicsView of {min(most, _MOST_ITEMS):,}"
    return [
        Figure("gantt", "open", most, "ms", samples["most"], f"the same at {least:,}", samples["least"], 2.0),
        Figure("gantt", "open", most, "ms", samples["most"], small_scene, samples["scene"]),
    ]


def gantts(ground: Ground) -> list[Figure]:
    return [*frames(ground), *builds(ground)]


def theme_of_bench() -> Theme:
    """The whole application wears the program's look, as for a person: scroll bars of the bare style cost a millisecond."""
    need_no_screen()
    application = QApplication.instance() or QApplication(["bench"])
    assert isinstance(application, QApplication)
    return dress(application, "light", 1.0, "en")
