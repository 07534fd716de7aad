"""A square code (QR) on the screen: dark on light in every theme, with the quiet rim that cameras need."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.reports.square import square_code
from ui.desktop.theme.theme import Theme

_RIM = 4  # modules


class SquareCode(QWidget):
    def __init__(self, theme: Theme, text: str, spoken: str, size: int = 232) -> None:
        super().__init__()
        self.modules = square_code(text)
        count = len(self.modules) + 2 * _RIM
        self._side = max(1, round(theme.px(size) / count))  # whole pixels: no module is blurred
        self.setFixedSize(self._side * count, self._side * count)
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        side, start = self._side, self._side * _RIM
        painter.setPen(Qt.PenStyle.NoPen)
        for row, line in enumerate(self.modules):
            for column, dark in enumerate(line):
                if dark:
                    box = QRectF(start + column * side, start + row * side, side, side)
                    painter.fillRect(box, QColor("black"))
