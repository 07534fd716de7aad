"""The audit log: every action in its sentence, newest first, and the chosen one in full with what takes it back."""

from typing import Any

from PySide6.QtCore import QRectF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.i18n import N_, _, ngettext
from ui.desktop.actions import Offer
from ui.desktop.checklist.model import Index
from ui.desktop.components.avatar import paint_avatar
from ui.desktop.components.form import with_clear_button
from ui.desktop.components.labels import label
from ui.desktop.components.panel import Panel
from ui.desktop.desk import Desk
from ui.desktop.log.details import Details, details
from ui.desktop.log.entry import fill_entry
from ui.desktop.log.model import HEADS, DayRow, LogModel, LogRow
from ui.desktop.log.reading import log_shown
from ui.desktop.theme.theme import Theme
from ui.desktop.views import View

_PAGE = 300
_NARROW = 1150
_WIDTHS = (76, 86, 190, 0, 200, 40)
_TONES = ("text3", "text2", "text1", "text1", "text2", "text1")


class _LogDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, model: LogModel, parent: View) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._theme
        row = self._model.row_at(index.row())
        box = QRectF(option.rect)
        state = option.state
        day = isinstance(row, DayRow)
        if day:
            painter.fillRect(box, theme.color("panel"))
        elif state & QStyle.StateFlag.State_Selected:
            active = bool(state & QStyle.StateFlag.State_Active)
            painter.fillRect(box, theme.color("selected" if active else "selected_idle"))
        painter.fillRect(
            QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("soft" if day else "hair")
        )
        inner = box.adjusted(theme.px(14 if index.column() == 0 else 8), 0, -theme.px(6), -1)
        if isinstance(row, DayRow):
            if index.column() == 0:
                self._text(
                    painter,
                    QRectF(inner.left(), inner.top(), 400, inner.height()),
                    row.text,
                    "strong",
                    "text1",
                )
            return
        text = self._model.text_at(index.row(), index.column())
        if index.column() == 2 and text:
            side = theme.px(18)
            disc = QRectF(inner.left(), round(inner.center().y() - side / 2), side, side)
            paint_avatar(painter, theme, disc, text)
            inner.setLeft(inner.left() + side + theme.px(6))
        if index.column() == 5:
            self._paint_seal(painter, box, row)
            return
        self._text(painter, inner, text, "body", _TONES[index.column()])

    def _paint_seal(self, painter: QPainter, box: QRectF, row: LogRow) -> None:
        side = self._theme.px(16)
        spot = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
        sign, tone = ("seal_fits", "done") if row.final else ("seal_none", "strong")
        self._theme.icons.paint(painter, sign, spot, self._theme.color(tone))

    def _text(self, painter: QPainter, box: QRectF, text: str, role: str, tone: str) -> None:
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.color(tone))
        shown = self._theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter), shown)


