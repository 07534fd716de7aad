"""The parts around the middle of the import sheet: its head with the one main button, progress, faces and choices."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.i18n import _
from ui.desktop.components.buttons import KeyButton, Segments
from ui.desktop.components.labels import ElidedLabel, Meter, Sign, label
from ui.desktop.theme.theme import Theme


class Head(QFrame):
    """What is imported, the way out, and the one main button."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self.setProperty("edge", "bottom")
        self.setFixedHeight(theme.row("viewbar"))
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        line.setSpacing(theme.px(8))
        line.addWidget(Sign(theme, "file", "text2", 16))
        line.addWidget(ElidedLabel(theme, _("Import {file}").format(file=name), "strong"), 1)
        self.leave = KeyButton(theme, _("Leave it"), key="Esc")
        self.main = KeyButton(theme, "", kind="primary", icon="download", key="Ctrl ↵")
        line.addWidget(self.leave)
        line.addWidget(self.main)


class Progress(QFrame):
    """How far it is, and a way to stop it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("box", "running")
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(14), theme.px(5), theme.px(8), theme.px(5))
        line.setSpacing(theme.px(10))
        self.words = label(theme, "", "body")
        self.meter = Meter(theme, 6)
        self.stop = KeyButton(theme, _("Stop"), key="Esc")
        line.addWidget(self.words)
        line.addWidget(self.meter, 1)
        line.addWidget(self.stop)
        self.hide()

    def say(self, words: str, count: int = 0, total: int = 0) -> None:
        self.words.setText(words)
        self.meter.set_parts([("running", min(count, total))] if count else [], total)
        self.setAccessibleName(words)


class Refusal(QFrame):
    """Why a file cannot come in as it is read now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("box", "blocked")
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.px(14), theme.px(8), theme.px(14), theme.px(8))
        line.setSpacing(theme.px(10))
        line.addWidget(Sign(theme, "warning", "blocked", 16), 0, Qt.AlignmentFlag.AlignTop)
        self.words = label(theme, "", "body", "blocked", wrap=True)
        line.addWidget(self.words, 1)
        self.hide()

    def say(self, sentence: str) -> None:
        self.words.setText(sentence)
        self.setAccessibleName(sentence)
        self.setVisible(bool(sentence))


class FaceBar(QFrame):
    """The faces of the middle, and beside the differences what decides all of them at once."""

    chosen = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setProperty("edge", "bottom")
        self.setFixedHeight(theme.row("viewbar"))
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(theme.px(14), 0, theme.px(10), 0)
        self._line.setSpacing(theme.px(2))
        self.faces: Segments | None = None
        self._line.addStretch(1)
        self.theirs = KeyButton(theme, _("Take all theirs"), kind="quiet")
        self.ours = KeyButton(theme, _("Keep all ours"), kind="quiet")
        self.proposed = KeyButton(theme, _("As proposed"), kind="quiet")
        self._note = label(theme, "", "meta", "text3")
        for widget in (self.theirs, self.ours, self.proposed, self._note):
            self._line.addWidget(widget)

    def show_faces(self, faces: tuple[tuple[str, str], ...], current: str) -> None:
        had_focus = self.faces is not None and self.faces.hasFocus()
        if self.faces is not None:
            self._line.removeWidget(self.faces)
            self.faces.hide()
            self.faces.deleteLater()
        self.faces = Segments(self._theme, faces, current, _("Parts of the import")) if faces else None
        if self.faces is not None:
            self.faces.chosen.connect(self.chosen)
            self._line.insertWidget(0, self.faces)
            if had_focus:
                self.faces.setFocus()
        self.setVisible(bool(faces))

    def show_choices(self, *, shown: bool, note: str) -> None:
        for button in (self.theirs, self.ours, self.proposed):
            button.setVisible(shown)
        self._note.setText("" if shown else note)


def edged(panel: QWidget, edge: str) -> QFrame:
    """A panel with a line on one side."""
    frame = QFrame()
    frame.setProperty("edge", edge)
    inside = QHBoxLayout(frame)
    inside.setContentsMargins(1 if edge == "left" else 0, 0, 1 if edge == "right" else 0, 0)
    inside.addWidget(panel)
    return frame
