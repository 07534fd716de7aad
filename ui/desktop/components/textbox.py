"""A longer text that is read, and written in place: Ctrl Enter keeps it, Esc leaves it as it was."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.i18n import _
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import label
from ui.desktop.theme.theme import Theme


class TextBox(QWidget):
    """`write` is the word on the button while there is no text yet."""

    def __init__(self, theme: Theme, text: str, write: str, keep: Callable[[str], object]) -> None:
        super().__init__()
        self._theme, self._text, self._keep = theme, text, keep
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(6))
        self._shown = label(theme, text, wrap=True)
        column.addWidget(self._shown)
        self.editor = QPlainTextEdit()
        self.editor.setFont(theme.font("body"))
        self.editor.setFixedHeight(theme.px(140))
        self.editor.setTabChangesFocus(True)
        self.editor.setAccessibleName(write)
        column.addWidget(self.editor)
        self.begin = KeyButton(theme, _("Change") if text else write, kind="quiet")
        self.begin.clicked.connect(self._edit)
        self.done = KeyButton(theme, _("Keep"), kind="primary", key="Ctrl ↵")
        self.done.clicked.connect(self.finish)
        row = QHBoxLayout()
        row.addWidget(self.begin)
        row.addWidget(self.done)
        row.addStretch(1)
        column.addLayout(row)
        self._show_editor(shown=False)

    def is_editing(self) -> bool:
        return not self.editor.isHidden()

    def _show_editor(self, *, shown: bool) -> None:
        for widget in (self.editor, self.done):
            widget.setVisible(shown)
        self.begin.setVisible(not shown)
        self._shown.setVisible(not shown and bool(self._text))

    def _edit(self) -> None:
        self.editor.setPlainText(self._text)
        self._show_editor(shown=True)
        self.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def finish(self) -> None:
        """Keeps what is written; nothing when nobody writes."""
        if not self.is_editing():
            return
        self._show_editor(shown=False)
        if self.editor.toPlainText() != self._text:
            self._keep(self.editor.toPlainText())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.is_editing():
            self._show_editor(shown=False)
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.finish()
        else:
            super().keyPressEvent(event)
