"""The left rail: the places, word under sign, and a count only where somebody must act."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout, QWidget

from app.i18n import _
from ui.desktop.theme.theme import Theme
from ui.desktop.views import ViewSpec


class RailButton(QAbstractButton):
    def __init__(self, theme: Theme, spec: ViewSpec) -> None:
        super().__init__()
        self._theme = theme
        self._icon_name = spec.icon
        self.count = 0
        self.setText(_(spec.text))
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.text())
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(60), self._theme.px(52))

    def set_count(self, count: int) -> None:
        self.count = count
        name = (
            self.text()
            if not count
            else _("{place}, {count} to act on").format(place=self.text(), count=count)
        )
        self.setAccessibleName(name)
        self.update()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(theme.px(4), 1, theme.px(52), theme.px(50))
        ink = theme.color("accent" if self.isChecked() else "text2")
        painter.setPen(Qt.PenStyle.NoPen)
        if self.isChecked() or self.underMouse():
            painter.setBrush(theme.color("accent_soft" if self.isChecked() else "sunken"))
            painter.drawRoundedRect(box, theme.px(7), theme.px(7))
        if self.isChecked():
            painter.setBrush(ink)
            painter.drawRoundedRect(
                QRectF(0, box.top() + theme.px(12), theme.px(3), box.height() - theme.px(24)), 1.5, 1.5
            )
        size = theme.px(20)
        theme.icons.paint(
            painter,
            self._icon_name,
            QRectF(box.center().x() - size / 2, box.top() + theme.px(6), size, size),
            ink,
        )
        painter.setPen(ink)
        chinese = any(ord(letter) > 0x2E7F for letter in self.text())
        painter.setFont(theme.font("meta" if chinese else "micro"))
        words = QRectF(0, box.top() + theme.px(28), theme.px(60), theme.px(16))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignCenter), self.text())
        if self.count:
            self._paint_count(painter, box)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.color("focus"))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme.px(6), theme.px(6))

    def _paint_count(self, painter: QPainter, box: QRectF) -> None:
        theme = self._theme
        text = str(min(self.count, 99))
        width = max(theme.px(15), theme.px(6) * len(text) + theme.px(8))
        badge = QRectF(box.right() - width - theme.px(3), box.top() + theme.px(2), width, theme.px(15))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("late"))
        painter.drawRoundedRect(badge, badge.height() / 2, badge.height() / 2)
        painter.setPen(theme.color("canvas"))
        painter.setFont(theme.font("micro"))
        painter.drawText(badge, int(Qt.AlignmentFlag.AlignCenter), text)


class Mark(QWidget):
    """The sign of the program."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setFixedSize(theme.px(60), theme.px(48))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(28)
        box = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent"))
        painter.drawRoundedRect(box, theme.px(6), theme.px(6))
        inner = box.adjusted(theme.px(4), theme.px(4), -theme.px(4), -theme.px(4))
        theme.icons.paint(painter, "mark", inner, theme.color("on_accent"))


class Rail(QFrame):
    chosen = Signal(str)

    def __init__(self, theme: Theme, specs: tuple[ViewSpec, ...]) -> None:
        super().__init__()
        self.setProperty("layer", "chrome")
        self.setProperty("edge", "right")
        self.setFixedWidth(theme.row("rail") + 1)
        self.setAccessibleName(_("Places"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, theme.px(8))
        column.setSpacing(0)
        column.addWidget(Mark(theme))
        self.buttons: dict[str, RailButton] = {}
        for number, spec in enumerate(specs):
            button = RailButton(theme, spec)
            button.setToolTip(_("{place} (Ctrl {number})").format(place=_(spec.text), number=number + 1))
            button.clicked.connect(lambda _on=False, place=spec.id: self.chosen.emit(place))
            self.buttons[spec.id] = button
            if spec.id == "settings":
                column.addStretch(1)
            column.addWidget(button)

    def set_count(self, place: str, count: int) -> None:
        """How many things somebody must act on there: a number in the tone of lateness, and said by name."""
        if place in self.buttons:
            self.buttons[place].set_count(count)

    def set_current(self, place: str) -> None:
        self.buttons[place].setChecked(True)
