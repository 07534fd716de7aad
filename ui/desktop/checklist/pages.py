"""The list, and what stands in its place while there is no task or none fits the filter."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget

from app.i18n import _
from ui.desktop.checklist.grid import ChecklistGrid
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.empty import EmptyState
from ui.desktop.theme.theme import Theme


class Pages(QStackedWidget):
    begun = Signal()  # a first task is wanted
    cleared = Signal()  # all are to be shown

    def __init__(self, theme: Theme, grid: ChecklistGrid) -> None:
        super().__init__()
        self._grid = grid
        self.empty = EmptyState(
            theme,
            "plan",
            _("Type a task, or paste rows from Excel."),
            _("Each line becomes a task of this project. A Markdown list comes in as well."),
        )
        first = KeyButton(theme, _("New task"), kind="primary", icon="plus", key="Ins")
        first.clicked.connect(lambda _on=False: self.begun.emit())
        self.empty.add_button(first)
        self.nothing = EmptyState(
            theme, "filter", _("No task fits this filter."), _("All tasks are still there.")
        )
        again = KeyButton(theme, _("Show all"), kind="primary", key="Esc")
        again.clicked.connect(lambda _on=False: self.cleared.emit())
        self.nothing.add_button(again)
        for widget in (grid, self.empty, self.nothing):
            self.addWidget(widget)

    def show_list(self, *, empty: bool, nothing: bool) -> None:
        """`empty` when there is nothing at all, `nothing` when the filter leaves none; the keyboard stays inside."""
        page = self.empty if empty else self.nothing if nothing else self._grid
        if page is self.currentWidget():
            return
        focus = self.focusWidget()
        had_focus = focus is not None and focus.hasFocus()
        self.setCurrentWidget(page)
        if had_focus:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_focus(self) -> None:
        page = self.currentWidget()
        if page is not None:
            page.setFocus(Qt.FocusReason.OtherFocusReason)
