"""How the cockpit is laid out: what may be wanted now, instruments, tape, what is offered; below the step and its lists."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.i18n import _
from ui.desktop.components.buttons import KeyButton
from ui.desktop.components.empty import EmptyState
from ui.desktop.desk import Desk
from ui.desktop.theme.theme import Theme


class Board(QWidget):
    """A sheet takes the room of the lists: the step one is in stays beside it."""

    def __init__(self, above: tuple[QWidget, ...], step: QWidget, lists: tuple[QWidget, ...]) -> None:
        super().__init__()
        beside = QWidget()
        row = QHBoxLayout(beside)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for widget, share in zip(lists, (48, 39), strict=True):
            row.addWidget(widget, share)
        self._side = QStackedWidget()
        self._side.addWidget(beside)
        columns = QHBoxLayout()
        columns.setSpacing(0)
        columns.addWidget(step, 51)
        columns.addWidget(self._side, 87)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in above:
            column.addWidget(part)
        column.addLayout(columns, 1)

    def show_beside(self, sheet: QWidget) -> None:
        self._side.addWidget(sheet)
        self._side.setCurrentWidget(sheet)

    def drop(self, sheet: QWidget) -> None:
        """The lists stand there again."""
        self._side.removeWidget(sheet)
        sheet.hide()
        sheet.deleteLater()
        self._side.setCurrentIndex(0)


def taped(theme: Theme, tape: QWidget) -> QWidget:
    """The tape on its own ground, as wide as the instruments above it."""
    made = QWidget()
    made.setProperty("layer", "canvas")
    made.setProperty("edge", "bottom")
    made.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(made)
    row.setContentsMargins(theme.px(20), theme.px(6), theme.px(20), theme.px(2))
    row.addWidget(tape)
    return made


def nothing_runs(desk: Desk) -> EmptyState:
    """In place of the board while there is no task: the way to the plan."""
    empty = EmptyState(
        desk.theme,
        "run",
        _("Nothing runs."),
        _("There is no task yet. Type the plan first, then rehearse it."),
    )
    to_plan = KeyButton(desk.theme, _("Go to the plan"), kind="primary", icon="plan")
    to_plan.clicked.connect(lambda: desk.go_to.emit("plan"))
    empty.add_button(to_plan)
    return empty
