"""Labels by type role and tone, thin lines, and a label that cuts its text with an ellipsis."""

import re

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui.desktop.theme.theme import Theme

_LONG = re.compile(r"[^\s\u2e80-\uffef]{25,}")  # Chinese breaks anywhere by itself
_PIECE = re.compile(r".{1,11}(?:[_\-/.:,;]|$)|.{1,12}")


def breakable(text: str) -> str:
    """Names of files and clients are long and have no spaces: they may break inside, or they push all else out of sight."""
    return _LONG.sub(lambda found: "\u200b".join(_PIECE.findall(found[0])), text)


class WrappedLabel(QLabel):
    """Goes on in the next line, also inside a word that is too long; `text` is what was given."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._given = text
        self.setText(text)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def setText(self, text: str) -> None:
        self._given = text
        super().setText(breakable(text))
        if self._given != super().text():
            self.setAccessibleName(text)

    def text(self) -> str:
        return self._given


def label(theme: Theme, text: str, role: str = "body", tone: str = "", *, wrap: bool = False) -> QLabel:
    """Plain text always: what people type must never be read as markup."""
    made = WrappedLabel(text) if wrap else QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setFont(theme.font(role))
    made.setProperty("tone", tone)
    return made


def line() -> QFrame:
    made = QFrame()
    made.setProperty("line", "true")
    return made


class ElidedLabel(QLabel):
    """Keeps its full text for hover and screen readers; paints what fits. One that does not fill takes what it needs."""

    def __init__(
        self, theme: Theme, text: str, role: str = "body", tone: str = "text1", *, fills: bool = True
    ) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._theme = theme
        self._role = role
        self._tone = tone
        self.setFont(theme.font(role))
        self.setToolTip(text)
        wide = QSizePolicy.Policy.Ignored if fills else QSizePolicy.Policy.Maximum
        self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(theme.px(20))

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._theme.px(24), self._theme.px(20))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self._theme.color(self._tone))
        shown = self._theme.metrics(self._role).elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width()
        )
        where = Qt.AlignmentFlag.AlignVCenter | (self.alignment() & Qt.AlignmentFlag.AlignHorizontal_Mask)
        painter.drawText(QRectF(self.rect()), int(where), shown)


class Sign(QWidget):
    """One drawn sign with a name for screen readers."""

    def __init__(self, theme: Theme, name: str, tone: str, size: float = 16, *, spoken: str = "") -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        self._tone = tone
        self.setFixedSize(theme.px(size), theme.px(size))
        self.setAccessibleName(spoken)
        if spoken:
            self.setToolTip(spoken)

    def set_sign(self, name: str, tone: str, spoken: str = "") -> None:
        self._name, self._tone = name, tone
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        self._theme.icons.paint(painter, self._name, QRectF(self.rect()), self._theme.color(self._tone))


class Meter(QWidget):
    """A thin bar of parts, each a colour by meaning and a length by number; the rest stays empty."""

    def __init__(self, theme: Theme, height: int = 6) -> None:
        super().__init__()
        self._theme = theme
        self._parts: list[tuple[str, int]] = []
        self._total = 0
        self.setFixedHeight(theme.px(height))

    def set_parts(self, parts: list[tuple[str, int]], total: int) -> None:
        self._parts, self._total = parts, total
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("waiting_soft"))
        box = QRectF(self.rect())
        radius = self._theme.px(2)
        painter.drawRoundedRect(box, radius, radius)
        left = 0.0
        for meaning, number in self._parts:
            width = box.width() * number / self._total if self._total else 0.0
            if number:
                painter.setBrush(QColor(self._theme.color(meaning)))
                painter.drawRoundedRect(QRectF(left, 0, max(width - 1, 2.0), box.height()), radius, radius)
            left += width
