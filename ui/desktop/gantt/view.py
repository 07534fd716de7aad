"""The Gantt screen: tools, the tape with what is in view, the chart, and what its looks mean."""

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.domain.durations import format_minutes
from app.i18n import N_, _
from ui.desktop.actions import Offer
from ui.desktop.components.buttons import DropButton, add_choice
from ui.desktop.components.empty import EmptyState
from ui.desktop.components.form import with_clear_button
from ui.desktop.components.labels import label
from ui.desktop.components.tape import Tape
from ui.desktop.desk import Desk
from ui.desktop.exporting import choose_file
from ui.desktop.gantt.changing import Changing
from ui.desktop.gantt.chart import Chart
from ui.desktop.gantt.export import pages, strips
from ui.desktop.gantt.legend import Legend
from ui.desktop.gantt.reading import GanttData, difference, gantt
from ui.desktop.gantt.words import lateness
from ui.desktop.moments import now_ms
from ui.desktop.paging import Pages, Paging, Picturing, written
from ui.desktop.theme.theme import Theme
from ui.desktop.to_plan import new_task_button, new_task_hints
from ui.desktop.views import View

_MINUTE_MS = 60_000
_HOUR_MS = 60 * _MINUTE_MS
_SPANS = (
    (N_("Hours"), 12 * _HOUR_MS),
    (N_("Days"), 72 * _HOUR_MS),
    (N_("Weeks"), 28 * 24 * _HOUR_MS),
    (N_("Months"), 180 * 24 * _HOUR_MS),
)


def _hints() -> tuple[tuple[str, str], ...]:
    return (
        ("F", _("fit")),
        ("+ −", _("zoom")),
        ("N", _("go to now")),
        ("C", _("follow the critical path")),
        ("L", _("link")),
    )


def _ready(_nothing: object) -> None:
    """What a change would do can be asked now without waiting."""


