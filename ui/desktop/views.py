"""The places of the rail: each a screen that knows how to show the project looked at; nothing here knows their insides."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from app.i18n import N_
from ui.desktop.actions import Offer
from ui.desktop.desk import Desk


class View(QWidget):
    """A screen. It reads through the desk's bridge and asks for changes there."""

    hints: tuple[tuple[str, str], ...] = ()
    shows_tasks = False
    tools: QWidget | None = (
        None  # filters, choices and the main action, for the bar of a place with several faces
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk

    def show_place(self) -> None:
        """Another project or run is looked at, or the view comes to the front."""

    def on_changes(self, changes: Any) -> None:
        """Something was written, here or elsewhere."""

    def take_focus(self) -> None:
        self.setFocus()

    def chosen_task(self) -> bytes | None:
        """The task one is at, where tasks are shown."""
        return None

    def show_task(self, task: bytes) -> None:
        """Brings a task to the eye, where tasks are shown."""

    def is_settled(self) -> bool:
        """Nothing is left to paint: a picture of it would be whole."""
        return True

    def show_matching(self, text: str) -> None:
        """Only what holds a text, where there is a filter."""

    def show_thing(self, id: bytes) -> None:
        """Brings a gate, an entry of the log or whatever else is shown here to the eye."""

    def face(self) -> "View":
        """What is looked at: the view itself, or the one shown of its faces."""
        return self

    def offers(self) -> tuple[Offer, ...]:
        """What one can do here: each is found in the search box and in the menus, with its key."""
        return ()

    def unkept(self) -> str:
        """Names what is typed here and can only be finished by hand, as the beginning of a sentence."""
        return ""

    def panes(self) -> tuple[QWidget, ...]:
        """The parts F6 goes round."""
        return (self,)

    def status(self) -> str:
        """What the status bar says on the left."""
        return ""

    def set_hints(self, hints: tuple[tuple[str, str], ...]) -> None:
        """Other keys matter from now on."""
        if hints != self.hints:
            self.hints = hints
            if self.isVisible():
                self.desk.hinted.emit(hints)


class WishView(View):
    """A screen that opens what is wished for from elsewhere in the window."""

    def open_wish(self, wish: str) -> None:
        """See `Desk.wished`."""


def focus_into(pane: QWidget) -> bool:
    """Gives the keyboard to a pane, or to the first thing in it that takes it."""
    for widget in (pane, *pane.findChildren(QWidget)):
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            return True
    return False


def focus_after(panes: Sequence[QWidget]) -> None:
    """The keyboard goes on to the pane after the one it is in, round and round."""
    focus = QApplication.focusWidget()
    here = [
        number
        for number, pane in enumerate(panes)
        if focus is not None and (pane is focus or pane.isAncestorOf(focus))
    ]
    for pane in (*panes[here[-1] + 1 :], *panes) if here else panes:
        if focus_into(pane):
            return


@dataclass(frozen=True, slots=True)
class ViewSpec:
    """`make` is called when the place is first opened: what nobody looks at costs nothing at the start."""

    id: str
    text: str
    icon: str
    make: Callable[[Desk], View]
    needs_project: bool = True


# Faces of a place, in the order shown; the module of each is imported when it is first looked at.


def _plan(desk: Desk) -> View:
    from ui.desktop.faces import Faces, FaceSpec

    return Faces(
        desk,
        (
            FaceSpec("checklist", N_("Checklist"), _plan_checklist),
            FaceSpec("board", N_("Board"), _board),
            FaceSpec("gantt", N_("Gantt"), _gantt),
        ),
    )


def _run(desk: Desk) -> View:
    from ui.desktop.faces import Faces, FaceSpec

    return Faces(
        desk,
        (
            FaceSpec("cockpit", N_("Cockpit"), _cockpit),
            FaceSpec("checklist", N_("Steps"), _run_checklist),
            FaceSpec("board", N_("Board"), _board),
            FaceSpec("gantt", N_("Gantt"), _gantt),
        ),
    )


def _prove(desk: Desk) -> View:
    from ui.desktop.faces import Faces, FaceSpec

    return Faces(
        desk,
        (
            FaceSpec("gates", N_("Gates"), _gates),
            FaceSpec("evidence", N_("Evidence"), _evidence),
            FaceSpec("exceptions", N_("Exceptions"), _exceptions),
            FaceSpec("log", N_("Audit log"), _log),
        ),
    )


def _plan_checklist(desk: Desk) -> View:
    from ui.desktop.checklist.view import ChecklistView

    return ChecklistView(desk, "plan")


def _board(desk: Desk) -> View:
    from ui.desktop.board.view import BoardView

    return BoardView(desk)


def _gantt(desk: Desk) -> View:
    from ui.desktop.gantt.view import GanttView

    return GanttView(desk)


def _cockpit(desk: Desk) -> View:
    from ui.desktop.cockpit.view import CockpitView

    return CockpitView(desk)


def _run_checklist(desk: Desk) -> View:
    from ui.desktop.checklist.view import ChecklistView

    return ChecklistView(desk, "run")


def _gates(desk: Desk) -> View:
    from ui.desktop.gates.view import GatesView

    return GatesView(desk)


def _evidence(desk: Desk) -> View:
    from ui.desktop.evidence.view import EvidenceView

    return EvidenceView(desk)


def _exceptions(desk: Desk) -> View:
    from ui.desktop.exceptions.view import ExceptionsView

    return ExceptionsView(desk)


def _log(desk: Desk) -> View:
    from ui.desktop.log.view import LogView

    return LogView(desk)


def _settings(desk: Desk) -> View:
    from ui.desktop.settings.view import SettingsView

    return SettingsView(desk)


VIEWS = (
    ViewSpec("plan", N_("Plan"), "plan", _plan),
    ViewSpec("run", N_("Run"), "run", _run),
    ViewSpec("prove", N_("Prove"), "prove", _prove),
    ViewSpec("settings", N_("Settings"), "settings", _settings, needs_project=False),
)
