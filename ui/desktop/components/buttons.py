"""Buttons with a sign before and a key cap after their word, drop-down buttons, and faces side by side."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QEnterEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QMenu,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from ui.desktop.components.keycap import keycap_size, paint_keycap
from ui.desktop.theme.theme import Theme


class KeyButton(QPushButton):
    """`kind` is "", "primary", "danger", "quiet", "conflict" or "late"; `key` is shown as a cap and must work elsewhere too."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        *,
        kind: str = "",
        icon: str = "",
        key: str = "",
        tail: str = "",
        large: bool = False,
    ) -> None:
        super().__init__(text)
        self._theme = theme
        self._kind = kind
        self._icon_name = icon
        self._key = key
        self._tail = tail
        self._least = 0
        self._measured: tuple[str, QSize] | None = None  # the words it was measured with, and its size
        self._role = "strong" if kind == "primary" else "body"
        self.setFont(theme.font(self._role))
        self.setProperty("kind", kind)
        if large:
            self.setProperty("size", "large")
        # A ring after a mouse click would say "keyboard" where there is none.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(text)
        if key:
            self.setAccessibleDescription(key)

    def set_word(self, text: str, icon: str = "") -> None:
        self.setText(text)
        self.setAccessibleName(text)
        self._icon_name = icon or self._icon_name
        self.updateGeometry()
        self.update()

    def _content_width(self) -> float:
        theme = self._theme
        width = theme.metrics(self._role).horizontalAdvance(self.text())
        for part in (self._icon_name, self._tail):
            if part:
                width += theme.px(16) + (theme.px(7) if self.text() else 0)
        if self._key:
            width += keycap_size(theme, self._key).width() + theme.px(9)
        return width

    def sizeHint(self) -> QSize:
        """Measured once: layouts ask again and again, and the style looks its rules up each time."""
        shown = f"{self._icon_name} {self.text()}"
        if self._measured is None or self._measured[0] != shown:
            hint = super().sizeHint()
            tight = self._theme.px(16) if not self.text() else self._theme.px(24)
            self._measured = (shown, QSize(round(self._content_width()) + tight, hint.height()))
        return self._measured[1]

    def changeEvent(self, event: QEvent) -> None:
        self._measured = None
        super().changeEvent(event)

    def minimumSizeHint(self) -> QSize:
        """A word is never cut, unless the button may shrink: then it ends in an ellipsis."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self._theme.px(self._least)), hint.height()) if self._least else hint

    def may_shrink(self, least: int) -> None:
        """To so many px at 100 %, for names that may be long."""
        self._least = least
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.updateGeometry()

    def _ink(self) -> QColor:
        if not self.isEnabled():
            return self._theme.color("text3")
        named = {
            "primary": "on_accent",
            "danger": "blocked",
            "quiet": "text2",
            "conflict": "conflict",
            "late": "late",
        }
        return self._theme.color(named.get(self._kind, "text1"))

    def _icon_ink(self) -> QColor:
        """The sign's own colour, where it means something beside the word."""
        return self._ink()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QStylePainter(self)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)
        ink = self._ink()
        height = float(self.height())
        metrics = theme.metrics(self._role)
        cut = max(0.0, self._content_width() + theme.px(8) - self.width())
        width = metrics.horizontalAdvance(self.text()) - cut
        text = metrics.elidedText(self.text(), Qt.TextElideMode.ElideRight, width) if cut else self.text()
        left = (self.width() - self._content_width() + cut) / 2
        if self._icon_name:
            size = theme.px(16)
            spot = QRectF(left, (height - size) / 2, size, size)
            theme.icons.paint(painter, self._icon_name, spot, self._icon_ink())
            left += size + (theme.px(7) if self.text() else 0)
        painter.setPen(ink)
        painter.setFont(self.font())
        painter.drawText(QRectF(left, 0, width + 2, height), int(Qt.AlignmentFlag.AlignVCenter), text)
        left += width
        if self._tail:
            size = theme.px(16)
            left += theme.px(7) if self.text() else 0
            theme.icons.paint(painter, self._tail, QRectF(left, (height - size) / 2, size, size), ink)
            left += size
        if self._key:
            self._paint_key(painter, left + theme.px(9), ink)

    def _paint_key(self, painter: QPainter, left: float, ink: QColor) -> None:
        size = keycap_size(self._theme, self._key)
        box = QRectF(left, (self.height() - size.height()) / 2, size.width(), size.height())
        filled = self._kind == "primary" and self.isEnabled()
        edge = ink if filled else self._theme.color("soft")
        fill = None if filled else self._theme.color("canvas")
        paint_keycap(painter, self._theme, box, self._key, ink, edge, fill)