class GanttView(View):
    shows_tasks = True

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hints = _hints()
        self.chart = Chart(desk.theme)
        self.changing = Changing(desk, self.chart, self)
        self.tape = Tape(desk.theme)
        self.legend = Legend(desk.theme)
        self._wanted: bytes | None = None
        self._reading = self._again = False
        self._echo = False
        self._build()
        self._connect()

    def _build(self) -> None:
        theme = self.desk.theme
        self.tools = self._view_tools()
        self.empty = EmptyState(
            theme,
            "plan",
            _("Add the first task (Ins)"),
            _("Tasks and their links become bars and arrows here."),
        )
        self.empty.add_button(new_task_button(self.desk))
        self.stack = QStackedWidget()
        self.stack.addWidget(self.chart)
        self.stack.addWidget(self.empty)
        self.strip = QWidget()
        row = QHBoxLayout(self.strip)
        row.setContentsMargins(theme.px(14), theme.px(2), theme.px(14), 0)
        row.setSpacing(theme.px(16))
        self.window_words = label(theme, "", "strong")
        self.window_words.setMinimumWidth(theme.px(190))
        row.addWidget(self.window_words)
        row.addWidget(self.tape, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.strip)
        column.addWidget(self.stack, 1)
        column.addWidget(self.legend)

    def _view_tools(self) -> QWidget:
        theme = self.desk.theme
        tools = QWidget()
        row = QHBoxLayout(tools)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        self.filter = QLineEdit()
        self.filter.setFont(theme.font("body"))
        self.filter.setPlaceholderText(_("Filter: task, owner, number"))
        self.filter.setAccessibleName(self.filter.placeholderText())
        self.filter.setMaximumWidth(theme.px(240))
        with_clear_button(theme, self.filter)
        self.baseline = DropButton(theme, _("Baseline: shown"), self._fill_baseline)
        self.zooming = DropButton(theme, _("Zoom"), self._fill_zoom)
        self.exporting = DropButton(theme, _("Export"), self._fill_export, icon="download")
        self.late = label(theme, "", "strong", "late")
        row.addWidget(self.filter, 1)
        row.addWidget(self.baseline)
        row.addWidget(self.zooming)
        row.addStretch(1)
        row.addWidget(self.late)
        row.addWidget(self.exporting)
        return tools

    def _connect(self) -> None:
        self.chart.moved.connect(self._on_moved)
        self.chart.scrolled.connect(self._show_frame)
        self.chart.folding.connect(self._fold)
        self.chart.wished.connect(self._on_wish)
        self.tape.framed.connect(self.chart.show_span)
        self.desk.task_chosen.connect(self._on_chosen)
        self._typed = QTimer(self)
        self._typed.setSingleShot(True)
        self._typed.setInterval(120)
        self._typed.timeout.connect(self.reload)
        self.filter.textChanged.connect(lambda _text: self._typed.start())
        minute = QTimer(self)
        minute.setInterval(_MINUTE_MS)
        minute.timeout.connect(self._on_minute)
        minute.start()

    # Reading.

    def show_place(self) -> None:
        if self.desk.task_id is not None and self.desk.task_id != self.chosen_task():
            self._wanted = self.desk.task_id
        self.reload()

    def on_changes(self, _changes: Any) -> None:
        self.reload()

    def _on_minute(self) -> None:
        if self.isVisible() and not self.desk.bridge.is_closed:
            self.reload()

    def reload(self) -> None:
        if self.desk.project_id is None:
            return
        if self._reading:
            self._again = True  # many changes in a row are one more reading, not many
            return
        self._reading = True
        place = (self.desk.project_id, self.desk.run_id, self.desk.language, now_ms())
        shown = (self.chart.folded, self.filter.text())
        self.desk.bridge.fetch(gantt, *place, *shown, then=self._take, failed=self._not_read)

    def _not_read(self, _error: Exception) -> None:
        self._reading = self._again = False

    def _take(self, data: GanttData) -> None:
        self._reading = False
        if self._again:
            self._again = False
            self.reload()
            return
        self.desk.zone = data.times.zone
        old = self.chart.data
        if old is not None and (old.times.project, old.times.run) != (data.times.project, data.times.run):
            self.chart.forget()
        self.chart.take(data)
        is_empty = not (data.listed.tasks or data.listed.stages)
        self.stack.setCurrentWidget(self.empty if is_empty else self.chart)
        self.strip.setHidden(is_empty)  # where there is nothing to move over, and nothing to explain
        self.legend.setHidden(is_empty)
        self.set_hints(new_task_hints() if is_empty else _hints())
        self.tape.take(data.tape)
        self.desk.bridge.work(data.forecast.prepare, then=_ready)
        self._show_words(data)
        self._show_frame()
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self._go_to(wanted)
        if self.desk.run_id is None:
            self.desk.run_id = data.times.run
        self.desk.selected.emit(self.status())

    def _show_words(self, data: GanttData) -> None:
        times = data.times
        if times.window_start_ms is not None and times.window_end_ms is not None:
            minutes = (times.window_end_ms - times.window_start_ms) // _MINUTE_MS
            told = _("Whole window, {length}")
        else:
            minutes, told = (times.end_ms - times.start_ms) // _MINUTE_MS, _("Whole plan, {length}")
        self.window_words.setText(told.format(length=format_minutes(minutes, self.desk.language)))
        late = round((times.end_ms - times.planned_end_ms) / _MINUTE_MS)
        self.late.setText(
            _("{late} at the end").format(late=lateness(late, self.desk.language)) if late > 0 else ""
        )

    def _show_frame(self) -> None:
        if self.chart.data is not None:
            self.tape.set_frame(*self.chart.span())

    # Selecting.

    def _on_moved(self) -> None:
        task = self.chosen_task()
        if task is not None and not self._echo:
            self.desk.choose_task(task, self)
        self.desk.selected.emit(self.status())

    def _on_chosen(self, task: bytes | None, origin: QObject | None) -> None:
        if origin is not self and task is not None and self.isVisible():
            self._go_to(task)

    def _go_to(self, task: bytes) -> None:
        self._echo = True
        if self.chart.go_to(task):
            self.chart.show_task_time(task)
        self._echo = False

    def chosen_task(self) -> bytes | None:
        task = self.chart.current_task()
        return task.id if task is not None else None

    def show_task(self, task: bytes) -> None:
        self._wanted = task
        self.filter.clear()
        self.chart.folded = frozenset()
        self.reload()
        self.take_focus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The empty screen takes the key it shows."""
        if event.key() == Qt.Key.Key_Insert:
            self.desk.go_to.emit("plan/checklist")
        else:
            super().keyPressEvent(event)

    def take_focus(self) -> None:
        (self.chart if self.stack.currentWidget() is self.chart else self.empty).setFocus()

    def offers(self) -> tuple[Offer, ...]:
        spans = (
            Offer(text, partial(self.show_length, length), icon="search", menu="view")
            for text, length in _SPANS
        )
        return (
            Offer(N_("Fit the whole plan"), self.chart.fit, "F", "plan"),
            Offer(N_("Go to now"), self.chart.show_now, "N", "clock"),
            Offer(N_("Follow the critical path"), self.chart.walk_thread, "C", "critical"),
            Offer(N_("Link from here"), partial(self.chart.wished.emit, "link"), "L", "link"),
            Offer(N_("Export as PDF…"), partial(self._choose_file, ".pdf"), icon="download"),
            Offer(N_("Export as a picture…"), partial(self._choose_file, ".png"), icon="download"),
            *spans,
        )

    def show_matching(self, text: str) -> None:
        self.filter.setText(text)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.filter, self.tape, self.chart)

    def status(self) -> str:
        row, data = self.chart.current_task(), self.chart.data
        bar = data.times.bars.get(row.id) if row is not None and data is not None else None
        if row is None or bar is None:
            return ""
        parts = [row.number]
        if bar.is_critical:
            parts.append(_("critical"))
        else:
            parts.append(
                _("slack {length}").format(length=format_minutes(bar.slack_minutes, self.desk.language))
            )
        late = difference(bar)
        if late:
            parts.append(_("{n} min against the plan").format(n=f"{late:+d}"))
        return " · ".join(parts)

    # Tools.

    def _fold(self, stage: bytes | None) -> None:
        self.chart.folded = self.chart.folded ^ {stage}
        self.reload()

    def _fold_all(self, *, fold: bool) -> None:
        data = self.chart.data
        if data is not None:
            self.chart.folded = frozenset(stage.id for stage in data.listed.stages) if fold else frozenset()
            self.reload()

    def _on_wish(self, wish: str) -> None:
        if wish == "link":
            self.changing.begin_link()
        elif self.chosen_task() is not None:
            self.desk.go_to.emit("plan/checklist")

    def _fill_baseline(self, menu: QMenu) -> None:
        for text, shown in ((_("Baseline: shown"), True), (_("Baseline: hidden"), False)):
            add_choice(
                menu, text, partial(self.show_baseline, shown=shown), checked=self.chart.baseline == shown
            )

    def show_baseline(self, *, shown: bool) -> None:
        self.chart.baseline = shown
        self.baseline.set_word(_("Baseline: shown") if shown else _("Baseline: hidden"))
        self.chart.viewport().update()

    def _fill_zoom(self, menu: QMenu) -> None:
        add_choice(menu, _("Fit the plan"), self.chart.fit)
        for text, span in _SPANS:
            add_choice(menu, _(text), partial(self.show_length, span))
        menu.addSeparator()
        add_choice(menu, _("Go to now"), self.chart.show_now)
        add_choice(menu, _("Fold all stages"), partial(self._fold_all, fold=True))
        add_choice(menu, _("Unfold all stages"), partial(self._fold_all, fold=False))

    def show_length(self, length_ms: int) -> None:
        first, last = self.chart.span()
        middle = (first + last) // 2
        self.chart.show_span(middle - length_ms // 2, middle + length_ms // 2)

    def _fill_export(self, menu: QMenu) -> None:
        add_choice(menu, _("Pages (PDF)"), partial(self._choose_file, ".pdf"))
        add_choice(menu, _("Picture (PNG)"), partial(self._choose_file, ".png"))

    def _choose_file(self, suffix: str) -> None:
        data = self.chart.data
        if data is None:
            return
        to = choose_file(self, _("Export the Gantt"), data.listed.project.name, suffix)
        if to is not None:
            self.export(to)

    def export(self, to: Path) -> None:
        data, theme = self.chart.data, self.desk.theme
        if data is None:
            return
        if to.suffix.casefold() == ".pdf":
            Paging(self.desk, to, self._pages, self)
            return
        place = (self.chart.scale, self.chart.viewport().width(), self.chart.grid_width())
        Picturing(self.desk, to, strips(theme, data, self.chart.folded, *place), self)

    def write_pages(self, to: Path) -> int:
        """All at once; returns how many."""
        return written(self._pages(to))

    def _pages(self, to: Path) -> Pages:
        """The whole plan, whatever is in view; on white, with letters that can be searched."""
        assert self.chart.data is not None
        own = self.desk.theme
        plain = Theme("light", own.families, own.scale, own.language, plain=True)
        sample = self.desk.bridge.workspace.is_sample
        return pages(plain, self.chart.data, self.chart.folded, to, sample=sample)
