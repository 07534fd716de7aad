"""The heads of the columns: a click sorts, a drag moves or widens, an arrow says by which the rows are sorted."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from ui.desktop.checklist.model import ChecklistModel
from ui.desktop.theme.theme import Theme


class Head(QHeaderView):
    def __init__(self, theme: Theme, model: ChecklistModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._theme = theme
        self._rows = model
        self.setFont(theme.font("meta"))
        self.setFixedHeight(theme.row("header"))
        self.setHighlightSections(False)
        self.setMinimumSectionSize(theme.px(28))
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setMouseTracking(True)

    def paintSection(self, painter: QPainter, rect: object, section: int) -> None:  # noqa: N802 - Qt's name
        """Aligned with the cells below; the arrow stands where it moves no word."""
        theme, column = self._theme, self._rows.columns[section]
        box = QRectF(rect)  # type: ignore[call-overload]  # a QRect, by Qt's own word
        painter.fillRect(box, theme.color("panel"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("soft"))
        inner = box.adjusted(theme.px(8), 0, -theme.px(8), -1)
        order = self._rows.outline.order
        is_sorted = order.column == column.id
        text = column.title(self._rows.shown)
        role = "meta"
        metrics = theme.metrics(role)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width() + 1)
        side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
        painter.setFont(theme.font(role))
        painter.setPen(theme.color("text1" if is_sorted else "text3"))
        painter.drawText(inner, int(side | Qt.AlignmentFlag.AlignVCenter), text)
        if is_sorted:
            width = metrics.horizontalAdvance(text)
            gap = theme.px(7)
            x = (
                inner.right() - width - gap
                if column.right
                else min(inner.left() + width + gap, box.right() - 5)
            )
            x = box.center().x() if not text else max(x, box.left() + theme.px(5))
            self._paint_arrow(painter, QPointF(x, inner.center().y()), down=order.descending)

    def _paint_arrow(self, painter: QPainter, centre: QPointF, *, down: bool) -> None:
        half, high = self._theme.px(4), self._theme.px(5) * (1 if down else -1)
        top = centre.y() - high / 2
        points = (
            QPointF(centre.x() - half, top),
            QPointF(centre.x() + half, top),
            QPointF(centre.x(), top + high),
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("text1"))
        painter.drawPolygon(QPolygonF(list(points)))
        painter.restore()
