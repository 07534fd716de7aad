"""All gates in a row, open and closed, joined by a line: where we are on the way to live."""

from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.i18n import _
from ui.desktop.theme.theme import Theme


class Link(NamedTuple):
    id: bytes
    name: str
    sign: str
    tone: str
    state: str


class GateChain(QWidget):
    chosen = Signal(object)  # a gate's id

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._links: list[Link] = []
        self._current: bytes | None = None
        self.setFixedHeight(theme.px(44))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(_("Gates in order"))

    def set_links(self, links: list[Link], current: bytes | None) -> None:
        self._links, self._current = links, current
        here = next((link for link in links if link.id == current), None)
        self.setAccessibleDescription(f"{here.name}, {here.state}" if here else "")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(600), self._theme.px(44))

    def _spots(self) -> list[QRectF]:
        """Each gate takes its share; names are cut before they touch."""
        theme = self._theme
        if not self._links:
            return []
        wanted = [theme.metrics("strong").horizontalAdvance(link.name) + theme.px(26) for link in self._links]
        room = self.width() - theme.px(28) - theme.px(24) * (len(wanted) - 1)
        factor = min(1.0, room / max(sum(wanted), 1.0))
        gap = (
            theme.px(24) + max(0.0, room - sum(wanted)) / max(len(wanted) - 1, 1) if len(wanted) > 1 else 0.0
        )
        gap = min(gap, theme.px(120))
        spots, left = [], float(theme.px(14))
        for width in wanted:
            spots.append(QRectF(left, 0, width * factor, self.height()))
            left += width * factor + gap
        return spots

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        spots = self._spots()
        for number, (link, spot) in enumerate(zip(self._links, spots, strict=True)):
            chosen = link.id == self._current
            side = theme.px(16)
            theme.icons.paint(
                painter,
                link.sign,
                QRectF(spot.left(), (spot.height() - side) / 2, side, side),
                theme.color(link.tone),
            )
            role = "strong" if chosen else "body"
            painter.setFont(theme.font(role))
            painter.setPen(theme.color("text1" if chosen else "text2"))
            words = spot.adjusted(side + theme.px(8), 0, 0, 0)
            text = theme.metrics(role).elidedText(link.name, Qt.TextElideMode.ElideRight, words.width() + 1)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), text)
            if number + 1 < len(spots):
                painter.setPen(theme.color("soft"))
                middle = round(spot.center().y())
                painter.drawLine(
                    round(spot.right()) + theme.px(8),
                    middle,
                    round(spots[number + 1].left()) - theme.px(8),
                    middle,
                )
            if chosen:
                painter.fillRect(
                    QRectF(spot.left(), self.height() - 3, spot.width(), 3), theme.color("accent")
                )

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for link, spot in zip(self._links, self._spots(), strict=True):
            if spot.adjusted(-8, 0, 8, 0).contains(event.position()):
                self.chosen.emit(link.id)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not self._links:
            super().keyPressEvent(event)
            return
        ids = [link.id for link in self._links]
        here = ids.index(self._current) if self._current in ids else 0
        self.chosen.emit(ids[max(0, min(len(ids) - 1, here + step))])
