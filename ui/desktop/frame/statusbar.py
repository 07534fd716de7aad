"""The foot of the window: selection left, the keys that matter here, "Everything kept" right; that line is the save button."""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.i18n import _
from ui.desktop.components.buttons import SignedButton
from ui.desktop.components.keycap import KeyHints
from ui.desktop.components.labels import ElidedLabel, Sign, label
from ui.desktop.theme.theme import Theme

_HINTS = 5


class StatusBar(QFrame):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("layer", "chrome")
        self.setProperty("edge", "top")
        self.setFixedHeight(theme.row("statusbar"))
        self._selection = ElidedLabel(theme, "", "meta", "text2", fills=False)
        self._hints = KeyHints(theme)
        self._sign = Sign(theme, "tick", "done", 14)
        self._kept = label(theme, "", "meta", "text2")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self._selection)
        row.addSpacing(theme.px(6))
        row.addWidget(self._hints, 1)
        self.history, self.room, self.exchange = (SignedButton(theme) for _button in range(3))
        for button in (self.history, self.room, self.exchange):
            button.hide()
            row.addWidget(button)
        row.addSpacing(theme.px(6))
        row.addWidget(self._sign)
        row.addWidget(self._kept)
        self._said = ""
        self.set_kept("", 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A long selection leaves the keys their room."""
        super().resizeEvent(event)
        self._selection.setMaximumWidth(self.width() * 2 // 5)

    def set_selection(self, text: str) -> None:
        self._selection.setText(text)
        self._selection.setVisible(bool(text))

    def set_hints(self, hints: tuple[tuple[str, str], ...]) -> None:
        """The five that matter most here; F1 tells the others."""
        self._hints.set_hints(hints[:_HINTS])

    def set_busy(self, writes: int) -> None:
        """What was refused changes nothing: then the words before it hold again."""
        self._kept.setText(_("Keeping…") if writes else self._said)

    def set_kept(self, time: str, entry: int) -> None:
        if not entry:
            self._said = _("Workspace ready, kept on this computer")
        elif time:
            self._said = _("Everything kept · {time} · entry {entry}").format(time=time, entry=f"{entry:,}")
        self._kept.setText(self._said)

    def set_exchange(self, sign: str, tone: str, text: str, more: str = "") -> None:
        """How it stands with the workspace's server; nothing is shown where there is none."""
        self.exchange.show_words(sign, tone, text, more)
        self.exchange.setVisible(bool(text))

    def set_history(self, sign: str, tone: str, text: str, more: str = "") -> None:
        """How far the verification of what came as a snapshot is; nothing is shown where there is none."""
        self.history.show_words(sign, tone, text, more)
        self.history.setVisible(bool(text))

    def set_room(self, text: str, tone: str, more: str) -> None:
        """The war room this window is in; nothing is shown where it is in none."""
        self.room.show_words("people", tone, text, more)
        self.room.setVisible(bool(text))

    def exchange_text(self) -> str:
        return self.exchange.text()

    def kept_text(self) -> str:
        return self._kept.text()
