"""What helps on every screen: hints on the sample, the keys of the screen, reports of our own faults."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from app.i18n import _
from ui.crash import keep_report, reports
from ui.desktop.components.buttons import add_choice
from ui.desktop.frame.hints import HintLine, hint_for

if TYPE_CHECKING:
    from ui.desktop.main_window import MainWindow


class Helping(QObject):
    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self.line = HintLine(window.desk.theme)
        self.line.dismissed.connect(self._on_dismissed)

    # Hints.

    def show_hint(self) -> None:
        """On the sample alone: a workspace of one's own is for work."""
        window = self._window
        unwanted = window.desk.preferences.unwanted_hints
        shown = window.places.frame.sample and window.desk.project_id is not None
        self.line.show_hint(hint_for(window.standing(), unwanted) if shown else None)

    def _on_dismissed(self, hint: str) -> None:
        desk = self._window.desk
        unwanted = (*desk.preferences.unwanted_hints, hint)
        desk.preferences = desk.preferences.changed(unwanted_hints=unwanted)
        self.show_hint()
        if self._window.focusWidget() is None:
            self._window.focus_view()

    def show_again(self) -> None:
        desk = self._window.desk
        desk.preferences = desk.preferences.changed(unwanted_hints=())
        self.show_hint()
        if self.line.hint is None:
            self._window.message.say(_("Hints are shown on the sample."))

    # Keys.

    def show_keys(self) -> None:
        """F1: the keys of this screen and of the frame, as a list one can also press where it acts by itself."""
        from ui.desktop.frame.offers import offers

        window = self._window
        menu = QMenu(window)
        menu.setFont(window.desk.theme.font("body"))
        acting = {one.key: one for one in offers(window) if one.key}
        for keys, word in (window.sheet or window.current_view()).hints:
            if keys not in acting:
                add_choice(menu, f"{keys}\t{word}", window.focus_view)
        for one in acting.values():
            add_choice(menu, f"{one.key}\t{_(one.text)}", one.act)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(window.statusbar.mapToGlobal(window.statusbar.rect().topLeft()))

    # Faults of ours.

    def on_failed(self, error: Exception) -> None:
        text = _(
            "That did not work, and it is our fault: {error}. Nothing was changed; everything before is kept."
        ).format(error=f"{type(error).__name__}: {error}")
        home, message = self._window.desk.home, self._window.message
        report = keep_report(home, error) if home is not None else None
        if report is None:
            message.say(text, "blocked")
        else:
            message.say(text, "blocked", _("Show the report"), partial(self.show_report, report))

    def show_report(self, report: Path) -> None:
        """In the place of the view, until Esc or another place."""
        others = [one for one in reports(report.parents[1]) if one != report]
        self._show([report, *others])

    def show_reports(self) -> None:
        home = self._window.desk.home
        self._show(reports(home) if home is not None else [])

    def _show(self, found: list[Path]) -> None:
        from ui.desktop.frame.report import ReportSheet

        window = self._window
        sheet = ReportSheet(window.desk, found)
        sheet.closed.connect(lambda: window.go_to(window.place()))
        window.stack.addWidget(sheet)
        window.stack.setCurrentWidget(sheet)
        window.stack.currentChanged.connect(sheet.deleteLater)
        window.statusbar.set_hints((("Esc", _("back")),))
        window.statusbar.set_selection("")
        self.line.show_hint(None)
        sheet.take_focus()