class DropButton(KeyButton):
    """Opens a menu that is built anew each time, so it never shows what was."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        fill_menu: Callable[[QMenu], None],
        *,
        icon: str = "",
        kind: str = "quiet",
        strong: bool = False,
    ) -> None:
        super().__init__(theme, text, kind=kind, icon=icon, tail="down")
        self._fill_menu = fill_menu
        if strong:
            self._role = "strong"
            self.setFont(theme.font("strong"))
        self.clicked.connect(self.open_menu)

    def _ink(self) -> QColor:
        named = {"live": "canvas", "rehearsal": "late"}
        return self._theme.color(named.get(self._kind, "text1" if self._role == "strong" else "text2"))

    def set_kind(self, kind: str) -> None:
        if kind != self._kind:
            self._kind = kind
            self.setProperty("kind", kind)
            self.style().unpolish(self)
            self.style().polish(self)

    def open_menu(self) -> None:
        menu = QMenu(self)
        menu.setFont(self._theme.font("body"))
        self._fill_menu(menu)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))


def add_choice(menu: QMenu, text: str, act: Callable[[], object], *, checked: bool | None = None) -> QAction:
    """A line of a menu; `checked` makes it a choice with a tick."""
    action = menu.addAction(text)
    action.triggered.connect(lambda _checked=False: act())
    if checked is not None:
        action.setCheckable(True)
        action.setChecked(checked)
    return action


class SignButton(QAbstractButton):
    """A drawn sign one can press; larger to hit than to see."""

    def __init__(self, theme: Theme, sign: str, tone: str, spoken: str, *, size: int = 16) -> None:
        super().__init__()
        self._theme, self._sign, self._tone, self._size = theme, sign, tone, size
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.setFixedSize(theme.px(24), theme.px(24))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        if self.underMouse() or self.hasFocus():
            painter.setPen(theme.color("focus" if self.hasFocus() else "soft"))
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(box, theme.px(5), theme.px(5))
        side = theme.px(self._size)
        spot = QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)
        theme.icons.paint(painter, self._sign, spot, theme.color(self._tone))


class EnterButton(QAbstractButton):
    """Enter presses it, as Space does everywhere."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class SignedButton(EnterButton):
    """A sign in its own colour and small words, as one line of the frame that one can press."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._sign, self._tone = theme, "", "text3"
        self.setFont(theme.font("meta"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_words(self, sign: str, tone: str, text: str, more: str = "") -> None:
        self._sign, self._tone = sign, tone
        self.setText(text)
        self.setToolTip(more)
        self.setAccessibleName(text)
        self.setAccessibleDescription(more)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        theme = self._theme
        words = round(theme.metrics("meta").horizontalAdvance(self.text()))
        return QSize(words + theme.px(34), theme.px(22))

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(theme.color("focus" if self.hasFocus() else "soft"))
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.px(5), theme.px(5)
            )
        side, left = theme.px(14), theme.px(6)
        spot = QRectF(left, (self.height() - side) / 2, side, side)
        theme.icons.paint(painter, self._sign, spot, theme.color(self._tone))
        painter.setPen(theme.color("text2"))
        painter.setFont(self.font())
        words = QRectF(left + side + theme.px(7), 0, self.width(), self.height())
        painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self.text())


_MOST_SEGMENT = 220  # px of a word


class Segments(QWidget):
    """Faces of one view side by side; arrows move between them."""

    chosen = Signal(str)

    def __init__(
        self, theme: Theme, faces: tuple[tuple[str, str], ...], current: str, spoken: str = ""
    ) -> None:
        super().__init__()
        self._theme = theme
        self._faces = faces
        self._current = current
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(spoken or ", ".join(word for _id, word in faces))
        self.setFixedHeight(theme.row("button"))
        self.setFixedWidth(round(sum(self._widths())) + 1)
        self._speak()

    def current(self) -> str:
        return self._current

    def set_current(self, face: str) -> None:
        self._current = face
        self._speak()
        self.update()

    def _speak(self) -> None:
        self.setAccessibleDescription(dict(self._faces).get(self._current, ""))

    def _widths(self) -> list[float]:
        """A long name, of a gate or a step, is cut where it is painted."""
        metrics, most = self._theme.metrics("strong"), self._theme.px(_MOST_SEGMENT)
        room = self._theme.px(22)
        return [min(metrics.horizontalAdvance(word), most) + room for _id, word in self._faces]

    def _choose(self, face: str) -> None:
        if face != self._current:
            self.set_current(face)
            self.chosen.emit(face)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        right = 0.0
        for (face, _word), width in zip(self._faces, self._widths(), strict=True):
            right += width
            if event.position().x() < right:
                self._choose(face)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        ids = [face for face, _word in self._faces]
        self._choose(ids[(ids.index(self._current) + step) % len(ids)])

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = theme.px(5)
        painter.setBrush(theme.color("canvas"))
        painter.setPen(theme.color("strong"))
        painter.drawRoundedRect(frame, radius, radius)
        left = 0.0
        for number, ((face, word), width) in enumerate(zip(self._faces, self._widths(), strict=True)):
            box = QRectF(left, 0, width + 1, self.height())
            chosen = face == self._current
            if chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.color("accent"))
                painter.drawRoundedRect(box, radius, radius)
            elif number and self._faces[number - 1][0] != self._current:
                painter.setPen(theme.color("soft"))
                painter.drawLine(round(left), theme.px(4), round(left), self.height() - theme.px(5))
            painter.setPen(theme.color("on_accent" if chosen else "text2"))
            role = "strong" if chosen else "body"
            painter.setFont(theme.font(role))
            room = width - theme.px(20)
            shown = theme.metrics(role).elidedText(word, Qt.TextElideMode.ElideRight, room)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), shown)
            left += width
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.color("text1"))
            painter.drawRoundedRect(frame.adjusted(2, 2, -2, -2), radius - 2, radius - 2)
