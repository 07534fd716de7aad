"""Paints the wallboard: large, nothing under 20 px, lists cut to what fits with how many more there are."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QTextLayout

from app.domain.words import Status
from app.i18n import _
from ui.desktop.cockpit.instruments import Reading
from ui.desktop.cockpit.lines import paint_segments
from ui.desktop.theme.theme import Theme
from ui.desktop.wallboard.content import Item, Section

LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
RIGHT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
_HEAD, _LINE, _WORD, _GAP = 34, 36, 30, 18  # px at 1440 x 900


def two_lines(theme: Theme, text: str, role: str, width: float) -> list[str]:
    """A title in at most two lines; the second one ends in an ellipsis where that is not enough."""
    layout = QTextLayout(text, theme.font(role))
    layout.beginLayout()
    found: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(max(width, 1.0))
        start, length = line.textStart(), line.textLength()
        if found:
            rest = theme.metrics(role).elidedText(text[start:], Qt.TextElideMode.ElideRight, width)
            found.append(rest.strip())
            break
        found.append(text[start : start + length].strip())
    layout.endLayout()
    return found or [""]


class Wall:
    """A painter with the theme at the size of the wall."""

    def __init__(self, painter: QPainter, theme: Theme) -> None:
        self.painter, self.theme = painter, theme
        self.lines = 2  # of a title
        self._titles: dict[tuple[str, float], list[str]] = {}  # measured once each

    def text(self, box: QRectF, text: str, role: str, tone: str, flags: int = LEFT) -> float:
        """Returns how wide it became."""
        self.painter.setFont(self.theme.font(role))
        self.painter.setPen(self.theme.color(tone))
        shown = self.theme.metrics(role).elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 1)
        self.painter.drawText(box, flags, shown)
        return self.theme.metrics(role).horizontalAdvance(shown)

    def pill_width(self, text: str) -> float:
        return self.theme.metrics("wall_line").horizontalAdvance(text) + self.theme.px(64)

    def pill(self, left: float, room: QRectF, text: str) -> None:
        """The live run's mark: solid, with its sign."""
        theme, high = self.theme, self.theme.px(40)
        box = QRectF(left, room.center().y() - high / 2, self.pill_width(text), high)
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(theme.color("running"))
        self.painter.drawRoundedRect(box, high / 2, high / 2)
        side = theme.px(24)
        self.sign("run", box.left() + theme.px(14), box.center().y() - side / 2, side, "canvas")
        self.text(box.adjusted(theme.px(46), 0, 0, 0), text, "wall_line", "canvas")

    def sign(self, name: str, left: float, top: float, side: float, tone: str) -> None:
        self.theme.icons.paint(self.painter, name, QRectF(left, top, side, side), self.theme.color(tone))

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        self.painter.setPen(QColor(self.theme.color("soft")))
        self.painter.drawLine(QPointF(x1, y1), QPointF(x2, y2))

    def reading(self, box: QRectF, shown: Reading) -> None:
        """One instrument: caption, figure, one line below; a figure that is too long takes a smaller letter."""
        theme = self.theme
        top = QRectF(box.left(), box.top(), box.width(), theme.px(32))
        tone = "pnr" if shown.tone == "pnr" else "text2"
        if shown.sign:
            side = theme.px(24)
            self.sign(shown.sign, box.left(), top.center().y() - side / 2, side, tone)
            top.setLeft(top.left() + side + theme.px(10))
        self.text(top, shown.caption, "wall_word", tone)
        role = "wall_figure"
        for smaller in ("clock", "figure", "wall_line"):
            if theme.metrics(role).horizontalAdvance(shown.figure) <= box.width():
                break
            role = smaller
        self.text(QRectF(box.left(), top.bottom(), box.width(), theme.px(62)), shown.figure, role, shown.tone)
        below = QRectF(box.left(), top.bottom() + theme.px(64), box.width(), theme.px(30))
        self.text(below, shown.below, "wall_word", "text2")

    # Lists.

    def item_height(self, item: Item, width: float) -> int:
        return self.theme.px(_LINE) * len(self._title(item, width)) + self.theme.px(_WORD + _GAP)

    def _indent(self, item: Item) -> float:
        theme = self.theme
        number = (
            theme.metrics("wall_line").horizontalAdvance(item.number) + theme.px(14) if item.number else 0
        )
        return theme.px(40) + number

    def _title(self, item: Item, width: float) -> list[str]:
        key = (item.title, width - self._indent(item))
        found = self._titles.get(key)
        if found is None:
            found = self._titles[key] = two_lines(self.theme, item.title, "wall_line", key[1])
        if len(found) > self.lines:
            room = width - self._indent(item)
            return [self.theme.metrics("wall_line").elidedText(item.title, Qt.TextElideMode.ElideRight, room)]
        return found

    def item(self, box: QRectF, item: Item) -> None:
        theme, left = self.theme, box.left() + self._indent(item)
        side, high = theme.px(26), theme.px(_LINE)
        self.sign(item.sign, box.left(), box.top() + (high - side) / 2, side, item.tone)
        number = QRectF(box.left() + theme.px(40), box.top(), left - box.left(), high)
        self.text(number, item.number, "wall_word", "text3")
        top = box.top()
        for text in self._title(item, box.width()):
            self.text(QRectF(left, top, box.right() - left, high), text, "wall_line", "text1")
            top += high
        below = QRectF(left, top, box.right() - left, theme.px(_WORD))
        fact, tone, metrics = item.below, item.below_tone, theme.metrics("wall_word")
        if item.who:
            fact = f" · {fact}"
            room = below.width() - min(metrics.horizontalAdvance(fact), below.width() * 0.7)
            who = metrics.elidedText(item.who, Qt.TextElideMode.ElideRight, room)
            self.text(below, who, "wall_word", tone)
            below.setLeft(below.left() + metrics.horizontalAdvance(who))
        self.text(below, fact, "wall_word", tone)

    def fitting(self, sections: Sequence[Section], width: float, height: float) -> list[int]:
        """How many of each section fit: one of each first, then one more in turn while there is room.

        Where not even one of each fits, titles take one line only.
        """
        counts = [min(1, len(one.items)) for one in sections]

        def needed() -> int:
            items = (
                one for section, count in zip(sections, counts, strict=True) for one in section.items[:count]
            )
            return self.theme.px(_HEAD) * len(sections) + sum(self.item_height(one, width) for one in items)

        self.lines = 2 if needed() <= height else 1
        growing = True
        while growing:
            growing = False
            for number, section in enumerate(sections):
                if counts[number] < len(section.items):
                    counts[number] += 1
                    if needed() <= height:
                        growing = True
                    else:
                        counts[number] -= 1
        return counts

    def sections(self, box: QRectF, sections: Sequence[Section]) -> float:
        """Paints what fits and returns where it ended."""
        theme, top = self.theme, box.top()
        counts = self.fitting(sections, box.width(), box.height())
        for section, count in zip(sections, counts, strict=True):
            head = QRectF(box.left(), top, box.width(), theme.px(_HEAD))
            self.text(head, section.title, "wall_word", "text3")
            if count < section.total:
                more = _("and {n} more").format(n=f"{section.total - count:,}")
                self.text(head, more, "wall_word", "text3", RIGHT)
            top += theme.px(_HEAD)
            for item in section.items[:count]:
                high = self.item_height(item, box.width())
                if top + high > box.bottom() + theme.px(_GAP):
                    return top
                self.item(QRectF(box.left(), top, box.width(), high), item)
                top += high
        return top

    def stream(
        self, box: QRectF, name: str, shown: Sequence[Status], late: tuple[str, str], *, tall: bool
    ) -> None:
        """One line with a short bar, or with room the name above its bar."""
        theme, metrics = self.theme, self.theme.metrics("wall_word")
        text, tone = late
        right = metrics.horizontalAdvance(text) + theme.px(16) if tall else float(theme.px(92))
        wide = box.width() - right if tall else box.width() * 0.4
        line = QRectF(box.left(), box.top(), box.width(), theme.px(_WORD) if tall else box.height())
        self.text(QRectF(line.left(), line.top(), wide, line.height()), name, "wall_word", "text1")
        self.text(line, text, "wall_word", tone, RIGHT)
        high = theme.px(18)
        strip = QRectF(
            box.left() + wide + theme.px(8),
            line.center().y() - high / 2,
            box.width() - wide - right - theme.px(8),
            high,
        )
        if tall:
            strip = QRectF(box.left(), line.bottom() + theme.px(3), box.width(), high)
        paint_segments(self.painter, theme, strip, shown, 1.0, 5)
