"""A person as a small disc: two initials in Latin script, the last character of the name in Chinese."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from ui.desktop.components.pixmaps import is_paper
from ui.desktop.theme.theme import Theme


def initials(name: str) -> str:
    words = name.split()
    if not words:
        return "?"
    if (
        ord(words[-1][-1]) > 0x2E7F
    ):  # Han, kana, hangul: family name first, so the last sign is the given name's
        return words[-1][-1]
    if len(words) == 1:
        return words[0][:2].upper()
    return (words[0][0] + words[-1][0]).upper()


def paint_avatar(painter: QPainter, theme: Theme, box: QRectF, name: str, *, strong: bool = False) -> None:
    """On a screen from a pixmap that is kept."""
    if is_paper(painter):
        draw_avatar(painter, theme, box, name, strong=strong)
        return
    ratio, letters = painter.device().devicePixelRatio(), initials(name)
    size = QRectF(0, 0, box.width(), box.height())
    pixmap = theme.pixmaps.made(
        ("avatar", letters, strong, box.width(), box.height(), ratio),
        *(box.width(), box.height(), ratio),
        lambda painter: draw_avatar(painter, theme, size, name, strong=strong),
    )
    painter.drawPixmap(box.topLeft(), pixmap)


def draw_avatar(painter: QPainter, theme: Theme, box: QRectF, name: str, *, strong: bool = False) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.color("accent" if strong else "soft"))
    painter.setBrush(theme.color("accent" if strong else "waiting_soft"))
    painter.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5))
    font = painter.font()
    font.setFamilies(list(theme.families))
    font.setPixelSize(max(7, round(box.height() * 0.42)))
    font.setWeight(font.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(theme.color("on_accent" if strong else "text2"))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), initials(name))
    painter.restore()


class Avatar(QWidget):
    def __init__(self, theme: Theme, name: str, size: int = 18, *, strong: bool = False) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._strong = strong
        self.setFixedSize(theme.px(size), theme.px(size))
        self.setAccessibleName(name)
        self.setToolTip(name)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_avatar(painter, self._theme, QRectF(self.rect()), self._name, strong=self._strong)
