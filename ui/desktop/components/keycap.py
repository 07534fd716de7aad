"""Key caps: how a key looks beside the word for what it does."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.desktop.components.labels import label
from ui.desktop.theme.theme import Theme


def keycap_size(theme: Theme, text: str) -> QSize:
    width = max(theme.metrics("micro").horizontalAdvance(text) + theme.px(10), theme.px(18))
    return QSize(round(width), theme.px(17))


def paint_keycap(
    painter: QPainter, theme: Theme, box: QRectF, text: str, ink: QColor, edge: QColor, fill: QColor | None
) -> None:
    """`fill` None leaves the background through, for caps on a filled button."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(edge)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    frame = box.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(frame, theme.px(4), theme.px(4))
    if fill is not None:
        foot = frame.bottom() - 1
        painter.drawLine(
            round(frame.left()) + theme.px(3), round(foot), round(frame.right()) - theme.px(3), round(foot)
        )
    painter.setPen(ink)
    painter.setFont(theme.font("micro"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
    painter.restore()


class KeyCap(QWidget):
    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self._theme = theme
        self._text = text
        self.setFixedSize(keycap_size(theme, text))
        self.setAccessibleName(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        box = QRectF(self.rect())
        paint_keycap(
            painter, theme, box, self._text, theme.color("text2"), theme.color("soft"), theme.color("canvas")
        )


class KeyHints(QWidget):
    """The keys that matter here, each with its word; the last ones go where there is no room for all."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._parts: list[QWidget] = []
        self._hints: tuple[tuple[str, str], ...] = ()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(theme.px(12))
        self._row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def set_hints(self, hints: tuple[tuple[str, str], ...]) -> None:
        if hints == self._hints:
            return
        self._hints = hints
        for part in self._parts:
            self._row.removeWidget(part)
            part.hide()
            part.deleteLater()
        self._parts = [self._made(keys, word) for keys, word in hints]
        for number, part in enumerate(self._parts):
            self._row.insertWidget(number, part)
        self._show_what_fits()
        QTimer.singleShot(0, self, self._show_what_fits)  # the room is known once the words beside it are set

    def _made(self, keys: str, word: str) -> QWidget:
        part = QWidget()
        row = QHBoxLayout(part)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._theme.px(4))
        for key in keys.split(" "):
            row.addWidget(KeyCap(self._theme, key))
        row.addWidget(label(self._theme, word, "meta", "text2"))
        return part

    def _show_what_fits(self) -> None:
        left = self.width()
        for part in self._parts:
            left -= part.sizeHint().width()
            part.setVisible(left >= 0)
            left -= self._row.spacing()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_what_fits()
