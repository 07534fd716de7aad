"""A field with its name above and what is wrong with it below; PIN fields with large dots."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QShortcut
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget

from app.i18n import _
from ui.desktop.components.buttons import EnterButton
from ui.desktop.components.keycap import keycap_size, paint_keycap
from ui.desktop.components.labels import label
from ui.desktop.theme.theme import Theme


def with_clear_button(theme: Theme, edit: QLineEdit) -> QLineEdit:
    """A field that can be emptied, with our cross instead of the style's."""
    edit.setClearButtonEnabled(True)
    for button in edit.findChildren(QToolButton):
        button.setIcon(theme.icons.icon("cross", theme.px(14), theme.color("text2")))
        button.setAccessibleName(_("Empty this field"))
    return edit


class Field(QWidget):
    def __init__(
        self, theme: Theme, name: str, *, secret: bool = False, hint: str = "", text: str = ""
    ) -> None:
        super().__init__()
        self._theme = theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(4))
        column.addWidget(label(theme, name, "meta", "text3"))
        self.edit = QLineEdit(text)
        self.edit.setFont(theme.font("body"))
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(name)
        if secret:
            self.edit.setEchoMode(QLineEdit.EchoMode.Password)
            self.edit.setInputMethodHints(
                Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
            )
        column.addWidget(self.edit)
        self._note = label(theme, "", "meta", "blocked", wrap=True)
        self._note.hide()
        column.addWidget(self._note)
        self.edit.textEdited.connect(lambda _text: self.set_wrong(""))

    def text(self) -> str:
        return self.edit.text()

    def note_text(self) -> str:
        return self._note.text()

    def set_note(self, sentence: str) -> None:
        """Says below the field how it is understood; what is wrong with it comes first."""
        if self.edit.property("wrong") != "true":
            self._note.setProperty("tone", "text3")
            self._note.style().unpolish(self._note)
            self._note.style().polish(self._note)
            self._note.setText(sentence)
            self._note.setVisible(bool(sentence))

    def set_wrong(self, sentence: str) -> None:
        """Says below the field what is wrong with it; empty takes it back."""
        self._note.setProperty("tone", "blocked")
        self._note.style().unpolish(self._note)
        self._note.style().polish(self._note)
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))
        self.edit.setProperty("wrong", "true" if sentence else "false")
        self.edit.setAccessibleDescription(sentence)
        self.edit.style().unpolish(self.edit)
        self.edit.style().polish(self.edit)


def choose_with_arrows(sheet: QWidget, choices: Sequence["Choice"]) -> None:
    """Up and down choose the one beside the chosen one, wherever on the sheet the keyboard is; what is barred is skipped."""

    def step(by: int) -> None:
        at = next((number for number, one in enumerate(choices) if one.isChecked()), 0)
        rest = choices[at + 1 :] if by > 0 else choices[:at][::-1]
        if other := next((one for one in rest if one.isEnabled()), None):
            other.click()

    for key, by in ((Qt.Key.Key_Up, -1), (Qt.Key.Key_Down, 1)):
        shortcut = QShortcut(key, sheet, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(partial(step, by))


class Choice(EnterButton):
    """One of several, as a row: ring, word, one sentence, key. What one may not choose stays visible with its reason."""

    picked = Signal()

    def __init__(self, theme: Theme, title: str, sentence: str, key: str = "") -> None:
        super().__init__()
        self._theme, self._title, self._sentence, self._key = theme, title, sentence, key
        self.setText(title)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(title)
        self.setAccessibleDescription(sentence)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(theme.px(46))
        self._tell()

    def _tell(self) -> None:
        """What is cut on a narrow row is read by hovering."""
        self.setToolTip(" · ".join(filter(None, (self._title, self._sentence))))

    def set_sentence(self, sentence: str) -> None:
        self._sentence = sentence
        self.setAccessibleDescription(sentence)
        self._tell()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(280), self._theme.px(46))

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme = self._theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, off = self.isChecked(), not self.isEnabled()
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(theme.color("accent" if chosen else "soft"))
        painter.setBrush(theme.color("selected" if chosen else "canvas"))
        painter.drawRect(box)
        self._paint_ring(painter, chosen=chosen, off=off)
        left, width = theme.px(36), self.width() - theme.px(76)
        painter.setFont(theme.font("strong"))
        painter.setPen(theme.color("text3" if off else "text1"))
        first = theme.metrics("strong").elidedText(self._title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(
            QRectF(left, theme.px(4), width, theme.px(20)), int(Qt.AlignmentFlag.AlignVCenter), first
        )
        painter.setFont(theme.font("meta"))
        painter.setPen(theme.color("text3" if off else "text2"))
        second = theme.metrics("meta").elidedText(self._sentence, Qt.TextElideMode.ElideRight, width)
        painter.drawText(
            QRectF(left, theme.px(23), width, theme.px(17)), int(Qt.AlignmentFlag.AlignVCenter), second
        )
        if self._key:
            self._paint_key(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -1))

    def _paint_key(self, painter: QPainter) -> None:
        theme = self._theme
        size = keycap_size(theme, self._key)
        cap = QRectF(
            self.width() - size.width() - theme.px(12),
            (self.height() - size.height()) / 2,
            size.width(),
            size.height(),
        )
        paint_keycap(
            painter, theme, cap, self._key, theme.color("text2"), theme.color("soft"), theme.color("canvas")
        )

    def _paint_ring(self, painter: QPainter, *, chosen: bool, off: bool) -> None:
        theme = self._theme
        side = theme.px(14)
        ring = QRectF(theme.px(12), (self.height() - side) / 2, side, side)
        pen = QPen(theme.color("accent" if chosen else "strong"), 1.5)
        if off:
            pen.setDashPattern([2, 2])
        painter.setPen(pen)
        painter.setBrush(theme.color("canvas"))
        painter.drawEllipse(ring)
        if chosen:
            painter.setBrush(theme.color("accent"))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(ring.adjusted(side * 0.28, side * 0.28, -side * 0.28, -side * 0.28))