class LogView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.hints = (("↑ ↓", _("entry")), ("/", _("filter")), ("U", _("take this back")))
        theme = desk.theme
        self._limit = _PAGE
        self._wanted: bytes | None = None
        self.model = LogModel(self)
        self.table = QTableView()
        self.filter = QLineEdit()
        self.count = label(theme, "", "meta", "text3")
        self.panel = Panel(theme, 420)
        self._build()
        self.filter.textChanged.connect(self._on_filter)
        self.table.selectionModel().currentRowChanged.connect(self._on_current)
        self.table.verticalScrollBar().valueChanged.connect(self._on_scrolled)
        self._look = QTimer(self)
        self._look.setSingleShot(True)
        self._look.setInterval(60)
        self._look.timeout.connect(self._ask_details)
        self._show(None)

    def _build(self) -> None:
        theme = self.desk.theme
        self.table.setModel(self.model)
        self.table.setItemDelegate(_LogDelegate(theme, self.model, self))
        self.table.setShowGrid(False)
        self.table.setAccessibleName(_("Audit log"))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.table.setTabKeyNavigation(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(theme.row("normal"))
        self.table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.table.horizontalHeader()
        head.setFont(theme.font("meta"))
        head.setFixedHeight(theme.row("header"))
        head.setHighlightSections(False)
        for number, width in enumerate(_WIDTHS):
            if width:
                self.table.setColumnWidth(number, theme.px(width))
            else:
                head.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        self._lay_out()

    def _lay_out(self) -> None:
        theme = self.desk.theme
        self.filter.setFont(theme.font("body"))
        self.filter.setPlaceholderText(_("Filter: person, task, word"))
        self.filter.setAccessibleName(self.filter.placeholderText())
        self.filter.setMaximumWidth(theme.px(280))
        with_clear_button(theme, self.filter)
        bar = QFrame()
        bar.setProperty("edge", "bottom")
        bar.setFixedHeight(theme.row("viewbar"))
        line = QHBoxLayout(bar)
        line.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        line.addWidget(self.filter, 1)
        line.addStretch(1)
        line.addWidget(self.count)
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(bar)
        left.addWidget(self.table, 1)
        side = QFrame()
        side.setProperty("edge", "left")
        inside = QVBoxLayout(side)
        inside.setContentsMargins(1, 0, 0, 0)
        inside.addWidget(self.panel)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addLayout(left, 1)
        row.addWidget(side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the sentence keeps its room."""
        super().resizeEvent(event)
        narrow = event.size().width() < self.desk.theme.px(_NARROW)
        self.panel.setFixedWidth(self.desk.theme.px(300 if narrow else 420))
        self.table.setColumnHidden(HEADS.index("Why"), narrow)
        self.table.setColumnWidth(HEADS.index("Who"), self.desk.theme.px(140 if narrow else 190))

    # Reading.

    def show_place(self) -> None:
        self.reload()

    def on_changes(self, _changes: Any) -> None:
        self.reload()

    def reload(self) -> None:
        place = (self.desk.project_id, self.desk.language, self.desk.zone, self._limit)
        self.desk.bridge.fetch(log_shown, *place, then=self._take)

    def _take(self, rows: list[LogRow | DayRow]) -> None:
        chosen = self.chosen()
        self.model.take(rows)
        self._span_days()
        self._count()
        wanted, self._wanted = self._wanted or (chosen.action if chosen is not None else None), None
        row = self.model.find(wanted) if wanted is not None else -1
        if row < 0:
            row = next(
                (n for n in range(self.model.rowCount()) if isinstance(self.model.row_at(n), LogRow)), -1
            )
        if row >= 0:
            self.table.selectRow(row)
            self._look.start()

    def _span_days(self) -> None:
        self.table.clearSpans()
        for row in range(self.model.rowCount()):
            if isinstance(self.model.row_at(row), DayRow):
                self.table.setSpan(row, 0, 1, self.model.columnCount())

    def _count(self) -> None:
        count = self.model.count()
        text = ngettext("{n} entry", "{n} entries", count).format(n=f"{count:,}")
        if count >= self._limit:
            text = _("the newest {n} entries; scroll for more").format(n=f"{count:,}")
        self.count.setText(text)

    def _on_scrolled(self, value: int) -> None:
        """The next page when the end comes into view."""
        if self.model.count() >= self._limit and value >= self.table.verticalScrollBar().maximum() - 10:
            self._limit += _PAGE
            self.reload()

    def _on_filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._span_days()
        self._count()

    # One entry.

    def chosen(self) -> LogRow | None:
        index = self.table.currentIndex()
        if not index.isValid() or index.row() >= self.model.rowCount():
            return None
        row = self.model.row_at(index.row())
        return row if isinstance(row, LogRow) else None

    def _on_current(self, _current: Index, _previous: Index) -> None:
        self._look.start()

    def _ask_details(self) -> None:
        row = self.chosen()
        self._show(row)
        if row is not None:
            self.desk.bridge.fetch(details, row.action, row.rev, then=self._take_details)

    def _take_details(self, found: Details) -> None:
        row = self.chosen()
        if row is not None and row.action == found.action:
            self._show(row, found)

    def _show(self, row: LogRow | None, found: Details | None = None) -> None:
        fill_entry(self.panel.begin(), self.desk, row, found, self.take_back)

    def take_back(self) -> None:
        row = self.chosen()
        if row is not None and row.undoable:
            self.desk.bridge.run("app.commands.history:revert", row.action, then=self._taken_back)

    def _taken_back(self, done: Any) -> None:
        kept = len(done.result or ())
        text = _("Taken back.")
        if kept:
            left = ngettext(
                "{n} value was changed since and stays.", "{n} values were changed since and stay.", kept
            )
            text = f"{text} {left.format(n=kept)}"
        self.desk.say(text, "late" if kept else "done")

    def offers(self) -> tuple[Offer, ...]:
        return (
            Offer(N_("Filter the log"), self.filter.setFocus, "/", "filter"),
            Offer(N_("Take this entry back"), self.take_back, "U", "undo"),
        )

    def show_matching(self, text: str) -> None:
        self.filter.setText(text)

    def show_thing(self, id: bytes) -> None:
        row = self.model.find(id)
        self._wanted = id if row < 0 else None  # the entries are still on their way
        if row >= 0:
            self.table.selectRow(row)

    def panes(self) -> tuple[QWidget, ...]:
        return (self.filter, self.table, self.panel)

    def take_focus(self) -> None:
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() == "/":
            self.filter.setFocus()
        elif event.key() == Qt.Key.Key_U:
            self.take_back()
        elif event.key() == Qt.Key.Key_Escape:
            self.filter.clear()
            self.take_focus()
        else:
            super().keyPressEvent(event)
