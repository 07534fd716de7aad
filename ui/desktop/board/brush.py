"""Texts and signs as the board paints them: in one line with an ellipsis or broken into some, on screen and on paper."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextLayout, QTextOption

from ui.desktop.components.avatar import draw_avatar, paint_avatar
from ui.desktop.components.pixmaps import Pixmaps
from ui.desktop.theme.theme import Theme

_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine)
_MOST_WIDTHS = 20_000

_LETTERS = [chr(code) for code in (*range(0x20, 0x7F), *range(0xA1, 0x180), 0x2013, 0x2014, 0x2019, 0x2026)]


def sign_widths(theme: Theme, role: str) -> tuple[dict[str, float], float, float]:
    """For a ruler: the widths of letters, of one that is not among them, and of a Chinese sign."""
    metrics = theme.metrics(role)
    widths = {letter: metrics.horizontalAdvance(letter) for letter in _LETTERS}
    return widths, metrics.horizontalAdvance("n"), metrics.horizontalAdvance("核")


class Cache(Pixmaps):
    """And the widths that were measured."""

    def __init__(self) -> None:
        super().__init__()
        self.widths: dict[tuple[str, str], float] = {}


class Brush:
    """Without a cache, as on paper, everything is drawn where it stands, and signs finer."""

    def __init__(self, painter: QPainter, theme: Theme, cache: Cache | None = None) -> None:
        self.painter, self.theme, self.cache = painter, theme, cache

    def text(self, box: QRectF, text: str, role: str, color: QColor, *, right: bool = False) -> None:
        """One line, cut with an ellipsis where it does not fit, centred from top to bottom."""
        room = box.width()
        if not text or room <= 0:
            return
        if self.cache is not None:
            self.theme.words.paint(self.painter, box, text, role, color, right=right)
            return
        if self.wide(text, role) > room:
            text = self.theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, room)
        self.painter.setFont(self.theme.font(role))
        self.painter.setPen(color)
        self.painter.drawText(box, _RIGHT if right else _LEFT, text)

    def wide(self, text: str, role: str) -> float:
        if self.cache is None:
            return self.theme.metrics(role).horizontalAdvance(text)
        widths = self.cache.widths
        found = widths.get((role, text))
        if found is None:
            if len(widths) > _MOST_WIDTHS:
                widths.clear()
            found = widths[role, text] = self.theme.metrics(role).horizontalAdvance(text)
        return found

    def wrapped(self, box: QRectF, text: str, role: str, color: QColor, leading: float, most: int) -> None:
        """At most so many lines, the last one cut; the line height is the look's own, the same in both languages.

        Bold letters are wider: where they would need a line more, the text stays as light as it was measured.
        """
        lines = broken(self.theme, text, role, box.width())
        if role == "strong" and len(lines) > most:
            role = "body"
            lines = broken(self.theme, text, role, box.width())
        top = box.top()
        for number, line in enumerate(lines[:most]):
            rest = line if number + 1 < min(most, len(lines)) else text[_start_of(lines, number) :]
            self.text(QRectF(box.left(), top, box.width() + 1, leading), rest.strip(), role, color)
            top += leading

    def sign(self, box: QRectF, name: str, color: QColor) -> None:
        ratio = 4.0 if self.cache is None else self.painter.device().devicePixelRatio()
        pixmap = self.theme.icons.pixmap(name, box.width(), color, ratio)
        self.painter.drawPixmap(box, pixmap, QRectF(pixmap.rect()))

    def avatar(self, left: float, middle: float, size: float, name: str) -> None:
        """A person's disc, centred on a height."""
        box = QRectF(left, round(middle - size / 2), size, size)
        (draw_avatar if self.cache is None else paint_avatar)(self.painter, self.theme, box, name)

    def ground(self, box: QRectF, edge: str, fill: str, width: float = 1.0, radius: float = 7.0) -> None:
        """A card's own: the same for all of one size."""
        edge_color, fill_color = self.theme.color(edge), self.theme.color(fill)
        if self.cache is None:
            self.rounded(box, edge_color, fill_color, width, radius)
            return
        ratio = self.painter.device().devicePixelRatio()
        size = QRectF(0, 0, box.width(), box.height())
        pixmap = self.cache.made(
            ("ground", edge, fill, box.width(), box.height(), width, radius, ratio),
            *(box.width(), box.height(), ratio),
            lambda painter: Brush(painter, self.theme).rounded(size, edge_color, fill_color, width, radius),
        )
        self.painter.drawPixmap(box.topLeft(), pixmap)

    def rounded(
        self, box: QRectF, edge: QColor, fill: QColor, width: float = 1.0, radius: float = 7.0
    ) -> None:
        painter, half = self.painter, width / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = painter.pen()
        pen.setColor(edge)
        pen.setWidthF(width)
        pen.setStyle(Qt.PenStyle.SolidLine)
        painter.setPen(pen)
        painter.setBrush(fill)
        around = self.theme.px(radius)
        painter.drawRoundedRect(box.adjusted(half, half, -half, -half), around, around)


def _start_of(lines: list[str], number: int) -> int:
    return sum(len(line) for line in lines[:number])


def broken(theme: Theme, text: str, role: str, width: float) -> list[str]:
    """At words, inside one that is too long, and anywhere in Chinese; what stands in the lines is the whole text."""
    text = text.replace("\n", " ")
    layout = QTextLayout(text, theme.font(role))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    lines: list[str] = []
    layout.beginLayout()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(1.0, width))
        line.setPosition(QPointF(0, 0))
        lines.append(text[line.textStart() : line.textStart() + line.textLength()])
    layout.endLayout()
    return lines or [""]
