"""Paints every cell of the checklist and opens its editors."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QCompleter,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.domain.durations import format_minutes
from app.domain.words import GateState, Requirement, Status
from app.i18n import _
from app.queries.checklist import StageRow, TaskRow
from ui.desktop.checklist.columns import Column
from ui.desktop.checklist.model import ChecklistModel, Index
from ui.desktop.checklist.outline import DraftRow
from ui.desktop.checklist.words import STATUS_TONE, requirement_icon
from ui.desktop.components.avatar import paint_avatar
from ui.desktop.theme.theme import Theme

_VCENTER = int(Qt.AlignmentFlag.AlignVCenter)
_LEFT = _VCENTER | int(Qt.AlignmentFlag.AlignLeft)
_RIGHT = _VCENTER | int(Qt.AlignmentFlag.AlignRight)
_CENTER = int(Qt.AlignmentFlag.AlignCenter)
_HELD = QStyle.StateFlag
_QUIET = {"quiet": "text2", "number": "text3"}


class ChecklistDelegate(QStyledItemDelegate):
    left_editor = Signal(str)  # "down", "right", "left" or "stay"

    def __init__(
        self, theme: Theme, model: ChecklistModel, people: Callable[[], list[str]], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._people = people
        self.editing: QLineEdit | None = None
        self.left_by_enter = False

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(0, self._theme.row("normal"))

    # Painting.

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.row_at(index.row())
        column = self._model.columns[index.column()]
        box = QRectF(option.rect)
        state = option.state
        selected = bool(state & _HELD.State_Selected)
        self._paint_ground(painter, box, row, selected=selected, active=bool(state & _HELD.State_Active))
        inner = box.adjusted(self._theme.px(8), 0, -self._theme.px(8), -1)
        if isinstance(row, TaskRow):
            self._paint_task(painter, inner, row, column, selected=selected)
        elif isinstance(row, StageRow):
            self._paint_stage(painter, inner, row, column)
        elif column.id == "title":
            self._text(painter, inner, _("Type a task, Enter keeps it"), "body", "text3", _LEFT)
        if state & _HELD.State_HasFocus:
            self._ring(painter, box, "focus")

    def _paint_ground(
        self, painter: QPainter, box: QRectF, row: object, *, selected: bool, active: bool
    ) -> None:
        theme = self._theme
        stage = isinstance(row, StageRow)
        if selected:
            painter.fillRect(box, theme.color("selected" if active else "selected_idle"))
        elif stage:
            painter.fillRect(box, theme.color("panel"))
        painter.fillRect(
            QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("soft" if stage else "hair")
        )

    def _paint_task(
        self, painter: QPainter, box: QRectF, row: TaskRow, column: Column, *, selected: bool
    ) -> None:
        text = column.show(row, self._model.shown)
        if column.field and column.field in row.conflicts:
            self._paint_conflict(painter, box, text, column)
            return
        kind = column.kind
        if kind == "state":
            self._sign(painter, box, row.status.value, STATUS_TONE[row.status], 16)
        elif kind == "owner":
            self._paint_owner(painter, box, text)
        elif kind == "due":
            self._paint_due(painter, box, row, text)
        elif kind == "checks":
            tone = "done" if row.checks_passed == row.checks_total else "text2"
            self._text(painter, box, text, "body", tone, _RIGHT)
        elif kind == "proof":
            self._paint_proof(painter, box, row)
        elif kind == "why":
            late = not row.why_not and row.late_minutes > 0
            tone = "late" if late or row.status is Status.CLAIMED else "text3"
            self._text(painter, box, text, "strong" if late else "meta", tone, _LEFT)
        else:
            strong = kind == "title" and selected
            tone = _QUIET.get(kind, "text1")
            if kind == "title" and row.status in (Status.DONE, Status.SKIPPED) and not selected:
                tone = "text2"
            self._text(
                painter, box, text, "strong" if strong else "body", tone, _RIGHT if column.right else _LEFT
            )

    def _paint_stage(self, painter: QPainter, box: QRectF, row: StageRow, column: Column) -> None:
        theme = self._theme
        if column.id == "number":
            folded = self._model.is_folded(row.id)
            self._sign(painter, box, "right" if folded else "down", "text2", 16)
        elif column.id == "title":
            name = f"{row.number}  {row.title or _('Without a stage')}"
            room = theme.metrics("strong").horizontalAdvance(name) + theme.px(10)
            self._text(painter, box, name, "strong", "text1", _LEFT)
            if room + theme.px(60) < box.width():
                count = _("{done} of {total} done").format(done=row.done_count, total=row.task_count)
                self._text(painter, box.adjusted(room, 0, 0, 0), count, "meta", "text3", _LEFT)
        elif column.id == "minutes":
            text = format_minutes(row.minutes, self._model.shown.language) if row.minutes else ""
            self._text(painter, box, text, "strong", "text1", _RIGHT)
        elif column.id == "proof" and row.gate_id is not None:
            is_open = row.gate_state not in (None, GateState.CLOSED)
            size = theme.px(16)
            left = QRectF(box.left(), box.top(), size, box.height())
            tone = "done" if is_open else "text2"
            self._sign(painter, left, "gate_open" if is_open else "gate_closed", tone, 16)
            word = _("open") if is_open else _("closed")
            self._text(
                painter, box.adjusted(size + theme.px(5), 0, theme.px(8), 0), word, "meta", tone, _LEFT
            )

    def _paint_owner(self, painter: QPainter, box: QRectF, name: str) -> None:
        if not name:
            return
        size = self._theme.px(18)
        disc = QRectF(box.left(), round(box.center().y() - size / 2), size, size)
        paint_avatar(painter, self._theme, disc, name)
        self._text(
            painter,
            box.adjusted(size + self._theme.px(6), 0, self._theme.px(6), 0),
            name,
            "body",
            "text1",
            _LEFT,
        )

    def _paint_due(self, painter: QPainter, box: QRectF, row: TaskRow, text: str) -> None:
        if not self._model.is_late(row):
            self._text(painter, box, text, "body", "text1", _LEFT)
            return
        size = self._theme.px(14)
        self._text(painter, box, text, "strong", "late", _LEFT)
        right = QRectF(box.right() - size + self._theme.px(4), box.top(), size, box.height())
        self._sign(painter, right, "late", "late", 14)

    def _paint_proof(self, painter: QPainter, box: QRectF, row: TaskRow) -> None:
        theme = self._theme
        tone = {Status.DONE: "done", Status.CLAIMED: "late"}.get(row.status, "text3")
        left = box.left()
        for requirement in row.requires:
            size = theme.px(16)
            self._sign(
                painter,
                QRectF(left, box.top(), size, box.height()),
                requirement_icon(Requirement(requirement)),
                tone,
                16,
            )
            left += size + theme.px(3)
        if row.evidence_count:
            rest = QRectF(
                left + theme.px(1), box.top(), max(box.right() - left + theme.px(6), 0), box.height()
            )
            self._text(painter, rest, str(row.evidence_count), "meta", "text2", _LEFT)

    def _paint_conflict(self, painter: QPainter, box: QRectF, text: str, column: Column) -> None:
        theme = self._theme
        cell = box.adjusted(-theme.px(7), 1, theme.px(7), -1)
        painter.fillRect(cell, theme.color("conflict_soft"))
        self._ring(painter, cell.adjusted(0, -1, 0, 2), "conflict")
        size = theme.px(14)
        self._sign(
            painter,
            QRectF(box.left() - theme.px(4), box.top(), size, box.height()),
            "conflict",
            "conflict",
            14,
        )
        room = box.adjusted(size, 0, theme.px(2), 0)
        self._text(painter, room, text, "strong", "conflict", _RIGHT if column.right else _LEFT)

    def _text(self, painter: QPainter, box: QRectF, text: str, role: str, tone: str, flags: int) -> None:
        if not text:
            return
        theme = self._theme
        metrics = theme.metrics(role)
        if metrics.horizontalAdvance(text) > box.width():
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.setFont(theme.font(role))
        painter.setPen(theme.color(tone))
        painter.drawText(box, flags | int(Qt.TextFlag.TextSingleLine), text)

    def _sign(self, painter: QPainter, box: QRectF, name: str, tone: str, size: int) -> None:
        side = self._theme.px(size)
        centre = box.center()
        self._theme.icons.paint(
            painter,
            name,
            QRectF(centre.x() - side / 2, centre.y() - side / 2, side, side),
            self._theme.color(tone),
        )

    def _ring(self, painter: QPainter, box: QRectF, tone: str) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._theme.color(tone), 2))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -2), 3, 3)
        painter.restore()

    # Editing.

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        column = self._model.columns[index.column()]
        editor = QLineEdit(parent)
        editor.setProperty("cell", "true")
        editor.setFont(self._theme.font("body"))
        editor.setAccessibleName(_(column.head))
        if column.right:
            editor.setAlignment(Qt.AlignmentFlag.AlignRight)
        if column.field == "owner":
            completer = QCompleter(self._people(), editor)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            if (popup := completer.popup()) is not None:
                popup.setFont(self._theme.font("body"))
            editor.setCompleter(completer)
        self.editing = editor
        self.left_by_enter = False
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        """A change that arrives while somebody types must not take the typed text away."""
        if isinstance(editor, QLineEdit) and not editor.isModified():
            editor.setText(self._model.text_at(index.row(), index.column()))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        if isinstance(editor, QLineEdit) and (
            editor.isModified() or isinstance(self._model.row_at(index.row()), DraftRow)
        ):
            model.setData(index, editor.text())

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        editor.setGeometry(option.rect)

    def destroyEditor(self, editor: QWidget, index: Index) -> None:
        self.editing = None
        super().destroyEditor(editor, index)

    def eventFilter(self, editor: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and isinstance(editor, QLineEdit)
        ):
            named = {
                Qt.Key.Key_Return: "down",
                Qt.Key.Key_Enter: "down",
                Qt.Key.Key_Tab: "right",
                Qt.Key.Key_Backtab: "left",
            }
            where = named.get(Qt.Key(event.key()))
            if where is not None:
                self.left_by_enter = where == "down"
                self.commitData.emit(editor)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.NoHint)
                self.left_editor.emit(where)
                return True
            if event.key() == Qt.Key.Key_Escape:
                editor.setModified(False)
                self.closeEditor.emit(editor, QStyledItemDelegate.EndEditHint.RevertModelCache)
                self.left_editor.emit("stay")
                return True
        return super().eventFilter(editor, event)
