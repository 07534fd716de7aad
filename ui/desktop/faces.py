"""A place with several faces side by side: one bar with their names and their tools, one of them shown below."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.i18n import _
from ui.desktop.actions import Offer
from ui.desktop.components.buttons import Segments
from ui.desktop.desk import Desk
from ui.desktop.views import View


@dataclass(frozen=True, slots=True)
class FaceSpec:
    """`make` is called when the face is first shown."""

    id: str
    text: str
    make: Callable[[Desk], View]


class Faces(View):
    """Shows the project looked at through one of its faces; a face's `tools` stand in the bar beside the names."""

    def __init__(self, desk: Desk, specs: Sequence[FaceSpec]) -> None:
        super().__init__(desk)
        self.specs = tuple(specs)
        self._made: dict[str, View] = {}
        self.choice = Segments(
            desk.theme, tuple((spec.id, _(spec.text)) for spec in specs), specs[0].id, _("What to look at")
        )
        self.choice.chosen.connect(self.show_face)
        self.stack = QStackedWidget()
        self._bar = QFrame()
        self._tools = QHBoxLayout()
        self._build()
        for number, spec in enumerate(self.specs, 1):
            QShortcut(QKeySequence(f"Alt+{number}"), self).activated.connect(partial(self.show_face, spec.id))

    def _build(self) -> None:
        theme = self.desk.theme
        self._bar.setProperty("layer", "canvas")
        self._bar.setProperty("edge", "bottom")
        self._bar.setFixedHeight(theme.row("viewbar"))
        row = QHBoxLayout(self._bar)
        row.setContentsMargins(theme.px(14), 0, theme.px(14), 0)
        row.setSpacing(theme.px(16))
        row.addWidget(self.choice)
        self._tools.setContentsMargins(0, 0, 0, 0)
        row.addLayout(self._tools, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self.stack, 1)

    # The faces.

    def face(self) -> View:
        return self.made(self.choice.current())

    def made(self, name: str) -> View:
        """The face of that name, made when it is first asked for."""
        if name not in self._made:
            spec = next(spec for spec in self.specs if spec.id == name)
            face = self._made[name] = spec.make(self.desk)
            face.setAccessibleName(face.accessibleName() or _(spec.text))
            self.stack.addWidget(face)
            if face.tools is not None:
                self._tools.addWidget(face.tools, 1)
        return self._made[name]

    def has(self, name: str) -> bool:
        return any(spec.id == name for spec in self.specs)

    def _show(self, name: str) -> View:
        face = self.made(name)
        self.choice.set_current(name)
        for one in self._made.values():
            if one.tools is not None:
                one.tools.setVisible(one is face)
        self.stack.setCurrentWidget(face)
        self.hints, self.shows_tasks = face.hints, face.shows_tasks
        return face

    def show_face(self, name: str) -> None:
        face = self._show(name)
        self.desk.hinted.emit(self.hints)
        self.desk.selected.emit(face.status())
        face.show_place()
        face.take_focus()

    # A view like any other: everything goes to the face shown.

    def show_place(self) -> None:
        """The first face is made here, when the view has its place in the window: it is laid out once, not twice."""
        self._show(self.choice.current()).show_place()

    def on_changes(self, changes: Any) -> None:
        self.face().on_changes(changes)

    def take_focus(self) -> None:
        self.face().take_focus()

    def chosen_task(self) -> bytes | None:
        return self.face().chosen_task()

    def show_task(self, task: bytes) -> None:
        self.face().show_task(task)

    def is_settled(self) -> bool:
        return self.face().is_settled()

    def offers(self) -> tuple[Offer, ...]:
        return self.face().offers()

    def unkept(self) -> str:
        return self.face().unkept()

    def panes(self) -> tuple[QWidget, ...]:
        return (self.choice, *self.face().panes())

    def status(self) -> str:
        return self.face().status()
