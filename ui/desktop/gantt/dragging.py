"""A gesture on a bar: its body moves the task, its right edge its length, the handle behind it draws a link."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

from app.i18n import _
from app.queries.checklist import TaskRow
from app.queries.timeline import Bar
from ui.desktop.gantt.layout import snapped
from ui.desktop.gantt.scene import Preview, Scene
from ui.desktop.moments import instant

if TYPE_CHECKING:
    from ui.desktop.gantt.chart import Chart

_NEAR = 4  # px from the edge
_HANDLE = 12  # px behind the bar in which a link begins
_SLIPS = 3  # px before a press is a drag
_MINUTE_MS = 60_000
_LIVE = 5_000  # tasks up to which the new end is computed with each move
_CURSORS = {
    "move": Qt.CursorShape.SizeAllCursor,
    "length": Qt.CursorShape.SizeHorCursor,
    "link": Qt.CursorShape.CrossCursor,
}


class Dragging:
    def __init__(self, chart: "Chart") -> None:
        self._chart = chart
        self._kind = ""
        self._task: TaskRow | None = None
        self._bar: Bar | None = None
        self._from = QPointF()
        self.is_on = False

    def begin(self, scene: Scene, place: int, row: TaskRow, at: QPointF) -> None:
        bar = scene.bar(row)
        self._kind = self._grip(scene, place, bar, at) if bar is not None else ""
        self._task, self._bar, self._from = row, bar, at

    def cancel(self) -> None:
        self._kind, self.is_on = "", False

    def _grip(self, scene: Scene, place: int, bar: Bar, at: QPointF) -> str:
        """What the mouse would do there: nothing, "move", "length" or "link"."""
        if at.x() < scene.left:
            return ""
        box = scene.bar_box(place, bar)
        if not box.top() - 4 <= at.y() <= box.bottom() + 4:
            return ""
        near = scene.theme.px(_NEAR)
        if box.right() + near < at.x() <= box.right() + near + scene.theme.px(_HANDLE):
            return "link"
        if abs(at.x() - box.right()) <= near and box.width() > 2 * near:
            return "length"
        return "move" if box.left() <= at.x() <= box.right() + near else ""

    def move(self, scene: Scene, at: QPointF) -> None:
        if not self._kind:
            self._show_cursor(scene, at)
            return
        if not self.is_on and (at - self._from).manhattanLength() <= _SLIPS:
            return
        self.is_on = True
        self._chart.show_preview(self._preview(scene, at, whole=len(scene.data.listed.tasks) <= _LIVE))

    def end(self, scene: Scene, at: QPointF) -> None:
        was_on, self.is_on = self.is_on, False
        if was_on and self._kind:
            preview = self._preview(scene, at, whole=False)
            target = self._chart.task_at(scene, at)
            if self._kind != "link":
                self._chart.dropped.emit(preview)
            elif target is not None and self._task is not None and target.id != self._task.id:
                self._chart.linked.emit(self._task.id, target.id)
        self._kind = ""
        self._chart.show_preview(None)

    def _show_cursor(self, scene: Scene, at: QPointF) -> None:
        port = self._chart.viewport()
        if self._chart.link_from is not None:
            port.setCursor(Qt.CursorShape.CrossCursor)
            return
        place = scene.row_at(at.y())
        row = scene.data.shown.rows[place] if place is not None else None
        bar = scene.bar(row) if isinstance(row, TaskRow) else None
        grip = self._grip(scene, place, bar, at) if bar is not None and place is not None else ""
        if grip:
            port.setCursor(_CURSORS[grip])
        else:
            port.unsetCursor()

    def _preview(self, scene: Scene, at: QPointF, *, whole: bool) -> Preview:
        assert self._task is not None
        assert self._bar is not None
        if self._kind == "link":
            return self._link(scene, at)
        bar, step = self._bar, scene.ticks().step_ms
        shift = scene.scale.moment(at.x()) - scene.scale.moment(self._from.x())
        start, finish = bar.start_ms, bar.finish_ms
        if self._kind == "move":
            start = snapped(start + shift, step)
            finish = start + bar.finish_ms - bar.start_ms
        else:
            finish = max(start + _MINUTE_MS, snapped(finish + shift, step))
        return Preview(self._task.id, start, finish, self._words(scene, start, finish, whole=whole))

    def _words(self, scene: Scene, start: int, finish: int, *, whole: bool) -> str:
        """The new times, and the new end of all where it is quickly known."""
        assert self._task is not None
        zone = scene.data.times.zone
        words = f"{instant(start, zone)} → {instant(finish, zone)}"
        if not whole:
            return words
        moved = self._kind == "move"
        *_own, end = scene.data.forecast.moved(
            self._task.id, start if moved else None, None if moved else finish - start
        )
        late = round((end - scene.data.times.end_ms) / _MINUTE_MS)
        if not late:
            return _("{times} · the end stays").format(times=words)
        return _("{times} · ends {end} ({n} min)").format(times=words, end=instant(end, zone), n=f"{late:+d}")

    def _link(self, scene: Scene, at: QPointF) -> Preview:
        assert self._task is not None
        target = self._chart.task_at(scene, at)
        where = (at.x(), at.y())
        if target is None or target.id == self._task.id:
            return Preview(self._task.id, to=where)
        if scene.data.forecast.reaches(target.id, self._task.id):
            text = _("These tasks would wait for each other.")
            return Preview(self._task.id, text=text, to=where, is_refused=True)
        text = _("{after} waits for {before}").format(after=target.number, before=self._task.number)
        return Preview(self._task.id, text=text, to=where)
