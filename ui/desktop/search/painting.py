"""A line of the search box: sign, words with what matched underlined, the other language in grey, its key."""

from typing import Any

from PySide6.QtCore import QLineF, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.i18n import _
from ui.desktop.components.keycap import keycap_size, paint_keycap
from ui.desktop.search.hits import KINDS, Hit
from ui.desktop.search.spelling import spans
from ui.desktop.theme.theme import Theme

_ROW, _HEAD, _GAP = 32, 28, 10
HIT, HEADED = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class HitPainter(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QObject) -> None:
        super().__init__(parent)
        self._theme = theme
        self.words: list[str] = []

    def sizeHint(self, _option: QStyleOptionViewItem, index: Any) -> QSize:
        return QSize(0, self._theme.px(_ROW + (_HEAD if index.data(HEADED) else 0)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Any) -> None:
        theme = self._theme
        hit: Hit = index.data(HIT)
        box = QRectF(option.rect)
        if index.data(HEADED):
            head = QRectF(
                box.left() + theme.px(16), box.top() + theme.px(4), box.width(), theme.px(_HEAD - 4)
            )
            painter.setFont(theme.font("meta"))
            painter.setPen(theme.color("text3"))
            painter.drawText(head, int(Qt.AlignmentFlag.AlignVCenter), _(KINDS[hit.kind]))
            box.setTop(box.top() + theme.px(_HEAD))
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(box, theme.color("accent"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.color("hover"))
        ink = theme.color("on_accent" if chosen else "text1")
        quiet = ink if chosen else theme.color("text3")
        side = theme.px(16)
        spot = QRectF(box.left() + theme.px(16), box.center().y() - side / 2, side, side)
        theme.icons.paint(painter, hit.icon, spot, ink if chosen else theme.color(hit.tone))
        right = self._caps(painter, hit, box, ink, chosen=chosen)
        left = box.left() + theme.px(42)
        room = QRectF(left, box.top(), right - left, box.height())
        used = self._words(painter, hit.text, room, ink, "body", 1.0 if not (hit.other or hit.fact) else 0.72)
        room.setLeft(room.left() + used + theme.px(_GAP))
        if hit.other and room.width() > theme.px(48):
            used = self._words(painter, hit.other, room, quiet, "body", 1.0)
            room.setLeft(room.left() + used + theme.px(_GAP))
        if hit.fact and room.width() > theme.px(60):
            painter.setFont(theme.font("meta"))
            painter.setPen(quiet)
            fact = theme.metrics("meta").elidedText(hit.fact, Qt.TextElideMode.ElideRight, room.width())
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(room, int(flags), fact)

    def _caps(self, painter: QPainter, hit: Hit, box: QRectF, ink: QColor, *, chosen: bool) -> float:
        """The key that does the same anywhere, and on the chosen line what Enter does; returns what is left of them."""
        theme = self._theme
        right = box.right() - theme.px(16)
        for text in (*(("↵",) if chosen else ()), *((hit.keys,) if hit.keys else ())):
            size = keycap_size(theme, text)
            cap = QRectF(
                right - size.width(), box.center().y() - size.height() / 2, size.width(), size.height()
            )
            if chosen:
                paint_keycap(painter, theme, cap, text, ink, ink, None)
            else:
                paint_keycap(
                    painter,
                    theme,
                    cap,
                    text,
                    theme.color("text2"),
                    theme.color("soft"),
                    theme.color("canvas"),
                )
            right = cap.left() - theme.px(6)
        return right - theme.px(6)

    def _words(
        self, painter: QPainter, text: str, room: QRectF, ink: QColor, role: str, share: float
    ) -> float:
        """One text in its room; what matched is underlined. Returns its width."""
        theme = self._theme
        metrics = theme.metrics(role)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width() * share)
        painter.setFont(theme.font(role))
        painter.setPen(ink)
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.setPen(QPen(ink, max(1.5, theme.scale * 1.5)))
        under = room.center().y() + metrics.ascent() / 2 + theme.px(2)
        for begin, end in spans(self.words, text):
            if end < len(shown) or shown == text:
                left = room.left() + metrics.horizontalAdvance(text[:begin])
                painter.drawLine(
                    QLineF(left, under, room.left() + metrics.horizontalAdvance(text[:end]), under)
                )
        return metrics.horizontalAdvance(shown)
