"""The cockpit's part of the view bar: whose steps, the wallboard, a decision, and what is not wanted every minute."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from app.domain.words import RunKind
from app.i18n import _
from app.queries.projects import RunRow
from ui.desktop.components.buttons import DropButton, KeyButton, Segments, add_choice
from ui.desktop.runs.kinds import run_name
from ui.desktop.theme.theme import Theme


class CockpitTools(QWidget):
    wished = Signal(str)  # see `Desk.wished`
    protocol = Signal()
    checklist = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._run: RunRow | None = None
        self.choice = Segments(
            theme,
            (
                ("all", _("Everyone")),
                ("mine", _("Mine")),
                ("stream", _("By stream")),
                ("owner", _("By owner")),
            ),
            "all",
            _("Whose steps to show"),
        )
        wall = KeyButton(theme, wall_word(), kind="quiet", icon="device", key="F11")
        decide = KeyButton(theme, _("Decide go / no-go…"), key="D")
        for button, wish in ((wall, "wallboard"), (decide, "decision")):
            button.clicked.connect(partial(self.wished.emit, wish))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(theme.px(8))
        row.addWidget(self.choice)
        row.addStretch(1)
        for widget in (wall, decide, DropButton(theme, _("More"), self._fill_more)):
            row.addWidget(widget)

    def show_run(self, run: RunRow) -> None:
        self._run = run

    def _fill_more(self, menu: QMenu) -> None:
        for keys, text, wish in (
            ("G", _("Situation report"), "situation"),
            ("I", _("Raise an incident…"), "incident"),
            ("R", _("Start a rehearsal…"), "rehearsal"),
            ("", _("Start the live run…"), "live"),
        ):
            add_choice(menu, f"{text}\t{keys}" if keys else text, partial(self.wished.emit, wish))
        run = self._run
        if run is not None and run.kind != RunKind.MAIN and run.finished_at is None:
            text = _("End {run}…").format(run=run_name(run))
            add_choice(menu, text, partial(self.wished.emit, "end"))
        menu.addSeparator()
        add_choice(menu, _("Print the run protocol…"), self.protocol.emit)
        add_choice(menu, _("Print the checklist…"), self.checklist.emit)


def wall_word() -> str:
    return _("Wallboard on screen 2") if len(QGuiApplication.screens()) > 1 else _("Wallboard")
