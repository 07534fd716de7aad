"""Above the instruments while nothing runs, and when a run is over: what one may want then, as buttons."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.domain.words import RunKind
from app.i18n import _
from app.queries.night import Night
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.labels import Sign, label
from ui.desktop.desk import Desk
from ui.desktop.moments import day_clock, local
from ui.desktop.runs.kinds import run_name


class RunPrompt(QFrame):
    wished = Signal(str)

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        theme = desk.theme
        self.setProperty("layer", "panel")
        self.setProperty("edge", "bottom")
        row = QHBoxLayout(self)
        row.setContentsMargins(*(theme.px(n) for n in (20, 6, 14, 6)))
        row.setSpacing(theme.px(10))
        row.addWidget(Sign(theme, "run", "text3", 16))
        self._text = label(theme, "", "strong")
        row.addWidget(self._text)
        row.addStretch(1)
        self.rehearse = KeyButton(theme, _("Start a rehearsal"), kind="primary", key="R")
        self.live = KeyButton(theme, _("Start the live run…"))
        for button, wish in ((self.rehearse, "rehearsal"), (self.live, "live")):
            button.clicked.connect(partial(self.wished.emit, wish))
            row.addWidget(button)
        self.hide()

    def text(self) -> str:
        return self._text.text()

    def show_run(self, night: Night) -> None:
        run = night.run
        ended = run.finished_at is not None
        self.setVisible(ended or (run.kind == RunKind.MAIN and not night.has_begun))
        said = _("Nothing runs. Start a rehearsal (R).")
        if run.finished_at is not None:
            when = day_clock(local(run.finished_at, night.timeline.zone))
            said = _("{run} ended {time}. Nothing more can happen in it.").format(
                run=run_name(run), time=when
            )
        self._text.setText(said)
        self.live.setVisible(not ended)
        self.rehearse.setVisible(not ended)
