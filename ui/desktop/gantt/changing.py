"""What gestures and keys in a Gantt change: a task's start, its length, a link; each is one command and one undo."""

from typing import Any

from PySide6.QtCore import QObject

from app.i18n import _
from app.queries.checklist import TaskRow
from ui.desktop.desk import Desk
from ui.desktop.gantt.chart import Chart
from ui.desktop.gantt.layout import snapped, wall_text
from ui.desktop.gantt.reading import shift_of
from ui.desktop.gantt.scene import Preview
from ui.desktop.moments import instant

_MINUTE_MS = 60_000


class Changing(QObject):
    def __init__(self, desk: Desk, chart: Chart, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._chart = chart
        chart.dropped.connect(self.drop)
        chart.linked.connect(self.link)
        chart.shift_wished.connect(self.shift)

    def _task(self, task: bytes) -> TaskRow | None:
        data = self._chart.data
        place = data.shown.places.get(task) if data is not None else None
        row = data.shown.rows[place] if data is not None and place is not None else None
        return row if isinstance(row, TaskRow) else None

    def drop(self, preview: Preview) -> None:
        data, row = self._chart.data, self._task(preview.task)
        bar = data.times.bars.get(preview.task) if data is not None else None
        if row is None or bar is None:
            return
        if preview.start_ms != bar.start_ms:
            self._move(row, preview.start_ms)
        elif preview.finish_ms != bar.finish_ms:
            self._stretch(row, (preview.finish_ms - preview.start_ms) // _MINUTE_MS)

    def shift(self, steps: int) -> None:
        """By one step of the grid as it is drawn."""
        row, scene = self._chart.current_task(), self._chart.scene()
        bar = scene.bar(row) if row is not None and scene is not None else None
        if row is None or scene is None or bar is None:
            return
        step = max(_MINUTE_MS, scene.ticks().step_ms)
        self._move(row, snapped(bar.start_ms + steps * step, step))

    def _move(self, row: TaskRow, start_ms: int) -> None:
        data = self._chart.data
        assert data is not None
        bar = data.times.bars[row.id]
        if bar.actual_start_ms is not None or bar.actual_finish_ms is not None:
            self._desk.say(
                _("{number} has begun. When it began stays as it happened.").format(number=row.number), "late"
            )
            return
        earliest, _finish, _end = data.forecast.moved(row.id, start_ms)
        held = earliest > start_ms
        if held and earliest == bar.start_ms:
            told = _(
                "{number} cannot begin before {time}: it waits for others, or for the run. Nothing was changed."
            )
            self._desk.say(told.format(number=row.number, time=instant(earliest, data.times.zone)), "late")
            return
        wall = wall_text(start_ms - shift_of(data.listed, data.times), data.times.zone)
        self._set(row, {"start": wall})

    def _stretch(self, row: TaskRow, minutes: int) -> None:
        data = self._chart.data
        assert data is not None
        bar = data.times.bars[row.id]
        if bar.actual_finish_ms is not None:
            self._desk.say(
                _("{number} is over. How long it took stays as it happened.").format(number=row.number),
                "late",
            )
        else:
            self._set(row, {"minutes": minutes})

    def _set(self, row: TaskRow, values: dict[str, Any]) -> None:
        data = self._chart.data
        assert data is not None
        self._desk.bridge.run("app.commands.tasks:set_task", row.id, values, seen=data.listed.rev)

    def link(self, before: bytes, after: bytes) -> None:
        data, first, second = self._chart.data, self._task(before), self._task(after)
        if data is None or first is None or second is None:
            return
        if before == after or data.forecast.reaches(after, before):
            told = _(
                "{after} cannot wait for {before}: the tasks would wait for each other. Nothing was changed."
            )
            self._desk.say(told.format(after=second.number, before=first.number), "late")
            return
        self._desk.bridge.run("app.commands.tasks:link_tasks", before, after, seen=data.listed.rev)

    def begin_link(self) -> None:
        """The selected task first, then the next one pressed."""
        row = self._chart.current_task()
        if row is None:
            return
        if self._chart.link_from is not None and self._chart.link_from != row.id:
            before, self._chart.link_from = self._chart.link_from, None
            self.link(before, row.id)
            return
        self._chart.link_from = row.id
        told = _("Choose the task that waits for {number}: click it, or go to it and press L. Esc leaves it.")
        self._desk.say(told.format(number=row.number), "running")
