"""The Gantt as one painted widget: it scrolls, zooms, has one current row, and says what somebody wants to change."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QToolTip

from app.i18n import _
from app.queries.checklist import StageRow, TaskRow
from ui.desktop.gantt.dragging import Dragging
from ui.desktop.gantt.grid import WIDTH
from ui.desktop.gantt.kept import Kept
from ui.desktop.gantt.keys import ZOOM, pressed
from ui.desktop.gantt.layout import HOUR_MS, Row, Scale
from ui.desktop.gantt.painting import paint
from ui.desktop.gantt.reading import GanttData
from ui.desktop.gantt.scene import Preview, Scene
from ui.desktop.gantt.spans import content_span, first_look, next_on_thread, plan_span
from ui.desktop.gantt.words import spoken, tooltip
from ui.desktop.theme.theme import Theme

_HEAD = 44
_LEAST_GRID = 260


class Chart(QAbstractScrollArea):
    moved = Signal()  # the current row is another one
    scrolled = Signal()  # another part of the time is in view
    folding = Signal(object)  # the id of a stage to fold or unfold
    wished = Signal(str)  # "open", "link"
    shift_wished = Signal(int)  # steps of the grid
    dropped = Signal(object)  # a Preview let go: start and finish, or a link
    linked = Signal(object, object)  # before, after

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._data: GanttData | None = None
        self.scale = Scale(0, 24.0)
        self.folded: frozenset[bytes | None] = frozenset()
        self.baseline = True
        self.preview: Preview | None = None
        self.link_from: bytes | None = None
        self._current: tuple[str, bytes | None] | None = None
        self._place: int | None = None
        self._fitted = False
        self._setting = False
        self._dragging = Dragging(self)
        self._kept = Kept()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(_("Gantt"))
        self.verticalScrollBar().setSingleStep(theme.row("compact"))
        self.horizontalScrollBar().setSingleStep(theme.px(40))

    # What it shows.

    @property
    def data(self) -> GanttData | None:
        return self._data

    def take(self, data: GanttData) -> None:
        self._data = data
        self._find_current()
        self._set_ranges()
        if not self._fitted and self.viewport().width() > self.grid_width() + 50:
            self._look_first()
        self.viewport().update()

    def forget(self) -> None:
        """Another project or run: nothing of where one stood holds any longer."""
        self._fitted = False
        self._current = self._place = None
        self.folded = frozenset()
        self.link_from = None

    def grid_width(self) -> int:
        wide = self.viewport().width()
        return max(min(self._theme.px(_LEAST_GRID), wide // 2), min(self._theme.px(WIDTH), wide * 2 // 5))

    def scene(self) -> Scene | None:
        if self._data is None:
            return None
        viewport = self.viewport()
        return Scene(
            *(self._theme, self._data, self.scale, viewport.width(), viewport.height()),
            *(self.grid_width(), self._theme.px(_HEAD), self.verticalScrollBar().value()),
            selected=self._place,
            focused=self.hasFocus(),
            folded=self.folded,
            baseline=self.baseline,
            ratio=self.devicePixelRatioF(),
            preview=self.preview,
            kept=self._kept,
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        scene = self.scene()
        painter = QPainter(self.viewport())
        if scene is None:
            painter.fillRect(self.viewport().rect(), self._theme.color("canvas"))
        else:
            paint(painter, scene)
        painter.end()

    def show_preview(self, preview: Preview | None) -> None:
        if preview != self.preview:
            self.preview = preview
            self.viewport().update()

    # The current row.

    def place(self) -> int:
        return self._place or 0

    def page(self) -> int:
        """Rows in view, but one."""
        high = self.viewport().height() - self._theme.px(_HEAD)
        return max(1, high // self._theme.row("compact") - 1)

    def current_row(self) -> Row | None:
        if self._data is None or self._place is None:
            return None
        return self._data.shown.rows[self._place]

    def current_task(self) -> TaskRow | None:
        row = self.current_row()
        return row if isinstance(row, TaskRow) else None

    def go_to(self, task: bytes) -> bool:
        place = self._data.shown.places.get(task) if self._data is not None else None
        if place is None:
            return False
        self.go_to_row(place)
        return True

    def go_to_row(self, place: int) -> None:
        if self._data is None or not self._data.shown.rows:
            return
        place = max(0, min(place, len(self._data.shown.rows) - 1))
        row = self._data.shown.rows[place]
        self._current = ("task" if isinstance(row, TaskRow) else "stage", row.id)
        self._place = place
        self._show_row(place)
        self._speak(row)
        self.viewport().update()
        self.moved.emit()

    def _find_current(self) -> None:
        assert self._data is not None
        self._place = None
        if self._current is None:
            return
        kind, wanted = self._current
        if kind == "task" and wanted is not None:
            self._place = self._data.shown.places.get(wanted)
        elif kind == "stage":
            stages = (
                n
                for n, row in enumerate(self._data.shown.rows)
                if isinstance(row, StageRow) and row.id == wanted
            )
            self._place = next(stages, None)

    def _show_row(self, place: int) -> None:
        high, bar = self._theme.row("compact"), self.verticalScrollBar()
        page = self.viewport().height() - self._theme.px(_HEAD)
        if place * high < bar.value():
            bar.setValue(place * high)
        elif (place + 1) * high > bar.value() + page:
            bar.setValue((place + 1) * high - page)

    def _speak(self, row: Row) -> None:
        assert self._data is not None
        self.setAccessibleName(spoken(row, self._data))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    # Time in view.

    def span(self) -> tuple[int, int]:
        wide = self.viewport().width() - self.grid_width()
        return self.scale.moment(0), self.scale.moment(max(1, wide))

    def show_span(self, first: int, last: int) -> None:
        wide = max(50, self.viewport().width() - self.grid_width())
        self.set_scale(Scale(first, wide * HOUR_MS / max(60_000, last - first)).zoomed(1.0, 0))

    def set_scale(self, scale: Scale) -> None:
        self.scale = scale
        self._fitted = True
        self._set_ranges()
        self.viewport().update()
        self.scrolled.emit()

    def fit(self) -> None:
        """The whole plan."""
        if self._data is not None:
            self.show_span(*plan_span(self._data.times))

    def _look_first(self) -> None:
        if self._data is not None:
            rows = (self.viewport().height() - self._theme.px(_HEAD)) // self._theme.row("compact")
            self.show_span(*first_look(self._data, max(1, rows)))

    def zoom(self, factor: float, x: float | None = None) -> None:
        wide = self.viewport().width() - self.grid_width()
        self.set_scale(self.scale.zoomed(factor, wide / 2 if x is None else x))

    def show_moment(self, moment: int, share: float = 0.5) -> None:
        first, last = self.span()
        self.set_scale(Scale(moment - round((last - first) * share), self.scale.px_per_hour))

    def show_now(self) -> None:
        if self._data is not None:
            self.show_moment(self._data.times.now_ms)

    def walk_thread(self) -> None:
        """The next task of the critical path by time; after the last the first."""
        current = self.current_task()
        found = (
            next_on_thread(self._data, current.id if current is not None else None) if self._data else None
        )
        if found is not None:
            self.go_to_row(found[0])
            self.show_task_time(found[1])

    def show_task_time(self, task: bytes) -> None:
        """Its bar comes into view when none of it is."""
        bar = self._data.times.bars.get(task) if self._data is not None else None
        first, last = self.span()
        if bar is not None and (bar.finish_ms < first or bar.start_ms > last):
            self.show_moment(bar.start_ms, 0.3)

    def _set_ranges(self) -> None:
        if self._data is None:
            return
        self._setting = True
        high, port = self._theme.row("compact"), self.viewport()
        page = max(1, port.height() - self._theme.px(_HEAD))
        down = self.verticalScrollBar()
        down.setPageStep(page)
        down.setRange(0, max(0, len(self._data.shown.rows) * high - page))
        first, last = content_span(self._data.times)
        wide = max(1, port.width() - self.grid_width())
        per_ms = self.scale.px_per_hour / HOUR_MS
        across = self.horizontalScrollBar()
        across.setPageStep(wide)
        value = round((self.scale.origin_ms - first) * per_ms)
        across.setRange(min(0, value), max(value, round((last - first) * per_ms) - wide, 0))
        across.setValue(value)
        self._setting = False

    def scrollContentsBy(self, dx: int, _dy: int) -> None:  # noqa: N802 - a name of Qt
        if dx and not self._setting and self._data is not None:
            first, _last = content_span(self._data.times)
            moved = round(self.horizontalScrollBar().value() * HOUR_MS / self.scale.px_per_hour)
            self.scale = Scale(first + moved, self.scale.px_per_hour)
            self.scrolled.emit()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._data is not None and not self._fitted:
            self._look_first()
        self._set_ranges()
        self.scrolled.emit()

    # Keys and mouse.

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self._place is None:
            self.go_to_row(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not pressed(self, event):
            super().keyPressEvent(event)

    def cancel(self) -> bool:
        """Leaves what is dragged or linked; whether there was something."""
        was_busy = self._dragging.is_on or self.link_from is not None
        self._dragging.cancel()
        self.link_from = None
        self.show_preview(None)
        self.viewport().unsetCursor()
        return was_busy

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            x = max(0.0, event.position().x() - self.grid_width())
            self.zoom(ZOOM ** (event.angleDelta().y() / 120), x)
            event.accept()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            bar = self.horizontalScrollBar()
            bar.setValue(bar.value() - (event.angleDelta().y() or event.angleDelta().x()))
        else:
            super().wheelEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        scene = self.scene()
        if scene is None or event.button() != Qt.MouseButton.LeftButton:
            return
        at = event.position()
        place = scene.row_at(at.y())
        if place is None:
            return
        row = scene.data.shown.rows[place]
        if self.link_from is not None and isinstance(row, TaskRow):
            before, self.link_from = self.link_from, None
            self.viewport().unsetCursor()
            self.linked.emit(before, row.id)
            return
        self.go_to_row(place)
        if isinstance(row, StageRow):
            if at.x() < self._theme.px(40):
                self.folding.emit(row.id)
        else:
            self._dragging.begin(scene, place, row, at)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        scene = self.scene()
        if scene is not None:
            self._dragging.move(scene, event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        scene = self.scene()
        if scene is not None:
            self._dragging.end(scene, event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        row = self.current_row()
        if isinstance(row, StageRow):
            self.folding.emit(row.id)
        elif row is not None:
            self.wished.emit("open")
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent):
            self._explain(event)
            return True
        return super().viewportEvent(event)

    def _explain(self, event: QHelpEvent) -> None:
        scene = self.scene()
        place = scene.row_at(event.pos().y()) if scene is not None else None
        row = scene.data.shown.rows[place] if scene is not None and place is not None else None
        if scene is not None and isinstance(row, TaskRow):
            QToolTip.showText(event.globalPos(), tooltip(row, scene.data, self._theme.language), self)
        else:
            QToolTip.hideText()

    def task_at(self, scene: Scene, at: QPointF) -> TaskRow | None:
        place = scene.row_at(at.y())
        row = scene.data.shown.rows[place] if place is not None else None
        return row if isinstance(row, TaskRow) else None
