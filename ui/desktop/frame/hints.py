"""Hints on the sample: one small line in place, about what is looked at; ignored, put away one by one, or all at once."""

from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.i18n import N_, _
from ui.desktop.components.buttons import KeyButton, SignButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.theme.theme import Theme

ALL = "*"


class Hint(NamedTuple):
    """`place` is a face as `go_to` takes it; the order is that of the story."""

    id: str
    place: str
    text: str


HINTS = (
    Hint(
        "step",
        "run/cockpit",
        N_(
            "This is the night as it stands. ↑ ↓ choose a step, S starts it, F finishes it; Ctrl Z takes it back."
        ),
    ),
    Hint(
        "trouble",
        "run/cockpit",
        N_(
            "P says what went wrong with a step. Until the point of no return you can still turn back in time."
        ),
    ),
    Hint(
        "letters",
        "run/checklist",
        N_(
            "In the state column single letters act: S start, F finish, B block. Everywhere else typing edits."
        ),
    ),
    Hint(
        "typing",
        "plan/checklist",
        N_(
            "Type as in a spreadsheet: Enter edits, Tab goes right, 90 and 1h30 are durations. Ctrl V takes rows from Excel."
        ),
    ),
    Hint(
        "thread",
        "plan/gantt",
        N_(
            "The thick line is the critical path: a minute later there is a minute later at the end. C follows it."
        ),
    ),
    Hint(
        "gate",
        "prove/gates",
        N_(
            "A gate opens when its criteria hold and the right people have signed. G signs; here everybody's PIN is 0000."
        ),
    ),
    Hint(
        "log",
        "prove/log",
        N_("Every action stands here, signed by who did it. U takes back the chosen one, whoever's it was."),
    ),
    Hint(
        "search", "", N_("Ctrl K finds tasks, people and all one can do: in English, in Chinese, in pinyin.")
    ),
)


def hint_for(place: str, unwanted: tuple[str, ...]) -> Hint | None:
    """The next one for a face; those without a place come when those of the place are put away."""
    if ALL in unwanted:
        return None
    fitting = (one for one in HINTS if one.place in (place, "") and one.id not in unwanted)
    return next(fitting, None)


class HintLine(QFrame):
    dismissed = Signal(str)  # the id of a hint, or all of them

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.hint: Hint | None = None
        self.setProperty("layer", "panel")
        self.setProperty("edge", "top")
        self._text = label(theme, "", "body", "text2", wrap=True)
        self.none = KeyButton(theme, _("No hints"), kind="quiet")
        self.close_it = SignButton(theme, "cross", "text2", _("Put this hint away"))
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(14), theme.px(2), theme.px(10), theme.px(2))
        row.setSpacing(theme.px(8))
        row.addWidget(Sign(theme, "flag", "accent", 14))
        row.addWidget(self._text, 1)
        row.addWidget(self.none)
        row.addWidget(self.close_it)
        self.close_it.clicked.connect(self._put_away)
        self.none.clicked.connect(lambda: self.dismissed.emit(ALL))
        self.hide()

    def _put_away(self) -> None:
        if self.hint is not None:
            self.dismissed.emit(self.hint.id)

    def show_hint(self, hint: Hint | None) -> None:
        self.hint = hint
        self.setVisible(hint is not None)
        if hint is not None:
            self._text.setText(_(hint.text))
            self.setAccessibleName(_(hint.text))

    def text(self) -> str:
        return self._text.text() if self.isVisible() else ""
