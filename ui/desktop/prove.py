"""The Prove place: gates and the audit log as two faces side by side."""

from typing import Any

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.i18n import _
from ui.desktop.components.buttons import Segments
from ui.desktop.desk import Desk
from ui.desktop.gates.view import GatesView
from ui.desktop.log.view import LogView
from ui.desktop.views import View


class ProveView(View):
    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        theme = desk.theme
        self.faces: dict[str, View] = {"gates": GatesView(desk), "log": LogView(desk)}
        self.choice = Segments(
            theme, (("gates", _("Gates")), ("log", _("Audit log"))), "gates", _("What to look at")
        )
        self.choice.chosen.connect(self.show_face)
        bar = QFrame()
        bar.setProperty("layer", "canvas")
        bar.setProperty("edge", "bottom")
        bar.setFixedHeight(theme.row("viewbar"))
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        row.addWidget(self.choice)
        row.addStretch(1)
        self.stack = QStackedWidget()
        for face in self.faces.values():
            self.stack.addWidget(face)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(bar)
        column.addWidget(self.stack, 1)
        self.hints = self.face().hints

    def face(self) -> View:
        return self.faces[self.choice.current()]

    def show_face(self, name: str) -> None:
        self.choice.set_current(name)
        self.stack.setCurrentWidget(self.face())
        self.hints = self.face().hints
        self.desk.hinted.emit(self.hints)
        self.desk.selected.emit(self.face().status())
        self.face().show_place()
        self.face().take_focus()

    def show_place(self) -> None:
        self.face().show_place()

    def on_changes(self, changes: Any) -> None:
        self.face().on_changes(changes)

    def take_focus(self) -> None:
        self.face().take_focus()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.choice, *self.face().panes())

    def status(self) -> str:
        return self.face().status()
