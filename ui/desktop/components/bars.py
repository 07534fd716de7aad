"""Lines that appear inside the window instead of dialogs: a message with one action, and a question with an answer."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QWidget

from app.i18n import _
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.theme.theme import Theme

_SIGNS = {"blocked": "warning", "late": "warning", "done": "tick", "running": "plan", "stale": "warning"}
_STAYS_MS = 8000


class MessageBar(QFrame):
    """Says what happened, what was kept and what to do; good news goes by itself, refusals stay."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sign = Sign(theme, "tick", "done")
        self._text = label(theme, "", wrap=True)
        self.action = KeyButton(theme, "", kind="")
        self._act: Callable[[], object] | None = None
        self._close = KeyButton(theme, "", kind="quiet", icon="cross")
        self._close.setAccessibleName(_("Close this message"))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(12), theme.px(4), theme.px(6), theme.px(4))
        row.setSpacing(theme.px(10))
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self.action)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._close.clicked.connect(self.hide)
        self.action.clicked.connect(self._on_action)
        self.hide()

    def text(self) -> str:
        return self._text.text()

    def say(
        self, text: str, tone: str = "done", action: str = "", act: Callable[[], object] | None = None
    ) -> None:
        self._sign.set_sign(_SIGNS.get(tone, "warning"), tone)
        self._text.setText(text)
        self.action.set_word(action)
        self.action.setVisible(bool(action))
        self._act = act
        self.setProperty("box", tone)
        self.style().unpolish(self)
        self.style().polish(self)
        self.setAccessibleName(text)
        self.show()
        self._timer.stop()
        if tone == "done":
            self._timer.start(_STAYS_MS)

    def _on_action(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()


class AskBar(QFrame):
    """One question with one answer, in place: Enter gives it, Esc takes nothing."""

    closed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._question = label(theme, "", "strong")
        self._answer = QLineEdit()
        self._answer.setFont(theme.font("body"))
        self._yes = KeyButton(theme, "", kind="primary", key="Enter")
        self._no = KeyButton(theme, _("Not now"), key="Esc")
        self._then: Callable[[str], object] | None = None
        self._needed = True
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), theme.px(6), theme.px(14), theme.px(6))
        row.setSpacing(theme.px(10))
        for widget, stretch in ((self._question, 0), (self._answer, 1), (self._yes, 0), (self._no, 0)):
            row.addWidget(widget, stretch)
        self._yes.clicked.connect(self._give)
        self._no.clicked.connect(self.dismiss)
        self._answer.returnPressed.connect(self._give)
        self._answer.textChanged.connect(self._on_text)
        self.setProperty("layer", "panel")
        self.setProperty("edge", "bottom")
        self.hide()

    def ask(
        self,
        question: str,
        verb: str,
        then: Callable[[str], object],
        *,
        hint: str = "",
        needed: bool = True,
        secret: bool = False,
    ) -> None:
        self._answer.setEchoMode(QLineEdit.EchoMode.Password if secret else QLineEdit.EchoMode.Normal)
        self._question.setText(question)
        self._answer.setPlaceholderText(hint)
        self._answer.setAccessibleName(question)
        self._answer.clear()
        self._yes.set_word(verb)
        self._then, self._needed = then, needed
        self._on_text("")
        self.show()
        self._answer.setFocus(Qt.FocusReason.OtherFocusReason)

    def typed(self) -> str:
        """The question, while an answer to it stands there ungiven."""
        return (
            _("The answer to “{question}”").format(question=self._question.text())
            if self._answer.text()
            else ""
        )

    def _on_text(self, text: str) -> None:
        self._yes.setEnabled(bool(text.strip()) or not self._needed)

    def _give(self) -> None:
        text = self._answer.text().strip()
        if self._needed and not text:
            return
        then = self._then
        self.dismiss()
        if then is not None:
            then(text)

    def dismiss(self) -> None:
        self.hide()
        self._answer.clear()
        self._then = None
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        super().keyPressEvent(event)


def spacer(width: int) -> QWidget:
    made = QWidget()
    made.setFixedWidth(width)
    return made
