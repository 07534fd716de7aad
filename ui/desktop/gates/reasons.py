"""Why a gate is closed: one sentence that counts, and what it counts, unfolded when asked for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from app.i18n import _, counted
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.theme.theme import Theme

_MOST = 40  # of the details; a gate over thousands of steps is looked through in the checklist


class Reasons(QFrame):
    """`said` is the title and its sentences; `details` stay folded, unless there are few."""

    def __init__(
        self, theme: Theme, tone: str, sign: str, said: tuple[str, ...], details: tuple[str, ...]
    ) -> None:
        super().__init__()
        self._theme, self._tone, self._details = theme, tone, details
        self.setProperty("box", tone)
        row = QHBoxLayout(self)
        row.setContentsMargins(*(theme.px(10),) * 4)
        row.setSpacing(theme.px(8))
        row.addWidget(Sign(theme, sign, tone, 16), 0, Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout()
        self._column.setSpacing(theme.px(2))
        title, *sentences = said
        self._column.addWidget(label(theme, title, "strong", tone, wrap=True))
        for sentence in sentences:
            self._column.addWidget(label(theme, sentence, "body", tone, wrap=True))
        row.addLayout(self._column, 1)
        self._lines: QVBoxLayout | None = None
        if details:
            self.fold = KeyButton(theme, "", kind="quiet", icon="down")
            self.fold.clicked.connect(lambda _on=False: self.unfold(shown=self._lines is None))
            self._column.addWidget(self.fold, 0, Qt.AlignmentFlag.AlignLeft)
            self._say()

    def unfold(self, *, shown: bool) -> None:
        if shown and self._lines is None:
            self._lines = QVBoxLayout()
            self._lines.setSpacing(self._theme.px(2))
            for sentence in self._details[:_MOST]:
                self._lines.addWidget(label(self._theme, sentence, "meta", self._tone, wrap=True))
            more = len(self._details) - _MOST
            if more > 0:
                text = counted("and {n} more", "and {n} more", more)
                self._lines.addWidget(label(self._theme, text, "meta", self._tone))
            self._column.addLayout(self._lines)
        elif not shown and self._lines is not None:
            while (item := self._lines.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.deleteLater()
            self._column.removeItem(self._lines)
            self._lines = None
        self._say()

    def _say(self) -> None:
        count = len(self._details)
        if self._lines is None:
            self.fold.set_word(counted("Show it", "Show all {n}", count))
        else:
            self.fold.set_word(_("Fold away"))
