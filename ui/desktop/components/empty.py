"""What an empty screen says: what belongs here and how to make the first one."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.theme.theme import Theme


class EmptyState(QWidget):
    def __init__(self, theme: Theme, icon: str, title: str, text: str) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setSpacing(theme.px(6))
        column.addStretch(2)
        column.addWidget(Sign(theme, icon, "text3", 32), 0, Qt.AlignmentFlag.AlignHCenter)
        column.addSpacing(theme.px(6))
        self.title = label(theme, title, "section")
        self.text = label(theme, text, "body", "text2")
        for part in (self.title, self.text):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        column.addSpacing(theme.px(10))
        self._buttons = QHBoxLayout()
        self._buttons.addStretch(1)
        self._buttons.addStretch(1)
        column.addLayout(self._buttons)
        column.addStretch(3)

    def add_button(self, button: KeyButton) -> None:
        self._buttons.insertWidget(self._buttons.count() - 1, button)

    def say(self, title: str, text: str) -> None:
        self.title.setText(title)
        self.text.setText(text)
