"""How a cell of the checklist looks: signs, texts, totals, what is missing, and the violet frame of a conflict."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.domain.words import GateState, Requirement, Status
from app.i18n import _
from app.queries.checklist import StageRow, TaskRow
from ui.desktop.checklist.columns import Column, plan_difference, rehearsal_difference
from ui.desktop.checklist.grouping import HEADS, HeadRow
from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.checklist.words import STATUS_TONE, requirement_icon
from ui.desktop.components.avatar import paint_avatar
from ui.desktop.components.rows import RowPaint
from ui.desktop.theme.theme import Theme

_QUIET = {"quiet": "text2", "number": "text3"}
_MUCH_MINUTES, _MUCH_PART = 10, 0.25  # a rehearsal that differs by both is worth a second look


class Cells:
    def __init__(self, theme: Theme, model: ChecklistModel) -> None:
        self._theme = theme
        self._model = model
        self._painters: dict[str, Callable[[QPainter, QRectF, TaskRow, str], None]] = {
            "state": lambda painter, box, row, _text: self._sign(
                painter, box, row.status.value, STATUS_TONE[row.status], 16
            ),
            "owner": lambda painter, box, _row, text: self._paint_owner(painter, box, text),
            "due": self._paint_due,
            "checks": self._paint_checks,
            "proof": lambda painter, box, row, _text: self._paint_proof(painter, box, row),
            "why": self._paint_why,
            "slack": self._paint_slack,
            "rehearsal": self._paint_rehearsal,
            "against": self._paint_against,
            "rollback": self._paint_rollback,
        }

    def paint_row(self, painter: QPainter, what: RowPaint) -> None:
        theme, columns = self._theme, self._model.columns
        row = self._model.row_at(what.row)
        self._paint_ground(painter, what, stage=isinstance(row, HEADS))
        top, high, room = what.box.top(), what.box.height() - 1, theme.px(8)
        for number, left, width in what.spans:
            inner = QRectF(left + room, top, width - 2 * room, high)
            if isinstance(row, TaskRow):
                self._paint_task(painter, inner, row, columns[number], selected=what.selected)
            elif isinstance(row, HEADS):
                self._paint_head(painter, inner, row, columns[number])
            elif columns[number].id == "title":
                self._text(painter, inner, _("Type a task, Enter keeps it"), "body", "text3")
            if number == what.focused:
                self._ring(painter, QRectF(left, top, width, what.box.height()), "focus")

    def _paint_ground(self, painter: QPainter, what: RowPaint, *, stage: bool) -> None:
        """As wide as the columns, which may end before the window does."""
        theme, box = self._theme, what.box
        box = QRectF(0, box.top(), min(box.width(), what.spans[-1].left + what.spans[-1].width), box.height())
        if what.selected:
            painter.fillRect(box, theme.color("selected" if what.active else "selected_idle"))
        elif stage:
            painter.fillRect(box, theme.color("panel"))
        edge = QRectF(0, box.bottom() - 1, box.width(), 1)
        painter.fillRect(edge, theme.color("soft" if stage else "hair"))

    def _paint_task(
        self, painter: QPainter, box: QRectF, row: TaskRow, column: Column, *, selected: bool
    ) -> None:
        text = column.show(row, self._model.shown)
        missing = column.missing(row) if column.missing is not None else ""
        paint = self._painters.get(column.kind)
        if row.conflicts and self._model.is_torn(row, column):
            self._paint_conflict(painter, box, row, text, column)
        elif missing:
            self._paint_missing(painter, box, missing, right=column.right)
        elif paint is not None:
            paint(painter, box, row, text)
        else:
            strong = column.kind == "title" and selected
            tone = _QUIET.get(column.kind, "text1")
            if column.kind == "title" and row.status in (Status.DONE, Status.SKIPPED) and not selected:
                tone = "text2"
            role = "strong" if strong else "body"
            self._text(painter, box, text, role, tone, right=column.right)

    def _paint_head(self, painter: QPainter, box: QRectF, row: HeadRow, column: Column) -> None:
        theme = self._theme
        if column.id == "number":
            folded = self._model.is_folded(row.id)
            self._sign(painter, box, "right" if folded else "down", "text2", 16)
        elif column.id == "title":
            title = row.title or _("Without a stage")
            name = f"{row.number}  {title}" if isinstance(row, StageRow) else title
            room = theme.metrics("strong").horizontalAdvance(name) + theme.px(10)
            self._text(painter, box, name, "strong", "text1")
            if room + theme.px(60) < box.width():
                count = _("{done} of {total} done").format(
                    done=f"{row.done_count:,}", total=f"{row.task_count:,}"
                )
                self._text(painter, box.adjusted(room, 0, 0, 0), count, "meta", "text3")
        elif column.id == "proof" and isinstance(row, StageRow):
            self._paint_gate(painter, box, row)
        elif column.total is not None:
            strong = column.id == "minutes"
            text = column.total(row, self._model.shown)
            self._text(painter, box, text, "strong" if strong else "body", "text1", right=column.right)

    def _paint_gate(self, painter: QPainter, box: QRectF, row: StageRow) -> None:
        """How many of the signatures it needs the gate has; one that needs none says whether it is open."""
        if row.gate_id is None:
            return
        theme = self._theme
        is_open = row.gate_state not in (None, GateState.CLOSED)
        size = theme.px(16)
        left = QRectF(box.left(), box.top(), size, box.height())
        tone = "done" if is_open else "text2"
        self._sign(painter, left, "gate_open" if is_open else "gate_closed", tone, 16)
        word = _("{n} of {total}").format(n=min(row.signed, row.needed), total=row.needed)
        if not row.needed:
            word = _("open") if is_open else _("closed")
        self._text(painter, box.adjusted(size + theme.px(5), 0, theme.px(8), 0), word, "meta", tone)

    def _paint_missing(self, painter: QPainter, box: QRectF, word: str, *, right: bool) -> None:
        theme = self._theme
        size, gap = theme.px(14), theme.px(5)
        width = theme.metrics("body").horizontalAdvance(word)
        left = box.right() - width - gap - size if right else box.left()
        self._sign(painter, QRectF(left, box.top(), size, box.height()), "warning", "late", 14)
        words = QRectF(left + size + gap, box.top(), width + 2, box.height())
        self._text(painter, words, word, "body", "late")

    def _paint_slack(self, painter: QPainter, box: QRectF, row: TaskRow, text: str) -> None:
        bar = self._model.shown.bars.get(row.id)
        if bar is not None and bar.is_critical:
            size = self._theme.px(16)
            right = QRectF(box.right() - size, box.top(), size, box.height())
            self._sign(painter, right, "critical", "critical", 16)
        else:
            self._text(painter, box, text, "body", "text2", right=True)

    def _paint_rehearsal(self, painter: QPainter, box: QRectF, row: TaskRow, text: str) -> None:
        by = rehearsal_difference(row, self._model.shown) or 0
        much = by >= _MUCH_MINUTES and by >= _MUCH_PART * (row.minutes or 0)
        self._text(painter, box, text, "strong" if much else "body", "late" if much else "text2", right=True)

    def _paint_against(self, painter: QPainter, box: QRectF, row: TaskRow, text: str) -> None:
        late = (plan_difference(row, self._model.shown) or 0) > 0
        self._text(painter, box, text, "strong" if late else "body", "late" if late else "text2", right=True)

    def _paint_rollback(self, painter: QPainter, box: QRectF, row: TaskRow, text: str) -> None:
        tone = "text3" if row.rollback_minutes is None else "text1"
        self._text(painter, box, text, "body", tone, right=True)

    def _paint_checks(self, painter: QPainter, box: QRectF, row: TaskRow, text: str) -> None:
        tone = "done" if row.checks_passed == row.checks_total else "text2"
        self._text(painter, box, text, "body", tone, right=True)

    def _paint_why(self, painter: QPainter, box: QRectF, row: TaskRow, text: str) -> None:
        late = not row.why_not and row.late_minutes > 0
        tone = "late" if late or row.status is Status.CLAIMED else "text3"
        self._text(painter, box, text, "strong" if late else "meta", tone)

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
        )

    def _paint_due(self, painter: QPainter, box: QRectF, row: TaskRow, text: str) -> None:
        if not self._model.is_late(row):
            self._text(painter, box, text, "body", "text1")
            return
        size = self._theme.px(14)
        self._text(painter, box, text, "strong", "late")
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
            self._text(painter, rest, str(row.evidence_count), "meta", "text2")

    def _paint_conflict(
        self, painter: QPainter, box: QRectF, row: TaskRow, text: str, column: Column
    ) -> None:
        """The value that counts for now, in a frame with the diamond; a narrow cell has the diamond beside its sign."""
        theme = self._theme
        cell = box.adjusted(-theme.px(7), 1, theme.px(7), -1)
        painter.fillRect(cell, theme.color("conflict_soft"))
        self._ring(painter, cell.adjusted(0, -1, 0, 2), "conflict")
        if column.id == "state":
            half = cell.width() / 2
            diamond = QRectF(cell.left() + theme.px(1), box.top(), half, box.height())
            self._sign(painter, diamond, "conflict", "conflict", 11)
            sign = QRectF(cell.left() + half - theme.px(1), box.top(), half, box.height())
            self._sign(painter, sign, row.status.value, STATUS_TONE[row.status], 14)
            return
        words, size = text or _("nothing"), theme.px(14)
        room = box.adjusted(size - theme.px(2), 0, theme.px(3), 0)
        if column.right and theme.metrics("strong").horizontalAdvance(words) > room.width():
            room = cell.adjusted(
                theme.px(3), 0, -theme.px(3), 0
            )  # a number is not cut: the frame says enough
        else:
            left = QRectF(box.left() - theme.px(4), box.top(), size, box.height())
            self._sign(painter, left, "conflict", "conflict", 14)
        self._text(painter, room, words, "strong", "conflict", right=column.right)

    def _text(
        self, painter: QPainter, box: QRectF, text: str, role: str, tone: str, *, right: bool = False
    ) -> None:
        self._theme.words.paint(painter, box, text, role, self._theme.color(tone), right=right)

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
